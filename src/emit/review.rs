//! `review.csv`: the values that a person should look at, worst first.
//!
//! In: records. Out: one table with file, line, source text, value, the readings that lost to it, pointer, confidence and
//! reason. Never: grows with the number of documents (the worst are kept), nor writes a cell that a spreadsheet would run
//! as a formula.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Document, Emitter, Parts};
use crate::model::{Alternative, Diagnostic, Evidence, Severity};

/// Rows that are kept.
const KEPT: usize = 10_000;
/// Below this, a value is doubtful by itself.
const SURE: f64 = crate::validate::DOUBTFUL;
/// Longest source text and value shown, in characters.
const LONGEST: usize = 300;

/// A value to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    confidence: Option<f64>,
    severity: Option<Severity>,
    file: String,
    line: Option<usize>,
    pointer: String,
    source: String,
    value: String,
    others: String,
    reason: String,
}

impl Doubt {
    /// Low confidence first, then the graver finding, then the place. A finding without a value of its own counts as
    /// doubtful as its severity says.
    fn rank(&self) -> (f64, Option<Severity>) {
        let by_severity = match self.severity {
            Some(Severity::Error) => 0.0,
            Some(Severity::Warning) => 0.5,
            _ => SURE,
        };
        (self.confidence.unwrap_or(by_severity), self.severity)
    }
}

impl Eq for Doubt {}

impl Ord for Doubt {
    /// The worst is the least.
    fn cmp(&self, other: &Self) -> Ordering {
        let ((own, severity), (its, its_severity)) = (self.rank(), other.rank());
        own.total_cmp(&its)
            .then(its_severity.cmp(&severity))
            .then_with(|| (&self.file, self.line, &self.pointer).cmp(&(&other.file, other.line, &other.pointer)))
            .then_with(|| (&self.reason, &self.value, &self.source).cmp(&(&other.reason, &other.value, &other.source)))
    }
}

impl PartialOrd for Doubt {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keeps the worst doubts of a run.
#[derive(Default)]
pub struct Review {
    worst: BinaryHeap<Doubt>,
}

impl Emitter for Review {
    fn name(&self) -> &'static str {
        "review"
    }

    fn document(&self, document: &Document, parts: &mut Parts) {
        parts.doubts.extend(doubts(document));
    }

    fn collect(&mut self, parts: &mut Parts) {
        for doubt in parts.doubts.drain(..) {
            if self.worst.len() < KEPT {
                self.worst.push(doubt);
            } else if self.worst.peek().is_some_and(|least| doubt < *least) {
                self.worst.pop();
                self.worst.push(doubt);
            }
        }
    }

    fn finish(&mut self) -> Vec<(String, Vec<u8>)> {
        let mut table = csv::Writer::from_writer(Vec::new());
        let head = ["file", "line", "source_text", "value", "other_readings", "pointer", "confidence", "reason"];
        let mut written = table.write_record(head);
        for doubt in std::mem::take(&mut self.worst).into_sorted_vec() {
            let line = doubt.line.map(|n| n.to_string()).unwrap_or_default();
            let confidence = doubt.confidence.map(|c| format!("{c:.2}")).unwrap_or_default();
            let (read, others) = (&doubt.value, &doubt.others);
            let cells = [&doubt.file, &line, &doubt.source, read, others, &doubt.pointer, &confidence, &doubt.reason];
            written = written.and_then(|()| table.write_record(cells.map(|c| cell(c).into_owned())));
        }
        debug_assert!(written.is_ok(), "writing to a vector does not fail");
        vec![("review.csv".into(), table.into_inner().unwrap_or_default())]
    }
}

/// The cell as a spreadsheet takes it for text: what could begin a formula gets a quote before it.
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

/// The doubtful values of one document.
fn doubts(document: &Document) -> Vec<Doubt> {
    let record = document.record;
    let mut findings: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in &record.diagnostics {
        if let Some(at) = &finding.at {
            findings.entry(at).or_default().push(finding);
        }
    }
    let doubtful = |e: &Evidence| e.confidence < SURE;
    if findings.is_empty() && !record.evidence.values().any(doubtful) {
        return Vec::new();
    }
    let value = serde_json::to_value(record).unwrap_or_default();
    let mut found = Vec::new();
    for (pointer, evidence) in record.evidence.iter().filter(|(p, e)| doubtful(e) && !findings.contains_key(p.as_str()))
    {
        found.push(doubt(document, &value, pointer, Some(evidence), &[]));
    }
    for (pointer, of) in &findings {
        found.push(doubt(document, &value, pointer, record.evidence.get(*pointer), of));
    }
    found
}

fn doubt(document: &Document, record: &Value, pointer: &str, evidence: Option<&Evidence>, of: &[&Diagnostic]) -> Doubt {
    let span = of.iter().find_map(|f| f.span);
    let source = match (evidence, span) {
        (Some(evidence), _) if !evidence.texts.is_empty() => evidence.texts.join(" … "),
        (_, Some(span)) => span.of(&document.text.content).to_owned(),
        _ => String::new(),
    };
    let line = evidence.map(|e| e.line).filter(|line| *line > 0).or(span.and_then(|s| document.line(s.start)));
    let reasons: Vec<String> = of.iter().map(|f| format!("{}: {}", f.code, f.message)).collect();
    Doubt {
        confidence: evidence.map(|e| e.confidence),
        severity: of.iter().map(|f| f.severity).max(),
        file: document.record.source.path.clone(),
        line,
        pointer: pointer.to_owned(),
        source: shown(&source),
        value: record.pointer(pointer).map(|v| shown(&scalar(v))).unwrap_or_default(),
        others: document.record.alternatives.get(pointer).map(|all| shown(&listed(all))).unwrap_or_default(),
        reason: if reasons.is_empty() { "low confidence".into() } else { reasons.join("; ") },
    }
}

/// Readings that lost, the surest first.
fn listed(readings: &[Alternative]) -> String {
    readings.iter().map(|a| a.value.as_str()).collect::<Vec<_>>().join(" | ")
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// On one line, and not longer than a cell should be.
fn shown(text: &str) -> String {
    let mut out: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::finding;
    use crate::ingest::Text;
    use crate::model::{Record, Session, Span};

    fn record(path: &str, confidences: &[f64]) -> Record {
        let mut record = Record::default();
        record.source.path = path.into();
        for (at, confidence) in confidences.iter().enumerate() {
            record.sessions.push(Session { title: Some(format!("=T{at}")), ..Session::default() });
            let evidence =
                Evidence { confidence: *confidence, texts: vec!["src".into()], line: at + 1, ..Evidence::default() };
            record.evidence.insert(format!("/sessions/{at}/title"), evidence);
        }
        record
    }

    fn review(records: &[Record]) -> String {
        let mut review = Review::default();
        let text = Text { content: "one\ntwo\n".into(), ..Text::default() };
        for record in records {
            let mut parts = Parts::default();
            review.document(&Document::new(record, &text, false), &mut parts);
            review.collect(&mut parts);
        }
        String::from_utf8(review.finish().remove(0).1).unwrap()
    }

    #[test]
    fn worst_first_and_no_formulas() {
        let table = review(&[record("b.txt", &[0.6, 0.9, 0.2]), record("-a.txt", &[0.6])]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "file,line,source_text,value,other_readings,pointer,confidence,reason");
        assert_eq!(lines[1], "b.txt,3,src,'=T2,,/sessions/2/title,0.20,low confidence");
        assert_eq!(lines[2], "'-a.txt,1,src,'=T0,,/sessions/0/title,0.60,low confidence");
        assert_eq!(lines.len(), 4, "sure values are left out");
    }

    #[test]
    fn a_finding_makes_its_value_doubtful() {
        let mut sure = record("a.txt", &[0.95]);
        sure.diagnostics.push(Diagnostic { at: Some("/sessions/0/title".into()), ..finding("A0714", "TBA") });
        let lost = |value: &str| Alternative { value: value.into(), ..Alternative::default() };
        sure.alternatives.insert("/sessions/0/title".into(), vec![lost("14:00"), lost("02:30")]);
        let at = Diagnostic { at: Some("/sessions/0".into()), span: Some(Span::new(4, 7)), ..finding("A0701", "x") };
        sure.diagnostics.push(at);
        let table = review(&[sure]);
        assert!(table.contains("a.txt,1,src,'=T0,14:00 | 02:30,/sessions/0/title,0.95,A0714: TBA\n"), "{table}");
        assert!(table.contains("a.txt,2,two,"), "{table}");
    }

    #[test]
    fn only_the_worst_are_kept() {
        let many: Vec<Record> = (0..30).map(|n| record(&format!("{n:03}.txt"), &[0.5; 500])).collect();
        let table = review(&many);
        assert_eq!(table.lines().count(), KEPT + 1);
        assert!(table.contains("019.txt") && !table.contains("020.txt"), "ties go by path");
    }

    #[test]
    fn every_dangerous_start_is_quoted() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            assert_eq!(cell(&format!("{start}1")), format!("'{start}1"));
        }
        assert_eq!(cell("a=1"), "a=1");
    }
}
