//! JSON that a person can read and compare line by line: structure is indented, small things stay on one line.
//!
//! In: a record. Out: bytes with a line end. Never: changes order or values.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::model::Record;

/// The record as indented JSON.
pub fn to_pretty(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4096);
    let done = record.serialize(&mut Serializer::with_formatter(&mut bytes, Layout::default()));
    debug_assert!(done.is_ok());
    bytes.push(b'\n');
    bytes
}

/// From which depth on a value of this top-level key stays on one line.
fn flat_from(key: &str) -> usize {
    match key {
        "source" | "evidence" | "alternatives" | "repairs" | "diagnostics" | "coverage" => 3,
        "event" => 4,
        _ => 5,
    }
}

#[derive(Default)]
struct Layout {
    depth: usize,
    flat: usize,
    in_top_key: bool,
    filled: bool,
}

impl Layout {
    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let flat = self.is_flat();
        self.depth -= 1;
        if self.filled && !flat {
            self.line(out)?;
        }
        self.filled = true;
        out.write_all(bracket)
    }

    fn is_flat(&self) -> bool {
        self.depth > 1 && self.depth >= self.flat
    }

    fn next<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        match (self.is_flat(), first) {
            (true, true) => Ok(()),
            (true, false) => out.write_all(b" "),
            (false, _) => self.line(out),
        }
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.in_top_key = self.depth == 1;
        self.next(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.in_top_key = false;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if self.in_top_key {
            self.flat = flat_from(fragment);
        }
        out.write_all(fragment.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Evidence, Role, Session, Span};

    #[test]
    fn small_things_stay_on_one_line() {
        let mut record = Record { id: "1".into(), ..Record::default() };
        record.source.languages = vec!["en".into(), "fr".into()];
        let role = Role { person: Some("p1".into()), ..Role::default() };
        record.sessions.push(Session { id: "s1".into(), roles: vec![role], ..Session::default() });
        let evidence = Evidence { spans: vec![Span::new(1, 2)], texts: vec!["x".into()], ..Evidence::default() };
        record.evidence.insert("/sessions/0/title".into(), evidence);
        let text = String::from_utf8(to_pretty(&record)).unwrap();
        assert!(text.contains("\n    \"languages\": [\"en\", \"fr\"]\n"), "{text}");
        assert!(text.contains("\n        {\"person\": \"p1\", \"role\": \"speaker\"}\n      ]"), "{text}");
        assert!(text.contains("\n    \"/sessions/0/title\": {\"spans\": [[1, 2]], \"texts\": [\"x\"], "), "{text}");
        assert!(text.contains("\n  \"people\": [],\n"), "{text}");
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}
