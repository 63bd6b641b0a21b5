//! Clock times, ranges of them, durations.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n};
use nom::character::complete::{char, one_of};
use nom::combinator::{eof, not, opt, peek, recognize, verify};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Offset, Parser};

use crate::grammar::{Grammar, Set};
use crate::model::Span;

use super::{Mark, MarkKind};

/// A clock time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0–24.
    pub hour: u8,
    /// 0–59; larger is a slip.
    pub minute: u8,
    /// Morning (false) or afternoon (true), where it says so.
    pub meridiem: Option<bool>,
    /// How it is written.
    pub style: Style,
}

/// How a clock time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// `9`.
    Bare,
    /// `0930`.
    Compact,
    /// `9.30`.
    Dot,
    /// `9h30`.
    H,
    /// `9:30`.
    Colon,
}

/// A clock time and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockAt {
    /// Where, meridiem included.
    pub span: Span,
    /// What.
    pub clock: Clock,
}

/// A clock time, or a range of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct When {
    /// The time, or the range's start.
    pub start: ClockAt,
    /// The range's end.
    pub end: Option<ClockAt>,
    /// "18:00 –", "until open end".
    pub open_end: bool,
    /// "ca. 15.00".
    pub approximate: bool,
    /// How surely it is a clock time at all: 1 is sure.
    pub score: f32,
}

fn digits(min: usize, max: usize) -> impl Fn(&str) -> IResult<&str, &str> {
    move |i| take_while_m_n(min, max, |c: char| c.is_ascii_digit()).parse(i)
}

fn no_digit(i: &str) -> IResult<&str, ()> {
    not(peek(one_of("0123456789"))).parse(i)
}

/// `am`, `p.m.`, `A. M.`, with at most two spaces before it; or on the next line, alone as in a narrow column or
/// before the rest of its range.
fn meridiem(i: &str) -> IResult<&str, bool> {
    if let Some(next) = i.strip_prefix('\n').filter(|next| !next.starts_with([' ', '\n'])) {
        let (rest, which) = meridiem(next)?;
        let goes_on = recognize((opt(char(' ')), one_of("-\u{2013}\u{2014}"), opt(char(' ')), digits(1, 2)));
        let (rest, _) = peek(alt((tag("\t"), tag("\n"), eof, goes_on))).parse(rest)?;
        return Ok((rest, which));
    }
    let (i, _) = take_while_m_n(0, 2, |c| c == ' ' || c == '\u{a0}').parse(i)?;
    let (i, which) = one_of("aApP").parse(i)?;
    let (i, dot) = opt(char('.')).parse(i)?;
    let (i, _) = opt(char(' ')).parse(i)?;
    let (i, _) = one_of("mM").parse(i)?;
    let (i, _) = if dot.is_some() { opt(char('.')).parse(i)? } else { (i, None) };
    // "12:25pmLunch": a word in capitals may be glued to it
    let goes_on = |s: &str| {
        !(s.is_empty() || s.starts_with(char::is_uppercase) && s.chars().nth(1).is_some_and(char::is_lowercase))
    };
    let (i, _) = not(peek(verify(take_while(char::is_alphanumeric), goes_on))).parse(i)?;
    Ok((i, which.eq_ignore_ascii_case(&'p')))
}

fn blank(i: &str) -> IResult<&str, char> {
    one_of(" \u{a0}\u{202f}").parse(i)
}

fn full(s: &str) -> bool {
    !s.is_empty()
}

/// Minutes as programmes have them.
fn fives(m: &str) -> bool {
    m.ends_with(['0', '5'])
}

/// "min" behind the minutes: "9h30min".
fn minutes_told(i: &str) -> IResult<&str, &str> {
    let (i, word) = preceded(opt(blank), alt((tag("min"), tag("mn")))).parse(i)?;
    let (i, _) = not(peek(verify(take_while(char::is_alphanumeric), full))).parse(i)?;
    Ok((i, word))
}

fn minutes(i: &str) -> IResult<&str, (Style, &str)> {
    let spaced = |sep| (take_while_m_n(0, 1, |c| c == ' '), char(sep), take_while_m_n(0, 1, |c| c == ' '));
    alt((
        preceded(spaced(':'), terminated(digits(2, 2), no_digit)).map(|m| (Style::Colon, m)),
        preceded(char('\u{ff1a}'), terminated(digits(2, 2), no_digit)).map(|m| (Style::Colon, m)),
        preceded(char('.'), terminated(digits(2, 2), pair(no_digit, not(pair(char('.'), digits(1, 1))))))
            .map(|m| (Style::Dot, m)),
        // mails taken apart into words: "2 . 10"
        preceded(
            (char(' '), char('.'), char(' ')),
            terminated(digits(2, 2), pair(no_digit, not((char(' '), char('.'), char(' '), digits(1, 1))))),
        )
        .map(|m| (Style::Dot, m)),
        preceded(recognize(pair(opt(blank), one_of("hH"))), terminated(digits(2, 2), (no_digit, opt(minutes_told))))
            .map(|m| (Style::H, m)),
        // "9 h 30": "18 h 22 people" is no time
        preceded((opt(blank), one_of("hH"), blank), verify(terminated(digits(2, 2), no_digit), fives))
            .map(|m| (Style::H, m)),
        terminated(
            recognize(pair(opt(char(' ')), one_of("hH"))),
            not(peek(verify(take_while(|c: char| c.is_alphanumeric() || c == '/'), |s: &str| !s.is_empty()))),
        )
        .map(|_| (Style::H, "00")),
    ))
    .parse(i)
}

fn hour_and_minute(i: &str) -> IResult<&str, (Style, u8, u8)> {
    let number = |s: &str| s.parse::<u8>().unwrap_or(99);
    let compact = terminated(digits(4, 4), no_digit);
    if let Ok((rest, four)) = { compact }.parse(i) {
        return Ok((rest, (Style::Compact, number(&four[..2]), number(&four[2..]))));
    }
    let (i, hour) = terminated(digits(1, 2), no_digit).parse(i)?;
    match minutes(i) {
        Ok((rest, (style, m))) => {
            // "9:30:00": the seconds are read over, as is the sign in "9.30h"
            let (rest, _) = opt(preceded(char(':'), terminated(digits(2, 2), no_digit))).parse(rest)?;
            let sign = terminated(one_of("hH"), not(peek(verify(take_while(char::is_alphanumeric), full))));
            let (rest, _) = opt(verify(sign, |_| style != Style::H)).parse(rest)?;
            Ok((rest, (style, number(hour), number(m))))
        }
        Err(_) => Ok((i, (Style::Bare, number(hour), 0))),
    }
}

/// The clock time that `text` begins with, and how many bytes it takes.
pub fn clock(text: &str) -> Option<(usize, Clock)> {
    let (rest, (style, hour, minute)) = hour_and_minute(text).ok()?;
    let (rest, meridiem) = opt(meridiem).parse(rest).ok()?;
    // "13:15 pm" tells the half of the day twice
    let twice = meridiem == Some(true) && (13..=23).contains(&hour) && style >= Style::Dot;
    let meridiem = meridiem.filter(|_| !twice);
    let in_range = if meridiem.is_some() { (1..=12).contains(&hour) } else { hour <= 24 };
    (in_range && minute < 60).then(|| (text.offset(rest), Clock { hour, minute, meridiem, style }))
}

/// "9 Uhr 30", "10 heures 30", "12u30", "9,30": the clock time that `text` begins with, the minutes behind a word that
/// `hours` knows, or behind a comma or an apostrophe; and how many bytes it takes.
pub fn clock_told(text: &str, hours: impl Fn(&str) -> bool) -> Option<(usize, Clock)> {
    const LONGEST: usize = 8;
    let (rest, hour) = terminated(digits(1, 2), no_digit).parse(text).ok()?;
    let signed = rest.strip_prefix([',', '\'', '\u{2019}']);
    let worded = || {
        let word = opt(blank).parse(rest).ok()?.0;
        let behind = word.trim_start_matches(char::is_alphabetic);
        let told = &word[..word.len() - behind.len()];
        let minutes = opt(blank).parse(behind).ok()?.0;
        (told.len() <= LONGEST && hours(told)).then_some(minutes)
    };
    let behind = signed.or_else(worded)?;
    let (rest, minute) = terminated(digits(2, 2), no_digit).parse(behind).ok()?;
    let style = if signed.is_some() { Style::Dot } else { Style::H };
    let clock = Clock { hour: hour.parse().ok()?, minute: minute.parse().ok()?, meridiem: None, style };
    (clock.hour < 24 && clock.minute < 60 && fives(minute)).then(|| (text.offset(rest), clock))
}

/// A time of which some digits are letters that look like them; at least one digit must be right.
fn slipped(text: &str) -> Option<(usize, Clock)> {
    let bytes = text.as_bytes();
    let sep = bytes.iter().take(3).position(|b| matches!(b, b':' | b'.')).filter(|n| *n > 0)?;
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some((b - b'0', false)),
        b'o' | b'O' => Some((0, true)),
        b'l' | b'I' => Some((1, true)),
        b'q' => Some((4, true)),
        _ => None,
    };
    let mut value = [0u8; 2];
    let (mut right, mut wrong) = (0, 0);
    for (i, range) in [0..sep, sep + 1..sep + 3].into_iter().enumerate() {
        for b in bytes.get(range)? {
            let (d, slip) = digit(*b)?;
            value[i] = value[i] * 10 + d;
            *(if slip { &mut wrong } else { &mut right }) += 1;
        }
    }
    let bounded = text[sep + 3..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    let clock = Clock { hour: value[0], minute: value[1], meridiem: None, style: Style::Colon };
    (wrong > 0 && right > 0 && bounded && value[0] < 24 && value[1] < 60).then_some((sep + 3, clock))
}

/// White space, a dash, white space; at most two line ends. How many bytes.
fn dash(text: &str) -> Option<usize> {
    let mut seen = false;
    let mut ends = 0;
    for (i, c) in text.char_indices() {
        match c {
            '-' | '\u{2010}'..='\u{2015}' | '~' | '\u{ff5e}' | '\u{2212}' | '\u{ad}' => seen = true,
            '¢' | '«' | '=' if !seen => seen = true,
            '(' if !seen && i <= 2 => {}
            '\n' => {
                ends += 1;
                if !seen || ends > 2 {
                    return None;
                }
            }
            c if c.is_whitespace() => {}
            _ => return seen.then_some(i),
        }
        if i > 12 {
            return None;
        }
    }
    None
}

/// Finds every time of day.
pub(super) fn find(text: &str, phrases: &[Mark], g: &Grammar, tokens: &mut Vec<Mark>) {
    let taken: Vec<Span> = {
        let mut t: Vec<Span> = tokens.iter().map(|m| m.span).collect();
        t.sort();
        t
    };
    let finder = Finder { text, phrases, g };
    finder.slips(tokens);
    let bytes = text.as_bytes();
    let mut words =
        phrases.iter().filter(|m| matches!(m.kind, MarkKind::Phrase(Set::Clock, _))).map(|m| m.span.start).peekable();
    let mut at = 0;
    while at < bytes.len() {
        while words.next_if(|w| *w < at).is_some() {}
        // "noon to 1:30"
        if words.next_if_eq(&at).is_some()
            && let Some((span, when)) = finder.when(at).filter(|(_, w)| w.end.is_some())
        {
            at = span.end.max(at + 1);
            tokens.push(Mark { span, kind: MarkKind::When(when) });
            continue;
        }
        let starts = bytes[at].is_ascii_digit() && finder.may_start(at);
        let inside = starts && {
            let i = taken.partition_point(|s| s.start <= at);
            i > 0 && taken[..i].iter().rev().take(3).any(|s| s.end > at)
        };
        if starts
            && !inside
            && let Some((span, when)) = finder.when(at)
        {
            at = span.end.max(at + 1);
            tokens.push(Mark { span, kind: MarkKind::When(when) });
            continue;
        }
        at += 1;
        if starts {
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
        }
    }
    for m in phrases {
        if let MarkKind::Phrase(Set::Clock, i) = m.kind {
            let free = !tokens.iter().any(|t| matches!(t.kind, MarkKind::When(_)) && t.span.overlaps(m.span));
            if free && let Some(when) = finder.word(m.span, i) {
                tokens.push(Mark { span: m.span, kind: MarkKind::When(when) });
            }
        }
    }
}

struct Finder<'a> {
    text: &'a str,
    phrases: &'a [Mark],
    g: &'a Grammar,
}

impl Finder<'_> {
    fn may_start(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        let glued = |c: char| {
            c.is_alphanumeric()
                || matches!(c, '.' | ':' | '/' | ',' | '$' | '£' | '€' | '#' | '_' | '+' | '@' | '=' | '-' | '\'')
        };
        match before {
            Some('-' | '.' | ',' | ':' | '/' | '=') => {
                // after a dash, comma … a time may stand where the character before is no digit
                let prior = self.text[..at - 1].chars().next_back();
                !prior.is_some_and(|c| c.is_ascii_digit()) && !prior.is_some_and(|c| c == '/' || c == ':')
            }
            Some(c) => !glued(c),
            None => true,
        }
    }

    /// Times at the start of a line in which letters stand for digits: `o9:qo`, `O9:3o - 10:15`.
    fn slips(&self, tokens: &mut Vec<Mark>) {
        let mut at = 0;
        for line in self.text.split('\n') {
            let begin = at + line.len() - line.trim_start().len();
            at += line.len() + 1;
            if clock(&self.text[begin..]).is_some() {
                continue;
            }
            let Some(start) =
                slipped(&self.text[begin..]).map(|(n, c)| ClockAt { span: Span::new(begin, begin + n), clock: c })
            else {
                continue;
            };
            let behind = start.span.end;
            let end = dash(&self.text[behind..]).and_then(|n| {
                let at = behind + n;
                let read = clock(&self.text[at..])
                    .filter(|(_, c)| c.style >= Style::Dot)
                    .or_else(|| slipped(&self.text[at..]));
                read.map(|(n, clock)| ClockAt { span: Span::new(at, at + n), clock })
            });
            let span = Span::new(begin, end.map_or(behind, |e| e.span.end));
            let when = When { start, end, open_end: false, approximate: false, score: 0.55 };
            tokens.push(Mark { span, kind: MarkKind::When(when) });
        }
    }

    fn phrase_at(&self, at: usize, set: Set) -> Option<Span> {
        self.phrase_of(at, set).map(|(span, _)| span)
    }

    /// A phrase of `set` that ends at `at`, white space between.
    fn phrase_before(&self, at: usize, set: Set) -> Option<Span> {
        let end = self.text[..at].trim_end().len();
        let from = self.phrases.partition_point(|m| m.span.start + 24 < end);
        self.phrases[from..]
            .iter()
            .take_while(|m| m.span.start < end)
            .find(|m| m.span.end == end && matches!(m.kind, MarkKind::Phrase(s, _) if s == set))
            .map(|m| m.span)
    }

    fn word(&self, span: Span, phrase: u32) -> Option<When> {
        let value = &self.g.phrases[phrase as usize].value;
        let (h, m) = value.split_once(':')?;
        let clock =
            Clock { hour: h.parse().ok()?, minute: m.parse().ok()?, meridiem: Some(h != "00"), style: Style::Colon };
        Some(When { start: ClockAt { span, clock }, end: None, open_end: false, approximate: false, score: 0.6 })
    }

    fn clock_at(&self, at: usize) -> Option<ClockAt> {
        if let Some(span) = self.phrase_at(at, Set::Clock) {
            let from = self.phrases.partition_point(|m| m.span.start < at);
            let i = self.phrases[from..].iter().find_map(|m| match m.kind {
                MarkKind::Phrase(Set::Clock, i) => Some(i),
                _ => None,
            })?;
            return self.word(span, i).map(|w| w.start);
        }
        let (len, clock) = clock(&self.text[at..])?;
        let (len, clock) = self.told(at).filter(|_| clock.style == Style::Bare).unwrap_or((len, clock));
        let (len, clock) = self.half_told(at, len, clock);
        let after = self.text[at + len..].chars().next();
        let glued = after.is_some_and(|c| c.is_alphanumeric() && clock.meridiem.is_none())
            && self.phrase_at(at + len, Set::TimeAfter).is_none()
            && clock.style != Style::Colon;
        (!glued).then(|| ClockAt { span: Span::new(at, at + len), clock })
    }

    /// A time whose minutes stand behind a word for hours; behind a comma where a word before or behind says that it
    /// is a time.
    fn told(&self, at: usize) -> Option<(usize, Clock)> {
        let text = &self.text[at..];
        let hours = |w: &str| self.g.lookup(Set::TimeAfter, w).is_some();
        let (len, clock) = clock_told(text, hours)?;
        let signed = text[..len].contains([',', '\'', '\u{2019}']);
        let said = || {
            self.phrase_before(at, Set::TimeBefore).is_some()
                || self.phrase_at(self.skip_blanks(at + len), Set::TimeAfter).is_some()
        };
        // "3 heures 30" of work
        let counts = || self.phrase_at(self.skip_blanks(at + 2), Set::DurationUnit).is_some() && clock.hour < 8;
        (if signed { said() } else { !counts() }).then_some((len, clock))
    }

    /// The time with the words behind it that tell the half of the day: "9 Uhr morgens", "٣ مساء".
    fn half_told(&self, at: usize, len: usize, clock: Clock) -> (usize, Clock) {
        let next = self.skip_blanks(at + len);
        if clock.meridiem.is_some() || self.text[next..].starts_with(|c: char| c.is_ascii_digit()) {
            return (len, clock);
        }
        let told = |at| self.phrase_of(at, Set::Meridiem);
        let behind = || self.phrase_at(next, Set::TimeAfter).and_then(|s| told(self.skip_blanks(s.end)));
        match told(next).or_else(behind) {
            Some((span, half)) => {
                let fits = (1..=12).contains(&clock.hour);
                (span.end - at, Clock { meridiem: fits.then_some(&*self.g.phrases[half].value == "pm"), ..clock })
            }
            None => (len, clock),
        }
    }

    /// The phrase of `set` at `at`, with its number.
    fn phrase_of(&self, at: usize, set: Set) -> Option<(Span, usize)> {
        let from = self.phrases.partition_point(|m| m.span.start < at);
        self.phrases[from..].iter().take_while(|m| m.span.start == at).find_map(|m| match m.kind {
            MarkKind::Phrase(s, i) if s == set => Some((m.span, i as usize)),
            _ => None,
        })
    }

    fn skip_blanks(&self, at: usize) -> usize {
        at + self.text[at..].len() - self.text[at..].trim_start_matches([' ', '\t', '\u{a0}']).len()
    }

    /// The word between two times, with its white space (at most one line end).
    fn between(&self, at: usize) -> Option<usize> {
        let gap = &self.text[at..];
        let start = at + gap.len() - gap.trim_start().len();
        if self.text[at..start].matches('\n').count() > 1 {
            return None;
        }
        let mut word = self.phrase_at(start, Set::TimeBetween)?;
        let next = self.skip_blanks(word.end);
        // "to about", "alle ore"
        if let Some(more) = self.phrase_at(next, Set::TimeBefore).or_else(|| self.phrase_at(next, Set::Approx)) {
            word = more;
        }
        let next = self.skip_blanks(word.end);
        // the line may end behind the word
        let wrapped = self.text[next..].starts_with('\n') && start - at < 3 && !self.text[at..start].contains('\n');
        Some(if wrapped { self.skip_blanks(next + 1) } else { next })
    }

    fn when(&self, at: usize) -> Option<(Span, When)> {
        let mut start = self.clock_at(at)?;
        let before = self.phrase_before(at, Set::TimeBefore);
        let approximate = self.phrase_before(at, Set::Approx).is_some();
        let mut end_at = start.span.end;
        let after = self.after(&start);
        if let Some(a) = after {
            end_at = a.end;
        }
        let reach = dash(&self.text[end_at..])
            .map(|n| (end_at + n, true))
            .or_else(|| self.between(end_at).map(|n| (n, false)))
            .or_else(|| self.alone(at, end_at).map(|n| (n, true)));
        if let Some((next, dashed)) = reach {
            let approx = self.phrase_at(next, Set::Approx).map_or(next, |s| self.skip_blanks(s.end));
            let end = self.clock_at(approx).map(|e| (e, self.after(&e)));
            let holds = |e: &ClockAt, tail: bool| self.range_holds(&start, e, (before.is_some(), tail), dashed);
            if let Some((end, tail)) = end.filter(|(e, tail)| holds(e, tail.is_some())) {
                let score = range_score(&start.clock, &end.clock, before.is_some() || tail.is_some());
                let whole = Span::new(at, tail.map_or(end.span.end, |t| t.end));
                return Some((whole, When { start, end: Some(end), open_end: false, approximate, score }));
            }
            if let Some(open) = self.phrase_at(next, Set::OpenEnd).filter(|_| start.clock.style > Style::Compact) {
                return Some((
                    Span::new(at, open.end),
                    When { start, end: None, open_end: true, approximate, score: 0.95 },
                ));
            }
        }
        let mut score = single_score(&start.clock, before.is_some(), after.is_some());
        if self.asked(at) && (6..24).contains(&start.clock.hour) {
            score = score.max(ASKED);
        }
        if start.clock.style == Style::Bare && start.clock.meridiem.is_none() && self.dated(at, start.span.end) {
            score = 0.0;
        }
        let open_end = score >= 0.8 && self.trailing_dash(end_at);
        if after.is_some() && start.clock.style == Style::Bare {
            start.span = Span::new(start.span.start, start.span.end);
        }
        (score > 0.0).then(|| (Span::new(at, end_at), When { start, end: None, open_end, approximate, score }))
    }

    /// The word behind a clock time that says it is one; behind a bare number "hours" counts them, unless a word
    /// before it asks for a time ("a las 16 horas"), or the line begins with it ("16 horas: visita").
    fn after(&self, clock: &ClockAt) -> Option<Span> {
        let at = self.skip_blanks(clock.span.end);
        let counts = clock.clock.style == Style::Bare && self.phrase_at(at, Set::DurationUnit).is_some();
        let found = self.phrase_at(at, Set::TimeAfter)?;
        let heads = || {
            let before = self.text[..clock.span.start].trim_end_matches([' ', '\t', '-', '*', '\u{2022}', '\u{2013}']);
            (before.is_empty() || before.ends_with('\n')) && self.text[found.end..].starts_with(':')
        };
        (!counts || self.asked(clock.span.start) || heads()).then_some(found)
    }

    /// Whether a word before `at` asks for a time of day and nothing else.
    fn asked(&self, at: usize) -> bool {
        let value = |m: &Mark| match m.kind {
            MarkKind::Phrase(Set::TimeBefore, i) => Some(&self.g.phrases[i as usize].value),
            _ => None,
        };
        let end = self.text[..at].trim_end().len();
        let from = self.phrases.partition_point(|m| m.span.start + 24 < end);
        let before = self.phrases[from..].iter().take_while(|m| m.span.start < end).filter(|m| m.span.end == end);
        before.filter_map(value).any(|v| v.as_ref() == "sure")
    }

    /// Two times that stand alone, on one line ("10:00 11:30") or over two ("10:00", "-11:30"): where the second begins.
    fn alone(&self, start: usize, end: usize) -> Option<usize> {
        let first = self.text[..start].chars().next_back().is_none_or(|c| c == '\n');
        let gap = &self.text[end..];
        let next = gap
            .strip_prefix('\n')
            .map(|g| g.trim_start_matches('\n'))
            .and_then(|g| g.strip_prefix(['-', '\u{2013}', '\u{2014}']))
            .or_else(|| gap.strip_prefix(' ').map(|g| g.trim_start_matches(' ')))
            .filter(|g| first && gap.len() - g.len() <= 6)?;
        let (len, found) = clock(next)?;
        let rest = next[len..].split('\n').next().unwrap_or_default();
        (found.style >= Style::Dot && rest.trim().is_empty()).then_some(end + gap.len() - next.len())
    }

    /// A month beside a bare number: it is a day.
    fn dated(&self, start: usize, end: usize) -> bool {
        self.phrase_before(start, Set::Month).is_some() || self.phrase_at(self.skip_blanks(end), Set::Month).is_some()
    }

    /// "18:30--" with nothing behind.
    fn trailing_dash(&self, at: usize) -> bool {
        let rest = &self.text.as_bytes()[at..];
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(48)]).unwrap_or(rest.len().min(48));
        let line = self.text.get(at..at + end).unwrap_or("x");
        let rest = line.trim();
        let head = rest.trim_start_matches(['-', '\u{2013}', '\u{2014}', '~', '\u{ff5e}']);
        (rest.len() > head.len())
            && (rest.starts_with("--") || head.trim().is_empty())
            && !head.starts_with(|c: char| c.is_ascii_digit())
            && (head.trim().is_empty() || rest.starts_with("--"))
    }

    /// "18 - 21 Reception": whole hours of the day at a line's start, with a kind of session right behind them.
    fn heads_kind(&self, a: &ClockAt, b: &ClockAt) -> bool {
        let before = self.text[..a.span.start].trim_end_matches([' ', '\t']);
        let alone = before.is_empty() || before.ends_with('\n');
        let hours = (7..=24).contains(&a.clock.hour) && b.clock.hour <= 24;
        alone && hours && self.phrase_at(self.skip_blanks(b.span.end), Set::Kind).is_some()
    }

    fn range_holds(&self, a: &ClockAt, b: &ClockAt, (introduced, followed): (bool, bool), dashed: bool) -> bool {
        let (x, y) = (&a.clock, &b.clock);
        let minutes = |c: &Clock| c.style != Style::Bare;
        let follows_month = self.dated(a.span.start, b.span.end);
        match (x.style, y.style) {
            (Style::Compact, Style::Compact) => plausible_compact(x) && plausible_compact(y) && !years(x, y),
            (Style::Compact, _) | (_, Style::Compact) => false,
            (Style::Bare, Style::Bare) => {
                y.meridiem.is_some()
                    || (x.meridiem.is_some() && y.hour <= 12)
                    || (introduced && !dashed || followed) && !follows_month && x.hour > 0 && y.hour <= 24
                    || (dashed && !follows_month && x.hour < y.hour && self.heads_kind(a, b))
            }
            (Style::Bare, _) => x.hour > 0 && (y.meridiem.is_some() || y.style != Style::Dot || introduced || followed),
            (_, Style::Bare) => minutes(x) && y.hour > 0 && y.hour <= 24 && !follows_month,
            _ => true,
        }
    }
}

fn plausible_compact(c: &Clock) -> bool {
    c.minute.is_multiple_of(5) && c.hour < 24
}

/// `1985-1990`: two years rather than two times.
fn years(a: &Clock, b: &Clock) -> bool {
    (19..=20).contains(&a.hour) && (19..=20).contains(&b.hour) && a.meridiem.is_none()
}

/// What a bare number is worth behind a word that asks for a time of day and nothing else.
const ASKED: f32 = 0.6;

fn range_score(a: &Clock, b: &Clock, introduced: bool) -> f32 {
    match (a.style, b.style) {
        (Style::Colon | Style::H, _) | (_, Style::Colon | Style::H) => 1.0,
        _ if a.meridiem.is_some() || b.meridiem.is_some() || introduced => 0.98,
        (Style::Dot, Style::Dot) => 0.9,
        (Style::Compact, Style::Compact) => 0.8,
        _ => 0.6,
    }
}

fn single_score(c: &Clock, introduced: bool, followed: bool) -> f32 {
    match c.style {
        _ if c.meridiem.is_some() => 1.0,
        _ if followed && c.hour <= 24 => 0.95,
        Style::Colon => 0.95,
        Style::H => 0.9,
        Style::Dot if introduced => 0.9,
        Style::Dot => 0.45,
        Style::Compact if introduced => 0.6,
        Style::Compact => 0.3,
        Style::Bare if introduced && (1..=12).contains(&c.hour) => 0.4,
        Style::Bare => 0.0,
    }
}

/// Finds durations: a number, or two, before a unit.
pub(super) fn durations(text: &str, phrases: &[Mark], g: &Grammar, tokens: &mut Vec<Mark>) {
    for m in phrases {
        let MarkKind::Phrase(Set::DurationUnit, i) = m.kind else { continue };
        let Ok(unit) = g.phrases[i as usize].value.parse::<u32>() else { continue };
        let head = text[..m.span.start].trim_end_matches([' ', '-', '\n']);
        let Some((high, span)) = number_before(text, head.len()) else { continue };
        let before = text[..span.start].trim_end();
        let dashed = before.trim_end_matches(['-', '\u{2013}', '\u{2014}']);
        let low = (dashed.len() < before.len()).then(|| number_before(text, dashed.trim_end().len())).flatten();
        let (low, first) = low.filter(|(l, _)| *l < high).unwrap_or((high, span));
        if high.saturating_mul(unit) > 24 * 60 {
            continue;
        }
        if tokens.iter().any(|t| matches!(t.kind, MarkKind::When(_)) && t.span.overlaps(span)) {
            continue;
        }
        tokens.push(Mark {
            span: Span::new(first.start, m.span.end),
            kind: MarkKind::Duration([(low * unit, first), (high * unit, span)]),
        });
    }
}

/// The number of at most three digits that ends at `end`.
fn number_before(text: &str, end: usize) -> Option<(u32, Span)> {
    let head = &text[..end];
    let start = head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let n = head[start..].parse().ok().filter(|_| end - start <= 3)?;
    let glued = head[..start].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == ':');
    (!glued).then_some((n, Span::new(start, end)))
}
