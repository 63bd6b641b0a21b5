//! Files that are broken or lie, in every format: each gives a record with a coded finding or a coded failure, none a
//! panic, an abort or a hang, and the other documents are done.
//!
//! Some thousand changed files by default; `AGENDATA_MUTATIONS=100000 cargo test --release --test hostile_formats` for
//! as many as asked, `AGENDATA_SEED=n` for others. A failure names the case; one that kills the process or never ends
//! stands in `hostile-*.txt` below the target folder's `tmp`. `AGENDATA_KEEP=DIR` keeps the lies and what failed there.

mod hostile;
mod support;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use agendata::ingest::Limits;
use agendata::model::{Diagnostic, Severity};
use agendata::{Options, Pipeline, Source};
use hostile::Random;
use hostile::change::change;
use support::{AGENDA, check_dataset, check_record, folder, input, json, number, tree, write};

/// Changed files where nobody asks for more.
const MUTATIONS: usize = 2000;
/// Stack of a thread, as the program's workers have it.
const STACK: usize = 8 << 20;
/// What a document may cost here: a quarter of what the program allows.
const LIMITS: Limits = Limits { memory: 256 << 20, time: Duration::from_secs(15) };
/// Nothing takes as long as this, on the slowest machine and without optimisation, but a hang.
const HANG: Duration = Duration::from_secs(240);

fn pipeline() -> Pipeline {
    let options = Options { limits: LIMITS, ..Options::default() };
    Pipeline::new(agendata::grammar::Grammar::builtin(), options)
}

/// The committed documents of every format, and the small lies.
fn good_files() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kinds = ["pdf", "docx", "odt", "rtf", "eml", "mbox", "html", "zip"];
    let found: Vec<_> = tree(&root.join("input")).into_iter().collect();
    let wanted = |name: &str| Path::new(name).extension().is_some_and(|e| kinds.iter().any(|k| e == *k));
    let mut found: Vec<_> = found.into_iter().filter(|(name, _)| wanted(name)).collect();
    found.extend(lies().into_iter().filter(|(_, bytes)| bytes.len() < 64 << 10));
    found
}

fn lies() -> Vec<(String, Vec<u8>)> {
    [hostile::pdf::lies(), hostile::office::lies(), hostile::lies::lies()].concat()
}

/// Writes a file where the caller wants to look at it.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("AGENDATA_KEEP") {
        write(Path::new(&folder), name, bytes);
    }
}

/// Reads one file to the end and says what is wrong with what came of it.
fn complaint(pipeline: &Pipeline, source: &Source, thorough: bool) -> Option<String> {
    let done = catch_unwind(AssertUnwindSafe(|| {
        let text = agendata::ingest::ingest(source, &LIMITS);
        let content = &text.content;
        let whole = |at: &usize| *at <= content.len() && content.is_char_boundary(*at);
        for region in &text.layout {
            assert!(whole(&region.span.start) && whole(&region.span.end), "a region outside the text: {region:?}");
        }
        assert!(content.len() <= LIMITS.text() + (1 << 20), "{} bytes of text", content.len());
        if !thorough {
            return text.diagnostics;
        }
        let made = pipeline.extract_with_text(source);
        let wrong = agendata::verify::verify_record(&made.record, &made.text.content, pipeline.grammar());
        assert!(wrong.is_empty(), "verify: {} {}", wrong[0].pointer, wrong[0].reason);
        check_record(&serde_json::to_value(&made.record).unwrap());
        made.record.diagnostics
    }));
    let told = |d: &Diagnostic| d.code.len() == 5 && d.code.starts_with('A') && !d.message.is_empty();
    match done {
        Ok(diagnostics) if diagnostics.iter().all(told) => None,
        Ok(diagnostics) => Some(format!("a finding without code: {diagnostics:?}")),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            Some(said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default())
        }
    }
}

/// A thread's case in hand: since when, and which.
type Hand = Mutex<Option<(Instant, String)>>;

/// Runs `cases` numbers through `one` on all processors, with the stack of a worker, and waits for no hang.
fn on_all(cases: usize, name: &str, one: impl Fn(usize) -> (String, Option<String>) + Sync) {
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    let next = AtomicUsize::new(0);
    let hands: Vec<Hand> = (0..threads).map(|_| Mutex::new(None)).collect();
    let notes: Vec<PathBuf> =
        (0..threads).map(|n| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}-{n}.txt"))).collect();
    let (found, all) = mpsc::channel::<String>();
    let (ended, running) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        for (hand, note) in hands.iter().zip(&notes) {
            let (found, ended, one, next) = (found.clone(), ended.clone(), &one, &next);
            let work = move || {
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        break;
                    }
                    fs::write(note, format!("{name} case {case}\n")).unwrap();
                    *hand.lock().unwrap() = Some((Instant::now(), format!("{name} case {case}")));
                    let (what, complaint) = one(case);
                    *hand.lock().unwrap() = None;
                    if let Some(complaint) = complaint {
                        found.send(format!("case {case}, {what}: {complaint}")).unwrap();
                    }
                }
                fs::remove_file(note).unwrap();
                ended.send(()).unwrap();
            };
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
        }
        drop(ended);
        let mut left = threads;
        while left > 0 {
            match running.recv_timeout(Duration::from_secs(1)) {
                Ok(()) => left -= 1,
                Err(mpsc::RecvTimeoutError::Timeout) => hands.iter().for_each(watch),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
    });
    drop(found);
    let wrong: Vec<String> = all.iter().collect();
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// Ends the process where a case never ends.
fn watch(hand: &Hand) {
    if let Some((_, case)) = hand.lock().unwrap().as_ref().filter(|(since, _)| since.elapsed() > HANG) {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "{case} has been running for {} seconds", HANG.as_secs());
        std::process::exit(101);
    }
}

#[test]
fn changed_files_give_records() {
    let (cases, seed) = (number("AGENDATA_MUTATIONS", MUTATIONS), number("AGENDATA_SEED", 2026));
    let (good, pipeline) = (good_files(), pipeline());
    assert!(good.len() > 20, "{} good files", good.len());
    on_all(cases, &format!("change-{seed}"), |case| {
        let mut random = Random((seed as u64) << 32 | case as u64);
        let (name, bytes) = random.pick(&good);
        let other = &random.pick(&good).1;
        let source = Source { path: name.clone(), bytes: change(bytes, other, &mut random) };
        // Every stage for one in eight, the reader alone for the others.
        let complaint = complaint(&pipeline, &source, case % 8 == 0);
        if complaint.is_some() {
            keep(&format!("{seed}-{case}-{}", name.replace('/', "-")), &source.bytes);
        }
        (format!("seed {seed}, from {name}"), complaint)
    });
}

#[test]
fn lies_are_read_or_refused() {
    let (lies, pipeline) = (lies(), pipeline());
    assert!(lies.len() >= 100, "{} lies", lies.len());
    on_all(lies.len(), "lie", |case| {
        let (name, bytes) = &lies[case];
        keep(name, bytes);
        let source = Source { path: name.clone(), bytes: bytes.clone() };
        let begun = Instant::now();
        let complaint = complaint(&pipeline, &source, bytes.len() < 200 << 10);
        if begun.elapsed() > Duration::from_secs(5) {
            eprintln!("{name} took {:.1} s", begun.elapsed().as_secs_f64());
        }
        (name.clone(), complaint)
    });
}

#[test]
fn good_files_among_the_lies_are_read() {
    let good = |name: &str| name.starts_with("good") && !name.ends_with(".mbox");
    for (name, bytes) in lies().into_iter().filter(|(name, _)| good(name)) {
        let made = pipeline().extract_with_text(&Source { path: name.clone(), bytes });
        assert!(made.text.content.contains("10:00 - 11:00 Opening session"), "{name}: {}", made.text.content);
        assert!(made.record.diagnostics.iter().all(|d| d.severity != Severity::Error), "{name}");
        // A letter with two rows may be an announcement.
        let sessions = made.record.sessions.len();
        assert!(sessions == 2 || name.ends_with(".eml"), "{name}: {:?}", made.record.diagnostics);
    }
}

/// The whole program over a folder of lies, in no more memory than is stated.
#[cfg(unix)]
#[test]
fn a_folder_of_lies_is_done_in_bounded_memory() {
    let here = folder();
    write(here.path(), "in/good.txt", AGENDA);
    // Without optimisation the large ones take their minute each; the bombs are small.
    let most = if cfg!(debug_assertions) { 400 << 10 } else { usize::MAX };
    let lies: Vec<_> = lies().into_iter().filter(|(_, bytes)| bytes.len() <= most).collect();
    lies.iter().for_each(|(name, bytes)| drop(write(here.path(), &format!("in/{name}"), bytes)));
    // The limit of a document, and what the program itself takes.
    let command = format!("ulimit -v 1600000; exec '{}' extract in -o out --quiet --jobs 1", support::PROGRAM);
    let done = std::process::Command::new("sh").arg("-c").arg(command).current_dir(here.path()).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(4), "{said}");
    let report = json(&here.path().join("out/run.json"));
    assert_eq!(input(&report, "good.txt")["status"], "done");
    check_dataset(&here.path().join("out"));
    for (name, _) in &lies {
        let of_it = |i: &&serde_json::Value| i["path"].as_str().is_some_and(|p| p.starts_with(name.as_str()));
        let mut inputs = report["inputs"].as_array().unwrap().iter().filter(of_it).peekable();
        assert!(inputs.peek().is_some(), "{name} is not in the report");
        assert!(inputs.all(|i| i["status"] != "failed" || i["code"].is_string()), "{name}");
    }
    let mine = |name: &String| !name.starts_with("in/") && !name.starts_with("out/");
    let escaped: Vec<_> = tree(here.path()).into_keys().filter(mine).collect();
    assert!(escaped.is_empty() && !here.path().with_file_name("escaped.txt").exists(), "{escaped:?}");
    let outside = |p: &str| p.split(['/', '\\']).any(|part| part == "..");
    assert!(!report["inputs"].as_array().unwrap().iter().any(|i| outside(i["path"].as_str().unwrap())));
}

/// Changed packages, mail boxes and mails with what is in them, as the program walks them.
#[test]
fn changed_containers_are_walked() {
    let (cases, seed) = (number("AGENDATA_MUTATIONS", MUTATIONS) / 30, number("AGENDATA_SEED", 2026) as u64);
    let holds = |name: &str| [".zip", ".eml", ".mbox"].iter().any(|end| name.ends_with(end));
    let good: Vec<_> = good_files().into_iter().filter(|(name, _)| holds(name)).collect();
    for (n, some) in (0..cases).collect::<Vec<_>>().chunks(200).enumerate() {
        let here = folder();
        write(here.path(), "in/good.txt", AGENDA);
        for case in some {
            let mut random = Random(!seed << 32 | *case as u64);
            let (name, bytes) = random.pick(&good);
            let (_, end) = name.rsplit_once('.').unwrap();
            let bytes = change(bytes, &random.pick(&good).1, &mut random);
            write(here.path(), &format!("in/{case}.{end}"), bytes);
        }
        let ran = support::run(here.path(), &["extract", "in", "-o", "out", "--quiet"]);
        let which = format!("seed {seed}, chunk {n}: {}", ran.err);
        assert!([0, 4].contains(&ran.code), "{which}");
        let report = json(&here.path().join("out/run.json"));
        assert_eq!(input(&report, "good.txt")["status"], "done", "{which}");
        let told = |i: &serde_json::Value| i["status"] != "failed" || i["code"].is_string();
        assert!(report["inputs"].as_array().unwrap().iter().all(told), "{which}");
        check_dataset(&here.path().join("out"));
    }
}

/// Every beginning of a small file of each format.
#[test]
fn every_beginning_is_read() {
    let small: Vec<_> = lies().into_iter().filter(|(name, _)| name.starts_with("good")).collect();
    let pipeline = pipeline();
    let cuts = |bytes: &[u8]| bytes.len().min(600);
    let cases: Vec<(usize, usize)> = (0..small.len())
        .flat_map(|n| (0..cuts(&small[n].1)).map(move |cut| (n, cut)))
        .map(|(n, cut)| (n, cut * small[n].1.len() / cuts(&small[n].1)))
        .collect();
    on_all(cases.len(), "beginning", |case| {
        let (n, cut) = cases[case];
        let source = Source { path: small[n].0.clone(), bytes: small[n].1[..cut].to_vec() };
        (format!("{} up to {cut}", small[n].0), complaint(&pipeline, &source, case % 16 == 0))
    });
}
