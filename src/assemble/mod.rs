//! Values → tree: event, days, sessions, talks, people, contacts.
//!
//! In: parsed units. Out: a [`Tree`]. It decides what belongs to what and how far a label's scope reaches.
//! Never: invents.

mod agenda;
mod contacts;
mod data;
mod explain;
mod header;
mod kind;
mod mail;
mod participants;
mod prose;
mod seminar;
mod tree;

use crate::grammar::Grammar;
use crate::model::DocumentKind;
use crate::parse::{Cx, Parsed, PersonValue};
use crate::scan::Scanned;
use crate::segment::Class;

pub use explain::explain;
pub use tree::*;

/// Builds the tree of a document.
pub fn assemble(s: &Scanned, parsed: &[Parsed], g: &Grammar) -> Tree {
    let cx = Cx { s, g };
    let (kind, scores) = kind::decide(cx, parsed);
    // what tells of an event held, below its name and date, announces no single talk, nor does a page of notes on one
    let fact = |name: &str, least: f32| scores.iter().any(|(n, v)| n.strip_prefix('#') == Some(name) && *v >= least);
    let told = fact("headed", 1.0) && fact("held-past", 1.0) || fact("lone-fields", 2.0) && !fact("speaker-field", 1.0);
    let mut tree = Tree { kind, kind_scores: scores, ..Tree::default() };
    match kind {
        DocumentKind::Agenda => agenda::build(cx, parsed, &mut tree),
        DocumentKind::Announcement if !told && seminar::looks_like(cx, parsed) => seminar::build(cx, parsed, &mut tree),
        DocumentKind::Session => agenda::session_document(cx, parsed, &mut tree),
        DocumentKind::Contacts => contacts_document(cx, parsed, &mut tree),
        DocumentKind::Report | DocumentKind::Announcement | DocumentKind::Article => {
            prose::build(cx, parsed, &mut tree)
        }
        DocumentKind::Other => {}
    }
    if kind != DocumentKind::Other {
        data::fill(cx, parsed, &mut tree);
        mail::sender(cx, parsed, &mut tree);
    }
    if kind != DocumentKind::Other {
        participants::build(cx, parsed, &mut tree);
    }
    tree
}

/// A candidate that lost, and its share of the best one's score.
type Share<'a, T> = (&'a T, f32);

/// The candidate with the highest score, the first of equals, and the next best one that says something else, with
/// its share of that score.
fn best_two<T>(scored: &[(f32, T)], differ: impl Fn(&T, &T) -> bool) -> Option<(f32, &T, Option<Share<'_, T>>)> {
    let top = |over: Option<&T>| {
        let open = scored.iter().filter(|(_, t)| over.is_none_or(|o| differ(o, t)));
        open.fold(None, |best: Option<&(f32, T)>, c| if best.is_none_or(|b| c.0 > b.0) { Some(c) } else { best })
    };
    let (score, best) = top(None)?;
    let next = top(Some(best)).filter(|(s, _)| *s > 0.0 && *score > 0.0);
    Some((*score, best, next.map(|(s, t)| (t, s / score))))
}

/// An affiliation's parts: what commas outside brackets part.
fn agenda_parts(v: crate::scan::View, span: crate::model::Span) -> Vec<crate::model::Span> {
    crate::parse::affiliation_parts(v, span)
}

/// A list of participants or addresses: the event of its head, its contacts, the people below "Participants".
fn contacts_document(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let tells = |set: &str, p: &Parsed| {
        p.unit.flat.text.len() < 80 && cx.patterns(set).any(|r| r.regex.is_match(&p.unit.flat.text))
    };
    let body = parsed.iter().position(|p| {
        tells("participants-head", p)
            || matches!(p.unit.class, Class::Contact | Class::Head)
            || !p.entry.people.is_empty()
    });
    header::build(cx, &parsed[..body.unwrap_or(0).min(8)], tree);
    contacts::build(cx, parsed, 0, tree);
    participants::blocks(cx, parsed, tree);
}

/// The people that a tree names in roles, talks, contacts and as authors.
fn tree_people(tree: &Tree) -> Vec<&PersonValue> {
    let roles = tree
        .event
        .roles
        .iter()
        .chain(tree.event.related.iter().flat_map(|r| &r.roles))
        .chain(tree.sessions.iter().flat_map(|s| &s.roles));
    let people = roles.filter_map(|r| r.person.as_ref());
    let talks = tree.sessions.iter().flat_map(|s| s.talks.iter().flat_map(|t| &t.speakers));
    people.chain(talks).chain(tree.contacts.iter().filter_map(|c| c.person.as_ref())).chain(&tree.authors).collect()
}
