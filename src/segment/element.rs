//! What is classified and joined: the lines of a document in the order in which they are to be read.
//!
//! In: lines, tables. Out: [`Element`]s: a line each, with what a table tells of it. Never: reads values.

use std::borrow::Cow;
use std::ops::Range;

use crate::grammar::Grammar;
use crate::model::Span;
use crate::scan::{DateMark, Line, Scanned, When};

use super::rules::Class;
use super::table;

/// What a table tells of a unit beside its own words.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Slot, from the row's time.
    pub when: Option<When>,
    /// Date, from the column's head.
    pub date: Option<DateMark>,
    /// Place: the row's cell for it, or the column's head.
    pub place: Option<Span>,
    /// Least and most minutes.
    pub duration: Option<Span>,
    /// The column's head, where it names a role; the unit holds people.
    pub role: Option<table::Head>,
    /// Whether it goes over a whole table and has timed rows below.
    pub heads: bool,
    /// The head of the column of sessions, where the unit is one.
    pub session: Option<table::Head>,
    /// Whether the unit holds people.
    pub people: bool,
    /// Whether its people have a cell of their own, so that what the unit says is a title.
    pub titled: bool,
    /// The cell of those who give what the unit is, and how its lines are joined.
    pub speakers: Option<(Vec<Span>, String)>,
    /// Name, position, organisation and the like of one person, by the columns' meanings.
    pub person: Vec<(table::Column, Span)>,
}

/// A line in its place.
pub(super) struct Element<'s> {
    /// The line that shows what it is.
    pub line: Cow<'s, Line>,
    /// Indices of the lines that it covers.
    pub lines: Range<usize>,
    /// Its class, where the table decides it.
    pub class: Option<Class>,
    /// Whether it cannot go on what stands before it.
    pub starts: bool,
    /// Its pieces and how they are joined, where it is more, or less, than its lines.
    pub pieces: Option<(Vec<Span>, String)>,
    /// What the table tells.
    pub told: Option<Box<Told>>,
    /// Whether a table that is read by its columns holds it.
    pub in_table: bool,
}

impl<'s> Element<'s> {
    /// A line as it stands.
    pub fn line(s: &'s Scanned<'s>, i: usize) -> Self {
        let line = &s.lines[i];
        Element {
            line: Cow::Borrowed(line),
            lines: i..i + 1,
            class: None,
            starts: line.opens,
            pieces: None,
            told: None,
            in_table: false,
        }
    }
}

/// The document's elements: tables that say something by their columns are read by them.
pub(super) fn elements<'s>(s: &'s Scanned<'s>, g: &'s Grammar) -> Vec<Element<'s>> {
    let mut out = Vec::with_capacity(s.lines.len());
    let mut at = 0;
    for t in s.tables.iter().filter(|t| !t.loose) {
        if t.lines.start < at {
            continue;
        }
        let mut inside = Vec::new();
        let says = table::read(s, g, t, &mut inside);
        if t.holds && !says {
            // an arrangement of the page: what it holds is read on its own
            continue;
        }
        out.extend((at..t.lines.start).map(|i| Element::line(s, i)));
        inside.iter_mut().for_each(|e| e.in_table |= says);
        out.append(&mut inside);
        at = t.lines.end;
    }
    out.extend((at..s.lines.len()).map(|i| Element::line(s, i)));
    out
}
