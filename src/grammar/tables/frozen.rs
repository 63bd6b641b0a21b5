//! A map from words to numbers that is a run of bytes: made once, looked up where it lies.
//!
//! In: words with their numbers. Out: the bytes, and the number of a word. Never: needs to be read before it is asked.
//!
//! Layout, little-endian: how many slots (a power of two); a byte each, 0 where the slot is empty, else some bits of its word's
//! hash, so that most words that are not there are told by the bytes alone; where the entry of each begins; the entries: number,
//! length, bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A map from words to numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen(Cow<'static, [u8]>);

/// The bytes of a number, and of what stands before the bytes of a word.
const NUMBER: usize = 4;
const HEAD: usize = NUMBER + 2;

/// Where the entries begin behind `count` slots.
const fn entries(count: usize) -> usize {
    NUMBER + count + count * NUMBER
}

/// Bits of a hash that do not tell the slot, and that are not all 0.
const fn tag(hash: u32) -> u8 {
    (hash >> 24) as u8 | 1
}

impl Default for Frozen {
    fn default() -> Self {
        Self::new(&BTreeMap::new())
    }
}

impl Frozen {
    /// The map of these words. One that is longer than 65,535 bytes is left out.
    pub fn new(words: &BTreeMap<Vec<u8>, u32>) -> Self {
        let count = (words.len() + words.len() / 2 + 1).next_power_of_two();
        let (mut tags, mut places, mut entries) = (vec![0u8; count], vec![0u32; count], Vec::new());
        for (word, number) in words {
            let Ok(length) = u16::try_from(word.len()) else { continue };
            let hash = hash(word);
            let mut at = hash as usize & (count - 1);
            while tags[at] != 0 {
                at = (at + 1) & (count - 1);
            }
            tags[at] = tag(hash);
            places[at] = entries.len() as u32;
            entries.extend(number.to_le_bytes());
            entries.extend(length.to_le_bytes());
            entries.extend(word);
        }
        let mut bytes = (count as u32).to_le_bytes().to_vec();
        bytes.extend(tags);
        bytes.extend(places.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(entries);
        Self(Cow::Owned(bytes))
    }

    /// The map that these bytes are.
    pub const fn of(bytes: &'static [u8]) -> Self {
        Self(Cow::Borrowed(bytes))
    }

    /// The bytes that it is.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The number of a word.
    pub fn get(&self, word: &[u8]) -> Option<u32> {
        self.find(hash(word), |found| found == word)
    }

    /// The number of a word with a byte before it.
    pub fn get_with(&self, first: u8, word: &[u8]) -> Option<u32> {
        self.find(hash_with(first, word), |found| found.split_first() == Some((&first, word)))
    }

    /// All numbers, in the order of their words.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        let mut at = self.number(0).map_or(0, |count| entries(count as usize));
        std::iter::from_fn(move || {
            let number = self.number(at)?;
            at += HEAD + self.length(at)?;
            Some(number)
        })
    }

    fn find(&self, hash: u32, is: impl Fn(&[u8]) -> bool) -> Option<u32> {
        let count = self.number(0)? as usize;
        let (tags, mask) = (self.0.get(NUMBER..NUMBER + count)?, count.checked_sub(1)?);
        let (mut at, wanted) = (hash as usize & mask, tag(hash));
        for _ in 0..count {
            match *tags.get(at)? {
                0 => return None,
                found if found == wanted => {
                    let entry = entries(count) + self.number(NUMBER + count + at * NUMBER)? as usize;
                    if is(self.0.get(entry + HEAD..entry + HEAD + self.length(entry)?)?) {
                        return self.number(entry);
                    }
                }
                _ => {}
            }
            at = (at + 1) & mask;
        }
        None
    }

    fn length(&self, entry: usize) -> Option<usize> {
        let length = self.0.get(entry + NUMBER..entry + HEAD)?;
        Some(usize::from(u16::from_le_bytes(length.try_into().ok()?)))
    }

    fn number(&self, at: usize) -> Option<u32> {
        self.0.get(at..at + NUMBER)?.try_into().ok().map(u32::from_le_bytes)
    }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn add(hash: u64, part: u64) -> u64 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// Eight bytes at a time; the same on every machine, as it is asked for when the program is built and when it runs.
fn hash(word: &[u8]) -> u32 {
    word.split_first().map_or(0, |(first, rest)| hash_with(*first, rest))
}

fn hash_with(first: u8, rest: &[u8]) -> u32 {
    let mut hash = add(SEED, u64::from(first) << 8 | rest.len() as u64 & 0xff);
    let mut parts = rest.chunks_exact(8);
    for part in &mut parts {
        hash = add(hash, part.try_into().map_or(0, u64::from_le_bytes));
    }
    // the last eight bytes, where there are so many; some of them count twice
    let last = match rest.last_chunk::<8>() {
        Some(part) => u64::from_le_bytes(*part),
        None => rest.iter().fold(0, |all, b| all << 8 | u64::from(*b)),
    };
    (add(hash, last) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_number_and_no_other_word_has_one() {
        let words: BTreeMap<Vec<u8>, u32> = (0..5_000u32).map(|n| (format!("word {n}").into_bytes(), n)).collect();
        let map = Frozen::new(&words);
        for (word, n) in &words {
            assert_eq!(map.get(word), Some(*n));
            assert_eq!(map.get_with(word[0], &word[1..]), Some(*n));
        }
        assert_eq!(map.get(b""), None);
        assert_eq!(map.get(b"word 5000"), None);
        assert_eq!(map.get(b"word"), None);
    }

    #[test]
    fn an_empty_map_and_broken_bytes_hold_nothing() {
        assert_eq!(Frozen::default().get(b"word"), None);
        for bytes in [&b""[..], b"\x01", b"\x01\0\0\0\x01\0\0\0", b"\x04\0\0\0\xff\xff\xff\xff"] {
            assert_eq!(Frozen::of(bytes).get(b"word"), None);
        }
    }
}
