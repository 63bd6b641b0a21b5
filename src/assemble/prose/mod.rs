//! Reports, announcements and articles: the event, its dates, place, bodies, attendance, people and roles out of
//! sentences.
//!
//! In: parsed units. Out: the tree's event, people, contacts, and the programme that stands inside the text.
//! Never: reads a sentence that does not speak of the event for the event's own facts.

mod bodies;
mod contact;
mod event;
mod people;
mod place;
mod programme;
mod text;

use crate::parse::{Cx, Parsed};
use crate::segment::Class;

use super::tree::Tree;

pub(super) use text::floor;

/// Reads the contacts in sentences of a document that is no prose otherwise.
pub(super) fn contacts(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let paragraphs = text::paragraphs(cx, parsed);
    contact::contacts(cx, &text::sentences(cx, &paragraphs), tree);
}

/// Reads hosts, organisers and sponsors that the words of a unit in the head name; whether it did.
pub(super) fn bodies(cx: Cx, p: &Parsed, tree: &mut Tree) -> bool {
    let paragraphs = text::paragraphs(cx, std::slice::from_ref(p));
    let count = |t: &Tree| t.event.hosts.len() + t.event.organisers.len() + t.event.sponsors.len();
    let before = count(tree);
    for s in text::sentences(cx, &paragraphs) {
        bodies::bodies(cx, &s, tree);
    }
    count(tree) > before
}

/// Reads the people whom sentences between the rows of a programme name without a part.
pub(super) fn mentioned(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let prose = parsed.iter().filter(|p| p.unit.class == Class::Prose);
    let paragraphs: Vec<_> = prose.flat_map(|p| text::paragraphs(cx, std::slice::from_ref(p))).collect();
    people::others(cx, &text::sentences(cx, &paragraphs), tree);
}

/// Reads a document of prose.
pub(super) fn build(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let paragraphs = text::paragraphs(cx, parsed);
    let sentences = text::sentences(cx, &paragraphs);
    event::posted(cx, parsed, tree);
    let main = event::name(cx, &sentences, tree);
    event::under(cx, parsed, tree);
    bodies::related(cx, &sentences, tree);
    event::dates(cx, &sentences, main, tree);
    place::places(cx, &sentences, main, tree);
    for s in sentences.iter().filter(|s| s.about) {
        bodies::bodies(cx, s, tree);
    }
    bodies::attendance(cx, &sentences, tree);
    people::headline(cx, parsed, tree);
    people::authors(cx, parsed, tree);
    people::roles(cx, &sentences, tree);
    contact::contacts(cx, &sentences, tree);
    programme::embedded(cx, parsed, tree);
    programme::materials(cx, parsed, tree);
    programme::slot(cx, &sentences, tree);
    people::others(cx, &sentences, tree);
}
