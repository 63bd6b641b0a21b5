//! What a record of its sort should have and has not.
//!
//! In: a finished record. Out: findings A0718, A0719, A0720, A0721. Never: fills anything in.

use std::collections::BTreeSet;

use crate::model::{Diagnostic, DocumentKind, Record, SessionKind, Span};

use super::{LineIndex, at};

/// Longest stretch of text that a finding of this file points at, in bytes.
const LONGEST: usize = 2_000;

/// A0718: a phone or an address that is no person's; a body's may well be.
pub fn ownerless(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, c) in record.contacts.iter().enumerate() {
        if c.person.is_some() || c.phones.is_empty() && c.emails.is_empty() {
            continue;
        }
        let message = "expected a person whose the phones and addresses are, but found none";
        found.push(over(record, at(record, "A0718", message, format!("/contacts/{i}"))));
    }
    found
}

/// A0719: an event without title, dates or place.
pub fn bare_event(record: &Record) -> Vec<Diagnostic> {
    if record.sessions.is_empty() || matches!(record.kind, DocumentKind::Other | DocumentKind::Contacts) {
        return Vec::new();
    }
    let e = &record.event;
    let dated = e.start_date.is_some() || record.sessions.iter().any(|s| s.date.is_some());
    let placed =
        e.venue.name.is_some() || e.venue.city.is_some() || record.sessions.iter().any(|s| s.venue.name.is_some());
    let lacks = [("title", e.title.is_some()), ("date", dated), ("place", placed)];
    let lacking: Vec<&str> = lacks.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    let message = format!("expected title, date and place of the event, but found no {}", lacking.join(", no "));
    let mut told = over(record, at(record, "A0719", message, "/event".to_owned()));
    // What is missing stands over the first row, if anywhere.
    if let Some(first) = record.evidence.range("/sessions/0/".to_owned()..).next().and_then(|(_, e)| e.spans.first()) {
        let end = told.span.map_or(first.start, |s| s.end.max(first.start));
        told.span = Some(Span::new(end.saturating_sub(LONGEST).min(told.span.map_or(0, |s| s.start)), end));
    }
    vec![told]
}

/// A0720: a row with a time and no title.
pub fn untitled_row(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut check = |pointer: String| {
        let message = "expected a title beside the time, but found none";
        found.push(at(record, "A0720", message, pointer + "/start"));
    };
    for (i, s) in record.sessions.iter().enumerate() {
        let seminar = s.kind == SessionKind::Talk && record.sessions.len() == 1;
        if s.title.is_none() && s.start.is_some() && !seminar {
            check(format!("/sessions/{i}"));
        }
        for (k, _) in s.talks.iter().enumerate().filter(|(_, t)| t.title.is_none() && t.start.is_some()) {
            check(format!("/sessions/{i}/talks/{k}"));
        }
    }
    found
}

/// A0721: somebody named without a part, in the midst of people who have one: on the line of a session's people, or on a
/// line beside those of the event's.
pub fn without_part(record: &Record, lines: &LineIndex) -> Vec<Diagnostic> {
    let whose = |session: bool| {
        let parts = record.evidence.iter().filter(|(p, _)| p.ends_with("/person") && p.contains("/roles/"));
        parts.filter(move |(p, _)| p.starts_with("/sessions/") == session).map(|(_, e)| e.line)
    };
    let beside = whose(false).flat_map(|line| line.saturating_sub(1)..=line + 1);
    let near: BTreeSet<usize> = whose(true).chain(beside).collect();
    let mut found = Vec::new();
    for (i, p) in record.people.iter().enumerate() {
        let plain = p.mentions.iter().filter(|m| m.at.is_none()).filter_map(|m| m.spans.first());
        for span in plain.filter(|s| near.contains(&lines.line(s.start))) {
            let message = format!("{} is named among people who have a part, but has none here", p.name);
            let mut told = at(record, "A0721", message, format!("/people/{i}/name"));
            told.span = Some(*span);
            found.push(told);
        }
    }
    found
}

/// The finding over all that stands below its pointer, as far as that is near.
fn over(record: &Record, mut d: Diagnostic) -> Diagnostic {
    let (Some(span), Some(pointer)) = (d.span, &d.at) else { return d };
    let inside = format!("{pointer}/");
    let below = record.evidence.range(inside.clone()..).take_while(|(p, _)| p.starts_with(&inside));
    let near = below.flat_map(|(_, e)| &e.spans).filter(|s| s.end <= span.start + LONGEST);
    d.span = Some(Span::new(span.start, near.map(|s| s.end).fold(span.end, usize::max)));
    d
}
