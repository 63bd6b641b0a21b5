//! `agendata import`: programmes that are structured already → records. In: files. Out: a dataset or JSON Lines, as
//! `agendata extract` writes them. Never: writes anything else to standard output.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::screen::Screen;
use super::{Terminal, exit, terminal};
use crate::batch::{self, About, Given, Job, Manner, Target};
use crate::import::{From, import};

const EXAMPLES: &str = "\
Examples:
  agendata import programme.ics                  the record on standard output
  agendata import schedules/ -o dataset          a dataset of all of them
  agendata import page.json --from jsonld -o dataset

Read are iCalendar, schedule.xml (frab, pretalx, Pentabarf), schedule.json (c3voc) and
schema.org JSON-LD; which it is, the content decides. The records have no evidence, since
nothing was read from prose: they can be gold, and can be exported again.";

/// Arguments of `import`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// Files and folders to read; - is standard input
    #[arg(value_name = "FILE", required = true)]
    inputs: Vec<PathBuf>,
    /// Folder of the dataset; - writes records as JSON Lines to standard output
    #[arg(short, long, value_name = "FOLDER", default_value = "-")]
    output: PathBuf,
    /// What the files are, where their content does not show it
    #[arg(long, value_name = "FORMAT", value_parser = from())]
    from: Option<String>,
    /// Write into a folder that holds other files
    #[arg(long)]
    force: bool,
    /// Only errors on standard error
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// All findings, notes included
    #[arg(short, long)]
    verbose: bool,
}

fn from() -> clap::builder::PossibleValuesParser {
    From::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().into()
}

/// Runs the command.
pub fn run(args: &ImportArgs, terminal: Terminal) -> Result<ExitCode> {
    let from = From::ALL.iter().find(|(name, _)| Some(*name) == args.from.as_deref()).map(|(_, from)| *from);
    let mut inputs = Vec::new();
    for path in &args.inputs {
        if path == Path::new("-") {
            inputs.push(Given::Stdin);
        } else if path.exists() {
            inputs.push(Given::Path(path.clone()));
        } else {
            bail!("expected a file or folder, but found nothing at {}", path.display());
        }
    }
    let folder = (args.output != Path::new("-")).then(|| args.output.clone());
    let target = match &folder {
        Some(path) => {
            Target::Folder { path: path.clone(), manner: Manner { force: args.force, prune: true, fresh: true } }
        }
        None => Target::Lines(terminal::lines()),
    };
    let screen = Screen::new(terminal, args.quiet, args.verbose, None);
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    // No grammar reads these; the word keeps an earlier run of another kind from being taken for this one.
    let about = About { grammar: format!("import {}", args.from.as_deref().unwrap_or("any")), ..About::default() };
    let job = Job { inputs, list: None, target, jobs, about, isolate: None };
    let summary = batch::run(job, &|source| import(source, from), &screen);
    screen.clear();
    let summary = summary?;
    screen.summary(&summary, folder.as_deref());
    Ok(ExitCode::from(match (summary.done, summary.failed) {
        (0, _) => exit::ALL_FAILED,
        (_, 1..) => exit::SOME_FAILED,
        _ => exit::DONE,
    }))
}
