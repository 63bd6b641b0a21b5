//! Marked content: what the format says of stretches of a content stream.
//!
//! In: begins and ends. Out: whether what is drawn now is hidden or furniture, and the text that stands for a stretch.
//! Never: draws.

use hayro_syntax::object::{Dict, Name, String as PdfString};

/// The stretches that are open.
#[derive(Default)]
pub(super) struct Marked {
    open: Vec<Mark>,
    /// Stretches that were opened beyond the limit.
    lost: usize,
}

struct Mark {
    hidden: bool,
    artifact: bool,
    /// The text that stands for the stretch, with its first glyph.
    actual: Option<(usize, String)>,
}

impl Marked {
    /// How many are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Opens a stretch that begins with the glyph `at`.
    pub fn begin(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>, at: usize) {
        if self.open.len() >= 128 {
            self.lost += 1;
            return;
        }
        let named = |key: &str| properties.and_then(|p| p.get::<Name<'_>>(key));
        let artifact = tag.as_ref() == b"Artifact"
            && (named("Subtype").is_some_and(|s| matches!(s.as_ref(), b"Header" | b"Footer" | b"Watermark"))
                || named("Type").is_some_and(|t| t.as_ref() == b"Pagination"));
        let actual = properties.and_then(|p| p.get::<PdfString<'_>>("ActualText"));
        self.open.push(Mark {
            hidden: self.is_hidden(),
            artifact: artifact || self.is_artifact(),
            actual: actual.map(|text| (at, decode(text.as_bytes()))),
        });
    }

    /// Hides the stretch that was opened last.
    pub fn hide(&mut self) {
        if let Some(mark) = self.open.last_mut() {
            mark.hidden = true;
        }
    }

    /// Closes the last stretch; its first glyph and the text that stands for it, if it has one.
    pub fn end(&mut self) -> Option<(usize, String)> {
        if self.lost > 0 {
            self.lost -= 1;
            return None;
        }
        self.open.pop()?.actual
    }

    /// Whether what is drawn now is hidden.
    pub fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|m| m.hidden)
    }

    /// Whether what is drawn now is a header, footer or watermark.
    pub fn is_artifact(&self) -> bool {
        self.open.last().is_some_and(|m| m.artifact)
    }
}

/// A text string of PDF: UTF-16 or UTF-8 with their marks, else one byte a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let decoded = match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xEF, 0xBB, 0xBF, rest @ ..] => encoding_rs::UTF_8.decode_without_bom_handling(rest).0,
        _ => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    decoded.chars().filter(|c| !c.is_control() && !matches!(c, '\u{FFFD}' | '\u{FEFF}')).collect()
}
