//! Text → text + edits: characters for characters.

use crate::ingest::Text;
use crate::model::{Repair, Span};

/// What `grammars/base/repair.toml` holds.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RepairRules {}

/// Where the bytes of a repaired text came from.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {}

impl OffsetMap {
    /// The range of the ingested text that a range of the repaired text came from.
    pub fn home(&self, span: Span) -> Span {
        span
    }
}

/// A repaired text.
#[derive(Clone, Debug, Default)]
pub struct Repaired {
    /// The text that later stages read.
    pub content: String,
    /// The way home.
    pub map: OffsetMap,
    /// What was changed, in spans of the ingested text.
    pub repairs: Vec<Repair>,
}

/// Repairs characters.
pub fn repair(text: &Text, _rules: &RepairRules) -> Repaired {
    Repaired { content: text.content.clone(), ..Repaired::default() }
}
