//! Readings that lost: where they are handed over, and that verify and the schema take them.

use agendata::grammar::Grammar;
use agendata::model::{Alternative, Record};
use agendata::verify::verify_record;
use agendata::{Options, Pipeline, Source};

fn record(text: &str) -> Record {
    let grammar = Grammar::builtin();
    let pipeline = Pipeline::new(grammar.clone(), Options::default());
    let read = pipeline.extract_with_text(&Source { path: "a.txt".into(), bytes: text.into() });
    let found = verify_record(&read.record, &read.text.content, &grammar);
    assert!(found.is_empty(), "{found:?}");
    let schema = jsonschema::validator_for(&agendata::emit::schema()).expect("a schema");
    let json = serde_json::to_value(&read.record).expect("JSON");
    assert!(schema.is_valid(&json), "{json:#}");
    read.record
}

fn lost<'r>(record: &'r Record, pointer: &str) -> Vec<&'r str> {
    let all = record.alternatives.get(pointer).map_or(&[][..], Vec::as_slice);
    all.iter().map(|a| a.value.as_str()).collect()
}

const HEAD: &str = "Programme of the Wells Seminar\n\n";

#[test]
fn the_other_half_of_the_day() {
    let rows = "12 May 2011\n\n9:00 - 10:00 Registration\n10:00 - 12:00 Session 1: Old wells\n2:00 - 4:00 Session 2: New wells\n";
    let r = record(&format!("{HEAD}{rows}"));
    assert_eq!(r.sessions[2].start.as_deref(), Some("14:00"));
    assert_eq!(lost(&r, "/sessions/2/start"), ["02:00"]);
    assert_eq!(lost(&r, "/sessions/1/start"), [""; 0], "between two rows that agree there is no doubt");
}

#[test]
fn day_and_month_the_other_way_round() {
    let rows = "\n09:00 - 10:00 Registration\n10:00 - 13:30 Session 1: Old wells\n";
    let r = record(&format!("{HEAD}03/04/2011\n{rows}"));
    assert_eq!((r.sessions[0].date.as_deref(), lost(&r, "/sessions/0/date")), (Some("2011-04-03"), vec!["2011-03-04"]));
    let r = record(&format!("{HEAD}28/04/2011\n{rows}"));
    assert_eq!(lost(&r, "/sessions/0/date"), [""; 0], "there is no month 28");
    let r = record(&format!("{HEAD}Sunday, 03/04/2011\n{rows}"));
    assert_eq!(lost(&r, "/sessions/0/date"), [""; 0], "the weekday speaks against it");
}

#[test]
fn what_stands_there_where_a_slip_was_undone() {
    let rows = "12 May 2011\n\n09:00 - 10:00 Registration\n10:00 - 13:30 Session 1: Old wells\nChair: Ms. Ann Lee, Dean and ClO\n";
    let r = record(&format!("{HEAD}{rows}"));
    assert_eq!(r.people[0].position.as_deref(), Some("Dean and CIO"));
    assert_eq!(lost(&r, "/people/0/position"), ["Dean and ClO"]);
}

#[test]
fn another_kind_whose_word_stands_there() {
    let rows = "12 May 2011\n\n09:00 - 10:00 Registration\n10:00 - 13:30 Discussion and closing\n";
    let r = record(&format!("{HEAD}{rows}"));
    assert_eq!((r.sessions[1].kind.as_str(), lost(&r, "/sessions/1/kind")), ("discussion", vec!["closing"]));
}

#[test]
fn verify_tells_alternatives_that_cannot_be() {
    let grammar = Grammar::builtin();
    let text = format!("{HEAD}12 May 2011\n\n09:00 - 10:00 Registration\n10:00 - 13:30 Session 1: Old wells\n");
    let good = record(&text);
    let reading = |value: &str, confidence| Alternative { value: value.into(), confidence, rule: "base/x/y".into() };
    let title = "/sessions/1/title";
    let bad = [
        (title, vec![]),
        (title, vec![reading("Old wells", 0.2)]),
        (title, vec![reading("", 0.2)]),
        (title, vec![reading("Old bells", 1.2)]),
        (title, vec![reading("Old bells", 0.2), reading("Cold wells", 0.3)]),
        (title, vec![reading("Old bells", 0.2), reading("Old bells", 0.2)]),
        ("/sessions/7/title", vec![reading("Old bells", 0.2)]),
    ];
    for (pointer, lost) in bad {
        let mut record = good.clone();
        record.alternatives.insert(pointer.into(), lost.clone());
        assert!(!verify_record(&record, &text, &grammar).is_empty(), "{pointer} {lost:?}");
    }
}
