//! The tables as JSON Lines with their data package: what a dataset folder holds, made anew from its records.
//!
//! In: records. Out: the tables that have rows, and `datapackage.json`. Never: a row in another order than the records'; an
//! empty file (Frictionless takes one for damaged).

use std::io;

use serde_json::Value;

use super::loss::Carry;
use super::{Format, Out, json_file};
use crate::emit::Document;
use crate::emit::tables::{TABLE_FIELDS, TABLES, datapackage};

/// One file a table.
#[derive(Default)]
pub struct Jsonl {
    filled: Vec<&'static str>,
}

impl Format for Jsonl {
    fn carries(&self) -> Carry {
        TABLE_FIELDS
    }

    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()> {
        out.loss.written();
        for table in TABLES {
            let mut rows = Vec::new();
            table.rows(document, &mut rows);
            if rows.is_empty() {
                continue;
            }
            if !self.filled.contains(&table.name()) {
                self.filled.push(table.name());
            }
            out.files.append(table.file(), &rows)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> io::Result<()> {
        out.files.file("datapackage.json", &json_file(&descriptor(&self.filled))?)
    }
}

/// The descriptor of the tables that have rows.
fn descriptor(filled: &[&str]) -> Value {
    let mut package = datapackage();
    let is_filled = |name: Option<&str>| name.is_some_and(|n| n.is_empty() || filled.contains(&n));
    if let Some(resources) = package["resources"].as_array_mut() {
        resources.retain(|r| is_filled(r["name"].as_str()));
        for resource in resources {
            if let Some(keys) = resource["schema"]["foreignKeys"].as_array_mut() {
                keys.retain(|k| is_filled(k["reference"]["resource"].as_str()));
            }
        }
    }
    package
}
