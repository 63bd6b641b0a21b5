//! The text of documents in any format that is read, without anything further: what the first stage gives.
//!
//! `cargo run --release --example text -- agenda.pdf programme.docx` prints each text behind a line with its path.
//! With `--count` it prints only how many words it read; `scripts/compare_formats.sh` measures the reading with it.

use std::io::{self, Write};

use agendata::Source;
use agendata::ingest::{Limits, ingest};

fn main() -> io::Result<()> {
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    let counts = flags.iter().any(|flag| flag == "--count");
    let mut out = io::stdout().lock();
    let mut words = 0;
    for path in paths {
        let bytes = std::fs::read(&path)?;
        let text = ingest(&Source { path: path.clone(), bytes }, &Limits::default());
        if counts {
            words += text.content.split_whitespace().count();
        } else {
            writeln!(out, "== {path}\n{}", text.content)?;
        }
    }
    if counts { writeln!(out, "{words} words") } else { Ok(()) }
}
