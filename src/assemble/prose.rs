//! Reports, announcements and articles: the event, its dates, place, bodies, attendance, people and roles out of
//! sentences.

use crate::evidence::Grounded;
use crate::grammar::{Pattern, Set};
use crate::model::{DocumentKind, Span};
use crate::parse::{Cx, Parsed, people, place};
use crate::scan::View;
use crate::segment::{Class, Features, Flat};

use super::tree::{AttendanceTree, RelatedTree, RoleTree, Tree};
use super::{agenda, header};

/// A sentence of a unit.
struct Sentence<'u> {
    flat: &'u Flat,
    span: Span,
    unit: usize,
}

/// Reads a document of prose.
pub(super) fn build(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let sentences = sentences(cx, parsed);
    let main = event(cx, &sentences, tree);
    if let Some(i) = main {
        where_and_when(cx, &sentences, i, tree);
    }
    for s in &sentences {
        bodies(cx, s, tree);
        attendance(cx, s, tree);
        related(cx, s, tree);
    }
    for s in &sentences {
        roles(cx, s, tree);
    }
    headline(cx, parsed, tree);
    embedded(cx, parsed, tree);
    authors(cx, parsed, tree);
}

/// Where sentences end: a full stop, question or exclamation mark before white space and a capital.
fn sentences<'u>(cx: Cx, parsed: &'u [Parsed]) -> Vec<Sentence<'u>> {
    let mut out = Vec::new();
    for (unit, p) in parsed.iter().enumerate() {
        let flat = &p.unit.flat;
        if flat.text.len() < 24 || p.unit.class == Class::Furniture {
            continue;
        }
        let v = cx.view(flat);
        let mut start = 0;
        for (i, c) in flat.text.char_indices() {
            if !matches!(c, '.' | '?' | '!') {
                continue;
            }
            let rest = &flat.text[i + 1..];
            let next = rest.trim_start().chars().next();
            let ends = rest.starts_with(' ') && next.is_some_and(|n| n.is_uppercase() || matches!(n, '"' | '\u{201c}' | '('));
            let word = flat.text[start..i].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
            let short = word.chars().count() <= 1 || (c == '.' && v.grammar.lookup(Set::Honorific, word).is_some()) || matches!(word, "e.g" | "i.e" | "No" | "approx" | "vs");
            if ends && !short {
                out.push(Sentence { flat, span: v.trim(Span::new(start, i + 1)), unit });
                start = i + 1;
            }
        }
        let last = v.trim(Span::new(start, flat.text.len()));
        if !last.is_empty() {
            out.push(Sentence { flat, span: last, unit });
        }
    }
    out
}

/// Matches of a set's patterns in a sentence.
fn matches<'g>(cx: Cx<'g>, set: &str, s: &Sentence) -> Vec<(&'g Pattern, Vec<(String, Span)>)> {
    let text = s.span.of(&s.flat.text);
    let mut out = Vec::new();
    for rule in cx.g.patterns(set) {
        for c in rule.regex.captures_iter(text) {
            let named = rule.regex.capture_names().flatten().filter_map(|n| c.name(n).map(|m| (n.to_owned(), Span::new(m.start(), m.end()).shifted(s.span.start)))).collect();
            out.push((rule, named));
        }
    }
    out
}

fn capture(named: &[(String, Span)], name: &str) -> Option<Span> {
    named.iter().find(|(n, _)| n == name).map(|(_, s)| *s)
}

/// The event's name: the best candidate of the patterns in set `event-name`; gives its sentence.
fn event(cx: Cx, sentences: &[Sentence], tree: &mut Tree) -> Option<usize> {
    let mut best: Option<(f32, usize, Span, &Pattern)> = None;
    for (i, s) in sentences.iter().enumerate() {
        let v = cx.view(s.flat);
        for (rule, named) in matches(cx, "event-name", s) {
            let Some(title) = capture(&named, "title") else { continue };
            let score = name_score(cx, v, title, s.span, i);
            if best.as_ref().is_none_or(|(b, ..)| score > *b) {
                best = Some((score, i, title, rule));
            }
        }
    }
    let (score, i, title, rule) = best?;
    if score <= 0.0 {
        return None;
    }
    let s = &sentences[i];
    let v = cx.view(s.flat);
    let title = v.strip(title, " ,.;:\"“”");
    tree.event.title = cx.read(s.flat, title, "name", &[], &rule.id, 0.8);
    if let Some((word, _)) = v.phrases(title, Set::Ordinal).next().filter(|(w, _)| w.start == title.start) {
        tree.event.edition = cx.read(s.flat, word, "", &["number.ordinal"], "base/prose/edition", 0.9);
    } else {
        for r in cx.g.patterns("edition") {
            if let Some(m) = r.regex.captures(v.of(title)).and_then(|c| c.name("edition")) {
                tree.event.edition = cx.read(s.flat, Span::new(m.start(), m.end()).shifted(title.start), "", &["number.ordinal"], &r.id, 0.9);
            }
        }
    }
    Some(i)
}

fn name_score(cx: Cx, v: View, title: Span, sentence: Span, order: usize) -> f32 {
    let g = cx.g;
    let after = v.of(Span::new(title.end, sentence.end));
    let head = &after[..crate::assemble::prose::floor(after, 120)];
    let happens = g.patterns("event-happens").iter().any(|p| p.regex.is_match(head));
    let dated = v.dates(sentence).next().is_some();
    let words = v.of(title).split_whitespace().count();
    let before = v.of(Span::new(sentence.start, title.start)).to_lowercase();
    let table = [
        (true, "event-name/base"),
        (happens, "event-name/happens"),
        (dated, "event-name/dated"),
        (words >= 4, "event-name/long"),
        (words <= 2, "event-name/short"),
        (g.patterns("other-event").iter().any(|p| p.regex.is_match(&before)), "event-name/other"),
    ];
    table.iter().filter(|(on, _)| *on).map(|(_, k)| g.weight(k)).sum::<f32>() + g.weight("event-name/order") * order as f32
}

/// Dates and place: of the name's sentence, else of sentences that speak of the event.
fn where_and_when(cx: Cx, sentences: &[Sentence], main: usize, tree: &mut Tree) {
    let title_end = tree.event.title.as_ref().map_or(0, Grounded::end);
    let order = std::iter::once(main).chain((0..sentences.len()).filter(|i| *i != main && speaks(cx, &sentences[*i])));
    for i in order {
        let s = &sentences[i];
        let v = cx.view(s.flat);
        for (span, d) in v.dates(s.span) {
            let better = tree.event.date.as_ref().is_none_or(|old| old.year.is_none() && d.year.is_some() && old.month.map(|m| m.0) == d.month.map(|m| m.0) && old.days.first().map(|x| x.0) == d.days.first().map(|x| x.0));
            if better && d.month.is_some() && (i != main || span.start + 1 > 0 && title_end > 0) {
                tree.event.date = Some(d.clone());
            }
        }
        for (_, named) in matches(cx, "event-place", s) {
            if let Some(at) = capture(&named, "place") {
                let mut found = place(cx, s.flat, at, true);
                if v.is(v.strip(at, " ,."), Set::Country) || found.city.is_some() && found.name.as_ref().is_some_and(|n| Some(&n.value) == found.city.as_ref().map(|c| &c.value)) {
                    found.name = None;
                }
                header::merge(&mut tree.event.venue, found);
            }
        }
        if tree.event.venue.city.is_none() {
            let city = v.phrases(s.span, Set::City).find(|(c, _)| v.grammar.lexicons.city(v.of(*c)).is_some_and(|x| !x.ambiguous) || v.text[c.end..].starts_with(", ") && v.phrase_at(c.end + 2, Set::Country).is_some());
            if let Some((c, _)) = city.filter(|(c, _)| v.text[..c.start].trim_end().ends_with([',']) || ["in", "at"].iter().any(|w| v.text[..c.start].trim_end().ends_with(w))) {
                let mut end = c.end;
                let tail = v.of(Span::new(end, s.span.end));
                let skip = tail.len() - tail.trim_start_matches([',', ' ']).len();
                let next = v.phrase_at(end + skip, Set::Country).or_else(|| v.phrase_at(end + skip + tail[skip..].strip_prefix("the ").map_or(0, |_| 4), Set::Country));
                if let Some((k, _)) = next {
                    end = k.end;
                    tree.event.venue.country = tree.event.venue.country.take().or_else(|| cx.read(s.flat, k, "", &["lexicon:country"], "base/prose/country", 0.95));
                }
                tree.event.venue.city = cx.read(s.flat, c, "", &[], "base/prose/city", 0.9);
                if tree.event.venue.country.is_none() {
                    tree.event.venue.country = cx.read(s.flat, c, "", &["lexicon:city"], "base/prose/country-of-city", 0.85);
                }
                let _ = end;
            }
        }
        if tree.event.date.as_ref().is_some_and(|d| d.year.is_some()) && tree.event.venue.city.is_some() {
            return;
        }
    }
}

/// Whether a sentence tells of the event: it names it by its word with a verb of happening.
fn speaks(cx: Cx, s: &Sentence) -> bool {
    let text = s.span.of(&s.flat.text);
    cx.g.patterns("event-happens").iter().any(|p| p.regex.is_match(text))
}

/// Hosts, organisers, sponsors.
fn bodies(cx: Cx, s: &Sentence, tree: &mut Tree) {
    for (rule, named) in matches(cx, "event-body", s) {
        let Some(span) = capture(&named, "bodies") else { continue };
        let v = cx.view(s.flat);
        let list: &mut Vec<Grounded> = match rule.value.as_ref() {
            "host" => &mut tree.event.hosts,
            "sponsor" => &mut tree.event.sponsors,
            _ => &mut tree.event.organisers,
        };
        for part in listed(v, span) {
            let read = cx.read(s.flat, part, "name", &[], &rule.id, 0.8);
            for b in read {
                if !list.iter().any(|x| x.value == b.value) {
                    list.push(b);
                }
            }
        }
    }
}

/// Bodies parted by commas and "and": cut where a capital follows and both sides stand by themselves.
fn listed(v: View, span: Span) -> Vec<Span> {
    let text = v.of(span);
    let mut cuts = vec![(0, 0)];
    for (i, w) in text.match_indices(" and ").chain(text.match_indices(", ")) {
        let right = &text[i + w.len()..];
        let right = right.strip_prefix("and ").unwrap_or(right).strip_prefix("the ").unwrap_or(right);
        let body = |s: Span| v.has(s, Set::Body) || v.has(s, Set::KnownBody) || v.of(s).split_whitespace().next().is_some_and(|w| w.len() > 1 && w.chars().all(|c| c.is_uppercase()));
        let at = span.start + i;
        if right.starts_with(char::is_uppercase) && body(Span::new(span.start, at)) && body(Span::new(at + w.len(), span.end)) {
            cuts.push((i, i + w.len()));
        }
    }
    cuts.sort_unstable();
    let mut out = Vec::new();
    for (n, (_, start)) in cuts.iter().enumerate() {
        let end = cuts.get(n + 1).map_or(text.len(), |(e, _)| *e);
        if *start > end {
            continue;
        }
        let mut part = v.strip(Span::new(span.start + start, span.start + end), " ,;.");
        for w in ["and ", "the ", "The "] {
            if v.of(part).starts_with(w) {
                part = Span::new(part.start + w.len(), part.end);
            }
        }
        if part.len() > 1 {
            out.push(part);
        }
    }
    out
}

/// "Twenty-three delegates from eleven Arab countries (…)".
fn attendance(cx: Cx, s: &Sentence, tree: &mut Tree) {
    let v = cx.view(s.flat);
    for (rule, named) in matches(cx, "attendance", s) {
        let (Some(count), Some(group)) = (capture(&named, "count"), capture(&named, "group")) else { continue };
        let Some(number) = cx.read(s.flat, count, "", &["number.cardinal"], &rule.id, 0.85) else { continue };
        if !v.has(group, Set::Group) {
            continue;
        }
        let mut a = AttendanceTree { count: Some(number), group: cx.read(s.flat, group, "", &[], &rule.id, 0.85), countries: Vec::new() };
        let tail = Span::new(group.end, s.span.end);
        let text = v.of(tail);
        if let Some(open) = text.find('(').filter(|o| *o < 60) {
            if let Some(close) = text[open..].find(')') {
                let inner = Span::new(tail.start + open + 1, tail.start + open + close);
                for part in crate::parse::affiliation_parts(v, inner) {
                    let mut part = part;
                    if let Some(rest) = v.of(part).strip_prefix("and ") {
                        part = Span::new(part.end - rest.len(), part.end);
                    }
                    let code = cx.read(s.flat, part, "", &["lexicon:country"], "base/prose/attending-country", 0.9).or_else(|| cx.read(s.flat, part, "", &["lexicon:city"], "base/prose/attending-city", 0.7));
                    a.countries.extend(code);
                }
            }
        }
        tree.event.attendance.push(a);
    }
}

/// "followed by the 4th Regional Meeting … on 29 May 2008".
fn related(cx: Cx, s: &Sentence, tree: &mut Tree) {
    let v = cx.view(s.flat);
    for (rule, named) in matches(cx, "related-event", s) {
        let Some(title) = capture(&named, "title") else { continue };
        let tail = Span::new(title.end, s.span.end);
        let mut r = RelatedTree { title: cx.read(s.flat, title, "name", &[], &rule.id, 0.8), ..RelatedTree::default() };
        r.date = v.dates(tail).next().map(|(_, d)| d.clone());
        r.venue.city = v.phrase(tail, Set::City).and_then(|(c, _)| cx.read(s.flat, c, "", &[], "base/prose/city", 0.9));
        tree.event.related.push(r);
    }
}

/// "was chaired by X and co-chaired by Y", "Mr. X of Y participated".
fn roles(cx: Cx, s: &Sentence, tree: &mut Tree) {
    let v = cx.view(s.flat);
    let verbs: Vec<(Span, String)> = v.phrases(s.span, Set::RoleVerb).filter(|(x, _)| v.of(*x).len() > 4).map(|(x, p)| (x, p.value.to_string())).collect();
    for (n, (verb, role)) in verbs.iter().enumerate() {
        let end = verbs.get(n + 1).map_or(s.span.end, |(x, _)| x.start);
        let mut tail = v.strip(Span::new(verb.end, end), " ,.;:");
        if let Some(head) = v.of(tail).strip_suffix(" and") {
            tail = v.strip(Span::new(tail.start, tail.start + head.len()), " ,");
        }
        let found = people(cx, s.flat, tail);
        let Some(kind) = cx.lexicon(s.flat, *verb, Set::RoleVerb, 0.9).filter(|_| !found.is_empty()) else { continue };
        if role == "speaker" && found[0].honorific.is_none() && found[0].name.score < 0.6 {
            continue;
        }
        let label = cx.read(s.flat, *verb, "", &[], "base/prose/role-label", 0.9);
        let subject = v.of(Span::new(s.span.start, verb.start)).to_lowercase();
        let target = related_to(&subject, tree);
        for p in found {
            let role = RoleTree { person: Some(p), role: kind.clone(), label: label.clone(), ..RoleTree::default() };
            match target {
                Some(i) => tree.event.related[i].roles.push(role),
                None => tree.event.roles.push(role),
            }
        }
    }
    for (rule, named) in matches(cx, "participant", s) {
        let Some(span) = capture(&named, "people") else { continue };
        let mut found = named_of(cx, s.flat, span);
        if rule.value.as_ref() == "speaker" || rule.value.as_ref() == "participant" {
            for p in found.drain(..) {
                let role = Grounded::constant(&rule.value, &p.name.pieces, &rule.id, 0.8);
                tree.event.roles.push(RoleTree { person: Some(p), role, ..RoleTree::default() });
            }
        }
    }
}

/// People as prose names them: "Mr. X of Y", "A and B from Y".
fn named_of(cx: Cx, flat: &Flat, span: Span) -> Vec<crate::parse::PersonValue> {
    let v = cx.view(flat);
    let names = crate::parse::names::all(v, span);
    let mut out: Vec<crate::parse::PersonValue> = Vec::new();
    let mut since = 0;
    for (i, n) in names.iter().enumerate() {
        let end = names.get(i + 1).map_or(span.end, crate::parse::names::NameAt::start);
        let flat_name = Span::new(n.start(), n.end());
        let Some(mut p) = people(cx, flat, flat_name).into_iter().next() else { continue };
        let tail = v.strip(Span::new(n.end(), end), " ,;.");
        let body = ["of the ", "of ", "from the ", "from ", "at "].iter().find_map(|w| v.of(tail).strip_prefix(w).map(|r| Span::new(tail.end - r.len(), tail.end)));
        if let Some(mut body) = body {
            for w in [" and", ","] {
                if let Some(r) = v.of(body).strip_suffix(w) {
                    body = Span::new(body.start, body.start + r.len());
                }
            }
            let stop = v.of(body).find(|c: char| c == '(').filter(|i| *i > 60).unwrap_or(v.of(body).len());
            let body = v.strip(Span::new(body.start, body.start + stop), " ,");
            p.organisation = cx.read(flat, body, "name", &[], "base/prose/affiliation", 0.75);
            for earlier in &mut out[since..] {
                if earlier.organisation.is_none() {
                    earlier.organisation = p.organisation.clone();
                }
            }
            since = out.len() + 1;
        }
        out.push(p);
    }
    out
}

/// The related event that a sentence's subject names.
fn related_to(subject: &str, tree: &Tree) -> Option<usize> {
    let shared = |title: &str| title.split_whitespace().filter(|w| w.len() > 3 && subject.contains(&w.to_lowercase())).count();
    let own = tree.event.title.as_ref().map_or(0, |t| shared(&t.value));
    tree.event.related.iter().position(|r| r.title.as_ref().is_some_and(|t| shared(&t.value) >= 2 && shared(&t.value) > own))
}

/// The document's own headline, where it is not the event's name.
fn headline(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let meta = parsed.iter().find(|p| p.unit.first(cx.s).meta.as_deref() == Some("title"));
    let first = parsed.iter().take(4).find(|p| !matches!(p.unit.class, Class::Furniture | Class::Property) && p.unit.flat.text.len() < 160 && p.unit.flat.text.split_whitespace().count() >= 3 && !p.unit.flat.text.ends_with('.'));
    let Some(p) = meta.or(first) else { return };
    let same = tree.event.title.as_ref().is_some_and(|t| p.unit.flat.text.to_lowercase().contains(&t.value.to_lowercase()));
    if !same || meta.is_some() {
        let v = cx.view(&p.unit.flat);
        tree.headline = cx.read(&p.unit.flat, v.strip(p.unit.flat.all(), " \t#*"), "text", &[], "base/prose/headline", 0.8);
    }
}

/// A programme inside a report: its numbered sessions and rows.
fn embedded(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let numbered = |p: &Parsed| p.unit.class == Class::Heading && p.entry.number.as_ref().is_some_and(|n| n.word.is_some()) && p.entry.title.is_some();
    let row = |p: &Parsed| p.unit.class == Class::Row && p.entry.whens.iter().any(|w| w.end.is_some() && w.score >= 0.8);
    if parsed.iter().filter(|p| row(p)).count() >= 3 || parsed.iter().any(numbered) && tree.kind == DocumentKind::Report {
        let Some(first) = parsed.iter().position(|p| row(p) || numbered(p)) else { return };
        agenda::rows(cx, &parsed[first..], tree);
    }
}

/// A name on a line of its own behind the prose, or a byline.
fn authors(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let named = Features::named("name-only").unwrap_or_default();
    let mut prose = 0;
    for p in parsed {
        if p.unit.class == Class::Prose {
            prose += 1;
        }
        let single = p.unit.features.has(named) && p.entry.people.len() == 1 && p.entry.role.is_none() && p.unit.lines.len() == 1;
        if single && prose >= 3 && tree.kind == DocumentKind::Article && tree.authors.is_empty() {
            tree.authors.extend(p.entry.people.iter().cloned());
        }
    }
    let _ = cx;
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
