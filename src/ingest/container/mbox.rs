//! Mail boxes: messages one after another, parted by `From ` lines.
//!
//! In: a stream. Out: the bytes of each message, without the line that parts it from the one before and with the `>`
//! taken back that was put before a line of its own. Never: holds more than one message.

use std::io::{self, BufRead};

use super::{LARGEST, Member, Stream, Taken};
use crate::diag::finding;
use crate::ingest::headers::is_separator;
use crate::model::Diagnostic;

/// A mail box and where it is read to.
pub(crate) struct Mbox {
    source: Box<dyn Stream>,
    /// The line in hand.
    line: Vec<u8>,
    /// Messages so far.
    count: u64,
    started: bool,
    ended: bool,
}

impl Mbox {
    /// A mail box at its start.
    pub fn new(source: Box<dyn Stream>) -> Self {
        Self { source, line: Vec::new(), count: 0, started: false, ended: false }
    }

    /// The next message.
    pub fn next(&mut self) -> Option<Result<Member, Diagnostic>> {
        if self.ended {
            return None;
        }
        match self.message() {
            Ok(taken) => {
                let taken = taken?;
                self.count += 1;
                Some(Ok(Member { name: format!("#{}", self.count), notes: Vec::new(), taken }))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(finding("A0141", error.to_string())))
            }
        }
    }

    fn message(&mut self) -> io::Result<Option<Taken>> {
        let (mut bytes, mut size, mut after_blank) = (Vec::new(), 0u64, true);
        loop {
            let begins_line = self.line.is_empty() || self.line.ends_with(b"\n");
            self.line.clear();
            if !self.more()? {
                self.ended = true;
                return Ok((size > 0).then(|| taken(bytes, size)));
            }
            if begins_line && after_blank && is_separator(self.line.trim_ascii_end()) {
                if std::mem::replace(&mut self.started, true) && size > 0 {
                    return Ok(Some(taken(bytes, size)));
                }
                continue;
            }
            after_blank = begins_line && matches!(&self.line[..], b"\n" | b"\r\n");
            let quoted = self.line.iter().position(|b| *b != b'>').unwrap_or(0);
            let from = usize::from(begins_line && quoted > 0 && self.line[quoted..].starts_with(b"From "));
            size += (self.line.len() - from) as u64;
            if size <= LARGEST {
                bytes.extend_from_slice(&self.line[from..]);
            } else {
                bytes = Vec::new();
            }
        }
    }

    /// Reads to the end of the line, or as much of a very long one as is read at once.
    fn more(&mut self) -> io::Result<bool> {
        io::Read::take(&mut self.source, 1 << 20).read_until(b'\n', &mut self.line).map(|n| n > 0)
    }
}

fn taken(mut bytes: Vec<u8>, size: u64) -> Taken {
    if size > LARGEST {
        return Taken::Fail(finding("A0106", format!("expected at most {} MB", LARGEST >> 20)));
    }
    // The empty line before the next message is the mail box's, not the message's.
    for end in [&b"\r\n\r\n"[..], b"\n\n"] {
        if bytes.ends_with(end) {
            bytes.truncate(bytes.len() - end.len() / 2);
            break;
        }
    }
    Taken::Bytes(bytes)
}
