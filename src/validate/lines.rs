//! The lines of a text.
//!
//! In: a text. Out: line numbers of byte offsets and which lines are blank. Never: reads what a line says.

use crate::model::Span;

/// Where each line of a text begins and ends.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    blank: Vec<bool>,
}

impl LineIndex {
    /// The lines of `content`; `\n` ends a line.
    pub fn new(content: &str) -> Self {
        let (mut starts, mut blank, mut at) = (Vec::new(), Vec::new(), 0);
        for line in content.split_inclusive('\n') {
            starts.push(at);
            blank.push(line.chars().all(char::is_whitespace));
            at += line.len();
        }
        Self { starts, blank }
    }

    /// The line, from 1, in which byte `at` stands; 0 in an empty text.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|s| *s <= at)
    }

    /// The text of line `line` (from 1) of `content`, with its line end; nothing where there is no such line.
    pub fn text<'t>(&self, content: &'t str, line: usize) -> &'t str {
        let Some(start) = line.checked_sub(1).and_then(|i| self.starts.get(i)) else { return "" };
        let end = self.starts.get(line).copied().unwrap_or(content.len());
        content.get(*start..end).unwrap_or("")
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is no line at all.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Whether line `line` (from 1) holds more than white space; false where there is no such line.
    pub fn is_filled(&self, line: usize) -> bool {
        line.checked_sub(1).and_then(|i| self.blank.get(i)).is_some_and(|b| !b)
    }

    /// Numbers of the lines that hold more than white space.
    pub fn filled(&self) -> impl Iterator<Item = usize> + '_ {
        (1..=self.len()).filter(|l| self.is_filled(*l))
    }

    /// Numbers of the lines that `span` touches.
    pub fn touched(&self, span: Span) -> std::ops::RangeInclusive<usize> {
        let last = span.end.saturating_sub(1).max(span.start);
        self.line(span.start)..=self.line(last)
    }
}
