//! A million changed inputs for the targets of `fuzz/targets.rs`, on stable and from a seed.
//!
//! `AGENDATA_MUTATIONS_BY=20` runs twenty times as many, `AGENDATA_SEED=n` others. A failure names target, seed and case;
//! `AGENDATA_CASE=record:1234` runs that one alone, and leaves its bytes below the target folder's `tmp`.

#[path = "../fuzz/targets.rs"]
mod targets;

#[allow(dead_code, reason = "it packs archives for others")]
#[path = "hostile/change.rs"]
mod change;
mod support;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use agendata::{Options, Pipeline, Source};
use serde_json::Value;
use support::{AGENDA, Random, number, tree};
use targets::TARGETS;

/// Cases of each target, in the targets' order.
const CASES: [usize; 6] = [50_000, 30_000, 800_000, 120_000, 20_000, 500];
/// Lines that the filter gets at once; each is a case.
const LINES: usize = 60;
/// After so many failures, a target has failed.
const MOST: usize = 8;
/// No small input may take as long as this, on the slowest machine.
const SLOW: Duration = Duration::from_secs(60);

/// Inputs that are well formed, which the changes begin with.
fn good(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let small = |folder: &str, most: usize| {
        let files = tree(&root.join(folder)).into_iter().filter(move |(_, bytes)| bytes.len() <= most);
        files.collect::<Vec<_>>()
    };
    let headed = |first: u8, bytes: &[u8]| [&[first], bytes].concat();
    match target {
        "ingest" => small("input", 6 << 10).iter().chain(&small("tests/ingest", 6 << 10)).map(document).collect(),
        "pipeline" => small("input", 2 << 10).iter().map(document).collect(),
        "grammar" => {
            let mut files: Vec<_> = small("tests/rules", 4 << 10).iter().map(|(_, bytes)| headed(3, bytes)).collect();
            files.extend(pieces(&fs::read_to_string(root.join("grammars/base/repair.toml")).unwrap(), 1));
            for name in ["base/ocr.toml", "base/lines.toml", "base/times.toml", "en/roles.toml", "fr/numbers.toml"] {
                files.extend(pieces(&fs::read_to_string(root.join("grammars").join(name)).unwrap(), 0));
            }
            files
        }
        "offset-map" => (0..64).map(|n| (0..48).map(|i| (n * 37 + i * i * 11) as u8).collect()).collect(),
        "filter" => [
            r#"{"id": "a", "text": "Programme\n\n12 May 2011"}"#,
            r#"{"id": 7, "bytes": "UHJvZ3JhbW1lCg=="}"#,
            r#"{"text": "é 日本", "id": null}"#,
            r#"{"id": {"a": [1, 2.5e300]}, "bytes": "-_8"}"#,
            r#"{"id": "x", "text": ""}"#,
        ]
        .map(|line| line.as_bytes().to_vec())
        .to_vec(),
        "record" => records(&small("input", 700)),
        _ => unreachable!("{target}"),
    }
}

/// A document with the number of its name in front, as the targets take it.
fn document((name, bytes): &(String, Vec<u8>)) -> Vec<u8> {
    let ends = [".txt", ".md", ".html", ".pdf", ".docx", ".odt", ".rtf", ".eml", ".mbox", ".zip"];
    let which = ends.iter().position(|end| name.ends_with(end)).unwrap_or(0);
    [&[which as u8], bytes.as_slice()].concat()
}

/// A grammar file's rules, a few together, for the file of this number.
fn pieces(text: &str, file: u8) -> Vec<Vec<u8>> {
    let rules: Vec<&str> = text.split("\n[[").collect();
    let some = |rules: &[&str]| [&[file], format!("[[{}\n", rules.join("\n[[")).as_bytes()].concat();
    rules.get(1..).unwrap_or_default().chunks(3).take(12).map(some).collect()
}

/// Records of small documents with their texts.
fn records(small: &[(String, Vec<u8>)]) -> Vec<Vec<u8>> {
    let pipeline = Pipeline::new(agendata::grammar::Grammar::builtin(), Options::default());
    let agenda = ("agenda.txt".to_owned(), AGENDA.as_bytes().to_vec());
    let made = small
        .iter()
        .chain([&agenda])
        .map(|(path, bytes)| pipeline.extract_with_text(&Source { path: path.clone(), bytes: bytes.clone() }));
    made.map(|e| [&serde_json::to_vec(&e.record).unwrap(), &b"\0"[..], e.text.content.as_bytes()].concat()).collect()
}

/// An input for a target, changed.
fn changed(target: &str, good: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    match target {
        "offset-map" => (0..random.below(60)).map(|_| random.next() as u8).collect(),
        "filter" => {
            let line = |random: &mut Random| {
                let line = random.pick(good).clone();
                if random.below(3) == 0 { line } else { change::change(&line, random.pick::<Vec<u8>>(good), random) }
            };
            (0..LINES).map(|_| line(random)).collect::<Vec<_>>().join(&b'\n')
        }
        "record" if random.below(4) > 0 => {
            let bytes = random.pick(good);
            let cut = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
            let mut value: Value = serde_json::from_slice(&bytes[..cut]).unwrap();
            for _ in 0..=random.below(3) {
                bend(&mut value, random);
            }
            [value.to_string().as_bytes(), &bytes[cut..]].concat()
        }
        _ => change::change(random.pick::<Vec<u8>>(good), random.pick::<Vec<u8>>(good), random),
    }
}

/// What may stand anywhere in a record.
fn odd(random: &mut Random) -> Value {
    let words = ["", "\u{1b}[2J", "2026-13-45", "25:99", "../../x", "a/b", "\u{202e}", "P1D", "+216 71", "x@y", "é"];
    match random.below(8) {
        0 => Value::Null,
        1 => (random.below(100)).into(),
        2 => (random.next() as i64).into(),
        3 => 1e300.into(),
        4 => Value::Array(Vec::new()),
        5 => Value::Bool(true),
        6 => "x".repeat(random.below(3000)).into(),
        _ => (*random.pick(&words)).into(),
    }
}

/// Changes one place of a value: another value of the same kind or of any, one more, one less.
fn bend(value: &mut Value, random: &mut Random) {
    let deeper = random.below(5) > 0;
    match value {
        Value::Object(fields) if deeper && !fields.is_empty() => {
            let n = random.below(fields.len());
            if let Some(field) = fields.values_mut().nth(n) {
                bend(field, random);
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let n = random.below(items.len());
            match random.below(6) {
                0 => items.push(items[n].clone()),
                1 => drop(items.remove(n)),
                _ => bend(&mut items[n], random),
            }
        }
        Value::Number(_) if deeper => *value = (random.below(200)).into(),
        Value::String(text) if deeper => {
            text.push_str(["", "0", "\u{202e}", "-", "9"][random.below(5)]);
            let keep = random.below(text.chars().count() + 1);
            *text = text.chars().take(keep).collect();
        }
        _ => *value = odd(random),
    }
}

/// What is wrong with a case.
fn complaint(run: fn(&[u8]), bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| run(bytes)));
    match done {
        Ok(()) if begun.elapsed() < SLOW => None,
        Ok(()) => Some(format!("it took {} s", begun.elapsed().as_secs())),
        Err(panic) => Some(
            panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                .unwrap_or_default(),
        ),
    }
}

#[test]
fn a_million_changed_inputs_are_read_or_refused() {
    let (seed, by) = (number("AGENDATA_SEED", 2026), number("AGENDATA_MUTATIONS_BY", 1));
    let one = std::env::var("AGENDATA_CASE").ok();
    let wrong = Mutex::new(Vec::new());
    let mut all = 0;
    for (at, ((name, run), cases)) in TARGETS.iter().zip(CASES).enumerate() {
        let each = if *name == "filter" { LINES } else { 1 };
        let only = one.as_ref().map(|one| one.strip_prefix(name).and_then(|n| n.strip_prefix(':')?.parse().ok()));
        let (from, until) = match only {
            None => (0, cases * by / each),
            Some(None) => continue,
            Some(Some(case)) => (case, case + 1),
        };
        let (good, next, begun) = (good(name), AtomicUsize::new(from), Instant::now());
        let work = || {
            loop {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= until || wrong.lock().unwrap().len() >= (MOST * (at + 1)) {
                    return;
                }
                let mut random = Random((seed as u64) << 32 | case as u64);
                let bytes = changed(name, &good, &mut random);
                if let Some(why) = complaint(*run, &bytes) {
                    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutation-{name}-{seed}-{case}"));
                    fs::write(&kept, &bytes).unwrap();
                    let again = format!("AGENDATA_SEED={seed} AGENDATA_CASE={name}:{case}");
                    wrong.lock().unwrap().push(format!("{again} ({}): {why}", kept.display()));
                }
            }
        };
        std::thread::scope(|scope| {
            let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8);
            for _ in 0..threads {
                std::thread::Builder::new().stack_size(8 << 20).spawn_scoped(scope, work).unwrap();
            }
        });
        all += (until - from) * each;
        eprintln!("{name}: {} cases in {:.1} s", (until - from) * each, begun.elapsed().as_secs_f64());
    }
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "of {all} cases:\n{}", wrong.join("\n"));
    assert!(one.is_some() || all >= 1_000_000, "{all} cases");
}

/// Writes the good inputs of each target where `cargo fuzz` looks for them, where the caller names a folder.
#[test]
fn seeds() {
    let folder = std::env::var_os("AGENDATA_CORPUS");
    for (name, run) in TARGETS {
        let good = good(name);
        assert!(good.len() >= 5, "{name}: {} good inputs", good.len());
        for (n, bytes) in good.iter().enumerate() {
            if let Some(folder) = &folder {
                support::write(&Path::new(folder).join(name), &format!("{n:04}"), bytes);
            }
        }
        // What is good is read to its end.
        good.iter().take(20).for_each(|bytes| run(bytes));
    }
}
