//! Records as JSON Lines, for pipes. In: a document. Out: one line. Never: breaks a record over lines.

use super::{Document, Emitter, Parts};

/// Name of the shared file.
const FILE: &str = "records.jsonl";

/// One line a document.
pub struct Lines;

impl Emitter for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn shared(&self) -> Vec<&'static str> {
        vec![FILE]
    }

    fn document(&self, document: &Document, parts: &mut Parts) {
        let mut line = serde_json::to_vec(document.record).unwrap_or_default();
        line.push(b'\n');
        parts.rows.push((FILE, line));
    }
}
