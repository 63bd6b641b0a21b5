//! What is worth a clerk's look first.
//!
//! In: records, with their texts where these are at hand, and what the grammars say of missing values. Out: [`Look`]s: one
//! line of one document each, worst first by the errors that a look at it is expected to mend. Never: changes a record.

mod command;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::calibrate::Group;
use crate::grammar::Grammar;
use crate::model::Record;
use crate::validate::{LineIndex, line_flags};

pub use command::{ReviewArgs, run};

/// A value on a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Doubt {
    /// Pointer.
    pub at: String,
    /// The value.
    pub value: String,
    /// Probability that it is right.
    pub confidence: f64,
}

/// One line to look at, with all values that a look mends.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Look {
    /// `source.path`.
    pub file: String,
    /// Line of the text, from 1; 0 for what stands on no line: the document as a whole.
    pub line: usize,
    /// Errors that the look is expected to mend, weighed by what the values are worth.
    pub gain: f64,
    /// The line's text, where it is at hand.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Its values, the least sure first.
    pub values: Vec<Doubt>,
    /// What is said against the line: `unexplained`, or codes of findings.
    pub findings: Vec<String>,
}

/// The looks that one document offers; those that mend nothing to speak of are left out.
pub fn looks(record: &Record, text: Option<&str>, grammar: &Grammar) -> Vec<Look> {
    let model = &grammar.confidence;
    let index = LineIndex::new(text.unwrap_or(""));
    let mut by_line: BTreeMap<usize, (f64, Vec<Doubt>, BTreeSet<String>)> = BTreeMap::new();
    let shown = serde_json::to_value(record).unwrap_or_default();
    for (pointer, e) in &record.evidence {
        let doubt = (1.0 - e.confidence) * model.weight(Group::of(pointer), is_detail(pointer));
        let (gain, values, _) = by_line.entry(e.line).or_default();
        *gain += doubt;
        let value = shown.pointer(pointer).map(scalar).unwrap_or_default();
        values.push(Doubt { at: pointer.clone(), value, confidence: e.confidence });
    }
    for (line, codes) in line_flags(record, text.is_some().then_some(&index)) {
        let (gain, _, findings) = by_line.entry(line).or_default();
        *gain += codes.iter().map(|code| model.missing.at(code)).sum::<f64>();
        findings.extend(codes);
    }
    let look = |(line, (gain, mut values, findings)): (usize, (f64, Vec<Doubt>, BTreeSet<String>))| {
        values.sort_by(|a, b| a.confidence.total_cmp(&b.confidence).then_with(|| a.at.cmp(&b.at)));
        let text = text.map(|t| index.text(t, line).trim().to_owned()).unwrap_or_default();
        let gain = (gain * 1000.0).round() / 1000.0;
        Look { file: record.source.path.clone(), line, gain, text, values, findings: findings.into_iter().collect() }
    };
    by_line.into_iter().map(look).filter(|l| l.gain > 0.0).collect()
}

/// Worst first; of equals, in the order of files and lines. At most `budget`.
pub fn first(mut looks: Vec<Look>, budget: usize) -> Vec<Look> {
    looks.sort_by(|a, b| b.gain.total_cmp(&a.gain).then_with(|| (&a.file, a.line).cmp(&(&b.file, b.line))));
    looks.truncate(budget);
    looks
}

/// Whether a value only details another: a mention of a person, a part of a name, a role's own word.
fn is_detail(pointer: &str) -> bool {
    let last = pointer.rsplit('/').next().unwrap_or("");
    pointer.contains("/mentions/")
        || matches!(last, "given" | "family" | "honorific" | "suffix" | "label" | "raw" | "group" | "purpose")
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
