//! Words whose capitals stand apart: `P R O G R A M M E`.
//!
//! In: a text. Out: the words without the spaces. Never: touches initials, lists of letters, digits, or
//! what stands beside other words of the line.

use super::Change;
use super::rules::{RepairKind, RepairRule, RepairRules};
use crate::model::Span;

/// A word alone on its line has at least so many letters, one among others at least so many.
const ALONE: usize = 4;
const TOGETHER: usize = 3;

/// What the rule changes, in order.
pub(super) fn changes(text: &str, rules: &RepairRules) -> Vec<Change> {
    let mut changes = Vec::new();
    let Some((index, rule)) = rules.of(RepairKind::LetterSpacing).next() else { return changes };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(candidate) = candidate(&bytes[at..]).map(|c| at + c) {
        let start = memchr::memrchr(b'\n', &bytes[at..candidate]).map_or(at, |n| at + n + 1);
        let end = memchr::memchr(b'\n', &bytes[candidate..]).map_or(text.len(), |n| candidate + n);
        line(&text[start..end], start, rule, |span, to| changes.push(Change { span, to, rule: index }));
        at = end;
    }
    changes
}

/// Where a letter, a space, a letter, a space and a letter stand.
fn candidate(bytes: &[u8]) -> Option<usize> {
    let is_letter = |b: u8| b.is_ascii_uppercase() || b >= 0x80;
    let mut at = 0;
    while let Some(space) = memchr::memchr(b' ', &bytes[at..]).map(|s| at + s) {
        let next = space + 1;
        if !bytes.get(next).is_some_and(|b| is_letter(*b)) || space == 0 || !is_letter(bytes[space - 1]) {
            at = next;
            continue;
        }
        // The letter between the two spaces is one character long.
        let width = bytes[next..].iter().skip(1).take_while(|b| **b & 0xC0 == 0x80).count() + 1;
        let after = next + width;
        if bytes.get(after) == Some(&b' ') && bytes.get(after + 1).is_some_and(|b| is_letter(*b)) {
            return Some(space);
        }
        at = next;
    }
    None
}

/// A piece of a line between two or more spaces, or tabs.
struct Chunk {
    span: Span,
    /// The word, where the piece is one with its letters apart.
    word: Option<String>,
}

/// Looks through one line that begins at `offset`.
fn line(line: &str, offset: usize, rule: &RepairRule, mut change: impl FnMut(Span, String)) {
    let chunks = chunks(line, rule);
    for group in chunks.chunk_by(|a, b| a.word.is_some() && b.word.is_some()) {
        let letters = |c: &Chunk| c.word.as_ref().map_or(0, |w| w.chars().count());
        let long = group.iter().filter(|c| letters(c) >= ALONE).count();
        let middling = group.iter().filter(|c| letters(c) >= TOGETHER).count();
        if long == 0 && middling < 2 {
            continue;
        }
        for chunk in group {
            if let Some(word) = &chunk.word {
                change(chunk.span.shifted(offset), word.clone());
            }
        }
    }
}

fn chunks(line: &str, rule: &RepairRule) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut at = 0;
    for piece in line.split('\t') {
        let mut rest = piece;
        while !rest.is_empty() {
            let bare = rest.trim_start_matches(' ');
            let start = at + (rest.len() - bare.len());
            let end = bare.find("  ").unwrap_or(bare.len());
            let text = bare[..end].trim_end_matches(' ');
            if !text.is_empty() {
                let body = text.trim_end_matches([':', ',', '.', ';', '!', ' ']);
                let span = Span::new(start, start + body.len());
                chunks.push(Chunk { span, word: word(body, rule) });
            }
            at = start + end;
            rest = &bare[end..];
        }
        at += 1;
    }
    chunks
}

/// The word that single capitals between single spaces make.
fn word(text: &str, rule: &RepairRule) -> Option<String> {
    let mut word = String::new();
    for letter in text.split(' ') {
        let mut chars = letter.chars();
        let c = chars.next().filter(|c| c.is_uppercase())?;
        if chars.next().is_some() {
            return None;
        }
        word.push(c);
    }
    (word.chars().count() > 1 && is_word(text, &word, rule)).then_some(word)
}

/// Whether the letters read as a word: no alphabet or choice of it, no row of weekdays, not the same sign again and again.
fn is_word(text: &str, word: &str, rule: &RepairRule) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let has_vowel = !word.is_ascii() || word.chars().any(|c| rule.vowels.contains(c));
    let mut distinct = letters.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let next = |w: &[char]| u32::from(w[1]) == u32::from(w[0]) + 1;
    let rises = letters.len() <= ALONE && letters.windows(2).all(|w| w[0] < w[1]);
    let in_order = letters.windows(2).all(next) || (letters.len() > 2 && rises);
    let is_varied = letters.len() < ALONE || distinct.len() > 2;
    has_vowel && is_varied && !in_order && !rule.except.iter().any(|e| e == text)
}
