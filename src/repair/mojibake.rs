//! UTF-8 that was read as windows-1252 (`â€™`, `Ã©`) is read again.
//!
//! In: a text. Out: for each run of such characters, what it stood for. Never: changes characters that an
//! undamaged text may have, unless the same text has damage beyond doubt.

use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;

use super::Change;
use super::rules::{RepairKind, RepairRule, RepairRules};
use crate::model::Span;

/// Characters of the bytes 0x80 to 0x9F.
static UPPER: LazyLock<[char; 32]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let byte = [0x80 + i as u8];
        WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next().unwrap_or('\0')
    })
});

/// One run of characters that decode, with how sure that is.
struct Run {
    span: Span,
    to: String,
    sequences: usize,
    sure: bool,
}

/// What the rule changes, in order.
pub(super) fn changes(text: &str, rules: &RepairRules) -> Vec<Change> {
    let Some((index, rule)) = rules.of(RepairKind::Mojibake).next() else { return Vec::new() };
    let runs = runs(text, rule);
    let damaged = runs.iter().any(|r| r.sure);
    let kept = runs.into_iter().filter(|r| damaged || r.sequences > 1);
    kept.map(|r| Change { span: r.span, to: r.to, rule: index }).collect()
}

fn runs(text: &str, rule: &RepairRule) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut runs: Vec<Run> = Vec::new();
    let mut from = 0;
    // U+00C2 to U+00F4, the first bytes of sequences, are all written with 0xC3 first.
    while let Some(offset) = memchr::memchr(0xC3, &bytes[from..]) {
        let start = from + offset;
        from = start + 2;
        let Some((length, to, sure)) = sequence(&text[start..], rule) else { continue };
        from = start + length;
        match runs.last_mut() {
            Some(run) if run.span.end == start => {
                run.span.end = from;
                run.to.push_str(&to);
                run.sequences += 1;
                run.sure |= sure;
            }
            _ => runs.push(Run { span: Span::new(start, from), to, sequences: 1, sure }),
        }
    }
    runs
}

/// The sequence at the start of `text`: its length, what it stands for, and whether that is beyond doubt.
fn sequence(text: &str, rule: &RepairRule) -> Option<(usize, String, bool)> {
    let mut bytes = [0u8; 4];
    let mut lengths = [0usize; 4];
    let mut known = 0;
    for (at, c) in text.char_indices().take(4) {
        let Some(byte) = byte_of(c) else { break };
        (bytes[known], lengths[known]) = (byte, at + c.len_utf8());
        known += 1;
    }
    let need = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let decoded = bytes.get(..need).filter(|_| known >= need).and_then(|b| std::str::from_utf8(b).ok());
    let Some(decoded) = decoded else {
        let fragment = rule.fragments.iter().find(|f| text.starts_with(&f.from))?;
        return Some((fragment.from.len(), fragment.to.clone(), true));
    };
    let character = decoded.chars().next()?;
    if character.is_control() && character != '\u{85}' && !matches!(character, '\u{80}'..='\u{9F}') {
        return None;
    }
    let second = text.chars().nth(1)?;
    let sure = match bytes[0] {
        0xC2 if second == '\u{A0}' => true,
        0xC2 | 0xC3 => !rule.ambiguous.contains(second),
        0xE2 | 0xEF | 0xF0 => true,
        _ => false,
    };
    Some((lengths[need - 1], decoded.to_owned(), sure))
}

/// The byte that windows-1252 has for a character; controls stand for themselves.
fn byte_of(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{FF}' => u8::try_from(u32::from(c)).ok(),
        _ if c.is_ascii() => None,
        _ => UPPER.iter().position(|u| *u == c).map(|i| 0x80 + i as u8),
    }
}
