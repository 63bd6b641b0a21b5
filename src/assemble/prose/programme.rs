//! The programme inside a text of prose: numbered sessions and rows of a report, the one slot of an announcement.

use crate::grammar::Set;
use crate::model::{DocumentKind, Span};
use crate::parse::{Cx, Parsed};
use crate::segment::{Class, Unit};

use super::super::agenda;
use super::super::tree::{SessionTree, Tree};
use super::people::listing;
use super::text::{Sentence, capture, matches, tells};
use super::super::tree::RoleTree;
use crate::evidence::Grounded;

/// Reads the numbered sessions and timed rows.
pub(super) fn embedded(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let numbered = |p: &Parsed| p.unit.class == Class::Heading && p.unit.lines.len() <= 3 && p.entry.number.as_ref().is_some_and(|n| n.word.is_some()) && p.entry.title.is_some();
    let row = |p: &Parsed| p.unit.class == Class::Row && p.entry.whens.first().is_some_and(|w| w.end.is_some() && w.score >= 0.5);
    let rows = parsed.iter().filter(|p| row(p)).count();
    if rows < 3 && !(parsed.iter().any(numbered) && tree.kind == DocumentKind::Report) {
        return;
    }
    let Some(first) = parsed.iter().position(|p| row(p) || numbered(p)) else { return };
    // items of a list of talks may look like sentences or questions
    let mut listed = false;
    let units: Vec<Unit> = parsed[first..].iter().map(|p| {
        let mut unit = p.unit.clone();
        match p.unit.class {
            Class::Head | Class::Label => listed = true,
            Class::Heading | Class::Row | Class::Day => listed = false,
            Class::Prose | Class::Question if listed && !p.entry.people.is_empty() && p.unit.flat.text.ends_with(')') => unit.class = Class::Item,
            Class::Prose | Class::Question => listed &= p.unit.class == Class::Question && unit.flat.text.contains('('),
            _ => {}
        }
        unit
    }).collect();
    let last = units.iter().rposition(|u| !matches!(u.class, Class::Prose | Class::Furniture | Class::Question)).map_or(0, |i| i + 1);
    let again: Vec<Parsed> = units[..last].iter().zip(&parsed[first..]).map(|(unit, p)| Parsed { unit, entry: p.entry.clone() }).collect();
    agenda::rows(cx, &again, tree);
}

/// An announcement of a single slot: one session with the event's name, date and slot.
pub(super) fn slot(cx: Cx, sentences: &[Sentence], tree: &mut Tree) {
    let single = tree.event.date.as_ref().is_some_and(|d| d.days.len() == 1 && d.until.is_none());
    if tree.kind != DocumentKind::Announcement || !tree.sessions.is_empty() || !single {
        return;
    }
    let Some(title) = tree.event.title.clone() else { return };
    let timed = |s: &&Sentence| (s.about || s.heading) && cx.view(s.flat).dates(s.span).next().is_some() && !tells(cx, "other-date", s.text());
    let when = sentences.iter().filter(timed).find_map(|s| cx.view(s.flat).whens(s.span).map(|(_, w)| *w).find(|w| w.end.is_some() && w.score >= 0.4));
    let Some(when) = when else { return };
    // the kind is told by the event's own word
    let worded = sentences.iter().filter(|s| s.heading || s.about).find_map(|s| {
        let v = cx.view(s.flat);
        let (span, _) = v.phrase(s.span, Set::EventWord)?;
        let kind = v.phrase_at(span.start, Set::Kind).map(|(k, _)| k).unwrap_or(span);
        cx.lexicon(s.flat, kind, Set::Kind, 0.8)
    });
    let mut session = SessionTree { title: Some(title), when: Some(when), date: tree.event.date.clone(), default_kind: worded.is_none(), ..SessionTree::default() };
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
