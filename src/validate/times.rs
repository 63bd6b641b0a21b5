//! Checks of times and dates.
//!
//! In: a finished record. Out: findings A0701, A0706, A0709, A0710. Never: changes a time.

use rustc_hash::FxHashMap;

use crate::model::{Diagnostic, Record};

use super::slot::Slot;
use super::{at, full_date};

/// A0701: something ends before it starts.
pub fn end_before_start(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut check = |pointer: String, start: &Option<String>, end: &Option<String>| {
        let (Some(s), Some(e)) = (start.as_deref(), end.as_deref()) else { return };
        if Slot::new(Some(s), Some(e)).is_some_and(Slot::is_backward) {
            let message = format!("expected an end after {s}, but found {e}");
            found.push(at(record, "A0701", message, pointer));
        }
    };
    for (i, s) in record.sessions.iter().enumerate() {
        if s.end_date.as_ref().zip(s.date.as_ref()).is_none_or(|(end, start)| end <= start) {
            check(format!("/sessions/{i}/end"), &s.start, &s.end);
        }
        for (k, t) in s.talks.iter().enumerate() {
            check(format!("/sessions/{i}/talks/{k}/end"), &t.start, &t.end);
        }
    }
    found.extend(dates_backward(record));
    found
}

fn dates_backward(record: &Record) -> Vec<Diagnostic> {
    let mut stretches = vec![("/event/end_date".to_owned(), &record.event.start_date, &record.event.end_date)];
    for (i, r) in record.event.related.iter().enumerate() {
        stretches.push((format!("/event/related/{i}/end_date"), &r.start_date, &r.end_date));
    }
    for (i, s) in record.sessions.iter().enumerate() {
        stretches.push((format!("/sessions/{i}/end_date"), &s.date, &s.end_date));
    }
    let mut found = Vec::new();
    for (pointer, start, end) in stretches {
        if let Some((s, e)) = full_date(start).zip(full_date(end)).filter(|(s, e)| e < s) {
            let message = format!("expected an end on or after {s}, but found {e}");
            found.push(at(record, "A0701", message, pointer));
        }
    }
    found
}

/// A0706: a session's date lies outside the event's dates.
pub fn outside_event(record: &Record) -> Vec<Diagnostic> {
    let (first, last) = (full_date(&record.event.start_date), full_date(&record.event.end_date));
    if first.zip(last).is_some_and(|(f, l)| l < f) {
        return Vec::new(); // said by A0701
    }
    let mut found = Vec::new();
    for (i, s) in record.sessions.iter().enumerate() {
        let Some(date) = full_date(&s.date) else { continue };
        if first.is_some_and(|f| date < f) || last.is_some_and(|l| date > l) {
            let bounds = format!("{} to {}", first.unwrap_or("the beginning"), last.unwrap_or("the end"));
            let message = format!("expected a date of the event ({bounds}), but found {date}");
            found.push(at(record, "A0706", message, format!("/sessions/{i}/date")));
        }
    }
    found
}

/// A0709: a row starts before the row above it, on the same day and level and in the same room and track.
pub fn out_of_order(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut last = FxHashMap::default();
    for (i, s) in record.sessions.iter().enumerate() {
        if let Some(slot) = Slot::of(s) {
            let row = (&s.date, &s.parent, &s.track, &s.venue.name, &s.venue.room);
            if let Some(before) = last.insert(row, slot.start) {
                found.extend(earlier(record, before, slot.start, format!("/sessions/{i}/start")));
            }
        }
        let mut last_talk = None;
        for (k, t) in s.talks.iter().enumerate() {
            if let Some(slot) = Slot::new(t.start.as_deref(), None)
                && let Some(before) = last_talk.replace(slot.start)
            {
                found.extend(earlier(record, before, slot.start, format!("/sessions/{i}/talks/{k}/start")));
            }
        }
    }
    found
}

fn earlier(record: &Record, before: u32, start: u32, pointer: String) -> Option<Diagnostic> {
    let night = before >= 17 * 60 && start < 6 * 60;
    let clock = |m: u32| format!("{:02}:{:02}", m / 60, m % 60);
    let message = || format!("expected a start at {} or later, but found {}", clock(before), clock(start));
    (start < before && !night).then(|| at(record, "A0709", message(), pointer))
}

/// A0710: a talk lies outside its session's slot.
pub fn talk_outside_session(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, s) in record.sessions.iter().enumerate() {
        let Some(slot) = Slot::of(s).filter(|slot| !slot.is_backward()) else { continue };
        for (k, t) in s.talks.iter().enumerate() {
            let Some(talk) = Slot::new(t.start.as_deref(), t.end.as_deref()) else { continue };
            if !slot.contains(talk) {
                let field = if slot.contains(Slot { start: talk.start, end: None }) { "end" } else { "start" };
                let until = s.end.as_deref().map_or(String::new(), |e| format!(" to {e}"));
                let given = if field == "end" { &t.end } else { &t.start };
                let message = format!(
                    "expected a talk inside its session's slot ({}{until}), but found {field} {}",
                    s.start.as_deref().unwrap_or(""),
                    given.as_deref().unwrap_or("")
                );
                let pointer = format!("/sessions/{i}/talks/{k}/{field}");
                found.push(at(record, "A0710", message, pointer));
            }
        }
    }
    found
}
