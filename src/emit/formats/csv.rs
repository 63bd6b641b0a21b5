//! The tables as CSV (RFC 4180) with their data package.
//!
//! In: records. Out: nine tables and `datapackage.json`. Never: a cell that a spreadsheet would run as a formula: a text
//! that could begin one has `'` before it, and so has one that begins with such a `'` itself, so that taking one away gives
//! every text back. A list is JSON in its cell.

use std::io;

use serde_json::{Value, json};

use super::loss::{Carry, How};
use super::{Format, Out, json_file};
use crate::emit::Document;
use crate::emit::tables::{Cell, TABLE_FIELDS, TABLES, Table, datapackage};

/// One file a table.
#[derive(Default)]
pub struct Csv {
    begun: bool,
}

impl Format for Csv {
    fn carries(&self) -> Carry {
        TABLE_FIELDS
    }

    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()> {
        self.begin(out)?;
        out.loss.written();
        for table in TABLES {
            let columns = table.columns();
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            let mut guarded: Vec<&'static str> = Vec::new();
            let mut result = Ok(());
            table.cells(document, &mut |cells| {
                let row: Vec<String> = cells.iter().map(shown).collect();
                let risky = cells.iter().zip(&row).zip(&columns);
                guarded.extend(risky.filter(|((cell, text), _)| is_guarded(cell, text)).map(|(_, c)| c.name));
                if result.is_ok() {
                    result = writer.write_record(&row);
                }
            });
            result.map_err(io::Error::other)?;
            guarded.iter().for_each(|column| tell(table.name(), column, out));
            out.files.append(&file(*table), &writer.into_inner().map_err(|e| io::Error::other(e.to_string()))?)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> io::Result<()> {
        self.begin(out)?;
        out.files.file("datapackage.json", &json_file(&descriptor())?)
    }
}

impl Csv {
    /// The heads of all tables.
    fn begin(&mut self, out: &mut Out) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        for table in TABLES {
            let names: Vec<&str> = table.columns().iter().map(|c| c.name).collect();
            out.files.append(&file(*table), format!("{}\r\n", names.join(",")).as_bytes())?;
        }
        Ok(())
    }
}

fn tell(table: &str, column: &str, out: &mut Out) {
    let why = "a ' stands before it, so that no spreadsheet runs it as a formula";
    out.loss.add(&format!("{table}.{column}"), How::Changed, why, 1);
}

fn file(table: &dyn Table) -> String {
    format!("{}.csv", table.name())
}

/// The descriptor of the tables as CSV.
fn descriptor() -> Value {
    let mut package = datapackage();
    for resource in package["resources"].as_array_mut().into_iter().flatten() {
        let name = resource["name"].as_str().unwrap_or_default().to_owned();
        resource["path"] = json!(format!("{name}.csv"));
        resource["format"] = json!("csv");
        resource["mediatype"] = json!("text/csv");
        resource["dialect"] =
            json!({"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true});
    }
    package
}

/// A cell as it stands in the file.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Text(text) => guard(text),
        Cell::Integer(n) => n.to_string(),
        Cell::Number(n) => n.to_string(),
        Cell::Boolean(b) => b.to_string(),
        Cell::List(list) => serde_json::to_string(list).unwrap_or_default(),
    }
}

fn is_guarded(cell: &Cell, shown: &str) -> bool {
    matches!(cell, Cell::Text(text) if text.len() != shown.len())
}

/// What could begin a formula, behind any number of `'`, gets one more `'`.
pub fn guard(text: &str) -> String {
    let begins =
        text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if begins { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_formula_gets_a_quote_that_can_be_taken_away() {
        for start in ["=", "+", "-", "@", "\t", "\r", "'=", "''@", "＝"] {
            let text = format!("{start}1");
            assert_eq!(guard(&text), format!("'{text}"));
        }
        assert_eq!(guard("'a"), "'a");
        assert_eq!(guard("a=1"), "a=1");
    }
}
