//! Every value of a dataset against its source.
//!
//! In: records and the texts that their spans count in. Out: what does not agree: a value that its bytes do
//! not make, bytes that are not there, a reference to nobody. Never: changes a record, or believes one.

mod checker;
mod dataset;
mod leaves;
mod places;
mod references;
mod values;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;

use crate::grammar::Grammar;
use crate::model::Record;

pub use dataset::{Document, Report, verify as verify_dataset};
pub(crate) use dataset::{Found, root_of, text_of};

use checker::Checker;

const EXAMPLES: &str = "\
Examples:
  agendata verify output --source input       a dataset and the folder that it was made from
  agendata verify output --json               for a program to read

Exit codes: 0 everything agrees, 1 something does not or a text is missing, 2 usage or input/output, 3 grammar";

/// Makes every value of a dataset again from its source, and compares.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// The dataset
    pub output: PathBuf,
    /// Folder of grammars that was laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    pub grammar: Vec<PathBuf>,
    /// Where the inputs stand, for documents whose text the dataset does not hold
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mismatch {
    /// JSON Pointer into the record.
    pub pointer: String,
    /// What was expected and what was found.
    pub reason: String,
}

impl Mismatch {
    /// A mismatch.
    pub fn new(pointer: &str, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.to_owned(), reason: reason.into() }
    }
}

/// `agendata verify`.
pub fn run(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let grammar = Grammar::load(&args.grammar)?;
    let report = verify_dataset(&args.output, args.source.as_deref(), &grammar).with_context(|| {
        format!("expected a dataset with records/ at {}, but it cannot be read", args.output.display())
    })?;
    if report.documents.is_empty() {
        anyhow::bail!("expected records below {}, but found none", args.output.join("records").display());
    }
    if report.grammar.as_ref().is_some_and(|made| *made != grammar.hash) {
        crate::cli::say("note: the dataset was made with other grammars (name them by --grammar)");
    }
    let text = if args.json { serde_json::to_string_pretty(&report)? + "\n" } else { shown(&report) };
    crate::cli::give_or_show(args.json, &text)?;
    Ok(if report.agrees() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn shown(report: &Report) -> String {
    let mut out = String::new();
    for d in &report.documents {
        for m in &d.mismatches {
            let _ = writeln!(out, "{}: {}: {}", d.path, m.pointer, m.reason);
        }
        if d.status == "no text" {
            let _ = writeln!(out, "{}: no text (name the folder of the inputs by --source)", d.path);
        }
    }
    let _ = writeln!(
        out,
        "{} values of {} documents made again: {} mismatches, {} documents without text",
        report.values,
        report.documents.len(),
        report.mismatches,
        report.no_text
    );
    out
}

/// What does not agree in `record`, whose spans count in `text`; by pointer.
pub fn verify_record(record: &Record, text: &str, grammar: &Grammar) -> Vec<Mismatch> {
    match serde_json::to_value(record) {
        Ok(json) => examine(record, json, text, grammar),
        Err(e) => vec![Mismatch::new("", format!("expected a record, but {e}"))],
    }
}

/// The same for a record as it stands in a file, where also a field may stand that no record has.
pub fn verify_json(json: &Value, text: &str, grammar: &Grammar) -> Vec<Mismatch> {
    let record: Record = match serde_json::from_value(json.clone()) {
        Ok(record) => record,
        Err(e) => return vec![Mismatch::new("", format!("expected a record, but {e}"))],
    };
    let again = match serde_json::to_value(&record) {
        Ok(again) => again,
        Err(e) => return vec![Mismatch::new("", format!("expected a record, but {e}"))],
    };
    let odd = leaves::difference(json, &again, "");
    let mut found = examine(&record, again, text, grammar);
    found.extend(odd.map(|pointer| Mismatch::new(&pointer, "no record has such a field or value")));
    found
}

fn examine(record: &Record, json: Value, text: &str, grammar: &Grammar) -> Vec<Mismatch> {
    let mut checker = Checker::new(record, json, text, grammar);
    references::check(&mut checker);
    values::check(&mut checker);
    places::check(&mut checker);
    let mut found = checker.mismatches;
    found.sort();
    found.dedup();
    found
}
