//! Phrases of all vocabularies, by one automaton; the names of the lists by their first word.

use std::sync::Arc;

use crate::grammar::{Grammar, Set};
use crate::model::Span;

use super::{Mark, MarkKind};

/// Every phrase that stands in `text` as whole words, in all languages, longer ones first at each place.
pub(super) fn find(text: &str, g: &Grammar) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let bytes = text.as_bytes();
    let mut found = |span: Span, word: &[u8], phrase: u32| {
        let p = &g.phrases[phrase as usize];
        let here = bytes.get(span.start..span.end);
        if bounded(text, bytes, span, p.set.behind_digits()) && (!p.case || here == Some(word) || capitals(here, word))
        {
            marks.push(Mark { span, kind: MarkKind::Phrase(p.set, phrase) });
        }
    };
    for m in g.automaton.find_overlapping_iter(text) {
        let (phrase, word) = &g.words[m.pattern().as_usize()];
        found(Span::new(m.start(), m.end()), word.as_bytes(), *phrase);
    }
    g.listed.each(text, &mut |at, name, phrase| found(Span::new(at, at + name.len()), name, phrase));
    marks.sort_unstable_by_key(|m| (m.span.start, set_of(m), std::cmp::Reverse(m.span.end), phrase_of(m)));
    marks
}

/// A case-bound phrase of more than one word may also stand in capitals.
fn capitals(found: Option<&[u8]>, word: &[u8]) -> bool {
    found.is_some_and(|f| word.len() > 4 && !f.iter().any(u8::is_ascii_lowercase))
}

fn set_of(m: &Mark) -> Option<Set> {
    match m.kind {
        MarkKind::Phrase(s, _) => Some(s),
        _ => None,
    }
}

fn phrase_of(m: &Mark) -> u32 {
    match m.kind {
        MarkKind::Phrase(_, i) => i,
        _ => 0,
    }
}

/// Whether no word goes on over either end; with `digits`, a digit before it is no part of it.
fn bounded(text: &str, bytes: &[u8], Span { start, end }: Span, digits: bool) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let last_is_word = bytes[end - 1].is_ascii_alphanumeric() || bytes[end - 1] >= 0x80;
    let first_is_word = bytes[start].is_ascii_alphanumeric() || bytes[start] >= 0x80;
    let before = match start.checked_sub(1).map(|i| bytes[i]) {
        None => false,
        Some(b) if b < 0x80 => b.is_ascii_alphabetic() || !digits && b.is_ascii_digit(),
        Some(_) => word(text[..start].chars().next_back()),
    };
    let after = match bytes.get(end) {
        None => false,
        Some(b) if *b < 0x80 => b.is_ascii_alphanumeric(),
        Some(_) => word(text[end..].chars().next()),
    };
    !(first_is_word && before || last_is_word && after)
}

/// The longest phrase of each vocabulary at each place.
pub(super) fn longest(mut found: Vec<Mark>) -> Vec<Mark> {
    found.dedup_by(|b, a| a.span.start == b.span.start && set_of(a) == set_of(b));
    found
}

/// The marks of the document's languages, the longest of each vocabulary at each place, without the small words
/// that only served the vote and the heads of columns, which whole cells are asked for.
pub(super) fn keep(text: &str, found: Vec<Mark>, languages: &[Arc<str>], g: &Grammar) -> Vec<Mark> {
    const TITLED: usize = 4;
    let spoken = |i: u32| {
        let language = &g.phrases[i as usize].language;
        language.as_ref() == "base" || languages.contains(language)
    };
    let honorific = |m: &&Mark| matches!(m.kind, MarkKind::Phrase(Set::Honorific, i) if spoken(i));
    // where people bear titles, those of other languages count too: "M. Roy" in an English list
    let titled = found.iter().filter(honorific).count() >= TITLED;
    let title = |m: &Mark| {
        let name = text[m.span.end..].strip_prefix(". ").and_then(|r| r.split_whitespace().next());
        name.is_some_and(|n| n.starts_with(char::is_uppercase) && n.chars().nth(1).is_some_and(char::is_lowercase))
    };
    let wanted = |m: &Mark| match m.kind {
        MarkKind::Phrase(Set::Function | Set::Column, _) => false,
        // places and bodies keep their names in texts of other languages
        MarkKind::Phrase(Set::Country | Set::City | Set::KnownBody | Set::Body, _) => true,
        MarkKind::Phrase(Set::Honorific, i) => spoken(i) || titled && title(m),
        MarkKind::Phrase(_, i) => spoken(i),
        _ => true,
    };
    if g.is_traced() {
        let small = |m: &&Mark| matches!(m.kind, MarkKind::Phrase(Set::Function, i) if spoken(i));
        found.iter().filter(small).for_each(|m| g.note_phrase(phrase_of(m)));
    }
    let kept = longest(found.into_iter().filter(wanted).collect());
    if g.is_traced() {
        let phrases = kept.iter().filter(|m| matches!(m.kind, MarkKind::Phrase(..)));
        phrases.for_each(|m| g.note_phrase(phrase_of(m)));
    }
    kept
}
