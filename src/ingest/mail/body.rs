//! The words of a mail.
//!
//! In: a parsed message and its bytes. Out: its plain text, with lines that were broken for the way joined again, or
//! its HTML where the two differ or a table is in it. Never: writes both.

use std::borrow::Cow;

use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, Message, MessagePart, MimeHeaders, PartType};
use rustc_hash::FxHashSet;

use super::quotes;
use crate::ingest::builder::Builder;
use crate::ingest::text::RegionKind;
use crate::ingest::{charset, html, lines};
use crate::model::Diagnostic;

/// Of ten words of the HTML, how many the plain text must have to stand for it.
const AGREE: usize = 7;
/// Rows with several cells that make a table of the HTML.
const ROWS: usize = 3;

/// A part as characters.
struct Words {
    text: String,
    encoding: &'static str,
    is_html: bool,
    is_flowed: bool,
    drops_space: bool,
}

/// Writes the body; gives the encoding of its first part.
pub(super) fn write(
    message: &Message,
    bytes: &[u8],
    out: &mut Builder,
    diagnostics: &mut Vec<Diagnostic>,
) -> &'static str {
    let read = |ids: &[u32], diagnostics: &mut Vec<Diagnostic>| {
        let parts = ids.iter().filter_map(|id| message.parts.get(*id as usize));
        parts.filter_map(|part| words(bytes, part, diagnostics)).collect::<Vec<_>>()
    };
    let mut chosen = read(&message.text_body, diagnostics);
    if message.text_body.is_empty() && message.html_body.is_empty() {
        let unclosed: Vec<u32> = message.attachments.iter().copied().filter(|id| is_unclosed(message, *id)).collect();
        chosen = read(&unclosed, diagnostics);
    }
    if message.html_body != message.text_body {
        let rich = read(&message.html_body, &mut Vec::new());
        let has_text = chosen.iter().any(|w| !w.text.trim().is_empty());
        if !rich.is_empty() && (!has_text || !agrees(&chosen, &rich)) {
            chosen = rich;
        }
    }
    let encoding = chosen.first().map_or("UTF-8", |w| w.encoding);
    for (at, part) in chosen.iter().enumerate() {
        if at > 0 {
            out.blank();
        }
        if part.is_html {
            html::walk(&part.text, out);
        } else {
            let plain = lines::normalise(&part.text, diagnostics);
            let flowed = part.is_flowed.then(|| unfold(&plain, part.drops_space));
            quotes::write(flowed.as_deref().unwrap_or(&plain), out);
        }
    }
    encoding
}

/// Whether a part is the body of a mail that was cut off: its end is missing, and it has no name.
pub(super) fn is_unclosed(message: &Message, id: u32) -> bool {
    let no_body = message.text_body.is_empty() && message.html_body.is_empty();
    no_body
        && message.parts.get(id as usize).is_some_and(|part| {
            part.is_encoding_problem && part.attachment_name().is_none() && matches!(part.body, PartType::Text(_))
        })
}

/// Whether the plain text says what the HTML says, and loses no table.
fn agrees(plain: &[Words], rich: &[Words]) -> bool {
    let shown: Vec<_> = rich.iter().filter(|w| w.is_html).map(|w| html::document(&w.text)).collect();
    let rows =
        shown.iter().flat_map(|t| t.layout.iter().filter(|r| r.kind == RegionKind::Row).map(|r| r.span.of(&t.content)));
    if rows.filter(|row| row.contains('\t')).count() >= ROWS {
        return false;
    }
    let known: FxHashSet<&str> = plain.iter().flat_map(|w| tokens(&w.text)).collect();
    let told: FxHashSet<&str> = shown.iter().flat_map(|t| tokens(&t.content)).collect();
    let both = told.iter().filter(|w| known.contains(*w)).count();
    both * 10 >= told.len() * AGREE
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

fn words(bytes: &[u8], part: &MessagePart, diagnostics: &mut Vec<Diagnostic>) -> Option<Words> {
    let is_html = match &part.body {
        PartType::Text(_) => false,
        PartType::Html(_) => true,
        _ => return None,
    };
    let kind = part.content_type();
    let told = |name: &str| kind.and_then(|k| k.attribute(name));
    let is = |name: &str, value: &str| told(name).is_some_and(|v| v.eq_ignore_ascii_case(value));
    let raw = unpacked(bytes, part);
    let label = told("charset").and_then(|c| Encoding::for_label(c.trim().as_bytes()));
    // Who says ASCII and writes more says nothing.
    let is_ascii = told("charset").is_some_and(|c| c.to_ascii_lowercase().contains("ascii"));
    let strict = label
        .filter(|_| !is_ascii)
        .filter(|e| *e != encoding_rs::UTF_8 && *e != encoding_rs::REPLACEMENT && !raw.is_ascii());
    let (text, encoding) = match strict {
        Some(encoding) if !encoding.decode_without_bom_handling(&raw).1 => {
            (encoding.decode_without_bom_handling(&raw).0.into_owned(), encoding.name())
        }
        _ => {
            let decoded = charset::decode(&raw, is_html);
            diagnostics.extend(decoded.diagnostics);
            (decoded.content.into_owned(), decoded.encoding)
        }
    };
    Some(Words { text, encoding, is_html, is_flowed: is("format", "flowed"), drops_space: is("delsp", "yes") })
}

/// The bytes of a part, out of their wrapping for the way.
pub(super) fn unpacked(bytes: &[u8], part: &MessagePart) -> Vec<u8> {
    let raw = bytes.get(part.offset_body as usize..part.offset_end as usize);
    let undone = match (raw, part.encoding) {
        (Some(raw), Transfer::None) => Some(Cow::Borrowed(raw)),
        (Some(raw), Transfer::Base64) => base64_decode(raw).map(Cow::Owned),
        (Some(raw), Transfer::QuotedPrintable) => quoted_printable_decode(raw).map(Cow::Owned),
        (None, _) => None,
    };
    match undone {
        Some(bytes) => bytes.into_owned(),
        None => part.contents().to_vec(),
    }
}

/// Joins the lines that `format=flowed` broke for the way (RFC 3676).
fn unfold(text: &str, drops_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Depth of the quote whose line goes on.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let bare = line.trim_start_matches('>');
        let depth = line.len() - bare.len();
        let bare = bare.strip_prefix(' ').unwrap_or(bare);
        let is_signature = bare == "-- ";
        if open.is_some_and(|o| o != depth || is_signature) {
            out.push('\n');
            open = None;
        }
        if open.is_none() {
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !bare.is_empty() {
                out.push(' ');
            }
        }
        let goes_on = bare.ends_with(' ') && !is_signature;
        out.push_str(if goes_on && drops_space { &bare[..bare.len() - 1] } else { bare });
        if goes_on {
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unfold;

    #[test]
    fn flowed_lines_are_joined_within_their_quote() {
        assert_eq!(unfold("one \ntwo\nthree\n", false), "one two\nthree\n");
        assert_eq!(unfold("> one \n> two \nthree\n", false), "> one two \nthree\n");
        assert_eq!(unfold("a \n-- \nAnn\n", false), "a \n-- \nAnn\n");
        assert_eq!(unfold(" From\n", false), "From\n");
        assert_eq!(unfold("ab \ncd\n", true), "abcd\n");
    }
}
