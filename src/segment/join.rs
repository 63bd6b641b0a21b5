//! Puts lines together to units: by named scores, over line ends, blank lines and pages.

use crate::grammar::Set;
use crate::model::Span;
use crate::scan::{Scanned, trim};

use super::Unit;
use super::classify::Classified;
use super::features::bullet;
use super::flat::Flat;
use super::rules::{Class, Pair, Rules};

/// No unit grows over more lines than this.
const LONGEST: usize = 400;

/// The units of a document.
pub(super) fn units(s: &Scanned, rules: &Rules, lines: &[Classified]) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut open = 0i32;
    for i in 0..lines.len() {
        if i == start {
            open = 0;
        }
        open = (open + brackets(s.lines[i].span.of(s.text))).clamp(0, 9);
        let last = i + 1 == lines.len();
        if last || !joins(s, rules, lines, start, i, open > 0) {
            units.push(unit(s, lines, start, i + 1));
            start = i + 1;
        }
    }
    units
}

/// Brackets that stay open.
fn brackets(text: &str) -> i32 {
    text.bytes().map(|b| i32::from(b == b'(') - i32::from(b == b')')).sum()
}

/// Whether line `i + 1` belongs to the unit of lines `start..=i`.
fn joins(s: &Scanned, rules: &Rules, lines: &[Classified], start: usize, i: usize, open: bool) -> bool {
    if i + 1 - start >= LONGEST {
        return false;
    }
    let next = &s.lines[i + 1];
    if let Some(column) = column(s, start).filter(|_| next.blanks == 0 && !next.row)
        && lines[i + 1].class != Class::Row
        && !next.span.of(s.text).starts_with(['-', '\u{2022}', '*'])
        && next.indent + 2 >= column
    {
        return true;
    }
    let pair = Pair {
        prev: lines[i].features,
        next: lines[i + 1].features,
        prev_class: lines[start].class,
        next_class: lines[i + 1].class,
        gap: if next.page { next.blanks.min(1) } else { next.blanks },
        open,
    };
    let fired = rules.joins.iter().filter(|r| r.fires(&pair));
    fired.inspect(|r| s.grammar.fired(r.n)).map(|r| r.weight).sum::<f32>() > 0.0
}

/// The column in which the last cell of a line begins: behind a gap of three spaces or more.
fn column(s: &Scanned, line: usize) -> Option<usize> {
    let l = &s.lines[line];
    let text = l.span.of(s.text);
    let gap = text.rfind("   ")?;
    let cell = gap + 3;
    let head = l.span.start + text[..gap].trim_end().len();
    // the gap behind a row's time is no column of its own
    let timed = s.view().whens(l.span).any(|(w, _)| w.end + 6 >= head && w.start <= l.span.start + 12);
    (!timed).then(|| l.indent + text[..cell].chars().count())
}

fn unit(s: &Scanned, lines: &[Classified], start: usize, end: usize) -> Unit {
    let first = &lines[start];
    let mut ranked: Vec<(Class, f32)> =
        Class::ALL.iter().map(|c| (*c, first.scores[*c as usize])).filter(|(_, n)| *n > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (pieces, join) = pieces(s, start, end);
    Unit {
        class: first.class,
        ranked,
        rules: first.rules.clone(),
        lines: start..end,
        features: first.features,
        flat: Flat::new(s, &pieces, &join),
    }
}

/// The pieces of the lines with the codes that join them: hyphens at line ends kept or dropped.
fn pieces(s: &Scanned, start: usize, end: usize) -> (Vec<Span>, String) {
    let mut pieces: Vec<Span> = Vec::with_capacity(end - start);
    let mut join = String::new();
    let column = column(s, start).filter(|_| end > start + 1);
    if let Some(column) = column {
        return columns(s, start, end, column);
    }
    for i in start..end {
        let line = &s.lines[i];
        let span = if i == start { bullet(s.text, line.span).1 } else { line.span };
        if let Some(prev) = pieces.last_mut() {
            match hyphen(s, *prev, span) {
                Some(Hyphen::Keep) => join.push('c'),
                Some(Hyphen::Drop) => {
                    prev.end -= 1;
                    join.push('c');
                }
                None => join.push('s'),
            }
        }
        pieces.push(span);
    }
    (pieces, join)
}

/// The pieces of lines in two columns: the left column first, then the right one.
fn columns(s: &Scanned, start: usize, end: usize, column: usize) -> (Vec<Span>, String) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for i in start..end {
        let line = &s.lines[i];
        let span = if i == start { bullet(s.text, line.span).1 } else { line.span };
        let text = span.of(s.text);
        match text.rfind("   ").filter(|_| line.indent < column) {
            Some(gap) => {
                left.push(trim(s.text, Span::new(span.start, span.start + gap)));
                right.push(trim(s.text, Span::new(span.start + gap, span.end)));
            }
            None if line.indent + 2 >= column => right.push(span),
            None => left.push(span),
        }
    }
    left.retain(|p| !p.is_empty());
    let mut codes = "s".repeat(left.len().saturating_sub(1));
    if !left.is_empty() && !right.is_empty() {
        codes.push('g');
    }
    codes.push_str(&"s".repeat(right.len().saturating_sub(1)));
    left.extend(right);
    (left, codes)
}

enum Hyphen {
    Keep,
    Drop,
}

/// What becomes of a hyphen at the end of `prev`: dropped where the two halves make a known word and the first
/// half is no prefix that keeps its hyphen.
fn hyphen(s: &Scanned, prev: Span, next: Span) -> Option<Hyphen> {
    let a = prev.of(s.text).strip_suffix('-')?;
    let b = next.of(s.text);
    let head = a.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let tail: &str = b.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    if head.is_empty() || tail.is_empty() {
        return None;
    }
    let g = s.grammar;
    let keeps = !tail.starts_with(char::is_lowercase) || g.lookup(Set::HyphenPrefix, head).is_some();
    let whole = format!("{head}{tail}");
    let known = g.lexicons.word(&whole);
    let known = known.common || known.foreign;
    let parts = g.lexicons.word(head).common && g.lexicons.word(tail).common;
    Some(if keeps || (!known && parts) { Hyphen::Keep } else { Hyphen::Drop })
}
