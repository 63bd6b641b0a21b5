//! Where the records of a run go: a dataset folder, JSON Lines, or nowhere.
//!
//! In: documents from the workers, their parts in order. Out: files or lines. Never: writes rows in another order than
//! the inputs'.

use std::io::Write;
use std::path::PathBuf;

use super::store::Store;
use super::{About, BatchError, Outcome, Summary, Target};
use crate::emit::{Document, Emitter, Parts, emitters};

/// Takes the records of a run.
pub enum Sink {
    /// A dataset folder.
    Folder(Box<Store>),
    /// JSON Lines.
    Lines {
        /// The format.
        emitters: Vec<Box<dyn Emitter>>,
        /// Where to.
        out: Box<dyn Write + Send + Sync>,
    },
    /// Nowhere.
    Nothing,
}

impl Sink {
    /// Makes ready for writing.
    pub fn open(target: Target, about: &About) -> Result<Self, BatchError> {
        Ok(match target {
            Target::Folder { path, force } => Sink::Folder(Box::new(Store::open(path, force, about)?)),
            Target::Lines(out) => Sink::Lines { emitters: emitters(&["lines"]), out },
            Target::Nothing => Sink::Nothing,
        })
    }

    /// The folder that no input may come from.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Sink::Folder(store) => store.folder().canonicalize().ok(),
            _ => None,
        }
    }

    /// Takes a document: writes its own files, gives back its parts of shared ones. For any thread.
    pub fn take(&self, document: &Document) -> Result<Option<Parts>, BatchError> {
        match self {
            Sink::Folder(store) => store.take(document).map(Some),
            Sink::Lines { emitters, .. } => {
                let mut parts = Parts::default();
                emitters.iter().for_each(|e| e.document(document, &mut parts));
                Ok(Some(parts))
            }
            Sink::Nothing => Ok(None),
        }
    }

    /// Adds an input's parts to the shared files, in order.
    pub fn append(&mut self, outcome: &Outcome, parts: Option<Parts>) -> Result<(), BatchError> {
        match self {
            Sink::Folder(store) => store.append(outcome, parts),
            Sink::Lines { out, .. } => {
                let mut rows = parts.into_iter().flat_map(|p| p.rows);
                rows.try_for_each(|(_, bytes)| out.write_all(&bytes)).map_err(BatchError::Stdout)
            }
            Sink::Nothing => Ok(()),
        }
    }

    /// Ends the run: everything is in its place, or an error says why not.
    pub fn close(self, summary: &mut Summary) -> Result<(), BatchError> {
        match self {
            Sink::Folder(store) => store.close(summary),
            Sink::Lines { mut out, .. } => out.flush().map_err(BatchError::Stdout),
            Sink::Nothing => Ok(()),
        }
    }
}
