//! What one document adds to a profile.
//!
//! In: a record as JSON and its text. Out: a [`Digest`]. Never: keeps more of a document than a bounded number of lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shapes::Place;

/// Lines without explanation that are kept of one document.
const LINES: usize = 500;
/// Characters of a line that are kept.
const WIDTH: usize = 120;

/// Fields of the record whose filling is counted: where they stand, and their names. Of `event` only documents with an
/// event count.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "event",
        &[
            "title",
            "edition",
            "status",
            "programme",
            "start_date",
            "end_date",
            "timezone",
            "mode",
            "venue/name",
            "venue/room",
            "venue/address",
            "venue/city",
            "venue/country",
            "hosts",
            "organisers",
            "sponsors",
            "roles",
            "attendance",
            "urls",
            "description",
        ],
    ),
    (
        "sessions",
        &[
            "number",
            "title",
            "track",
            "date",
            "start",
            "end",
            "venue",
            "status",
            "roles",
            "talks",
            "questions",
            "documents",
            "description",
        ],
    ),
    ("talks", &["number", "title", "start", "end", "duration_minutes", "speakers", "description"]),
    ("people", &["honorific", "position", "organisation", "country"]),
    ("contacts", &["person", "organisation", "purpose", "phones", "emails", "urls", "address"]),
];

/// One document in numbers, with its lines that nothing explained.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Digest {
    pub(super) languages: Vec<String>,
    pub(super) kind: String,
    pub(super) grade: String,
    pub(super) media_type: String,
    /// Filled and all, by field.
    pub(super) fields: Vec<(String, u64, u64)>,
    /// Lines: all, used, explained, unexplained.
    pub(super) lines: [u64; 4],
    pub(super) unexplained: Vec<Place>,
    /// Values in the record, by rule.
    pub(super) values: BTreeMap<String, u64>,
    pub(super) findings: BTreeMap<String, u64>,
    /// Whether its text was at hand.
    pub(super) text: bool,
}

impl Digest {
    /// Of a record and, where it is at hand, its text.
    pub fn of(record: &Value, text: Option<&str>) -> Digest {
        let word = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |pointer: &str| record.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
        let numbers: Vec<usize> =
            list(record, "/coverage/unexplained").filter_map(Value::as_u64).map(|n| n as usize).collect();
        let (all, used, explained) =
            (number("/coverage/lines"), number("/coverage/used"), number("/coverage/explained"));
        let path = word("/source/path");
        Digest {
            languages: list(record, "/source/languages").filter_map(Value::as_str).map(str::to_owned).collect(),
            kind: word("/kind"),
            grade: word("/coverage/grade"),
            media_type: word("/source/media_type"),
            fields: fields(record),
            lines: [all, used, explained, numbers.len() as u64],
            unexplained: text.map(|t| lines(t, &numbers, &path)).unwrap_or_default(),
            values: values(record),
            findings: tally(list(record, "/diagnostics").filter_map(|d| d.get("code")?.as_str())),
            text: text.is_some(),
        }
    }
}

fn list<'v>(record: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    record.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn tally<'v>(words: impl Iterator<Item = &'v str>) -> BTreeMap<String, u64> {
    let mut tally = BTreeMap::new();
    words.for_each(|w| *tally.entry(w.to_owned()).or_default() += 1);
    tally
}

/// How many values each rule gave.
fn values(record: &Value) -> BTreeMap<String, u64> {
    let rule = |v: &'_ Value| v.get("rule").and_then(Value::as_str).map(str::to_owned);
    let evidence = record.get("evidence").and_then(Value::as_object).into_iter().flatten().filter_map(|(_, e)| rule(e));
    let rules: Vec<String> = evidence.chain(list(record, "/repairs").filter_map(rule)).collect();
    tally(rules.iter().map(String::as_str))
}

fn fields(record: &Value) -> Vec<(String, u64, u64)> {
    let talks: Vec<&Value> = list(record, "/sessions").flat_map(|s| list(s, "/talks")).collect();
    let is_event = record.get("kind").and_then(Value::as_str).is_some_and(|k| k != "other" && k != "contacts");
    let mut counts = Vec::new();
    for (group, names) in FIELDS {
        let things: Vec<&Value> = match *group {
            "event" => record.get("event").filter(|_| is_event).into_iter().collect(),
            "talks" => talks.clone(),
            group => list(record, &format!("/{group}")).collect(),
        };
        for name in *names {
            let filled = things.iter().filter(|t| t.pointer(&format!("/{name}")).is_some_and(is_filled)).count();
            counts.push((format!("{group}.{}", name.replace('/', ".")), filled as u64, things.len() as u64));
        }
    }
    counts
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
        _ => true,
    }
}

/// The words of these lines, from 1, in order.
fn lines(text: &str, numbers: &[usize], path: &str) -> Vec<Place> {
    let mut wanted = numbers.iter().copied().take(LINES).peekable();
    let mut found = Vec::new();
    for (i, line) in text.split('\n').enumerate() {
        if wanted.next_if_eq(&(i + 1)).is_none() {
            continue;
        }
        let text: String = line.trim().chars().filter(|c| *c != '\u{c}').take(WIDTH).collect();
        found.push(Place { path: path.to_owned(), line: i + 1, text });
    }
    found
}
