//! `agendata inspect`: what one stage makes of one document. In: a file and a stage. Out: that stage's output as text.
//! Never: writes a file.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::give;
use super::options::{Costs, Known, Overlays};
use crate::ingest::Source;
use crate::pipeline::Stage;

const EXAMPLES: &str = "\
Examples:
  agendata inspect agenda.txt --stage segment    each unit with its class, scores and rule
  agendata inspect agenda.txt --stage ingest     the text that spans count in
  agendata inspect - --stage record < agenda.txt";

/// Arguments of `inspect`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct InspectArgs {
    /// The document; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The stage whose output is shown
    #[arg(long, default_value = "record", value_parser = PossibleValuesParser::new(Stage::ALL.iter().map(|s| s.as_str())))]
    stage: String,
    #[command(flatten)]
    overlays: Overlays,
    #[command(flatten)]
    known: Known,
    #[command(flatten)]
    costs: Costs,
}

/// Runs the command.
pub fn run(args: &InspectArgs) -> Result<ExitCode> {
    let stage = Stage::parse(&args.stage).ok_or_else(|| anyhow!("expected a stage, but found {}", args.stage))?;
    let source = source(&args.file)?;
    let pipeline = args.overlays.pipeline(&args.known, &args.costs)?;
    let mut shown = pipeline.inspect(&source, stage);
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    give(shown.as_bytes())
}

fn source(file: &Path) -> Result<Source> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(Source { path: "stdin".into(), bytes });
    }
    let bytes =
        std::fs::read(file).with_context(|| format!("expected a document, but cannot read {}", file.display()))?;
    let path = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Source { path, bytes })
}
