//! iCalendar → record. In: content lines. Out: an event with sessions and talks. Never: unfolds repetitions; takes over
//! alarms.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime};

use super::programme::kind;
use super::{full, note};
use crate::emit::formats::{ContentLine, content_lines, known_zone, unescape_list};
use crate::model::{EventStatus, Record, Session, SessionKind, Talk, Venue};

/// A VEVENT.
#[derive(Default)]
struct Part {
    lines: Vec<ContentLine>,
}

impl Part {
    fn line(&self, name: &str) -> Option<&ContentLine> {
        self.lines.iter().find(|l| l.name == name)
    }

    fn text(&self, name: &str) -> Option<String> {
        full(&self.line(name)?.text())
    }

    /// A parent is what RELATED-TO names, where it does not say that it is something else.
    fn parent(&self) -> Option<String> {
        let is_parent = |l: &&ContentLine| {
            l.name == "RELATED-TO" && l.parameter("RELTYPE").is_none_or(|r| r.eq_ignore_ascii_case("PARENT"))
        };
        self.lines.iter().find(is_parent).and_then(|l| full(&l.text()))
    }

    fn moment(&self, name: &str) -> Option<Moment> {
        moment(self.line(name)?)
    }

    /// The end; a day's end is the day after in iCalendar.
    fn end(&self, start: &Moment) -> Option<DateTime> {
        if let Some(end) = self.moment("DTEND") {
            return Some(end.at);
        }
        let span: jiff::Span = self.line("DURATION")?.value.trim().parse().ok()?;
        start.at.checked_add(span).ok()
    }
}

/// A date or a date with a time.
struct Moment {
    at: DateTime,
    is_day: bool,
    zone: Option<String>,
}

fn moment(line: &ContentLine) -> Option<Moment> {
    let value = line.value.trim();
    if value.len() == 8 {
        let day = Date::strptime("%Y%m%d", value).ok()?;
        return Some(Moment { at: day.at(0, 0, 0, 0), is_day: true, zone: None });
    }
    let (local, utc) = value.strip_suffix('Z').map_or((value, false), |local| (local, true));
    let at = DateTime::strptime("%Y%m%dT%H%M%S", local).ok()?;
    let zone = if utc { Some("UTC".to_owned()) } else { line.parameter("TZID").map(str::to_owned) };
    Some(Moment { at, is_day: false, zone })
}

/// Reads a calendar into a record.
pub fn read(text: &str, record: &mut Record) -> Result<(), String> {
    let (calendar, parts) = parts(&content_lines(text));
    if parts.is_empty() && calendar.lines.is_empty() {
        return Err("expected a VCALENDAR with events, but found none".into());
    }
    let own_zone = calendar.text("X-WR-TIMEZONE").filter(|z| known_zone(z).is_some());
    record.event.title = calendar.text("NAME").or_else(|| calendar.text("X-WR-CALNAME"));
    record.event.uid = calendar.text("UID");
    record.event.timezone = own_zone.or_else(|| one_zone(&parts));
    let event = parts.iter().position(is_event).or_else(|| all_day(&parts));
    if let Some(at) = event.and_then(|at| parts.get(at)) {
        about(record, at);
    }
    let event_uid = record.event.uid.clone();
    let mut talks = Vec::new();
    let mut ids: HashMap<String, String> = HashMap::new();
    let mut parents = Vec::new();
    for (n, part) in parts.iter().enumerate().filter(|(n, _)| Some(*n) != event) {
        if part.text("X-AGENDATA-PART").as_deref() == Some("talk") {
            talks.push(n);
            continue;
        }
        let Some(session) = session(record, part) else { continue };
        ids.insert(session.uid.clone(), session.id.clone());
        parents.push(part.parent().filter(|p| Some(p) != event_uid.as_ref()));
        record.sessions.push(session);
    }
    for (session, parent) in record.sessions.iter_mut().zip(parents) {
        session.parent = parent.and_then(|p| ids.get(&p)).filter(|id| **id != session.id).cloned();
    }
    for n in talks {
        talk(record, &parts[n], &ids);
    }
    Ok(())
}

/// The lines of the calendar itself and its VEVENTs; what else is inside is passed over.
fn parts(lines: &[ContentLine]) -> (Part, Vec<Part>) {
    let (mut calendar, mut parts) = (Part::default(), Vec::new());
    let mut open: Vec<String> = Vec::new();
    let mut part = Part::default();
    for line in lines {
        match line.name.as_str() {
            "BEGIN" => open.push(line.value.trim().to_ascii_uppercase()),
            "END" => {
                let closed = open.pop();
                parts.extend((closed.as_deref() == Some("VEVENT")).then(|| std::mem::take(&mut part)));
            }
            _ if open.len() == 1 && open[0] == "VCALENDAR" => calendar.lines.push(line.clone()),
            _ if open.last().is_some_and(|o| o == "VEVENT") => part.lines.push(line.clone()),
            _ => {}
        }
    }
    (calendar, parts)
}

/// The zone of all events, where they have one.
fn one_zone(parts: &[Part]) -> Option<String> {
    let mut zones = parts.iter().filter_map(|p| p.moment("DTSTART")).filter_map(|m| m.zone);
    let first = zones.next()?;
    (known_zone(&first).is_some() && zones.all(|z| z == first)).then_some(first)
}

fn is_event(part: &Part) -> bool {
    part.text("X-AGENDATA-PART").as_deref() == Some("event")
}

/// Of a calendar of another maker: its only entry of whole days, where others have times.
fn all_day(parts: &[Part]) -> Option<usize> {
    let own = parts.iter().any(|p| p.line("X-AGENDATA-PART").is_some());
    let day = |p: &Part| p.moment("DTSTART").is_some_and(|m| m.is_day);
    let mut days = parts.iter().enumerate().filter(|(_, p)| day(p)).map(|(n, _)| n);
    let first = days.next().filter(|_| !own)?;
    (days.next().is_none() && parts.len() > 1).then_some(first)
}

fn about(record: &mut Record, part: &Part) {
    let event = &mut record.event;
    event.title = part.text("SUMMARY").or(event.title.take());
    event.uid = part.text("UID").or(event.uid.take());
    if let Some(start) = part.moment("DTSTART") {
        event.start_date = Some(start.at.date().to_string());
        let last = part.end(&start).and_then(|e| if start.is_day { e.date().yesterday().ok() } else { Some(e.date()) });
        let last = last.unwrap_or(start.at.date()).max(start.at.date());
        event.end_date = (!said_of_end(part, "derived")).then(|| last.to_string());
    }
    event.status = cancelled(part);
    event.urls.extend(part.text("URL"));
}

fn cancelled(part: &Part) -> Option<EventStatus> {
    part.text("STATUS").filter(|s| s.eq_ignore_ascii_case("CANCELLED")).map(|_| EventStatus::Cancelled)
}

fn is_tentative(part: &Part) -> bool {
    part.text("STATUS").is_some_and(|s| s.eq_ignore_ascii_case("TENTATIVE"))
}

fn session(record: &mut Record, part: &Part) -> Option<Session> {
    let title = part.text("SUMMARY");
    let shown = title.clone().unwrap_or_default();
    let Some(start) = part.moment("DTSTART") else {
        note(record, &format!("an event without a begin: {shown}"));
        return None;
    };
    for name in ["RRULE", "RDATE"] {
        if part.line(name).is_some() {
            note(record, &format!("{name} of {shown}: repetitions are not unfolded"));
        }
    }
    let mut session = Session {
        id: format!("s{}", record.sessions.len() + 1),
        uid: part.text("UID").unwrap_or_default(),
        title,
        date: Some(start.at.date().to_string()),
        status: cancelled(part),
        tentative: is_tentative(part),
        description: part.text("DESCRIPTION"),
        venue: Venue { name: part.text("LOCATION"), ..Venue::default() },
        ..Session::default()
    };
    categories(&mut session, part);
    if start.is_day {
        return Some(session);
    }
    session.start = Some(start.at.strftime("%H:%M").to_string());
    session.open_end = said_of_end(part, "open");
    session.timezone =
        start.zone.clone().filter(|z| known_zone(z).is_some() && Some(z) != record.event.timezone.as_ref());
    if let Some(end) = stated_end(part, &start) {
        session.end = Some(end.strftime("%H:%M").to_string());
        session.end_date = Some(end.date()).filter(|d| *d != start.at.date()).map(|d| d.to_string());
    }
    Some(session)
}

/// What agendata says of an end: that it worked it out (`derived`), that there is none (`open`).
fn said_of_end(part: &Part, what: &str) -> bool {
    part.text("X-AGENDATA-END").as_deref() == Some(what)
}

/// The end, where agendata did not work it out.
fn stated_end(part: &Part, start: &Moment) -> Option<DateTime> {
    part.end(start).filter(|end| !said_of_end(part, "derived") && *end >= start.at)
}

fn categories(session: &mut Session, part: &Part) {
    let all = part.lines.iter().filter(|l| l.name == "CATEGORIES").flat_map(|l| unescape_list(&l.value));
    let mut all = all.filter_map(|c| full(&c));
    session.kind = SessionKind::Other;
    if let Some(first) = all.next() {
        match kind(&first) {
            SessionKind::Other if !first.eq_ignore_ascii_case("other") => session.track = Some(first),
            found => session.kind = found,
        }
    }
    session.track = session.track.take().or_else(|| all.next());
}

fn talk(record: &mut Record, part: &Part, ids: &HashMap<String, String>) {
    let of = part.parent().and_then(|uid| ids.get(&uid));
    let Some(session) = of.and_then(|id| record.sessions.iter_mut().find(|s| s.id == *id)) else {
        let title = part.text("SUMMARY").unwrap_or_default();
        note(record, &format!("a talk without its session: {title}"));
        return;
    };
    let start = part.moment("DTSTART");
    let end = start.as_ref().and_then(|s| stated_end(part, s));
    let clock = |at: DateTime| at.strftime("%H:%M").to_string();
    session.talks.push(Talk {
        id: format!("{}.t{}", session.id, session.talks.len() + 1),
        uid: part.text("UID").unwrap_or_default(),
        title: part.text("SUMMARY"),
        start: start.as_ref().map(|s| clock(s.at)),
        end: end.map(clock),
        tentative: is_tentative(part),
        description: part.text("DESCRIPTION"),
        ..Talk::default()
    });
}
