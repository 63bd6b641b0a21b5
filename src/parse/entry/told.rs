//! Units of tables: what the columns tell beside the unit's own words.
//!
//! In: a unit with what its table tells of it. Out: its entry. Never: decides what a column is for.

use super::*;
use crate::segment::{Column, Head, Told};

/// A cell of people under a role, or with none.
pub(super) fn people_cell(cx: Cx, unit: &Unit, told: &Told) -> Entry {
    let flat = &unit.flat;
    // "Chair: Ann Lee" in the column of speakers
    if cx.view(flat).phrase_at(0, Set::Role).is_some() {
        let labelled = entry(cx, flat, flat.all());
        let holds = labelled.role.is_some() && !(labelled.people.is_empty() && labelled.parties.is_empty());
        return if holds { labelled } else { Entry::default() };
    }
    let mut e = Entry { people: expected_people(cx, flat, flat.all()), ..Entry::default() };
    e.people.iter_mut().for_each(|p| remark(cx, p));
    let v = cx.view(flat);
    if let Some(head) = told.role {
        let step = format!("lexicon:{}", head.set.name());
        let read =
            |steps: &[&str]| Grounded::read(cx.s.text, cx.g, &[head.span], "", "", steps, "base/table/role", 0.9);
        e.role = read(&[&step]).zip(read(&[])).map(|(role, label)| RoleLabel { role, label });
        let body = v.has(flat.all(), Set::Body) || v.has(flat.all(), Set::KnownBody) || v.has(flat.all(), Set::Country);
        if e.people.is_empty() && body && flat.text.len() <= 120 {
            e.parties.extend(cx.read(flat, flat.all(), "name", &[], "base/table/party", 0.8));
        }
    }
    if let Some((_, d)) = durations(v, flat.all()).last() {
        e.duration = duration(cx, flat, d);
    }
    e
}

/// "(previous assessment, options for 2026)" behind a name says what of, not where from.
fn remark(cx: Cx, person: &mut PersonValue) {
    let v = cx.s.view();
    let told = |p: &Grounded| {
        let span = Span::new(p.start(), p.end());
        let small = p.value.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        small && !v.has(span, Set::Body) && !v.has(span, Set::KnownBody) && !v.has(span, Set::Unit)
    };
    if person.organisation.as_ref().is_some_and(told) {
        person.organisation = None;
    }
}

/// Adds the row's slot, date, place and duration to what the unit's words say.
pub(super) fn add(cx: Cx, unit: &Unit, told: &Told, e: &mut Entry) {
    if told.when.is_some() {
        titled(cx, unit, e);
    }
    // words that only look like a name
    if told.titled && e.title.is_none() && !e.people.is_empty() && !e.people.iter().any(|p| known(cx, p)) {
        e.people.clear();
        set_title(cx, &unit.flat, unit.flat.all(), e);
    }
    if let Some(when) = told.when {
        match e.whens.first().copied() {
            // a time of its own is nearer than the row's
            Some(own) if own.score >= 0.5 && own.start.span != when.start.span => {}
            _ => e.whens.insert(0, when),
        }
    }
    if let Some(head) = told.session {
        session(cx, unit, head, e);
    }
    if let Some((pieces, join)) = told.speakers.as_ref().filter(|_| e.people.is_empty()) {
        let cell = Flat::new(cx.s, pieces, join);
        e.people = expected_people(cx, &cell, cell.all());
        e.people.iter_mut().for_each(|p| remark(cx, p));
        e.duration = e
            .duration
            .take()
            .or_else(|| durations(cx.view(&cell), cell.all()).last().and_then(|(_, d)| duration(cx, &cell, d)));
    }
    if let Some(date) = &told.date {
        e.dates.insert(0, date.clone());
    }
    if let Some(span) = told.place.filter(|_| e.place.is_none()) {
        let cell = Flat::new(cx.s, &[span], "");
        e.place = Some(place(cx, &cell, cell.all(), true)).filter(|p| !p.is_empty());
    }
    if let Some(span) = told.duration.filter(|_| e.duration.is_none()) {
        e.duration = durations(cx.s.view(), span).last().and_then(|(_, d)| duration(cx, &unit.flat, d));
    }
}

/// Whether a person's name has a title, or words that lists know as given names.
fn known(cx: Cx, person: &PersonValue) -> bool {
    let given = |w: &str| cx.g.lexicons.word(w).given > 0;
    person.honorific.is_some() || person.name.value.split_whitespace().any(given)
}

/// "Presentations: what the sky shows": a row's label for its speakers with nobody behind it is a title's.
fn titled(cx: Cx, unit: &Unit, e: &mut Entry) {
    let v = cx.view(&unit.flat);
    let all = v.trim(unit.flat.all());
    if e.role.is_none() || e.title.is_some() || !e.people.is_empty() || !e.parties.is_empty() {
        return;
    }
    let Some((label, _)) = v.phrase_at(all.start, Set::Role).or_else(|| v.phrase_at(all.start, Set::RoleVerb)) else {
        return;
    };
    e.role = None;
    let rest = v.strip(Span::new(label.end, all.end), " :-–—");
    set_title(cx, &unit.flat, if rest.is_empty() { all } else { rest }, e);
}

/// "1 - Academic" in the column of sessions: the column's head is the word for the number.
fn session(cx: Cx, unit: &Unit, head: Head, e: &mut Entry) {
    if e.number.as_ref().is_some_and(|n| n.word.is_some()) {
        return;
    }
    let flat = &unit.flat;
    let v = cx.view(flat);
    let all = v.trim(flat.all());
    let text = v.of(all);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].trim_start();
    let bounded = rest.is_empty() || rest.starts_with(['-', '–', '—', ':', '.', ')', '|']);
    if !(1..=3).contains(&digits) || !bounded {
        return;
    }
    let word = Grounded::read(cx.s.text, cx.g, &[head.span], "", "", &["lexicon:numbered"], "base/table/session", 0.9);
    let number = cx.read(flat, Span::new(all.start, all.start + digits), "", &[], "base/table/session", 0.9);
    if let (Some(number), Some(word)) = (number, word) {
        e.number = Some(Number { number, word: Some(word) });
        e.title = None;
        set_title(cx, flat, Span::new(all.start + digits, all.end), e);
    }
}

/// A person whose parts stand in columns of their own.
pub(super) fn participant(cx: Cx, told: &Told) -> Entry {
    let part = |wanted: Column| told.person.iter().find(|(c, _)| *c == wanted).map(|(_, span)| *span);
    let read = |pieces: &[Span], slot: &str, steps: &[&str], rule: &str| {
        let join = "s".repeat(pieces.len().saturating_sub(1));
        Grounded::read(cx.s.text, cx.g, pieces, &join, slot, steps, rule, 0.9)
    };
    let (given, family) = (part(Column::Given), part(Column::Family));
    let mut e = Entry::default();
    let mut person = match (part(Column::Name).or(part(Column::Role)), given, family) {
        (_, Some(given), Some(family)) => {
            let name = read(&[given, family], "name", &[], "base/table/name");
            PersonValue { name: name.unwrap_or_default(), end: family.end, ..PersonValue::default() }
        }
        (Some(whole), ..) | (None, Some(whole), None) | (None, None, Some(whole)) => {
            let cell = Flat::new(cx.s, &[whole], "");
            let Some(found) = expected_people(cx, &cell, cell.all()).into_iter().next() else { return e };
            found
        }
        _ => return e,
    };
    if person.name.value.is_empty() {
        return e;
    }
    let text = |c: Column, rule: &str| part(c).and_then(|span| read(&[span], "name", &[], rule));
    person.position = text(Column::Position, "base/table/position").or(person.position);
    person.organisation = text(Column::Organisation, "base/table/organisation").or(person.organisation);
    if let Some(span) = part(Column::Country) {
        person.country = read(&[span], "", &["lexicon:country"], "base/table/country").or(person.country);
    }
    e.people.push(person);
    e
}
