//! The text that every later stage reads: one UTF-8 string and the layout that its format told.

use super::Limits;
use crate::diag::finding;
use crate::model::{Diagnostic, Span};

/// What an input file is, before anything is known of it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Path below the folder that was given (or the file's name), with `/`.
    pub path: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Source {
    /// A short text as the grammars' examples have it: `md:` begins Markdown, `html:` a piece of HTML.
    pub fn example(text: &str) -> Self {
        let (path, content) = match (text.strip_prefix("md:"), text.strip_prefix("html:")) {
            (Some(markdown), _) => ("example.md", markdown.to_owned()),
            (_, Some(html)) => ("example.html", format!("<html><body>{html}")),
            _ => ("example.txt", text.to_owned()),
        };
        Self { path: path.into(), bytes: content.into_bytes() }
    }
}

/// A document as text: `\n` ends a line, `\t` a cell, `\u{c}` a page.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The text that all spans count in.
    pub content: String,
    /// Typed ranges over it, sorted by start, longer ones first.
    pub layout: Vec<Region>,
    /// WHATWG name of the encoding decided on.
    pub encoding: String,
    /// IANA media type.
    pub media_type: String,
    /// Pages, where the format has them.
    pub pages: Option<u32>,
    /// Whether `content` differs from the input's own bytes.
    pub differs: bool,
    /// Where the text stands on its pages, sorted by span, where the format tells; one box a word or line.
    pub boxes: Vec<PageBox>,
    /// Words that were read off an image without confidence, sorted.
    pub doubts: Vec<Span>,
    /// What ingest had to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a piece of the text stands on its page, in points from the page's upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PageBox {
    /// The piece.
    pub span: Span,
    /// The page, from 1.
    pub page: u32,
    /// Left, top, right, bottom.
    pub area: [f32; 4],
}

/// A typed range of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: RegionKind,
}

/// What a range of the text is in its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// A page, from 1.
    Page(u32),
    /// A paragraph or other block that the format keeps together.
    Block,
    /// Lines that only the width of their column parts: they run on as one. A line that begins one goes on nothing.
    Run,
    /// A heading with its level, from 1.
    Heading(u8),
    /// A list item with its depth, from 1.
    Item(u8),
    /// A table, with its rows.
    Table,
    /// A table row.
    Row,
    /// A table cell: row and column from 0, rows and columns that it spans.
    Cell {
        /// Row.
        row: u32,
        /// Column.
        column: u32,
        /// Rows covered.
        rows: u32,
        /// Columns covered.
        columns: u32,
    },
    /// Strong or emphasised text.
    Strong,
    /// Slanted text.
    Emphasis,
    /// Text that carries a link; the target stands at the given range of the same text.
    Link(Span),
    /// The end of words that carry a note's mark; the note stands at the given range of the same text.
    Noted(Span),
    /// A link's target, appended after the reading order.
    Target,
    /// A named property of the document (front matter, mail header): its lower-case key. The range covers the value.
    Meta(String),
    /// Code or other text that is not the document's own words.
    Verbatim,
    /// Text that a page or site repeats round the document: running headers and footers, navigation.
    Furniture,
    /// A footnote or endnote.
    Note,
    /// Text quoted from an earlier message, with its depth, from 1.
    Quote(u8),
}

impl Text {
    /// Regions that overlap `span`.
    pub fn regions(&self, span: Span) -> impl Iterator<Item = &Region> {
        let upto = self.layout.partition_point(|r| r.span.start < span.end.max(span.start + 1));
        self.layout[..upto].iter().filter(move |r| r.span.end > span.start)
    }

    /// The same document without its text, which went over `limits`.
    pub fn given_up(self, limits: &Limits) -> Self {
        let message = if self.content.len() > limits.text() {
            format!("expected at most {} MB of text (--max-memory)", limits.text() >> 20)
        } else {
            format!("expected to be done in {} s (--max-time)", limits.time.as_secs())
        };
        let mut diagnostics: Vec<Diagnostic> =
            self.diagnostics.into_iter().map(|d| Diagnostic { span: None, ..d }).collect();
        diagnostics.push(finding("A0143", message));
        Self { encoding: self.encoding, media_type: self.media_type, diagnostics, differs: true, ..Self::default() }
    }

    /// Sorts the layout as the stages expect it.
    pub fn finish(mut self) -> Self {
        self.layout.sort_by_key(|r| (r.span.start, std::cmp::Reverse(r.span.end)));
        self
    }
}
