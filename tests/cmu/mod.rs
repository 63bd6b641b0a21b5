//! The measure of the CMU Seminar Announcements, as its published results use it: one answer a field and document,
//! right if it equals any tagged mention of the field.
//!
//! In: tagged texts, records. Out: F1 by field. Never: looks at values; the answer is the source text that the evidence
//! points to.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use agendata::model::{Record, RoleKind};
use regex::Regex;

const FIELDS: [&str; 4] = ["stime", "etime", "location", "speaker"];

/// Tagged announcements by name.
pub fn load(folder: &Path) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&p).unwrap()))
        .collect();
    all.sort();
    all
}

/// A text without its tags.
pub fn untag(text: &str) -> String {
    Regex::new("</?[a-z]+>").unwrap().replace_all(text, "").into_owned()
}

fn fold(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_matches([' ', '\t', '\n', '.', ',', ';', ':', '(', ')', '[', ']', '"', '\'', '-']).to_lowercase()
}

/// Right, missed and wrong answers by field.
#[derive(Default)]
pub struct Score {
    rows: [[u32; 3]; 4],
}

impl Score {
    /// Scores one record.
    pub fn add(&mut self, tagged: &str, plain: &str, record: &Record) {
        for (row, field) in self.rows.iter_mut().zip(FIELDS) {
            let tag = Regex::new(&format!("(?s)<{field}>(.*?)</{field}>")).unwrap();
            let wanted: Vec<String> = tag.captures_iter(tagged).map(|c| fold(&untag(&c[1]))).collect();
            let found = answer(record, plain, field).map(|a| fold(&a)).filter(|a| !a.is_empty());
            let hit = found.as_ref().is_some_and(|f| wanted.contains(f));
            row[0] += u32::from(hit);
            row[1] += u32::from(!hit && !wanted.is_empty());
            row[2] += u32::from(!hit && found.is_some());
        }
    }

    /// Mean F1 of the fields.
    pub fn mean_f1(&self) -> f64 {
        self.rows.iter().map(f1).sum::<f64>() / 4.0
    }

    /// A line a field.
    pub fn table(&self) -> String {
        let mut out = String::new();
        for (row, field) in self.rows.iter().zip(FIELDS) {
            let _ = writeln!(out, "{field:10} {:4} gold  F1 {:.3}", row[0] + row[1], f1(row));
        }
        out
    }
}

fn f1([right, missed, wrong]: &[u32; 3]) -> f64 {
    let all = 2 * right + missed + wrong;
    if all == 0 { 1.0 } else { f64::from(2 * right) / f64::from(all) }
}

fn answer(record: &Record, text: &str, field: &str) -> Option<String> {
    let at = |first: &str, others: &[&str], gap| stretch(record, text, first, others, gap);
    match field {
        "stime" => at("/sessions/0/start", &[], 0),
        "etime" => at("/sessions/0/end", &[], 0),
        "location" => at("/sessions/0/venue/name", &["/sessions/0/venue/room"], 12)
            .or_else(|| at("/sessions/0/venue/room", &[], 0)),
        _ => {
            let speaks = |r: &RoleKind| matches!(r, RoleKind::Speaker | RoleKind::Keynote | RoleKind::Panelist);
            let roles = record.sessions.first()?.roles.iter().filter(|r| speaks(&r.role));
            let place = |id: &str| record.people.iter().position(|p| p.id == id);
            let n = roles.filter_map(|r| r.person.as_deref().and_then(place)).next()?;
            let [name, honorific, suffix] = ["name", "honorific", "suffix"].map(|f| format!("/people/{n}/{f}"));
            at(&name, &[&honorific, &suffix], 3)
        }
    }
}

/// The source text at `first`, widened over neighbours at most `gap` bytes away.
fn stretch(record: &Record, text: &str, first: &str, others: &[&str], gap: usize) -> Option<String> {
    let spans = &record.evidence.get(first)?.spans;
    let (mut start, mut end) = (spans.first()?.start, spans.last()?.end);
    for span in others.iter().filter_map(|o| record.evidence.get(*o)).flat_map(|e| &e.spans) {
        let after = span.start.checked_sub(end).is_some_and(|d| d <= gap);
        let before = start.checked_sub(span.end).is_some_and(|d| d <= gap);
        if after || before {
            start = start.min(span.start);
            end = end.max(span.end);
        }
    }
    Some(String::from_utf8_lossy(&text.as_bytes()[start..end]).into_owned())
}
