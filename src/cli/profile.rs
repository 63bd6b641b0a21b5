//! `agendata profile`: what an archive is made of. In: documents or a dataset. Out: tables or JSON on standard output.
//! Never: writes a file.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::options::Reading;
use super::{exit, extract, give_or_show};
use crate::profile::{self, Profile, Shown};

const EXAMPLES: &str = "\
Examples:
  agendata profile archive                      languages, kinds, fields, rules, lines that nothing explained
  agendata profile archive --grammar mine       the same with your rules: which of them fired
  agendata profile output                       of a dataset, without reading the documents again
  agendata profile archive --json | jq '.shapes[0]'

A shape is a line without its words: 9 a number; a, Aa, A words in small letters, with a capital, in capitals.
The commonest shapes and labels that nothing explained are what an overlay grammar should teach first
(docs/grammar-cookbook.md).";

/// Arguments of `profile`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ProfileArgs {
    /// Files and folders to read, or one dataset; - is a document on standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Where the inputs of a dataset stand, for texts that it does not hold
    #[arg(long, value_name = "DIR")]
    source: Option<PathBuf>,
    /// Rows of each list
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// List every rule, those that never fired too
    #[arg(long)]
    rules: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Workers [default: one a processor]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
pub fn run(args: &ProfileArgs) -> Result<ExitCode> {
    let profile = match args.inputs.as_slice() {
        [folder] if profile::is_dataset(folder) => of_dataset(args, folder)?,
        inputs => {
            ensure!(args.source.is_none(), "expected --source with a dataset, but found documents");
            let options = args.reading.options();
            let jobs = args.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
            profile::of_documents(extract::given(inputs)?, args.reading.overlays.checked()?, options, jobs)
                .map_err(unwrapped)?
        }
    };
    let shown = Shown { top: args.top, rules: args.rules };
    let text = if args.json {
        serde_json::to_string_pretty(&profile::json(&profile, shown))? + "\n"
    } else {
        profile::table(&profile, shown)
    };
    give_or_show(args.json, &text)?;
    Ok(ExitCode::from(if profile.documents == 0 { exit::ALL_FAILED } else { exit::DONE }))
}

fn of_dataset(args: &ProfileArgs, folder: &Path) -> Result<Profile> {
    ensure!(
        args.reading.overlays.folders.is_empty(),
        "expected --grammar with documents, but found a dataset, which is read as it is"
    );
    let profile = profile::of_dataset(folder, args.source.as_deref());
    profile.with_context(|| format!("expected a dataset at {}, but it cannot be read", folder.display()))
}

/// The error itself, so that the exit code follows from it.
fn unwrapped(error: profile::ProfileError) -> anyhow::Error {
    match error {
        profile::ProfileError::Grammar(e) => e.into(),
        profile::ProfileError::Batch(e) => e.into(),
    }
}
