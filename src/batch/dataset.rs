//! Reads a dataset back.
//!
//! In: a dataset folder, a folder of records, a record or JSON Lines. Out: records, each checked; or what is wrong, with
//! file and place. Never: takes a record whose parts refer to nothing, or one of a schema that is not known here.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::sound;
use crate::emit::text_file;
use crate::ingest::Text;
use crate::model::{Record, SCHEMA, Severity};

/// Something in a dataset that cannot be worked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Code, see `agendata explain`.
    pub code: &'static str,
    /// File, with the line where it holds several records.
    pub file: String,
    /// JSON Pointer in the record.
    pub at: String,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.at.is_empty() { self.file.clone() } else { format!("{} at {}", self.file, self.at) };
        write!(f, "error[{}]: {place}: {}", self.code, self.message)
    }
}

/// A record that was read.
pub struct Read {
    /// The record.
    pub record: Record,
    /// The same as JSON.
    pub value: Value,
    /// Fields of the file that the model does not have.
    pub unknown: Vec<String>,
    /// Its text, where it is at hand.
    pub text: Option<Text>,
}

impl Read {
    /// The record in the bytes of a file, or what is wrong with it; without its text.
    pub fn of(file: &str, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let one = |code, at: String, message: String| vec![Problem { code, file: file.to_owned(), at, message }];
        let mut unknown = Vec::new();
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        let read: Result<Record, _> = serde_ignored::deserialize(tracked, |path| unknown.push(path.to_string()));
        let record = match read {
            Ok(record) => record,
            Err(error) => {
                // A newer schema explains what else is odd.
                if let Some(newer) = serde_json::from_slice::<Value>(bytes).ok().and_then(|v| other_schema(&v)) {
                    return Err(one("A0802", "/schema".into(), newer));
                }
                return Err(one("A0801", pointer(&track.path()), format!("expected a record, but {error}")));
            }
        };
        if let Err(error) = json.end() {
            return Err(one("A0801", String::new(), format!("expected one record, but {error}")));
        }
        let value = serde_json::to_value(&record).unwrap_or_default();
        if let Some(other) = other_schema(&value) {
            return Err(one("A0802", "/schema".into(), other));
        }
        let found: Vec<Problem> = sound::check(&record)
            .into_iter()
            .map(|(code, at, message)| Problem { code, file: file.to_owned(), at, message })
            .collect();
        if !found.is_empty() {
            return Err(found);
        }
        Ok(Read { record, value, unknown, text: None })
    }

    /// Whether the document could not be read when the dataset was made.
    pub fn failed(&self) -> bool {
        self.record
            .diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error && (d.code.starts_with("A01") || d.code == "A0805"))
    }
}

/// A place where records are.
pub struct Dataset {
    root: PathBuf,
    source: Option<PathBuf>,
    paths: HashSet<String>,
    files: std::vec::IntoIter<PathBuf>,
    lines: Option<(PathBuf, usize, BufReader<fs::File>)>,
}

/// Bytes of a record with their place.
pub struct Raw {
    file: String,
    bytes: Vec<u8>,
}

impl Raw {
    /// Bytes held.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl Dataset {
    /// The records at `place`, whose documents lie below `source`.
    pub fn open(place: &Path, source: Option<&Path>) -> io::Result<Self> {
        let mut files = Vec::new();
        if place.is_dir() {
            let records = place.join("records");
            let dataset = place.join("datapackage.json").is_file() || place.join("run.json").is_file();
            files = crate::eval::json_files(if dataset && records.is_dir() { &records } else { place })?;
        } else {
            fs::metadata(place)?;
            files.push(place.to_owned());
        }
        let root = place.to_owned();
        let source = source.map(Path::to_owned);
        Ok(Self { root, source, paths: HashSet::new(), files: files.into_iter(), lines: None })
    }

    /// The bytes of the next record.
    pub fn advance(&mut self) -> Option<io::Result<Raw>> {
        loop {
            if let Some((path, number, lines)) = &mut self.lines {
                let mut bytes = Vec::new();
                match lines.read_until(b'\n', &mut bytes) {
                    Ok(0) => self.lines = None,
                    Ok(_) => {
                        *number += 1;
                        if bytes.iter().all(u8::is_ascii_whitespace) {
                            continue;
                        }
                        let file = format!("{}:{number}", path.display());
                        return Some(Ok(Raw { file, bytes }));
                    }
                    Err(e) => return Some(Err(e)),
                }
                continue;
            }
            let path = self.files.next()?;
            if path.extension().is_some_and(|e| e == "jsonl") {
                match fs::File::open(&path) {
                    Ok(file) => self.lines = Some((path, 0, BufReader::new(file))),
                    Err(e) => return Some(Err(e)),
                }
                continue;
            }
            let shown = path.strip_prefix(&self.root).ok().filter(|p| !p.as_os_str().is_empty()).unwrap_or(&path);
            let file = shown.display().to_string();
            return Some(fs::read(&path).map(|bytes| Raw { file, bytes }));
        }
    }

    /// The record in these bytes with its text, or what is wrong with it. For any thread.
    pub fn read(&self, raw: &Raw) -> Result<Read, Vec<Problem>> {
        let mut read = Read::of(&raw.file, &raw.bytes)?;
        read.text = self.text(&read.record);
        Ok(read)
    }

    /// A problem, where an earlier record has the same path. In the records' order.
    pub fn admit(&mut self, raw: &Raw, record: &Record) -> Option<Problem> {
        let path = &record.source.path;
        let message = || format!("expected a path of its own, but {path} is another record's too");
        let again = !self.paths.insert(path.clone());
        let file = raw.file.clone();
        again.then(|| Problem { code: "A0803", file, at: "/source/path".into(), message: message() })
    }

    /// The text that the spans count in: the dataset's own copy, else the input's bytes where they are unchanged.
    fn text(&self, record: &Record) -> Option<Text> {
        let path = &record.source.path;
        let kept = fs::read(self.root.join(text_file(path))).ok().and_then(|b| String::from_utf8(b).ok());
        if let Some(content) = kept {
            return Some(Text { content, differs: true, ..Text::default() });
        }
        let source = self.source.as_ref()?;
        let bytes = fs::read(if source.is_file() { source.clone() } else { source.join(path) }).ok()?;
        let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        let content = String::from_utf8(bytes).ok().filter(|_| found == record.source.sha256)?;
        Some(Text { content, ..Text::default() })
    }
}

/// What is wrong with the schema that a record names.
fn other_schema(value: &Value) -> Option<String> {
    match value.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => None,
        Some("") | None => Some(format!("expected a record with schema {SCHEMA}, but it names none")),
        Some(other) => {
            let number = other.strip_prefix("agendata/").and_then(|n| n.parse::<u64>().ok());
            let newer = if number.is_some() { "; a newer agendata made it" } else { "" };
            Some(format!("expected a record with schema {SCHEMA}, but found {}{newer}", sound::short(other)))
        }
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut out = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Map { key } => out.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { variant } => out.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    out
}

/// Whether a path stays below the folder that it is joined to.
pub fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && !path.chars().any(char::is_control)
        && Path::new(path).components().all(|c| matches!(c, Component::Normal(_)))
}
