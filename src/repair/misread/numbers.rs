//! Digits that were read as letters.
//!
//! In: a text. Out: the changes that make a clock time, a part of a date, the number of a session, a duration or a telephone
//! number whole. Never: touches a number that stands in none of these places, nor one that has no digit at all.

use crate::grammar::{Grammar, Set, Slot};
use crate::model::Span;

use super::super::Change;
use super::evidence::replaced;
use super::tokens::{Token, tokens};

/// A telephone number has at least so many digits.
const PHONE: usize = 7;
/// And stands at most so far behind its label.
const REACH: usize = 48;

struct Numbers<'a> {
    text: &'a str,
    g: &'a Grammar,
    tokens: Vec<Token>,
}

/// A number with its letters read as digits.
struct Read {
    value: String,
    changes: Vec<Change>,
    digits: usize,
}

pub(super) fn changes(text: &str, g: &Grammar, changes: &mut Vec<Change>) {
    let numbers = Numbers { text, g, tokens: tokens(text).collect() };
    let mut at = 0;
    while at < numbers.tokens.len() {
        numbers.half(at, changes);
        let took =
            numbers.clock(at, changes).or_else(|| numbers.one(at, changes)).or_else(|| numbers.glued(at, changes));
        at += took.unwrap_or(1);
    }
}

/// The one reading of `word` that is wanted.
fn readings(word: &str, g: &Grammar, buffer: &mut String, wanted: &[&str]) -> Option<(Span, String, usize)> {
    if wanted.contains(&word) {
        return None;
    }
    let mut found = None;
    for (at, _) in word.char_indices() {
        for (rule, seen, meant) in g.misreadings.at(Slot::Word, &word[at..]) {
            replaced(word, Span::new(at, at + seen), meant, buffer);
            if wanted.contains(&buffer.as_str())
                && found.replace((Span::new(at, at + seen), meant.to_owned(), rule)).is_some()
            {
                return None;
            }
        }
    }
    found
}

impl Numbers<'_> {
    fn of(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.span.of(self.text))
    }

    /// What stands between a word and the next.
    fn gap(&self, i: usize) -> &str {
        match (self.tokens.get(i), self.tokens.get(i + 1)) {
            (Some(a), Some(b)) => self.text.get(a.span.end..b.span.start).unwrap_or(""),
            _ => "\n",
        }
    }

    fn read(&self, i: usize) -> Option<Read> {
        let span = self.tokens.get(i).filter(|t| t.shape.len() < 13)?.span;
        self.read_span(span)
    }

    fn read_span(&self, span: Span) -> Option<Read> {
        let mut read = Read { value: String::new(), changes: Vec::new(), digits: 0 };
        for (at, c) in span.of(self.text).char_indices() {
            if c.is_ascii_digit() {
                read.value.push(c);
                read.digits += 1;
                continue;
            }
            let at = span.start + at;
            let (rule, seen, meant) = self.g.misreadings.at(Slot::Number, &self.text[at..span.end]).next()?;
            read.value.push_str(meant);
            read.changes.push(Change { span: Span::new(at, at + seen), to: meant.to_owned(), rule });
        }
        Some(read)
    }

    /// `l0:3O`, `1lh45`: how many words of the text it took.
    fn clock(&self, i: usize, changes: &mut Vec<Change>) -> Option<usize> {
        let token = *self.tokens.get(i)?;
        if self.text[..token.span.start].ends_with([':', '.', '/', '@']) {
            return None;
        }
        let word = token.span.of(self.text);
        let french = word.find('h').filter(|n| (1..3).contains(n) && word.len() == n + 3 && word.is_ascii());
        let (hour, minute, took) = match french {
            Some(n) => {
                let cut = token.span.start + n;
                (Span::new(token.span.start, cut), Span::new(cut + 1, token.span.end), 1)
            }
            None => {
                // "12,30pm": the half of the day goes with the minutes
                let next = self.tokens.get(i + 1)?.span;
                let half = [["am", "pm"], ["AM", "PM"]].concat().iter().any(|h| next.of(self.text).ends_with(h));
                (token.span, if half { Span::new(next.start, next.end - 2) } else { next }, if half { 1 } else { 2 })
            }
        };
        let sign = Span::new(hour.end, minute.start).of(self.text);
        let comma = sign == ","
            && (self.begins_line(hour.start) || self.text[..hour.start].trim_end().ends_with(['-', '–', '—']));
        if !matches!(sign, ":" | "." | "h") && !comma || hour.len() > 2 || minute.len() != 2 {
            return None;
        }
        let (h, m) = (self.read_span(hour)?, self.read_span(minute)?);
        let is_time = h.value.parse().is_ok_and(|h: u32| h < 25) && m.value.parse().is_ok_and(|m: u32| m < 60);
        let behind = &self.text[minute.end..];
        let open = behind
            .starts_with(|c: char| matches!(c, '.' | ':') && behind[1..].starts_with(|d: char| d.is_ascii_digit()));
        let placed = !matches!(sign, "." | ",")
            || comma && self.is_followed(minute.end)
            || self.begins_line(hour.start)
            || self.is_followed(minute.end);
        if !is_time
            || open
            || !placed
            || h.digits + m.digits == 0
            || h.changes.is_empty() && m.changes.is_empty() && !comma
        {
            return None;
        }
        changes.extend(h.changes.into_iter().chain(m.changes));
        let point = self.g.misreadings.at(Slot::Sign, sign).find(|(_, _, meant)| *meant == ".").filter(|_| comma);
        changes.extend(point.map(|(rule, _, to)| Change {
            span: Span::new(hour.end, minute.start),
            to: to.to_owned(),
            rule,
        }));
        Some(took)
    }

    /// What stands behind a time for "am" and "pm": `2.15prn`, `9:00 orn`, `8:45 a.rn.`
    fn half(&self, i: usize, changes: &mut Vec<Change>) {
        let Some(token) = self.tokens.get(i) else { return };
        let word = token.span.of(self.text);
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let start = token.span.end - letters.len();
        let own = letters.len() < word.len();
        let short = matches!(letters.len(), 1..4) && letters.is_ascii();
        let timed = |j: usize| matches!(self.gap(j), " " | "" | "." | ",") && self.is_number(j);
        if !short || !(own || i > 0 && timed(i - 1) || i > 1 && matches!(self.of(i - 1), "a" | "p") && timed(i - 2)) {
            return;
        }
        let dotted = i > 0 && matches!(self.of(i - 1), "a" | "p") && matches!(self.gap(i - 1), "." | ",");
        let wanted: &[&str] = if dotted { &["m"] } else { &["am", "pm"] };
        let mut buffer = String::new();
        let Some((at, by, rule)) = readings(letters, self.g, &mut buffer, wanted) else { return };
        changes.push(Change { span: at.shifted(start), to: by, rule });
    }

    /// A number that ran together with its word: `February2013`, `to13:55`, `10tb`.
    fn glued(&self, i: usize, changes: &mut Vec<Change>) -> Option<usize> {
        let token = self.tokens.get(i).filter(|t| t.shape.digits > 0 && !t.shape.address && !t.shape.accents)?;
        let word = token.span.of(self.text);
        let space = self.g.misreadings.lost(Slot::LostSpace)?;
        let between = |part: &str| part.len() == 2 && self.g.lookup(Set::TimeBetween, part).is_some();
        let digit = |c: char| c.is_ascii_digit();
        let clock = |at: usize| self.text[at..].starts_with([':', '.']) && self.text[at + 1..].starts_with(digit);
        let first = word.find(digit)?;
        let cut = super::evidence::month(word, self.g)
            .or_else(|| Some(first).filter(|n| between(&word[..*n]) && clock(token.span.end)))
            .or_else(|| {
                let end = word.find(|c: char| !digit(c)).filter(|n| *n == 2 && between(&word[*n..]))?;
                self.text[..token.span.start].ends_with(':').then_some(end)
            });
        if let Some(cut) = cut {
            let last = word[..cut].chars().next_back()?;
            let at = token.span.start + cut;
            changes.push(Change { span: Span::new(at - last.len_utf8(), at), to: format!("{last} "), rule: space });
            return Some(1);
        }
        let letters = word.trim_start_matches(digit);
        if first > 0 || letters.len() != 2 || word.len() > 4 {
            return None;
        }
        let mut buffer = String::new();
        let (at, by, rule) = readings(letters, self.g, &mut buffer, &["st", "nd", "rd", "th"])?;
        changes.push(Change { span: at.shifted(token.span.end - 2), to: by, rule });
        Some(1)
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text[..at].trim_end_matches([' ', '(', '|']).ends_with(['\n', '\t']) || self.text[..at].trim().is_empty()
    }

    /// A dash, or the half of the day.
    fn is_followed(&self, at: usize) -> bool {
        let rest = self.text[at..].trim_start_matches(' ');
        rest.starts_with(['-', '–', '—', '¢'])
            || ["am", "pm", "a.m", "p.m"].iter().any(|m| rest.get(..m.len()).is_some_and(|r| r.eq_ignore_ascii_case(m)))
    }

    fn one(&self, i: usize, changes: &mut Vec<Change>) -> Option<usize> {
        let read = self.read(i).filter(|r| !r.changes.is_empty())?;
        let n: u32 = read.value.parse().ok()?;
        let is_small_l = self.of(i) == "l";
        let has_digit = read.digits > 0;
        let fits = has_digit && (self.is_year(i, &read.value) || self.is_duration(i) || self.is_phone(i))
            || (has_digit || is_small_l)
                && (n > 0 && n < 32 && read.value.len() < 3 && self.is_day(i)
                    || n > 0 && n < 100 && self.is_numbered(i, &read));
        fits.then(|| {
            changes.extend(read.changes);
            1
        })
    }

    fn is(&self, i: usize, set: Set) -> bool {
        let word = self.of(i);
        word.len() > 1 && self.g.lookup(set, word).is_some()
    }

    /// A month, or what one sign more or less makes one.
    fn is_month(&self, i: usize) -> bool {
        let word = self.of(i);
        if word.len() < 3 || self.is(i, Set::Month) {
            return word.len() > 2;
        }
        let mut buffer = String::new();
        let mut near = |at: Span, by: &str| {
            replaced(word, at, by, &mut buffer);
            self.g.lookup(Set::Month, &buffer).is_some()
        };
        word.len() > 4
            && word.is_ascii()
            && word.char_indices().any(|(at, _)| {
                self.g.misreadings.at(Slot::Word, &word[at..]).any(|(_, seen, by)| near(Span::new(at, at + seen), by))
                    || ('a'..='z').any(|c| near(Span::new(at, at), c.encode_utf8(&mut [0; 4])))
            })
    }

    fn is_number(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.shape.digits > 0 && t.shape.upper + t.shape.lower == 0)
    }

    fn is_year(&self, i: usize, value: &str) -> bool {
        let dated = |j: usize| self.is_month(j) || self.is_number(j) && j > 0 && self.is_month(j - 1);
        value.len() == 4
            && (value.starts_with("19") || value.starts_with("20"))
            && i > 0
            && self.gap(i - 1).len() < 4
            && dated(i - 1)
    }

    fn is_day(&self, i: usize) -> bool {
        let near = |j: usize| self.gap(j).len() < 6 && !self.gap(j).contains('\n');
        let behind = near(i) && (self.is_month(i + 1) || near(i + 1) && self.is_number(i + 1) && self.is_month(i + 2));
        behind || i > 0 && near(i - 1) && self.is_month(i - 1)
    }

    /// "3B" is one of several in parallel: only what reads as 0 or 1 is no letter here.
    fn is_numbered(&self, i: usize, read: &Read) -> bool {
        i > 0
            && read.changes.iter().all(|c| matches!(c.to.as_str(), "0" | "1"))
            && self.gap(i - 1) == " "
            && self.is(i - 1, Set::Numbered)
    }

    fn is_duration(&self, i: usize) -> bool {
        let unit = |j: usize| self.gap(j).len() < 4 && self.is(j + 1, Set::DurationUnit);
        unit(i) || self.gap(i).len() < 4 && self.is_number(i + 1) && unit(i + 1)
    }

    /// Among groups of digits behind a plus or a label.
    fn is_phone(&self, i: usize) -> bool {
        let joined = |j: usize| {
            let gap = self.gap(j);
            gap.len() < 4 && gap.chars().all(|c| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '—' | '–'))
        };
        let digits = |j: usize| self.read(j).filter(|r| r.digits > 0).map(|r| r.value.len());
        let (mut first, mut last) = (i, i);
        let mut count = digits(i).unwrap_or(0);
        while first > 0
            && joined(first - 1)
            && let Some(n) = digits(first - 1)
        {
            first -= 1;
            count += n;
        }
        while joined(last)
            && let Some(n) = digits(last + 1)
        {
            last += 1;
            count += n;
        }
        let Some(start) = self.tokens.get(first).map(|t| t.span.start) else { return false };
        let before = self.text[..start].trim_end_matches(['(', ' ']);
        let label = first > 0
            && start - self.tokens[first - 1].span.end < REACH.min(6)
            && self.is(first - 1, Set::ContactLabel);
        (PHONE..18).contains(&count) && (before.ends_with('+') || label || self.text[start..].starts_with("00"))
    }
}
