//! One input, from its bytes to what the sink needs of it.
//!
//! In: an input. Out: its outcome and the parts of shared files. Never: fails for what the document holds; the only
//! errors are those of the sink, and the user's wish to stop.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::inputs::{Input, Origin, Plan, cannot_read};
use super::panics::guarded;
use super::sink::Sink;
use super::{BatchError, Extract, Outcome, Status, Watch};
use crate::diag::finding;
use crate::emit::{Document, Parts};
use crate::ingest::{Source, Text};
use crate::model::{Diagnostic, Record, SCHEMA, Severity, SourceInfo};
use crate::pipeline::Extraction;

/// Largest file that is read at all.
const LARGEST: u64 = crate::ingest::MAX_BYTES as u64;
/// Errors of ingest say that the document could not be read.
const INGEST: &str = "A01";

/// Reads one input and hands it to the sink.
pub fn document(
    input: Input,
    extract: &Extract,
    watch: &dyn Watch,
    sink: &Sink,
) -> Result<(Outcome, Option<Parts>), BatchError> {
    if watch.stopped() {
        return Err(BatchError::Stopped);
    }
    let counted = !matches!(input.origin, Origin::Member(_));
    let mut extraction = match input.plan {
        Plan::Skip(reason) => return Ok((left_out(input.name, Status::Skipped, "", reason), None)),
        Plan::Unsupported(advice) => return Ok((left_out(input.name, Status::Unsupported, "A0108", &advice), None)),
        Plan::Unpacked(members) => {
            let members = Some(members);
            return Ok((Outcome { members, ..left_out(input.name, Status::Unpacked, "", "") }, None));
        }
        Plan::Fail(why) => unread(input.name, &Digested::default(), why),
        Plan::Read(notes) => read(input.name, input.origin, notes, extract),
    };
    // A member stands in no file of its own, so its text does.
    extraction.text.differs |= !counted;
    let record = &extraction.record;
    if let (false, Some(why)) = (input.named, record.diagnostics.iter().find(|d| d.code == "A0108")) {
        return Ok((left_out(record.source.path.clone(), Status::Unsupported, "A0108", &why.message), None));
    }
    let is_fatal = |d: &&Diagnostic| d.severity == Severity::Error && d.code.starts_with(INGEST);
    let fatal = record.diagnostics.iter().find(is_fatal).map(|d| d.code.clone());
    let parts = sink.take(&Document::new(record, &extraction.text, fatal.is_some()))?;
    let outcome = Outcome {
        path: record.source.path.clone(),
        status: if fatal.is_some() { Status::Failed } else { Status::Done },
        code: fatal,
        reason: None,
        members: None,
        counted,
        counts: [record.sessions.len(), record.people.len(), record.contacts.len()].map(|n| n as u64),
        findings: tally(&record.diagnostics),
        shown: watch.look(&extraction),
    };
    Ok((outcome, parts))
}

/// An input of a folder that gives no record.
fn left_out(path: String, status: Status, code: &str, reason: &str) -> Outcome {
    let code = Some(code.to_owned()).filter(|c| !c.is_empty());
    let findings = code.iter().map(|c| (c.clone(), (Severity::Warning, 1))).collect();
    let reason = Some(reason.to_owned()).filter(|r| !r.is_empty());
    let (members, counted, counts, shown) = (None, true, [0; 3], Vec::new());
    Outcome { path, status, code, reason, members, counted, counts, findings, shown }
}

fn tally(findings: &[Diagnostic]) -> BTreeMap<String, (Severity, u64)> {
    let mut tally = BTreeMap::new();
    for finding in findings {
        let entry = tally.entry(finding.code.clone()).or_insert((finding.severity, 0));
        *entry = (entry.0.max(finding.severity), entry.1 + 1);
    }
    tally
}

/// A document that can be read, as a source.
pub fn source(input: Input) -> Option<Source> {
    let Plan::Read(_) = input.plan else { return None };
    match bytes_of(input.origin) {
        Ok(Bytes::All(bytes)) => Some(Source { path: input.name, bytes }),
        _ => None,
    }
}

/// Reads a document; what goes wrong is a finding of its record.
fn read(name: String, origin: Origin, notes: Vec<Diagnostic>, extract: &Extract) -> Extraction {
    let bytes = match bytes_of(origin) {
        Ok(Bytes::All(bytes)) => bytes,
        Ok(Bytes::TooMany(digested)) => {
            let why = finding("A0106", format!("expected at most {} MB", LARGEST >> 20));
            return unread(name, &digested, why);
        }
        Err(error) => return unread(name, &Digested::default(), cannot_read(&error)),
    };
    let source = Source { path: name, bytes };
    match guarded(|| extract(&source)) {
        Ok(mut extraction) => {
            extraction.record.diagnostics.splice(0..0, notes);
            extraction
        }
        Err(message) => {
            let digested = Digested::of(&source.bytes);
            unread(source.path, &digested, finding("A0110", format!("internal error: {message}")))
        }
    }
}

/// The record of a document that could not be read.
fn unread(name: String, digested: &Digested, why: Diagnostic) -> Extraction {
    let source =
        SourceInfo { path: name, bytes: digested.bytes, sha256: digested.sha256.clone(), ..SourceInfo::default() };
    let id = digested.sha256.get(..16).unwrap_or_default().to_owned();
    let record = Record { schema: SCHEMA.to_owned(), id, source, diagnostics: vec![why], ..Record::default() };
    Extraction { record, text: Text::default() }
}

enum Bytes {
    All(Vec<u8>),
    TooMany(Digested),
}

/// What is known of bytes that are not kept.
#[derive(Default)]
struct Digested {
    bytes: u64,
    sha256: String,
}

impl Digested {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
    }
}

fn bytes_of(origin: Origin) -> io::Result<Bytes> {
    match origin {
        Origin::Bytes(bytes) | Origin::Member(bytes) => Ok(Bytes::All(bytes)),
        Origin::Stdin => all(io::stdin().lock(), false),
        Origin::File(path) => {
            let file = File::open(path)?;
            let ends = file.metadata()?.is_file();
            all(file, ends)
        }
        Origin::Nowhere => Ok(Bytes::All(Vec::new())),
    }
}

/// Reads up to the largest size. A larger source is only digested, and only where it is known to end.
fn all(mut from: impl Read, ends: bool) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    from.by_ref().take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= LARGEST {
        return Ok(Bytes::All(bytes));
    }
    if !ends {
        return Ok(Bytes::TooMany(Digested::default()));
    }
    let mut hasher = Sha256::new();
    let mut count = 0;
    loop {
        hasher.update(&bytes);
        count += bytes.len() as u64;
        bytes.clear();
        if from.by_ref().take(1 << 20).read_to_end(&mut bytes)? == 0 {
            return Ok(Bytes::TooMany(Digested { bytes: count, sha256: hex(&hasher.finalize()) }));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
