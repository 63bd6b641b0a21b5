//! Signs between words that were read for others.
//!
//! In: a text. Out: the changes where the signs around say what stood there: a dash between words, a bracket that is closed,
//! the parts of an address. Never: touches letters or digits.

use crate::grammar::{Grammar, Set, Slot};
use crate::model::Span;

use super::super::Change;

/// A bracket is closed within so many bytes.
const REACH: usize = 300;

/// With `damaged`, in a document that shows other signs of being misread, more is undone.
pub(super) fn changes(text: &str, g: &Grammar, damaged: bool, changes: &mut Vec<Change>) {
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || c == ' ' || c == '\n' {
            continue;
        }
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        for (rule, seen, meant) in g.misreadings.at(Slot::Sign, &text[at..]) {
            if fits(meant, before, after, damaged) || damaged && told(&text[at..at + seen], meant, before, after, g) {
                changes.push(Change { span: Span::new(at, at + seen), to: meant.to_owned(), rule });
                break;
            }
        }
    }
}

/// Whether `meant` may stand between `before` and `after`.
fn fits(meant: &str, before: &str, after: &str, damaged: bool) -> bool {
    let last = before.chars().next_back().unwrap_or(' ');
    let next = after.chars().next().unwrap_or(' ');
    let chunk = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let rest = after.split(char::is_whitespace).next().unwrap_or("");
    match meant {
        "–" => {
            let digit = |c: char| c.is_ascii_digit();
            last == ' ' && next == ' ' && (after[1..].starts_with(digit) || !before.trim_end().ends_with(digit))
        }
        "(" => {
            let end = after.char_indices().map(|(i, _)| i).nth(REACH).unwrap_or(after.len());
            let close = after[..end].find([')', '(', '{', '}']);
            close.is_some_and(|i| after[i..].starts_with(')'))
        }
        "@" => {
            let domain = rest.trim_end_matches(['>', ')', ',', ';', '.']);
            last.is_ascii_alphanumeric()
                && domain.find(['.', ',']).is_some_and(|d| d > 0 && d + 2 < domain.len())
                && !chunk.contains('@')
        }
        "." => {
            let letters = rest.bytes().take_while(u8::is_ascii_lowercase).count();
            let name = |t: &str| t.len() > 1 && t.bytes().all(|b| b.is_ascii_lowercase());
            let local = || name(chunk) && rest.split_once('@').is_some_and(|(t, _)| name(t));
            let address = chunk.contains(['@', '©']) || chunk.starts_with("www.") || chunk.contains("://");
            let address = address || damaged && local();
            address && last.is_ascii_alphanumeric() && letters > 1
        }
        ", " => damaged && last.is_lowercase() && next.is_uppercase() && !chunk.contains('@'),
        _ => false,
    }
}

/// Whether the words around a point or a comma say that it is the other, or a colon.
fn told(seen: &str, meant: &str, before: &str, after: &str, g: &Grammar) -> bool {
    let line = before.rsplit(['\n', '\t', '|']).next().unwrap_or("").trim_start_matches([' ', '-', '•', '·', '*']);
    let start = line
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |n| n + line[n..].chars().next().map_or(1, char::len_utf8));
    let last = &line[start..];
    let next = after.strip_prefix(' ').unwrap_or(after);
    let capital = next.starts_with(char::is_uppercase);
    let is = |set, word: &str| !word.is_empty() && g.lookup(set, word).is_some();
    let first = || next.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("");
    match (seen, meant) {
        // "Dr, Ann Lee", "H,E. Mr."
        (",", ".") => capital && last.len() < 5 && is(Set::Honorific, last) || last == "H" && after.starts_with("E."),
        // "Chair. Ann Lee"
        (".", ":") => {
            let label = [Set::Role, Set::Field, Set::SpeakersHead].iter().any(|s| is(*s, line));
            line.len() > 4 && label && capital && after.starts_with(' ')
        }
        // "Paris. France", "LEE. Ann"
        (".", ",") => {
            let end = next.find(['\n', ',', '.', ';', '|']).unwrap_or(next.len());
            let country = next.get(..end).is_some_and(|n| n.len() < 30 && is(Set::Country, n.trim()));
            let (a, b) = (g.lexicons.word(last), g.lexicons.word(first()));
            let family = last.len() > 2 && !last.chars().any(char::is_lowercase) && (a.family > 0 || !a.is_known());
            let given = b.given > 1 && !b.common;
            after.starts_with(' ') && capital && (country && last.starts_with(char::is_uppercase) || family && given)
        }
        _ => false,
    }
}
