//! `<document>.csv`: contributions for Indico's "Import contributions" (its dialogue names the seven columns: begin,
//! minutes, title, speaker's first name, last name, affiliation, e-mail; only the title must be there).
//!
//! In: a record. Out: a row a contribution, without a head, one line each: Indico cuts the file at line ends before it reads
//! cells. Never: two rows for one contribution (each row makes one, so only one speaker can be told); an e-mail that Indico
//! would refuse the whole file for.

use std::collections::{HashMap, HashSet};
use std::io;

use super::loss::{Carry, How, Loss};
use super::shown;
use super::slots::{Placed, Span, plan};
use super::{Made, OneFile};
use crate::model::{Person, Record, RoleKind, Session, SessionKind};

/// One table a document.
pub struct IndicoCsv;

impl OneFile for IndicoCsv {
    const ENDING: &'static str = "csv";

    fn carries(&self) -> Carry {
        Carry {
            whole: &["sessions.{title,date,start}", "sessions.talks.{title,start}"],
            text: &["people.{name,given,family,organisation}", "contacts.emails"],
            cleans: true,
        }
    }

    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made> {
        let rows = rows(record, loss);
        if rows.is_empty() {
            return Ok(Made::Nothing("no session"));
        }
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false)
            .quote_style(csv::QuoteStyle::Necessary)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).map_err(io::Error::other)?;
        }
        let bytes = writer.into_inner().map_err(|e| io::Error::other(e.to_string()))?;
        Ok(Made::File(bytes))
    }
}

type Row = [String; 7];

/// Who is told by a row, and why those who speak are not.
#[derive(Default)]
struct Told<'a> {
    people: HashSet<&'a str>,
    others: HashMap<&'a str, &'static str>,
}

impl<'a> Told<'a> {
    /// Of a row's people the one whom it tells: the first with an e-mail, else the first, whom Indico passes over.
    fn choose(&mut self, record: &Record, people: &[&'a Person]) -> Option<(&'a Person, String)> {
        let reachable = people.iter().find_map(|p| Some((*p, email(record, p)?)));
        for person in people {
            let why = match email(record, person) {
                Some(_) => "a row has one speaker",
                None => "Indico passes over a speaker without an e-mail",
            };
            self.others.insert(&person.id, why);
        }
        self.people.extend(reachable.iter().map(|(p, _)| p.id.as_str()));
        reachable.or_else(|| Some((*people.first()?, String::new())))
    }

    fn tell_losses(&self, record: &Record, loss: &mut Loss) {
        let silent = record.people.iter().map(|p| p.id.as_str()).filter(|id| !self.people.contains(id));
        for id in silent {
            let why = self.others.get(id).copied().unwrap_or("no speaker of a contribution");
            loss.add("people.name", How::Dropped, why, 1);
        }
        let emails: usize = record.contacts.iter().map(|c| c.emails.len()).sum();
        let rest = emails.saturating_sub(self.people.len()) as u64;
        loss.add("contacts.emails", How::Dropped, "of nobody whom a row tells, or another one", rest);
    }
}

fn rows(record: &Record, loss: &mut Loss) -> Vec<Row> {
    let (mut rows, mut told) = (Vec::new(), Told::default());
    for (session, slot) in record.sessions.iter().zip(plan(record)) {
        if matches!(session.kind, SessionKind::Break | SessionKind::Meal) {
            loss.add("sessions", How::Dropped, "a break: Indico's import makes contributions only", 1);
            continue;
        }
        if session.talks.is_empty() && record.sessions.iter().any(|s| s.parent.as_ref() == Some(&session.id)) {
            loss.add("sessions", How::Dropped, "its parts are the contributions; blocks are made in Indico", 1);
            continue;
        }
        let whole = match slot.placed {
            Placed::At(span) => Some(span),
            _ => None,
        };
        if session.talks.is_empty() {
            let speaks = |kind: RoleKind| matches!(kind, RoleKind::Speaker | RoleKind::Keynote | RoleKind::Panelist);
            let mut people: Vec<&Person> = Vec::new();
            for role in session.roles.iter().filter(|r| speaks(r.role)) {
                people.extend(role.person.as_deref().and_then(|id| shown::person(record, id)));
            }
            let speaker = told.choose(record, &people);
            rows.push(row(whole, session, (shown::session_title(session), speaker), loss));
            continue;
        }
        loss.add("sessions", How::Dropped, "its talks are the contributions; sessions are made in Indico", 1);
        for (talk, span) in session.talks.iter().zip(slot.talks) {
            let speaker = told.choose(record, &shown::speakers(record, talk));
            rows.push(row(span, session, (shown::talk_title(record, talk), speaker), loss));
        }
    }
    told.tell_losses(record, loss);
    rows
}

fn row(
    span: Option<Span>,
    session: &Session,
    (title, speaker): (String, Option<(&Person, String)>),
    loss: &mut Loss,
) -> Row {
    let start = span.map(|s| s.start.strftime("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default();
    let minutes = span.and_then(|s| s.minutes()).filter(|m| *m > 0);
    loss.add(
        "sessions.end",
        How::Derived,
        "from the next begin, else the end of the block",
        count(span, |s| s.derived),
    );
    loss.add("sessions.end", How::Derived, "nothing tells it: Indico takes 20 minutes", u64::from(minutes.is_none()));
    loss.add(
        "sessions.start",
        How::Dropped,
        "no begin on a day: a contribution without a time",
        u64::from(span.is_none()),
    );
    let venue = !session.venue.is_empty();
    loss.add("sessions.venue", How::Dropped, "no column for it", u64::from(venue));
    let (person, email) = speaker.map_or((None, String::new()), |(person, email)| (Some(person), email));
    let (first, last) = person.map(names).unwrap_or_default();
    let affiliation = person.and_then(|p| p.organisation.clone()).unwrap_or_default();
    let minutes = minutes.map(|m| m.to_string()).unwrap_or_default();
    [start, minutes, cell(&title), cell(&first), cell(&last), cell(&affiliation), email]
}

fn count(span: Option<Span>, of: impl Fn(&Span) -> bool) -> u64 {
    u64::from(span.as_ref().is_some_and(of))
}

/// First and last name.
fn names(person: &Person) -> (String, String) {
    match (&person.given, &person.family) {
        (Some(given), Some(family)) => (given.clone(), family.clone()),
        _ => match person.name.rsplit_once(' ') {
            Some((given, family)) => (given.to_owned(), family.to_owned()),
            None => (String::new(), person.name.clone()),
        },
    }
}

/// The person's e-mail, where it has the plain shape that Indico takes.
fn email(record: &Record, person: &Person) -> Option<String> {
    let plain = |e: &&String| {
        let part =
            |p: &str, also: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c));
        e.split_once('@').is_some_and(|(user, host)| {
            part(user, "._%+-")
                && part(host, ".-")
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
    };
    let own = record.contacts.iter().filter(|c| c.person.as_deref() == Some(person.id.as_str()));
    own.flat_map(|c| &c.emails).find(plain).cloned()
}

/// On one line. What a spreadsheet would run has a blank before it: Indico takes blanks away from both ends.
fn cell(text: &str) -> String {
    let line: Vec<&str> = text.split(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}').collect();
    let line = line.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    if super::csv::guard(&line).len() > line.len() { format!(" {line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_one_line_and_no_formula() {
        assert_eq!(cell("a\r\nb\u{2028}c"), "a b c");
        assert_eq!(cell("=1+1"), " =1+1");
    }
}
