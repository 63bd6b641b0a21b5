//! Reads gold folders and outputs.
//!
//! In: a folder of JSON records (searched recursively), a dataset, or a `.jsonl` file. Out: records by the
//! stem that pairs them. Never: writes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;

/// Records by stem, and what could not be read.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Stem of `source.path`, else of the file, → record.
    pub records: BTreeMap<String, Value>,
    /// Files that hold no JSON.
    pub notes: Vec<String>,
}

/// Reads the records below `place`. Of a dataset it reads `records/` only.
pub fn load(place: &Path) -> io::Result<Loaded> {
    let mut loaded = Loaded::default();
    if place.is_file() {
        let text = fs::read_to_string(place)?;
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            match serde_json::from_str(line) {
                Ok(value) => loaded.take(&format!("line {}", n + 1), value),
                Err(e) => loaded.notes.push(format!("{}:{}: expected a JSON record, but {e}", place.display(), n + 1)),
            }
        }
        return Ok(loaded);
    }
    let records = place.join("records");
    let root = if place.join("datapackage.json").is_file() && records.is_dir() { &records } else { place };
    for path in json_files(root)? {
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        match serde_json::from_slice(&fs::read(&path)?) {
            Ok(value) => loaded.take(&stem, value),
            Err(e) => loaded.notes.push(format!("{}: expected a JSON record, but {e}", path.display())),
        }
    }
    Ok(loaded)
}

impl Loaded {
    fn take(&mut self, stem: &str, value: Value) {
        if value.get("event").is_some() || value.get("sessions").is_some() {
            let path = value.pointer("/source/path").and_then(Value::as_str).filter(|p| !p.is_empty());
            let stem = path.map_or_else(|| stem.to_owned(), stem_of);
            self.records.insert(stem, value);
        }
    }
}

/// The name of a path without folders and ending; a message of a mail box keeps its number.
pub fn stem_of(path: &str) -> String {
    let number = path.rfind('#').filter(|at| path[at + 1..].bytes().all(|b| b.is_ascii_digit()));
    let (path, number) = path.split_at(number.unwrap_or(path.len()));
    let stem = Path::new(path).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    stem + number
}

/// Every `.json` file below `root`, sorted by path.
pub fn json_files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
