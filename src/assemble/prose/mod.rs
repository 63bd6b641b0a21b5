//! Reports, announcements and articles: the event, its dates, place, bodies, attendance, people and roles out of
//! sentences.
//!
//! In: parsed units. Out: the tree's event, people, contacts, and the programme that stands inside the text.
//! Never: reads a sentence that does not speak of the event for the event's own facts.

mod bodies;
mod contact;
mod event;
mod named;
mod people;
mod place;
mod programme;
mod text;

use crate::grammar::Set;
use crate::parse::{Cx, Parsed};
use crate::scan::MarkKind;
use crate::segment::Class;

use super::tree::Tree;

pub(super) use text::{floor, tells};

/// Reads the contacts in sentences of a document that is no prose otherwise.
pub(super) fn contacts(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let paragraphs = text::paragraphs(cx, parsed);
    contact::contacts(cx, text::sentences(cx, &paragraphs).iter(), tree);
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
    let prose = parsed.iter().filter(|p| says(p));
    let paragraphs: Vec<_> = prose.flat_map(|p| text::paragraphs(cx, std::slice::from_ref(p))).collect();
    named::others(cx, &text::sentences(cx, &paragraphs), tree);
}

/// Reads the parts in the event that sentences before a programme give to people: "the meeting was chaired by …".
pub(super) fn parts(cx: Cx, head: &[Parsed], tree: &mut Tree) {
    let paragraphs = text::paragraphs(cx, head);
    let mut sentences = text::sentences(cx, &paragraphs);
    sentences.retain(|s| s.about && !s.heading);
    people::roles(cx, &sentences, tree);
    if tree.event.venue.name.is_none() {
        place::places(cx, &sentences, None, tree);
    }
}

/// Reads the place that sentences tell of an event whose place no line of its own gives.
pub(super) fn places(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let paragraphs = text::paragraphs(cx, parsed);
    place::places(cx, &text::sentences(cx, &paragraphs), None, tree);
    place::dateline(cx, parsed, tree);
}

/// Whether a unit holds a sentence.
fn says(p: &Parsed) -> bool {
    const SENTENCE: usize = 50;
    let listed = matches!(p.unit.class, Class::Text | Class::Question | Class::Item | Class::Label | Class::Person);
    let text = &p.unit.flat.text;
    p.unit.class == Class::Prose || listed && text.len() >= SENTENCE && text.ends_with(['.', '?', '!'])
}

/// Where a head says that contacts follow, and data do: the number of that unit, or of all.
fn contact_blocks(cx: Cx, parsed: &[Parsed]) -> usize {
    const NEAR: usize = 12;
    let v = cx.s.view();
    let head = |p: &Parsed| {
        let span = p.unit.first(cx.s).span;
        let words = crate::segment::bullet(cx.s.text, span).1;
        v.phrase_at(words.start, Set::ContactsHead).is_some_and(|(s, _)| s.len() * 2 >= words.len())
    };
    let lone = |p: &Parsed| p.unit.lines.len() == 1 && p.unit.class != Class::Prose && head(p);
    let data = |p: &Parsed| matches!(p.unit.class, Class::Contact) || p.unit.class == Class::Person && has_data(p);
    let found = (0..parsed.len()).find(|i| lone(&parsed[*i]) && parsed[i + 1..].iter().take(NEAR).any(data));
    found.unwrap_or(parsed.len())
}

/// Whether a number or an address stands in a unit.
fn has_data(p: &Parsed) -> bool {
    p.unit.flat.marks.iter().any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email))
}

/// An event that no sentence names: what the lines above the first paragraph or label say of it, and what labels do
/// that have a line for themselves.
fn headed(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    const HEAD: usize = 8;
    let told = |fact: &str| tree.kind_scores.iter().any(|(n, v)| n == fact && *v >= 1.0);
    if tree.event.title.is_some() || !(told("#headed") || told("#lone-fields")) {
        return;
    }
    let full = |p: &Parsed| p.unit.class == Class::Prose && p.unit.flat.text.ends_with('.');
    let paragraph = parsed.iter().take(HEAD).position(full).unwrap_or(0);
    let labels = super::header::lone_fields(cx, parsed).next().map(|(_, below)| below - 1);
    super::header::build(cx, &parsed[..labels.map_or(paragraph, |l| l.min(HEAD))], tree);
    super::header::below_labels(cx, parsed, tree);
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
    place::dateline(cx, parsed, tree);
    for s in sentences.iter().filter(|s| s.about) {
        bodies::bodies(cx, s, tree);
    }
    bodies::attendance(cx, &sentences, tree);
    people::headline(cx, parsed, tree);
    people::authors(cx, parsed, tree);
    people::roles(cx, &sentences, tree);
    // blocks under a head of their own are read as such
    let blocks = contact_blocks(cx, parsed);
    let from = parsed.get(blocks).map_or(usize::MAX, |p| p.unit.first(cx.s).span.start);
    let before = |s: &&text::Sentence| s.flat.source(s.span).0.first().is_none_or(|at| at.start < from);
    contact::contacts(cx, sentences.iter().filter(before), tree);
    if blocks < parsed.len() {
        super::contacts::build(cx, parsed, blocks, tree);
    }
    headed(cx, parsed, tree);
    programme::embedded(cx, parsed, tree);
    programme::materials(cx, parsed, tree);
    programme::slot(cx, &sentences, tree);
    named::labelled(&parsed[..blocks], tree);
    named::others(cx, &sentences, tree);
}
