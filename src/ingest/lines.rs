//! Line ends and control characters, pages by form feed, remarks on long lines.
//!
//! In: decoded characters. Out: text in which `\n` alone ends a line and no control character stands but
//! `\n`, `\t` and `\u{c}`. Never: joins or drops a line.

use std::borrow::Cow;

use super::text::{Region, RegionKind, Text};
use super::{LONG_LINE, remark};
use crate::model::{Diagnostic, Severity, Span};

/// One way of ending a line, no control characters. Borrows where there is nothing to do.
pub(super) fn normalise<'a>(content: &'a str, diagnostics: &mut Vec<Diagnostic>) -> Cow<'a, str> {
    let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    let Some(first) = content.bytes().position(is_suspect) else { return content.into() };
    let mut out = String::with_capacity(content.len());
    // `kept` is the start of the run that is copied as it stands.
    let (mut kept, mut removed) = (0, 0usize);
    let mut before = content[..first].chars().next_back().unwrap_or('\0');
    for (offset, c) in content[first..].char_indices() {
        let at = first + offset;
        let replacement = match c {
            '\r' if content[at + 1..].starts_with('\n') => Some(""),
            '\r' | '\u{B}' | '\u{2028}' | '\u{2029}' => Some("\n"),
            // Behind such a letter it is the second half of one that was decoded wrongly.
            '\u{85}' if !matches!(before, '\u{80}'..='\u{9F}' | '\u{C2}'..='\u{F4}') => Some("\n"),
            '\n' | '\t' | '\u{C}' => None,
            '\0'..='\x1F' | '\x7F' => {
                removed += 1;
                Some("")
            }
            _ => None,
        };
        before = c;
        if let Some(replacement) = replacement {
            out.push_str(&content[kept..at]);
            out.push_str(replacement);
            kept = at + c.len_utf8();
        }
    }
    out.push_str(&content[kept..]);
    if removed > 0 {
        let message = format!("{removed} control characters (such as NUL) were taken out");
        diagnostics.push(remark("A0105", Severity::Note, message, None));
    }
    out.into()
}

/// Bytes that a character to be changed may begin with.
fn is_suspect(b: u8) -> bool {
    (b < 0x20 && !matches!(b, b'\n' | b'\t' | 0x0C)) || matches!(b, 0x7F | 0xC2 | 0xE2)
}

/// Plain text: pages by form feeds, tables by what stands under what.
pub(super) fn plain(content: String) -> Text {
    let mut text = Text { media_type: "text/plain".into(), ..Text::default() };
    let body = content.trim_end().len();
    let mut start = 0;
    for at in memchr::memchr_iter(0x0C, &content.as_bytes()[..body]) {
        page(&mut text, Span::new(start, at));
        start = at + 1;
    }
    if start > 0 {
        page(&mut text, Span::new(start, content.len()));
    }
    text.layout.extend(super::aligned::tables(&content));
    text.content = content;
    text
}

fn page(text: &mut Text, span: Span) {
    let number = text.pages.unwrap_or(0) + 1;
    text.pages = Some(number);
    text.layout.push(Region { span, kind: RegionKind::Page(number) });
}

/// Remarks on the first line that no person wrote as one.
pub(super) fn remark_on_long(content: &str, diagnostics: &mut Vec<Diagnostic>) {
    if content.len() <= LONG_LINE {
        return;
    }
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', content.as_bytes()).chain([content.len()]) {
        if end - start > LONG_LINE {
            let message = format!("expected lines of at most {LONG_LINE} bytes, but found one of {}", end - start);
            diagnostics.push(remark("A0107", Severity::Note, message, Some(Span::new(start, end))));
            return;
        }
        start = end + 1;
    }
}
