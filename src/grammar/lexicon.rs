//! The large word lists: names, common words, countries, cities.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// What the lists know of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordInfo {
    /// How surely it is a given name, 0–3.
    pub given: u8,
    /// How surely it is a family name, 0–3.
    pub family: u8,
    /// Whether English texts show it in lower case.
    pub common: bool,
    /// Whether texts of another language show it in lower case.
    pub foreign: bool,
    /// Whether it stands in a phrase of a vocabulary, or in the name of a country, a city or a body.
    pub listed: bool,
}

impl WordInfo {
    /// Whether any list has the word.
    pub fn is_known(self) -> bool {
        self != WordInfo::default()
    }

    /// Whether texts show it in lower case.
    pub fn is_word(self) -> bool {
        self.common || self.foreign || self.listed
    }
}

/// What the lists know of a city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// ISO 3166-1 alpha-2.
    pub country: Box<str>,
    /// IANA zone.
    pub zone: Box<str>,
    /// Whether the name is also a word, a person's name or another city.
    pub ambiguous: bool,
}

/// The large lists.
#[derive(Default)]
pub struct Lexicons {
    words: FxHashMap<Box<str>, WordInfo>,
    /// What words begin with that names have: `al-`, `mc`.
    starts: FxHashMap<Box<str>, WordInfo>,
    /// What they end with: `ović`.
    ends: FxHashMap<Box<str>, WordInfo>,
    cities: FxHashMap<Box<str>, City>,
}

/// The longest beginning and end that a list of shapes may hold, and what at least has to stand beside it, in bytes.
const LONGEST_START: usize = 5;
const LONGEST_END: usize = 7;
const REST: usize = 2;

/// Lower case without accents: what words are compared by.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00b4}' => '\'',
            '\u{2010}'..='\u{2015}' => '-',
            'ı' => 'i',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

impl Lexicons {
    /// What is known of a word, or of its parts and ends where it stands in no list.
    pub fn word(&self, word: &str) -> WordInfo {
        let lower = word.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii());
        if !lower {
            return self.words.get(word).copied().unwrap_or_default();
        }
        let folded = fold(word);
        self.words.get(folded.as_str()).copied().unwrap_or_else(|| self.shaped(&folded))
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
            return self.hyphened(self.words.get(a), self.words.get(b));
        }
        let ends = (2..=LONGEST_END).rev().find_map(|n| {
            let tail = word.len().checked_sub(n).filter(|at| *at >= REST).and_then(|at| word.get(at..))?;
            self.ends.get(tail)
        });
        ends.copied().unwrap_or_default()
    }

    /// Two names with a hyphen between make one; where one of them is rather a word, nothing is known.
    fn hyphened(&self, a: Option<&WordInfo>, b: Option<&WordInfo>) -> WordInfo {
        let (a, b) = (a.copied().unwrap_or_default(), b.copied().unwrap_or_default());
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
        self.words.get(word).copied().unwrap_or_default()
    }

    /// Notes the words of a phrase.
    pub(super) fn add_phrase(&mut self, phrase: &str) {
        for word in phrase.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().nth(1).is_some()) {
            if let Some(info) = self.words.get_mut(fold(word).as_str()) {
                info.listed = true;
            } else {
                self.words.insert(fold(word).into_boxed_str(), WordInfo { listed: true, ..WordInfo::default() });
            }
        }
    }

    /// What is known of a city.
    pub fn city(&self, name: &str) -> Option<&City> {
        self.cities.get(fold(name).as_str())
    }

    /// Adds a list's lines to the words.
    pub(super) fn add_words(&mut self, list: &str, kind: &str, language: &str) {
        for line in entries(list) {
            let mut fields = line.split('\t');
            let Some(word) = fields.next() else { continue };
            let weight = fields.next().and_then(|w| w.parse().ok()).unwrap_or(1);
            let info = self.words.entry(fold(word).into_boxed_str()).or_default();
            match kind {
                "given-names" => info.given = info.given.max(weight),
                "family-names" => info.family = info.family.max(weight),
                _ if language == "en" => info.common = true,
                _ => info.foreign = true,
            }
        }
    }

    /// Adds a list of what names begin and end with.
    pub(super) fn add_shapes(&mut self, list: &str) {
        for line in entries(list) {
            let mut fields = line.split('\t');
            let (Some(shape), Some(kind)) = (fields.next(), fields.next()) else { continue };
            let weight = fields.next().and_then(|w| w.parse().ok()).unwrap_or(1);
            let (map, shape) = match shape.strip_prefix('…') {
                Some(end) => (&mut self.ends, end),
                None => (&mut self.starts, shape.trim_end_matches('…')),
            };
            let info = map.entry(fold(shape).into_boxed_str()).or_default();
            match kind {
                "given" => info.given = weight,
                _ => info.family = weight,
            }
        }
    }

    /// Adds a list of cities.
    pub(super) fn add_cities(&mut self, list: &str) {
        for line in entries(list) {
            let mut f = line.split('\t');
            let (Some(name), Some(country), Some(zone)) = (f.next(), f.next(), f.next()) else { continue };
            let ambiguous = f.nth(1) == Some("ambiguous");
            self.cities
                .insert(fold(name).into_boxed_str(), City { country: country.into(), zone: zone.into(), ambiguous });
        }
    }
}

/// The lines of a list that hold an entry.
pub(super) fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
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
