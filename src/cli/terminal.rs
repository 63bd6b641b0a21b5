//! What reaches the terminal. Everything that a command prints goes through here, so that nothing in a document, a file's
//! name or a grammar can steer the terminal that shows it.
//!
//! In: words for a person, data. Out: standard error, standard output. Never: lets a control character of a document
//! through to a terminal; changes data that go to a file or a pipe.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use super::exit;
use crate::batch::BatchError;
use crate::diag::{printable_json, printable_lines};

/// What the terminal is like.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether standard error takes colours.
    pub color: bool,
    /// Whether a person looks at standard error.
    pub interactive: bool,
}

impl Terminal {
    /// That of this process.
    pub(super) fn of(no_color: bool) -> Self {
        let interactive = io::stderr().is_terminal();
        let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        let refused = no_color || dumb || std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Self { color: interactive && !refused, interactive: interactive && !dumb }
    }
}

/// A line for the user, on standard error; where that is closed, it is lost.
pub(crate) fn say(line: &str) {
    paint(&printable_lines(line));
}

/// The same for a text that is printable already, and may have colours of our own.
pub(super) fn paint(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Words for a person, on standard output.
pub(crate) fn show(text: &str) -> anyhow::Result<ExitCode> {
    write(printable_lines(text).as_bytes())
}

/// Data, on standard output: JSON or what holds no document's text.
pub(crate) fn give(data: &str) -> anyhow::Result<ExitCode> {
    if io::stdout().is_terminal() { write(printable_json(data).as_bytes()) } else { write(data.as_bytes()) }
}

/// JSON where it is some, else words for a person.
pub(crate) fn give_or_show(is_json: bool, text: &str) -> anyhow::Result<ExitCode> {
    if is_json { give(text) } else { show(text) }
}

fn write(data: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    out.write_all(data).and_then(|()| out.flush()).map_err(|e| anyhow::Error::new(BatchError::Stdout(e)))?;
    Ok(ExitCode::from(exit::DONE))
}

/// Where JSON Lines go: standard output, made harmless where that is a terminal.
pub(super) fn lines() -> Box<dyn Write + Send> {
    if io::stdout().is_terminal() {
        Box::new(Tamed { to: io::stdout(), line: Vec::new() })
    } else {
        Box::new(io::stdout())
    }
}

/// Writes JSON line by line, without what could steer a terminal.
struct Tamed<W> {
    to: W,
    line: Vec<u8>,
}

impl<W: Write> Tamed<W> {
    fn pass(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.to.write_all(printable_json(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

impl<W: Write> Write for Tamed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.pass()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_are_tamed_however_they_are_cut() {
        let json = "{\"a\":\"\u{9b}31m \u{202e}é\"}\n{\"b\":1}";
        for cut in 1..6 {
            let mut tamed = Tamed { to: Vec::new(), line: Vec::new() };
            json.as_bytes().chunks(cut).for_each(|part| assert_eq!(tamed.write(part).ok(), Some(part.len())));
            assert!(tamed.flush().is_ok());
            let shown = String::from_utf8(tamed.to).unwrap_or_default();
            assert_eq!(shown, "{\"a\":\"\\u009b31m \\u202eé\"}\n{\"b\":1}");
        }
    }
}
