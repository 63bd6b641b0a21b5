//! What is wrong, sorted by what a clerk meets: by field, and by whether and how it shows.
//!
//! In: what became of each value, what was missed and where. Out: counts, a table, JSON. Never: decides what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::fold::fold;
use super::likeness::levenshtein;
use super::missed::{Missed, Place};
use super::tally::{Answer, MissKind};

/// Values that are so alike differ by a sign or two.
const NEAR: f64 = 0.8;

/// Of one field how many values are wrong, by class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Classes {
    /// Missed, on a line that is unexplained or carries a finding.
    pub shown: usize,
    /// Missed, and nothing says so.
    pub hidden: usize,
    /// The record has the value, but gives it to something else.
    pub elsewhere: usize,
    /// Missed, and it cannot be told on which line, or whether the text is at hand.
    pub unplaced: usize,
    /// Read, but for a sign or two.
    pub near: usize,
    /// Another value stands in its place.
    pub other: usize,
    /// Gold has nothing of it.
    pub invented: usize,
}

impl Classes {
    const NAMES: [&str; 7] = ["shown", "hidden", "elsewhere", "unplaced", "near", "other", "invented"];

    fn counts(self) -> [usize; 7] {
        [self.shown, self.hidden, self.elsewhere, self.unplaced, self.near, self.other, self.invented]
    }

    fn add(&mut self, more: Classes) {
        self.shown += more.shown;
        self.hidden += more.hidden;
        self.elsewhere += more.elsewhere;
        self.unplaced += more.unplaced;
        self.near += more.near;
        self.other += more.other;
        self.invented += more.invented;
    }
}

/// The classes of every field that counts, and of all together.
pub(super) fn classes(answers: &[Answer], missed: &[Missed]) -> BTreeMap<&'static str, Classes> {
    let mut out: BTreeMap<&'static str, Classes> = BTreeMap::new();
    let told: BTreeSet<usize> = missed.iter().map(|m| m.answer).collect();
    for m in missed {
        let row = out.entry(m.category).or_default();
        match m.place {
            Place::Elsewhere => row.elsewhere += 1,
            Place::Line(_) if m.flags.is_empty() => row.hidden += 1,
            Place::Line(_) => row.shown += 1,
            Place::Unknown => row.unplaced += 1,
        }
    }
    for (n, answer) in answers.iter().enumerate() {
        let Some(wrong) = answer.wrong else { continue };
        let row = out.entry(answer.category).or_default();
        match wrong {
            MissKind::Missed => row.unplaced += usize::from(!told.contains(&n)),
            MissKind::Invented => row.invented += 1,
            MissKind::Misread if near(answer) => row.near += 1,
            MissKind::Misread => row.other += 1,
        }
    }
    out.retain(|category, _| !category.starts_with('('));
    let mut all = Classes::default();
    out.values().for_each(|row| all.add(*row));
    out.insert("all", all);
    out
}

fn near(answer: &Answer) -> bool {
    let value = |item: &Option<super::Item>| item.as_ref().map(|i| fold(&i.value)).unwrap_or_default();
    levenshtein(&value(&answer.gold), &value(&answer.found)) >= NEAR
}

/// What a person reads.
pub(super) fn table(classes: &BTreeMap<&'static str, Classes>) -> String {
    let mut out = String::from("\nwhat is wrong       ");
    for name in Classes::NAMES {
        let _ = write!(out, " {name:>9}");
    }
    out.push('\n');
    let all = classes.iter().filter(|(name, _)| **name == "all");
    for (name, row) in classes.iter().filter(|(name, _)| **name != "all").chain(all) {
        let _ = write!(out, "{name:20}");
        for count in row.counts() {
            let _ = write!(out, " {count:9}");
        }
        out.push('\n');
    }
    out + "shown: missed, on a line that is unexplained or carries a finding; hidden: missed, and nothing says so;\n\
           elsewhere: read, but given to something else; unplaced: missed, on a line that cannot be told;\n\
           near: read but for a sign or two; other: another value in its place\n"
}
