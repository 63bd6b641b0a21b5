//! The large word lists: names, common words, countries, cities.

use rustc_hash::FxHashMap;

use super::tables::{City, Frozen, Shape, WordInfo, folded};

/// The large lists.
#[derive(Default)]
pub struct Lexicons {
    words: Frozen,
    /// What words begin with that names have: `al-`, `mc`.
    starts: FxHashMap<Box<str>, WordInfo>,
    /// What they end with: `ović`.
    ends: FxHashMap<Box<str>, WordInfo>,
    cities: Frozen,
    /// What cities have, by number.
    of_cities: Vec<City>,
}

/// The longest beginning and end that a list of shapes may hold, and what at least has to stand beside it, in bytes.
const LONGEST_START: usize = 5;
const LONGEST_END: usize = 7;
const REST: usize = 2;

impl Lexicons {
    pub(super) fn new(
        words: Frozen,
        cities: Frozen,
        of_cities: Vec<City>,
        starts: Vec<Shape>,
        ends: Vec<Shape>,
    ) -> Lexicons {
        let info = |(shape, given, family): Shape| (shape, WordInfo { given, family, ..WordInfo::default() });
        let map = |rows: Vec<Shape>| rows.into_iter().map(info).collect();
        Lexicons { words, cities, of_cities, starts: map(starts), ends: map(ends) }
    }

    /// What is known of a word, or of its parts and ends where it stands in no list.
    pub fn word(&self, word: &str) -> WordInfo {
        let lower = word.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii());
        if !lower {
            return self.folded(word);
        }
        let folded = folded(word);
        self.listed(&folded).unwrap_or_else(|| self.shaped(&folded))
    }

    /// What the parts of a hyphened word or the ends of a word tell: `Lee-Reed`, `al-Kateb`, `Petković`.
    fn shaped(&self, word: &str) -> WordInfo {
        let starts = (2..=LONGEST_START).rev().find_map(|n| {
            let head = word.get(..n).filter(|_| word.len() >= n + REST)?;
            self.starts.get(head)
        });
        if let Some(info) = starts {
            return *info;
        }
        if let Some((a, b)) = word.split_once('-').filter(|(a, b)| a.len() > 1 && b.len() > 1) {
            return self.hyphened(self.folded(a), self.folded(b));
        }
        let ends = (2..=LONGEST_END).rev().find_map(|n| {
            let tail = word.len().checked_sub(n).filter(|at| *at >= REST).and_then(|at| word.get(at..))?;
            self.ends.get(tail)
        });
        ends.copied().unwrap_or_default()
    }

    /// Two names with a hyphen between make one; where one of them is rather a word, nothing is known.
    fn hyphened(&self, a: WordInfo, b: WordInfo) -> WordInfo {
        let word = |i: WordInfo| (i.common || i.foreign) && i.given.max(i.family) == 0;
        if word(a) && word(b) {
            return WordInfo { common: a.common || b.common, foreign: a.foreign || b.foreign, ..WordInfo::default() };
        }
        if word(a) || word(b) {
            return WordInfo::default();
        }
        let sum = |x: u8, y: u8| if x.min(y) > 0 { x.max(y).max(2) } else { x.max(y).min(2) };
        WordInfo { given: sum(a.given, b.given), family: sum(a.family, b.family), ..WordInfo::default() }
    }

    /// What is known of a word that is folded already.
    pub fn folded(&self, word: &str) -> WordInfo {
        self.listed(word).unwrap_or_default()
    }

    fn listed(&self, folded: &str) -> Option<WordInfo> {
        self.words.get(folded.as_bytes()).map(WordInfo::unpacked)
    }

    /// What is known of a city.
    pub fn city(&self, name: &str) -> Option<&City> {
        self.of_cities.get(self.cities.get(folded(name).as_bytes())? as usize)
    }
}

#[cfg(test)]
mod tests {
    use crate::grammar::Grammar;

    #[test]
    fn parts_and_ends_tell_names_that_no_list_has() {
        let g = Grammar::builtin();
        for word in ["Al-Rahbani", "Vukosavović", "O'Dunlan", "Kalogeridis"] {
            assert_eq!(g.lexicons.word(word).family, 2, "{word}: expected a family name");
        }
        assert!(g.lexicons.word("Ann-Odile").given >= 1, "one part of two is known");
        assert_eq!(g.lexicons.word("Water-Saving").family, 0, "words are no names");
        assert_eq!(g.lexicons.word("overland").family, 0);
    }
}
