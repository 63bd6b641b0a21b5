//! `agendata filter`: documents as lines of JSON → records as lines of JSON. In: standard input. Out: standard output.
//! Never: ends for what a line holds.

use std::io::{self, BufReader};
use std::num::NonZeroUsize;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::options::Reading;
use super::{exit, terminal};
use crate::batch;

const EXAMPLES: &str = "\
Each line is a document: {\"id\": …, \"text\": …}, {\"id\": …, \"path\": …} or {\"id\": …, \"bytes\": base64}.
Each line of the answer is its record, in order, with the id as its source.path; what cannot be
read is a record whose diagnostics say so.

Examples:
  echo '{\"id\": \"a.txt\", \"text\": \"Programme\\n\\n12 May 2011\\n\\n09:30 Opening\"}' | agendata filter
  find archive -name '*.txt' | jq -Rc '{path: .}' | parallel --pipe -N 1000 -k agendata filter";

/// Arguments of `filter`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct FilterArgs {
    /// Workers
    #[arg(short, long, value_name = "N", default_value = "1")]
    jobs: NonZeroUsize,
    #[command(flatten)]
    reading: Reading,
    /// Answer with the text too, for the process that goes on with it
    #[arg(long, hide = true)]
    whole: bool,
    /// Memory that this process may take, in MB
    #[arg(long, hide = true)]
    bound: Option<u64>,
}

/// Runs the command.
pub fn run(args: &FilterArgs) -> Result<ExitCode> {
    if let Some(memory) = args.bound {
        bound(memory << 20);
    }
    let pipeline = args.reading.pipeline()?;
    let (input, output) = (BufReader::new(io::stdin()), terminal::lines());
    batch::filter(input, output, args.jobs.get(), args.whole, &|source| pipeline.extract_with_text(source))?;
    Ok(ExitCode::from(exit::DONE))
}

/// From now on, more memory than this is not given; what needs it ends this process.
#[cfg(unix)]
fn bound(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Where the system takes no limit, the readers' own limits stay.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(bytes), maximum: Some(bytes) });
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

#[cfg(not(unix))]
fn bound(_: u64) {}
