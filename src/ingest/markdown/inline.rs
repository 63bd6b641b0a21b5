//! The text inside Markdown's blocks: indents, marks at the start of a line, code blocks.
//!
//! In: runs of text with their place in the source. Out: the same text. Never: drops words.

use std::ops::Range;

use super::Writer;
use crate::ingest::tags;
use crate::ingest::text::RegionKind;

impl Writer<'_> {
    /// A run of text.
    pub(super) fn text(&mut self, text: &str, range: Range<usize>) {
        self.item_begins = false;
        if let Some(code) = &mut self.code {
            code.text.push_str(text);
            return;
        }
        if self.images > 0 || self.tags.is_skipping() {
            return;
        }
        // Behind a `<br>` the spaces of the source are still there; an indent is written by itself.
        let mut text = if self.out.at_line_start() { text.trim_start_matches(' ') } else { text };
        if self.out.at_line_or_indent() && self.source[range.clone()].ends_with(text) {
            text = without_mark(text);
        }
        self.out.text(text);
    }

    /// A line end inside a paragraph; the next line begins at `at` or behind its indent.
    pub(super) fn newline(&mut self, at: usize) {
        if self.tags.is_skipping() {
            return;
        }
        self.out.line();
        let rest = &self.source[at.min(self.source.len())..];
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.indent(at + indent);
    }

    /// The white space that stands in the source between the start of the line and `at`. In lists and
    /// quotations it is markup.
    pub(super) fn indent(&mut self, at: usize) {
        if self.lists > 0 || self.quotes > 0 || self.table.is_some() {
            return;
        }
        let before = &self.source[..at.min(self.source.len())];
        let indent = &before[before.trim_end_matches([' ', '\t']).len()..];
        if before.len() == indent.len() || before[..before.len() - indent.len()].ends_with('\n') {
            self.out.text(indent);
        }
    }

    /// A code block that ends: fenced text is verbatim, indented text is text that somebody indented.
    pub(super) fn code_block(&mut self, range: &Range<usize>) {
        let Some(code) = self.code.take() else { return };
        if code.indented && is_tag(&code.text) {
            self.html.push_str(&code.text);
            return;
        }
        self.separate(range.start);
        if !code.indented {
            let open = self.out.open(RegionKind::Verbatim);
            self.out.text(&code.text);
            self.out.close(open);
        } else if self.lists > 0 || self.quotes > 0 {
            self.out.text(&code.text);
        } else {
            let start = self.source[..code.start].rfind('\n').map_or(0, |at| at + 1);
            for line in self.source[start..range.end].lines() {
                self.out.text(line.trim_end());
                self.out.text("\n");
            }
        }
        self.out.line();
    }
}

/// Whether a text begins with a tag of HTML.
fn is_tag(text: &str) -> bool {
    let mut bytes = text.trim_start().bytes();
    bytes.next() == Some(b'<')
        && bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!'))
        && tags::begins_with_known_tag(text.trim_start())
}

/// Without the `: ` of a definition and the `:name: ` of a picture sign.
fn without_mark(text: &str) -> &str {
    let Some(rest) = text.strip_prefix(':') else { return text };
    if let Some(definition) = rest.strip_prefix(' ') {
        return definition.trim_start();
    }
    let name =
        rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_').len();
    match rest[name..].strip_prefix(": ") {
        Some(after) if name > 1 && rest.starts_with(|c: char| c.is_ascii_lowercase()) => after,
        _ => text,
    }
}
