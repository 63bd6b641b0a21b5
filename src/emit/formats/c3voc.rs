//! `<document>.json`: the programme as the c3voc's `schedule.json`.
//!
//! In: a record. Out: JSON. Never: a session without a begin on a day.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value, json};

use super::loss::{Carry, Loss};
use super::schedule::{self, Day, Row, Schedule, hours_minutes};
use super::{Made, OneFile, json_file};
use crate::model::Record;

/// One programme a document.
pub struct C3vocJson;

impl OneFile for C3vocJson {
    const ENDING: &'static str = "json";

    fn carries(&self) -> Carry {
        schedule::CARRY
    }

    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made> {
        let Some(schedule) = schedule::schedule(record, loss) else {
            return Ok(Made::Nothing("no session with a begin on a day"));
        };
        Ok(Made::File(json_file(&value(&schedule))?))
    }
}

fn value(schedule: &Schedule) -> Value {
    let rooms: BTreeMap<&str, &str> =
        schedule.days.iter().flat_map(|d| &d.rooms).map(|r| (r.name.as_str(), r.guid.as_str())).collect();
    let rooms: Vec<Value> = rooms.iter().map(|(name, guid)| json!({"name": name, "guid": guid})).collect();
    let mut conference = json!({
        "acronym": schedule.acronym,
        "title": schedule.title,
        "start": schedule.days_named.0.to_string(),
        "end": schedule.days_named.1.to_string(),
        "daysCount": schedule.days.len(),
        "timeslot_duration": "00:05",
        "rooms": rooms,
        "days": schedule.days.iter().map(|d| day(d, schedule)).collect::<Vec<_>>(),
    });
    if let Some(zone) = &schedule.zone {
        conference["time_zone_name"] = json!(zone);
    }
    if let Some(url) = &schedule.url {
        conference["url"] = json!(url);
    }
    json!({
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "agendata", "version": env!("CARGO_PKG_VERSION")},
        "schedule": {"version": schedule.version, "conference": conference},
    })
}

fn day(day: &Day, schedule: &Schedule) -> Value {
    let rooms: Map<String, Value> = day
        .rooms
        .iter()
        .map(|r| (r.name.clone(), r.rows.iter().map(|row| event(row, &r.name, schedule)).collect()))
        .collect();
    json!({
        "index": day.index,
        "date": day.date.to_string(),
        "day_start": day.start,
        "day_end": day.end,
        "rooms": rooms,
    })
}

fn event(row: &Row, room: &str, schedule: &Schedule) -> Value {
    let people: Vec<Value> = row.people.iter().map(|(id, name)| json!({"id": id, "public_name": name})).collect();
    json!({
        "id": row.id,
        "guid": row.guid,
        "date": row.date,
        "start": row.start.strftime("%H:%M").to_string(),
        "duration": hours_minutes(row.minutes),
        "room": room,
        "slug": row.slug,
        "url": schedule.url.clone().unwrap_or_else(|| format!("urn:uuid:{}", row.guid)),
        "title": row.title,
        "subtitle": row.subtitle,
        "track": row.track,
        "type": row.kind,
        "language": schedule.language,
        "abstract": row.summary,
        "description": row.description,
        "persons": people,
        "links": [],
        "attachments": [],
    })
}
