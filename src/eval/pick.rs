//! Small readers of JSON values, as lenient as gold files are.
//!
//! In: a [`Value`] of a gold file or a record. Out: strings and lists, empty where nothing is given. Never: fails.

use serde_json::Value;

use super::tally::Item;

/// The elements of the list `key`, none where there is none.
pub fn list<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + Clone {
    of.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter()
}

/// A scalar as text; nothing for null, false, zero, the empty string and lists.
pub fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(s) if !s.is_empty() => Some(s.clone()),
        Value::Number(n) if n.as_f64() != Some(0.0) => Some(n.to_string()),
        Value::Bool(true) => Some("true".to_owned()),
        _ => None,
    }
}

/// The scalar at `key` as text.
pub fn text(of: &Value, key: &str) -> Option<String> {
    scalar(of.get(key))
}

/// The texts of the list `key`.
pub fn texts(of: &Value, key: &str) -> Vec<String> {
    list(of, key).filter_map(|v| scalar(Some(v))).collect()
}

/// The readings that a gold value allows: a list stands for any of its members.
pub fn either(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(all)) => all.iter().filter_map(|v| scalar(Some(v))).collect(),
        other => scalar(other).into_iter().collect(),
    }
}

/// Whether a gold item counts neither way.
pub fn is_optional(item: &Value) -> bool {
    item.get("optional").and_then(Value::as_bool).unwrap_or(false)
}

/// A date that says its year.
pub fn day(date: Option<String>) -> Option<String> {
    date.filter(|d| !d.contains('X'))
}

/// Date, start and end of a session or of a talk on the session's `date`.
pub fn slot(date_of: &Value, times_of: &Value) -> [Option<String>; 3] {
    [day(text(date_of, "date")), text(times_of, "start"), text(times_of, "end")]
}

/// A slot as one text.
pub fn slot_text(slot: &[Option<String>; 3]) -> String {
    let part = |i: usize| slot[i].as_deref().unwrap_or("-");
    format!("{}|{}|{}", part(0), part(1), part(2))
}

/// The titles of those that have one.
pub fn titles<'a>(items: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    items.into_iter().filter_map(|x| text(x, "title")).collect()
}

/// The titles of those that have one, with where they stand; each thing comes with its pointer.
pub fn titled<'a>(things: impl IntoIterator<Item = (String, &'a Value)>) -> Vec<Item> {
    let item = |(at, x): (String, &Value)| text(x, "title").map(|t| Item::new("", t).at(at + "/title"));
    things.into_iter().filter_map(item).collect()
}
