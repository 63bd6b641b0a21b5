//! What confidences are worth: how far they hold, whether what is missed shows, what a budget of looks buys.
//!
//! In: a comparison with gold, the records, their texts where these are at hand. Out: figures, a table, JSON. Never: learns
//! anything that it keeps.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::calibrate::{Missing, Reliability, held_out};
use crate::grammar::Grammar;
use crate::model::Record;
use crate::review::{first, looks};
use crate::validate::UNEXPLAINED;
use crate::verify::{Found, text_of};

use super::classes::{self, Classes, classes};
use super::judged::{Verdict, judge};
use super::missed::{Document, Missed, Place, missed};
use super::report::Report;
use super::tally::{MissKind, Row};

/// What was missed, and how much of it shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MissedFigures {
    /// Gold values that have no like in the record, of documents whose text is at hand.
    pub missed: usize,
    /// Of them those that the record has, but gives to something else.
    pub elsewhere: usize,
    /// Of the others those whose line can be told.
    pub placed: usize,
    /// Of these, on unexplained lines or lines with a finding.
    pub shown: usize,
    /// Share of all lines that are unexplained or carry a finding.
    pub lines_flagged: f64,
}

impl MissedFigures {
    /// The share of the missed values that shows; 1 where nothing is missed.
    pub fn share(&self) -> f64 {
        if self.placed == 0 { 1.0 } else { self.shown as f64 / self.placed as f64 }
    }
}

/// What a number of looks buys.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bought {
    /// Looks.
    pub looks: usize,
    /// Values on the lines looked at that are wrong, or missing there.
    pub mended: usize,
    /// How many the list said that it expected.
    pub expected: f64,
    /// F1 of all fields before.
    pub before: f64,
    /// F1 of all fields when these are right.
    pub after: f64,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Worth {
    /// Of the confidences in the records.
    pub said: Reliability,
    /// Of confidences learned on other documents of the same gold; nothing where there is too little of it.
    pub held_out: Option<Reliability>,
    /// Documents that were judged.
    pub documents: usize,
    /// What is missed.
    pub missed: MissedFigures,
    /// What is bought.
    pub bought: Bought,
    /// Documents whose text is not at hand.
    pub without_text: usize,
    /// Missed values that nothing shows.
    pub hidden: Vec<Missed>,
    /// What is wrong, by field and class.
    pub classes: BTreeMap<&'static str, Classes>,
}

/// Where records and texts come from.
pub struct Given<'a> {
    /// Gold by stem.
    pub gold: &'a BTreeMap<String, Value>,
    /// Records by stem.
    pub found: &'a BTreeMap<String, Value>,
    /// The dataset.
    pub output: &'a Path,
    /// Its inputs.
    pub source: Option<&'a Path>,
    /// Verdicts beside gold.
    pub verdicts: &'a [Verdict],
}

/// Works it out.
pub fn worth(report: &Report, given: &Given<'_>, grammar: &Grammar, budget: usize) -> Worth {
    let judged = judge(report.answers(), given.verdicts, given.found, grammar, |_| 1.0);
    let (documents, without_text) = documents(given);
    let all = missed(report.answers(), &documents, grammar);
    let pair = |from: &[f64]| from.iter().zip(&judged.samples).map(|(c, s)| (*c, s.right)).collect::<Vec<_>>();
    let held = held_out(&judged.samples, judged.documents.len());
    Worth {
        said: Reliability::new(&pair(&judged.said)),
        held_out: held.map(|h| Reliability::new(&pair(&h))),
        documents: judged.documents.len(),
        missed: figures(&all, &documents),
        bought: bought(report, &documents, &all, grammar, budget),
        without_text,
        classes: classes(report.answers(), &all),
        hidden: all.into_iter().filter(|m| m.place.line().is_some() && m.flags.is_empty()).collect(),
    }
}

/// The documents whose record can be read and whose text is at hand, and how many others there are.
pub(super) fn documents<'a>(given: &Given<'a>) -> (BTreeMap<String, Document<'a>>, usize) {
    let mut out = BTreeMap::new();
    let mut without = 0;
    for (stem, gold) in given.gold {
        let Some(record) = given.found.get(stem).and_then(|r| serde_json::from_value::<Record>(r.clone()).ok()) else {
            continue;
        };
        match text_of(&record.source.path, &record.source.sha256, given.output, given.source) {
            Ok(Found::Text(text)) => {
                out.insert(stem.clone(), Document::new(record, gold, text));
            }
            _ => without += 1,
        }
    }
    (out, without)
}

fn figures(all: &[Missed], documents: &BTreeMap<String, Document<'_>>) -> MissedFigures {
    let placed = all.iter().filter(|m| m.place.line().is_some());
    let lines: usize = documents.values().map(|d| d.lines).sum();
    let flagged: usize = documents.values().map(|d| d.flags.keys().filter(|l| **l > 0).count()).sum();
    MissedFigures {
        missed: all.len(),
        elsewhere: all.iter().filter(|m| m.place == Place::Elsewhere).count(),
        placed: placed.clone().count(),
        shown: placed.filter(|m| !m.flags.is_empty()).count(),
        lines_flagged: if lines == 0 { 0.0 } else { flagged as f64 / lines as f64 },
    }
}

/// Mends what stands on the first lines of the review list, and counts again.
fn bought(
    report: &Report,
    documents: &BTreeMap<String, Document<'_>>,
    all: &[Missed],
    grammar: &Grammar,
    budget: usize,
) -> Bought {
    let offered = documents.values().flat_map(|d| first(looks(&d.record, Some(&d.text), grammar), budget)).collect();
    let list = first(offered, budget);
    let seen: BTreeSet<(String, usize)> = list.iter().map(|l| (super::stem_of(&l.file), l.line)).collect();
    let places: BTreeMap<usize, usize> = all.iter().filter_map(|m| m.place.line().map(|l| (m.answer, l))).collect();
    let (mut before, mut after, mut mended) = (Row::default(), Row::default(), 0);
    for (n, answer) in report.answers().iter().enumerate() {
        let line_of = |pointer: &str| Some(documents.get(&answer.document)?.record.evidence.get(pointer)?.line);
        let wrong = answer.values().filter(|(_, right)| !right).filter_map(|(pointer, _)| line_of(pointer));
        let looked = wrong.chain(places.get(&n).copied()).any(|l| seen.contains(&(answer.document.clone(), l)));
        let count = |row: &mut Row, wrong: Option<MissKind>| match wrong {
            None => row.found += 1,
            Some(MissKind::Missed) => row.missed += 1,
            Some(MissKind::Invented) => row.invented += 1,
            Some(MissKind::Misread) => row.misread += 1,
        };
        count(&mut before, answer.wrong);
        match answer.wrong {
            Some(kind) if looked => {
                mended += 1;
                after.found += usize::from(kind != MissKind::Invented);
            }
            wrong => count(&mut after, wrong),
        }
    }
    let expected = list.iter().map(|l| l.gain).sum();
    Bought { looks: list.len(), mended, expected, before: before.f1(), after: after.f1() }
}

impl Worth {
    /// What a person reads.
    pub fn table(&self) -> String {
        let mut out = String::new();
        if self.said.values > 0 {
            let _ = writeln!(out, "\nconfidence      values    said   right");
            for b in &self.said.bins {
                let _ = writeln!(out, "{:.2} to {:.2} {:9} {:7.3} {:7.3}", b.from, b.to, b.values, b.said, b.right);
            }
            let line = |what: &str, r: &Reliability| {
                format!(
                    "{what}: expected calibration error {:.3} ({:.3} by rank); the least confident tenth holds {:.0} % of {} errors\n",
                    r.error,
                    r.error_by_rank,
                    100.0 * r.errors_in_tenth,
                    r.wrong
                )
            };
            out += &line("confidences as they stand", &self.said);
            match &self.held_out {
                Some(held) => out += &line(&format!("learned anew, held out by document ({})", self.documents), held),
                None => out += "learned anew: too few documents to hold some out\n",
            }
        }
        let m = &self.missed;
        if m.placed > 0 {
            let _ = writeln!(
                out,
                "missed values on unexplained lines or lines with a finding: {} of {} ({:.0} %; {} more cannot be placed, \
                 {} are given to something else); {:.0} % of all lines are so",
                m.shown,
                m.placed,
                100.0 * m.share(),
                m.missed - m.placed - m.elsewhere,
                m.elsewhere,
                100.0 * m.lines_flagged
            );
        }
        let b = &self.bought;
        if b.looks > 0 {
            let _ = writeln!(
                out,
                "{} looks, worst first: {} errors mended ({:.0} expected), F1 {:.3} -> {:.3}",
                b.looks, b.mended, b.expected, b.before, b.after
            );
        }
        if self.without_text > 0 {
            let _ =
                writeln!(out, "{} documents without text at hand (name their folder by --source)", self.without_text);
        }
        out
    }

    /// How often what is wrong, by field.
    pub fn classes(&self) -> String {
        classes::table(&self.classes)
    }

    /// One line for each missed value that nothing shows.
    pub fn listing(&self) -> String {
        let mut out = String::new();
        for m in &self.hidden {
            let line = m.place.line().unwrap_or(0);
            let _ = writeln!(out, "hidden   {:18} {}:{line}: {} {}", m.category, m.document, m.gold.key, m.gold.value);
        }
        out
    }

    /// The same as JSON.
    pub fn json(&self) -> Value {
        serde_json::json!({
            "documents": self.documents, "said": self.said, "held_out": self.held_out,
            "missed": self.missed, "classes": self.classes, "bought": self.bought, "without_text": self.without_text,
        })
    }
}

/// For each code how many values a line that carries it hides: what was missed there, over all such lines.
pub(super) fn missing(all: &[Missed], documents: &BTreeMap<String, Document<'_>>) -> Missing {
    let (mut lines, mut hidden): (BTreeMap<&str, f64>, BTreeMap<&str, f64>) = Default::default();
    for codes in documents.values().flat_map(|d| d.flags.values()) {
        for code in codes {
            *lines.entry(code).or_default() += 1.0;
        }
    }
    for code in all.iter().flat_map(|m| &m.flags) {
        *hidden.entry(code).or_default() += 1.0;
    }
    // One in twenty is believed before anything is seen, as firmly as ten lines would say it.
    let rate = |code: &&str, lines: f64| (hidden.get(*code).copied().unwrap_or(0.0) + 0.5) / (lines + 10.0);
    let rates = lines.iter().map(|(code, n)| ((*code).to_owned(), (rate(code, *n) * 1000.0).round() / 1000.0));
    // A doubtful value is no sign of a missing one; its own doubt is counted already.
    let mut code: BTreeMap<String, f64> = rates.filter(|(code, _)| code != "A0708").collect();
    Missing { unexplained: code.remove(UNEXPLAINED).unwrap_or_default(), code }
}
