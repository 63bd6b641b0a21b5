//! Runs the pipeline over many documents and puts the dataset on disk.
//!
//! In: inputs as the caller gave them, a function that reads one document. Out: a dataset folder or JSON Lines, a
//! summary, a status for each input. Never: prints; lets one bad document end the run; keeps more in memory than the
//! documents in hand.

mod adopt;
mod commit;
pub mod dataset;
mod desk;
mod draft;
mod entry;
pub mod export;
mod filter;
mod inputs;
mod isolate;
mod members;
mod merge;
mod names;
mod ordered;
mod panics;
mod past;
mod report;
mod sink;
mod sound;
mod store;
mod tesseract;
pub mod without;
mod work;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use ordered::{Window, ordered};
use serde::{Deserialize, Serialize};

use crate::ingest::{Limits, Source};
use crate::model::Severity;
use crate::pipeline::{Extraction, Options};

pub use filter::filter;
pub use inputs::{FORMATS, Given, count};
pub use isolate::Isolate;
pub use merge::merge;
pub use panics::quiet_panics;
pub use store::Manner;
pub use tesseract::Tesseract;

/// Documents in hand at once, for each worker.
const CHUNK: usize = 16;
/// Bytes of inputs in hand at once, but for the last one.
const HELD: usize = 64 << 20;

/// Reads one document.
pub type Extract<'a> = dyn Fn(&Source) -> Extraction + Sync + 'a;

/// Paths that come one by one, as from a list.
pub type List = Box<dyn Iterator<Item = io::Result<PathBuf>> + Send>;

/// What is to be done.
pub struct Job {
    /// Files and folders, in order.
    pub inputs: Vec<Given>,
    /// More of them.
    pub list: Option<List>,
    /// Where the records go.
    pub target: Target,
    /// Workers.
    pub jobs: usize,
    /// What stands in the head of `run.json`.
    pub about: About,
    /// How documents are read in processes of their own, where they are.
    pub isolate: Option<Isolate>,
}

/// Where the records go.
pub enum Target {
    /// A dataset folder.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is done to what it holds.
        manner: Manner,
    },
    /// Records as JSON Lines.
    Lines(Box<dyn Write + Send>),
    /// Nowhere.
    Nothing,
}

/// What made a run's records what they are.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Hash over all grammar files.
    pub grammar: String,
    /// What the user told.
    pub options: Options,
    /// Which part of the inputs is read, where not all are.
    pub shard: Option<Shard>,
}

/// A part of the inputs: each `of`-th of them, from the `number`-th on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// Whether the input with this number, from 0, is among them.
    pub fn holds(self, at: u64) -> bool {
        at % self.of == self.number - 1
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("expected a part such as 1/4".into()),
        }
    }
}

/// Sees what a run does.
pub trait Watch: Sync {
    /// A document was read. Called by workers, in any order; what it gives comes back in [`Outcome::shown`].
    fn look(&self, _extraction: &Extraction) -> Vec<String> {
        Vec::new()
    }

    /// An input is done. Called in the inputs' order.
    fn done(&self, _outcome: &Outcome) {}

    /// Whether the user wants the run to end.
    fn stopped(&self) -> bool {
        false
    }

    /// All inputs are done; what is left is to put the dataset in its place.
    fn closing(&self) {}
}

/// What became of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was read; its record may hold findings.
    #[default]
    Done,
    /// It could not be read.
    Failed,
    /// It stands in a folder, in a format that is not read.
    Unsupported,
    /// It stands in a folder and is no file.
    Skipped,
    /// It is a container; its members are inputs of their own.
    Unpacked,
}

impl Status {
    /// The word in `run.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::Failed => "failed",
            Status::Unsupported => "unsupported",
            Status::Skipped => "skipped",
            Status::Unpacked => "unpacked",
        }
    }
}

/// What became of an input, in numbers.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Path in the dataset.
    pub path: String,
    /// What became of it.
    pub status: Status,
    /// Code of the finding that says why it was not read.
    pub code: Option<String>,
    /// Why it was left out, in words.
    pub reason: Option<String>,
    /// Members that were taken out of it, where it is a container.
    pub members: Option<u64>,
    /// Whether it was counted before the run, by [`count`].
    pub counted: bool,
    /// Whether an earlier run had read it, and nothing has changed since.
    pub reused: bool,
    /// Sessions, people and contacts.
    pub counts: [u64; 3],
    /// How often each code was found.
    pub findings: BTreeMap<String, (Severity, u64)>,
    /// What [`Watch::look`] made of it.
    pub shown: Vec<String>,
}

/// A run in numbers.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Inputs by what became of them.
    pub done: u64,
    /// Inputs that could not be read.
    pub failed: u64,
    /// Files in folders, in formats that are not read.
    pub unsupported: u64,
    /// Links and other things in folders that are no files.
    pub skipped: u64,
    /// Containers whose members were taken out.
    pub unpacked: u64,
    /// Sessions, people and contacts.
    pub counts: [u64; 3],
    /// How often each code was found.
    pub findings: BTreeMap<String, (Severity, u64)>,
    /// Documents among these that an earlier run had read, and nothing has changed since.
    pub reused: u64,
    /// Inputs of earlier runs that were not met, and whose records are kept.
    pub kept: u64,
    /// Inputs of earlier runs that were not met, and whose records are removed.
    pub removed: u64,
    /// Whether the user stopped it.
    pub stopped: bool,
    /// Whether an earlier dataset was left as it was, since no document could be read.
    pub kept_earlier: bool,
}

impl Summary {
    fn add(&mut self, outcome: &Outcome) {
        match outcome.status {
            Status::Done => self.done += 1,
            Status::Failed => self.failed += 1,
            Status::Unsupported => self.unsupported += 1,
            Status::Skipped => self.skipped += 1,
            Status::Unpacked => self.unpacked += 1,
        }
        self.reused += u64::from(outcome.reused);
        for (sum, n) in self.counts.iter_mut().zip(outcome.counts) {
            *sum += n;
        }
        for (code, (severity, n)) in &outcome.findings {
            let entry = self.findings.entry(code.clone()).or_insert((*severity, 0));
            *entry = (entry.0.max(*severity), entry.1 + n);
        }
    }

    /// The gravest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.values().map(|(severity, _)| *severity).max()
    }

    fn inputs(&self) -> u64 {
        self.done + self.failed + self.unsupported + self.skipped + self.unpacked
    }
}

/// Why a run ended before its end. Says what was expected and what was found.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Nothing to read.
    #[error("expected documents ({FORMATS}), but found none")]
    NoInputs,
    /// The list of files cannot be read.
    #[error("cannot read the list of files: {0}")]
    List(#[source] io::Error),
    /// The output is a file.
    #[error("expected a folder for the dataset, but found a file: {}", .0.display())]
    OutputIsFile(PathBuf),
    /// The output holds other things.
    #[error("expected a new folder, an empty one or an earlier dataset, but found other files in {} (--force writes there all the same)", .0.display())]
    OutputForeign(PathBuf),
    /// The output is an input.
    #[error("expected the output apart from the input, but both are {}", .0.display())]
    OutputIsInput(PathBuf),
    /// Another run writes there.
    #[error("expected to be the only run that writes to {}, but another one is at it", .0.display())]
    OutputBusy(PathBuf),
    /// The disk does not take it.
    #[error("cannot write {}: {source}; what was there before is unchanged", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// All is written, but not all of it could be moved to its place.
    #[error("cannot move the new {} to its place: {source}; another run completes it", path.display())]
    Move {
        /// What was to be moved.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Not to be merged.
    #[error("expected a dataset that agendata extract has finished, but {} is none", .0.display())]
    NoDataset(PathBuf),
    /// Not to be merged with the others.
    #[error("expected datasets made with the same program, grammars and options, but {} differs", .0.display())]
    OtherMaking(PathBuf),
    /// A shard is missing or not alone.
    #[error("expected all shards of one run, each once, but found otherwise at {0}/{1}")]
    NoShard(u64, u64),
    /// A path that stands in two datasets.
    #[error("expected each path once, but {path} of {} stands in another one too", folder.display())]
    Twice {
        /// The path.
        path: String,
        /// The dataset.
        folder: PathBuf,
    },
    /// The pipe or terminal does not take it.
    #[error("cannot write to standard output: {0}")]
    Stdout(#[source] io::Error),
    /// No threads.
    #[error("cannot start {0} workers: {1}")]
    Workers(usize, String),
    /// The user stopped it.
    #[error("stopped")]
    Stopped,
}

impl BatchError {
    /// Whether the reader of the output simply went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, BatchError::Stdout(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Reads every input and writes what the target asks for. Rows stand in the inputs' order, whatever the number of
/// workers. A run that is stopped keeps what it has done.
pub fn run(job: Job, extract: &Extract, watch: &dyn Watch) -> Result<Summary, BatchError> {
    let jobs = job.jobs.max(1);
    inputs::check_apart(&job.inputs, &job.target)?;
    let mut sink = sink::Sink::open(job.target, &job.about)?;
    let (desk, limits) = (sink.desk(), &job.about.options.limits);
    let mut inputs = inputs::Inputs::new(job.inputs, job.list, sink.folder(), limits).only(job.about.shard);
    let mut summary = Summary::default();
    let window = Window { jobs, items: (jobs * CHUNK) as u64, bytes: HELD };
    let done = ordered(
        window,
        || inputs.next(),
        |input| input.origin.held(),
        || -> Box<dyn work::Reader> {
            match &job.isolate {
                Some(how) => Box::new(isolate::Apart::new(how)),
                None => Box::new(work::Here(extract)),
            }
        },
        |reader, input| work::document(input, &mut **reader, watch, &desk),
        |done| {
            let mut done = done?;
            let outcome = done.outcome();
            sink.append(done)?;
            summary.add(&outcome);
            watch.done(&outcome);
            Ok(())
        },
        |error| BatchError::Workers(jobs, error.to_string()),
    );
    summary.stopped = matches!(done, Err(BatchError::Stopped)) || done.is_ok() && watch.stopped();
    if summary.stopped {
        watch.closing();
        sink.stop()?;
        return Ok(summary);
    }
    done?;
    if summary.inputs() == 0 {
        return Err(BatchError::NoInputs);
    }
    watch.closing();
    sink.close(&mut summary)?;
    Ok(summary)
}

/// The documents of some inputs, one by one, read into memory; what cannot be read is left out.
pub fn sources(inputs: Vec<Given>) -> impl Iterator<Item = Result<Source, BatchError>> {
    inputs::Inputs::new(inputs, None, None, &Limits::default()).filter_map(|input| input.map(work::source).transpose())
}

#[cfg(test)]
mod tests;
