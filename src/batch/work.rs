//! One input, from its bytes to what the sink needs of it.
//!
//! In: an input. Out: its outcome and the parts of shared files. Never: fails for what the document holds; the only
//! errors are those of the sink, and the user's wish to stop.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::desk::Desk;
use super::entry::{Entry, key};
use super::inputs::{Input, Origin, Plan, cannot_read};
use super::panics::guarded;

use super::{BatchError, Extract, Outcome, Status, Watch};
use crate::diag::finding;
use crate::emit::{Document, Parts};
use crate::ingest::{Source, Text};
use crate::model::{Diagnostic, Record, SCHEMA, Severity, SourceInfo};
use crate::pipeline::Extraction;

/// Largest file that is read at all.
const LARGEST: u64 = crate::ingest::MAX_BYTES as u64;
/// Errors of ingest say that the document could not be read, and so does that of an import.
const UNREAD: &[&str] = &["A01", "A0805"];
/// What these say may come out otherwise another time.
const AGAIN: [&str; 3] = ["A0110", "A0111", "A0143"];

/// An input that is done, as the sink takes it.
#[derive(Default)]
pub struct Done {
    /// What is known of it.
    pub entry: Entry,
    /// Number of the input.
    pub at: u64,
    /// Number of its entry in the earlier journal, where nothing had to be read again.
    pub known: Option<usize>,
    /// Its parts of shared files.
    pub parts: Option<Parts>,
    /// What [`Watch::look`] made of it.
    pub shown: Vec<String>,
}

impl Done {
    /// What became of the input, in numbers.
    pub fn outcome(&mut self) -> Outcome {
        let reused = self.known.is_some();
        Outcome { reused, shown: std::mem::take(&mut self.shown), ..self.entry.outcome() }
    }
}

/// What reads a document's bytes, in this process or in another.
pub trait Reader {
    /// Reads them; an error says why it could not.
    fn read(&mut self, source: Source) -> Result<Extraction, Box<Extraction>>;
}

/// Reads one input and writes its own files.
pub fn document(input: Input, reader: &mut dyn Reader, watch: &dyn Watch, desk: &Desk) -> Result<Done, BatchError> {
    if watch.stopped() {
        return Err(BatchError::Stopped);
    }
    let (at, name) = (input.at, input.name);
    let counted = !matches!(input.origin, Origin::Member(_));
    let (mut extraction, key) = match input.plan {
        Plan::Skip(reason) => return Ok(left_out(at, name, Status::Skipped, "", reason)),
        Plan::Unsupported(advice) => return Ok(left_out(at, name, Status::Unsupported, "A0108", &advice)),
        Plan::Unpacked(members) => {
            let mut done = left_out(at, name, Status::Unpacked, "", "");
            done.entry.members = Some(members);
            return Ok(done);
        }
        Plan::Fail(why) => (unread(name, &Digested::default(), why), None),
        Plan::Read(notes) => match bytes_of(input.origin) {
            Ok(Bytes::All(bytes)) => {
                let how = format!("{} {counted} {}", input.named, notes.len());
                let key = desk.run_key.as_ref().map(|run| key(run, &how, &name, &bytes));
                if let Some((n, entry)) = key.as_ref().and_then(|key| desk.known(&name, key)) {
                    return Ok(Done { entry, at, known: Some(n), ..Done::default() });
                }
                let mut extraction = read(Source { path: name, bytes }, reader);
                extraction.record.diagnostics.splice(0..0, notes);
                (extraction, key)
            }
            Ok(Bytes::TooMany(digested)) => {
                let why = finding("A0106", format!("expected at most {} MB", LARGEST >> 20));
                (unread(name, &digested, why), None)
            }
            Err(error) => (unread(name, &Digested::default(), cannot_read(&error)), None),
        },
    };
    // A member stands in no file of its own, so its text does.
    extraction.text.differs |= !counted;
    let record = &extraction.record;
    if let (false, Some(why)) = (input.named, record.diagnostics.iter().find(|d| d.code == "A0108")) {
        let mut done = left_out(at, record.source.path.clone(), Status::Unsupported, "A0108", &why.message);
        done.entry.key = key.unwrap_or_default();
        return Ok(done);
    }
    let is_fatal = |d: &&Diagnostic| d.severity == Severity::Error && UNREAD.iter().any(|u| d.code.starts_with(u));
    let fatal = record.diagnostics.iter().find(is_fatal).map(|d| d.code.clone());
    let (parts, files) = desk.take(&Document::new(record, &extraction.text, fatal.is_some()))?;
    // Whether the time is enough depends on what else the machine does.
    let again = fatal.as_ref().is_some_and(|code| AGAIN.contains(&code.as_str()));
    let entry = Entry {
        path: record.source.path.clone(),
        at,
        key: key.filter(|_| !again).unwrap_or_default(),
        status: if fatal.is_some() { Status::Failed } else { Status::Done },
        code: fatal,
        counted,
        counts: [record.sessions.len(), record.people.len(), record.contacts.len()].map(|n| n as u64),
        findings: tally(&record.diagnostics),
        files,
        ..Entry::default()
    };
    Ok(Done { entry, at, known: None, parts: Some(parts), shown: watch.look(&extraction) })
}

/// An input of a folder that gives no record.
fn left_out(at: u64, path: String, status: Status, code: &str, reason: &str) -> Done {
    let code = Some(code.to_owned()).filter(|c| !c.is_empty());
    let findings = code.iter().map(|c| (c.clone(), (Severity::Warning, 1))).collect();
    let reason = Some(reason.to_owned()).filter(|r| !r.is_empty());
    let entry = Entry { path, at, status, code, reason, counted: true, findings, ..Entry::default() };
    Done { entry, at, ..Done::default() }
}

pub fn tally(findings: &[Diagnostic]) -> BTreeMap<String, (Severity, u64)> {
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
fn read(source: Source, reader: &mut dyn Reader) -> Extraction {
    reader.read(source).unwrap_or_else(|failed| *failed)
}

/// Reads documents in this process.
pub struct Here<'a>(pub &'a Extract<'a>);

impl Reader for Here<'_> {
    fn read(&mut self, source: Source) -> Result<Extraction, Box<Extraction>> {
        guarded(|| (self.0)(&source)).map_err(|message| failure(source, &message))
    }
}

/// The record of a document over which its reader failed.
pub fn failure(source: Source, message: &str) -> Box<Extraction> {
    let digested = Digested::of(&source.bytes);
    Box::new(unread(source.path, &digested, finding("A0110", format!("internal error: {message}"))))
}

/// The record of a document that a limit ended.
pub fn unread_over(source: Source, why: Diagnostic) -> Extraction {
    let digested = Digested::of(&source.bytes);
    unread(source.path, &digested, why)
}

/// The record of a document that is not there.
pub fn unread_for(path: String, why: Diagnostic) -> Extraction {
    unread(path, &Digested::default(), why)
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
