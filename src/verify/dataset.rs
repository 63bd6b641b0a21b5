//! Verifies a whole dataset.
//!
//! In: a dataset's folder, and where the inputs stand for documents whose text the dataset does not hold.
//! Out: a [`Report`]. Never: writes.

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::emit::text_file;
use crate::eval::json_files;
use crate::grammar::Grammar;

use super::{Mismatch, verify_json};

/// What became of one document.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// `source.path` of the record.
    pub path: String,
    /// Values with evidence.
    pub values: usize,
    /// `agrees`, `differs` or `no text`.
    pub status: &'static str,
    /// What does not agree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mismatches: Vec<Mismatch>,
}

/// What became of all documents.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Documents in the order of their paths.
    pub documents: Vec<Document>,
    /// Values with evidence, in all.
    pub values: usize,
    /// Values and facts that do not agree, in all.
    pub mismatches: usize,
    /// Documents whose text is nowhere.
    pub no_text: usize,
    /// Hash of the grammars that the dataset was made with, where its run report says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grammar: Option<String>,
}

impl Report {
    /// Whether everything agrees.
    pub fn agrees(&self) -> bool {
        self.mismatches == 0 && self.no_text == 0
    }
}

/// Verifies every record below `output`.
pub fn verify(output: &Path, source: Option<&Path>, grammar: &Grammar) -> io::Result<Report> {
    let run: Value = read(&output.join("run.json"))?.and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default();
    let told = |key: &str| run.get(key).and_then(Value::as_str).filter(|r| !r.is_empty());
    // Where the run says its inputs stand.
    let own = told("root").map(PathBuf::from);
    let source = source.or(own.as_deref());
    let files = json_files(&output.join("records"))?;
    let documents = files.par_iter().map(|f| document(f, output, source, grammar)).collect::<io::Result<Vec<_>>>()?;
    let mut report = Report { grammar: told("grammar").map(str::to_owned), ..Report::default() };
    for d in documents {
        report.values += d.values;
        report.mismatches += d.mismatches.len();
        report.no_text += usize::from(d.status == "no text");
        report.documents.push(d);
    }
    Ok(report)
}

fn document(file: &Path, output: &Path, source: Option<&Path>, grammar: &Grammar) -> io::Result<Document> {
    let bytes = fs::read(file)?;
    let record: Value = match serde_json::from_slice(&bytes) {
        Ok(record) => record,
        Err(e) => {
            let mismatch = Mismatch::new("", format!("expected a JSON record, but {e}"));
            let path = file.display().to_string();
            return Ok(Document { path, values: 0, status: "differs", mismatches: vec![mismatch] });
        }
    };
    let path = record.pointer("/source/path").and_then(Value::as_str).unwrap_or("").to_owned();
    let values = record.get("evidence").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let sha = record.pointer("/source/sha256").and_then(Value::as_str).unwrap_or("");
    match text_of(&path, sha, output, source)? {
        Found::Text(text) => {
            let mismatches = verify_json(&record, &text, grammar);
            let status = if mismatches.is_empty() { "agrees" } else { "differs" };
            Ok(Document { path, values, status, mismatches })
        }
        Found::Other(reason) => {
            let mismatches = vec![Mismatch::new("/source/sha256", reason)];
            Ok(Document { path, values, status: "differs", mismatches })
        }
        Found::Nothing => Ok(Document { path, values, status: "no text", mismatches: Vec::new() }),
    }
}

pub(crate) enum Found {
    /// It.
    Text(String),
    /// Another one, and why it is not.
    Other(String),
    /// No text.
    Nothing,
}

/// Where the inputs of a dataset stand, as its run report says.
pub(crate) fn root_of(output: &Path) -> io::Result<Option<PathBuf>> {
    let run: Value = read(&output.join("run.json"))?.and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default();
    Ok(run.get("root").and_then(Value::as_str).filter(|r| !r.is_empty()).map(PathBuf::from))
}

/// The ingested text: the dataset's own copy, else the input's bytes.
pub(crate) fn text_of(path: &str, sha: &str, output: &Path, source: Option<&Path>) -> io::Result<Found> {
    let plain = !path.is_empty() && Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
    if !plain {
        return Ok(Found::Nothing);
    }
    if let Some(bytes) = read(&output.join(text_file(path)))? {
        return Ok(
            String::from_utf8(bytes).map_or(Found::Other("the dataset's text is not UTF-8".to_owned()), Found::Text)
        );
    }
    let Some(source) = source else { return Ok(Found::Nothing) };
    let place = if source.is_file() { source.to_owned() } else { source.join(path) };
    let Some(bytes) = read(&place)? else { return Ok(Found::Nothing) };
    let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    if found != sha {
        return Ok(Found::Other(format!("{} has changed since: its SHA-256 is {found}", place.display())));
    }
    Ok(String::from_utf8(bytes).map_or(Found::Nothing, Found::Text))
}

/// A file's bytes; nothing where there is no such file.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
            ) =>
        {
            Ok(None)
        }
        Err(e) => Err(e),
    }
}
