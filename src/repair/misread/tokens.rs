//! A text's words: runs of letters and digits, with what stands around them.

use crate::model::Span;

/// A run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) shape: Shape,
}

/// What a run of letters and digits looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) lower: u16,
    pub(super) upper: u16,
    pub(super) digits: u16,
    /// Begins with a capital.
    pub(super) capital: bool,
    /// Has other letters than those of ASCII.
    pub(super) accents: bool,
    /// Stands in an address.
    pub(super) address: bool,
}

impl Shape {
    pub(super) fn len(self) -> usize {
        usize::from(self.lower) + usize::from(self.upper) + usize::from(self.digits)
    }

    /// Small ASCII letters only.
    pub(super) fn is_small(self) -> bool {
        self.upper == 0 && self.digits == 0 && !self.accents
    }

    /// A capital or digit stands where words have none.
    pub(super) fn is_odd(self) -> bool {
        self.lower > 0 && (self.digits > 0 || self.upper > u16::from(self.capital))
    }
}

/// The runs of letters and digits of `text`, in order.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// The run of signs without white space that is being read ends here, and is an address or not.
    chunk: (usize, bool),
}

pub(super) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, chunk: (0, false) }
}

fn is_address(chunk: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(chunk, needle).is_some();
    memchr::memchr(b'@', chunk).is_some() || has(b"\xc2\xa9") && chunk.len() > 5 || has(b"www") || has(b"://")
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(b) = bytes.get(at) {
            at += match b {
                b if b.is_ascii_alphanumeric() => break,
                b if b.is_ascii() => 1,
                _ => match self.text.get(at..).and_then(|t| t.chars().next()) {
                    Some(c) if c.is_alphanumeric() => break,
                    c => c.map_or(1, char::len_utf8),
                },
            };
        }
        let start = at;
        let mut shape = Shape::default();
        while let Some(b) = bytes.get(at) {
            match b {
                b'a'..=b'z' => shape.lower += 1,
                b'A'..=b'Z' => {
                    shape.capital |= at == start;
                    shape.upper += 1;
                }
                b'0'..=b'9' => shape.digits += 1,
                b if b.is_ascii() => break,
                _ => {
                    let Some(c) = self.text.get(at..).and_then(|t| t.chars().next()) else { break };
                    if !c.is_alphanumeric() {
                        break;
                    }
                    shape.accents = true;
                    if c.is_uppercase() {
                        shape.capital |= at == start;
                        shape.upper += 1;
                    } else {
                        shape.lower += 1;
                    }
                    at += c.len_utf8();
                    continue;
                }
            }
            at += 1;
        }
        self.at = at;
        if at == start {
            return None;
        }
        if start >= self.chunk.0 {
            let end = bytes[at..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |n| at + n);
            let begin = bytes[..start].iter().rposition(u8::is_ascii_whitespace).map_or(0, |n| n + 1);
            self.chunk = (end, is_address(&bytes[begin..end]));
        }
        shape.address = self.chunk.1;
        Some(Token { span: Span::new(start, at), shape })
    }
}
