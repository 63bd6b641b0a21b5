//! Files that hold documents: zip archives, mail boxes, mails with attachments.
//!
//! In: a stream of bytes and what it is. Out: its members one by one, each with its name below the container. Never:
//! opens a file, holds more than one member, trusts a size or a name that the container tells.

mod mbox;
mod zipped;

use std::io::{BufRead, Read, Seek};

use super::sniff::Format;
use crate::model::Diagnostic;

pub(crate) use zipped::open as open_zip;

/// The largest member that is taken out whole.
const LARGEST: u64 = super::MAX_BYTES as u64;

/// Bytes that can be read again.
pub(crate) trait Stream: BufRead + Seek + Send {}
impl<T: BufRead + Seek + Send> Stream for T {}

/// What a container holds.
#[derive(Debug)]
pub(crate) struct Member {
    /// What stands behind the container's path: `/inner/a.txt`, `#3`.
    pub name: String,
    /// Findings that are known before it is read.
    pub notes: Vec<Diagnostic>,
    /// What was taken out.
    pub taken: Taken,
}

/// What was taken out of a container.
#[derive(Debug)]
pub(crate) enum Taken {
    /// The member's own bytes.
    Bytes(Vec<u8>),
    /// It is no document, as the container tells.
    Skip(&'static str),
    /// It cannot be taken out.
    Fail(Diagnostic),
}

/// What may still be unpacked of all that lies in one file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    /// Bytes.
    pub bytes: u64,
    /// Members.
    pub members: u64,
}

/// Members that one file may hold, containers inside it included.
pub(crate) const MOST_MEMBERS: u64 = 100_000;
/// How deep containers may lie in each other.
pub(crate) const DEEPEST: usize = 3;

/// An open container.
pub(crate) enum Container {
    /// A zip archive.
    Zip(zipped::Zip),
    /// A mail box.
    Mbox(mbox::Mbox),
    /// What a mail carries.
    Parts(std::vec::IntoIter<Member>),
}

impl Container {
    /// Opens a container; nothing where the format is none.
    pub fn open(format: Format, source: Box<dyn Stream>) -> Option<Result<Self, Diagnostic>> {
        match format {
            Format::Zip => Some(zipped::Zip::open(source).map(Container::Zip)),
            Format::Mbox => Some(Ok(Container::Mbox(mbox::Mbox::new(source)))),
            _ => None,
        }
    }

    /// The next member; an error is a finding about the container, and its end.
    pub fn next(&mut self, quota: &mut Quota) -> Option<Result<Member, Diagnostic>> {
        match self {
            Container::Zip(zip) => zip.next(quota),
            Container::Mbox(mbox) => mbox.next(),
            Container::Parts(parts) => parts.next().map(Ok),
        }
    }
}

/// Reads at most `most` bytes; whether that was all.
fn read_at_most(from: &mut impl Read, most: u64) -> std::io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > most { (Vec::new(), false) } else { (bytes, true) })
}
