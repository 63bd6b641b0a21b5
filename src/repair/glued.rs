//! Words that ran together with the clock time before them: `11.30Opening`, `10:30 hoursCoffee`.
//!
//! In: a text. Out: a space between time and word. Never: parts what is no clock time, or no word with a capital.

use super::Change;
use super::rules::{RepairKind, RepairRule, RepairRules};
use crate::model::Span;

/// What the rule changes, in order.
pub(super) fn changes(text: &str, rules: &RepairRules) -> Vec<Change> {
    let mut changes = Vec::new();
    let Some((index, rule)) = rules.of(RepairKind::RunTogether).next() else { return changes };
    let bytes = text.as_bytes();
    for sign in memchr::memchr2_iter(b':', b'.', bytes) {
        let glued = clock_end(bytes, sign).map(|end| told_end(text, end, rule)).filter(|at| word_begins(&text[*at..]));
        if let Some(at) = glued {
            changes.push(Change { span: Span::new(at, at), to: " ".to_owned(), rule: index });
        }
    }
    changes
}

/// Where the clock time ends whose hour and minutes the sign at `sign` parts.
fn clock_end(bytes: &[u8], sign: usize) -> Option<usize> {
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| usize::from(b - b'0'));
    let (tens, ones) = (digit(sign + 1)?, digit(sign + 2)?);
    let units = digit(sign.checked_sub(1)?)?;
    let before = sign.checked_sub(2);
    let hour = units + before.and_then(digit).unwrap_or(0) * 10;
    let first = before.filter(|at| digit(*at).is_some()).unwrap_or(sign - 1);
    let bound =
        first == 0 || !(bytes[first - 1].is_ascii_alphanumeric() || matches!(bytes[first - 1], b'.' | b':' | b'$'));
    (bound && hour < 24 && tens * 10 + ones < 60 && digit(sign + 3).is_none()).then_some(sign + 3)
}

/// Over a word of the rule behind the time: "10:30 hours".
fn told_end(text: &str, end: usize, rule: &RepairRule) -> usize {
    let rest = &text[end..];
    let words = rest.trim_start_matches(' ');
    let word = rule.after.iter().find(|w| words.starts_with(w.as_str()) && word_begins(&words[w.len()..]));
    word.filter(|_| rest.len() <= words.len() + 1).map_or(end, |w| text.len() - words.len() + w.len())
}

/// Whether a word with a capital and a small letter begins here.
fn word_begins(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}
