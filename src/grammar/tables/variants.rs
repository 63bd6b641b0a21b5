//! Patterns that do part of another pattern's work sooner.
//!
//! In: a regular expression. Out: one that matches the same in every text of ASCII, one that does in texts of Latin letters, and
//! one that matches wherever that does, and perhaps elsewhere. Most texts are of these, and what has all signs of Unicode is
//! slow to compile; a Unicode word boundary, which takes the `regex` crate off its fast path where a text is not ASCII, stands
//! in the second alone.

use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};
use serde::{Deserialize, Serialize};

use super::needs::needs;

/// The signs of ASCII.
const ASCII: &[(char, char)] = &[('\0', '\x7f')];
/// The signs of ASCII and Latin, and the dashes and quotes of print.
const LATIN: &[(char, char)] = &[('\0', '\u{17f}'), ('\u{2000}', '\u{203f}')];

/// Whether a text has only signs that the pattern for Latin letters knows.
pub fn is_latin(text: &str) -> bool {
    let bytes = text.as_bytes();
    let next = |at: usize| bytes.get(at + 1).copied();
    bytes.iter().enumerate().all(|(at, b)| match b {
        // the bytes behind a sign's first one, and the first one of a sign up to U+017F
        0..=0xc5 => true,
        0xe2 => next(at) == Some(0x80),
        _ => false,
    })
}

/// A pattern with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forms {
    /// As it was written.
    pub whole: String,
    /// One of these, in any ASCII case, stands in every match; nothing is known where there is none.
    pub needs: Vec<String>,
    /// The same for texts of ASCII.
    pub ascii: String,
    /// The same for texts of Latin letters.
    pub latin: String,
    /// That without its word boundaries, where it has some, and matches only where something stands.
    pub loose: Option<String>,
}

impl Forms {
    /// The forms of a pattern.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn of(pattern: &str) -> Result<Forms, Box<regex_syntax::Error>> {
        let hir = regex_syntax::parse(pattern)?;
        let stands = hir.properties().minimum_len().is_some_and(|least| least > 0);
        let bounded = hir.properties().look_set().contains_word();
        let free = |look: Look| if plain(look) == look { Hir::look(look) } else { Hir::empty() };
        Ok(Forms {
            whole: pattern.to_owned(),
            needs: needs(&hir),
            ascii: rewritten(&hir, &|look| Hir::look(plain(look)), ASCII).to_string(),
            latin: rewritten(&hir, &Hir::look, LATIN).to_string(),
            loose: (stands && bounded).then(|| rewritten(&hir, &free, LATIN).to_string()),
        })
    }
}

/// The expression with other looks, and with no other signs in its classes than these.
fn rewritten(hir: &Hir, look: &dyn Fn(Look) -> Hir, signs: &[(char, char)]) -> Hir {
    let again = |sub: &Hir| rewritten(sub, look, signs);
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.intersect(&ClassUnicode::new(signs.iter().map(|(a, b)| ClassUnicodeRange::new(*a, *b))));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Look(here) => look(*here),
        HirKind::Repetition(r) => Hir::repetition(Repetition { sub: Box::new(again(&r.sub)), ..r.clone() }),
        HirKind::Capture(c) => Hir::capture(Capture { sub: Box::new(again(&c.sub)), ..c.clone() }),
        HirKind::Concat(all) => Hir::concat(all.iter().map(again).collect()),
        HirKind::Alternation(all) => Hir::alternation(all.iter().map(again).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(Class::Bytes(_)) => hir.clone(),
    }
}

/// The word boundary of ASCII for one of Unicode.
fn plain(look: Look) -> Look {
    match look {
        Look::WordUnicode => Look::WordAscii,
        Look::WordUnicodeNegate => Look::WordAsciiNegate,
        Look::WordStartUnicode => Look::WordStartAscii,
        Look::WordEndUnicode => Look::WordEndAscii,
        Look::WordStartHalfUnicode => Look::WordStartHalfAscii,
        Look::WordEndHalfUnicode => Look::WordEndHalfAscii,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(pattern: &str) -> Forms {
        Forms::of(pattern).unwrap()
    }

    #[test]
    fn signs_are_left_out_and_captures_are_kept() {
        assert_eq!(forms(r"(?i)\bk\b").ascii, r"(?:(?-u:\b)[Kk](?-u:\b))");
        assert_eq!(forms("(?P<n>[a-zéж])").ascii, "(?P<n>[a-z])");
        assert_eq!(forms("(?P<n>[a-zéж])").latin, "(?P<n>[a-zé])");
        assert!(Forms::of("(").is_err());
    }

    #[test]
    fn boundaries_go_where_there_are_some() {
        assert_eq!(forms(r"\bday\b").loose.as_deref(), Some("(?:day)"));
        assert_eq!(forms("day").loose, None, "it is on the fast path already");
        assert_eq!(forms(r"\b").loose, None, "it matches where nothing stands");
    }

    #[test]
    fn latin_texts_are_told_by_their_bytes() {
        for c in
            ('\0'..=char::MAX).step_by(7).chain(['\u{17f}', '\u{180}', '\u{2000}', '\u{203f}', '\u{2040}', '\u{1fff}'])
        {
            let known = LATIN.iter().any(|(a, b)| (*a..=*b).contains(&c));
            assert_eq!(is_latin(&format!("a{c}b")), known, "{c:?}");
        }
    }
}
