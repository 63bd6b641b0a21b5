//! The code pages of an RTF document and of its fonts.
//!
//! In: what the header says. Out: how bytes are decoded under each font. Never: guesses from the text.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};
use rustc_hash::FxHashMap;

/// Fonts that are kept.
const MOST: usize = 4_096;
/// The charset of symbol fonts.
const SYMBOL: i32 = 2;

/// A font.
#[derive(Clone, Debug, Default)]
struct Font {
    charset: Option<i32>,
    codepage: Option<i32>,
    name: String,
}

/// The fonts of a document.
#[derive(Clone, Debug)]
pub(super) struct Fonts {
    /// The code page of the document.
    pub ansi: &'static Encoding,
    fonts: FxHashMap<i32, Font>,
    /// Whether any font names a charset beyond the ordinary one.
    told: bool,
}

/// How text under a font is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decoding {
    As(&'static Encoding),
    /// A symbol font, by its number.
    Symbols(i32),
}

impl Default for Fonts {
    fn default() -> Self {
        Self { ansi: WINDOWS_1252, fonts: FxHashMap::default(), told: false }
    }
}

impl Fonts {
    fn font(&mut self, number: i32) -> Option<&mut Font> {
        if self.fonts.len() >= MOST && !self.fonts.contains_key(&number) {
            return None;
        }
        Some(self.fonts.entry(number).or_default())
    }

    /// A font's charset.
    pub fn charset(&mut self, font: i32, charset: i32) {
        self.told |= charset > SYMBOL;
        if let Some(font) = self.font(font) {
            font.charset = Some(charset);
        }
    }

    /// A font's own code page.
    pub fn codepage(&mut self, font: i32, codepage: i32) {
        if let Some(font) = self.font(font) {
            font.codepage = Some(codepage);
        }
    }

    /// A piece of a font's name.
    pub fn name(&mut self, font: i32, piece: &[u8]) {
        if let Some(font) = self.font(font).filter(|f| f.name.len() < 100) {
            font.name.push_str(&String::from_utf8_lossy(piece.get(..piece.len().min(100)).unwrap_or(piece)));
        }
    }

    /// The name of a font.
    pub fn name_of(&self, font: i32) -> &str {
        self.fonts.get(&font).map_or("", |f| f.name.as_str())
    }

    /// How text under a font is decoded. The ordinary charset is Western where the fonts tell charsets apart, else
    /// that of the document.
    pub fn decoding(&self, number: i32) -> Decoding {
        let Some(font) = self.fonts.get(&number) else { return Decoding::As(self.ansi) };
        if let Some(encoding) = font.codepage.and_then(of_codepage) {
            return Decoding::As(encoding);
        }
        match font.charset {
            Some(SYMBOL) => Decoding::Symbols(number),
            Some(0) if self.told => Decoding::As(WINDOWS_1252),
            Some(charset) => Decoding::As(of_charset(charset).unwrap_or(self.ansi)),
            None => Decoding::As(self.ansi),
        }
    }
}

/// The encoding of a Windows code page.
pub(super) fn of_codepage(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        866 => IBM866,
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 => GBK,
        949 | 1361 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10_000 => MACINTOSH,
        65_001 => UTF_8,
        _ => return None,
    })
}

/// The encoding of a font's charset.
fn of_charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        77 => MACINTOSH,
        128 => SHIFT_JIS,
        129 | 130 => EUC_KR,
        134 => GBK,
        136 => BIG5,
        161 => WINDOWS_1253,
        162 => WINDOWS_1254,
        163 => WINDOWS_1258,
        177 => WINDOWS_1255,
        178..=180 => WINDOWS_1256,
        186 => WINDOWS_1257,
        204 => WINDOWS_1251,
        222 => WINDOWS_874,
        238 => WINDOWS_1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ordinary_charset_is_that_of_the_document_unless_fonts_tell_charsets_apart() {
        let mut fonts = Fonts { ansi: WINDOWS_1251, ..Fonts::default() };
        fonts.charset(0, 0);
        assert_eq!(fonts.decoding(0), Decoding::As(WINDOWS_1251));
        fonts.charset(1, 238);
        assert_eq!(fonts.decoding(0), Decoding::As(WINDOWS_1252));
        assert_eq!(fonts.decoding(1), Decoding::As(WINDOWS_1250));
        assert_eq!(fonts.decoding(7), Decoding::As(WINDOWS_1251));
        fonts.charset(2, 2);
        assert_eq!(fonts.decoding(2), Decoding::Symbols(2));
    }
}
