//! A record → a format → a record: every field that the format says it carries comes back; what is known not to is taken
//! out of what is expected, by the rules that docs/exports.md tells.

use std::collections::{BTreeMap, BTreeSet};

use agendata::Source;
use agendata::emit::formats::{content_lines, date, format};
use agendata::import::import;
use agendata::model::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::made::{large, record};
use crate::{export, leaves_of};

/// The record → the format → a record.
pub fn there_and_back(name: &str, record: &Record) -> Option<Record> {
    let (path, bytes) = export(name, record).0.into_iter().next()?;
    let record = import(&Source { path, bytes }, None).record;
    let errors: Vec<_> = record.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    Some(record)
}

/// The values of a record that a format carries, by pointer; all but those below `without`.
fn carried(name: &str, record: &Record, without: &[&str]) -> BTreeMap<String, Value> {
    let carry = (format(name).unwrap().make)().carries();
    let mut found = BTreeMap::new();
    leaves_of(record, &mut |pointer, field, value| {
        if carry.is_whole(field) && !without.iter().any(|w| field.starts_with(w)) {
            found.insert(pointer, value.clone());
        }
    });
    found
}

fn is_day(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|d| date(d).is_some())
}

/// Times are lost with a day that no calendar has.
fn without_unplaced_times(record: &mut Record) {
    for session in &mut record.sessions {
        if is_day(&session.date) {
            continue;
        }
        (session.date, session.start, session.end, session.end_date) = (None, None, None, None);
        session.talks.iter_mut().for_each(|t| (t.start, t.end) = (None, None));
    }
}

/// Only these sessions, numbered anew.
fn keep(record: &mut Record, is_kept: impl Fn(&Session) -> bool) {
    record.sessions.retain(is_kept);
    let ids: BTreeMap<String, String> =
        record.sessions.iter().enumerate().map(|(n, s)| (s.id.clone(), format!("s{}", n + 1))).collect();
    for session in &mut record.sessions {
        session.id = ids[&session.id].clone();
        session.parent = session.parent.as_ref().and_then(|p| ids.get(p)).filter(|p| **p != session.id).cloned();
        for (m, talk) in session.talks.iter_mut().enumerate() {
            talk.id = format!("{}.t{}", session.id, m + 1);
        }
    }
}

/// In the hour that Berlin's clocks leave out an end may come before its begin: there is none then.
fn without_ends_in_the_gap(record: &mut Record) {
    let is_early = |at: &Option<String>| at.as_deref() < Some("04:00");
    for session in record.sessions.iter_mut().filter(|s| s.date.as_deref() == Some("2024-03-31")) {
        if is_early(&session.start) {
            (session.end, session.end_date, session.open_end) = (None, None, false);
        }
        session.talks.iter_mut().filter(|t| is_early(&t.start)).for_each(|t| t.end = None);
    }
}

fn names_by_session(record: &Record) -> BTreeMap<&str, BTreeSet<&str>> {
    let name = |r: &Role| record.people.iter().find(|p| Some(&p.id) == r.person.as_ref()).map(|p| p.name.as_str());
    record.sessions.iter().map(|s| (s.uid.as_str(), s.roles.iter().filter_map(name).collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calendars_come_back(mut record in record()) {
        without_ends_in_the_gap(&mut record);
        let back = there_and_back("ics", &record);
        keep(&mut record, |s| is_day(&s.date));
        // A talk without a begin stands in a calendar as text only.
        record.sessions.iter_mut().for_each(|s| s.talks.retain(|t| t.start.is_some()));
        keep(&mut record, |_| true);
        match back {
            Some(back) => prop_assert_eq!(carried("ics", &back, &[]), carried("ics", &record, &[])),
            None => prop_assert!(record.sessions.is_empty() && record.event.start_date.is_none()),
        }
    }

    #[test]
    fn graphs_come_back(mut record in record()) {
        let back = there_and_back("jsonld", &record).unwrap();
        without_unplaced_times(&mut record);
        prop_assert_eq!(carried("jsonld", &back, &[]), carried("jsonld", &record, &[]));
    }

    #[test]
    fn programmes_come_back(mut record in record()) {
        for session in record.sessions.iter_mut().filter(|s| is_day(&s.date) && s.start.is_some()) {
            // Without an end, one is worked out; without a room, the venue's name stands there.
            let day = format!("{}T{}:00", session.date.as_ref().unwrap(), session.start.as_ref().unwrap());
            let start: jiff::civil::DateTime = day.parse().unwrap();
            let end = start.checked_add(jiff::Span::new().minutes(25)).unwrap();
            session.end = Some(end.strftime("%H:%M").to_string());
            session.end_date = (end.date() != start.date()).then(|| end.date().to_string());
            session.venue.room.get_or_insert_with(|| "Aula".into());
            // A description that is not there comes back as what stands in the abstract.
            session.description.get_or_insert_with(|| "-".into());
            // A talk with a begin of its own is a row of its own.
            session.talks.iter_mut().for_each(|t| (t.start, t.end) = (None, None));
        }
        for name in ["frab-xml", "c3voc-json"] {
            let mut expected = record.clone();
            keep(&mut expected, |s| is_day(&s.date) && s.start.is_some());
            let Some(mut back) = there_and_back(name, &record) else {
                prop_assert!(expected.sessions.is_empty());
                continue;
            };
            // Rows at one time stand by their rooms.
            back.sessions.sort_by(|a, b| a.uid.cmp(&b.uid));
            expected.sessions.sort_by(|a, b| a.uid.cmp(&b.uid));
            prop_assert_eq!(&names_by_session(&back), &names_by_session(&expected));
            // Where the event states no days, those of the programme stand there.
            let derived: &[&str] = if expected.event.start_date.is_some() && expected.event.end_date.is_some() { &[] } else { &["event.start_date", "event.end_date"] };
            let without = [&["people"], derived].concat();
            prop_assert_eq!(carried(name, &back, &without), carried(name, &expected, &without));
        }
    }

    #[test]
    fn cards_come_back(record in record()) {
        let bytes = export("vcard", &record).0.remove("made.txt.vcf").unwrap();
        let lines = content_lines(std::str::from_utf8(&bytes).unwrap());
        let cards: Vec<_> = lines.split(|l| l.name == "END").filter(|card| !card.is_empty()).collect();
        let alone = record.contacts.iter().filter(|c| c.person.is_none());
        prop_assert_eq!(cards.len(), record.people.len() + alone.count());
        for (person, card) in record.people.iter().zip(cards) {
            let own = record.contacts.iter().find(|c| c.person.as_ref() == Some(&person.id));
            let texts = |name: &str| card.iter().filter(|l| l.name == name).map(|l| l.text()).collect::<Vec<_>>();
            prop_assert_eq!(texts("UID"), [person.uid.as_str()]);
            prop_assert_eq!(texts("FN"), [person.name.as_str()]);
            prop_assert_eq!(texts("TITLE"), person.position.iter().cloned().collect::<Vec<_>>());
            let bodies = person.organisation.iter().chain(own.and_then(|c| c.organisation.as_ref()));
            prop_assert_eq!(texts("ORG"), bodies.cloned().collect::<Vec<_>>());
            prop_assert_eq!(texts("EMAIL"), own.map(|c| c.emails.clone()).unwrap_or_default());
            prop_assert_eq!(texts("URL"), own.map(|c| c.urls.clone()).unwrap_or_default());
            prop_assert_eq!(texts("TEL").len(), own.map_or(0, |c| c.phones.len()));
            let parts = card.iter().find(|l| l.name == "N").map(|l| parts(&l.value)).unwrap();
            prop_assert_eq!(Some(parts[3].as_str()), person.honorific.as_deref().or(Some("")));
            prop_assert_eq!(Some(parts[1].as_str()), person.given.as_deref().or(Some("")));
        }
    }

    #[test]
    fn tables_come_back(record in record()) {
        let (lines, sheets) = (export("jsonl", &record).0, export("csv", &record).0);
        let sessions = String::from_utf8(lines["sessions.jsonl"].clone()).unwrap();
        let titles = sessions.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["title"].as_str().map(str::to_owned));
        prop_assert!(titles.eq(record.sessions.iter().map(|s| s.title.clone())));
        for (name, bytes) in sheets.iter().filter(|(name, _)| name.ends_with(".csv")) {
            let rows = lines.get(&name.replace(".csv", ".jsonl")).map(|b| String::from_utf8(b.clone()).unwrap()).unwrap_or_default();
            let rows: Vec<Value> = rows.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
            let mut sheet = csv::Reader::from_reader(bytes.as_slice());
            let head = sheet.headers().unwrap().clone();
            let found: Vec<_> = sheet.records().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len(), found.len());
            for (row, cells) in rows.iter().zip(&found) {
                for (column, cell) in head.iter().zip(cells) {
                    prop_assert!(!cell.starts_with(['=', '+', '@', '\t', '\r', '\n']), "{}", cell);
                    prop_assert_eq!(&unguarded(cell), &in_a_cell(&row[column]));
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_an_import_fail(bytes in prop::collection::vec(any::<u8>(), 0..400), start in 0..5usize) {
        let head = ["BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART", "<schedule><conference/><day date='", "{\"schedule\":{\"conference\":{\"days\":[", "{\"@type\":\"Event\",\"subEvent\":[", ""][start];
        let bytes = [head.as_bytes(), &bytes].concat();
        import(&Source { path: "any".into(), bytes }, None);
    }
}

/// The parts of a value between `;`.
fn parts(value: &str) -> Vec<String> {
    let (mut parts, mut chars) = (vec![String::new()], value.chars());
    while let Some(c) = chars.next() {
        let last = parts.last_mut().unwrap();
        match c {
            '\\' => last.push(chars.next().map_or('\\', |c| if c == 'n' { '\n' } else { c })),
            ';' => parts.push(String::new()),
            c => last.push(c),
        }
    }
    parts
}

/// A cell without the `'` that keeps a spreadsheet from running it.
fn unguarded(cell: &str) -> String {
    let formula =
        cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    cell.strip_prefix('\'').filter(|_| formula).unwrap_or(cell).to_owned()
}

fn in_a_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn every_field_that_a_format_carries_is_made() {
    // Read or compared elsewhere, or no part of what a document says.
    let other = ["schema", "id", "source", "kind", "diagnostics", "evidence", "alternatives", "repairs", "coverage"];
    let mut made = BTreeSet::new();
    let (mut runner, strategy) = (TestRunner::deterministic(), record());
    for _ in 0..200 {
        let record = strategy.new_tree(&mut runner).unwrap().current();
        leaves_of(&record, &mut |_, field, _| {
            made.insert(field.to_owned());
        });
    }
    for name in ["ics", "jsonld", "frab-xml", "c3voc-json", "vcard"] {
        let carry = (format(name).unwrap().make)().carries();
        let fields =
            carry.whole.iter().flat_map(|entry| match entry.strip_suffix('}').and_then(|e| e.split_once('{')) {
                Some((head, names)) => names.split(',').map(|n| format!("{head}{n}")).collect(),
                None => vec![(*entry).to_owned()],
            });
        for field in fields {
            let is_made =
                made.iter().any(|m| m.strip_prefix(&field).is_some_and(|r| r.is_empty() || r.starts_with('.')));
            assert!(is_made || other.contains(&field.as_str()), "{name} says it carries {field}, which no test makes");
        }
    }
    let venue = ["name", "room", "address", "city", "country", "url"].map(|f| format!("event.venue.{f}"));
    assert!(venue.iter().all(|f| made.contains(f)));
}

#[test]
fn a_thousand_sessions() {
    let mut record = large(1000);
    without_ends_in_the_gap(&mut record);
    without_unplaced_times(&mut record);
    let back = there_and_back("jsonld", &record).unwrap();
    assert_eq!(carried("jsonld", &back, &[]), carried("jsonld", &record, &[]));
    for session in &mut record.sessions {
        session.talks.clear();
        session.roles.retain(|r| r.talk.is_none());
    }
    keep(&mut record, |s| is_day(&s.date) && s.start.is_some());
    assert!(record.sessions.len() > 600);
    for name in ["ics", "frab-xml", "c3voc-json"] {
        assert_eq!(there_and_back(name, &record).unwrap().sessions.len(), record.sessions.len(), "{name}");
    }
    let back = there_and_back("ics", &record).unwrap();
    assert_eq!(carried("ics", &back, &[]), carried("ics", &record, &[]));
}

#[test]
fn a_night_and_the_hours_that_clocks_leave_out_or_have_twice() {
    let mut record = Record { schema: SCHEMA.into(), ..Record::default() };
    record.source.path = "night.txt".into();
    record.event = Event { title: Some("Night".into()), timezone: Some("Europe/Berlin".into()), ..Event::default() };
    let rows = [
        ("2024-03-30", "22:00", "01:30"),
        ("2024-03-31", "02:10", "02:50"),
        ("2024-03-31", "01:30", "03:30"),
        ("2024-10-27", "02:30", "02:45"),
    ];
    for (n, (day, start, end)) in rows.into_iter().enumerate() {
        let some = |text: &str| Some(text.to_owned());
        let (date, start, end) = (some(day), some(start), some(end));
        let title = Some(format!("Part {n}"));
        record.sessions.push(Session {
            id: format!("s{}", n + 1),
            uid: format!("u{n}"),
            title,
            date,
            start,
            end,
            ..Session::default()
        });
    }
    for name in ["ics", "jsonld", "frab-xml", "c3voc-json"] {
        let back = there_and_back(name, &record).unwrap();
        for session in &record.sessions {
            let found = back.sessions.iter().find(|s| s.title == session.title).unwrap();
            assert_eq!(
                (&found.date, &found.start, &found.end),
                (&session.date, &session.start, &session.end),
                "{name}"
            );
        }
        assert_eq!(back.sessions.iter().filter(|s| s.end_date.as_deref() == Some("2024-03-31")).count(), 1, "{name}");
    }
}
