//! A text and its record, made by hand: what the tests of verify, validate and the schema share.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use agendata::ingest::Text;
use agendata::model::{Evidence, Record, Span};
use agendata::{Extraction, Pipeline, Source};
use serde_json::json;

/// The text that the record was made from.
pub const TEXT: &str = "\
3rd Seminar on Lasting Records
Wednesday, 14/05/2014
Harbour Hall, Lisbon, Portugal
Organised by the City Archive of Lisbon

09:30 - 10:00 Registration
10:00 - 11:30 Session 1: Keeping records for centuries
Chair: Ms. Ana Ribeiro, Head of Preservation, City Archive
10:05 Paper that lasts (20 minutes), Mr. Jon Becker
10:40 Ink that fades, Prof. Ana Ribeiro
11:30 - 12:00 Coffee break (tbc)
ca. 14:00 Visit of the vaults
\u{c}
Contact: Jon Becker
Tel: +351 21 793 0000
jon.becker@example.org
What is this line?
";

struct Maker {
    record: Record,
}

impl Maker {
    /// Evidence for `pointer`: the `nth` place (from 0) of each of `pieces` in the text.
    fn at(&mut self, pointer: &str, pieces: &[(&str, usize)], via: &[&str]) -> &mut Evidence {
        let spans: Vec<Span> = pieces.iter().map(|(p, n)| place(p, *n)).collect();
        let first = spans[0].start;
        let evidence = Evidence {
            texts: spans.iter().map(|s| TEXT[s.start..s.end].to_owned()).collect(),
            line: TEXT[..first].matches('\n').count() + 1,
            page: Some(1 + TEXT[..first].matches('\u{c}').count() as u32),
            via: via.iter().map(|s| (*s).to_owned()).collect(),
            rule: "en/test/hand".to_owned(),
            score: 0.9,
            spans,
            ..Evidence::default()
        };
        self.record.evidence.entry(pointer.to_owned()).or_insert(evidence)
    }
}

/// The `nth` place (from 0) of `piece` in the text.
pub fn place(piece: &str, nth: usize) -> Span {
    let (start, _) = TEXT.match_indices(piece).nth(nth).unwrap_or_else(|| panic!("{piece:?} is not in the text"));
    Span::new(start, start + piece.len())
}

/// The text as ingest gives it.
pub fn text() -> Text {
    Text {
        content: TEXT.to_owned(),
        encoding: "UTF-8".to_owned(),
        media_type: "text/plain".to_owned(),
        ..Text::default()
    }
}

/// The record, with its evidence, before validation.
pub fn bare() -> Record {
    let mut m = Maker { record: serde_json::from_value(values()).expect("a record") };
    event_evidence(&mut m);
    session_evidence(&mut m);
    people_evidence(&mut m);
    m.record
}

/// The record after validation.
pub fn record() -> Record {
    let mut record = bare();
    agendata::validate::validate(&mut record, &text(), &agendata::grammar::Grammar::builtin(), &[]);
    record
}

fn values() -> serde_json::Value {
    json!({
        "schema": "agendata/1", "id": "0123456789abcdef",
        "source": {
            "path": "hand.txt", "media_type": "text/plain", "bytes": TEXT.len(), "encoding": "UTF-8",
            "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "languages": ["en"], "pages": 2
        },
        "kind": "agenda",
        "event": {
            "uid": "e-1", "title": "Seminar on Lasting Records", "edition": 3,
            "start_date": "2014-05-14", "venue": {"name": "Harbour Hall", "city": "Lisbon", "country": "PT"},
            "organisers": ["City Archive of Lisbon"]
        },
        "sessions": [
            {"id": "s1", "uid": "u1", "kind": "registration", "title": "Registration",
             "date": "2014-05-14", "start": "09:30", "end": "10:00"},
            {"id": "s2", "uid": "u2", "kind": "session", "number": "1", "title": "Keeping records for centuries",
             "date": "2014-05-14", "start": "10:00", "end": "11:30",
             "roles": [{"person": "p1", "role": "chair", "label": "Chair"},
                       {"person": "p2", "role": "speaker", "talk": "s2.t1"},
                       {"person": "p1", "role": "speaker", "talk": "s2.t2"}],
             "talks": [{"id": "s2.t1", "uid": "t1", "title": "Paper that lasts", "start": "10:05",
                        "duration_minutes": [20, 20], "speakers": ["p2"]},
                       {"id": "s2.t2", "uid": "t2", "title": "Ink that fades", "start": "10:40", "speakers": ["p1"]}]},
            {"id": "s3", "uid": "u3", "kind": "break", "title": "Coffee break", "date": "2014-05-14",
             "start": "11:30", "end": "12:00", "tentative": true},
            {"id": "s4", "uid": "u4", "kind": "visit", "title": "Visit of the vaults", "date": "2014-05-14",
             "start": "14:00", "approximate": true}
        ],
        "people": [
            {"id": "p1", "uid": "a", "name": "Ana Ribeiro", "honorific": "Ms.", "given": "Ana", "family": "Ribeiro",
             "position": "Head of Preservation", "organisation": "City Archive",
             "mentions": [{"spans": [place("Ana Ribeiro", 0)], "at": "/sessions/1/roles/0"},
                          {"spans": [place("Ana Ribeiro", 1)], "at": "/sessions/1/talks/1"}]},
            {"id": "p2", "uid": "b", "name": "Jon Becker", "honorific": "Mr.", "given": "Jon", "family": "Becker",
             "mentions": [{"spans": [place("Jon Becker", 0)], "at": "/sessions/1/talks/0"},
                          {"spans": [place("Jon Becker", 1)], "at": "/contacts/0"}]}
        ],
        "contacts": [
            {"id": "c1", "person": "p2", "emails": ["jon.becker@example.org"],
             "phones": [{"kind": "tel", "raw": "+351 21 793 0000", "e164": "+351217930000", "valid": true}]}
        ],
        "evidence": {}, "diagnostics": []
    })
}

fn event_evidence(m: &mut Maker) {
    m.at("/event/title", &[("Seminar on Lasting Records", 0)], &["squeeze"]);
    m.at("/event/edition", &[("3rd", 0)], &["number.ordinal"]);
    m.at("/event/start_date", &[("14/05/2014", 0)], &["date.dmy"]);
    m.at("/event/venue/name", &[("Harbour Hall", 0)], &["squeeze"]);
    m.at("/event/venue/city", &[("Lisbon", 0)], &["squeeze"]);
    m.at("/event/venue/country", &[("Portugal", 0)], &["const:PT"]);
    m.at("/event/organisers/0", &[("City Archive of Lisbon", 0)], &["squeeze"]);
}

fn session_evidence(m: &mut Maker) {
    let rows: [(&str, &str, &[&str]); 4] = [
        ("registration", "Registration", &["09:30", "10:00"]),
        ("session", "Keeping records for centuries", &["10:00", "11:30"]),
        ("break", "Coffee break", &["11:30", "12:00"]),
        ("visit", "Visit of the vaults", &["14:00"]),
    ];
    for (i, (kind, title, times)) in rows.into_iter().enumerate() {
        m.at(&format!("/sessions/{i}/kind"), &[(title, 0)], &[&format!("const:{kind}")]);
        m.at(&format!("/sessions/{i}/title"), &[(title, 0)], &["squeeze"]);
        let date = m.at(&format!("/sessions/{i}/date"), &[("14/05/2014", 0)], &["date.dmy", "inherit.day"]);
        date.from = vec!["/event/start_date".to_owned()];
        for (field, time) in ["start", "end"].into_iter().zip(times) {
            // "10:00" and "11:30" end one row and start the next.
            let nth = usize::from(field == "start" && matches!(*time, "10:00" | "11:30"));
            m.at(&format!("/sessions/{i}/{field}"), &[(time, nth)], &["time.clock"]);
        }
    }
    m.at("/sessions/1/number", &[("1:", 0)], &["squeeze"]);
    let number = TEXT.find("Session 1").map(|i| Span::new(i + 8, i + 9)).expect("a number");
    let evidence = m.record.evidence.get_mut("/sessions/1/number").expect("evidence");
    (evidence.spans, evidence.texts, evidence.line) = (vec![number], vec!["1".to_owned()], 7);
    m.at("/sessions/2/tentative", &[("(tbc)", 0)], &["const:true"]);
    m.at("/sessions/3/approximate", &[("ca.", 0)], &["const:true"]);
    m.at("/sessions/1/talks/0/title", &[("Paper that lasts", 0)], &["squeeze"]);
    m.at("/sessions/1/talks/0/start", &[("10:05", 0)], &["time.clock"]);
    m.at("/sessions/1/talks/0/duration_minutes/0", &[("20", 1)], &["number.cardinal"]);
    m.at("/sessions/1/talks/0/duration_minutes/1", &[("20", 1)], &["number.cardinal"]);
    m.at("/sessions/1/talks/0/speakers/0", &[("Jon Becker", 0)], &["person"]);
    m.at("/sessions/1/talks/1/title", &[("Ink that fades", 0)], &["squeeze"]);
    m.at("/sessions/1/talks/1/start", &[("10:40", 0)], &["time.clock"]);
    m.at("/sessions/1/talks/1/speakers/0", &[("Ana Ribeiro", 1)], &["person"]);
    m.at("/sessions/1/roles/0/person", &[("Ana Ribeiro", 0)], &["person"]);
    m.at("/sessions/1/roles/0/role", &[("Chair", 0)], &["const:chair"]);
    m.at("/sessions/1/roles/0/label", &[("Chair", 0)], &["squeeze"]);
    for (k, (name, nth)) in [(1, ("Jon Becker", 0)), (2, ("Ana Ribeiro", 1))] {
        m.at(&format!("/sessions/1/roles/{k}/person"), &[(name, nth)], &["person"]);
        m.at(&format!("/sessions/1/roles/{k}/role"), &[(name, nth)], &["const:speaker"]);
    }
}

fn people_evidence(m: &mut Maker) {
    for (i, (name, honorific)) in [("Ana Ribeiro", "Ms."), ("Jon Becker", "Mr.")].into_iter().enumerate() {
        m.at(&format!("/people/{i}/name"), &[(name, 0)], &["squeeze"]);
        m.at(&format!("/people/{i}/given"), &[(name, 0)], &["squeeze", "name.given"]);
        m.at(&format!("/people/{i}/family"), &[(name, 0)], &["squeeze", "name.family"]);
        m.at(&format!("/people/{i}/honorific"), &[(honorific, 0)], &["squeeze"]);
    }
    m.at("/people/0/position", &[("Head of Preservation", 0)], &["squeeze"]);
    m.at("/people/0/organisation", &[("City Archive", 1)], &["squeeze"]);
    m.at("/contacts/0/person", &[("Jon Becker", 1)], &["person"]);
    m.at("/contacts/0/emails/0", &[("jon.becker@example.org", 0)], &["email.plain"]);
    m.at("/contacts/0/phones/0/kind", &[("Tel", 0)], &["const:tel"]);
    m.at("/contacts/0/phones/0/raw", &[("+351 21 793 0000", 0)], &["squeeze"]);
    m.at("/contacts/0/phones/0/e164", &[("+351 21 793 0000", 0)], &["phone.e164:PT"]);
}

/// Every document below `input/`, read by the built-in pipeline, in the order of their names.
pub fn extracted() -> Vec<Extraction> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("input");
    let mut files: Vec<PathBuf> = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|e| e.path()) {
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let pipeline = Pipeline::default();
    let read = |f: &PathBuf| {
        let path = f.strip_prefix(&root).expect("a path below input").to_string_lossy().replace('\\', "/");
        pipeline.extract_with_text(&Source { path, bytes: std::fs::read(f).expect("a readable file") })
    };
    files.iter().map(read).collect()
}
