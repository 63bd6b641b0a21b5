//! A grid → elements: rooms, tracks or days side by side, a session a cell.
//!
//! In: a table whose columns are headed by places, tracks or dates. Out: elements, day by day where the columns are
//! days, else row by row. Never: reads a value.

use crate::grammar::Set;
use crate::model::Span;
use crate::scan::Cell;
use crate::segment::element::{Element, Told};
use crate::segment::rules::Class;

use super::cells::{Grid, date};
use super::columns::Column;
use super::rows::{Slots, column, head, side_by_side};

/// Reads a grid.
pub(super) fn read<'s>(grid: &Grid<'s>, out: &mut Vec<Element<'s>>) {
    let slots = Slots::new(grid);
    let days: Vec<(usize, usize)> = (0..grid.columns.len())
        .filter(|c| !of_times(grid.columns[*c].column))
        .filter_map(|c| grid.columns[c].head.filter(|h| grid.seen[*h].date).map(|h| (c, h)))
        .collect();
    if days.is_empty() {
        return rooms(grid, &slots, out);
    }
    let mut before = None;
    for (c, h) in days.iter().copied() {
        // one head over several columns: rooms of one day
        if before.replace(h) != Some(h) {
            day(grid, h, out);
        }
        let mut above = false;
        for x in &grid.table.cells {
            let own = x.column as usize == c;
            // what goes over all days is of each of them
            let across = (x.column as usize) < c && ((x.column + x.columns) as usize) > c;
            if !grid.heads[x.row as usize] && (own || across) && content(grid, x) {
                cell(grid, &slots, x, above && !slots.own(x.row as usize), out);
                above = own;
            }
        }
    }
}

/// Rooms or tracks side by side: slot by slot, and in each of them column by column.
fn rooms<'s>(grid: &Grid<'s>, slots: &Slots, out: &mut Vec<Element<'s>>) {
    let mut r = 0;
    while r < grid.rows.len() {
        if grid.heads[r] {
            head(grid, r, out);
            r += 1;
            continue;
        }
        let next = (r + 1..grid.rows.len()).find(|n| grid.heads[*n] || slots.own(*n));
        let end = if slots.own(r) { next.unwrap_or(grid.rows.len()) } else { r + 1 };
        let mut cells: Vec<&Cell> = (r..end).flat_map(|n| grid.row(n)).map(|(_, c)| c).collect();
        cells.retain(|c| content(grid, c));
        cells.sort_by_key(|c| (c.column, c.row));
        for (i, c) in cells.iter().enumerate() {
            let below = i > 0 && cells[i - 1].column == c.column;
            cell(grid, slots, c, below, out);
        }
        r = end;
    }
}

/// Whether a cell is none of the times.
fn content(grid: &Grid, c: &Cell) -> bool {
    !of_times(column(grid, c))
}

/// Whether a column holds the slots. A date over it is the day of them all.
fn of_times(column: Column) -> bool {
    matches!(column, Column::Time | Column::Start | Column::End | Column::Number)
}

/// The cell that heads a column where `row` stands: of the last row of heads above it, else the column's.
fn head_above(grid: &Grid, column: u32, row: u32) -> Option<usize> {
    let above = (0..row as usize).rev().find(|r| grid.heads[*r])?;
    let own = grid.row(above).find(|(_, c)| c.column == column).map(|(i, _)| i);
    own.or_else(|| grid.columns.get(column as usize)?.head)
}

/// A column's head as the heading of a day.
fn day<'s>(grid: &Grid<'s>, h: usize, out: &mut Vec<Element<'s>>) {
    let first = out.len();
    out.extend(grid.table.cells[h].lines.clone().map(|i| grid.element(i)));
    for (n, e) in out[first..].iter_mut().enumerate() {
        e.class = Some(if n == 0 { Class::Day } else { Class::Cell });
        e.starts = true;
    }
    if let Some(e) = out.get_mut(first) {
        let all = grid.seen[h].span;
        e.told = Some(Box::new(Told { date: date(grid.view(), all), ..Told::default() }));
    }
}

/// The room that heads a column, without the track's name before it: "Drilling - room B12".
fn room(grid: &Grid, head: Span) -> Span {
    let v = grid.view();
    let cut = [" - ", " \u{2013} ", " \u{2014} ", ": "].iter().find_map(|d| v.of(head).find(d).map(|i| (i, d.len())));
    let parts = cut.map(|(i, n)| (Span::new(head.start, head.start + i), Span::new(head.start + i + n, head.end)));
    parts.filter(|(track, room)| v.has(*room, Set::Place) && !v.has(*track, Set::Place)).map_or(head, |(_, room)| room)
}

/// A cell: a session in its slot, in the place that heads its column; `below` where it goes on one of the same slot,
/// unless it has a number of its own.
fn cell<'s>(grid: &Grid<'s>, slots: &Slots, c: &Cell, below: bool, out: &mut Vec<Element<'s>>) {
    let first = out.len();
    out.extend(c.lines.clone().map(|l| grid.element(l)));
    // what stands alone in a row of lines may be for all
    let alone = !grid.table.own.is_empty() && grid.row(c.row as usize).filter(|(_, x)| content(grid, x)).count() == 1;
    let single = c.columns == 1 && !alone;
    let head = head_above(grid, c.column, c.row).filter(|_| single);
    let place = head.filter(|h| grid.seen[*h].place).map(|h| room(grid, grid.seen[h].span));
    let own = crate::segment::bullet(grid.s.text, grid.line(c.lines.start).span).1;
    let goes_on = below && crate::parse::numbered(grid.view(), own).is_none();
    let when = slots.over(c.row as usize, c.rows as usize).filter(|_| !goes_on);
    if let Some(e) = out.get_mut(first) {
        e.starts = true;
        if when.is_some() {
            e.class = Some(Class::Row);
            e.told = Some(Box::new(Told { when, place, ..Told::default() }));
        }
    }
    side_by_side(grid, &mut out[first..]);
}
