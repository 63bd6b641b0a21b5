//! Records of a dataset that has lost its journal, or whose journal another version wrote.
//!
//! In: what `run.json` says of its inputs, their records and texts. Out: entries and rows for those that a run did not meet,
//! so that nothing goes that nobody asked to go. Never: uses such a record in the place of reading its document again.

use std::fs;
use std::io;
use std::path::Path;

use super::draft::{DOUBTS_FILE, Draft};
use super::entry::Entry;
use super::past::Past;
use super::report::{earlier, earlier_made, made};
use super::store::doubt_line;
use super::work::tally;
use crate::emit::{DATASET, Document, Emitter, Parts, emitters, record_file, text_file};
use crate::ingest::Text;
use crate::model::Record;

/// Adds what the dataset in `output` has and `journal`, the new one so far, does not name; its rows go to
/// `draft`. Answers how many inputs were kept.
pub fn adopt(
    output: &Path,
    head: &serde_json::Value,
    journal: &Past,
    shown: &mut [Box<dyn Emitter>],
    draft: &mut Draft,
) -> io::Result<u64> {
    let run = output.join("run.json");
    let now = made(head);
    let before = earlier_made(&run).filter(|made| *made != now);
    let formats = emitters(DATASET);
    let (mut kept, mut number, mut failure) = (0, 0, None);
    // A report that cannot be read names nothing that could be kept.
    let _ = earlier(&run, |entry| {
        number += 1;
        if failure.is_some() || journal.find(&entry.path).is_some() {
            return;
        }
        let Some((record, text)) = stored(output, &entry.path) else { return };
        let parts = parts(&formats, &record, text.as_ref(), entry.code.is_some());
        let entry = Entry {
            at: number - 1,
            kept: true,
            made: entry.made.clone().filter(|made| *made != now).or_else(|| before.clone()),
            counts: [record.sessions.len(), record.people.len(), record.contacts.len()].map(|n| n as u64),
            findings: tally(&record.diagnostics),
            files: files(output, &entry.path),
            ..entry
        };
        kept += 1;
        failure = add(draft, shown, entry, parts).err();
    });
    failure.map_or(Ok(kept), Err)
}

/// The record of an input, and its text where the dataset holds one.
fn stored(output: &Path, path: &str) -> Option<(Record, Option<Text>)> {
    if !super::dataset::is_inside(path) {
        return None;
    }
    let record: Record = serde_json::from_slice(&fs::read(output.join(record_file(path))).ok()?).ok()?;
    let text = fs::read_to_string(output.join(text_file(path))).ok();
    (record.source.path == path)
        .then(|| (record, text.map(|content| Text { content, differs: true, ..Text::default() })))
}

/// The files of an input that are there, with their lengths.
fn files(output: &Path, path: &str) -> Vec<(String, u64)> {
    let length = |name: String| {
        let meta = fs::symlink_metadata(output.join(&name)).ok().filter(fs::Metadata::is_file)?;
        Some((name, meta.len()))
    };
    [record_file(path), text_file(path)].into_iter().filter_map(length).collect()
}

fn parts(formats: &[Box<dyn Emitter>], record: &Record, text: Option<&Text>, failed: bool) -> Parts {
    let empty = Text::default();
    let document = match text {
        Some(text) => Document::new(record, text, failed),
        None => Document::without_text(record, &empty, failed),
    };
    let mut parts = Parts::default();
    formats.iter().for_each(|format| format.document(&document, &mut parts));
    parts
}

/// Adds an entry with its rows, and shows its doubts to the formats that want to see them all.
pub fn add(draft: &mut Draft, shown: &mut [Box<dyn Emitter>], entry: Entry, mut parts: Parts) -> io::Result<()> {
    let doubts: Vec<u8> = parts.doubts.iter().flat_map(doubt_line).collect();
    shown.iter_mut().for_each(|format| format.collect(&mut parts));
    let mut rows: Vec<(String, Vec<u8>)> =
        parts.rows.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    rows.push((DOUBTS_FILE.to_owned(), doubts));
    draft.add(entry, &rows)
}
