//! Whether a record that was read back hangs together.
//!
//! In: a record. Out: code, place and words for each thing that an export could not work with: ids that refer to
//! nothing or stand twice, values that are no dates, times, zones or codes, a path that leads outside. Never: judges what
//! a document said.

use std::collections::HashSet;

use super::dataset::is_inside;
use crate::model::{Record, Role, Venue};

/// Problems told of one record.
const MOST: usize = 20;

/// Code, JSON Pointer, words.
pub type Found = (&'static str, String, String);

/// What is wrong with a record.
pub fn check(record: &Record) -> Vec<Found> {
    let mut check = Check { found: Vec::new(), people: ids(record.people.iter().map(|p| p.id.as_str())) };
    check.source(record);
    check.event(record);
    check.sessions(record);
    check.people(record);
    check.found
}

fn ids<'a>(all: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    all.collect()
}

struct Check<'a> {
    found: Vec<Found>,
    people: HashSet<&'a str>,
}

impl<'a> Check<'a> {
    fn fail(&mut self, code: &'static str, at: String, message: String) {
        if self.found.len() < MOST {
            self.found.push((code, at, message));
        }
    }

    fn source(&mut self, record: &Record) {
        if !is_inside(&record.source.path) {
            let message = format!("expected a path below a folder, but found {}", short(&record.source.path));
            self.fail("A0804", "/source/path".into(), message);
        }
        for (n, id) in record.source.authors.iter().enumerate() {
            self.person(id, || format!("/source/authors/{n}"));
        }
    }

    fn event(&mut self, record: &Record) {
        let event = &record.event;
        self.date(&event.start_date, "/event/start_date");
        self.date(&event.end_date, "/event/end_date");
        self.zone(&event.timezone, "/event/timezone");
        self.venue(&event.venue, "/event/venue");
        self.roles(&event.roles, None, "/event/roles");
        for (n, related) in event.related.iter().enumerate() {
            self.date(&related.start_date, &format!("/event/related/{n}/start_date"));
            self.date(&related.end_date, &format!("/event/related/{n}/end_date"));
            self.roles(&related.roles, None, &format!("/event/related/{n}/roles"));
        }
    }

    fn sessions(&mut self, record: &Record) {
        let known = ids(record.sessions.iter().map(|s| s.id.as_str()));
        let (mut seen, mut uids) = (HashSet::new(), HashSet::new());
        for (n, session) in record.sessions.iter().enumerate() {
            let at = format!("/sessions/{n}");
            self.own(&mut seen, &session.id, &at, "id");
            self.own(&mut uids, &session.uid, &at, "uid");
            if let Some(parent) = session.parent.as_deref().filter(|p| !known.contains(p) || *p == session.id) {
                self.dangling(format!("{at}/parent"), "another session", parent);
            }
            self.date(&session.date, &format!("{at}/date"));
            self.date(&session.end_date, &format!("{at}/end_date"));
            self.time(&session.start, &format!("{at}/start"));
            self.time(&session.end, &format!("{at}/end"));
            self.zone(&session.timezone, &format!("{at}/timezone"));
            self.venue(&session.venue, &format!("{at}/venue"));
            let talks = ids(session.talks.iter().map(|t| t.id.as_str()));
            self.roles(&session.roles, Some(&talks), &format!("{at}/roles"));
            for (m, talk) in session.talks.iter().enumerate() {
                let at = format!("{at}/talks/{m}");
                self.own(&mut seen, &talk.id, &at, "id");
                self.own(&mut uids, &talk.uid, &at, "uid");
                self.time(&talk.start, &format!("{at}/start"));
                self.time(&talk.end, &format!("{at}/end"));
                for (k, id) in talk.speakers.iter().enumerate() {
                    self.person(id, || format!("{at}/speakers/{k}"));
                }
            }
        }
        self.circles(record);
    }

    /// A session that lies in itself, over others.
    fn circles(&mut self, record: &Record) {
        let parents: std::collections::HashMap<&str, &str> =
            record.sessions.iter().filter_map(|s| Some((s.id.as_str(), s.parent.as_deref()?))).collect();
        let mut good: HashSet<&str> = HashSet::new();
        for (n, session) in record.sessions.iter().enumerate() {
            let (mut here, mut path) = (session.id.as_str(), HashSet::new());
            while let Some(parent) = parents.get(here).filter(|_| !good.contains(here)) {
                if !path.insert(here) {
                    let message =
                        format!("expected sessions that lie in others, but {} lies in itself", short(&session.id));
                    self.fail("A0803", format!("/sessions/{n}/parent"), message);
                    return;
                }
                here = parent;
            }
            good.extend(path);
        }
    }

    fn people(&mut self, record: &Record) {
        let (mut seen, mut uids) = (HashSet::new(), HashSet::new());
        for (n, person) in record.people.iter().enumerate() {
            let at = format!("/people/{n}");
            self.own(&mut seen, &person.id, &at, "id");
            if !person.uid.is_empty() {
                self.own(&mut uids, &person.uid, &at, "uid");
            }
            if person.name.trim().is_empty() {
                self.fail("A0804", format!("{at}/name"), "expected a name, but found none".into());
            }
            self.country(&person.country, &format!("{at}/country"));
        }
        let mut seen = HashSet::new();
        for (n, contact) in record.contacts.iter().enumerate() {
            let at = format!("/contacts/{n}");
            self.own(&mut seen, &contact.id, &at, "id");
            if let Some(id) = &contact.person {
                self.person(id, || format!("{at}/person"));
            }
        }
    }

    fn roles(&mut self, roles: &[Role], talks: Option<&HashSet<&str>>, at: &str) {
        for (n, role) in roles.iter().enumerate() {
            if let Some(id) = &role.person {
                self.person(id, || format!("{at}/{n}/person"));
            }
            if let Some(id) = role.talk.as_deref().filter(|id| talks.is_none_or(|t| !t.contains(id))) {
                self.dangling(format!("{at}/{n}/talk"), "a talk of the session", id);
            }
        }
    }

    /// An id that is there and that nothing else has.
    fn own<'r>(&mut self, seen: &mut HashSet<&'r str>, id: &'r str, at: &str, key: &str) {
        if id.is_empty() {
            self.fail("A0803", format!("{at}/{key}"), format!("expected {key}, but found none"));
        } else if !seen.insert(id) {
            self.fail("A0803", format!("{at}/{key}"), format!("expected an own {key}, but {} stands twice", short(id)));
        }
    }

    fn person(&mut self, id: &str, at: impl Fn() -> String) {
        if !self.people.contains(id) {
            self.dangling(at(), "the id of a person", id);
        }
    }

    fn dangling(&mut self, at: String, expected: &str, found: &str) {
        self.fail("A0803", at, format!("expected {expected}, but nothing has the id {}", short(found)));
    }

    fn date(&mut self, value: &Option<String>, at: &str) {
        if let Some(text) = value.as_deref().filter(|t| !is_date(t)) {
            self.fail("A0804", at.into(), format!("expected a date such as 2008-05-28, but found {}", short(text)));
        }
    }

    fn time(&mut self, value: &Option<String>, at: &str) {
        let is_time = |t: &str| t.len() == 5 && crate::emit::formats::clock(t).is_some();
        if let Some(text) = value.as_deref().filter(|t| !is_time(t)) {
            self.fail("A0804", at.into(), format!("expected a time such as 09:30, but found {}", short(text)));
        }
    }

    fn zone(&mut self, value: &Option<String>, at: &str) {
        if let Some(text) = value.as_deref().filter(|t| crate::emit::formats::known_zone(t).is_none()) {
            self.fail("A0804", at.into(), format!("expected a zone such as Africa/Tunis, but found {}", short(text)));
        }
    }

    fn venue(&mut self, venue: &Venue, at: &str) {
        self.country(&venue.country, &format!("{at}/country"));
    }

    fn country(&mut self, value: &Option<String>, at: &str) {
        let is_code = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase());
        if let Some(text) = value.as_deref().filter(|t| !is_code(t)) {
            self.fail("A0804", at.into(), format!("expected a country code such as TN, but found {}", short(text)));
        }
    }
}

/// A date that can be, or one whose unknown parts are `X`.
fn is_date(text: &str) -> bool {
    let shape: Vec<u8> = text.bytes().map(|b| if b.is_ascii_digit() { b'0' } else { b }).collect();
    match shape.as_slice() {
        b"0000-00-00" => crate::emit::formats::date(text).is_some(),
        b"XXXX-00-00" => crate::emit::formats::date(&text.replace("XXXX", "2000")).is_some(),
        b"0000-00-XX" | b"XXXX-00-XX" => text.get(5..7).is_some_and(|m| ("01"..="12").contains(&m)),
        b"0000-XX-XX" => true,
        _ => false,
    }
}

/// A value for a message.
pub fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    if shown.is_empty() { "nothing".into() } else { shown }
}
