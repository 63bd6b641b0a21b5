//! `texts/<input path>.txt`: the text that the spans count in, where the input's own bytes are not that text.
//! In: a document. Out: a file or none. Never: changes a byte of the text.

use super::{Document, Emitter, Parts, text_file};

/// One text file a document, where it is needed.
pub struct Texts;

impl Emitter for Texts {
    fn name(&self) -> &'static str {
        "texts"
    }

    fn document(&self, document: &Document, parts: &mut Parts) {
        if document.keeps_text() {
            let bytes = document.text.content.clone().into_bytes();
            parts.files.push((text_file(&document.record.source.path), bytes));
        }
    }
}
