//! Dates: day, month name and year in any order, numeric dates, ranges of both.

use crate::grammar::{Grammar, Set};
use crate::model::Span;

use super::{Mark, MarkKind};

/// A part of a date and where it stands.
pub type DatePart<T> = Option<(T, Span)>;

/// A date, or a range of two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DateMark {
    /// Days of the month; two for a range inside one month.
    pub days: Vec<(u8, Span)>,
    /// Month.
    pub month: DatePart<u8>,
    /// Year, in full.
    pub year: DatePart<i16>,
    /// Weekday, Monday 1.
    pub weekday: DatePart<u8>,
    /// The second date of a range over two months.
    pub until: Option<Box<DateMark>>,
    /// Order of a numeric date: `dmy`, `mdy`, `ymd`; nothing for one in words.
    pub numeric: Option<&'static str>,
}

/// Finds every date, and years that stand alone.
pub(super) fn find(text: &str, phrases: &[Mark], g: &Grammar, tokens: &mut Vec<Mark>) {
    let finder = Finder { text, phrases, g };
    let mut dates: Vec<(Span, DateMark)> = Vec::new();
    for m in phrases {
        let MarkKind::Phrase(Set::Month, i) = m.kind else { continue };
        if dates.last().is_some_and(|(s, _)| s.overlaps(m.span)) {
            continue;
        }
        let Ok(month) = g.phrases[i as usize].value.parse::<u8>() else { continue };
        if let Some(date) = finder.around(m.span, month, dates.last().map_or(0, |(s, _)| s.end)) {
            dates.push(date);
        }
    }
    numeric(&finder, &mut dates);
    dates.sort_by_key(|(s, _)| *s);
    dates.dedup_by(|b, a| a.0.overlaps(b.0));
    let mut dates = ranges(&finder, dates);
    for (span, date) in &mut dates {
        finder.weekday(span, date);
    }
    finder.days_of_weekdays(&mut dates);
    let covered: Vec<Span> = dates.iter().map(|(s, _)| *s).collect();
    tokens.extend(dates.into_iter().map(|(span, d)| Mark { span, kind: MarkKind::Date(d) }));
    years(text, &covered, tokens);
}

struct Finder<'a> {
    text: &'a str,
    phrases: &'a [Mark],
    g: &'a Grammar,
}

/// A day number (1–31) with its ordinal ending, at the start of `text`.
fn day_at(text: &str) -> Option<(u8, usize, usize)> {
    let n = text.bytes().take_while(u8::is_ascii_digit).count();
    let day: u8 = text.get(..n).filter(|_| (1..=2).contains(&n))?.parse().ok().filter(|d| (1..=31).contains(d))?;
    Some((day, n, n + ordinal_ending(&text[n..])))
}

fn ordinal_ending(text: &str) -> usize {
    let n = text.chars().take_while(|c| c.is_alphabetic() || matches!(c, 'º' | 'ª' | '°')).map(char::len_utf8).sum();
    let ending = &text[..n];
    let known = matches!(
        ending.to_ascii_lowercase().as_str(),
        "st" | "nd" | "rd" | "th" | "er" | "o" | "a" | "e" | "º" | "ª" | "°" | "de"
    );
    if known { n } else { 0 }
}

/// A day number that ends at the end of `text`, ordinal ending allowed.
fn day_before(text: &str) -> Option<(u8, usize, usize)> {
    let plain = text.trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, 'º' | 'ª' | '°'));
    let plain = if ordinal_ending(&text[plain.len()..]) == text.len() - plain.len() { plain } else { text };
    let start = plain.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let n = plain.len() - start;
    // "3./4. Mai" holds two days, "3/4" is one number
    let glued = plain[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '/' | '$' | '€' | '£'))
        && !plain[..start].ends_with("./")
        || (plain[..start].ends_with('.') && plain[..start - 1].ends_with(|c: char| c.is_ascii_digit()))
        // "2 . 25 jan anward": a time in a mail that was taken apart into words
        || plain[..start].strip_suffix(" . ").is_some_and(|h| h.ends_with(|c: char| c.is_ascii_digit()));
    let day = plain[start..].parse().ok().filter(|d| (1..=31).contains(d) && n <= 2 && !glued)?;
    Some((day, start, start + n))
}

impl Finder<'_> {
    /// The date around a month's name.
    fn around(&self, month: Span, value: u8, floor: usize) -> Option<(Span, DateMark)> {
        let mut date = DateMark { month: Some((value, month)), ..DateMark::default() };
        let mut span = month;
        self.days_before(&mut date, &mut span, floor);
        if date.days.is_empty() {
            self.days_after(&mut date, &mut span);
        }
        self.year_after(&mut date, &mut span);
        (!date.days.is_empty()).then_some((span, date))
    }

    /// `3`, `3rd of`, `3-5`, `24 to 27`, `1, 2 and 3` before the month.
    fn days_before(&self, date: &mut DateMark, span: &mut Span, floor: usize) {
        let mut end = self.skip_back(span.start, floor, true);
        loop {
            let Some((day, start, stop)) = day_before(&self.text[floor.min(end)..end]) else { return };
            let base = floor.min(end);
            date.days.insert(0, (day, Span::new(base + start, base + stop)));
            span.start = base + start;
            if date.days.len() == 31 {
                return;
            }
            let Some(next) = self.list_back(span.start, floor) else { return };
            // "3. bis 5. Mai"
            let dot = usize::from(self.text[floor.min(next)..next].ends_with('.'));
            end = next - dot;
            let earlier = day_before(&self.text[floor.min(end)..end]).is_some_and(|(d, _, _)| d < day);
            if !earlier {
                return;
            }
        }
    }

    /// Back over white space, "of", "de", a hyphen or a comma.
    fn skip_back(&self, at: usize, floor: usize, hyphen: bool) -> usize {
        let mut head = &self.text[floor..at];
        loop {
            let cut = head.trim_end_matches(|c: char| {
                (c.is_whitespace() && c != '\t') || c == ',' || (c == '.') || (hyphen && c == '-')
            });
            let word = cut.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
            if self.inside(word) {
                head = &cut[..cut.len() - word.len()];
            } else {
                let lines = head[cut.len()..].matches('\n').count();
                return if lines > 1 { at } else { floor + cut.len() };
            }
        }
    }

    /// Back over what stands between two days of a list or range: a dash, "to", "and", a comma.
    fn list_back(&self, at: usize, floor: usize) -> Option<usize> {
        // "Monday 6 - Thursday 9 April": over the second weekday
        let second = self.weekday_before(at, floor);
        let first = second.filter(|s| self.weekday_near(s.start, floor));
        let at = first.map_or(at, |s| s.start);
        let head = &self.text[floor..at];
        let cut = head.trim_end();
        let dashed =
            cut.trim_end_matches(['-', '\u{2013}', '\u{2014}', '/', '~', '&', ',', '\u{2010}', '\u{2011}']).trim_end();
        if dashed.len() < cut.len() {
            return Some(floor + dashed.len());
        }
        let word = cut.rsplit(char::is_whitespace).next().unwrap_or("");
        let start = floor + cut.len() - word.len();
        let joins = self.phrase_end(start, Set::TimeBetween).is_some()
            || self.g.after_and(&format!("{word} "), false).is_some();
        joins.then(|| floor + cut[..cut.len() - word.len()].trim_end().len())
    }

    /// The weekday that ends right before `at`.
    fn weekday_before(&self, at: usize, floor: usize) -> Option<Span> {
        let upto = self.phrases.partition_point(|m| m.span.start < at);
        let last = self.phrases[..upto].iter().rev().take(6).find(|m| {
            matches!(m.kind, MarkKind::Phrase(Set::Weekday, _)) && m.span.start >= floor && m.span.end <= at
        })?;
        let gap = &self.text[last.span.end..at];
        (gap.len() <= 4 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '.'))).then_some(last.span)
    }

    /// Whether a weekday and a day stand shortly before `at`.
    fn weekday_near(&self, at: usize, floor: usize) -> bool {
        let upto = self.phrases.partition_point(|m| m.span.start < at);
        self.phrases[..upto].iter().rev().take(6).any(|m| {
            matches!(m.kind, MarkKind::Phrase(Set::Weekday, _)) && m.span.start >= floor && m.span.end + 10 > at
        })
    }

    /// Where the phrase of `set` that begins at `at` ends.
    fn phrase_end(&self, at: usize, set: Set) -> Option<usize> {
        let from = self.phrases.partition_point(|m| m.span.start < at);
        self.phrases[from..]
            .iter()
            .take_while(|m| m.span.start == at)
            .find(|m| matches!(m.kind, MarkKind::Phrase(s, _) if s == set))
            .map(|m| m.span.end)
    }

    /// `12.5.` behind a weekday.
    fn day_and_month(&self, text: &str, at: usize) -> Option<DateMark> {
        let parts = text.contains('.').then(|| numbers(text, at, '.')).flatten()?;
        let [(day, 1..=2, d), (month, 1..=2, m)] = parts.as_slice() else { return None };
        let (day, month) = (u8::try_from(*day).ok()?, u8::try_from(*month).ok()?);
        let stopped = self.text[at + text.len()..].starts_with('.');
        let fits = stopped && (1..=31).contains(&day) && (1..=12).contains(&month);
        let fits = fits && self.weekday_before(at, 0).is_some();
        fits.then(|| DateMark {
            days: vec![(day, *d)],
            month: Some((month, *m)),
            numeric: Some("dmy"),
            ..DateMark::default()
        })
    }

    /// Whether all of `gap`, which begins behind `from`, joins two dates: "to", "bis zum".
    fn joins(&self, from: usize, gap: &str) -> bool {
        let rest = &self.text[from..];
        let at = from + rest.len() - rest.trim_start().len();
        let Some(end) = self.phrase_end(at, Set::TimeBetween) else { return false };
        let more = gap.get(end - at..).map(str::trim);
        more.is_some_and(|more| more.is_empty() || self.inside(more))
    }

    /// Whether `word` stands between the parts of a date: "of", "den".
    fn inside(&self, word: &str) -> bool {
        (1..=12).contains(&word.len()) && self.g.lookup(Set::DateInside, word).is_some()
    }

    /// `8`, `8-10`, `8th and 9th` after the month.
    fn days_after(&self, date: &mut DateMark, span: &mut Span) {
        let tail = &self.text[span.end..];
        let skip = tail.len() - tail.trim_start_matches(['.', ' ', '-', '\u{a0}', ',']).len();
        let mut at = span.end + skip.min(4);
        while let Some((day, n, taken)) = day_at(&self.text[at..]) {
            let clock = self.text[at + n..].starts_with([':', 'h']);
            if clock || date.days.last().is_some_and(|(d, _)| *d >= day) {
                return;
            }
            date.days.push((day, Span::new(at, at + n)));
            span.end = at + taken;
            let rest = &self.text[span.end..];
            let gap = rest.trim_start();
            let joined = gap.trim_start_matches(['-', '\u{2013}', '\u{2014}', '&', '~']);
            let behind = self.text.len() - gap.len();
            let word = self.phrase_end(behind, Set::TimeBetween).map(|end| self.text[end..].trim_start());
            let next = word
                .or_else(|| self.g.after_and(gap, false))
                .or((joined.len() < gap.len()).then(|| joined.trim_start()));
            let Some(next) = next.filter(|_| rest.len() - gap.len() <= 2) else { return };
            at = self.text.len() - next.len();
        }
    }

    /// `, 2008`, `'93`, `-95`, `de 2014` after the day or the month.
    fn year_after(&self, date: &mut DateMark, span: &mut Span) {
        let tail = &self.text[span.end..];
        let mut rest =
            tail.trim_start_matches(|c: char| (c.is_whitespace() && c != '\t') || matches!(c, ',' | '.' | '-' | '/'));
        for _ in 0..2 {
            rest = rest.split_once(' ').filter(|(word, _)| self.inside(word)).map_or(rest, |(_, behind)| behind);
        }
        let gap = &tail[..tail.len() - rest.len()];
        if gap.len() > 8 || gap.matches('\n').count() > 1 {
            return;
        }
        let short = rest.strip_prefix(['\'', '\u{2019}']);
        let body = short.unwrap_or(rest);
        let n = body.bytes().take_while(u8::is_ascii_digit).count();
        let at = self.text.len() - body.len();
        let year = body[..n].parse::<i16>().ok();
        let bounded = !body[n..].starts_with(|c: char| c.is_alphanumeric() || c == ':');
        let full = match (n, year) {
            (4, Some(y)) if (1900..2100).contains(&y) && bounded => Some(y),
            (2, Some(y)) if bounded && (short.is_some() || gap == "-" || gap == "/" || gap == ".") => {
                Some(if y >= 70 { 1900 + y } else { 2000 + y })
            }
            _ => None,
        };
        if let Some(y) = full {
            let from = if short.is_some() { at - 1 } else { at };
            date.year = Some((y, Span::new(from.min(at), at + n)));
            span.end = self.behind_year(at + n);
        }
    }

    /// Where a year ends that has a word behind it: "2018. године".
    fn behind_year(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let gap = rest.len() - rest.trim_start_matches([' ', '.']).len();
        let Some(behind) = self.phrase_end(end + gap.min(2), Set::YearAfter) else { return end };
        if self.text[behind..].starts_with('.') { behind + 1 } else { behind }
    }

    /// A weekday beside the date.
    fn weekday(&self, span: &mut Span, date: &mut DateMark) {
        let upto = self.phrases.partition_point(|m| m.span.start < span.start);
        let before = self.phrases[..upto].iter().rev().take(6).find_map(|m| match m.kind {
            MarkKind::Phrase(Set::Weekday, i) if m.span.end <= span.start => {
                let gap = &self.text[m.span.end..span.start];
                let near = gap.len() <= 12
                    && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '.' | '(' | ')' | '-' | '\u{2013}'))
                    || gap.len() <= 24 && self.inside(gap.trim_matches([' ', '\n', '\u{a0}', ',', '.']));
                (near && gap.matches('\n').count() <= 1).then_some((m.span, i))
            }
            _ => None,
        });
        let after = || {
            let from = self.phrases.partition_point(|m| m.span.start < span.end);
            self.phrases[from..].iter().take(4).find_map(|m| match m.kind {
                MarkKind::Phrase(Set::Weekday, i) => {
                    let gap = &self.text[span.end..m.span.start];
                    (gap.len() <= 4 && gap.chars().all(|c| c == ' ' || matches!(c, ',' | '(' | '-' | '\u{2013}')))
                        .then_some((m.span, i))
                }
                _ => None,
            })
        };
        if let Some((at, i)) = before.or_else(after)
            && let Ok(n) = self.g.phrases[i as usize].value.parse()
        {
            date.weekday = Some((n, at));
            *span = Span::new(span.start.min(at.start), span.end.max(at.end));
        }
    }
}

impl Finder<'_> {
    /// `Mon 29`, `Tuesday, 30th:` at a line's start: a day whose month other dates tell. `dates` are sorted and stay so.
    fn days_of_weekdays(&self, dates: &mut Vec<(Span, DateMark)>) {
        let known = dates.len();
        for m in self.phrases {
            let MarkKind::Phrase(Set::Weekday, i) = m.kind else { continue };
            let next = dates[..known].partition_point(|(s, _)| s.end <= m.span.start);
            let free = dates[..known].get(next).is_none_or(|(s, _)| !s.overlaps(m.span));
            if let Some(date) = free.then(|| self.day_of_weekday(m.span, i)).flatten() {
                dates.push(date);
            }
        }
        if dates.len() > known {
            dates.sort_by_key(|(s, _)| *s);
            dates.dedup_by(|b, a| a.0.overlaps(b.0));
        }
    }

    fn day_of_weekday(&self, weekday: Span, phrase: u32) -> Option<(Span, DateMark)> {
        let lead = self.text[..weekday.start].trim_end_matches(['*', '#', '_', ' ', '|', '\t']);
        let behind = &self.text[weekday.end..];
        let gap = behind.len() - behind.trim_start_matches(['.', ',', ' ', '\u{a0}']).len();
        let at = weekday.end + gap;
        let (day, n, taken) = day_at(&self.text[at..]).filter(|_| (1..=3).contains(&gap))?;
        let end = at + taken;
        let tail = self.text[end..].trim_start_matches([' ', '*', '_', '.', '\u{a0}']);
        let dash = tail.strip_prefix(['-', '\u{2013}', '\u{2014}']).map(str::trim_start);
        let stop = tail.strip_prefix([',', ':']).is_some_and(|t| !t.starts_with(|c: char| c.is_ascii_digit()));
        let bounded = tail.is_empty()
            || stop
            || tail.starts_with(['\n', '\t', '\u{c}', '(', '|'])
            || dash.is_some_and(|t| t.starts_with(char::is_alphabetic));
        let value = self.g.phrases[phrase as usize].value.parse().ok()?;
        let opens = lead.is_empty() || lead.ends_with(['\n', '\u{c}']);
        (opens && bounded).then(|| {
            let date = DateMark {
                days: vec![(day, Span::new(at, at + n))],
                weekday: Some((value, weekday)),
                ..DateMark::default()
            };
            (Span::new(weekday.start, end), date)
        })
    }
}

/// `2008-05-28`, `28.05.2008`, `28/5/08`, `4/22`.
fn numeric(finder: &Finder, dates: &mut Vec<(Span, DateMark)>) {
    let text = finder.text;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'/' | b'-')).count();
        let glued =
            text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '$' | '+' | '='));
        let run = spaced(&text[at..]).unwrap_or(run);
        let run_text = text[at..at + run].trim_end_matches(['.', '-', '/']);
        let followed = text[at + run_text.len()..].starts_with(|c: char| c.is_alphanumeric() || c == ':' || c == '@');
        if !glued
            && !followed
            && run_text.len() <= 14
            && let Some(date) = numeric_date(run_text, at).or_else(|| finder.day_and_month(run_text, at))
        {
            dates.push((Span::new(at, at + run_text.len()), date));
        }
        at += run.max(1);
    }
}

/// How long `12. 5. 2015` at the start of `text` is: with spaces behind the stops, and a full year.
fn spaced(text: &str) -> Option<usize> {
    let mut rest = text;
    for _ in 0..2 {
        let n = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest = rest.get(n..).filter(|_| (1..=2).contains(&n))?.strip_prefix('.')?;
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
    let year = rest.bytes().take_while(u8::is_ascii_digit).count() == 4;
    (year && (rest.starts_with("19") || rest.starts_with("20"))).then_some(text.len() - rest.len() + 4)
}

/// The numbers of a date, how many digits each has, and where.
fn numbers(text: &str, at: usize, sep: char) -> Option<Vec<(i16, usize, Span)>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for p in text.split(sep) {
        let digits = p.trim_start();
        let from = at + start + p.len() - digits.len();
        parts.push((digits.parse().ok()?, digits.len(), Span::new(from, from + digits.len())));
        start += p.len() + sep.len_utf8();
    }
    Some(parts)
}

fn numeric_date(text: &str, at: usize) -> Option<DateMark> {
    let sep = text.chars().find(|c| !c.is_ascii_digit())?;
    let parts = numbers(text, at, sep)?;
    let byte = |n: i16| u8::try_from(n).unwrap_or(0);
    let day = |n: i16| (1..=31).contains(&n);
    let month = |n: i16| (1..=12).contains(&n);
    let mark = |d: usize, m: usize, y: Option<usize>, order: &'static str| {
        let year = y.map(|y| (parts[y].0, parts[y].2)).map(|(n, s)| {
            (
                if n < 70 {
                    2000 + n
                } else if n < 100 {
                    1900 + n
                } else {
                    n
                },
                s,
            )
        });
        DateMark {
            days: vec![(byte(parts[d].0), parts[d].2)],
            month: Some((byte(parts[m].0), parts[m].2)),
            year,
            numeric: Some(order),
            ..DateMark::default()
        }
    };
    match parts.as_slice() {
        [(y, 4, _), (m, ..), (d, ..)] if (1900..2100).contains(y) && month(*m) && day(*d) => {
            Some(mark(2, 1, Some(0), "ymd"))
        }
        [(a, ..), (b, ..), (y, n, _)] if (*n == 4 && (1900..2100).contains(y)) || (*n == 2 && sep != '-') => {
            if month(*b) && day(*a) {
                Some(mark(0, 1, Some(2), "dmy"))
            } else {
                (month(*a) && day(*b)).then(|| mark(1, 0, Some(2), "mdy"))
            }
        }
        [(a, 1..=2, _), (b, 1..=2, _)] if sep == '/' => {
            if month(*a) && day(*b) && *b > 12 {
                Some(mark(1, 0, None, "mdy"))
            } else {
                (day(*a) && month(*b)).then(|| mark(0, 1, None, "dmy"))
            }
        }
        _ => None,
    }
}

/// Two dates with a dash or "to" between are one range: `30 May – 2 June 2011`.
fn ranges(finder: &Finder, dates: Vec<(Span, DateMark)>) -> Vec<(Span, DateMark)> {
    let mut out: Vec<(Span, DateMark)> = Vec::with_capacity(dates.len());
    for (span, date) in dates {
        let joins = out.last().is_some_and(|(s, d)| {
            let start = finder.weekday_before(span.start, s.end).map_or(span.start, |w| w.start);
            let gap = finder.text[s.end..start.max(s.end)].trim();
            d.until.is_none()
                && start.saturating_sub(s.end) <= 14
                && (matches!(gap, "-" | "\u{2013}" | "\u{2014}" | "--") || finder.joins(s.end, gap))
        });
        match out.last_mut() {
            Some((s, first)) if joins => {
                s.end = span.end;
                if first.year.is_none() {
                    first.year = date.year;
                }
                first.until = Some(Box::new(date));
            }
            _ => out.push((span, date)),
        }
    }
    out
}

/// Years that stand outside dates.
fn years(text: &str, covered: &[Span], tokens: &mut Vec<Mark>) {
    let bytes = text.as_bytes();
    for start in memchr::memchr2_iter(b'1', b'2', bytes) {
        let Some(four) = bytes.get(start..start + 4) else { break };
        if !four.iter().all(u8::is_ascii_digit) || !(four.starts_with(b"19") || four.starts_with(b"20")) {
            continue;
        }
        let alone = !bytes.get(start + 4).is_some_and(|b| b.is_ascii_alphanumeric())
            && start
                .checked_sub(1)
                .is_none_or(|i| !(bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'.' | b'/' | b'-' | b'+')));
        let span = Span::new(start, start + 4);
        let i = covered.partition_point(|c| c.end <= start);
        if alone
            && !covered.get(i).is_some_and(|c| c.overlaps(span))
            && let Ok(y) = text[start..start + 4].parse()
        {
            tokens.push(Mark { span, kind: MarkKind::Year(y) });
        }
    }
}
