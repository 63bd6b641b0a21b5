//! Puts datasets together: the shards of one run, as if they had never been apart, or any others, one after the other.
//!
//! In: datasets. Out: a dataset. Never: changes them; puts together what was made with other grammars or options.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::draft::{DOUBTS_FILE, Draft, JOURNAL_FILE};
use super::entry::Entry;
use super::past::Past;
use super::store::{HOME, Manner, NEW, Place, failed, names, seal, see};
use super::{BatchError, Shard, Summary};
use crate::emit::{DATASET, emitters};

/// A dataset that is merged.
struct Part {
    folder: PathBuf,
    past: Past,
    shard: Option<Shard>,
    /// Its next entry, with the number that orders it.
    next: Option<(u64, Entry)>,
    taken: usize,
    /// What is added to its inputs' numbers.
    shift: u64,
}

impl Part {
    fn open(folder: &Path, names: &[String]) -> Result<Self, BatchError> {
        let past = Past::open(&folder.join(JOURNAL_FILE), folder, names, true)
            .filter(|_| !folder.join(HOME).join(NEW).exists())
            .ok_or_else(|| BatchError::NoDataset(folder.to_path_buf()))?;
        let shard = past.head["about"]["shard"].as_str().and_then(|s| s.parse().ok());
        Ok(Self { folder: folder.to_path_buf(), past, shard, next: None, taken: 0, shift: 0 })
    }

    /// What made it, but for which part of the inputs it is.
    fn about(&self) -> Value {
        let mut about = self.past.head["about"].clone();
        if let Some(about) = about.as_object_mut() {
            about.shift_remove("shard");
        }
        about
    }

    fn advance(&mut self) -> Result<(), BatchError> {
        self.next = None;
        if self.taken < self.past.len() {
            let entry = self.past.entry(self.taken).map_err(|e| failed(&self.folder, e))?;
            self.next = Some((entry.at + self.shift, entry));
            self.taken += 1;
        }
        Ok(())
    }
}

/// Puts the datasets together in `output`.
pub fn merge(folders: &[PathBuf], output: PathBuf, manner: Manner) -> Result<Summary, BatchError> {
    let mut formats = emitters(DATASET);
    let names = names(&formats);
    let mut parts = folders.iter().map(|f| Part::open(f, &names)).collect::<Result<Vec<_>, _>>()?;
    let Some(head) = parts.first().map(Part::about) else { return Err(BatchError::NoInputs) };
    if let Some(other) = parts.iter().find(|p| p.about() != head) {
        return Err(BatchError::OtherMaking(other.folder.clone()));
    }
    order(&mut parts)?;
    let place = Place::take(output, manner.force)?;
    let past = place.past(&names);
    let new = place.new_folder();
    let output = place.output().to_path_buf();
    let fail = |e| failed(&output, e);
    let mut draft = Draft::start(&new, &names, &head).map_err(fail)?;
    let mut summary = Summary::default();
    let mut met = std::collections::HashSet::new();
    for part in &mut parts {
        part.advance()?;
    }
    loop {
        let first = parts.iter().enumerate().filter_map(|(n, p)| Some((p.next.as_ref()?.0, n))).min();
        let Some((at, n)) = first else { break };
        let part = &mut parts[n];
        let Some((_, entry)) = part.next.take() else { break };
        if !met.insert(super::names::key(&entry.path)) {
            return Err(BatchError::Twice { path: entry.path, folder: part.folder.clone() });
        }
        copy_files(&part.folder, &new, &entry).map_err(fail)?;
        summary.add(&entry.outcome());
        let entry = Entry { at, ..entry };
        draft.copy(entry, &part.past, &mut |line| see(&mut formats, line)).map_err(fail)?;
        draft.settle(&part.past, &mut |line| see(&mut formats, line)).map_err(fail)?;
        part.advance()?;
    }
    debug_assert!(names.iter().any(|n| n == DOUBTS_FILE));
    draft.end(false).map_err(fail)?;
    seal(&output, past.as_ref(), &names, &head, &mut formats)?;
    place.keep();
    summary.reused = 0;
    Ok(summary)
}

/// Numbers the inputs of all parts: those of one run's shards have their numbers, others come one after the other.
fn order(parts: &mut [Part]) -> Result<(), BatchError> {
    if let Some(of) = parts.first().and_then(|p| p.shard).map(|s| s.of) {
        let mut there: Vec<u64> =
            parts.iter().filter_map(|p| p.shard).filter(|s| s.of == of).map(|s| s.number).collect();
        there.sort_unstable();
        return match (1..=of).find(|n| there.get(*n as usize - 1) != Some(n)) {
            None if there.len() == parts.len() => Ok(()),
            missing => Err(BatchError::NoShard(missing.unwrap_or(of), of)),
        };
    }
    if parts.iter().any(|p| p.shard.is_some()) {
        return Err(BatchError::NoShard(1, 1));
    }
    let mut shift = 0;
    for part in parts {
        part.shift = shift;
        let last = part.past.len().checked_sub(1).map(|n| part.past.entry(n)).transpose();
        shift += last.map_err(|e| failed(&part.folder, e))?.map_or(0, |e| e.at + 1);
    }
    Ok(())
}

/// Copies a document's own files.
fn copy_files(from: &Path, new: &Path, entry: &Entry) -> io::Result<()> {
    for (name, _) in &entry.files {
        let (from, to) = (from.join(name), new.join(name));
        match fs::copy(&from, &to) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && from.is_file() => {
                fs::create_dir_all(to.parent().unwrap_or(new))?;
                fs::copy(&from, &to)?;
            }
            done => drop(done?),
        }
    }
    Ok(())
}
