//! Phrases and names, found by their first word.
//!
//! In: names with what they mean. Out: for a place in a text, the names that begin there. Never: holds one that begins
//! with no letter or digit (the automaton has those), nor decides which of several is meant.

use rustc_hash::FxHashMap;

/// Names by their first word.
#[derive(Default)]
pub struct Listed {
    /// A name, the phrase that it is of, in the order of the first words' keys.
    names: Vec<(Box<str>, u32)>,
    /// The key of a first word → where its names stand.
    by_word: FxHashMap<u64, (u32, u32)>,
}

/// Whether a name can be found by its first word.
pub(super) fn has_word(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric)
}

/// The key of the word that `text` begins with, in any ASCII case, and its length.
fn word(text: &str) -> (u64, usize) {
    let mut key = 0xcbf2_9ce4_8422_2325_u64;
    let mut length = 0;
    for c in text.chars().take_while(|c| c.is_alphanumeric()) {
        key = (key ^ u64::from(u32::from(c.to_ascii_lowercase()))).wrapping_mul(0x0000_0100_0000_01b3);
        length += c.len_utf8();
    }
    (key, length)
}

impl Listed {
    pub(super) fn new(names: Vec<(Box<str>, u32)>) -> Listed {
        let mut keyed: Vec<(u64, (Box<str>, u32))> = names.into_iter().map(|n| (word(&n.0).0, n)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        let mut by_word: FxHashMap<u64, (u32, u32)> = FxHashMap::default();
        by_word.reserve(keyed.len());
        for (i, (key, _)) in keyed.iter().enumerate() {
            let place = by_word.entry(*key).or_insert((i as u32, i as u32));
            place.1 = i as u32 + 1;
        }
        Listed { names: keyed.into_iter().map(|(_, n)| n).collect(), by_word }
    }

    /// Every name with its phrase.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.names.iter().map(|(name, phrase)| (*phrase, name.as_ref()))
    }

    /// Calls `found` with start, name and phrase of every name that stands in `text`, in any ASCII case.
    pub fn each<'a>(&'a self, text: &str, found: &mut dyn FnMut(usize, &'a str, u32)) {
        let mut at = 0;
        while let Some(skip) = text.get(at..).and_then(|rest| rest.find(char::is_alphanumeric)) {
            at += skip;
            let rest = &text[at..];
            let (key, length) = word(rest);
            if let Some((from, to)) = self.by_word.get(&key) {
                for (name, phrase) in &self.names[*from as usize..*to as usize] {
                    let same = rest.as_bytes().get(..name.len());
                    if same.is_some_and(|s| s.eq_ignore_ascii_case(name.as_bytes())) {
                        found(at, name, *phrase);
                    }
                }
            }
            at += length;
        }
    }
}
