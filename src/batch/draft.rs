//! The new journal and shared files of a dataset, while a run writes them.
//!
//! In: entries with their rows, or with the place of their rows in an earlier run's files. Out: files in a folder that
//! nobody reads yet. Never: writes an entry before its rows, so that a journal that was broken off is true as far as it
//! goes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::entry::{Entry, JOURNAL};
use super::past::Past;

/// Where the journal is, below a dataset's folder and below the folder of a new one.
pub const JOURNAL_FILE: &str = ".agendata/journal.jsonl";
/// Where the doubts of all documents are.
pub const DOUBTS_FILE: &str = ".agendata/doubts.jsonl";
/// So many entries are written together.
const TOGETHER: u32 = 16;

/// Sees the doubts of documents whose rows are copied, line by line.
pub type SeeDoubts<'a> = dyn FnMut(&[u8]) + 'a;

/// The new journal and shared files.
pub struct Draft {
    names: Vec<String>,
    shared: Vec<BufWriter<File>>,
    /// Length of each shared file, with what is still to be copied.
    ends: Vec<u64>,
    journal: BufWriter<File>,
    /// Parts of the earlier files that are still to be copied, with their entries.
    waiting: Vec<(u64, u64)>,
    entries: Vec<u8>,
    together: u32,
    count: u64,
}

impl Draft {
    /// Begins in `folder`; `about` is the head of `run.json`.
    pub fn start(folder: &Path, names: &[String], about: &Value) -> io::Result<Self> {
        let head = json!({"schema": JOURNAL, "shared": names, "about": about});
        let create = |name: &str| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            File::create(path)
        };
        let mut draft = Self::over(names, create)?;
        writeln!(draft.journal, "{head}")?;
        Ok(draft)
    }

    /// Goes on behind a run that was broken off, where its files are cut to `ends` and its journal to `length`.
    pub fn go_on(folder: &Path, names: &[String], ends: &[u64], length: u64) -> io::Result<Self> {
        let open = |name: &str, length: u64| {
            let mut file = File::options().write(true).open(folder.join(name))?;
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            Ok::<_, io::Error>(file)
        };
        let mut lengths = ends.iter();
        let next = |name: &str| {
            let length = if name == JOURNAL_FILE { length } else { lengths.next().copied().unwrap_or(0) };
            open(name, length)
        };
        let mut draft = Self::over(names, next)?;
        draft.ends = ends.to_vec();
        Ok(draft)
    }

    fn over(names: &[String], mut open: impl FnMut(&str) -> io::Result<File>) -> io::Result<Self> {
        let mut shared = Vec::with_capacity(names.len());
        for name in names {
            shared.push(BufWriter::new(open(name)?));
        }
        Ok(Self {
            names: names.to_vec(),
            ends: vec![0; names.len()],
            shared,
            journal: BufWriter::new(open(JOURNAL_FILE)?),
            waiting: Vec::new(),
            entries: Vec::new(),
            together: 0,
            count: 0,
        })
    }

    /// Adds a document that was read, with its rows by name of the shared file.
    pub fn add(&mut self, mut entry: Entry, rows: &[(String, Vec<u8>)]) -> io::Result<()> {
        entry.rows.clear();
        for (at, name) in self.names.iter().enumerate() {
            let start = self.ends[at];
            for (_, bytes) in rows.iter().filter(|(of, _)| of == name) {
                self.shared[at].write_all(bytes)?;
                self.ends[at] += bytes.len() as u64;
            }
            entry.rows.push((start, self.ends[at] - start));
        }
        self.entries.extend(entry.line());
        self.count += 1;
        self.together += 1;
        if self.together >= TOGETHER { self.flush() } else { Ok(()) }
    }

    /// Adds a document of an earlier run; its rows are copied together with those of its neighbours.
    pub fn copy(&mut self, mut entry: Entry, past: &Past, doubts: &mut SeeDoubts) -> io::Result<()> {
        let fresh = self.waiting.is_empty();
        let adjoins = self.waiting.iter().zip(&entry.rows).all(|((from, length), (start, _))| from + length == *start);
        if !fresh && !adjoins {
            self.settle(past, doubts)?;
        }
        if self.waiting.is_empty() {
            self.waiting = entry.rows.iter().map(|(start, _)| (*start, 0)).collect();
        }
        for ((waiting, end), (start, length)) in self.waiting.iter_mut().zip(&mut self.ends).zip(&mut entry.rows) {
            waiting.1 += *length;
            *start = *end;
            *end += *length;
        }
        self.entries.extend(entry.line());
        self.count += 1;
        // The entries that wait may not grow without end.
        if self.entries.len() > 1 << 20 { self.settle(past, doubts) } else { Ok(()) }
    }

    /// Copies what is still to be copied.
    pub fn settle(&mut self, past: &Past, doubts: &mut SeeDoubts) -> io::Result<()> {
        for (at, part) in std::mem::take(&mut self.waiting).into_iter().enumerate() {
            let (name, file) = (&self.names[at], &mut self.shared[at]);
            if name == DOUBTS_FILE {
                let mut lines = Lines::new(doubts);
                past.part(at, part, &mut |bytes| {
                    lines.add(bytes);
                    file.write_all(bytes)
                })?;
            } else {
                past.part(at, part, &mut |bytes| file.write_all(bytes))?;
            }
        }
        self.flush()
    }

    /// Puts all that was added on the disk: rows first, then their entries.
    pub fn flush(&mut self) -> io::Result<()> {
        if !self.waiting.is_empty() {
            return Ok(());
        }
        self.shared.iter_mut().try_for_each(Write::flush)?;
        self.journal.write_all(&std::mem::take(&mut self.entries))?;
        self.together = 0;
        self.journal.flush()
    }

    /// Ends the journal; `stopped` tells that the run did not come to its end. What is to be copied must have been.
    pub fn end(mut self, stopped: bool) -> io::Result<()> {
        self.flush()?;
        let end = if stopped { json!({"end": self.ends, "stopped": true}) } else { json!({"end": self.ends}) };
        writeln!(self.journal, "{end}")?;
        self.journal.flush()
    }

    /// Whether anything was added.
    pub fn has_entries(&self) -> bool {
        self.count > 0
    }
}

/// Cuts what comes in pieces into lines.
pub struct Lines<'a> {
    rest: Vec<u8>,
    take: &'a mut dyn FnMut(&[u8]),
}

impl<'a> Lines<'a> {
    /// Gives each line to `take`.
    pub fn new(take: &'a mut dyn FnMut(&[u8])) -> Self {
        Self { rest: Vec::new(), take }
    }

    /// Adds a piece.
    pub fn add(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let Some(end) = memchr::memrchr(b'\n', &self.rest) else { return };
        self.rest[..end].split(|b| *b == b'\n').for_each(&mut *self.take);
        self.rest.drain(..=end);
    }
}
