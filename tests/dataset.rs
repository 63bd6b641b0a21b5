//! The dataset on disk: whole, the same from run to run, true to its descriptor, and careful with what was there.

mod support;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::{AGENDA, archive, check_dataset, folder, input, json, noise, rows, run, tree, write};

/// The repository's own documents.
fn documents() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/input"))
}

#[test]
fn the_own_documents_give_a_whole_dataset() {
    let here = folder();
    let ran = run(here.path(), &["extract", documents().to_str().unwrap(), "-o", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("written to  out"), "{}", ran.err);
    check_dataset(&here.path().join("out"));
    check_tables(&here.path().join("out"));
}

/// Rows fit their columns, keys are unique, references lead to rows.
fn check_tables(output: &Path) {
    let package = json(&output.join("datapackage.json"));
    let table = |name: &str| rows(&output.join(format!("{name}.jsonl")));
    let tuple = |row: &Value, columns: &Value| -> Vec<Value> {
        columns.as_array().unwrap().iter().map(|c| row[c.as_str().unwrap()].clone()).collect()
    };
    for resource in package["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let own = table(name);
        let mut keys = HashSet::new();
        for row in &own {
            assert!(row.as_object().unwrap().keys().eq(fields.iter().map(|f| f["name"].as_str().unwrap())), "{name}");
            assert!(keys.insert(format!("{:?}", tuple(row, &resource["schema"]["primaryKey"]))), "{name}: {row}");
        }
        for link in resource["schema"]["foreignKeys"].as_array().unwrap() {
            let target = link["reference"]["resource"].as_str().unwrap();
            let there = table(if target.is_empty() { name } else { target });
            let known: HashSet<String> =
                there.iter().map(|row| format!("{:?}", tuple(row, &link["reference"]["fields"]))).collect();
            for row in &own {
                let reference = tuple(row, &link["fields"]);
                let none = reference.iter().all(Value::is_null);
                assert!(none || known.contains(&format!("{reference:?}")), "{name}: {link}: {row}");
            }
        }
    }
}

#[test]
fn the_number_of_workers_changes_nothing() {
    let here = folder();
    archive(here.path(), 90);
    write(here.path(), "in/1/empty.txt", "");
    write(here.path(), "in/0/binary.txt", noise());
    let trees: Vec<_> = ["1", "2", "5"]
        .map(|jobs| {
            let out = format!("out-{jobs}");
            let ran = run(here.path(), &["extract", "in", "-o", &out, "--jobs", jobs]);
            assert_eq!(ran.code, 4);
            let err = ran.err.replace(&out, "out");
            (tree(&here.path().join(out)), err)
        })
        .into();
    assert!(trees[0] == trees[1] && trees[1] == trees[2]);
    check_dataset(&here.path().join("out-5"));
    check_tables(&here.path().join("out-5"));
}

#[test]
fn run_json_tells_what_was_run_and_holds_no_clock() {
    let here = folder();
    archive(here.path(), 2);
    write(here.path(), "in/2/sheet.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0");
    write(here.path(), "in/.hidden.txt", AGENDA);
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--country", "tn", "--year", "2008"]);
    assert_eq!(ran.code, 0, "a file in another format is no failure: {}", ran.err);
    assert!(ran.err.contains("2 read, 1 in formats that are not read"), "{}", ran.err);
    let run = json(&here.path().join("out/run.json"));
    assert_eq!(run["options"], json!({"year": 2008, "country": "TN"}));
    assert_eq!(run["agendata"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run["inputs"].as_array().unwrap().len(), 3);
    let sheet = input(&run, "2/sheet.xls");
    assert_eq!((&sheet["status"], &sheet["code"]), (&json!("unsupported"), &json!("A0108")));
    assert_eq!(run["totals"]["done"], 2);
    check_dataset(&here.path().join("out"));
}

#[test]
fn texts_are_kept_where_the_input_is_not_the_text() {
    let here = folder();
    write(here.path(), "in/plain.txt", AGENDA);
    write(here.path(), "in/crlf.txt", AGENDA.replace('\n', "\r\n"));
    run(here.path(), &["extract", "in", "-o", "out"]);
    let out = here.path().join("out");
    assert!(!out.join("texts/plain.txt.txt").exists());
    assert_eq!(fs::read_to_string(out.join("texts/crlf.txt.txt")).unwrap(), AGENDA);
    let documents = rows(&out.join("documents.jsonl"));
    let texts: Vec<&Value> = documents.iter().map(|d| &d["text"]).collect();
    assert_eq!(texts, [&json!("texts/crlf.txt.txt"), &Value::Null]);
}

#[test]
fn a_later_run_replaces_the_earlier_one_and_nothing_else() {
    let here = folder();
    archive(here.path(), 6);
    let out = here.path().join("out");
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    write(here.path(), "out/notes.txt", "mine");
    write(here.path(), "out/records/1/mine.json", "mine");
    fs::remove_dir_all(here.path().join("in/0")).unwrap();
    fs::remove_file(here.path().join("in/1/agenda-001.txt")).unwrap();
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    assert!(out.join("records/0/agenda-000.txt.json").exists(), "what is not met any more is kept");
    assert_eq!(rows(&out.join("documents.jsonl")).len(), 6);
    assert_eq!(input(&json(&out.join("run.json")), "0/agenda-000.txt")["kept"], true);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--prune"]).code, 0);
    assert!(
        !out.join("records/0").exists() && !out.join("texts/0").exists(),
        "with --prune, records of inputs that are gone go"
    );
    assert!(!out.join("records/1/agenda-001.txt.json").exists());
    assert!(out.join("records/1/agenda-003.txt.json").is_file());
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(out.join("records/1/mine.json")).unwrap(), "mine");
    assert_eq!(rows(&out.join("documents.jsonl")).len(), 2);
}

#[test]
fn a_report_cannot_make_a_later_run_remove_foreign_files() {
    let here = folder();
    archive(here.path(), 1);
    let evil = json!({"inputs": [{"path": "../../precious.txt"}, {"path": "/precious"}, {"path": "../mine"}]});
    write(here.path(), "out/run.json", evil.to_string());
    for name in ["precious.txt.json", "precious.txt.txt", "out/mine.json", "out/texts/x.txt"] {
        write(here.path(), name, "mine");
    }
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    for name in ["precious.txt.json", "precious.txt.txt", "out/mine.json", "out/texts/x.txt"] {
        assert!(here.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn foreign_folders_are_not_written_to_unless_forced() {
    let here = folder();
    archive(here.path(), 1);
    write(here.path(), "out/thesis.doc", "mine");
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("expected a new folder, an empty one or an earlier dataset"), "{}", ran.err);
    assert_eq!(tree(&here.path().join("out")).len(), 1);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--force"]).code, 0);
    assert_eq!(fs::read_to_string(here.path().join("out/thesis.doc")).unwrap(), "mine");
    fs::create_dir(here.path().join("empty")).unwrap();
    assert_eq!(run(here.path(), &["extract", "in", "-o", "empty"]).code, 0);
    check_dataset(&here.path().join("empty"));
}

#[test]
fn output_and_input_are_kept_apart() {
    let here = folder();
    archive(here.path(), 3);
    let same = run(here.path(), &["extract", "in", "-o", "in", "--force"]);
    assert_eq!(same.code, 2);
    assert!(same.err.contains("expected the output apart from the input"), "{}", same.err);
    for _ in 0..2 {
        assert_eq!(
            run(here.path(), &["extract", "in", "-o", "in/out"]).code,
            0,
            "an output below the input is left out"
        );
        assert_eq!(rows(&here.path().join("in/out/documents.jsonl")).len(), 3);
    }
}

#[test]
fn documents_of_one_name_stay_apart() {
    let here = folder();
    for name in ["a/x.txt", "b/x.txt", "c/d/x.txt", "a/y", "a/y.json/z.txt"] {
        write(here.path(), name, AGENDA);
    }
    let ran = run(here.path(), &["extract", "a", "b", "c/d/x.txt", "b", "./a/", "-o", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let paths: Vec<Value> = rows(&here.path().join("out/documents.jsonl")).iter().map(|d| d["path"].clone()).collect();
    assert_eq!(paths, ["x.txt", "y", "a/y.json/z.txt", "b/x.txt", "d/x.txt"], "a folder given twice is read once");
    check_dataset(&here.path().join("out"));
}

/// Runs with a limit on the size of files, which fails writes as a full disk does.
#[cfg(unix)]
fn run_on_a_small_disk(here: &Path, arguments: &str) -> (i32, String) {
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {} extract {arguments}", support::PROGRAM);
    let done = std::process::Command::new("sh").args(["-c", &script]).current_dir(here).output().unwrap();
    (done.status.code().unwrap_or(-1), String::from_utf8(done.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_earlier_dataset_as_it_was() {
    let here = folder();
    archive(here.path(), 4);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    let before = tree(&here.path().join("out"));
    archive(here.path(), 200);
    let (code, err) = run_on_a_small_disk(here.path(), "in -o out");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("cannot write out/") && err.contains("what was there before is unchanged"), "{err}");
    assert_eq!(tree(&here.path().join("out")), before);
    let (code, _) = run_on_a_small_disk(here.path(), "in -o fresh");
    assert_eq!(code, 2);
    let fresh = here.path().join("fresh");
    assert!(!fresh.exists() || tree(&fresh).is_empty(), "what is done waits for the next run, out of sight");
    assert_eq!(run(here.path(), &["extract", "in", "-o", "fresh"]).code, 0);
    check_dataset(&fresh);
}

#[test]
fn a_folder_in_the_place_of_a_file_is_found_before_anything_is_moved() {
    let here = folder();
    archive(here.path(), 2);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    let out = here.path().join("out");
    fs::remove_file(out.join("talks.jsonl")).unwrap();
    fs::create_dir(out.join("talks.jsonl")).unwrap();
    let before = tree(&out);
    archive(here.path(), 5);
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("talks.jsonl: expected a file, but found a folder"), "{}", ran.err);
    assert_eq!(tree(&out), before);
}

#[test]
fn two_runs_do_not_write_to_one_folder() {
    let here = folder();
    archive(here.path(), 1);
    let stage = here.path().join("out/.agendata");
    fs::create_dir_all(&stage).unwrap();
    let lock = fs::File::create(stage.join("lock")).unwrap();
    lock.lock().unwrap();
    let ran = run(here.path(), &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("another one is at it"), "{}", ran.err);
    assert!(stage.join("lock").is_file(), "the other run's files stay");
    drop(lock);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    check_dataset(&here.path().join("out"));
}

#[test]
fn where_nothing_can_be_read_an_earlier_dataset_stays() {
    let here = folder();
    archive(here.path(), 2);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out"]).code, 0);
    let before = tree(&here.path().join("out"));
    write(here.path(), "bad/b.txt", noise());
    let ran = run(here.path(), &["extract", "bad", "-o", "out"]);
    assert_eq!(ran.code, 5);
    assert!(ran.err.contains("the earlier dataset is left as it was"), "{}", ran.err);
    assert_eq!(tree(&here.path().join("out")), before);
    fs::create_dir(here.path().join("nothing")).unwrap();
    let none = run(here.path(), &["extract", "nothing", "-o", "out"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("expected documents (text"), "{}", none.err);
    assert_eq!(tree(&here.path().join("out")), before);
}
