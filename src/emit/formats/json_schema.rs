//! `record.schema.json` and `tables/<table>.schema.json`: JSON Schema (2020-12) of a record and of the rows of each table.
//!
//! In: nothing but the model. Out: schemas. Never: depends on the data.

use std::io;

use serde_json::{Map, Value, json};

use super::loss::Carry;
use super::{Format, Out, json_file};
use crate::emit::tables::{Kind, TABLES, Table};
use crate::emit::{Document, schema};

/// The schemas.
pub struct JsonSchema;

/// Everything: a schema describes, it holds no values that could be lost.
const ALL: &[&str] = &[
    "schema",
    "id",
    "source",
    "kind",
    "event",
    "sessions",
    "people",
    "contacts",
    "evidence",
    "alternatives",
    "repairs",
    "diagnostics",
    "coverage",
];

impl Format for JsonSchema {
    fn carries(&self) -> Carry {
        Carry { whole: ALL, text: &[], cleans: false }
    }

    fn document(&mut self, _document: &Document, out: &mut Out) -> io::Result<()> {
        out.loss.written();
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> io::Result<()> {
        write(out, "record.schema.json", &schema())?;
        TABLES.iter().try_for_each(|t| write(out, &format!("tables/{}.schema.json", t.name()), &row(*t)))
    }
}

fn write(out: &mut Out, name: &str, schema: &Value) -> io::Result<()> {
    out.files.file(name, &json_file(schema)?)
}

/// The schema of a table's rows.
fn row(table: &dyn Table) -> Value {
    let columns = table.columns();
    let mut properties = Map::new();
    for column in &columns {
        let (kind, pattern) = match column.kind {
            Kind::Text => ("string", None),
            Kind::Date => ("string", Some("^([0-9]{4}|XXXX)-([0-9]{2}|XX)-([0-9]{2}|XX)$")),
            Kind::Time => ("string", Some("^([01][0-9]|2[0-3]):[0-5][0-9]$")),
            Kind::Integer => ("integer", None),
            Kind::Number => ("number", None),
            Kind::Boolean => ("boolean", None),
            Kind::List => ("array", None),
        };
        let kind = if column.required { json!(kind) } else { json!([kind, "null"]) };
        let mut property = json!({"type": kind, "description": column.about});
        if let Some(pattern) = pattern {
            property["pattern"] = json!(pattern);
        }
        properties.insert(column.name.to_owned(), property);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name(),
        "type": "object",
        "properties": properties,
        "required": columns.iter().map(|c| c.name).collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}
