//! `agendata merge`: datasets → one dataset. In: folders. Out: a folder, a summary on standard error. Never: changes what
//! it merges.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::screen::Screen;
use super::{Terminal, exit};
use crate::batch::{self, Manner};

const EXAMPLES: &str = "\
Examples:
  agendata extract archive -o part1 --shard 1/2      on one machine
  agendata extract archive -o part2 --shard 2/2      on another one
  agendata merge part1 part2 -o output               what one run would have given

Shards must be all there, made by the same program with the same grammars and options.
Datasets that are no shards come one after the other; each path may stand in one only.";

/// Arguments of `merge`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct MergeArgs {
    /// Datasets
    #[arg(value_name = "DATASET", required = true)]
    datasets: Vec<PathBuf>,
    /// Folder of the new dataset
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    /// Write into a folder that holds other files
    #[arg(long)]
    force: bool,
    /// Only errors on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// Runs the command.
pub fn run(args: MergeArgs, terminal: Terminal) -> Result<ExitCode> {
    let manner = Manner { force: args.force, ..Manner::default() };
    let summary = batch::merge(&args.datasets, args.output.clone(), manner)?;
    Screen::new(terminal, args.quiet, false, None).summary(&summary, Some(&args.output));
    Ok(ExitCode::from(exit::DONE))
}
