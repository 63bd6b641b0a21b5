//! Confidence means something: it is learned from gold, the same each time, and says what it is worth.

mod handmade;
mod support;

use std::fs;
use std::path::Path;

use agendata::calibrate::{COUNT, Feature, Figures, Group, Model, Reliability, Sample, calibrate, held_out, learn};
use agendata::eval::{MissKind, score};
use agendata::grammar::Grammar;
use serde_json::{Value, json};
use support::{folder, run, write};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn the_calibration_error_is_that_worked_out_by_hand() {
    // Ten widths: 0.9 to 1 holds 0.9, 0.95, 1.0 with two of three right, 0.5 to 0.6 holds 0.5 twice with one right.
    let judged = [(0.9, true), (0.95, true), (1.0, false), (0.5, true), (0.5, false)];
    let r = Reliability::new(&judged);
    assert_eq!((r.values, r.wrong), (5, 2));
    let want = 3.0 / 5.0 * (2.85 / 3.0 - 2.0 / 3.0_f64).abs() + 2.0 / 5.0 * (0.5 - 0.5_f64).abs();
    assert!(near(r.error, want), "{} {want}", r.error);
    // Half a value is a tenth; the two least sure are alike, one of them is wrong: a quarter of one error of two.
    assert!(near(r.errors_in_tenth, 0.125), "{}", r.errors_in_tenth);
    // One value a rank.
    let by_rank = (0.1 + 0.05 + 1.0 + 0.5 + 0.5) / 5.0;
    assert!(near(r.error_by_rank, by_rank), "{} {by_rank}", r.error_by_rank);
    let nothing = Reliability::new(&[]);
    assert_eq!((nothing.values, nothing.error, nothing.bins.len()), (0, 0.0, 0));
}

/// Values of `documents` documents: those that were repaired are wrong half the time, others one time in twenty.
fn samples(documents: usize) -> Vec<Sample> {
    let mut all = Vec::new();
    for document in 0..documents {
        for n in 0..40 {
            let repaired = n % 4 == 0;
            let mut x = [0.0; COUNT];
            x[Feature::Base as usize] = 1.0;
            x[Feature::Repaired as usize] = f64::from(u8::from(repaired));
            let right = if repaired { (n / 4 + document) % 2 == 0 } else { (n + document) % 20 != 1 };
            let figures = Figures { group: Group::Title, x };
            all.push(Sample { document, figures, rule: "base/x/y".into(), right, weight: 1.0 });
        }
    }
    all
}

#[test]
fn what_is_learned_holds_and_is_the_same_each_time() {
    let all = samples(20);
    let known: Vec<&Sample> = all.iter().collect();
    let model = learn(&known);
    assert_eq!(model, learn(&known));
    let of = |n: usize| model.confidence(&all[n].figures, "base/x/y", 0.9);
    assert!((of(0) - 0.5).abs() < 0.05, "repaired: {}", of(0));
    assert!(of(1) > 0.9, "whole: {}", of(1));
    let held = held_out(&all, 20).expect("enough documents");
    let pairs: Vec<(f64, bool)> = held.iter().zip(&all).map(|(c, s)| (*c, s.right)).collect();
    assert!(Reliability::new(&pairs).error < 0.05);
    assert!(held_out(&all[..40], 1).is_none(), "one document cannot be held out");
}

#[test]
fn damage_never_makes_a_value_surer() {
    let mut all = samples(20);
    all.iter_mut().for_each(|s| s.right = s.figures.x[Feature::Repaired as usize] > 0.0 || s.document % 2 == 0);
    let model = learn(&all.iter().collect::<Vec<_>>());
    assert_eq!(model.groups[&Group::Title][Feature::Repaired as usize], 0.0);
    for weights in Grammar::builtin().confidence.groups.values() {
        for f in Feature::ALL {
            assert!(f64::from(f.sign()) * weights[*f as usize] >= 0.0, "{}: {}", f.name(), weights[*f as usize]);
        }
    }
}

#[test]
fn the_file_of_weights_reads_as_it_was_written() {
    let own = &Grammar::builtin().confidence;
    assert!(!own.groups.is_empty() && own.missing.unexplained > 0.0);
    assert_eq!(Model::from_toml(&own.to_toml("# head\n", "note = \"x\"\n")).as_ref(), Ok(own));
    for (text, says) in [
        ("[group.colour]\nbase = 1.0", "sort of values"),
        ("[group.time]\nsize = 1.0", "figure about a value"),
        ("[worth]\ncolour = 1.0", "sort of values"),
        ("[group.time]\nbase = nan", "finite"),
        ("[group", "unclosed"),
        ("colour = 1", "unknown field"),
    ] {
        let error = Model::from_toml(text).expect_err(text);
        assert!(error.message.contains(says), "{text}: {}", error.message);
    }
}

#[test]
fn a_broken_file_of_weights_is_told_with_its_place() {
    let here = folder();
    write(here.path(), "mine/base/confidence.toml", "[group.time]\nbase = 1.0\nsize = 2.0\n");
    write(here.path(), "a.txt", support::AGENDA);
    let ran = run(here.path(), &["extract", "a.txt", "-o", "-", "--grammar", "mine"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("A0902") && ran.err.contains("confidence.toml:3:"), "{}", ran.err);
}

#[test]
fn every_value_has_its_confidence_and_it_can_be_made_again() {
    let g = Grammar::builtin();
    let record = handmade::record();
    let mut again = record.clone();
    calibrate(&mut again, &g);
    assert_eq!(record, again);
    let read: agendata::model::Record = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
    let mut again = read.clone();
    calibrate(&mut again, &g);
    assert_eq!(record, again);
    for (pointer, e) in &record.evidence {
        assert!((0.01..=0.999).contains(&e.confidence), "{pointer}: {}", e.confidence);
        let thousands = e.confidence * 1000.0;
        assert!(near(thousands, thousands.round()), "{pointer}: {}", e.confidence);
    }
    assert_eq!(record.evidence["/people/0/family"].confidence, record.evidence["/people/0/name"].confidence);
}

#[test]
fn each_value_is_judged_where_it_stands() {
    let gold = json!({
        "event": {"title": "On Records"},
        "sessions": [{"kind": "talk", "title": "Paper", "date": "2014-05-14", "start": "09:00", "end": "10:00",
                      "roles": [{"person": "p1", "role": "speaker"}]}],
        "people": [{"id": "p1", "name": "Ann Lee"}, {"id": "p2", "name": "Jon Becker"}], "contacts": []
    });
    let mut record = gold.clone();
    record["sessions"][0]["end"] = json!("10:30");
    record["sessions"][0]["roles"][0]["role"] = json!("chair");
    record["people"].as_array_mut().unwrap().pop();
    record["people"].as_array_mut().unwrap().push(json!({"id": "p2", "name": "Coffee Break"}));
    let report = score(&gold, &record);
    let values: Vec<(&str, bool)> = report.answers().iter().flat_map(|a| a.values()).collect();
    for (pointer, right) in [
        ("/event/title", true),
        ("/sessions/0/date", true),
        ("/sessions/0/start", true),
        ("/sessions/0/end", false),
        ("/sessions/0/title", true),
        ("/sessions/0/roles/0/person", true),
        ("/sessions/0/roles/0/role", false),
        ("/people/0/name", true),
        ("/people/1/name", false),
    ] {
        assert!(values.contains(&(pointer, right)), "{pointer}: {values:?}");
    }
    let missed = report.answers().iter().find(|a| a.wrong == Some(MissKind::Missed)).expect("a missed value");
    assert_eq!(missed.gold.as_ref().map(|g| g.value.as_str()), Some("jon becker"));
}

/// The own documents read anew into `out` of a folder.
fn own() -> tempfile::TempDir {
    let here = folder();
    let input = root().join("input");
    let ran = run(here.path(), &["extract", &input.to_string_lossy(), "-o", "out", "--quiet"]);
    assert!(ran.code == 0 || ran.code == 4, "{}", ran.err);
    here
}

/// The own gold, each third session of which is called otherwise, so that there is something to learn from.
fn spoiled_gold(here: &Path) {
    for file in agendata::eval::json_files(&root().join("tests/gold")).unwrap() {
        let Ok(mut gold) = serde_json::from_slice::<Value>(&fs::read(&file).unwrap()) else { continue };
        let sessions = gold["sessions"].as_array_mut().into_iter().flatten();
        sessions.step_by(3).for_each(|s| s["title"] = json!("Something else altogether"));
        let name = format!("gold/{}", file.file_name().unwrap().to_string_lossy());
        write(here, &name, gold.to_string());
    }
}

#[test]
fn a_fit_is_the_same_each_time_and_reads_back() {
    let here = own();
    spoiled_gold(here.path());
    let input = root().join("input");
    let fit = |to: &str| {
        let source = input.to_string_lossy();
        let ran = run(
            here.path(),
            &["grammar", "fit", "gold", "out", "--source", &source, "--note", "a test", "--write", to],
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("ECE new") && ran.out.contains("measured on the fifth"), "{}", ran.out);
        fs::read_to_string(here.path().join(to)).unwrap()
    };
    fs::create_dir_all(here.path().join("mine/base")).unwrap();
    let (one, two) = (fit("one.toml"), fit("mine/base/confidence.toml"));
    assert_eq!(one, two);
    assert!(one.contains("note = \"a test\"") && one.contains("calibration-error-held-out"), "{one}");
    let model = Model::from_toml(&one).expect("a file of weights");
    let ours = |f: Feature| model.groups[&Group::Title][f as usize];
    assert!(ours(Feature::Base) < 2.0, "a third of the titles is wrong: {}", ours(Feature::Base));

    let source = input.to_string_lossy();
    let ran = run(here.path(), &["eval", "gold", "out", "--source", &source, "--budget", "15"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for says in ["expected calibration error", "held out by document", "least confident tenth", "15 looks, worst first"]
    {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }
    let ran = run(here.path(), &["eval", "gold", "out", "--source", &source, "--json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert!(json["confidence"]["held_out"]["error"].as_f64().is_some_and(|e| e < 0.1), "{}", json["confidence"]);
    assert_eq!(json["confidence"]["bought"]["looks"], json!(40));
    let ran = run(here.path(), &["eval", "gold", "out"]);
    assert!(ran.out.contains("without text at hand"), "{}", ran.out);
}

#[test]
fn too_little_broken_or_no_gold_is_refused() {
    let here = folder();
    write(here.path(), "in/a.txt", support::AGENDA);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--quiet"]).code, 0);
    let fit = |gold: &str| run(here.path(), &["grammar", "fit", gold, "out", "--source", "in"]);
    write(here.path(), "few/a.json", json!({"event": {}, "sessions": []}).to_string());
    write(here.path(), "broken/a.json", "{\"event\": ");
    fs::create_dir(here.path().join("none")).unwrap();
    for (gold, says) in [
        ("few", "expected at least 20 documents"),
        ("broken", "expected a JSON record"),
        ("none", "but found 0"),
        ("nowhere", "expected records at"),
    ] {
        let ran = fit(gold);
        assert_eq!(ran.code, 2, "{gold}: {}", ran.err);
        assert!(ran.err.contains(says) && ran.out.is_empty(), "{gold}: {}", ran.err);
    }
    write(here.path(), "verdicts.jsonl", "{\"path\": \"a.txt\", \"at\": \"/event/title\"}\n");
    let ran = run(here.path(), &["grammar", "fit", "few", "out", "--verdicts", "verdicts.jsonl"]);
    assert!(ran.code == 2 && ran.err.contains("verdicts.jsonl:1"), "{}", ran.err);
}

#[test]
fn the_review_list_names_the_worst_lines_first() {
    let here = folder();
    let text = format!("{}\nContacts\n\nTel: +351 21 793 0000\nE-mail: someone@example.org\n", support::AGENDA);
    write(here.path(), "in/a.txt", text);
    write(here.path(), "in/b.txt", support::AGENDA);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--quiet"]).code, 0);
    let list = |budget: &str| {
        let ran = run(here.path(), &["review-list", "out", "--source", "in", "--budget", budget, "--json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str::<Vec<Value>>(&ran.out).expect("a list")
    };
    let looks = list("6");
    assert_eq!(looks.len(), 6);
    let gains: Vec<f64> = looks.iter().map(|l| l["gain"].as_f64().expect("a gain")).collect();
    assert!(gains.is_sorted_by(|a, b| a >= b), "{gains:?}");
    let mut lines: Vec<(&str, u64)> =
        looks.iter().map(|l| (l["file"].as_str().expect("a file"), l["line"].as_u64().expect("a line"))).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 6, "one look a line");
    assert_eq!(list("2")[..], looks[..2]);
    let ran = run(here.path(), &["review-list", "out", "--source", "in"]);
    assert!(ran.code == 0 && ran.out.contains("errors are expected on them"), "{}", ran.out);
    let ran = run(here.path(), &["review-list", "nowhere"]);
    assert!(ran.code == 2 && ran.err.contains("expected a dataset"), "{}", ran.err);
}

#[test]
fn what_is_likely_missing_is_told() {
    let text = "Programme\n\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Opening (see Tariq Nowhere below)\n\
                11:00 - 12:00\n12:00 - 13:00 Lunch\n\nContact\nE-mail: office@example.org\n";
    let source = agendata::Source { path: "a.txt".into(), bytes: text.as_bytes().to_vec() };
    let record = agendata::Pipeline::default().extract(&source);
    let codes: Vec<&str> = record.diagnostics.iter().map(|d| d.code.as_str()).collect();
    for code in ["A0718", "A0719"] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    for d in record.diagnostics.iter().filter(|d| matches!(d.code.as_str(), "A0717" | "A0718" | "A0719" | "A0720")) {
        assert!(d.span.is_some() && d.at.is_some(), "{d:?}");
    }
}

#[test]
fn the_weights_say_where_they_come_from_and_hold() {
    let text = fs::read_to_string(root().join("grammars/base/confidence.toml")).unwrap();
    let figure = |name: &str| {
        let line = text.lines().find(|l| l.starts_with(name)).unwrap_or_else(|| panic!("no {name}"));
        line.rsplit(' ').next().and_then(|n| n.parse::<f64>().ok()).expect("a number")
    };
    assert!(figure("calibration-error-held-out") <= 0.05);
    assert!(figure("errors-in-least-confident-tenth-held-out") >= 0.4);
    assert!(figure("documents") >= 100.0 && figure("values") >= 5_000.0);
    assert!(text.contains("note = "));
}
