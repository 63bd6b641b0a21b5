//! A pattern that is run only where it can match.
//!
//! In: a regular expression. Out: the same matches as the `regex` crate gives, sooner: a text that holds none of the words
//! that every match must hold is passed over, a text of ASCII is searched for what the expression finds in ASCII, and what is
//! never asked for is never compiled. Never: changes what matches.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::{Captures, Match, Regex};

use super::tables::{Forms, is_latin};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Matcher {
    forms: Forms,
    gate: OnceLock<Option<AhoCorasick>>,
    regex: OnceLock<Option<Regex>>,
    /// The same for texts of ASCII: smaller, and no word boundary takes it off its fast path.
    ascii: OnceLock<Option<Regex>>,
    /// The same for texts of Latin letters.
    latin: OnceLock<Option<Regex>>,
    /// What matches wherever that does.
    loose: OnceLock<Option<Regex>>,
    /// In how many texts it matched, where somebody asks.
    hits: Option<Arc<AtomicU64>>,
}

impl Matcher {
    /// The matcher of a pattern.
    pub(super) fn new(forms: Forms) -> Matcher {
        let (regex, ascii, latin, loose) = (OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new());
        Matcher { forms, gate: OnceLock::new(), regex, ascii, latin, loose, hits: None }
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
        self.regex.get_or_init(|| Regex::new(&self.forms.whole).ok()).as_ref()
    }

    /// What finds the matches in `text` soonest.
    fn search(&self, text: &str) -> Option<Search<'_>> {
        let made = |pattern: &String| Regex::new(pattern).ok();
        let (kind, own) = match (text.is_ascii(), is_latin(text)) {
            (true, _) => (self.ascii.get_or_init(|| made(&self.forms.ascii)), None),
            (_, true) => (
                self.latin.get_or_init(|| made(&self.forms.latin)),
                self.loose.get_or_init(|| self.forms.loose.as_ref().and_then(made)).as_ref(),
            ),
            _ => (&None, None),
        };
        kind.as_ref()
            .map(|regex| Search { regex, loose: own })
            .or_else(|| Some(Search { regex: self.regex()?, loose: None }))
    }

    /// What finds the matches in `text`, where there may be some.
    fn over(&self, text: &str) -> Option<Search<'_>> {
        let gate = self.gate.get_or_init(|| gate(&self.forms.needs));
        if gate.as_ref().is_some_and(|gate| !gate.is_match(text)) {
            return None;
        }
        let search = self.search(text)?;
        if let Some(hits) = self.hits.as_ref().filter(|_| search.first(text).is_some()) {
            hits.fetch_add(1, Ordering::Relaxed);
        }
        Some(search)
    }

    /// Whether it matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.over(text).is_some_and(|s| s.start(text, 0).is_some_and(|at| s.regex.is_match_at(text, at)))
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.over(text)?.first(text)
    }

    /// Every match.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        self.over(text).into_iter().flat_map(move |s| s.each(text, |s, at| s.regex.find_at(text, at), |m| m.range()))
    }

    /// The first match with its captures.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        let search = self.over(text)?;
        search.regex.captures_at(text, search.start(text, 0)?)
    }

    /// Every match with its captures.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let whole = |c: &Captures| c.get_match().range();
        self.over(text).into_iter().flat_map(move |s| s.each(text, |s, at| s.regex.captures_at(text, at), whole))
    }

    /// The names of its captures.
    pub fn capture_names(&self) -> impl Iterator<Item = &str> {
        self.regex().into_iter().flat_map(|r| r.capture_names().flatten())
    }
}

/// What finds the matches of a pattern in a text.
#[derive(Clone, Copy)]
struct Search<'r> {
    regex: &'r Regex,
    /// What matches wherever `regex` does, and is sooner done.
    loose: Option<&'r Regex>,
}

impl<'r> Search<'r> {
    /// Before what place no match begins that begins at `at` or behind it; nothing where there is none.
    fn start(self, text: &str, at: usize) -> Option<usize> {
        self.loose.map_or(Some(at), |loose| loose.find_at(text, at).map(|m| m.start()))
    }

    fn first<'t>(self, text: &'t str) -> Option<Match<'t>> {
        self.regex.find_at(text, self.start(text, 0)?)
    }

    /// Every match, none inside another, as the `regex` crate tells them: an empty one not where one ends.
    fn each<'t, T: 't>(
        self,
        text: &'t str,
        find: impl Fn(Self, usize) -> Option<T> + 't,
        range: impl Fn(&T) -> Range<usize> + 't,
    ) -> impl Iterator<Item = T> {
        let (mut at, mut last) = (0, None);
        std::iter::from_fn(move || {
            loop {
                let found = find(self, self.start(text, at)?)?;
                let range = range(&found);
                if !range.is_empty() || last != Some(range.end) {
                    (at, last) = (range.end, Some(range.end));
                    return Some(found);
                }
                at = range.end + text.get(range.end..)?.chars().next()?.len_utf8();
            }
        })
    }
}

/// What tells whether one of these words stands in a text, in any ASCII case; nothing where there are none.
fn gate(words: &[String]) -> Option<AhoCorasick> {
    let builder = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).clone();
    (!words.is_empty()).then(|| builder.build(words).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_matches_what_the_expression_matches() {
        let g = crate::grammar::Grammar::builtin();
        let texts = [
            "The 3rd Seminar on Wells was held in Lima on 12 May 2011 by Ms. Ann Lee, Water Agency (tbc)",
            "Le colloque a eu lieu à Paris, salle 12, sous la présidence de M. Jean Roy",
            "THE WORKSHOP WILL TAKE PLACE AT OLIN HALL 1203, 3:30 PM; PLEASE CONTACT ann@example.org",
            "de\u{17f}k \u{212a}ey wor\u{17f}hop \u{201c}Wells for all\u{201d}",
            "доклад, séminaire on Wells at 12.30; tel. 0033 1 23 45 67 89, bureau 12 — «Puits»",
            "Speaker: Ann Lee\nAbstract:\n\tWe will present (415) 555-2671, ann [at] example [dot] org\r\n",
            "",
        ];
        for set in g.pattern_sets() {
            for p in g.patterns(set) {
                let regex = Regex::new(&p.regex.forms.whole).unwrap();
                for text in texts {
                    let own: Vec<_> = p.regex.find_iter(text).map(|m| m.range()).collect();
                    let its: Vec<_> = regex.find_iter(text).map(|m| m.range()).collect();
                    assert_eq!(own, its, "{} {text:?}", p.id);
                }
            }
        }
    }

    #[test]
    fn every_form_of_a_pattern_has_its_captures() {
        let g = crate::grammar::Grammar::builtin();
        for p in g.pattern_sets().flat_map(|set| g.patterns(set)) {
            let forms = &p.regex.forms;
            for form in [&forms.ascii, &forms.latin].into_iter().chain(&forms.loose) {
                let regex = Regex::new(form).unwrap();
                assert!(regex.capture_names().flatten().eq(p.regex.capture_names()), "{}: expected its captures", p.id);
            }
        }
    }
}
