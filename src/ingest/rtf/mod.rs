//! RTF → lines, cells and regions.
//!
//! In: the bytes of a document of the Rich Text Format. Out: header, body, notes and footers in this order. Never:
//! reads deleted or hidden text, pictures, or what only repeats a drawing.

mod destinations;
mod fonts;
mod lexer;
mod reader;
mod state;
mod tables;

use self::lexer::Lexer;
use self::reader::Reader;
use super::{Budget, Text};

const MEDIA_TYPE: &str = "application/rtf";

/// Reads a document.
pub(super) fn document(bytes: &[u8], budget: &mut Budget) -> Text {
    let mut reader = Reader::new(bytes, budget);
    reader.run(Lexer::within(bytes, 0, bytes.len()), state::State::default(), 0);
    reader.finish(MEDIA_TYPE)
}
