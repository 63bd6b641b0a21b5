//! People in running text: their roles, affiliations, the document's authors and headline.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::{DocumentKind, Span};
use crate::parse::names::{self, NameAt};
use crate::parse::{Cx, Parsed, PersonValue, affiliate, people};
use crate::scan::View;
use crate::segment::{Class, Features, Flat};

use super::super::tree::{RoleTree, Tree};
use super::text::{Sentence, capture, matches, tells};

/// "was chaired by X and co-chaired by Y", "Keynote speakers are X and Y", "X of Y also took part".
pub(super) fn roles(cx: Cx, sentences: &[Sentence], tree: &mut Tree) {
    for s in sentences.iter().filter(|s| !s.after) {
        verbs(cx, s, tree);
        for (rule, named) in matches(cx, "prose-role", s) {
            let Some(span) = capture(&named, "people")
                .filter(|_| rule.value.as_ref() == "last" || !tells(cx, "one-session", s.text()))
            else {
                continue;
            };
            let label = capture(&named, "label");
            let role = match capture(&named, "role") {
                Some(r) => cx.lexicon(s.flat, r, Set::Role, 0.85),
                None => None,
            };
            let mut found = listing(cx, s.flat, span, rule.value.as_ref() != "last");
            if role.is_some() {
                // the verb is the last-named one's
                found = found.pop().into_iter().collect();
            }
            for p in found {
                let role = role.clone().unwrap_or_else(|| {
                    Grounded::constant(
                        if rule.value.as_ref() == "last" { "speaker" } else { &rule.value },
                        &p.name.pieces,
                        &rule.id,
                        0.8,
                    )
                });
                let label = label.or(capture(&named, "role")).and_then(|l| cx.read(s.flat, l, "", &[], &rule.id, 0.85));
                add(tree, None, RoleTree { person: Some(p), role, label, ..RoleTree::default() });
            }
        }
    }
}

/// Roles by verbs: "chaired by", "moderated by".
fn verbs(cx: Cx, s: &Sentence, tree: &mut Tree) {
    let v = cx.view(s.flat);
    let mut verbs: Vec<Span> = v
        .phrases(s.span, Set::RoleVerb)
        .map(|(x, _)| x)
        .filter(|x| v.of(*x).ends_with(" by") && v.of(*x).len() > 6)
        .collect();
    verbs.dedup_by(|b, a| a.overlaps(*b));
    for (n, verb) in verbs.iter().enumerate() {
        let end = verbs.get(n + 1).map_or(s.span.end, |x| x.start);
        let found = listing(cx, s.flat, v.trim(Span::new(verb.end, end)), true);
        let part = tells(cx, "one-session", v.of(Span::new(s.span.start, verb.end)));
        let sure = !part && (s.about || found.first().is_some_and(|p| p.honorific.is_some()));
        let Some(kind) = cx.lexicon(s.flat, *verb, Set::RoleVerb, 0.9).filter(|_| !found.is_empty() && sure) else {
            continue;
        };
        let label = cx.read(s.flat, *verb, "", &[], "base/prose/role-label", 0.9);
        let subject = v.of(Span::new(s.span.start, verb.start)).to_lowercase();
        let target = related_to(&subject, tree);
        for p in found {
            add(
                tree,
                target,
                RoleTree { person: Some(p), role: kind.clone(), label: label.clone(), ..RoleTree::default() },
            );
        }
    }
}

/// Adds a role to the event or a related one, once.
fn add(tree: &mut Tree, target: Option<usize>, role: RoleTree) {
    let list = match target {
        Some(i) => &mut tree.event.related[i].roles,
        None => &mut tree.event.roles,
    };
    let known = list.iter().any(|r| {
        (r.role.value == role.role.value || role.role.value == "speaker")
            && match (&r.person, &role.person) {
                (Some(a), Some(b)) => a.name.pieces == b.name.pieces,
                _ => false,
            }
    });
    if known {
        return;
    }
    // a keynote is more than a speaker
    let same = |r: &RoleTree| {
        role.role.value == "keynote"
            && r.role.value == "speaker"
            && r.person.as_ref().map(|p| &p.name.pieces) == role.person.as_ref().map(|p| &p.name.pieces)
    };
    match list.iter().position(same) {
        Some(i) => list[i] = role,
        None => list.push(role),
    }
}

/// The related event that a sentence's subject names.
fn related_to(subject: &str, tree: &Tree) -> Option<usize> {
    let shared =
        |title: &str| title.split_whitespace().filter(|w| w.len() > 3 && subject.contains(&w.to_lowercase())).count();
    let own = tree.event.title.as_ref().map_or(0, |t| shared(&t.value));
    tree.event
        .related
        .iter()
        .position(|r| r.title.as_ref().is_some_and(|t| shared(&t.value) >= 2 && shared(&t.value) > own))
}

/// The people that prose lists from the start of `span` on: "Mr. X, Director of Y, and Ms. Z from W". With `first`
/// the list has to begin near the start; else one name anywhere will do.
pub(super) fn listing(cx: Cx, flat: &Flat, span: Span, first: bool) -> Vec<PersonValue> {
    let v = cx.view(flat);
    let mut names = names::all(v, span);
    if let Some(lead) = names.iter().find(|n| n.honorific.is_some()).cloned() {
        names.retain(|n| n.honorific.is_some() || n.start() < lead.start() || n.score >= 1.3 && behind_and(v, n));
    } else {
        names.retain(|n| {
            n.score >= 1.3
                || n.start() == span.start && (v.text[n.end()..].starts_with(", ") || n.end() >= span.end)
                || n.score >= 1.0 && behind_and(v, n)
        });
        if first && names.first().is_none_or(|n| n.start() > span.start) {
            names.clear();
            names.extend(family_in_capitals(v, span).or_else(|| plain(v, span)));
        }
    }
    if first {
        names.extend(added(v, span, &names));
        names.sort_by_key(NameAt::start);
    }
    names.retain(|n| !v.has(n.name, Set::Country));
    let mut out: Vec<PersonValue> = Vec::new();
    let mut open = 0;
    for (i, n) in names.iter().enumerate() {
        let before = if i == 0 { span.start } else { names[i - 1].end() };
        let gap = v.of(Span::new(before, n.start()));
        if (first && (i == 0 && n.start() > span.start + 60))
            || i > 0 && tells(cx, "listing-end", gap)
            || i == 0 && first && tells(cx, "listing-end", gap)
        {
            break;
        }
        let end = names.get(i + 1).map_or(span.end, NameAt::start);
        // "…, and Ms. Z of W served as rapporteur": no more of the list
        if first && i > 0 && tells(cx, "own-clause", v.of(Span::new(n.end(), end))) {
            break;
        }
        let Some(p) = person(cx, flat, n, Span::new(n.end(), end)) else { continue };
        if p.organisation.is_some() || p.position.is_some() {
            for earlier in &mut out[open..] {
                earlier.organisation =
                    earlier.organisation.take().or_else(|| p.organisation.clone().filter(|_| p.position.is_none()));
            }
            open = out.len() + 1;
        }
        out.push(p);
    }
    out
}

/// Whether "and" stands right before a name.
fn behind_and(v: View, n: &NameAt) -> bool {
    v.text[..n.start()].rsplit_once([',', ')', '(', ';']).is_some_and(|(_, last)| {
        let last = last.trim_start();
        last.ends_with(' ') && v.grammar.after_and(last, true).is_some_and(|rest| rest.trim().is_empty())
    }) || [" and ", " et ", " und ", " y "].iter().any(|w| v.text[..n.start()].ends_with(w))
}

/// Names that no list knows, behind "and", with a job behind them: "…, Peru and Xyl Ooto, Director, …".
fn added(v: View, span: Span, names: &[NameAt]) -> Vec<NameAt> {
    let mut found: Vec<NameAt> = Vec::new();
    for (i, w) in [" and ", " et ", " und ", " y "].iter().flat_map(|w| v.of(span).match_indices(w)) {
        let at = Span::new(span.start + i + w.len(), span.end);
        let Some(n) = names::possible_at(v, at) else { continue };
        let told = v.of(Span::new(n.end(), span.end)).strip_prefix(", ").is_some_and(|_| {
            let next = Span::new(n.end() + 2, span.end);
            v.phrase_at(next.start, Set::Position).is_some()
        });
        let known = |o: &NameAt| o.start() < n.end() && n.start() < o.end();
        if told && n.start() == at.start && !names.iter().any(known) {
            found.push(n);
        }
    }
    found
}

/// "Léa PUITS": a given name and a family name in capitals, whatever the lexicons know.
pub(super) fn family_in_capitals(v: View, span: Span) -> Option<NameAt> {
    let text = v.of(span);
    let end = text.find([',', '(', ';']).unwrap_or(text.len());
    let words: Vec<&str> = text[..end].split_whitespace().collect();
    let letters = |w: &str| w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}' | '.'));
    let capitals = |w: &str| w.chars().count() > 1 && letters(w) && w.chars().all(|c| !c.is_lowercase());
    let given = |w: &str| letters(w) && w.starts_with(char::is_uppercase) && w.chars().any(char::is_lowercase);
    let (last, rest) = words.split_last()?;
    let named = capitals(last)
        && rest.first().is_some_and(|w| given(w))
        && rest.len() <= 3
        && rest.iter().all(|w| given(w) || capitals(w));
    named.then(|| NameAt {
        honorific: None,
        name: v.trim(Span::new(span.start, span.start + end)),
        suffix: None,
        score: 2.0,
        rival: None,
    })
}

/// Two to four capitalised words up to a comma or the end that no vocabulary knows as something else.
fn plain(v: View, span: Span) -> Option<NameAt> {
    let text = v.of(span);
    let end = text.find([',', '(', ';']).unwrap_or(text.len());
    let name = v.trim(Span::new(span.start, span.start + end));
    let words: Vec<&str> = v.of(name).split_whitespace().collect();
    let shaped = |w: &&str| {
        w.starts_with(char::is_uppercase)
            && w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}' | '.'))
    };
    let other = [
        Set::Body,
        Set::KnownBody,
        Set::Unit,
        Set::EventWord,
        Set::Country,
        Set::Position,
        Set::Place,
        Set::Group,
        Set::NoPerson,
    ]
    .iter()
    .any(|set| v.has(name, *set));
    ((2..=4).contains(&words.len()) && words.iter().all(shaped) && !other).then_some(NameAt {
        honorific: None,
        name,
        suffix: None,
        score: 1.0,
        rival: None,
    })
}

/// A person with what the words behind the name tell.
pub(super) fn person(cx: Cx, flat: &Flat, n: &NameAt, tail: Span) -> Option<PersonValue> {
    let v = cx.view(flat);
    let known = people(cx, flat, Span::new(n.start(), n.end())).into_iter().next();
    let bare = || {
        cx.read(flat, n.name, "name", &[], "base/prose/name", 0.7).map(|name| PersonValue {
            name,
            end: n.end(),
            ..PersonValue::default()
        })
    };
    let mut p = known.or_else(bare)?;
    let mut tail = v.trim(tail);
    let text = v.of(tail);
    let stop = cx
        .patterns("affiliation-end")
        .filter_map(|r| r.regex.find(text))
        .map(|m| m.start())
        .min()
        .unwrap_or(text.len());
    tail = v.trim(Span::new(tail.start, tail.start + stop));
    let from = cx.patterns("affiliation-from").find_map(|r| {
        r.regex
            .captures(v.of(tail))
            .and_then(|c| c.name("body"))
            .map(|m| Span::new(m.start(), m.end()).shifted(tail.start))
    });
    if let Some(body) = from {
        let body = bracketed(v, v.strip(body, " ,.;"));
        if v.is(body, Set::Country) {
            p.country = cx.read(flat, body, "", &["lexicon:country"], "base/prose/person-country", 0.9);
        } else if v.of(body).starts_with(char::is_uppercase) {
            p.organisation = cx.read(flat, body, "name", &[], "base/prose/affiliation", 0.75);
        }
    } else if v.of(tail).starts_with([',', '(']) {
        let parts = crate::parse::affiliation_parts(v, v.strip(tail, " ,()"));
        let parts: Vec<Span> = parts
            .into_iter()
            .map(|s| article(v, bracketed(v, v.strip(s, " ,.;"))))
            .filter(|s| v.of(*s).chars().any(char::is_uppercase) || crate::parse::is_position(v, *s))
            .collect();
        let parts = match parts.first().and_then(|s| crate::parse::job_of(v, *s)) {
            Some((job, body)) if parts.len() == 1 => vec![job, body],
            _ => parts,
        };
        let sure = parts.last().is_some_and(|s| v.is(*s, Set::Country))
            || parts.iter().any(|s| {
                crate::parse::is_position(v, *s)
                    || v.has(*s, Set::Body)
                    || v.has(*s, Set::KnownBody)
                    || v.has(*s, Set::Unit)
            })
            || v.of(tail).starts_with('(');
        if sure {
            affiliate(cx, flat, &mut p, parts);
        }
    }
    Some(p)
}

/// Without article and "and".
fn article(v: View, mut span: Span) -> Span {
    for w in ["and ", "the ", "The ", "a ", "who is also ", "also "] {
        if v.of(span).starts_with(w) {
            span = Span::new(span.start + w.len(), span.end);
        }
    }
    span
}

/// With the bracket that closes what opened inside.
fn bracketed(v: View, span: Span) -> Span {
    let open = v.of(span).matches('(').count() > v.of(span).matches(')').count();
    Span::new(span.start, span.end + usize::from(open && v.text[span.end..].starts_with(')')))
}

/// The document's own headline, where it is not the event's name.
pub(super) fn headline(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let meta = parsed.iter().find(|p| p.unit.first(cx.s).meta.as_deref() == Some("title"));
    let words = |p: &Parsed| p.unit.flat.text.split_whitespace().count();
    let titled = |p: &&Parsed| {
        !matches!(p.unit.class, Class::Furniture | Class::Property | Class::Contact)
            && p.unit.flat.text.len() < 160
            && words(p) >= 3
            && !p.unit.flat.text.ends_with('.')
    };
    let placed = |p: &Parsed| {
        let v = cx.view(&p.unit.flat);
        p.unit.class == Class::Place
            || v.phrase_at(0, Set::City).is_some() && v.has(p.unit.flat.all(), Set::Country)
            || v.dates(p.unit.flat.all()).next().is_some_and(|(d, _)| d.len() * 2 > p.unit.flat.text.len())
    };
    let furniture = |p: &Parsed| tells(cx, "page-furniture", &p.unit.flat.text) || placed(p);
    let first_prose = parsed.iter().position(|p| p.unit.flat.text.len() > 200).unwrap_or(4).min(8);
    let early: Vec<&Parsed> = parsed.iter().take(first_prose.max(1)).filter(titled).filter(|p| !furniture(p)).collect();
    // a site's name stands above the headline; the headline is the last line before the text
    let best = early.iter().find(|p| p.unit.first(cx.s).heading > 0).or(early.last());
    let Some(p) = meta.or(best.copied()) else { return };
    let same =
        tree.event.title.as_ref().is_some_and(|t| p.unit.flat.text.to_lowercase().contains(&t.value.to_lowercase()));
    if !same || meta.is_some() {
        let v = cx.view(&p.unit.flat);
        tree.headline =
            cx.read(&p.unit.flat, v.strip(p.unit.flat.all(), " \t#*"), "text", &[], "base/prose/headline", 0.8);
    }
}

/// A byline at the head, or a name on a line of its own behind the text.
pub(super) fn authors(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let named = Features::named("name-only").unwrap_or_default();
    let body: Vec<&Parsed> = parsed.iter().filter(|p| p.unit.class != Class::Property).collect();
    for p in body.iter().take(8).filter(|p| p.unit.flat.text.len() < 160) {
        let flat = &p.unit.flat;
        let by = cx.patterns("byline").find_map(|r| {
            r.regex.captures(&flat.text).and_then(|c| c.name("people")).map(|m| Span::new(m.start(), m.end()))
        });
        if let Some(span) = by {
            tree.authors = listing(cx, flat, span, true);
        }
    }
    let mut prose = 0;
    for p in body {
        prose += usize::from(p.unit.flat.text.len() > 160);
        let single = p.unit.features.has(named)
            && p.entry.people.len() == 1
            && p.entry.role.is_none()
            && p.unit.lines.len() == 1;
        if single && prose >= 3 && tree.kind == DocumentKind::Article && tree.authors.is_empty() {
            tree.authors.extend(p.entry.people.iter().cloned());
        }
    }
}
