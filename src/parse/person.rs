//! People with position, organisation and country, in all orders.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::scan::View;
use crate::segment::Flat;

use super::names::{NameAt, expected_at, name_at, shaped_at};
use super::{Cx, RoleLabel, split};

/// How much the place speaks for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    /// Not at all: only the words tell.
    Words,
    /// They are expected: under a role's label, in a speaker's brackets.
    Expected,
    /// What has the shape of a name is one: behind a role's verb, between names in a list.
    Shape,
}

/// A person as named at one place.
#[derive(Clone, Debug, Default)]
pub struct PersonValue {
    /// Name without honorific and post-nominals.
    pub name: Grounded,
    /// Honorific.
    pub honorific: Option<Grounded>,
    /// Post-nominals.
    pub suffix: Option<Grounded>,
    /// Job and units.
    pub position: Option<Grounded>,
    /// Body.
    pub organisation: Option<Grounded>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<Grounded>,
    /// The part that a word behind the name gives this person alone: "Ann Lee (chair)".
    pub role: Option<RoleLabel>,
    /// To be confirmed, invited.
    pub tentative: Option<Grounded>,
    /// Cancelled.
    pub absent: bool,
    /// Whether the organisation is only that of the next one named: "A, B (Org)".
    pub borrowed: bool,
    /// Where the mention ends in the flat text.
    pub end: usize,
}

/// The people that `span` lists, in order; empty where it begins with none.
pub fn people(cx: Cx, flat: &Flat, span: Span) -> Vec<PersonValue> {
    listed(cx, flat, span, Trust::Words)
}

/// As [`people`], where people are expected: under a role label, in a speaker's brackets.
pub fn expected_people(cx: Cx, flat: &Flat, span: Span) -> Vec<PersonValue> {
    listed(cx, flat, span, Trust::Expected)
}

/// As [`people`], where nothing else can stand, so that the shape of a name is enough: behind a role's verb.
pub fn shaped_people(cx: Cx, flat: &Flat, span: Span) -> Vec<PersonValue> {
    listed(cx, flat, span, Trust::Shape)
}

/// The people of a stretch that its place makes theirs, in a text whose small letters tell no name: parted by commas
/// and "and", each of two to five words that no vocabulary knows as something else.
pub fn told_people(cx: Cx, flat: &Flat, span: Span) -> Option<Vec<PersonValue>> {
    let v = cx.view(flat);
    let span = v.strip(span, " .,;:&-");
    let mut cuts = vec![(span.start, span.start)];
    for (i, w) in [" , ", " & ", " and ", " ; ", ", "].iter().flat_map(|w| v.of(span).match_indices(w)) {
        cuts.push((span.start + i, span.start + i + w.len()));
    }
    cuts.push((span.end, span.end));
    cuts.sort_unstable();
    let mut found = Vec::new();
    for w in cuts.windows(2).filter(|w| w[0].1 < w[1].0) {
        let name = v.trim(Span::new(w[0].1, w[1].0));
        let words: Vec<&str> = v.of(name).split_whitespace().filter(|w| *w != ".").collect();
        let shaped = |w: &&str| w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\''));
        let sets = [Set::Kind, Set::Body, Set::Numbered, Set::Role, Set::EventWord, Set::Function, Set::Group];
        if !(2..=5).contains(&words.len()) || !words.iter().all(shaped) || sets.iter().any(|s| v.has(name, *s)) {
            return None;
        }
        let n = super::names::expected_at(v, name).filter(|n| n.end() == name.end);
        let n = n.unwrap_or(NameAt { honorific: None, name, suffix: None, score: 0.9, rival: None });
        found.push(named(cx, flat, &n));
    }
    (!found.is_empty()).then_some(found)
}

/// A person whose job, `words`, stands before the name, with the body that leads it.
pub fn job_person(cx: Cx, flat: &Flat, n: &NameAt, words: Span, lead: Span) -> PersonValue {
    let v = cx.view(flat);
    let mut person = named(cx, flat, n);
    if lead.is_empty() {
        affiliate(cx, flat, &mut person, vec![words]);
    } else {
        person.position = grounded(cx, flat, &[v.trim(Span::new(lead.end, words.end))], "base/person/position");
        person.organisation = grounded(cx, flat, &[lead], "base/person/organisation-first");
    }
    person
}

/// Whether words that have a name's shape are a body, job, place or the like.
pub fn other_than_name(v: View, words: Span) -> bool {
    let sets = [Set::Kind, Set::Body, Set::Numbered, Set::Role, Set::EventWord, Set::Function, Set::Group, Set::Place];
    let more = [Set::Position, Set::Unit, Set::Field, Set::Programme, Set::NoPerson, Set::Placeholder, Set::Status];
    sets.iter().chain(&more).any(|s| v.has(words, *s)) || v.is(words, Set::City) || v.is(words, Set::KnownBody)
}

fn listed(cx: Cx, flat: &Flat, span: Span, trust: Trust) -> Vec<PersonValue> {
    let v = cx.view(flat);
    let open = [" and", " et", " und", " &", " y"].iter().find_map(|w| v.of(span).trim_end().strip_suffix(w));
    let span = open.map_or(span, |head| Span::new(span.start, span.start + head.len()));
    let mut found: Vec<PersonValue> = Vec::new();
    for chunk in split::chunks(v, v.strip(span, " .;,:*-–—\t")) {
        let before = found.len();
        one_chunk(cx, flat, chunk, trust, &mut found);
        if found.len() == before && before == 0 {
            return Vec::new();
        }
    }
    shared(&mut found);
    found
}

/// "A, B (Org)": both have the organisation.
fn shared(found: &mut [PersonValue]) {
    for i in (1..found.len()).rev() {
        let (head, tail) = found.split_at_mut(i);
        let (Some(a), Some(b)) = (head.last_mut(), tail.first()) else { continue };
        if a.organisation.is_none()
            && a.position.is_none()
            && b.organisation.is_some()
            && b.name.start() - a.name.end() <= 8
        {
            a.organisation = b.organisation.clone();
            a.borrowed = true;
            a.country = a.country.clone().or_else(|| b.country.clone());
        }
    }
}

/// The people between two strong separators.
fn one_chunk(cx: Cx, flat: &Flat, chunk: Span, trust: Trust, found: &mut Vec<PersonValue>) {
    let v = cx.view(flat);
    let segments = split::commas(v, chunk);
    let enumerated = enumerated(v, &segments);
    let trust = if enumerated { Trust::Shape } else { trust };
    let expected = trust > Trust::Words;
    let mut segments = segments.into_iter().peekable();
    let mut current: Option<(PersonValue, Vec<Span>)> = None;
    let mut all_names = true;
    while let Some(seg) = segments.next() {
        // what follows the comma tells whether these words are a name
        let open = Span::new(seg.start, chunk.end.max(seg.end));
        let name = if expected && current.is_none() { expected_at(v, open) } else { name_at(v, open) };
        // what stands in capitals behind a person is rather the body
        let name = name.filter(|n| current.is_none() || !inverted(v, n) || n.honorific.is_some() || n.score >= SURE);
        // "A (Org), B (Org)"
        let paired = current.is_some()
            && v.of(seg).ends_with(')')
            && v.text[..seg.start].trim_end_matches([',', ' ']).ends_with(')');
        let shaped = || {
            (paired || trust == Trust::Shape && (current.is_none() || enumerated)).then(|| shaped_at(v, seg)).flatten()
        };
        let starts = name
            .or_else(|| (expected && all_names).then(|| expected_at(v, open)).flatten())
            .or_else(shaped)
            .filter(|n| {
                enumerated
                    || paired && bracket_behind(v, seg, n)
                    || begins_person(v, seg, n, current.is_some(), all_names, expected)
            });
        match starts {
            Some(n) => {
                close(cx, flat, current.take(), found);
                // a name or its post-nominals that go on behind the comma: "LEE, Ann - Director", "Ann Lee, MP"
                let mut seg = seg;
                while let Some(next) = segments.next_if(|s| n.end() > s.start) {
                    seg = next;
                }
                let rest = v.strip(Span::new(n.end(), seg.end.max(n.end())), " ,-–—:;");
                let mut person = named(cx, flat, &n);
                let mut parts = Vec::new();
                if !rest.is_empty() {
                    parts = split::parts(v, rest);
                    all_names &= v.text[n.end()..seg.end].trim_start().starts_with('(');
                }
                take_flags(cx, flat, &mut person, &mut parts);
                current = Some((person, parts));
            }
            None => {
                all_names = false;
                if let Some((person, parts)) = &mut current {
                    // "Ann Lee, Director, will open the day": no more of her
                    let tells = v.text.get(seg.start.saturating_sub(1)..seg.end).unwrap_or_default();
                    let goes = |p: &crate::grammar::Pattern| p.regex.find(tells).is_some_and(|m| m.start() == 0);
                    if v.grammar.patterns("affiliation-end").iter().any(goes) {
                        break;
                    }
                    let mut more = split::parts(v, seg);
                    take_flags(cx, flat, person, &mut more);
                    parts.extend(more);
                } else {
                    return;
                }
            }
        }
    }
    close(cx, flat, current, found);
}

/// A family name first, of whose parts both are known.
const SURE: f32 = 1.8;

/// Whether the family name stands first, a comma behind it.
fn inverted(v: View, n: &NameAt) -> bool {
    v.of(n.name).contains(',')
}

/// "Ann Lee, Tom Reed, Ida Holt, and Lea Stone": whether all parts of a list that ends with an "and" have the shape of
/// a name, the first one is one, and so are most.
fn enumerated(v: View, segments: &[Span]) -> bool {
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return false };
    let joining = |w: &str| w == "&" || v.grammar.lookup(Set::And, w).is_some();
    if segments.len() < 3 || !v.text[..last.start].split_whitespace().next_back().is_some_and(joining) {
        return false;
    }
    let whole = |s: &Span, n: NameAt| v.strip(Span::new(n.end().min(s.end), s.end), "()., ").is_empty();
    let known = |s: &Span| expected_at(v, *s).is_some_and(|n| whole(s, n));
    let shaped = |s: &Span| {
        let place = v.is(*s, Set::City) || v.has(*s, Set::Country);
        !place && (known(s) || shaped_at(v, *s).is_some_and(|n| whole(s, n)))
    };
    let names = segments.iter().filter(|s| known(s)).count();
    known(first) && names * 2 >= segments.len() && segments.iter().all(shaped)
}

/// Whether a bracket is all that stands behind a name.
fn bracket_behind(v: View, seg: Span, n: &NameAt) -> bool {
    n.start() == seg.start && v.text.get(n.end()..seg.end).is_some_and(|t| t.trim_start().starts_with('('))
}

/// Whether a name in a comma list is a new person rather than more of the one before.
fn begins_person(v: View, seg: Span, n: &NameAt, inside: bool, all_names: bool, expected: bool) -> bool {
    if !inside {
        return n.start() <= seg.start + 1 && !goes_on(v, seg, n);
    }
    if n.start() > seg.start + 1 {
        return false;
    }
    if n.honorific.is_some() {
        return true;
    }
    if goes_on(v, seg, n) {
        return false;
    }
    let rest = v.strip(Span::new(n.end(), seg.end.max(n.end())), "()., ");
    let whole = rest.is_empty() || v.text[n.end()..].trim_start().starts_with('(');
    let after_and = v.text[..seg.start].trim_end().to_lowercase();
    let joined = [" and", " et", " y", " und", " e", "&", " en"].iter().any(|w| after_and.ends_with(w));
    let place = v.is(seg, Set::City) || v.has(n.name, Set::Country);
    whole
        && !place
        && n.score >= if expected && (all_names || joined) { 1.0 } else { 1.6 }
        && (all_names || joined || v.text[n.end()..].trim_start().starts_with('('))
}

/// Whether a capital word goes on right behind: "Julian Limnological Station" is no person.
fn goes_on(v: View, seg: Span, n: &NameAt) -> bool {
    let rest = &v.text[n.end()..seg.end.max(n.end())];
    let word = rest.strip_prefix(' ').unwrap_or("");
    let capital = word.starts_with(char::is_uppercase);
    capital
        && n.honorific.is_none()
        && (n.score < 2.5
            || v.has(Span::new(n.end(), seg.end), Set::Body)
            || v.has(Span::new(n.end(), seg.end), Set::Unit))
}

fn named(cx: Cx, flat: &Flat, n: &NameAt) -> PersonValue {
    let steps: &[&str] = if flat.text[n.name.start..n.name.end].contains(',') { &["name.order"] } else { &[] };
    let score = (n.score / 4.0).clamp(0.55, 0.98);
    let name = cx.read(flat, n.name, "name", steps, "base/person/name", score).unwrap_or_default();
    let rival = n.rival.and_then(|r| cx.read(flat, r, "name", &[], "base/person/name", score));
    PersonValue {
        name: name.over(rival, cx.g.weight("reading/name-words")),
        honorific: n.honorific.and_then(|h| cx.read(flat, h, "name", &[], "base/person/honorific", 0.97)),
        suffix: n.suffix.and_then(|h| cx.read(flat, h, "", &[], "base/person/suffix", 0.95)),
        end: n.end(),
        ..PersonValue::default()
    }
}

/// Takes `(TBC)`, durations and the like out of the affiliation's parts.
fn take_flags(cx: Cx, flat: &Flat, person: &mut PersonValue, parts: &mut Vec<Span>) {
    let v = cx.view(flat);
    let length = |s: Span| {
        let bare = v.strip(s, " ().[]");
        v.marks_in(s).any(|m| matches!(m.kind, crate::scan::MarkKind::Duration(_)))
            || v.is(bare, Set::Flag)
            || v.is(bare, Set::Placeholder)
    };
    for p in parts.iter_mut() {
        // "Rwanda (20 min)"
        if let Some(open) = v.of(*p).rfind(" (").filter(|i| *i > 0 && length(Span::new(p.start + i, p.end))) {
            person.end = person.end.max(p.end);
            let flag = v.strip(Span::new(p.start + open, p.end), " ().[]");
            if v.phrase_at(flag.start, Set::Flag).is_some_and(|(_, f)| f.value.as_ref() == "tentative") {
                person.tentative = cx.flag(flat, flag);
            }
            p.end = p.start + open;
        }
    }
    parts.retain(|p| {
        let bare = v.strip(*p, "()[] .");
        person.end = person.end.max(p.end);
        if let Some((s, phrase)) = v.phrase_at(bare.start, Set::Flag).filter(|(s, _)| s.end == bare.end) {
            if phrase.value.as_ref() == "tentative" {
                person.tentative = cx.flag(flat, s);
            }
            return false;
        }
        let duration = v.marks_in(bare).any(|m| matches!(m.kind, crate::scan::MarkKind::Duration(_)));
        !(bare.is_empty()
            || duration
            || v.whens(bare).any(|(s, _)| s.start == bare.start)
            || v.is(bare, Set::Placeholder)
            || v.phrase_at(bare.start, Set::ContactLabel).is_some_and(|(s, l)| s == bare && l.value.as_ref() != "web"))
    });
}

/// A role's word with what it means.
fn role(cx: Cx, flat: &Flat, word: Span) -> Option<RoleLabel> {
    let (role, label) =
        (cx.lexicon(flat, word, Set::Role, 0.9)?, cx.read(flat, word, "", &[], "base/person/role", 0.9)?);
    Some(RoleLabel { role, label })
}

/// Sorts the parts behind the name into position, organisation and country.
fn close(cx: Cx, flat: &Flat, person: Option<(PersonValue, Vec<Span>)>, found: &mut Vec<PersonValue>) {
    let Some((mut person, mut parts)) = person else { return };
    if person.name.value.is_empty() {
        return;
    }
    let v = cx.view(flat);
    parts.retain(|p| !v.strip(*p, "()[]., ").is_empty());
    let mut parts: Vec<Span> = parts.iter().map(|p| v.strip(*p, " ,;.")).collect();
    // "Ann Lee (chair)", "Ann Lee, moderator"; a chair of something is a job
    if let [only] = parts.as_slice()
        && let word = v.strip(*only, "()[] ")
        && v.is(word, Set::Role)
    {
        person.role = role(cx, flat, word);
        parts.clear();
    }
    affiliate(cx, flat, &mut person, parts);
    found.push(person);
}

/// Position, organisation and country out of parts in their order.
pub fn affiliate(cx: Cx, flat: &Flat, person: &mut PersonValue, mut parts: Vec<Span>) {
    let v = cx.view(flat);
    parts.truncate(present(v, &parts));
    // "Water Centre (WC). Kenya"
    if let Some(last) = parts.last_mut()
        && let Some(dot) = v.of(*last).rfind(". ").map(|i| last.start + i)
        && v.is(v.trim(Span::new(dot + 1, last.end)), Set::Country)
    {
        let country = v.trim(Span::new(dot + 1, last.end));
        last.end = dot;
        parts.push(country);
    }
    // a country, and a city before it, at the end
    if let Some(last) = parts.last().copied() {
        let bare = v.strip(last, "()");
        if v.is(bare, Set::Country) {
            person.country = cx.read(flat, bare, "", &["lexicon:country"], "base/person/country", 0.97);
            parts.pop();
        }
    }
    let city = |p: Span| super::place::city(v, v.strip(p, "()")).is_some() && !v.is(p, Set::KnownBody);
    if parts.len() > 1 && (parts.last().is_some_and(|p| city(*p)) || town_behind(v, &parts)) {
        parts.pop();
    }
    let inside = |p: &Span| v.text[..p.start].ends_with('(');
    let job = |p: &Span| is_position(v, *p);
    let body = |p: &Span| v.has(*p, Set::Body) || v.has(*p, Set::KnownBody);
    let unit = |p: &Span| v.phrase(*p, Set::Unit).is_some();
    if parts.is_empty() {
        return;
    }
    if let ([one], Some((job, body))) = (parts.as_slice(), parts.first().and_then(|p| job_of(v, *p))) {
        let _ = one;
        person.position = grounded(cx, flat, &[job], "base/person/position");
        person.organisation = grounded(cx, flat, &[body], "base/person/organisation");
        return;
    }
    // "chercheuse à l'Institut X, autrice": the body stands with the first of several jobs
    if let Some((first, organisation)) =
        job_of(v, parts[0]).filter(|_| parts.len() > 1 && parts[1..].iter().all(|p| job(p) && !body(p) && !unit(p)))
    {
        person.position = grounded(cx, flat, &[first], "base/person/position");
        person.organisation = grounded(cx, flat, &[organisation], "base/person/organisation");
        return;
    }
    let split = if job(&parts[0]) {
        // the organisation is the last part; where that is a job or a unit without body, there is none
        let last = parts.len() - 1;
        if last == 0 {
            // "Director of X" alone is a position
            1
        } else if body(&parts[last]) || !job(&parts[last]) {
            last
        } else if let Some(i) = (1..parts.len()).rev().find(|i| body(&parts[*i])) {
            i
        } else {
            parts.len()
        }
    } else if parts.len() > 1 && parts[1..].iter().all(|p| job(p) && !body(p)) && !inside(&parts[0]) {
        // organisation first, then the job
        let (org, pos) = parts.split_at(1);
        person.organisation = grounded(cx, flat, org, "base/person/organisation-first");
        person.position = grounded(cx, flat, pos, "base/person/position-behind");
        return;
    } else if parts.len() > 1 && inside_none(&parts, &body, &unit, v) {
        // "Finance Lead, Cyclone Brigade": what is neither body nor unit nor place before a body is the job
        parts.len() - 1
    } else if parts.len() > 1 && calls(v, parts[0]) && v.of(parts[1]).starts_with(char::is_uppercase) {
        1
    } else {
        0
    };
    let (position, organisation) = parts.split_at(split.min(parts.len()));
    person.position = grounded(cx, flat, position, "base/person/position");
    person.organisation = grounded(cx, flat, organisation, "base/person/organisation");
}

/// How many parts tell of the first-named employment that lasts: none of a former one, none of a second job behind
/// the body of the first.
fn present(v: View, parts: &[Span]) -> usize {
    let former = |p: &Span| v.grammar.patterns("former").iter().any(|r| r.regex.is_match(v.of(*p)));
    let body =
        |p: &Span| (v.has(*p, Set::Body) || v.has(*p, Set::KnownBody)) && v.phrase_at(p.start, Set::Unit).is_none();
    let end = parts.iter().skip(1).position(former).map_or(parts.len(), |i| i + 1);
    let first = parts[..end].iter().skip(1).position(|p| body(p) && !is_position(v, *p)).map(|i| i + 1);
    let second = first.filter(|_| parts.first().is_some_and(|p| is_position(v, *p)));
    let again = second.and_then(|b| (b + 1..end).find(|i| is_position(v, parts[*i]) && !body(&parts[*i])));
    again.unwrap_or(end)
}

/// "Secretary of the Water Union", "directrice du Musée Lion": the job, and the body behind the small words.
pub fn job_of(v: View, part: Span) -> Option<(Span, Span)> {
    let rules = v.grammar.patterns("job-of");
    let cut = |rule: &crate::grammar::Pattern, part: Span| {
        let c = rule.regex.captures(v.of(part))?;
        let at = |name: &str| c.name(name).map(|m| Span::new(m.start(), m.end()).shifted(part.start));
        at("job").zip(at("body"))
    };
    let begins_body = |body: Span| {
        short(v, body) || [Set::Body, Set::KnownBody].iter().any(|set| v.phrase_at(body.start, *set).is_some())
    };
    // "Kanzler TU München": the body right behind the job's word
    if let Some((job, _)) = v.phrase_at(part.start, Set::Position) {
        let rest = v.trim(Span::new(job.end, part.end));
        let apart = v.text[job.end..].starts_with(' ') && v.of(rest).starts_with(char::is_uppercase);
        let unit = v.phrase_at(rest.start, Set::Unit).is_some();
        if apart && !unit && begins_body(rest) && v.of(rest).contains(' ') {
            return Some((job, rest));
        }
    }
    let mut other = None;
    for rule in rules {
        // the first small word behind which a body stands: "director of Music at the Institute of Sound"
        let mut from = part.start;
        while let Some((before, mut body)) = cut(rule, Span::new(from, part.end)) {
            let mut job = Span::new(part.start, before.end);
            from = body.start;
            // "head of the Department of Wells of the Water Union": a unit belongs to the job
            let whole = |(_, b): &(Span, Span)| v.has(*b, Set::Body) || short(v, *b);
            let inner = || rules.iter().find_map(|r| cut(r, body).filter(whole));
            if let Some((unit, of)) = v.phrase_at(body.start, Set::Unit).and_then(|_| inner()) {
                (job.end, body) = (unit.end, of);
            }
            let named = v.has(body, Set::Body) || v.has(body, Set::KnownBody);
            let worded = v.phrase_at(job.start, Set::Position).is_some_and(|(s, _)| s.end <= body.start);
            if (worded || is_position(v, job)) && (short(v, body) || named && v.of(body).contains(' ')) {
                // "diretora de Barragens do Instituto X": where a body begins, else where one is named
                if begins_body(body) {
                    return Some((job, body));
                }
                other = other.or(Some((job, body)));
            }
        }
    }
    other
}

/// Whether a body's first word is its letters: "ENEA", "UNESCO office".
fn short(v: View, body: Span) -> bool {
    v.of(body).split_whitespace().next().is_some_and(|w| w.chars().filter(|c| c.is_uppercase()).count() > 1)
}

/// Whether one capitalised word that no list knows stands last, behind a body: its town.
fn town_behind(v: View, parts: &[Span]) -> bool {
    let [.., body, last] = parts else { return false };
    let text = v.of(*last);
    let info = v.grammar.lexicons.word(text);
    let other = [Set::Position, Set::Body, Set::Unit, Set::KnownBody, Set::Suffix, Set::Group, Set::NoPerson];
    text.starts_with(char::is_uppercase)
        && text.chars().skip(1).all(|c| c.is_lowercase() || matches!(c, '-' | '\''))
        && text.len() >= 4
        && !info.common
        && !other.iter().any(|set| v.has(*last, *set))
        && (v.has(*body, Set::Body) || v.has(*body, Set::KnownBody))
}

/// Whether the first part says nothing of a body, and the last one does.
fn inside_none(parts: &[Span], body: &impl Fn(&Span) -> bool, unit: &impl Fn(&Span) -> bool, v: View) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let plain = !body(first)
        && !unit(first)
        && !v.has(*first, Set::Place)
        && !v.has(*first, Set::City)
        && !v.has(*first, Set::Country);
    plain
        && (body(last) || unit(last))
        && v.of(*first).split_whitespace().count() <= 4
        && !v.of(*first).contains(['(', '&'])
        && (v.of(*first).split_whitespace().all(|w| v.grammar.lexicons.word(w).common) || craft(v, *first))
}

/// Whether one word has the shape of somebody's work: "Waller".
fn craft(v: View, part: Span) -> bool {
    v.grammar.patterns("job-word").iter().any(|p| p.regex.is_match(v.of(part))) && !v.has(part, Set::KnownBody)
}

/// Whether a part in small letters, in a text that has capitals, is a job that no list knows: "apicultrice".
fn calls(v: View, part: Span) -> bool {
    let words: Vec<&str> = v.of(part).split_whitespace().collect();
    !v.lower
        && (1..=3).contains(&words.len())
        && words.iter().all(|w| w.chars().all(|c| c.is_lowercase() || c == '-') && w.len() >= 3)
        && ![Set::Flag, Set::Placeholder, Set::Group, Set::NoPerson, Set::Body, Set::Unit, Set::Kind]
            .iter()
            .any(|set| v.has(part, *set))
}

/// Whether a part is a job: its first words, or its last, are a job's.
pub fn is_position(v: View, part: Span) -> bool {
    let Some((span, _)) = v.phrases(part, Set::Position).next() else { return false };
    let lead = v.of(Span::new(part.start, span.start));
    let words_before = lead.split_whitespace().count();
    let last = v.phrases(part, Set::Position).last().is_some_and(|(s, _)| s.end == part.end);
    let preposition = lead
        .split_whitespace()
        .any(|w| matches!(w.to_lowercase().as_str(), "of" | "for" | "the" | "de" | "du" | "des" | "für"));
    words_before <= 3 && !preposition && !v.phrases(Span::new(part.start, span.start), Set::Body).any(|_| true)
        || (last && !preposition)
}

fn grounded(cx: Cx, flat: &Flat, parts: &[Span], rule: &str) -> Option<Grounded> {
    let v = cx.view(flat);
    let (first, last) = (parts.first()?, parts.last()?);
    let whole = Span::new(first.start, last.end);
    let text = v.of(whole);
    // brackets around the whole go, brackets inside stay
    let whole = if text.ends_with(')') && text.matches('(').count() < text.matches(')').count() {
        Span::new(whole.start, whole.end - 1)
    } else if text.starts_with('(') && !text.contains(')') {
        Span::new(whole.start + 1, whole.end)
    } else {
        whole
    };
    let whole = v.strip(whole, " ,;.-–—:");
    // "A/B": the first-named counts
    let first_of = v.of(whole).find('/').filter(|i| {
        parts.len() == 1
            && v.of(whole).split('/').all(|w| w.trim().len() > 3)
            && v.text[..whole.start].ends_with('(')
            && *i > 3
    });
    let whole = first_of.map_or(whole, |i| v.trim(Span::new(whole.start, whole.start + i)));
    cx.read(flat, whole, "name", &[], rule, 0.85)
}
