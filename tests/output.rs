//! What the repository shows is what the program gives: the dataset in `output/`, the example in the README.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{folder, run, run_with, tree};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_committed_dataset_is_what_input_gives() {
    const RENEW: &str = "look at the difference, and if it is right, renew it by `just output` \
                         (cargo run --release --locked -- extract input -o output)";
    let here = folder();
    let input = root().join("input");
    let ran = run(here.path(), &["extract", input.to_str().unwrap(), "-o", "out", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(root().join("output").is_dir(), "expected the dataset in output/, but found none; {RENEW}");
    let (kept, made) = (tree(&root().join("output")), tree(&here.path().join("out")));
    let mut differ: Vec<String> = Vec::new();
    for (name, bytes) in &made {
        match kept.get(name) {
            Some(other) if other == bytes => {}
            Some(other) => differ.push(format!("output/{name}{}", first_difference(other, bytes))),
            None => differ.push(format!("output/{name} is not there")),
        }
    }
    differ
        .extend(kept.keys().filter(|name| !made.contains_key(*name)).map(|name| format!("output/{name} is too many")));
    assert!(differ.is_empty(), "{} files differ; {RENEW}\n{}", differ.len(), differ.join("\n"));
}

/// Where two files part.
fn first_difference(kept: &[u8], made: &[u8]) -> String {
    let (kept, made) = (String::from_utf8_lossy(kept), String::from_utf8_lossy(made));
    let mut lines = kept.lines().zip(made.lines()).enumerate();
    match lines.find(|(_, (a, b))| a != b) {
        Some((n, (a, b))) => format!(":{}\n  kept {}\n  made {}", n + 1, short(a), short(b)),
        None => " is longer or shorter".to_owned(),
    }
}

fn short(line: &str) -> String {
    line.chars().take(160).collect()
}

/// The README's first block of a language.
fn block<'a>(readme: &'a str, language: &str) -> &'a str {
    let start = readme.find(&format!("```{language}\n")).expect("a block") + language.len() + 4;
    let end = readme[start..].find("```").expect("its end");
    &readme[start..start + end]
}

#[test]
fn the_readme_shows_what_the_program_gives() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let ran = run_with(root(), &["extract", "-", "-o", "-", "--quiet"], block(&readme, "text").as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let record: Value = serde_json::from_str(&ran.out).unwrap();
    for line in block(&readme, "json").lines() {
        let shown: Value = serde_json::from_str(line).unwrap();
        assert!(holds(&record, &shown), "the README shows {shown}, but the program gives {record:#}");
    }
}

#[test]
fn the_readmes_commands_are_those_of_ci() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    for command in ["cargo run --release --locked -- extract input -o output", "cargo test --locked"] {
        assert!(readme.contains(command), "{command}");
    }
    assert!(ci.contains("\ncargo test --locked\n"));
    let documents = tree(&root().join("input")).len();
    assert!(readme.contains(&format!("`input/` holds {documents} documents")), "{documents} documents");
}

/// Whether `whole` has all that `part` has: of a list, each part in some place.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, p)| whole.get(key).is_some_and(|w| holds(w, p)))
        }
        (Value::Array(whole), Value::Array(part)) => part.iter().all(|p| whole.iter().any(|w| holds(w, p))),
        _ => whole == part,
    }
}

#[test]
fn what_the_library_example_prints_is_in_the_record() {
    let source = fs::read_to_string(root().join("examples/extract.rs")).unwrap();
    let input = source.split('"').find(|s| s.starts_with("input/")).unwrap();
    assert!(root().join(input).is_file(), "{input}");
}
