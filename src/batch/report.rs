//! `run.json`: what was run and what became of each input; and what an earlier one says.
//!
//! In: outcomes in order. Out: one file, written as the run goes. Never: a clock time, a number of workers or anything
//! else that differs between two runs over the same inputs.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use super::store::finish;
use super::{About, Outcome, Summary};
use crate::ingest::Limits;

/// `run.json` in the making.
pub struct Report {
    out: BufWriter<File>,
    first: bool,
}

impl Report {
    /// Writes the head.
    pub fn start(path: &Path, about: &About) -> io::Result<Self> {
        let mut out = BufWriter::new(File::create(path)?);
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
        writeln!(out, "{{\n  \"schema\": \"agendata-run/1\",")?;
        writeln!(out, "  \"agendata\": {},", json!(env!("CARGO_PKG_VERSION")))?;
        writeln!(out, "  \"record\": {},", json!(crate::model::SCHEMA))?;
        writeln!(out, "  \"grammar\": {},", json!(about.grammar))?;
        writeln!(out, "  \"options\": {},", Value::Object(options))?;
        write!(out, "  \"inputs\": [")?;
        Ok(Self { out, first: true })
    }

    /// Adds an input.
    pub fn input(&mut self, outcome: &Outcome) -> io::Result<()> {
        let mut row = Map::new();
        row.insert("path".into(), json!(outcome.path));
        row.insert("status".into(), json!(outcome.status.as_str()));
        if let Some(code) = &outcome.code {
            row.insert("code".into(), json!(code));
        }
        if let Some(reason) = &outcome.reason {
            row.insert("reason".into(), json!(reason));
        }
        if let Some(members) = outcome.members {
            row.insert("members".into(), json!(members));
        }
        row.insert("findings".into(), json!(outcome.findings.values().map(|(_, n)| n).sum::<u64>()));
        let between = if std::mem::take(&mut self.first) { "" } else { "," };
        write!(self.out, "{between}\n    {}", Value::Object(row))
    }

    /// Writes the sums.
    pub fn end(mut self, summary: &Summary) -> io::Result<()> {
        let [sessions, people, contacts] = summary.counts;
        let codes: Map<String, Value> = summary.findings.iter().map(|(c, (_, n))| (c.clone(), json!(n))).collect();
        let totals = json!({
            "done": summary.done, "failed": summary.failed, "unsupported": summary.unsupported,
            "skipped": summary.skipped, "unpacked": summary.unpacked, "sessions": sessions, "people": people, "contacts": contacts, "findings": codes,
        });
        writeln!(self.out, "\n  ],\n  \"totals\": {totals}\n}}")?;
        finish(self.out)
    }
}

/// Calls `take` with the path of each input of an earlier run, one by one.
pub fn earlier(path: &Path, mut take: impl FnMut(&str)) -> io::Result<()> {
    let file = BufReader::new(File::open(path)?);
    let mut json = serde_json::Deserializer::from_reader(file);
    Ok(Run(&mut take).deserialize(&mut json)?)
}

struct Run<'a>(&'a mut dyn FnMut(&str));
struct InputList<'a>(&'a mut dyn FnMut(&str));

#[derive(serde::Deserialize)]
struct EarlierInput {
    path: String,
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
            (self.0)(&input.path);
        }
        Ok(())
    }
}
