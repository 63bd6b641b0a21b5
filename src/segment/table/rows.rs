//! A programme row by row → elements: each row's item with its slot, then the people and whatever else it holds.
//!
//! In: a table whose columns are known. Out: elements. Never: reads a value.

use std::borrow::Cow;

use crate::grammar::Set;
use crate::model::Span;
use crate::parse::names;
use crate::scan::{Cell, When};
use crate::segment::element::{Element, Told};
use crate::segment::rules::Class;

use super::cells::Grid;
use super::columns::Column;

/// Reads the rows in order.
pub(super) fn read<'s>(grid: &Grid<'s>, out: &mut Vec<Element<'s>>) {
    let slots = Slots::new(grid);
    let mut group: Option<usize> = None;
    for r in 0..grid.rows.len() {
        if grid.rows[r].is_empty() {
            continue;
        }
        if grid.heads[r] {
            head(grid, r, out);
        } else if let Some(only) = only(grid, r) {
            let follows = (r + 1..grid.rows.len()).find(|n| !grid.rows[*n].is_empty()).is_some_and(|n| slots.own(n));
            wide(grid, r, only, slots.own(r).then(|| slots.when(r)).flatten(), follows, out);
        } else {
            session(grid, r, out);
            let shared = !slots.own(r);
            if !shared {
                group = opens_group(grid, r).then_some(r);
            }
            row(grid, r, slots.when(r), shared, group.is_some(), out);
        }
    }
}

/// A row of column heads: nothing to read but what the columns below it are for, and the day where one cell tells it.
pub(super) fn head<'s>(grid: &Grid<'s>, r: usize, out: &mut Vec<Element<'s>>) {
    let one_day = grid.row(r).filter(|(i, _)| grid.seen[*i].date).count() == 1;
    for (n, c) in grid.row(r) {
        let day = one_day && grid.seen[n].date;
        for i in c.lines.clone() {
            let class = if day && i == c.lines.start { Class::Day } else { Class::Cell };
            out.push(Element { class: Some(class), starts: true, ..grid.element(i) });
        }
    }
}

/// The one cell of a row, where it stands for the whole of it.
fn only(grid: &Grid, r: usize) -> Option<usize> {
    let mut cells = grid.row(r);
    let (i, c) = cells.next().filter(|_| grid.rows[r].len() == 1)?;
    let meaning = grid.columns.get(c.column as usize).map(|m| m.column);
    let across = c.columns >= 2 && c.columns + 1 >= grid.table.columns;
    let astray = matches!(meaning, Some(Column::Time | Column::Start | Column::Number)) && grid.seen[i].when.is_none();
    (across || astray).then_some(i)
}

/// A row that goes over the whole table: its lines stand for themselves, as a heading where timed rows follow.
fn wide<'s>(grid: &Grid<'s>, r: usize, i: usize, when: Option<When>, follows: bool, out: &mut Vec<Element<'s>>) {
    let first = out.len();
    let lines = grid.table.cells[i].lines.clone();
    let short =
        grid.seen[i].span.len() <= LONGEST_HEADING && (lines.len() == 1 || grid.line(lines.start).room.is_some());
    let out_lines = lines.len();
    out.extend(lines.map(|line| grid.element(line)));
    let Some(e) = out.get_mut(first) else { return };
    if let Some(when) = when {
        e.class = Some(Class::Row);
        e.told = Some(Box::new(Told { when: Some(when), ..Told::default() }));
    } else if follows && short && r > 0 {
        e.told = Some(Box::new(Told { heads: true, ..Told::default() }));
        e.class = (out_lines > 1 && !grid.seen[i].date).then_some(Class::Heading);
        let mut line = e.line.clone().into_owned();
        line.heading = line.heading.max(4);
        e.line = Cow::Owned(line);
    }
}

/// What heads the rows below it is no longer than this.
const LONGEST_HEADING: usize = 100;

/// The session that begins with a row, where a column of its own holds it: its name, and its slot below it.
fn session<'s>(grid: &Grid<'s>, r: usize, out: &mut Vec<Element<'s>>) {
    let of = |r: usize| grid.row(r).find(|(_, c)| column(grid, c) == Column::Session);
    let Some((_, c)) = of(r).filter(|(i, _)| grid.seen[*i].when.is_none()) else { return };
    let mut when = None;
    for below in (r + 1..grid.rows.len()).take(SPANNED).map_while(|r| grid.heads.get(r).filter(|h| !**h).map(|_| of(r)))
    {
        match below {
            Some((j, _)) => {
                when = grid.seen[j].when;
                break;
            }
            None => continue,
        }
    }
    let head = grid.columns.get(c.column as usize).and_then(|m| m.head).and_then(|h| grid.seen[h].head);
    let first = out.len();
    out.extend(c.lines.clone().map(|l| grid.element(l)));
    if let Some(e) = out.get_mut(first) {
        e.starts = true;
        e.class = Some(if when.is_some() { Class::Row } else { Class::Heading });
        e.told = Some(Box::new(Told { when, session: head, ..Told::default() }));
    }
}

/// Whether a row names a session that the rows sharing its time belong to: a number, and nobody who speaks.
fn opens_group(grid: &Grid, r: usize) -> bool {
    let Some(main) = main(grid, r) else { return false };
    let span = crate::segment::bullet(grid.s.text, grid.seen[main].span).1;
    let speaks = |i: usize| grid.view().phrase_at(grid.seen[i].span.start, Set::Role).is_none();
    let people = grid.row(r).any(|(i, c)| column(grid, c) == Column::Role && i != main && speaks(i));
    !people && crate::parse::numbered(grid.view(), span).is_some()
}

/// What the column of a cell is for.
pub(super) fn column(grid: &Grid, c: &Cell) -> Column {
    grid.columns.get(c.column as usize).map_or(Column::Note, |m| m.column)
}

/// The cell that says what is on: the item's, else a text, else people.
fn main(grid: &Grid, r: usize) -> Option<usize> {
    let rank = |c: Column| match c {
        Column::Item => 0,
        Column::Text => 1,
        Column::Role => 2,
        Column::Place => 3,
        Column::Date => 4,
        _ => 9,
    };
    grid.row(r).map(|(i, c)| (rank(column(grid, c)), i)).filter(|(n, _)| *n < 4).min().map(|(_, i)| i)
}

/// A row of cells.
fn row<'s>(grid: &Grid<'s>, r: usize, when: Option<When>, shared: bool, grouped: bool, out: &mut Vec<Element<'s>>) {
    let Some(main) = main(grid, r) else { return bare(grid, r, when, out) };
    let mut told = Told { when: when.filter(|_| !(shared && grouped)), ..Told::default() };
    let mut rest: Vec<usize> = Vec::new();
    for (i, c) in grid.row(r).filter(|(i, _)| *i != main) {
        match column(grid, c) {
            Column::Time | Column::Start | Column::End | Column::Number | Column::Session => {}
            Column::Place if told.place.is_none() => told.place = Some(grid.seen[i].span),
            Column::Duration | Column::Note if grid.seen[i].duration && told.duration.is_none() => {
                told.duration = Some(grid.seen[i].span);
            }
            Column::Date => told.date = super::cells::date(grid.view(), grid.seen[i].span),
            _ => rest.push(i),
        }
    }
    let people = rest.iter().any(|i| column(grid, &grid.table.cells[*i]) == Column::Role);
    if told.when.is_none()
        && let Some(at) = rest.iter().position(|i| speaks(grid, *i))
    {
        told.speakers = Some(listed(grid, &grid.table.cells[rest.remove(at)]));
    }
    let item = matches!(column(grid, &grid.table.cells[main]), Column::Item | Column::Text);
    told.titled = item && (people || told.speakers.is_some());
    let class = match (told.when, people) {
        (Some(_), _) => Some(Class::Row),
        (None, true) => Some(Class::Item),
        (None, false) => None,
    };
    if column(grid, &grid.table.cells[main]) == Column::Role && class.is_none() {
        return persons(grid, main, out);
    }
    let first = out.len();
    let lines = grid.table.cells[main].lines.clone();
    // a row that goes on: its people are the last line's
    out.extend(lines.map(|i| grid.element(i)));
    // a line below a row of lines, with nothing in the first column, may go on what stands above it; so may the first
    // one of a page
    let page = r == 0 && rest.is_empty() && grid.table.cells[main].column > 0;
    let goes_on = class.is_none() && (page || !grid.table.own.is_empty());
    if let Some(e) = out.get_mut(first) {
        (e.class, e.starts) = (class, !goes_on);
        e.told = (!goes_on).then(|| Box::new(told));
    }
    side_by_side(grid, &mut out[first..]);
    for i in rest {
        match column(grid, &grid.table.cells[i]) {
            Column::Role => persons(grid, i, out),
            Column::Note | Column::Duration => note(grid, i, out),
            _ => out.extend(grid.table.cells[i].lines.clone().map(|l| grid.element(l))),
        }
    }
}

/// The lines of a timed cell that each have a number ("Lab 2a: …", "Lab 2b: …") are sessions of the same slot.
pub(super) fn side_by_side(grid: &Grid, cell: &mut [Element]) {
    let numbered = |e: &Element| {
        let span = crate::segment::bullet(grid.s.text, e.line.span).1;
        crate::parse::numbered(grid.view(), span).is_some()
    };
    let Some((first, rest)) = cell.split_first_mut().filter(|(e, _)| numbered(e)) else { return };
    let Some(told) = first.told.as_ref().filter(|t| t.when.is_some()) else { return };
    for e in rest.iter_mut().filter(|e| numbered(e)) {
        let told = Told { when: told.when, place: told.place, ..Told::default() };
        (e.class, e.starts, e.told) = (Some(Class::Row), true, Some(Box::new(told)));
    }
}

/// Whether a cell's people speak: its column's head says so, or there is none, and no label of another role.
fn speaks(grid: &Grid, i: usize) -> bool {
    let c = &grid.table.cells[i];
    let head = grid.columns.get(c.column as usize).and_then(|m| m.head).and_then(|h| grid.seen[h].head);
    let says = |set, text: &str| grid.g.lookup(set, text).is_some_and(|p| p.value.as_ref() == "speaker");
    let speaker = head.is_none_or(|h| says(h.set, grid.view().of(h.span)));
    column(grid, c) == Column::Role && speaker && grid.view().phrase_at(grid.seen[i].span.start, Set::Role).is_none()
}

/// A row that is only a time.
fn bare<'s>(grid: &Grid<'s>, r: usize, when: Option<When>, out: &mut Vec<Element<'s>>) {
    let first = out.len();
    for (_, c) in grid.row(r).filter(|(_, c)| column(grid, c) != Column::Session) {
        out.extend(c.lines.clone().map(|i| grid.element(i)));
    }
    if let (Some(when), Some(e)) = (when, out.get_mut(first)) {
        e.class = Some(Class::Row);
        e.told = Some(Box::new(Told { when: Some(when), ..Told::default() }));
    }
}

/// A cell that only remarks.
fn note<'s>(grid: &Grid<'s>, i: usize, out: &mut Vec<Element<'s>>) {
    for line in grid.table.cells[i].lines.clone() {
        out.push(Element { class: Some(Class::Cell), starts: true, ..grid.element(line) });
    }
}

/// A cell of people, under the role that heads its column.
pub(super) fn persons<'s>(grid: &Grid<'s>, i: usize, out: &mut Vec<Element<'s>>) {
    let c = &grid.table.cells[i];
    let head = grid.columns.get(c.column as usize).and_then(|m| m.head).and_then(|h| grid.seen[h].head);
    let role = head.filter(|h| h.column == Column::Role);
    let (pieces, join) = listed(grid, c);
    let line = Cow::Borrowed(grid.line(c.lines.start));
    let told = Told { role, people: true, ..Told::default() };
    let class = if role.is_some() { Class::Label } else { Class::Person };
    out.push(Element {
        line,
        lines: grid.home(c.lines.clone()),
        class: Some(class),
        starts: true,
        pieces: Some((pieces, join)),
        told: Some(Box::new(told)),
        in_table: true,
    });
}

/// The lines of a cell of people: what begins with a person stands apart from the line before.
fn listed(grid: &Grid, c: &Cell) -> (Vec<Span>, String) {
    let v = grid.view();
    let mut pieces: Vec<Span> = Vec::new();
    let mut join = String::new();
    for line in c.lines.clone().map(|i| grid.line(i)) {
        let (mark, words) = crate::segment::bullet(grid.s.text, line.span);
        if let Some(prev) = pieces.last() {
            let open = crate::segment::ends_open(v.of(*prev), grid.g);
            let person = names::expected_at(v, words).is_some_and(|n| n.score >= 1.2);
            join.push(if mark.is_some() || person && !open { 'g' } else { 's' });
        }
        pieces.push(words);
    }
    (pieces, join)
}

/// For each row the cells that tell its time.
pub(super) struct Slots<'g, 's> {
    grid: &'g Grid<'s>,
    /// For each row, the cell in the column of times or of starts.
    starts: Vec<Option<usize>>,
    ends: Vec<Option<usize>>,
}

impl<'g, 's> Slots<'g, 's> {
    pub fn new(grid: &'g Grid<'s>) -> Self {
        let of = |wanted: &[Column]| {
            let mut rows = vec![None; grid.rows.len()];
            let inside = |c: &Cell| wanted.contains(&column(grid, c));
            for (i, c) in grid.table.cells.iter().enumerate().filter(|(_, c)| inside(c)) {
                if grid.seen[i].when.is_none() || grid.heads[c.row as usize] {
                    continue;
                }
                let (from, to) = (c.row as usize, (c.row + c.rows) as usize);
                rows[from..to.min(grid.rows.len())].iter_mut().take(SPANNED).for_each(|r| *r = Some(i));
            }
            rows
        };
        Slots { grid, starts: of(&[Column::Time, Column::Start]), ends: of(&[Column::End]) }
    }

    /// Whether a row's time stands in the row itself.
    pub fn own(&self, r: usize) -> bool {
        self.starts[r].is_some_and(|i| self.grid.table.cells[i].row as usize == r)
    }

    /// A row's slot.
    pub fn when(&self, r: usize) -> Option<When> {
        let mut when = self.grid.seen[self.starts[r]?].when?;
        if let Some(end) = self.ends[r].and_then(|i| self.grid.seen[i].when) {
            when.end = Some(end.start);
        }
        when.score = when.score.max(0.8);
        Some(when)
    }

    /// The slot of what covers `rows` rows from `r` on: from the first one's start to the last one's end.
    pub fn over(&self, r: usize, rows: usize) -> Option<When> {
        let mut when = self.when(r)?;
        let last = r + rows.clamp(1, SPANNED) - 1;
        if last > r
            && let Some(end) = self.starts.get(last).copied().flatten().and_then(|_| self.when(last))
        {
            when.end = end.end;
        }
        Some(when)
    }
}

/// No time is taken to hold for more rows than this.
const SPANNED: usize = 500;
