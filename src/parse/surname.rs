//! Names with the family name first, in capitals: `ZAMMOURI, Khedija`.
//!
//! In: a span. Out: where such a name stands at its start. Never: reads a list of people.

use crate::grammar::{Set, WordInfo};
use crate::model::Span;
use crate::scan::View;

use super::names::NameAt;

/// A family name is no longer than this, in bytes and words; given names are no more words than that.
const FAMILY: (usize, usize) = (40, 4);
const GIVEN: usize = 3;

/// The name at the start of `span`, behind the honorific that was read: capitals, a comma, given names. `bonus` is
/// what the place speaks for a name.
pub(super) fn surname_first(v: View, honorific: Option<Span>, span: Span, bonus: f32) -> Option<NameAt> {
    let text = v.of(span);
    let comma = text.find([',', '\n', '(', ';', '\t']).filter(|i| text[*i..].starts_with(", ") && *i <= FAMILY.0)?;
    let family = v.trim(Span::new(span.start, span.start + comma));
    let known = family_in_capitals(v, family)?;
    let given = given_behind(v, Span::new(span.start + comma + 2, span.end), known.family >= 2)?;
    // two places
    if v.is(family, Set::City) && v.is(given, Set::City) {
        return None;
    }
    let first = v.of(given).split([' ', '-', '.']).next().unwrap_or("");
    let info = v.grammar.lexicons.word(v.of(given).split(' ').next().unwrap_or(""));
    let sure = info.given.max(v.grammar.lexicons.word(first).given);
    // a family name that is a word too needs a given name that is none
    if known.common && sure < 2 {
        return None;
    }
    let ends = v.text[given.end..span.end].trim_start_matches([' ', '*']);
    let closed = ends.is_empty() || ends.starts_with([',', '(', ';', '\n', '-', '–', '—', '|', '\t', '/', ':', '.']);
    let behind = closed || v.phrase_at(span.end - ends.len(), Set::Position).is_some();
    let weight = |key| v.grammar.weight(key);
    let score = weight("name/capitals-first")
        + [weight("name/unknown-word"), weight("name/given-1"), weight("name/given-2"), weight("name/given-3")]
            [usize::from(sure.min(3))]
        + [weight("name/unknown-word"), weight("name/family-1"), weight("name/family-2"), weight("name/family-3")]
            [usize::from(known.family.min(3))]
        + if honorific.is_some() { weight("name/honorific") } else { bonus }
        + if super::names::affiliated(v, given.end, span.end) { weight("name/affiliated") } else { 0.0 };
    (behind && score >= 1.0).then_some(NameAt {
        honorific,
        name: Span::new(family.start, given.end),
        suffix: None,
        score,
        rival: None,
    })
}

/// What capitals are as a family name; nothing where they are a body's, a country's or another word's.
fn family_in_capitals(v: View, family: Span) -> Option<WordInfo> {
    let words: Vec<&str> = v.of(family).split_whitespace().collect();
    let letters = |w: &&str| {
        w.chars().filter(|c| c.is_alphabetic()).count() >= 2
            && w.chars().all(|c| c.is_uppercase() || matches!(c, '-' | '\'' | '\u{2019}'))
    };
    let particle = |w: &&str| v.grammar.lookup(Set::Particle, w).is_some();
    if words.is_empty() || words.len() > FAMILY.1 || !words.iter().all(|w| letters(w) || particle(w)) {
        return None;
    }
    let sets =
        [Set::KnownBody, Set::Body, Set::Country, Set::Unit, Set::Position, Set::EventWord, Set::Kind, Set::Role];
    if sets.iter().any(|set| v.has(family, *set)) {
        return None;
    }
    let led = words.len() > 1 && words.first().is_some_and(particle);
    let mut best = WordInfo::default();
    for info in words.iter().filter(|w| !particle(w)).map(|w| v.grammar.lexicons.word(w)) {
        best.family = best.family.max(info.family.max(info.given.saturating_sub(1)));
        best.common |= info.common && info.family < 2;
    }
    // "DE LA TOUR": a particle makes a family name of a word
    (!best.common || best.family > 0 || led).then_some(best)
}

/// The given names at the start of `span`: words of mixed case that nothing else claims, initials. Behind a `known`
/// family name a given name may be a word too.
fn given_behind(v: View, span: Span, known: bool) -> Option<Span> {
    let text = v.of(span);
    let (mut end, mut at) = (span.start, span.start);
    for (n, raw) in text.split(' ').take(GIVEN + 1).enumerate() {
        let start = at;
        at += raw.len() + 1;
        let word = raw.trim_end_matches(|c: char| !(c.is_alphabetic() || c == '.' && raw.len() <= 3));
        let word = word.split([',', '(', ';', '\n', '\t', '/']).next().unwrap_or("");
        let info = v.grammar.lexicons.word(word);
        let mixed = word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}'))
            && word.chars().any(char::is_lowercase);
        let initial = word.len() <= 2 && word.starts_with(char::is_uppercase);
        let sets = [Set::Position, Set::Body, Set::Unit, Set::Country, Set::KnownBody, Set::Honorific, Set::Place];
        let named = info.given >= 2 || known && info.given > 0;
        let taken = !named && (info.common || sets.iter().any(|set| v.phrase_at(start, *set).is_some()))
            || v.phrase_at(start, Set::Position).is_some_and(|(s, _)| s.end > start + word.len());
        if n == GIVEN || !(mixed || initial && n > 0) || taken {
            break;
        }
        end = start + word.len();
        if word.len() < raw.len() {
            break;
        }
    }
    (end > span.start).then_some(Span::new(span.start, end))
}
