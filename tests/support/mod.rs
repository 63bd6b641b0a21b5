//! What the tests of the command share: a folder of its own for each test, the program run as a user runs it, and
//! datasets read back. In: paths. Out: commands and values. Never: touches anything outside a temporary folder.

#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assert_cmd::Command;
use serde_json::Value;

/// Path of the program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_agendata");

/// The programme that tests extract where any will do.
pub const AGENDA: &str = "Programme\n\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Opening session\n";

/// The program, in an environment that does not depend on the machine.
pub fn agendata() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("COLUMNS", "100").env_remove("NO_COLOR").env("RUST_BACKTRACE", "0");
    command
}

/// What a run gave: exit code, standard output, standard error.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs the program in `folder`.
pub fn run(folder: &Path, args: &[&str]) -> Ran {
    run_with(folder, args, &[])
}

/// Runs the program in `folder` with bytes on standard input.
pub fn run_with(folder: &Path, args: &[&str], input: &[u8]) -> Ran {
    let output = agendata().current_dir(folder).args(args).write_stdin(input.to_vec()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// A folder that is removed at the end.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a file and the folders above it.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// A small archive below `in/`: agendas in two folders, with CRLF and a BOM among them.
pub fn archive(folder: &Path, documents: usize) {
    for n in 0..documents {
        let text = format!("Seminar {n}\n\n{}", AGENDA.replace("12 May", &format!("{} May", n % 28 + 1)));
        let text = if n % 3 == 0 { format!("\u{feff}{}", text.replace('\n', "\r\n")) } else { text };
        write(folder, &format!("in/{}/agenda-{n:03}.txt", n % 2), text);
    }
}

/// Bytes that are no text in any encoding.
pub fn noise() -> Vec<u8> {
    (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

/// Every file of a folder with its bytes, but for what a dataset keeps for its next run.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree_of(folder);
    files.retain(|name, _| !name.starts_with(".agendata/"));
    files
}

/// Every file below a folder with its bytes.
pub fn tree_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// A JSON file.
pub fn json(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The rows of a JSON Lines file.
pub fn rows(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The input of `run.json` with this path.
pub fn input(run: &Value, path: &str) -> Value {
    let inputs = run["inputs"].as_array().unwrap();
    inputs.iter().find(|i| i["path"] == path).unwrap_or_else(|| panic!("{path} is not in {inputs:?}")).clone()
}

/// Fails where a record does not fit the JSON Schema.
pub fn check_record(record: &Value) {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| jsonschema::validator_for(&agendata::emit::schema()).unwrap());
    let errors: Vec<String> = schema.iter_errors(record).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}: {errors:#?}", record["source"]["path"]);
}

/// Fails where a dataset is not whole: descriptor, tables, records and report must be there and agree.
pub fn check_dataset(output: &Path) {
    let run = json(&output.join("run.json"));
    let with_record = |i: &&Value| i["status"] == "done" || i["status"] == "failed";
    let paths: Vec<&str> =
        run["inputs"].as_array().unwrap().iter().filter(with_record).map(|i| i["path"].as_str().unwrap()).collect();
    let documents = rows(&output.join("documents.jsonl"));
    assert_eq!(documents.iter().map(|d| d["path"].as_str().unwrap()).collect::<Vec<_>>(), paths);
    let package = json(&output.join("datapackage.json"));
    for resource in package["resources"].as_array().unwrap() {
        rows(&output.join(resource["path"].as_str().unwrap()));
    }
    for path in &paths {
        let record = json(&output.join(format!("records/{path}.json")));
        assert_eq!(record["source"]["path"], *path);
        check_record(&record);
    }
    let records = tree(&output.join("records"));
    assert_eq!(records.len(), paths.len(), "a record for each document and none besides");
    assert!(output.join("review.csv").is_file());
    let mut hidden: Vec<String> = tree_of(&output.join(".agendata")).into_keys().collect();
    hidden.sort();
    assert_eq!(hidden, ["doubts.jsonl", "journal.jsonl", "lock"], "nothing is left of the making");
}

/// A snapshot below `tests/snapshots`, free of what changes from version to version.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"));
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A number that the environment may set.
pub fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// SplitMix64: small, quick, the same everywhere.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end` (0 where `end` is 0).
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % (end.max(1) as u64)) as usize
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
