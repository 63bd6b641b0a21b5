//! `records/<input path>.json`: the model whole, one file a document. In: a document. Out: a file. Never: leaves
//! anything out.

use super::{Document, Emitter, Parts, record_file, to_pretty};

/// One JSON file a document.
pub struct Records;

impl Emitter for Records {
    fn name(&self) -> &'static str {
        "records"
    }

    fn document(&self, document: &Document, parts: &mut Parts) {
        parts.files.push((record_file(&document.record.source.path), to_pretty(document.record)));
    }
}
