//! The characters of an RTF document.
//!
//! In: bytes in some code page, numbers of characters, words and symbols that stand for one. Out: text where it
//! belongs: in the flow, an instruction, a number, a title. Never: lets a fallback stand beside its character.

use super::super::fonts::Decoding;
use super::super::state::{Destination, State};
use super::Reader;
use crate::ingest::symbols::symbol;

/// Characters of a number or title.
const LONGEST: usize = 400;

impl Reader<'_, '_> {
    /// Words that stand for a character.
    pub(super) fn character(&mut self, word: &str, state: &State) {
        let text = match word {
            "emdash" => "\u{2014}",
            "endash" => "\u{2013}",
            "lquote" => "\u{2018}",
            "rquote" => "\u{2019}",
            "ldblquote" => "\u{201c}",
            "rdblquote" => "\u{201d}",
            "bullet" => "\u{2022}",
            "enspace" | "emspace" | "qmspace" | "tab" => " ",
            _ => return,
        };
        self.put(text, state);
    }

    pub(super) fn symbol(&mut self, symbol: u8, state: &State) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match symbol {
            b'\\' | b'{' | b'}' => self.put(char::from(symbol).encode_utf8(&mut [0; 4]), state),
            b'~' => self.put(" ", state),
            b'_' => self.put("-", state),
            b'\n' | b'\r' if state.destination == Destination::Body => self.end_paragraph(state, 0),
            b'\t' if state.destination == Destination::Body && self.shows(state) => {
                self.begin_paragraph(state);
                self.flow.tab();
            }
            _ => {}
        }
    }

    /// Characters in some code page.
    pub(super) fn raw(&mut self, bytes: &[u8], state: &State) {
        let skip = self.skip.min(bytes.len());
        self.skip -= skip;
        let bytes = bytes.get(skip..).unwrap_or_default();
        match state.destination {
            Destination::Shape | Destination::Info => {}
            Destination::Fonts => self.fonts.name(self.font, bytes),
            _ => self.bytes.extend_from_slice(bytes),
        }
    }

    /// Decodes the bytes that were met.
    pub(super) fn flush(&mut self, state: &State) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        match self.fonts.decoding(state.font) {
            Decoding::As(encoding) => {
                let text = encoding.decode_without_bom_handling(&bytes).0;
                self.put(&text, state);
            }
            Decoding::Symbols(font) => {
                let name = self.fonts.name_of(font).trim_end_matches(';').to_owned();
                let text: String = bytes
                    .iter()
                    .filter_map(|b| match b {
                        b' ' | b'\t' => Some(' '),
                        b => symbol(0xF000 + u32::from(*b), &name),
                    })
                    .collect();
                self.put(&text, state);
            }
        }
    }

    /// A character by its number, which may be half of a pair.
    pub(super) fn unicode(&mut self, number: i32, state: &State) {
        self.skip = state.fallback;
        let unit = u16::try_from(number).ok().or_else(|| i16::try_from(number).ok().map(|n| n.cast_unsigned()));
        let Some(unit) = unit else {
            let c = u32::try_from(number).ok().and_then(char::from_u32);
            return c.into_iter().for_each(|c| self.put(c.encode_utf8(&mut [0; 4]), state));
        };
        let units = match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => vec![high, unit],
            (_, 0xD800..=0xDBFF) => return self.high = Some(unit),
            _ => vec![unit],
        };
        for c in char::decode_utf16(units).filter_map(Result::ok) {
            let c = match c {
                '\u{f000}'..='\u{f0ff}' => symbol(c.into(), self.fonts.name_of(state.font)),
                c => Some(c),
            };
            if let Some(c) = c {
                self.put(c.encode_utf8(&mut [0; 4]), state);
            }
        }
    }

    /// Puts decoded text where it belongs.
    fn put(&mut self, text: &str, state: &State) {
        let room = |held: &String| held.len() + text.len() <= LONGEST;
        match state.destination {
            Destination::Body if self.shows(state) => {
                self.begin_paragraph(state);
                if !self.tables.is_mute() {
                    self.flow.text(text, state.look);
                }
            }
            Destination::Instruction => self.fields.instruction(text),
            Destination::Label if room(&self.label) => self.label.push_str(text),
            Destination::Title if room(&self.title) => self.title.push_str(text),
            Destination::Styles if room(&self.style.2) => self.style.2.push_str(text),
            _ => {}
        }
    }
}
