//! A dataset in the making. Everything is written to a hidden folder inside the output and is moved to its place only
//! when all of it is there.
//!
//! In: documents and rows. Out: a dataset. Never: touches an earlier dataset before the new one is complete.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::commit::commit;
use super::report::Report;
use super::{About, BatchError, Outcome, Summary};
use crate::emit::{DATASET, Document, Emitter, Parts, emitters};

/// The hidden folder; a run that was killed leaves it, the next one clears it.
pub(super) const STAGE: &str = ".agendata-partial";
/// Held locked by the run that writes.
const LOCK: &str = "lock";
/// Where the new files are, below the hidden folder.
pub(super) const NEW: &str = "new";

/// A dataset in the making.
pub struct Store {
    output: PathBuf,
    stage: PathBuf,
    created: bool,
    earlier: bool,
    emitters: Vec<Box<dyn Emitter>>,
    shared: BTreeMap<&'static str, BufWriter<File>>,
    report: Option<Report>,
    // Declared last: the lock is given back after everything else.
    _lock: File,
}

impl Store {
    /// Makes ready to write a dataset to `output`.
    pub fn open(output: PathBuf, force: bool, about: &About) -> Result<Self, BatchError> {
        let created = !output.exists();
        if !created && !output.is_dir() {
            return Err(BatchError::OutputIsFile(output));
        }
        let earlier = output.join("run.json").is_file() || output.join("datapackage.json").is_file();
        if !created && !earlier && !force && holds_files(&output).map_err(|e| failed(&output, e))? {
            return Err(BatchError::OutputForeign(output));
        }
        let stage = output.join(STAGE);
        let new = stage.join(NEW);
        fs::create_dir_all(&stage).map_err(|e| blocked(&output, e))?;
        let lock = lock(&output, &stage)?;
        match fs::remove_dir_all(&new) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(failed(&new, e)),
            _ => fs::create_dir_all(&new).map_err(|e| failed(&new, e))?,
        }
        let emitters = emitters(DATASET);
        let mut store =
            Self { output, stage, created, earlier, emitters, shared: BTreeMap::new(), report: None, _lock: lock };
        for name in store.emitters.iter().flat_map(|e| e.shared()).collect::<Vec<_>>() {
            let path = new.join(name);
            store.shared.insert(name, BufWriter::new(File::create(&path).map_err(|e| failed(&path, e))?));
        }
        store.report = Some(Report::start(&new.join("run.json"), about).map_err(|e| failed(&new, e))?);
        Ok(store)
    }

    /// The dataset's folder.
    pub fn folder(&self) -> &Path {
        &self.output
    }

    /// Writes a document's own files; gives back its parts of shared ones. For any thread.
    pub fn take(&self, document: &Document) -> Result<Parts, BatchError> {
        let mut parts = Parts::default();
        self.emitters.iter().for_each(|e| e.document(document, &mut parts));
        for (name, bytes) in parts.files.drain(..) {
            self.file(&name, &bytes, false)?;
        }
        Ok(parts)
    }

    /// Adds rows to the shared files. In the inputs' order.
    pub fn append(&mut self, outcome: &Outcome, parts: Option<Parts>) -> Result<(), BatchError> {
        if let Some(mut parts) = parts {
            self.emitters.iter_mut().for_each(|e| e.collect(&mut parts));
            for (name, bytes) in parts.rows {
                if let Some(file) = self.shared.get_mut(name) {
                    file.write_all(&bytes).map_err(|e| failed(&self.output.join(name), e))?;
                }
            }
        }
        let path = self.output.join("run.json");
        self.report.as_mut().map_or(Ok(()), |report| report.input(outcome)).map_err(|e| failed(&path, e))
    }

    /// Moves everything to its place. Where no document could be read, an earlier dataset stays.
    pub fn close(mut self, summary: &mut Summary) -> Result<(), BatchError> {
        for (name, file) in std::mem::take(&mut self.shared) {
            finish(file).map_err(|e| failed(&self.output.join(name), e))?;
        }
        let run = self.output.join("run.json");
        self.report.take().map_or(Ok(()), |report| report.end(summary)).map_err(|e| failed(&run, e))?;
        for (name, bytes) in self.emitters.iter_mut().flat_map(|e| e.finish()).collect::<Vec<_>>() {
            self.file(&name, &bytes, true)?;
        }
        if summary.done == 0 && self.earlier {
            summary.kept_earlier = true;
            return Ok(());
        }
        commit(&self.stage.join(NEW), &self.output)?;
        self.created = false;
        Ok(())
    }

    /// Writes one whole file below the hidden folder.
    fn file(&self, name: &str, bytes: &[u8], sync: bool) -> Result<(), BatchError> {
        let path = self.stage.join(NEW).join(name);
        let write = || {
            let mut file = match File::create(&path) {
                Err(e) if e.kind() == ErrorKind::NotFound => {
                    fs::create_dir_all(path.parent().unwrap_or(&path))?;
                    File::create(&path)?
                }
                other => other?,
            };
            file.write_all(bytes)?;
            if sync { file.sync_all() } else { Ok(()) }
        };
        write().map_err(|e| failed(&self.output.join(name), e))
    }
}

impl Drop for Store {
    /// Clears what is not needed any more; a folder that was made for nothing goes too.
    fn drop(&mut self) {
        self.shared.clear();
        self.report = None;
        let _ = fs::remove_dir_all(&self.stage);
        if self.created {
            let _ = fs::remove_dir(&self.output);
        }
    }
}

/// Flushes a file to the disk.
pub(super) fn finish(file: BufWriter<File>) -> io::Result<()> {
    file.into_inner().map_err(|e| e.into_error())?.sync_all()
}

/// Whether a folder holds anything that is not hidden.
fn holds_files(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        if !entry?.file_name().as_encoded_bytes().starts_with(b".") {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn lock(output: &Path, stage: &Path) -> Result<File, BatchError> {
    let path = stage.join(LOCK);
    let file = File::options().create(true).append(true).open(&path).map_err(|e| failed(&path, e))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(BatchError::OutputBusy(output.to_path_buf())),
        // Some file systems know no locks; then nobody else can hold one.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

pub(super) fn failed(path: &Path, source: io::Error) -> BatchError {
    BatchError::Write { path: path.to_path_buf(), source }
}

/// A folder that cannot be made: often since a part of its path is a file.
pub(super) fn blocked(output: &Path, source: io::Error) -> BatchError {
    match output.ancestors().skip(1).find(|p| p.is_file()) {
        Some(file) => BatchError::OutputIsFile(file.to_path_buf()),
        None => failed(output, source),
    }
}
