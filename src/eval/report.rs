//! The result of a comparison, and how it is shown.
//!
//! In: tallies. Out: figures, a table, JSON. Never: compares.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::tally::{Answer, Miss, MissKind, Mode, Row, Tally};

/// Whole records in one mode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Whole {
    /// Documents without any difference.
    pub right: usize,
    /// Sum of the documents' own F1.
    pub f1: f64,
}

/// Gold against output.
#[derive(Clone, Debug)]
pub struct Report {
    /// Documents in gold.
    pub documents: usize,
    /// Gold documents for which the output has no record.
    pub without: Vec<String>,
    /// Files that could not be read.
    pub notes: Vec<String>,
    /// Counts by mode, in the order of [`Mode::ALL`].
    pub tallies: Vec<Tally>,
    /// Whole records by mode, in the same order.
    pub whole: Vec<Whole>,
}

impl Report {
    /// Soft F1 of `category`; `all` is every category that stands in no brackets. A category that gold does not
    /// judge has 1.
    pub fn f1(&self, category: &str) -> f64 {
        self.row(Mode::Soft, category).f1()
    }

    /// The counts of `category` (or of `all`) in `mode`.
    pub fn row(&self, mode: Mode, category: &str) -> Row {
        let Some(tally) = self.tallies.iter().find(|t| t.mode == mode) else { return Row::default() };
        let wanted = |name: &str| if category == "all" { !name.starts_with('(') } else { name == category };
        let mut sum = Row::default();
        tally.rows.iter().filter(|(name, _)| wanted(name)).for_each(|(_, row)| sum.add(row));
        sum
    }

    /// The categories that something was judged in, `all` last.
    pub fn categories(&self) -> Vec<&'static str> {
        let Some(tally) = self.tallies.iter().find(|t| t.mode == Mode::Soft) else { return vec!["all"] };
        let judged = tally.rows.iter().filter(|(_, row)| !row.is_empty()).map(|(name, _)| *name);
        judged.chain(std::iter::once("all")).collect()
    }

    /// What is not as gold has it, softly compared.
    pub fn misses(&self) -> &[Miss] {
        self.tallies.iter().find(|t| t.mode == Mode::Soft).map_or(&[], |t| &t.misses)
    }

    /// What became of each value, softly compared.
    pub fn answers(&self) -> &[Answer] {
        self.tallies.iter().find(|t| t.mode == Mode::Soft).map_or(&[], |t| &t.answers)
    }

    /// The table that a person reads.
    pub fn table(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{:20} {:>5} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6} {:>7} {:>8} {:>8}",
            "category", "gold", "P", "R", "F1", "strict", "edit", "like", "missed", "invented", "misread"
        );
        for category in self.categories() {
            let soft = self.row(Mode::Soft, category);
            let (strict, edit) = (self.row(Mode::Strict, category).f1(), self.row(Mode::Edit, category).f1());
            let _ = writeln!(
                out,
                "{category:20} {:5} {:6.3} {:6.3} {:6.3} {strict:7.3} {edit:6.3} {:6.3} {:7} {:8} {:8}",
                soft.gold(),
                soft.precision(),
                soft.recall(),
                soft.f1(),
                soft.mean_likeness(),
                soft.missed,
                soft.invented,
                soft.misread
            );
        }
        for (tally, whole) in self.tallies.iter().zip(&self.whole) {
            let mode = format!("{:?}", tally.mode).to_lowercase();
            let _ = writeln!(
                out,
                "whole records, {mode}: {} of {} right, mean F1 {:.3}",
                whole.right,
                self.documents,
                self.mean(whole)
            );
        }
        for stem in &self.without {
            let _ = writeln!(out, "no record for {stem}");
        }
        out
    }

    /// One line for each value that is not as gold has it.
    pub fn listing(&self) -> String {
        let mut out = String::new();
        for m in self.misses() {
            let (gold, found) = (m.gold.as_deref().unwrap_or(""), m.found.as_deref().unwrap_or(""));
            let what = match m.kind {
                MissKind::Missed => format!("missed   {:18} {}: {gold}", m.category, m.document),
                MissKind::Invented => format!("invented {:18} {}: {found}", m.category, m.document),
                MissKind::Misread => format!("misread  {:18} {}: {gold} -> {found}", m.category, m.document),
            };
            let _ = writeln!(out, "{what}");
        }
        out
    }

    /// The same as JSON; the misses only where `show` says so.
    pub fn json(&self, show: bool) -> Value {
        let figures = |row: Row| {
            json!({
                "gold": row.gold(), "precision": round(row.precision()), "recall": round(row.recall()),
                "f1": round(row.f1()), "likeness": round(row.mean_likeness()),
                "found": row.found, "missed": row.missed, "invented": row.invented, "misread": row.misread,
            })
        };
        let mut out = json!({"documents": self.documents, "without": self.without, "modes": {}});
        for (tally, whole) in self.tallies.iter().zip(&self.whole) {
            let fields: serde_json::Map<String, Value> =
                self.categories().iter().map(|c| ((*c).to_owned(), figures(self.row(tally.mode, c)))).collect();
            let mode = format!("{:?}", tally.mode).to_lowercase();
            out["modes"][mode] = json!({
                "fields": fields,
                "whole": {"right": whole.right, "mean_f1": round(self.mean(whole))},
            });
        }
        if show {
            out["misses"] = json!(self.misses());
        }
        out
    }

    fn mean(&self, whole: &Whole) -> f64 {
        if self.documents == 0 { 1.0 } else { whole.f1 / self.documents as f64 }
    }
}

fn round(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}
