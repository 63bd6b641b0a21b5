//! What stands at an entry's end: brackets, durations, flags, cells, places.
//!
//! In: a span of a unit. Out: what was taken, and what is left. Never: decides what the entry is for.

use super::*;

/// Brackets, durations, flags and places off the end.
pub(super) fn take_tail(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> Span {
    let v = cx.view(flat);
    let mut rest = v.trim(span);
    while let Some(open) = last_bracket(v.of(rest)) {
        let group = Span::new(rest.start + open, rest.end);
        let head = Span::new(rest.start, group.start);
        let inner = v.strip(group, " ()[].,;");
        let length = durations(v, inner).any(|(s, _)| s == inner);
        if !length && (names::before_bracket(v, head).is_some() || named_by_verb(v, head)) {
            break;
        }
        if note_below(v, flat, group) {
            rest = v.strip(Span::new(rest.start, group.start), " ,;");
            continue;
        }
        if is_frame(v, v.strip(Span::new(rest.start, group.start), " ")) && house_like(v, inner)
            || !take_group(cx, flat, inner, e)
        {
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
    if let Some(open) = last_bracket(v.of(rest)).filter(|i| note_below(v, flat, Span::new(rest.start + i, rest.end))) {
        rest = v.strip(Span::new(rest.start, rest.start + open), " ,;");
    }
    if let Some((head, room)) = room_behind(v, rest).filter(|_| e.place.is_none()) {
        e.place = Some(place(cx, flat, room, true)).filter(|p| !p.is_empty());
        rest = if e.place.is_some() { head } else { rest };
    }
    if let Some((s, p)) =
        v.phrases(rest, Set::Flag).last().filter(|(s, _)| s.end == rest.end && s.start > rest.start + 3)
    {
        let before = v.of(Span::new(rest.start, s.start)).trim_end();
        if before.ends_with(['-', '\u{2013}', '\u{2014}', ':', ',']) {
            match p.value.as_ref() {
                "tentative" => e.tentative = cx.flag(flat, s),
                _ => e.status = cx.lexicon(flat, s, Set::Status, 0.95),
            }
            rest = v.strip(Span::new(rest.start, s.start), " -–—:,");
        }
    }
    if e.duration.is_none()
        && let Some((s, d)) =
            durations(v, rest).last().filter(|(s, _)| v.strip(Span::new(s.end, rest.end), " .,)max").is_empty())
    {
        e.duration = duration(cx, flat, d);
        rest = v.strip(Span::new(rest.start, s.start), " ,-–—(");
        // "(Tell your story – 30 mins)"
        if let Some(open) = v.of(rest).rfind('(').filter(|i| *i > 3 && !v.of(rest)[*i..].contains(')')) {
            rest = v.strip(Span::new(rest.start, rest.start + open), " ,-–—");
        }
    }
    rest
}

/// "The wells of the plain - Room 12": the words, and the room behind the last dash.
fn room_behind(v: View, rest: Span) -> Option<(Span, Span)> {
    let text = v.of(rest);
    let (at, dash) = [" - ", " \u{2013} ", " \u{2014} "].iter().filter_map(|d| Some((text.rfind(d)?, d))).max()?;
    let (head, room) =
        (v.strip(Span::new(rest.start, rest.start + at), " ,;:"), Span::new(rest.start + at + dash.len(), rest.end));
    let (word, phrase) = v.phrase_at(room.start, Set::Place)?;
    let tail = v.of(Span::new(word.end, room.end)).trim();
    let named =
        tail.split_whitespace().count() <= 2 && tail.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    (phrase.value.as_ref() == "room" && named && head.len() >= 4).then_some((head, room))
}

/// Whether what stands before a bracket ends with a verb and the name that it leads to: "opened by Ann Lee (Org)".
fn named_by_verb(v: View, head: Span) -> bool {
    let Some((verb, _)) = v.phrases(head, Set::RoleVerb).last() else { return false };
    let tail = v.strip(Span::new(verb.end, head.end), " ");
    names::expected_at(v, tail).is_some_and(|n| n.end() == tail.end)
}

pub(super) fn durations<'a>(v: View<'a>, span: Span) -> impl Iterator<Item = (Span, &'a [(u32, Span); 2])> {
    v.marks_in(span).filter_map(|m| match &m.kind {
        MarkKind::Duration(d) => Some((m.span, d)),
        _ => None,
    })
}

pub(super) fn duration(cx: Cx, flat: &Flat, d: &[(u32, Span); 2]) -> Option<[Grounded; 2]> {
    let _ = flat;
    let read = |(minutes, at): (u32, Span)| {
        let plain: u32 = at.of(cx.s.text).parse().ok()?;
        let times = format!("number.times:{}", minutes / plain.max(1));
        let steps: Vec<&str> = if minutes == plain { vec!["number.cardinal"] } else { vec!["number.cardinal", &times] };
        Grounded::read(cx.s.text, cx.g, &[at], "", "", &steps, "base/time/duration", 0.95)
    };
    Some([read(d[0])?, read(d[1])?])
}

/// "Lunch (Cantina Azul)", "Dinner, Hotel Sole": what stands in brackets or behind a comma after the word of a break,
/// a meal or a reception is its place.
pub(super) fn frame_place(cx: Cx, flat: &Flat, e: &mut Entry, body: Span) {
    let frame = e.kind.as_ref().is_some_and(|k| {
        k.first && matches!(k.kind.value.as_str(), "break" | "meal" | "social" | "poster" | "registration" | "visit")
    });
    let v = cx.view(flat);
    let open = last_bracket(v.of(body)).map(|i| body.start + i).or_else(|| comma_behind_kind(v, body));
    let Some(open) = open.filter(|_| frame && e.place.is_none() && e.people.is_empty()) else { return };
    let inner = v.strip(Span::new(open, body.end), " ()[].,;");
    let words = v.of(inner).split_whitespace().count();
    let shaped = v.of(inner).starts_with(char::is_uppercase) || v.of(inner).starts_with("the ");
    if !(1..=6).contains(&words) || !shaped {
        return;
    }
    e.place = Some(place(cx, flat, inner, true)).filter(|p| !p.is_empty());
    if e.place.is_some() {
        set_title(cx, flat, Span::new(body.start, open), e);
    }
}

/// Whether a bracket that begins a line of its own below the words holds a remark in small letters.
fn note_below(v: View, flat: &Flat, group: Span) -> bool {
    let before = v.of(Span::new(0, group.start)).trim_end().len();
    let apart = before > 0
        && flat.source(Span::new(floor(v.text, before.saturating_sub(1)), group.end)).0.len()
            > flat.source(group).0.len();
    let words: Vec<&str> = v.of(v.strip(group, " ()[].,;")).split_whitespace().collect();
    let typed = v.marks_in(group).any(|m| {
        matches!(m.kind, MarkKind::When(_) | MarkKind::Date(_) | MarkKind::Duration(_))
            || matches!(m.kind, MarkKind::Phrase(Set::Flag | Set::Role | Set::RoleVerb | Set::Place, _))
    });
    apart && !v.lower && words.len() >= 3 && !typed && words.iter().all(|w| !w.contains(char::is_uppercase))
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// Whether words are no more than a break's, a meal's or a reception's: who stands in brackets behind them is a place.
fn is_frame(v: View, head: Span) -> bool {
    let kind = v.phrase_at(head.start, Set::Kind).filter(|(s, _)| s.end == head.end);
    kind.is_some_and(|(_, p)| matches!(p.value.as_ref(), "break" | "meal" | "social" | "registration"))
}

/// Whether a bracket holds capitalised words and nothing of another sort.
fn house_like(v: View, inner: Span) -> bool {
    let typed = v.marks_in(inner).any(|m| {
        matches!(m.kind, MarkKind::When(_) | MarkKind::Date(_) | MarkKind::Duration(_))
            || matches!(m.kind, MarkKind::Phrase(Set::Honorific | Set::Flag | Set::Role | Set::RoleVerb, _))
    });
    !typed && v.of(inner).starts_with(char::is_uppercase) && v.of(inner).split_whitespace().count() <= 6
}

/// The comma right behind the kind's word, where one thing stands behind it that is no kind of its own.
fn comma_behind_kind(v: View, body: Span) -> Option<usize> {
    let (kind, _) = v.phrase_at(body.start, Set::Kind)?;
    let rest = Span::new(kind.end, body.end);
    let behind = v.of(rest).trim_start().strip_prefix(',')?;
    let inner = Span::new(body.end - behind.len(), body.end);
    (!v.has(inner, Set::Kind) && !behind.contains(',')).then_some(kind.end)
}

/// Where the last bracket group opens, if the text ends with one.
pub(super) fn last_bracket(text: &str) -> Option<usize> {
    let text = text.trim_end_matches(['.', ',', ';', ':', ' ']);
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
pub(super) fn take_group(cx: Cx, flat: &Flat, inner: Span, e: &mut Entry) -> bool {
    let v = cx.view(flat);
    if inner.is_empty() {
        return true;
    }
    let mut body = inner;
    let mut understood = false;
    if let Some((s, d)) =
        durations(v, Span::new(body.start, v.text[body.end..].find(')').map_or(body.end, |i| body.end + i))).last()
    {
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
    // "(sponsored by the Water Bank)"
    let paid = v
        .phrase_at(body.start, Set::Field)
        .is_some_and(|(s, f)| f.value.as_ref() == "sponsor" && v.of(s).contains(' ') && s.end < body.end);
    if paid {
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
pub(super) fn take_slot(v: View, body: Span, e: &mut Entry) -> bool {
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
pub(super) fn take_role_inside(cx: Cx, flat: &Flat, body: Span, e: &mut Entry) -> bool {
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
    if let (Some(role), Some(word)) =
        (cx.lexicon(flat, label, set, 0.95), cx.read(flat, label, "", &[], "base/entry/role-label", 0.95))
    {
        e.role = Some(RoleLabel { role, label: word });
        e.people = found;
        return true;
    }
    false
}
