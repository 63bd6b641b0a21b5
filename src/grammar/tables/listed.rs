//! Phrases and names, found by their first word.
//!
//! In: names with what they mean. Out: for a place in a text, the names that begin there. Never: holds one that begins
//! with no letter or digit (the automaton has those), nor decides which of several is meant.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::frozen::Frozen;

/// Names by their first word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// A first word in ASCII small letters → where its names stand.
    pub(crate) by_word: Frozen,
    /// The names of each first word: how many; of each its phrase, its length, its bytes.
    pub(crate) names: Cow<'static, [u8]>,
}

/// Whether a name can be found by its first word.
pub(super) fn has_word(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric)
}

/// Longer first words are no names'.
const LONGEST: usize = 64;

/// How long the word is that `text` begins with.
fn word(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        at += match b {
            b if b.is_ascii_alphanumeric() => 1,
            b if b.is_ascii() => break,
            _ => match text[at..].chars().next() {
                Some(c) if c.is_alphanumeric() => c.len_utf8(),
                _ => break,
            },
        };
    }
    at
}

/// Where the next word of `text` begins, from `at` on.
fn next(text: &str, mut at: usize) -> Option<usize> {
    loop {
        match text.as_bytes().get(at)? {
            b if b.is_ascii_alphanumeric() => return Some(at),
            b if b.is_ascii() => at += 1,
            _ => match text[at..].chars().next()? {
                c if c.is_alphanumeric() => return Some(at),
                c => at += c.len_utf8(),
            },
        }
    }
}

impl Listed {
    /// The names with their phrases, in order; one that is longer than 65,535 bytes is left out.
    pub(super) fn new(names: &[(String, u32)]) -> Listed {
        let mut grouped: BTreeMap<Vec<u8>, Vec<&(String, u32)>> = BTreeMap::new();
        for name in names.iter().filter(|(name, _)| word(name) <= LONGEST && name.len() <= usize::from(u16::MAX)) {
            grouped.entry(name.0.as_bytes()[..word(&name.0)].to_ascii_lowercase()).or_default().push(name);
        }
        let (mut by_word, mut bytes) = (BTreeMap::new(), Vec::new());
        for (first, names) in grouped {
            by_word.insert(first, bytes.len() as u32);
            bytes.extend((names.len() as u32).to_le_bytes());
            for (name, phrase) in names {
                bytes.extend(phrase.to_le_bytes());
                bytes.extend((name.len() as u16).to_le_bytes());
                bytes.extend(name.as_bytes());
            }
        }
        Listed { by_word: Frozen::new(&by_word), names: Cow::Owned(bytes) }
    }

    /// The names that are laid down at a place, as bytes, with their phrases.
    fn at(&self, place: usize) -> impl Iterator<Item = (&[u8], u32)> {
        let mut rest = self.names.get(place..).unwrap_or_default();
        let count = rest.split_first_chunk().map_or(0, |(count, names)| {
            rest = names;
            u32::from_le_bytes(*count)
        });
        (0..count).map_while(move |_| {
            let (phrase, behind) = rest.split_first_chunk()?;
            let (length, behind) = behind.split_first_chunk()?;
            let (name, behind) = behind.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            rest = behind;
            Some((name, u32::from_le_bytes(*phrase)))
        })
    }

    /// Every name with its phrase.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        let groups = self.by_word.numbers();
        let all = groups.flat_map(|place| self.at(place as usize));
        all.filter_map(|(name, phrase)| Some((phrase, std::str::from_utf8(name).ok()?)))
    }

    /// Calls `found` with start, name and phrase of every name that stands in `text`, in any ASCII case.
    pub fn each<'a>(&'a self, text: &str, found: &mut dyn FnMut(usize, &'a [u8], u32)) {
        let bytes = text.as_bytes();
        let mut small = [0; LONGEST];
        let mut from = 0;
        while let Some(at) = next(text, from) {
            let length = word(&text[at..]);
            from = at + length;
            let Some(first) = small.get_mut(..length) else { continue };
            first.copy_from_slice(&bytes[at..from]);
            first.make_ascii_lowercase();
            let Some(place) = self.by_word.get(first) else { continue };
            for (name, phrase) in self.at(place as usize) {
                let rest = bytes.get(from..at + name.len());
                if rest.is_some_and(|rest| rest.eq_ignore_ascii_case(&name[length..])) {
                    found(at, name, phrase);
                }
            }
        }
    }
}
