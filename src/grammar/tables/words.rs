//! What the lists know of single words.
//!
//! In: the lines of lists, the phrases of vocabularies. Out: by folded word, what is known of it, as a number.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::fold::{fold, folded};
use super::frozen::Frozen;
use super::source::entries;

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

    fn packed(self) -> u32 {
        let flags = u8::from(self.common) | u8::from(self.foreign) << 1 | u8::from(self.listed) << 2;
        u32::from_le_bytes([self.given, self.family, flags, 0])
    }

    /// What a number tells that was made of it.
    pub fn unpacked(number: u32) -> Self {
        let [given, family, flags, _] = number.to_le_bytes();
        Self { given, family, common: flags & 1 > 0, foreign: flags & 2 > 0, listed: flags & 4 > 0 }
    }
}

/// What the lists know of a city.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct City {
    /// ISO 3166-1 alpha-2.
    pub country: Box<str>,
    /// IANA zone.
    pub zone: Box<str>,
    /// Whether the name is also a word, a person's name or another city.
    pub ambiguous: bool,
}

/// What a beginning or an end of words tells, folded, and how surely it is a given and a family name's.
pub type Shape = (Box<str>, u8, u8);

/// What is known of words, by their folded forms; asked often, so that it lies in one piece.
#[derive(Default)]
pub(super) struct Words {
    known: HashMap<String, WordInfo>,
    starts: BTreeMap<String, WordInfo>,
    ends: BTreeMap<String, WordInfo>,
    cities: BTreeMap<String, City>,
}

impl Words {
    /// Adds a list's lines.
    pub(super) fn add_list(&mut self, list: &str, kind: &str, language: &str) {
        for line in entries(list) {
            let mut fields = line.split('\t');
            let Some(word) = fields.next() else { continue };
            let weight = fields.next().and_then(|w| w.parse().ok()).unwrap_or(1);
            let info = self.known.entry(fold(word)).or_default();
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
            let info = map.entry(fold(shape)).or_default();
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
            self.cities.insert(fold(name), City { country: country.into(), zone: zone.into(), ambiguous });
        }
    }

    /// Notes the words of a phrase.
    pub(super) fn add_phrase(&mut self, phrase: &str) {
        for word in phrase.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().nth(1).is_some()) {
            if let Some(info) = self.known.get_mut(folded(word).as_ref()) {
                info.listed = true;
            } else {
                self.known.insert(fold(word), WordInfo { listed: true, ..WordInfo::default() });
            }
        }
    }

    /// All words with what is known of them.
    pub(super) fn known(&self) -> Frozen {
        Frozen::new(&self.known.iter().map(|(word, info)| (word.clone().into_bytes(), info.packed())).collect())
    }

    /// What words begin with that names have (`al-`, `mc`), and what they end with (`ović`).
    pub(super) fn shapes(&self) -> (Vec<Shape>, Vec<Shape>) {
        let rows = |map: &BTreeMap<String, WordInfo>| {
            map.iter().map(|(shape, info)| (shape.as_str().into(), info.given, info.family)).collect()
        };
        (rows(&self.starts), rows(&self.ends))
    }

    /// What is known of cities, and which of these is known of each.
    pub(super) fn cities(&self) -> (Vec<City>, Frozen) {
        let mut all: Vec<City> = self.cities.values().cloned().collect();
        all.sort();
        all.dedup();
        let numbered = self
            .cities
            .iter()
            .filter_map(|(name, city)| Some((name.clone().into_bytes(), all.binary_search(city).ok()? as u32)));
        let by_name = Frozen::new(&numbered.collect());
        (all, by_name)
    }
}
