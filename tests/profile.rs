//! `agendata profile`: an archive without gold in numbers.

mod support;

use std::path::Path;

use serde_json::Value;
use support::{AGENDA, folder, run, write};

/// An archive with an oddity: a label and a note that no rule knows.
fn archive(here: &Path) {
    for n in 1..=3 {
        let odd = format!("{AGENDA}\nWharf copy: {n}12, seen 9 June 1998\n");
        write(here, &format!("archive/programme-{n}.txt"), odd);
    }
    write(here, "archive/note.txt", "Liste de prix\n\nLes cordes sont dans la cour et les voiles au grenier.\n");
    write(here, "archive/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
}

fn json(here: &Path, args: &[&str]) -> Value {
    let ran = run(here, &[&["profile"], args, &["--json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn field(profile: &Value, name: &str) -> (u64, u64) {
    let fields = profile["fields"].as_array().unwrap();
    let found = fields.iter().find(|f| f["field"] == name).unwrap();
    (found["filled"].as_u64().unwrap(), found["of"].as_u64().unwrap())
}

#[test]
fn an_archive_is_told_in_numbers() {
    let here = folder();
    archive(here.path());
    let profile = json(here.path(), &["archive"]);
    assert_eq!(profile["documents"], 4);
    assert_eq!(profile["not_read"]["unsupported"], 1);
    assert_eq!(profile["kinds"]["agenda"], 3);
    assert_eq!(profile["languages"]["en"]["main"], 3);
    assert_eq!(profile["languages"]["fr"]["main"], 1);
    assert_eq!(field(&profile, "sessions.start"), (6, 6));
    assert_eq!(field(&profile, "event.start_date"), (3, 3));
    assert_eq!(field(&profile, "event.venue.city"), (0, 3));
    let lines = &profile["lines"];
    let sum = ["used", "explained", "unexplained"].map(|k| lines[k].as_u64().unwrap()).iter().sum::<u64>();
    assert_eq!(lines["all"].as_u64(), Some(sum));
}

#[test]
fn what_nothing_explains_is_shown_by_shape_and_by_label_with_its_places() {
    let here = folder();
    archive(here.path());
    let profile = json(here.path(), &["archive", "--top", "3"]);
    let shape = profile["shapes"].as_array().unwrap().iter().find(|s| s["shape"] == "Aa a: 9, a 9 Aa 9").unwrap();
    assert_eq!((shape["lines"].as_u64(), shape["documents"].as_u64()), (Some(3), Some(3)));
    assert_eq!(shape["examples"][0]["path"], "programme-1.txt");
    assert_eq!(shape["examples"][0]["line"], 8);
    assert_eq!(shape["examples"][0]["text"], "Wharf copy: 112, seen 9 June 1998");
    assert_eq!(profile["labels"][0]["shape"], "wharf copy");
    assert_eq!(profile["labels"][0]["lines"], 3);
    let table = run(here.path(), &["profile", "archive"]).out;
    for words in [
        "4 documents, not read: 1 unsupported",
        "programme-1.txt:8  Wharf copy: 112",
        "wharf copy",
        "rules never fired",
    ] {
        assert!(table.contains(words), "{words} is not in\n{table}");
    }
}

#[test]
fn rules_that_fired_and_rules_that_never_did() {
    let here = folder();
    archive(here.path());
    write(
        here.path(),
        "mine/en/copy.toml",
        "[[pattern]]\nid = \"en/explained/copy\"\nset = \"explained\"\npattern = '^Wharf copy: \\d+'\n\n\
         [[phrase]]\nid = \"en/role/warden\"\nset = \"role\"\nvalue = \"chair\"\nwords = [\"Lamp warden\"]\n",
    );
    let before = json(here.path(), &["archive"]);
    let after = json(here.path(), &["archive", "--grammar", "mine"]);
    let own: Vec<(&str, bool)> = after["rules"]["own"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["id"].as_str().unwrap(), r["fired"].as_u64() > Some(0)))
        .collect();
    assert_eq!(own, [("en/explained/copy", true), ("en/role/warden", false)]);
    let ids = |list: &str| -> Vec<String> {
        let id = |r: &Value| r.get("id").unwrap_or(r).as_str().unwrap().to_owned();
        before["rules"][list].as_array().unwrap().iter().map(id).collect()
    };
    let (fired, never) = (ids("fired"), ids("never"));
    for id in ["en/kind/registration", "en/month/may", "base/line/row/time-first", "en/programme/programme"] {
        assert!(fired.contains(&id.to_owned()), "{id} did not fire");
    }
    for id in ["en/month/june", "nl/kind/break"] {
        assert!(never.contains(&id.to_owned()) != fired.contains(&id.to_owned()), "{id}");
    }
    assert!(never.contains(&"nl/kind/break".to_owned()));
    let saved = |p: &Value| p["lines"]["unexplained"].as_u64().unwrap();
    assert_eq!(saved(&before) - saved(&after), 3);
}

#[test]
fn it_is_the_same_whatever_the_number_of_workers() {
    let here = folder();
    archive(here.path());
    for n in 0..40 {
        write(here.path(), &format!("archive/more/{n}.txt"), format!("{AGENDA}Line {n} of the odd sort\n"));
    }
    let one = run(here.path(), &["profile", "archive", "--json", "--jobs", "1"]).out;
    let four = run(here.path(), &["profile", "archive", "--json", "--jobs", "4"]).out;
    assert!(one == four);
}

#[test]
fn a_dataset_tells_the_same_of_its_documents() {
    let here = folder();
    archive(here.path());
    assert_eq!(run(here.path(), &["extract", "archive", "-o", "output", "--quiet"]).code, 0);
    let (documents, dataset) = (json(here.path(), &["archive"]), json(here.path(), &["output", "--source", "archive"]));
    for key in ["documents", "languages", "kinds", "fields", "lines", "values", "shapes", "labels", "coverage"] {
        assert_eq!(documents[key], dataset[key], "{key}");
    }
    assert!(dataset["rules"].is_null(), "a dataset does not know which rules were tried");
    let blind = json(here.path(), &["output"]);
    assert_eq!(blind["without_text"].as_u64().unwrap() + u64::from(blind["shapes"] != Value::Array(Vec::new())), 4);
}

#[test]
fn errors_have_their_exit_codes() {
    let here = folder();
    assert_eq!(run(here.path(), &["profile", "nowhere"]).code, 2);
    write(here.path(), "archive/a.txt", AGENDA);
    write(here.path(), "mine/bad.toml", "[[phrase]\n");
    assert_eq!(run(here.path(), &["profile", "archive", "--grammar", "mine"]).code, 3);
    assert_eq!(run(here.path(), &["profile", "archive", "--source", "archive"]).code, 2);
    assert_eq!(run(here.path(), &["extract", "archive", "-o", "output", "--quiet"]).code, 0);
    assert_eq!(run(here.path(), &["profile", "output", "--grammar", "mine"]).code, 2);
    write(here.path(), "broken/x.pdf", b"%PDF-1.4\nno pages at all");
    assert_eq!(run(here.path(), &["profile", "broken"]).code, 5);
}
