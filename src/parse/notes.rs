//! Notes that tell who somebody is: "Ann Lee¹" and at the foot of the page "1 Curator, Clay Museum".
//!
//! In: a document's parsed units, the marks of its notes. Out: position, organisation and country of people whose name
//! carries the mark of such a note. Never: overrules what stands beside a name; reads a note that is a sentence.

use crate::grammar::Set;
use crate::model::Span;
use crate::segment::Flat;

use super::{Cx, Parsed, PersonValue, affiliate, affiliation_parts, is_position};

/// Words of the longest note that is read.
const WORDS: usize = 16;
/// Bytes that may stand between a name and the mark: a closing bracket, a comma.
const GAP: usize = 2;

/// Tells people by the notes behind their names.
pub(super) fn affiliations(cx: Cx, parsed: &mut [Parsed]) {
    if cx.s.lines.iter().all(|l| l.notes.is_empty()) {
        return;
    }
    for p in parsed.iter_mut() {
        for line in &cx.s.lines[p.unit.lines.clone()] {
            for (at, note) in &line.notes {
                let near = |x: &&mut PersonValue| (x.name.end()..=x.name.end() + GAP).contains(at);
                if let Some(person) = p.entry.people.iter_mut().find(near) {
                    tell(cx, *note, person);
                }
            }
        }
    }
}

/// Position, organisation and country out of a note.
fn tell(cx: Cx, note: Span, person: &mut PersonValue) {
    if person.position.is_some() || person.organisation.is_some() && !person.borrowed {
        return;
    }
    let words = behind_label(cx, note);
    let flat = Flat::new(cx.s, &[words], "");
    let v = cx.view(&flat);
    let all = v.strip(flat.all(), " ,;");
    let text = v.of(all);
    let sentence = text.ends_with(['.', '!', '?', ':']) || text.split_whitespace().count() > WORDS;
    let parts = affiliation_parts(v, all);
    let told = parts.len() > 1 || is_position(v, all) || v.has(all, Set::Body) || v.has(all, Set::KnownBody);
    if text.starts_with(char::is_uppercase) && !sentence && told {
        affiliate(cx, &flat, person, parts);
        person.borrowed = false;
    }
}

/// Over the note's own mark: "1 ", "* ", "a) ".
fn behind_label(cx: Cx, note: Span) -> Span {
    const LABEL: usize = 4;
    let text = note.of(cx.s.text);
    let first = text.split_whitespace().next().unwrap_or("");
    let is_label = first.len() <= LABEL && !first.starts_with(char::is_uppercase) && first.len() < text.len();
    let skip = if is_label { first.len() } else { 0 };
    let rest = &text[skip..];
    Span::new(note.end - rest.trim_start().len(), note.end)
}
