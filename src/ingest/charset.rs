//! Bytes → characters.
//!
//! In: the bytes of a text. Out: the characters, the encoding decided on, and what was guessed or replaced.
//! Never: changes a character that was decoded. The order of trial: byte order mark, NUL pattern of
//! UTF-16, strict UTF-8, UTF-8 with some foreign bytes, then a guess by statistics.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::remark;
use crate::model::{Diagnostic, Severity, Span};

/// Decoded text.
pub(super) struct Decoded<'a> {
    pub content: Cow<'a, str>,
    /// WHATWG name.
    pub encoding: &'static str,
    pub diagnostics: Vec<Diagnostic>,
}

/// Decodes `bytes`; a page of HTML may name its encoding itself.
pub(super) fn decode(bytes: &[u8], html: bool) -> Decoded<'_> {
    if let Some((encoding, mark)) = wide(bytes) {
        return decoded_as(encoding, &bytes[mark..], Vec::new());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(content) = std::str::from_utf8(bytes) {
        // ISO-2022-JP is all ASCII: only its escapes tell.
        if let Some(japanese) = escaped(bytes) {
            return decoded_as(japanese, bytes, vec![guessed(japanese)]);
        }
        return Decoded { content: content.into(), encoding: UTF_8.name(), diagnostics: Vec::new() };
    }
    if let Some(named) = if html { declared(bytes) } else { None } {
        return decoded_as(named, bytes, Vec::new());
    }
    if nearly_utf8(bytes) {
        return mixed(bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = western(bytes, detector.guess(None, Utf8Detection::Deny));
    decoded_as(encoding, bytes, vec![guessed(encoding)])
}

/// A guess of a Central European or Baltic code page for a text that reads as a Western language is taken back:
/// a few accented names tell the detector less than the language does.
fn western(bytes: &[u8], guess: &'static Encoding) -> &'static Encoding {
    let doubtful = [
        encoding_rs::WINDOWS_1250,
        encoding_rs::WINDOWS_1254,
        encoding_rs::WINDOWS_1257,
        encoding_rs::WINDOWS_1258,
        encoding_rs::ISO_8859_2,
        encoding_rs::ISO_8859_4,
        encoding_rs::ISO_8859_13,
    ];
    if !doubtful.contains(&guess) {
        return guess;
    }
    let plain: String = bytes.iter().take(8000).map(|b| if b.is_ascii() { char::from(*b) } else { ' ' }).collect();
    use whatlang::Lang::{Dan, Deu, Eng, Fra, Ita, Nld, Nob, Por, Spa, Swe};
    let known = whatlang::detect(&plain).filter(whatlang::Info::is_reliable);
    if known.is_some_and(|i| [Eng, Fra, Deu, Spa, Ita, Por, Nld, Dan, Swe, Nob].contains(&i.lang())) {
        encoding_rs::WINDOWS_1252
    } else {
        guess
    }
}

fn guessed(encoding: &'static Encoding) -> Diagnostic {
    let message = format!("expected UTF-8; the bytes were read as {}, by their statistics", encoding.name());
    remark("A0103", Severity::Note, message, None)
}

fn decoded_as<'a>(encoding: &'static Encoding, bytes: &'a [u8], mut diagnostics: Vec<Diagnostic>) -> Decoded<'a> {
    let (content, errors) = encoding.decode_without_bom_handling(bytes);
    if errors {
        diagnostics.push(replaced(content.matches('\u{FFFD}').count()));
    }
    Decoded { content, encoding: encoding.name(), diagnostics }
}

fn replaced(count: usize) -> Diagnostic {
    let message = format!("{count} byte sequences stand for no character; each was replaced by U+FFFD");
    remark("A0104", Severity::Warning, message, None)
}

/// UTF-16 by its mark or by where its NULs stand, and the length of the mark.
pub(super) fn wide(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => memchr::memchr(0, bytes)?,
    };
    let mut nuls = [0usize; 2];
    for at in memchr::memchr_iter(0, bytes) {
        nuls[at % 2] += 1;
    }
    let pairs = bytes.len() / 2;
    let [even, odd] = nuls;
    let encoding = match () {
        () if odd * 10 >= pairs && even * 20 <= odd => UTF_16LE,
        () if even * 10 >= pairs && odd * 20 <= even => UTF_16BE,
        () => return None,
    };
    let (text, errors) = encoding.decode_without_bom_handling(&bytes[..pairs * 2]);
    let (mut all, mut strange) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        let odd_plane = matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
        strange += usize::from(odd_plane || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}')));
    }
    (!errors && strange * 10 <= all).then_some((encoding, 0))
}

/// ISO-2022-JP, where its escape sequences stand.
fn escaped(bytes: &[u8]) -> Option<&'static Encoding> {
    memchr::memchr(0x1B, bytes)?;
    if [&b"\x1B$B"[..], b"\x1B$@"].iter().all(|e| memchr::memmem::find(bytes, e).is_none()) {
        return None;
    }
    let (_, errors) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes);
    (!errors).then_some(encoding_rs::ISO_2022_JP)
}

/// The encoding that a page of HTML names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset=")? + 8;
    let label = head[at..].trim_ascii_start();
    let label = label.strip_prefix(b"\"").or_else(|| label.strip_prefix(b"'")).unwrap_or(label);
    let end = label.iter().position(|b| !b.is_ascii_alphanumeric() && !b"-_:.".contains(b)).unwrap_or(label.len());
    Encoding::for_label(&label[..end])
        .filter(|e| ![UTF_8, UTF_16LE, UTF_16BE].contains(e) && *e != encoding_rs::REPLACEMENT)
}

/// Whether most of what is not ASCII is UTF-8.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad
}

/// UTF-8 with foreign bytes in it: one that is a letter or a common sign of windows-1252 is read as
/// that, what is left of a broken sequence is replaced.
fn mixed(bytes: &[u8]) -> Decoded<'_> {
    let mut content = String::with_capacity(bytes.len() + 16);
    let (mut foreign, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        content.push_str(chunk.valid());
        match *chunk.invalid() {
            [] => {}
            [b] if is_likely(b) => {
                foreign += 1;
                content.push_str(&WINDOWS_1252.decode_without_bom_handling(&[b]).0);
            }
            _ => {
                broken += 1;
                content.push('\u{FFFD}');
            }
        }
    }
    let mut diagnostics = Vec::new();
    if foreign > 0 {
        let message = format!("expected UTF-8 throughout; {foreign} bytes were read as windows-1252");
        diagnostics.push(remark("A0109", Severity::Warning, message, None));
    }
    if broken > 0 {
        diagnostics.push(replaced(broken));
    }
    Decoded { content: content.into(), encoding: UTF_8.name(), diagnostics }
}

/// Bytes that a text in windows-1252 uses: its letters, quotes, dashes and the usual signs.
fn is_likely(b: u8) -> bool {
    matches!(b, 0x80 | 0x85 | 0x91..=0x97 | 0x99 | 0xA0 | 0xA3 | 0xA7 | 0xA9 | 0xAA | 0xAB | 0xAE | 0xB0)
        || matches!(b, 0xB4 | 0xB7 | 0xBA | 0xBB | 0xBF..=0xFF)
}

/// Puts the first replacement character into the diagnostic that speaks of it.
pub(super) fn place(content: &str, diagnostics: &mut [Diagnostic]) {
    for d in diagnostics.iter_mut().filter(|d| d.code == "A0104") {
        d.span = content.find('\u{FFFD}').map(|at| Span::new(at, at + '\u{FFFD}'.len_utf8()));
    }
}
