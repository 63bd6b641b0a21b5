//! (stub)
use crate::{assemble::Tree, grammar::Grammar, ingest::{Source, Text}, model::Record, pipeline::Options, repair::Repaired, scan::Scanned};
/// Resolves.
pub fn resolve(s: &Source, t: &Text, _r: &Repaired, _sc: &Scanned, _tree: Tree, _g: &Grammar, _o: &Options) -> Record {
    Record {
        schema: crate::model::SCHEMA.into(),
        source: crate::model::SourceInfo { path: s.path.clone(), encoding: t.encoding.clone(), ..Default::default() },
        ..Default::default()
    }
}
