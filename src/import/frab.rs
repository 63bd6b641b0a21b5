//! frab's `schedule.xml` → record. In: XML. Out: an event with sessions. Never: fails on markup that is cut short; expands
//! entities of the file's own.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::programme::{Row, sessions};
use super::{full, note};
use crate::model::Record;

/// Deepest markup that is read.
const DEEPEST: usize = 64;

/// Reads a programme into a record.
pub fn read(text: &str, record: &mut Record) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    let mut state = State::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                state.open(&tag);
                if state.path.len() > DEEPEST {
                    return Err("expected a programme, but its markup is nested too deeply".into());
                }
            }
            Ok(Event::Empty(tag)) => {
                state.open(&tag);
                state.close(record);
            }
            Ok(Event::Text(words)) => state.text.push_str(&words.into_inner()),
            Ok(Event::CData(words)) => state.text.push_str(&words.into_inner()),
            Ok(Event::GeneralRef(name)) => {
                state.text.push_str(&entity(&name.into_inner()));
            }
            Ok(Event::End(_)) => state.close(record),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                note(record, &format!("the rest of the file: {error}"));
                break;
            }
        }
    }
    if !state.seen {
        return Err("expected a programme with a conference, but found none".into());
    }
    sessions(record, state.rows);
    Ok(())
}

fn entity(name: &str) -> String {
    let number = name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
    let number = number.or_else(|| name.strip_prefix('#').map(|decimal| decimal.parse()));
    match (name, number) {
        (_, Some(Ok(code))) => char::from_u32(code).map(String::from).unwrap_or_default(),
        ("lt", _) => "<".into(),
        ("gt", _) => ">".into(),
        ("amp", _) => "&".into(),
        ("quot", _) => "\"".into(),
        ("apos", _) => "'".into(),
        _ => String::new(),
    }
}

#[derive(Default)]
struct State {
    path: Vec<String>,
    text: String,
    seen: bool,
    day: String,
    room: String,
    row: Option<Row>,
    number: String,
    rows: Vec<(String, Row)>,
}

impl State {
    fn open(&mut self, tag: &BytesStart) {
        self.text.clear();
        let name = tag.local_name().as_ref().to_owned();
        let value = |key: &str| {
            let found = tag.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == key);
            found.map(|a| unescaped(&a.value)).unwrap_or_default()
        };
        match name.as_str() {
            "conference" => self.seen = true,
            "day" => self.day = value("date"),
            "room" if self.row.is_none() => self.room = value("name"),
            "event" => self.row = Some(Row { guid: value("guid"), room: self.room.clone(), ..Row::default() }),
            "person" => self.number = value("id"),
            _ => {}
        }
        self.path.push(name);
    }

    fn close(&mut self, record: &mut Record) {
        let Some(name) = self.path.pop() else { return };
        let text = std::mem::take(&mut self.text);
        let inside = self.path.last().map(String::as_str).unwrap_or_default();
        if let Some(row) = &mut self.row {
            match (inside, name.as_str()) {
                ("event", "title") => row.title = text,
                ("event", "slug") => row.slug = text,
                ("event", "type") => row.kind = text,
                ("event", "track") => row.track = text,
                ("event", "date") => row.date = text,
                ("event", "start") => row.start = text,
                ("event", "duration") => row.duration = text,
                ("event", "room") if !text.trim().is_empty() => row.room = text,
                ("event", "description") => row.description = text,
                ("event", "abstract") => row.summary = text,
                (_, "person") => row.people.push((std::mem::take(&mut self.number), text)),
                (_, "event") => self.rows.extend(self.row.take().map(|row| (self.day.clone(), row))),
                _ => {}
            }
            return;
        }
        let event = &mut record.event;
        match (inside, name.as_str()) {
            ("conference", "title") => event.title = full(&text),
            ("conference", "start") => event.start_date = full(text.get(..10).unwrap_or(&text)),
            ("conference", "end") => event.end_date = full(text.get(..10).unwrap_or(&text)),
            ("conference", "time_zone_name") => event.timezone = full(&text),
            ("conference", "base_url") => event.urls.extend(full(&text)),
            _ => {}
        }
    }
}

/// An attribute's value.
fn unescaped(raw: &str) -> String {
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';').map(|n| at + n);
        let Some(end) = end else { break };
        out.push_str(&entity(&rest[at + 1..end]));
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}
