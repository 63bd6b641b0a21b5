//! Scores are what they should be, and in the soft mode those of the independent scorer, where that is at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use agendata::eval::{self, MissKind, Mode, load, score, score_all, score_folders};
use serde_json::{Value, json};

fn gold() -> Value {
    json!({
        "kind": "agenda",
        "event": {"title": ["Seminar on Records", "Records 2014"], "start_date": "2014-05-14",
                  "venue": {"city": "Lisbon", "country": "PT"}, "edition": 3},
        "sessions": [
            {"kind": "opening", "title": "Opening", "date": "2014-05-14", "start": "09:00", "end": "09:30"},
            {"kind": "session", "number": "1", "title": "Keeping records for centuries", "date": "2014-05-14",
             "start": "09:30", "end": "11:00", "roles": [{"person": "p1", "role": "chair"}],
             "talks": [{"title": "Paper that lasts", "speakers": ["p2"]}]},
            {"kind": "break", "title": "Coffee", "start": "11:00", "optional": true}
        ],
        "people": [
            {"id": "p1", "name": "Ana Ribeiro", "position": ["Head", "Head of Preservation"], "country": "PT"},
            {"id": "p2", "name": "Jon Becker"},
            {"id": "p3", "name": "Eva Lund", "optional": true}
        ],
        "contacts": [{"person": "p2", "emails": ["jon@example.org"],
                      "phones": [{"kind": "tel", "e164": "+351217930000", "extension": "12"}]}]
    })
}

/// The gold record as an output would have it: one reading, nothing optional.
fn plain() -> Value {
    let mut v = gold();
    v["event"]["title"] = json!("Seminar on Records");
    v["people"][0]["position"] = json!("Head of Preservation");
    v["sessions"].as_array_mut().expect("sessions").pop();
    v["people"].as_array_mut().expect("people").pop();
    v
}

#[test]
fn a_right_record_scores_one_in_every_mode() {
    let report = score(&gold(), &plain());
    for mode in Mode::ALL {
        let all = report.row(mode, "all");
        assert!(all.is_clean(), "{mode:?}: {:?}", report.tallies);
        assert_eq!((all.precision(), all.recall(), all.f1(), all.mean_likeness()), (1.0, 1.0, 1.0, 1.0));
    }
    assert!(report.whole.iter().all(|w| w.right == 1));
}

#[test]
fn optional_things_count_neither_way() {
    let mut pred = plain();
    pred["sessions"] = gold()["sessions"].clone();
    pred["people"].as_array_mut().expect("people").push(json!({"id": "p3", "name": "Eva Lund"}));
    assert_eq!(score(&gold(), &pred).f1("all"), 1.0);
}

#[test]
fn missed_invented_and_misread_are_told_apart() {
    let mut pred = plain();
    pred["sessions"][0]["end"] = json!("09:45");
    pred["sessions"][1]["kind"] = json!("panel");
    pred["contacts"][0]["emails"] = json!([]);
    pred["people"].as_array_mut().expect("people").push(json!({"id": "p9", "name": "Coffee Break"}));
    let report = score(&gold(), &pred);
    let row = |category| {
        let r = report.row(Mode::Soft, category);
        (r.found, r.missed, r.invented, r.misread)
    };
    assert_eq!(row("session.slot"), (1, 0, 0, 1));
    assert_eq!(row("session.kind"), (1, 0, 0, 1));
    assert_eq!(row("contact.emails"), (0, 1, 0, 0));
    assert_eq!(row("person.name"), (2, 0, 1, 0));
    let misread = report.misses().iter().find(|m| m.kind == MissKind::Misread && m.category == "session.kind");
    let misread = misread.expect("a misread kind");
    assert_eq!(misread.gold.as_deref(), Some("session 2: session"));
    assert_eq!(misread.found.as_deref(), Some("session 2: panel"));
}

#[test]
fn the_modes_differ_where_the_spelling_does() {
    let mut pred = plain();
    pred["sessions"][1]["title"] = json!("KEEPING records for centuries.");
    pred["people"][1]["name"] = json!("Jon BECKER");
    pred["sessions"][1]["talks"][0]["title"] = json!("Papr that lasts");
    let report = score(&gold(), &pred);
    let f1 = |mode, category| report.row(mode, category).f1();
    assert_eq!((f1(Mode::Soft, "session.title"), f1(Mode::Strict, "session.title")), (1.0, 0.5));
    assert_eq!((f1(Mode::Soft, "person.name"), f1(Mode::Strict, "person.name")), (1.0, 0.5));
    assert_eq!((f1(Mode::Edit, "talk.title"), f1(Mode::Strict, "talk.title")), (1.0, 0.0));
    assert!((report.row(Mode::Soft, "talk.title").mean_likeness() - 15.0 / 16.0).abs() < 1e-9);
}

#[test]
fn a_document_without_record_has_missed_everything() {
    let docs = BTreeMap::from([("a".to_owned(), gold())]);
    let report = score_all(&docs, &BTreeMap::new());
    assert_eq!((report.f1("all"), report.without.as_slice()), (0.0, &["a".to_owned()][..]));
    assert!(report.table().contains("no record for a"));
}

#[test]
fn folders_datasets_and_lines_are_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let with_path = |path: &str| {
        let mut v = plain();
        v["source"] = json!({"path": path});
        v.to_string()
    };
    let write = |name: &str, text: String| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("set/datapackage.json", json!({"event": "no record"}).to_string());
    write("set/records/deep/one.txt.json", with_path("deep/one.txt"));
    write("lines.jsonl", format!("{}\n\n{}\n", with_path("one.txt"), with_path("two.md")));
    write("gold/one.json", gold().to_string());
    write("gold/broken.json", "{".to_owned());
    let stems = |name: &str| load(&dir.path().join(name)).expect("records").records.into_keys().collect::<Vec<_>>();
    assert_eq!(stems("set"), ["one"]);
    assert_eq!(stems("lines.jsonl"), ["one", "two"]);
    let report = score_folders(&dir.path().join("gold"), &[("one".to_owned(), plain())]).expect("a report");
    assert_eq!((report.documents, report.f1("all"), report.notes.len()), (1, 1.0, 1));
    assert!(load(&dir.path().join("nowhere")).is_err());
}

/// A folder beside the project that holds other scorers and gold, where there is one.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let place = env::var_os("AGENDATA_SHARED").map_or(beside, PathBuf::from);
    place.join("score/score.py").is_file().then_some(place)
}

struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    fn text(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(5) {
            let at = self.below(chars.len().max(1) as u64) as usize;
            match self.below(4) {
                0 if !chars.is_empty() => drop(chars.remove(at)),
                1 => chars.insert(at, char::from(b'a' + self.below(26) as u8)),
                2 => chars.insert(at, ['–', ' ', '’', 'É', 'ß', '.'][self.below(6) as usize]),
                _ => chars = chars.iter().flat_map(|c| c.to_uppercase()).collect(),
            }
        }
        chars.into_iter().collect()
    }

    /// Loses list items, spoils texts and numbers, loses fields.
    fn spoil(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.retain(|_| self.below(20) != 0);
                items.iter_mut().for_each(|v| self.spoil(v));
                if items.len() > 1 && self.below(30) == 0 {
                    let again = items[0].clone();
                    items.push(again);
                }
            }
            Value::Object(fields) => {
                fields.retain(|k, _| k == "id" || k == "name" || self.below(30) != 0);
                for (key, v) in fields.iter_mut().filter(|(k, _)| !matches!(k.as_str(), "id" | "optional")) {
                    // One reading of several.
                    if matches!(key.as_str(), "title" | "position" | "organisation" | "country")
                        && let Some(one) = v.as_array().and_then(|all| all.last()).cloned()
                    {
                        *v = one;
                    }
                    self.spoil(v);
                }
            }
            Value::String(s) if self.below(6) == 0 => *s = self.text(s),
            Value::Number(n) if self.below(10) == 0 => *value = json!(n.as_u64().unwrap_or(0) + 1),
            _ => {}
        }
    }
}

#[test]
fn soft_scores_are_those_of_the_independent_scorer() {
    let Some(shared) = shared() else {
        eprintln!("skipped: no independent scorer (set AGENDATA_SHARED)");
        return;
    };
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold");
    let mut compared = 0;
    for (n, folder) in [shared.join("gold"), shared.join("wild/gold"), own].into_iter().enumerate() {
        // The other scorer takes the messages of a mail box for one document: each gets a name of its own.
        let named = tempfile::tempdir().expect("a folder");
        for (stem, mut record) in load(&folder).expect("gold").records {
            record["source"]["path"] = json!(format!("{stem}.txt"));
            fs::write(named.path().join(format!("{stem}.json")), record.to_string()).expect("a file");
        }
        for round in 0..4 {
            let mut draw = Draw(7919 * (round + 1) + n as u64);
            let dir = tempfile::tempdir().expect("a folder");
            let mut spoiled = Vec::new();
            for (stem, mut record) in load(&folder).expect("gold").records {
                if round > 0 {
                    draw.spoil(&mut record);
                }
                record["source"] = json!({"path": format!("{stem}.txt")});
                fs::write(dir.path().join(format!("{stem}.json")), record.to_string()).expect("a file");
                spoiled.push((stem, record));
            }
            let report = score_folders(&folder, &spoiled).expect("a report");
            compared += compare(&shared, named.path(), dir.path(), &report);
        }
    }
    assert!(compared > 100, "{compared} categories compared");
}

/// Every category's F1, precision and recall against the other scorer's; answers how many there were.
fn compare(shared: &Path, gold: &Path, pred: &Path, report: &eval::Report) -> usize {
    let out = Command::new("python3").arg(shared.join("score/score.py")).args([gold, pred]).arg("--json").output();
    let Ok(out) = out else {
        eprintln!("skipped: no python3");
        return 1000;
    };
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let theirs: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let theirs = theirs.as_object().expect("categories");
    assert_eq!(theirs.len(), report.categories().len(), "{:?}", report.categories());
    for (category, figures) in theirs {
        let row = report.row(Mode::Soft, category);
        assert_eq!(figures["gold"], json!(row.gold()), "{category} in {}", gold.display());
        for (name, ours) in [("f1", row.f1()), ("precision", row.precision()), ("recall", row.recall())] {
            let other = figures[name].as_f64().expect("a figure");
            assert!((other - ours).abs() < 0.0006, "{category} {name} in {}: {other} and {ours}", gold.display());
        }
    }
    theirs.len()
}
