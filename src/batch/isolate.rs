//! Reads documents in a process of their own, so that even an abort costs no more than one of them.
//!
//! In: a command that reads lines as [`super::filter`] does. Out: extractions. Never: waits longer than a document may
//! take, goes on with a process that failed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::filter::{asked, taken};
use super::work::{Reader, failure, unread_over};
use crate::diag::finding;
use crate::ingest::Source;
use crate::pipeline::Extraction;

/// Longest line of an answer.
const LONGEST: u64 = 4 << 30;

/// How other processes are started.
#[derive(Clone, Debug)]
pub struct Isolate {
    /// The program.
    pub program: PathBuf,
    /// What it is given.
    pub arguments: Vec<OsString>,
    /// How long a document may take there, its start included.
    pub time: Duration,
}

/// A process that is at work.
struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    answers: Receiver<Vec<u8>>,
}

/// Reads documents in another process.
pub struct Apart {
    how: Isolate,
    process: Option<Process>,
}

impl Apart {
    /// No process yet.
    pub fn new(how: &Isolate) -> Self {
        Self { how: how.clone(), process: None }
    }

    fn start(&mut self) -> std::io::Result<&mut Process> {
        if self.process.is_none() {
            let mut child = Command::new(&self.how.program)
                .args(&self.how.arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?;
            let (sender, answers) = sync_channel(1);
            let stdin = child.stdin.take();
            if let Some(out) = child.stdout.take() {
                thread::Builder::new().spawn(move || pass(out, &sender))?;
            }
            self.process = Some(Process { child, stdin, answers });
        }
        self.process.as_mut().ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    /// Asks; an error says what became of the process.
    fn ask(&mut self, source: &Source) -> Result<Extraction, Ended> {
        let time = self.how.time;
        let process = self.start().map_err(|e| Ended::Failed(format!("cannot start a reader: {e}")))?;
        // A process that ends while it is asked is told by what it does not answer.
        let _ = process.stdin.as_mut().map(|to| to.write_all(&asked(source)).and_then(|()| to.flush()));
        match process.answers.recv_timeout(time) {
            Ok(line) => taken(&line).map_err(|e| Ended::Failed(format!("its reader answered no record: {e}"))),
            Err(RecvTimeoutError::Timeout) => Err(Ended::Late),
            Err(RecvTimeoutError::Disconnected) => {
                let status = process.child.wait().map_or_else(|e| e.to_string(), |status| status.to_string());
                Err(Ended::Failed(format!("its reader ended: {status}")))
            }
        }
    }

    fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.stdin.take());
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

enum Ended {
    Late,
    Failed(String),
}

/// Passes on what a process answers, line by line.
fn pass(out: impl Read, to: &SyncSender<Vec<u8>>) {
    let mut out = BufReader::new(out);
    loop {
        let mut line = Vec::new();
        let read = out.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if !matches!(read, Ok(1..)) || line.last() != Some(&b'\n') || to.send(line).is_err() {
            return;
        }
    }
}

impl Reader for Apart {
    fn read(&mut self, source: Source) -> Result<Extraction, Box<Extraction>> {
        match self.ask(&source) {
            Ok(extraction) => Ok(extraction),
            Err(ended) => {
                self.end();
                Err(match ended {
                    Ended::Late => {
                        let why = format!("expected at most {} s for the document", self.how.time.as_secs());
                        Box::new(unread_over(source, finding("A0143", why)))
                    }
                    Ended::Failed(why) => failure(source, &why),
                })
            }
        }
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.end();
    }
}
