//! Exports: what other systems import. One file a format, one trait, a registry by name.
//!
//! In: records of a dataset, one by one. Out: files below the format's own folder, and what the format could not carry.
//! Never: changes a record; writes anywhere but through [`Out`]; knows how a record came to be.

mod c3voc;
mod content_lines;
mod csv;
mod frab;
mod html;
mod ics;
mod indico;
mod json_schema;
mod jsonl;
pub mod jsonld;
mod loss;
#[cfg(feature = "parquet")]
mod parquet;
mod schedule;
mod shown;
mod slots;
#[cfg(feature = "sqlite")]
mod sqlite;
mod vcard;

use std::io;
use std::path::PathBuf;

use super::Document;
use crate::model::Record;

pub use content_lines::{ContentLine, content_lines, unescape_list};
pub use loss::{Carry, How, Loss, leaves};
pub use slots::{Placed, Slot, Span, clock, date, known_zone, plan, zone};

/// A format that a dataset is exported to.
pub trait Format: Send {
    /// Fields of the record that come back from the format as they were, and those that stand in it as text only.
    fn carries(&self) -> Carry;

    /// Takes one document, in the dataset's order.
    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()>;

    /// Ends the export.
    fn finish(&mut self, _out: &mut Out) -> io::Result<()> {
        Ok(())
    }
}

/// A format with one file a document, which has the document's path and an ending.
trait OneFile: Send {
    /// Ending of its files.
    const ENDING: &'static str;

    /// As [`Format::carries`].
    fn carries(&self) -> Carry;

    /// The file of one record; what it cannot carry beyond that goes to `loss`.
    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made>;
}

/// What a record gives.
enum Made {
    /// The bytes of its file.
    File(Vec<u8>),
    /// No file, and why.
    Nothing(&'static str),
}

impl<F: OneFile> Format for F {
    fn carries(&self) -> Carry {
        OneFile::carries(self)
    }

    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()> {
        match self.make(document.record, out.loss)? {
            Made::File(bytes) => {
                out.loss.written();
                out.files.file(&format!("{}.{}", document.record.source.path, F::ENDING), &bytes)?;
            }
            Made::Nothing(why) => out.loss.leave_out(why),
        }
        Ok(())
    }
}

/// A value as a JSON file.
fn json_file<T: serde::Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Where a format's files go.
pub trait Files {
    /// Writes a whole file below the format's folder.
    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Appends to a file that many documents share; with no bytes it is only made.
    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// A place where a library may write a file by itself.
    fn place(&mut self, name: &str) -> io::Result<PathBuf>;
}

/// What a format writes, and what it tells of its losses.
pub struct Out<'a> {
    /// The files.
    pub files: &'a mut dyn Files,
    /// What the format could not carry.
    pub loss: &'a mut Loss,
}

/// A registered format.
pub struct Registered {
    /// Name on the command line and of the format's folder.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Makes it.
    pub make: fn() -> Box<dyn Format>,
}

macro_rules! registered {
    ($name:literal, $about:literal, $format:expr) => {
        Registered { name: $name, about: $about, make: || Box::new($format) }
    };
}

/// Every format, by its name.
pub static FORMATS: &[Registered] = &[
    registered!("jsonl", "tables as JSON Lines, a Frictionless data package", jsonl::Jsonl::default()),
    registered!("csv", "tables as CSV (RFC 4180), a Frictionless data package", csv::Csv::default()),
    registered!("json-schema", "JSON Schema (2020-12) of records and tables", json_schema::JsonSchema),
    registered!("ics", "calendars (RFC 5545)", ics::Ics),
    registered!("jsonld", "events, sessions and people in schema.org's words (JSON-LD)", jsonld::Jsonld),
    registered!("frab-xml", "programmes as schedule.xml of frab and Pentabarf", frab::FrabXml),
    registered!("c3voc-json", "programmes as schedule.json of the c3voc", c3voc::C3vocJson),
    registered!("vcard", "people and contacts (vCard 4.0, RFC 6350)", vcard::Vcard),
    registered!("indico-csv", "contributions for Indico's import", indico::IndicoCsv),
    registered!("html", "pages to read and print", html::Html),
    #[cfg(feature = "sqlite")]
    registered!("sqlite", "the tables in one SQLite file, with full-text search", sqlite::Sqlite::default()),
    #[cfg(feature = "parquet")]
    registered!("parquet", "the tables as Apache Parquet", parquet::Parquet::default()),
];

/// The format of this name.
pub fn format(name: &str) -> Option<&'static Registered> {
    FORMATS.iter().find(|f| f.name == name)
}
