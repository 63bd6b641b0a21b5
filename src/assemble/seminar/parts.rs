//! Houses, rooms and room numbers, and how neighbours make one place.
//!
//! In: the marks of the vocabularies `place` and `body`, the grammars' patterns of room codes. Out: [`Spot`]s. Never:
//! decides which of them the talk's is.

use std::sync::Arc;

use crate::grammar::Set;
use crate::model::Span;
use crate::parse::Cx;
use crate::scan::{MarkKind, View};

/// What a part of a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A building by its word: "Olin Hall".
    House,
    /// A body that may also be a building: "Mellow Institute".
    Body,
    /// A room by its word, with a number or name: "Room 12", "Blue Lounge".
    Room,
    /// A room's word alone: "the auditorium".
    Word,
    /// A house's name or abbreviation with a number: "OlH 1203".
    Code,
    /// A number that stands where a room is expected.
    Number,
}

/// One part of a place.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The words, number included.
    pub(super) span: Span,
    /// What it is.
    pub(super) sort: Sort,
    /// A room number in it, at its start or end.
    pub(super) number: Option<Span>,
}

/// Neighbouring parts that make one place.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// All of it.
    pub(super) span: Span,
    /// Its parts in reading order.
    pub(super) parts: Vec<Part>,
    /// The rule that found the first part.
    pub(super) rule: Arc<str>,
}

impl Spot {
    /// Whether a part is of this sort.
    pub(super) fn has(&self, sort: Sort) -> bool {
        self.parts.iter().any(|p| p.sort == sort)
    }

    /// The room number in it.
    pub(super) fn number(&self) -> Option<Span> {
        self.parts.iter().find_map(|p| p.number)
    }
}

/// Texts longer than this are no announcement of one talk: what stands further down is not looked at.
pub(super) const REACH: usize = 60_000;
const LONGEST: usize = 90;

/// Every place that the document names, left to right.
pub(super) fn spots(cx: Cx) -> Vec<Spot> {
    let v = cx.s.view();
    let mut parts: Vec<(Part, Arc<str>)> = Vec::new();
    for m in v.marks.iter().take_while(|m| m.span.start < REACH) {
        let MarkKind::Phrase(set @ (Set::Place | Set::Body), i) = m.kind else { continue };
        let phrase = &cx.g.phrases[i as usize];
        let found = match set {
            Set::Place => worded(cx, m.span, phrase.value.as_ref() == "room"),
            _ => body(cx, m.span),
        };
        if let Some(part) = found {
            keep(&mut parts, part, &phrase.id);
        }
    }
    for rule in cx.patterns("place-code") {
        for c in rule.regex.captures_iter(v.text.get(..super::floor(v.text, REACH)).unwrap_or("")) {
            if let Some(part) = c.name("place").and_then(|m| coded(cx, Span::new(m.start(), m.end()), &rule.value)) {
                keep(&mut parts, part, &rule.id);
            }
        }
    }
    parts.sort_by_key(|(p, _)| (p.span.start, std::cmp::Reverse(p.span.end)));
    chain(cx, parts)
}

/// Adds a part: of two that overlap the one with a house's or room's own word stays, else the longer.
fn keep(parts: &mut Vec<(Part, Arc<str>)>, mut part: Part, rule: &Arc<str>) {
    // "Room 12 Olin Hall": the number is the room's
    if let Some(n) = part.number.filter(|n| {
        parts.last().is_some_and(|(p, _)| p.number == Some(*n) && p.span.end == n.end && part.span.start == n.start)
    }) {
        part.span.start = (n.end + 1).min(part.span.end);
        part.number = None;
    }
    let rank = |p: &Part| {
        let worded = !matches!(p.sort, Sort::Code | Sort::Number);
        (worded, p.number.is_some(), p.span.len(), p.sort != Sort::Body)
    };
    // marks come in reading order, patterns' finds after them
    let ordered = parts.last().is_none_or(|(p, _)| p.span.start <= part.span.end);
    let clash = if ordered { parts.len().saturating_sub(8) } else { 0 };
    let mut wins = true;
    for (other, _) in &parts[clash..] {
        if other.span.overlaps(part.span) && rank(other) >= rank(&part) {
            wins = false;
        }
    }
    if wins {
        let mut at = clash;
        while at < parts.len() {
            if parts[at].0.span.overlaps(part.span) {
                parts.remove(at);
            } else {
                at += 1;
            }
        }
        parts.push((part, rule.clone()));
    }
}

/// A part around a word of the vocabulary of places.
fn worded(cx: Cx, word: Span, room: bool) -> Option<Part> {
    let v = cx.s.view();
    let capital = v.of(word).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let mut span = word;
    // "Bldg.", "Rm. 12", but a sentence may end behind "Hall"
    let dotted = v.text[span.end..].strip_prefix('.').filter(|_| word.len() <= 4);
    let short = !v.of(word).contains(['a', 'e', 'i', 'o', 'u']);
    if dotted.is_some_and(|rest| short || rest.trim_start_matches(' ').starts_with(|c: char| c.is_ascii_digit())) {
        span.end += 1;
    }
    if capital {
        span.start = run_left(cx, word.start);
    } else if let Some(name) = name_of_room(cx, word).filter(|_| room) {
        span.start = name;
    }
    let behind = number_behind(v, span, room || span.start == word.start);
    let before = behind.is_none().then(|| number_before(v, span.start)).flatten();
    let number = behind.or(before);
    let named = span.start < word.start || capital && v.of(word).contains(' ');
    span = Span::new(before.map_or(span.start, |n| n.start), behind.map_or(span.end, |n| n.end));
    if !room {
        // "Médiathèque des Tilleuls": the name stands behind the word
        let behind = &v.text[span.end..super::floor(v.text, span.end + 60)];
        let of = |p: &crate::grammar::Pattern| Some(p.regex.captures(behind)?.name("words")?.end());
        let tail = cx.patterns("place-of").filter(|_| capital && !named).find_map(of);
        span.end += tail.unwrap_or(0);
        let known = (capital && (named || number.is_some() || tail.is_some())).then_some(Sort::House)?;
        return Some(Part { span, sort: known, number });
    }
    // "Sala Polivalente": so is a room's
    let called = |p: &crate::grammar::Pattern| {
        let m = p.regex.captures(&v.text[span.end..super::floor(v.text, span.end + 60)])?.name("words")?;
        Some(span.end + m.end()).filter(|end| unnamed(cx, Span::new(span.end + 1, *end)))
    };
    let tail = cx.patterns("room-of").filter(|_| capital && !named && number.is_none()).find_map(called);
    span.end = tail.unwrap_or(span.end);
    let named = named || span.start < word.start || tail.is_some();
    let sort = if behind.is_some() || span.start < word.start || (capital && (named || v.of(word).contains(' '))) {
        Sort::Room
    } else {
        Sort::Word
    };
    let follows = v
        .marks_in(Span::new(word.start.saturating_sub(40), word.start))
        .any(|m| m.span.end + 1 == word.start && matches!(m.kind, MarkKind::Phrase(Set::Place, _)));
    let introduced = capital
        || span.start < word.start
        || follows
        || number.is_some()
        || cx
            .patterns("place-article")
            .any(|p| p.regex.is_match(&v.text[super::floor(v.text, word.start.saturating_sub(12))..word.start]));
    // "room for all" is no place
    (introduced && (capital || number.is_some() || word.len() > 4)).then_some(Part { span, sort, number })
}

/// "in the CMT conference room", "the CMT red conference room": where the room's own name begins, behind the article.
fn name_of_room(cx: Cx, word: Span) -> Option<usize> {
    let v = cx.s.view();
    if !v.of(word).contains(' ') {
        return None;
    }
    let head = v.text[super::floor(v.text, word.start.saturating_sub(40))..word.start].strip_suffix(' ')?;
    let from = |words: &str| word.start - 1 - words.len();
    for rule in cx.patterns("room-name") {
        if let Some(m) = rule.regex.captures(head).and_then(|c| c.name("name")) {
            return Some(from(&head[m.start()..]));
        }
    }
    None
}

/// A body that may be a building: only with a name of its own.
fn body(cx: Cx, word: Span) -> Option<Part> {
    let v = cx.s.view();
    let start = run_left(cx, word.start);
    let capital = v.of(word).starts_with(char::is_uppercase);
    let behind = &v.text[word.end..super::floor(v.text, word.end + 60)];
    let open = behind.starts_with(" of ")
        || behind.starts_with(" for ")
        || v.of(word).ends_with(" of")
        || v.of(word).ends_with(" for");
    let tail = cx
        .patterns("body-of")
        .filter(|p| open || p.value.as_ref() == "named")
        .find_map(|p| p.regex.captures(behind)?.name("words").map(|m| m.end()));
    if !capital || (start == word.start || open) && tail.is_none() {
        return None;
    }
    let word = Span::new(word.start, word.end + tail.unwrap_or(0));
    let span = Span::new(start, word.end);
    let behind = number_behind(v, span, false);
    let before = behind.is_none().then(|| number_before(v, start)).flatten();
    let number = behind.or(before);
    Some(Part {
        span: Span::new(before.map_or(start, |n| n.start), behind.map_or(word.end, |n| n.end)),
        sort: Sort::Body,
        number,
    })
}

/// A code such as `OlH 1203`, or a bare number; not a date's, a month's or a title's.
fn coded(cx: Cx, span: Span, sort: &str) -> Option<Part> {
    let v = cx.s.view();
    let near = Span::new(span.start.saturating_sub(1), (span.end + 1).min(v.text.len()));
    let other = v
        .marks
        .iter()
        .skip(v.marks.partition_point(|m| m.span.start + 40 < near.start))
        .take_while(|m| m.span.start < near.end)
        .any(|m| {
            let typed = match &m.kind {
                MarkKind::When(w) => w.score >= 0.5,
                MarkKind::Date(_) | MarkKind::Phone | MarkKind::Email | MarkKind::Url => true,
                _ => false,
            };
            typed && m.span.overlaps(span)
        });
    let text = v.of(span);
    let digits = |c: char| c.is_ascii_digit();
    let lead = text.find(char::is_whitespace).unwrap_or(0);
    let numbered = text[..lead].contains(digits) && !text[lead..].contains(digits);
    let number = if sort == "code" && (text.starts_with(digits) || numbered) {
        Span::new(span.start, span.start + text.find(char::is_whitespace)?)
    } else {
        let at = text.find(digits)?;
        let head = text[..at]
            .trim_end_matches(|c: char| c.is_ascii_uppercase() && !text[..at].ends_with(char::is_whitespace))
            .len();
        Span::new(span.start + if text[..head].ends_with(char::is_whitespace) { head } else { at }, span.end)
    };
    let words =
        if number.start == span.start { Span::new(number.end, span.end) } else { Span::new(span.start, number.start) };
    let words = v.trim(words);
    let taken = [
        Set::Month,
        Set::Weekday,
        Set::Stop,
        Set::Street,
        Set::Field,
        Set::Numbered,
        Set::Kind,
        Set::EventWord,
        Set::Zone,
        Set::Position,
        Set::Extension,
    ]
    .iter()
    .any(|set| v.has(words, *set))
        || v.has(words, Set::ContactLabel) && !v.of(number).ends_with(char::is_alphabetic)
        || blocks(cx, v.of(words));
    let year = v.of(number).len() == 4 && (v.of(number).starts_with("19") || v.of(number).starts_with("20"));
    if other || taken || (year && number.start == span.start) {
        return None;
    }
    let left = if sort == "code" && number.start > span.start { run_left(cx, span.start) } else { span.start };
    let more = &v.text[left..span.start];
    // "Ann Marrow 103" is one house; a word that texts use otherwise is not part of it
    let longer =
        more.split_whitespace().count() == 1 && !more.contains('\n') && unnamed(cx, Span::new(left, span.start)) && {
            let info = v.grammar.lexicons.word(more.trim());
            (!info.common || info.given >= 2) && more.trim().len() > 3
        };
    let mut span = Span::new(if longer { left } else { span.start }, span.end);
    if number.start == span.start {
        span.end = second_word(cx, span).unwrap_or(span.end);
    }
    let sort = match sort {
        "code" => Sort::Code,
        "floor" => Sort::Room,
        _ => Sort::Number,
    };
    Some(Part { span, sort, number: (sort != Sort::Room).then_some(number) })
}

/// "12 Old Chem" at a line's end: the house's second word.
fn second_word(cx: Cx, span: Span) -> Option<usize> {
    let v = cx.s.view();
    let rest = v.text[span.end..].split('\n').next().unwrap_or("");
    let word = rest.strip_prefix(' ')?.trim_end();
    let shaped = word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
    let end = span.end + 1 + word.len();
    (shaped && (3..=12).contains(&word.len()) && unnamed(cx, Span::new(span.end + 1, end))).then_some(end)
}

/// Whether a word stops a run of capitalised words: small words, days, labels.
fn blocks(cx: Cx, word: &str) -> bool {
    cx.patterns("place-stop").any(|p| p.regex.is_match(word))
}

/// Where the capitalised words before `at` begin; at most four, one space apart, over one line end inside prose.
fn run_left(cx: Cx, at: usize) -> usize {
    let v = cx.s.view();
    let mut start = at;
    for n in 0..4 {
        let head = &v.text[..start];
        let trimmed = head.trim_end_matches([' ', '\n']);
        let gap = &head[trimmed.len()..];
        let wrapped = gap.contains('\n');
        if gap.is_empty()
            || gap.len() > 1 && !wrapped
            || wrapped && (n > 0 || gap.len() > 1 || start != at || !full_line(v, trimmed.len()))
        {
            break;
        }
        let from = trimmed
            .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '/' | '\u{201c}'))
            .map_or(0, |i| i + trimmed[i..].chars().next().map_or(1, char::len_utf8));
        let from = trimmed[from..].rfind("--").map_or(from, |i| from + i + 2);
        let word = &trimmed[from..];
        let span = Span::new(from, trimmed.len());
        let shaped = word.starts_with(char::is_uppercase)
            && (word.chars().all(|c| c.is_alphanumeric() || matches!(c, '\'' | '&' | '-' | '\u{2019}'))
                || word.len() <= 3 && word.ends_with('.'));
        let typed = [Set::Weekday, Set::Month, Set::Clock, Set::Zone].iter().any(|set| v.is(span, *set));
        let place = v
            .marks_in(Span::new(from.saturating_sub(30), span.end))
            .any(|m| m.span.end == span.end && matches!(m.kind, MarkKind::Phrase(Set::Place, _)));
        if !shaped || typed || place || blocks(cx, word) || word.len() > 24 {
            break;
        }
        start = from;
    }
    start
}

/// Whether the line that ends at `end` is a full line of prose.
fn full_line(v: View, end: usize) -> bool {
    let head = &v.text[..end];
    end - head.rfind('\n').map_or(0, |i| i + 1) >= 50
}

/// `A12`, `223D`, `105-106`, `4-231`.
fn is_room_number(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    let rest = &text[letters..];
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let tail = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let tail = tail.strip_suffix('-').unwrap_or(tail);
    letters <= 2
        && (1..=8).contains(&digits)
        && rest.len() - tail.len() <= 1
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && tail.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '/'))
        && tail.ends_with(|c: char| c.is_ascii_digit())
        && tail.split(['-', '/', '.']).all(|n| n.len() <= 4)
}

/// Whether `span` is part of a time, date or number of another sort.
fn other_number(v: View, span: Span) -> bool {
    let from = v.marks.partition_point(|m| m.span.start + 60 < span.start);
    v.marks[from..].iter().take_while(|m| m.span.start < span.end).any(|m| {
        let typed = match &m.kind {
            MarkKind::When(w) => w.score >= 0.5,
            MarkKind::Date(_) | MarkKind::Phone => true,
            _ => false,
        };
        typed && m.span.overlaps(span)
    })
}

/// A room number right behind a place's words; for a room's word also one letter ("Room B").
fn number_behind(v: View, span: Span, room: bool) -> Option<Span> {
    let rest = &v.text[span.end..];
    let body = rest.trim_start_matches([' ', '\n', ',', '#', '\t']);
    let gap = &rest[..rest.len() - body.len()];
    if gap.is_empty()
        || gap.len() > 3 && !gap.contains('#')
        || gap.matches('\n').count() > usize::from(full_line(v, span.end) && gap.len() == 1)
        || gap.contains('\t')
    {
        return None;
    }
    let len = body.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/'))).unwrap_or(body.len());
    let token = body[..len].trim_end_matches(['.', '-', '/']);
    let number = Span::new(span.end + gap.len(), span.end + gap.len() + token.len());
    let letter = room
        && gap == " "
        && token.len() == 1
        && token.starts_with(|c: char| c.is_ascii_uppercase())
        && !v.text[number.end..].starts_with(char::is_alphanumeric)
        && !v.text[number.end..].starts_with(". ");
    let short = gap.contains(',') && token.len() < 3 && token.bytes().all(|b| b.is_ascii_digit());
    let clock =
        body[token.len()..].starts_with(':') && body[token.len() + 1..].starts_with(|c: char| c.is_ascii_digit());
    let mixed = room
        && token.len() <= 5
        && token.bytes().any(|b| b.is_ascii_digit())
        && token.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let beyond = Span::new(number.end, super::floor(v.text, number.end + 24));
    let street =
        v.phrase(beyond, Set::Street).is_some_and(|(s, _)| !v.text[number.end..s.start].contains([',', '\n', '.']));
    let fits = (is_room_number(token) || mixed) && !short && !clock || letter;
    (fits && !street && !other_number(v, number)).then_some(number)
}

/// A room number right before a house's words: "4021 Olin Hall".
fn number_before(v: View, at: usize) -> Option<Span> {
    let head = &v.text[..at];
    let trimmed = head.trim_end_matches([' ', '\n']);
    let gap = &head[trimmed.len()..];
    if gap.is_empty() || gap.len() > 1 {
        return None;
    }
    let from = trimmed
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')))
        .map_or(0, |i| i + trimmed[i..].chars().next().map_or(1, char::len_utf8));
    let number = Span::new(from, trimmed.len());
    let token = &trimmed[from..];
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let year = token.len() == 4 && (token.starts_with("19") || token.starts_with("20"));
    let month = v.marks_in(Span::new(from.saturating_sub(14), from)).any(|m| {
        matches!(m.kind, MarkKind::Phrase(Set::Month, _))
            && v.text[m.span.end..from].trim_matches(['.', ' ']).is_empty()
    });
    (is_room_number(token) && digits >= 2 && !year && !month && !other_number(v, number)).then_some(number)
}

/// Joins neighbours: at most three, with a comma, "in", a bracket or a line end between.
fn chain(cx: Cx, parts: Vec<(Part, Arc<str>)>) -> Vec<Spot> {
    let v = cx.s.view();
    let mut spots: Vec<Spot> = Vec::new();
    for (part, rule) in parts {
        if let Some(last) = spots.last_mut()
            && joins(cx, last, &part)
        {
            last.span = Span::new(last.span.start, part.span.end.max(last.span.end));
            last.parts.push(part);
            continue;
        }
        spots.push(Spot { span: part.span, parts: vec![part], rule });
    }
    spots.retain(|s| !v.of(s.span).is_empty());
    spots.iter_mut().for_each(|s| tail(cx, s));
    spots.iter_mut().for_each(|s| lead(cx, s));
    spots
}

/// "Olin, Blue Room": the house is named before the room by its name alone.
fn lead(cx: Cx, spot: &mut Spot) {
    let v = cx.s.view();
    if spot.parts.iter().any(|p| p.sort != Sort::Room) {
        return;
    }
    let from = super::floor(v.text, spot.span.start.saturating_sub(60));
    let Some(m) =
        cx.patterns("place-lead").find_map(|p| p.regex.captures(&v.text[from..spot.span.start])?.name("place"))
    else {
        return;
    };
    let span = Span::new(from + m.start(), from + m.end());
    if unnamed(cx, span) && crate::parse::names::name_at(v, span).is_none() {
        spot.parts.insert(0, Part { span, sort: Sort::House, number: None });
        spot.span.start = span.start;
    }
}

/// Whether words may be a house's name: no vocabulary knows them as something else.
pub(super) fn unnamed(cx: Cx, span: Span) -> bool {
    let v = cx.s.view();
    let sets = [
        Set::City,
        Set::Country,
        Set::Weekday,
        Set::Month,
        Set::Stop,
        Set::KnownBody,
        Set::Unit,
        Set::EventWord,
        Set::Kind,
        Set::Field,
        Set::Honorific,
        Set::Suffix,
        Set::Clock,
        Set::Zone,
        Set::Position,
    ];
    // "Tower of Song": what stands before the "of" tells
    if let Some(i) = v.of(span).find(" of ") {
        return unnamed(cx, Span::new(span.start, span.start + i));
    }
    !sets.iter().any(|set| v.has(span, *set)) && !v.of(span).split_whitespace().any(|w| blocks(cx, w))
}

/// "Blue Room, Olin": the house is named behind the room by its name alone.
fn tail(cx: Cx, spot: &mut Spot) {
    let v = cx.s.view();
    if spot.parts.iter().any(|p| p.sort != Sort::Room) {
        return;
    }
    let rest = &v.text[spot.span.end..super::floor(v.text, spot.span.end + 60)];
    let Some(m) = cx.patterns("place-tail").find_map(|p| {
        p.regex.captures(rest).and_then(|c| c.name("place").or_else(|| c.name("house")).or_else(|| c.name("code")))
    }) else {
        return;
    };
    let span = Span::new(spot.span.end + m.start(), spot.span.end + m.end());
    if unnamed(cx, span) {
        spot.parts.push(Part { span, sort: Sort::House, number: None });
        spot.span.end = span.end;
    }
}

fn joins(cx: Cx, last: &Spot, part: &Part) -> bool {
    let v = cx.s.view();
    if last.parts.len() >= 3 || part.span.start < last.span.end || part.span.end - last.span.start > LONGEST + 40 {
        return false;
    }
    let gap = &v.text[last.span.end..part.span.start];
    let one_number = last.number().is_none()
        || part.number.is_none()
        || part.sort == Sort::Room
        || last.parts.iter().all(|p| p.sort == Sort::Room);
    let codes = matches!(part.sort, Sort::Code | Sort::Number)
        || last.parts.iter().any(|p| matches!(p.sort, Sort::Code | Sort::Number));
    // "Olin Hall 12 Mellow University", "Olin Hall 12 (note room)"
    let done = last.number().is_some()
        && (part.sort == Sort::Body && !gap.contains(',') || part.sort == Sort::Word && gap.contains('('));
    let behind = &v.text[last.span.end..part.span.end];
    let noted =
        gap.contains('(') && cx.patterns("place-end").any(|p| p.regex.find(behind).is_some_and(|m| m.start() == 0));
    let broken = gap.contains('\n') && last.parts.iter().any(|p| p.sort == Sort::Body && v.of(p.span).contains(" of "));
    let bodies = broken
        || part.sort == Sort::Body && last.has(Sort::Body)
        || gap.contains('\n') && part.sort == Sort::House && last.has(Sort::Body);
    let fits = cx.patterns("place-gap").any(|p| p.regex.is_match(gap));
    // "CS Lounge, Olin 701", "CS lounge (Olin 701)"
    let code = part.sort == Sort::Code
        && (gap.starts_with(',') || gap.ends_with('('))
        && last.number().is_none()
        && last.parts.iter().all(|p| p.sort != Sort::Code)
        && v.of(part.span).starts_with(char::is_uppercase);
    // "OlH 512, North Campus"
    let coded = part.sort == Sort::House
        && part.number.is_none()
        && gap.starts_with(',')
        && matches!(last.parts.as_slice(), [p] if p.sort == Sort::Code);
    fits && one_number && !bodies && !done && !noted && (!codes || code || coded)
}
