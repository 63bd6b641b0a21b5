//! The command line: one file a command.
//!
//! In: arguments. Out: an exit code; data on standard output, everything else on standard error. Never: decides anything
//! about documents.

mod completions;
mod eval;
mod explain;
mod export;
mod extract;
mod filter;
mod grammar;
mod import;
mod inspect;
mod merge;
mod options;
mod profile;
mod progress;
mod review_list;
mod schema;
mod screen;
mod terminal;
mod verify;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::batch::{self, BatchError};
use crate::diag::printable_lines;
use crate::grammar::GrammarError;

pub use terminal::Terminal;
pub(crate) use terminal::{give, give_or_show, say, show};

/// Exit codes.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// Findings at or above `--fail-on`.
    pub const FINDINGS: u8 = 1;
    /// The caller's input or the system.
    pub const USAGE: u8 = 2;
    /// A grammar file.
    pub const GRAMMAR: u8 = 3;
    /// Some documents could not be read.
    pub const SOME_FAILED: u8 = 4;
    /// None could.
    pub const ALL_FAILED: u8 = 5;
    /// Stopped by the user.
    pub const STOPPED: u8 = 130;
}

const ABOUT: &str = "Turns archived seminar and conference texts into validated, source-grounded records";

const EXAMPLES: &str = "\
Examples:
  agendata extract input/ -o output          a folder of texts becomes a dataset
  agendata extract agenda.txt -o -           one record, as JSON, to standard output
  agendata explain A0702                     what a finding means and what to do
  agendata inspect agenda.txt --stage segment

Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage or input/output,
3 grammar, 4 some documents failed, 5 none succeeded, 130 stopped";

#[derive(Parser)]
#[command(name = "agendata", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// No colours (also when NO_COLOR is set or output is no terminal)
    #[arg(long, global = true)]
    no_color: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read documents and write a dataset
    Extract(Box<extract::ExtractArgs>),
    /// Read documents as lines of JSON and write their records, for engines that run on many machines
    Filter(filter::FilterArgs),
    /// Put datasets together: the shards of one run, or any others
    Merge(merge::MergeArgs),
    /// Show what a stage makes of one document
    Inspect(inspect::InspectArgs),
    /// Score a dataset against gold records
    Eval(crate::eval::EvalArgs),
    /// Name the lines of a dataset that are worth a clerk's look first
    ReviewList(crate::review::ReviewArgs),
    /// Tell what an archive is made of, and which of its lines nothing explains
    Profile(Box<profile::ProfileArgs>),
    /// Check every value of a dataset against its source
    Verify(crate::verify::VerifyArgs),
    /// Write a dataset in the formats of other systems
    Export(export::ExportArgs),
    /// Read programmes that are structured already
    Import(import::ImportArgs),
    /// List, check or show the rules of the grammars
    Grammar(grammar::GrammarArgs),
    /// Print the JSON Schema of a record
    Schema,
    /// Tell what a finding's code means
    Explain(explain::ExplainArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
}

/// The whole command line, for help, completions and man pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line.
pub fn main() -> ExitCode {
    batch::quiet_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            refused(&error);
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::DONE });
        }
    };
    let terminal = Terminal::of(cli.no_color);
    let done = match cli.command {
        Command::Extract(args) => extract::run(*args, terminal),
        Command::Filter(args) => filter::run(&args),
        Command::Merge(args) => merge::run(args, terminal),
        Command::Inspect(args) => inspect::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::ReviewList(args) => review_list::run(&args),
        Command::Profile(args) => profile::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Import(args) => import::run(&args, terminal),
        Command::Grammar(args) => grammar::run(&args),
        Command::Schema => schema::run(),
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(&args),
    };
    done.unwrap_or_else(|error| failed(&error))
}

/// Tells what is wrong with the arguments, or the help that was asked for. An argument may be a file's name that a shell
/// put there.
fn refused(error: &clap::Error) {
    let text = error.render().to_string();
    if printable_lines(&text) == text {
        let _ = error.print();
    } else {
        say(text.trim_end());
    }
}

/// The exit code for an error, which is told to the user; a reader that went away is no error.
fn failed(error: &anyhow::Error) -> ExitCode {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    let batch = error.downcast_ref::<BatchError>();
    if batch.map_or(io.is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe), BatchError::is_broken_pipe) {
        return ExitCode::from(exit::DONE);
    }
    if let Some(error) = error.downcast_ref::<GrammarError>() {
        say(&grammar::line(error));
        return ExitCode::from(exit::GRAMMAR);
    }
    say(&format!("error: {}", causes(error)));
    ExitCode::from(if matches!(batch, Some(BatchError::Stopped)) { exit::STOPPED } else { exit::USAGE })
}

/// The error with its causes, as far as it does not name them itself.
fn causes(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}
