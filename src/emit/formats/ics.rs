//! `<document>.ics`: a calendar a document (RFC 5545, with NAME of RFC 7986).
//!
//! In: a record. Out: VEVENTs for the event's days, for its sessions and for talks with a begin of their own, with the
//! record's uids, so that importing again updates; the zones that they use. Never: a zone that the record does not know
//! (such times are floating); the clock (DTSTAMP is a constant).
//!
//! `X-AGENDATA-PART` (event, session, talk), `X-AGENDATA-END` (derived, open) and RELATED-TO are what `agendata import` needs
//! to read the same record again; calendars pass over the first two.

use std::collections::BTreeMap;
use std::io;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::content_lines::Lines;
use super::loss::{Carry, How, Loss};
use super::shown;
use super::slots::{Placed, Slot, Span, date, in_order, known_zone, plan, zone};
use super::{Made, OneFile};
use crate::model::{Event, EventStatus, Record, Session, Talk};

/// Says when a VEVENT was made; nothing here reads the clock.
const STAMP: &str = "19700101T000000Z";

/// One calendar a document.
pub struct Ics;

impl OneFile for Ics {
    const ENDING: &'static str = "ics";

    fn carries(&self) -> Carry {
        Carry {
            whole: &[
                "event.{uid,title,start_date,end_date,timezone}",
                "sessions.{id,uid,parent,kind,title,track,date,start,end,end_date,timezone,open_end,tentative}",
                "sessions.talks.{id,uid,title,start,end,tentative}",
            ],
            text: &[
                "event.{venue,roles,hosts,organisers,sponsors,urls,description,status}",
                "sessions.{venue,roles,talks,number,questions,documents,description,status,title_alternatives}",
                "people.{name,honorific,suffix,position,organisation,country}",
            ],
            cleans: true,
        }
    }

    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made> {
        let slots = plan(record);
        let days = event_days(&record.event);
        if days.is_none() && slots.iter().all(|s| s.placed == Placed::Nowhere) {
            return Ok(Made::Nothing("no event or session with a date"));
        }
        tell_losses(record, &slots, loss);
        Ok(Made::File(Calendar::of(record, &slots).write(days)))
    }
}

/// First and last day of the event, where full dates are stated.
fn event_days(event: &Event) -> Option<(Date, Date)> {
    let first = date(event.start_date.as_deref().or(event.end_date.as_deref())?)?;
    let last = event.end_date.as_deref().and_then(date).filter(|last| *last >= first).unwrap_or(first);
    Some((first, last))
}

fn tell_losses(record: &Record, slots: &[Slot], loss: &mut Loss) {
    for (session, slot) in record.sessions.iter().zip(slots) {
        match slot.placed {
            Placed::Nowhere => loss.add("sessions", How::Dropped, "no day, or no year, to put it on", 1),
            Placed::At(span) => {
                let derived = "from the next begin, else the end of the block";
                loss.add("sessions.end", How::Derived, derived, u64::from(span.derived));
                let slip = session.end.is_some() && (span.end.is_none() || span.derived);
                loss.add("sessions.end", How::Dropped, "before the begin", u64::from(slip));
                let gap = in_order(span, zone(record, session)).end.is_none() && span.end.is_some();
                loss.add("sessions.end", How::Dropped, "before the begin, as the clocks are changed", u64::from(gap));
                let floating = zone(record, session).and_then(known_zone).is_none();
                loss.add("sessions.start", How::Changed, "no time zone is known: a floating time", u64::from(floating));
            }
            Placed::On(_) => {
                let until = u64::from(session.end.is_some());
                loss.add("sessions.end", How::Dropped, "no begin: a session of the whole day", until);
            }
        }
        loss.add(
            "sessions.title",
            How::Derived,
            "its kind and number stand for it",
            u64::from(session.title.is_none()),
        );
        let talks = slot.talks.iter().flatten().filter(|t| t.derived).count() as u64;
        loss.add("sessions.talks.end", How::Derived, "from its minutes, the next begin or the session's end", talks);
        let untimed = slot.talks.iter().filter(|t| t.is_none()).count() as u64;
        loss.add("sessions.talks", How::Text, "no begin of its own: a line of its session", untimed);
    }
}

/// A calendar in the making.
struct Calendar<'a> {
    record: &'a Record,
    slots: &'a [Slot],
    lines: Lines,
}

impl<'a> Calendar<'a> {
    fn of(record: &'a Record, slots: &'a [Slot]) -> Self {
        Self { record, slots, lines: Lines::default() }
    }

    fn write(mut self, days: Option<(Date, Date)>) -> Vec<u8> {
        let event = &self.record.event;
        self.lines.raw("BEGIN", "VCALENDAR");
        self.lines.raw("VERSION", "2.0");
        self.lines.raw("PRODID", concat!("-//agendata//agendata ", env!("CARGO_PKG_VERSION"), "//EN"));
        self.lines.raw("CALSCALE", "GREGORIAN");
        if let Some(title) = &event.title {
            self.lines.text("NAME", title);
            self.lines.text("X-WR-CALNAME", title);
        }
        if let Some(uid) = &event.uid {
            self.lines.text("UID", uid);
        }
        if let Some(zone) = &event.timezone {
            self.lines.raw("X-WR-TIMEZONE", zone);
        }
        self.zones();
        if let Some(days) = days {
            self.event(days);
        }
        let record = self.record;
        for (session, slot) in record.sessions.iter().zip(self.slots) {
            self.session(session, slot, days.is_some());
        }
        self.lines.raw("END", "VCALENDAR");
        self.lines.into_bytes()
    }

    /// A VTIMEZONE for each zone that is used, with its changes of the clock about those days.
    fn zones(&mut self) {
        let mut used: BTreeMap<&str, (DateTime, DateTime)> = BTreeMap::new();
        for (session, slot) in self.record.sessions.iter().zip(self.slots) {
            let Some(name) = zone(self.record, session).filter(|z| *z != "UTC") else { continue };
            let own = match slot.placed {
                Placed::At(span) => Some(span),
                _ => None,
            };
            for span in own.into_iter().chain(slot.talks.iter().flatten().copied()) {
                let range = used.entry(name).or_insert((span.start, span.start));
                *range = (range.0.min(span.start), range.1.max(span.end.unwrap_or(span.start)));
            }
        }
        for (name, (first, last)) in used {
            if let Some(zone) = known_zone(name) {
                vtimezone(&mut self.lines, name, &zone, first, last);
            }
        }
    }

    fn open(&mut self, part: &str, uid: &str, title: &str) {
        self.lines.raw("BEGIN", "VEVENT");
        self.lines.text("UID", uid);
        self.lines.raw("DTSTAMP", STAMP);
        self.lines.raw("X-AGENDATA-PART", part);
        self.lines.text("SUMMARY", title);
    }

    fn close(&mut self, location: &str, description: &[String]) {
        if !location.is_empty() {
            self.lines.text("LOCATION", location);
        }
        if !description.is_empty() {
            self.lines.text("DESCRIPTION", &description.join("\n"));
        }
        self.lines.raw("END", "VEVENT");
    }

    fn event(&mut self, (first, last): (Date, Date)) {
        let event = &self.record.event;
        let uid = event.uid.clone().unwrap_or_else(|| format!("{}-event", self.record.id));
        let title = event.title.clone().unwrap_or_else(|| self.record.source.title.clone().unwrap_or("Event".into()));
        self.open("event", &uid, &title);
        self.days(first, last);
        if event.end_date.is_none() {
            self.lines.raw("X-AGENDATA-END", "derived");
        }
        self.lines.raw("TRANSP", "TRANSPARENT");
        self.lines.raw("CATEGORIES", "event");
        if let Some(status) = status(event.status, false) {
            self.lines.raw("STATUS", status);
        }
        if let Some(url) = event.urls.first().filter(|u| u.contains("://")) {
            self.lines.raw("URL", url);
        }
        let location = shown::place(&event.venue);
        self.close(&location, &event_lines(self.record));
    }

    fn session(&mut self, session: &Session, slot: &Slot, has_event: bool) {
        let span = match slot.placed {
            Placed::Nowhere => return,
            Placed::On(_) => None,
            Placed::At(span) => Some(span),
        };
        self.open("session", &session.uid, &shown::session_title(session));
        match (span, slot.placed) {
            (Some(span), _) => self.times(span, zone(self.record, session)),
            (None, Placed::On(day)) => self.days(day, day),
            _ => {}
        }
        if session.open_end {
            self.lines.raw("X-AGENDATA-END", "open");
        }
        let kind = session.kind.as_str();
        match &session.track {
            Some(track) => self.lines.list("CATEGORIES", &[kind, track], ','),
            None => self.lines.raw("CATEGORIES", kind),
        }
        if let Some(status) = status(session.status, session.tentative) {
            self.lines.raw("STATUS", status);
        }
        self.related(session, has_event);
        let location = shown::place(&shown::whole_place(&self.record.event.venue, &session.venue));
        self.close(&location, &session_lines(self.record, session, slot));
        for (talk, span) in session.talks.iter().zip(&slot.talks) {
            if let Some(span) = span {
                self.talk(session, talk, *span, &location);
            }
        }
    }

    fn related(&mut self, session: &Session, has_event: bool) {
        let parent = session.parent.as_ref().and_then(|id| self.record.sessions.iter().find(|s| s.id == *id));
        let event = self.record.event.uid.as_ref().filter(|_| has_event);
        if let Some(uid) = parent.map(|p| &p.uid).or(event) {
            self.lines.text("RELATED-TO", uid);
        }
    }

    fn talk(&mut self, session: &Session, talk: &Talk, span: Span, location: &str) {
        self.open("talk", &talk.uid, &shown::talk_title(self.record, talk));
        self.times(span, zone(self.record, session));
        self.lines.raw("CATEGORIES", "talk");
        if let Some(status) = status(session.status, talk.tentative) {
            self.lines.raw("STATUS", status);
        }
        self.lines.text("RELATED-TO", &session.uid);
        let mut lines: Vec<String> = shown::speakers(self.record, talk)
            .into_iter()
            .map(|p| format!("Speaker: {}", shown::described(p)))
            .collect();
        lines.extend(talk.description.clone());
        self.close(location, &lines);
    }

    fn days(&mut self, first: Date, last: Date) {
        self.lines.raw("DTSTART;VALUE=DATE", &first.strftime("%Y%m%d").to_string());
        let after = last.tomorrow().unwrap_or(last);
        self.lines.raw("DTEND;VALUE=DATE", &after.strftime("%Y%m%d").to_string());
    }

    fn times(&mut self, span: Span, zone: Option<&str>) {
        let span = in_order(span, zone);
        let zone = zone.filter(|z| *z == "UTC" || known_zone(z).is_some());
        let mut line = |name: &str, at: DateTime| {
            let at = at.strftime("%Y%m%dT%H%M%S").to_string();
            match zone {
                Some("UTC") => self.lines.raw(name, &format!("{at}Z")),
                Some(zone) => self.lines.raw(&format!("{name};TZID={zone}"), &at),
                None => self.lines.raw(name, &at),
            }
        };
        line("DTSTART", span.start);
        if let Some(end) = span.end {
            line("DTEND", end);
        }
        if span.derived {
            self.lines.raw("X-AGENDATA-END", "derived");
        }
    }
}

fn status(status: Option<EventStatus>, tentative: bool) -> Option<&'static str> {
    match status {
        Some(EventStatus::Cancelled) => Some("CANCELLED"),
        Some(EventStatus::Postponed) => Some("TENTATIVE"),
        _ if tentative => Some("TENTATIVE"),
        _ => None,
    }
}

fn event_lines(record: &Record) -> Vec<String> {
    let event = &record.event;
    let mut lines: Vec<String> = event.description.iter().cloned().collect();
    for (word, bodies) in [("Organised by", &event.organisers), ("Host", &event.hosts), ("Sponsor", &event.sponsors)] {
        lines.extend(bodies.iter().map(|body| format!("{word}: {body}")));
    }
    lines.extend(shown::role_lines(record, &event.roles));
    lines.extend(event.status.map(|s| format!("Status: {s}")));
    lines.extend(event.urls.iter().cloned());
    lines
}

fn session_lines(record: &Record, session: &Session, slot: &Slot) -> Vec<String> {
    let mut lines: Vec<String> = session.description.iter().cloned().collect();
    lines.extend(session.number.as_ref().map(|n| format!("No. {n}")));
    lines.extend(session.title_alternatives.iter().map(|t| t.title.clone()));
    lines.extend(shown::role_lines(record, &session.roles));
    let untimed = session.talks.iter().zip(&slot.talks).filter(|(_, span)| span.is_none());
    lines.extend(untimed.map(|(talk, _)| format!("- {}", shown::talk_line(record, talk))));
    lines.extend(session.questions.iter().map(|q| format!("? {q}")));
    lines.extend(session.documents.iter().map(|d| format!("Document: {d}")));
    lines.extend(session.status.map(|s| format!("Status: {s}")));
    lines
}

/// The zone's changes of the clock from the last one before the first time to a year after the last time.
fn vtimezone(lines: &mut Lines, name: &str, zone: &TimeZone, first: DateTime, last: DateTime) {
    let year = jiff::Span::new().days(366);
    let at = |local: DateTime| zone.to_timestamp(local).ok();
    let (Some(from), Some(to)) = (first.checked_sub(year).ok().and_then(at), last.checked_add(year).ok().and_then(at))
    else {
        return;
    };
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", name);
    let mut before = zone.to_offset(from);
    match zone.preceding(from).next() {
        Some(change) => {
            let earlier = change.timestamp().checked_sub(jiff::Span::new().seconds(1)).map(|t| zone.to_offset(t));
            before = observance(lines, &change, earlier.unwrap_or(before));
        }
        None => {
            let info = zone.to_offset_info(from);
            observed(lines, info.dst().is_dst(), "19700101T000000", before, before, info.abbreviation());
        }
    }
    for change in zone.following(from).take_while(|c| c.timestamp() <= to) {
        before = observance(lines, &change, before);
    }
    lines.raw("END", "VTIMEZONE");
}

/// One change of the clock; gives the offset after it.
fn observance(lines: &mut Lines, change: &jiff::tz::TimeZoneTransition, before: jiff::tz::Offset) -> jiff::tz::Offset {
    // The begin is told by the clock as it was before the change.
    let start = before.to_datetime(change.timestamp()).strftime("%Y%m%dT%H%M%S").to_string();
    observed(lines, change.dst().is_dst(), &start, before, change.offset(), change.abbreviation());
    change.offset()
}

fn observed(
    lines: &mut Lines,
    dst: bool,
    start: &str,
    from: jiff::tz::Offset,
    to: jiff::tz::Offset,
    abbreviation: &str,
) {
    let part = if dst { "DAYLIGHT" } else { "STANDARD" };
    lines.raw("BEGIN", part);
    lines.raw("DTSTART", start);
    lines.raw("TZOFFSETFROM", &utc_offset(from));
    lines.raw("TZOFFSETTO", &utc_offset(to));
    lines.text("TZNAME", abbreviation);
    lines.raw("END", part);
}

/// `+0100`, with seconds where there are some.
fn utc_offset(offset: jiff::tz::Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let rest = if rest == 0 { String::new() } else { format!("{rest:02}") };
    format!("{sign}{hours:02}{minutes:02}{rest}")
}
