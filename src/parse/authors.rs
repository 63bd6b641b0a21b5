//! Authors before the title of what they wrote: "Ann Lee, Ida Holt and Tom Reed. Wells of the valley".
//!
//! In: a span of a text. Out: where the names and the title stand. Never: takes a name alone that no list knows, or a
//! pair of which neither is known.

use crate::model::Span;
use crate::scan::View;

use super::names::{self, NameAt};
use super::person::other_than_name;

/// Names, and the title that a full stop parts from them.
pub struct Authors {
    /// Where each name stands.
    pub names: Vec<Span>,
    /// What follows the full stop.
    pub title: Span,
}

/// Bytes of the longest list.
const LONGEST: usize = 400;
/// Words of an author's name.
const WORDS: std::ops::RangeInclusive<usize> = 2..=5;

/// The authors that `span` begins with.
pub fn authors(v: View, span: Span) -> Option<Authors> {
    let head = before_stop(v, span)?;
    let names = cut(v, head);
    let known = |s: &&Span| names::name_at(v, **s).is_some_and(|n| whole(**s, &n));
    let least = usize::from(names.len() < 3);
    let title = v.strip(Span::new(head.end + 1, span.end), " \t");
    let several = v.of(title).split_whitespace().nth(1).is_some();
    let all = several && names.iter().all(|n| shaped(v, *n)) && names.iter().filter(known).count() >= least;
    all.then_some(Authors { names, title })
}

/// What stands before the first full stop that is no initial's, with a capital behind it.
fn before_stop(v: View, span: Span) -> Option<Span> {
    let text = v.of(span);
    let initial = |i: usize| text[..i].chars().rev().take_while(|c| c.is_alphabetic()).count() <= 2;
    let ends = |i: &usize| text[i + 2..].trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let at = text.match_indices(". ").map(|(i, _)| i).take_while(|i| *i <= LONGEST).find(|i| !initial(*i))?;
    Some(Span::new(span.start, span.start + at)).filter(|_| ends(&at))
}

/// The parts of a list, cut at commas and "and".
fn cut(v: View, list: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = list.start;
    let text = v.of(list);
    for (i, c) in text.char_indices().filter(|(_, c)| matches!(c, ',' | ' ')) {
        let at = list.start + i;
        let and = (c == ' ').then(|| v.grammar.after_and(&text[i + 1..], true)).flatten();
        let next = if c == ',' { Some(at + 1) } else { and.map(|r| list.end - r.len()) };
        if let Some(next) = next.filter(|_| at >= start) {
            parts.push(v.trim(Span::new(start, at)));
            start = next;
        }
    }
    parts.push(v.trim(Span::new(start, list.end)));
    parts.retain(|n| !n.is_empty());
    parts
}

/// Whether all of a part has the shape of a name, and no vocabulary knows it as something else.
fn shaped(v: View, part: Span) -> bool {
    WORDS.contains(&v.of(part).split_whitespace().count())
        && !other_than_name(v, part)
        && names::expected_at(v, part).or_else(|| names::shaped_at(v, part)).is_some_and(|n| whole(part, &n))
}

fn whole(part: Span, n: &NameAt) -> bool {
    n.end() == part.end
}
