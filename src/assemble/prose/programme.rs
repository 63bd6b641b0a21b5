//! The programme inside a text of prose: numbered sessions and rows of a report, the one slot of an announcement.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::{DocumentKind, Span};
use crate::parse::{Cx, Parsed, names, people};
use crate::segment::{Class, Features, Flat, Unit};

use super::super::agenda;
use super::super::tree::{RoleTree, SessionTree, TalkTree, Tree};
use super::people::{family_in_capitals, listing, person};
use super::text::{Sentence, capture, matches, tells};

/// Reads the numbered sessions and timed rows.
pub(super) fn embedded(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let numbered = |p: &Parsed| {
        p.unit.class == Class::Heading
            && p.unit.lines.len() <= 3
            && p.entry.number.as_ref().is_some_and(|n| n.word.is_some())
            && p.entry.title.is_some()
    };
    let row = |p: &Parsed| {
        p.unit.class == Class::Row && p.entry.whens.first().is_some_and(|w| w.end.is_some() && w.score >= 0.5)
    };
    let long = |p: &Parsed| {
        matches!(p.unit.class, Class::Prose | Class::Text)
            && worded(p)
            && p.unit.flat.text.len() < 220
            && !p.unit.flat.text.ends_with('.')
    };
    let rows = parsed.iter().filter(|p| row(p)).count();
    if rows < 3 && !(parsed.iter().any(|p| numbered(p) || long(p)) && tree.kind == DocumentKind::Report) {
        return;
    }
    let Some(first) = parsed.iter().position(|p| row(p) || numbered(p) || long(p)) else { return };
    let units = reclassed(&parsed[first..]);
    let structure = |u: &Unit| matches!(u.class, Class::Row | Class::Heading);
    let anchor = units
        .iter()
        .zip(&parsed[first..])
        .rposition(|(u, p)| structure(u) && (row(p) || numbered(p) || u.class == Class::Heading && worded(p)))
        .unwrap_or(0);
    let text = |u: &Unit| {
        u.class == Class::Prose && u.flat.text.len() > 80
            || u.class == Class::Question && u.features.has(Features::named("after-blank").unwrap_or_default())
    };
    let last = units.iter().enumerate().skip(anchor + 1).find(|(_, u)| text(u)).map_or(units.len(), |(i, _)| i);
    let mut again: Vec<Parsed> =
        units[..last].iter().zip(&parsed[first..]).map(|(unit, p)| Parsed { unit, entry: p.entry.clone() }).collect();
    affiliated(cx, &mut again);
    agenda::rows(cx, &again, tree);
    tree.sessions.iter_mut().for_each(|s| undated(cx, s));
}

/// People whose position and body stand on the lines below the name get them; those lines say nothing more.
fn affiliated(cx: Cx, units: &mut Vec<Parsed>) {
    let short = |p: &Parsed| {
        matches!(p.unit.class, Class::Text | Class::Person | Class::Place)
            && p.entry.whens.is_empty()
            && p.entry.people.is_empty()
            && p.unit.first(cx.s).blanks == 0
            && p.unit.flat.text.len() < 100
    };
    let mut i = 0;
    while i < units.len() {
        let alone = units[i].unit.class == Class::Person
            && matches!(units[i].entry.people.as_slice(), [p] if p.position.is_none() && p.organisation.is_none());
        let end = i + 1 + units[i + 1..].iter().take(6).take_while(|p| short(p)).count();
        if alone && end > i + 1 {
            let lines: Vec<Span> = units[i..end]
                .iter()
                .flat_map(|p| p.unit.lines.clone())
                .filter_map(|l| cx.s.lines.get(l))
                .map(|l| crate::segment::bullet(cx.s.text, l.span).1)
                .collect();
            let open = |l: &Span| crate::segment::ends_open(l.of(cx.s.text), cx.g);
            let codes: String = lines.iter().map(|l| if open(l) { 's' } else { 't' }).collect();
            let flat = Flat::new(cx.s, &lines, &codes);
            let found = people(cx, &flat, cx.view(&flat).strip(flat.all(), " :"));
            if found.len() == 1 {
                units[i].entry.people = found;
                units.drain(i + 1..end);
            }
        }
        // people listed one below the other belong to one row
        let listed = i > 0
            && [i - 1, i].iter().all(|k| {
                units[*k].unit.class == Class::Person
                    && !units[*k].entry.people.is_empty()
                    && units[*k].entry.role.is_none()
            });
        if listed {
            let more = std::mem::take(&mut units[i].entry.people);
            units[i - 1].entry.people.extend(more);
            units.remove(i);
        } else {
            i += 1;
        }
    }
}

/// Whether a unit begins with a session's word and number.
fn worded(p: &Parsed) -> bool {
    p.entry.number.as_ref().is_some_and(|n| n.word.is_some()) && p.entry.title.is_some()
}

/// The units with the classes that they have in a programme: items of a list of talks may look like sentences or
/// questions, a long heading like prose, a sentence that begins with a name like a person.
fn reclassed(parsed: &[Parsed]) -> Vec<Unit> {
    let mut listed = false;
    let mut out = Vec::with_capacity(parsed.len());
    for p in parsed {
        let mut unit = p.unit.clone();
        let text = &p.unit.flat.text;
        match p.unit.class {
            Class::Head | Class::Label => listed = true,
            Class::Heading | Class::Row | Class::Day => listed = false,
            Class::Prose | Class::Question if listed && !p.entry.people.is_empty() && text.ends_with(')') => {
                unit.class = Class::Item
            }
            Class::Prose | Class::Text if worded(p) && text.len() < 220 && !text.ends_with('.') => {
                unit.class = Class::Heading
            }
            Class::Person if text.len() > 90 && text.ends_with('.') => unit.class = Class::Prose,
            _ => {}
        }
        out.push(unit);
    }
    out
}

/// A session's title without the date in brackets at its end, which is its date.
fn undated(cx: Cx, s: &mut SessionTree) {
    let Some(title) = s.title.as_ref().filter(|t| t.pieces.len() == 1 && t.value.ends_with(')')) else { return };
    let v = cx.s.view();
    let span = title.pieces[0];
    let Some(open) = v.of(span).rfind('(').map(|i| span.start + i) else { return };
    let inner = v.strip(Span::new(open, span.end), "() ");
    let Some((_, date)) = v.dates(inner).next().filter(|(d, _)| d.len() + 2 >= inner.len()) else { return };
    let (date, rule, score) = (date.clone(), title.rule.clone(), title.score);
    let bare = v.trim(Span::new(span.start, open));
    s.title = Grounded::read(cx.s.text, cx.g, &[bare], "", "text", &[], &rule, score);
    s.date = s.date.take().or(Some(date));
}

/// A list of talks under a heading such as "Presentations": one session with its talks.
pub(super) fn materials(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    if tree.kind != DocumentKind::Report || !tree.sessions.is_empty() {
        return;
    }
    let Some(at) = parsed.iter().position(|p| {
        matches!(p.unit.class, Class::Heading | Class::Head | Class::Text)
            && p.unit.flat.text.len() < 120
            && tells(cx, "materials", &p.unit.flat.text)
    }) else {
        return;
    };
    let items = parsed[at + 1..].iter().skip_while(|p| matches!(p.unit.class, Class::Head)).take_while(|p| {
        matches!(p.unit.class, Class::Item | Class::Question | Class::Prose) && p.unit.flat.text.len() < 400
    });
    let talks: Vec<TalkTree> = items.filter_map(|p| talk(cx, p)).collect();
    if talks.len() < 2 {
        return;
    }
    let head = &parsed[at].unit.flat;
    let title = cx.read(head, cx.view(head).strip(head.all(), " *#:"), "text", &[], "base/prose/materials", 0.7);
    let kind = title
        .as_ref()
        .map_or_else(Grounded::default, |t| Grounded::constant("session", &t.pieces, "base/prose/materials", 0.7));
    tree.sessions.push(SessionTree { title, kind, talks, line: parsed[at].unit.lines.start, ..SessionTree::default() });
}

/// "Presentation: Title, Name, affiliation": the first part behind a comma that is a name ends the title.
fn talk(cx: Cx, p: &Parsed) -> Option<TalkTree> {
    let flat = &p.unit.flat;
    let v = cx.view(flat);
    let label =
        cx.patterns("materials-item").filter_map(|r| r.regex.find(&flat.text)).map(|m| m.end()).next().unwrap_or(0);
    let parts = crate::parse::affiliation_parts(v, Span::new(label, flat.text.len()));
    let name = parts.iter().skip(1).find_map(|part| {
        names::name_at(v, *part).filter(|n| n.end() == part.end).or_else(|| family_in_capitals(v, *part))
    })?;
    let title = v.strip(Span::new(label, name.start()), " ,:;\"“”«»");
    let title = cx.read(flat, title, "text", &[], "base/prose/material", 0.7)?;
    let speaker = person(cx, flat, &name, Span::new(name.end(), flat.text.len()))?;
    Some(TalkTree { title: Some(title), speakers: vec![speaker], line: p.unit.lines.start, ..TalkTree::default() })
}

/// An announcement of a single slot: one session with the event's name, date and slot.
pub(super) fn slot(cx: Cx, sentences: &[Sentence], tree: &mut Tree) {
    let single = tree.event.date.as_ref().is_some_and(|d| d.days.len() == 1 && d.until.is_none());
    if tree.kind != DocumentKind::Announcement || !tree.sessions.is_empty() || !single {
        return;
    }
    let Some(title) = tree.event.title.clone() else { return };
    let timed = |s: &&Sentence| {
        (s.about || s.heading) && cx.view(s.flat).dates(s.span).next().is_some() && !tells(cx, "other-date", s.text())
    };
    let when = sentences
        .iter()
        .filter(timed)
        .find_map(|s| cx.view(s.flat).whens(s.span).map(|(_, w)| *w).find(|w| w.end.is_some() && w.score >= 0.4));
    let Some(when) = when else { return };
    // the kind is told by the event's own word
    let worded = sentences.iter().filter(|s| s.heading || s.about).find_map(|s| {
        let v = cx.view(s.flat);
        let (span, _) = v.phrase(s.span, Set::EventWord)?;
        let kind = v.phrase_at(span.start, Set::Kind).map(|(k, _)| k).unwrap_or(span);
        cx.lexicon(s.flat, kind, Set::Kind, 0.8)
    });
    let mut session = SessionTree {
        title: Some(title),
        when: Some(when),
        date: tree.event.date.clone(),
        default_kind: worded.is_none(),
        ..SessionTree::default()
    };
    session.kind = worded.unwrap_or_default();
    for s in sentences {
        for (rule, named) in matches(cx, "contribution", s) {
            let Some(span) = capture(&named, "people") else { continue };
            for p in listing(cx, s.flat, Span::new(span.start, span.end), true) {
                let role = Grounded::constant("speaker", &p.name.pieces, &rule.id, 0.75);
                session.roles.push(RoleTree { person: Some(p), role, ..RoleTree::default() });
            }
        }
    }
    tree.sessions.push(session);
}
