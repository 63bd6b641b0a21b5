//! Whether a document was read by a machine, and how badly.
//!
//! In: the text. Out: how many of the small words that no list has become known by undoing one misreading. In a text that a
//! person wrote that is next to none of them, whatever its language.

use crate::grammar::{Grammar, Set, Slot};
use crate::model::Span;

use super::tokens::tokens;

/// What speaks for damage.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Damage {
    /// Words of small letters.
    pub(super) words: usize,
    /// Of them, those that no list has.
    pub(super) unknown: usize,
    /// Of those, the ones that become known.
    pub(super) misread: usize,
    /// What those weigh.
    pub(super) weight: usize,
    /// Words of digits and of letters that look like them.
    pub(super) mixed: usize,
}

/// What misread words must weigh together, and what one weighs; one with a digit or a capital inside is no hand's slip.
const LEAST: usize = 6;
const ONE: usize = 2;
const ODD: usize = 6;
/// So many of the unknown words (in a hundred) must be misread.
const SHARE: usize = 20;
/// Shorter words say nothing.
const SHORTEST: usize = 4;

impl Damage {
    pub(super) fn is_read_by_machine(self) -> bool {
        self.weight >= LEAST && self.misread * 100 >= self.unknown * SHARE
    }
}

/// Counts.
pub(super) fn weigh(text: &str, g: &Grammar) -> Damage {
    let mut damage = Damage::default();
    let mut buffer = String::new();
    for token in tokens(text) {
        let shape = token.shape;
        if shape.digits > 0 && shape.len() > usize::from(shape.digits) && !shape.accents {
            let word = token.span.of(text);
            damage.mixed += usize::from(shape.len() < 5 && looks_like_number(word, g) || month(word, g).is_some());
        }
        if shape.address || shape.len() < SHORTEST || shape.accents {
            continue;
        }
        let odd = shape.is_odd() && shape.lower > 2;
        if !shape.is_small() && !odd {
            continue;
        }
        let word = token.span.of(text);
        if shape.is_small() {
            damage.words += 1;
            if g.lexicons.folded(word).is_word() {
                continue;
            }
            damage.unknown += 1;
        } else if g.lexicons.word(word).is_known() {
            continue;
        }
        if becomes_known(word, g, &mut buffer) {
            damage.misread += 1;
            damage.weight += if odd { ODD } else { ONE };
        }
    }
    damage
}

/// Whether letters stand in it, all of which may be digits.
fn looks_like_number(word: &str, g: &Grammar) -> bool {
    let mut letters = word.char_indices().filter(|(_, c)| !c.is_ascii_digit()).peekable();
    letters.peek().is_some() && letters.all(|(at, _)| g.misreadings.at(Slot::Number, &word[at..]).next().is_some())
}

/// Where a month and a number that are run together part: `May2013`, `17May`.
pub(super) fn month(word: &str, g: &Grammar) -> Option<usize> {
    let digit = |c: char| c.is_ascii_digit();
    let end = match word.find(digit)? {
        0 => word.find(|c| !digit(c))?,
        n => n,
    };
    let (left, right) = word.split_at(end);
    let (name, number) = if left.starts_with(digit) { (right, left) } else { (left, right) };
    let fits = number.chars().all(digit) && (number.len() < 3 || number.len() == 4 && number == right);
    (fits && name.len() > 2 && g.lookup(Set::Month, name).is_some()).then_some(end)
}

fn becomes_known(word: &str, g: &Grammar, buffer: &mut String) -> bool {
    word.char_indices().any(|(at, _)| {
        g.misreadings.at(Slot::Word, &word[at..]).any(|(_, seen, meant)| {
            replaced(word, Span::new(at, at + seen), meant, buffer);
            buffer.make_ascii_lowercase();
            let info = g.lexicons.folded(buffer);
            info.common || info.listed
        })
    })
}

/// `word` with something else at `at`.
pub(super) fn replaced(word: &str, at: Span, by: &str, buffer: &mut String) {
    buffer.clear();
    buffer.push_str(&word[..at.start]);
    buffer.push_str(by);
    buffer.push_str(&word[at.end..]);
}
