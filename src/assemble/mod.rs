//! (stub)
use crate::{grammar::Grammar, parse::Values, scan::Scanned};
/// Tree.
pub struct Tree {}
/// Assembles.
pub fn assemble(_s: &Scanned, _v: Values, _g: &Grammar) -> Tree {
    Tree {}
}
