//! `agendata review-list`: names the lines that are worth a look.
//!
//! In: a dataset. Out: a table, or JSON, on standard output. Never: writes into the dataset.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rayon::prelude::*;

use super::{Look, first, looks};
use crate::diag::printable;
use crate::eval::json_files;
use crate::grammar::Grammar;
use crate::model::Record;
use crate::verify::{Found, root_of, text_of};

const EXAMPLES: &str = "\
Examples:
  agendata review-list output --budget 40                  forty lines, worst first
  agendata review-list output --source input --json        with the lines' texts, for a program to read

A look at a line mends the values that stand on it and shows what is missing there. Lines are ordered by the number of
errors that a look is expected to mend: one minus the confidence of each value, times what a value of its sort is worth,
and what gold has taught of lines like it (table `missing` of base/confidence.toml). Line 0 is the document as a whole.";

/// Names the values worth a clerk's look first.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ReviewArgs {
    /// The dataset
    pub output: PathBuf,
    /// How many lines
    #[arg(long, value_name = "LINES", default_value_t = 40)]
    pub budget: usize,
    /// Where the inputs stand, for documents whose text the dataset does not hold
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Folder of grammars that was laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    pub grammar: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the command; answers what is to be printed.
///
/// # Errors
/// A dataset without records, and what cannot be read.
pub fn run(args: &ReviewArgs) -> anyhow::Result<String> {
    let grammar = Grammar::load(&args.grammar)?;
    let records = args.output.join("records");
    let files = json_files(&records).with_context(|| {
        format!("expected a dataset with records/ at {}, but it cannot be read", args.output.display())
    })?;
    anyhow::ensure!(!files.is_empty(), "expected records below {}, but found none", records.display());
    let told = root_of(&args.output)?;
    let source = args.source.as_deref().or(told.as_deref());
    let each = |f: &PathBuf| document(f, &args.output, source, &grammar, args.budget);
    let all = files.par_iter().map(each).collect::<anyhow::Result<Vec<_>>>()?;
    let best = first(all.into_iter().flatten().collect(), args.budget);
    Ok(if args.json { serde_json::to_string_pretty(&best)? + "\n" } else { table(&best) })
}

/// The looks of one document; more than the whole budget are never needed.
fn document(
    file: &Path,
    output: &Path,
    source: Option<&Path>,
    grammar: &Grammar,
    budget: usize,
) -> anyhow::Result<Vec<Look>> {
    let place = || format!("expected a record in {}", file.display());
    let record: Record = serde_json::from_slice(&std::fs::read(file).with_context(place)?).with_context(place)?;
    let text = match text_of(&record.source.path, &record.source.sha256, output, source)? {
        Found::Text(text) => Some(text),
        _ => None,
    };
    Ok(first(looks(&record, text.as_deref(), grammar), budget))
}

/// Longest text of a cell, in characters.
const LONGEST: usize = 60;

fn table(looks: &[Look]) -> String {
    let mut out = format!("{:>6} {:>5}  {:40} {}\n", "gain", "line", "file", "what to look at");
    for look in looks {
        let _ = writeln!(out, "{:6.2} {:5}  {:40} {}", look.gain, look.line, look.file, short(&said(look)));
        for v in look.values.iter().filter(|v| v.confidence < 0.9).take(4) {
            let _ = writeln!(out, "{:13} {:.2} {:37} {}", "", v.confidence, v.at, short(&v.value));
        }
    }
    let sum: f64 = looks.iter().map(|l| l.gain).sum();
    let _ = writeln!(out, "{} lines; {sum:.1} errors are expected on them", looks.len());
    out
}

fn said(look: &Look) -> String {
    let mut parts = look.findings.clone();
    if !look.text.is_empty() {
        parts.push(look.text.clone());
    }
    parts.join(" ")
}

fn short(text: &str) -> String {
    let text = printable(text);
    let mut out: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
