//! The values of records, each with whether gold says that it is right.
//!
//! In: gold, records, the grammars. Out: samples to measure confidences by, or to learn them from. Never: learns.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::calibrate::{Context, Sample};
use crate::grammar::Grammar;
use crate::model::Record;

use super::tally::Answer;

/// A value of which only that is known whether it is right: what a clerk says, or gold of another shape.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// `source.path` of the record.
    pub path: String,
    /// Pointer of the value.
    pub at: String,
    /// Whether it is right.
    pub right: bool,
}

/// Values that were judged.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Stems of the documents that any value was judged of.
    pub documents: Vec<String>,
    /// The values.
    pub samples: Vec<Sample>,
    /// The confidence that each has in its record.
    pub said: Vec<f64>,
}

impl Judged {
    /// Adds what is known of the values of one record; `weigh` says how much they count.
    fn add(&mut self, stem: &str, record: &Record, grammar: &Grammar, right: &BTreeMap<String, bool>, weight: f64) {
        let context = Context::new(record, grammar);
        let document = self.documents.len();
        for (pointer, right) in right {
            let Some(e) = record.evidence.get(pointer) else { continue };
            let (figures, rule) = (context.figures(pointer, e), e.rule.clone());
            self.samples.push(Sample { document, figures, rule, right: *right, weight });
            self.said.push(e.confidence);
        }
        self.documents.push(stem.to_owned());
    }
}

/// Which values of each document are right: `answers` of the comparison with gold, and `verdicts`.
fn truths(answers: &[Answer], verdicts: &[Verdict]) -> BTreeMap<String, BTreeMap<String, bool>> {
    let mut all: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    let mut take = |document: &str, pointer: &str, right: bool| {
        let known = all.entry(document.to_owned()).or_default().entry(pointer.to_owned()).or_insert(true);
        *known &= right;
    };
    for answer in answers {
        answer.values().for_each(|(pointer, right)| take(&answer.document, pointer, right));
    }
    for v in verdicts {
        take(&super::stem_of(&v.path), &v.at, v.right);
    }
    all
}

/// Every value that gold or a verdict judges. `weigh` gives what the values of a document of this path count.
pub fn judge(
    answers: &[Answer],
    verdicts: &[Verdict],
    records: &BTreeMap<String, Value>,
    grammar: &Grammar,
    weigh: impl Fn(&str) -> f64,
) -> Judged {
    let mut judged = Judged::default();
    for (stem, right) in truths(answers, verdicts) {
        let record = records.get(&stem).and_then(|r| serde_json::from_value::<Record>(r.clone()).ok());
        if let Some(record) = record {
            let weight = weigh(&record.source.path);
            judged.add(&stem, &record, grammar, &right, weight);
        }
    }
    judged
}
