//! Exports: what other systems import. One file a format, one trait, a registry by name.
//!
//! In: records of a dataset, one by one. Out: files below the format's own folder, and what the format could not carry.
//! Never: changes a record; writes anywhere but through [`Out`]; knows how a record came to be.

mod c3voc;
mod content_lines;
mod csv;
mod frab;
mod ics;
mod indico;
mod json_schema;
mod jsonl;
mod loss;
mod schedule;
mod shown;
mod slots;
mod vcard;

use std::io;
use std::path::PathBuf;

use super::Document;

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

impl Out<'_> {
    /// Writes the file that one document gives.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.loss.written();
        self.files.file(name, bytes)
    }
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

/// Every format, by its name.
pub static FORMATS: &[Registered] = &[
    Registered {
        name: "jsonl",
        about: "tables as JSON Lines, a Frictionless data package",
        make: || Box::new(jsonl::Jsonl),
    },
    Registered {
        name: "csv",
        about: "tables as CSV (RFC 4180), a Frictionless data package",
        make: || Box::<csv::Csv>::default(),
    },
    Registered {
        name: "json-schema",
        about: "JSON Schema (2020-12) of records and tables",
        make: || Box::new(json_schema::JsonSchema),
    },
    Registered { name: "ics", about: "calendars (RFC 5545)", make: || Box::new(ics::Ics) },
    Registered {
        name: "frab-xml",
        about: "programmes as schedule.xml of frab and Pentabarf",
        make: || Box::new(frab::FrabXml),
    },
    Registered {
        name: "c3voc-json",
        about: "programmes as schedule.json of the c3voc",
        make: || Box::new(c3voc::C3vocJson),
    },
    Registered { name: "vcard", about: "people and contacts (vCard 4.0, RFC 6350)", make: || Box::new(vcard::Vcard) },
    Registered { name: "indico-csv", about: "contributions for Indico's import", make: || Box::new(indico::IndicoCsv) },
];

/// The format of this name.
pub fn format(name: &str) -> Option<&'static Registered> {
    FORMATS.iter().find(|f| f.name == name)
}
