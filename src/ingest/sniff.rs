//! What format a document is of.
//!
//! In: its bytes and path. Out: text, HTML, binary, or one of the formats that are known but not read here.
//! Never: decodes.

use super::text::Source;

/// A format that is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Text, plain or Markdown.
    Text,
    /// A page of HTML.
    Html,
    /// A PDF document.
    Pdf,
    /// A Word document of Office Open XML.
    Docx,
    /// An OpenDocument text.
    Odt,
    /// A document of the Rich Text Format.
    Rtf,
    /// A mail message.
    Mail,
    /// No text at all.
    Binary,
    /// A known format that is not text.
    Other(Known),
}

/// A format that is known by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// What people call it.
    pub name: &'static str,
    /// IANA media type.
    pub media_type: &'static str,
}

/// First bytes, name, media type. The first that fits counts.
const MAGIC: [(&[u8], &str, &str); 19] = [
    (b"%!PS", "a PostScript document", "application/postscript"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document (such as .doc)", "application/x-ole-storage"),
    (b"\x89PNG\r\n\x1A\n", "a PNG image", "image/png"),
    (b"\xFF\xD8\xFF", "a JPEG image", "image/jpeg"),
    (b"GIF87a", "a GIF image", "image/gif"),
    (b"GIF89a", "a GIF image", "image/gif"),
    (b"II*\0", "a TIFF image", "image/tiff"),
    (b"MM\0*", "a TIFF image", "image/tiff"),
    (b"\0\0\x01\0", "an icon", "image/vnd.microsoft.icon"),
    (b"\x1F\x8B\x08", "a gzip archive", "application/gzip"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "application/x-7z-compressed"),
    (b"\xFD7zXZ\0", "an xz archive", "application/x-xz"),
    (b"Rar!\x1A\x07", "a RAR archive", "application/vnd.rar"),
    (b"BZh91AY&SY", "a bzip2 archive", "application/x-bzip2"),
    (b"SQLite format 3\0", "an SQLite database", "application/vnd.sqlite3"),
    (b"OggS\0", "an Ogg recording", "application/ogg"),
    (b"ID3\x03", "an MP3 recording", "audio/mpeg"),
    (b"\x7FELF", "a program", "application/x-elf"),
    (b"PAR1", "a Parquet table", "application/vnd.apache.parquet"),
];

const ZIP: Known = Known { name: "a zip archive", media_type: "application/zip" };

/// What `source` is.
pub(super) fn format(source: &Source) -> Format {
    let bytes = &source.bytes[..];
    let head = &bytes[..bytes.len().min(4096)];
    if let Some(format) = known(head) {
        return format;
    }
    if is_binary(bytes) {
        return Format::Binary;
    }
    if !is_markdown(&source.path) && is_html(head) { Format::Html } else { Format::Text }
}

fn known(head: &[u8]) -> Option<Format> {
    if memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some_and(|at| at < 16 || head[0] < 0x20) {
        return Some(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") {
        let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
        return Some(match () {
            () if has(b"application/vnd.oasis.opendocument.text") => Format::Odt,
            () if has(b"word/") || has(b"[Content_Types].xml") => Format::Docx,
            () => Format::Other(ZIP),
        });
    }
    if head.starts_with(b"{\\rtf") {
        return Some(Format::Rtf);
    }
    let (_, name, media_type) = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic))?;
    Some(Format::Other(Known { name, media_type }))
}

/// Whether control characters make it unlikely that anybody wrote this. UTF-16 is text.
fn is_binary(bytes: &[u8]) -> bool {
    if super::charset::wide(bytes).is_some() {
        return false;
    }
    let odd = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | 0x1B);
    let count = bytes.iter().filter(|b| odd(b)).count();
    count * 10 > bytes.len()
}

/// Whether the path has the ending of Markdown.
pub(super) fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, e)| e);
    ["md", "markdown", "mdown", "mkd"].iter().any(|e| ending.eq_ignore_ascii_case(e))
}

/// Whether the document opens as a page of HTML does.
fn is_html(head: &[u8]) -> bool {
    let head: Vec<u8> = head.iter().filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    let mut rest = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    rest = rest.strip_prefix(b"\xFF\xFE").or_else(|| rest.strip_prefix(b"\xFE\xFF")).unwrap_or(rest);
    loop {
        rest = rest.trim_ascii_start();
        let close: &[u8] = match () {
            () if rest.starts_with(b"<!--") => b"-->",
            () if rest.starts_with(b"<?xml") => b"?>",
            () => break,
        };
        let Some(at) = memchr::memmem::find(rest, close) else { return false };
        rest = &rest[at + close.len()..];
    }
    rest.starts_with(b"<!doctype html") || [&b"<html"[..], b"<head", b"<body"].iter().any(|tag| opens(rest, tag))
}

/// Whether `rest` begins with the tag and not with a longer name.
fn opens(rest: &[u8], tag: &[u8]) -> bool {
    rest.strip_prefix(tag).is_some_and(|r| r.first().is_none_or(|b| *b == b'>' || b.is_ascii_whitespace()))
}
