//! Documents as lines of JSON, for engines that run on many machines.
//!
//! In: lines `{"id", "text"}`, `{"id", "path"}` or `{"id", "bytes"}` (base64). Out: one line for each, in order, flushed.
//! Never: ends for what a line or a document holds; what cannot be read is a record that says so.

use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ordered::{Window, ordered};
use super::work::{Here, Reader, unread_for};
use super::{BatchError, CHUNK, Extract, HELD};
use crate::diag::finding;
use crate::ingest::{MAX_BYTES, Source, Text};
use crate::model::{Diagnostic, Record};
use crate::pipeline::Extraction;

/// Longest line: the largest document in base64, and room for its name.
const LONGEST: u64 = MAX_BYTES as u64 / 3 * 4 + (1 << 16);
/// The finding for a line that cannot be read.
const BAD_LINE: &str = "A0145";

/// A line of the filter's input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// What the record's `source.path` is to be.
    #[serde(default)]
    id: Value,
    text: Option<String>,
    path: Option<String>,
    bytes: Option<String>,
}

/// A line for a process that goes on with what this one read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Whole {
    /// The record.
    pub record: Record,
    /// The text that its spans count in.
    pub text: String,
    /// Whether that is not the document's own bytes.
    pub differs: bool,
}

/// Reads lines to their end, and writes a line for each. With `whole`, the text goes with the record.
pub fn filter(
    input: impl BufRead + Send,
    mut output: impl Write,
    jobs: usize,
    whole: bool,
    extract: &Extract,
) -> Result<(), BatchError> {
    let jobs = jobs.max(1);
    let window = Window { jobs, items: (jobs * CHUNK) as u64, bytes: HELD };
    let mut lines = Lines { input, number: 0 };
    ordered(
        window,
        || lines.next().map(|line| line.map_err(BatchError::List)),
        |(_, line)| line.as_ref().map_or(0, Vec::len),
        || Here(extract),
        |reader, (number, line)| answer(reader, number, line, whole),
        |line| output.write_all(&line).and_then(|()| output.flush()).map_err(BatchError::Stdout),
        |error| BatchError::Workers(jobs, error.to_string()),
    )
}

/// Lines with their numbers; nothing for one that is too long.
struct Lines<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Option<io::Result<(u64, Option<Vec<u8>>)>> {
        loop {
            let mut line = Vec::new();
            self.number += 1;
            match self.input.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
                Err(error) => return Some(Err(error)),
                Ok(0) => return None,
                Ok(_) => {}
            }
            let fits = line.last() == Some(&b'\n') || (line.len() as u64) < LONGEST;
            if !fits {
                if let Err(error) = self.skip() {
                    return Some(Err(error));
                }
                return Some(Ok((self.number, None)));
            }
            if !line.trim_ascii().is_empty() {
                return Some(Ok((self.number, Some(line))));
            }
        }
    }

    /// Passes over the rest of a line.
    fn skip(&mut self) -> io::Result<()> {
        loop {
            let here = self.input.fill_buf()?;
            if here.is_empty() {
                return Ok(());
            }
            let end = memchr::memchr(b'\n', here);
            let used = end.map_or(here.len(), |at| at + 1);
            self.input.consume(used);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

/// The line for a line.
fn answer(reader: &mut dyn Reader, number: u64, line: Option<Vec<u8>>, whole: bool) -> Vec<u8> {
    let extraction = match line.as_deref().map_or(Err(too_long(number)), |line| source(number, line)) {
        Ok(source) => reader.read(source).unwrap_or_else(|failed| *failed),
        Err(failed) => *failed,
    };
    let Extraction { record, text } = extraction;
    let made = if whole {
        serde_json::to_vec(&Whole { record, differs: text.differs, text: text.content })
    } else {
        serde_json::to_vec(&record)
    };
    let mut made = made.unwrap_or_default();
    made.push(b'\n');
    made
}

/// What the line of another process holds.
pub fn taken(line: &[u8]) -> serde_json::Result<Extraction> {
    let Whole { record, text, differs } = serde_json::from_slice(line)?;
    Ok(Extraction { record, text: Text { content: text, differs, ..Text::default() } })
}

/// The line that asks another process to read a document.
pub fn asked(source: &Source) -> Vec<u8> {
    let mut line =
        serde_json::to_vec(&serde_json::json!({"id": source.path, "bytes": encode(&source.bytes)})).unwrap_or_default();
    line.push(b'\n');
    line
}

fn too_long(number: u64) -> Box<Extraction> {
    let why = finding(BAD_LINE, format!("expected a line of at most {} MB", LONGEST >> 20));
    Box::new(unread_for(format!("line {number}"), why))
}

/// The document that a line holds or names, or the record that says why there is none.
fn source(number: u64, line: &[u8]) -> Result<Source, Box<Extraction>> {
    let fail = |path: String, why: Diagnostic| Box::new(unread_for(path, why));
    let numbered = || format!("line {number}");
    let line: Line = serde_json::from_slice(line).map_err(|error| {
        fail(
            numbered(),
            finding(BAD_LINE, format!("expected {{\"id\", \"text\" or \"path\" or \"bytes\"}}, but {error}")),
        )
    })?;
    let path = match &line.id {
        Value::String(id) if !id.is_empty() => id.clone(),
        Value::Null | Value::String(_) => line.path.clone().unwrap_or_else(numbered),
        other => other.to_string(),
    };
    let bytes = match (line.text, line.path, line.bytes) {
        (Some(text), None, None) => text.into_bytes(),
        (None, Some(file), None) => read(Path::new(&file)).map_err(|why| fail(path.clone(), why))?,
        (None, None, Some(base64)) => decode(&base64)
            .ok_or_else(|| fail(path.clone(), finding(BAD_LINE, "expected base64 in \"bytes\"".to_owned())))?,
        _ => {
            let why = "expected one of \"text\", \"path\" and \"bytes\"".to_owned();
            return Err(fail(path, finding(BAD_LINE, why)));
        }
    };
    Ok(Source { path, bytes })
}

fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    let done = File::open(path).and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
    match done {
        Err(error) => Err(super::inputs::cannot_read(&error)),
        Ok(n) if n > MAX_BYTES => Err(finding("A0106", format!("expected at most {} MB", MAX_BYTES >> 20))),
        Ok(_) => Ok(bytes),
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64, with padding.
fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = DIGITS[(n >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// The bytes of base64, in either alphabet, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    static VALUES: OnceLock<[u8; 256]> = OnceLock::new();
    let values = VALUES.get_or_init(|| {
        let mut values = [255; 256];
        for (value, digit) in (0u8..).zip(DIGITS) {
            values[usize::from(*digit)] = value;
        }
        (values[usize::from(b'-')], values[usize::from(b'_')]) = (62, 63);
        values
    });
    let digits = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for four in digits.chunks(4) {
        let mut n = 0u32;
        for digit in four {
            let value = values[usize::from(*digit)];
            n = n << 6 | u32::from(value);
            if value == 255 {
                return None;
            }
        }
        n <<= 6 * (4 - four.len());
        match four.len() {
            1 => return None,
            many => out.extend_from_slice(&n.to_be_bytes()[1..many]),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways() {
        for n in 0..300usize {
            let bytes: Vec<u8> = (0..n).map(|i| (i * 7919 + n) as u8).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes.clone()));
            assert_eq!(decode(encode(&bytes).trim_end_matches('=')), Some(bytes));
        }
        assert_eq!((encode(b"Man"), encode(b"Ma")), ("TWFu".into(), "TWE=".into()));
        assert_eq!((decode("TW\u{e9}u"), decode("T"), decode("-_8")), (None, None, Some(vec![0xfb, 0xff])));
    }
}
