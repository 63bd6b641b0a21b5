//! One entry of a programme taken apart: time, number, kind, title, people, place, duration, flags.

mod roles;
mod tail;
mod title;
mod told;

use roles::*;
use tail::*;
use title::*;

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::scan::{DateMark, MarkKind, View, When};
use crate::segment::{Class, Flat, Unit, field_label, leading_number};

use super::authors::authors;
use super::names;
use super::person::{PersonValue, expected_people, is_position, job_person, people, shaped_people, told_people};
use super::place::{PlaceValue, place};
use super::{Cx, split};

/// A kind's word and what it means.
#[derive(Clone, Debug)]
pub struct KindLabel {
    /// The kind, in the grammar's word.
    pub kind: Grounded,
    /// Whether the words are the whole title.
    pub whole: bool,
    /// Whether they stand at the title's start.
    pub first: bool,
}

/// A role's word and what it means.
#[derive(Clone, Debug)]
pub struct RoleLabel {
    /// The role.
    pub role: Grounded,
    /// The document's own word.
    pub label: Grounded,
}

/// A number and the kind of thing that it numbers.
#[derive(Clone, Debug)]
pub struct Number {
    /// As written.
    pub number: Grounded,
    /// Word ("Session") with what it means; nothing for a bare number.
    pub word: Option<Grounded>,
}

/// What one unit says.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Times, the first one the entry's own.
    pub whens: Vec<When>,
    /// Dates.
    pub dates: Vec<DateMark>,
    /// Number.
    pub number: Option<Number>,
    /// Kind.
    pub kind: Option<KindLabel>,
    /// Title.
    pub title: Option<Grounded>,
    /// Whether the title stood in quotes.
    pub quoted: bool,
    /// People.
    pub people: Vec<PersonValue>,
    /// Role label before the people.
    pub role: Option<RoleLabel>,
    /// Bodies and countries under the role label.
    pub parties: Vec<Grounded>,
    /// Field label and what it holds, in the flat text.
    pub field: Option<(String, Span)>,
    /// Place.
    pub place: Option<PlaceValue>,
    /// Least and most minutes.
    pub duration: Option<[Grounded; 2]>,
    /// (TBC).
    pub tentative: Option<Grounded>,
    /// Cancelled and the like.
    pub status: Option<Grounded>,
    /// A placeholder stood where the title would be.
    pub placeholder: bool,
}

/// What is longer than this many bytes is no entry of a programme.
const LONGEST: usize = 6000;

/// Reads a unit by its class.
pub(super) fn of_unit(cx: Cx, unit: &Unit) -> Entry {
    let Some(told) = &unit.told else { return worded(cx, unit) };
    if !told.person.is_empty() {
        return told::participant(cx, told);
    }
    if told.people {
        return told::people_cell(cx, unit, told);
    }
    let mut e = worded(cx, unit);
    told::add(cx, unit, told, &mut e);
    e
}

/// Reads a unit by its words.
fn worded(cx: Cx, unit: &Unit) -> Entry {
    if let Some(e) = marked_up(cx, unit).or_else(|| slanted_place(cx, unit)) {
        return e;
    }
    match unit.class {
        Class::Furniture | Class::Contact | Class::Cell => Entry::default(),
        _ if unit.flat.text.len() > LONGEST => Entry::default(),
        Class::Prose if unit.flat.text.len() > 400 => Entry::default(),
        Class::Person => person_line(cx, unit),
        Class::Row => row(cx, unit),
        _ => entry(cx, &unit.flat, unit.flat.all()),
    }
}

/// A row; "09:15 Opening by Mr. X" has the label's first words as its title.
fn row(cx: Cx, unit: &Unit) -> Entry {
    let flat = &unit.flat;
    let mut e = entry(cx, flat, flat.all());
    let v = cx.view(flat);
    room_only(cx, flat, &mut e);
    let label = e.role.as_ref().filter(|_| e.title.is_none() && !e.people.is_empty());
    if let Some(words) = label.filter(|r| presents(r)).and_then(|r| flat.here(*r.label.pieces.first()?)) {
        set_title(cx, flat, words, &mut e);
        return e;
    }
    let at = label.and_then(|r| r.label.pieces.first()).and_then(|s| flat.here(*s));
    let Some((kind, _)) = at.and_then(|s| v.phrase_at(s.start, Set::Kind)) else { return e };
    if v.of(Span::new(kind.end, flat.text.len())).trim_start().starts_with("by ") || v.of(kind).ends_with(" by") {
        let words = v.of(kind).strip_suffix(" by").map_or(kind, |w| Span::new(kind.start, kind.start + w.len()));
        set_title(cx, flat, words, &mut e);
        e.kind = cx.lexicon(flat, kind, Set::Kind, 0.9).map(|kind| KindLabel { kind, whole: true, first: true });
    }
    e
}

/// "09:30 Invited Speaker: Ann Lee": a label of several words for who presents is all that the row says of its matter.
fn presents(role: &RoleLabel) -> bool {
    role.role.value == "speaker" && role.label.value.trim().contains(' ') && !role.label.value.ends_with(" by")
}

/// "10:15 - 11:45 - Lecture room 8": the room is no title.
fn room_only(cx: Cx, flat: &Flat, e: &mut Entry) {
    let plain = e.people.is_empty() && e.kind.is_none() && e.number.is_none() && e.place.is_none();
    let Some(at) = e.title.as_ref().filter(|_| plain).and_then(|t| flat.here(*t.pieces.first()?)) else { return };
    let v = cx.view(flat);
    let room =
        v.phrases(at, Set::Place).any(|(s, p)| p.value.as_ref() == "room" && v.of(Span::new(s.end, at.end)).len() <= 6);
    let short = v.of(at).split_whitespace().count() <= 4 && v.of(at).ends_with(|c: char| c.is_ascii_digit());
    if room && short {
        e.place = Some(place(cx, flat, at, true)).filter(|p| !p.is_empty());
        if e.place.is_some() {
            e.title = None;
        }
    }
}

/// A line that its shape and neighbours make people's: who may be named there is.
fn person_line(cx: Cx, unit: &Unit) -> Entry {
    let flat = &unit.flat;
    let e = entry(cx, flat, flat.all());
    if !e.people.is_empty() || e.role.is_some() || e.title.is_none() || !e.whens.is_empty() {
        return e;
    }
    let people = expected_people(cx, flat, flat.all());
    if people.is_empty() { e } else { Entry { people, title: None, kind: None, ..e } }
}

/// A row or item whose title the format sets strong: what is slanted behind it is its place, what follows its people.
fn marked_up(cx: Cx, unit: &Unit) -> Option<Entry> {
    let line = unit.first(cx.s);
    let strong = line.strong.first().filter(|_| matches!(unit.class, Class::Row | Class::Item | Class::Heading))?;
    let flat = &unit.flat;
    let strong = strong_on(cx, unit, *strong);
    let title = flat.here(strong)?;
    let v = cx.view(flat);
    let before = v.of(Span::new(0, title.start));
    // "**Discussion:** what comes next", "**Session 2.** What comes next": a label
    let bare = v.strip(title, " :");
    let label = v.of(title).ends_with(':') && v.is(bare, Set::Kind)
        || !slanted_next(line, strong)
            && numbered(v, bare).is_some_and(|(_, _, end)| v.strip(Span::new(end, bare.end), " .").is_empty());
    if before.chars().filter(|c| c.is_alphabetic()).count() > 4
        || title.len() < 3
        || label
        || v.whens(title).any(|(w, _)| w.len() + 4 >= title.len())
    {
        return None;
    }
    let mut e = entry(cx, flat, Span::new(0, title.end));
    let mut rest = Span::new(title.end, flat.text.len());
    let lines = cx.s.lines[unit.lines.clone()].iter();
    let slants = lines.take(3).flat_map(|l| &l.slanted).filter_map(|s| flat.here(*s));
    if let Some(slanted) = slants.into_iter().find(|s| s.start >= title.end) {
        let minutes = durations(v, slanted).next().is_some();
        let told = v.has(slanted, Set::Place) || !minutes && v.of(slanted).bytes().any(|b| b.is_ascii_digit());
        if told {
            let found = place(cx, flat, slanted, true);
            e.place = e.place.take().or(Some(found).filter(|p| !p.is_empty()));
        }
        if told || minutes {
            rest = Span::new(slanted.end, rest.end);
        }
    }
    let rest = v.strip(rest, " *:-–—,.");
    let tail = if rest.is_empty() { Entry::default() } else { entry(cx, flat, rest) };
    if e.people.is_empty() && e.role.is_none() && tail.title.is_none() {
        e.people = tail.people;
        e.role = tail.role;
    }
    e.tentative = e.tentative.or(tail.tentative);
    Some(e)
}

/// A row or item without strong words whose last words alone are slanted, and a place: "Open forum *Room 4*".
fn slanted_place(cx: Cx, unit: &Unit) -> Option<Entry> {
    let flat = &unit.flat;
    let v = cx.view(flat);
    let lines = &cx.s.lines[unit.lines.clone()];
    let shown = matches!(unit.class, Class::Row | Class::Item) && lines.len() <= 3 && !flat.text.is_empty();
    if !shown || lines.iter().all(|l| l.slanted.is_empty()) || lines.iter().any(|l| !l.strong.is_empty()) {
        return None;
    }
    let mut runs = lines.iter().flat_map(|l| &l.slanted);
    let mut slanted = *runs.next()?;
    // one stretch that goes on in the next line
    if let Some(next) = runs.next() {
        let on = lines.iter().any(|l| l.span.end == slanted.end) && lines.iter().any(|l| l.span.start == next.start);
        slanted.end = next.end;
        if !on || runs.next().is_some() {
            return None;
        }
    }
    let at = flat.here(slanted).filter(|s| v.strip(Span::new(s.end, flat.text.len()), " *_.,").is_empty())?;
    let head = v.strip(Span::new(0, at.start), " *_-–—,:");
    let mut e = entry(cx, flat, head);
    let frame = e.kind.as_ref().is_some_and(|k| matches!(k.kind.value.as_str(), "meal" | "break" | "social"));
    let words: Vec<&str> = v.of(at).split_whitespace().collect();
    let capital =
        words.len() <= 5 && words.iter().all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let room = v.has(at, Set::Place) || capital && v.of(at).bytes().any(|b| b.is_ascii_digit());
    let timed = v.whens(at).next().is_some() || v.dates(at).next().is_some() || durations(v, at).next().is_some();
    if timed || e.title.is_none() || e.place.is_some() || !(room || frame && capital) {
        return None;
    }
    e.place = Some(place(cx, flat, at, true)).filter(|p| !p.is_empty());
    e.place.is_some().then_some(e)
}

/// Whether what stands right behind a strong stretch is slanted: a remark, no title.
fn slanted_next(line: &crate::scan::Line, strong: Span) -> bool {
    line.slanted.iter().any(|s| s.start >= strong.end && s.start <= strong.end + 4)
}

/// A strong stretch that goes on in the unit's next lines: all of it.
fn strong_on(cx: Cx, unit: &Unit, first: Span) -> Span {
    let mut whole = first;
    for pair in cx.s.lines[unit.lines.clone()].windows(2) {
        let ends = whole.end == pair[0].span.end;
        match pair[1].strong.first().filter(|s| ends && s.start == pair[1].span.start) {
            Some(next) => whole.end = next.end,
            None => break,
        }
    }
    whole
}

/// A session's word with its number at the start of `span`: "Session 2:", "Panel B -", "First session". Gives the
/// word, the number and where the rest begins.
pub fn numbered(v: View, span: Span) -> Option<(Span, Span, usize)> {
    if let Some((word, told)) = v.phrase_at(span.start, Set::Numbered) {
        let rest = Span::new(word.end, span.end);
        let text = v.of(rest);
        let gap = text.len()
            - text.trim_start_matches([' ', '-', '\u{2013}', '\u{2014}', '#', '°', 'º', '.', '\u{a0}']).len();
        let at = word.end + gap.min(text.len());
        let rest = Span::new(at, span.end);
        // "Session 2", "الجلسة الثانية"
        let number = number_token(v, rest).or_else(|| ordinal_token(v, rest, &told.language))?;
        return Some((word, number, number.end));
    }
    let (first, _) = v.phrase_at(span.start, Set::Ordinal)?;
    let at = v.trim(Span::new(first.end, span.end)).start;
    let (word, _) = v.phrase_at(at, Set::Numbered)?;
    // "Third workshop on wells" is an event and its edition
    let event = v.phrase_at(at, Set::EventWord).is_some() && !bounded(v, Span::new(word.end, span.end));
    (!event).then_some((word, first, word.end))
}

/// An ordinal of the session's word's language behind it, where a colon or the end follows.
fn ordinal_token(v: View, span: Span, language: &str) -> Option<Span> {
    let (s, _) = v.phrase_at(span.start, Set::Ordinal).filter(|(_, p)| &*p.language == language)?;
    bounded(v, Span::new(s.end, span.end.max(s.end))).then_some(s)
}

/// Whether nothing follows, or a mark that parts.
fn bounded(v: View, behind: Span) -> bool {
    let behind = v.of(behind).trim_start();
    behind.is_empty() || behind.starts_with([':', '-', '\u{2013}', '\u{2014}', '.', '|'])
}

/// `2`, `IV`, `B`, `3A`, `two`, with a bound behind it.
fn number_token(v: View, span: Span) -> Option<Span> {
    if let Some((s, _)) = v.phrase_at(span.start, Set::Cardinal) {
        return Some(s);
    }
    let text = v.of(span);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let small = text[digits..].bytes().take_while(u8::is_ascii_lowercase).count();
    let more = text[digits..].bytes().take_while(u8::is_ascii_uppercase).count();
    // "Lab 2b"
    let more = if digits > 0 && small == 1 { 1 } else { more };
    let dotted = text[digits + more..].strip_prefix('.').map_or(0, |t| {
        let n = t.bytes().take_while(u8::is_ascii_digit).count();
        if n > 0 { n + 1 } else { 0 }
    });
    let lettered = if digits == 0 && more == 1 { text[1..].bytes().take_while(u8::is_ascii_digit).count() } else { 0 };
    let len = digits + more + dotted + lettered;
    let roman = text[..len].bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L'));
    let after = text[len..].chars().next();
    let bounded = !after.is_some_and(|c| c.is_alphanumeric() || c == '\'');
    let holds = digits > 0 && digits <= 3 && more <= 1 || digits == 0 && (more == 1 || (roman && more <= 5));
    (holds && len > 0 && bounded).then(|| Span::new(span.start, span.start + len))
}

/// Reads `span` of a unit as an entry.
pub fn entry(cx: Cx, flat: &Flat, span: Span) -> Entry {
    let v = cx.view(flat);
    let mut e = Entry { dates: v.dates(span).map(|(_, d)| d.clone()).collect(), ..Entry::default() };
    let mut rest = v.strip(span, " \t*|");
    if v.of(rest).starts_with('(') && v.of(rest).matches('(').count() > v.of(rest).matches(')').count() {
        rest = v.strip(Span::new(rest.start + 1, rest.end), " ");
    }
    rest = take_times(v, rest, &mut e);
    if let Some((n, after)) = leading_number(v.text, rest) {
        e.number =
            cx.read(flat, n, "", &[], "base/entry/leading-number", 0.8).map(|number| Number { number, word: None });
        rest = after;
        rest = take_times(v, rest, &mut e);
    }
    if let Some((_, phrase, value)) = field_label(v, rest) {
        e.field = Some((phrase.value.to_string(), value));
    }
    if take_role(cx, flat, rest, &mut e) {
        return e;
    }
    if let Some(head) = role_behind(cx, flat, rest, &mut e) {
        rest = head;
    }
    rest = take_number(cx, flat, rest, &mut e);
    rest = take_tail(cx, flat, rest, &mut e);
    take_kind(cx, flat, rest, &mut e);
    let body = after_label(v, rest, &e);
    if body.start > rest.start && v.phrase_at(body.start, Set::Role).is_some() && e.role.is_none() {
        // "Opening ceremony: MC: Ann Lee"
        let mut inner = Entry::default();
        if take_role(cx, flat, body, &mut inner) && inner.title.is_none() && !inner.people.is_empty() {
            (e.role, e.people) = (inner.role, inner.people);
            set_title(cx, flat, Span::new(rest.start, body.start), &mut e);
            return e;
        }
    }
    title_and_people(cx, flat, body, &mut e);
    if e.title.is_none() && body.start > rest.start && !e.people.is_empty() {
        // "Wrap-up: Mr. X": the label is the title
        set_title(cx, flat, Span::new(rest.start, body.start), &mut e);
    }
    frame_place(cx, flat, &mut e, body);
    e
}

/// Takes times off both ends.
fn take_times(v: View, span: Span, e: &mut Entry) -> Span {
    let mut rest = span;
    loop {
        let edge = v.whens(rest).find(|(s, w)| {
            let lead = v.of(Span::new(rest.start, s.start));
            let first = lead.chars().all(|c| !c.is_alphanumeric())
                || v.is(v.strip(Span::new(rest.start, s.start), " :("), Set::TimeBefore);
            first && w.score >= 0.3
        });
        if let Some((s, w)) = edge {
            e.whens.push(*w);
            rest = v.trim(v.strip_start(Span::new(s.end, rest.end), " \t:-–—|•·.,;)~=¢/"));
            if let Some((z, _)) = v.phrase_at(rest.start, Set::Zone) {
                rest = v.trim(v.strip_start(Span::new(z.end, rest.end), " \t:-–—|)"));
            }
            continue;
        }
        let tail = v
            .whens(rest)
            .filter(|(_, w)| w.score >= if w.start.clock.style == crate::scan::Style::Compact { 0.85 } else { 0.5 })
            .last()
            .filter(|(s, _)| {
                let after = v.of(Span::new(s.end, rest.end));
                after.chars().all(|c| !c.is_alphanumeric())
                    || v.is(v.strip(Span::new(s.end, rest.end), " ()[]"), Set::Zone)
            });
        let Some((s, w)) = tail else { return rest };
        let head = Span::new(rest.start, s.start);
        e.whens.push(*w);
        rest = v.strip(head, " \t:-–—|•·,;([");
        if let Some((t, _)) = v.phrases(rest, Set::TimeBefore).last().filter(|(t, _)| t.end == rest.end) {
            rest = v.strip(Span::new(rest.start, t.start), " ,:-–—");
        }
    }
}

/// "Session 2:" off the front.
fn take_number(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> Span {
    let v = cx.view(flat);
    let Some((word, number, end)) = numbered(v, span) else { return span };
    let steps: &[&str] = if v.phrase_at(number.start, Set::Cardinal).is_some() {
        &["number.cardinal"]
    } else if v.phrase_at(number.start, Set::Ordinal).is_some() {
        &["number.ordinal"]
    } else {
        &[]
    };
    if let Some(n) = cx.read(flat, number, "", steps, "base/entry/numbered", 0.95) {
        e.number = Some(Number { number: n, word: cx.lexicon(flat, word, Set::Numbered, 0.9) });
    }
    let mut rest = v.strip(Span::new(end, span.end), " \t:-–—|•·.");
    // "Case study 1 (Korea): Title"
    if let Some(close) =
        v.of(rest).find("):").filter(|c| v.of(rest).starts_with('(') && !v.of(rest)[1..*c].contains('(') && *c < 40)
    {
        rest = v.strip(Span::new(rest.start + close + 2, rest.end), " :");
    }
    if v.of(rest).starts_with("on ") && v.of(Span::new(end, span.end)).starts_with(" on ") {
        rest = Span::new(rest.start + 3, rest.end);
    }
    let before = e.whens.len();
    let rest = take_times(v, rest, e);
    if e.whens.len() > before { rest } else { v.strip(rest, " \t") }
}
