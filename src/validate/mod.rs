//! Checks that a careful clerk would make.
//!
//! In: a record, its text and what the stages before know of each line. Out: the same record with
//! diagnostics, coverage and grade, and a lower confidence where a check found a contradiction.
//! Never: drops or changes a value.

mod contacts;
mod coverage;
mod data;
mod doubt;
mod flags;
mod leftover;
mod lines;
mod missing;
mod people;
mod repetition;
mod slot;
mod times;
mod titles;

use crate::calibrate::calibrate;
use crate::diag::finding;
use crate::grammar::Grammar;
use crate::ingest::Text;
use crate::model::{Diagnostic, Record};

pub use coverage::{grade, measure, used_lines};
pub use doubt::{DOUBTFUL, doubtful};
pub use flags::{UNEXPLAINED, line_flags};
pub use lines::LineIndex;

/// What the stages before know of one line: whether a class explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineClass {
    /// Line number in the ingested text, from 1.
    pub line: usize,
    /// Name of the class that explains the line (`prose`, `furniture`, `repetition`, `boilerplate` …) or of the rule
    /// that rejected what it holds, if one does.
    pub explained_by: Option<String>,
    /// Whether it holds a time, date, honorific, role word, phone or mail. Who names a class for such a line says
    /// that it explains even that.
    pub telling: bool,
}

/// One check of a finished record.
pub struct Check {
    /// Code of its findings.
    pub code: &'static str,
    /// The check.
    pub run: fn(&Record) -> Vec<Diagnostic>,
}

/// Every check, in the order in which they run. A weekday that contradicts its date (A0703) is seen by the
/// resolve stage, which still knows the weekday.
pub const CHECKS: &[Check] = &[
    Check { code: "A0701", run: times::end_before_start },
    Check { code: "A0702", run: contacts::impossible_phone },
    Check { code: "A0704", run: people::room_taken_twice },
    Check { code: "A0705", run: people::in_two_places },
    Check { code: "A0706", run: times::outside_event },
    Check { code: "A0709", run: times::out_of_order },
    Check { code: "A0710", run: times::talk_outside_session },
    Check { code: "A0711", run: titles::numbering },
    Check { code: "A0712", run: contacts::impossible_email },
    Check { code: "A0714", run: titles::placeholder_title },
    Check { code: "A0715", run: people::role_of_nobody },
    Check { code: "A0718", run: missing::ownerless },
    Check { code: "A0719", run: missing::bare_event },
    Check { code: "A0720", run: missing::untitled_row },
];

/// Adds diagnostics, coverage, grade and confidence.
pub fn validate(record: &mut Record, text: &Text, g: &Grammar, lines: &[LineClass]) {
    let mut found: Vec<Diagnostic> = CHECKS.iter().flat_map(|check| (check.run)(record)).collect();
    found.extend(data::contradictions(record, text));
    found.extend(titles::holds_more(record, g));
    found.extend(people::holds_more(record, g));
    let (index, mut lines) = (LineIndex::new(&text.content), lines.to_vec());
    let used = used_lines(record, &index);
    found.extend(missing::without_part(record, &index));
    repetition::mark(record, &text.content, &index, &used, &mut lines);
    found.extend(leftover::leftover(record, &text.content, &g.lexicons, &used, &lines));
    record.coverage = measure(&used, &index, &lines);
    found.extend(coverage::unexplained(record, &text.content));
    merge(&mut record.diagnostics, found);
    calibrate(record, g);
    let doubtful = doubtful(record);
    merge(&mut record.diagnostics, doubtful);
}

/// Adds findings in the order of the text; several that say the same of the same bytes (an inherited date) become one.
fn merge(diagnostics: &mut Vec<Diagnostic>, found: Vec<Diagnostic>) {
    diagnostics.extend(found);
    let place = |d: &Diagnostic| d.span.map_or((usize::MAX, usize::MAX), |s| (s.start, s.end));
    diagnostics.sort_by(|a, b| {
        (place(a), &a.code, &a.message, pointer_order(&a.at)).cmp(&(
            place(b),
            &b.code,
            &b.message,
            pointer_order(&b.at),
        ))
    });
    diagnostics.dedup_by(|b, a| a.span.is_some() && a.span == b.span && a.code == b.code && a.message == b.message);
}

/// Pointers in the order of their numbers: `/sessions/9` before `/sessions/10`.
fn pointer_order(pointer: &Option<String>) -> Vec<(usize, &str)> {
    let parts = pointer.as_deref().unwrap_or("").split('/');
    parts.map(|p| (p.parse().unwrap_or(usize::MAX), p)).collect()
}

/// A finding at a value (or at what holds it), with the place in the text that its evidence gives.
fn at(record: &Record, code: &str, message: impl Into<String>, pointer: String) -> Diagnostic {
    let mut diagnostic = finding(code, message);
    let inside = format!("{pointer}/");
    let own = record.evidence.get(&pointer).and_then(|e| e.spans.first());
    let below = || {
        let under = record.evidence.range(inside.clone()..).take_while(|(p, _)| p.starts_with(&inside));
        under.filter_map(|(_, e)| e.spans.first()).min()
    };
    diagnostic.span = own.or_else(below).copied();
    diagnostic.at = Some(pointer);
    diagnostic
}

/// A date with its year.
fn full_date(date: &Option<String>) -> Option<&str> {
    date.as_deref().filter(|d| !d.contains('X'))
}

fn pointer_of_role(session: usize, role: usize) -> String {
    format!("/sessions/{session}/roles/{role}")
}
