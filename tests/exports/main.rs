//! Exports and imports: a record comes back from each format with every field that the format says it carries; a dataset
//! that was edited into nonsense is told, and nothing is written.

mod made;
#[path = "../support/mod.rs"]
mod support;
mod there_and_back;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use agendata::Source;
use agendata::emit::Document;
use agendata::emit::formats::{Files, Loss, Out, format};
use agendata::import::import;
use agendata::ingest::Text;
use agendata::model::*;
use serde_json::{Value, json};
use support::{AGENDA, folder, run, tree, write};
use there_and_back::there_and_back;

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

/// Calls `take` with pointer, field and value of each leaf of a record.
fn leaves_of(record: &Record, take: &mut dyn FnMut(String, &str, &Value)) {
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
    walk(&serde_json::to_value(record).unwrap(), String::new(), String::new(), take);
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
    let back = there_and_back("ics", &record).unwrap();
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
fn indico_is_told_who_can_be_reached_and_the_losses_tell_who_cannot() {
    let mut record = small();
    let person =
        |n: usize| Person { id: format!("p{n}"), uid: format!("u{n}"), name: format!("Ann {n}"), ..Person::default() };
    record.people = (1..6).map(person).collect();
    let contact = |n: usize| Contact {
        id: format!("c{n}"),
        person: Some(format!("p{n}")),
        emails: vec![format!("ann{n}@example.org")],
        ..Contact::default()
    };
    record.contacts = vec![contact(2), contact(3)];
    let speaks = |n: usize| Role { person: Some(format!("p{n}")), role: RoleKind::Speaker, ..Role::default() };
    record.sessions[0].roles = vec![speaks(1), speaks(2), speaks(3)];
    record.sessions[1].roles = vec![speaks(4)];
    record.sessions[2].roles = vec![Role { role: RoleKind::Chair, ..speaks(5) }];
    let (files, loss) = export("indico-csv", &record);
    let rows = String::from_utf8(files["small.txt.csv"].clone()).unwrap();
    assert!(rows.starts_with("2024-05-06T09:00:00,30,Talk 0,Ann,2,,ann2@example.org\r\n"), "{rows}");
    let why: Vec<_> = loss
        .fields()
        .filter(|(f, how, ..)| *f == "people.name" && how.as_str() == "dropped")
        .map(|(.., why, n)| (why, n))
        .collect();
    assert_eq!(
        why,
        [
            ("Indico passes over a speaker without an e-mail", 2),
            ("a row has one speaker", 1),
            ("no speaker of a contribution", 1)
        ]
    );
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
    // Where it is put, what is put there, the code, the place that is told where it is another.
    let cases: &[(&str, Value, &str, &str)] = &[
        ("/schema", json!("agendata/2"), "A0802", ""),
        ("/sessions", json!(7), "A0801", ""),
        ("/sessions/0/start", json!("25:00"), "A0804", ""),
        ("/sessions/0/start", json!(9), "A0801", ""),
        ("/sessions/0/date", json!("2024-02-30"), "A0804", ""),
        ("/sessions/0/parent", json!("s77"), "A0803", ""),
        ("/sessions/0/id", json!(""), "A0803", ""),
        ("/sessions/0/roles", json!([{"person": "p99", "role": "chair"}]), "A0803", "/sessions/0/roles/0/person"),
        (
            "/sessions/0/roles",
            json!([{"party": "A", "role": "chair", "talk": "s1.t99"}]),
            "A0803",
            "/sessions/0/roles/0/talk",
        ),
        (
            "/sessions/0/talks",
            json!([{"id": "t", "uid": "t", "speakers": ["p99"]}]),
            "A0803",
            "/sessions/0/talks/0/speakers/0",
        ),
        ("/event/roles", json!([{"person": "p99", "role": "host"}]), "A0803", "/event/roles/0/person"),
        ("/source/authors", json!(["p99"]), "A0803", "/source/authors/0"),
        (
            "/contacts",
            json!([{"id": "c1", "person": "p99", "phones": [], "emails": [], "urls": []}]),
            "A0803",
            "/contacts/0/person",
        ),
        ("/event/timezone", json!("Mars/Olympus"), "A0804", ""),
        ("/source/path", json!("../../etc/x"), "A0804", ""),
        ("/people", json!([{"id": "p1", "uid": "u", "name": " "}]), "A0804", "/people/0/name"),
    ];
    let export = |to| run(here.path(), &["export", "out", "--to", "ics,csv", "-o", to]);
    assert_eq!(export("earlier").code, 0);
    let earlier = tree(&here.path().join("earlier"));
    for (pointer, value, code, told) in cases {
        let mut bad = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        bad.pointer_mut(parent).unwrap()[key] = value.clone();
        std::fs::write(&file, bad.to_string()).unwrap();
        let ran = export("to");
        let place = format!("a.txt.json at {}", if told.is_empty() { pointer } else { told });
        assert_eq!(ran.code, 2, "{pointer} {value}: {}", ran.err);
        assert!(ran.err.contains(code) && ran.err.contains(&place), "{pointer} {value}: {}", ran.err);
        assert!(!here.path().join("to").exists(), "{pointer}");
        assert_eq!(export("earlier").code, 2);
        assert_eq!(tree(&here.path().join("earlier")), earlier, "what an earlier export wrote stays");
    }
    std::fs::write(&file, "{\"schema\": ").unwrap();
    let ran = run(here.path(), &["export", "out", "--to", "ics", "-o", "to"]);
    assert!(ran.code == 2 && ran.err.contains("A0801"), "{}", ran.err);
}

#[test]
fn what_a_formats_syntax_takes_for_its_own_is_escaped() {
    let evil = "=1+1 ]]> </script><script>x</script> a;b,c\\d\r\nEND:VEVENT\r\nBEGIN:VEVENT\u{0}\u{1b}[31m & \"q\" <b>";
    let mut record = small();
    record.source.languages = vec!["en".into()];
    record.event.title = Some(evil.into());
    record.event.description = Some(evil.into());
    record.people = vec![Person {
        id: "p1".into(),
        uid: "u".into(),
        name: evil.into(),
        position: Some(evil.into()),
        ..Person::default()
    }];
    let role = Role { person: Some("p1".into()), label: Some(evil.into()), ..Role::default() };
    for session in &mut record.sessions {
        (session.title, session.description, session.venue.room) =
            (Some(evil.into()), Some(evil.into()), Some(evil.into()));
        session.track = Some(evil.into());
        session.roles = vec![role.clone()];
    }
    let file = |name: &str, ending: &str| {
        String::from_utf8(export(name, &record).0[&format!("small.txt.{ending}")].clone()).unwrap()
    };
    for (name, ending, begins) in [("ics", "ics", "BEGIN:VEVENT\r\n"), ("vcard", "vcf", "BEGIN:VCARD\r\n")] {
        let text = file(name, ending);
        assert_eq!(text.matches(begins).count(), if name == "ics" { 3 } else { 1 }, "{text}");
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines.iter().all(|l| l.len() <= 75 && !l.contains(char::is_control)), "{text}");
    }
    let page = file("html", "html");
    assert_eq!(page.matches("<script").count(), 1, "its own data");
    assert!(!page.contains("<b>") && !page.contains(['\0', '\u{1b}']));
    let xml = file("frab-xml", "xml");
    assert!(!xml.contains("]]>") && !xml.contains("<b>") && !xml.contains(['\0', '\u{1b}', '\r']), "{xml}");
    let back = there_and_back("frab-xml", &record).unwrap();
    assert!(back.sessions[0].title.as_ref().unwrap().contains("]]> </script><script>x</script> a;b,c\\d\nEND:VEVENT"));
    for (name, ending) in [("jsonld", "jsonld"), ("c3voc-json", "json")] {
        let value: Value = serde_json::from_str(&file(name, ending)).unwrap();
        assert!(value.to_string().contains("u0000") && value.is_object(), "{name} keeps what JSON can hold");
    }
    let contributions = file("indico-csv", "csv");
    assert_eq!(contributions.lines().count(), record.sessions.len(), "a row a line");
    assert!(contributions.split(',').all(|cell| !cell.trim_start_matches('"').starts_with('=')), "{contributions}");
    let sheet = String::from_utf8(export("csv", &record).0["sessions.csv"].clone()).unwrap();
    assert!(sheet.contains("'=1+1") && !sheet.contains(",=1+1") && !sheet.contains("\"=1+1"), "{sheet}");
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
