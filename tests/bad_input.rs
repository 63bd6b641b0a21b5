//! Input as archives really have it: each gives a coded finding or a clear error, the other documents are done, and
//! nothing panics.

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::{AGENDA, check_dataset, folder, input, json, noise, run, run_with, write};

/// Extracts one odd document beside a good one; the good one must be done. Gives the odd one's input and record.
fn beside_a_good_one(name: &str, bytes: &[u8]) -> (Value, Value, i32) {
    let here = folder();
    write(here.path(), "in/good.txt", AGENDA);
    write(here.path(), &format!("in/{name}"), bytes);
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    let out = here.path().join("out");
    check_dataset(&out);
    let report = json(&out.join("run.json"));
    assert_eq!(input(&report, "good.txt")["status"], "done", "{}", ran.err);
    let record = json(&out.join(format!("records/{name}.json")));
    (input(&report, name), record, ran.code)
}

fn codes(record: &Value) -> Vec<&str> {
    record["diagnostics"].as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect()
}

#[test]
fn documents_that_can_be_read_after_all() {
    let long = "09:30 Opening by Mr. A. Martin, 10:00 Coffee break; ".repeat(20_000);
    let clock: Vec<String> = (0..24 * 60).map(|m| format!("{:02}:{:02}", m / 60, m % 60)).collect();
    let invalid = [b"09:30 Opening by Mr. Andr\xff\xfe\xfd Martin\n".as_slice(), AGENDA.as_bytes()].concat();
    let mixed =
        ["12 May 2011, Genève\n".as_bytes(), b"09:30 Caf\xe9 et th\xe9 \xe0 Gen\xe8ve\n", AGENDA.as_bytes()].concat();
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("empty.txt", Vec::new(), &["A0101"]),
        ("white.txt", b" \t\r\n\x0c\n  ".repeat(500), &["A0101"]),
        ("long-line.txt", long.into(), &["A0107"]),
        ("empty-lines.txt", b"\n".repeat(1_000_000), &["A0101"]),
        ("mostly-empty-lines.txt", [AGENDA.as_bytes(), &b"\n".repeat(200_000), AGENDA.as_bytes()].concat(), &[]),
        ("invalid.txt", invalid, &["A0103", "A0104"]),
        ("mixed.txt", mixed, &["A0109", "A0103"]),
        ("nul.txt", AGENDA.replace("Opening", "Ope\0ning").into(), &["A0105"]),
        ("brackets.txt", ["(".repeat(10_000), ")".repeat(10_000)].concat().into(), &[]),
        ("brackets-open.txt", "[({".repeat(10_000).into(), &[]),
        ("brackets.md", "> [(".repeat(10_000).into(), &[]),
        ("list.md", "- ".repeat(10_000).into(), &[]),
        ("clock.txt", clock.join(" ").into(), &[]),
        ("utf16.txt", utf16(AGENDA), &[]),
        ("one-byte.txt", b"x".to_vec(), &[]),
    ];
    for (name, bytes, expected) in &cases {
        let (input, record, code) = beside_a_good_one(name, bytes);
        assert_eq!((input["status"].as_str(), code), (Some("done"), 0), "{name}: {input}");
        let found = codes(&record);
        let fits = expected.is_empty() || expected.iter().any(|code| found.contains(code));
        assert!(fits, "{name}: expected one of {expected:?}, but found {found:?}");
    }
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeffu16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn documents_that_cannot_be_read_fail_alone() {
    let noise = noise();
    let cases: &[(&str, &[u8], &[&str])] =
        &[("noise.txt", &noise, &["A0102"]), ("scan.pdf", include_bytes!("ingest/scan-without-text.pdf"), &["A0120"])];
    for (name, bytes, expected) in cases {
        let (input, record, code) = beside_a_good_one(name, bytes);
        assert_eq!((input["status"].as_str(), code), (Some("failed"), 4), "{name}: {input}");
        assert!(expected.contains(&input["code"].as_str().unwrap()), "{name}: {input}");
        assert!(codes(&record).contains(&input["code"].as_str().unwrap()), "the record says so too");
        assert_eq!(record["sessions"], json!([]), "{name}");
    }
}

#[test]
fn a_document_that_is_too_large_is_not_kept_in_memory() {
    let here = folder();
    write(here.path(), "in/good.txt", AGENDA);
    let large = fs::File::create(here.path().join("in/large.txt")).unwrap();
    large.set_len(100 << 20).unwrap();
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let report = json(&here.path().join("out/run.json"));
    assert_eq!(input(&report, "large.txt")["code"], "A0106");
    let record = json(&here.path().join("out/records/large.txt.json"));
    assert_eq!((&record["source"]["bytes"], &record["id"]), (&json!(100 << 20), &json!("20492a4d0d84f8be")));
    check_dataset(&here.path().join("out"));
}

#[test]
fn all_failed_exits_with_5() {
    let here = folder();
    write(here.path(), "in/b.txt", noise());
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 5, "{}", ran.err);
    check_dataset(&here.path().join("out"));
    write(here.path(), "x.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0");
    let named = run(here.path(), &["extract", "x.doc", "-o", "-"]);
    assert_eq!(named.code, 5, "a file that was named must be read");
    assert!(named.err.contains("error[A0108]: unsupported format: expected a document"), "{}", named.err);
}

#[test]
fn standard_output_that_is_full_is_an_error() {
    let here = folder();
    write(here.path(), "a.txt", AGENDA);
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    for args in [&["extract", "a.txt", "-o", "-"][..], &["schema"], &["explain", "A0101"]] {
        let done = std::process::Command::new(support::PROGRAM)
            .args(args)
            .current_dir(here.path())
            .stdout(full.try_clone().unwrap())
            .output()
            .unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{args:?}: {err}");
        assert!(err.contains("cannot write to standard output: No space left on device"), "{args:?}: {err}");
    }
}

#[test]
fn an_output_that_is_a_file_is_an_error() {
    let here = folder();
    write(here.path(), "a.txt", AGENDA);
    write(here.path(), "out", "mine");
    for output in ["out", "out/below", "out/far/below"] {
        let ran = run(here.path(), &["extract", "a.txt", "-o", output]);
        assert_eq!(ran.code, 2, "{output}");
        assert!(ran.err.contains("expected a folder for the dataset, but found a file: out"), "{output}: {}", ran.err);
    }
    assert_eq!(fs::read_to_string(here.path().join("out")).unwrap(), "mine");
}

#[test]
fn any_bytes_on_standard_input_give_a_record() {
    let here = folder();
    let mut seed = 7u32;
    for length in [0usize, 1, 2, 3, 17, 300, 4096] {
        for _ in 0..3 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24) as u8
                })
                .collect();
            let ran = run_with(here.path(), &["extract", "-", "-o", "-", "--quiet"], &bytes);
            assert!([0, 5].contains(&ran.code), "{} {}", ran.code, ran.err);
            support::check_record(&serde_json::from_str(&ran.out).unwrap());
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn odd_names_are_read_and_written_in_hex() {
        let here = folder();
        write(here.path(), "in/good.txt", AGENDA);
        write(here.path(), "in/two\nlines.txt", AGENDA);
        write(here.path(), "in/esc\u{1b}[2J.txt", AGENDA);
        let latin = here.path().join("in").join(OsStr::from_bytes(b"caf\xe9.txt"));
        if fs::write(&latin, AGENDA).is_err() {
            eprintln!("this file system takes UTF-8 names only");
        }
        let long = "x".repeat(251) + ".txt";
        write(here.path(), &format!("in/{long}"), AGENDA);
        let ran = run(here.path(), &["extract", "in", "-o", "out"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
        check_dataset(&here.path().join("out"));
        let report = json(&here.path().join("out/run.json"));
        let mut odd = vec!["two%0Alines.txt", "esc%1B[2J.txt"];
        odd.extend(latin.exists().then_some("caf%E9.txt"));
        for name in odd {
            assert_eq!(input(&report, name)["status"], "done");
            let record = json(&here.path().join(format!("out/records/{name}.json")));
            assert!(codes(&record).contains(&"A0112"), "{name}");
        }
        assert_eq!(report["totals"]["done"], 4 + i32::from(latin.exists()));
    }

    #[test]
    fn links_are_not_followed_and_broken_ones_are_told() {
        let here = folder();
        write(here.path(), "in/good.txt", AGENDA);
        write(here.path(), "elsewhere/far.txt", AGENDA);
        symlink("nowhere", here.path().join("in/broken.txt")).unwrap();
        symlink(here.path().join("elsewhere/far.txt"), here.path().join("in/far.txt")).unwrap();
        symlink(here.path().join("in"), here.path().join("in/loop")).unwrap();
        let ran = run(here.path(), &["extract", "in", "-o", "out"]);
        assert_eq!(ran.code, 4, "{}", ran.err);
        let report = json(&here.path().join("out/run.json"));
        assert_eq!(input(&report, "broken.txt")["code"], "A0111");
        assert_eq!(input(&report, "far.txt")["status"], "skipped");
        assert_eq!(input(&report, "loop")["status"], "skipped");
        assert_eq!(input(&report, "good.txt")["status"], "done");
        check_dataset(&here.path().join("out"));
        symlink(here.path().join("in"), here.path().join("named")).unwrap();
        let named = run(here.path(), &["extract", "named", "named/far.txt", "named/broken.txt", "-o", "-"]);
        assert_eq!((named.code, named.out.lines().count()), (4, 4), "a link that is named is followed: {}", named.err);
    }

    #[test]
    fn files_and_folders_without_permission_fail_alone() {
        let here = folder();
        write(here.path(), "in/good.txt", AGENDA);
        let file = write(here.path(), "in/closed.txt", AGENDA);
        write(here.path(), "in/vault/x.txt", AGENDA);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(here.path().join("in/vault"), fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read(&file).is_ok() {
            eprintln!("skipped: permissions do not bind this user");
            return;
        }
        let ran = run(here.path(), &["extract", "in", "-o", "out"]);
        fs::set_permissions(here.path().join("in/vault"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(ran.code, 4, "{}", ran.err);
        let report = json(&here.path().join("out/run.json"));
        for name in ["closed.txt", "vault"] {
            assert_eq!(input(&report, name)["code"], "A0111", "{name}");
        }
        check_dataset(&here.path().join("out"));
    }

    #[test]
    fn an_output_without_permission_is_an_error() {
        let here = folder();
        write(here.path(), "a.txt", AGENDA);
        let closed = here.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
        if fs::write(closed.join("probe"), "").is_ok() {
            eprintln!("skipped: permissions do not bind this user");
            return;
        }
        let ran = run(here.path(), &["extract", "a.txt", "-o", "closed/out"]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("cannot write closed/out"), "{}", ran.err);
    }

    #[test]
    fn pipes_in_folders_are_left_out_and_named_ones_are_read() {
        let here = folder();
        write(here.path(), "in/good.txt", AGENDA);
        let made = std::process::Command::new("mkfifo").arg(here.path().join("in/pipe")).status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("skipped: no mkfifo");
            return;
        }
        let ran = run(here.path(), &["extract", "in", "-o", "out"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(input(&json(&here.path().join("out/run.json")), "pipe")["status"], "skipped");
        let named = run(here.path(), &["extract", "/dev/zero", "-o", "-"]);
        assert_eq!(named.code, 5);
        assert!(named.err.contains("A0106"), "a stream without end is too large: {}", named.err);
    }

    #[test]
    fn a_file_that_cannot_be_read_to_its_end_fails_alone() {
        let odd = Path::new("/proc/self/mem");
        if !odd.exists() {
            return;
        }
        let here = folder();
        write(here.path(), "good.txt", AGENDA);
        let ran = run(here.path(), &["extract", "good.txt", "/proc/self/mem", "-o", "-"]);
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains("error[A0111]"), "{}", ran.err);
    }
}
