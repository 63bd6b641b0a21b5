//! The c3voc's `schedule.json` → record. In: JSON. Out: an event with sessions. Never: fails on a value of another type.

use serde_json::Value;

use super::full;
use super::programme::{Row, sessions};
use crate::model::Record;

/// Reads a programme into a record.
pub fn read(text: &str, record: &mut Record) -> Result<(), String> {
    let file: Value = serde_json::from_str(text).map_err(|e| format!("expected JSON, but {e}"))?;
    let conference = file.pointer("/schedule/conference").or_else(|| file.get("conference"));
    let conference = conference.ok_or("expected schedule.conference, but found none")?;
    let event = &mut record.event;
    event.title = full(word(conference, "title"));
    event.start_date = full(word(conference, "start")).map(|d| d.get(..10).map_or(d.clone(), str::to_owned));
    event.end_date = full(word(conference, "end")).map(|d| d.get(..10).map_or(d.clone(), str::to_owned));
    event.timezone = full(word(conference, "time_zone_name"));
    event.urls.extend(full(word(conference, "url")));
    let mut rows = Vec::new();
    for day in conference.get("days").and_then(Value::as_array).into_iter().flatten() {
        for (room, events) in day.get("rooms").and_then(Value::as_object).into_iter().flatten() {
            for event in events.as_array().into_iter().flatten() {
                rows.push((word(day, "date").to_owned(), row(event, room)));
            }
        }
    }
    sessions(record, rows);
    Ok(())
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn row(event: &Value, room: &str) -> Row {
    let own = |key: &str| word(event, key).to_owned();
    let people = event.get("persons").and_then(Value::as_array).into_iter().flatten();
    let person = |p: &Value| {
        let number = p.get("guid").or_else(|| p.get("id")).or_else(|| p.get("code"));
        let number = number.map(|n| n.as_str().map_or_else(|| n.to_string(), str::to_owned)).unwrap_or_default();
        let name = ["name", "public_name", "full_public_name"].into_iter().map(|k| word(p, k)).find(|n| !n.is_empty());
        (number, name.unwrap_or_default().to_owned())
    };
    Row {
        guid: own("guid"),
        slug: own("slug"),
        title: own("title"),
        kind: own("type"),
        track: own("track"),
        date: own("date"),
        start: own("start"),
        duration: own("duration"),
        room: full(&own("room")).unwrap_or_else(|| room.to_owned()),
        description: own("description"),
        summary: own("abstract"),
        people: people.map(person).collect(),
    }
}
