//! Exports and imports: a record comes back from each format with every field that the format says it carries; a dataset
//! that was edited into nonsense is told, and nothing is written.

mod support;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use agendata::Source;
use agendata::emit::Document;
use agendata::emit::formats::{Files, Loss, Out, format};
use agendata::import::import;
use agendata::ingest::Text;
use agendata::model::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{AGENDA, folder, run, tree, write};

/// Files in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.entry(name.to_owned()).or_default().extend_from_slice(bytes);
        Ok(())
    }

    fn place(&mut self, _name: &str) -> io::Result<PathBuf> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// What a format makes of one record.
fn export(name: &str, record: &Record) -> (BTreeMap<String, Vec<u8>>, Loss) {
    let mut format = (format(name).unwrap().make)();
    let (mut files, mut loss) = (Memory::default(), Loss::default());
    let text = Text::default();
    loss.count(&serde_json::to_value(record).unwrap(), &format.carries());
    let mut out = Out { files: &mut files, loss: &mut loss };
    format.document(&Document::new(record, &text, false), &mut out).unwrap();
    format.finish(&mut out).unwrap();
    (files.0, loss)
}

/// The record → the format → a record.
fn there_and_back(name: &str, record: &Record) -> Record {
    let (files, _) = export(name, record);
    let (path, bytes) = files.into_iter().next().unwrap();
    let record = import(&Source { path, bytes }, None).record;
    let errors: Vec<_> = record.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    record
}

/// The values of a record that a format carries, by pointer; all but those below `without`.
fn carried(name: &str, record: &Record, without: &[&str]) -> BTreeMap<String, Value> {
    fn walk(value: &Value, pointer: String, field: String, take: &mut dyn FnMut(String, &str, &Value)) {
        match value {
            Value::Object(map) => map.iter().for_each(|(k, v)| {
                let field = if field.is_empty() { k.clone() } else { format!("{field}.{k}") };
                walk(v, format!("{pointer}/{k}"), field, take);
            }),
            Value::Array(all) => {
                all.iter().enumerate().for_each(|(n, v)| walk(v, format!("{pointer}/{n}"), field.clone(), take));
            }
            leaf => take(pointer, &field, leaf),
        }
    }
    let carry = (format(name).unwrap().make)().carries();
    let mut found = BTreeMap::new();
    walk(&serde_json::to_value(record).unwrap(), String::new(), String::new(), &mut |pointer, field, value| {
        if carry.is_whole(field) && !without.iter().any(|w| field.starts_with(w)) {
            found.insert(pointer, value.clone());
        }
    });
    found
}

fn names_by_session(record: &Record) -> Vec<Vec<&str>> {
    let name = |r: &Role| record.people.iter().find(|p| Some(&p.id) == r.person.as_ref()).map(|p| p.name.as_str());
    record.sessions.iter().map(|s| s.roles.iter().filter_map(name).collect()).collect()
}

/// Texts as people write them and as formats are broken by; no blanks at the ends, which importers take away.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "a, b; \"c\" 'd' \\ /",
        "two\nlines",
        "=1+1",
        "@x",
        "🎤 👩🏽‍🔬",
        "שלום עולם, العربية",
        "]]> &amp; <b>",
        "</script><!--",
        "BEGIN:VEVENT\nEND:VEVENT",
        "\\n is no line end\\",
        "漢字",
        "e\u{301}",
    ]);
    prop_oneof![odd.prop_map(str::to_owned), "[a-zA-Z ,;:'\"<>&=+@()-]{1,40}", "\\PC{1,60}", Just("x".repeat(500)),]
        .prop_map(|t| t.replace(['\u{2028}', '\u{2029}'], " ").trim().to_owned())
        .prop_filter("a text", |t| !t.is_empty())
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

#[derive(Clone, Debug)]
struct Part {
    texts: (String, Option<String>, Option<String>, Option<String>),
    gap: u32,
    length: u32,
    has_end: bool,
    kind: SessionKind,
    people: Vec<(usize, RoleKind)>,
    talks: Vec<(String, usize)>,
    nested: bool,
}

fn part() -> impl Strategy<Value = Part> {
    let people = prop::collection::vec((0..4usize, prop::sample::select(RoleKind::ALL.to_vec())), 0..3);
    let talks = prop::collection::vec((text(), 0..4usize), 0..3);
    (
        (text(), maybe(), maybe(), maybe()),
        0..90u32,
        1..400u32,
        any::<bool>(),
        prop::sample::select(SessionKind::ALL.to_vec()),
        people,
        talks,
        any::<bool>(),
    )
        .prop_map(|(texts, gap, length, has_end, kind, people, talks, nested)| Part {
            texts,
            gap,
            length,
            has_end,
            kind,
            people,
            talks,
            nested,
        })
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// A record with sessions one behind the other, over days with a change of the clock too.
fn record() -> impl Strategy<Value = Record> {
    let zone = prop::sample::select(vec![
        None,
        Some("Europe/Berlin"),
        Some("Africa/Tunis"),
        Some("UTC"),
        Some("Asia/Kathmandu"),
    ]);
    let names = prop::collection::vec(text(), 4);
    (text(), zone, 0..3usize, prop::collection::vec(part(), 1..8), names, maybe(), maybe()).prop_map(
        |(title, zone, day, parts, names, city, description)| {
            let mut record = Record { schema: SCHEMA.into(), id: "0123456789abcdef".into(), ..Record::default() };
            record.source.path = "made.txt".into();
            record.kind = DocumentKind::Agenda;
            let first: jiff::civil::Date = ["2024-03-30", "1987-06-01", "2024-10-27"][day].parse().unwrap();
            record.event = Event {
                uid: Some("e0".into()),
                title: Some(title),
                start_date: Some(first.to_string()),
                end_date: Some(first.checked_add(jiff::Span::new().days(3)).unwrap().to_string()),
                timezone: zone.map(str::to_owned),
                venue: Venue { city, country: Some("TN".into()), ..Venue::default() },
                description,
                ..Event::default()
            };
            for (n, name) in names.into_iter().enumerate() {
                let id = format!("p{}", n + 1);
                record.people.push(Person { uid: format!("u{id}"), id, name, ..Person::default() });
            }
            let mut minutes = 0;
            for part in parts {
                minutes += part.gap;
                session(&mut record, first, minutes, part);
                minutes += 1;
            }
            record
        },
    )
}

fn session(record: &mut Record, first: jiff::civil::Date, minutes: u32, part: Part) {
    let n = record.sessions.len() + 1;
    let id = format!("s{n}");
    let date = |minutes: u32| first.checked_add(jiff::Span::new().days(i64::from(minutes / 1440))).unwrap().to_string();
    let end = minutes + part.length;
    let (title, track, description, room) = part.texts;
    // A track that is the word for a kind could not be told from one.
    let track = track.filter(|t| SessionKind::parse(&t.to_lowercase()).is_none());
    let mut roles: Vec<Role> = Vec::new();
    for (at, role) in part.people {
        let person = Some(format!("p{}", at + 1));
        if !roles.iter().any(|r| r.person == person) {
            roles.push(Role { person, role, ..Role::default() });
        }
    }
    let mut talks = Vec::new();
    for (m, (title, speaker)) in part.talks.into_iter().enumerate() {
        let (talk, person) = (format!("{id}.t{}", m + 1), format!("p{}", speaker + 1));
        roles.push(Role { person: Some(person.clone()), talk: Some(talk.clone()), ..Role::default() });
        talks.push(Talk {
            uid: format!("t{n}{m}"),
            id: talk,
            title: Some(title),
            speakers: vec![person],
            ..Talk::default()
        });
    }
    record.sessions.push(Session {
        uid: format!("{n:020x}"),
        parent: (part.nested && n > 1).then(|| "s1".to_owned()),
        id,
        kind: part.kind,
        title: Some(title),
        track,
        date: Some(date(minutes)),
        start: Some(clock(minutes)),
        end: part.has_end.then(|| clock(end)),
        end_date: (part.has_end && date(end) != date(minutes)).then(|| date(end)),
        venue: Venue { room, ..Venue::default() },
        roles,
        talks,
        description,
        ..Session::default()
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calendars_come_back(mut record in record()) {
        // Talks without a begin stand in a calendar as text only.
        for session in &mut record.sessions {
            session.talks.clear();
            session.roles.retain(|r| r.talk.is_none());
            // In the hour that the clocks leave out, an end may come before its begin.
            if session.date.as_deref() == Some("2024-03-31") && session.start.as_deref() < Some("04:00") {
                (session.end, session.end_date) = (None, None);
            }
        }
        let back = there_and_back("ics", &record);
        prop_assert_eq!(carried("ics", &back, &[]), carried("ics", &record, &[]));
    }

    #[test]
    fn graphs_come_back(record in record()) {
        let back = there_and_back("jsonld", &record);
        prop_assert_eq!(carried("jsonld", &back, &[]), carried("jsonld", &record, &[]));
    }

    #[test]
    fn programmes_come_back(mut record in record()) {
        for session in &mut record.sessions {
            // Without an end, one is worked out; without a room, the venue's name stands there.
            let start: jiff::civil::DateTime = format!("{}T{}:00", session.date.as_ref().unwrap(), session.start.as_ref().unwrap()).parse().unwrap();
            let end = start.checked_add(jiff::Span::new().minutes(25)).unwrap();
            session.end = Some(end.strftime("%H:%M").to_string());
            session.end_date = (end.date() != start.date()).then(|| end.date().to_string());
            session.venue.room.get_or_insert_with(|| "Aula".into());
            // A description that is not there comes back as what stands in the abstract.
            session.description.get_or_insert_with(|| "-".into());
        }
        for name in ["frab-xml", "c3voc-json"] {
            let back = there_and_back(name, &record);
            prop_assert_eq!(carried(name, &back, &["people"]), carried(name, &record, &["people"]));
            let (expected, found) = (names_by_session(&record), names_by_session(&back));
            for (expected, found) in expected.iter().zip(&found) {
                prop_assert!(expected.iter().all(|n| found.contains(n)), "{:?} {:?}", expected, found);
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

/// A programme of one day.
fn small() -> Record {
    let mut record = Record { schema: SCHEMA.into(), ..Record::default() };
    record.source.path = "small.txt".into();
    record.event = Event { title: Some("Seminar".into()), timezone: Some("Europe/Paris".into()), ..Event::default() };
    for (n, (start, end)) in [("09:00", Some("09:30")), ("10:00", None), ("11:00", None)].into_iter().enumerate() {
        record.sessions.push(Session {
            id: format!("s{}", n + 1),
            uid: format!("u{n}"),
            title: Some(format!("Talk {n}")),
            date: Some("2024-05-06".into()),
            start: Some(start.into()),
            end: end.map(str::to_owned),
            ..Session::default()
        });
    }
    record
}

fn loss_of(loss: &Loss, field: &str) -> Vec<(&'static str, u64)> {
    loss.fields().filter(|(f, ..)| *f == field).map(|(_, how, _, n)| (how.as_str(), n)).collect()
}

#[test]
fn an_end_that_is_worked_out_stays_out_of_the_record() {
    let record = small();
    let (files, loss) = export("ics", &record);
    let text = String::from_utf8(files["small.txt.ics"].clone()).unwrap();
    assert!(text.contains("DTEND;TZID=Europe/Paris:20240506T110000\r\nX-AGENDATA-END:derived"), "{text}");
    assert_eq!(text.matches("DTEND").count(), 2, "nothing tells the last end");
    assert_eq!(loss_of(&loss, "sessions.end"), [("derived", 1)]);
    let back = there_and_back("ics", &record);
    assert_eq!(back.sessions.iter().map(|s| s.end.as_deref()).collect::<Vec<_>>(), [Some("09:30"), None, None]);
}

#[test]
fn importing_again_after_a_better_reading_finds_the_same_uids() {
    let uids = |record: &Record| -> Vec<String> {
        let (files, _) = export("ics", record);
        let text = String::from_utf8(files["small.txt.ics"].clone()).unwrap();
        text.lines().filter_map(|l| l.strip_prefix("UID:")).map(str::to_owned).collect()
    };
    let mut better = small();
    better.sessions[0].title = Some("Talk zero".into());
    better.sessions[1].end = Some("10:45".into());
    assert_eq!(uids(&better), uids(&small()));
}

#[test]
fn without_a_zone_times_float_and_without_a_day_there_is_nothing() {
    let mut record = small();
    record.event.timezone = None;
    record.sessions[2].date = Some("XXXX-05-06".into());
    let (files, loss) = export("ics", &record);
    let text = String::from_utf8(files["small.txt.ics"].clone()).unwrap();
    assert!(
        text.contains("DTSTART:20240506T090000\r\n") && !text.contains("TZID") && !text.contains("VTIMEZONE"),
        "{text}"
    );
    assert_eq!(loss_of(&loss, "sessions"), [("dropped", 1)]);
    record.sessions.iter_mut().for_each(|s| s.date = None);
    for name in ["ics", "frab-xml", "c3voc-json"] {
        let (files, loss) = export(name, &record);
        assert!(files.is_empty() && loss.left_out() == 1, "{name}");
    }
    assert_eq!(export("html", &record).0.len(), 1, "a page needs no days");
}

#[test]
fn a_thousand_sessions() {
    let mut record = small();
    for n in 3..1000u32 {
        let (id, uid) = (format!("s{}", n + 1), format!("u{n}"));
        let date = Some(format!("2024-05-{:02}", 7 + n / 100));
        let start = Some(clock(480 + n % 100 * 5));
        record.sessions.push(Session { id, uid, date, start, title: Some("T".repeat(500)), ..Session::default() });
    }
    for name in ["ics", "jsonld", "frab-xml", "c3voc-json"] {
        assert_eq!(there_and_back(name, &record).sessions.len(), 1000, "{name}");
    }
}

#[test]
fn calendars_of_other_makers_are_read() {
    let text = "BEGIN:VCALENDAR\nX-WR-CALNAME:Days\nBEGIN:VTIMEZONE\nTZID:Europe/Paris\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1@x\n\
        SUMMARY:The days\nDTSTART;VALUE=DATE:20240506\nDTEND;VALUE=DATE:20240508\nEND:VEVENT\nBEGIN:VEVENT\nUID:2@x\n\
        SUMMARY:First\\, talk\nDTSTART;TZID=Europe/Paris:20240506T090000\nDURATION:PT1H30M\nLOCATION:Aula\nRRULE:FREQ=DAILY\n\
        BEGIN:VALARM\nDESCRIPTION:ring\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
    let record = import(&Source { path: "x.ics".into(), bytes: text.into() }, None).record;
    let event = (record.event.title.as_deref(), record.event.end_date.as_deref(), record.event.timezone.as_deref());
    assert_eq!(event, (Some("The days"), Some("2024-05-07"), Some("Europe/Paris")));
    let session = &record.sessions[0];
    assert_eq!((session.title.as_deref(), session.end.as_deref()), (Some("First, talk"), Some("10:30")));
    assert_eq!(session.description, None, "an alarm is none of its own");
    assert!(record.diagnostics.iter().any(|d| d.code == "A0806" && d.message.contains("RRULE")));
}

#[test]
fn graphs_of_other_makers_are_read() {
    let graph = json!({"@context": "https://schema.org", "@type": ["BusinessEvent"], "name": "Forum", "startDate": "2024-05-06",
        "location": "Tunis", "organizer": {"@type": "Organization", "name": "Body"},
        "performer": [{"@type": "Person", "name": "Ann"}, "Bob"],
        "subEvent": {"@type": "Event", "name": "Opening", "startDate": "2024-05-06T09:00+01:00", "performer": {"name": "Ann"}}});
    let record = import(&Source { path: "x.json".into(), bytes: graph.to_string().into() }, None).record;
    assert_eq!(record.event.organisers, ["Body"]);
    assert_eq!(record.people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Ann", "Bob"]);
    assert_eq!(record.sessions[0].start.as_deref(), Some("09:00"));
}

// --- the command ----------------------------------------------------------------------------------------------------

/// A dataset with one document.
fn dataset(here: &std::path::Path) {
    write(here, "in/a.txt", AGENDA);
    assert_eq!(run(here, &["extract", "in", "-o", "out", "--quiet"]).code, 0);
}

#[test]
fn the_command_writes_a_folder_a_format_with_its_losses() {
    let here = folder();
    dataset(here.path());
    let before = tree(&here.path().join("out"));
    let ran = run(here.path(), &["export", "out", "--to", "ics,csv", "-o", "to"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("1 documents exported to to") && ran.err.contains("dropped"), "{}", ran.err);
    let first = tree(&here.path().join("to"));
    assert!(first.contains_key("ics/a.txt.ics") && first.contains_key("ics/loss.json"), "{:?}", first.keys());
    assert_eq!(tree(&here.path().join("out")), before, "the dataset stays");
    write(here.path(), "to/ics/gone.ics", "left by an earlier export");
    assert_eq!(run(here.path(), &["export", "out", "--to", "ics,csv", "-o", "to", "--quiet"]).err, "");
    assert_eq!(tree(&here.path().join("to")), first, "the same again, and nothing of before");
    write(here.path(), "own/html/mine.txt", "x");
    let ran = run(here.path(), &["export", "out", "--to", "html", "-o", "own"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(tree(&here.path().join("own")).len(), 1);
    assert_eq!(run(here.path(), &["export", "out", "--to", "docx"]).code, 2);
}

/// What a folder says of this word, in any file.
fn said(folder: &std::path::Path, word: &str) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    tree(folder).into_iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect()
}

#[test]
fn what_a_person_is_reached_by_can_be_left_out() {
    let here = folder();
    let agenda = format!("{AGENDA}\nContact: Ann Lee, ann.lee@example.org, tel. +33 1 40 20 50 50\n");
    write(here.path(), "in/a.txt", &agenda);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--quiet"]).code, 0);
    let all = "csv,jsonl,vcard,html,jsonld,indico-csv,sqlite";
    let export = |to: &str, more: &[&str]| {
        let ran = run(here.path(), &[&["export", "out", "--to", all, "--source", "in", "-o", to], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
    };
    export("with", &[]);
    export("without", &["--without", "emails,phones"]);
    let (with, without) = (here.path().join("with"), here.path().join("without"));
    assert!(said(&with, "ann.lee@example.org").len() >= 6, "{:?}", said(&with, "ann.lee@example.org"));
    assert_eq!(said(&without, "ann.lee@example.org"), [""; 0]);
    assert_eq!(said(&without, "+33140205050"), [""; 0]);
    let loss = support::json(&without.join("vcard/loss.json"));
    let fields = loss["fields"].as_array().unwrap();
    let told = fields.iter().find(|f| f["field"] == "contacts.emails").unwrap();
    assert_eq!((told["how"].as_str(), told["count"].as_u64()), (Some("dropped"), Some(1)));
    assert_eq!(run(here.path(), &["export", "out", "--to", "csv", "--without", "names"]).code, 2);
}

#[test]
fn extract_exports_too() {
    let here = folder();
    write(here.path(), "in/a.txt", AGENDA);
    assert_eq!(run(here.path(), &["extract", "in", "-o", "out", "--format", "ics,jsonl", "--quiet"]).code, 0);
    let files = tree(&here.path().join("out"));
    assert!(files.contains_key("exports/ics/a.txt.ics") && files.contains_key("run.json"), "{:?}", files.keys());
    assert_eq!(files["exports/jsonl/sessions.jsonl"], files["sessions.jsonl"], "tables are the dataset's own");
    assert_eq!(files["exports/jsonl/documents.jsonl"], files["documents.jsonl"]);
}

#[test]
fn nonsense_is_told_with_its_place_and_nothing_is_written() {
    let here = folder();
    dataset(here.path());
    let file = here.path().join("out/records/a.txt.json");
    let good = support::json(&file);
    let cases: &[(&str, Value, &str)] = &[
        ("/schema", json!("agendata/2"), "A0802"),
        ("/sessions", json!(7), "A0801"),
        ("/sessions/0/start", json!("25:00"), "A0804"),
        ("/sessions/0/start", json!(9), "A0801"),
        ("/sessions/0/date", json!("2024-02-30"), "A0804"),
        ("/sessions/0/parent", json!("s77"), "A0803"),
        ("/sessions/0/id", json!(""), "A0803"),
        ("/sessions/0/roles", json!([{"person": "p99", "role": "chair"}]), "A0803"),
        ("/event/timezone", json!("Mars/Olympus"), "A0804"),
        ("/source/path", json!("../../etc/x"), "A0804"),
        ("/people", json!([{"id": "p1", "uid": "u", "name": " "}]), "A0804"),
    ];
    for (pointer, value, code) in cases {
        let mut bad = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        bad.pointer_mut(parent).unwrap()[key] = value.clone();
        std::fs::write(&file, bad.to_string()).unwrap();
        let ran = run(here.path(), &["export", "out", "--to", "ics,csv", "-o", "to"]);
        assert_eq!(ran.code, 2, "{pointer} {value}: {}", ran.err);
        assert!(ran.err.contains(code) && ran.err.contains("a.txt.json"), "{pointer} {value}: {}", ran.err);
        assert!(!here.path().join("to").exists(), "{pointer}");
    }
    std::fs::write(&file, "{\"schema\": ").unwrap();
    let ran = run(here.path(), &["export", "out", "--to", "ics", "-o", "to"]);
    assert!(ran.code == 2 && ran.err.contains("A0801"), "{}", ran.err);
}

#[test]
fn import_gives_a_dataset_that_can_be_exported_again() {
    let here = folder();
    dataset(here.path());
    assert_eq!(
        run(here.path(), &["export", "out", "--to", "ics,jsonld,frab-xml,c3voc-json", "-o", "to", "--quiet"]).code,
        0
    );
    for (file, sessions) in
        [("ics/a.txt.ics", 0), ("jsonld/a.txt.jsonld", 0), ("frab-xml/a.txt.xml", 0), ("c3voc-json/a.txt.json", 0)]
    {
        let ran = run(here.path(), &["import", &format!("to/{file}")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let record: Value = serde_json::from_str(&ran.out).unwrap();
        assert!(record["sessions"].as_array().unwrap().len() > sessions, "{file}");
    }
    let ran = run(here.path(), &["import", "to/ics/a.txt.ics", "-o", "again", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(run(here.path(), &["export", "again", "--to", "html", "--quiet"]).code, 0);
    write(here.path(), "no.txt", "Dear all,");
    let ran = run(here.path(), &["import", "no.txt"]);
    assert!(ran.code == 5 && ran.err.contains("A0805"), "{} {}", ran.code, ran.err);
}
