//! Units → paragraphs → sentences.
//!
//! A wrapped paragraph whose lines fell into several units is one paragraph here.

use crate::grammar::{Pattern, Set};
use crate::model::Span;
use crate::parse::{Cx, Parsed};
use crate::segment::{Class, Flat};

/// Lines that belong to one run of text.
pub(super) struct Paragraph {
    flat: Flat,
    /// Whether it looks like a headline: short, without a full stop.
    heading: bool,
    /// Whether the format gives it as the document's title.
    named: bool,
}

/// A sentence.
pub(super) struct Sentence<'p> {
    /// Its paragraph's text.
    pub(super) flat: &'p Flat,
    /// Where it stands in it.
    pub(super) span: Span,
    /// Whether it is a heading.
    pub(super) heading: bool,
    /// Whether the format gives it as the document's title.
    pub(super) named: bool,
    /// Whether it stands among the first lines.
    pub(super) early: bool,
    /// Whether it speaks of the event.
    pub(super) about: bool,
    /// Whether it stands behind the text proper: references, notes.
    pub(super) after: bool,
}

impl Sentence<'_> {
    /// Its words.
    pub(super) fn text(&self) -> &str {
        self.span.of(&self.flat.text)
    }
}

/// Lines of at most this many bytes may be a wrapped paragraph's.
const WRAPPED: usize = 130;

/// The paragraphs of a document.
pub(super) fn paragraphs(cx: Cx, parsed: &[Parsed]) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < parsed.len() {
        let p = &parsed[i];
        let first = p.unit.first(cx.s);
        let named = first.meta.as_deref() == Some("title");
        let skip = matches!(p.unit.class, Class::Furniture | Class::Property) || first.meta.is_some() || first.target;
        let mut end = i + 1;
        if skip && !named {
            i = end;
            continue;
        }
        while !named && end < parsed.len() && continues(cx, &parsed[end - 1], &parsed[end]) {
            end += 1;
        }
        let flat = if end == i + 1 { p.unit.flat.clone() } else { joined(cx, &parsed[i..end]) };
        let words = flat.text.split_whitespace().count();
        let heading = named
            || words >= 2
                && flat.text.len() < 180
                && !flat
                    .text
                    .trim_end_matches(['"', '\u{201d}', '\'', '\u{2019}', ')'])
                    .ends_with(['.', ';', ',', '!'])
                && end == i + 1;
        out.push(Paragraph { flat, heading, named });
        i = end;
    }
    out
}

/// Whether a unit's first line goes on with the paragraph of the unit before.
fn continues(cx: Cx, before: &Parsed, p: &Parsed) -> bool {
    let (Some(last), first) = (cx.s.lines.get(before.unit.lines.end.saturating_sub(1)), p.unit.first(cx.s)) else {
        return false;
    };
    let text = |c: Class| {
        matches!(c, Class::Prose | Class::Text | Class::Person | Class::Contact | Class::Item | Class::Place)
    };
    let full = last.width <= WRAPPED
        && last.width >= 50
        && last.indent + last.span.len() + first_word(cx, first.span) + 1 >= last.width;
    let bullet = crate::segment::bullet(cx.s.text, first.span).0.is_some()
        || crate::segment::leading_number(cx.s.text, first.span).is_some();
    first.blanks == 0
        && full
        && !bullet
        && first.item == 0
        && first.heading == 0
        && !first.row
        && text(before.unit.class)
        && text(p.unit.class)
        && !first.target
}

fn first_word(cx: Cx, span: Span) -> usize {
    span.of(cx.s.text).split_whitespace().next().map_or(0, str::len)
}

fn joined(cx: Cx, units: &[Parsed]) -> Flat {
    let lines = units.iter().flat_map(|p| p.unit.lines.clone()).filter_map(|i| cx.s.lines.get(i));
    let pieces: Vec<Span> = lines
        .enumerate()
        .map(|(i, l)| if i == 0 { crate::segment::bullet(cx.s.text, l.span).1 } else { l.span })
        .collect();
    let codes: String = pieces.iter().map(|p| if p.of(cx.s.text).ends_with('-') { 'c' } else { 's' }).collect();
    Flat::new(cx.s, &pieces, &codes)
}

/// The sentences of all paragraphs: cut at a full stop, question or exclamation mark before white space and a capital.
pub(super) fn sentences<'p>(cx: Cx, paragraphs: &'p [Paragraph]) -> Vec<Sentence<'p>> {
    let mut out = Vec::new();
    let mut after = false;
    for (n, p) in paragraphs.iter().enumerate() {
        let v = cx.view(&p.flat);
        after |= v
            .phrase_at(0, Set::AfterWord)
            .is_some_and(|(s, _)| v.strip(Span::new(s.end, p.flat.text.len()), " :.").is_empty());
        let mut push = |span: Span| {
            let span = v.trim(span);
            if span.len() >= 8 {
                let about = p.named || about(cx, span.of(&p.flat.text));
                out.push(Sentence {
                    flat: &p.flat,
                    span,
                    heading: p.heading,
                    named: p.named,
                    early: n < 8,
                    about: about && !after,
                    after,
                });
            }
        };
        let mut start = 0;
        for (i, _) in p.flat.text.match_indices(['.', '?', '!']) {
            if ends(cx, &p.flat, start, i) {
                push(Span::new(start, i + 1));
                start = i + 1;
            }
        }
        push(Span::new(start, p.flat.text.len()));
    }
    out
}

/// Whether the stop at `i` ends the sentence that began at `start`.
fn ends(cx: Cx, flat: &Flat, start: usize, i: usize) -> bool {
    let rest = &flat.text[i + 1..];
    let next = rest.trim_start().chars().next();
    let opens = rest.starts_with(' ')
        && next.is_some_and(|n| n.is_uppercase() || n.is_ascii_digit() || matches!(n, '"' | '\u{201c}' | '('));
    if !opens {
        return false;
    }
    let word = flat.text[start..i].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let stop = flat.text[i..].starts_with('.');
    let short = stop
        && (word.chars().count() <= 1
            || cx.g.lookup(Set::Honorific, word).is_some()
            || cx.patterns("abbreviation").any(|p| p.regex.is_match(word)));
    !short
}

/// Whether a sentence speaks of the event that the document is about.
fn about(cx: Cx, text: &str) -> bool {
    ["event-happens", "event-subject"].iter().any(|set| cx.patterns(set).any(|p| p.regex.is_match(text)))
}

/// Matches of a set's patterns in a sentence, each with its named captures.
pub(super) fn matches<'g>(cx: Cx<'g>, set: &str, s: &Sentence) -> Vec<(&'g Pattern, Vec<(String, Span)>)> {
    let text = s.text();
    let mut out = Vec::new();
    for rule in cx.patterns(set) {
        for c in rule.regex.captures_iter(text) {
            let named = rule
                .regex
                .capture_names()
                .filter_map(|n| c.name(n).map(|m| (n.to_owned(), Span::new(m.start(), m.end()).shifted(s.span.start))))
                .collect();
            out.push((rule, named));
        }
    }
    out
}

/// The span of a named capture.
pub(super) fn capture(named: &[(String, Span)], name: &str) -> Option<Span> {
    named.iter().find(|(n, _)| n == name).map(|(_, s)| *s)
}

/// Where a sentence begins to speak of another event, in which this one is held or beside which; else its end.
pub(super) fn other_event(cx: Cx, s: &Sentence) -> usize {
    let named = matches(cx, "related-event", s);
    named.iter().filter_map(|(_, n)| capture(n, "title")).map(|t| t.start).min().unwrap_or(s.span.end)
}

/// Whether a pattern of `set` matches in `text`.
pub(in crate::assemble) fn tells(cx: Cx, set: &str, text: &str) -> bool {
    cx.patterns(set).any(|p| p.regex.is_match(text))
}

/// The nearest character boundary at or before `at`.
pub(in crate::assemble) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
