//! Lines below a programme's rows that look like those which name somebody.
//!
//! In: a document's parsed units. Out: people in lines "Word Word" or "Word Word, more" below a row, where such lines
//! name somebody in half of the cases or more. Never: looks at lines of another shape, or below a meal or a break.

use super::person::{other_than_name, shaped_people};
use super::{Cx, Parsed};
use crate::model::Span;
use crate::segment::Class;

/// Least lines of the shape that name a person before the others are believed to do so.
const LEAST: usize = 3;

/// Reads people in the lines between a programme's rows that look like those that name one: "Word Word" alone, or
/// "Word Word, more".
pub(super) fn people(cx: Cx, parsed: &mut [Parsed]) {
    for behind in [false, true] {
        let alike: Vec<(usize, Span)> =
            below_rows(parsed).filter_map(|i| Some((i, words_of_line(cx, &parsed[i], behind)?))).collect();
        let named = |p: &Parsed| p.entry.title.is_none() && !p.entry.people.is_empty();
        let known = alike.iter().filter(|(i, _)| named(&parsed[*i])).count();
        if known < LEAST || known * 2 < alike.len() {
            continue;
        }
        for (i, span) in alike {
            let p = &mut parsed[i];
            if !p.entry.people.is_empty() {
                continue;
            }
            let flat = &p.unit.flat;
            let found = shaped_people(cx, flat, span);
            if !found.is_empty() {
                p.entry.people = found;
                p.entry.title = None;
            }
        }
    }
}

/// The lines that stand below a row, up to the next row, heading or day.
fn below_rows<'p>(parsed: &'p [Parsed]) -> impl Iterator<Item = usize> + 'p {
    let mut open = false;
    parsed.iter().enumerate().filter_map(move |(i, p)| {
        match p.unit.class {
            // below a meal stands its place
            Class::Row => {
                let frame = |k: &super::KindLabel| {
                    k.first && matches!(k.kind.value.as_str(), "break" | "meal" | "registration" | "social" | "visit")
                };
                open = !p.entry.kind.as_ref().is_some_and(frame);
            }
            Class::Heading | Class::Day => open = false,
            Class::Text | Class::Person | Class::Item if open && p.unit.lines.len() == 1 => return Some(i),
            _ => {}
        }
        None
    })
}

/// The words of a line that may be a name: all of them, or those before its first comma.
fn words_of_line(cx: Cx, p: &Parsed, behind: bool) -> Option<Span> {
    let e = &p.entry;
    if e.role.is_some() || e.kind.as_ref().is_some_and(|k| k.first) || e.number.is_some() || !e.whens.is_empty() {
        return None;
    }
    let v = cx.view(&p.unit.flat);
    let span = v.strip(p.unit.flat.all(), " \t*-•");
    let text = v.of(span);
    let head = if behind { &text[..text.find(", ")?] } else { text };
    let mut parts = head.split([',', '&']).flat_map(|p| p.split(" and ")).filter(|p| !p.trim().is_empty());
    let name = Span::new(span.start, span.start + head.len());
    (parts.all(name_shaped) && !other_than_name(v, name)).then_some(span)
}

/// Two to five words in capitals, small ones between.
fn name_shaped(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let letters = |w: &str| w.chars().all(|c| c.is_alphabetic() || "-.'\u{2019}".contains(c));
    let capital = |w: &&str| w.starts_with(char::is_uppercase) && letters(w);
    let small = |w: &&str| w.len() <= 3 && w.chars().all(char::is_lowercase);
    let edges = words.first().is_some_and(capital) && words.last().is_some_and(capital);
    (2..=5).contains(&words.len()) && edges && words.iter().all(|w| capital(w) || small(w))
}
