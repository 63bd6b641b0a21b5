//! Contacts that belong together though they stand apart: blocks torn by a page, addresses that spell a name.
//!
//! In: the tree's contacts. Out: the same, joined and with owners. Never: reads the text.

use crate::evidence::Grounded;
use crate::parse::PersonValue;

use super::super::tree::Tree;

/// Joins blocks that a page tore apart: one with addresses that spell the name of one without.
pub(super) fn join(tree: &mut Tree) {
    let mut i = 0;
    while i < tree.contacts.len() {
        let c = &tree.contacts[i];
        let loose = c.person.is_none() && !c.emails.is_empty();
        let owner = loose
            .then(|| {
                tree.contacts.iter().position(|o| {
                    o.emails.is_empty()
                        && o.person.as_ref().is_some_and(|p| c.emails.iter().any(|e| spells(&e.value, &p.name.value)))
                })
            })
            .flatten();
        if let Some(o) = owner {
            let torn = tree.contacts.remove(i);
            let o = if o > i { o - 1 } else { o };
            let owner = &mut tree.contacts[o];
            owner.phones.extend(torn.phones);
            owner.emails.extend(torn.emails);
            owner.urls.extend(torn.urls);
            if let Some(p) = &mut owner.person {
                join_affiliation(p, torn.organisation, torn.address);
            }
            continue;
        }
        // targets of links that repeat addresses already read
        let repeats = {
            let c = &tree.contacts[i];
            c.person.is_none()
                && c.phones.is_empty()
                && c.emails
                    .iter()
                    .all(|e| tree.contacts[..i].iter().any(|o| o.emails.iter().any(|x| x.value == e.value)))
        };
        if repeats && tree.contacts[i].organisation.is_none() {
            tree.contacts.remove(i);
            continue;
        }
        i += 1;
    }
    spelled(tree);
}

/// Gives addresses without an owner to the one person of the document whom they spell, the given name alone included.
fn spelled(tree: &mut Tree) {
    let mut owners: Vec<(usize, PersonValue)> = Vec::new();
    let people = super::super::tree_people(tree);
    for (i, c) in tree.contacts.iter().enumerate().filter(|(_, c)| c.person.is_none() && c.organisation.is_none()) {
        let fits = |p: &PersonValue| {
            c.emails.iter().any(|e| spells(&e.value, &p.name.value) || given(&e.value, &p.name.value))
        };
        let mut found: Vec<&PersonValue> = people.iter().copied().filter(|p| fits(p)).collect();
        found.dedup_by(|b, a| a.name.value == b.name.value);
        if let [one] = found[..] {
            owners.push((i, one.clone()));
        }
    }
    for (i, owner) in owners {
        tree.contacts[i].person = Some(owner);
    }
}

/// Whether an address's user part is a given name.
fn given(email: &str, name: &str) -> bool {
    let user = email.split('@').next().unwrap_or("").to_lowercase();
    let first = name.split_whitespace().next().map(crate::grammar::fold).unwrap_or_default();
    name.contains(' ') && first.len() >= 4 && first == user
}

/// What stood above the torn part belongs to the person: a unit to the position, the last line is the body.
fn join_affiliation(p: &mut PersonValue, first: Option<Grounded>, rest: Option<Grounded>) {
    match (first, rest) {
        (Some(unit), Some(body)) => {
            p.position = match p.position.take().or(p.organisation.take()) {
                Some(mut position) => {
                    position.value = format!("{}, {}", position.value, unit.value);
                    position.pieces.extend(&unit.pieces);
                    position.join.push('t');
                    Some(position)
                }
                None => Some(unit),
            };
            p.organisation = Some(body);
        }
        (Some(body), None) if p.organisation.is_none() => p.organisation = Some(body),
        _ => {}
    }
}

/// Whether an address's user part spells a name: its family name, or its initials and family name.
fn spells(email: &str, name: &str) -> bool {
    let user = email.split('@').next().unwrap_or("").to_lowercase();
    let words: Vec<String> = name.split_whitespace().map(crate::grammar::fold).collect();
    words.len() >= 2 && words.iter().filter(|w| w.len() > 2 && user.contains(w.as_str())).count() >= 2.min(words.len())
        || words.last().is_some_and(|l| l.len() > 4 && user.contains(l.as_str()) && user.starts_with(&words[0][..1]))
}
