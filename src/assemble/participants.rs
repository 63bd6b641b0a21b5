//! Tables of people → participants of the event, or people without a part; their addresses → contacts.
//!
//! In: parsed units. Out: roles, people and contacts of the tree. Never: reads a list that is no table.

use crate::evidence::Grounded;
use crate::parse::{Cx, Parsed, PersonValue};
use crate::scan::MarkKind;
use crate::segment::Class;

use super::tree::{ContactTree, PhoneTree, RoleTree, Tree};

/// Adds the people of the document's tables.
pub(super) fn build(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let mut label: Option<Grounded> = None;
    for p in parsed {
        match p.unit.class {
            Class::Participant => row(cx, p, label.as_ref(), tree),
            Class::Cell | Class::Furniture => {}
            _ => label = head(cx, p),
        }
    }
}

/// The people of the blocks below "List of participants", whose contacts have been read: participants of the event.
pub(super) fn blocks(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let Some((first, label)) = parsed.iter().find_map(|p| Some((p.unit.first(cx.s).span, head(cx, p)?))) else {
        return;
    };
    let listed = |p: &PersonValue| p.name.start() > first.end;
    let grouped = |c: &&ContactTree| c.group.as_ref().is_none_or(|g| g.start() <= first.end);
    let owners = tree.contacts.iter().filter(grouped).filter_map(|c| c.person.as_ref());
    let mut people: Vec<PersonValue> = owners.chain(&tree.others).filter(|p| listed(p)).cloned().collect();
    people.sort_by_key(|p| p.name.start());
    tree.others.retain(|p| !listed(p));
    tree.event.roles.extend(people.into_iter().map(|p| RoleTree {
        role: Grounded::constant("participant", &p.name.pieces, "base/contacts/participants", 0.8),
        person: Some(p),
        label: Some(label.clone()),
        ..RoleTree::default()
    }));
}

/// Whether a unit heads a list of the event's participants.
pub(super) fn heads(cx: Cx, p: &Parsed) -> bool {
    head(cx, p).is_some()
}

/// "List of participants", where that is all that a unit says.
fn head(cx: Cx, p: &Parsed) -> Option<Grounded> {
    let flat = &p.unit.flat;
    let told = flat.text.len() < 80 && cx.patterns("participants-head").any(|r| r.regex.is_match(&flat.text));
    let span = cx.view(flat).strip(flat.all(), " #*:");
    told.then(|| cx.read(flat, span, "text", &[], "base/table/participants", 0.8)).flatten()
}

fn row(cx: Cx, p: &Parsed, label: Option<&Grounded>, tree: &mut Tree) {
    let Some(person) = p.entry.people.first() else { return };
    let known = |c: &ContactTree| c.person.as_ref().is_some_and(|x| x.name.pieces == person.name.pieces);
    if !tree.contacts.iter().any(known) {
        tree.contacts.extend(contact(cx, p, person));
    }
    match label {
        Some(label) => tree.event.roles.push(RoleTree {
            role: Grounded::constant("participant", &person.name.pieces, "base/table/participants", 0.8),
            person: Some(person.clone()),
            label: Some(label.clone()),
            ..RoleTree::default()
        }),
        None => tree.others.push(person.clone()),
    }
}

/// The addresses and numbers of a row.
fn contact(cx: Cx, p: &Parsed, person: &PersonValue) -> Option<ContactTree> {
    let mut contact = ContactTree { person: Some(person.clone()), line: p.unit.lines.start, ..ContactTree::default() };
    let flat = &p.unit.flat;
    for m in cx.view(flat).marks_in(flat.all()) {
        let rule = "base/table/contact";
        match m.kind {
            MarkKind::Email => contact.emails.extend(cx.read(flat, m.span, "", &["email.plain"], rule, 0.93)),
            MarkKind::Url => contact.urls.extend(cx.read(flat, m.span, "", &["url.plain"], rule, 0.9)),
            MarkKind::Phone => {
                let kind = Grounded::constant("tel", &flat.source(m.span).0, rule, 0.7);
                let raw = cx.read(flat, m.span, "phone", &[], rule, 0.9);
                contact.phones.extend(raw.map(|raw| PhoneTree { raw, kind, extension: None }));
            }
            _ => {}
        }
    }
    (!contact.emails.is_empty() || !contact.phones.is_empty()).then_some(contact)
}
