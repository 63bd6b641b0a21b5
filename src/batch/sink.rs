//! Where the records of a run go: a dataset folder, JSON Lines, or nowhere.
//!
//! In: documents from the workers, their parts in order. Out: files or lines. Never: writes rows in another order than
//! the inputs'.

use std::io::Write;
use std::path::PathBuf;

use super::desk::Desk;
use super::store::Store;
use super::work::Done;
use super::{About, BatchError, Summary, Target};
use crate::emit::emitters;

/// Takes the records of a run.
pub enum Sink {
    /// A dataset folder.
    Folder(Box<Store>),
    /// JSON Lines.
    Lines(Box<dyn Write + Send>),
    /// Nowhere.
    Nothing,
}

impl Sink {
    /// Makes ready for writing.
    pub fn open(target: Target, about: &About) -> Result<Self, BatchError> {
        Ok(match target {
            Target::Folder { path, manner } => Sink::Folder(Box::new(Store::open(path, manner, about)?)),
            Target::Lines(out) => Sink::Lines(out),
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

    /// What workers need of it.
    pub fn desk(&self) -> Desk {
        let desk = |names| Desk { emitters: emitters(names), folders: None, past: None, run_key: None };
        match self {
            Sink::Folder(store) => store.desk(),
            Sink::Lines(_) => desk(&["lines"]),
            Sink::Nothing => desk(&[]),
        }
    }

    /// Adds an input's parts to the shared files, in order.
    pub fn append(&mut self, done: Done) -> Result<(), BatchError> {
        match self {
            Sink::Folder(store) => store.append(done),
            Sink::Lines(out) => {
                let mut rows = done.parts.into_iter().flat_map(|p| p.rows);
                rows.try_for_each(|(_, bytes)| out.write_all(&bytes)).map_err(BatchError::Stdout)
            }
            Sink::Nothing => Ok(()),
        }
    }

    /// Ends a run that was stopped: what is done is in its place.
    pub fn stop(self) -> Result<(), BatchError> {
        match self {
            Sink::Folder(store) => store.stop(),
            Sink::Lines(mut out) => out.flush().map_err(BatchError::Stdout),
            Sink::Nothing => Ok(()),
        }
    }

    /// Ends the run: everything is in its place, or an error says why not.
    pub fn close(self, summary: &mut Summary) -> Result<(), BatchError> {
        match self {
            Sink::Folder(store) => store.close(summary),
            Sink::Lines(mut out) => out.flush().map_err(BatchError::Stdout),
            Sink::Nothing => Ok(()),
        }
    }
}
