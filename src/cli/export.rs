//! `agendata export`: a dataset → files that other systems import. In: a dataset, names of formats. Out: a folder a
//! format; what was lost, on standard error. Never: writes to standard output; changes the dataset.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use super::{exit, say};
use crate::batch::export::{Export, Exported, default_output, export};
use crate::batch::without::Private;
use crate::emit::formats::{FORMATS, How, Loss, Registered};

const EXAMPLES: &str = "\
Examples:
  agendata export output --to ics                    calendars below output/exports/ics/
  agendata export output --to csv,sqlite -o for-anna
  agendata export output --to csv --source input     texts for line numbers of findings
  agendata export output --to indico-csv --without emails,phones

Each format has a folder of its own, and in it loss.json: what the format could not
carry. An end time that a format needs and the document lacks is worked out there (the
next begin, else the end of the block); the records stay as they are.";

/// Fields told of a format at most.
const TOLD: usize = 6;

/// Arguments of `export`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    /// Dataset that `agendata extract` wrote; or a folder with records, a record, JSON Lines
    #[arg(value_name = "OUTPUT")]
    dataset: PathBuf,
    /// Formats, with commas between them
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', required = true, value_parser = format())]
    to: Vec<String>,
    /// Folder for the exports [default: OUTPUT/exports]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Folder of the inputs, for texts that the dataset does not hold
    #[arg(long, value_name = "FOLDER")]
    source: Option<PathBuf>,
    /// Leave these out for the sake of the people: emails, phones, addresses of contacts; the documents' texts go with
    /// them, titles and descriptions stay as they are
    #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = private())]
    without: Vec<String>,
    /// Replace a format's folder that no export wrote
    #[arg(long)]
    force: bool,
    /// Only errors on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// The formats as the command line takes them.
pub fn format() -> clap::builder::PossibleValuesParser {
    FORMATS.iter().map(|f| clap::builder::PossibleValue::new(f.name).help(f.about)).collect::<Vec<_>>().into()
}

/// The same without words about each.
pub fn names() -> clap::builder::PossibleValuesParser {
    FORMATS.iter().map(|f| f.name).collect::<Vec<_>>().into()
}

/// The formats of these names, once each.
pub fn registered(names: &[String]) -> Vec<&'static Registered> {
    FORMATS.iter().filter(|f| names.iter().any(|n| n == f.name)).collect()
}

/// What can be left out, as the command line takes it.
fn private() -> clap::builder::PossibleValuesParser {
    Private::ALL.iter().map(|p| p.word()).collect::<Vec<_>>().into()
}

/// Runs the command.
pub fn run(args: &ExportArgs) -> Result<ExitCode> {
    let output = args.output.clone().or_else(|| default_output(&args.dataset));
    let output = output.context("expected a folder for the exports (-o FOLDER), since the dataset is no folder")?;
    let job = Export {
        dataset: args.dataset.clone(),
        source: args.source.clone(),
        without: Private::ALL.iter().copied().filter(|p| args.without.iter().any(|w| w == p.word())).collect(),
        formats: registered(&args.to),
        output,
        force: args.force,
    };
    let done = export(&job)?;
    if !args.quiet {
        summary(&done, &job.output);
    }
    Ok(ExitCode::from(exit::DONE))
}

/// Exports a dataset that was just made, to its folder `exports/`.
pub fn after(dataset: &Path, formats: &[String], inputs: &[PathBuf], quiet: bool) -> Result<()> {
    // Texts that the dataset does not hold are in the inputs, where these are one folder or file.
    let source = match inputs {
        [one] if one.exists() => Some(one.clone()),
        _ => None,
    };
    let output = default_output(dataset).context("expected a folder to export from")?;
    let formats = registered(formats);
    let job = Export { dataset: dataset.to_owned(), source, without: Vec::new(), formats, output, force: false };
    let done = export(&job)?;
    if !quiet {
        summary(&done, &job.output);
    }
    Ok(())
}

/// Tells what was exported and what was lost.
pub fn summary(done: &Exported, output: &Path) {
    say(&format!("{} documents exported to {}", done.documents, output.display()));
    for (name, loss) in &done.losses {
        say(&format!("  {name:<12}{}", line(loss)));
        for told in fields(loss) {
            say(&format!("  {:<12}{told}", ""));
        }
    }
}

fn line(loss: &Loss) -> String {
    let left = match loss.left_out() {
        0 => String::new(),
        n => format!("; {n} without anything for it"),
    };
    let lost = loss.content().filter(|(_, how, ..)| *how == How::Dropped).map(|(.., n)| n).sum::<u64>();
    let lost = if lost == 0 { String::new() } else { format!("; {lost} values dropped (loss.json)") };
    format!("{} documents{left}{lost}", loss.documents_written())
}

/// The fields of which most was lost.
fn fields(loss: &Loss) -> Vec<String> {
    let mut lost: Vec<_> = loss.content().filter(|(_, how, ..)| *how != How::Text).collect();
    lost.sort_by_key(|(field, how, _, count)| (std::cmp::Reverse(*count), *field, *how));
    let more = lost.len().saturating_sub(TOLD);
    let mut told: Vec<String> = lost
        .iter()
        .take(TOLD)
        .map(|(field, how, why, count)| {
            let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
            format!("{field} {} {count}×{why}", how.as_str())
        })
        .collect();
    if more > 0 {
        told.push(format!("and {more} more fields"));
    }
    told
}
