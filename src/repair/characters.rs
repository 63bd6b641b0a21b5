//! Characters that stand for others, that are not seen, or that are spaces of another width.
//!
//! In: a text. Out: the changes that the rules ask for, runs of one rule as one change. Never: touches ASCII.

use super::Change;
use super::rules::{RepairRules, Treatment};
use crate::model::Span;

/// What the rules change, in order.
pub(super) fn changes(text: &str, rules: &RepairRules) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut at = 0;
    while let Some(offset) = text.as_bytes()[at..].iter().position(|b| !b.is_ascii()) {
        let start = at + offset;
        let Some(c) = text[start..].chars().next() else { break };
        at = start + c.len_utf8();
        let Some((treatment, rule)) = rules.treatment(c) else { continue };
        let Some(to) = becomes(treatment, &text[..start], &text[at..]) else { continue };
        match changes.last_mut() {
            // A run of spaces or invisible characters is one change.
            Some(last) if last.rule == rule && last.span.end == start => {
                last.span.end = at;
                last.to.push_str(to);
            }
            _ => changes.push(Change { span: Span::new(start, at), to: to.to_owned(), rule }),
        }
    }
    changes
}

/// What stands for the character between `before` and `after`; none where it stays.
fn becomes<'a>(treatment: &'a Treatment, before: &str, after: &str) -> Option<&'a str> {
    let (left, right) = (before.chars().next_back(), after.chars().next());
    match treatment {
        Treatment::Becomes(to) => Some(to),
        Treatment::Space => Some(" "),
        Treatment::Joiner => {
            let is_plain = |c: Option<char>| c.is_none_or(|c| c < '\u{250}' || c.is_whitespace());
            (is_plain(left) || is_plain(right)).then_some("")
        }
        Treatment::SoftHyphen => {
            let is_edge = |c: Option<char>| c.is_none_or(char::is_whitespace);
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let shown = match (is_edge(left), is_edge(right)) {
                (true, true) => true,
                // At a line end it is the hyphen of a broken word.
                (false, true) if matches!(right, Some('\n' | '\r')) => true,
                _ => is_digit(left) || is_digit(right),
            };
            Some(if shown { "-" } else { "" })
        }
    }
}
