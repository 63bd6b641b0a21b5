//! Puts exports of a dataset on disk. Everything is written to a hidden folder inside the output and is moved to its place
//! only when all of it is there.
//!
//! In: a dataset, formats. Out: a folder a format, with its `loss.json`. Never: leaves half an export, removes what no
//! export wrote, changes the dataset.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::BatchError;
use super::dataset::{Dataset, Problem, Raw, Read};
use super::store::{NEW, blocked, failed, lock};
use super::without::{Gone, Private, leave_out};
use crate::emit::Document;
use crate::emit::formats::{Files, Format, How, Loss, Out, Registered};
use crate::ingest::Text;

/// Records in hand at once.
const CHUNK: usize = 128;
/// Bytes of records in hand at once, but for the last one.
const HELD: usize = 32 << 20;
/// Problems told.
const MOST: usize = 20;
/// The hidden folder of an export in the making.
const STAGE: &str = ".agendata-export";
/// Where an earlier export is put while the new one is moved.
const OLD: &str = "old";
/// What every export has.
const LOSS: &str = "loss.json";

/// What is to be exported.
pub struct Export {
    /// The dataset.
    pub dataset: PathBuf,
    /// The folder of its inputs, where texts are wanted that the dataset does not hold.
    pub source: Option<PathBuf>,
    /// What is left out of all of them.
    pub without: Vec<Private>,
    /// The formats.
    pub formats: Vec<&'static Registered>,
    /// The folder that gets a folder a format.
    pub output: PathBuf,
    /// Whether a format's folder may be replaced that no export wrote.
    pub force: bool,
}

/// What an export did.
#[derive(Debug, Default)]
pub struct Exported {
    /// Records.
    pub documents: u64,
    /// Formats, and what each could not carry.
    pub losses: Vec<(&'static str, Loss)>,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The dataset cannot be worked with.
    #[error("{}", told(.0))]
    Dataset(Vec<Problem>),
    /// The dataset cannot be read.
    #[error("cannot read the dataset {}: {source}", path.display())]
    Read {
        /// Where.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// No records.
    #[error("expected a dataset with records, but found none in {}", .0.display())]
    Empty(PathBuf),
    /// A folder that no export wrote.
    #[error("expected an earlier export or no folder, but found other files in {} (--force replaces it)", .0.display())]
    Foreign(PathBuf),
    /// It cannot be written.
    #[error(transparent)]
    Batch(#[from] BatchError),
}

fn told(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().take(MOST).map(Problem::to_string).collect();
    if problems.len() > MOST {
        lines.push(format!("and {} more", problems.len() - MOST));
    }
    lines.push("nothing was exported; agendata explain CODE tells more".into());
    lines.join("\n")
}

/// A format at work.
struct Worker {
    name: &'static str,
    format: Box<dyn Format>,
    files: Disk,
    loss: Loss,
}

/// Exports a dataset.
pub fn export(job: &Export) -> Result<Exported, ExportError> {
    let unread = |source| ExportError::Read { path: job.dataset.clone(), source };
    let mut dataset = Dataset::open(&job.dataset, job.source.as_deref()).map_err(unread)?;
    let stage = Stage::open(job)?;
    let mut workers: Vec<Worker> = job.formats.iter().map(|f| stage.worker(f)).collect::<Result<_, _>>()?;
    let mut done = Exported::default();
    let mut problems = Vec::new();
    loop {
        let raws = chunk(&mut dataset).map_err(unread)?;
        if raws.is_empty() {
            break;
        }
        let read: Vec<_> = raws.par_iter().map(|raw| given(&dataset, raw, &job.without)).collect();
        let mut good = Vec::new();
        for (raw, read) in raws.iter().zip(read) {
            done.documents += 1;
            match read {
                Err(found) => problems.extend(found),
                Ok(given) => match dataset.admit(raw, &given.0.record) {
                    Some(problem) => problems.push(problem),
                    None => good.push(given),
                },
            }
        }
        if problems.is_empty() {
            workers.par_iter_mut().try_for_each(|w| w.take(&good))?;
        } else if problems.len() > MOST {
            break;
        }
    }
    if !problems.is_empty() {
        return Err(ExportError::Dataset(problems));
    }
    if done.documents == 0 {
        return Err(ExportError::Empty(job.dataset.clone()));
    }
    workers.par_iter_mut().try_for_each(Worker::finish)?;
    done.losses = workers.into_iter().map(|w| (w.name, w.loss)).collect();
    stage.commit(job)?;
    Ok(done)
}

/// A record as the formats get it.
fn given(dataset: &Dataset, raw: &Raw, without: &[Private]) -> Result<(Read, Gone), Vec<Problem>> {
    let mut read = dataset.read(raw)?;
    let gone = leave_out(&mut read, without);
    Ok((read, gone))
}

fn chunk(dataset: &mut Dataset) -> io::Result<Vec<Raw>> {
    let (mut raws, mut held) = (Vec::new(), 0);
    while raws.len() < CHUNK && held < HELD {
        let Some(raw) = dataset.advance().transpose()? else { break };
        held += raw.len();
        raws.push(raw);
    }
    Ok(raws)
}

impl Worker {
    fn take(&mut self, given: &[(Read, Gone)]) -> Result<(), BatchError> {
        let carry = self.format.carries();
        let empty = Text::default();
        for (one, gone) in given {
            self.loss.document();
            gone.tell(&mut self.loss);
            self.loss.count(&one.value, &carry);
            for field in &one.unknown {
                self.loss.add(field, How::Dropped, "the model does not have it", 1);
            }
            let failed = one.failed();
            let document = match &one.text {
                Some(text) => Document::new(&one.record, text, failed),
                None => Document::without_text(&one.record, &empty, failed),
            };
            let mut out = Out { files: &mut self.files, loss: &mut self.loss };
            self.format.document(&document, &mut out).map_err(|e| self.files.error(e))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), BatchError> {
        let mut out = Out { files: &mut self.files, loss: &mut self.loss };
        self.format.finish(&mut out).map_err(|e| self.files.error(e))?;
        self.files.close().map_err(|e| self.files.error(e))?;
        let loss = self.loss.to_json(self.name);
        self.files.file(LOSS, &loss).map_err(|e| self.files.error(e))
    }
}

/// A format's folder in the making.
struct Disk {
    folder: PathBuf,
    shown: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
}

impl Disk {
    fn create(&self, name: &str) -> io::Result<File> {
        let path = self.folder.join(name);
        match File::create(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(path.parent().unwrap_or(&path))?;
                File::create(&path)
            }
            other => other,
        }
    }

    fn close(&mut self) -> io::Result<()> {
        std::mem::take(&mut self.open).into_values().try_for_each(finish)
    }

    fn error(&self, source: io::Error) -> BatchError {
        failed(&self.shown, source)
    }
}

impl Files for Disk {
    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.create(name)?.write_all(bytes)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        if !self.open.contains_key(name) {
            let file = self.create(name)?;
            self.open.insert(name.to_owned(), BufWriter::new(file));
        }
        self.open.get_mut(name).map_or(Ok(()), |file| file.write_all(bytes))
    }

    fn place(&mut self, name: &str) -> io::Result<PathBuf> {
        Ok(self.folder.join(name))
    }
}

/// The hidden folder.
struct Stage {
    stage: PathBuf,
    output: PathBuf,
    created: bool,
    // Declared last: the lock is given back after everything else.
    _lock: File,
}

impl Stage {
    fn open(job: &Export) -> Result<Self, ExportError> {
        let output = job.output.clone();
        let created = !output.exists();
        if !created && !output.is_dir() {
            return Err(BatchError::OutputIsFile(output).into());
        }
        for format in &job.formats {
            let folder = output.join(format.name);
            let earlier = folder.join(LOSS).is_file();
            let free = !folder.exists() || fs::read_dir(&folder).is_ok_and(|mut d| d.next().is_none());
            if !free && !earlier && !job.force {
                return Err(ExportError::Foreign(folder));
            }
        }
        let stage = output.join(STAGE);
        fs::create_dir_all(&stage).map_err(|e| blocked(&output, e))?;
        let lock = lock(&output, &stage)?;
        for part in [NEW, OLD] {
            let path = stage.join(part);
            match fs::remove_dir_all(&path) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(failed(&path, e).into()),
                _ => fs::create_dir_all(&path).map_err(|e| failed(&path, e))?,
            }
        }
        Ok(Self { stage, output, created, _lock: lock })
    }

    fn worker(&self, format: &Registered) -> Result<Worker, BatchError> {
        let folder = self.stage.join(NEW).join(format.name);
        fs::create_dir_all(&folder).map_err(|e| failed(&folder, e))?;
        let shown = self.output.join(format.name);
        let files = Disk { folder, shown, open: BTreeMap::new() };
        Ok(Worker { name: format.name, format: (format.make)(), files, loss: Loss::default() })
    }

    /// Moves each format's folder to its place; an earlier one goes when the new one is there.
    fn commit(mut self, job: &Export) -> Result<(), BatchError> {
        for format in &job.formats {
            let (new, old) = (self.stage.join(NEW).join(format.name), self.stage.join(OLD).join(format.name));
            let place = self.output.join(format.name);
            let moved = |e| BatchError::Move { path: place.clone(), source: e };
            let earlier = place.exists();
            if earlier {
                fs::rename(&place, &old).map_err(moved)?;
            }
            if let Err(e) = fs::rename(&new, &place) {
                if earlier {
                    let _ = fs::rename(&old, &place);
                }
                return Err(moved(e));
            }
        }
        self.created = false;
        let _ = File::open(&self.output).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Drop for Stage {
    /// Clears what is not needed any more; a folder that was made for nothing goes too.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.stage);
        if self.created {
            let _ = fs::remove_dir(&self.output);
        }
    }
}

/// The formats that names stand for; an error names one that is none.
pub fn formats(names: &[String]) -> Result<Vec<&'static Registered>, String> {
    let mut found: Vec<&'static Registered> = Vec::new();
    for name in names {
        let Some(format) = crate::emit::formats::format(name) else {
            let known: Vec<&str> = crate::emit::formats::FORMATS.iter().map(|f| f.name).collect();
            return Err(format!("expected a format ({}), but found {name}", known.join(", ")));
        };
        if !found.iter().any(|f| f.name == format.name) {
            found.push(format);
        }
    }
    Ok(found)
}

/// Where the exports of a dataset go where the user does not say.
pub fn default_output(dataset: &Path) -> Option<PathBuf> {
    dataset.is_dir().then(|| dataset.join("exports"))
}

/// Puts a file on the disk.
fn finish(file: BufWriter<File>) -> io::Result<()> {
    file.into_inner().map_err(|e| e.into_error())?.sync_all()
}
