//! What a format could not carry, by field and count.
//!
//! In: records as JSON, what a format says it carries. Out: `loss.json`. Never: counts what says how a record came to be
//! (evidence, alternatives, coverage) value by value: that stays in the records.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Parts of a record that tell how it came to be, counted as a whole where a format drops them.
const ABOUT: &[&str] =
    &["schema", "id", "source", "evidence", "alternatives", "repairs", "diagnostics", "coverage", "people.mentions"];

/// Fields that a format carries, by their path without indices (`sessions.talks.title`); one that has parts stands for
/// all of them, and `sessions.talks.{title,start}` for two.
#[derive(Clone, Copy, Debug, Default)]
pub struct Carry {
    /// They come back as they were.
    pub whole: &'static [&'static str],
    /// They can be read there, as part of a text.
    pub text: &'static [&'static str],
    /// Whether texts lose their control characters, and separators of lines other than `\n`.
    pub cleans: bool,
}

impl Carry {
    /// Whether a field comes back as it was.
    pub fn is_whole(&self, field: &str) -> bool {
        covers(self.whole, field)
    }
}

fn covers(fields: &[&str], field: &str) -> bool {
    let is_below =
        |field: &str, f: &str| field.strip_prefix(f).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    fields.iter().any(|f| match f.strip_suffix('}').and_then(|f| f.split_once('{')) {
        Some((head, names)) => field.strip_prefix(head).is_some_and(|rest| names.split(',').any(|n| is_below(rest, n))),
        None => is_below(field, f),
    })
}

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is not there.
    Dropped,
    /// It is part of a text.
    Text,
    /// It is there in another form.
    Changed,
    /// The format needs it, the record does not have it: it was worked out.
    Derived,
}

impl How {
    /// The word in `loss.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Dropped => "dropped",
            How::Text => "text",
            How::Changed => "changed",
            How::Derived => "derived",
        }
    }
}

/// What an export could not carry.
#[derive(Clone, Debug, Default)]
pub struct Loss {
    documents: u64,
    written: u64,
    left_out: BTreeMap<&'static str, u64>,
    fields: BTreeMap<(String, How, &'static str), u64>,
}

impl Loss {
    /// Counts a document whose values come out as `carry` says.
    pub fn count(&mut self, record: &Value, carry: &Carry) {
        leaves(record, &mut |field, value| {
            let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{2028}' | '\u{2029}');
            if carry.cleans && value.as_str().is_some_and(|text| text.contains(odd)) {
                self.add(field, How::Changed, "control characters are left out", 1);
            }
            if covers(carry.whole, field) {
                return;
            }
            let how = if covers(carry.text, field) { How::Text } else { How::Dropped };
            *self.fields.entry((field.to_owned(), how, "")).or_default() += 1;
        });
    }

    /// A document was looked at.
    pub fn document(&mut self) {
        self.documents += 1;
    }

    /// A document gave a file.
    pub fn written(&mut self) {
        self.written += 1;
    }

    /// A document gave nothing.
    pub fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// So many values of a field met this.
    pub fn add(&mut self, field: &str, how: How, why: &'static str, count: u64) {
        if count > 0 {
            *self.fields.entry((field.to_owned(), how, why)).or_default() += count;
        }
    }

    /// Fields of what the document says; not of how the record came to be.
    pub fn content(&self) -> impl Iterator<Item = (&str, How, &'static str, u64)> {
        self.fields().filter(|(field, ..)| !covers(ABOUT, field))
    }

    /// Documents that gave something.
    pub fn documents_written(&self) -> u64 {
        self.written
    }

    /// Documents that gave nothing.
    pub fn left_out(&self) -> u64 {
        self.left_out.values().sum()
    }

    /// The fields: path, what became of it, why, how often.
    pub fn fields(&self) -> impl Iterator<Item = (&str, How, &'static str, u64)> {
        self.fields.iter().map(|((field, how, why), count)| (field.as_str(), *how, *why, *count))
    }

    /// `loss.json`.
    pub fn to_json(&self, format: &str) -> Vec<u8> {
        let left: Vec<Value> =
            self.left_out.iter().map(|(why, count)| json!({"documents": count, "why": why})).collect();
        let fields: Vec<Value> = self.fields().map(entry).collect();
        let loss = json!({
            "format": format,
            "agendata": env!("CARGO_PKG_VERSION"),
            "documents": self.documents,
            "written": self.written,
            "left_out": left,
            "fields": fields,
        });
        let mut bytes = serde_json::to_vec_pretty(&loss).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

fn entry((field, how, why, count): (&str, How, &'static str, u64)) -> Value {
    let mut entry = json!({"field": field, "how": how.as_str(), "count": count});
    if !why.is_empty() {
        entry["why"] = json!(why);
    }
    entry
}

/// Calls `take` with the path (without indices) and the value of each leaf of a record. What tells how it came to be is
/// one leaf a part.
pub fn leaves(record: &Value, take: &mut dyn FnMut(&str, &Value)) {
    walk(record, &mut String::new(), take);
}

fn walk(value: &Value, path: &mut String, take: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(map) if !ABOUT.contains(&path.as_str()) => {
            for (key, value) in map {
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                walk(value, path, take);
                path.truncate(length);
            }
        }
        Value::Array(items) if !ABOUT.contains(&path.as_str()) => items.iter().for_each(|i| walk(i, path, take)),
        Value::Array(items) if items.is_empty() => {}
        Value::Object(map) if map.is_empty() => {}
        leaf => take(path, leaf),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_is_carried_or_counted() {
        let record = json!({"id": "x", "evidence": {"/a": {"spans": []}}, "event": {"title": "T", "venue": {"city": "C"}},
            "sessions": [{"title": "A", "talks": [{"title": "B"}]}, {"title": "C", "questions": ["q", "r"]}]});
        let mut loss = Loss::default();
        loss.count(
            &record,
            &Carry { whole: &["sessions.title", "event.venue"], text: &["sessions.talks"], cleans: false },
        );
        let found: Vec<_> = loss.fields().map(|(f, h, _, n)| format!("{f} {} {n}", h.as_str())).collect();
        let expected = [
            "event.title dropped 1",
            "evidence dropped 1",
            "id dropped 1",
            "sessions.questions dropped 2",
            "sessions.talks.title text 1",
        ];
        assert_eq!(found, expected);
    }
}
