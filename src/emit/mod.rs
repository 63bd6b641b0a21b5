//! [`Record`]s → files: one file a format, one trait, a registry by name.
//!
//! In: a record with its text. Out: bytes and the names of the files they belong to. Never: writes a file;
//! knows how the record came to be.

pub mod formats;
mod lines;
mod pretty;
mod records;
mod review;
mod schema;
mod tables;
mod texts;

use std::cell::OnceCell;

use crate::ingest::Text;
use crate::model::Record;

pub use pretty::to_pretty;
pub use review::{Doubt, cell};
pub use schema::schema;
pub use tables::{TABLES, datapackage};

/// One document as the emitters see it.
pub struct Document<'a> {
    /// Its record.
    pub record: &'a Record,
    /// The text that the spans count in.
    pub text: &'a Text,
    /// Whether it could not be read.
    pub failed: bool,
    /// Whether the text is at hand; a dataset need not hold it.
    has_text: bool,
    newlines: OnceCell<Vec<usize>>,
}

impl<'a> Document<'a> {
    /// A document for emitters.
    pub fn new(record: &'a Record, text: &'a Text, failed: bool) -> Self {
        Self { record, text, failed, has_text: true, newlines: OnceCell::new() }
    }

    /// A document whose text is not at hand.
    pub fn without_text(record: &'a Record, text: &'a Text, failed: bool) -> Self {
        Self { has_text: false, ..Self::new(record, text, failed) }
    }

    /// The text, where it is at hand.
    pub fn content(&self) -> Option<&str> {
        self.has_text.then_some(self.text.content.as_str())
    }

    /// Line number, from 1, of a byte offset of the text; nothing where the text is not at hand.
    pub fn line(&self, offset: usize) -> Option<usize> {
        let content = self.content()?.as_bytes();
        let newlines = self.newlines.get_or_init(|| memchr::memchr_iter(b'\n', content).collect());
        Some(newlines.partition_point(|at| *at < offset) + 1)
    }

    /// Whether `texts/` holds its text: where the input's own bytes do not do.
    pub fn keeps_text(&self) -> bool {
        self.text.differs && !self.text.content.is_empty()
    }
}

/// What the formats make of one document.
#[derive(Debug, Default)]
pub struct Parts {
    /// Whole files: path below the dataset's folder, bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Rows for files that all documents share: name of the file, bytes.
    pub rows: Vec<(&'static str, Vec<u8>)>,
    /// Values that a person should look at.
    pub doubts: Vec<Doubt>,
}

/// A format of the dataset.
pub trait Emitter: Send + Sync {
    /// Name in the registry.
    fn name(&self) -> &'static str;

    /// Files that all documents share; they are there even when no document has a row for them.
    fn shared(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// What one document gives. Pure; called from any thread.
    fn document(&self, document: &Document, parts: &mut Parts);

    /// Takes out of the parts what counts over the whole run. Called in the documents' order.
    fn collect(&mut self, _parts: &mut Parts) {}

    /// Files that hold for the whole run: path below the dataset's folder, bytes.
    fn finish(&mut self) -> Vec<(String, Vec<u8>)> {
        Vec::new()
    }
}

/// Makes an emitter.
pub type Make = fn() -> Box<dyn Emitter>;

/// Every format by its name.
pub static REGISTRY: &[(&str, Make)] = &[
    ("records", || Box::new(records::Records)),
    ("tables", || Box::new(tables::Tables)),
    ("review", || Box::<review::Review>::default()),
    ("texts", || Box::new(texts::Texts)),
    ("lines", || Box::new(lines::Lines)),
];

/// The formats of a dataset folder, in the order in which they are written.
pub const DATASET: &[&str] = &["records", "texts", "tables", "review"];

/// New emitters for the formats of these names; names that are not registered are left out.
pub fn emitters(names: &[&str]) -> Vec<Box<dyn Emitter>> {
    names.iter().filter_map(|name| REGISTRY.iter().find(|(known, _)| known == name)).map(|(_, make)| make()).collect()
}

/// Where a dataset holds the record of the document with this path.
pub fn record_file(path: &str) -> String {
    format!("records/{path}.json")
}

/// Where a dataset holds the text of the document with this path.
pub fn text_file(path: &str) -> String {
    format!("texts/{path}.txt")
}
