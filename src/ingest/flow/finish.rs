//! The end of a [`Flow`]: pages are numbered, the title of the properties put first.
//!
//! In: what was written. Out: the text. Never: changes a word, but for characters that are none.

use super::Flow;
use crate::ingest::remark;
use crate::ingest::text::{Region, RegionKind, Text};
use crate::model::{Severity, Span};

impl Flow {
    /// The text, with a remark where the limits cut it short.
    pub fn finish(mut self, media_type: &str, title: Option<&str>) -> Text {
        while self.in_table() {
            self.close_table();
        }
        self.end_paragraph();
        let full = self.is_full();
        self.out.trim_line();
        let pages = std::mem::take(&mut self.pages);
        let mut text = self.out.finish(media_type);
        number_pages(&mut text, &pages);
        if let Some(title) = title.map(clean).filter(|title| bears_out(title, &text.content)) {
            entitle(&mut text, title.trim());
        }
        if full {
            let message = "the document holds more text than its limits allow; the rest was left out".to_owned();
            text.diagnostics.push(remark("A0133", Severity::Warning, message, None));
        }
        text
    }
}

/// A range for each page, where there is more than one.
fn number_pages(text: &mut Text, starts: &[usize]) {
    let end = text.content.len();
    let mut bounds: Vec<usize> = starts.iter().copied().filter(|at| *at < end).collect();
    if bounds.is_empty() {
        return;
    }
    bounds.insert(0, 0);
    bounds.push(end);
    let mut number = 0;
    for pair in bounds.windows(2) {
        let &[start, mut upto] = pair else { continue };
        while upto > start && text.content.as_bytes().get(upto - 1) == Some(&0x0C) {
            upto -= 1;
        }
        number += 1;
        text.layout.push(Region { span: Span::new(start, upto), kind: RegionKind::Page(number) });
    }
    text.pages = Some(number);
}

/// Puts the title of the document's properties before the text, as web pages have theirs.
fn entitle(text: &mut Text, title: &str) {
    let by = title.len() + 2;
    let moved = |span: Span| Span::new(span.start + by, span.end + by);
    for region in &mut text.layout {
        region.span = moved(region.span);
        if let RegionKind::Link(target) | RegionKind::Noted(target) = &mut region.kind {
            *target = moved(*target);
        }
    }
    text.content.insert_str(0, "\n\n");
    text.content.insert_str(0, title);
    text.layout.push(Region { span: Span::new(0, title.len()), kind: RegionKind::Meta("title".into()) });
}

/// Text without characters that are no text.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter_map(cleaned).collect()
}

/// Characters that are written otherwise or not at all.
pub(super) fn unclean(c: char) -> bool {
    cleaned(c) != Some(c)
}

/// White space is a space, control characters are nothing.
fn cleaned(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{a0}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{ad}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Whether the text bears out a title of the document's properties: most of its longer words stand there. Templates
/// and programs leave many titles of which that cannot be said.
fn bears_out(title: &str, text: &str) -> bool {
    const LEAST: usize = 4;
    let words = || title.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= LEAST);
    let text = text.to_lowercase();
    let (all, known) = (words().count(), words().filter(|w| text.contains(&w.to_lowercase())).count());
    all >= 2 && known * 5 >= all * 4 && title.chars().count() <= 300
}
