//! A pattern that is run only where it can match.
//!
//! In: a regular expression. Out: the same matches as the `regex` crate gives, sooner: a text that holds none of the words
//! that every match must hold is passed over, and what is never asked for is never compiled. Never: changes what matches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::{CaptureMatches, Captures, Match, Matches, Regex};
use regex_syntax::hir::{Class, Hir, HirKind};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Matcher {
    pattern: String,
    /// One of these, in any ASCII case, stands in every match; nothing is known where there is none.
    needs: Vec<String>,
    search: OnceLock<Option<AhoCorasick>>,
    regex: OnceLock<Option<Regex>>,
    /// In how many texts it matched, where somebody asks.
    hits: Option<Arc<AtomicU64>>,
}

/// More words than this are not looked for.
const MOST: usize = 80;

impl Matcher {
    /// The matcher of a pattern.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn new(pattern: &str) -> Result<Matcher, Box<regex_syntax::Error>> {
        let hir = regex_syntax::parse(pattern)?;
        let needs = required(&hir).unwrap_or_default();
        Ok(Matcher { pattern: pattern.to_owned(), needs, search: OnceLock::new(), regex: OnceLock::new(), hits: None })
    }

    /// From now on it counts the texts in which it matches.
    pub(super) fn count_hits(&mut self) {
        self.hits = Some(Arc::default());
    }

    /// In how many texts it matched.
    pub(super) fn hits(&self) -> u64 {
        self.hits.as_ref().map_or(0, |n| n.load(Ordering::Relaxed))
    }

    /// The regular expression; nothing where it is too large to compile, which the check of the grammars tells.
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
    }

    /// The regular expression, where it may match in `text`.
    fn over(&self, text: &str) -> Option<&Regex> {
        let search = self.search.get_or_init(|| {
            let builder = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).clone();
            (!self.needs.is_empty()).then(|| builder.build(&self.needs).ok()).flatten()
        });
        let regex = if search.as_ref().is_some_and(|s| !s.is_match(text)) { None } else { self.regex() };
        if let Some(hits) = self.hits.as_ref().filter(|_| regex.is_some_and(|r| r.is_match(text))) {
            hits.fetch_add(1, Ordering::Relaxed);
        }
        regex
    }

    /// Whether it matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.over(text).is_some_and(|r| r.is_match(text))
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.over(text)?.find(text)
    }

    /// Every match.
    pub fn find_iter<'r, 't>(&'r self, text: &'t str) -> std::iter::Flatten<std::option::IntoIter<Matches<'r, 't>>> {
        self.over(text).map(|r| r.find_iter(text)).into_iter().flatten()
    }

    /// The first match with its captures.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.over(text)?.captures(text)
    }

    /// Every match with its captures.
    pub fn captures_iter<'r, 't>(
        &'r self,
        text: &'t str,
    ) -> std::iter::Flatten<std::option::IntoIter<CaptureMatches<'r, 't>>> {
        self.over(text).map(|r| r.captures_iter(text)).into_iter().flatten()
    }

    /// The names of its captures.
    pub fn capture_names(&self) -> impl Iterator<Item = &str> {
        self.regex().into_iter().flat_map(|r| r.capture_names().flatten())
    }
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

    fn needs(pattern: &str) -> Vec<String> {
        Matcher::new(pattern).unwrap().needs
    }

    #[test]
    fn what_every_match_holds_is_told() {
        assert_eq!(needs(r"\b\w+ (?:Seminar|Workshop)s?\b"), ["seminar", "workshop"]);
        assert_eq!(needs(r"(?i)\bheld in \d+"), ["held in "]);
        assert_eq!(needs(r"(?:[A-Z]\w* )*(?P<x>Forum)(?: on)?"), ["forum"]);
        assert_eq!(needs(r"(?i:desk)"), ["desk", "\u{17f}", "\u{212a}"]);
        assert!(needs(r"\d+[.]?|Forum").is_empty());
        assert!(needs(r"(?:Forum)?\d").is_empty());
    }

    #[test]
    fn it_matches_what_the_expression_matches() {
        let g = crate::grammar::Grammar::builtin();
        let texts = [
            "The 3rd Seminar on Wells was held in Lima on 12 May 2011 by Ms. Ann Lee, Water Agency (tbc)",
            "Le colloque a eu lieu à Paris, salle 12, sous la présidence de M. Jean Roy",
            "THE WORKSHOP WILL TAKE PLACE AT OLIN HALL 1203, 3:30 PM; PLEASE CONTACT ann@example.org",
            "de\u{17f}k \u{212a}ey wor\u{17f}hop \u{201c}Wells for all\u{201d}",
            "",
        ];
        for set in g.pattern_sets() {
            for p in g.patterns(set) {
                let regex = Regex::new(&p.regex.pattern).unwrap();
                for text in texts {
                    let own: Vec<_> = p.regex.find_iter(text).map(|m| m.range()).collect();
                    let its: Vec<_> = regex.find_iter(text).map(|m| m.range()).collect();
                    assert_eq!(own, its, "{} {text:?}", p.id);
                }
            }
        }
    }
}
