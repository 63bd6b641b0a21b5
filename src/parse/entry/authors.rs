//! Authors before the title of what they wrote: "Ann Lee, Ida Holt and Tom Reed. Wells of the valley".
//!
//! In: a span of a unit. Out: the title and its authors. Never: takes one name alone, or a list of which no part is
//! known as a name.

use super::*;

/// Bytes of the longest list.
const LONGEST: usize = 400;
/// Words of an author's name.
const WORDS: std::ops::RangeInclusive<usize> = 2..=5;

/// A list of names that a full stop ends, and the title behind it.
pub(super) fn authors_then_title(cx: Cx, flat: &Flat, rest: Span) -> Option<(Span, Vec<PersonValue>)> {
    let v = cx.view(flat);
    let head = before_stop(v, rest)?;
    let names = names_of(v, head)?;
    let title = v.strip(Span::new(head.end + 1, rest.end), " \t");
    let several = v.of(title).split_whitespace().nth(1).is_some();
    let people: Vec<PersonValue> = names.iter().flat_map(|n| shaped_people(cx, flat, *n)).collect();
    (several && people.len() == names.len()).then_some((title, people))
}

/// What stands before the first full stop that is no initial's, with a capital behind it.
fn before_stop(v: View, rest: Span) -> Option<Span> {
    let text = v.of(rest);
    let initial = |i: usize| text[..i].chars().rev().take_while(|c| c.is_alphabetic()).count() <= 2;
    let ends = |i: &usize| text[i + 2..].trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let at = text.match_indices(". ").map(|(i, _)| i).take_while(|i| *i <= LONGEST).find(|i| !initial(*i))?;
    Some(Span::new(rest.start, rest.start + at)).filter(|_| ends(&at))
}

/// The names of a list, cut at commas and "and", where all have the shape of one: two with one that is known, or more.
fn names_of(v: View, list: Span) -> Option<Vec<Span>> {
    let mut names = Vec::new();
    let mut start = list.start;
    let text = v.of(list);
    for (i, c) in text.char_indices().filter(|(_, c)| matches!(c, ',' | ' ')) {
        let at = list.start + i;
        let and = (c == ' ').then(|| v.grammar.after_and(&text[i + 1..], true)).flatten();
        let next = if c == ',' { Some(at + 1) } else { and.map(|r| list.end - r.len()) };
        if let Some(next) = next.filter(|_| at >= start) {
            names.push(v.trim(Span::new(start, at)));
            start = next;
        }
    }
    names.push(v.trim(Span::new(start, list.end)));
    names.retain(|n| !n.is_empty());
    let whole = |s: &Span, n: names::NameAt| n.end() == s.end;
    let known = |s: &&Span| names::name_at(v, **s).is_some_and(|n| whole(s, n));
    let shaped = |s: &Span| {
        WORDS.contains(&v.of(*s).split_whitespace().count())
            && !other_than_name(v, *s)
            && names::expected_at(v, *s).or_else(|| names::shaped_at(v, *s)).is_some_and(|n| whole(s, n))
    };
    let least = if names.len() > 2 { 0 } else { 1 };
    (names.len() > 1 && names.iter().all(shaped) && names.iter().filter(known).count() >= least).then_some(names)
}
