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
    cities: FxHashMap<Box<str>, City>,
}

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
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

impl Lexicons {
    /// What is known of a word.
    pub fn word(&self, word: &str) -> WordInfo {
        let lower = word.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii());
        let found = if lower { self.words.get(fold(word).as_str()) } else { self.words.get(word) };
        found.copied().unwrap_or_default()
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
