//! Containers that are open: the members of archives, mail boxes and mails, one by one.
//!
//! In: where an input's bytes are. Out: whether it is a document, a container or neither; members in order, and a last
//! word on each container. Never: holds more than the member in hand, goes deeper or unpacks more than it may.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::inputs::{Origin, cannot_read};
use crate::diag::finding;
use crate::ingest::container::{Container, DEEPEST, MOST_MEMBERS, Member, Quota, Stream, Taken};
use crate::ingest::sniff::{Format, HEAD, detect, package};
use crate::ingest::{Limits, MAX_BYTES, attachments};
use crate::model::Diagnostic;

/// What an input turns out to be.
pub(super) enum Found {
    /// A document.
    Document(Origin),
    /// It cannot be read.
    Failed(Diagnostic),
    /// A format that is not read; what to do.
    Unsupported(String),
    /// A container of documents.
    Container(Container),
    /// A mail, and what it carries.
    Mail(Origin, Vec<Member>),
}

/// What comes next of the containers in hand.
pub(super) enum Step {
    /// A member.
    Member(Member),
    /// The container is at its end; so many members were taken out, and why there are no more of them.
    End(u64, Option<Diagnostic>),
}

/// The containers in hand, each inside the one before.
pub(super) struct Opened {
    layers: Vec<Layer>,
    quota: Quota,
    full: Quota,
}

struct Layer {
    container: Container,
    /// Path in the dataset.
    name: String,
    members: u64,
    is_mail: bool,
}

impl Opened {
    /// None yet.
    pub fn new(limits: &Limits) -> Self {
        let full = Quota { bytes: limits.memory, members: MOST_MEMBERS };
        Self { layers: Vec::new(), quota: full, full }
    }

    /// Whether no container may be opened inside the one in hand.
    pub fn is_full(&self) -> bool {
        self.layers.len() >= DEEPEST
    }

    /// Opens a container.
    pub fn push(&mut self, container: Container, name: String) {
        let is_mail = matches!(container, Container::Parts(_));
        if self.layers.is_empty() {
            self.quota = self.full;
        }
        self.layers.push(Layer { container, name, members: 0, is_mail });
    }

    /// Opens what a mail carries; too deep inside others it cannot be read.
    pub fn push_parts(&mut self, mut parts: Vec<Member>, name: String) {
        if self.is_full() {
            parts.iter_mut().for_each(|part| part.taken = Taken::Fail(too_deep()));
        }
        self.push(Container::Parts(parts.into_iter()), name);
    }

    /// What comes next, with the path of its container.
    pub fn next(&mut self) -> Option<(String, Step)> {
        loop {
            let layer = self.layers.last_mut()?;
            let why = match layer.container.next(&mut self.quota) {
                Some(Ok(member)) => {
                    layer.members += 1;
                    return Some((layer.name.clone(), Step::Member(member)));
                }
                Some(Err(why)) => Some(why),
                None => None,
            };
            let layer = self.layers.pop()?;
            if !layer.is_mail || why.is_some() {
                return Some((layer.name, Step::End(layer.members, why)));
            }
        }
    }
}

/// The finding for a container that lies too deep inside others.
pub(super) fn too_deep() -> Diagnostic {
    finding("A0146", format!("expected at most {DEEPEST} containers inside each other"))
}

/// Looks what an input is.
pub(super) fn look_into(origin: Origin, name: &str, named: bool) -> Found {
    match origin {
        Origin::File(path) => file(path, name, named),
        Origin::Stdin => whole(io::stdin().lock(), name, named),
        Origin::Bytes(bytes) => in_hand(bytes, name, named, Origin::Bytes),
        Origin::Member(bytes) => in_hand(bytes, name, named, Origin::Member),
        Origin::Nowhere => Found::Document(Origin::Nowhere),
    }
}

fn file(path: PathBuf, name: &str, named: bool) -> Found {
    let opened = File::open(&path).and_then(|file| file.metadata().map(|meta| (file, meta)));
    let (mut file, meta) = match opened {
        Ok(opened) => opened,
        Err(error) => return Found::Failed(cannot_read(&error)),
    };
    if !meta.is_file() {
        return whole(file, name, named);
    }
    let mut head = Vec::new();
    if let Err(error) = Read::take(&mut file, HEAD as u64).read_to_end(&mut head) {
        return Found::Failed(cannot_read(&error));
    }
    if head.len() < HEAD {
        return in_hand(head, name, named, Origin::Bytes);
    }
    let mut format = detect(&head, name);
    let start = |file: &mut File| file.seek(SeekFrom::Start(0)).is_ok();
    if head.starts_with(b"PK") && start(&mut file) {
        format = package(BufReader::new(&mut file)).unwrap_or(format);
    }
    match format {
        Format::Other(known) if !named => Found::Unsupported(known.told()),
        Format::Mail if meta.len() <= MAX_BYTES as u64 && start(&mut file) => whole(file, name, named),
        Format::Zip | Format::Mbox if start(&mut file) => container(format, Box::new(BufReader::new(file))),
        _ => Found::Document(Origin::File(path)),
    }
}

/// Reads what cannot be read twice.
fn whole(from: impl Read, name: &str, named: bool) -> Found {
    let mut bytes = Vec::new();
    match from.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes) {
        Err(error) => Found::Failed(cannot_read(&error)),
        Ok(n) if n > MAX_BYTES => Found::Failed(finding("A0106", format!("expected at most {} MB", MAX_BYTES >> 20))),
        Ok(_) => in_hand(bytes, name, named, Origin::Bytes),
    }
}

fn in_hand(bytes: Vec<u8>, name: &str, named: bool, origin: fn(Vec<u8>) -> Origin) -> Found {
    match detect(&bytes, name) {
        Format::Other(known) if !named => Found::Unsupported(known.told()),
        format @ (Format::Zip | Format::Mbox) => container(format, Box::new(Cursor::new(bytes))),
        Format::Mail => {
            let parts = attachments(&bytes);
            if parts.is_empty() { Found::Document(origin(bytes)) } else { Found::Mail(origin(bytes), parts) }
        }
        _ => Found::Document(origin(bytes)),
    }
}

fn container(format: Format, source: Box<dyn Stream>) -> Found {
    match Container::open(format, source) {
        Some(Ok(container)) => Found::Container(container),
        Some(Err(why)) => Found::Failed(why),
        None => Found::Document(Origin::Nowhere),
    }
}
