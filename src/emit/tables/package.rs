//! `datapackage.json`: the tables as a Data Package (frictionlessdata.io, profile 2.0). In: the declared tables. Out: a
//! descriptor. Never: depends on the data.

use serde_json::{Value, json};

use super::{Kind, Link, Rows, TABLES};

/// The descriptor of a dataset.
pub fn datapackage() -> Value {
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "agendata",
        "title": "Events, sessions, people and contacts read from seminar and conference texts",
        "description": "Made by agendata. Each row names its document; records/ holds each document's record whole, with the place in the text of every value.",
        "version": crate::model::SCHEMA.trim_start_matches("agendata/"),
        "resources": TABLES.iter().map(|t| t.resource()).collect::<Vec<_>>(),
    })
}

/// The resource of a table.
pub(super) fn resource<R: Rows>(file: &str) -> Value {
    let fields: Vec<Value> = R::COLUMNS.iter().map(|c| field(c.name, c.kind, c.required, c.about)).collect();
    json!({
        "name": R::NAME,
        "title": R::ABOUT,
        "type": "table",
        "path": file,
        "scheme": "file",
        "format": "jsonl",
        "mediatype": "application/jsonl",
        "encoding": "utf-8",
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": fields,
            "primaryKey": R::KEY,
            "foreignKeys": R::LINKS.iter().map(|link| reference(link, R::NAME)).collect::<Vec<_>>(),
        },
    })
}

fn field(name: &str, kind: Kind, required: bool, about: &str) -> Value {
    let (word, pattern) = match kind {
        Kind::Text => ("string", None),
        Kind::Date => ("string", Some("([0-9]{4}|XXXX)-([0-9]{2}|XX)-([0-9]{2}|XX)")),
        Kind::Time => ("string", Some("([01][0-9]|2[0-3]):[0-5][0-9]")),
        Kind::Integer => ("integer", None),
        Kind::Number => ("number", None),
        Kind::Boolean => ("boolean", None),
        Kind::List => ("array", None),
    };
    let mut field = json!({"name": name, "type": word, "description": about});
    if required {
        field["constraints"]["required"] = json!(true);
    }
    if let Some(pattern) = pattern {
        field["constraints"]["pattern"] = json!(pattern);
    }
    field
}

fn reference(link: &Link, own: &str) -> Value {
    let table = if link.table == own { "" } else { link.table };
    json!({"fields": link.columns, "reference": {"resource": table, "fields": link.targets}})
}
