//! One entry of a programme taken apart: time, number, kind, title, people, place, duration, flags.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::scan::{DateMark, MarkKind, View, When};
use crate::segment::{Class, Flat, Unit, field_label, leading_number};

use super::names;
use super::person::{PersonValue, expected_people, is_position, people};
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

/// Reads a unit by its class.
pub(super) fn of_unit(cx: Cx, unit: &Unit) -> Entry {
    if let Some(e) = marked_up(cx, unit) {
        return e;
    }
    match unit.class {
        Class::Furniture | Class::Contact => Entry::default(),
        Class::Prose if unit.flat.text.len() > 400 => Entry::default(),
        _ => entry(cx, &unit.flat, unit.flat.all()),
    }
}

/// A row or item whose title the format sets strong: what is slanted behind it is its place, what follows its people.
fn marked_up(cx: Cx, unit: &Unit) -> Option<Entry> {
    let line = unit.first(cx.s);
    let strong = line.strong.first().filter(|_| matches!(unit.class, Class::Row | Class::Item | Class::Heading))?;
    let flat = &unit.flat;
    let title = flat.here(*strong)?;
    let v = cx.view(flat);
    let before = v.of(Span::new(0, title.start));
    if before.chars().filter(|c| c.is_alphabetic()).count() > 4 || title.len() < 3 || v.whens(title).any(|(w, _)| w.len() + 4 >= title.len()) {
        return None;
    }
    let mut e = entry(cx, flat, Span::new(0, title.end));
    let mut rest = Span::new(title.end, flat.text.len());
    if let Some(slanted) = line.slanted.first().and_then(|s| flat.here(*s)).filter(|s| s.start >= title.end) {
        let told = v.has(slanted, Set::Place) || v.of(slanted).bytes().any(|b| b.is_ascii_digit());
        if told {
            let found = place(cx, flat, slanted, true);
            e.place = e.place.take().or(Some(found).filter(|p| !p.is_empty()));
        }
        rest = Span::new(slanted.end, rest.end);
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

/// A session's word with its number at the start of `span`: "Session 2:", "Panel B -", "First session". Gives the
/// word, the number and where the rest begins.
pub fn numbered(v: View, span: Span) -> Option<(Span, Span, usize)> {
    if let Some((word, _)) = v.phrase_at(span.start, Set::Numbered) {
        let rest = Span::new(word.end, span.end);
        let text = v.of(rest);
        let gap = text.len() - text.trim_start_matches([' ', '-', '\u{2013}', '\u{2014}', '#', '°', 'º', '.', '\u{a0}']).len();
        let at = word.end + gap.min(text.len());
        let number = number_token(v, Span::new(at, span.end))?;
        return Some((word, number, number.end));
    }
    let (first, _) = v.phrase_at(span.start, Set::Ordinal)?;
    let at = v.trim(Span::new(first.end, span.end)).start;
    let (word, _) = v.phrase_at(at, Set::Numbered)?;
    Some((word, first, word.end))
}

/// `2`, `IV`, `B`, `3A`, `two`, with a bound behind it.
fn number_token(v: View, span: Span) -> Option<Span> {
    if let Some((s, _)) = v.phrase_at(span.start, Set::Cardinal) {
        return Some(s);
    }
    let text = v.of(span);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let more = text[digits..].bytes().take_while(|b| b.is_ascii_uppercase()).count();
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
        e.number = cx.read(flat, n, "", &[], "base/entry/leading-number", 0.8).map(|number| Number { number, word: None });
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
            let first = lead.chars().all(|c| !c.is_alphanumeric()) || v.is(v.strip(Span::new(rest.start, s.start), " :("), Set::TimeBefore);
            first && w.score >= 0.3
        });
        if let Some((s, w)) = edge {
            e.whens.push(*w);
            rest = v.trim(v.strip_start(Span::new(s.end, rest.end), " \t:-–—|•·.,;)~=¢"));
            if let Some((z, _)) = v.phrase_at(rest.start, Set::Zone) {
                rest = v.trim(v.strip_start(Span::new(z.end, rest.end), " \t:-–—|)"));
            }
            continue;
        }
        let tail = v.whens(rest).filter(|(_, w)| w.score >= if w.start.clock.style == crate::scan::Style::Compact { 0.85 } else { 0.5 }).last().filter(|(s, _)| {
            let after = v.of(Span::new(s.end, rest.end));
            after.chars().all(|c| !c.is_alphanumeric()) || v.is(v.strip(Span::new(s.end, rest.end), " ()[]"), Set::Zone)
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

/// A role label with its people: "Chair: X", "Moderated by X", "X, Chair".
fn take_role(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> bool {
    let v = cx.view(flat);
    for set in [Set::Role, Set::RoleVerb] {
        let Some((label, _)) = v.phrase_at(span.start, set) else { continue };
        let rest = Span::new(label.end, span.end);
        let text = v.of(rest);
        // a number between: "Speaker 1:"
        let skipped = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '.' || c == '#');
        let marked = skipped.starts_with([':', '-', '\u{2013}', '\u{2014}', '\t', '=']) || text.starts_with("  ");
        let body = v.strip(rest, " :-–—\t.=");
        let body = v.strip(Span::new(if marked { span.end - skipped.len() } else { body.start }, span.end), " :-–—\t=");
        let body_people = expected_people(cx, flat, body);
        if !(marked || set == Set::RoleVerb || body.is_empty() || (!body_people.is_empty() && body_people[0].name.score >= 0.6)) {
            continue;
        }
        if set == Set::RoleVerb && body_people.is_empty() && !v.has(body, Set::Country) && !v.has(body, Set::Body) {
            continue;
        }
        let (Some(role), Some(word)) = (cx.lexicon(flat, label, set, 0.97), cx.read(flat, label, "", &[], "base/entry/role-label", 0.97)) else { continue };
        let kind = v.phrase_at(span.start, Set::Kind).is_some();
        if body_people.is_empty() && !body.is_empty() {
            // "Speaker 1: Title. Mr. X": what follows the label is an entry of its own
            let inner = entry(cx, flat, body);
            if inner.title.is_some() && !inner.people.is_empty() {
                *e = Entry { whens: std::mem::take(&mut e.whens), dates: std::mem::take(&mut e.dates), number: e.number.take(), ..inner };
                e.role = Some(RoleLabel { role, label: word });
                return true;
            }
            if kind {
                // "Keynote: Title": a kind rather than a role
                continue;
            }
            e.parties = if v.of(body).split_whitespace().count() <= 8 && !v.of(body).contains([':', '?']) { parties(cx, flat, body) } else { Vec::new() };
            if e.parties.is_empty() && marked {
                set_title(cx, flat, body, e);
            }
        }
        if let Some((_, d)) = durations(v, body).last() {
            e.duration = duration(cx, flat, d);
        }
        e.people = body_people;
        e.role = Some(RoleLabel { role, label: word });
        return true;
    }
    false
}

/// "Auditorium A. Chair: X": a role label behind other words; gives what stands before it.
fn role_behind(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> Option<Span> {
    let v = cx.view(flat);
    let (label, _) = v.phrases(span, Set::Role).find(|(s, _)| {
        let before = v.of(Span::new(span.start, s.start)).trim_end();
        s.start > span.start && before.ends_with(['.', ';', ',', '|', '\u{b7}']) && v.of(Span::new(s.end, span.end)).trim_start().starts_with(':')
    })?;
    let body = v.strip(Span::new(label.end, span.end), " :-–—");
    let found = expected_people(cx, flat, body);
    if found.is_empty() {
        return None;
    }
    e.role = Some(RoleLabel { role: cx.lexicon(flat, label, Set::Role, 0.95)?, label: cx.read(flat, label, "", &[], "base/entry/role-label", 0.95)? });
    e.people = found;
    let head = v.strip(Span::new(span.start, label.start), " .;,|·");
    if v.has(head, Set::Place) && head.len() < 60 {
        e.place = Some(place(cx, flat, head, true));
        return Some(Span::new(head.end, head.end));
    }
    Some(head)
}

/// Bodies and countries in a role.
fn parties(cx: Cx, flat: &Flat, body: Span) -> Vec<Grounded> {
    let v = cx.view(flat);
    let wanted = |p: &Span| {
        (v.is(*p, Set::Country) || v.is(*p, Set::City) || v.has(*p, Set::Body) || v.has(*p, Set::KnownBody))
            && !v.is(*p, Set::NoPerson) && !v.is(*p, Set::Placeholder)
    };
    split::commas_only(v, body)
        .into_iter()
        .filter(wanted)
        .filter_map(|p| cx.read(flat, p, "name", &[], "base/entry/party", 0.8))
        .collect()
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
    if let Some(close) = v.of(rest).find("):").filter(|c| v.of(rest).starts_with('(') && !v.of(rest)[1..*c].contains('(') && *c < 40) {
        rest = v.strip(Span::new(rest.start + close + 2, rest.end), " :");
    }
    if v.of(rest).starts_with("on ") && v.of(Span::new(end, span.end)).starts_with(" on ") {
        rest = Span::new(rest.start + 3, rest.end);
    }
    let before = e.whens.len();
    let rest = take_times(v, rest, e);
    if e.whens.len() > before { rest } else { v.strip(rest, " \t") }
}

/// Brackets, durations, flags and places off the end.
fn take_tail(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> Span {
    let v = cx.view(flat);
    let mut rest = v.trim(span);
    while let Some(open) = last_bracket(v.of(rest)) {
        let group = Span::new(rest.start + open, rest.end);
        if names::before_bracket(v, Span::new(rest.start, group.start)).is_some() {
            break;
        }
        let inner = v.strip(group, " ()[].,;");
        if !take_group(cx, flat, inner, e) {
            break;
        }
        rest = v.strip(Span::new(rest.start, group.start), " ,;");
    }
    if let Some(cell) = v.of(rest).rfind('\t').or_else(|| v.of(rest).rfind("   ")) {
        let inner = v.strip(Span::new(rest.start + cell, rest.end), " \t");
        if v.is(inner, Set::NoPerson) || v.phrase_at(inner.start, Set::NoPerson).is_some() && inner.len() < 40 {
            rest = v.strip(Span::new(rest.start, rest.start + cell), " \t");
        }
        let found = expected_people(cx, flat, inner);
        if !found.is_empty() && e.people.is_empty() {
            e.people = found;
            rest = v.strip(Span::new(rest.start, rest.start + cell), " \t");
        } else if v.has(inner, Set::Place) && inner.len() < 60 {
            let p = place(cx, flat, inner, true);
            if !p.is_empty() {
                e.place = Some(p);
                rest = v.strip(Span::new(rest.start, rest.start + cell), " \t");
            }
        }
    }
    if let Some((s, p)) = v.phrases(rest, Set::Flag).last().filter(|(s, _)| s.end == rest.end && s.start > rest.start + 3) {
        let before = v.of(Span::new(rest.start, s.start)).trim_end();
        if before.ends_with(['-', '\u{2013}', '\u{2014}', ':', ',']) {
            match p.value.as_ref() {
                "tentative" => e.tentative = cx.flag(flat, s),
                _ => e.status = cx.lexicon(flat, s, Set::Status, 0.95),
            }
            rest = v.strip(Span::new(rest.start, s.start), " -–—:,");
        }
    }
    if e.duration.is_none() {
        if let Some((s, d)) = durations(v, rest).last().filter(|(s, _)| v.strip(Span::new(s.end, rest.end), " .,)max").is_empty()) {
            e.duration = duration(cx, flat, d);
            rest = v.strip(Span::new(rest.start, s.start), " ,-–—(");
        }
    }
    rest
}

fn durations<'a>(v: View<'a>, span: Span) -> impl Iterator<Item = (Span, &'a [(u32, Span); 2])> {
    v.marks_in(span).filter_map(|m| match &m.kind {
        MarkKind::Duration(d) => Some((m.span, d)),
        _ => None,
    })
}

fn duration(cx: Cx, flat: &Flat, d: &[(u32, Span); 2]) -> Option<[Grounded; 2]> {
    let _ = flat;
    let read = |(minutes, at): (u32, Span)| {
        let plain: u32 = at.of(cx.s.text).parse().ok()?;
        let times = format!("number.times:{}", minutes / plain.max(1));
        let steps: Vec<&str> = if minutes == plain { vec!["number.cardinal"] } else { vec!["number.cardinal", &times] };
        Grounded::read(cx.s.text, cx.g, &[at], "", "", &steps, "base/time/duration", 0.95)
    };
    Some([read(d[0])?, read(d[1])?])
}

/// "Lunch (Cantina Azul)": what stands in brackets behind a break, a meal or a reception is its place.
fn frame_place(cx: Cx, flat: &Flat, e: &mut Entry, body: Span) {
    let frame = e.kind.as_ref().is_some_and(|k| k.first && matches!(k.kind.value.as_str(), "break" | "meal" | "social" | "poster" | "registration" | "visit"));
    let v = cx.view(flat);
    let Some(open) = last_bracket(v.of(body)).filter(|_| frame && e.place.is_none() && e.people.is_empty()) else { return };
    let inner = v.strip(Span::new(body.start + open, body.end), " ()[].,;");
    let words = v.of(inner).split_whitespace().count();
    if !(1..=6).contains(&words) || !v.of(inner).starts_with(char::is_uppercase) {
        return;
    }
    e.place = Some(place(cx, flat, inner, true)).filter(|p| !p.is_empty());
    if e.place.is_some() {
        set_title(cx, flat, Span::new(body.start, body.start + open), e);
    }
}

/// Where the last bracket group opens, if the text ends with one.
fn last_bracket(text: &str) -> Option<usize> {
    let text = text.trim_end_matches(['.', ',', ';', ' ']);
    let (close, open) = match text.chars().next_back()? {
        ')' => (')', '('),
        ']' => (']', '['),
        _ => {
            // a bracket that never closes
            let open = text.rfind('(')?;
            return (!text[open..].contains(')') && open > 0).then_some(open);
        }
    };
    let mut depth = 0;
    for (i, c) in text.char_indices().rev() {
        if c == close {
            depth += 1;
        } else if c == open {
            depth -= 1;
            if depth == 0 {
                return Some(i);
            }
        }
    }
    None
}

/// One bracket group at an entry's end; whether it was understood.
fn take_group(cx: Cx, flat: &Flat, inner: Span, e: &mut Entry) -> bool {
    let v = cx.view(flat);
    if inner.is_empty() {
        return true;
    }
    let mut body = inner;
    let mut understood = false;
    if let Some((s, d)) = durations(v, Span::new(body.start, v.text[body.end..].find(')').map_or(body.end, |i| body.end + i))).last() {
        e.duration = e.duration.take().or_else(|| duration(cx, flat, d));
        let head = v.strip(Span::new(body.start, s.start), " ,;-–—");
        let filler = v.of(head).len() <= 12 && !v.of(head).contains(',') && !names::starts(v, head);
        if head.is_empty() || filler {
            return true;
        }
        body = head;
        understood = true;
    }
    if let Some((s, p)) = v.phrases(body, Set::Flag).last().filter(|(s, _)| s.end == body.end) {
        match p.value.as_ref() {
            "tentative" => e.tentative = cx.flag(flat, s),
            "cancelled" | "postponed" => e.status = cx.lexicon(flat, s, Set::Status, 0.95),
            _ => {}
        }
        body = v.strip(Span::new(body.start, s.start), " ,;-–—");
        understood = true;
        if body.is_empty() {
            return true;
        }
    }
    if take_slot(v, body, e) {
        return true;
    }
    if take_role_inside(cx, flat, body, e) {
        return true;
    }
    // a name alone in brackets must be a sure one: it may be a house or a body
    let listed = v.of(body).contains([',', ';', '/']) || v.phrase_at(body.start, Set::Honorific).is_some();
    let found = if listed { expected_people(cx, flat, body) } else { people(cx, flat, body) };
    let sure = |p: &PersonValue| if listed { p.name.score >= 0.55 } else { p.name.score >= 0.6 };
    if e.people.is_empty() && found.first().is_some_and(sure) && !v.has(body, Set::Place) {
        e.people = found;
        return true;
    }
    if e.people.is_empty() && found.first().is_some_and(|p| p.name.score >= 0.55) {
        e.people = found;
        return true;
    }
    if v.has(body, Set::Place) && v.of(body).split_whitespace().count() <= 7 {
        let p = place(cx, flat, body, false);
        if !p.is_empty() && e.place.is_none() {
            e.place = Some(p);
            return true;
        }
    }
    understood
}

/// "(Tuesday 7 February 2023, 14:00–15:45 UTC)": dates and times alone.
fn take_slot(v: View, body: Span, e: &mut Entry) -> bool {
    let known: usize = v.whens(body).map(|(s, _)| s.len()).sum::<usize>()
        + v.dates(body).map(|(s, _)| s.len()).sum::<usize>()
        + v.phrases(body, Set::Zone).map(|(s, _)| s.len()).sum::<usize>();
    if known == 0 || known + 6 < body.len() {
        return false;
    }
    e.whens.extend(v.whens(body).map(|(_, w)| *w));
    true
}

/// "(Room 4; session chair: X)".
fn take_role_inside(cx: Cx, flat: &Flat, body: Span, e: &mut Entry) -> bool {
    let v = cx.view(flat);
    let Some((label, _)) = v.phrase(body, Set::Role).or_else(|| v.phrase(body, Set::RoleVerb)) else { return false };
    let verb = v.phrase_at(label.start, Set::RoleVerb).is_some();
    if !verb && !v.of(Span::new(label.end, body.end)).trim_start().starts_with(':') {
        return false;
    }
    let tail = v.strip(Span::new(label.end, body.end), " :-–—");
    let found = expected_people(cx, flat, tail);
    if found.is_empty() || e.role.is_some() {
        return false;
    }
    let set = if v.phrase_at(label.start, Set::Role).is_some() { Set::Role } else { Set::RoleVerb };
    let head = v.strip(Span::new(body.start, label.start), " ,;-–—");
    if !head.is_empty() && v.has(head, Set::Place) {
        e.place = Some(place(cx, flat, head, false));
    }
    if let (Some(role), Some(word)) = (cx.lexicon(flat, label, set, 0.95), cx.read(flat, label, "", &[], "base/entry/role-label", 0.95)) {
        e.role = Some(RoleLabel { role, label: word });
        e.people = found;
        return true;
    }
    false
}

/// The kind that the title's words tell.
fn take_kind(cx: Cx, flat: &Flat, rest: Span, e: &mut Entry) {
    let v = cx.view(flat);
    let at_start = v.phrase_at(rest.start, Set::Kind);
    let anywhere = || v.phrases(rest, Set::Kind).max_by_key(|(s, _)| (s.len(), std::cmp::Reverse(s.start)));
    let Some((span, phrase)) = at_start.or_else(anywhere) else { return };
    let first = at_start.is_some();
    let whole = v.strip(Span::new(span.end, rest.end), " :.-–—()").is_empty() && first;
    if let Some(mut kind) = cx.read(flat, span, "", &["lexicon:kind"], &phrase.id, if whole { 0.98 } else if first { 0.9 } else { 0.7 }) {
        kind.rule = phrase.id.clone();
        e.kind = Some(KindLabel { kind, whole, first });
    }
}

/// "Keynote speech: Title" → where the title begins.
fn after_label(v: View, rest: Span, e: &Entry) -> Span {
    let Some(kind) = e.kind.as_ref().filter(|k| k.first && !k.whole) else { return rest };
    let Some((span, _)) = v.phrase_at(rest.start, Set::Kind) else { return rest };
    let tail = v.of(Span::new(span.end, rest.end));
    let mut marked = tail.trim_start();
    // "Keynote 1:"
    if let Some(n) = number_token(v, v.trim(Span::new(span.end, rest.end))) {
        marked = v.of(Span::new(n.end, rest.end)).trim_start();
    }
    let body = v.strip(Span::new(rest.end - marked.len(), rest.end), " :-–—·");
    let people_only = marked.starts_with(':') && names::expected_at(v, body).is_some_and(|n| v.text[n.end()..body.end].starts_with([',', '(']) || n.end() == body.end || v.text[n.end()..body.end].starts_with(" ("));
    if people_only {
        return body;
    }
    let labels = matches!(kind.kind.value.as_str(), "keynote" | "panel" | "session" | "talk" | "workshop" | "discussion" | "opening" | "closing" | "poster" | "other" | "social" | "visit" | "admin");
    let dashed = marked.starts_with("- ") || marked.starts_with("\u{2013} ") || marked.starts_with("\u{2014} ") || marked.starts_with("\u{b7} ");
    let quoted = marked.starts_with(['"', '\u{201c}', '\u{ab}', '\u{201e}']);
    if !labels || !(marked.starts_with(':') || dashed || quoted) {
        return rest;
    }
    let body = v.strip(Span::new(rest.end - marked.len(), rest.end), " :-–—·");
    if body.is_empty() || (v.of(rest).len() < 14 && matches!(kind.kind.value.as_str(), "opening" | "closing")) { rest } else { body }
}

/// The rest: a title, people, or both.
fn title_and_people(cx: Cx, flat: &Flat, rest: Span, e: &mut Entry) {
    let v = cx.view(flat);
    let rest = v.strip(rest, " \t:;,-–—|*");
    if rest.is_empty() {
        return;
    }
    if v.is(v.strip(rest, " ()[]."), Set::Placeholder) || v.is(v.strip(rest, " ()[]."), Set::Flag) {
        e.placeholder = true;
        return;
    }
    if e.people.is_empty() {
        if let Some((title, quoted, found)) = cut_people(cx, flat, rest) {
            e.people = found;
            e.quoted = quoted;
            if let Some(t) = title {
                set_title(cx, flat, t, e);
            }
            return;
        }
    }
    set_title(cx, flat, rest, e);
}

/// Title and people in one text: by quotes, by "by", by order and separators.
fn cut_people(cx: Cx, flat: &Flat, rest: Span) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    if let Some((title, before, after)) = quoted(v, rest) {
        for side in [before, after] {
            let side = v.strip(side, " ,;:.-–—()");
            let side = by(v, side);
            let found = expected_people(cx, flat, side);
            if !found.is_empty() {
                return Some((Some(title), true, found));
            }
        }
    }
    let strong = v.phrase_at(rest.start, Set::Honorific).is_some();
    if let Some(n) = names::name_at(v, rest) {
        let behind = v.text[n.end()..rest.end].trim_start();
        let whole = behind.is_empty();
        let affiliated = behind.starts_with(['(', ',', '/', '[']) || behind.starts_with("and ") || behind.starts_with("& ");
        if whole || affiliated || strong {
            if let Some(found) = name_then_title(cx, flat, rest, &n) {
                return Some(found);
            }
            let found = people(cx, flat, rest);
            if !found.is_empty() && (strong || whole || n.score >= 1.3) {
                return Some((None, false, found));
            }
        } else if behind.starts_with([':', '-', '\u{2013}', '\u{2014}', '.']) {
            if let Some(found) = name_then_title(cx, flat, rest, &n) {
                return Some(found);
            }
        }
    }
    title_then_name(cx, flat, rest)
}

/// A quoted stretch with what stands before and behind it.
fn quoted(v: View, rest: Span) -> Option<(Span, Span, Span)> {
    let text = v.of(rest);
    let (open, width, close) = [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}'), ('\u{201e}', '\u{201c}'), ('\u{201e}', '\u{201d}'), ('\u{2018}', '\u{2019}')]
        .iter()
        .filter_map(|(a, b)| {
            let i = text.find(*a)?;
            let j = text[i + a.len_utf8()..].rfind(*b)? + i + a.len_utf8();
            Some((i, a.len_utf8(), j, b.len_utf8()))
        })
        .min()
        .map(|(i, w, j, _)| (i, w, j))?;
    let inner = Span::new(rest.start + open + width, rest.start + close);
    let behind = rest.start + close + text[close..].chars().next().map_or(0, char::len_utf8);
    (inner.len() >= 8).then(|| (v.strip(inner, " ,."), Span::new(rest.start, rest.start + open), Span::new(behind, rest.end)))
}

/// Over a leading "by", "presented by".
fn by(v: View, span: Span) -> Span {
    v.phrase_at(span.start, Set::RoleVerb).map_or(span, |(s, _)| v.strip(Span::new(s.end, span.end), " :"))
}

/// `NAME (Org): Title`, `NAME. Title`, `NAME - Title`.
fn name_then_title(cx: Cx, flat: &Flat, rest: Span, n: &names::NameAt) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    let text = v.of(rest);
    let mut at = n.end() - rest.start;
    let behind = text[at..].trim_start();
    if behind.starts_with('(') {
        at = text.len() - behind.len() + behind.find(')')? + 1;
    }
    let sep = |t: &str| t.starts_with(": ") || t.starts_with(" - ") || t.starts_with(" \u{2013} ") || t.starts_with(" \u{2014} ") || t.starts_with(" : ") || t.starts_with(". ") || t.starts_with(":\u{a0}") || t.starts_with('\t');
    let cut = (at..text.len()).filter(|i| text.is_char_boundary(*i)).take(160).find(|i| sep(&text[*i..]) && split::outside(text, *i))?;
    let head = Span::new(rest.start, rest.start + cut);
    let tail = v.strip(Span::new(rest.start + cut, rest.end), " :.-–—\t,");
    let tail_is_affiliation = is_position(v, tail) || v.has(Span::new(tail.start, (tail.start + 30).min(tail.end)), Set::Body) && tail.len() < 60 && text[cut..].starts_with([' ', '\t']);
    if tail.len() < 4 || tail_is_affiliation || v.of(tail).starts_with(char::is_lowercase) && text[cut..].starts_with('.') {
        return None;
    }
    let found = people(cx, flat, head);
    if found.is_empty() {
        return None;
    }
    Some((Some(tail), false, found))
}

/// `Title, NAME, Org`, `Title - NAME (Org)`, `Title by NAME`, `Title: Mr. X`.
fn title_then_name(cx: Cx, flat: &Flat, rest: Span) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    for (s, _) in v.phrases(rest, Set::RoleVerb) {
        let tail = v.strip(Span::new(s.end, rest.end), " :");
        let found = expected_people(cx, flat, tail);
        if !found.is_empty() && s.start > rest.start {
            // "opening statement by": only the last word belongs to the verb
            let verb = v.of(s).rfind(' ').filter(|_| !v.of(s).ends_with("ed by")).map_or(s.start, |i| s.start + i);
            return Some((Some(v.strip(Span::new(rest.start, verb), " ,:;-–—")), false, found));
        }
    }
    let text = v.of(rest);
    for (i, c) in text.char_indices() {
        let width = match c {
            ',' | ';' | ':' | '.' | '?' | '\t' | '|' => 1,
            '-' | '\u{2013}' | '\u{2014}' | '/' if text[..i].ends_with(' ') => c.len_utf8(),
            _ => continue,
        };
        if !split::outside(text, i) || i < 3 {
            continue;
        }
        let tail = v.trim(Span::new(rest.start + i + width, rest.end));
        if tail.start == rest.start + i + width && !matches!(c, '\t') {
            continue;
        }
        let Some(n) = names::expected_at(v, tail) else { continue };
        let behind = v.text[n.end()..rest.end].trim_start();
        let bound = behind.is_empty() || behind.starts_with(['(', ',', ';', '/', '[']) || behind.starts_with("and ") || behind.starts_with("et ") || behind.starts_with("- ") || behind.starts_with("& ");
        // what is expected weighs 0.75 in the score already
        let need = match c {
            ',' => 2.75,
            '.' | '?' => 2.3,
            ':' => 2.1,
            _ => 1.5,
        };
        let need = if behind.starts_with('(') { need - 0.6 } else { need };
        if bound && (n.honorific.is_some() || n.score >= need) {
            let found = expected_people(cx, flat, tail);
            if !found.is_empty() {
                let keep = usize::from(c == '?');
                return Some((Some(v.strip(Span::new(rest.start, rest.start + i + keep), " ,:;-–—")), false, found));
            }
        }
    }
    None
}

/// The title: without quotes, colon and full stop.
fn set_title(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) {
    let v = cx.view(flat);
    let mut t = v.strip(span, " \t:;,|*-–—");
    let text = v.of(t);
    e.quoted |= text.starts_with(['"', '\u{201c}', '\u{ab}', '\u{201e}']);
    for (a, b) in [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}'), ('\u{201e}', '\u{201c}'), ('\u{2018}', '\u{2019}')] {
        let text = v.of(t).trim_end_matches('.');
        let inner = text.strip_prefix(a).and_then(|x| x.strip_suffix(b));
        if inner.is_some_and(|x| !x.contains(a)) {
            t = v.strip(Span::new(t.start + a.len_utf8(), t.start + text.len() - b.len_utf8()), " ");
        }
    }
    let text = v.of(t);
    if text.ends_with('.') && !text.ends_with("etc.") && !text.ends_with("..") {
        t = Span::new(t.start, t.end - 1);
    }
    // an opening bracket that OCR put before the title
    if v.of(t).matches('(').count() > v.of(t).matches(')').count() && v.of(t).starts_with('(') {
        t = Span::new(t.start + 1, t.end);
    }
    if v.is(v.strip(t, " ()[]"), Set::Placeholder) {
        e.placeholder = true;
        return;
    }
    e.title = cx.read(flat, t, "text", &[], "base/entry/title", 0.85);
}
