//! Programmes that are structured already → records: iCalendar, frab's `schedule.xml`, the c3voc's `schedule.json`,
//! schema.org's JSON-LD.
//!
//! In: bytes with a name. Out: a record without evidence (nothing was read from prose), as gold is; findings for what has
//! no place in it. Never: fails on any bytes; opens a file; unfolds repetitions.

mod c3voc;
mod frab;
mod ics;
mod jsonld;
mod programme;

use sha2::{Digest, Sha256};

use crate::diag::finding;
use crate::ingest::{Source, Text};
use crate::model::{DocumentKind, Person, Record, SCHEMA, SourceInfo};
use crate::pipeline::Extraction;

/// A format that is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// iCalendar.
    Ics,
    /// frab's `schedule.xml`.
    FrabXml,
    /// The c3voc's `schedule.json`.
    C3vocJson,
    /// schema.org's JSON-LD.
    Jsonld,
}

impl From {
    /// Every format with its name.
    pub const ALL: &[(&str, From)] =
        &[("ics", From::Ics), ("frab-xml", From::FrabXml), ("c3voc-json", From::C3vocJson), ("jsonld", From::Jsonld)];

    /// What the content looks like.
    pub fn sniff(text: &str) -> Option<Self> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let head = start.get(..start.floor_char_boundary(4096)).unwrap_or(start);
        match start.chars().next()? {
            '<' if head.contains("<schedule") => Some(From::FrabXml),
            '{' | '[' if text.contains("\"@context\"") || text.contains("\"@type\"") => Some(From::Jsonld),
            '{' if text.contains("\"conference\"") => Some(From::C3vocJson),
            _ if head.get(..15).is_some_and(|h| h.eq_ignore_ascii_case("BEGIN:VCALENDAR")) => Some(From::Ics),
            _ => None,
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            From::Ics => "text/calendar",
            From::FrabXml => "application/xml",
            From::C3vocJson => "application/json",
            From::Jsonld => "application/ld+json",
        }
    }
}

/// The record in a file.
pub fn import(source: &Source, from: Option<From>) -> Extraction {
    let mut record = Record { schema: SCHEMA.to_owned(), ..Record::default() };
    let sha256: String = Sha256::digest(&source.bytes).iter().map(|b| format!("{b:02x}")).collect();
    record.id = sha256.get(..16).unwrap_or_default().to_owned();
    record.source =
        SourceInfo { path: source.path.clone(), bytes: source.bytes.len() as u64, sha256, ..SourceInfo::default() };
    let text = String::from_utf8_lossy(&source.bytes);
    let text = text.trim_start_matches('\u{feff}');
    let taken = match from.or_else(|| From::sniff(text)) {
        None => {
            Err("expected iCalendar, schedule.xml, schedule.json or schema.org JSON-LD, but found none of them".into())
        }
        Some(format) => {
            record.source.media_type = format.media_type().to_owned();
            record.source.encoding = "UTF-8".to_owned();
            match format {
                From::Ics => ics::read(text, &mut record),
                From::FrabXml => frab::read(text, &mut record),
                From::C3vocJson => c3voc::read(text, &mut record),
                From::Jsonld => jsonld::read(text, &mut record),
            }
        }
    };
    if let Err(why) = taken {
        record.diagnostics.push(finding("A0805", why));
    }
    complete(&mut record);
    Extraction { record, text: Text { content: text.to_owned(), encoding: "UTF-8".into(), ..Text::default() } }
}

/// Kind, ids in order, and uids where the file gave none.
fn complete(record: &mut Record) {
    record.kind = match (record.sessions.len(), record.event.title.is_some()) {
        (0, false) => DocumentKind::Other,
        (0 | 1, _) => DocumentKind::Announcement,
        _ => DocumentKind::Agenda,
    };
    let path = record.source.path.clone();
    let mut taken = std::collections::HashSet::new();
    let mut own = |kind: &str, uid: &mut String, anchor: &str| {
        let mut n = 0;
        while uid.is_empty() || !taken.insert(format!("{kind} {uid}")) {
            n += 1;
            let digest = Sha256::digest(format!("{path}\0{kind}\0{anchor}\0{n}").as_bytes());
            *uid = digest[..10].iter().map(|b| format!("{b:02x}")).collect();
        }
    };
    for session in &mut record.sessions {
        let anchor = format!("{:?} {:?} {:?}", session.title, session.date, session.start);
        own("part", &mut session.uid, &anchor);
        for talk in &mut session.talks {
            own("part", &mut talk.uid, &format!("{anchor} {:?} {:?}", talk.title, talk.start));
        }
    }
    record.people.iter_mut().for_each(|p| own("person", &mut p.uid, &p.name));
}

/// A note of something that has no place in a record.
fn note(record: &mut Record, what: &str) {
    let told = record.diagnostics.len();
    if told < 50 {
        record.diagnostics.push(finding("A0806", crate::diag::printable(what)));
    }
}

/// The id of the person with this key, who is made where nobody has it.
fn person(record: &mut Record, keys: &mut std::collections::HashMap<String, String>, key: &str, name: &str) -> String {
    if let Some(id) = keys.get(key) {
        return id.clone();
    }
    let id = format!("p{}", record.people.len() + 1);
    record.people.push(Person { id: id.clone(), name: name.to_owned(), ..Person::default() });
    keys.insert(key.to_owned(), id.clone());
    id
}

/// Nothing for an empty text.
fn full(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
