//! What an earlier run left: its journal, and where the rows of each document stand in its tables.
//!
//! In: a folder with a journal. Out: entries by path or in order, rows. Never: writes, holds more in memory than a few
//! numbers for each input, trusts a table that is shorter than its journal says.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use super::entry::{Entry, JOURNAL};

/// A file's part is copied in pieces of this size.
const PIECE: usize = 1 << 16;

/// Where an entry stands in the journal.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u64,
    length: u32,
    path: u64,
}

/// What an earlier run left.
pub struct Past {
    /// What stands in the head of its journal.
    pub head: Value,
    /// Whether the run that wrote it was stopped.
    pub stopped: bool,
    journal: File,
    /// Entries in the journal's order.
    places: Vec<Place>,
    /// Hash of a path → number of its entry.
    by_path: HashMap<u64, u32>,
    shared: Vec<File>,
}

/// A hash of a path.
fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

impl Past {
    /// Opens the journal of a dataset whose shared files are in `folder`, each as long as the journal's end says; or that
    /// of a run that was broken off, as far as its shared files go. Nothing where there is none that can be used.
    pub fn open(journal: &Path, folder: &Path, names: &[String], whole: bool) -> Option<Self> {
        let file = File::open(journal).ok()?;
        let mut lines = BufReader::with_capacity(PIECE, file.try_clone().ok()?);
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line).ok()?;
        let head: Value = serde_json::from_slice(&line).ok()?;
        let same = head["schema"] == JOURNAL && head["shared"].as_array()?.iter().eq(names.iter().map(String::as_str));
        if !same {
            return None;
        }
        let shared: Vec<File> = names.iter().map(|n| File::open(folder.join(n))).collect::<io::Result<_>>().ok()?;
        let sizes: Vec<u64> = shared.iter().map(|f| f.metadata().map(|m| m.len())).collect::<io::Result<_>>().ok()?;
        let mut past =
            Self { head, stopped: false, journal: file, places: Vec::new(), by_path: HashMap::new(), shared };
        let ended = past.index(&mut lines, line.len() as u64, &sizes)?;
        (ended || !whole).then_some(past)
    }

    /// Notes where each entry stands; answers whether the journal has its end, and the shared files the sizes it says.
    fn index(&mut self, lines: &mut impl BufRead, mut start: u64, sizes: &[u64]) -> Option<bool> {
        let mut line = Vec::new();
        loop {
            line.clear();
            lines.read_until(b'\n', &mut line).ok()?;
            if line.last() != Some(&b'\n') {
                return Some(false);
            }
            if line.starts_with(b"{\"end\"") {
                let end: Value = serde_json::from_slice(&line).ok()?;
                self.stopped = end["stopped"] == true;
                return Some(end["end"].as_array()?.iter().eq(sizes.iter()));
            }
            let Ok(entry) = serde_json::from_slice::<Entry>(&line) else { return Some(false) };
            let fits = |((from, length), size): (&(u64, u64), &u64)| from.saturating_add(*length) <= *size;
            if entry.rows.len() != sizes.len() || !entry.rows.iter().zip(sizes).all(fits) {
                return Some(false);
            }
            let path = hash(&entry.path);
            self.by_path.insert(path, u32::try_from(self.places.len()).ok()?);
            self.places.push(Place { start, length: u32::try_from(line.len()).ok()?, path });
            start += line.len() as u64;
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The number of the entry with this path.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.by_path.get(&hash(path)).map(|n| *n as usize)
    }

    /// An entry by its number.
    pub fn entry(&self, n: usize) -> io::Result<Entry> {
        let place = self.places.get(n).ok_or(io::ErrorKind::NotFound)?;
        let mut line = vec![0; place.length as usize];
        read_at(&self.journal, &mut line, place.start)?;
        Ok(serde_json::from_slice(&line)?)
    }

    /// Where the first `n` entries end in the journal.
    pub fn end_of(&self, n: usize) -> u64 {
        n.checked_sub(1).and_then(|last| self.places.get(last)).map_or(0, |p| p.start + u64::from(p.length))
    }

    /// Whether one of the first `first` entries of `other` has the path of the entry `n`.
    pub fn is_among(&self, n: usize, other: &Past, first: usize) -> bool {
        let found = self.places.get(n).and_then(|place| other.by_path.get(&place.path));
        found.is_some_and(|at| (*at as usize) < first)
    }

    /// Calls `take` with the bytes of a part of a shared file, piece by piece.
    pub fn part(
        &self,
        table: usize,
        (from, length): (u64, u64),
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let file = self.shared.get(table).ok_or(io::ErrorKind::NotFound)?;
        let mut piece = vec![0; PIECE.min(usize::try_from(length).unwrap_or(PIECE))];
        let mut at = from;
        while at < from + length {
            let size = PIECE.min(usize::try_from(from + length - at).unwrap_or(PIECE));
            read_at(file, &mut piece[..size], at)?;
            take(&piece[..size])?;
            at += size as u64;
        }
        Ok(())
    }
}

/// Reads at a place, without moving what other threads see as the file's position where the system can.
#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(into, at)
}

#[cfg(not(unix))]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    use std::io::{Read, Seek, SeekFrom};
    let mut file = file;
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(into)
}
