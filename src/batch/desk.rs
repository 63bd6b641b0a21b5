//! What workers need of where the records go.
//!
//! In: documents. Out: their own files, written; their parts of shared ones. Never: writes a shared file.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::BatchError;
use super::entry::Entry;
use super::past::Past;
use super::store::{failed, write_file};
use crate::emit::{Document, Emitter, Parts};

/// What workers need of where the records go.
pub struct Desk {
    /// The formats.
    pub emitters: Vec<Box<dyn Emitter>>,
    /// The dataset's folder and that of its new files, where there is one.
    pub folders: Option<(PathBuf, PathBuf)>,
    /// What an earlier run left, where it is to be used.
    pub past: Option<Arc<Past>>,
    /// What all records of the run are made with, where a later run may ask.
    pub run_key: Option<[u8; 32]>,
}

impl Desk {
    /// The entry of a document with this key, where an earlier run has it and its files are there.
    pub fn known(&self, path: &str, key: &str) -> Option<(usize, Entry)> {
        let (past, (output, _)) = (self.past.as_ref()?, self.folders.as_ref()?);
        let n = past.find(path)?;
        let entry = past.entry(n).ok().filter(|e| e.key == key && e.path == path)?;
        let there = |(name, length): &(String, u64)| {
            fs::symlink_metadata(output.join(name)).is_ok_and(|m| m.is_file() && m.len() == *length)
        };
        entry.files.iter().all(there).then_some((n, entry))
    }

    /// Writes a document's own files; gives back its parts of shared ones, and the files with their lengths.
    pub fn take(&self, document: &Document) -> Result<(Parts, Vec<(String, u64)>), BatchError> {
        let mut parts = Parts::default();
        self.emitters.iter().for_each(|e| e.document(document, &mut parts));
        let mut files = Vec::new();
        for (name, bytes) in parts.files.drain(..) {
            if let Some((output, new)) = &self.folders {
                write_file(&new.join(&name), &bytes).map_err(|e| failed(&output.join(&name), e))?;
            }
            files.push((name, bytes.len() as u64));
        }
        Ok((parts, files))
    }
}
