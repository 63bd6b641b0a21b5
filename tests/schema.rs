//! Every record that the tests make is checked against the JSON Schema of the model.

mod handmade;

use agendata::model::Record;
use serde_json::{Value, json};

fn validator() -> jsonschema::Validator {
    let schema = serde_json::to_value(schemars::schema_for!(Record)).expect("a schema");
    jsonschema::validator_for(&schema).expect("a valid schema")
}

fn check(record: &Record) {
    let json = serde_json::to_value(record).expect("JSON");
    let errors: Vec<String> = validator().iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}: {}", record.source.path, errors.join("\n"));
}

#[test]
fn empty_and_handmade_records_fit_the_schema() {
    check(&Record::default());
    check(&handmade::record());
}

#[test]
fn extracted_records_fit_the_schema() {
    for extraction in handmade::extracted() {
        check(&extraction.record);
    }
}

#[test]
fn what_is_no_record_does_not_fit() {
    let good = serde_json::to_value(handmade::record()).expect("JSON");
    let changes: [(&str, Value); 5] = [
        ("/sessions/0/kind", json!("party")),
        ("/sessions/0/start", json!(930)),
        ("/event/edition", json!("third")),
        ("/contacts/0/phones/0/valid", json!("yes")),
        ("/coverage/grade", json!("excellent")),
    ];
    for (pointer, value) in changes {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("a value") = value;
        assert!(!validator().is_valid(&bad), "{pointer}");
    }
}
