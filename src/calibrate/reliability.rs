//! Whether confidences hold.
//!
//! In: confidences with what became of their values. Out: the table of what was said and what was true, the expected
//! calibration error, the share of errors among the least confident. Never: learns.

use serde::Serialize;

use super::learn::{Sample, learn};

/// Values whose confidence is alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Least confidence.
    pub from: f64,
    /// Confidence that is no more in it.
    pub to: f64,
    /// Values.
    pub values: usize,
    /// Their mean confidence.
    pub said: f64,
    /// The share of them that is right.
    pub right: f64,
}

/// Bounds of the bins of the table; most values are rather sure.
const BOUNDS: [f64; 9] = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
/// Bins of the expected calibration error, of equal width.
const WIDTHS: usize = 10;
/// How many parts the documents are dealt into.
const FOLDS: usize = 5;

/// What confidences are worth.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// Values judged.
    pub values: usize,
    /// Of them wrong.
    pub wrong: usize,
    /// Expected calibration error over ten bins of equal width.
    pub error: f64,
    /// The same over ten bins of equally many values.
    pub error_by_rank: f64,
    /// Share of the errors that the least confident tenth of the values holds.
    pub errors_in_tenth: f64,
    /// The table.
    pub bins: Vec<Bin>,
}

impl Reliability {
    /// Of confidences, each with whether its value is right.
    pub fn new(judged: &[(f64, bool)]) -> Self {
        let mut sorted = judged.to_vec();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wrong = sorted.iter().filter(|(_, right)| !right).count();
        let width = |(c, _): &(f64, bool)| ((c * WIDTHS as f64) as usize).min(WIDTHS - 1);
        let bins = BOUNDS.iter().enumerate().map(|(n, from)| {
            let to = BOUNDS.get(n + 1).copied().unwrap_or(1.0);
            let last = n + 1 == BOUNDS.len();
            let own: Vec<_> = sorted.iter().filter(|(c, _)| c >= from && (*c < to || last)).copied().collect();
            bin(*from, to, &own)
        });
        let by_width = (0..WIDTHS).map(|n| sorted.iter().filter(|j| width(j) == n).copied().collect::<Vec<_>>());
        let per = sorted.len().div_ceil(WIDTHS).max(1);
        Reliability {
            values: sorted.len(),
            wrong,
            error: gap(by_width.map(|own| bin(0.0, 0.0, &own)), sorted.len()),
            error_by_rank: gap(sorted.chunks(per).map(|own| bin(0.0, 0.0, own)), sorted.len()),
            errors_in_tenth: in_tenth(&sorted, wrong),
            bins: bins.filter(|b| b.values > 0).collect(),
        }
    }
}

fn bin(from: f64, to: f64, own: &[(f64, bool)]) -> Bin {
    let count = own.len().max(1) as f64;
    let said = own.iter().map(|(c, _)| c).sum::<f64>() / count;
    let right = own.iter().filter(|(_, right)| *right).count() as f64 / count;
    Bin { from, to, values: own.len(), said, right }
}

/// Mean difference of what is said and what is true, by values.
fn gap(bins: impl Iterator<Item = Bin>, values: usize) -> f64 {
    let sum: f64 = bins.map(|b| b.values as f64 * (b.said - b.right).abs()).sum();
    if values == 0 { 0.0 } else { sum / values as f64 }
}

/// The share of the errors in the least confident tenth; of values that are equally sure at its edge, it holds their share.
fn in_tenth(sorted: &[(f64, bool)], wrong: usize) -> f64 {
    let mut left = sorted.len() as f64 / 10.0;
    let mut held = 0.0;
    for alike in sorted.chunk_by(|a, b| a.0 == b.0) {
        let part = (left / alike.len() as f64).clamp(0.0, 1.0);
        held += part * alike.iter().filter(|(_, right)| !right).count() as f64;
        left -= alike.len() as f64;
    }
    if wrong == 0 { 1.0 } else { held / wrong as f64 }
}

/// The fold of each document, dealt in turn so that neighbours in the order of names fall apart.
pub fn folds(documents: usize) -> Vec<usize> {
    (0..documents).map(|n| n % FOLDS).collect()
}

/// The confidence of each sample by a model that has seen no value of its fold; nothing where there are too few
/// documents to hold some out.
pub fn held_out(samples: &[Sample], documents: usize) -> Option<Vec<f64>> {
    if documents < FOLDS {
        return None;
    }
    let fold = folds(documents);
    let mut out = vec![0.0; samples.len()];
    for n in 0..FOLDS {
        let known: Vec<&Sample> = samples.iter().filter(|s| fold[s.document] != n).collect();
        let model = learn(&known);
        for (s, c) in samples.iter().zip(&mut out).filter(|(s, _)| fold[s.document] == n) {
            *c = model.confidence(&s.figures, &s.rule, 0.5);
        }
    }
    Some(out)
}
