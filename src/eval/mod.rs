//! Gold against output: precision, recall and F1 by field and by whole record.
//!
//! In: gold files and records, as JSON (gold may give several readings, or items that count neither way).
//! Out: a [`Report`] in three manners of comparing: strict, soft and by edit distance. Never: changes a record.

mod classes;
mod event;
mod fit;
mod fold;
mod folder;
mod judged;
mod likeness;
mod missed;
mod names;
mod people;
mod pick;
mod place;
mod report;
mod sessions;
mod tally;
mod worth;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::Value;

pub use classes::Classes;
pub use fit::{FitArgs, Fitted, fit, read_verdicts, shown as shown_fit};
pub use fold::fold;
pub use folder::{Loaded, json_files, load, stem_of};
pub use judged::{Judged, Verdict, judge};
pub use likeness::{levenshtein, ratio};
pub use report::{Report, Whole};
pub use tally::{Answer, Item, Miss, MissKind, Mode, Pairing, Row, Tally, similar};
pub use worth::{Bought, Given, MissedFigures, Worth, worth};

use crate::grammar::Grammar;

use names::Names;
use sessions::Both;

const EXAMPLES: &str = "\
Examples:
  agendata eval tests/gold output             a table by field and by whole record
  agendata eval tests/gold output --show      and every value that differs

P, R, F1 and like are of the soft comparison (case, accents, punctuation and small differences forgiven);
strict and edit are the F1 of the exact and of the edit-distance comparison; like is the mean likeness by
edit distance, with what was missed or invented as 0.";

/// Scores a dataset against a folder of gold records.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct EvalArgs {
    /// Folder of gold records (searched for *.json), or a .jsonl file
    pub gold: PathBuf,
    /// Dataset, folder of records, or a .jsonl file
    pub output: PathBuf,
    /// List every value that was missed, invented or misread
    #[arg(long)]
    pub show: bool,
    /// Count what is wrong by field and class: missed and shown, missed and hidden, given to something else, …
    #[arg(long)]
    pub classes: bool,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// Where the inputs stand, for documents whose text the dataset does not hold
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// How many lines of the review list are looked at
    #[arg(long, value_name = "LINES", default_value_t = 40)]
    pub budget: usize,
    /// Lines of {"path", "at", "right"}: values of which only that is known (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub verdicts: Vec<PathBuf>,
    /// Folder of grammars that was laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    pub grammar: Vec<PathBuf>,
}

/// `agendata eval`.
pub fn run(args: &EvalArgs) -> anyhow::Result<ExitCode> {
    let read = |what: &str, place: &Path| {
        load(place).with_context(|| format!("expected {what} at {}, but it cannot be read", place.display()))
    };
    let gold = read("a folder of gold records", &args.gold)?;
    let found = read("a dataset or a folder of records", &args.output)?;
    if gold.records.is_empty() {
        anyhow::bail!(
            "expected gold records (*.json with an event or sessions) in {}, but found none",
            args.gold.display()
        );
    }
    let mut report = score_all(&gold.records, &found.records);
    report.notes = gold.notes.iter().chain(&found.notes).cloned().collect();
    for note in &report.notes {
        crate::cli::say(note);
    }
    let worth = weigh(args, &report, &gold.records, &found.records)?;
    let text = if args.json {
        let mut json = report.json(args.show);
        json["confidence"] = worth.json();
        serde_json::to_string_pretty(&json)? + "\n"
    } else {
        let listing = if args.show { report.listing() + &worth.listing() } else { String::new() };
        let classes = if args.classes { worth.classes() } else { String::new() };
        report.table() + &worth.table() + &classes + &listing
    };
    crate::cli::give_or_show(args.json, &text)
}

/// What the confidences of the dataset are worth.
fn weigh(
    args: &EvalArgs,
    report: &Report,
    gold: &BTreeMap<String, Value>,
    found: &BTreeMap<String, Value>,
) -> anyhow::Result<Worth> {
    let grammar = Grammar::load(&args.grammar)?;
    let verdicts = read_verdicts(&args.verdicts)?;
    let told = crate::verify::root_of(&args.output).unwrap_or_default();
    let source = args.source.as_deref().or(told.as_deref());
    let given = Given { gold, found, output: &args.output, source, verdicts: &verdicts };
    Ok(worth(report, &given, &grammar, args.budget))
}

/// Scores `records`, each with the stem of its source, against the gold records in `gold_dir`.
pub fn score_folders(gold_dir: &Path, records: &[(String, Value)]) -> io::Result<Report> {
    let gold = load(gold_dir)?;
    let mut report = score_all(&gold.records, &records.iter().cloned().collect());
    report.notes = gold.notes;
    Ok(report)
}

/// Scores one record against its gold.
pub fn score(gold: &Value, pred: &Value) -> Report {
    let one = |v: &Value| BTreeMap::from([(String::new(), v.clone())]);
    score_all(&one(gold), &one(pred))
}

/// Scores every gold record against the record of the same stem; a document without one has missed everything.
pub fn score_all(gold: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>) -> Report {
    let mut report = Report {
        documents: gold.len(),
        without: gold.keys().filter(|stem| !found.contains_key(*stem)).cloned().collect(),
        notes: Vec::new(),
        tallies: Vec::new(),
        whole: Vec::new(),
    };
    let nothing = Value::Object(serde_json::Map::new());
    for mode in Mode::ALL {
        let mut sum = Tally::new(mode);
        let mut whole = Whole::default();
        for (stem, wanted) in gold {
            let one = score_document(mode, stem, wanted, found.get(stem).unwrap_or(&nothing));
            let mut all = Row::default();
            one.rows.iter().filter(|(name, _)| !name.starts_with('(')).for_each(|(_, row)| all.add(row));
            whole.right += usize::from(all.is_clean());
            whole.f1 += all.f1();
            sum.join(one);
        }
        report.tallies.push(sum);
        report.whole.push(whole);
    }
    report
}

fn score_document(mode: Mode, stem: &str, gold: &Value, pred: &Value) -> Tally {
    let mut tally = Tally::new(mode);
    tally.open(stem);
    let (gold_names, pred_names) = (Names::new(gold, mode), Names::new(pred, mode));
    event::score(&mut tally, gold, pred, &gold_names, &pred_names);
    sessions::score(&mut tally, &Both { gold, pred, gold_names: &gold_names, pred_names: &pred_names });
    people::score_people(&mut tally, gold, pred);
    people::score_contacts(&mut tally, gold, pred, &gold_names, &pred_names);
    tally
}
