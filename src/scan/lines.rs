//! The lines of a text with what their layout tells.

use crate::ingest::{Region, RegionKind, Text};
use crate::model::Span;
use crate::repair::Repaired;

use super::trim;

/// A line that holds something.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The line without white space at its ends.
    pub span: Span,
    /// Its number in the text, from 1.
    pub number: usize,
    /// Columns before the first character.
    pub indent: usize,
    /// Blank lines before it.
    pub blanks: usize,
    /// Whether a page begins with it.
    pub page: bool,
    /// Heading level of the format, 0 for none.
    pub heading: u8,
    /// Depth of the format's list item that begins here, 0 for none.
    pub item: u8,
    /// Key of the property that it is.
    pub meta: Option<String>,
    /// Whether it is a link's target behind the reading order.
    pub target: bool,
    /// Whether it stands beside the document's own words: furniture, data for programs, what a mail quotes.
    pub aside: bool,
    /// How deeply a mail quotes it, 0 for not at all.
    pub quote: u8,
    /// Whether it is a row of a table, or a part of one.
    pub row: bool,
    /// Whether a table's cell begins with it.
    pub opens: bool,
    /// Whether it goes on what the line before it says, which was full, as far as the format tells.
    pub goes_on: Option<bool>,
    /// Whether the line right before it was full, in a plain text that keeps to one width.
    pub filled: Option<bool>,
    /// Where it stands on the page, in a cell whose lines end where the cell does.
    pub room: Option<Room>,
    /// Stretches that carry a link to a mail address, with where that stands.
    pub links: Vec<(Span, Span)>,
    /// Words that a note explains: where they end, and where the note stands.
    pub notes: Vec<(usize, Span)>,
    /// Strong stretches of it.
    pub strong: Vec<Span>,
    /// Slanted stretches of it.
    pub slanted: Vec<Span>,
    /// Length of the longest line nearby, in bytes: what a full line is.
    pub width: usize,
}

/// The room that a cell leaves a line, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// Left end of the line.
    pub left: f32,
    /// Right end of the line.
    pub right: f32,
    /// Breadth of its first word.
    pub word: f32,
    /// Right edge of the cell.
    pub edge: f32,
}

impl Line {
    /// The cells of the line: what tabs part.
    pub fn cells<'a>(&self, text: &'a str) -> impl Iterator<Item = Span> + 'a {
        let span = self.span;
        let mut at = span.start;
        span.of(text).split('\t').map(move |cell| {
            let here = Span::new(at, at + cell.len());
            at += cell.len() + 1;
            trim(text, here)
        })
    }
}

/// Splits a text into its lines.
pub(super) fn lines(repaired: &Repaired, text: &Text) -> Vec<Line> {
    let content = repaired.content.as_str();
    let (mut lines, mut start, mut blanks, mut page) = (Vec::new(), 0, 0, false);
    let mut near = Near::default();
    for (i, raw) in content.split('\n').enumerate() {
        let whole = Span::new(start, start + raw.len());
        start += raw.len() + 1;
        page |= raw.contains('\u{c}');
        let span = trim(content, whole);
        if span.is_empty() {
            blanks += 1;
            continue;
        }
        let before = &content[whole.start..span.start];
        let mut line = Line {
            span,
            number: i + 1,
            indent: before.chars().map(|c| if c == '\t' { 8 } else { 1 }).sum(),
            blanks,
            page,
            ..Line::default()
        };
        told(&mut line, repaired, text, &mut near);
        lines.push(line);
        (blanks, page) = (0, false);
    }
    widths(&mut lines);
    super::wraps::fill(&mut lines, content);
    place_targets(&mut lines, repaired);
    place_notes(&mut lines, repaired);
    lines
}

/// Links know where their targets stand in the ingested text: from here on in the repaired one.
fn place_targets(lines: &mut [Line], repaired: &Repaired) {
    if lines.iter().all(|l| l.links.is_empty()) {
        return;
    }
    let targets = lines.iter().filter(|l| l.target);
    let placed: Vec<(usize, Span)> = targets.map(|l| (repaired.map.home(l.span).start, l.span)).collect();
    for line in lines.iter_mut() {
        line.links.retain_mut(|(_, target)| {
            let found = placed.binary_search_by_key(&target.start, |(home, _)| *home);
            found.is_ok_and(|at| {
                *target = placed[at].1;
                true
            })
        });
    }
}

/// Marks know where their notes stand in the ingested text: from here on in the repaired one, up to a note's line end.
fn place_notes(lines: &mut [Line], repaired: &Repaired) {
    if lines.iter().all(|l| l.notes.is_empty()) {
        return;
    }
    let placed: Vec<(usize, Span)> = lines.iter().map(|l| (repaired.map.home(l.span).start, l.span)).collect();
    for line in lines.iter_mut() {
        line.notes.retain_mut(|(_, note)| {
            let found = placed.binary_search_by_key(&note.start, |(home, _)| *home);
            found.is_ok_and(|at| {
                *note = placed[at].1;
                true
            })
        });
    }
}

/// The regions that reach to the line being read: what ended before it is let go.
#[derive(Default)]
pub(super) struct Near {
    next: usize,
    open: Vec<usize>,
}

impl Near {
    /// The regions that overlap `home`; to be asked in the order of the text.
    fn regions<'t>(&mut self, text: &'t Text, home: Span) -> Vec<&'t Region> {
        while text.layout.get(self.next).is_some_and(|r| r.span.start < home.end) {
            self.open.push(self.next);
            self.next += 1;
        }
        self.open.retain(|r| text.layout[*r].span.end > home.start);
        self.open.iter().map(|r| &text.layout[*r]).collect()
    }
}

/// What the format tells of a line.
pub(super) fn told(line: &mut Line, repaired: &Repaired, text: &Text, near: &mut Near) {
    let home = repaired.map.home(line.span);
    let content = &repaired.content;
    let here = |s: Span| {
        let moved = |at: usize| (at.max(home.start) - home.start + line.span.start).min(line.span.end);
        let span = Span::new(moved(s.start), moved(s.end));
        (content.is_char_boundary(span.start) && content.is_char_boundary(span.end)).then(|| trim(content, span))
    };
    let (mut strong, mut slanted) = (Vec::new(), Vec::new());
    for region in near.regions(text, home) {
        match &region.kind {
            RegionKind::Heading(level) => line.heading = *level,
            RegionKind::Item(depth) if region.span.start >= home.start => line.item = line.item.max(*depth),
            RegionKind::Meta(key) => {
                line.aside |= key.starts_with("data.");
                line.meta = Some(key.clone());
            }
            RegionKind::Furniture => line.aside = true,
            RegionKind::Link(target) if target.of(&text.content).starts_with("mailto:") => {
                line.links.extend(here(region.span).map(|shown| (shown, *target)));
            }
            RegionKind::Noted(note) => line.notes.extend(here(region.span).map(|shown| (shown.end, *note))),
            RegionKind::Quote(depth) => line.quote = line.quote.max(*depth),
            RegionKind::Target => line.target = true,
            RegionKind::Row => line.row = true,
            RegionKind::Run if region.span.start < home.start => line.goes_on = Some(true),
            RegionKind::Run => line.goes_on = line.goes_on.or(Some(false)),
            RegionKind::Strong => strong.extend(here(region.span)),
            RegionKind::Emphasis => slanted.extend(here(region.span)),
            _ => {}
        }
    }
    line.strong = strong;
    line.slanted = slanted;
}

/// What a full line is around each line: the longest of its neighbours.
fn widths(lines: &mut [Line]) {
    const REACH: usize = 12;
    let lengths: Vec<usize> = lines.iter().map(|l| l.indent + l.span.len()).collect();
    for (i, line) in lines.iter_mut().enumerate() {
        let around = &lengths[i.saturating_sub(REACH)..lengths.len().min(i + REACH + 1)];
        line.width = around.iter().copied().max().unwrap_or(0);
    }
}
