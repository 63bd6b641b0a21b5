//! How right the program is, with floors that only rise: the own documents always, the shared ones where they are.
//!
//! `just eval-shared`, or `cargo test --release --test accuracy -- --nocapture`, prints the figures.

mod cmu;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use agendata::eval::{load, score_all, score_folders, stem_of};
use agendata::model::DocumentKind;
use agendata::{Pipeline, Source};
use serde_json::Value;
use support::{folder, run};

/// A measure, its floor, and what it is to reach.
struct Floor {
    measure: &'static str,
    floor: f64,
    wanted: f64,
}

const fn floor(measure: &'static str, floor: f64, wanted: f64) -> Floor {
    Floor { measure, floor, wanted }
}

/// The floors (own/all: the texts of `input/`; own/formats: all its folders). A change that raises a figure raises its floor; none is ever lowered.
const FLOORS: &[Floor] = &[
    floor("own/all", 0.997, 0.98),
    floor("own/html", 0.98, 0.95),
    floor("own/pdf", 0.99, 0.95),
    floor("own/docx", 0.99, 0.95),
    floor("own/odt", 0.96, 0.95),
    floor("own/rtf", 0.98, 0.95),
    floor("own/mail", 0.97, 0.95),
    floor("own/zip", 0.98, 0.95),
    floor("own/formats", 0.99, 0.95),
    floor("own/twins", 0.995, 0.95),
    floor("own/negatives", 1.0, 1.0),
    floor("shared/seeds", 0.995, 0.97),
    floor("shared/seeds, least category", 0.96, 0.90),
    floor("shared/cmu", 0.966, 0.88),
    floor("shared/wild 053", 0.92, 0.80),
    floor("shared/wild 132", 0.95, 0.80),
    floor("shared/wild 135", 0.99, 0.80),
    floor("shared/wild, six .md", 0.97, 0.70),
    floor("shared/wild, all with gold", 0.96, 0.82),
    floor("shared/wild, session slots", 0.99, 0.90),
    floor("shared/wild, names", 0.98, 0.85),
    floor("shared/wild, negatives", 1.0, 1.0),
];

/// What each document of `input/languages/` must reach for itself.
const LANGUAGE_FLOOR: f64 = 0.99;

/// Fails where a figure is below its floor; prints it all the same.
fn hold(measure: &str, figure: f64) {
    let floor = FLOORS.iter().find(|f| f.measure == measure).unwrap_or_else(|| panic!("{measure} has no floor"));
    let state = if figure >= floor.wanted { "as wanted" } else { "below what is wanted" };
    eprintln!("{measure:30} {figure:.4}  floor {:.2}  wanted {:.2}  {state}", floor.floor, floor.wanted);
    assert!(figure >= floor.floor, "{measure} is {figure:.4}, and must be at least {}", floor.floor);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of other people's documents, where there is one.
fn shared() -> Option<PathBuf> {
    let place = std::env::var_os("AGENDATA_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let found = place.join("gold").is_dir();
    if !found {
        eprintln!("skipped: no shared documents (set AGENDATA_SHARED)");
    }
    found.then_some(place)
}

/// The records of the documents in a folder, each with the stem of its source.
fn extracted(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let pipeline = Pipeline::default();
    let read = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        let source = Source { bytes: fs::read(path).ok()?, path: name.clone() };
        wanted(&name).then(|| (stem_of(&name), serde_json::to_value(pipeline.extract(&source)).unwrap()))
    };
    names.iter().filter_map(read).collect()
}

/// How many of these records hold no sessions.
fn without_sessions(records: &[(String, Value)]) -> f64 {
    let empty = |r: &&(String, Value)| r.1["sessions"].as_array().is_none_or(Vec::is_empty);
    for (name, _) in records.iter().filter(|r| !empty(r)) {
        eprintln!("{name} is no event document, but gives sessions");
    }
    records.iter().filter(empty).count() as f64 / records.len().max(1) as f64
}

#[test]
fn own_documents() {
    let here = folder();
    let ran = run(root(), &["extract", "input", "-o", here.path().join("out").to_str().unwrap(), "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let records = load(&here.path().join("out")).unwrap().records;
    let gold = load(&root().join("tests/gold")).unwrap();
    assert!(gold.notes.is_empty(), "{:?}", gold.notes);
    assert!(records.keys().eq(gold.records.keys()), "each document has gold, each gold a document: {:?}", {
        let odd = |a: &Records, b: &Records| a.keys().filter(|k| !b.contains_key(*k)).cloned().collect::<Vec<_>>();
        (odd(&records, &gold.records), odd(&gold.records, &records))
    });
    let figure = |wanted: &dyn Fn(&str) -> bool| {
        let gold = gold.records.iter().filter(|(_, r)| wanted(part_of(r)));
        let report = score_all(&gold.map(|(stem, r)| (stem.clone(), r.clone())).collect(), &records);
        eprintln!("{}", report.table());
        report.f1("all")
    };
    hold("own/all", figure(&|part| part == "text"));
    hold("own/formats", figure(&|part| part != "text"));
    for part in ["html", "pdf", "docx", "odt", "rtf", "mail", "zip", "twins"] {
        hold(&format!("own/{part}"), figure(&|p| p == part));
    }
    // a document of our own in each language, and each for itself
    for (stem, wanted) in gold.records.iter().filter(|(_, r)| part_of(r) == "languages") {
        let one = BTreeMap::from([(stem.clone(), wanted.clone())]);
        let figure = score_all(&one, &records).f1("all");
        assert!(figure >= LANGUAGE_FLOOR, "{stem} is {figure:.4}, and must be at least {LANGUAGE_FLOOR}");
    }
    let negative: Vec<_> = records.into_iter().filter(|(stem, _)| stem.starts_with("neg-")).collect();
    hold("own/negatives", without_sessions(&negative));
}

/// Records by the stem of their source.
type Records = BTreeMap<String, Value>;

/// The folder of `input/` that a record comes from; `text` where it lies in none.
fn part_of(record: &Value) -> &str {
    let path = record["source"]["path"].as_str().unwrap_or_default();
    path.split_once('/').map_or("text", |(folder, _)| folder)
}

#[test]
fn own_documents_are_many_and_of_many_kinds() {
    let gold = load(&root().join("tests/gold")).unwrap().records;
    let count = |field: &str| gold.values().filter_map(|r| r[field].as_array()).map(Vec::len).sum::<usize>();
    let other = gold.values().filter(|r| r["kind"] == DocumentKind::Other.as_str()).count();
    let (sessions, people) = (count("sessions"), count("people"));
    eprintln!("{} documents ({other} no events), {sessions} sessions, {people} people", gold.len());
    assert!(gold.len() - other >= 15 && other >= 12 && sessions >= 150 && people >= 200);
}

#[test]
fn shared_seeds() {
    let Some(shared) = shared() else { return };
    let records = extracted(&shared.join("seeds"), |_| true);
    let report = score_folders(&shared.join("gold"), &records).unwrap();
    eprintln!("{}", report.table());
    hold("shared/seeds", report.f1("all"));
    let all = report.categories().into_iter().filter(|c| *c != "all" && !c.starts_with('('));
    let least = all.map(|c| report.f1(c)).fold(1.0, f64::min);
    hold("shared/seeds, least category", least);
}

#[test]
fn shared_announcements() {
    let Some(shared) = shared() else { return };
    let tagged = cmu::load(&shared.join("cmu"));
    let pipeline = Pipeline::default();
    let mut score = cmu::Score::default();
    for (name, text) in &tagged {
        let plain = cmu::untag(text);
        let record = pipeline.extract(&Source { path: format!("{name}.txt"), bytes: plain.clone().into_bytes() });
        score.add(text, &plain, &record);
    }
    eprint!("{}", score.table());
    hold("shared/cmu", score.mean_f1());
}

#[test]
fn shared_wild_documents() {
    let Some(shared) = shared() else { return };
    let records = extracted(&shared.join("wild/docs"), |_| true);
    let gold = load(&shared.join("wild/gold")).unwrap().records;
    let score = |numbers: &[&str]| {
        let some = |stem: &str| numbers.contains(&stem.split('_').next().unwrap_or(""));
        let gold = gold.iter().filter(|(s, _)| some(s)).map(|(s, r)| (s.clone(), r.clone())).collect();
        let found = records.iter().filter(|(s, _)| some(s)).cloned().collect();
        score_all(&gold, &found).f1("all")
    };
    for number in ["053", "132", "135"] {
        hold(&format!("shared/wild {number}"), score(&[number]));
    }
    hold("shared/wild, six .md", score(&["039", "053", "097", "102", "132", "135"]));
    let found = records.iter().cloned().collect();
    let all = score_all(&gold, &found);
    hold("shared/wild, all with gold", all.f1("all"));
    hold("shared/wild, session slots", all.f1("session.slot"));
    hold("shared/wild, names", all.f1("person.name"));
    let negative: Vec<_> = records.into_iter().filter(|(stem, _)| stem.contains("_neg_")).collect();
    hold("shared/wild, negatives", without_sessions(&negative));
}

/// A case of `tests/known`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    reason: String,
    expect: Vec<Expect>,
}

/// What must stand at a pointer.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    at: String,
    value: Option<String>,
}

#[test]
fn known_failures_still_fail() {
    let folder = root().join("tests/known");
    let cases = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path());
    for case in cases.filter(|p| p.extension().is_some_and(|e| e == "toml")) {
        let known: Known = toml::from_str(&fs::read_to_string(&case).unwrap()).unwrap();
        assert!(!known.reason.is_empty() && !known.expect.is_empty(), "{}", case.display());
        let bytes = fs::read(case.with_extension("txt")).unwrap();
        let record = Pipeline::default().extract(&Source { path: "known.txt".into(), bytes });
        let record = serde_json::to_value(record).unwrap();
        let right = |e: &Expect| {
            let there = record.pointer(&e.at).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
            there == e.value
        };
        let passes = known.expect.iter().all(right);
        assert!(!passes, "{} is read rightly now: move it to input/ and tests/gold/", case.display());
    }
}
