//! What format a document is of: its content decides, its extension second.
//!
//! In: its bytes (or the first of them) and its path. Out: a format that is read, a container of documents, or a format
//! that is known but not read, with what to do. Never: decodes, unpacks, trusts an extension against the content.

use std::io::{Read, Seek};

use super::headers;
use super::text::Source;

/// A format that is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
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
    /// A mail box: messages one after another.
    Mbox,
    /// A zip archive of documents.
    Zip,
    /// No text at all.
    Binary,
    /// A known format that is not read.
    Other(Known),
}

/// A format that is known but not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// What people call it.
    pub name: &'static str,
    /// IANA media type.
    pub media_type: &'static str,
    /// What to do.
    pub advice: &'static str,
}

impl Known {
    /// What was expected, what was found and what to do.
    pub fn told(&self) -> String {
        format!("expected a document, but found {}; {}", self.name, self.advice)
    }
}

/// Bytes that are enough to tell most formats.
pub(crate) const HEAD: usize = 4096;

const CONVERT: &str = "convert it to PDF, DOCX or text";
const OCR: &str = "a picture holds no text: run OCR over it first";
const UNPACK: &str = "unpack it first, or make it a zip archive";
const SHEET: &str = "save its sheets as HTML, PDF or text";
const NONE: &str = "leave it out, if it is no document";

/// First bytes, name, media type, advice. The first that fits counts.
const MAGIC: [(&[u8], &str, &str, &str); 31] = [
    (b"%!PS", "a PostScript document", "application/postscript", CONVERT),
    (OLE, "an old Office document (such as .doc)", "application/x-ole-storage", CONVERT),
    (b"\x89PNG\r\n\x1A\n", "a PNG image", "image/png", OCR),
    (b"\xFF\xD8\xFF", "a JPEG image", "image/jpeg", OCR),
    (b"GIF87a", "a GIF image", "image/gif", OCR),
    (b"GIF89a", "a GIF image", "image/gif", OCR),
    (b"II*\0", "a TIFF image", "image/tiff", OCR),
    (b"MM\0*", "a TIFF image", "image/tiff", OCR),
    (b"\0\0\x01\0", "an icon", "image/vnd.microsoft.icon", NONE),
    (b"AT&TFORM", "a DjVu document", "image/vnd.djvu", CONVERT),
    (b"\x1F\x8B\x08", "a gzip archive", "application/gzip", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "application/x-7z-compressed", UNPACK),
    (b"\xFD7zXZ\0", "an xz archive", "application/x-xz", UNPACK),
    (b"\x28\xB5\x2F\xFD", "a zstd archive", "application/zstd", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", "application/vnd.rar", UNPACK),
    (b"BZh91AY&SY", "a bzip2 archive", "application/x-bzip2", UNPACK),
    (b"MSCF\0\0\0\0", "a cabinet archive", "application/vnd.ms-cab-compressed", UNPACK),
    (b"SQLite format 3\0", "an SQLite database", "application/vnd.sqlite3", NONE),
    (b"OggS\0", "an Ogg recording", "application/ogg", NONE),
    (b"ID3\x03", "an MP3 recording", "audio/mpeg", NONE),
    (b"ID3\x04", "an MP3 recording", "audio/mpeg", NONE),
    (b"fLaC\0", "a FLAC recording", "audio/flac", NONE),
    (b"\x1A\x45\xDF\xA3", "a film", "video/x-matroska", NONE),
    (b"\0\0\0\x18ftyp", "a film", "video/mp4", NONE),
    (b"\0\0\0\x20ftyp", "a film", "video/mp4", NONE),
    (b"\x7FELF", "a program", "application/x-elf", NONE),
    (b"MZ\x90\0", "a program", "application/vnd.microsoft.portable-executable", NONE),
    (b"PAR1", "a Parquet table", "application/vnd.apache.parquet", NONE),
    (b"BEGIN:VCALENDAR", "an iCalendar file", "text/calendar", "it is structured already: import it as it is"),
    (b"BEGIN:VCARD", "a vCard file", "text/vcard", "it is structured already: import it as it is"),
    (b"<?xml", "an XML file", "application/xml", "convert it to HTML or text"),
];

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Entries of a zip that are looked at.
const MOST_NAMES: usize = 10_000;

/// Folders or types of a zip file that is a document, what it is, media type, advice.
const ZIPPED: [(&str, &str, &str, &str); 7] = [
    ("xl/", "an Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", SHEET),
    (
        "ppt/",
        "a PowerPoint presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        CONVERT,
    ),
    (
        "application/vnd.oasis.opendocument.spreadsheet",
        "an OpenDocument sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        SHEET,
    ),
    (
        "application/vnd.oasis.opendocument.presentation",
        "an OpenDocument presentation",
        "application/vnd.oasis.opendocument.presentation",
        CONVERT,
    ),
    (
        "application/vnd.oasis.opendocument.",
        "an OpenDocument file that is no text",
        "application/vnd.oasis.opendocument.graphics",
        CONVERT,
    ),
    ("application/epub+zip", "an EPUB book", "application/epub+zip", CONVERT),
    ("META-INF/MANIFEST.MF", "a Java archive", "application/java-archive", NONE),
];

/// Extensions of text that is a program's or data, not a document's.
const DATA: [(&[&str], &str); 4] = [
    (&["json", "jsonl", "ndjson", "geojson", "xml", "yaml", "yml", "toml", "ini", "sql", "bib"], "data"),
    (&["csv", "tsv"], "a table of data"),
    (&["js", "mjs", "ts", "py", "rb", "pl", "sh", "bat", "c", "h", "cpp", "java", "rs", "go", "r"], "a program"),
    (&["css", "scss", "less", "svg"], "a style or drawing"),
];

/// What `source` is.
pub(super) fn format(source: &Source) -> Format {
    detect(&source.bytes, &source.path)
}

/// What begins with `bytes` is; with all bytes the answer is surer.
pub(crate) fn detect(bytes: &[u8], path: &str) -> Format {
    let head = &bytes[..bytes.len().min(HEAD)];
    let ending = extension(path);
    if is_html(head) {
        return if is_markdown(path) { Format::Text } else { Format::Html };
    }
    if let Some(format) = known(bytes, head) {
        return format;
    }
    if is_binary(bytes) {
        return Format::Binary;
    }
    if let Some((_, name)) = DATA.iter().find(|(endings, _)| endings.contains(&&*ending)) {
        let advice = "rename it to .txt, if it is a document";
        return Format::Other(Known { name, media_type: "text/plain", advice });
    }
    if !is_markdown(path) && is_tagged(head, &ending) {
        return Format::Html;
    }
    match headers::kind(head, &ending) {
        _ if is_markdown(path) => Format::Text,
        headers::Kind::Mbox => Format::Mbox,
        headers::Kind::Mail => Format::Mail,
        headers::Kind::None => Format::Text,
    }
}

fn known(bytes: &[u8], head: &[u8]) -> Option<Format> {
    let first = &head[..head.len().min(1024)];
    if memchr::memmem::find(first, b"%PDF-").is_some_and(|at| at < 16 || head[0] < 0x20) {
        return Some(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(zipped(bytes, head));
    }
    if head.starts_with(b"<?xml") && memchr::memmem::find(head, b"<office:document").is_some() {
        return Some(Format::Odt);
    }
    if head.starts_with(b"{\\rtf") {
        return Some(Format::Rtf);
    }
    let bare = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let (_, name, media_type, advice) = MAGIC.iter().find(|(magic, ..)| bare.starts_with(magic))?;
    Some(Format::Other(Known { name, media_type, advice }))
}

/// What a zip file is: by its directory, or where that is damaged by what stands in its first bytes.
fn zipped(bytes: &[u8], head: &[u8]) -> Format {
    package(std::io::Cursor::new(bytes)).unwrap_or_else(|| {
        let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
        match () {
            () if has(b"opendocument.text") => Format::Odt,
            () if has(b"[Content_Types].xml") && !has(b"xl/") && !has(b"ppt/") => Format::Docx,
            () => Format::Zip,
        }
    })
}

/// What a zip file is, by the names in its directory; nothing where that cannot be read.
pub(crate) fn package<R: Read + Seek>(source: R) -> Option<Format> {
    let mut archive = super::container::open_zip(source).ok()?;
    let mut mimetype = String::new();
    if let Ok(file) = archive.by_name("mimetype") {
        let _ = file.take(200).read_to_string(&mut mimetype);
    }
    let has = |names: &[&[u8]], part: &str| names.iter().any(|n| n.starts_with(part.as_bytes()));
    let names: Vec<&[u8]> = archive.file_names_raw().take(MOST_NAMES).collect();
    if mimetype.starts_with("application/vnd.oasis.opendocument.text") {
        return Some(Format::Odt);
    }
    let known = |(part, name, media_type, advice): &(&str, &'static str, &'static str, &'static str)| {
        let fits = if part.ends_with('/') {
            has(&names, "[Content_Types].xml") && has(&names, part)
        } else {
            mimetype.starts_with(part) || has(&names, part)
        };
        fits.then_some(Format::Other(Known { name, media_type, advice }))
    };
    if let Some(format) = ZIPPED.iter().find_map(known) {
        return Some(format);
    }
    Some(if has(&names, "[Content_Types].xml") && has(&names, "word/") { Format::Docx } else { Format::Zip })
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

/// The extension of a path in lower case, empty where there is none.
pub(crate) fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    // A message of a mail box: `name.mbox#3`.
    if name.rsplit_once('#').is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
        return "eml".into();
    }
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(String::new(), |(_, e)| e.to_lowercase())
}

/// Whether the path has the ending of Markdown.
pub(super) fn is_markdown(path: &str) -> bool {
    matches!(&*extension(path), "md" | "markdown" | "mdown" | "mkd")
}

/// Whether the path has an ending of a format that is read, or none.
pub(crate) fn is_readable_name(path: &str) -> bool {
    let ending = extension(path);
    ending.is_empty() || expected(&ending).is_some_and(|e| !e.is_empty())
}

/// What an extension lets expect: formats that fit it; nothing where it says nothing.
fn expected(ending: &str) -> Option<&'static [Format]> {
    Some(match ending {
        "txt" | "text" | "md" | "markdown" | "mdown" | "mkd" | "asc" => &[Format::Text, Format::Mail, Format::Mbox],
        "htm" | "html" | "xhtml" | "shtml" | "php" | "asp" | "jsp" => &[Format::Html],
        "pdf" => &[Format::Pdf],
        "docx" | "docm" | "dotx" | "dotm" => &[Format::Docx],
        "odt" | "ott" => &[Format::Odt],
        "rtf" => &[Format::Rtf],
        "eml" => &[Format::Mail],
        "mbox" | "mbx" => &[Format::Mbox],
        "zip" => &[Format::Zip],
        "doc" | "dot" | "xls" | "xlsx" | "ppt" | "pptx" | "ods" | "odp" | "msg" | "png" | "jpg" | "jpeg" | "gif"
        | "tif" | "tiff" | "gz" | "tgz" | "7z" | "rar" => &[],
        _ => return None,
    })
}

/// What a format is called, where its extension says another one; nothing where the two agree.
pub(super) fn misnamed(format: Format, path: &str) -> Option<&'static str> {
    let name = match format {
        Format::Text => "text",
        Format::Html => "a page of HTML",
        Format::Pdf => "a PDF document",
        Format::Docx => "a Word document",
        Format::Odt => "an OpenDocument text",
        Format::Rtf => "an RTF document",
        Format::Mail => "a mail",
        Format::Mbox | Format::Zip | Format::Binary | Format::Other(_) => return None,
    };
    expected(&extension(path)).is_some_and(|fit| !fit.contains(&format)).then_some(name)
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
            () if rest.starts_with(b"<?") => b"?>",
            () if rest.starts_with(b"<!doctype html") => return true,
            () if rest.starts_with(b"<!doctype") => b">",
            () => break,
        };
        let Some(at) = memchr::memmem::find(rest, close) else { return false };
        rest = &rest[at + close.len()..];
    }
    const OPENING: [&[u8]; 12] = [
        b"<html", b"<head", b"<body", b"<title", b"<meta", b"<table", b"<div", b"<center", b"<h1", b"<h2", b"<p",
        b"<ul",
    ];
    OPENING.iter().any(|tag| opens(rest, tag))
}

/// Whether a text holds so many tags that it is a page, or a piece of one, with something before its first tag.
fn is_tagged(head: &[u8], ending: &str) -> bool {
    const CLOSING: [&[u8]; 12] = [
        b"</p>",
        b"</div>",
        b"</td>",
        b"</tr>",
        b"</li>",
        b"</h1>",
        b"</h2>",
        b"</h3>",
        b"</table>",
        b"</ul>",
        b"</a>",
        b"</span>",
    ];
    let least = if matches!(ending, "htm" | "html" | "xhtml" | "shtml" | "php" | "asp" | "jsp") { 1 } else { 12 };
    let head = head.to_ascii_lowercase();
    let mut found = 0;
    for at in memchr::memmem::find_iter(&head, b"</") {
        found += usize::from(CLOSING.iter().any(|tag| head[at..].starts_with(tag)));
    }
    let breaks = memchr::memmem::find_iter(&head, b"<br").count();
    found >= least || (least == 1 && breaks > 0)
}

/// Whether `rest` begins with the tag and not with a longer name.
fn opens(rest: &[u8], tag: &[u8]) -> bool {
    rest.strip_prefix(tag).is_some_and(|r| r.first().is_none_or(|b| *b == b'>' || b.is_ascii_whitespace()))
}
