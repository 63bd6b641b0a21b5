//! Who the ids of one document stand for.
//!
//! In: a record or gold file. Out: the people's names by id, in the form that the mode compares.
//! Never: compares.

use serde_json::Value;

use super::pick::{list, text};
use super::tally::Mode;

/// Names by person id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: Vec<(String, String)>,
    mode: Option<Mode>,
}

impl Names {
    /// The people of `document`.
    pub fn new(document: &Value, mode: Mode) -> Self {
        let name = |p: &Value| mode.key(&text(p, "name").unwrap_or_default());
        let names = list(document, "people").map(|p| (text(p, "id").unwrap_or_default(), name(p))).collect();
        Self { names, mode: Some(mode) }
    }

    /// The name of `id`; of two with the same id, the last.
    pub fn of(&self, id: &str) -> Option<&str> {
        self.names.iter().rev().find(|(i, _)| i == id).map(|(_, n)| n.as_str())
    }

    /// Whether someone is called so.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(_, n)| n == name)
    }

    /// The person or body of a role; nothing where neither is named.
    pub fn who(&self, role: &Value) -> Option<String> {
        let person = text(role, "person").and_then(|id| self.of(&id).map(str::to_owned)).filter(|n| !n.is_empty());
        let mode = self.mode.unwrap_or(Mode::Soft);
        person.or_else(|| text(role, "party").map(|p| mode.key(&p))).filter(|w| !w.is_empty())
    }
}
