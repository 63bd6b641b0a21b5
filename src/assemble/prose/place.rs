//! Where the event is held, as sentences and title lines tell it.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, PlaceValue};
use crate::scan::View;

use super::super::header;
use super::super::tree::Tree;
use super::event::stands_in;
use super::text::{Sentence, capture, matches, other_event};

/// The event's place: of the sentence with its name, then of sentences about it.
pub(super) fn places(cx: Cx, sentences: &[Sentence], main: Option<usize>, tree: &mut Tree) {
    let order = main.into_iter().chain(
        (0..sentences.len())
            .filter(|i| Some(*i) != main && (sentences[*i].about || sentences[*i].heading && sentences[*i].early)),
    );
    for i in order {
        let s = &sentences[i];
        let v = cx.view(s.flat);
        for at in spots(cx, v, s, other_event(cx, s), tree) {
            let found = read(cx, s, at);
            let agrees = match (&found.city, &tree.event.venue.city) {
                (Some(a), Some(b)) => a.value == b.value,
                _ => true,
            };
            if agrees {
                header::merge(cx, &mut tree.event.venue, found);
            }
        }
    }
}

/// Stretches of a sentence that may name the place.
fn spots(cx: Cx, v: View, s: &Sentence, end: usize, tree: &Tree) -> Vec<Span> {
    let mut out = Vec::new();
    for (_, named) in matches(cx, "event-place", s) {
        if let Some(at) = capture(&named, "place")
            .filter(|p| p.start < end && !stands_in(s, Span::new(p.start, p.start + 1), tree.event.title.as_ref()))
        {
            out.push(Span::new(at.start, at.end.min(end)));
        }
    }
    // a line of its own near the head: "Tunis, Tunisia, 28 May 2008"
    let own = v.phrase_at(s.span.start, Set::City).is_some()
        && (v.has(s.span, Set::Country) || v.dates(s.span).next().is_some());
    if s.heading && s.early && own {
        out.push(s.span);
    }
    // behind the name on a title line: "…, Tunis, Tunisia, 28 May 2008"
    if s.heading && stands_in(s, s.span, tree.event.title.as_ref()) {
        let behind = (s.span.start..s.span.end)
            .rev()
            .filter(|i| v.text.is_char_boundary(*i))
            .find(|i| stands_in(s, Span::new(*i, s.span.end), tree.event.title.as_ref()));
        let tail = behind
            .map(|b| Span::new(b, s.span.end))
            .and_then(|t| v.of(t).find(',').map(|c| Span::new(t.start + c + 1, t.end)));
        out.extend(tail.map(|t| v.strip(t, " ,")));
    }
    out
}

/// Room, house, city and country out of a stretch of capitalised words.
fn read(cx: Cx, s: &Sentence, span: Span) -> PlaceValue {
    let v = cx.view(s.flat);
    let mut found = PlaceValue::default();
    let mut name: Option<Span> = None;
    let mut last = 0;
    for (n, part) in parts(v, span).into_iter().enumerate() {
        let value = v.phrase(part, Set::Place).map(|(_, p)| p.value.to_string());
        let house = value.is_some() || v.has(part, Set::Body) || v.has(part, Set::KnownBody);
        if v.dates(part).next().is_some()
            || v.phrase_at(part.start, Set::Month).is_some()
            || v.phrase_at(part.start, Set::Weekday).is_some()
        {
            break;
        } else if v.is(part, Set::City)
            && (n > 0 || !v.is(part, Set::Country) || v.text[part.end..].starts_with(", "))
            && found.city.is_none()
        {
            found.city = cx.read(s.flat, part, "", &[], "base/prose/city", 0.9);
        } else if v.is(part, Set::Country) {
            found.country = cx.read(s.flat, part, "", &["lexicon:country"], "base/prose/country", 0.95);
        } else if v.has(part, Set::EventWord) && !house || found.country.is_some() {
            break;
        } else if value.as_deref() == Some("room") && found.room.is_none() {
            found.room = cx.read(s.flat, part, "name", &[], "base/prose/room", 0.85);
        } else if v.has(part, Set::Street) {
            found.address = cx.read(s.flat, part, "name", &[], "base/prose/address", 0.8);
        } else if house && name.is_none() {
            name = Some(part);
            last = n;
        } else if let Some(at) =
            name.filter(|_| last + 1 == n && found.city.is_none() && v.text[..part.start].trim_end().ends_with(','))
        {
            name = Some(Span::new(at.start, part.end));
            last = n;
        } else if n == 0 && name.is_none() {
            break;
        }
    }
    found.name = name.and_then(|p| cx.read(s.flat, p, "name", &[], "base/prose/venue", 0.85));
    if let (None, Some(city)) = (&found.country, &found.city) {
        found.country = country_of(cx, city);
    }
    found
}

/// A room's word, and the house or body that small words join to it.
fn room_of(v: View, part: Span) -> Option<(Span, Span)> {
    const JOINED: usize = 16;
    let (room, _) = v.phrase_at(part.start, Set::Place).filter(|(_, p)| p.value.as_ref() == "room")?;
    let behind = v.of(Span::new(room.end, part.end));
    let at = behind.find(char::is_uppercase).filter(|at| *at <= JOINED && behind.starts_with(' '))?;
    let house = Span::new(room.end + at, part.end);
    let named = [Set::Body, Set::KnownBody].iter().any(|set| v.phrase_at(house.start, *set).is_some())
        || v.phrase_at(house.start, Set::Place).is_some_and(|(_, p)| p.value.as_ref() != "room");
    named.then_some((room, house))
}

/// The town with which a press text begins: "Ulm. Der Verein lädt ein", "ROMA - Si apre".
pub(super) fn dateline(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    const EARLY: usize = 6;
    if tree.event.venue.city.is_some() || tree.event.venue.country.is_some() {
        return;
    }
    for p in parsed.iter().take(EARLY) {
        let flat = &p.unit.flat;
        let town = cx.patterns("dateline").find_map(|r| {
            let m = r.regex.captures(&flat.text)?.name("city")?;
            Some((Span::new(m.start(), m.end()), r.id.clone()))
        });
        if let Some((at, rule)) = town.filter(|(at, _)| cx.view(flat).is(*at, Set::City)) {
            tree.event.venue.city = cx.read(flat, at, "", &[], &rule, 0.7);
            tree.event.venue.country = tree.event.venue.city.as_ref().and_then(|city| country_of(cx, city));
            return;
        }
    }
}

/// The country of a city that is the only one of its name.
fn country_of(cx: Cx, city: &Grounded) -> Option<Grounded> {
    cx.g.lexicons.city(&city.value).filter(|c| !c.ambiguous)?;
    city.then("lexicon:city", cx.g).map(|mut c| {
        c.rule = "base/prose/country-of-city".into();
        c.score = 0.85;
        c
    })
}

/// Cut at commas outside brackets and at "in", "at" before a city or country.
fn parts(v: View, span: Span) -> Vec<Span> {
    let mut out = Vec::new();
    for part in crate::parse::affiliation_parts(v, span) {
        let mut start = part.start;
        // "Aula Magna dell'Ateneo X": the room, and the house that it is in
        if let Some((room, house)) = room_of(v, part) {
            out.push(room);
            start = house.start;
        }
        let part = Span::new(start, part.end);
        let text = v.of(part);
        for (i, w) in text.match_indices(" in ").chain(text.match_indices(" at ")) {
            let next = part.start + i + w.len();
            let next = next + usize::from(v.text[next..].starts_with("the ")) * 4;
            if v.phrase_at(next, Set::City).or_else(|| v.phrase_at(next, Set::Country)).is_some()
                && part.start + i > start
            {
                out.push(Span::new(start, part.start + i));
                start = next;
            }
        }
        out.push(Span::new(start, part.end));
    }
    out.into_iter()
        .map(|p| {
            let p = v.strip(p, " ,.;()");
            let skip = if v.of(p).starts_with("the ") { 4 } else { 0 };
            // brackets inside stay whole
            let close = usize::from(
                v.of(p).matches('(').count() > v.of(p).matches(')').count() && v.text[p.end..].starts_with(')'),
            );
            Span::new(p.start + skip, p.end + close)
        })
        .filter(|p| !p.is_empty())
        .collect()
}
