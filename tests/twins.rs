//! One document in several formats gives one record: event, sessions, people and contacts are equal, whatever the
//! reader; only spans, evidence and source differ.
//!
//! `AGENDATA_SHARED` names the folder of other
//! people's documents.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use agendata::eval::{score, stem_of};
use agendata::{Pipeline, Source};
use serde_json::{Map, Value};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The record of one file.
fn record(path: &Path) -> Value {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::to_value(Pipeline::default().extract(&Source { path: name, bytes })).unwrap()
}

/// What must be equal: the values, without what tells where they stand.
fn plain(value: &Value) -> Value {
    const PLACES: &[&str] = &["uid", "spans", "mentions", "raw"];
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| !PLACES.contains(&key.as_str()));
            Value::Object(kept.map(|(key, v)| (key.clone(), plain(v))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        _ => value.clone(),
    }
}

/// Where two values part, by pointer.
fn differences(at: &str, a: &Value, b: &Value, out: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let keys: std::collections::BTreeSet<&String> = x.keys().chain(y.keys()).collect();
            for key in keys {
                let (a, b) = (x.get(key).unwrap_or(&Value::Null), y.get(key).unwrap_or(&Value::Null));
                differences(&format!("{at}/{key}"), a, b, out);
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().for_each(|(n, (a, b))| differences(&format!("{at}/{n}"), a, b, out));
        }
        _ if a != b => out.push(format!("{at}: {a} / {b}")),
        _ => {}
    }
}

/// The files of `input/twins`, by the document that they are.
fn twins() -> BTreeMap<String, Vec<PathBuf>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in fs::read_dir(root().join("input/twins")).unwrap() {
        let path = entry.unwrap().path();
        let stem = stem_of(path.to_str().unwrap());
        let (document, _) = stem.rsplit_once('-').expect("a name that ends in its format");
        found.entry(document.to_owned()).or_default().push(path);
    }
    found.values_mut().for_each(|files| files.sort());
    found
}

#[test]
fn each_document_is_there_in_each_format() {
    let twins = twins();
    assert_eq!(twins.len(), 4);
    for (document, files) in &twins {
        let kinds: Vec<_> = files.iter().filter_map(|f| f.extension()?.to_str()).collect();
        for kind in ["docx", "html", "odt", "pdf", "rtf"] {
            assert!(kinds.contains(&kind), "{document}.{kind}");
        }
    }
}

/// How many of the twins were equal to their page when this was last looked at; it only rises.
const EQUAL: usize = 16;
/// How like the page the others are at least, and all together in the mean, as F1 with the page as gold.
const LIKE: (f64, f64) = (0.95, 0.995);

#[test]
fn twins_give_equal_records() {
    let (mut equal, mut likeness) = (0, Vec::new());
    for (document, files) in twins() {
        let page = files.iter().find(|f| f.extension().is_some_and(|e| e == "html")).expect("a page");
        let wanted = record(page);
        assert!(!wanted["sessions"].as_array().unwrap().is_empty(), "{document}");
        for file in files.iter().filter(|f| *f != page) {
            let (found, mut differ) = (record(file), Vec::new());
            for part in ["kind", "event", "sessions", "people", "contacts"] {
                differences(&format!("/{part}"), &plain(&wanted[part]), &plain(&found[part]), &mut differ);
            }
            let figure = score(&wanted, &found).f1("all");
            let name = file.file_name().unwrap().to_str().unwrap();
            eprintln!("{name} and its page: {figure:.3}\n  {}", differ.join("\n  "));
            equal += usize::from(differ.is_empty());
            likeness.push(figure);
            assert!(figure >= LIKE.0, "{name} is like its page to {figure:.3}");
        }
    }
    let mean = likeness.iter().sum::<f64>() / likeness.len() as f64;
    eprintln!("{equal} of {} twins are equal to their page; mean F1 {mean:.4}", likeness.len());
    assert!(equal >= EQUAL, "{equal} twins are equal to their page, and must be {EQUAL}");
    assert!(mean >= LIKE.1, "the twins are like their pages to {mean:.4}");
}

#[test]
fn other_peoples_twins_agree() {
    let shared = std::env::var_os("AGENDATA_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let docs = shared.join("wild/docs");
    if !docs.is_dir() {
        eprintln!("skipped: no shared documents (set AGENDATA_SHARED)");
        return;
    }
    let numbered = |number: &str| {
        let entries = fs::read_dir(&docs).unwrap().map(|e| e.unwrap().path());
        let named = |p: &PathBuf| p.file_name().is_some_and(|n| n.to_str().is_some_and(|n| n.starts_with(number)));
        entries.filter(named).map(|p| record(&p)).next().unwrap_or_else(|| panic!("no document {number}"))
    };
    // 047 and 048 are a programme and the invitation to it: no twins, though they look like it.
    let figure = score(&numbered("053_"), &numbered("054_")).f1("all");
    eprintln!("053 as gold of 054: F1 {figure:.3}");
    assert!(figure >= 0.9, "053 and 054 agree to {figure:.3}");
}
