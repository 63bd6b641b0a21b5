//! Clock times and dates out of their words.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::grammar::{Grammar, Set};

/// `9.30 a.m.`, `9h30`, `0930`, `noon` → `HH:MM`.
pub(super) fn clock(text: &str, g: &Grammar) -> Option<String> {
    let text = text.trim();
    if let Some(p) = g.lookup(Set::Clock, text) {
        return Some(p.value.to_string());
    }
    let told = || crate::scan::clock_told(text, |w| g.lookup(Set::TimeAfter, w).is_some());
    let (len, c) = crate::scan::clock(text)?;
    let (len, c) = told().filter(|(longer, _)| *longer > len && *longer == text.len()).unwrap_or((len, c));
    (c.minute < 60).then(|| {
        let hour = match c.meridiem.or_else(|| half_told(text.get(len..)?, c.hour, g)) {
            Some(true) if c.hour < 12 => c.hour + 12,
            Some(false) if c.hour == 12 => 0,
            _ => c.hour % 24,
        };
        format!("{hour:02}:{:02}", c.minute)
    })
}

/// Whether words behind a time tell that it is in the afternoon: "Uhr abends".
fn half_told(words: &str, hour: u8, g: &Grammar) -> Option<bool> {
    let words = words.trim_start();
    let tails = words.match_indices(char::is_whitespace).map(|(i, gap)| i + gap.len());
    let half = std::iter::once(0).chain(tails).find_map(|i| g.lookup(Set::Meridiem, &words[i..]))?;
    (1..=12).contains(&hour).then_some(&*half.value == "pm")
}

/// Moves a time to the afternoon or, with `pm` false, to the morning.
pub(super) fn shift_noon(time: &str, pm: bool) -> Option<String> {
    let (h, m) = time.split_once(':')?;
    let hour: u32 = h.parse().ok()?;
    let hour = match (pm, hour) {
        (true, 0..=11) => hour + 12,
        (false, 12..) => hour - 12,
        _ => hour,
    };
    Some(format!("{hour:02}:{m}"))
}

/// Day, month name and year in any order; without a year `XXXX-MM-DD`.
pub(super) fn words(text: &str, g: &Grammar) -> Option<String> {
    let (mut day, mut month, mut year) = (None, None, None);
    let mut before = "";
    for token in text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}').filter(|t| !t.is_empty()) {
        let digits: String = token.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            if month.is_none() {
                let named = |name: &str| g.lookup(Set::Month, name).and_then(|p| p.value.parse::<i8>().ok());
                // "كانون الثاني"
                month = named(token).or_else(|| named(&format!("{before} {token}")));
            }
            before = token;
            continue;
        }
        let n: i16 = digits.parse().ok()?;
        if digits.len() == 4 {
            year = year.or(Some(n));
        } else if day.is_none() {
            day = Some(n);
        } else if year.is_none() && digits.len() == 2 {
            year = Some(century(n));
        }
    }
    iso(year, month?, i8::try_from(day?).ok()?)
}

/// `12/11/2013` in the order `dmy`, `mdy` or `ymd`; without a year `XXXX-MM-DD`.
pub(super) fn numeric(text: &str, order: &str) -> Option<String> {
    let n: Vec<i16> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|t| !t.is_empty()).map(|t| t.parse().unwrap_or(0)).collect();
    let (day, month, year) = match (order, n.as_slice()) {
        ("dmy", [d, m]) | ("mdy", [m, d]) => (*d, *m, None),
        ("ydm", [y, d, m, ..]) => (*d, *m, Some(*y)),
        ("dmy", [d, m, y, ..]) | ("mdy", [m, d, y, ..]) | ("ymd", [y, m, d, ..]) => (*d, *m, Some(*y)),
        _ => return None,
    };
    let year = year.map(|y| if y < 100 { century(y) } else { y });
    iso(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// A date `days` later.
pub(super) fn add_days(date: &str, days: i64) -> Option<String> {
    let date: Date = date.parse().ok()?;
    date.checked_add(days.days()).ok().map(|d| d.to_string())
}

/// The full year of a two-digit one: 70–99 are of the 20th century.
fn century(n: i16) -> i16 {
    if n >= 70 { 1900 + n } else { 2000 + n }
}

fn iso(year: Option<i16>, month: i8, day: i8) -> Option<String> {
    // 2000 was a leap year: without a year, 29 February can be.
    Date::new(year.unwrap_or(2000), month, day).ok()?;
    Some(match year {
        Some(y) => format!("{y:04}-{month:02}-{day:02}"),
        None => format!("XXXX-{month:02}-{day:02}"),
    })
}
