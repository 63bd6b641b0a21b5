//! (stub)
use crate::{grammar::Grammar, scan::Scanned, segment::Units};
/// Values.
pub struct Values {}
/// Parses.
pub fn parse(_s: &Scanned, _u: &Units, _g: &Grammar) -> Values {
    Values {}
}
