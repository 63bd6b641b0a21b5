//! `run.json`: what was run and what became of each input; and what an earlier one says.
//!
//! In: a journal. Out: one file. Never: a clock time, a number of workers or anything else that differs between two runs
//! over the same inputs; holds more than one input in memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use super::commit::entries;
use super::entry::Entry;
use super::store::failed;
use super::{About, BatchError, Status, Summary};
use crate::ingest::Limits;

/// The head of `run.json`.
pub fn head(about: &About) -> Value {
    let (o, default) = (&about.options, Limits::default());
    let mut options = Map::new();
    let told = [
        ("year", o.year.map(Value::from)),
        ("country", o.country.clone().map(Value::from)),
        ("language", o.language.clone().map(Value::from)),
        ("timezone", o.timezone.clone().map(Value::from)),
        ("max_memory", (o.limits.memory != default.memory).then(|| (o.limits.memory >> 20).into())),
        ("max_time", (o.limits.time != default.time).then(|| o.limits.time.as_secs().into())),
    ];
    options.extend(told.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    options.extend(o.ocr.iter().flat_map(|ocr| ocr.about()).map(|(key, value)| (key.to_owned(), value.into())));
    let mut head = json!({
        "schema": "agendata-run/1",
        "agendata": env!("CARGO_PKG_VERSION"),
        "record": crate::model::SCHEMA,
        "grammar": about.grammar,
        "options": Value::Object(options),
    });
    if let Some(shard) = about.shard {
        head["shard"] = json!(shard.to_string());
    }
    head
}

/// What of a head decides on the records: program, grammars, options.
pub fn made(head: &Value) -> Value {
    json!({"agendata": head["agendata"], "grammar": head["grammar"], "options": head["options"]})
}

/// Writes `run.json` for the inputs of a journal.
pub fn write(path: &Path, head: &Value, journal: &Path) -> Result<(), BatchError> {
    let fail = |e| failed(path, e);
    let mut out = BufWriter::new(File::create(path).map_err(fail)?);
    let mut summary = Summary::default();
    let begin = |out: &mut BufWriter<File>| {
        writeln!(out, "{{")?;
        for (key, value) in head.as_object().into_iter().flatten() {
            writeln!(out, "  {}: {value},", json!(key))?;
        }
        write!(out, "  \"inputs\": [")
    };
    begin(&mut out).map_err(fail)?;
    let mut between = "";
    entries(journal, &mut |entry| {
        summary.add(&entry.outcome());
        let row = row(&entry);
        write!(out, "{between}\n    {row}").map_err(fail)?;
        between = ",";
        Ok(())
    })?;
    let totals = totals(&summary);
    writeln!(out, "\n  ],\n  \"totals\": {totals}\n}}").and_then(|()| out.flush()).map_err(fail)
}

/// What `run.json` says of an input.
fn row(entry: &Entry) -> Value {
    let mut row = Map::new();
    row.insert("path".into(), json!(entry.path));
    row.insert("status".into(), json!(entry.status.as_str()));
    if let Some(code) = &entry.code {
        row.insert("code".into(), json!(code));
    }
    if let Some(reason) = &entry.reason {
        row.insert("reason".into(), json!(reason));
    }
    if let Some(members) = entry.members {
        row.insert("members".into(), json!(members));
    }
    if entry.kept {
        row.insert("kept".into(), json!(true));
    }
    if let Some(made) = &entry.made {
        row.insert("made".into(), made.clone());
    }
    row.insert("findings".into(), json!(entry.findings.values().map(|(_, n)| n).sum::<u64>()));
    Value::Object(row)
}

fn totals(summary: &Summary) -> Value {
    let [sessions, people, contacts] = summary.counts;
    let codes: Map<String, Value> = summary.findings.iter().map(|(c, (_, n))| (c.clone(), json!(n))).collect();
    json!({
        "done": summary.done, "failed": summary.failed, "unsupported": summary.unsupported,
        "skipped": summary.skipped, "unpacked": summary.unpacked, "sessions": sessions, "people": people, "contacts": contacts, "findings": codes,
    })
}

/// Calls `take` with each input of an earlier run, one by one; its files and rows are not known.
pub fn earlier(path: &Path, mut take: impl FnMut(Entry)) -> io::Result<()> {
    let file = BufReader::new(File::open(path)?);
    let mut json = serde_json::Deserializer::from_reader(file);
    Ok(Run(&mut take).deserialize(&mut json)?)
}

struct Run<'a>(&'a mut dyn FnMut(Entry));
struct InputList<'a>(&'a mut dyn FnMut(Entry));

/// A row of [`row`], read back.
#[derive(serde::Deserialize)]
struct EarlierInput {
    path: String,
    #[serde(default)]
    status: Status,
    code: Option<String>,
    reason: Option<String>,
    members: Option<u64>,
    made: Option<Value>,
}

impl EarlierInput {
    fn entry(self) -> Entry {
        let Self { path, status, code, reason, members, made } = self;
        Entry { path, status, code, reason, members, made, counted: true, ..Entry::default() }
    }
}

/// The head of an earlier run, as far as [`made`] asks; nothing where it cannot be read.
pub fn earlier_made(path: &Path) -> Option<Value> {
    #[derive(serde::Deserialize)]
    struct Head {
        agendata: Value,
        grammar: Value,
        options: Value,
    }
    let Head { agendata, grammar, options } = serde_json::from_reader(BufReader::new(File::open(path).ok()?)).ok()?;
    Some(json!({"agendata": agendata, "grammar": grammar, "options": options}))
}

impl<'de> DeserializeSeed<'de> for Run<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Run<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a run report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "inputs" {
                map.next_value_seed(InputList(&mut *self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for InputList<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for InputList<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a list of inputs")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(input) = list.next_element::<EarlierInput>()? {
            (self.0)(input.entry());
        }
        Ok(())
    }
}
