//! `agendata inspect`: what one stage makes of one document. In: a file and a stage. Out: that stage's output as text.
//! Never: writes a file.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::give_or_show;
use super::options::Reading;
use crate::batch::{Given, sources};
use crate::ingest::Source;
use crate::pipeline::Stage;

const EXAMPLES: &str = "\
Examples:
  agendata inspect agenda.txt --stage segment    each unit with its class, scores and rule
  agendata inspect agenda.txt --stage ingest     the text that spans count in
  agendata inspect archive.zip/1998/agenda.txt   a member of a container; box.mbox#3 is a message
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
    reading: Reading,
}

/// Runs the command.
pub fn run(args: &InspectArgs) -> Result<ExitCode> {
    let stage = Stage::parse(&args.stage).ok_or_else(|| anyhow!("expected a stage, but found {}", args.stage))?;
    let source = source(&args.file)?;
    let pipeline = args.reading.pipeline()?;
    let mut shown = pipeline.inspect(&source, stage);
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    give_or_show(stage == Stage::Record, &shown)
}

/// The document, or the member of a container that a path like `archive.zip/inner/a.txt` or `box.mbox#3` names.
fn source(file: &Path) -> Result<Source> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(Source { path: "stdin".into(), bytes });
    }
    let wanted = file.to_string_lossy();
    let cuts = wanted.match_indices(['/', '#']).map(|(at, _)| at).chain([wanted.len()]).rev();
    let container = cuts.map(|at| Path::new(&wanted[..at])).find(|p| p.is_file()).unwrap_or(file);
    let name = container.file_name().unwrap_or_default().to_string_lossy();
    let member = format!("{name}{}", &wanted[container.to_string_lossy().len()..]);
    let mut others = Vec::new();
    if container.is_file() {
        for source in sources(vec![Given::Path(container.to_path_buf())]) {
            let source = source?;
            if source.path == member {
                return Ok(source);
            }
            others.push(source.path);
        }
    }
    if !others.is_empty() {
        let more = if others.len() > 20 { ", …" } else { "" };
        others.truncate(20);
        bail!("expected one document, but found several; name one of them: {}{more}", others.join(", "));
    }
    let bytes =
        std::fs::read(file).with_context(|| format!("expected a document, but cannot read {}", file.display()))?;
    Ok(Source { path: member, bytes })
}
