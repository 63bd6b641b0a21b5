//! The inputs of a run, one by one.
//!
//! In: files and folders as the caller gave them, a list of more. Out: each document with its path in the dataset, in
//! sorted order, members of containers in the place of their container; what cannot be read, as that. Never: follows a
//! link inside a folder, holds the whole list or more than one document of it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, Walk, WalkBuilder};

use super::members::{Found, Opened, Step, look_into, too_deep};
use super::names::{Names, below, cleaned};
use super::{BatchError, List, Shard, Target};
use crate::diag::finding;
use crate::ingest::Limits;
use crate::ingest::container::Taken;
use crate::model::Diagnostic;

/// What is read, in the words of messages. What a file is, its content decides.
pub const FORMATS: &str = "text, Markdown, HTML, PDF, DOCX, ODT, RTF, mail, mail boxes, zip archives of these";

/// An input as the caller gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A file or folder.
    Path(PathBuf),
    /// The document that standard input holds.
    Stdin,
}

/// An input of the run.
#[derive(Debug)]
pub struct Input {
    /// Where its bytes are.
    pub origin: Origin,
    /// Number of the input; members of a container have that of the container.
    pub at: u64,
    /// Path in the dataset.
    pub name: String,
    /// Whether the caller named it; else it was met in a folder or container.
    pub named: bool,
    /// What is to be done with it.
    pub plan: Plan,
}

/// Where the bytes of an input are.
#[derive(Debug)]
pub enum Origin {
    /// In a file.
    File(PathBuf),
    /// In hand; the whole of a small file.
    Bytes(Vec<u8>),
    /// In hand, taken out of a container.
    Member(Vec<u8>),
    /// In standard input.
    Stdin,
    /// Nowhere.
    Nowhere,
}

impl Origin {
    /// Bytes that it holds in memory.
    pub fn held(&self) -> usize {
        match self {
            Origin::Bytes(bytes) | Origin::Member(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

/// What is to be done with an input.
#[derive(Debug)]
pub enum Plan {
    /// Read it; findings that are known before.
    Read(Vec<Diagnostic>),
    /// It cannot be read.
    Fail(Diagnostic),
    /// It stands in a folder, in a format that is not read; what to do.
    Unsupported(String),
    /// It stands in a folder and is left out.
    Skip(&'static str),
    /// It is a container; so many members were taken out of it.
    Unpacked(u64),
}

/// An error, where the output is one of the inputs.
pub fn check_apart(inputs: &[Given], target: &Target) -> Result<(), BatchError> {
    let Target::Folder { path, .. } = target else { return Ok(()) };
    let Ok(output) = path.canonicalize() else { return Ok(()) };
    let same = |g: &&Given| matches!(g, Given::Path(p) if p.canonicalize().is_ok_and(|p| p == output && p.is_dir()));
    match inputs.iter().find(same) {
        Some(_) => Err(BatchError::OutputIsInput(path.clone())),
        None => Ok(()),
    }
}

/// How many files a run over these inputs will see.
pub fn count(inputs: &[Given]) -> u64 {
    let unopened = Inputs { opens: false, ..Inputs::new(inputs.to_vec(), None, None, &Limits::default()) };
    unopened.count() as u64
}

/// Gives the inputs one by one.
pub struct Inputs {
    given: std::vec::IntoIter<Given>,
    list: Option<List>,
    walk: Option<(PathBuf, Walk)>,
    output: Option<PathBuf>,
    names: Names,
    roots: HashSet<PathBuf>,
    opened: Opened,
    /// Whether files are looked into.
    opens: bool,
    /// Which of them are wanted.
    shard: Option<Shard>,
    /// Inputs so far that are no members of containers.
    met: u64,
}

impl Inputs {
    /// The files of these inputs, those of the list after them; nothing below `output`.
    pub fn new(given: Vec<Given>, list: Option<List>, output: Option<PathBuf>, limits: &Limits) -> Self {
        let given = given.into_iter();
        let (names, roots, opened) = (Names::default(), HashSet::new(), Opened::new(limits));
        Self { given, list, walk: None, output, names, roots, opened, opens: true, shard: None, met: 0 }
    }

    /// Only a part of them.
    pub fn only(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// The next input that is no member of a container, as it stands, and is wanted.
    fn unopened(&mut self) -> Option<Result<Input, BatchError>> {
        loop {
            let mut next = self.any()?;
            let at = self.met;
            self.met += 1;
            if self.shard.is_none_or(|shard| shard.holds(at)) {
                if let Ok(input) = &mut next {
                    input.at = at;
                }
                return Some(next);
            }
        }
    }

    /// The next input that is no member of a container, as it stands.
    fn any(&mut self) -> Option<Result<Input, BatchError>> {
        loop {
            if let Some(input) = self.walked() {
                return Some(Ok(input));
            }
            let path = match (self.given.next(), self.list.as_mut()) {
                (Some(Given::Path(path)), _) => path,
                (Some(Given::Stdin), _) => {
                    let name = self.names.unique("stdin".into(), Path::new("stdin"));
                    let plan = Plan::Read(Vec::new());
                    return Some(Ok(Input { at: 0, origin: Origin::Stdin, name, named: true, plan }));
                }
                (None, None) => return None,
                (None, Some(list)) => match list.next()? {
                    Ok(path) => path,
                    Err(error) => return Some(Err(BatchError::List(error))),
                },
            };
            if let Some(input) = self.named(path) {
                return Some(Ok(input));
            }
        }
    }

    /// Looks into an input: a container is open from now on; nothing where it has no row of its own yet.
    fn look_into(&mut self, input: Input) -> Option<Input> {
        let Plan::Read(_) = &input.plan else { return Some(input) };
        match look_into(input.origin, &input.name, input.named) {
            Found::Document(origin) => Some(Input { origin, ..input }),
            Found::Failed(why) => Some(Input { origin: Origin::Nowhere, plan: Plan::Fail(why), ..input }),
            Found::Unsupported(advice) => {
                Some(Input { origin: Origin::Nowhere, plan: Plan::Unsupported(advice), ..input })
            }
            Found::Container(_) if self.opened.is_full() => {
                Some(Input { origin: Origin::Nowhere, plan: Plan::Fail(too_deep()), ..input })
            }
            Found::Container(container) => {
                self.opened.push(container, input.name);
                None
            }
            Found::Mail(origin, parts) => {
                self.opened.push_parts(parts, input.name.clone());
                Some(Input { origin, ..input })
            }
        }
    }

    /// The next member of the container in hand, or the row of one that is at its end.
    fn member(&mut self) -> Option<Input> {
        let (container, step) = self.opened.next()?;
        let at = self.met.saturating_sub(1);
        let origin = Origin::Nowhere;
        let member = match step {
            Step::Member(member) => member,
            Step::End(members, why) => {
                let plan = why.map_or(Plan::Unpacked(members), Plan::Fail);
                return Some(Input { at, origin, name: container, named: false, plan });
            }
        };
        let (below, odd) = cleaned(&member.name);
        let name = format!("{container}{below}");
        let name = self.names.unique(name.clone(), Path::new(&name));
        let mut notes = member.notes;
        notes.extend(odd.then(odd_name));
        let (origin, plan) = match member.taken {
            Taken::Bytes(bytes) => (Origin::Member(bytes), Plan::Read(notes)),
            Taken::Skip(reason) => (origin, Plan::Skip(reason)),
            Taken::Fail(why) => (origin, Plan::Fail(why)),
        };
        Some(Input { at, origin, name, named: false, plan })
    }

    /// The next file of the folder in hand.
    fn walked(&mut self) -> Option<Input> {
        let (root, walk) = self.walk.as_mut()?;
        let root = root.clone();
        for entry in walk.by_ref() {
            let found = match entry {
                Ok(entry) => look_at(&entry).map(|plan| (entry.into_path(), plan)),
                Err(error) => Some(unreadable(&root, error)),
            };
            if let Some((path, plan)) = found {
                return Some(self.input(&root, path, plan));
            }
        }
        self.walk = None;
        None
    }

    /// A file or folder that the caller named. A folder is walked from now on; one that was named before is left out.
    fn named(&mut self, path: PathBuf) -> Option<Input> {
        let parent = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let meta = match std::fs::metadata(&path) {
            Ok(meta) => meta,
            Err(error) => return Some(self.input(&parent, path, Plan::Fail(cannot_read(&error)))),
        };
        if let Ok(canonical) = path.canonicalize()
            && !self.roots.insert(canonical)
        {
            return None;
        }
        if meta.is_dir() {
            let walk = walk(&path, self.output.clone());
            self.walk = Some((path, walk));
            return None;
        }
        Some(Input { named: true, ..self.input(&parent, path, Plan::Read(Vec::new())) })
    }

    fn input(&mut self, root: &Path, path: PathBuf, mut plan: Plan) -> Input {
        let (mut name, odd) = below(root, &path);
        if matches!(plan, Plan::Read(_) | Plan::Fail(_)) {
            name = self.names.unique(name, &path);
        }
        if let (true, Plan::Read(notes)) = (odd, &mut plan) {
            notes.push(odd_name());
        }
        Input { at: 0, origin: Origin::File(path), name, named: false, plan }
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = match self.member() {
                Some(member) => Some(Ok(member)),
                None => self.unopened(),
            };
            match next? {
                Ok(input) if self.opens => match self.look_into(input) {
                    Some(input) => return Some(Ok(input)),
                    None => continue,
                },
                other => return Some(other),
            }
        }
    }
}

/// Everything below a folder in sorted order, but for hidden files and the output.
fn walk(root: &Path, output: Option<PathBuf>) -> Walk {
    let wanted = move |entry: &DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
        let is_output = output.as_ref().is_some_and(|output| {
            output.file_name() == Some(entry.file_name())
                && entry.path().canonicalize().is_ok_and(|path| path == *output)
        });
        !hidden && !is_output
    };
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).follow_links(false).sort_by_file_name(|a, b| a.cmp(b)).filter_entry(wanted);
    builder.build()
}

/// What is to be done with an entry of a folder; nothing for folders.
fn look_at(entry: &DirEntry) -> Option<Plan> {
    let kind = entry.file_type()?;
    if kind.is_dir() || entry.depth() == 0 {
        return None;
    }
    if kind.is_symlink() {
        return Some(match std::fs::metadata(entry.path()) {
            Ok(_) => Plan::Skip("link; name its target as an input"),
            Err(error) => Plan::Fail(finding("A0111", format!("expected a link that leads to a file, but {error}"))),
        });
    }
    Some(if kind.is_file() { Plan::Read(Vec::new()) } else { Plan::Skip("no regular file") })
}

fn odd_name() -> Diagnostic {
    finding("A0112", "expected a name in UTF-8 without control characters")
}

/// The finding for a file that the system does not give.
pub fn cannot_read(error: &std::io::Error) -> Diagnostic {
    finding("A0111", error.to_string())
}

/// What the walk could not read: the path, as far as it is known, and why.
fn unreadable(root: &Path, error: ignore::Error) -> (PathBuf, Plan) {
    let path = path_of(&error).map_or_else(|| root.to_path_buf(), Path::to_path_buf);
    let why = match error.io_error() {
        // The error's own words name the path again.
        Some(io) => cannot_read(&io.kind().into()),
        None => finding("A0111", error.to_string()),
    };
    (path, Plan::Fail(why))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}
