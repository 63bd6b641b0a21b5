//! What is said against the lines of a document.
//!
//! In: a finished record, and the lines of its text where these are at hand. Out: for each line the codes of its findings
//! and whether it is unexplained. Never: finds anything itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Record;

use super::LineIndex;

/// Stands among the codes of a line that nothing explains.
pub const UNEXPLAINED: &str = "unexplained";

/// The codes of the findings on each line; on line 0 what stands on none. A0707 only counts the unexplained lines.
pub fn line_flags(record: &Record, index: Option<&LineIndex>) -> BTreeMap<usize, BTreeSet<String>> {
    let mut flags: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for line in &record.coverage.unexplained {
        flags.entry(*line).or_default().insert(UNEXPLAINED.to_owned());
    }
    for d in record.diagnostics.iter().filter(|d| d.code != "A0707") {
        let lines = match (d.span.zip(index), d.at.as_ref().and_then(|at| record.evidence.get(at))) {
            (Some((span, index)), _) => index.touched(span),
            (None, Some(e)) => e.line..=e.line,
            (None, None) => 0..=0,
        };
        for line in lines {
            flags.entry(line).or_default().insert(d.code.clone());
        }
    }
    flags
}
