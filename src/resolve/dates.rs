//! Years, weekdays, days of a range: symbolic dates → values.

use crate::assemble::Tree;
use crate::evidence::Grounded;
use crate::grammar::Grammar;
use crate::model::Span;
use crate::pipeline::Options;
use crate::scan::{DateMark, MarkKind, Scanned};

/// A line of this many bytes is a sentence's.
const SENTENCE: usize = 56;

/// What the document tells of its years.
pub(super) struct Years {
    /// Full dates: month, day, year with where the year stands.
    full: Vec<(u8, u8, i16, Span)>,
    /// The event's own year.
    event: Option<(i16, Span)>,
    /// Years that stand early in the document.
    early: Vec<(i16, Span)>,
    /// Years that stand further on.
    late: Vec<(i16, Span)>,
    /// Year of the date that the document bears.
    posted: Option<(i16, Span)>,
    /// Told by the user.
    option: Option<i32>,
}

impl Years {
    pub(super) fn collect(s: &Scanned, tree: &Tree, options: &Options) -> Years {
        let mut years = Years {
            full: Vec::new(),
            event: None,
            early: Vec::new(),
            late: Vec::new(),
            posted: None,
            option: options.year,
        };
        let early = s.lines.get(24).map_or(s.text.len(), |l| l.span.end);
        // a year that a sentence tells is no event's: "In 2007 the school began"
        let told = |span: Span| {
            let i = s.lines.partition_point(|l| l.span.end <= span.start);
            s.lines.get(i).is_some_and(|l| l.span.len() >= SENTENCE && l.heading == 0 && l.span.start < span.start)
        };
        let in_row = |span: Span| {
            let i = s.lines.partition_point(|l| l.span.end <= span.start);
            s.lines.get(i).is_some_and(|l| l.row && l.span.start <= span.start)
        };
        for m in &s.marks {
            match &m.kind {
                MarkKind::Date(d) => {
                    if let (Some((y, at)), Some((month, _))) = (d.year, d.month) {
                        years.full.extend(d.days.iter().map(|(day, _)| (month, *day, y, at)));
                    }
                }
                // what a table says of years belongs to what it lists
                MarkKind::Year(y) if m.span.start < early && !in_row(m.span) && !told(m.span) => {
                    years.early.push((*y, m.span))
                }
                MarkKind::Year(y) => years.late.push((*y, m.span)),
                _ => {}
            }
        }
        let own = |d: &DateMark| d.year.or(d.until.as_ref().and_then(|u| u.year));
        years.event = tree
            .event
            .date
            .as_ref()
            .and_then(own)
            .or_else(|| tree.days.iter().filter_map(|d| d.date.as_ref()).find_map(own));
        years.event = years.event.or_else(|| beside(s, tree));
        years.posted = tree.posted.as_ref().and_then(|d| d.year);
        years
    }

    /// The year of a date that states none, where it stands, and how surely.
    fn of(&self, month: u8, day: u8, weekday: Option<u8>) -> Option<(i16, Span, f32)> {
        let fits = |y: i16| weekday.is_none_or(|w| super::weekday(y, month, day) == Some(w));
        if let Some((_, _, y, at)) = self.full.iter().find(|(m, d, y, _)| (*m, *d) == (month, day) && fits(*y)) {
            return Some((*y, *at, 0.95));
        }
        if let Some((y, at)) = self.event.filter(|(y, _)| fits(*y)) {
            return Some((y, at, 0.9));
        }
        if let Some((y, at)) = self.posted.filter(|(y, _)| fits(*y)) {
            return Some((y, at, 0.85));
        }
        let known: Vec<(i16, Span)> = self.early.iter().copied().filter(|(y, _)| fits(*y)).collect();
        if let Some(first) = known.first() {
            let sure = weekday.is_some() || known.iter().all(|(y, _)| *y == first.0);
            return sure.then_some((first.0, first.1, 0.75));
        }
        // a year far from the beginning counts where the weekday speaks for it and no other year does
        let mut late = self.late.iter().filter(|(y, _)| weekday.is_some() && fits(*y));
        let first = late.next()?;
        late.all(|(y, _)| *y == first.0).then_some((first.0, first.1, 0.6))
    }
}

/// The one year on the line that holds the event's date, or else its title: "Meeting 2011, 4-6 May".
fn beside(s: &Scanned, tree: &Tree) -> Option<(i16, Span)> {
    let date = tree.event.date.as_ref().and_then(|d| d.days.first()).map(|(_, at)| at.start);
    let title = tree.event.title.as_ref().and_then(|t| t.pieces.first()).map(|at| at.start);
    date.into_iter().chain(title).find_map(|at| {
        let line = s.lines.iter().find(|l| (l.span.start..=l.span.end).contains(&at))?.span;
        let year = |m: &crate::scan::Mark| match m.kind {
            MarkKind::Year(y) => Some((y, m.span)),
            _ => None,
        };
        let mut years = s.view().marks_in(line).filter_map(year);
        let first = years.next()?;
        years.all(|(y, _)| y == first.0).then_some(first)
    })
}

/// Start and end of a date mark; equal for a single day.
pub(super) fn range(s: &Scanned, g: &Grammar, years: &Years, d: &DateMark, rule: &str) -> Option<(Grounded, Grounded)> {
    let start = one(s, g, years, d, 0, d.until.as_deref().and_then(|u| u.year), rule)?;
    let end = match &d.until {
        Some(u) => one(s, g, years, u, u.days.len().saturating_sub(1), None, rule)?,
        None if d.days.len() > 1 => one(s, g, years, d, d.days.len() - 1, None, rule)?,
        None => start.clone(),
    };
    Some((start, end))
}

/// The `n`-th day of a date mark as a value.
pub(super) fn one(
    s: &Scanned,
    g: &Grammar,
    years: &Years,
    d: &DateMark,
    n: usize,
    year: Option<(i16, Span)>,
    rule: &str,
) -> Option<Grounded> {
    let (day, day_at) = *d.days.get(n)?;
    let (month, month_at) = d.month?;
    let mut score = 0.96;
    let mut pieces = vec![day_at, month_at];
    let mut steps: Vec<String> = Vec::new();
    let mut option = None;
    match d.year.or(year) {
        Some((_, at)) => pieces.push(at),
        None => match years.of(month, day, d.weekday.map(|(w, _)| w)) {
            Some((_, at, sure)) => {
                score = sure;
                pieces.push(at);
                steps.push("inherit.year".into());
            }
            None => option = years.option,
        },
    }
    pieces.sort();
    pieces.dedup();
    // numeric dates keep their order: the year's own place may be elsewhere
    let year_first = pieces.first().is_some_and(|p| p.len() == 4);
    let step = |order: Option<&str>| match (order, year_first, d.year.is_some()) {
        (None, ..) => "date.words".to_owned(),
        (Some("ymd"), ..) => "date.ymd".to_owned(),
        (Some(o), true, false) => format!("date.y{}", &o[..2]),
        (Some(o), ..) => format!("date.{o}"),
    };
    if let Some(y) = option {
        steps.push(format!("option.year:{y}"));
    }
    let join = "s".repeat(pieces.len() - 1);
    let read = |first: String| {
        let all: Vec<&str> = std::iter::once(first.as_str()).chain(steps.iter().map(String::as_str)).collect();
        Grounded::read(s.text, g, &pieces, &join, "", &all, rule, score)
    };
    let mut value = read(step(d.numeric))?;
    value.option = option.is_some();
    // day and month the other way round, unless the weekday speaks against that
    let other = match d.numeric {
        Some("dmy") => read(step(Some("mdy"))),
        Some("mdy") => read(step(Some("dmy"))),
        _ => None,
    };
    let other = other.filter(|o| d.weekday.is_none_or(|(told, _)| weekday_of(&o.value) == Some(told)));
    Some(value.over(other, g.weight("reading/date-order")))
}

/// How many days after the first day of a range its only such weekday (Monday 1) is.
pub(super) fn days_until((start, end): &(Grounded, Grounded), weekday: u8) -> Option<i64> {
    let first = start.value.parse::<jiff::civil::Date>().ok()?;
    let last = end.value.parse::<jiff::civil::Date>().ok()?;
    let length = i64::from((last - first).get_days());
    let days = (i64::from(weekday) - i64::from(first.weekday().to_monday_one_offset())).rem_euclid(7);
    (days <= length && days + 7 > length).then_some(days)
}

/// How many days after a date the next day is that a weekday and a day of the month tell, within a fortnight.
pub(super) fn days_to(first: &str, mark: &DateMark) -> Option<i64> {
    const FORTNIGHT: i64 = 14;
    let first = first.parse::<jiff::civil::Date>().ok()?;
    let (weekday, day) = (mark.weekday?.0, mark.days.first()?.0);
    (0..=FORTNIGHT).find(|n| {
        let date = first.saturating_add(jiff::Span::new().days(*n));
        u8::try_from(date.day()) == Ok(day) && u8::try_from(date.weekday().to_monday_one_offset()) == Ok(weekday)
    })
}

/// The weekday (Monday 1) of a full date.
fn weekday_of(iso: &str) -> Option<u8> {
    let date = iso.parse::<jiff::civil::Date>().ok()?;
    u8::try_from(date.weekday().to_monday_one_offset()).ok()
}
