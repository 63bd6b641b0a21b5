//! When sessions and talks are, for formats that put them on a clock.
//!
//! In: a record. Out: for each session and talk its begin, its end, and whether the end was worked out: from the next
//! begin, else from the end of the block that it lies in. Never: writes anything back to the record; makes up a date.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::model::{Record, Session, Talk};

/// A slip in a time may look like the night through; a stated end may be so much later, in hours.
const NIGHT: i32 = 12;

/// A begin and an end that are in order on a zone's clock too, or no end: what a document calls 02:50 – 03:20 goes
/// backwards on the night when the clocks leave out that hour.
pub fn in_order(span: Span, zone: Option<&str>) -> Span {
    let Some((zone, end)) = zone.and_then(known_zone).zip(span.end) else { return span };
    let instant = |at: DateTime| offset(&zone, at).to_timestamp(at).ok();
    if instant(span.start) <= instant(end) { span } else { Span { end: None, derived: false, ..span } }
}

/// Begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Begin.
    pub start: DateTime,
    /// End, where it is stated or follows.
    pub end: Option<DateTime>,
    /// Whether the end is not the record's own.
    pub derived: bool,
}

impl Span {
    /// Minutes from begin to end.
    pub fn minutes(&self) -> Option<i64> {
        let end = self.end?;
        self.start.until(end).ok()?.total(jiff::Unit::Minute).ok().map(|m| m as i64)
    }
}

/// Where a session stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// At a time.
    At(Span),
    /// On a day; no begin is stated.
    On(Date),
    /// No day is stated, or its year is not known.
    Nowhere,
}

/// A session with its talks.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The session.
    pub placed: Placed,
    /// Its talks, where they have a begin of their own.
    pub talks: Vec<Option<Span>>,
}

/// A slot for each session of a record.
pub fn plan(record: &Record) -> Vec<Slot> {
    let starts: Vec<Option<DateTime>> = record.sessions.iter().map(start).collect();
    let mut spans: Vec<Option<Span>> =
        record.sessions.iter().zip(&starts).map(|(s, at)| at.map(|at| stated(at, s))).collect();
    let levels = Levels::of(record, &starts);
    // A block's end may itself follow from the next block: the outer ones first.
    for at in levels.outer_first() {
        let Some(span) = spans[at] else { continue };
        if span.end.is_some() || record.sessions[at].open_end {
            continue;
        }
        let next = levels.next_start(record, at, span.start);
        let block = levels.parents[at].and_then(|p| spans[p]).and_then(|p| p.end).filter(|end| *end > span.start);
        let end = match (next, block) {
            (Some(next), Some(block)) => Some(next.min(block)),
            (next, block) => next.or(block),
        };
        spans[at] = Some(Span { end, derived: end.is_some(), ..span });
    }
    record.sessions.iter().zip(spans).map(|(session, span)| slot(session, span)).collect()
}

/// Begins with their sessions, in order, of each level and day.
type Begins = HashMap<(Option<usize>, Date), Vec<(DateTime, usize)>>;

/// Which sessions lie in which, and the begins of each level and day in order.
struct Levels {
    parents: Vec<Option<usize>>,
    begins: Begins,
}

impl Levels {
    fn of(record: &Record, starts: &[Option<DateTime>]) -> Self {
        let ids: HashMap<&str, usize> = record.sessions.iter().enumerate().map(|(n, s)| (s.id.as_str(), n)).collect();
        let parent = |s: &Session| s.parent.as_deref().and_then(|id| ids.get(id)).copied();
        let parents: Vec<Option<usize>> = record.sessions.iter().map(parent).collect();
        let mut begins = Begins::new();
        for (at, start) in starts.iter().enumerate() {
            if let Some(start) = start {
                begins.entry((parents[at], start.date())).or_default().push((*start, at));
            }
        }
        begins.values_mut().for_each(|all| all.sort_unstable());
        Self { parents, begins }
    }

    /// Every session behind the one that it lies in; those that lie in themselves are left out.
    fn outer_first(&self) -> Vec<usize> {
        let mut inside: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
        for (at, parent) in self.parents.iter().enumerate() {
            inside.entry(*parent).or_default().push(at);
        }
        let mut order = inside.remove(&None).unwrap_or_default();
        let mut done = 0;
        while let Some(at) = order.get(done).copied() {
            order.extend(inside.remove(&Some(at)).into_iter().flatten());
            done += 1;
        }
        order
    }

    /// The first begin after `start`, the same day, at the same level, in a row that may follow this one.
    fn next_start(&self, record: &Record, at: usize, start: DateTime) -> Option<DateTime> {
        let own = &record.sessions[at];
        let apart = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        let begins = self.begins.get(&(self.parents[at], start.date()))?;
        let later = begins.partition_point(|(begin, _)| *begin <= start);
        let follows = |(_, n): &&(DateTime, usize)| {
            let other = &record.sessions[*n];
            !apart(&own.venue.room, &other.venue.room) && !apart(&own.track, &other.track)
        };
        begins[later..].iter().find(follows).map(|(begin, _)| *begin)
    }
}

fn slot(session: &Session, span: Option<Span>) -> Slot {
    let placed = match (span, day(session)) {
        (Some(span), _) => Placed::At(span),
        (None, Some(day)) => Placed::On(day),
        (None, None) => Placed::Nowhere,
    };
    Slot { placed, talks: talks(session, span) }
}

/// The begin and end that the record states.
fn stated(start: DateTime, session: &Session) -> Span {
    let end = session.end.as_deref().and_then(clock).and_then(|end| match session.end_date.as_deref().and_then(date) {
        Some(day) => Some(day.to_datetime(end)).filter(|end| *end >= start),
        None => after(start, end),
    });
    Span { start, end, derived: false }
}

/// The next time that the clock shows `end`: on the same day, else on the next where that is still the same night.
fn after(start: DateTime, end: Time) -> Option<DateTime> {
    let same = start.date().to_datetime(end);
    if same >= start {
        return Some(same);
    }
    let next = start.date().tomorrow().ok()?.to_datetime(end);
    (start.until(next).ok()?.total(jiff::Unit::Hour).ok()? <= f64::from(NIGHT)).then_some(next)
}

fn start(session: &Session) -> Option<DateTime> {
    Some(day(session)?.to_datetime(clock(session.start.as_deref()?)?))
}

fn day(session: &Session) -> Option<Date> {
    date(session.date.as_deref()?)
}

/// A full date; one with unknown parts is none.
pub fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// `HH:MM`.
pub fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The talks of a session that have a begin of their own.
fn talks(session: &Session, span: Option<Span>) -> Vec<Option<Span>> {
    let Some(day) = day(session) else { return vec![None; session.talks.len()] };
    let at = |talk: &Talk| {
        let time = clock(talk.start.as_deref()?)?;
        let here = day.to_datetime(time);
        // In a session that goes on past midnight, an hour before its begin is the next day's.
        let night = span.filter(|s| here < s.start && s.end.is_some_and(|end| end.date() > s.start.date()));
        Some(if night.is_some() { day.tomorrow().ok()?.to_datetime(time) } else { here })
    };
    let starts: Vec<Option<DateTime>> = session.talks.iter().map(at).collect();
    let one = |(n, talk): (usize, &Talk)| {
        let start = starts[n]?;
        let end = talk.end.as_deref().and_then(clock).and_then(|end| after(start, end));
        if end.is_some() {
            return Some(Span { start, end, derived: false });
        }
        let lasting = talk.duration_minutes.and_then(|[_, most]| start.checked_add(i64::from(most).minutes()).ok());
        let next = starts.iter().flatten().filter(|s| **s > start).min().copied();
        let block = span.and_then(|s| s.end).filter(|end| *end > start);
        let end = lasting.or(next).or(block);
        Some(Span { start, end, derived: end.is_some() })
    };
    session.talks.iter().enumerate().map(one).collect()
}

/// The zone of a session's times: its own, else the event's.
pub fn zone<'a>(record: &'a Record, session: &'a Session) -> Option<&'a str> {
    session.timezone.as_deref().or(record.event.timezone.as_deref())
}

/// A zone of the bundled database, so that every machine has the same.
pub fn known_zone(name: &str) -> Option<TimeZone> {
    static ZONES: std::sync::LazyLock<TimeZoneDatabase> = std::sync::LazyLock::new(TimeZoneDatabase::bundled);
    ZONES.get(name).ok()
}

/// Hours and minutes from UTC that hold at a local time; in the hour that the clocks leave out, those from before.
pub fn offset(zone: &TimeZone, at: DateTime) -> jiff::tz::Offset {
    match zone.to_ambiguous_timestamp(at).offset() {
        jiff::tz::AmbiguousOffset::Unambiguous { offset } => offset,
        jiff::tz::AmbiguousOffset::Gap { before, .. } | jiff::tz::AmbiguousOffset::Fold { before, .. } => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str, start: &str, end: &str) -> Session {
        let some = |t: &str| (!t.is_empty()).then(|| t.to_owned());
        Session {
            id: id.into(),
            date: Some("2024-03-30".into()),
            start: some(start),
            end: some(end),
            ..Session::default()
        }
    }

    fn ends(record: &Record) -> Vec<String> {
        let shown = |slot: &Slot| match slot.placed {
            Placed::At(span) => {
                let end = span.end.map(|e| e.strftime("%d %H:%M").to_string()).unwrap_or_default();
                format!("{end}{}", if span.derived { "*" } else { "" })
            }
            other => format!("{other:?}"),
        };
        plan(record).iter().map(shown).collect()
    }

    #[test]
    fn an_end_follows_from_the_next_begin_then_the_blocks_end() {
        let mut record = Record { sessions: vec![session("s1", "09:00", "12:00")], ..Record::default() };
        for (id, start, end) in [("s2", "09:00", ""), ("s3", "10:00", "10:30"), ("s4", "11:00", "")] {
            record.sessions.push(Session { parent: Some("s1".into()), ..session(id, start, end) });
        }
        record.sessions.push(session("s5", "22:00", "01:00"));
        record.sessions.push(session("s6", "23:00", ""));
        assert_eq!(ends(&record), ["30 12:00", "30 10:00*", "30 10:30", "30 12:00*", "31 01:00", ""]);
    }

    #[test]
    fn a_row_in_another_room_is_no_next() {
        let mut record = Record::default();
        for (id, start, room) in [("s1", "09:00", "A"), ("s2", "09:30", "B"), ("s3", "10:00", "A")] {
            let mut session = session(id, start, "");
            session.venue.room = Some(room.into());
            record.sessions.push(session);
        }
        record.sessions[2].open_end = true;
        assert_eq!(ends(&record), ["30 10:00*", "", ""]);
    }

    #[test]
    fn no_date_no_place_and_slips_have_no_end() {
        let mut record =
            Record { sessions: vec![session("s1", "", ""), session("s2", "14:00", "13:00")], ..Record::default() };
        record.sessions.push(Session { date: Some("XXXX-11-28".into()), ..session("s3", "10:00", "") });
        assert_eq!(ends(&record), ["On(2024-03-30)", "", "Nowhere"]);
    }

    #[test]
    fn the_hour_that_clocks_leave_out_has_the_offset_before() {
        let zone = known_zone("Europe/Berlin").unwrap();
        let at = |h, m| jiff::civil::date(2024, 3, 31).at(h, m, 0, 0);
        assert_eq!(offset(&zone, at(2, 30)).seconds(), 3600);
        assert_eq!(offset(&zone, at(3, 30)).seconds(), 7200);
        assert!(known_zone("Mars/Olympus").is_none());
    }
}
