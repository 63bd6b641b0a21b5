//! The leaves of a record.
//!
//! In: a record as JSON. Out: pointers of its scalars, and what each of them is to `verify`.
//! Never: judges a value.

use serde_json::Value;

/// The parts of a record whose leaves need evidence.
const GROUNDED: [&str; 4] = ["event", "sessions", "people", "contacts"];

/// Calls `visit` with the pointer and value of every scalar in `value`.
pub fn each(value: &Value, pointer: &mut String, visit: &mut dyn FnMut(&str, &Value)) {
    let length = pointer.len();
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                each(inner, pointer, visit);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                pointer.push_str(&format!("/{i}"));
                each(inner, pointer, visit);
                pointer.truncate(length);
            }
        }
        scalar => visit(pointer, scalar),
    }
}

/// Whether the leaf at `pointer` must have evidence: all that the document says, but not what numbers or names
/// things within the record, nor where a mention stands.
pub fn needs_evidence(pointer: &str) -> bool {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let Some((last, before)) = parts.split_last() else { return false };
    let grounded = parts.first().is_some_and(|p| GROUNDED.contains(p));
    let mention = before.contains(&"mentions") && !matches!(*last, "position" | "organisation");
    let internal = matches!(*last, "id" | "uid" | "valid" | "parent" | "talk");
    grounded && !mention && !internal
}

/// Whether the leaf at `pointer` may have evidence.
pub fn may_have_evidence(pointer: &str) -> bool {
    needs_evidence(pointer) || pointer == "/kind" || pointer.starts_with("/source/")
}

/// Whether the leaf at `pointer` is the id of a person.
pub fn is_reference(pointer: &str) -> bool {
    let mut parts = pointer.rsplit('/');
    let (last, holder) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    last == "person" || holder == "speakers" || holder == "authors"
}

/// Whether the leaf at `pointer` is a word of a closed vocabulary or a flag, which a fixed step may give.
pub fn is_vocabulary(pointer: &str) -> bool {
    let last = pointer.rsplit('/').next().unwrap_or("");
    matches!(
        last,
        "kind" | "role" | "status" | "mode" | "language" | "tentative" | "approximate" | "open_end" | "country"
    )
}

/// A scalar as text, as evidence makes it.
pub fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// The first place where two JSON values differ; numbers are equal by value.
pub fn difference(a: &Value, b: &Value, pointer: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let inner = |(key, v): (&String, &Value)| {
                let at = format!("{pointer}/{key}");
                y.get(key).map_or_else(|| Some(at.clone()), |w| difference(v, w, &at))
            };
            let lost = || y.keys().find(|k| !x.contains_key(*k)).map(|k| format!("{pointer}/{k}"));
            x.iter().find_map(inner).or_else(lost)
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().find_map(|(i, (v, w))| difference(v, w, &format!("{pointer}/{i}")))
        }
        (Value::Number(x), Value::Number(y)) => (x.as_f64() != y.as_f64()).then(|| pointer.to_owned()),
        _ => (a != b).then(|| pointer.to_owned()),
    }
}
