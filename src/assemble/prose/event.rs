//! The event's name, edition, dates, and what it is part of.

use crate::evidence::Grounded;
use crate::grammar::{Set, fold};
use crate::model::Span;
use crate::parse::{Cx, Parsed};
use crate::scan::{DateMark, View};
use crate::segment::Class;

use super::super::tree::Tree;
use super::text::{Sentence, capture, floor, matches, other_event, tells};

/// A stretch that may be the event's name.
struct Candidate {
    sentence: usize,
    span: Span,
    score: f32,
    rule: std::sync::Arc<str>,
}

/// The event's name: the best candidate of the patterns in set `event-name`, in its first form; gives its sentence.
pub(super) fn name(cx: Cx, sentences: &[Sentence], tree: &mut Tree) -> Option<usize> {
    let mut found: Vec<Candidate> = Vec::new();
    for (i, s) in sentences.iter().enumerate() {
        let v = cx.view(s.flat);
        for (rule, named) in matches(cx, "event-name", s) {
            let Some(raw) = capture(&named, "title") else { continue };
            let span = trimmed(cx, v, raw);
            if v.of(span).split_whitespace().count() >= 2 {
                found.push(Candidate { sentence: i, span, score: score(cx, v, span, s, i), rule: rule.id.clone() });
            }
        }
    }
    // a document's name stands early; comparing each with each has to stay cheap
    found.truncate(300);
    let text = |c: &Candidate| c.span.of(&sentences[c.sentence].flat.text).to_owned();
    let texts: Vec<String> = found.iter().map(text).collect();
    for (i, c) in found.iter_mut().enumerate() {
        let again = texts.iter().filter(|t| alike(t, &texts[i])).count().saturating_sub(1).min(3);
        c.score += cx.g.weight("event-name/again") * again as f32;
    }
    let best =
        found.iter().enumerate().fold(
            None,
            |b: Option<(usize, f32)>, (i, c)| if b.is_none_or(|(_, s)| c.score > s) { Some((i, c.score)) } else { b },
        );
    let (best, top) = best?;
    if top <= 0.0 {
        return None;
    }
    // its first full form
    let chosen = (0..=best)
        .find(|i| {
            alike(&texts[*i], &texts[best])
                && found[*i].score > 0.0
                && texts[*i].split_whitespace().count() + 1 >= texts[best].split_whitespace().count()
        })
        .unwrap_or(best);
    let c = &found[chosen];
    let s = &sentences[c.sentence];
    let v = cx.view(s.flat);
    let title = subtitled(v, s, repeated(cx, sentences, c));
    tree.event.title = cx.read(s.flat, title, "name", &[], &c.rule, (0.5 + top / 16.0).clamp(0.5, 0.9));
    edition(cx, s, v, c.span, tree);
    Some(if found[best].sentence == c.sentence { c.sentence } else { found[best].sentence.max(c.sentence) })
}

/// A name with what a headline adds to it behind a colon: "First Water Forum: Wells for all".
fn subtitled(v: View, s: &Sentence, name: Span) -> Span {
    const LONGEST: usize = 160;
    let tail = Span::new(name.end, s.span.end);
    let words = v.strip(tail, " :.");
    let added = v.of(tail).starts_with(": ")
        && tail.len() <= LONGEST
        && v.of(words).starts_with(char::is_uppercase)
        && v.of(words).contains(' ')
        && v.dates(tail).next().is_none();
    if s.heading && added { Span::new(name.start, words.end) } else { name }
}

/// A name as far as another sentence says it in the same words: small ones are part of it, where both go on alike.
fn repeated(cx: Cx, sentences: &[Sentence], c: &Candidate) -> Span {
    const SENTENCES: usize = 60;
    let s = &sentences[c.sentence];
    let v = cx.view(s.flat);
    let name = fold(v.of(c.span));
    let ours: Vec<&str> = v.of(Span::new(c.span.end, s.span.end)).split(' ').collect();
    // what stands at the name's end belongs to its last word
    if ours.len() < 2 || !ours[0].is_empty() {
        return c.span;
    }
    let alike = |a: &str, b: &str| fold(a.trim_end_matches(CLOSE)) == fold(b.trim_end_matches(CLOSE));
    const CLOSE: [char; 2] = [',', '.'];
    let ends = |w: &str| w.ends_with([',', '.', ';', '?', '!']);
    let mut most = 0;
    for (_, other) in sentences.iter().take(SENTENCES).enumerate().filter(|(i, _)| *i != c.sentence) {
        let text = other.text();
        let Some(at) = fold(text).find(&name).map(|at| fold(text)[..at + name.len()].split(' ').count()) else {
            continue;
        };
        let mut agreed = 0;
        for (a, b) in ours.iter().skip(1).zip(text.split(' ').skip(at)) {
            if !alike(a, b) {
                break;
            }
            agreed += 1;
            if ends(a) || ends(b) {
                break;
            }
        }
        most = most.max(agreed);
    }
    let more: usize = ours[..=most].iter().map(|w| w.len() + 1).sum::<usize>().saturating_sub(1);
    trimmed(cx, v, Span::new(c.span.start, c.span.end + more))
}

fn edition(cx: Cx, s: &Sentence, v: View, title: Span, tree: &mut Tree) {
    if let Some((word, _)) = v.phrases(title, Set::Ordinal).next().filter(|(w, _)| w.start <= title.start + 4) {
        tree.event.edition = cx.read(s.flat, word, "", &["number.ordinal"], "base/prose/edition", 0.9);
        return;
    }
    for r in cx.patterns("edition") {
        if let Some(m) = r.regex.captures(v.of(title)).and_then(|c| c.name("edition")) {
            tree.event.edition = cx.read(
                s.flat,
                Span::new(m.start(), m.end()).shifted(title.start),
                "",
                &["number.ordinal"],
                &r.id,
                0.9,
            );
        }
    }
}

/// A name without article, place, date and what happened to the event.
fn trimmed(cx: Cx, v: View, raw: Span) -> Span {
    let mut span = v.strip(raw, " ,.;:\"“”'");
    for word in ["The ", "the ", "This ", "A ", "An "] {
        if v.of(span).starts_with(word) {
            span = Span::new(span.start + word.len(), span.end);
        }
    }
    for p in cx.patterns("event-name-end") {
        if let Some(m) = p.regex.find(v.of(span)).filter(|m| m.start() > 8) {
            span = Span::new(span.start, span.start + m.start());
        }
    }
    let text = v.of(span);
    let cuts = text
        .match_indices(", ")
        .map(|(i, w)| (i, w.len()))
        .chain([" in ", " at ", " à "].iter().flat_map(|w| text.match_indices(w).map(|(i, w)| (i, w.len()))));
    let place = |at: usize| {
        let at = span.start + at;
        let at = at + usize::from(v.text[at..].starts_with("the ")) * 4;
        let word = |set| {
            v.phrase_at(at, set).is_some_and(|(s, _)| {
                !v.text[s.end..].starts_with(' ')
                    || v.text[s.end..].starts_with(" on ")
                    || v.text[s.end..].starts_with(" from ")
                    || s.end >= span.end
            })
        };
        word(Set::City)
            || word(Set::Country)
            || v.dates(Span::new(at, v.text.len())).next().is_some_and(|(d, _)| d.start == at)
    };
    if let Some((cut, _)) = cuts.filter(|(i, w)| *i > 8 && place(i + w)).min() {
        span = Span::new(span.start, span.start + cut);
    }
    if let Some((d, _)) = v.dates(span).next().filter(|(d, _)| d.start > span.start + 8) {
        span = Span::new(span.start, d.start);
    }
    let mut text = v.of(v.strip(span, " ,.;:\"“”'-–—("));
    while let Some((head, last)) = text.rsplit_once(' ') {
        if !matches!(last, "in" | "on" | "of" | "and" | "for" | "the" | "at" | "to" | "with" | "from") {
            break;
        }
        text = head.trim_end_matches([',', ' ']);
    }
    Span::new(span.start, span.start + text.len())
}

/// Whether two names are one event's: most words agree.
pub(super) fn alike(a: &str, b: &str) -> bool {
    let words = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2).map(fold).collect()
    };
    let (x, y) = (words(a), words(b));
    let shared = x.iter().filter(|w| y.contains(w)).count();
    shared > 0 && shared * 4 >= x.len().max(y.len()) * 3
}

fn score(cx: Cx, v: View, title: Span, s: &Sentence, order: usize) -> f32 {
    let g = cx.g;
    let after = v.of(Span::new(title.end, s.span.end));
    let head = &after[..floor(after, 120)];
    let words = v.of(title).split_whitespace().count();
    let before = v.of(Span::new(s.span.start, title.start));
    let whole = s.heading && v.strip(Span::new(s.span.start, title.start), " *#\"“").is_empty();
    let table = [
        (true, "event-name/base"),
        (tells(cx, "event-happens", head), "event-name/happens"),
        (v.dates(s.span).next().is_some(), "event-name/dated"),
        (words >= 4, "event-name/long"),
        (words <= 2, "event-name/short"),
        (tells(cx, "other-event", before), "event-name/other"),
        (s.named, "event-name/named"),
        (whole && order < 6, "event-name/heading"),
        (s.after, "event-name/after"),
        (v.phrase_at(title.start, Set::Position).is_some(), "event-name/position"),
    ];
    table.iter().filter(|(on, _)| *on).map(|(_, k)| g.weight(k)).sum::<f32>()
        + g.weight("event-name/order") * order as f32
}

/// "Workshop at X" below a line that is the workshop's name: the name, and X as what it is part of.
pub(super) fn under(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let early: Vec<&Parsed> =
        parsed.iter().filter(|p| !matches!(p.unit.class, Class::Furniture | Class::Property)).take(6).collect();
    for pair in early.windows(2) {
        let flat = &pair[1].unit.flat;
        let above = &pair[0].unit.flat;
        if flat.text.len() > 120 || above.text.len() > 160 || above.text.ends_with('.') {
            continue;
        }
        for rule in cx.patterns("event-under") {
            let Some(m) = rule.regex.captures(&flat.text).and_then(|c| c.name("programme")) else { continue };
            let v = cx.view(above);
            tree.event.programme = cx.read(flat, Span::new(m.start(), m.end()), "name", &[], &rule.id, 0.85);
            tree.event.title = cx
                .read(above, v.strip(above.all(), " *#:\"“”"), "name", &[], &rule.id, 0.85)
                .or(tree.event.title.take());
            return;
        }
    }
}

/// The date that the document itself bears.
pub(super) fn posted(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    for p in parsed {
        let text = &p.unit.flat.text;
        let own = p.unit.class == Class::Property
            && p.unit.first(cx.s).meta.as_deref().is_some_and(|m| m.contains("date"))
            || text.len() < 120 && tells(cx, "posted-line", text);
        if let Some((_, d)) = cx.view(&p.unit.flat).dates(p.unit.flat.all()).next().filter(|_| own) {
            tree.posted = tree.posted.take().or_else(|| Some(d.clone()));
        }
    }
}

/// The event's dates: of the name's sentence, else of the first sentence about the event that has one.
pub(super) fn dates(cx: Cx, sentences: &[Sentence], main: Option<usize>, tree: &mut Tree) {
    let order = main.into_iter().chain((0..sentences.len()).filter(|i| {
        Some(*i) != main
            && (sentences[*i].about || sentences[*i].heading && sentences[*i].early && tree.event.title.is_some())
    }));
    for i in order {
        let s = &sentences[i];
        let v = cx.view(s.flat);
        for (span, d) in v.dates(Span::new(s.span.start, other_event(cx, s))) {
            let before = v.of(Span::new(s.span.start, span.start));
            if d.month.is_none() || tells(cx, "other-date", before) || tells(cx, "posted-line", s.text()) {
                continue;
            }
            let completes = |old: &DateMark| {
                old.year.is_none()
                    && d.year.is_some()
                    && old.month.map(|m| m.0) == d.month.map(|m| m.0)
                    && old.days.first().map(|x| x.0) == d.days.first().map(|x| x.0)
            };
            if tree.event.date.as_ref().is_none_or(completes) {
                tree.event.date = Some(d.clone());
            }
        }
    }
}

/// Whether a value stands in `span` of a sentence.
pub(super) fn stands_in(s: &Sentence, span: Span, value: Option<&Grounded>) -> bool {
    let (pieces, _) = s.flat.source(span);
    value.is_some_and(|t| pieces.iter().any(|a| t.pieces.iter().any(|b| a.overlaps(*b))))
}
