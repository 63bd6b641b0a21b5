//! RTF → tokens.
//!
//! In: bytes. Out: groups, control words, characters and text, one after another. Never: fails; what is no token is
//! text.

use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_while, take_while_m_n, take_while1};
use nom::combinator::{map, map_opt, opt, recognize};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

/// Letters of a control word.
const LONGEST_WORD: usize = 40;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name` with its number.
    Word(&'a str, Option<i32>),
    /// `\'xx`
    Byte(u8),
    /// A backslash and a character that is no letter.
    Symbol(u8),
    /// Characters as they stand.
    Text(&'a [u8]),
    /// A line end, which means nothing.
    Nothing,
}

/// The tokens of a document from some place on.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    end: usize,
    /// Binary data was announced that is not there.
    pub cut: bool,
}

impl<'a> Lexer<'a> {
    /// The tokens of a range of `source`.
    pub fn within(source: &'a [u8], from: usize, to: usize) -> Self {
        Self { source, at: from, end: to.min(source.len()), cut: false }
    }

    /// The next token. Binary data is passed over.
    pub fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.source.get(self.at..self.end).filter(|rest| !rest.is_empty())?;
        let (after, token) = token(rest).unwrap_or((rest.get(1..)?, Token::Nothing));
        self.at = self.end - after.len();
        if let Token::Word("bin", Some(length)) = token {
            let length = usize::try_from(length).unwrap_or(0);
            self.cut |= length > after.len();
            self.at += length.min(after.len());
            return Some(Token::Nothing);
        }
        Some(token)
    }

    /// Passes over the rest of the group that is open; gives the range of what it holds.
    pub fn skip_group(&mut self) -> (usize, usize) {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            let before = self.at;
            match self.next() {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) if depth == 0 => return (start, before),
                Some(Token::Close) => depth -= 1,
                Some(_) => {}
                None => {
                    self.cut = true;
                    return (start, before);
                }
            }
        }
    }
}

fn token(input: &[u8]) -> IResult<&[u8], Token<'_>> {
    alt((
        map(tag(&b"{"[..]), |_| Token::Open),
        map(tag(&b"}"[..]), |_| Token::Close),
        preceded(tag(&b"\\"[..]), alt((word, byte, symbol))),
        map(take_while1(|b: u8| matches!(b, b'\r' | b'\n' | 0)), |_| Token::Nothing),
        map(take_while1(|b: u8| !matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0)), Token::Text),
        // a backslash at the very end
        map(take(1usize), |_| Token::Nothing),
    ))
    .parse(input)
}

/// A control word; one space behind it belongs to it.
fn word(input: &[u8]) -> IResult<&[u8], Token<'_>> {
    let name = map_opt(take_while_m_n(1, LONGEST_WORD, |b: u8| b.is_ascii_alphabetic()), |name| {
        std::str::from_utf8(name).ok()
    });
    let digits = take_while_m_n(1, 10, |b: u8| b.is_ascii_digit());
    let number = map(recognize(pair(opt(tag(&b"-"[..])), digits)), |digits: &[u8]| {
        let number = std::str::from_utf8(digits).ok().and_then(|d| d.parse::<i64>().ok()).unwrap_or(0);
        i32::try_from(number.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or(0)
    });
    let end = pair(take_while(|b: u8| b.is_ascii_digit()), opt(tag(&b" "[..])));
    map(terminated(pair(name, opt(number)), end), |(name, number)| Token::Word(name, number)).parse(input)
}

fn byte(input: &[u8]) -> IResult<&[u8], Token<'_>> {
    let digits = take_while_m_n(2, 2, |b: u8| b.is_ascii_hexdigit());
    map_opt(preceded(tag(&b"'"[..]), digits), |digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, 16).ok().map(Token::Byte)
    })
    .parse(input)
}

fn symbol(input: &[u8]) -> IResult<&[u8], Token<'_>> {
    map(take(1usize), |s: &[u8]| s.first().map_or(Token::Nothing, |b| Token::Symbol(*b))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(source: &[u8]) -> Vec<Token<'_>> {
        let mut lexer = Lexer::within(source, 0, source.len());
        std::iter::from_fn(|| lexer.next()).filter(|t| *t != Token::Nothing).collect()
    }

    #[test]
    fn words_numbers_and_characters() {
        use Token::{Byte, Close, Open, Symbol, Text, Word};
        assert_eq!(
            tokens(b"{\\rtf1\\b0 Tea\\'e9\\~x\r\n\\li-720y}"),
            [
                Open,
                Word("rtf", Some(1)),
                Word("b", Some(0)),
                Text(b"Tea"),
                Byte(0xE9),
                Symbol(b'~'),
                Text(b"x"),
                Word("li", Some(-720)),
                Text(b"y"),
                Close
            ]
        );
    }

    #[test]
    fn binary_data_is_passed_over() {
        assert_eq!(tokens(b"\\bin3 {{}x"), [Token::Text(b"x")]);
        assert_eq!(tokens(b"\\bin99 {{}"), []);
    }

    #[test]
    fn damage_is_no_end() {
        assert_eq!(tokens(b"\\'zzq"), [Token::Symbol(b'\''), Token::Text(b"zzq")]);
        assert_eq!(tokens(b"a\\"), [Token::Text(b"a")]);
        assert_eq!(tokens(b"\\u99999999999999999999 x"), [Token::Word("u", Some(i32::MAX)), Token::Text(b"x")]);
    }

    #[test]
    fn a_group_is_passed_over() {
        let source = b"{a{b}\\}c}d";
        let mut lexer = Lexer::within(source, 1, source.len());
        assert_eq!(lexer.skip_group(), (1, 8));
        assert_eq!(lexer.next(), Some(Token::Text(b"d")));
    }
}
