//! What `schedule.xml` and `schedule.json` have in common: rows → sessions.
//!
//! In: rows as both formats have them. Out: sessions and people. Never: an end for a row whose duration is nothing.

use std::collections::HashMap;

use jiff::civil::DateTime;

use super::{full, note, person};
use crate::model::{Record, Role, RoleKind, Session, SessionKind, Venue};

/// A row, its texts as they stand in the file.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its UUID.
    pub guid: String,
    /// Words and, from agendata, the uid.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Type.
    pub kind: String,
    /// Track.
    pub track: String,
    /// Begin with offset.
    pub date: String,
    /// Begin, `HH:MM`.
    pub start: String,
    /// `HH:MM`.
    pub duration: String,
    /// Room.
    pub room: String,
    /// Description.
    pub description: String,
    /// Abstract, where there is no description.
    pub summary: String,
    /// Number and name.
    pub people: Vec<(String, String)>,
}

/// Rows of an event → its sessions, in the order of their begins.
pub fn sessions(record: &mut Record, mut rows: Vec<(String, Row)>) {
    let mut keys = HashMap::new();
    // The file goes by day and room; a record goes by time.
    rows.sort_by(|(a_day, a), (b_day, b)| (a_day, moment(a_day, a)).cmp(&(b_day, moment(b_day, b))));
    for (day, row) in rows {
        let Some(start) = moment(&day, &row) else {
            note(record, &format!("a row without a begin: {}", row.title));
            continue;
        };
        let end = minutes(&row.duration).filter(|m| *m > 0);
        let end = end.and_then(|m| start.checked_add(jiff::Span::new().minutes(m)).ok());
        let mut roles = Vec::new();
        for (number, name) in &row.people {
            let Some(name) = full(name) else { continue };
            let key = if number.is_empty() { &name } else { number };
            let id = person(record, &mut keys, key, &name);
            roles.push(Role { person: Some(id), role: RoleKind::Speaker, ..Role::default() });
        }
        let date = start.date().to_string();
        let other_day = end.map(|e| e.date()).filter(|d| *d != start.date());
        record.sessions.push(Session {
            id: format!("s{}", record.sessions.len() + 1),
            uid: uid(&row),
            kind: kind(&row.kind),
            title: full(&row.title),
            track: full(&row.track),
            date: Some(date),
            start: Some(start.strftime("%H:%M").to_string()),
            end: end.map(|e| e.strftime("%H:%M").to_string()),
            end_date: other_day.map(|d| d.to_string()),
            venue: Venue { room: full(&row.room), ..Venue::default() },
            roles,
            description: full(&row.description).or_else(|| full(&row.summary)),
            ..Session::default()
        });
    }
}

/// The record's own kinds, and the words that other systems use for them.
pub fn kind(word: &str) -> SessionKind {
    let word = word.trim().to_lowercase();
    let known = SessionKind::parse(&word);
    known.unwrap_or(match word.as_str() {
        "lecture" | "lightning_talk" | "lightning talk" | "presentation" | "" => SessionKind::Talk,
        "podium" | "panel discussion" => SessionKind::Panel,
        "hands-on" | "tutorial" | "training" => SessionKind::Workshop,
        "meeting" => SessionKind::Discussion,
        "concert" | "performance" | "party" | "game" => SessionKind::Social,
        "lunch" | "dinner" | "breakfast" => SessionKind::Meal,
        "coffee break" | "pause" => SessionKind::Break,
        _ => SessionKind::Other,
    })
}

/// From a slug of agendata's own the uid; else the UUID.
fn uid(row: &Row) -> String {
    let last = row.slug.rsplit('-').next().unwrap_or_default();
    let own = last.len() == 20 && last.bytes().all(|b| b.is_ascii_hexdigit());
    if own { last.to_owned() } else { row.guid.clone() }
}

/// The begin on the local clock.
fn moment(day: &str, row: &Row) -> Option<DateTime> {
    if let Some(local) = row.date.get(..16).filter(|d| d.as_bytes().get(10) == Some(&b'T'))
        && let Ok(at) = local.parse::<DateTime>()
    {
        return Some(at);
    }
    let date = crate::emit::formats::date(day)?;
    Some(date.to_datetime(crate::emit::formats::clock(row.start.get(..5).unwrap_or(&row.start))?))
}

/// `1:30`, `01:30`, `1:00:00` (days first) in minutes.
fn minutes(text: &str) -> Option<i64> {
    let parts = text.split(':').map(|p| p.trim().parse::<i64>().ok()).collect::<Option<Vec<_>>>()?;
    match parts.as_slice() {
        [minutes] => Some(*minutes),
        [hours, minutes] => hours.checked_mul(60)?.checked_add(*minutes),
        [days, hours, minutes] => days.checked_mul(24)?.checked_add(*hours)?.checked_mul(60)?.checked_add(*minutes),
        _ => None,
    }
    .filter(|m| (0..=100 * 24 * 60).contains(m))
}
