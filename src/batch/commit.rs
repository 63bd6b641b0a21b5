//! Moves a finished dataset to its place.
//!
//! In: a folder of new files, the dataset's folder on the same file system. Out: each file in its place, `run.json` last;
//! records of the earlier run whose input is gone are removed. Never: removes what no earlier run wrote; leaves half a
//! file (a move is whole or not at all).

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::BatchError;
use super::report::earlier;
use super::store::failed;
use crate::emit::{record_file, text_file};

/// Moves everything below `new` to `output`.
pub fn commit(new: &Path, output: &Path) -> Result<(), BatchError> {
    each_file(new, &mut |path| room_for(new, output, path))?;
    // A report that cannot be read names nothing that would have to go.
    let _ = earlier(&output.join("run.json"), |path| remove_stale(new, output, path));
    each_file(new, &mut |path| if path == new.join("run.json") { Ok(()) } else { place(new, output, path) })?;
    place(new, output, &new.join("run.json"))?;
    let _ = fs::File::open(output).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Calls `take` with each file below a folder.
fn each_file(folder: &Path, take: &mut dyn FnMut(&Path) -> Result<(), BatchError>) -> Result<(), BatchError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    for entry in entries.map_err(|e| failed(folder, e))? {
        let path = entry.path();
        if path.is_dir() {
            each_file(&path, take)?;
        } else {
            take(&path)?;
        }
    }
    Ok(())
}

fn target(new: &Path, output: &Path, path: &Path) -> PathBuf {
    output.join(path.strip_prefix(new).unwrap_or(path))
}

/// An error, where a folder stands in a file's place or a file in a folder's. Found before anything is moved.
fn room_for(new: &Path, output: &Path, path: &Path) -> Result<(), BatchError> {
    let to = target(new, output, path);
    if to.is_dir() {
        let found = io::Error::new(io::ErrorKind::IsADirectory, "expected a file, but found a folder");
        return Err(failed(&to, found));
    }
    let above = to.ancestors().skip(1).take_while(|p| p.starts_with(output));
    match above.filter(|p| p.symlink_metadata().is_ok()).find(|p| !p.is_dir()) {
        Some(file) => Err(BatchError::OutputIsFile(file.to_path_buf())),
        None => Ok(()),
    }
}

fn place(new: &Path, output: &Path, path: &Path) -> Result<(), BatchError> {
    let to = target(new, output, path);
    let parent = to.parent().unwrap_or(output);
    fs::create_dir_all(parent)
        .and_then(|()| fs::rename(path, &to))
        .map_err(|source| BatchError::Move { path: to, source })
}

/// Removes the files of an earlier run's input that the new run does not write, and folders that this empties.
fn remove_stale(new: &Path, output: &Path, input: &str) {
    for file in [record_file(input), text_file(input)] {
        let inside = Path::new(&file).components().all(|c| matches!(c, Component::Normal(_)));
        if !inside || new.join(&file).exists() || fs::remove_file(output.join(&file)).is_err() {
            continue;
        }
        // `records` and `texts` themselves may go too: the move makes them again where they are needed.
        for folder in Path::new(&file).ancestors().skip(1).filter(|p| !p.as_os_str().is_empty()) {
            if fs::remove_dir(output.join(folder)).is_err() {
                break;
            }
        }
    }
}
