//! Role labels with the people or bodies that they hold.
//!
//! In: a span of a unit. Out: role, people, parties. Never: decides whose role it is.

use super::*;

/// A role label with its people: "Chair: X", "Moderated by X", "X, Chair".
pub(super) fn take_role(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> bool {
    let v = cx.view(flat);
    for set in [Set::Role, Set::RoleVerb] {
        let Some((label, phrase)) = v.phrase_at(span.start, set) else { continue };
        let rest = Span::new(label.end, span.end);
        let text = v.of(rest);
        // a number between: "Speaker 1:"
        let skipped = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '.' || c == '#');
        let marked = skipped.starts_with([':', '-', '\u{2013}', '\u{2014}', '\t', '=']) || text.starts_with("  ");
        let body = v.strip(rest, " :-–—\t.=");
        let body = v.strip(Span::new(if marked { span.end - skipped.len() } else { body.start }, span.end), " :-–—\t=");
        let mut body_people = expected_people(cx, flat, body);
        let many = matches!(phrase.value.as_ref(), "organiser" | "host" | "participant" | "panelist" | "author");
        if set == Set::Role && !many && !v.of(label).to_lowercase().ends_with(['s', ')', 'y']) {
            lone(cx, flat, body, &mut body_people);
        }
        if !(marked
            || set == Set::RoleVerb
            || body.is_empty()
            || (!body_people.is_empty() && body_people[0].name.score >= 0.6))
        {
            continue;
        }
        let leads = matches!(phrase.value.as_ref(), "chair" | "co_chair" | "moderator" | "facilitator" | "rapporteur");
        if set == Set::Role && marked && leads && body_people.is_empty() && names::shaped_at(v, body).is_some() {
            body_people = shaped_people(cx, flat, body);
        }
        if set == Set::RoleVerb && body_people.is_empty() {
            body_people = shaped_people(cx, flat, body);
            if body_people.is_empty() && !v.has(body, Set::Country) && !v.has(body, Set::Body) {
                continue;
            }
        }
        let (Some(role), Some(word)) =
            (cx.lexicon(flat, label, set, 0.97), cx.read(flat, label, "", &[], "base/entry/role-label", 0.97))
        else {
            continue;
        };
        // "Opening by Mr. X": what X does is the entry's title
        let frame = v.phrase_at(span.start, Set::Kind).filter(|(s, _)| s.len() < label.len());
        if frame.is_some_and(|(_, k)| matches!(k.value.as_ref(), "opening" | "closing")) {
            continue;
        }
        let kind = v.phrase_at(span.start, Set::Kind).is_some();
        if body_people.is_empty() && !body.is_empty() {
            // "Speaker 1: Title. Mr. X": what follows the label is an entry of its own
            let inner = entry(cx, flat, body);
            if inner.title.is_some() && !inner.people.is_empty() {
                *e = Entry {
                    whens: std::mem::take(&mut e.whens),
                    dates: std::mem::take(&mut e.dates),
                    number: e.number.take(),
                    ..inner
                };
                e.role = Some(RoleLabel { role, label: word });
                // "Keynote: Title. Mr. X": the label tells the kind too
                let told = v.phrase_at(span.start, Set::Kind).filter(|(s, _)| s.end >= label.end);
                let kind = told.and_then(|(s, _)| cx.lexicon(flat, s, Set::Kind, 0.85));
                e.kind = kind.map(|kind| KindLabel { kind, whole: false, first: true }).or(e.kind.take());
                return true;
            }
            if kind {
                // "Keynote: Title": a kind rather than a role
                continue;
            }
            e.parties = if v.of(body).split_whitespace().count() <= 8 && !v.of(body).contains([':', '?']) {
                parties(cx, flat, body)
            } else {
                Vec::new()
            };
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

/// Under a label for one person, a second "name" behind a comma that no list knows is the first one's body.
fn lone(cx: Cx, flat: &Flat, body: Span, found: &mut Vec<PersonValue>) {
    let v = cx.view(flat);
    let [first, second] = found.as_slice() else { return };
    let (Some(at), bare) = (flat_start(v, body, first.end), first.organisation.is_none() && first.position.is_none())
    else {
        return;
    };
    let given = second.name.value.split_whitespace().next().map_or(0, |w| v.grammar.lexicons.word(w).given);
    if !bare || given > 0 || second.honorific.is_some() || second.organisation.is_some() {
        return;
    }
    let organisation =
        cx.read(flat, v.strip(Span::new(at, body.end), " ,.;()"), "name", &[], "base/person/organisation", 0.7);
    found.truncate(1);
    found[0].organisation = organisation;
    found[0].borrowed = false;
}

/// Where the words behind a comma at `end` begin.
fn flat_start(v: View, body: Span, end: usize) -> Option<usize> {
    let rest = v.text.get(end..body.end)?;
    rest.trim_start().starts_with(',').then_some(end)
}

/// "Auditorium A. Chair: X": a role label behind other words; gives what stands before it.
pub(super) fn role_behind(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) -> Option<Span> {
    let v = cx.view(flat);
    let (label, _) = v.phrases(span, Set::Role).find(|(s, _)| {
        let before = v.of(Span::new(span.start, s.start)).trim_end();
        s.start > span.start
            && (before.ends_with(['.', ';', ',', '|', '\u{b7}', ')', ']', '"', '\u{201d}', '?', '!'])
                // "Wells 2 Chair: X"
                || before.ends_with(|c: char| c.is_ascii_digit())
                || [" -", " –", " —"].iter().any(|d| before.ends_with(d)))
            && v.of(Span::new(s.end, span.end)).trim_start().starts_with(':')
    })?;
    let body = v.strip(Span::new(label.end, span.end), " :-–—");
    let found = expected_people(cx, flat, body);
    if found.is_empty() {
        return None;
    }
    e.role = Some(RoleLabel {
        role: cx.lexicon(flat, label, Set::Role, 0.95)?,
        label: cx.read(flat, label, "", &[], "base/entry/role-label", 0.95)?,
    });
    e.people = found;
    let head = v.strip(Span::new(span.start, label.start), " .;,|·-–—");
    if v.has(head, Set::Place) && head.len() < 60 {
        e.place = Some(place(cx, flat, head, true));
        return Some(Span::new(head.end, head.end));
    }
    Some(head)
}

/// Bodies and countries in a role.
pub(super) fn parties(cx: Cx, flat: &Flat, body: Span) -> Vec<Grounded> {
    let v = cx.view(flat);
    let wanted = |p: &Span| {
        (v.is(*p, Set::Country) || v.is(*p, Set::City) || v.has(*p, Set::Body) || v.has(*p, Set::KnownBody))
            && !v.is(*p, Set::NoPerson)
            && !v.is(*p, Set::Placeholder)
    };
    split::commas_only(v, body)
        .into_iter()
        .filter(wanted)
        .filter_map(|p| cx.read(flat, p, "name", &[], "base/entry/party", 0.8))
        .collect()
}
