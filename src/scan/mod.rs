//! (stub)
use crate::{grammar::Grammar, ingest::Text, pipeline::Options, repair::Repaired};
/// Scanned text.
pub struct Scanned {}
/// Scans.
pub fn scan(_r: &Repaired, _t: &Text, _g: &Grammar, _o: &Options) -> Scanned {
    Scanned {}
}
