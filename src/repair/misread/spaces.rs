//! Words that were run together.
//!
//! In: a run of letters and digits that is no word. Out: the space that was lost, where both sides are words then. Never: parts
//! a name that is written together everywhere.

use crate::grammar::{Set, Slot, WordInfo, fold};
use crate::model::Span;

use super::tokens::Token;
use super::words::Reader;

/// The shortest run that is parted.
const SHORTEST: usize = 4;

/// The change that parts `word`.
pub(super) fn split(r: &Reader<'_>, word: &str, token: Token) -> Option<Vec<(Span, String, usize)>> {
    let rule = r.g.misreadings.lost(Slot::LostSpace)?;
    if token.shape.address || token.shape.len() < SHORTEST {
        return None;
    }
    let mut best: Option<(f32, usize, char)> = None;
    let mut last: Option<char> = None;
    for (at, c) in word.char_indices() {
        if let Some(before) = last
            && let Some(score) = parts(r, word, token, at, before, c)
            && best.is_none_or(|(b, _, _)| score > b)
        {
            best = Some((score, at, before));
        }
        last = Some(c);
    }
    let (_, at, before) = best?;
    Some(vec![(Span::new(at - before.len_utf8(), at), format!("{before} "), rule)])
}

/// How well the two sides of `at` read as words.
fn parts(r: &Reader<'_>, word: &str, token: Token, at: usize, before: char, after: char) -> Option<f32> {
    let (left, right) = word.split_at(at);
    let known = |part: &str| {
        let folded = fold(part);
        (r.g.lexicons.folded(&folded), r.own.count(&folded).all)
    };
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (a, b) = (known(left), known(right));
    let name = |i: WordInfo| i.given.max(i.family) >= 2;
    let length = |part: &str| part.chars().count();
    if before.is_lowercase() && after.is_uppercase() {
        let ordinal = left.starts_with(|c: char| c.is_ascii_digit());
        let both = (a.0.is_known() || ordinal) && b.0.is_known() && length(left) > 1 && length(right) > 1;
        let told = ordinal
            || left.starts_with(char::is_lowercase)
            || name(a.0) && name(b.0) && length(left) > 3
            || a.1 > 0 && b.1 > 0;
        return (both && told).then_some(3.0);
    }
    if is_number(right) && before.is_alphabetic() {
        let year = right.len() == 4 && (right.starts_with("19") || right.starts_with("20"));
        let is = |set| r.g.lookup(set, left).is_some();
        return (is(Set::Month) && (year || right.len() < 3) || is(Set::Numbered) && right.len() < 3).then_some(2.5);
    }
    if is_number(left) && after.is_alphabetic() {
        return (b.0.listed && b.1 > 0 && length(right) > 3 && left.len() < 5).then_some(2.4);
    }
    if before.is_lowercase() && after.is_lowercase() {
        let small = |i: (WordInfo, u32), part: &str| i.0.listed && i.1 > 2 && (2..5).contains(&length(part));
        let word = |i: (WordInfo, u32), part: &str| i.0.common && (length(part) > 3 || small(i, part));
        let (x, y) = (length(left), length(right));
        let capital = token.shape.capital && !(small(b, right) && a.1 > 0 && a.0.is_word() && x > 3);
        let told = f32::from(u8::from(a.1 > 0)) + f32::from(u8::from(b.1 > 0));
        return (word(a, left) && word(b, right) && x + y > 6 && !capital)
            .then(|| 1.0 + told / 2.0 + x.min(y) as f32 / 100.0);
    }
    None
}
