//! (stub)
use crate::{grammar::Grammar, scan::Scanned};
/// Units.
pub struct Units {}
/// Segments.
pub fn segment(_s: &Scanned, _g: &Grammar) -> Units {
    Units {}
}
