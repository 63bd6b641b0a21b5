//! Places: rooms, buildings, cities, countries.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::scan::View;
use crate::segment::Flat;

use super::{Cx, split};

/// A place as named at one spot.
#[derive(Clone, Debug, Default)]
pub struct PlaceValue {
    /// Building or house.
    pub name: Option<Grounded>,
    /// Room.
    pub room: Option<Grounded>,
    /// City.
    pub city: Option<Grounded>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<Grounded>,
    /// Address.
    pub address: Option<Grounded>,
}

impl PlaceValue {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.name.is_none()
            && self.room.is_none()
            && self.city.is_none()
            && self.country.is_none()
            && self.address.is_none()
    }
}

/// Reads `span` as a place: parts at commas; countries, cities, streets, rooms and buildings by their words.
/// With `labelled`, a part that nothing is known of is the name.
pub fn place(cx: Cx, flat: &Flat, span: Span, labelled: bool) -> PlaceValue {
    let v = cx.view(flat);
    let mut span = v.strip(span, " .;:,-–—*|");
    if let Some((_, label, value)) = crate::segment::field_label(v, span) {
        if label.value.as_ref() == "room" {
            return room(cx, flat, value);
        }
        span = value;
    }
    let mut found = PlaceValue::default();
    let mut parts: Vec<Span> = Vec::new();
    for part in whole_cities(v, split::commas_only(v, span)) {
        match crate::segment::field_label(v, part) {
            // "House: Old Mill, Room: 5"
            Some((_, label, value)) if label.value.as_ref() == "room" && found.room.is_none() => {
                found.room = cx.read(flat, value, "name", &[], "base/place/room-label", 0.9);
            }
            Some((_, _, value)) => parts.push(value),
            None => parts.push(part),
        }
    }
    let mut rest: Vec<Span> = Vec::new();
    let mut street: Option<Span> = None;
    for (i, part) in parts.iter().enumerate() {
        let bare = v.strip(without_mode(v, *part), " ().;");
        let next = parts.get(i + 1).map(|n| v.strip(*n, " ().;"));
        if let Some(code) = region(v, bare).filter(|_| i > 0 && is_region(v, &found, bare)) {
            let read = || cx.read(flat, code, "", &["lexicon:region"], "base/place/country-of-region", 0.85);
            found.country = found.country.take().or_else(|| read().filter(|_| found.city.is_some()));
        } else if v.is(bare, Set::Country) && (i > 0 || parts.len() == 1) {
            found.country = cx.read(flat, bare, "", &["lexicon:country"], "base/place/country", 0.97);
        } else if let Some(city) = city(v, bare)
            .filter(|_| i > 0 || parts.len() > 1 && v.has(span, Set::Country) || labelled && parts.len() == 1)
            .or_else(|| next.and_then(|n| town(v, bare, n, i > 0)))
        {
            // "Washington, DC": the state is dropped, and tells the country
            let comma = v.of(city).find(',').map_or(city.end, |c| city.start + c);
            if comma < city.end {
                found.country = cx.read(flat, city, "", &["lexicon:city"], "base/place/country-of-city", 0.85);
            }
            found.city = cx.read(flat, Span::new(city.start, comma), "", &[], "base/place/city", 0.95);
        } else if let Some(town) = postal_town(v, bare).filter(|_| labelled || i > 0) {
            found.city = found.city.take().or_else(|| cx.read(flat, town, "", &[], "base/place/city", 0.85));
        } else if next.is_some_and(|n| city(v, n).is_some() || postal_town(v, n).is_some()) && house_number(v, bare) {
            street = Some(bare);
        } else {
            rest.push(without_mode(v, *part));
        }
    }
    let labelled = labelled || street.is_some();
    rooms(cx, flat, &mut found, &rest, labelled);
    if let Some(street) = street.filter(|_| found.address.is_none()) {
        found.address = cx.read(flat, street, "name", &[], "base/place/address", 0.8);
    }
    if let (None, Some(city)) = (&found.country, &found.city)
        && v.grammar.lexicons.city(&city.value).is_some_and(|c| !c.ambiguous)
    {
        found.country = city.then("lexicon:city", cx.g).map(|mut c| {
            c.rule = "base/place/country-of-city".into();
            c.score = 0.85;
            c
        });
    }
    found
}

/// What a label for rooms holds: the room first, and behind a comma the house.
pub fn room(cx: Cx, flat: &Flat, span: Span) -> PlaceValue {
    let v = cx.view(flat);
    let span = v.strip(span, " .;:,-–—*|");
    let parts = split::commas_only(v, span);
    let Some(first) = parts.first().copied() else { return PlaceValue::default() };
    let rest = Span::new(parts.get(1).map_or(span.end, |p| p.start), span.end);
    let worded = |s: Span| v.phrase(s, Set::Place).is_some_and(|(_, w)| w.value.as_ref() == "room");
    // "Old Mill, Hall 3"
    if first.len() > LONGEST_ROOM || !rest.is_empty() && worded(rest) && !worded(first) {
        return place(cx, flat, span, true);
    }
    let mut found = if rest.is_empty() { PlaceValue::default() } else { place(cx, flat, rest, true) };
    found.room = cx.read(flat, first, "name", &[], "base/place/room-label", 0.9).or(found.room.take());
    found
}

/// What a field's label for places holds, by the label's meaning.
pub fn labelled_place(cx: Cx, flat: &Flat, field: &str, span: Span) -> PlaceValue {
    if field == "room" { room(cx, flat, span) } else { place(cx, flat, span, true) }
}

/// No room's name is longer.
const LONGEST_ROOM: usize = 60;

/// A town behind its postal code that no list need know: "48341 Altenberge".
fn postal_town(v: View, part: Span) -> Option<Span> {
    let text = v.of(part);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let town = v.trim(Span::new(part.start + digits, part.end));
    let words: Vec<&str> = v.of(town).split_whitespace().collect();
    let shaped =
        |w: &&str| w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || ".'-".contains(c));
    let other = [Set::Place, Set::Street, Set::Body, Set::Unit, Set::Kind, Set::EventWord];
    let fits = (1..=2).contains(&words.len()) && words.iter().all(shaped) && !other.iter().any(|s| v.has(town, *s));
    ((4..=5).contains(&digits) && fits && text[digits..].starts_with(' ')).then_some(town)
}

/// A part without how the event is held, in brackets behind it, and a country without any remark: "Norway (online)".
fn without_mode(v: View, part: Span) -> Span {
    let Some(open) = v.of(part).rfind(" (").filter(|i| *i > 0).map(|i| part.start + i) else { return part };
    let (head, inner) = (Span::new(part.start, open), v.strip(Span::new(open, part.end), " ()"));
    if v.is(inner, Set::Flag) || v.is(head, Set::Country) { head } else { part }
}

/// Parts that make one city's name together are one: "Washington, DC".
fn whole_cities(v: View, parts: Vec<Span>) -> Vec<Span> {
    let mut whole: Vec<Span> = Vec::with_capacity(parts.len());
    for part in parts {
        match whole.last_mut().filter(|last| v.is(Span::new(last.start, part.end), Set::City)) {
            Some(last) => last.end = part.end,
            None => whole.push(part),
        }
    }
    whole
}

/// A city, postal code before or behind it allowed.
pub(super) fn city(v: View, part: Span) -> Option<Span> {
    // what says that a town's name follows: "г. Пермь"
    let mark = v.grammar.patterns("town-mark").iter().find_map(|p| p.regex.find(v.of(part))).map_or(0, |m| m.end());
    let part = Span::new(part.start + mark, part.end);
    let text = v.of(part);
    // "Paris (16th arrondissement)"
    let remark = text.strip_suffix(')').and_then(|t| t.find(" (")).unwrap_or(text.len());
    let part = Span::new(part.start, part.start + remark);
    let text = v.of(part);
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ' ').len();
    let mut bare = Span::new(part.end - digits, part.end);
    // "Leeds LS2 9JT"
    while let Some(last) = v.of(bare).rfind(' ').filter(|i| v.of(bare)[*i..].bytes().any(|b| b.is_ascii_digit())) {
        bare = v.trim(Span::new(bare.start, bare.start + last));
    }
    let known = v.is(bare, Set::City) || v.lower && v.grammar.lexicons.city(v.of(bare)).is_some();
    known.then_some(bare)
}

/// A state or province, a postal code behind it allowed.
fn region(v: View, part: Span) -> Option<Span> {
    let digits = v.of(part).trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ' ').len();
    let bare = Span::new(part.start, part.start + digits);
    v.is(bare, Set::Region).then_some(bare)
}

/// Whether a state's name is not rather a country's: "Athens, Georgia" against "Tbilisi, Georgia".
fn is_region(v: View, found: &PlaceValue, part: Span) -> bool {
    let city = found.city.as_ref().and_then(|c| v.grammar.lexicons.city(&c.value));
    let of_region = v.phrase_at(part.start, Set::Region).map(|(_, p)| p.value.clone());
    !v.is(part, Set::Country) || city.is_some_and(|c| Some(c.country.as_ref()) == of_region.as_deref())
}

/// A town that no list knows, in front of its state, or of its country where a house stands before it: "Houghton,
/// Michigan", "Old Barn, Ledbury, United Kingdom".
fn town(v: View, part: Span, next: Span, behind: bool) -> Option<Span> {
    let words: Vec<&str> = v.of(part).split_whitespace().collect();
    let shaped =
        |w: &&str| w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || ".'-".contains(c));
    let other = [Set::Place, Set::Street, Set::Body, Set::Unit, Set::KnownBody, Set::Position, Set::EventWord];
    let fits = (1..=3).contains(&words.len()) && words.iter().all(shaped) && !other.iter().any(|s| v.has(part, *s));
    let told = region(v, next).is_some() || behind && words.len() <= 2 && v.is(next, Set::Country);
    (fits && told).then_some(part)
}

/// A street by its shape alone, a name with a house's number: "Lindenweg 12", "8 rue Haute".
fn house_number(v: View, part: Span) -> bool {
    let words: Vec<&str> = v.of(part).split_whitespace().collect();
    let number = |w: &&str| {
        let digits = w.bytes().take_while(u8::is_ascii_digit).count();
        (1..=4).contains(&digits) && w.len() - digits <= 1
    };
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    (2..=5).contains(&words.len())
        && (number(last) || number(first))
        && words.iter().any(|w| w.starts_with(char::is_uppercase))
        && !v.has(part, Set::Place)
        && !v.has(part, Set::Body)
}

/// Rooms and buildings out of what is left.
fn rooms(cx: Cx, flat: &Flat, found: &mut PlaceValue, parts: &[Span], labelled: bool) {
    let v = cx.view(flat);
    let value = |p: &Span| v.phrase(*p, Set::Place).map(|(_, w)| w.value.to_string());
    let mut name: Option<Span> = None;
    let mut room: Option<Span> = None;
    let mut address: Option<Span> = None;
    let wide = |a: Option<Span>, b: Span| Some(a.map_or(b, |a| Span::new(a.start, b.end)));
    for part in parts {
        match value(part).as_deref() {
            // "Station Road Training Centre" is a house in spite of its street's word
            _ if v.has(*part, Set::Street)
                && v.phrases(*part, Set::Place).last().is_none_or(|(s, _)| s.end != part.end)
                || name.is_some() && v.of(*part).bytes().filter(u8::is_ascii_digit).count() >= 4 =>
            {
                address = wide(address, *part)
            }
            Some("room") if room.is_none() => room = Some(*part),
            // "Old Auditorium, Room 5": the first is the house
            Some("room") if name.is_none() => name = room.replace(*part),
            Some("room") => {}
            Some(_) if name.is_none_or(|n| n.end + 4 >= part.start) => name = wide(name, *part),
            Some(_) => {}
            None if labelled && name.is_none() && v.of(*part).len() <= 90 => name = Some(*part),
            None if labelled && address.is_none() && name.is_some() && room.is_none() => name = wide(name, *part),
            None => {}
        }
    }
    found.name = name.and_then(|p| cx.read(flat, p, "name", &[], "base/place/name", 0.85));
    found.room = room.and_then(|p| cx.read(flat, p, "name", &[], "base/place/room", 0.85));
    found.address = address.and_then(|p| cx.read(flat, p, "name", &[], "base/place/address", 0.8));
}
