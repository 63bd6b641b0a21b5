//! What a dataset knows of one input: a line of its journal.
//!
//! In: outcomes. Out: lines, and what of an earlier run may be used again. Never: a clock time, or anything else that two
//! runs over the same inputs would write differently.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{About, Outcome, Status};
use crate::ingest::Limits;
use crate::model::{SCHEMA, Severity};

/// Names the form of the journal.
pub const JOURNAL: &str = "agendata-journal/1";
/// Names the code that reads; the same version may be built from other sources.
const CODE: &str = env!("AGENDATA_CODE");
/// Bytes of a key.
const KEY: usize = 16;

/// What a dataset knows of one input.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Path in the dataset.
    pub path: String,
    /// Number of the input among all of the run; members of a container have that of the container.
    pub at: u64,
    /// What the record was made of and with; empty where it is not to be used again.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// What became of it.
    pub status: Status,
    /// Code of the finding that says why it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why it was left out, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Members that were taken out of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<u64>,
    /// Whether it is no member of a container.
    pub counted: bool,
    /// Whether it is kept from an earlier run, whose input the last one did not meet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// What it was made with, where that is not what the last run used; see [`super::report::made`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<serde_json::Value>,
    /// Sessions, people and contacts.
    pub counts: [u64; 3],
    /// How often each code was found.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<String, (Severity, u64)>,
    /// Its own files below the dataset's folder, with their lengths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, u64)>,
    /// Start and length of its rows in each shared file.
    pub rows: Vec<(u64, u64)>,
}

impl Entry {
    /// The outcome that it stands for.
    pub fn outcome(&self) -> Outcome {
        let e = self.clone();
        Outcome {
            path: e.path,
            status: e.status,
            code: e.code,
            reason: e.reason,
            members: e.members,
            counted: e.counted,
            reused: true,
            counts: e.counts,
            findings: e.findings,
            shown: Vec::new(),
        }
    }

    /// Its line in the journal.
    pub fn line(&self) -> Vec<u8> {
        // Numbers, texts and lists of them: all of it is JSON.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

/// What all records of a run are made with, in one hash: code, grammars, options.
pub fn run_key(about: &About) -> [u8; 32] {
    let o = &about.options;
    let Limits { memory, time } = o.limits;
    let ocr = o.ocr.as_ref().map(|ocr| ocr.about());
    let told = format!("{:?}", (&o.year, &o.country, &o.language, &o.timezone, memory, time, ocr));
    let mut hash = Sha256::new();
    for part in [JOURNAL, SCHEMA, env!("CARGO_PKG_VERSION"), CODE, &about.grammar, &told] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The key of a document: of all that its record is made of and with. `how` tells what else decides on it.
pub fn key(run: &[u8; 32], how: &str, path: &str, bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(run);
    for part in [how, path] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(bytes);
    hash.finalize().iter().take(KEY).map(|b| format!("{b:02x}")).collect()
}
