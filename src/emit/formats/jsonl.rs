//! The tables as JSON Lines with their data package: what a dataset folder holds, made anew from its records.
//!
//! In: records. Out: nine tables and `datapackage.json`. Never: a row in another order than the records'.

use std::io;

use super::loss::Carry;
use super::{Format, Out};
use crate::emit::Document;
use crate::emit::tables::{TABLE_FIELDS, TABLES, datapackage};

/// One file a table.
pub struct Jsonl;

impl Format for Jsonl {
    fn carries(&self) -> Carry {
        TABLE_FIELDS
    }

    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()> {
        out.loss.written();
        for table in TABLES {
            let mut rows = Vec::new();
            table.rows(document, &mut rows);
            out.files.append(table.file(), &rows)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> io::Result<()> {
        TABLES.iter().try_for_each(|t| out.files.append(t.file(), &[]))?;
        let mut bytes = serde_json::to_vec_pretty(&datapackage()).unwrap_or_default();
        bytes.push(b'\n');
        out.files.file("datapackage.json", &bytes)
    }
}
