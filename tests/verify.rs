//! Verify agrees with what is right, and finds what was corrupted.

mod corrupt;
mod handmade;

use agendata::grammar::Grammar;
use agendata::model::Record;
use agendata::verify::{verify_json, verify_record};
use corrupt::Corrupter;
use serde_json::{Value, json};

fn found(record: &Record) -> Vec<String> {
    verify_record(record, handmade::TEXT, &Grammar::builtin()).iter().map(|m| m.pointer.clone()).collect()
}

#[test]
fn a_right_record_agrees() {
    let mismatches = verify_record(&handmade::record(), handmade::TEXT, &Grammar::builtin());
    assert!(mismatches.is_empty(), "{mismatches:#?}");
}

#[test]
fn each_kind_of_mismatch_is_named_where_it_is() {
    type Change = fn(&mut Record);
    let cases: [(&str, Change); 14] = [
        ("/sessions/0/start", |r| r.sessions[0].start = Some("09:31".to_owned())),
        ("/sessions/0/track", |r| r.sessions[0].track = Some("A".to_owned())),
        ("/sessions/0/date", |r| r.event.start_date = Some("2014-05-15".to_owned())),
        ("/sessions/1/roles/0/person", |r| r.sessions[1].roles[0].person = Some("p2".to_owned())),
        ("/sessions/1/talks/0/speakers/0", |r| r.sessions[1].talks[0].speakers[0] = "p9".to_owned()),
        ("/sessions/1/roles/1/talk", |r| r.sessions[1].roles[1].talk = Some("s2.t2".to_owned())),
        ("/people/1/mentions/0", |r| r.people[1].mentions[0].at = Some("/sessions/1/talks/1".to_owned())),
        ("/contacts/0/phones/0/valid", |r| r.contacts[0].phones[0].valid = false),
        ("/sessions/3/id", |r| r.sessions[3].id = "s5".to_owned()),
        ("/people/0/uid", |r| r.people[0].uid.clear()),
        ("/id", |r| r.id = "fedcba9876543210".to_owned()),
        ("/coverage/used", |r| r.coverage.used += 1),
        ("/sessions/2/parent", |r| r.sessions[2].parent = Some("s3".to_owned())),
        ("/contacts/0/address", |r| {
            let copy = r.evidence["/event/title"].clone();
            r.evidence.insert("/contacts/0/address".to_owned(), copy);
        }),
    ];
    for (pointer, change) in cases {
        let mut record = handmade::record();
        change(&mut record);
        assert!(found(&record).iter().any(|p| p == pointer), "{pointer}: {:?}", found(&record));
    }
}

#[test]
fn evidence_is_not_believed() {
    let start = "/sessions/0/start";
    type Change = fn(&mut agendata::model::Evidence);
    let changes: [Change; 7] = [
        |e| e.texts[0] = "09:00".to_owned(),
        |e| e.spans[0].end += 1,
        |e| e.line += 1,
        |e| e.page = Some(2),
        |e| e.via = vec!["const:09:30".to_owned()],
        |e| e.via = vec!["time.guess".to_owned()],
        |e| (e.spans, e.texts, e.line) = (Vec::new(), Vec::new(), 0),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut record = handmade::record();
        change(record.evidence.get_mut(start).expect("evidence"));
        assert!(found(&record).iter().any(|p| p == start), "change {i}: {:?}", found(&record));
    }
}

#[test]
fn a_value_that_the_user_told_needs_no_bytes() {
    let mut record = handmade::record();
    record.event.timezone = Some("Europe/Lisbon".to_owned());
    let told = agendata::model::Evidence {
        rule: "option/timezone".to_owned(),
        confidence: 1.0,
        origin: agendata::model::Origin::Option,
        ..Default::default()
    };
    record.evidence.insert("/event/timezone".to_owned(), told);
    assert_eq!(found(&record), Vec::<String>::new());
}

#[test]
fn a_field_that_no_record_has_is_found() {
    let mut json = serde_json::to_value(handmade::record()).expect("JSON");
    json["sessions"][0]["sponsor"] = json!("Nobody");
    let found = verify_json(&json, handmade::TEXT, &Grammar::builtin());
    assert_eq!(found[0].pointer, "/sessions/0/sponsor");
}

/// The records of `input/` with their texts; the handmade one where no stage gives values yet.
fn dataset() -> Vec<(Value, String)> {
    let extracted = handmade::extracted().into_iter().filter(|e| !e.record.evidence.is_empty());
    let mut all: Vec<(Value, String)> =
        extracted.map(|e| (serde_json::to_value(&e.record).expect("JSON"), e.text.content)).collect();
    if all.is_empty() {
        eprintln!("input/ gives no values: only the handmade record is used");
        all.push((serde_json::to_value(handmade::record()).expect("JSON"), handmade::TEXT.to_owned()));
    }
    all
}

#[test]
fn every_value_of_input_agrees() {
    let grammar = Grammar::builtin();
    let mut wrong = Vec::new();
    for (json, text) in dataset() {
        let path = json["source"]["path"].as_str().unwrap_or("").to_owned();
        wrong.extend(
            verify_json(&json, &text, &grammar).into_iter().map(|m| format!("{path}: {}: {}", m.pointer, m.reason)),
        );
    }
    assert!(wrong.is_empty(), "{} mismatches\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn of_a_thousand_corruptions_990_are_found() {
    let grammar = Grammar::builtin();
    let dataset = dataset();
    let before: Vec<_> = dataset.iter().map(|(json, text)| verify_json(json, text, &grammar)).collect();
    let mut corrupter = Corrupter::new(20_141_105);
    let (mut made, mut found, mut lost) = (0, 0, Vec::new());
    while made < 1000 {
        let n = corrupter.below(dataset.len());
        let (json, text) = &dataset[n];
        let Some((what, corrupted)) = corrupter.corrupt(json) else { continue };
        made += 1;
        if verify_json(&corrupted, text, &grammar).iter().all(|m| before[n].contains(m)) {
            lost.push(format!("{}: {what}", json["source"]["path"]));
        } else {
            found += 1;
        }
    }
    assert!(found >= 990, "{found} of {made} found, not these:\n{}", lost.join("\n"));
    eprintln!("{found} of {made} corruptions found; not these: {lost:#?}");
}

#[test]
fn a_dataset_is_verified_from_its_texts_or_its_source() {
    let dir = tempfile::tempdir().expect("a folder");
    let source = "Programme\n\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Opening session\n";
    let (input, output) = (dir.path().join("input"), dir.path().join("output"));
    std::fs::create_dir_all(&input).expect("a folder");
    std::fs::create_dir_all(output.join("records")).expect("a folder");
    std::fs::write(input.join("a.txt"), source).expect("a file");
    let pipeline = agendata::Pipeline::default();
    let record = pipeline.extract(&agendata::Source { path: "a.txt".to_owned(), bytes: source.into() });
    let json = serde_json::to_string(&record).expect("JSON");
    let file = output.join("records/a.txt.json");
    std::fs::write(&file, &json).expect("a file");

    let verify = |from| agendata::verify::verify_dataset(&output, from, &Grammar::builtin()).expect("a report");
    assert_eq!((verify(None).no_text, verify(None).agrees()), (1, false));
    assert!(verify(Some(input.as_path())).agrees(), "{:#?}", verify(Some(input.as_path())));
    std::fs::write(input.join("a.txt"), source.replace("09:30", "09:40")).expect("a file");
    assert_eq!(verify(Some(input.as_path())).documents[0].mismatches[0].pointer, "/source/sha256");

    std::fs::create_dir_all(output.join("texts")).expect("a folder");
    std::fs::write(output.join("texts/a.txt.txt"), source).expect("a file");
    assert!(verify(None).agrees(), "{:#?}", verify(None));
    std::fs::write(&file, json.replacen("\"agendata/1\"", "\"agendata/2\"", 1)).expect("a file");
    assert_eq!(verify(None).documents[0].mismatches[0].pointer, "/schema");
    std::fs::write(&file, "{").expect("a file");
    assert_eq!(verify(None).documents[0].status, "differs");
}
