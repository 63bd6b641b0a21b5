//! `agendata extract`: documents → dataset. In: paths and options. Out: a dataset or JSON Lines, findings and a summary
//! on standard error. Never: writes anything else to standard output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use super::options::Reading;
use super::progress::{How, Progress};
use super::screen::Screen;
use super::{Terminal, exit, terminal};
use crate::batch::{self, About, Given, Isolate, Job, List, Manner, Shard, Summary, Target};
use crate::ingest::Limits;
use crate::model::Severity;

const EXAMPLES: &str = "\
Examples:
  agendata extract input/ -o output
  agendata extract 1997/ 1998/ -o output --country TN --jobs 4
  find archive -name '*.txt' -print0 | agendata extract --files-from - --null -o output
  agendata extract agenda.txt -o - | jq .sessions
  curl -s https://example.org/programme.html | agendata extract - -o -

Read are text, Markdown, HTML, PDF, DOCX, ODT, RTF and mails; zip archives and mail boxes
give a record for each member. What a file is, its content decides; other formats are told
in run.json. Hidden files are left out, links inside folders are not followed. A dataset
in the output folder is replaced when the new one is complete.";

/// Arguments of `extract`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ExtractArgs {
    /// Files and folders to read; - is a document on standard input
    #[arg(value_name = "INPUT", required_unless_present = "files_from")]
    inputs: Vec<PathBuf>,
    /// Folder of the dataset; - writes records as JSON Lines to standard output
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "dry_run")]
    output: Option<PathBuf>,
    /// Also read the files that this file lists, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// The list's names end with NUL, as `find -print0` writes them
    #[arg(short = '0', long, requires = "files_from")]
    null: bool,
    /// Export the dataset too, to its folder exports/; formats with commas between them
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = super::export::names(), conflicts_with = "dry_run")]
    format: Vec<String>,
    /// Workers [default: one a processor]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Do everything but the writing
    #[arg(long)]
    dry_run: bool,
    /// Write into a folder that holds other files
    #[arg(long)]
    force: bool,
    /// Remove what earlier runs wrote for inputs that are not met any more
    #[arg(long)]
    prune: bool,
    /// Read every document again, also where nothing has changed
    #[arg(long)]
    fresh: bool,
    /// Read only each N-th input, from the I-th on; `merge` puts the parts together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// How progress is told on standard error: a bar where a person looks (auto), lines of words or of JSON, nothing
    #[arg(long, value_name = "HOW", default_value = "auto")]
    progress: How,
    /// Only errors on standard error, and no progress but what --progress json or plain asks for
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// All findings, notes included
    #[arg(short, long)]
    verbose: bool,
    /// Exit with 1 where a finding is at least so grave
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Read documents in processes of their own, which a crash or a limit ends alone
    #[arg(long)]
    isolate: bool,
    #[command(flatten)]
    reading: Reading,
}

impl ExtractArgs {
    fn isolate(&self, limits: &Limits) -> Result<Option<Isolate>> {
        if !self.isolate {
            return Ok(None);
        }
        let mut arguments: Vec<OsString> = vec!["filter".into(), "--whole".into()];
        let bound = (limits.memory >> 20).saturating_add(BESIDE);
        arguments.extend(["--bound".into(), bound.to_string().into()]);
        arguments.extend(self.reading.arguments());
        let program = std::env::current_exe().context("cannot tell where this program is")?;
        Ok(Some(Isolate { program, arguments, time: limits.time.saturating_add(STARTING) }))
    }

    fn manner(&self) -> Manner {
        Manner { force: self.force, prune: self.prune, fresh: self.fresh }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Note,
    Warning,
    Error,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            FailOn::Note => Severity::Note,
            FailOn::Warning => Severity::Warning,
            FailOn::Error => Severity::Error,
        }
    }
}

static STOPPED: AtomicBool = AtomicBool::new(false);
static CLOSING: AtomicBool = AtomicBool::new(false);

/// Address space of an isolated process beside its documents, in MB: stacks, grammars, what the allocator reserves.
const BESIDE: u64 = 2048;
/// How long an isolated process may take beyond a document's own time.
const STARTING: Duration = Duration::from_secs(10);

/// How long the documents in hand may take, once the user asked for an end.
const GRACE: Duration = Duration::from_secs(1);

/// Whether the user asked for an end.
pub fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// From now on the dataset is moved to its place: that is quick, and is not stopped any more.
pub fn closing() {
    CLOSING.store(true, Ordering::SeqCst);
}

/// Ends the run: at the next document, else, or when asked again, at once.
fn stop() {
    if !STOPPED.swap(true, Ordering::Relaxed) {
        std::thread::sleep(GRACE);
    }
    if !CLOSING.load(Ordering::SeqCst) {
        std::process::exit(i32::from(exit::STOPPED));
    }
}

/// Runs the command.
pub fn run(args: ExtractArgs, at: Terminal) -> Result<ExitCode> {
    let inputs = given(&args.inputs)?;
    let list = args.files_from.as_deref().map(|file| list(file, args.null, &inputs)).transpose()?;
    let pipeline = args.reading.pipeline()?;
    let target = target(&args);
    ensure!(
        args.format.is_empty() || matches!(target, Target::Folder { .. }),
        "expected a folder to export from, but the records go to standard output"
    );
    let about = About { grammar: pipeline.grammar().hash.clone(), options: args.reading.options(), shard: args.shard };
    // Where no handler can be set, the system's own way of stopping stays.
    let _ = ctrlc::set_handler(stop);
    let how = if args.quiet && args.progress == How::Auto { How::Off } else { args.progress };
    let progress = Progress::new(how, at, list.is_none().then(|| inputs.clone()));
    let screen = Screen::new(at, args.quiet, args.verbose, Some(progress));
    let jobs = args.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let isolate = args.isolate(&about.options.limits)?;
    let job = Job { inputs, list, target, jobs, about, isolate };
    let summary = batch::run(job, &|source| pipeline.extract_with_text(source), &screen);
    screen.clear();
    let summary = summary?;
    screen.summary(&summary, args.output.as_deref().filter(|_| !args.dry_run));
    if summary.done > 0
        && !summary.stopped
        && let Some(output) = args.output.as_deref().filter(|_| !args.format.is_empty())
    {
        let quiet = args.quiet || args.progress == How::Json;
        super::export::after(output, &args.format, args.inputs.as_slice(), quiet)?;
    }
    Ok(ExitCode::from(code(&summary, args.fail_on)))
}

fn code(summary: &Summary, fail_on: Option<FailOn>) -> u8 {
    let grave = fail_on.is_some_and(|f| summary.worst().is_some_and(|worst| worst >= f.severity()));
    match (summary.done, summary.failed) {
        _ if summary.stopped => exit::STOPPED,
        (0, _) => exit::ALL_FAILED,
        (_, 1..) => exit::SOME_FAILED,
        _ if grave => exit::FINDINGS,
        _ => exit::DONE,
    }
}

/// The inputs as given; an error names one that is not there at all.
pub(super) fn given(inputs: &[PathBuf]) -> Result<Vec<Given>> {
    let mut given = Vec::new();
    for path in inputs {
        let input = if path == Path::new("-") { Given::Stdin } else { Given::Path(path.clone()) };
        if let (Given::Path(path), Err(error)) = (&input, path.symlink_metadata())
            && matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        {
            bail!("expected a file or folder, but found nothing at {}", path.display());
        }
        ensure!(input != Given::Stdin || !given.contains(&Given::Stdin), "standard input can be read only once");
        given.push(input);
    }
    Ok(given)
}

/// The files that a list names, one by one.
fn list(file: &Path, null: bool, inputs: &[Given]) -> Result<List> {
    let source: Box<dyn BufRead + Send> = if file == Path::new("-") {
        ensure!(!inputs.contains(&Given::Stdin), "expected one use of standard input, but - is an input and the list");
        Box::new(BufReader::new(io::stdin()))
    } else {
        let open = File::open(file)
            .and_then(|f| if f.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(f) });
        Box::new(BufReader::new(open.with_context(|| format!("cannot read the list of files {}", file.display()))?))
    };
    let end = if null { b'\0' } else { b'\n' };
    let names = source.split(end).map(move |name| {
        name.map(|mut name| {
            if !null && name.last() == Some(&b'\r') {
                name.pop();
            }
            path_of(name)
        })
    });
    Ok(Box::new(names.filter(|name| !matches!(name, Ok(path) if path.as_os_str().is_empty()))))
}

#[cfg(unix)]
fn path_of(name: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(name).into()
}

#[cfg(not(unix))]
fn path_of(name: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&name).into_owned().into()
}

fn target(args: &ExtractArgs) -> Target {
    match &args.output {
        _ if args.dry_run => Target::Nothing,
        Some(path) if path != Path::new("-") => Target::Folder { path: path.clone(), manner: args.manner() },
        _ => Target::Lines(terminal::lines()),
    }
}
