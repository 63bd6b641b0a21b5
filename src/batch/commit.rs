//! Moves a finished dataset to its place.
//!
//! In: a folder of new files, the dataset's folder on the same file system. Out: each file in its place. A mark says that
//! all new files are there: from then on, whoever comes next completes the move, however often it is broken off. While
//! files are moved the dataset has no descriptor, so that tables and records that disagree are never taken for a dataset.
//! Never: removes what no earlier run wrote; leaves half a file (a move is whole or not at all).

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use super::BatchError;
use super::draft::JOURNAL_FILE;
use super::entry::Entry;
use super::store::{HOME, NEW, failed};

/// Says that all new files are there.
const MARK: &str = "commit";
/// Names the files that have to go.
const REMOVE: &str = "remove";
/// Up to so many files are put on the disk one by one.
const FEW: usize = 64;
/// Files that stand in their place only while a dataset is whole.
const LAST: [&str; 2] = ["datapackage.json", "run.json"];

/// The files that have to go, as a list on disk.
pub struct Removals(BufWriter<File>);

impl Removals {
    /// An empty list.
    pub fn start(output: &Path) -> io::Result<Self> {
        File::create(output.join(HOME).join(REMOVE)).map(|file| Self(BufWriter::new(file)))
    }

    /// Adds a file below the dataset's folder.
    pub fn add(&mut self, file: &str) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, file)?;
        self.0.write_all(b"\n")
    }

    /// Puts the list on the disk.
    pub fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Moves the new files of `output` to their place; `others` are those that the journal does not name.
pub fn commit(output: &Path, others: &[String]) -> Result<(), BatchError> {
    let home = output.join(HOME);
    let new = home.join(NEW);
    let mut room = Room::default();
    each_file(&new, others, &mut |name| room.check(&new, output, name))?;
    let mark = home.join(MARK);
    let write = || {
        sync_all(&home)?;
        let mut file = File::create(&mark)?;
        others.iter().try_for_each(|name| writeln!(file, "{name}"))?;
        file.write_all(b"whole\n")?;
        file.sync_all()
    };
    write().map_err(|e| failed(&mark, e))?;
    move_all(output, others)
}

/// Completes what an earlier run could not, where its mark is there.
pub fn complete(output: &Path) -> Result<(), BatchError> {
    let mark = output.join(HOME).join(MARK);
    let Ok(text) = fs::read_to_string(&mark) else { return Ok(()) };
    match text.strip_suffix("whole\n") {
        Some(names) => move_all(output, &names.lines().map(str::to_owned).collect::<Vec<_>>()),
        // Broken off before it said that all is there.
        None => fs::remove_file(&mark).map_err(|e| failed(&mark, e)),
    }
}

/// Moves what is not moved yet, and clears up.
fn move_all(output: &Path, others: &[String]) -> Result<(), BatchError> {
    let home = output.join(HOME);
    let new = home.join(NEW);
    let journal = new.join(JOURNAL_FILE);
    // Where the journal is moved, everything else is.
    if journal.is_file() {
        for name in LAST.iter().filter(|name| new.join(name).is_file()) {
            gone(fs::remove_file(output.join(name))).map_err(|e| moving(&output.join(name), e))?;
        }
        let is_last = |name: &str| LAST.contains(&name);
        each_file(&new, others, &mut |name| if is_last(name) { Ok(()) } else { place(&new, output, name) })?;
        remove_listed(output).map_err(|e| moving(&home.join(REMOVE), e))?;
        LAST.iter().try_for_each(|name| place(&new, output, name))?;
        place(&new, output, JOURNAL_FILE)?;
    }
    let clear = || {
        let _ = File::open(output).and_then(|folder| folder.sync_all());
        gone(fs::remove_file(home.join(REMOVE)))?;
        gone(fs::remove_dir_all(&new))?;
        gone(fs::remove_file(home.join(MARK)))
    };
    clear().map_err(|e| moving(&home, e))
}

/// What is not there need not be removed.
pub fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn moving(path: &Path, source: io::Error) -> BatchError {
    BatchError::Move { path: path.to_path_buf(), source }
}

/// Calls `take` with the name of each new file but the journal: those of the journal's entries, then the others.
fn each_file(
    new: &Path,
    others: &[String],
    take: &mut dyn FnMut(&str) -> Result<(), BatchError>,
) -> Result<(), BatchError> {
    let path = new.join(JOURNAL_FILE);
    entries(&path, &mut |entry| entry.files.iter().try_for_each(|(name, _)| take(name)))?;
    others.iter().try_for_each(|name| take(name))
}

/// Calls `take` with each entry of a journal.
pub fn entries(journal: &Path, take: &mut dyn FnMut(Entry) -> Result<(), BatchError>) -> Result<(), BatchError> {
    let mut lines = BufReader::new(File::open(journal).map_err(|e| failed(journal, e))?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).map_err(|e| failed(journal, e))? > 0 {
        if line.starts_with(b"{\"path\"") {
            take(serde_json::from_slice(&line).map_err(|e| failed(journal, e.into()))?)?;
        }
        line.clear();
    }
    Ok(())
}

/// Looks whether there is room for files, before any is moved.
#[derive(Default)]
struct Room {
    /// The folder that was looked at last.
    folder: PathBuf,
}

impl Room {
    /// An error, where a folder stands in a file's place or a file in a folder's.
    fn check(&mut self, new: &Path, output: &Path, name: &str) -> Result<(), BatchError> {
        let to = output.join(name);
        if to.is_dir() && new.join(name).is_file() {
            let found = io::Error::new(ErrorKind::IsADirectory, "expected a file, but found a folder");
            return Err(failed(&to, found));
        }
        let above = to.parent().unwrap_or(output);
        if above == self.folder {
            return Ok(());
        }
        self.folder = above.to_path_buf();
        let folders = above.ancestors().take_while(|p| p.starts_with(output));
        match folders.filter(|p| p.symlink_metadata().is_ok()).find(|p| !p.is_dir()) {
            Some(file) => Err(BatchError::OutputIsFile(file.to_path_buf())),
            None => Ok(()),
        }
    }
}

/// Moves one file, where it is not moved yet.
fn place(new: &Path, output: &Path, name: &str) -> Result<(), BatchError> {
    let (from, to) = (new.join(name), output.join(name));
    let moved = match fs::rename(&from, &to) {
        Err(e) if e.kind() == ErrorKind::NotFound && from.is_file() => {
            fs::create_dir_all(to.parent().unwrap_or(output)).and_then(|()| fs::rename(&from, &to))
        }
        other => gone(other),
    };
    moved.map_err(|e| moving(&to, e))
}

/// Removes the listed files, none of which is new, and folders that this empties.
fn remove_listed(output: &Path) -> io::Result<()> {
    let list = match File::open(output.join(HOME).join(REMOVE)) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        other => BufReader::new(other?),
    };
    for line in list.lines() {
        let file: String = serde_json::from_str(&line?)?;
        let inside = Path::new(&file).components().all(|c| matches!(c, Component::Normal(_)));
        if !inside || fs::remove_file(output.join(&file)).is_err() {
            continue;
        }
        // `records` and `texts` themselves may go too: the move makes them again where they are needed.
        for folder in Path::new(&file).ancestors().skip(1).filter(|p| !p.as_os_str().is_empty()) {
            if fs::remove_dir(output.join(folder)).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Puts everything that was written on the disk: file by file where they are few, else in one call where there is one.
fn sync_all(home: &Path) -> io::Result<()> {
    let mut folders = vec![home.join(NEW)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
            if files.len() >= FEW {
                if sync_disk(home)? {
                    return Ok(());
                }
                sync_files(&mut files)?;
            }
        }
    }
    sync_files(&mut files)?;
    File::open(home.join(REMOVE)).map_or(Ok(()), |list| list.sync_all())
}

fn sync_files(files: &mut Vec<PathBuf>) -> io::Result<()> {
    files.drain(..).try_for_each(|path| File::open(path)?.sync_all())
}

/// Whether the system could put all of a disk's files on it at once.
#[cfg(target_os = "linux")]
fn sync_disk(home: &Path) -> io::Result<bool> {
    rustix::fs::syncfs(File::open(home)?)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn sync_disk(_: &Path) -> io::Result<bool> {
    Ok(false)
}
