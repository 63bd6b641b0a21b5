//! The tables against a record that fills them all.

use serde_json::{Map, Value, json};

use super::*;
use crate::ingest::Text as SourceText;
use crate::model::Record;

fn full() -> Record {
    serde_json::from_value(json!({
        "schema": "agendata/1", "id": "0123456789abcdef", "kind": "agenda",
        "source": {"path": "a/b.txt", "media_type": "text/plain", "bytes": 9, "sha256": "ab", "encoding": "UTF-8",
                   "languages": ["en"], "pages": 2, "title": "T", "authors": ["p1"]},
        "event": {"uid": "e", "title": "T", "edition": 6, "status": "draft", "programme": "P", "start_date": "XXXX-11-28",
                  "end_date": "2008-05-28", "timezone": "Africa/Tunis", "mode": "hybrid",
                  "venue": {"name": "n", "room": "r", "address": "a", "city": "c", "country": "TN", "url": "u"},
                  "hosts": ["h"], "organisers": ["o"], "sponsors": ["s"], "urls": ["u"], "description": "d",
                  "roles": [{"person": "p1", "role": "chair", "label": "Chair"}, {"party": "Tunisia", "role": "host"}],
                  "attendance": [{"count": 23}], "related": [{"title": "R", "roles": [{"person": "p1", "role": "chair"}]}]},
        "sessions": [{"id": "s1", "uid": "us1", "kind": "session"},
                     {"id": "s2", "uid": "us2", "parent": "s1", "kind": "talk", "number": "1", "title": "t",
                      "title_alternatives": [{"title": "x", "language": "fr"}], "track": "A", "date": "2008-05-28",
                      "start": "09:30", "end": "11:30", "end_date": "2008-05-29", "timezone": "UTC", "status": "cancelled",
                      "venue": {"name": "n", "room": "r", "address": "a", "city": "c", "country": "TN", "url": "u"}, "tentative": true, "questions": ["q"], "documents": ["d"], "description": "d",
                      "roles": [{"person": "p1", "role": "speaker", "talk": "s2.t1"}],
                      "talks": [{"id": "s2.t1", "uid": "ut", "number": "1", "title": "t", "start": "09:30", "end": "10:00",
                                 "duration_minutes": [15, 20], "speakers": ["p1"], "description": "d"}]}],
        "people": [{"id": "p1", "uid": "up1", "name": "A B", "honorific": "Ms.", "given": "A", "family": "B", "suffix": "PhD",
                    "position": "p", "organisation": "o", "country": "TN", "mentions": [{"spans": [[1, 2]]}]}],
        "contacts": [{"id": "c1", "person": "p1", "organisation": "o", "group": "g", "purpose": "p", "address": "a",
                      "phones": [{"kind": "fax", "raw": "x", "e164": "+21671560072", "extension": "3", "valid": true}],
                      "emails": ["a@b.c"], "urls": ["http://x"]}],
        "evidence": {"/sessions/1/title": {"line": 3, "confidence": 0.5}, "/sessions/1/start": {"line": 2, "confidence": 0.9},
                     "/sessions/10/start": {"line": 1, "confidence": 0.1},
                     "/event/title": {"line": 1, "confidence": 0.9}, "/people/0/name": {"line": 3, "confidence": 0.9},
                     "/sessions/1/talks/0/title": {"line": 4, "confidence": 0.8},
                     "/sessions/1/roles/0/person": {"line": 3, "confidence": 0.9},
                     "/contacts/0/phones/0/raw": {"line": 4, "confidence": 0.9}},
        "diagnostics": [{"code": "A0702", "severity": "warning", "message": "m", "at": "/contacts/0", "span": [3, 4]}],
        "coverage": {"lines": 9, "used": 5, "explained": 2, "unexplained": [4]}
    }))
    .unwrap()
}

fn rows(record: &Record) -> Vec<(&'static str, Vec<Map<String, Value>>)> {
    let text = SourceText { content: "a\nb\nc\nd".into(), differs: true, ..SourceText::default() };
    let document = Document::new(record, &text, false);
    TABLES
        .iter()
        .map(|table| {
            let mut out = Vec::new();
            table.rows(&document, &mut out);
            let lines = String::from_utf8(out).unwrap();
            (table.file(), lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect())
        })
        .collect()
}

fn fits(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => false,
    }
}

#[test]
fn rows_hold_what_the_descriptor_says() {
    let package = datapackage();
    let tables = rows(&full());
    for (resource, (file, rows)) in package["resources"].as_array().unwrap().iter().zip(&tables) {
        assert_eq!(resource["path"], *file);
        assert!(!rows.is_empty(), "{file}: the record fills every table");
        let fields = resource["schema"]["fields"].as_array().unwrap();
        for row in rows {
            assert!(row.keys().eq(fields.iter().map(|f| f["name"].as_str().unwrap())), "{file}: columns in order");
            for field in fields {
                let value = &row[field["name"].as_str().unwrap()];
                let required = field["constraints"]["required"] == json!(true);
                let good = if value.is_null() { !required } else { fits(field["type"].as_str().unwrap(), value) };
                assert!(good, "{file}: {field} holds {value}");
            }
        }
        for field in fields {
            let name = field["name"].as_str().unwrap();
            assert!(rows.iter().any(|row| !row[name].is_null()), "{file}: nothing fills {name}");
        }
    }
}

#[test]
fn keys_name_rows_and_links_lead_to_rows() {
    let package = datapackage();
    let tables = rows(&full());
    let find = |name: &str| &tables.iter().find(|(file, _)| *file == format!("{name}.jsonl")).unwrap().1;
    for resource in package["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        let tuple = |row: &Map<String, Value>, columns: &Value| -> Vec<Value> {
            columns.as_array().unwrap().iter().map(|c| row[c.as_str().unwrap()].clone()).collect()
        };
        let mut seen = std::collections::HashSet::new();
        for row in find(name) {
            let key = tuple(row, &resource["schema"]["primaryKey"]);
            assert!(seen.insert(format!("{key:?}")), "{name}: {key:?} twice");
            for link in resource["schema"]["foreignKeys"].as_array().unwrap() {
                let own = tuple(row, &link["fields"]);
                let target = link["reference"]["resource"].as_str().unwrap();
                let target = find(if target.is_empty() { name } else { target });
                let found = target.iter().any(|other| tuple(other, &link["reference"]["fields"]) == own);
                assert!(found || own.iter().all(Value::is_null), "{name}: {link} {own:?}");
            }
        }
    }
}

#[test]
fn line_and_confidence_are_those_of_the_row_alone() {
    let tables = rows(&full());
    let session = &tables.iter().find(|(file, _)| *file == "sessions.jsonl").unwrap().1[1];
    assert_eq!((&session["line"], &session["confidence"]), (&json!(2), &json!(0.5)));
    let finding = &tables.last().unwrap().1[0];
    assert_eq!(finding["line"], 2);
}
