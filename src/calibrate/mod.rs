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

use rustc_hash::FxHashMap;

use crate::grammar::Grammar;
use crate::model::{Evidence, Origin, Record};

/// Gives each value the confidence that its figures earn; what the user told is as sure as told.
pub fn calibrate(record: &mut Record, grammar: &Grammar) {
    let model = &grammar.confidence;
    let context = Context::new(record, grammar);
    let sure = |pointer: &str, e: &Evidence| match e.origin {
        Origin::Option => bounded(e.score),
        Origin::Document => model.confidence(&context.figures(pointer, e), &e.rule, e.score),
    };
    let mut own: FxHashMap<&str, f64> = FxHashMap::default();
    // What only details a value is as sure as that value; gold judges no details.
    let details = |pointer: &str, e: &Evidence| {
        let main = group::detailed(pointer).filter(|_| e.origin == Origin::Document);
        main.filter(|main| record.evidence.contains_key(main))
    };
    for (pointer, e) in record.evidence.iter().filter(|(p, e)| details(p, e).is_none()) {
        own.insert(pointer, sure(pointer, e));
    }
    let one = |(pointer, e): (&String, &Evidence)| match own.get(pointer.as_str()) {
        Some(confidence) => *confidence,
        None => {
            details(pointer, e).and_then(|main| own.get(main.as_str()).copied()).unwrap_or_else(|| bounded(e.score))
        }
    };
    let all: Vec<f64> = record.evidence.iter().map(one).collect();
    for (e, confidence) in record.evidence.values_mut().zip(all) {
        e.confidence = confidence;
    }
}
