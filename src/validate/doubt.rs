//! Doubtful values.
//!
//! In: a record whose confidences are final. Out: finding A0708 for each value of which more than
//! one in five is wrong and that no other finding points at. Never: drops one.

use std::collections::BTreeSet;

use crate::model::{Diagnostic, Record};

use super::at;

/// Below this a value gets a finding.
pub const DOUBTFUL: f64 = 0.8;

/// A0708: a doubtful value. The record's own findings have said enough of theirs.
pub fn doubtful(record: &Record) -> Vec<Diagnostic> {
    let said: BTreeSet<&str> = record.diagnostics.iter().filter_map(|d| d.at.as_deref()).collect();
    let low = record.evidence.iter().filter(|(p, e)| e.confidence < DOUBTFUL && !said.contains(p.as_str()));
    low.map(|(pointer, e)| {
        let read = e.texts.join(" … ");
        let text: String = read.chars().take(80).collect();
        let message = format!("{text:?} is read with a confidence of {:.2} only", e.confidence);
        at(record, "A0708", message, pointer.clone())
    })
    .collect()
}
