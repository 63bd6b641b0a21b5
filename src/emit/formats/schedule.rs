//! A programme as frab, pretalx and the c3voc have it: days, rooms, and events with a begin, a duration and an offset from
//! UTC. Two formats write it: `schedule.xml` and `schedule.json`.
//!
//! In: a record. Out: days with their rooms and rows; what cannot be carried. Never: the same guid, id or slug twice.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use sha2::{Digest, Sha256};

use super::loss::{Carry, How, Loss};
use super::shown;
use super::slots::{Placed, Slot, Span, date, known_zone, offset, plan, zone};
use crate::model::{Person, Record, RoleKind, Session};

/// What both formats carry.
pub const CARRY: Carry = Carry {
    whole: &[
        "event.{title,start_date,end_date,timezone}",
        "sessions.{id,uid,kind,title,track,date,start,end,description}",
        "sessions.venue.room",
        "people.name",
    ],
    text: &["sessions.{roles,talks,number,questions,documents,title_alternatives,status}"],
    cleans: false,
};

/// A programme.
pub struct Schedule {
    /// Short name, of small letters and digits, that no other document has.
    pub acronym: String,
    /// Another one for every other programme: importers take a version once only.
    pub version: String,
    /// The event's title.
    pub title: String,
    /// Zone of its times; UTC is assumed where it is not known.
    pub zone: Option<String>,
    /// First and last day.
    pub days_named: (Date, Date),
    /// A web address.
    pub url: Option<String>,
    /// Days with rows.
    pub days: Vec<Day>,
    /// Language of the document.
    pub language: String,
}

/// A day.
pub struct Day {
    /// From 1.
    pub index: usize,
    /// The day.
    pub date: Date,
    /// First begin, with offset.
    pub start: String,
    /// Last end, with offset.
    pub end: String,
    /// Rooms in the order of their first rows.
    pub rooms: Vec<Room>,
}

/// A room of a day.
pub struct Room {
    /// Name.
    pub name: String,
    /// The same for the same name.
    pub guid: String,
    /// What happens there.
    pub rows: Vec<Row>,
}

/// A session, or a talk with a begin of its own.
pub struct Row {
    /// Number that no other row has.
    pub id: u32,
    /// The uid as a UUID.
    pub guid: String,
    /// Words of the title and the uid.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Of a talk: its session's title.
    pub subtitle: String,
    /// Track.
    pub track: String,
    /// Kind of session.
    pub kind: &'static str,
    /// Begin.
    pub start: DateTime,
    /// Begin with offset.
    pub date: String,
    /// Minutes; 0 where no end is known.
    pub minutes: i64,
    /// Offset from UTC.
    offset: Offset,
    /// What has no place elsewhere.
    pub summary: String,
    /// Description.
    pub description: String,
    /// Number and name.
    pub people: Vec<(u32, String)>,
}

/// The programme of a record; none where no session has a begin on a day.
pub fn schedule(record: &Record, loss: &mut Loss) -> Option<Schedule> {
    let slots = plan(record);
    let mut rows = Rows { record, taken: HashSet::new(), days: BTreeMap::new() };
    for (session, slot) in record.sessions.iter().zip(&slots) {
        rows.session(session, slot, loss);
    }
    let days: Vec<Day> = rows.days.into_iter().enumerate().map(|(n, (date, rooms))| day(n + 1, date, rooms)).collect();
    let (first, last) = (days.first()?.date, days.last()?.date);
    let event = &record.event;
    let stated = |text: &Option<String>| text.as_deref().and_then(date);
    let start = stated(&event.start_date).unwrap_or(first).min(first);
    let end = stated(&event.end_date).unwrap_or(last).max(last);
    let title = event.title.clone().or_else(|| record.source.title.clone());
    loss.add("event.title", How::Derived, "the file's name stands for it", u64::from(title.is_none()));
    let title = title.unwrap_or_else(|| record.source.path.clone());
    Some(Schedule {
        acronym: acronym(&title, event.uid.as_deref().unwrap_or(&record.source.path)),
        version: version(&title, &days),
        title,
        zone: event.timezone.clone().filter(|z| known_zone(z).is_some()),
        days_named: (start, end),
        url: event.urls.iter().find(|u| is_http(u)).cloned(),
        days,
        language: record.source.languages.first().cloned().unwrap_or_default(),
    })
}

fn is_http(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://")) && url.bytes().all(|b| b.is_ascii_graphic())
}

struct Rows<'a> {
    record: &'a Record,
    taken: HashSet<u32>,
    days: BTreeMap<Date, Vec<Room>>,
}

impl Rows<'_> {
    fn session(&mut self, session: &Session, slot: &Slot, loss: &mut Loss) {
        let Placed::At(span) = slot.placed else {
            loss.add("sessions", How::Dropped, "no begin on a day of a year", 1);
            return;
        };
        tell_losses(self.record, session, slot, span, loss);
        let title = shown::session_title(session);
        let people = own_people(self.record, session, slot);
        let row = self.row(session, span, (&session.uid, title), session.kind.as_str(), people);
        let row = Row {
            summary: summary(self.record, session, slot),
            description: session.description.clone().unwrap_or_default(),
            ..row
        };
        self.put(session, row);
        for (talk, span) in session.talks.iter().zip(&slot.talks) {
            let Some(span) = span else { continue };
            let people = shown::speakers(self.record, talk);
            let row = self.row(session, *span, (&talk.uid, shown::talk_title(self.record, talk)), "talk", people);
            let subtitle = shown::session_title(session);
            self.put(session, Row { subtitle, description: talk.description.clone().unwrap_or_default(), ..row });
        }
    }

    fn row(
        &mut self,
        session: &Session,
        span: Span,
        (uid, title): (&str, String),
        kind: &'static str,
        people: Vec<&Person>,
    ) -> Row {
        let offset = offset_at(self.record, session, span.start);
        let mut ids = HashSet::new();
        Row {
            id: number(uid, &mut self.taken),
            guid: uuid(uid),
            slug: format!("{}-{}", slug(&title), slug(uid)).trim_start_matches('-').to_owned(),
            title,
            subtitle: String::new(),
            track: session.track.clone().unwrap_or_default(),
            kind,
            start: span.start,
            date: with_offset(span.start, offset),
            minutes: span.minutes().unwrap_or(0).clamp(0, 99 * 60 + 59),
            offset,
            summary: String::new(),
            description: String::new(),
            people: people.into_iter().map(|p| (number(&p.uid, &mut ids), p.name.clone())).collect(),
        }
    }

    fn put(&mut self, session: &Session, row: Row) {
        let event = &self.record.event.venue;
        let room = session.venue.room.as_ref().or(session.venue.name.as_ref()).or(event.room.as_ref());
        let name = room.or(event.name.as_ref()).map_or_else(|| "Room".to_owned(), |r| r.trim().to_owned());
        let rooms = self.days.entry(row.start.date()).or_default();
        match rooms.iter_mut().find(|r| r.name == name) {
            Some(room) => room.rows.push(row),
            None => rooms.push(Room { guid: uuid(&format!("room {name}")), name, rows: vec![row] }),
        }
    }
}

fn tell_losses(record: &Record, session: &Session, slot: &Slot, span: Span, loss: &mut Loss) {
    loss.add("sessions.end", How::Derived, "from the next begin, else the end of the block", u64::from(span.derived));
    loss.add("sessions.end", How::Derived, "nothing tells it: duration 00:00", u64::from(span.end.is_none()));
    let unknown = zone(record, session).is_none();
    loss.add("sessions.start", How::Changed, "no time zone is known: UTC is assumed", u64::from(unknown));
    let room = session.venue.room.is_none();
    loss.add("sessions.venue.room", How::Derived, "the venue's name, else «Room»", u64::from(room));
    let timed = slot.talks.iter().flatten().count() as u64;
    loss.add("sessions.talks", How::Changed, "rows of their own; the session's title is their subtitle", timed);
    let others = session.roles.iter().filter(|r| r.person.is_some() && r.role != RoleKind::Speaker).count() as u64;
    loss.add("sessions.roles.role", How::Text, "everybody is a person of the row", others);
}

/// The people of a session that no row of a talk has.
fn own_people<'a>(record: &'a Record, session: &Session, slot: &Slot) -> Vec<&'a Person> {
    let mut found: Vec<&Person> = Vec::new();
    for role in &session.roles {
        let talk = role.talk.as_ref().and_then(|id| session.talks.iter().position(|t| t.id == *id));
        let elsewhere = talk.is_some_and(|t| slot.talks.get(t).is_some_and(Option::is_some));
        let person = role.person.as_deref().filter(|_| !elsewhere).and_then(|id| shown::person(record, id));
        if let Some(person) = person.filter(|p| !found.iter().any(|f| f.id == p.id)) {
            found.push(person);
        }
    }
    found
}

/// What has no place elsewhere, as lines.
fn summary(record: &Record, session: &Session, slot: &Slot) -> String {
    let mut lines: Vec<String> = session.number.iter().map(|n| format!("No. {n}")).collect();
    lines.extend(session.title_alternatives.iter().map(|t| t.title.clone()));
    let other = |r: &&crate::model::Role| r.role != RoleKind::Speaker || r.person.is_none();
    let roles: Vec<_> = session.roles.iter().filter(other).cloned().collect();
    lines.extend(shown::role_lines(record, &roles));
    let untimed = session.talks.iter().zip(&slot.talks).filter(|(_, span)| span.is_none());
    lines.extend(untimed.map(|(talk, _)| format!("- {}", shown::talk_line(record, talk))));
    lines.extend(session.questions.iter().map(|q| format!("? {q}")));
    lines.extend(session.documents.iter().map(|d| format!("Document: {d}")));
    lines.extend(session.status.map(|s| format!("Status: {s}")));
    lines.join("\n")
}

fn day(index: usize, date: Date, rooms: Vec<Room>) -> Day {
    let rows = || rooms.iter().flat_map(|r| &r.rows);
    let first = rows().min_by_key(|r| r.start);
    let end = |r: &Row| r.start.checked_add(jiff::Span::new().minutes(r.minutes)).unwrap_or(r.start);
    let last = rows().max_by_key(|r| end(r));
    Day {
        index,
        date,
        start: first.map(|r| r.date.clone()).unwrap_or_default(),
        end: last.map(|r| with_offset(end(r), r.offset)).unwrap_or_default(),
        rooms,
    }
}

fn offset_at(record: &Record, session: &Session, at: DateTime) -> Offset {
    let zone = zone(record, session).and_then(known_zone).unwrap_or(TimeZone::UTC);
    offset(&zone, at)
}

/// `2024-03-30T09:00:00+01:00`.
pub fn with_offset(at: DateTime, offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    format!("{}{sign}{:02}:{:02}", at.strftime("%Y-%m-%dT%H:%M:%S"), minutes / 60, minutes % 60)
}

/// `01:30`.
pub fn hours_minutes(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// A UUID of version 8 (RFC 9562) made of a name.
pub fn uuid(name: &str) -> String {
    let mut bytes = digest(name);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes[..16].iter().map(|b| format!("{b:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// A positive number made of a name; where another has it, the next.
fn number(name: &str, taken: &mut HashSet<u32>) -> u32 {
    let bytes = digest(name);
    let mut number = u32::from_be_bytes([bytes[0] & 0x3f, bytes[1], bytes[2], bytes[3]]).max(1);
    while !taken.insert(number) {
        number += 1;
    }
    number
}

/// Small letters, digits and single `-`, at most 40.
fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::new();
    for c in text.nfkd().filter(|c| c.is_ascii()).map(|c| c.to_ascii_lowercase()) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
        if out.len() >= 40 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Letters of the title and a number made of the uid: yearly events have one title.
fn acronym(title: &str, uid: &str) -> String {
    let mut out = slug(title).replace('-', "");
    out.truncate(20);
    let out = if out.is_empty() { "event" } else { &out };
    format!("{out}{}", &uuid(uid)[..4])
}

/// The program's version and a number made of all that the programme says.
fn version(title: &str, days: &[Day]) -> String {
    let mut said = vec![title.to_owned()];
    for room in days.iter().flat_map(|d| &d.rooms) {
        for row in &room.rows {
            said.extend([&room.name, &row.guid, &row.title, &row.subtitle, &row.track, &row.date].map(String::clone));
            said.extend([&row.summary, &row.description].map(String::clone));
            said.extend([row.kind.to_owned(), row.minutes.to_string()]);
            said.extend(row.people.iter().map(|(_, name)| name.clone()));
        }
    }
    format!("{}-{}", env!("CARGO_PKG_VERSION"), &uuid(&said.join("\0"))[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_numbers_uuids_and_slugs() {
        let mut taken = HashSet::new();
        let first = number("a", &mut taken);
        assert_eq!(number("a", &mut taken), first + 1);
        let uuid = uuid("a");
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "8"));
        assert_eq!(slug("Élan vital: ça va?"), "elan-vital-ca-va");
        assert_eq!(slug("漢字"), "");
        assert_eq!(acronym("漢字", "a"), "eventca97");
    }
}
