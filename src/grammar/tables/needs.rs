//! What every match of a pattern holds.
//!
//! In: a regular expression. Out: words of which one stands in every match. Never: tells of a word that need not stand there.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// More words than this are not looked for.
const MOST: usize = 80;

/// Words of which one, in any ASCII case, stands in every match of an expression; none where that cannot be told, nor where a match
/// must begin at the start of a text, which is sooner seen.
pub(super) fn needs(hir: &Hir) -> Vec<String> {
    let at_start = hir.properties().look_set_prefix().contains(Look::Start);
    required(hir).filter(|_| !at_start).unwrap_or_default()
}

/// Words of which one stands in every match of `hir`, in ASCII small letters; the longest that can be told.
fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => Run::default().and(hir).words(),
        HirKind::Repetition(r) if r.min > 0 => required(&r.sub),
        HirKind::Capture(c) => required(&c.sub),
        HirKind::Alternation(all) => {
            let mut words: Vec<String> = Vec::new();
            for part in all {
                words.extend(required(part)?);
            }
            words.sort_unstable();
            words.dedup();
            (words.len() <= MOST).then_some(words)
        }
        HirKind::Concat(all) => in_row(all),
        _ => None,
    }
}

/// The best of what the parts of a row require.
fn in_row(parts: &[Hir]) -> Option<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut run = Run::default();
    for part in parts {
        let next = run.clone().and(part);
        if next.broken {
            found.extend(std::mem::take(&mut run).words());
            found.extend(required(part));
        } else {
            run = next;
        }
    }
    found.extend(run.words());
    let shortest = |words: &Vec<String>| words.iter().map(String::len).min().unwrap_or(0);
    found.into_iter().max_by_key(|words| (shortest(words).min(6), std::cmp::Reverse(words.len())))
}

/// Letters in a row.
#[derive(Clone, Default)]
struct Run {
    letters: String,
    /// Signs beyond ASCII that fold to one of the letters.
    odd: Vec<char>,
    broken: bool,
}

impl Run {
    /// The run with one more part; broken where that is no single letter.
    fn and(mut self, part: &Hir) -> Run {
        match part.kind() {
            HirKind::Literal(l) => match std::str::from_utf8(&l.0) {
                Ok(text) => self.letters.push_str(&text.to_ascii_lowercase()),
                Err(_) => self.broken = true,
            },
            HirKind::Class(class) => match one_letter(class) {
                Some((letter, odd)) => {
                    self.letters.push(letter);
                    self.odd.extend(odd);
                }
                None => self.broken = true,
            },
            _ => self.broken = true,
        }
        self
    }

    /// What to look for: the letters, or one of the odd signs.
    fn words(self) -> Option<Vec<String>> {
        let mut words = vec![self.letters];
        words.extend(self.odd.into_iter().map(String::from));
        (!self.broken && !words[0].is_empty()).then_some(words)
    }
}

/// The one letter that a class stands for in any case, with its forms beyond ASCII.
fn one_letter(class: &Class) -> Option<(char, Vec<char>)> {
    let Class::Unicode(class) = class else { return None };
    let ranges = class.ranges();
    if ranges.len() > 3 || ranges.iter().any(|r| r.start() != r.end()) {
        return None;
    }
    let (ascii, odd): (Vec<char>, Vec<char>) = ranges.iter().map(|r| r.start()).partition(char::is_ascii);
    let letter = ascii.first()?.to_ascii_lowercase();
    ascii.iter().all(|c| c.to_ascii_lowercase() == letter).then_some((letter, odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pattern: &str) -> Vec<String> {
        needs(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn what_every_match_holds_is_told() {
        assert_eq!(told(r"\b\w+ (?:Seminar|Workshop)s?\b"), ["seminar", "workshop"]);
        assert_eq!(told(r"(?i)\bheld in \d+"), ["held in "]);
        assert_eq!(told(r"(?:[A-Z]\w* )*(?P<x>Forum)(?: on)?"), ["forum"]);
        assert_eq!(told(r"(?i:desk)"), ["desk", "\u{17f}", "\u{212a}"]);
        assert!(told(r"\d+[.]?|Forum").is_empty());
        assert!(told("^Forum").is_empty());
        assert!(told(r"(?:Forum)?\d").is_empty());
    }
}
