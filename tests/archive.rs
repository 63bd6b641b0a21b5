//! Long runs: what is unchanged is not read again, what was killed is completed, and the bytes are the same whichever
//! way a dataset came about.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::{
    AGENDA, PROGRAM, Ran, archive, check_dataset, folder, input, json, noise, rows, run, run_with, tree_of, write,
};

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

#[test]
fn however_it_is_made_the_bytes_are_the_same() {
    let here = folder();
    mixed(here.path(), 24);
    let whole = undisturbed(here.path());
    for (out, more) in
        [("jobs", &["--jobs", "1"][..]), ("apart", &["--isolate", "--jobs", "2"]), ("many", &["--jobs", "7"])]
    {
        assert_eq!(extract(here.path(), out, more).code, 4, "{out}");
        same(&tree_of(&here.path().join(out)), &whole);
    }
    for n in 1..=3 {
        let shard = format!("{n}/3");
        assert!(matches!(extract(here.path(), &format!("part{n}"), &["--shard", &shard]).code, 0 | 4));
    }
    let merge = |parts: &[&str]| run(here.path(), &[&["merge", "-o", "merged"], parts].concat());
    let missing = merge(&["part1", "part3"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("expected all shards of one run"), "{}", missing.err);
    assert!(!here.path().join("merged").exists());
    assert_eq!(merge(&["part3", "part1", "part2"]).code, 0);
    same(&tree_of(&here.path().join("merged")), &whole);
    extract(here.path(), "other", &["--shard", "2/3", "--year", "1999"]);
    assert!(merge(&["part1", "other", "part3"]).err.contains("same program, grammars and options"));
    assert!(merge(&["in"]).err.contains("is none"));
    // Datasets that are no shards come one after the other.
    for n in 0..2 {
        run(here.path(), &["extract", &format!("in/{n}"), "-o", &format!("half{n}")]);
    }
    assert_eq!(run(here.path(), &["merge", "half1", "half0", "-o", "both"]).code, 0);
    check_dataset(&here.path().join("both"));
    assert!(run(here.path(), &["merge", "half1", "half1", "-o", "twice"]).err.contains("each path once"));
}

#[test]
fn the_filter_gives_the_records_that_extract_gives() {
    let here = folder();
    archive(here.path(), 20);
    let extracted = extract(here.path(), "-", &["--quiet"]).out;
    let paths: Vec<String> = extracted
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["source"]["path"].as_str().unwrap().to_owned())
        .collect();
    let by_path: String =
        paths.iter().map(|p| serde_json::json!({"id": p, "path": format!("in/{p}")}).to_string() + "\n").collect();
    let by_text: String = paths
        .iter()
        .map(|p| {
            serde_json::json!({"id": p, "text": fs::read_to_string(here.path().join("in").join(p)).unwrap()})
                .to_string()
                + "\n"
        })
        .collect();
    for lines in [by_path, by_text] {
        for jobs in ["1", "3"] {
            let ran = run_with(here.path(), &["filter", "--jobs", jobs], lines.as_bytes());
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            assert!(ran.out == extracted);
        }
    }
}

#[test]
fn the_filter_answers_every_line() {
    let here = folder();
    let lines = concat!(
        "{\"id\": \"a\", \"text\": \"x\", \"path\": \"y\"}\n",
        "\n",
        "no json\n",
        "{\"id\": 7, \"bytes\": \"UHJvZ3JhbW1lCg==\"}\n",
        "{\"path\": \"nowhere.txt\"}\n",
        "{\"id\": \"b\", \"bytes\": \"*\"}\n",
        "{\"id\": \"c\", \"text\": \"\"}",
    );
    let ran = run_with(here.path(), &["filter"], lines.as_bytes());
    let told: Vec<(String, String)> = ran
        .out
        .lines()
        .map(|l| {
            let record: serde_json::Value = serde_json::from_str(l).unwrap();
            support::check_record(&record);
            let word = |at: &str| record.pointer(at).and_then(|v| v.as_str()).unwrap_or("").to_owned();
            (word("/source/path"), word("/diagnostics/0/code"))
        })
        .collect();
    let expected =
        [("a", "A0145"), ("line 3", "A0145"), ("7", ""), ("nowhere.txt", "A0111"), ("b", "A0145"), ("c", "A0101")];
    assert_eq!(told, expected.map(|(path, code)| (path.to_owned(), code.to_owned())));
}

/// A program that reads as the filter does, but ends, or does not, on some documents.
fn faulty(here: &Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let script = format!(
        "#!/bin/sh\nwhile IFS= read -r line; do case $line in *bad-abort*) kill -ABRT $$;; *bad-hang*) sleep 60;; esac\n\
         printf '%s\\n' \"$line\" | {PROGRAM} filter --whole; done\n"
    );
    let path = write(here, "faulty", script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_reader_that_dies_or_hangs_costs_one_document() {
    use agendata::batch::{About, Given, Isolate, Job, Manner, Outcome, Status, Target, Watch};
    struct Notes(std::sync::Mutex<Vec<(String, Status, Option<String>)>>);
    impl Watch for Notes {
        fn done(&self, o: &Outcome) {
            self.0.lock().unwrap().push((o.path.clone(), o.status, o.code.clone()));
        }
    }
    let here = folder();
    for name in ["a.txt", "bad-abort.txt", "c.txt", "d.txt"] {
        write(here.path(), &format!("in/{name}"), AGENDA);
    }
    // The id stands before the bytes in a line.
    let isolate = Isolate { program: faulty(here.path()), arguments: Vec::new(), time: Duration::from_secs(30) };
    let read = |jobs: usize, isolate: Isolate| {
        let job = Job {
            inputs: vec![Given::Path(here.path().join("in"))],
            list: None,
            target: Target::Folder { path: here.path().join("out"), manner: Manner::default() },
            jobs,
            about: About::default(),
            isolate: Some(isolate),
        };
        let notes = Notes(std::sync::Mutex::default());
        let summary = agendata::batch::run(job, &|_| unreachable!(), &notes).unwrap();
        (summary, notes.0.into_inner().unwrap())
    };
    let (summary, told) = read(1, isolate.clone());
    assert_eq!((summary.done, summary.failed), (3, 1));
    assert_eq!(told[1], ("bad-abort.txt".to_owned(), Status::Failed, Some("A0110".to_owned())));
    fs::remove_file(here.path().join("in/bad-abort.txt")).unwrap();
    write(here.path(), "in/bad-hang.txt", AGENDA);
    let (summary, told) = read(1, Isolate { time: Duration::from_secs(3), ..isolate });
    assert_eq!((summary.done, summary.failed, summary.reused), (3, 1, 3));
    assert_eq!(told[1], ("bad-hang.txt".to_owned(), Status::Failed, Some("A0143".to_owned())));
}

/// What a program hears of a run: an object of JSON a line, the last one with the sums.
#[test]
fn a_program_hears_of_a_run_in_json() {
    let here = folder();
    mixed(here.path(), 30);
    let ran = extract(here.path(), "out", &["--progress", "json", "--verbose"]);
    assert_eq!(ran.code, 4);
    let told: Vec<serde_json::Value> = ran.err.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let last = told.last().unwrap();
    let totals = &json(&here.path().join("out/run.json"))["totals"];
    assert_eq!((&last["ended"], &last["done"], &last["failed"]), (&"done".into(), &totals["done"], &totals["failed"]));
    let findings = |v: &serde_json::Value| v.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    assert_eq!(findings(&last["findings"]), findings(&totals["findings"]));
    let again = extract(here.path(), "out", &["--progress", "json", "--quiet"]);
    let last: serde_json::Value = serde_json::from_str(again.err.lines().last().unwrap()).unwrap();
    assert_eq!(last["unchanged"], 37);
}

/// Ctrl-C in the middle: exit 130, a whole dataset of what is done, and the same command goes on.
#[test]
fn a_stop_leaves_a_whole_dataset() {
    use std::io::{BufRead, BufReader};
    let here = folder();
    mixed(here.path(), 3000);
    let mut child = Command::new(PROGRAM)
        .current_dir(here.path())
        .args(["extract", "in", "-o", "out", "--progress", "json", "--jobs", "1"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines().map(|l| l.unwrap());
    let first: serde_json::Value = serde_json::from_str(&told.next().unwrap()).unwrap();
    assert!(first["done"].as_u64().unwrap() > 0 && first["rate"].as_f64().unwrap() > 0.0, "{first}");
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let last: serde_json::Value = serde_json::from_str(&told.last().unwrap()).unwrap();
    assert_eq!((child.wait().unwrap().code(), last["ended"].as_str()), (Some(130), Some("stopped")));
    let out = here.path().join("out");
    check_dataset(&out);
    let run = json(&out.join("run.json"));
    assert_eq!((&run["stopped"], &run["totals"]["done"]), (&true.into(), &last["done"]));
    let rest = extract(here.path(), "out", &[]);
    assert!(rest.code == 4 && unchanged(&rest) >= last["done"].as_u64().unwrap(), "{}", rest.err);
    check_dataset(&out);
}

#[test]
fn a_dataset_without_its_journal_keeps_what_is_not_met() {
    let here = folder();
    mixed(here.path(), 12);
    extract(here.path(), "out", &[]);
    let (out, journal) = (here.path().join("out"), here.path().join("out/.agendata/journal.jsonl"));
    let before = tree_of(&out);
    let told = |name: &str| input(&json(&out.join("run.json")), name);
    let lose = || fs::write(&journal, "{\"schema\":\"agendata-journal/0\",\"shared\":[]}\n").unwrap();
    lose();
    let ran = run(here.path(), &["extract", "in/0", "-o", "out"]);
    assert!(ran.err.contains("kept        ") && unchanged(&ran) == 0, "{}", ran.err);
    check_dataset(&out);
    assert_eq!((&told("1/agenda-001.txt")["kept"], &told("1/noise.txt")["status"]), (&true.into(), &"failed".into()));
    let mine = |name: &&String| name.starts_with("records/1/") || name.starts_with("texts/1/");
    let kept: Vec<_> = before.keys().filter(mine).collect();
    assert!(kept.len() > 6 && kept.iter().all(|name| fs::read(out.join(name)).unwrap() == before[*name]));
    // Read again they are as they were, and what is asked to go goes.
    run(here.path(), &["extract", "in", "-o", "out", "--prune"]);
    same(&tree_of(&out), &before);
    lose();
    run(here.path(), &["extract", "in/1", "-o", "out", "--prune"]);
    run(here.path(), &["extract", "in/1", "-o", "fresh"]);
    same(&tree_of(&out), &tree_of(&here.path().join("fresh")));
}

#[test]
fn what_was_made_otherwise_says_so() {
    let here = folder();
    archive(here.path(), 8);
    run(here.path(), &["extract", "in/0", "-o", "out", "--year", "1999"]);
    run(here.path(), &["extract", "in/1", "-o", "out"]);
    let told = |name: &str| input(&json(&here.path().join("out/run.json")), name);
    let (kept, met) = (told("agenda-000.txt"), told("agenda-001.txt"));
    assert_eq!((&kept["made"]["options"]["year"], &kept["kept"]), (&1999.into(), &true.into()));
    assert!(kept["made"]["grammar"].is_string() && met.get("made").is_none() && met.get("kept").is_none());
    // Kept once more it still says so; where the run is made as it was, there is nothing to say.
    run(here.path(), &["extract", "in/1", "-o", "out", "--fresh"]);
    assert_eq!(told("agenda-000.txt"), kept);
    run(here.path(), &["extract", "in/1", "-o", "out", "--year", "1999"]);
    assert!(told("agenda-000.txt").get("made").is_none());
    run(here.path(), &["extract", "in", "-o", "out", "--prune"]);
    assert!(!fs::read_to_string(here.path().join("out/run.json")).unwrap().contains("\"made\""));
}

/// Who reads while runs write: what stands between two looks at the same descriptor is one dataset.
#[test]
fn a_reader_never_takes_two_datasets_for_one() {
    use std::os::unix::fs::MetadataExt;
    use std::sync::atomic::{AtomicBool, Ordering};
    let here = folder();
    for n in 0..60 {
        write(here.path(), &format!("in/{n}.txt"), "Programme\n\n12 May\n\n09:30 - 10:00 Registration\n");
    }
    let (out, ended) = (here.path().join("out"), AtomicBool::new(false));
    let look = || {
        let meta = fs::metadata(out.join("datapackage.json")).ok()?;
        Some((meta.ino(), meta.mtime(), meta.mtime_nsec()))
    };
    let years = |name: &str| {
        let text = fs::read_to_string(out.join(name)).ok()?;
        let year =
            |line: &str| line.contains("1998-05-12").then_some(1998).or(line.contains("1999-05-12").then_some(1999));
        Some(text.lines().filter_map(year).collect::<Vec<_>>())
    };
    let read = || {
        let (mut whole, mut torn) = (0, 0);
        while !ended.load(Ordering::SeqCst) {
            let before = look();
            let tables = ["sessions.jsonl", "events.jsonl", "records/0.txt.json", "records/59.txt.json"].map(years);
            if before.is_none() || look() != before {
                torn += 1;
                continue;
            }
            let all: Vec<_> = tables.into_iter().map(|t| t.expect("all files are there")).collect();
            assert_eq!(all[0].len(), 60);
            assert!(all.iter().flatten().all(|year| *year == all[0][0]), "two datasets in one");
            whole += 1;
        }
        (whole, torn)
    };
    let (whole, _) = std::thread::scope(|scope| {
        let reader = scope.spawn(read);
        for n in 0..12 {
            extract(here.path(), "out", &["--year", if n % 2 == 0 { "1998" } else { "1999" }, "--quiet"]);
        }
        ended.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    assert!(whole > 10, "{whole} whole datasets were read");
}
