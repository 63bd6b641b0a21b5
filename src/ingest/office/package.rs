//! The parts of a zipped document.
//!
//! In: the bytes of a zip archive. Out: its parts by name, inflated within the budget; of a damaged archive what its
//! local headers still lead to. Never: writes a file, follows a path, inflates more than the limits allow.

use std::io::{Cursor, Read};

use flate2::bufread::DeflateDecoder;
use rustc_hash::FxHashMap;
use zip::ZipArchive;
use zip::read::ZipReadOptions;

use crate::ingest::{Budget, remark};
use crate::model::{Diagnostic, Severity};

/// Entries that are looked at.
const MOST_PARTS: usize = 20_000;
/// Bytes inflated between two looks at the budget.
const CHUNK: u64 = 1 << 18;

/// An opened archive.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    archive: Option<ZipArchive<Cursor<&'a [u8]>>>,
    /// Lower-case name without leading slash → index in the archive.
    index: FxHashMap<String, usize>,
    /// The same for what was found by local headers.
    salvaged: FxHashMap<String, Local>,
    /// Bytes that may still be inflated.
    left: u64,
    damaged: bool,
    full: bool,
    encrypted: bool,
}

/// A part found by its local header.
#[derive(Clone, Copy, Debug)]
struct Local {
    /// Where its bytes begin.
    start: usize,
    /// Whether they are deflated (else stored).
    deflated: bool,
    /// Stored bytes, where the header says how many.
    size: Option<usize>,
}

impl<'a> Package<'a> {
    /// Opens an archive. A damaged one may have few parts or none.
    pub fn open(bytes: &'a [u8], budget: &Budget) -> Self {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok();
        let mut package = Self {
            bytes,
            archive,
            index: FxHashMap::default(),
            salvaged: FxHashMap::default(),
            left: budget.limits.unpacked(),
            damaged: false,
            full: false,
            encrypted: false,
        };
        if let Some(archive) = &package.archive {
            for (at, name) in archive.file_names().take(MOST_PARTS).enumerate() {
                if let Ok(name) = name {
                    package.index.entry(key(&name)).or_insert(at);
                }
            }
        }
        if package.index.is_empty() {
            package.damaged = true;
            package.salvaged = locals(bytes);
        }
        package
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        let name = key(name);
        self.index.contains_key(&name) || self.salvaged.contains_key(&name)
    }

    /// The names of all parts, in lower case, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.index.keys().chain(self.salvaged.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The bytes of a part; of a damaged one those before the damage.
    pub fn read(&mut self, name: &str, budget: &mut Budget) -> Option<Vec<u8>> {
        let name = key(name);
        let read = match self.index.get(&name) {
            Some(at) => self.read_entry(*at, budget),
            None => None,
        };
        if read.is_some() || (self.index.is_empty() && !self.salvaged.contains_key(&name)) {
            return read;
        }
        if self.salvaged.is_empty() && self.index.contains_key(&name) {
            self.damaged = true;
            self.salvaged = locals(self.bytes);
        }
        let local = *self.salvaged.get(&name)?;
        self.read_local(local, budget)
    }

    fn read_entry(&mut self, at: usize, budget: &mut Budget) -> Option<Vec<u8>> {
        let options = ZipReadOptions::new();
        let entry = match self.archive.as_mut()?.by_index_with_options(at, options) {
            Ok(entry) => entry,
            Err(zip::result::ZipError::UnsupportedArchive(why)) if why.to_lowercase().contains("password") => {
                self.encrypted = true;
                return None;
            }
            Err(_) => return None,
        };
        let (out, end) = inflate(entry, self.left, budget);
        self.account(&out, end);
        (!out.is_empty() || end == End::Whole).then_some(out)
    }

    fn read_local(&mut self, local: Local, budget: &mut Budget) -> Option<Vec<u8>> {
        let rest = self.bytes.get(local.start..)?;
        let (out, end) = match (local.deflated, local.size) {
            (true, _) => inflate(DeflateDecoder::new(rest), self.left, budget),
            (false, size) => inflate(rest.get(..size.unwrap_or(0)).unwrap_or(rest), self.left, budget),
        };
        self.account(&out, end);
        Some(out)
    }

    fn account(&mut self, out: &[u8], end: End) {
        self.left = self.left.saturating_sub(out.len() as u64);
        self.damaged |= end == End::Damaged;
        self.full |= end == End::Full;
    }

    /// What went wrong so far.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut said = Vec::new();
        if self.encrypted {
            let message = "expected a document that opens without a password; save it without one".to_owned();
            said.push(remark("A0134", Severity::Error, message, None));
        }
        if self.damaged {
            let message = "expected a whole zip archive, but it is damaged; what could be unpacked was read".to_owned();
            said.push(remark("A0130", Severity::Warning, message, None));
        }
        if self.full {
            let message = "the document unpacks to more than its limits allow; the rest was left out".to_owned();
            said.push(remark("A0133", Severity::Warning, message, None));
        }
        said
    }
}

/// How reading a part ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Whole,
    Damaged,
    Full,
}

/// Reads to the end, to an error, or until the budget is spent.
fn inflate(mut from: impl Read, left: u64, budget: &mut Budget) -> (Vec<u8>, End) {
    let mut out = Vec::new();
    loop {
        let room = left.saturating_sub(out.len() as u64);
        let before = out.len();
        let result = from.by_ref().take(CHUNK.min(room)).read_to_end(&mut out);
        match result {
            Err(_) => return (out, End::Damaged),
            Ok(_) if room == 0 || budget.is_spent() => {
                let mut one = [0];
                let more = from.read(&mut one).is_ok_and(|n| n > 0);
                return (out, if more { End::Full } else { End::Whole });
            }
            Ok(_) if out.len() == before => return (out, End::Whole),
            Ok(_) => {}
        }
    }
}

/// A name as the tables hold it.
fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// The parts that local headers lead to.
fn locals(bytes: &[u8]) -> FxHashMap<String, Local> {
    const HEADER: usize = 30;
    let mut found = FxHashMap::default();
    for at in memchr::memmem::find_iter(bytes, b"PK\x03\x04").take(MOST_PARTS) {
        let Some(header) = bytes.get(at..at + HEADER) else { break };
        let number = |from: usize| usize::from(u16::from_le_bytes([header[from], header[from + 1]]));
        let (flags, method, name_len, extra) = (number(6), number(8), number(26), number(28));
        let Some(name) = bytes.get(at + HEADER..at + HEADER + name_len) else { continue };
        let size = number(18) + (number(20) << 16);
        if flags & 1 != 0 || !matches!(method, 0 | 8) {
            continue;
        }
        let start = at + HEADER + name_len + extra;
        let size = (flags & 8 == 0).then_some(size);
        found.insert(key(&String::from_utf8_lossy(name)), Local { start, deflated: method == 8, size });
    }
    found
}
