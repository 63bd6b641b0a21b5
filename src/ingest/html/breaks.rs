//! Breaks and characters: where a line, a cell, a paragraph ends.
//!
//! In: elements and texts as they come. Out: line ends, tabs, words with one space between them. Never: opens a region.

use super::{REACH, Walker};
use crate::ingest::builder::Builder;
use crate::ingest::tags::Element;

impl Walker {
    /// The break that stands before and after an element.
    pub(super) fn break_before(&mut self, element: Element, out: &mut Builder) {
        match element {
            Element::Paragraph | Element::Heading(_) | Element::Table | Element::Title => self.paragraph_break(out),
            Element::Block | Element::Item | Element::Row | Element::List | Element::Ordered | Element::Pre => {
                self.line(out)
            }
            Element::Nav | Element::Header | Element::Footer | Element::Aside | Element::Main | Element::Rule => {
                self.line(out)
            }
            Element::Cell => self.cell_break(out),
            _ => {}
        }
    }

    /// An empty line; inside a table a new line is all.
    pub(super) fn paragraph_break(&mut self, out: &mut Builder) {
        self.space = false;
        let in_cell = self.tables.last().is_some_and(|t| t.in_row && !t.is_layout);
        if !in_cell {
            out.blank();
        } else if !out.at_space() {
            out.line();
        }
    }

    /// A new line; at the start of a cell there is none to end.
    pub(super) fn line(&mut self, out: &mut Builder) {
        self.space = false;
        if self.preformatted > 0 && out.at_line_start() {
            out.text("\n");
        } else if !(self.is_in_cell() && out.at_tab()) {
            out.line();
        }
    }

    fn is_in_cell(&self) -> bool {
        self.stack.iter().rev().take(REACH).any(|(e, _)| *e == Element::Cell)
    }

    fn cell_break(&mut self, out: &mut Builder) {
        self.space = false;
        match self.tables.last() {
            Some(table) if table.is_layout => out.line(),
            Some(table) if table.cells_in_row > 0 => {
                out.trim_line();
                // A break at the end of a cell parts nothing.
                if out.has_ink_after(table.cell_start) {
                    out.unline();
                }
                out.text("\t");
            }
            Some(_) => {}
            None => out.line(),
        }
    }

    /// Takes in text: white space is one space, none at the ends of a line.
    pub fn text(&mut self, text: &str, out: &mut Builder) {
        if self.skipping.is_some() && !matches!(self.stack.last(), Some((Element::Title, _))) {
            return;
        }
        if self.preformatted > 0 {
            return out.text(text);
        }
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}' | '\u{A0}');
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if is_space(c) {
                self.space = true;
                rest = rest.trim_start_matches(is_space);
                continue;
            }
            // A number before a number (`3. 09:00`) would be no help to anybody.
            if let Some(label) = self.label.take().filter(|_| !c.is_numeric()) {
                out.text(&label);
            }
            if self.space && !out.at_space() {
                out.text(" ");
            }
            self.space = false;
            let end = rest.find(is_space).unwrap_or(rest.len());
            out.text(&rest[..end]);
            rest = &rest[end..];
        }
    }
}
