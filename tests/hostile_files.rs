//! Folders and disks as they are: names that some file system takes for one, inputs and outputs that lie in each other, two
//! runs at once, things that are no files, disks that are full.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{AGENDA, PROGRAM, archive, check_dataset, folder, input, json, run, tree, tree_of, write};

fn paths(out: &Path) -> Vec<String> {
    let run = json(&out.join("run.json"));
    run["inputs"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn names_that_some_disk_takes_for_one_stay_apart() {
    use unicode_normalization::UnicodeNormalization;
    let here = folder();
    let names =
        ["A.txt", "a.txt", "caf\u{e9}.txt", "cafe\u{301}.txt", "x.html", "x.txt", "x.md", "Straße.txt", "STRASSE.txt"];
    let made: Vec<_> = names.iter().filter(|name| !here.path().join("in").join(name).exists()).collect();
    for (n, name) in made.iter().enumerate() {
        write(here.path(), &format!("in/{name}"), AGENDA.replace("Opening", &format!("Opening {n}")));
    }
    if fs::read_dir(here.path().join("in")).unwrap().count() < names.len() {
        eprintln!("skipped: this file system takes two of these names for one");
        return;
    }
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let out = here.path().join("out");
    check_dataset(&out);
    assert_eq!(paths(&out).len(), names.len());
    let mut seen = BTreeMap::new();
    for name in tree(&out).into_keys() {
        let folded: String = name.nfd().flat_map(char::to_lowercase).nfd().collect();
        if let Some(other) = seen.insert(folded, name.clone()) {
            panic!("{name} and {other} are one file on some disks");
        }
    }
}

#[test]
fn an_output_inside_the_input_is_not_read() {
    let here = folder();
    archive(here.path(), 6);
    for _ in 0..2 {
        let ran = run(here.path(), &["extract", ".", "-o", "in/1/out"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        check_dataset(&here.path().join("in/1/out"));
        assert_eq!(paths(&here.path().join("in/1/out")).len(), 6);
    }
    // Also where the input is reached by a link.
    symlink(here.path().join("in"), here.path().join("link")).unwrap();
    assert_eq!(run(here.path(), &["extract", "link", "-o", "in/1/out", "--prune"]).code, 0);
    assert_eq!(paths(&here.path().join("in/1/out")).len(), 6);
}

#[test]
fn an_input_that_is_the_output_or_lies_in_it_is_refused() {
    let here = folder();
    archive(here.path(), 2);
    let before = tree_of(here.path());
    symlink(here.path().join("in"), here.path().join("same")).unwrap();
    for output in ["in", "./in/", "in/../in", "same"] {
        let ran = run(here.path(), &["extract", "in", "-o", output]);
        assert_eq!(ran.code, 2, "{output}");
        assert!(ran.err.contains("expected the output apart from the input"), "{output}: {}", ran.err);
    }
    let inside = run(here.path(), &["extract", "in/0", "-o", "in"]);
    assert!(inside.code == 2 && inside.err.contains("found other files in in"), "{}", inside.err);
    fs::remove_file(here.path().join("same")).unwrap();
    assert_eq!(tree_of(here.path()), before, "nothing was written");
}

#[test]
fn a_second_run_into_one_output_is_told() {
    let here = folder();
    archive(here.path(), 4);
    let pipe = here.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // It waits at the pipe, with the output in its hands.
    let mut first = Command::new(PROGRAM)
        .current_dir(here.path())
        .args(["extract", "in", "pipe", "-o", "out", "--quiet"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !here.path().join("out/.agendata/new").is_dir() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for args in [&["extract", "in", "-o", "out"][..], &["merge", "out", "-o", "out"]] {
        let second = run(here.path(), args);
        assert_eq!(second.code, 2, "{args:?}: {}", second.err);
    }
    let second = run(here.path(), &["extract", "in", "-o", "out"]);
    assert!(second.err.contains("expected to be the only run that writes to out"), "{}", second.err);
    fs::write(&pipe, AGENDA).unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0), "the first one is not disturbed");
    check_dataset(&here.path().join("out"));
    assert_eq!(paths(&here.path().join("out")).len(), 5);
}

#[test]
fn what_is_no_file_is_left_out_and_fails_where_it_is_named() {
    let here = folder();
    archive(here.path(), 2);
    let _socket = std::os::unix::net::UnixListener::bind(here.path().join("in/socket.txt")).unwrap();
    symlink("/dev/zero", here.path().join("in/endless.txt")).unwrap();
    symlink("endless.txt", here.path().join("in/link-of-link.txt")).unwrap();
    symlink("round.txt", here.path().join("in/round.txt")).unwrap();
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let report = json(&here.path().join("out/run.json"));
    for name in ["socket.txt", "endless.txt", "link-of-link.txt"] {
        assert_eq!(input(&report, name)["status"], "skipped", "{name}");
    }
    assert_eq!(input(&report, "round.txt")["code"], "A0111", "a link to itself");
    let named = run(here.path(), &["extract", "in/0/agenda-000.txt", "in/socket.txt", "-o", "-", "--quiet"]);
    assert_eq!((named.code, named.out.lines().count()), (4, 2), "{}", named.err);
}

#[test]
fn a_place_that_takes_no_files_is_an_error() {
    let here = folder();
    archive(here.path(), 2);
    for output in ["/proc/agendata", "/dev/null", "/dev/null/out"] {
        let ran = run(here.path(), &["extract", "in", "-o", output]);
        assert_eq!(ran.code, 2, "{output}: {}", ran.err);
        assert!(ran.err.contains("cannot write") || ran.err.contains("expected a folder"), "{output}: {}", ran.err);
    }
}

/// A disk that takes no more bytes, by a limit on the size of files: the earlier dataset stays as it was, byte for byte, the
/// error says what could not be written, and the next run completes what was begun.
#[test]
fn a_full_disk_leaves_the_earlier_dataset() {
    let here = folder();
    archive(here.path(), 4);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    let before = tree(&here.path().join("out"));
    archive(here.path(), 80);
    let full = |command: &str| {
        let done = Command::new("sh").arg("-c").arg(command).current_dir(here.path()).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    for fresh in ["", "--fresh"] {
        // Tables of eighty documents are larger than that, records of one are not.
        let (code, said) = full(&format!("ulimit -f 32; trap '' XFSZ; exec '{PROGRAM}' extract in -o out {fresh}"));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("cannot write") && said.contains("what was there before is unchanged"), "{said}");
        assert_eq!(tree(&here.path().join("out")), before);
    }
    // Without a handler the signal ends the program in the middle.
    let (code, _) = full(&format!("ulimit -f 32; exec '{PROGRAM}' extract in -o out"));
    assert_eq!(code, None);
    assert_eq!(tree(&here.path().join("out")), before);
    let whole = |out: &str| {
        assert_eq!(run(here.path(), &["extract", "in", "-o", out]).code, 0);
        tree_of(&here.path().join(out))
    };
    let mended = whole("out");
    assert!(mended == whole("undisturbed"), "completed, it is as if nothing had happened");
}
