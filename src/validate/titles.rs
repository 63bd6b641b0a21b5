//! Checks of titles and numbers.
//!
//! In: a finished record. Out: findings A0711, A0714, A0722. Never: renames or renumbers. Placeholder words are the
//! grammars' to know; what is seen here is the shape of one that passed them.

use std::collections::BTreeMap;

use crate::grammar::{Grammar, Set};
use crate::model::{Diagnostic, Record, Session, SessionKind};

use super::at;
use super::leftover::is_clock;

/// A0722: a title in which a time stands, or the number of a session: more is in it than the title.
pub fn holds_more(record: &Record, g: &Grammar) -> Vec<Diagnostic> {
    let number = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    let more = |title: &str| {
        let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric() && !".:".contains(c)).collect();
        let numbered = |w: &[&str]| number(w[1]) && g.lookup(Set::Numbered, w[0]).is_some();
        let glued = |w: &&str| {
            let word = w.trim_end_matches(|c: char| c.is_ascii_digit());
            word.len() < w.len() && g.lookup(Set::Numbered, word).is_some()
        };
        words.iter().any(|w| is_clock(w) || glued(w)) || words.windows(2).any(numbered)
    };
    let mut found = Vec::new();
    let mut check = |pointer: String, title: &Option<String>| {
        if title.as_deref().is_some_and(more) {
            let message = "expected a title, but found a time or a number in it too";
            found.push(at(record, "A0722", message, pointer));
        }
    };
    for (i, s) in record.sessions.iter().enumerate() {
        check(format!("/sessions/{i}/title"), &s.title);
        for (k, t) in s.talks.iter().enumerate() {
            check(format!("/sessions/{i}/talks/{k}/title"), &t.title);
        }
    }
    found
}

/// A0711: a session number that comes twice, or a number left out.
pub fn numbering(record: &Record) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<(SessionKind, &Option<String>), Vec<usize>> = BTreeMap::new();
    for (i, s) in record.sessions.iter().enumerate().filter(|(_, s)| s.number.is_some()) {
        groups.entry((s.kind, &s.track)).or_default().push(i);
    }
    let mut found = Vec::new();
    for ((kind, _), members) in groups {
        found.extend(repeated(record, kind, &members));
        found.extend(gaps(record, kind, &members));
    }
    found
}

fn number(s: &Session) -> &str {
    s.number.as_deref().unwrap_or("")
}

fn repeated(record: &Record, kind: SessionKind, members: &[usize]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (n, &j) in members.iter().enumerate() {
        let s = &record.sessions[j];
        let twin = |i: &&usize| {
            let before = &record.sessions[**i];
            number(before) == number(s) && before.title != s.title
        };
        if members[..n].iter().find(twin).is_some() {
            let message = format!("{kind} number {} comes more than once", number(s));
            found.push(at(record, "A0711", message, format!("/sessions/{j}/number")));
        }
    }
    found
}

fn gaps(record: &Record, kind: SessionKind, members: &[usize]) -> Vec<Diagnostic> {
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    for &i in members {
        match leading(number(&record.sessions[i])) {
            Some(n) => numbers.push((n, i)),
            None => return Vec::new(),
        }
    }
    numbers.sort_unstable();
    let mut found = Vec::new();
    for pair in numbers.windows(2) {
        let ((a, _), (b, j)) = (pair[0], pair[1]);
        if b > a + 1 {
            let message = format!("expected {kind} number {} after {a}, but found {b}", a + 1);
            found.push(at(record, "A0711", message, format!("/sessions/{j}/number")));
        }
    }
    found
}

/// The number that a session number begins with: `3`, `3a`, `III`.
fn leading(number: &str) -> Option<u32> {
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        // "2.3" and "2-3" are levels of their own.
        let rest = &number[digits.len()..];
        return digits.parse().ok().filter(|n| *n < 1000 && rest.chars().all(char::is_alphabetic));
    }
    roman(number)
}

fn roman(number: &str) -> Option<u32> {
    let value = |c| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            _ => return None,
        })
    };
    let digits: Vec<u32> = number.chars().map(value).collect::<Option<_>>()?;
    let mut sum = 0;
    for (i, d) in digits.iter().enumerate() {
        let minus = digits.get(i + 1).is_some_and(|next| next > d);
        sum = if minus { sum - (*d as i32) } else { sum + *d as i32 };
    }
    u32::try_from(sum).ok().filter(|n| *n > 0)
}

/// A0714: a title that is only a placeholder.
pub fn placeholder_title(record: &Record) -> Vec<Diagnostic> {
    let mut titles = vec![("/event/title".to_owned(), &record.event.title)];
    for (i, s) in record.sessions.iter().enumerate() {
        titles.push((format!("/sessions/{i}/title"), &s.title));
        let talks = s.talks.iter().enumerate();
        titles.extend(talks.map(|(k, t)| (format!("/sessions/{i}/talks/{k}/title"), &t.title)));
    }
    let mut found = Vec::new();
    for (pointer, title) in titles {
        if let Some(title) = title.as_deref().filter(|t| is_placeholder(t)) {
            let message = format!("expected a title, but found the placeholder {title:?}");
            found.push(at(record, "A0714", message, pointer));
        }
    }
    found
}

/// Nothing but punctuation (`…`, `???`, `____`), or one letter over and over (`xxx`, `N. N.`).
fn is_placeholder(title: &str) -> bool {
    let mut signs = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    match signs.next() {
        None => true,
        Some(first) => title.chars().count() > 1 && !first.is_ascii_digit() && signs.all(|c| c == first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_have_no_words() {
        for title in ["...", "???", "____", "XXX", "N. N.", "[…]"] {
            assert!(is_placeholder(title), "{title}");
        }
        for title in ["Tea", "AI", "R", "5", "2020", "AA meeting"] {
            assert!(!is_placeholder(title), "{title}");
        }
    }

    #[test]
    fn numbers_lead() {
        assert_eq!(leading("3a"), Some(3));
        assert_eq!(leading("IV"), Some(4));
        assert_eq!(leading("2.3"), None);
        assert_eq!(leading("A"), None);
    }
}
