//! (stub)
use crate::{ingest::Text, model::Record, repair::Repaired};
/// What the stages before know of one line: whether a class explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineClass {
    /// Line number in the ingested text, from 1.
    pub line: usize,
    /// Name of the class that explains the line (`prose`, `furniture`, `repetition`, `boilerplate` …), if one does.
    pub explained_by: Option<String>,
    /// Whether it holds a time, date, honorific, role word, phone or mail.
    pub telling: bool,
}
/// Adds diagnostics, coverage and grade.
pub fn validate(_record: &mut Record, _text: &Text, _repaired: &Repaired, _lines: &[LineClass]) {}
