//! (stub)
use crate::grammar::Grammar;
use crate::model::{Repair, Span};
/// Why a value could not be recomputed.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// No such step.
    #[error("expected a known step, but found {0:?}")]
    Unknown(String),
    /// The step does not read this text.
    #[error("step {step} reads nothing in {text:?}")]
    Unreadable {
        /// The step.
        step: String,
        /// What it was given.
        text: String,
    },
}
/// Makes a value out of its pieces of text.
pub fn recompute(
    texts: &[String],
    _spans: &[Span],
    _via: &[String],
    _repairs: &[Repair],
    _g: &Grammar,
) -> Result<String, StepError> {
    Ok(texts.join(" "))
}
