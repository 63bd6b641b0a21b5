//! Bytes → [`Text`].
//!
//! In: the bytes of one document and its path. Out: one UTF-8 string in reading order with the layout
//! that its format told, the encoding decided on, and a diagnostic for whatever was lost or guessed.
//! Never: interprets words, fails, or panics; a document that cannot be read is an empty text that says why.
//!
//! | code | what it says |
//! |---|---|
//! | `A0101` | nothing but white space |
//! | `A0102` | binary |
//! | `A0103` | a legacy encoding was guessed |
//! | `A0104` | bytes that no character stands for became U+FFFD |
//! | `A0105` | control characters were taken out |
//! | `A0106` | larger than [`MAX_BYTES`] |
//! | `A0107` | a line longer than [`LONG_LINE`] |
//! | `A0108` | a format that is not read |
//! | `A0109` | two encodings in one document |
//! | `A0113` | nested so deeply that its markup was read as plain text |
//! | `A0120`–`A0127` | what a PDF hides, has no text for, or was read off images |
//! | `A0130`–`A0139` | what documents of word processors hide, or are damaged in |
//! | `A0140` | the extension says another format than the content |

mod aligned;
mod builder;
mod charset;
pub(crate) mod container;
mod fields;
mod flow;
mod front_matter;
mod headers;
mod html;
mod limits;
mod lines;
mod mail;
mod markdown;
mod numbers;
pub mod ocr;
mod office;
mod pdf;
mod remarks;
mod rtf;
pub(crate) mod sniff;
mod symbols;
mod tags;
mod text;

use crate::model::{Diagnostic, Severity, Span};

pub use limits::{Budget, Limits};
pub(crate) use mail::attachments;
pub use ocr::Recognise;
pub use text::{PageBox, Region, RegionKind, Source, Text};

/// The largest document that is read.
pub const MAX_BYTES: usize = 64 << 20;

/// A line longer than this is remarked upon.
pub const LONG_LINE: usize = 64 << 10;

/// Reads `source` as text within `limits`. Always gives a text; what was wrong stands in its diagnostics.
pub fn ingest(source: &Source, limits: &Limits) -> Text {
    ingest_with(source, limits, None)
}

/// The same, with something that reads pages without text off their images.
pub fn ingest_with(source: &Source, limits: &Limits, reader: Option<&dyn Recognise>) -> Text {
    let mut budget = limits.budget();
    let readable = readable(source);
    let format = readable.as_ref().ok().copied();
    let mut text = match readable {
        Ok(sniff::Format::Pdf) => pdf::document(&source.bytes, &mut budget, reader),
        Ok(sniff::Format::Docx) => office::docx(&source.bytes, &mut budget),
        Ok(sniff::Format::Odt) => office::odt(&source.bytes, &mut budget),
        Ok(sniff::Format::Rtf) => rtf::document(&source.bytes, &mut budget),
        Ok(sniff::Format::Mail) => mail::document(&source.bytes),
        Ok(format) => read(source, format),
        Err(refused) => *refused,
    };
    if let Some(name) = format.and_then(|f| sniff::misnamed(f, &source.path)) {
        let message = format!("expected .{}, but found {name}", sniff::extension(&source.path));
        text.diagnostics.push(remark("A0140", Severity::Note, message, None));
    }
    text.differs = text.content.as_bytes() != source.bytes;
    text.finish()
}

/// The format of a document that can be read, or the empty text that says why it cannot.
fn readable(source: &Source) -> Result<sniff::Format, Box<Text>> {
    let refuse = |media_type: &str, code: &str, severity: Severity, message: String| {
        let diagnostics = vec![remark(code, severity, message, None)];
        Err(Box::new(Text { media_type: media_type.into(), diagnostics, ..Text::default() }))
    };
    let size = source.bytes.len();
    if source.bytes.is_empty() {
        return refuse("text/plain", "A0101", Severity::Warning, "expected text, but the file is empty".into());
    }
    if size > MAX_BYTES {
        let message = format!("expected at most {MAX_BYTES} bytes, but found {size}; split the document");
        return refuse("application/octet-stream", "A0106", Severity::Error, message);
    }
    match sniff::format(source) {
        sniff::Format::Other(other) => refuse(other.media_type, "A0108", Severity::Error, other.told()),
        sniff::Format::Zip => {
            let message = "expected one document, but found a zip archive of them".to_owned();
            refuse("application/zip", "A0108", Severity::Error, message)
        }
        sniff::Format::Mbox => {
            let message = "expected one document, but found a mail box of them".to_owned();
            refuse("application/mbox", "A0108", Severity::Error, message)
        }
        sniff::Format::Binary if !sniff::is_readable_name(&source.path) => {
            let message = "expected a document, but found data of an unknown format; leave it out".to_owned();
            refuse("application/octet-stream", "A0108", Severity::Error, message)
        }
        sniff::Format::Binary => {
            let message = "expected text, but found binary data".to_owned();
            refuse("application/octet-stream", "A0102", Severity::Error, message)
        }
        format => Ok(format),
    }
}

/// Reads a document that is text of some kind.
fn read(source: &Source, format: sniff::Format) -> Text {
    let decoded = charset::decode(&source.bytes, matches!(format, sniff::Format::Html));
    let mut diagnostics = decoded.diagnostics;
    let plain = lines::normalise(&decoded.content, &mut diagnostics);
    let mut text = match format {
        sniff::Format::Html => html::document(&plain),
        _ if sniff::is_markdown(&source.path) || front_matter::split(&plain).is_some() => {
            if let Some(at) = markdown::too_deep(&plain) {
                let message = "expected markup of a sane depth; it was read as plain text".to_owned();
                diagnostics.push(remark("A0113", Severity::Warning, message, Some(at)));
                lines::plain(plain.into_owned())
            } else {
                markdown::document(&plain)
            }
        }
        _ => lines::plain(plain.into_owned()),
    };
    text.encoding = decoded.encoding.into();
    if text.content.trim().is_empty() {
        text.content.clear();
        text.layout.clear();
        let message = "expected text, but found nothing but white space".to_owned();
        diagnostics.push(remark("A0101", Severity::Warning, message, None));
    }
    lines::remark_on_long(&text.content, &mut diagnostics);
    charset::place(&text.content, &mut diagnostics);
    text.diagnostics = diagnostics;
    text
}

/// A diagnostic of this stage.
fn remark(code: &str, severity: Severity, message: String, span: Option<Span>) -> Diagnostic {
    Diagnostic { code: code.into(), severity, message, at: None, span }
}
