//! The JSON Schema of a record, made from the model. In: nothing. Out: a schema (2020-12). Never: says more than
//! the model does, save for the shapes of dates, times and codes.

use serde_json::{Map, Value, json};

use crate::model::Record;

const DATE: &str = r"^([0-9]{4}|XXXX)-([0-9]{2}|XX)-([0-9]{2}|XX)$";
const TIME: &str = r"^([01][0-9]|2[0-3]):[0-5][0-9]$";

/// Shapes of the strings that these properties hold.
const SHAPES: &[(&str, &str)] = &[
    ("date", DATE),
    ("start_date", DATE),
    ("end_date", DATE),
    ("start", TIME),
    ("end", TIME),
    ("country", "^[A-Z]{2}$"),
    ("e164", r"^\+[0-9]{2,15}$"),
    ("code", "^A[0-9]{4}$"),
];

/// The JSON Schema of [`Record`].
pub fn schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let made = settings.into_generator().into_root_schema_for::<Record>().to_value();
    let Value::Object(mut root) = made else { return made };
    close(&mut root);
    for definition in root.get_mut("$defs").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        definition.as_object_mut().into_iter().for_each(close);
    }
    if let Some(tag) = root.get_mut("properties").and_then(|p| p.get_mut("schema")) {
        tag["const"] = json!(crate::model::SCHEMA);
    }
    let mut ordered = Map::new();
    for key in ["$schema", "title", "description"] {
        ordered.extend(root.remove(key).map(|value| (key.to_owned(), value)));
    }
    ordered.extend(root);
    Value::Object(ordered)
}

/// Forbids properties that the model does not have, drops the defaults (an absent field is not stated), and adds the
/// shapes of strings.
fn close(object: &mut Map<String, Value>) {
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else { continue };
        property.remove("default");
        let is_text = match property.get("type") {
            Some(Value::Array(types)) => types.contains(&json!("string")),
            other => *other.unwrap_or(&Value::Null) == json!("string"),
        };
        if let Some((_, shape)) = SHAPES.iter().find(|(known, _)| is_text && known == name) {
            property.insert("pattern".into(), json!(shape));
        }
    }
    object.insert("additionalProperties".into(), json!(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_takes_records_and_refuses_what_is_none() {
        let checker = jsonschema::validator_for(&schema()).unwrap();
        let mut record = Record { schema: crate::model::SCHEMA.into(), ..Record::default() };
        record.event.start_date = Some("XXXX-11-28".into());
        let good = serde_json::to_value(&record).unwrap();
        let errors: Vec<String> = checker.iter_errors(&good).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        for (pointer, value) in
            [("/event/start_date", json!("28.11.1997")), ("/kind", json!("memo")), ("/schema", json!("x"))]
        {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).unwrap() = value;
            assert!(!checker.is_valid(&bad), "{pointer}");
        }
        let mut bad = good.clone();
        bad["event"]["headline"] = json!("x");
        assert!(!checker.is_valid(&bad), "unknown property");
    }
}
