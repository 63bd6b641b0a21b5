//! The tables `documents` and `diagnostics`. In: a record. Out: rows. Never: more than the record holds.

use super::{Cell, Document};
use super::{Column, Ground, Kind::*, Link, Rows, TO_DOCUMENT, list, made, may, maybe, must, text, whole, word};
use crate::emit::{record_file, text_file};
use crate::model::{Diagnostic, Record};

/// One row a document.
pub struct Documents;

impl Rows for Documents {
    type Row<'a> = &'a Document<'a>;
    const NAME: &'static str = "documents";
    const ABOUT: &'static str = "The documents that were read";
    const KEY: &'static [&'static str] = &["path"];
    const LINKS: &'static [Link] = &[];

    const COLUMNS: &'static [Column<Self>] = &[
        must("path", Text, "path below the folder that was given", |d| text(&d.record.source.path)),
        may("id", Text, "first 16 hex digits of the SHA-256 of the bytes", |d| text(&d.record.id)),
        must("kind", Text, "kind of document", |d| word(d.record.kind.as_str())),
        may("media_type", Text, "IANA media type", |d| text(&d.record.source.media_type)),
        must("bytes", Integer, "size", |d| Cell::Integer(d.record.source.bytes)),
        may("sha256", Text, "SHA-256 of the bytes", |d| text(&d.record.source.sha256)),
        may("encoding", Text, "character encoding decided on", |d| text(&d.record.source.encoding)),
        may("languages", List, "BCP 47 tags, the main one first", |d| list(&d.record.source.languages)),
        may("pages", Integer, "pages", |d| d.record.source.pages.map_or(Cell::Absent, |n| whole(n as usize))),
        may("title", Text, "headline of the document itself", |d| maybe(&d.record.source.title)),
        may("authors", List, "ids of people", |d| list(&d.record.source.authors)),
        must("status", Text, "done or failed", |d| word(if d.failed { "failed" } else { "done" })),
        must("sessions", Integer, "number of sessions", |d| whole(d.record.sessions.len())),
        must("people", Integer, "number of people", |d| whole(d.record.people.len())),
        must("contacts", Integer, "number of contacts", |d| whole(d.record.contacts.len())),
        must("findings", Integer, "number of diagnostics", |d| whole(d.record.diagnostics.len())),
        must("lines", Integer, "lines that are not blank", |d| whole(d.record.coverage.lines)),
        must("used", Integer, "lines in which a value stands", |d| whole(d.record.coverage.used)),
        must("explained", Integer, "lines that a class explains", |d| whole(d.record.coverage.explained)),
        must("unexplained", Integer, "lines that nothing explains", |d| whole(d.record.coverage.unexplained.len())),
        must("grade", Text, "how much was understood", |d| word(d.record.coverage.grade.as_str())),
        must("record", Text, "file of the record", |d| made(record_file(&d.record.source.path))),
        may("text", Text, "file of the text that spans count in, where the input is not that text", |d| {
            if d.keeps_text() { made(text_file(&d.record.source.path)) } else { Cell::Absent }
        }),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        take(document);
    }
}

/// One row a finding.
pub struct Diagnostics;

/// A finding, its number in the document, and its line.
pub struct DiagnosticRow<'a> {
    record: &'a Record,
    number: usize,
    finding: &'a Diagnostic,
    line: Option<usize>,
}

impl Rows for Diagnostics {
    type Row<'a> = DiagnosticRow<'a>;
    const NAME: &'static str = "diagnostics";
    const ABOUT: &'static str = "What was found about documents and values";
    const KEY: &'static [&'static str] = &["document", "number"];
    const LINKS: &'static [Link] = &[TO_DOCUMENT];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("number", Integer, "number in the document, from 1", |r| whole(r.number)),
        must("code", Text, "see agendata explain", |r| text(&r.finding.code)),
        must("severity", Text, "note, warning or error", |r| word(r.finding.severity.as_str())),
        may("message", Text, "what was expected and what was found", |r| text(&r.finding.message)),
        may("at", Text, "JSON Pointer of the value in the record", |r| maybe(&r.finding.at)),
        may("start", Integer, "first byte in the text", |r| r.finding.span.map_or(Cell::Absent, |s| whole(s.start))),
        may("end", Integer, "one past the last byte", |r| r.finding.span.map_or(Cell::Absent, |s| whole(s.end))),
        may("line", Integer, "line in the text, from 1", |r| r.line.map_or(Cell::Absent, whole)),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        for (at, finding) in document.record.diagnostics.iter().enumerate() {
            let line = match (finding.span, &finding.at) {
                (Some(span), _) => document.line(span.start),
                (None, Some(pointer)) => Ground::of(document, pointer).line,
                (None, None) => None,
            };
            take(DiagnosticRow { record: document.record, number: at + 1, finding, line });
        }
    }
}
