//! Whether packed data unpacks to a sane size.
//!
//! In: the raw bytes of a stream and its filters. Out: the unpacked bytes, or nothing where they would be too many.
//! Never: holds more than the cap; what might be too large is counted first, without keeping it.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Stream};

/// How much a filter may make of one byte, at most.
fn ratio(filter: Filter) -> u64 {
    match filter {
        Filter::FlateDecode => 1032,
        Filter::LzwDecode => 2731,
        Filter::RunLengthDecode => 64,
        _ => 1,
    }
}

/// Unpacks streams as long as all of them together stay under a cap.
pub(super) struct Unpacker {
    left: u64,
    /// Whether a stream was refused.
    pub refused: bool,
}

impl Unpacker {
    /// At most `cap` bytes, all together.
    pub fn new(cap: u64) -> Self {
        Self { left: cap, refused: false }
    }

    /// Whether `stream`, an image, unpacks to few enough bytes.
    pub fn allows(&mut self, stream: &Stream<'_>) -> bool {
        let filters = stream.filters();
        let last = filters.len().saturating_sub(1);
        let decodes = |f: &Filter| {
            matches!(f, Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode)
        };
        let before = if filters.last().is_some_and(decodes) { filters.get(..last) } else { filters.get(..) };
        let fits = fits(&stream.raw_data(), before.unwrap_or_default(), self.left);
        self.refused |= !fits;
        fits
    }

    /// What `stream` unpacks to; nothing for an image, a broken stream and one that is too large.
    pub fn unpack<'a>(&mut self, stream: &Stream<'a>) -> Option<Cow<'a, [u8]>> {
        let filters = stream.filters();
        let raw = stream.raw_data();
        if !fits(&raw, &filters, self.left) {
            self.refused = true;
            return None;
        }
        let data = stream.decoded_data().ok()?;
        self.left = self.left.saturating_sub(data.len() as u64);
        Some(data)
    }
}

/// Whether `raw` unpacks to `cap` bytes or fewer.
fn fits(raw: &[u8], filters: &[Filter], cap: u64) -> bool {
    let bound = filters.iter().fold(raw.len() as u64, |n, f| n.saturating_mul(ratio(*f)));
    bound <= cap || counted(raw, filters, cap).is_none_or(|n| n <= cap)
}

/// How many bytes come out, counted up to `cap` and one; nothing where the data is broken at once.
fn counted(raw: &[u8], filters: &[Filter], cap: u64) -> Option<u64> {
    let mut data: Box<dyn Read + '_> = Box::new(raw);
    for (i, filter) in filters.iter().enumerate() {
        data = match filter {
            Filter::FlateDecode => inflate(data),
            Filter::AsciiHexDecode | Filter::Ascii85Decode => Box::new(Ascii::new(data, *filter)),
            Filter::LzwDecode if i + 1 == filters.len() => {
                let mut packed = Vec::new();
                data.take(cap).read_to_end(&mut packed).ok();
                return Some(lzw_length(&packed));
            }
            Filter::Crypt => data,
            _ => return Some(u64::MAX),
        };
    }
    let (mut total, mut buffer) = (0u64, [0u8; 16 << 10]);
    while total <= cap {
        match data.read(&mut buffer) {
            Ok(0) => break,
            Err(_) if total == 0 => return None,
            Err(_) => break,
            Ok(n) => total += n as u64,
        }
    }
    Some(total)
}

/// A reader of what `data` inflates to, with or without the zlib header.
fn inflate<'a>(mut data: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
    let mut head = [0u8; 2];
    let mut got = 0;
    while got < 2 {
        match data.read(&mut head[got..]) {
            Ok(n) if n > 0 => got += n,
            _ => break,
        }
    }
    let zlib = head[0] & 15 == 8 && u16::from_be_bytes(head).is_multiple_of(31);
    let data = std::io::Cursor::new(head[..got].to_vec()).chain(data);
    if zlib { Box::new(ZlibDecoder::new(data)) } else { Box::new(DeflateDecoder::new(data)) }
}

/// Bytes that an LZW stream unpacks to: the lengths of its phrases, without the phrases.
fn lzw_length(packed: &[u8]) -> u64 {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let (mut lengths, mut before, mut total): (Vec<u64>, Option<u64>, u64) = (vec![1; 258], None, 0);
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in packed {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        let width = match lengths.len() + 1 {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if held < width {
            continue;
        }
        held -= width;
        let code = (bits >> held) as usize & ((1 << width) - 1);
        bits &= (1 << held) - 1;
        match code {
            CLEAR => {
                lengths.truncate(258);
                before = None;
            }
            END => break,
            _ => {
                let length = lengths.get(code).copied().unwrap_or(before.unwrap_or(0) + 1);
                total += length;
                if let Some(before) = before
                    && lengths.len() < 4096
                {
                    lengths.push(before + 1);
                }
                before = Some(length);
            }
        }
    }
    total
}

/// The bytes of data written in hexadecimal or base 85 digits. Rough: it serves to count.
struct Ascii<R> {
    data: std::io::Bytes<std::io::BufReader<R>>,
    base: u32,
    digits: usize,
    ready: std::collections::VecDeque<u8>,
    over: bool,
}

impl<R: Read> Ascii<R> {
    fn new(data: R, filter: Filter) -> Self {
        let (base, digits) = if filter == Filter::AsciiHexDecode { (16, 2) } else { (85, 5) };
        let data = std::io::BufReader::new(data).bytes();
        Self { data, base, digits, ready: std::collections::VecDeque::new(), over: false }
    }

    fn digit(&self, byte: u8) -> Option<u32> {
        match self.base {
            16 => char::from(byte).to_digit(16),
            _ => (b'!'..=b'u').contains(&byte).then(|| u32::from(byte - b'!')),
        }
    }

    fn fill(&mut self) {
        let (mut value, mut have) = (0u32, 0);
        while have < self.digits {
            match self.data.next() {
                Some(Ok(b'z')) if self.base == 85 && have == 0 => return self.ready.extend([0; 4]),
                Some(Ok(byte)) if byte != b'~' && byte != b'>' => {
                    let Some(digit) = self.digit(byte) else { continue };
                    value = value.wrapping_mul(self.base).wrapping_add(digit);
                    have += 1;
                }
                _ => {
                    self.over = true;
                    break;
                }
            }
        }
        for _ in have..self.digits {
            value = value.wrapping_mul(self.base).wrapping_add(self.base - 1);
        }
        let bytes = value.to_be_bytes();
        match (self.base, have) {
            (_, 0) | (85, 1) => {}
            (16, _) => self.ready.push_back(bytes[3]),
            (_, n) => self.ready.extend(&bytes[..n - 1]),
        }
    }
}

impl<R: Read> Read for Ascii<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() && !self.over {
            self.fill();
        }
        let n = out.len().min(self.ready.len());
        for (to, from) in out.iter_mut().zip(self.ready.drain(..n)) {
            *to = from;
        }
        Ok(n)
    }
}

/// Whether a stream of the file, other than an image, unpacks to more than `cap` bytes. It looks at the file's bytes
/// alone, before anything reads it.
pub(super) fn holds_a_bomb(file: &[u8], cap: u64) -> bool {
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&file[at..], b"stream") {
        let key = at + found;
        let start = key + b"stream".len();
        let length = memchr::memmem::find(&file[start..], b"endstream").unwrap_or(file.len() - start);
        at = (start + length + b"endstream".len()).min(file.len());
        let dict = &file[key.saturating_sub(1024)..key];
        let dict = &dict[memchr::memmem::rfind(dict, b" obj").unwrap_or(0)..];
        if memchr::memmem::find(dict, b"/Image").is_some() {
            continue;
        }
        let raw = file[start..start + length].trim_ascii_start();
        if !fits(raw, &filters(dict), cap) {
            return true;
        }
    }
    false
}

/// The filters that the text of a stream's dictionary names.
fn filters(dict: &[u8]) -> Vec<Filter> {
    const NAMES: [(&[u8], Filter); 5] = [
        (b"Fl", Filter::FlateDecode),
        (b"LZW", Filter::LzwDecode),
        (b"RunL", Filter::RunLengthDecode),
        (b"ASCIIHex", Filter::AsciiHexDecode),
        (b"ASCII85", Filter::Ascii85Decode),
    ];
    let Some(at) = memchr::memmem::find(dict, b"/Filter") else { return Vec::new() };
    let rest = dict[at + 7..].trim_ascii_start();
    let (list, most) = match rest.strip_prefix(b"[") {
        Some(list) => (&list[..memchr::memchr(b']', list).unwrap_or(list.len())], 16),
        None => (rest, 1),
    };
    let named = |name: &[u8]| NAMES.iter().find(|(n, _)| name.starts_with(n)).map(|(_, f)| *f);
    list.split(|b| *b == b'/').skip(1).take(most).filter_map(named).collect()
}

/// Codes that the widths of a font may name, all together; a code has two bytes.
const MAX_WIDTHS: u64 = 1 << 18;

/// Whether the widths of a composite font's descendant name no more codes than a font can have: the library keeps an
/// entry for each code of a range.
pub(super) fn widths_are_sane(font: &Dict<'_>) -> bool {
    let across = font.get::<Array<'_>>("W").is_none_or(|widths| {
        let mut items = widths.flex_iter();
        let next = || {
            let listed = items.next::<(u32, Array<'_>)>().map(|_| 1);
            listed.or_else(|| items.next::<(u32, u32, f32)>().map(|(first, last, _)| codes(first, last)))
        };
        std::iter::from_fn(next).scan(0, sum).all(|n| n <= MAX_WIDTHS)
    });
    let down = font.get::<Array<'_>>("W2").is_none_or(|widths| {
        let mut items = widths.flex_iter();
        let next = || {
            let listed = items.next::<(u32, Array<'_>)>().map(|_| 1);
            listed.or_else(|| items.next::<(u32, u32, f32, f32, f32)>().map(|(first, last, ..)| codes(first, last)))
        };
        std::iter::from_fn(next).scan(0, sum).all(|n| n <= MAX_WIDTHS)
    });
    across && down
}

fn codes(first: u32, last: u32) -> u64 {
    u64::from(last.saturating_sub(first)) + 1
}

fn sum(so_far: &mut u64, n: u64) -> Option<u64> {
    *so_far += n;
    Some(*so_far)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(data).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn a_chain_of_filters_is_counted_through() {
        let once = deflated(&vec![0; 1 << 20]);
        assert_eq!(counted(&once, &[Filter::FlateDecode], 1 << 24), Some(1 << 20));
        let twice = deflated(&once);
        assert_eq!(counted(&twice, &[Filter::FlateDecode, Filter::FlateDecode], 1 << 24), Some(1 << 20));
        assert!(!fits(&twice, &[Filter::FlateDecode; 2], 1 << 18));
        let hex: Vec<u8> = once.iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
        assert_eq!(counted(&hex, &[Filter::AsciiHexDecode, Filter::FlateDecode], 1 << 24), Some(1 << 20));
    }

    #[test]
    fn lzw_phrases_are_counted() {
        // Clear, A, the phrase AA, end: three letters.
        let codes = [256u32, 65, 258, 257];
        let mut bits: Vec<bool> = Vec::new();
        for code in codes {
            bits.extend((0..9).rev().map(|i| code >> i & 1 == 1));
        }
        let bytes: Vec<u8> =
            bits.chunks(8).map(|c| c.iter().enumerate().fold(0, |b, (i, on)| b | u8::from(*on) << (7 - i))).collect();
        assert_eq!(lzw_length(&bytes), 3);
    }

    #[test]
    fn filters_are_read_off_a_dictionary() {
        assert_eq!(filters(b"<</Length 3/Filter/FlateDecode/DL 9>>"), [Filter::FlateDecode]);
        assert_eq!(filters(b"<< /Filter [ /ASCII85Decode /LZWDecode ] >>"), [Filter::Ascii85Decode, Filter::LzwDecode]);
    }
}
