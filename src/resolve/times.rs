//! Clock times of rows: am and pm by what is told, else by the order of the rows.

use crate::evidence::Grounded;
use crate::grammar::Grammar;
use crate::scan::{ClockAt, Scanned, When};

/// A slot as values.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    pub(super) start: Option<Grounded>,
    pub(super) end: Option<Grounded>,
    /// Whether it goes on past midnight.
    pub(super) next_day: bool,
    /// A slip that the order of the rows betrays.
    pub(super) slip: bool,
    /// Minutes since midnight, for the rows that follow.
    pub(super) from: i32,
}

/// How times are told in the document.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Habit {
    /// Hours beyond 12 occur.
    pub(super) twenty_four: bool,
    /// One talk: an hour below eight without more is an afternoon's.
    pub(super) seminar: bool,
}

fn minutes(c: &ClockAt) -> i32 {
    i32::from(c.clock.hour) * 60 + i32::from(c.clock.minute)
}

/// Minutes since midnight with a told meridiem.
fn told(c: &ClockAt) -> Option<i32> {
    let m = minutes(c);
    match c.clock.meridiem {
        Some(true) => Some(if c.clock.hour < 12 { m + 720 } else { m }),
        Some(false) => Some(if c.clock.hour == 12 { m - 720 } else { m }),
        None if c.clock.hour >= 13 || c.clock.hour == 0 => Some(m),
        None => None,
    }
}

/// The values of a slot; `before` is the start of the row before it on the same day, `after` of the next.
pub(super) fn slot(s: &Scanned, g: &Grammar, w: &When, before: Option<i32>, after: Option<i32>, habit: Habit) -> Slot {
    let end_told = w.end.as_ref().and_then(told);
    let start = told(&w.start).unwrap_or_else(|| {
        let m = minutes(&w.start);
        let pm = m + 720;
        let by_end = w.end.as_ref().filter(|e| e.clock.meridiem.is_some()).and(end_told);
        match (by_end, before) {
            // "9:00 - 9:10 a.m.", "11:30 - 1:00 pm"
            (Some(e), _) if m < 720 && pm <= e => pm,
            (Some(_), _) => m,
            (None, Some(b))
                if m < b
                    && pm >= b
                    && w.start.clock.hour < 12
                    && (!habit.twenty_four || w.start.clock.hour < 7)
                    && (w.start.clock.hour <= 7 || b >= 12 * 60 && w.start.clock.hour <= 9) =>
            {
                pm
            }
            (None, None) if habit.seminar && (1..8).contains(&w.start.clock.hour) => pm,
            (None, None) if !habit.twenty_four && (1..7).contains(&w.start.clock.hour) && w.start.clock.hour > 0 => pm,
            _ => m,
        }
    });
    // nothing tells the half of the day: neither word nor end, nor row before it, nor the way the others are written
    let doubtful = told(&w.start).is_none() && end_told.is_none() && before.is_none() && !habit.twenty_four;
    let mut slip = false;
    let mut next_day = false;
    let end = w.end.as_ref().map(|e| {
        let raw = end_told.unwrap_or_else(|| minutes(e));
        let mut end = raw;
        if end_told.is_none() && end <= start && e.clock.hour <= 12 && end + 720 > start && start < 17 * 60 + 720 {
            // "11:30 – 1:00": past noon; "20:00 – 0:30" stays
            end += if e.clock.hour < 12 { 720 } else { 0 };
            end = if end > start { end } else { raw };
        }
        if e.clock.meridiem == Some(true) && end - start > 8 * 60 && end - 720 > start && after.is_some_and(|a| a < end)
        {
            end -= 720;
            slip = true;
        }
        if end < start && e.clock.meridiem == Some(false) && end + 720 > start && start < 18 * 60 {
            end += 720;
            slip = true;
        }
        if end < start && start >= 17 * 60 && end <= 8 * 60 {
            next_day = true;
        }
        end
    });
    Slot {
        start: value(s, g, &w.start, start, w.score)
            .map(|v| if doubtful { other_half(v, g, start, "reading/half-untold") } else { v }),
        end: w.end.as_ref().zip(end).and_then(|(e, m)| value(s, g, e, m, w.score)),
        next_day,
        slip,
        from: start,
    }
}

fn value(s: &Scanned, g: &Grammar, c: &ClockAt, wanted: i32, score: f32) -> Option<Grounded> {
    let style = format!("base/time/{:?}", c.clock.style).to_lowercase();
    let read = Grounded::read(s.text, g, &[c.span], "", "time", &["time.clock"], &style, score.clamp(0.3, 0.99))?;
    let want = format!("{:02}:{:02}", wanted.rem_euclid(1440) / 60, wanted.rem_euclid(1440) % 60);
    if read.value == want {
        return Some(read);
    }
    let step = if wanted.rem_euclid(1440) >= 720 { "time.pm" } else { "time.am" };
    let mut moved = read.then(step, g)?;
    moved.score = (moved.score * 0.92).max(0.3);
    if moved.value != want {
        return Some(read);
    }
    Some(moved.over(Some(read), g.weight("reading/half-by-order")))
}

/// A time with its reading in the other half of the day.
fn other_half(v: Grounded, g: &Grammar, minutes: i32, share: &str) -> Grounded {
    let other = v.then(if minutes.rem_euclid(1440) >= 720 { "time.am" } else { "time.pm" }, g);
    v.over(other, g.weight(share))
}
