//! Prints the text that the documents given are read as, and what was found to the standard error.
//!
//! `cargo run --release --example ingest -- programme.pdf`; `scripts/pdf_recall.py` measures it.

use std::io::Write;

use agendata::Source;
use agendata::ingest::{Limits, ingest};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let source = Source { bytes: std::fs::read(&path)?, path };
        let text = ingest(&source, &Limits::default());
        out.write_all(text.content.as_bytes())?;
        for finding in text.diagnostics {
            writeln!(std::io::stderr(), "{}: {} {}", source.path, finding.code, finding.message)?;
        }
    }
    Ok(())
}
