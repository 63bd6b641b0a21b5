//! Lines → units: what belongs together, and what it is for.
//!
//! In: lines with marks and layout. Out: [`Unit`]s in reading order, each with its class, the scores that gave
//! it, and its lines put together. Never: reads values.

mod classify;
mod features;
mod flat;
mod join;
mod rules;

use crate::grammar::Grammar;
use crate::scan::{Line, Scanned};

pub use features::{Features, bullet, ends_open, field_label, leading_number};
pub use flat::Flat;
pub use rules::{Class, Rules, check_scores};

/// Lines that belong together.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What they are for.
    pub class: Class,
    /// Classes by score, best first, with the sum of each.
    pub ranked: Vec<(Class, f32)>,
    /// Rules that gave the class.
    pub rules: Vec<std::sync::Arc<str>>,
    /// Indices of the lines in [`Scanned::lines`].
    pub lines: std::ops::Range<usize>,
    /// Features of the first line.
    pub features: Features,
    /// The lines as one text, without bullets.
    pub flat: Flat,
}

impl Unit {
    /// Its first line.
    pub fn first<'a>(&self, s: &'a Scanned) -> &'a Line {
        &s.lines[self.lines.start]
    }
}

/// Cuts and joins the lines of `s` into units.
pub fn segment(s: &Scanned, g: &Grammar) -> Vec<Unit> {
    let rules = g.segment.get_or_init(|| Rules::compile(g));
    let lines = classify::classify(s, rules);
    join::units(s, rules, &lines)
}
