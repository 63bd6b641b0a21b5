//! Names that no list knows, told by where they stand.
//!
//! In: a document's parsed units. Out: people in units that stand where the document's other units name people: right
//! below a title, or in the list under a role's label; two people in one stretch of words where one of them is named
//! elsewhere. Never: reads a name where the document names nobody in that place.

use rustc_hash::FxHashSet;

use super::person::shaped_people;
use super::{Cx, Entry, Parsed, PersonValue, expected_people, names};
use crate::model::Span;
use crate::segment::Class;

/// Least units in a place that name people before the others there are believed to do so.
const LEAST: usize = 2;
/// Words of the longest name that only its place tells.
const WORDS: usize = 4;

/// Where a unit stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Right below a title that names nobody.
    Below,
    /// In the list under the label with this index.
    Listed(usize),
}

/// Reads people where the document's other units name them.
pub(super) fn people(cx: Cx, parsed: &mut [Parsed]) {
    let named = |i: usize| parsed[i].entry.title.is_none() && !parsed[i].entry.people.is_empty();
    let mut told: Vec<(usize, Vec<PersonValue>)> = Vec::new();
    for group in places(parsed).chunk_by(|a, b| a.1 == b.1) {
        let place = group[0].1;
        let known = group.iter().filter(|(i, _)| named(*i)).count();
        if known < if place == At::Below { LEAST } else { 1 } {
            continue;
        }
        let open = group.iter().filter(|(i, _)| !named(*i));
        let found: Vec<_> = open.filter_map(|(i, _)| Some((*i, candidate(cx, &parsed[*i], place)?))).collect();
        if found.len() <= known.max(LEAST) {
            told.extend(found);
        }
    }
    for (i, people) in told {
        let e = &mut parsed[i].entry;
        (e.people, e.title, e.place) = (people, None, None);
    }
}

/// The units that stand where people may be named, those below titles first.
fn places(parsed: &[Parsed]) -> Vec<(usize, At)> {
    let mut below: Vec<(usize, At)> = Vec::new();
    let mut listed: Vec<(usize, At)> = Vec::new();
    let mut label: Option<usize> = None;
    for (i, p) in parsed.iter().enumerate() {
        let e = &p.entry;
        match p.unit.class {
            Class::Furniture => continue,
            Class::Head => label = e.people.is_empty().then_some(i),
            Class::Label => label = (e.people.is_empty() && e.title.is_none()).then_some(i),
            Class::Row | Class::Heading | Class::Day | Class::Field | Class::Contact | Class::Prose => label = None,
            _ => {}
        }
        if !matches!(p.unit.class, Class::Text | Class::Person | Class::Item | Class::Place) {
            continue;
        }
        let titled = |q: &Parsed| {
            matches!(q.unit.class, Class::Row | Class::Item | Class::Heading)
                && q.entry.title.is_some()
                && q.entry.people.is_empty()
                && q.entry.kind.as_ref().is_none_or(|k| !k.whole)
        };
        if let Some(label) = label {
            listed.push((i, At::Listed(label)));
        } else if i > 0 && titled(&parsed[i - 1]) && p.unit.class != Class::Item {
            below.push((i, At::Below));
        }
    }
    below.extend(listed);
    below
}

/// The people of a unit whose words may be a name, with an affiliation behind a comma or in brackets perhaps.
fn candidate(cx: Cx, p: &Parsed, place: At) -> Option<Vec<PersonValue>> {
    let e: &Entry = &p.entry;
    let plain = e.people.is_empty()
        && e.role.is_none()
        && e.whens.is_empty()
        && e.dates.is_empty()
        && e.number.is_none()
        && e.field.is_none()
        && !e.quoted
        && e.kind.is_none();
    let flat = &p.unit.flat;
    let v = cx.view(flat);
    let all = v.strip(flat.all(), " *-•\t");
    let shaped = || names::shaped_at(v, all).filter(|_| place != At::Below);
    let name = names::expected_at(v, all).or_else(shaped).filter(|_| plain && e.title.is_some())?;
    let behind = v.text[name.end()..all.end].trim_start();
    let words = v.of(name.name).split_whitespace().count();
    let bounded = behind.is_empty() || behind.starts_with([',', '(', ';', '\t']);
    let shaped = name.start() == all.start && (name.honorific.is_some() || (2..=WORDS).contains(&words));
    let ends = v.of(all).ends_with(['.', '?', '!', ':']) && !name.name.of(v.text).ends_with('.');
    let found = if place == At::Below { expected_people(cx, flat, all) } else { shaped_people(cx, flat, all) };
    (bounded && shaped && !ends && !found.is_empty()).then_some(found)
}

/// "Ann Lee Tom Reed" where Ann Lee is named elsewhere are two.
pub(super) fn side_by_side(cx: Cx, parsed: &mut [Parsed]) {
    const LEAST_WORDS: usize = 4;
    let words = |x: &PersonValue| x.name.value.split_whitespace().count();
    if !parsed.iter().flat_map(|p| &p.entry.people).any(|x| words(x) >= LEAST_WORDS) {
        return;
    }
    let known: FxHashSet<String> = parsed
        .iter()
        .flat_map(|p| &p.entry.people)
        .filter(|x| (2..=WORDS).contains(&words(x)))
        .map(|x| x.name.value.clone())
        .collect();
    for p in parsed.iter_mut() {
        for n in (0..p.entry.people.len()).rev() {
            let x = &p.entry.people[n];
            let long = words(x) >= LEAST_WORDS && x.name.slips.is_empty() && x.name.pieces.len() == 1;
            if let Some(both) = long.then(|| two(cx, p, x, &known)).flatten() {
                p.entry.people.splice(n..=n, both);
            }
        }
    }
}

/// The two people of a long name that begins or ends with a known one.
fn two(cx: Cx, p: &Parsed, x: &PersonValue, known: &FxHashSet<String>) -> Option<Vec<PersonValue>> {
    let flat = &p.unit.flat;
    let v = cx.view(flat);
    let name = flat.here(*x.name.pieces.first()?)?;
    let text = v.of(name);
    let cut = text.match_indices(' ').map(|(i, _)| i).find(|i| {
        let (head, tail) = (&text[..*i], text[*i..].trim_start());
        let given = |w: Option<&str>| w.map_or(0, |w| v.grammar.lexicons.word(w).given);
        let several = head.contains(' ') && tail.contains(' ');
        // a second given name is no family name, a family name begins nobody's
        let begins = given(tail.split_whitespace().next()) >= 2
            && (known.contains(head) || given(head.split_whitespace().next_back()) < 2);
        several && begins && (known.contains(head) || known.contains(tail))
    })?;
    let first = expected_people(cx, flat, v.trim(Span::new(name.start, name.start + cut)));
    let second = expected_people(cx, flat, v.trim(Span::new(name.start + cut, x.end.max(name.end))));
    let ([a], [_, ..]) = (first.as_slice(), second.as_slice()) else { return None };
    let mut a = a.clone();
    a.honorific = x.honorific.clone();
    Some(std::iter::once(a).chain(second).collect())
}
