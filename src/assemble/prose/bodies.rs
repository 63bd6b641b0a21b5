//! Hosts, organisers, sponsors; who attended; events beside the event.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::Cx;
use crate::scan::View;

use super::super::tree::{AttendanceTree, RelatedTree, Tree};
use super::event::stands_in;
use super::text::{Sentence, capture, matches, tells};

/// Hosts, organisers, sponsors of a sentence about the event.
pub(super) fn bodies(cx: Cx, s: &Sentence, tree: &mut Tree) {
    for (rule, named) in matches(cx, "event-body", s) {
        let Some(span) = capture(&named, "bodies") else { continue };
        let v = cx.view(s.flat);
        if stands_in(s, span, tree.event.title.as_ref()) || !body_like(v, span) {
            continue;
        }
        let list: &mut Vec<Grounded> = match rule.value.as_ref() {
            "host" => &mut tree.event.hosts,
            "sponsor" => &mut tree.event.sponsors,
            _ => &mut tree.event.organisers,
        };
        for part in listed(v, span) {
            if let Some(b) = cx
                .read(s.flat, part, "name", &[], &rule.id, 0.8)
                .filter(|b| !list.iter().any(|x| same(&x.value, &b.value)))
            {
                list.push(b);
            }
        }
    }
}

/// Whether one name holds the other.
fn same(a: &str, b: &str) -> bool {
    a.contains(b) || b.contains(a)
}

/// Whether a stretch can be a body: its word, a known one, letters in capitals, or a city's.
fn body_like(v: View, span: Span) -> bool {
    let capitals = |w: &str| w.chars().filter(|c| c.is_uppercase()).count() >= 2;
    v.has(span, Set::Body)
        || v.has(span, Set::KnownBody)
        || v.has(span, Set::Unit)
        || v.has(span, Set::City)
        || v.has(span, Set::Place)
        || v.of(span).split_whitespace().any(capitals)
        || v.of(span).split_whitespace().count() >= 2
            && crate::parse::names::name_at(v, span).is_none_or(|n| n.end() < span.end)
}

/// Bodies parted by commas and "and": cut where a capital follows and both sides stand by themselves.
fn listed(v: View, span: Span) -> Vec<Span> {
    let text = v.of(span);
    let mut cuts = vec![(0, 0)];
    for (i, w) in text.match_indices(" and ").chain(text.match_indices(", ")) {
        let right = &text[i + w.len()..];
        let right = right.strip_prefix("and ").unwrap_or(right).strip_prefix("the ").unwrap_or(right);
        let body = |s: Span| {
            let first =
                v.of(s).trim_start_matches("and ").trim_start_matches("the ").split_whitespace().next().unwrap_or("");
            v.has(s, Set::Body) || v.has(s, Set::KnownBody) || first.chars().filter(|c| c.is_uppercase()).count() > 1
        };
        let at = span.start + i;
        let before = Span::new(span.start + cuts.last().map_or(0, |c: &(usize, usize)| c.1.min(i)), at);
        if right.starts_with(char::is_uppercase) && body(before) && body(Span::new(at + w.len(), span.end)) {
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
        if v.text[part.end..].starts_with(')') && v.of(part).contains('(') && !v.of(part).contains(')') {
            part = Span::new(part.start, part.end + 1);
        }
        if part.len() > 1 && !v.is(part, Set::EventWord) {
            out.push(part);
        }
    }
    out
}

/// "Twenty-three delegates from eleven Arab countries (…)", "over 60 participants expected to attend".
pub(super) fn attendance(cx: Cx, sentences: &[Sentence], tree: &mut Tree) {
    for s in sentences.iter().filter(|s| !s.after) {
        let v = cx.view(s.flat);
        for (rule, named) in matches(cx, "attendance", s) {
            let (Some(count), Some(group)) = (capture(&named, "count"), capture(&named, "group")) else { continue };
            let tail = Span::new(group.end, s.span.end);
            if !(tells(cx, "attending", s.text()) || tells(cx, "attending-from", v.of(tail))) {
                continue;
            }
            let Some(number) = cx.read(s.flat, count, "", &["number.cardinal"], &rule.id, 0.85) else { continue };
            if number.value.len() < 2 && number.value.parse::<u32>().is_ok_and(|n| n < 3)
                || tree.event.attendance.iter().any(|a| a.count.as_ref().is_some_and(|c| c.value == number.value))
            {
                continue;
            }
            let countries = countries(cx, s, tail);
            tree.event.attendance.push(AttendanceTree {
                count: Some(number),
                group: cx.read(s.flat, group, "", &[], &rule.id, 0.85),
                countries,
            });
        }
    }
}

/// Countries in the brackets behind a group, or listed behind "from".
fn countries(cx: Cx, s: &Sentence, tail: Span) -> Vec<Grounded> {
    let v = cx.view(s.flat);
    let text = v.of(tail);
    let bracket = text.find('(').filter(|o| *o < 60).and_then(|open| {
        text[open..].find(')').map(|close| Span::new(tail.start + open + 1, tail.start + open + close))
    });
    let from = text.strip_prefix(" from ").map(|_| Span::new(tail.start + 6, tail.end));
    let Some(inner) = bracket.or(from) else { return Vec::new() };
    let mut out = Vec::new();
    for part in crate::parse::affiliation_parts(v, inner) {
        let mut at = part.start;
        for piece in v.of(part).split(" and ") {
            let mut span = v.trim(Span::new(at, at + piece.len()));
            at += piece.len() + 5;
            for w in ["and ", "the "] {
                if v.of(span).starts_with(w) {
                    span = Span::new(span.start + w.len(), span.end);
                }
            }
            let span = v.strip(span, " .,;");
            let code =
                cx.read(s.flat, span, "", &["lexicon:country"], "base/prose/attending-country", 0.9).or_else(|| {
                    cx.read(s.flat, span, "", &["lexicon:city"], "base/prose/attending-city", 0.7)
                        .filter(|_| bracket.is_some())
                });
            out.extend(code);
        }
    }
    out
}

/// "followed by the 4th Regional Meeting … on 29 May 2008".
pub(super) fn related(cx: Cx, sentences: &[Sentence], tree: &mut Tree) {
    for s in sentences.iter().filter(|s| s.about) {
        let v = cx.view(s.flat);
        for (rule, named) in matches(cx, "related-event", s) {
            let Some(title) = capture(&named, "title").filter(|t| v.has(*t, Set::EventWord)) else { continue };
            let tail = Span::new(title.end, s.span.end);
            let title = v.strip(title, " ,.");
            let mut r =
                RelatedTree { title: cx.read(s.flat, title, "name", &[], &rule.id, 0.8), ..RelatedTree::default() };
            r.date = v.dates(tail).next().map(|(_, d)| d.clone());
            let city = v.phrases(tail, Set::City).find(|(c, _)| v.of(*c).starts_with(char::is_uppercase));
            let place = matches(cx, "event-place", s)
                .iter()
                .filter_map(|(_, n)| capture(n, "place"))
                .find(|p| p.start >= title.end);
            r.venue.city = city
                .map(|(c, _)| c)
                .or(place.filter(|p| !v.of(*p).contains(' ')))
                .and_then(|c| cx.read(s.flat, c, "", &[], "base/prose/city", 0.85));
            tree.event.related.push(r);
        }
    }
}
