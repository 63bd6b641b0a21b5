//! Puts lines together to units: by named scores, over line ends, blank lines and pages.

use crate::grammar::Set;
use crate::model::Span;
use crate::scan::{Line, MarkKind, Scanned, trim};

use super::Unit;
use super::classify::Classified;
use super::element::Element;
use super::features::{self, Features, bullet};
use super::flat::Flat;
use super::rules::{Class, Pair, Rules};

/// No unit grows over more lines than this.
const LONGEST: usize = 400;

/// No running head or foot of a page has more lines than this.
const FURNITURE: usize = 6;

/// The units of a document.
pub(super) fn units(s: &Scanned, rules: &Rules, mut elements: Vec<Element>, mut lines: Vec<Classified>) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut open = 0i32;
    let mut i = 0;
    while i < lines.len() {
        if i == start {
            open = 0;
        }
        open = (open + brackets(elements[i].line.span.of(s.text))).clamp(0, 9);
        let over = over_page(&elements, &lines, i);
        let next = over.unwrap_or(i + 1);
        let torn = next == i + 1 && next < lines.len() && torn_heading(&elements, &lines, i);
        let ends = next >= lines.len() || elements[next].starts && !torn;
        if ends || !torn && !joins(s, rules, &elements, &lines, [start, i, next], open > 0) {
            units.push(unit(s, &mut elements, &lines, start, i + 1));
            start = i + 1;
        } else if next > i + 1 {
            // what stands between two pages goes before the unit that it would cut
            let furniture = next - i - 1;
            elements[start..next].rotate_right(furniture);
            lines[start..next].rotate_right(furniture);
            units.extend((start..start + furniture).map(|k| unit(s, &mut elements, &lines, k, k + 1)));
            start += furniture;
            i += furniture;
        }
        i += 1;
    }
    units
}

/// Whether line `i` is a heading whose words go on in the next line, which the format made a heading of its own.
fn torn_heading(elements: &[Element], lines: &[Classified], i: usize) -> bool {
    let (a, b) = (&elements[i], &elements[i + 1]);
    let level = a.line.heading > 0 && a.line.heading == b.line.heading && b.line.blanks == 0;
    let worded = |c: Class| matches!(c, Class::Heading | Class::Prose | Class::Text);
    let open = lines[i].features.has(features::ENDS_OPEN) || lines[i + 1].features.has(features::LOWER_FIRST);
    level && open && !a.in_table && !b.in_table && worded(lines[i].class) && worded(lines[i + 1].class)
}

/// The line behind the foot of a page and the head of the next one, where these begin behind line `i`.
fn over_page(elements: &[Element], lines: &[Classified], i: usize) -> Option<usize> {
    let furniture = |k: usize| lines[k].class == Class::Furniture && !elements[k].in_table && elements[k].line.aside;
    let end = (i + 1..lines.len()).take(FURNITURE + 1).find(|k| !furniture(*k))?;
    let page = (i + 1..=end).any(|k| elements[k].line.page);
    (end > i + 1 && page && !furniture(i)).then_some(end)
}

/// Brackets that stay open.
fn brackets(text: &str) -> i32 {
    text.bytes().map(|b| i32::from(b == b'(') - i32::from(b == b')')).sum()
}

/// Whether line `n` belongs to the unit of lines `start..=i`.
fn joins(
    s: &Scanned,
    rules: &Rules,
    elements: &[Element],
    lines: &[Classified],
    [start, i, n]: [usize; 3],
    open: bool,
) -> bool {
    if i + 1 - start >= LONGEST {
        return false;
    }
    let next = &elements[n].line;
    // the second half of a range that the line above begins
    if features::broken_range(s.view(), bullet(s.text, elements[i].line.span).1)
        .is_some_and(|r| next.span.start < r.end)
    {
        return true;
    }
    let person = features::NAME_AFFILIATED.0 | features::HONORIFIC_FIRST.0 | features::NAME_ONLY.0;
    let named = lines[n].features.any(Features(person)) && !lines[i].features.has(features::ENDS_OPEN);
    let slot = Features(features::TIME_FIRST.0 | features::RANGE.0);
    let timed = lines[n].class == Class::Row && lines[n].features.has(slot);
    let begins = named || timed || lines[n].features.has(features::ROLE_LABEL);
    // one author list with its title below another
    let authors = |n: usize| lines[n].features.has(features::AUTHORS_FIRST);
    let another = authors(start) && authors(n) && !lines[i].features.has(features::ENDS_OPEN);
    let ends = another || ends_entry(s, &elements[i], next);
    if !begins && !ends && wrapped(s, &elements[i].line, next) {
        return true;
    }
    if ends || siblings(s, &elements[start], &elements[n]) {
        return false;
    }
    if let Some(column) = column(s, &elements[start]).filter(|_| next.blanks == 0 && !next.row)
        && lines[n].class != Class::Row
        && !next.span.of(s.text).starts_with(['-', '\u{2022}', '*'])
        && next.indent + 2 >= column
    {
        return true;
    }
    let crosses = crosses(s, &elements[i].line, next);
    let paragraph = paragraph(s, elements, lines, n);
    let pair = Pair {
        prev: lines[i].features,
        next: lines[n].features,
        prev_class: lines[start].class,
        next_class: lines[n].class,
        gap: if next.page || n > i + 1 { next.blanks.min(1) } else { next.blanks },
        open,
        goes_on: next.goes_on,
        filled: next.filled,
        crosses,
        paragraph,
    };
    let fired = rules.joins.iter().filter(|r| r.fires(&pair));
    fired.inspect(|r| s.grammar.fired(r.n)).map(|r| r.weight).sum::<f32>() > 0.0
}

/// Whether line `n` begins a sentence, and the lines of words from there end with a full stop.
fn paragraph(s: &Scanned, elements: &[Element], lines: &[Classified], n: usize) -> bool {
    /// No paragraph is looked through further than this.
    const FAR: usize = 12;
    let worded = |k: &usize| {
        let (line, class) = (&elements[*k].line, lines[*k].class);
        matches!(class, Class::Prose | Class::Text) && (*k == n || line.blanks == 0) && !line.row
    };
    let last = (n..lines.len()).take(FAR).take_while(worded).last();
    let ends = last.is_some_and(|k| lines[k].features.has(features::ENDS_FULL));
    ends && elements[n].line.span.of(s.text).starts_with(char::is_uppercase)
}

/// Whether an address, a number, a date or a time stands partly in a line and partly in the next one.
fn crosses(s: &Scanned, line: &Line, next: &Line) -> bool {
    let v = s.view();
    let here = v.marks_in(Span::new(line.span.start, next.span.end));
    let mut told =
        here.filter(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email | MarkKind::Date(_) | MarkKind::When(_)));
    told.any(|m| m.span.start < line.span.end && m.span.end > next.span.start)
}

/// Whether a line ends an entry, as a bar closes its row, or as it closes the bracket that tells how long that takes: "… Kenya, 5-11 min)". What
/// begins below it is another.
fn ends_entry(s: &Scanned, element: &Element, next: &Line) -> bool {
    let text = element.line.span.of(s.text);
    // a row between bars is closed by the last one
    if text.ends_with('|') && text[..text.len() - 1].contains('|') {
        return true;
    }
    let Some(inner) = text.strip_suffix(')') else { return false };
    let end = element.line.span.start + inner.len();
    let near = Span::new(element.line.span.start, end);
    let told = s.view().marks_in(near).any(|m| matches!(m.kind, MarkKind::Duration(_)) && m.span.end == end);
    told && next.span.of(s.text).starts_with(|c: char| c.is_uppercase() || c == '"')
}

/// Whether two lines are rows of one list in columns: the same left edge, and a last cell that begins in one column.
fn siblings(s: &Scanned, start: &Element, next: &Element) -> bool {
    let (a, b) = (&start.line, &next.line);
    let open = super::features::ends_open(a.span.of(s.text), s.grammar);
    let same = column(s, start).zip(column(s, next)).is_some_and(|(x, y)| x.abs_diff(y) <= 1);
    same && !open && b.indent == a.indent && b.blanks == 0
}

/// Whether a cell's line ends because the next word had no room in it: as the format tells, else by its letters.
fn wrapped(s: &Scanned, line: &Line, next: &Line) -> bool {
    if let Some(told) = next.goes_on {
        return told;
    }
    /// Points that a space takes, and by which edges differ.
    const SLACK: f32 = 3.0;
    let (Some(room), Some(below)) = (line.room, next.room) else { return false };
    let full = room.right + below.word + SLACK > room.edge;
    let small = next.span.of(s.text).starts_with(char::is_lowercase);
    let begins = bullet(s.text, next.span).0.is_some() || super::leading_number(s.text, next.span).is_some();
    (full || small) && !begins
}

/// The column in which the last cell of a line begins: behind a gap of three spaces or more.
fn column(s: &Scanned, element: &Element) -> Option<usize> {
    let l = &element.line;
    if l.row {
        return None;
    }
    let text = l.span.of(s.text);
    let gap = text.rfind("   ")?;
    let cell = gap + 3;
    let head = l.span.start + text[..gap].trim_end().len();
    // the gap behind a row's time is no column of its own
    let timed = s.view().whens(l.span).any(|(w, _)| w.end + 6 >= head && w.start <= l.span.start + 12);
    (!timed).then(|| l.indent + text[..cell].chars().count())
}

fn unit(s: &Scanned, elements: &mut [Element], lines: &[Classified], start: usize, end: usize) -> Unit {
    let first = &lines[start];
    let mut ranked: Vec<(Class, f32)> =
        Class::ALL.iter().map(|c| (*c, first.scores[*c as usize])).filter(|(_, n)| *n > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let told = elements[start].told.take();
    let elements = &elements[start..end];
    let (pieces, join) = pieces(s, elements);
    Unit {
        class: first.class,
        ranked,
        rules: first.rules.clone(),
        lines: elements[0].lines.start..elements[elements.len() - 1].lines.end,
        told,
        features: first.features,
        flat: Flat::new(s, &pieces, &join),
    }
}

/// The pieces of the lines with the codes that join them: hyphens at line ends kept or dropped.
fn pieces(s: &Scanned, elements: &[Element]) -> (Vec<Span>, String) {
    let mut pieces: Vec<Span> = Vec::with_capacity(elements.len());
    let mut join = String::new();
    if let Some(column) = elements.first().and_then(|e| column(s, e)).filter(|_| elements.len() > 1) {
        return columns(s, elements, column);
    }
    for (i, element) in elements.iter().enumerate() {
        let whole = match (&element.pieces, i) {
            (Some((own, _)), _) => own.clone(),
            (None, 0) => vec![bullet(s.text, element.line.span).1],
            (None, _) => vec![element.line.span],
        };
        if let (Some(prev), Some(next)) = (pieces.last_mut(), whole.first()) {
            match hyphen(s, *prev, *next) {
                Some(Hyphen::Keep) => join.push('c'),
                Some(Hyphen::Drop) => {
                    prev.end -= 1;
                    join.push('c');
                }
                None => join.push('s'),
            }
        }
        pieces.extend(whole);
        join.push_str(element.pieces.as_ref().map_or("", |(_, join)| join));
    }
    (pieces, join)
}

/// The pieces of lines in two columns: the left column first, then the right one.
fn columns(s: &Scanned, elements: &[Element], column: usize) -> (Vec<Span>, String) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (i, element) in elements.iter().enumerate() {
        let line = &element.line;
        let span = if i == 0 { bullet(s.text, line.span).1 } else { line.span };
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
    let token = |t: Option<&str>| t.is_some_and(|w| w.contains('@'));
    if token(a.split_whitespace().next_back()) || token(b.split_whitespace().next()) {
        return Some(Hyphen::Keep);
    }
    let g = s.grammar;
    let keeps = !tail.starts_with(char::is_lowercase) || g.lookup(Set::HyphenPrefix, head).is_some();
    let whole = format!("{head}{tail}");
    let known = g.lexicons.word(&whole);
    let known = known.common || known.foreign;
    let parts = g.lexicons.word(head).common && g.lexicons.word(tail).common;
    Some(if keeps || (!known && parts) { Hyphen::Keep } else { Hyphen::Drop })
}
