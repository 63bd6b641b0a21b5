//! What most rows of one shape say, the others of that shape say too.
//!
//! In: a document's parsed units. Out: names that no list knows, where "Word Word (body)" stood for a person in most
//! rows of the document. Never: changes a unit whose shape is another.

use rustc_hash::FxHashSet;

use super::{Cx, Parsed, expected_people};
use crate::model::Span;
use crate::segment::Class;

/// Least rows of the shape that name a person before the others are believed to do so.
const LEAST: usize = 3;

/// Reads people in the rows that look like those that name one.
pub(super) fn people(cx: Cx, parsed: &mut [Parsed]) {
    bracketed(cx, parsed);
    colons(cx, parsed);
}

/// "Two Words (in brackets)".
fn bracketed(cx: Cx, parsed: &mut [Parsed]) {
    let alike: Vec<(usize, Span)> =
        parsed.iter().enumerate().filter_map(|(i, p)| Some((i, words_before_bracket(cx, p)?))).collect();
    let named = |p: &Parsed| p.entry.title.is_none() && !p.entry.people.is_empty();
    if !most(&alike, |i| named(&parsed[i])) {
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

/// "Two Words: a title".
fn colons(cx: Cx, parsed: &mut [Parsed]) {
    let alike: Vec<(usize, Span)> =
        parsed.iter().enumerate().filter_map(|(i, p)| Some((i, words_before_colon(cx, p)?))).collect();
    let named = |i: usize| !parsed[i].entry.people.is_empty();
    if !most(&alike, named) {
        return;
    }
    for (i, span) in alike {
        let p = &mut parsed[i];
        let flat = &p.unit.flat;
        let v = cx.view(flat);
        let end = p.entry.title.as_ref().and_then(|t| flat.here(*t.pieces.last()?)).map_or(span.end, |t| t.end);
        let title = v.strip(Span::new(span.end, end.max(span.end)), " :");
        let people = super::person::shaped_people(cx, flat, span);
        let read = cx.read(flat, title, "text", &[], "base/entry/title", 0.85);
        if let (true, [_], Some(title)) = (p.entry.people.is_empty(), people.as_slice(), read) {
            p.entry.people = people;
            p.entry.title = Some(title);
        }
    }
}

/// Whether enough rows of a shape name a person, and most of them.
fn most(alike: &[(usize, Span)], named: impl Fn(usize) -> bool) -> bool {
    let known = alike.iter().filter(|(i, _)| named(*i)).count();
    known >= LEAST && known * 3 >= alike.len() * 2
}

/// Reads people in entries that begin with a name which the document tells elsewhere: "Name Known: a title".
pub(super) fn known(cx: Cx, parsed: &mut [Parsed]) {
    let names: FxHashSet<String> =
        parsed.iter().flat_map(|p| &p.entry.people).map(|x| x.name.value.clone()).filter(|n| n.contains(' ')).collect();
    if names.is_empty() {
        return;
    }
    for p in parsed.iter_mut() {
        let e = &p.entry;
        let listed = matches!(p.unit.class, Class::Item | Class::Row | Class::Text | Class::Person | Class::Prose);
        if !listed || !e.people.is_empty() || e.role.is_some() {
            continue;
        }
        let Some((name, title)) = behind_known(cx, p, &names) else { continue };
        let people = expected_people(cx, &p.unit.flat, name);
        let read = cx.read(&p.unit.flat, title, "text", &[], "base/entry/title", 0.85);
        if let ([_], Some(title)) = (people.as_slice(), read) {
            p.entry.people = people;
            p.entry.title = Some(title);
        }
    }
}

/// Where a known name and, behind a colon or dash, the title stand in an entry's words.
fn behind_known(cx: Cx, p: &Parsed, names: &FxHashSet<String>) -> Option<(Span, Span)> {
    const SEPARATORS: [&str; 5] = [" : ", ": ", " \u{2013} ", " \u{2014} ", " - "];
    let title = p.entry.title.as_ref()?;
    let (first, last) = (title.pieces.first()?, title.pieces.last()?);
    let all = p.unit.flat.here(Span::new(first.start, last.end))?;
    let v = cx.view(&p.unit.flat);
    let text = v.of(all);
    let (at, mark) = SEPARATORS.iter().filter_map(|s| Some((text.find(s)?, s))).min_by_key(|(at, _)| *at)?;
    let name = v.strip(Span::new(all.start, all.start + at), " ");
    let rest = v.strip(Span::new(all.start + at + mark.len(), all.end), " \"\u{201c}\u{201d}.");
    (names.contains(v.of(name)) && rest.len() >= 4).then_some((name, rest))
}

/// "Two Words" before a colon behind a row's time, where no label stands: where they stand.
fn words_before_colon(cx: Cx, p: &Parsed) -> Option<Span> {
    let e = &p.entry;
    let shown = p.unit.class == Class::Row && e.role.is_none() && e.kind.as_ref().is_none_or(|k| !k.first);
    let v = cx.view(&p.unit.flat);
    let all = p.unit.flat.all();
    let start = v.whens(all).next().map_or(all.start, |(time, _)| time.end);
    let span = v.strip(Span::new(start, all.end), " \t-–—|•·.,");
    let (head, _) = v.of(span).split_once(':').filter(|_| shown && e.number.is_none())?;
    // "Two Words (body): a title"
    let name = head.trim_end().strip_suffix(')').and_then(|h| h.split_once('(')).map_or(head, |(name, _)| name);
    let words: Vec<&str> = name.split_whitespace().collect();
    let capital =
        |w: &&str| w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || "-.'’".contains(c));
    let fits = (2..=4).contains(&words.len()) && words.iter().all(capital);
    fits.then(|| Span::new(span.start, span.start + head.trim_end().len()))
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
