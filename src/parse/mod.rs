//! Units → spanned symbolic values.
//!
//! In: units with their marks. Out: [`Parsed`]: what each unit says, its times and dates still symbolic.
//! Never: resolves ("Tuesday", "7"), decides what belongs to what.

mod alike;
pub mod authors;
mod below;
mod entry;
pub mod names;
mod notes;
mod person;
mod place;
mod placed;
mod split;
mod surname;

use std::sync::Arc;

use crate::evidence::Grounded;
use crate::grammar::{Grammar, Pattern, Set};
use crate::model::Span;
use crate::scan::{Scanned, View, When};
use crate::segment::{Flat, Unit};

pub use entry::{Entry, KindLabel, Number, RoleLabel, entry, numbered};
pub use person::{PersonValue, affiliate, expected_people, is_position, job_of, people};
pub use place::{PlaceValue, labelled_place, place};

/// What every parser needs: the document and the grammar.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The scanned document.
    pub s: &'a Scanned<'a>,
    /// The grammar.
    pub g: &'a Grammar,
}

impl<'a> Cx<'a> {
    /// The patterns of a set that count in this document: those of its languages, of English and of no language.
    pub fn patterns(&self, set: &str) -> impl Iterator<Item = &'a Pattern> + use<'a> {
        let read = &self.s.languages;
        let counts = |l: &Arc<str>| matches!(l.as_ref(), "base" | "en") || read.contains(l);
        self.g.patterns(set).iter().filter(move |p| counts(&p.language))
    }

    /// A unit's text with its marks.
    pub fn view<'b>(&self, flat: &'b Flat) -> View<'b>
    where
        'a: 'b,
    {
        flat.view(self.g)
    }

    /// Reads a value out of a flat span: slips of `slot` undone, then `steps`.
    pub fn read(
        &self,
        flat: &Flat,
        span: Span,
        slot: &str,
        steps: &[&str],
        rule: &str,
        score: f32,
    ) -> Option<Grounded> {
        let (pieces, join) = flat.source(span);
        if pieces.is_empty() {
            return None;
        }
        Grounded::read(self.s.text, self.g, &pieces, &join, slot, steps, rule, score)
    }

    /// The value `true`, for which the word at `span` stands.
    pub fn flag(&self, flat: &Flat, span: Span) -> Option<Grounded> {
        let (pieces, _) = flat.source(span);
        Some(Grounded::constant("true", &pieces, "base/parse/flag", 0.95))
    }

    /// What a phrase of `set` at `span` means.
    pub fn lexicon(&self, flat: &Flat, span: Span, set: Set, score: f32) -> Option<Grounded> {
        let rule =
            self.view(flat).phrase_at(span.start, set).map_or("base/parse/lexicon".into(), |(_, p)| p.id.clone());
        self.read(flat, span, "", &[&format!("lexicon:{}", set.name())], &rule, score)
    }
}

/// A time of day or range with how surely it is one.
pub type WhenValue = When;

/// A unit and what it says.
pub struct Parsed<'u> {
    /// The unit.
    pub unit: &'u Unit,
    /// What it says, read as an entry: time, number, kind, title, people, place.
    pub entry: Entry,
}

/// Reads every unit.
pub fn parse<'u>(s: &Scanned, units: &'u [Unit], g: &Grammar) -> Vec<Parsed<'u>> {
    let cx = Cx { s, g };
    let mut parsed: Vec<Parsed> = units.iter().map(|unit| Parsed { unit, entry: entry::of_unit(cx, unit) }).collect();
    alike::people(cx, &mut parsed);
    placed::people(cx, &mut parsed);
    below::people(cx, &mut parsed);
    placed::side_by_side(cx, &mut parsed);
    alike::known(cx, &mut parsed);
    notes::affiliations(cx, &mut parsed);
    parsed
}

/// An affiliation's parts: what commas outside brackets part.
pub fn affiliation_parts(v: View, span: Span) -> Vec<Span> {
    split::commas_only(v, span)
}
