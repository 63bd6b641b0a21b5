//! The flat tables, as JSON Lines, and `datapackage.json`, which describes them. Each column is declared once, with
//! its type and how it is read off a record; rows and descriptor both come from there.
//!
//! In: a record. Out: rows. Never: a value that the record does not hold. A row has every column of its table, so that
//! a reader who takes the columns from the first row sees them all; what the document does not state is `null`.

mod contacts;
mod documents;
mod events;
mod package;
mod people;
mod sessions;

use std::borrow::Cow;

use serde_json::Value;

use super::formats::Carry;
use super::{Document, Emitter, Parts};
use crate::model::Venue;

pub use package::datapackage;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A date as the model writes it, with `XX` for what is not known.
    Date,
    /// `HH:MM`.
    Time,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of texts or of objects.
    List,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Not stated.
    Absent,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(u64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A list.
    List(Vec<Value>),
}

/// A column of a table whose rows are made of `R`.
pub struct Column<R: Rows + ?Sized> {
    name: &'static str,
    kind: Kind,
    required: bool,
    about: &'static str,
    get: for<'a, 'b> fn(&'b R::Row<'a>) -> Cell<'b>,
}

/// A column that every row fills.
const fn must<R: Rows + ?Sized>(
    name: &'static str,
    kind: Kind,
    about: &'static str,
    get: for<'a, 'b> fn(&'b R::Row<'a>) -> Cell<'b>,
) -> Column<R> {
    Column { name, kind, required: true, about, get }
}

/// A column that may be empty.
const fn may<R: Rows + ?Sized>(
    name: &'static str,
    kind: Kind,
    about: &'static str,
    get: for<'a, 'b> fn(&'b R::Row<'a>) -> Cell<'b>,
) -> Column<R> {
    Column { name, kind, required: false, about, get }
}

/// A reference to rows of another table.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Columns here.
    pub columns: &'static [&'static str],
    /// The other table.
    pub table: &'static str,
    /// Columns there.
    pub targets: &'static [&'static str],
}

/// Every table's rows belong to a document.
const TO_DOCUMENT: Link = Link { columns: &["document"], table: "documents", targets: &["path"] };

/// A kind of rows: its columns, and where they are in a record.
pub trait Rows: 'static {
    /// What a row is made of.
    type Row<'a>;
    /// Name of the table.
    const NAME: &'static str;
    /// What a row is.
    const ABOUT: &'static str;
    /// Columns that name a row.
    const KEY: &'static [&'static str];
    /// References to other tables.
    const LINKS: &'static [Link];

    /// The columns, in order.
    const COLUMNS: &'static [Column<Self>];

    /// Calls `take` with each row of a document, in order.
    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>));
}

/// What the tables hold of a record, for exports that are made of them.
pub const TABLE_FIELDS: Carry = Carry {
    whole: &["id", "source", "kind", "event", "sessions", "people", "contacts", "diagnostics"],
    text: &[],
    cleans: false,
};

/// A column, whatever its rows are made of.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Whether every row fills it.
    pub required: bool,
    /// What it holds.
    pub about: &'static str,
}

/// A table, whatever its rows are made of.
pub trait Table: Sync {
    /// Name of the table.
    fn name(&self) -> &'static str;
    /// File below the dataset's folder.
    fn file(&self) -> &'static str;
    /// The columns, in order.
    fn columns(&self) -> Vec<About>;
    /// Columns that name a row.
    fn key(&self) -> &'static [&'static str];
    /// References to other tables.
    fn links(&self) -> &'static [Link];
    /// Calls `take` with the cells of each row of a document, in order.
    fn cells(&self, document: &Document, take: &mut dyn FnMut(&[Cell]));
    /// Its resource in `datapackage.json`.
    fn resource(&self) -> Value;
    /// The rows of a document.
    fn rows(&self, document: &Document, out: &mut Vec<u8>);
}

/// A table of one kind of rows.
struct Of<R>(&'static str, std::marker::PhantomData<fn() -> R>);

impl<R: Rows> Of<R> {
    const fn file(file: &'static str) -> Self {
        Self(file, std::marker::PhantomData)
    }
}

/// Every table, in the order of the descriptor.
pub static TABLES: &[&dyn Table] = &[
    &Of::<documents::Documents>::file("documents.jsonl"),
    &Of::<events::Events>::file("events.jsonl"),
    &Of::<sessions::Sessions>::file("sessions.jsonl"),
    &Of::<sessions::Talks>::file("talks.jsonl"),
    &Of::<people::People>::file("people.jsonl"),
    &Of::<people::Roles>::file("roles.jsonl"),
    &Of::<contacts::Contacts>::file("contacts.jsonl"),
    &Of::<contacts::ContactPoints>::file("contact_points.jsonl"),
    &Of::<documents::Diagnostics>::file("diagnostics.jsonl"),
];

impl<R: Rows> Table for Of<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn file(&self) -> &'static str {
        self.0
    }

    fn columns(&self) -> Vec<About> {
        let about = |c: &Column<R>| About { name: c.name, kind: c.kind, required: c.required, about: c.about };
        R::COLUMNS.iter().map(about).collect()
    }

    fn key(&self) -> &'static [&'static str] {
        R::KEY
    }

    fn links(&self) -> &'static [Link] {
        R::LINKS
    }

    fn cells(&self, document: &Document, take: &mut dyn FnMut(&[Cell])) {
        R::each(document, &mut |row| {
            let cells: Vec<Cell> = R::COLUMNS.iter().map(|column| (column.get)(&row)).collect();
            take(&cells);
        });
    }

    fn resource(&self) -> Value {
        package::resource::<R>(self.0)
    }

    fn rows(&self, document: &Document, out: &mut Vec<u8>) {
        R::each(document, &mut |row| {
            for (at, column) in R::COLUMNS.iter().enumerate() {
                out.extend_from_slice(if at == 0 { b"{\"" } else { b",\"" });
                out.extend_from_slice(column.name.as_bytes());
                out.extend_from_slice(b"\":");
                (column.get)(&row).write(out);
            }
            out.extend_from_slice(b"}\n");
        });
    }
}

/// The tables with their descriptor.
pub struct Tables;

impl Emitter for Tables {
    fn name(&self) -> &'static str {
        "tables"
    }

    fn shared(&self) -> Vec<&'static str> {
        TABLES.iter().map(|t| t.file()).collect()
    }

    fn document(&self, document: &Document, parts: &mut Parts) {
        for table in TABLES {
            let mut rows = Vec::new();
            table.rows(document, &mut rows);
            parts.rows.push((table.file(), rows));
        }
    }

    fn finish(&mut self) -> Vec<(String, Vec<u8>)> {
        let mut bytes = serde_json::to_vec_pretty(&datapackage()).unwrap_or_default();
        bytes.push(b'\n');
        vec![("datapackage.json".into(), bytes)]
    }
}

impl Cell<'_> {
    /// Appends the cell as JSON.
    fn write(&self, out: &mut Vec<u8>) {
        // Writing to a vector does not fail, and these values are all JSON.
        let _ = match self {
            Cell::Absent => serde_json::to_writer(out, &()),
            Cell::Text(text) => serde_json::to_writer(out, text),
            Cell::Integer(n) => serde_json::to_writer(out, n),
            Cell::Number(n) => serde_json::to_writer(out, n),
            Cell::Boolean(b) => serde_json::to_writer(out, b),
            Cell::List(list) => serde_json::to_writer(out, list),
        };
    }
}

/// A text; empty ones are not stated.
fn text<'a, T: AsRef<str> + ?Sized>(text: &'a T) -> Cell<'a> {
    match text.as_ref() {
        "" => Cell::Absent,
        text => Cell::Text(Cow::Borrowed(text)),
    }
}

/// A text that may not be there.
fn maybe<T: AsRef<str>>(value: &Option<T>) -> Cell<'_> {
    value.as_ref().map_or(Cell::Absent, text)
}

/// A word of a closed vocabulary.
fn word(word: &'static str) -> Cell<'static> {
    Cell::Text(Cow::Borrowed(word))
}

/// A text made for the row.
fn made(text: String) -> Cell<'static> {
    Cell::Text(Cow::Owned(text))
}

/// A count or other whole number.
fn whole(n: usize) -> Cell<'static> {
    Cell::Integer(n as u64)
}

/// A list; an empty one is not stated.
fn list<T: serde::Serialize>(items: &[T]) -> Cell<'static> {
    if items.is_empty() {
        return Cell::Absent;
    }
    Cell::List(items.iter().filter_map(|i| serde_json::to_value(i).ok()).collect())
}

/// Where a thing stands in its document and how sure its values are.
#[derive(Clone, Copy, Debug, Default)]
struct Ground {
    line: Option<usize>,
    confidence: Option<f64>,
}

impl Ground {
    /// The first line and the least confidence of all evidence at or below a pointer.
    fn of(document: &Document, pointer: &str) -> Self {
        let evidence = &document.record.evidence;
        let below = format!("{pointer}/");
        let mut ground = Ground::default();
        let inside = evidence.range(below.clone()..).take_while(|(key, _)| key.starts_with(&below)).map(|(_, e)| e);
        for e in evidence.get(pointer).into_iter().chain(inside) {
            if e.line > 0 {
                ground.line = Some(ground.line.map_or(e.line, |line| line.min(e.line)));
            }
            ground.confidence = Some(ground.confidence.map_or(e.confidence, |least: f64| least.min(e.confidence)));
        }
        ground
    }

    fn line(self) -> Cell<'static> {
        self.line.map_or(Cell::Absent, whole)
    }

    fn confidence(self) -> Cell<'static> {
        self.confidence.map_or(Cell::Absent, Cell::Number)
    }
}

/// The parts of a place that tables show in columns of their own.
fn place(venue: &Venue) -> [Cell<'_>; 6] {
    [&venue.name, &venue.room, &venue.address, &venue.city, &venue.country, &venue.url].map(maybe)
}

#[cfg(test)]
mod tests;
