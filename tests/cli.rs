//! The command as a user meets it: help, exit codes, what goes to which stream.

mod support;

use std::process::Stdio;

use support::{AGENDA, agendata, archive, check_record, folder, run, run_with, snapshot, write};

#[test]
fn help_of_each_command() {
    let here = folder();
    snapshot("help", &run(here.path(), &["--help"]).out);
    for command in ["extract", "inspect", "grammar", "schema", "explain", "completions"] {
        let ran = run(here.path(), &[command, "--help"]);
        assert_eq!(ran.code, 0);
        snapshot(&format!("help-{command}"), &ran.out);
    }
}

#[test]
fn usage_errors_exit_with_2_and_name_what_was_expected() {
    let here = folder();
    write(here.path(), "a.txt", AGENDA);
    for (args, expected) in [
        (&["extract"][..], "required"),
        (&["extract", "a.txt"], "--output"),
        (&["extract", "nowhere", "-o", "out"], "expected a file or folder, but found nothing at nowhere"),
        (&["extract", "a.txt/b", "-o", "out"], "expected a file or folder, but found nothing at a.txt/b"),
        (&["extract", "a.txt", "-o", "out", "--jobs", "0"], "--jobs"),
        (&["extract", "a.txt", "-o", "out", "--country", "Tunisia"], "expected two letters"),
        (&["extract", "a.txt", "-o", "out", "--timezone", "noon"], "expected a zone"),
        (&["extract", "a.txt", "-o", "out", "--year", "0"], "1..=9999"),
        (&["extract", "a.txt", "-o", "out", "--fail-on", "fatal"], "possible values"),
        (&["extract", "a.txt", "-o", "out", "--grammar", "nowhere"], "expected a folder with grammar files"),
        (&["extract", "--files-from", "nowhere", "-o", "out"], "cannot read the list of files nowhere"),
        (&["extract", "-", "--files-from", "-", "-o", "out"], "expected one use of standard input"),
        (&["inspect", "nowhere"], "expected a document, but cannot read nowhere"),
        (&["inspect", "a.txt", "--stage", "guess"], "possible values"),
        (&["grammar", "show", "no/such/rule"], "expected a rule id"),
        (&["explain", "A9999"], "expected a code such as A0702"),
        (&["frobnicate"], "unrecognized subcommand"),
    ] {
        let ran = run(here.path(), args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{args:?}: expected {expected:?}, but found {}", ran.err);
        assert!(ran.out.is_empty(), "{args:?}");
        assert!(!here.path().join("out").exists(), "{args:?} wrote");
    }
}

#[test]
fn explain_prints_the_page_and_names_near_codes() {
    let here = folder();
    let page = run(here.path(), &["explain", "a0702"]);
    assert!(page.out.starts_with("# A0702 · phone number cannot be\n"));
    let near = run(here.path(), &["explain", "702"]);
    assert!(near.err.contains("A0702  warning  phone number cannot be"), "{}", near.err);
    let all = run(here.path(), &["explain"]).out;
    assert_eq!(all.lines().count(), agendata::diag::CODES.len());
}

#[test]
fn schema_and_completions_are_data() {
    let here = folder();
    let schema = run(here.path(), &["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(run(here.path(), &["completions", shell]).out.contains("extract"), "{shell}");
    }
}

#[test]
fn records_go_to_standard_output_one_a_line() {
    let here = folder();
    archive(here.path(), 5);
    let ran = run(here.path(), &["extract", "in", "-o", "-"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 5);
    for line in ran.out.lines() {
        check_record(&serde_json::from_str(line).unwrap());
    }
    assert!(ran.err.contains("documents   5 read"), "{}", ran.err);
    let document = run_with(here.path(), &["extract", "-", "-o", "-", "--quiet"], AGENDA.as_bytes());
    let record: serde_json::Value = serde_json::from_str(&document.out).unwrap();
    assert_eq!((record["source"]["path"].as_str(), document.err.as_str()), (Some("stdin"), ""));
}

#[test]
fn lists_of_files_are_read_from_files_and_standard_input() {
    let here = folder();
    archive(here.path(), 3);
    write(here.path(), "in/a b\nc.txt", AGENDA);
    write(here.path(), "list", "in/0/agenda-000.txt\r\n\nin/1/agenda-001.txt\n");
    let paths = |ran: support::Ran| -> Vec<String> {
        let record = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
        ran.out.lines().map(|l| record(l)["source"]["path"].as_str().unwrap().to_owned()).collect()
    };
    let listed = run(here.path(), &["extract", "--files-from", "list", "-o", "-"]);
    assert_eq!(paths(listed), ["agenda-000.txt", "agenda-001.txt"]);
    let args = ["extract", "in/0/agenda-002.txt", "--files-from", "-", "--null", "-o", "-"];
    let null = run_with(here.path(), &args, b"in/a b\nc.txt\0in/1/agenda-001.txt\0");
    assert_eq!(paths(null), ["agenda-002.txt", "a b%0Ac.txt", "agenda-001.txt"]);
    let gone = run_with(here.path(), &["extract", "--files-from", "-", "-o", "-"], b"in/0/agenda-000.txt\ngone.txt\n");
    assert_eq!(gone.code, 4, "a listed file that is gone fails by itself");
    assert!(gone.err.contains("A0111"), "{}", gone.err);
}

#[test]
fn a_dry_run_writes_nothing() {
    let here = folder();
    archive(here.path(), 3);
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--dry-run"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("documents   3 read") && !ran.err.contains("written"), "{}", ran.err);
    assert!(!here.path().join("out").exists());
}

#[test]
fn findings_decide_the_exit_code_only_when_asked() {
    let here = folder();
    write(here.path(), "in/empty.txt", "");
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--fail-on", "error"]).code, 0);
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--fail-on", "warning", "--fresh"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("warning[A0101]: empty document"), "{}", ran.err);
    assert!(here.path().join("out/run.json").is_file(), "the dataset is written all the same");
}

#[test]
fn quiet_is_quiet_and_colours_need_a_terminal() {
    let here = folder();
    write(here.path(), "in/empty.txt", "");
    write(here.path(), "in/a.txt", AGENDA);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--quiet"]).err, "");
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--no-color"]);
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    write(here.path(), "in/binary.txt", support::noise());
    let failed = run(here.path(), &["extract", "in", "-o", "out", "--quiet"]);
    assert!(failed.err.contains("error[A0102]") && !failed.err.contains("documents"), "{}", failed.err);
}

#[test]
fn at_most_so_many_findings_are_shown() {
    let here = folder();
    for n in 0..80 {
        write(here.path(), &format!("in/{n:02}.txt"), "");
    }
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.err.matches("warning[A0101]").count(), 50);
    assert!(ran.err.contains("30 more findings are not shown"), "{}", ran.err);
    let all = run(here.path(), &["extract", "in", "-o", "out", "--verbose", "--fresh"]);
    assert_eq!(all.err.matches("warning[A0101]").count(), 80);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let here = folder();
    archive(here.path(), 200);
    for args in [&["extract", "in", "-o", "-"][..], &["schema"], &["explain"], &["completions", "zsh"]] {
        let mut child = std::process::Command::new(support::PROGRAM)
            .current_dir(here.path())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let done = child.wait_with_output().unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(0), "{args:?}: {err}");
        assert!(!err.contains("panicked") && !err.contains("Broken pipe"), "{args:?}: {err}");
    }
}

#[test]
fn closed_standard_error_does_no_harm() {
    let here = folder();
    archive(here.path(), 3);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let status = std::process::Command::new(support::PROGRAM)
        .current_dir(here.path())
        .args(["extract", "in", "-o", "out"])
        .stderr(full)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_bad_grammar_stops_everything_with_3() {
    let here = folder();
    archive(here.path(), 1);
    write(here.path(), "own/en/roles.toml", "id : x\n");
    write(here.path(), "own/roles.toml", "id : x\n");
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--grammar", "own"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("A0901") && ran.err.contains("roles.toml:1:"), "{}", ran.err);
    assert!(!here.path().join("out").exists());
    assert_eq!(run(here.path(), &["grammar", "check", "--grammar", "own"]).code, 3);
}

#[test]
fn inspect_shows_each_stage() {
    let here = folder();
    write(here.path(), "a.txt", AGENDA);
    for stage in agendata::pipeline::Stage::ALL {
        let ran = run(here.path(), &["inspect", "a.txt", "--stage", stage.as_str()]);
        assert_eq!(ran.code, 0, "{}: {}", stage.as_str(), ran.err);
        assert!(ran.out.ends_with('\n'), "{}", stage.as_str());
    }
    assert_eq!(agendata().args(["inspect", "-"]).write_stdin(AGENDA).output().unwrap().status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_stop_exits_with_130_and_leaves_what_was() {
    let here = folder();
    archive(here.path(), 2);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    let before = support::tree(&here.path().join("out"));
    let mut child = std::process::Command::new(support::PROGRAM)
        .current_dir(here.path())
        .args(["extract", "in", "-", "-o", "out"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The run waits for standard input, which never ends; by then it holds the dataset's lock.
    let held = || {
        let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
        locks.contains(&format!(" {} ", child.id()))
    };
    let mut patience = 0;
    while !held() && patience < 1200 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        patience += 1;
    }
    let asked = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let after = support::tree(&here.path().join("out"));
    // tables may be on their way to their place, which the next run completes; records are always there
    for (name, bytes) in before.iter().filter(|(name, _)| name.starts_with("records")) {
        assert!(after.get(name) == Some(bytes), "{name}: the earlier dataset is as it was");
    }
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0, "what the stopped run left is no hindrance");
    assert_eq!(support::tree(&here.path().join("out")), before);
}
