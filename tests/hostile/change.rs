//! Changes good files at random. In: the bytes of a good file, a source of numbers. Out: bytes that are nearly good.
//! Never: makes a file much larger than it was.

use std::io::{Cursor, Read, Write};

use crate::support::Random;

/// What a number, a length or a name in a file may be said to be.
const LIES: &[&str] = &[
    "0",
    "-1",
    "1",
    "65536",
    "2147483647",
    "4294967296",
    "99999999999999999999",
    "-9223372036854775808",
    "1e308",
    "NaN",
    "",
    "\u{fffd}",
];

/// Bytes that mean something in some format.
const TOKENS: &[&[u8]] = &[
    b"<",
    b">",
    b"</",
    b"<!--",
    b"<table>",
    b"<td colspan=99999>",
    b"&#x110000;",
    b"]]>",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b")",
    b" obj\n",
    b"endobj",
    b"stream\n",
    b"endstream",
    b" 0 R ",
    b"{",
    b"}",
    b"\\",
    b"\\'",
    b"\\u-1 ",
    b"\\bin999 ",
    b"\\row",
    b"\r\n\r\n",
    b"\r\n--",
    b"\nFrom ",
    b"=?utf-8?B?",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
];

/// `good`, changed in one to a few places.
pub fn change(good: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = good.to_vec();
    if is_zip(good) && random.below(4) != 0 {
        bytes = change_member(good, random).unwrap_or(bytes);
        if random.below(4) != 0 {
            return bytes;
        }
    }
    for _ in 0..=random.below(4) {
        once(&mut bytes, other, random);
    }
    bytes
}

/// One change.
fn once(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len());
    let until = (at + 1 + random.below(64)).min(bytes.len());
    match random.below(11) {
        0 => bytes.truncate(at),
        1 | 2 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        3 if at < bytes.len() => bytes[at] = random.next() as u8,
        4 => drop(bytes.drain(at..until)),
        5 => {
            let again = bytes[at..until].repeat(1 + random.below(200));
            bytes.splice(at..at, again);
        }
        6 => {
            let from = random.below(other.len());
            let piece = other[from..].iter().take(1 + random.below(400)).copied().collect::<Vec<_>>();
            bytes.splice(at..at, piece);
        }
        7 | 8 => lie(bytes, at, random),
        9 => drop(bytes.splice(at..at, random.pick(TOKENS).iter().copied())),
        _ => {
            let far = random.below(bytes.len());
            for n in 0..(until - at).min(bytes.len() - far) {
                bytes.swap(at + n, far + n);
            }
        }
    }
}

/// The next number behind `at` says something else.
fn lie(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|n| at + n) else { return };
    let end = bytes[start..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| start + n);
    bytes.splice(start..end, random.pick(LIES).bytes());
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// A package in which one member was changed and packed again, so that its checksum holds.
fn change_member(good: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut members = unpack(good)?;
    let texts: Vec<usize> = (0..members.len()).filter(|&n| members[n].1.len() > 200).collect();
    let n = *texts.get(random.below(texts.len()))?;
    let other = members[random.below(members.len())].1.clone();
    for _ in 0..=random.below(6) {
        once(&mut members[n].1, &other, random);
    }
    if random.below(12) == 0 {
        members.remove(random.below(members.len()));
    }
    Some(pack(&members))
}

/// The members of a package.
pub fn unpack(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let count = archive.len();
    let read = |n| {
        let mut file = archive.by_index(n).ok()?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).ok()?;
        Some((file.name().ok()?.into_owned(), content))
    };
    (0..count).map(read).collect()
}

/// A package of these members, not compressed.
pub fn pack(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in members {
        out.start_file(name.as_str(), options).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The same, compressed.
pub fn squeeze(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in members {
        out.start_file(*name, options).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}
