//! Long runs: what is unchanged is not read again, what was killed is completed, and the bytes are the same whichever
//! way a dataset came about.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::{AGENDA, PROGRAM, Ran, archive, check_dataset, folder, json, noise, rows, run, tree_of, write};

type Tree = BTreeMap<String, Vec<u8>>;

/// The dataset that an undisturbed run gives, with what it keeps for the next run.
fn undisturbed(here: &Path) -> Tree {
    assert!(matches!(extract(here, "undisturbed", &[]).code, 0 | 4));
    let tree = tree_of(&here.join("undisturbed"));
    fs::remove_dir_all(here.join("undisturbed")).unwrap();
    tree
}

fn extract(here: &Path, out: &str, more: &[&str]) -> Ran {
    run(here, &[&["extract", "in", "-o", out], more].concat())
}

fn unchanged(ran: &Ran) -> u64 {
    let line = ran.err.lines().find_map(|l| l.strip_prefix("unchanged   "));
    line.and_then(|l| l.split(' ').next()).map_or(0, |n| n.parse().unwrap())
}

fn same(one: &Tree, other: &Tree) {
    let (a, b): (Vec<_>, Vec<_>) = (one.keys().collect(), other.keys().collect());
    assert_eq!(a, b);
    one.iter().for_each(|(name, bytes)| assert!(&other[name] == bytes, "{name} differs"));
}

/// A folder, a mail box and an archive, with documents that cannot be read among them.
fn mixed(here: &Path, documents: usize) {
    archive(here, documents);
    write(here, "in/0/empty.txt", "");
    write(here, "in/1/noise.txt", noise());
    write(here, "in/1/sheet.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0");
    let mail =
        |n: u32| format!("From a@b.org Mon May 12 10:00:00 2008\nFrom: a@b.org\nSubject: Seminar {n}\n\n{AGENDA}\n");
    write(here, "in/2/list.mbox", (0..5).map(mail).collect::<String>());
}

#[test]
fn what_is_unchanged_is_not_read_again() {
    let here = folder();
    mixed(here.path(), 40);
    let first = extract(here.path(), "out", &[]);
    assert_eq!((first.code, unchanged(&first)), (4, 0), "{}", first.err);
    let out = here.path().join("out");
    let before = tree_of(&out);
    let written = fs::metadata(out.join("documents.jsonl")).unwrap().modified().unwrap();
    let second = extract(here.path(), "out", &[]);
    assert_eq!((second.code, unchanged(&second)), (4, 47), "{}", second.err);
    assert_eq!(fs::metadata(out.join("documents.jsonl")).unwrap().modified().unwrap(), written, "nothing is written");
    same(&tree_of(&out), &before);
    // One document changes, one comes, one goes.
    write(here.path(), "in/0/agenda-004.txt", AGENDA.replace("Opening", "Second"));
    write(here.path(), "in/0/agenda-005a.txt", AGENDA);
    fs::remove_file(here.path().join("in/0/agenda-008.txt")).unwrap();
    let third = extract(here.path(), "out", &["--prune"]);
    assert_eq!((third.code, unchanged(&third)), (4, 45), "{}", third.err);
    assert!(third.err.contains("removed     1 "), "{}", third.err);
    same(&tree_of(&out), &undisturbed(here.path()));
    check_dataset(&out);
    // Whatever else decides on a record makes it be read again.
    for more in [&["--year", "2001"][..], &["--fresh", "--year", "2001"], &["--max-memory", "512"], &[]] {
        assert_eq!(unchanged(&extract(here.path(), "out", more)), 0, "{more:?}");
    }
    same(&tree_of(&out), &undisturbed(here.path()));
}

#[test]
fn what_the_user_broke_is_made_again() {
    let here = folder();
    mixed(here.path(), 12);
    let whole = undisturbed(here.path());
    let out = here.path().join("out");
    for broken in
        ["records/0/agenda-002.txt.json", "texts/0/agenda-000.txt.txt", "talks.jsonl", "run.json", "review.csv"]
    {
        extract(here.path(), "out", &[]);
        fs::remove_file(out.join(broken)).unwrap();
        extract(here.path(), "out", &[]);
        same(&tree_of(&out), &whole);
    }
    for cut in [".agendata/journal.jsonl", ".agendata/doubts.jsonl", "documents.jsonl"] {
        let file = fs::File::options().write(true).open(out.join(cut)).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
        extract(here.path(), "out", &[]);
        same(&tree_of(&out), &whole);
    }
}

#[test]
fn what_is_not_met_is_kept_until_it_is_pruned() {
    let here = folder();
    archive(here.path(), 8);
    run(here.path(), &["extract", "in/0", "-o", "out"]);
    let ran = run(here.path(), &["extract", "in/1", "-o", "out"]);
    assert!(ran.err.contains("kept        4 "), "{}", ran.err);
    let out = here.path().join("out");
    assert_eq!(rows(&out.join("documents.jsonl")).len(), 8);
    check_dataset(&out);
    let before = tree_of(&out);
    let again = run(here.path(), &["extract", "in/1", "-o", "out"]);
    assert_eq!(unchanged(&again), 4);
    same(&tree_of(&out), &before);
    run(here.path(), &["extract", "in/1", "-o", "out", "--prune"]);
    run(here.path(), &["extract", "in/1", "-o", "fresh"]);
    same(&tree_of(&out), &tree_of(&here.path().join("fresh")));
}

/// Starts a run and kills it after a while; answers whether it was still at work.
fn killed(here: &Path, out: &str, after: Duration, signal: &str) -> bool {
    let mut child = Command::new(PROGRAM)
        .current_dir(here)
        .args(["extract", "in", "-o", out, "--quiet", "--jobs", "2"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status().unwrap();
    let code = child.wait().unwrap().code();
    sent.success() && (code.is_none() || code == Some(130))
}

/// What may stand in a dataset at any moment: each record is whole, and where there is a descriptor the tables agree.
fn sound(out: &Path) {
    if !out.join("datapackage.json").is_file() || !out.join("run.json").is_file() {
        return;
    }
    let run = json(&out.join("run.json"));
    let paths: Vec<String> =
        rows(&out.join("documents.jsonl")).iter().map(|d| d["path"].as_str().unwrap().to_owned()).collect();
    let told = run["inputs"].as_array().unwrap().iter();
    let told: Vec<&str> = told
        .filter(|i| i["status"] == "done" || i["status"] == "failed")
        .map(|i| i["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, told);
    for path in paths.iter().step_by(97) {
        assert_eq!(json(&out.join(format!("records/{path}.json")))["source"]["path"], path.as_str());
    }
}

/// Kills runs over `documents` at `moments` random moments, and completes them.
fn kill_at_random(documents: usize, moments: usize) -> usize {
    let here = folder();
    mixed(here.path(), documents);
    let began = Instant::now();
    let whole = undisturbed(here.path());
    let full = began.elapsed();
    let out = here.path().join("out");
    let (mut seed, mut half) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    for n in 0..moments {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = f64::from(u32::try_from(seed >> 40).unwrap()) / f64::from(1u32 << 24);
        let signal = if n % 4 == 3 { "-INT" } else { "-KILL" };
        if killed(here.path(), "out", full.mul_f64(part * 0.6), signal) {
            half += 1;
        }
        if out.exists() {
            sound(&out);
        }
        // Every few kills it is completed, and begins anew, now and then over a dataset of another year.
        if n % 5 == 4 {
            assert!(matches!(extract(here.path(), "out", &[]).code, 0 | 4));
            same(&tree_of(&out), &whole);
            if n % 10 == 9 {
                fs::remove_dir_all(&out).unwrap();
            } else {
                extract(here.path(), "out", &["--year", "1999"]);
            }
        }
    }
    assert!(matches!(extract(here.path(), "out", &[]).code, 0 | 4));
    same(&tree_of(&out), &whole);
    half
}

#[test]
fn a_run_that_is_killed_is_completed_by_the_next() {
    let half = kill_at_random(60, 20);
    assert!(half >= 5, "{half} of 20");
}

/// `cargo test --release --test archive -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes: 200 runs over 2,000 documents"]
fn two_hundred_kills_leave_no_trace() {
    let half = kill_at_random(2000, 200);
    println!("{half} of 200 kills left work half done");
    assert!(half >= 150, "{half} of 200");
}
