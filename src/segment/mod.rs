//! Lines → units: what belongs together, and what it is for.
//!
//! In: lines with marks and layout. Out: [`Unit`]s in reading order, each with its class, the scores that gave
//! it, and its lines put together. Never: reads values.

mod classify;
mod element;
mod features;
mod flat;
mod join;
mod rules;
mod table;

use crate::grammar::Grammar;
use crate::scan::{Line, Scanned};

pub use element::Told;
pub use features::{Features, bullet, ends_open, field_label, leading_number};
pub use flat::Flat;
pub use rules::{Class, Rules, check_scores};
pub use table::{Column, Head};

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
    /// What a table tells of it beside its own words.
    pub told: Option<Box<Told>>,
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
    let elements = element::elements(s, g);
    let classified = classify::classify(s, rules, &elements);
    join::units(s, rules, elements, classified)
}
