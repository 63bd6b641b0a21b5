//! Runs that are killed at random moments: whatever was killed, and when, the dataset is the old or the new one for each
//! document, and the next run completes it, byte for byte as if nothing had happened.
//!
//! A moment is so many bytes of the new journal, or a time within the moving of files; `AGENDATA_SEED=n` for others,
//! `AGENDATA_KILLS=n` for more of them.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{PROGRAM, Random, folder, json, number, rows, run, tree_of, write};

type Tree = BTreeMap<String, Vec<u8>>;

const DOCUMENTS: usize = 2000;
const KILLS: usize = 200;
/// So many of a hundred kills must leave work half done.
const HALF: usize = 75;
/// A run gets so much further, at most, before it is killed: this part of all documents.
const STEP: usize = 7;
/// What the runs differ in: some documents do not tell their year.
const WAYS: [&[&str]; 2] = [&[], &["--year", "1999"]];
/// No run takes as long as this.
const HANG: Duration = Duration::from_secs(300);

fn documents(here: &Path) {
    for n in 0..DOCUMENTS - 1 {
        let year = if n % 3 == 0 { "" } else { " 2011" };
        write(
            here,
            &format!("in/{}/{n:04}.txt", n % 9),
            format!("Seminar {n}\n\n{} May{year}\n\n09:30 Opening\n", n % 28 + 1),
        );
    }
    write(here, "in/4/noise.txt", support::noise());
}

fn extract(here: &Path, out: &str, way: &[&str]) {
    let ran = run(here, &[&["extract", "in", "-o", out, "--quiet", "--jobs", "2"], way].concat());
    assert_eq!(ran.code, 4, "{}", ran.err);
}

/// When a run is to be killed.
#[derive(Debug)]
enum Moment {
    /// When its journal has so many bytes.
    Journal(u64),
    /// So long after it began to move files.
    Move(Duration),
    /// So long after it was started.
    Start(Duration),
}

struct Run {
    child: Child,
    home: PathBuf,
    begun: Instant,
}

impl Run {
    fn start(here: &Path, way: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.current_dir(here).args(["extract", "in", "-o", "out", "--quiet", "--jobs", "2"]).args(way);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Self { child, home: here.join("out/.agendata"), begun: Instant::now() }
    }

    /// Waits for something; whether the run came to its end before.
    fn ended_before(&mut self, mut come: impl FnMut(&Path) -> bool) -> bool {
        while !come(&self.home) {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            assert!(self.begun.elapsed() < HANG, "the run hangs");
            std::thread::sleep(Duration::from_micros(300));
        }
        false
    }

    /// Kills it at that moment; the code, where it came to an end by itself or by what the signal asks for.
    fn kill(mut self, moment: &Moment, signal: &str) -> Option<i32> {
        let journal = |home: &Path| fs::metadata(home.join("new/.agendata/journal.jsonl")).map_or(0, |m| m.len());
        let ended = match moment {
            Moment::Journal(size) => self.ended_before(|home| journal(home) >= *size),
            Moment::Move(_) => self.ended_before(|home| home.join("commit").is_file()),
            Moment::Start(_) => false,
        };
        if let (false, Moment::Move(time) | Moment::Start(time)) = (ended, moment) {
            std::thread::sleep(*time);
        }
        Command::new("kill").args([signal, &self.child.id().to_string()]).stderr(Stdio::null()).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

/// What may stand in a dataset at any moment: whole records, each the old or the new one; and where there is a descriptor,
/// tables and report that agree.
fn sound(out: &Path, whole: &[Tree; 2], random: &mut Random) {
    for _ in 0..20 {
        let name = format!("records/{0}/{1:04}.txt.json", random.below(9), random.below(DOCUMENTS - 1));
        if let Ok(bytes) = fs::read(out.join(&name)) {
            assert!(whole.iter().any(|tree| tree[&name] == bytes), "{name} is neither the old nor the new one");
        }
    }
    if out.join("datapackage.json").is_file() && out.join("run.json").is_file() {
        let told = json(&out.join("run.json"));
        let told: Vec<_> = told["inputs"].as_array().unwrap().iter().map(|i| i["path"].clone()).collect();
        let in_table: Vec<_> = rows(&out.join("documents.jsonl")).into_iter().map(|d| d["path"].clone()).collect();
        assert_eq!(told, in_table);
    }
}

fn same(found: &Tree, whole: &Tree) {
    assert!(found.keys().eq(whole.keys()), "{:?}", found.keys().find(|k| !whole.contains_key(*k)));
    whole.iter().for_each(|(name, bytes)| assert!(found[name] == *bytes, "{name} differs"));
}

#[test]
fn what_is_killed_is_completed() {
    let (kills, seed) = (number("AGENDATA_KILLS", KILLS), number("AGENDATA_SEED", 2026));
    let here = folder();
    let here = here.path();
    documents(here);
    let whole = WAYS.map(|way| {
        extract(here, "undisturbed", way);
        let tree = tree_of(&here.join("undisturbed"));
        fs::remove_dir_all(here.join("undisturbed")).unwrap();
        tree
    });
    assert!(whole[0] != whole[1], "the ways differ");
    let all = whole[0][".agendata/journal.jsonl"].len();
    let (out, mut random) = (here.join("out"), Random(seed as u64));
    let (mut half, mut completed, mut reached) = (0, 0, 0);
    for n in 0..kills {
        let way = completed % WAYS.len();
        let further = reached + random.below(all / STEP);
        let moment = match random.below(8) {
            0 | 1 => Moment::Move(Duration::from_micros(random.below(60_000) as u64)),
            2 => Moment::Start(Duration::from_millis(random.below(1500) as u64)),
            _ => Moment::Journal(further as u64),
        };
        let signal = ["-KILL", "-KILL", "-KILL", "-KILL", "-KILL", "-KILL", "-INT", "-TERM"][random.below(8)];
        let code = Run::start(here, WAYS[way]).kill(&moment, signal);
        assert!([None, Some(130), Some(4)].contains(&code), "seed {seed}, kill {n}: {code:?}");
        let is_half = out.join(".agendata/new").is_dir() && code.is_none();
        half += usize::from(is_half);
        if let Moment::Journal(_) = moment {
            reached = further.min(all);
        }
        eprintln!("seed {seed}, kill {n}: {moment:?} {signal}, way {way}, half done: {is_half}");
        if out.is_dir() {
            sound(&out, &whole, &mut random);
        }
        // What came to its end is as it should be; then the other way over it, or anew.
        if code == Some(4) {
            same(&tree_of(&out), &whole[way]);
            (completed, reached) = (completed + 1, 0);
            if completed % 3 == 0 {
                fs::remove_dir_all(&out).unwrap();
            }
        }
    }
    extract(here, "out", WAYS[completed % WAYS.len()]);
    same(&tree_of(&out), &whole[completed % WAYS.len()]);
    println!(
        "seed {seed}: {half} of {kills} kills left work half done, {completed} runs came to their end between them"
    );
    assert!(half * 100 >= kills * HALF, "{half} of {kills} kills left work half done");
    assert!(completed >= 2, "{completed} runs came to their end");
}
