//! A dataset in the making. Everything is written to a hidden folder inside the output and is moved to its place only
//! when all of it is there.
//!
//! In: documents and rows, or the word that an earlier run has them. Out: a dataset. Never: touches an earlier dataset
//! before the new one is complete; loses what a run has done that was stopped or killed.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::adopt::{add, adopt};
use super::commit::{Removals, commit, complete, gone};
use super::desk::Desk;
use super::draft::{DOUBTS_FILE, Draft, JOURNAL_FILE, Lines};
use super::entry::{Entry, run_key};
use super::past::Past;
use super::report::{self, earlier, made};
use super::work::Done;
use super::{About, BatchError, Summary};
use crate::emit::{DATASET, Doubt, Emitter, Parts, emitters, record_file, text_file};

/// The hidden folder of a dataset.
pub const HOME: &str = ".agendata";
/// Where the new files are, below the hidden folder.
pub const NEW: &str = "new";
/// Held locked by the run that writes.
const LOCK: &str = "lock";

/// What a run does to a dataset.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Whether the folder may hold files that no earlier run wrote.
    pub force: bool,
    /// Whether what an earlier run wrote goes where its input is met no more.
    pub prune: bool,
    /// Whether everything is read again.
    pub fresh: bool,
}

/// A dataset in the making.
pub struct Store {
    output: PathBuf,
    earlier: bool,
    manner: Manner,
    emitters: Vec<Box<dyn Emitter>>,
    names: Vec<String>,
    head: Value,
    run_key: [u8; 32],
    past: Option<Arc<Past>>,
    /// Entries of the earlier journal that this run met.
    met: Vec<bool>,
    /// How many entries are as the earlier journal has them, while all are; then nothing is written.
    same: Option<usize>,
    draft: Option<Draft>,
    // Declared last: the lock is given back after everything else.
    place: Place,
}

/// A dataset's folder, held by one run.
pub struct Place {
    output: PathBuf,
    /// Whether it is empty and was made by this run.
    created: bool,
    _lock: File,
}

impl Place {
    /// Takes the folder for this run alone. What an earlier run left undone is done first.
    pub fn take(output: PathBuf, force: bool) -> Result<Self, BatchError> {
        let created = !output.exists();
        if !created && !output.is_dir() {
            return Err(BatchError::OutputIsFile(output));
        }
        let home = output.join(HOME);
        let ours = is_dataset(&output) || home.join(LOCK).is_file();
        if !created && !ours && !force && holds_files(&output).map_err(|e| failed(&output, e))? {
            return Err(BatchError::OutputForeign(output));
        }
        fs::create_dir_all(&home).map_err(|e| blocked(&output, e))?;
        let lock = lock(&output, &home)?;
        settle(&output)?;
        Ok(Self { output, created, _lock: lock })
    }

    /// The folder.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// Where the new files are.
    pub fn new_folder(&self) -> PathBuf {
        self.output.join(HOME).join(NEW)
    }

    /// Whether it holds a dataset.
    fn is_dataset(&self) -> bool {
        is_dataset(&self.output)
    }

    /// What an earlier run left.
    pub fn past(&self, names: &[String]) -> Option<Past> {
        let journal = self.output.join(JOURNAL_FILE);
        self.is_dataset().then(|| Past::open(&journal, &self.output, names, true)).flatten()
    }

    /// The folder is there to stay.
    pub fn keep(mut self) {
        self.created = false;
    }
}

impl Drop for Place {
    /// A folder that was made for nothing goes.
    fn drop(&mut self) {
        if self.created {
            let _ = fs::remove_dir_all(self.output.join(HOME));
            let _ = fs::remove_dir(&self.output);
        }
    }
}

fn is_dataset(output: &Path) -> bool {
    ["run.json", "datapackage.json"].iter().any(|f| output.join(f).is_file())
}

impl Store {
    /// Makes ready to write a dataset to `output`. What an earlier run left undone is done first.
    pub fn open(output: PathBuf, manner: Manner, about: &About) -> Result<Self, BatchError> {
        let place = Place::take(output, manner.force)?;
        let emitters = emitters(DATASET);
        let names = names(&emitters);
        let past = place.past(&names).map(Arc::new);
        let mut store = Self {
            head: report::head(about),
            run_key: run_key(about),
            met: past.as_ref().map_or(Vec::new(), |past| vec![false; past.len()]),
            same: None,
            draft: None,
            output: place.output.clone(),
            earlier: place.is_dataset(),
            manner,
            emitters,
            names,
            past,
            place,
        };
        store.begin()?;
        Ok(store)
    }

    /// Starts the new files, or waits with that where it may turn out that nothing has changed.
    fn begin(&mut self) -> Result<(), BatchError> {
        let whole = |f: &&str| self.output.join(f).is_file();
        let same_head = self.past.as_ref().is_some_and(|past| past.head["about"] == self.head && !past.stopped);
        if same_head && ["run.json", "datapackage.json", "review.csv"].iter().all(whole) {
            self.same = Some(0);
            return Ok(());
        }
        self.draft = Some(self.start()?);
        Ok(())
    }

    fn start(&self) -> Result<Draft, BatchError> {
        let new = self.new_folder();
        Draft::start(&new, &self.names, &self.head).map_err(|e| failed(&new, e))
    }

    fn new_folder(&self) -> PathBuf {
        self.place.new_folder()
    }

    /// The dataset's folder.
    pub fn folder(&self) -> &Path {
        &self.output
    }

    /// What workers need of it.
    pub fn desk(&self) -> Desk {
        Desk {
            emitters: emitters(DATASET),
            folders: Some((self.output.clone(), self.new_folder())),
            past: self.past.clone().filter(|_| !self.manner.fresh),
            run_key: Some(self.run_key),
        }
    }

    /// Adds an input. In the inputs' order.
    pub fn append(&mut self, done: Done) -> Result<(), BatchError> {
        if let Some(n) = self.past.as_ref().and_then(|past| past.find(&done.entry.path)) {
            self.met[n] = true;
        }
        if self.same.is_some_and(|n| self.is_same(&done, n)) {
            self.same = self.same.map(|n| n + 1);
            return Ok(());
        }
        self.differ()?;
        let fail = |e| failed(&self.output, e);
        let Some(draft) = self.draft.as_mut() else { return Ok(()) };
        match (done.known, &self.past) {
            (Some(_), Some(past)) => {
                let entry = Entry { kept: false, made: None, at: done.at, ..done.entry };
                draft.copy(entry, past, &mut |line| see(&mut self.emitters, line)).map_err(fail)
            }
            _ => {
                if let Some(past) = &self.past {
                    draft.settle(past, &mut |line| see(&mut self.emitters, line)).map_err(fail)?;
                }
                let entry = Entry { at: done.at, ..done.entry };
                add(draft, &mut self.emitters, entry, done.parts.unwrap_or_default()).map_err(fail)
            }
        }
    }

    /// Whether an input is what the earlier journal has as its entry `n`.
    fn is_same(&self, done: &Done, n: usize) -> bool {
        let Some(past) = &self.past else { return false };
        match done.known {
            Some(known) => known == n && !done.entry.kept && done.entry.at == done.at,
            None => {
                let blank = |e: &Entry| Entry { rows: Vec::new(), key: String::new(), ..e.clone() }.line();
                let new = Entry { at: done.at, ..done.entry.clone() };
                // What has no files has no rows either.
                done.parts.is_none()
                    && past.entry(n).is_ok_and(|old| old.files.is_empty() && blank(&old) == blank(&new))
            }
        }
    }

    /// From here on the dataset is another than the earlier one: what was the same so far is copied.
    fn differ(&mut self) -> Result<(), BatchError> {
        let Some(same) = self.same.take() else { return Ok(()) };
        let mut draft = self.start()?;
        if let Some(past) = &self.past {
            copy(past, 0..same, None, &mut draft, &mut self.emitters, &self.output)?;
        }
        self.draft = Some(draft);
        Ok(())
    }

    /// Moves everything to its place. Where no document could be read, an earlier dataset stays.
    pub fn close(mut self, summary: &mut Summary) -> Result<(), BatchError> {
        if summary.done == 0 && self.earlier {
            summary.kept_earlier = true;
            drop(self.draft.take());
            return clear(&self.new_folder());
        }
        self.carry(summary)?;
        let Some(draft) = self.draft.take() else { return clear(&self.new_folder()) };
        draft.end(false).map_err(|e| failed(&self.output, e))?;
        seal(&self.output, self.past.as_deref(), &self.names, &self.head, &mut self.emitters)?;
        self.place.created = false;
        Ok(())
    }

    /// Keeps what the run did not meet, or leaves it out where that is wanted.
    fn carry(&mut self, summary: &mut Summary) -> Result<(), BatchError> {
        let Some(past) = &self.past else {
            if let (true, false, Some(draft)) = (self.earlier, self.manner.prune, self.draft.as_mut()) {
                summary.kept = adopted(&self.output, &self.names, &self.head, draft, &mut self.emitters)?;
            }
            return Ok(());
        };
        let rest: Vec<usize> = (0..past.len()).filter(|n| !self.met[*n]).collect();
        let told = |n: &&usize| past.entry(**n).is_ok_and(|e| e.counted);
        let count = rest.iter().filter(told).count() as u64;
        if self.manner.prune {
            summary.removed = count;
        } else {
            summary.kept = count;
        }
        if rest.is_empty() && self.same.is_none() {
            return self.settle_draft();
        }
        let kept_before = |n: &usize| past.entry(*n).is_ok_and(|e| e.kept);
        if let Some(same) = self.same {
            let stays = same == past.len() || !self.manner.prune && rest.iter().all(kept_before);
            if stays && rest.len() + same == past.len() {
                return Ok(());
            }
        }
        self.differ()?;
        if !self.manner.prune
            && let (Some(past), Some(draft)) = (&self.past, self.draft.as_mut())
        {
            copy(past, rest.into_iter(), Some(&self.head), draft, &mut self.emitters, &self.output)?;
        }
        self.settle_draft()
    }

    fn settle_draft(&mut self) -> Result<(), BatchError> {
        let (Some(past), Some(draft)) = (&self.past, self.draft.as_mut()) else { return Ok(()) };
        draft.settle(past, &mut |line| see(&mut self.emitters, line)).map_err(|e| failed(&self.output, e))
    }

    /// Ends a run that was stopped: what is done is in its place, the rest is as it was.
    pub fn stop(mut self) -> Result<(), BatchError> {
        self.settle_draft()?;
        if let Some(mut draft) = self.draft.take() {
            draft.flush().map_err(|e| failed(&self.output, e))?;
        }
        settle(&self.output)?;
        self.place.created &= !is_dataset(&self.output);
        Ok(())
    }
}

impl Drop for Store {
    /// Clears what is of no use; what was done stays for the next run.
    fn drop(&mut self) {
        if self.draft.take().is_some_and(|mut draft| draft.flush().is_ok() && draft.has_entries()) {
            self.place.created = false;
        }
    }
}

/// Names of the shared files of these formats.
pub fn names(emitters: &[Box<dyn Emitter>]) -> Vec<String> {
    let shared = emitters.iter().flat_map(|e| e.shared()).map(str::to_owned);
    shared.chain([DOUBTS_FILE.to_owned()]).collect()
}

pub fn doubt_line(doubt: &Doubt) -> Vec<u8> {
    let mut line = serde_json::to_vec(doubt).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Shows a doubt of an earlier run to the formats that want to see them all.
pub fn see(emitters: &mut [Box<dyn Emitter>], line: &[u8]) {
    if let Ok(doubt) = serde_json::from_slice(line) {
        let mut parts = Parts { doubts: vec![doubt], ..Parts::default() };
        emitters.iter_mut().for_each(|e| e.collect(&mut parts));
    }
}

/// Adds what the dataset in `output` has, whose journal is of no use, and the run did not meet.
fn adopted(
    output: &Path,
    names: &[String],
    head: &Value,
    draft: &mut Draft,
    emitters: &mut [Box<dyn Emitter>],
) -> Result<u64, BatchError> {
    let new = output.join(HOME).join(NEW);
    draft.flush().map_err(|e| failed(&new, e))?;
    let Some(journal) = Past::open(&new.join(JOURNAL_FILE), &new, names, false) else { return Ok(0) };
    adopt(output, head, &journal, emitters, draft).map_err(|e| failed(output, e))
}

/// Copies entries of an earlier run; where their inputs were not met, `unmet` is the head of the run that did not.
fn copy(
    past: &Past,
    which: impl Iterator<Item = usize>,
    unmet: Option<&Value>,
    draft: &mut Draft,
    emitters: &mut [Box<dyn Emitter>],
    output: &Path,
) -> Result<(), BatchError> {
    let fail = |e| failed(output, e);
    for n in which {
        let mut entry = past.entry(n).map_err(fail)?;
        if let Some(head) = unmet {
            entry.kept = true;
            let now = made(head);
            entry.made = entry.made.or_else(|| Some(made(&past.head["about"]))).filter(|made| *made != now);
        }
        draft.copy(entry, past, &mut |line| see(emitters, line)).map_err(fail)?;
    }
    Ok(())
}

/// Writes what holds for the whole dataset, and moves all to its place. The new journal is at its end.
pub fn seal(
    output: &Path,
    past: Option<&Past>,
    names: &[String],
    head: &Value,
    emitters: &mut [Box<dyn Emitter>],
) -> Result<(), BatchError> {
    let new = output.join(HOME).join(NEW);
    report::write(&new.join("run.json"), head, &new.join(JOURNAL_FILE))?;
    let mut others = names.to_vec();
    others.push("run.json".to_owned());
    for (name, bytes) in emitters.iter_mut().flat_map(|e| e.finish()) {
        write_file(&new.join(&name), &bytes).map_err(|e| failed(&output.join(&name), e))?;
        others.push(name);
    }
    removals(output, past, names)?;
    commit(output, &others)
}

/// Lists what an earlier run wrote and the new one does not name.
fn removals(output: &Path, past: Option<&Past>, names: &[String]) -> Result<(), BatchError> {
    let new = output.join(HOME).join(NEW);
    let fail = |e| failed(&new, e);
    let mut list = Removals::start(output).map_err(fail)?;
    let is_earlier = output.join("run.json").is_file();
    if let (true, Some(journal)) = (is_earlier, Past::open(&new.join(JOURNAL_FILE), &new, names, true)) {
        let mut failure = None;
        let mut add = |done: io::Result<()>| failure = failure.take().or(done.err());
        match past {
            Some(past) => {
                for n in 0..past.len() {
                    let old = past.entry(n).map_err(fail)?;
                    let now = journal.find(&old.path).and_then(|n| journal.entry(n).ok());
                    let still = |name: &String| now.iter().flat_map(|e| &e.files).any(|(own, _)| own == name);
                    old.files.iter().filter(|(name, _)| !still(name)).for_each(|(name, _)| add(list.add(name)));
                }
            }
            // A report that cannot be read names nothing that would have to go.
            None => {
                let _ = earlier(&output.join("run.json"), |old| {
                    let now = journal.find(&old.path).and_then(|n| journal.entry(n).ok());
                    let still = |name: &String| now.iter().flat_map(|e| &e.files).any(|(own, _)| own == name);
                    let files = [record_file(&old.path), text_file(&old.path)];
                    files.iter().filter(|name| !still(name)).for_each(|name| add(list.add(name)));
                });
            }
        }
        if let Some(error) = failure {
            return Err(fail(error));
        }
    }
    list.end().map_err(fail)
}

/// Brings a dataset to rest, where an earlier run was stopped or killed: what it had done is taken in.
pub fn settle(output: &Path) -> Result<(), BatchError> {
    complete(output)?;
    let new = output.join(HOME).join(NEW);
    let mut emitters = emitters(DATASET);
    let names = names(&emitters);
    let is_earlier = output.join("run.json").is_file();
    let past = Past::open(&output.join(JOURNAL_FILE), output, &names, true);
    let Some(broken) = Past::open(&new.join(JOURNAL_FILE), &new, &names, false) else { return clear(&new) };
    let done = sound(&broken, &new, output);
    if done == 0 {
        return clear(&new);
    }
    let fail = |e| failed(&new, e);
    let last = broken.entry(done - 1).map_err(fail)?;
    let ends: Vec<u64> = last.rows.iter().map(|(start, length)| start + length).collect();
    if let Some(doubts) = names.iter().position(|n| n == DOUBTS_FILE) {
        let mut seen = |line: &[u8]| see(&mut emitters, line);
        let mut lines = Lines::new(&mut seen);
        let part = (0, ends.get(doubts).copied().unwrap_or(0));
        broken
            .part(doubts, part, &mut |bytes| {
                lines.add(bytes);
                Ok(())
            })
            .map_err(fail)?;
    }
    let mut head = broken.head["about"].clone();
    head["stopped"] = Value::Bool(true);
    let mut draft = Draft::go_on(&new, &names, &ends, broken.end_of(done)).map_err(fail)?;
    if let Some(past) = &past {
        let rest = (0..past.len()).filter(|n| !past.is_among(*n, &broken, done));
        copy(past, rest, Some(&head), &mut draft, &mut emitters, output)?;
        draft.settle(past, &mut |line| see(&mut emitters, line)).map_err(fail)?;
    } else if is_earlier {
        adopted(output, &names, &head, &mut draft, &mut emitters)?;
    }
    draft.end(true).map_err(fail)?;
    seal(output, past.as_ref(), &names, &head, &mut emitters)
}

/// How many entries of a broken-off run have all their files.
fn sound(broken: &Past, new: &Path, output: &Path) -> usize {
    let there = |(name, length): &(String, u64)| {
        let is = |path: PathBuf| fs::symlink_metadata(path).ok().filter(|m| m.is_file()).map(|m| m.len());
        is(new.join(name)).or_else(|| is(output.join(name))) == Some(*length)
    };
    let good = |n: &usize| broken.entry(*n).is_ok_and(|e| e.files.iter().all(there));
    (0..broken.len()).take_while(good).count()
}

/// Removes a folder and makes it anew.
fn clear(new: &Path) -> Result<(), BatchError> {
    gone(fs::remove_dir_all(new)).map_err(|e| failed(new, e))
}

/// Writes a file whole, and the folders above it where they are not there.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = match File::create(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            File::create(path)?
        }
        other => other?,
    };
    file.write_all(bytes)
}

/// Whether a folder holds anything that is not hidden.
fn holds_files(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        if !entry?.file_name().as_encoded_bytes().starts_with(b".") {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn lock(output: &Path, home: &Path) -> Result<File, BatchError> {
    let path = home.join(LOCK);
    let file = File::options().create(true).append(true).open(&path).map_err(|e| failed(&path, e))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(BatchError::OutputBusy(output.to_path_buf())),
        // Some file systems know no locks; then nobody else can hold one.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

pub(super) fn failed(path: &Path, source: io::Error) -> BatchError {
    BatchError::Write { path: path.to_path_buf(), source }
}

/// A folder that cannot be made: often since a part of its path is a file.
pub(super) fn blocked(output: &Path, source: io::Error) -> BatchError {
    match output.ancestors().skip(1).find(|p| p.is_file()) {
        Some(file) => BatchError::OutputIsFile(file.to_path_buf()),
        None => failed(output, source),
    }
}
