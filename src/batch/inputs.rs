//! The inputs of a run, one by one.
//!
//! In: files and folders as the caller gave them, a list of more. Out: each file with its path in the dataset, in sorted
//! order; what cannot be read, as that. Never: follows a link inside a folder, opens a file, holds the whole list.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, Walk, WalkBuilder};

use super::names::{Names, below};
use super::{BatchError, List, Target};
use crate::diag::finding;
use crate::model::Diagnostic;

/// Extensions of the files that are read; a file without extension is read too.
pub const EXTENSIONS: &[&str] = &[
    ".txt",
    ".text",
    ".md",
    ".markdown",
    ".docx",
    ".docm",
    ".dotx",
    ".odt",
    ".ott",
    ".fodt",
    ".rtf",
    ".pdf",
    "no extension",
];

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
    /// Where it is; nothing for standard input.
    pub file: Option<PathBuf>,
    /// Path in the dataset.
    pub name: String,
    /// What is to be done with it.
    pub plan: Plan,
}

/// What is to be done with an input.
#[derive(Debug)]
pub enum Plan {
    /// Read it; findings that are known before.
    Read(Vec<Diagnostic>),
    /// It cannot be read.
    Fail(Diagnostic),
    /// It stands in a folder, in a format that is not read.
    Unsupported,
    /// It stands in a folder and is left out.
    Skip(&'static str),
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
    Inputs::new(inputs.to_vec(), None, None).count() as u64
}

/// Gives the inputs one by one.
pub struct Inputs {
    given: std::vec::IntoIter<Given>,
    list: Option<List>,
    walk: Option<(PathBuf, Walk)>,
    output: Option<PathBuf>,
    names: Names,
    roots: HashSet<PathBuf>,
}

impl Inputs {
    /// The files of these inputs, those of the list after them; nothing below `output`.
    pub fn new(given: Vec<Given>, list: Option<List>, output: Option<PathBuf>) -> Self {
        Self { given: given.into_iter(), list, walk: None, output, names: Names::default(), roots: HashSet::new() }
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
        let plan = if is_read(&path) { Plan::Read(Vec::new()) } else { Plan::Fail(unsupported(&path)) };
        Some(self.input(&parent, path, plan))
    }

    fn input(&mut self, root: &Path, path: PathBuf, mut plan: Plan) -> Input {
        let (mut name, odd) = below(root, &path);
        if matches!(plan, Plan::Read(_) | Plan::Fail(_)) {
            name = self.names.unique(name, &path);
        }
        if let (true, Plan::Read(notes)) = (odd, &mut plan) {
            notes.push(finding("A0112", "expected a name in UTF-8 without control characters"));
        }
        Input { file: Some(path), name, plan }
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(input) = self.walked() {
                return Some(Ok(input));
            }
            let path = match (self.given.next(), self.list.as_mut()) {
                (Some(Given::Path(path)), _) => path,
                (Some(Given::Stdin), _) => {
                    let name = self.names.unique("stdin".into(), Path::new("stdin"));
                    return Some(Ok(Input { file: None, name, plan: Plan::Read(Vec::new()) }));
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
    Some(match (kind.is_file(), is_read(entry.path())) {
        (false, _) => Plan::Skip("no regular file"),
        (true, true) => Plan::Read(Vec::new()),
        (true, false) => Plan::Unsupported,
    })
}

fn is_read(path: &Path) -> bool {
    let Some(extension) = path.extension() else { return true };
    let extension = format!(".{}", extension.to_string_lossy().to_lowercase());
    EXTENSIONS.contains(&extension.as_str())
}

fn unsupported(path: &Path) -> Diagnostic {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    finding("A0108", format!("expected {}, but found .{extension}", EXTENSIONS.join(", ")))
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
