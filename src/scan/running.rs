//! Texts that hold their whole programme in one line, as tokenised mails do: cut into the lines that they stand for.
//!
//! In: lines and marks. Out: lines, cut at times, days, labels, statuses, rows of ornaments, sentences and between
//! quoted titles; spaced times ("2 . 10") that the order of their neighbours confirms. Never: cuts a text of ordinary
//! lines.

use crate::grammar::{Grammar, Set};
use crate::model::Span;

use super::{Line, Mark, MarkKind, Style, trim};

/// Ranges of times that one line must hold.
const LEAST: usize = 4;
/// A line of this many bytes may hold a whole programme.
const RUNNING: usize = 240;
/// Other lines of such a text that are cut, where they hold a day.
const LONG: usize = 120;
/// A piece of this many bytes is no entry of a programme.
const ENTRY: usize = 240;
/// Fields that a programme's head has.
const HEADS: &[&str] = &["place", "room", "date", "time", "when", "title", "host", "organiser", "sponsor", "contact"];

/// Kinds whose words are a whole entry.
const FRAMES: &[&str] = &["break", "meal", "closing", "discussion", "opening", "registration"];

/// Cuts the lines of a text that runs on.
pub(super) fn cut(text: &str, lines: Vec<Line>, marks: &mut [Mark], g: &Grammar) -> Vec<Line> {
    let range = |m: &Mark| matches!(&m.kind, MarkKind::When(w) if w.end.is_some() && w.score >= 0.9);
    let running = |marks: &[Mark], line: &Line| {
        line.span.len() >= RUNNING && marks[inside(marks, line.span)].iter().filter(|m| range(m)).count() >= LEAST
    };
    if !lines.iter().any(|l| running(marks, l)) {
        return lines;
    }
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let at = inside(marks, line.span);
        let titled = marks[at.clone()].iter().any(day);
        if !(running(marks, &line) || line.span.len() >= LONG && titled) {
            out.push(line);
            continue;
        }
        confirm(text, &mut marks[at.clone()]);
        let mut starts = bounds(text, line.span, &marks[at], g);
        starts.push(line.span.end);
        for w in starts.windows(2) {
            let span = trim(text, Span::new(w[0], w[1]));
            if !span.is_empty() {
                out.push(piece(&line, span));
            }
        }
    }
    out
}

fn piece(line: &Line, span: Span) -> Line {
    Line {
        span,
        width: 0,
        indent: 0,
        blanks: if span.start == line.span.start { line.blanks } else { 0 },
        strong: Vec::new(),
        slanted: Vec::new(),
        ..line.clone()
    }
}

fn inside(marks: &[Mark], span: Span) -> std::ops::Range<usize> {
    let from = marks.partition_point(|m| m.span.start < span.start);
    let to = marks.partition_point(|m| m.span.start < span.end);
    from..to.max(from)
}

fn day(m: &Mark) -> bool {
    matches!(&m.kind, MarkKind::Date(d) if d.weekday.is_some())
}

/// "2 . 10", "2 . 40": a spaced time that follows the one before it within two hours is one.
fn confirm(text: &str, marks: &mut [Mark]) {
    let mut last: Option<i32> = None;
    for m in marks {
        if day(m) {
            last = None;
        }
        let MarkKind::When(w) = &mut m.kind else { continue };
        let clock = w.start.clock;
        let minutes = i32::from(clock.hour) * 60 + i32::from(clock.minute);
        let spaced = clock.style == Style::Dot && w.end.is_none() && w.score < 0.9 && m.span.of(text).contains(' ');
        if spaced && last.is_some_and(|l| (5..=120).contains(&(minutes - l).rem_euclid(720))) {
            w.score = 0.9;
        }
        if w.score >= 0.9 {
            last = Some(minutes);
        }
    }
}

/// Where a running line is cut.
fn bounds(text: &str, line: Span, marks: &[Mark], g: &Grammar) -> Vec<usize> {
    let mut bounds = vec![line.start];
    let mut end = line.start;
    let mut last_day: Option<&Mark> = None;
    for (i, m) in marks.iter().enumerate() {
        let between = &text[end.min(m.span.start)..m.span.start];
        let timed = matches!(&m.kind, MarkKind::When(w) if w.score >= 0.9);
        let told = match m.kind {
            MarkKind::Phrase(Set::Status, _) => status(text, line, m, &marks[i + 1..]),
            _ => label(text, m, g) && between.chars().any(char::is_alphanumeric),
        };
        // "wednesday may 27 , 9 : 00 - 13 : 00 at the harbour": when the event is, no row
        let dated = last_day.is_some_and(|d| {
            d.span.end <= m.span.start && !text[d.span.end..m.span.start].contains(char::is_alphanumeric)
        });
        let placed =
            || g.patterns("slot-placed").iter().any(|p| p.regex.is_match(text.get(m.span.end..line.end).unwrap_or("")));
        last_day = if day(m) { Some(m) } else { last_day };
        if timed && dated && placed() {
            end = m.span.end;
            continue;
        }
        if timed || day(m) || told {
            bounds.push(if timed || day(m) { m.span.start } else { label_word(text, m, marks) });
            // a label right behind a time is the row's own
            end = if timed { m.span.end } else { m.span.start };
        }
    }
    bounds.dedup();
    let mut more = Vec::new();
    let mut ends = bounds.clone();
    ends.push(line.end);
    for w in ends.windows(2) {
        let part = Span::new(w[0], w[1]);
        more.extend(quotes(text, part));
        more.extend(first_name(text, part, marks, g));
        more.extend(ornaments(text, part));
        if part.len() > ENTRY {
            more.extend(sentences(text, part, g));
            more.extend(behind_kind(text, part, marks, g));
        }
    }
    bounds.extend(more);
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

/// A status of several words with a day, a time, a colon or nothing behind it: "final programme".
fn status(text: &str, line: Span, m: &Mark, behind: &[Mark]) -> bool {
    let next = behind.iter().find(|n| day(n) || matches!(n.kind, MarkKind::When(_)));
    let rest = Span::new(m.span.end, next.map_or(line.end, |n| n.span.start).min(line.end));
    m.span.of(text).contains(' ')
        && (!rest.of(text).contains(char::is_alphanumeric) || rest.of(text).trim_start().starts_with(':'))
}

/// A word before a colon that announces people, a place or the like: "chair : …".
fn label(text: &str, m: &Mark, g: &Grammar) -> bool {
    let MarkKind::Phrase(set, i) = m.kind else { return false };
    let marked = text[m.span.end..].trim_start().starts_with(':');
    match set {
        Set::Role => marked,
        Set::Field => marked && g.phrases.get(i as usize).is_some_and(|p| HEADS.contains(&p.value.as_ref())),
        _ => false,
    }
}

/// Where a label begins: "conference date :" at its last word, for the first may end a name.
fn label_word(text: &str, m: &Mark, marks: &[Mark]) -> usize {
    let event = |n: &Mark| n.span.start == m.span.start && matches!(n.kind, MarkKind::Phrase(Set::EventWord, _));
    let last = m.span.of(text).rfind(' ').filter(|_| marks.iter().any(event));
    last.map_or(m.span.start, |i| m.span.start + i + 1)
}

/// The words of a stretch with where they stand.
fn words(text: &str, part: Span) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    part.of(text).split_whitespace().map(move |w| (w.as_ptr() as usize - base, w))
}

/// Behind a quoted title where names and another quoted title follow: "x . ` a ' . y . ` b '".
fn quotes(text: &str, part: Span) -> Vec<usize> {
    const LONGEST: usize = 300;
    const BETWEEN: usize = 120;
    let (mut found, mut open, mut closed): (Vec<usize>, Option<usize>, Option<usize>) = (Vec::new(), None, None);
    let (mut before, mut inner) = ("", 0);
    for (at, w) in words(text, part) {
        let opens = matches!(w, "`" | "``" | "\"") || w == "'" && before.len() > 2;
        let closes = matches!(w, "'" | "''" | "\"") && before.len() > 1;
        if open.is_some() && (w == "`" || closes && inner > 0) {
            inner = if closes { inner - 1 } else { inner + 1 };
            before = w;
            continue;
        }
        match open {
            Some(start) if closes || at - start > LONGEST => {
                open = None;
                closed = closes.then_some(at + w.len());
            }
            None if opens => {
                // the words between two titles begin the second one's entry
                if let Some(end) = closed.filter(|end| at - end <= BETWEEN) {
                    let gap = &text[end..at];
                    let lead = gap.len() - gap.trim_start_matches([' ', '.', ',', ';']).len();
                    if gap[lead..].chars().filter(|c| c.is_alphabetic()).count() >= 4 {
                        found.push(end + lead);
                    }
                }
                open = Some(at);
                (closed, inner) = (None, 0);
            }
            _ => {}
        }
        before = w;
    }
    found
}

/// "session 1 : forms and rules ann lee . ` a title '": where the names before the first quoted title begin, at the
/// first word behind the label's colon that lists know as a given name.
fn first_name(text: &str, part: Span, marks: &[Mark], g: &Grammar) -> Option<usize> {
    const NAMES: usize = 90;
    let quote = part.of(text).find(" ` ").map(|i| part.start + i)?;
    let numbered = |m: &&Mark| matches!(m.kind, MarkKind::Phrase(Set::Numbered, _)) && m.span.end < quote;
    let label = marks[inside(marks, part)].iter().find(numbered)?;
    let colon = text[label.span.end..quote].find(':').filter(|i| *i <= 8)? + label.span.end + 1;
    let given = |w: &str| w.len() > 2 && g.lexicons.word(w).given >= 2;
    let mut names = words(text, Span::new(colon, quote)).skip(1).filter(|(_, w)| given(w)).map(|(at, _)| at);
    names.find(|at| quote - at <= NAMES)
}

/// Before and behind rows of ornaments: "* * * * *", "= = = =".
fn ornaments(text: &str, part: Span) -> Vec<usize> {
    const ROW: usize = 4;
    let (mut found, mut run): (Vec<usize>, (usize, usize, &str)) = (Vec::new(), (0, 0, ""));
    for (at, w) in words(text, part) {
        let ornament = w.len() == 1 && w.bytes().all(|b| b.is_ascii_punctuation());
        if ornament && w == run.2 {
            run.1 += 1;
            continue;
        }
        if run.1 >= ROW {
            found.extend([run.0, at]);
        }
        run = if ornament { (at, 1, w) } else { (at, 0, "") };
    }
    if run.1 >= ROW {
        found.push(run.0);
    }
    found
}

/// Behind a full stop of its own that ends a sentence: not behind an initial, a title, or a stop before a quote.
fn sentences(text: &str, part: Span, g: &Grammar) -> Vec<usize> {
    let (mut found, mut before, mut stop) = (Vec::new(), "", false);
    for (at, w) in words(text, part) {
        if stop && w.starts_with(char::is_alphabetic) {
            found.push(at);
        }
        let title = g.lookup(Set::Honorific, before).is_some() || g.lookup(Set::ContactLabel, before).is_some();
        stop = w == "." && before.chars().count() > 2 && before.chars().all(char::is_alphabetic) && !title;
        before = w;
    }
    found
}

/// Behind the word of a break or a closing that begins an overlong entry: what follows is no more of it.
fn behind_kind(text: &str, part: Span, marks: &[Mark], g: &Grammar) -> Option<usize> {
    let marks = &marks[inside(marks, part)];
    let when = marks.iter().find(|m| m.span.start == part.start && matches!(m.kind, MarkKind::When(_)))?;
    let frame = |m: &&Mark| match m.kind {
        MarkKind::Phrase(Set::Kind, i) => g.phrases.get(i as usize).is_some_and(|p| FRAMES.contains(&p.value.as_ref())),
        _ => false,
    };
    let first = marks.iter().filter(frame).filter(|m| {
        m.span.start >= when.span.end && text[when.span.end..m.span.start].chars().all(|c| !c.is_alphanumeric())
    });
    first.map(|m| m.span.end).max().filter(|end| *end < part.end)
}
