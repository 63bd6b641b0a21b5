//! `agendata grammar fit`: learns what confidences are made of.
//!
//! In: gold and the dataset that was made of its documents. Out: the text of `base/confidence.toml`, with where its weights
//! come from and how far they hold on documents that were held out. Never: reads a clock, or goes on with too little gold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use crate::calibrate::{Reliability, held_out, learn};
use crate::grammar::Grammar;

use super::judged::{Judged, Verdict, judge};
use super::missed::missed;
use super::worth::{Given, documents, missing};
use super::{load, score_all};

/// Less gold than this teaches nothing that holds: documents, values, wrong values.
const LEAST: [usize; 3] = [20, 500, 25];

const HEAD: &str = "\
# What the confidence of a value is made of: log-odds are summed, by sort of value, and turned into a probability.
# `group` has a weight a figure (src/calibrate/features.rs tells what each is), `rule` what the values of one rule have
# proved to be worth beside that, `missing` how many values a look mends that are nowhere in the record.
# Written by `agendata grammar fit` (`just fit`); edit by hand only to try something.
";

/// Learns the weights of confidences from gold.
#[derive(Debug, clap::Args)]
pub struct FitArgs {
    /// Folder of gold records (searched for *.json), or a .jsonl file
    pub gold: PathBuf,
    /// The dataset that was made of the documents that gold speaks of
    pub output: PathBuf,
    /// Lines of {"path", "at", "right"}: values of which only that is known (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub verdicts: Vec<PathBuf>,
    /// How much the values of a folder of documents count, such as wild=3; 1 where nothing is said (may be repeated)
    #[arg(long, value_name = "FOLDER=N", value_parser = weight)]
    pub weight: Vec<(String, f64)>,
    /// Where the inputs stand, for documents whose text the dataset does not hold
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// What is written beside the figures: which gold, and when
    #[arg(long, default_value = "")]
    pub note: String,
    /// Write the weights to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

fn weight(text: &str) -> Result<(String, f64), String> {
    let expected = || format!("expected FOLDER=N, but found {text:?}");
    let (name, number) = text.split_once('=').ok_or_else(expected)?;
    let number: f64 = number.parse().map_err(|_| expected())?;
    if number.is_finite() && number >= 0.0 { Ok((name.to_owned(), number)) } else { Err(expected()) }
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The file's text.
    pub toml: String,
    /// How far the confidences hold that the dataset has now, and those of the new weights on documents held out: of all
    /// documents, then by folder.
    pub reliability: Vec<(String, Reliability, Reliability)>,
    /// Documents.
    pub documents: usize,
}

/// Reads lines of verdicts.
pub fn read_verdicts(files: &[PathBuf]) -> anyhow::Result<Vec<Verdict>> {
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("expected lines of verdicts in {}, but it cannot be read", file.display()))?;
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let place = || format!("expected {{\"path\", \"at\", \"right\"}} at {}:{}", file.display(), n + 1);
            all.push(serde_json::from_str(line).with_context(place)?);
        }
    }
    Ok(all)
}

/// The first folder of a path; the path of a document that stands in none is no folder.
fn folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

/// Learns from `gold` and `output`.
///
/// # Errors
/// What cannot be read, and too little gold.
pub fn fit(args: &FitArgs, grammar: &Grammar) -> anyhow::Result<Fitted> {
    let read = |place: &Path| load(place).with_context(|| format!("expected records at {}", place.display()));
    let (gold, found) = (read(&args.gold)?, read(&args.output)?);
    if let Some(note) = gold.notes.iter().chain(&found.notes).next() {
        anyhow::bail!("{note}");
    }
    let report = score_all(&gold.records, &found.records);
    let verdicts = read_verdicts(&args.verdicts)?;
    let weigh = |path: &str| args.weight.iter().find(|(name, _)| name == folder(path)).map_or(1.0, |(_, n)| *n);
    let judged = judge(report.answers(), &verdicts, &found.records, grammar, weigh);
    enough(&judged)?;
    let held = held_out(&judged.samples, judged.documents.len()).context("expected documents to hold out")?;
    let samples: Vec<_> = judged.samples.iter().collect();
    let mut model = learn(&samples);
    let given = Given {
        gold: &gold.records,
        found: &found.records,
        output: &args.output,
        source: args.source.as_deref(),
        verdicts: &verdicts,
    };
    let (documents, without) = documents(&given);
    ensure!(
        without == 0,
        "expected the texts of all documents, but {without} are not at hand (name the folder of the inputs by --source)"
    );
    model.missing = missing(&missed(report.answers(), &documents, grammar), &documents);
    model.worth.clone_from(&grammar.confidence.worth);
    let folders: Vec<String> = judged.documents.iter().map(|d| folder_of(d, &found.records)).collect();
    let reliability = by_folder(&judged, &held, &folders);
    let provenance = provenance(args, &judged, &reliability);
    Ok(Fitted { toml: model.to_toml(HEAD, &provenance), reliability, documents: judged.documents.len() })
}

fn folder_of(stem: &str, records: &BTreeMap<String, serde_json::Value>) -> String {
    let path = records.get(stem).and_then(|r| r.pointer("/source/path")).and_then(serde_json::Value::as_str);
    folder(path.unwrap_or("")).to_owned()
}

fn enough(judged: &Judged) -> anyhow::Result<()> {
    let wrong = judged.samples.iter().filter(|s| !s.right).count();
    let have = [judged.documents.len(), judged.samples.len(), wrong];
    ensure!(
        have.iter().zip(LEAST).all(|(have, least)| *have >= least),
        "expected at least {} documents with gold, {} judged values and {} wrong ones to learn from, but found {}, {} and {}",
        LEAST[0],
        LEAST[1],
        LEAST[2],
        have[0],
        have[1],
        have[2]
    );
    Ok(())
}

fn by_folder(judged: &Judged, held: &[f64], folders: &[String]) -> Vec<(String, Reliability, Reliability)> {
    let of = |wanted: Option<&str>| {
        let own = |n: &usize| wanted.is_none_or(|w| folders[judged.samples[*n].document] == w);
        let pick = |from: &[f64]| {
            let own = (0..judged.samples.len()).filter(own);
            Reliability::new(&own.map(|n| (from[n], judged.samples[n].right)).collect::<Vec<_>>())
        };
        (pick(&judged.said), pick(held))
    };
    let mut names: Vec<&String> = folders.iter().collect();
    names.sort();
    names.dedup();
    let (said, new) = of(None);
    let mut out = vec![("all".to_owned(), said, new)];
    for name in names {
        let (said, new) = of(Some(name));
        out.push((if name.is_empty() { "(no folder)".to_owned() } else { name.clone() }, said, new));
    }
    out
}

/// Lines of TOML that say what the weights come from.
fn provenance(args: &FitArgs, judged: &Judged, reliability: &[(String, Reliability, Reliability)]) -> String {
    let mut out = String::new();
    let (_, _, held) = &reliability[0];
    let mut line = |key: &str, value: String| {
        let _ = writeln!(out, "{key} = {value}");
    };
    if !args.note.is_empty() {
        line("note", toml::Value::from(args.note.as_str()).to_string());
    }
    let weights: Vec<String> = args.weight.iter().map(|(name, n)| format!("{name}={n}")).collect();
    if !weights.is_empty() {
        line("folder-weights", toml::Value::from(weights.join(" ")).to_string());
    }
    line("documents", judged.documents.len().to_string());
    line("values", held.values.to_string());
    line("wrong", held.wrong.to_string());
    line("calibration-error-held-out", format!("{:.4}", held.error));
    line("errors-in-least-confident-tenth-held-out", format!("{:.3}", held.errors_in_tenth));
    out
}

/// The table of a fit: what the dataset's confidences are worth, and what the new ones are on documents held out.
pub fn shown(fitted: &Fitted) -> String {
    let mut out = format!(
        "{:14} {:>7} {:>6}   {:>7} {:>7}   {:>7} {:>7} {:>7}\n",
        "folder", "values", "wrong", "ECE now", "tenth", "ECE new", "by rank", "tenth"
    );
    for (name, said, new) in &fitted.reliability {
        let _ = writeln!(
            out,
            "{name:14} {:7} {:6}   {:7.4} {:7.3}   {:7.4} {:7.4} {:7.3}",
            new.values, new.wrong, said.error, said.errors_in_tenth, new.error, new.error_by_rank, new.errors_in_tenth
        );
    }
    let _ = writeln!(out, "new: learned on four fifths of {} documents, measured on the fifth", fitted.documents);
    out
}
