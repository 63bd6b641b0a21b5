//! Confidence that means something.
//!
//! In: finished records, and for learning, values that were judged. Out: for each value the probability that it is right;
//! how far such probabilities hold ([`Reliability`]); weights to be written to `grammars/base/confidence.toml`. Never:
//! changes a value, or depends on chance, a clock or the order of threads.

mod features;
mod group;
mod learn;
mod model;
mod reliability;

pub use features::{COUNT, Context, Feature, Figures};
pub use group::Group;
pub use learn::{Sample, learn};
pub use model::{Missing, Model, ModelError, bounded, logistic};
pub use reliability::{Bin, Reliability, folds, held_out};

use crate::grammar::Grammar;
use crate::model::Record;

/// Gives each value the confidence that its figures earn; what the user told is as sure as told.
pub fn calibrate(record: &mut Record, grammar: &Grammar) {
    let model = &grammar.confidence;
    let context = Context::new(record, grammar);
    let sure = |pointer: &str, e: &crate::model::Evidence| match e.origin {
        crate::model::Origin::Option => bounded(e.score),
        crate::model::Origin::Document => model.confidence(&context.figures(pointer, e), &e.rule, e.score),
    };
    // What only details a value is as sure as that value; gold judges no details.
    let main = |pointer: &str| group::detailed(pointer).and_then(|p| record.evidence.get_key_value(p.as_str()));
    let one = |(pointer, e): (&String, &crate::model::Evidence)| match main(pointer) {
        Some((main, of)) if e.origin == crate::model::Origin::Document => sure(main, of),
        _ => sure(pointer, e),
    };
    let all: Vec<f64> = record.evidence.iter().map(one).collect();
    for (e, confidence) in record.evidence.values_mut().zip(all) {
        e.confidence = confidence;
    }
}
