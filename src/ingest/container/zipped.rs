//! Zip archives of documents.
//!
//! In: an archive. Out: its files one by one in the order of their names. Never: lets a name leave the archive, unpacks
//! more than the quota, takes memory for what the archive only claims to hold.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::read::Config;
use zip::result::ZipError;

use super::{LARGEST, MOST_MEMBERS, Member, Quota, Stream, Taken, read_at_most};
use crate::diag::finding;
use crate::model::Diagnostic;

/// A zip archive and what is left of it.
pub(crate) struct Zip {
    archive: ZipArchive<Box<dyn Stream>>,
    /// Cleaned names and indexes, in order.
    files: std::vec::IntoIter<(Vec<String>, bool, usize)>,
    ended: bool,
}

/// Opens an archive whose directory is of a sane size.
pub(crate) fn open<R: Read + Seek>(mut source: R) -> Result<ZipArchive<R>, Diagnostic> {
    let entries = told_entries(&mut source).map_err(|e| damaged(&e.into()))?;
    if entries > MOST_MEMBERS {
        let message = format!("expected at most {MOST_MEMBERS} members, but the archive tells of {entries}");
        return Err(finding("A0146", message));
    }
    ZipArchive::with_config(Config::default(), source).map_err(|e| damaged(&e))
}

/// How many entries the end of the archive tells of; the most that any such record in the tail says.
fn told_entries<R: Read + Seek>(source: &mut R) -> std::io::Result<u64> {
    const TAIL: u64 = 22 + 65_535 + 20 + 56;
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    source.by_ref().take(TAIL).read_to_end(&mut tail)?;
    source.seek(SeekFrom::Start(0))?;
    let number = |at: usize, bytes: usize| {
        let field = tail.get(at..at + bytes).unwrap_or_default();
        field.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b))
    };
    let short = memchr::memmem::find_iter(&tail, b"PK\x05\x06").map(|at| number(at + 10, 2));
    let long = memchr::memmem::find_iter(&tail, b"PK\x06\x06").map(|at| number(at + 32, 8));
    Ok(short.chain(long).max().unwrap_or(0))
}

fn damaged(error: &ZipError) -> Diagnostic {
    finding("A0141", error.to_string())
}

impl Zip {
    /// Opens an archive.
    pub fn open(source: Box<dyn Stream>) -> Result<Self, Diagnostic> {
        let archive = open(source)?;
        let mut files = Vec::new();
        for index in 0..archive.len() {
            let Ok(entry) = archive.by_index_data(index) else { continue };
            let name = entry
                .name()
                .map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), |name| name.into_owned());
            if entry.is_dir() || name.ends_with(['/', '\\']) {
                continue;
            }
            let (parts, odd) = inside(&name);
            // Hidden files are left out, as in folders; so is what one system adds for itself.
            let is_hidden = parts.iter().any(|p| p.starts_with('.')) || parts.first().is_some_and(|p| p == "__MACOSX");
            if !is_hidden && !parts.is_empty() {
                files.push((parts, odd, index));
            }
        }
        files.sort();
        Ok(Self { archive, files: files.into_iter(), ended: false })
    }

    /// The next file.
    pub fn next(&mut self, quota: &mut Quota) -> Option<Result<Member, Diagnostic>> {
        if self.ended {
            return None;
        }
        let (parts, odd, index) = self.files.next()?;
        if quota.members == 0 || quota.bytes == 0 {
            self.ended = true;
            let left = self.files.len() + 1;
            let message = format!("expected less to unpack (--max-memory); {left} members are not read");
            return Some(Err(finding("A0146", message)));
        }
        quota.members -= 1;
        let notes = if odd { vec![finding("A0144", "expected a name inside the archive")] } else { Vec::new() };
        Some(Ok(Member { name: format!("/{}", parts.join("/")), notes, taken: self.take(index, quota) }))
    }

    fn take(&mut self, index: usize, quota: &mut Quota) -> Taken {
        let is_secret = self.archive.by_index_data(index).is_ok_and(|entry| entry.encrypted());
        if is_secret {
            return Taken::Fail(finding("A0142", "expected a member that can be read without a password"));
        }
        let most = LARGEST.min(quota.bytes);
        let read = self.archive.by_index(index).map_err(|e| damaged(&e)).and_then(|mut file| {
            if file.is_symlink() {
                return Ok(None);
            }
            read_at_most(&mut file, most).map(Some).map_err(|e| damaged(&e.into()))
        });
        match read {
            Ok(None) => Taken::Skip("link; name its target as an input"),
            Ok(Some((bytes, true))) => {
                quota.bytes -= bytes.len() as u64;
                Taken::Bytes(bytes)
            }
            Ok(Some((_, false))) => {
                quota.bytes -= most;
                Taken::Fail(finding("A0106", format!("expected at most {} MB", most >> 20)))
            }
            Err(why) => {
                quota.bytes = quota.bytes.saturating_sub(1 << 20);
                Taken::Fail(why)
            }
        }
    }
}

/// The parts of a member's name that lie inside the archive, and whether the name would have led out of it.
fn inside(name: &str) -> (Vec<String>, bool) {
    let mut odd = name.starts_with(['/', '\\']);
    let mut parts = Vec::new();
    for part in name.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => odd = true,
            drive if parts.is_empty() && drive.len() == 2 && drive.ends_with(':') => odd = true,
            part => parts.push(part.to_owned()),
        }
    }
    (parts, odd)
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn names_stay_inside() {
        let named = |name: &str| {
            let (parts, odd) = inside(name);
            (parts.join("/"), odd)
        };
        assert_eq!(named("a/b.txt"), ("a/b.txt".into(), false));
        assert_eq!(named("./a//b.txt"), ("a/b.txt".into(), false));
        assert_eq!(named("../../etc/b.txt"), ("etc/b.txt".into(), true));
        assert_eq!(named("/etc/b.txt"), ("etc/b.txt".into(), true));
        assert_eq!(named("C:\\docs\\b.txt"), ("docs/b.txt".into(), true));
        assert_eq!(named(".."), (String::new(), true));
    }
}
