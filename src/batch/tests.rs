//! Runs with a reader of the tests' own in place of the pipeline: internal errors, a stop, memory.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::ingest::Text;
use crate::model::{Record, SourceInfo};

fn job(folder: &Path, output: &Path) -> Job {
    let target = Target::Folder { path: output.to_path_buf(), manner: Manner::default() };
    Job {
        inputs: vec![Given::Path(folder.to_path_buf())],
        list: None,
        target,
        jobs: 3,
        about: About::default(),
        isolate: None,
    }
}

fn documents(folder: &Path, count: usize) {
    for n in 0..count {
        std::fs::write(folder.join(format!("{n:04}.txt")), format!("document {n}")).unwrap();
    }
}

fn plain(source: &Source) -> Extraction {
    let source = SourceInfo { path: source.path.clone(), ..SourceInfo::default() };
    Extraction { record: Record { source, ..Record::default() }, text: Text::default() }
}

/// Notes what was done, in order; wants an end after some documents.
struct Notes {
    done: Mutex<Vec<(String, Status, Option<String>)>>,
    looked: AtomicUsize,
    stop_after: usize,
}

impl Notes {
    fn until(stop_after: usize) -> Self {
        Self { done: Mutex::default(), looked: AtomicUsize::new(0), stop_after }
    }
}

impl Watch for Notes {
    fn look(&self, _extraction: &Extraction) -> Vec<String> {
        self.looked.fetch_add(1, Ordering::SeqCst);
        Vec::new()
    }

    fn done(&self, outcome: &Outcome) {
        self.done.lock().unwrap().push((outcome.path.clone(), outcome.status, outcome.code.clone()));
    }

    fn stopped(&self) -> bool {
        self.looked.load(Ordering::SeqCst) >= self.stop_after
    }
}

#[test]
fn an_internal_error_fails_its_document_alone() {
    quiet_panics();
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    documents(input.path(), 100);
    let extract = |source: &Source| {
        assert!(!source.path.ends_with("7.txt"), "seven in {}", source.path);
        plain(source)
    };
    let notes = Notes::until(usize::MAX);
    let summary = run(job(input.path(), output.path()), &extract, &notes).unwrap();
    assert_eq!((summary.done, summary.failed, summary.findings["A0110"]), (90, 10, (Severity::Error, 10)));
    let done = notes.done.into_inner().unwrap();
    assert!(done.windows(2).all(|w| w[0].0 < w[1].0), "in order");
    assert_eq!(done[17], ("0017.txt".to_owned(), Status::Failed, Some("A0110".to_owned())));
    let record = std::fs::read_to_string(output.path().join("records/0017.txt.json")).unwrap();
    let record: Record = serde_json::from_str(&record).unwrap();
    assert!(record.diagnostics[0].message.starts_with("internal error: seven in 0017.txt"), "{:?}", record.diagnostics);
    assert_eq!((record.source.bytes, record.id.len(), record.source.sha256.len()), (11, 16, 64));
}

#[test]
fn a_stop_keeps_what_is_done() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    documents(input.path(), 200);
    let fresh = output.path().join("fresh");
    let stopped = run(job(input.path(), &fresh), &plain, &Notes::until(60)).unwrap();
    assert!(stopped.stopped && (1..200).contains(&stopped.done), "{stopped:?}");
    let rows = std::fs::read_to_string(fresh.join("documents.jsonl")).unwrap();
    assert_eq!(rows.lines().count() as u64, stopped.done);
    assert!(fresh.join("records/0000.txt.json").is_file() && !fresh.join("records/0199.txt.json").exists());
    let rest = run(job(input.path(), &fresh), &plain, &Notes::until(usize::MAX)).unwrap();
    assert_eq!((rest.done, rest.reused, rest.stopped), (200, stopped.done, false));
    let again = run(job(input.path(), &fresh), &plain, &Notes::until(usize::MAX)).unwrap();
    assert_eq!((again.done, again.reused), (200, 200));
}

#[test]
fn only_so_many_documents_are_in_hand_at_once() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    documents(input.path(), 500);
    let (read, done, most) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    struct Count<'a>(&'a AtomicUsize);
    impl Watch for Count<'_> {
        fn done(&self, _outcome: &Outcome) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let extract = |source: &Source| {
        let ahead = read.fetch_add(1, Ordering::SeqCst) + 1 - done.load(Ordering::SeqCst);
        most.fetch_max(ahead, Ordering::SeqCst);
        plain(source)
    };
    run(job(input.path(), output.path()), &extract, &Count(&done)).unwrap();
    assert_eq!(read.load(Ordering::SeqCst), 500);
    // the window of three workers, and the one that is being taken
    assert!(most.load(Ordering::SeqCst) <= 3 * CHUNK + 1, "{most:?}");
}

#[test]
fn what_goes_or_changes_during_a_run_fails_alone_or_is_read_once() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    documents(input.path(), 400);
    // When the first document is read, the list of the folder is long made.
    let disturb = |source: &Source| {
        if source.path == "0000.txt" {
            std::fs::remove_file(input.path().join("0390.txt")).unwrap();
            std::fs::write(input.path().join("0391.txt"), "another text, longer than before").unwrap();
            std::fs::remove_file(input.path().join("0392.txt")).unwrap();
            std::fs::create_dir(input.path().join("0392.txt")).unwrap();
        }
        let mut made = plain(source);
        made.record.source.bytes = source.bytes.len() as u64;
        made
    };
    let notes = Notes::until(usize::MAX);
    let summary = run(job(input.path(), output.path()), &disturb, &notes).unwrap();
    assert_eq!((summary.done, summary.failed), (398, 2));
    let done = notes.done.into_inner().unwrap();
    for gone in [390, 392] {
        assert_eq!((done[gone].1, done[gone].2.as_deref()), (Status::Failed, Some("A0111")), "{gone}");
    }
    let record = std::fs::read_to_string(output.path().join("records/0391.txt.json")).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&record).unwrap().source.bytes, 32);
    let again = run(job(input.path(), output.path()), &disturb, &Notes::until(usize::MAX)).unwrap();
    assert_eq!((again.done, again.reused), (398, 398));
}
