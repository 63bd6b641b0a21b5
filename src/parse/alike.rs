//! What most rows of one shape say, the others of that shape say too.
//!
//! In: a document's parsed units. Out: names that no list knows, where "Word Word (body)" stood for a person in most
//! rows of the document. Never: changes a unit whose shape is another.

use super::{Cx, Parsed, expected_people};
use crate::model::Span;
use crate::segment::Class;

/// Least rows of the shape that name a person before the others are believed to do so.
const LEAST: usize = 3;

/// Reads people in the rows that look like those that name one.
pub(super) fn people(cx: Cx, parsed: &mut [Parsed]) {
    let alike: Vec<(usize, Span)> =
        parsed.iter().enumerate().filter_map(|(i, p)| Some((i, words_before_bracket(cx, p)?))).collect();
    let named = |p: &Parsed| p.entry.title.is_none() && !p.entry.people.is_empty();
    let known = alike.iter().filter(|(i, _)| named(&parsed[*i])).count();
    if known < LEAST || known * 3 < alike.len() * 2 {
        return;
    }
    for (i, span) in alike {
        let p = &mut parsed[i];
        if p.entry.people.is_empty() && p.entry.title.is_some() {
            let found = expected_people(cx, &p.unit.flat, span);
            if !found.is_empty() {
                p.entry.people = found;
                p.entry.title = None;
            }
        }
    }
}

/// "Two Words (in brackets)" behind a row's time: where that stands.
fn words_before_bracket(cx: Cx, p: &Parsed) -> Option<Span> {
    let e = &p.entry;
    let shown = p.unit.class == Class::Row && e.role.is_none() && e.kind.is_none() && e.number.is_none();
    if !shown || !p.unit.flat.text.ends_with(')') {
        return None;
    }
    let v = cx.view(&p.unit.flat);
    let all = p.unit.flat.all();
    let start = v.whens(all).last().map_or(all.start, |(time, _)| time.end);
    let span = v.strip(Span::new(start, all.end), " \t:-–—|•·.,");
    // stripping never takes the closing bracket
    let (head, _) = v.of(span).split_once('(')?;
    let words: Vec<&str> = head.split_whitespace().collect();
    let capital =
        |w: &&str| w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || "-.'’".contains(c));
    ((2..=4).contains(&words.len()) && words.iter().all(capital)).then_some(span)
}
