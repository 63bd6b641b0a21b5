//! Bytes → [`Text`].

mod text;

pub use text::{Region, RegionKind, Source, Text};

/// Reads `source` as text. Always gives a text; what was wrong stands in its diagnostics.
pub fn ingest(source: &Source) -> Text {
    Text { content: String::from_utf8_lossy(&source.bytes).into_owned(), ..Text::default() }
}
