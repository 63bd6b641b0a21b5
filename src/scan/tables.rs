//! The tables of a text: their cells with the lines that stand in them.
//!
//! In: lines, the layout that the format told. Out: lines cut at the bounds of cells, and [`Table`]s. Never: says
//! what a column is for.

use std::ops::Range;

use crate::ingest::{PageBox, RegionKind, Text};
use crate::model::Span;
use crate::repair::Repaired;

use super::Line;
use super::lines::{Near, Room, told};

/// A table of the format.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Cells that hold something, by row and column.
    pub cells: Vec<Cell>,
    /// Indices of its lines in [`super::Scanned::lines`].
    pub lines: Range<usize>,
    /// Its lines in pieces, by cell, each with the index of the line that it is of, where the table is one by shape only.
    pub own: Vec<(usize, Line)>,
    /// The same with a row for each line.
    pub split: Option<Box<Table>>,
    /// Whether a cell of it holds another table.
    pub holds: bool,
    /// Whether it holds text outside its cells.
    pub loose: bool,
}

/// A cell that holds something.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
    /// Rows that it covers.
    pub rows: u32,
    /// Columns that it covers.
    pub columns: u32,
    /// Indices of its lines in [`super::Scanned::lines`].
    pub lines: Range<usize>,
}

/// A cell's region, and the table that it is of.
struct Place {
    table: usize,
    span: Span,
    at: [u32; 4],
    /// The cell of another table that it stands in.
    inside: Option<usize>,
}

/// Tables inside tables inside tables are looked through so far.
const DEEPEST: usize = 4;

/// The number of tables, and the cells of the layout by start, in the repaired text.
fn places(repaired: &Repaired, text: &Text) -> (usize, Vec<Place>) {
    let (mut tables, mut places, mut open): (Vec<Span>, Vec<Place>, Vec<usize>) = (Vec::new(), Vec::new(), Vec::new());
    for region in &text.layout {
        match region.kind {
            RegionKind::Table => {
                open.retain(|t| tables[*t].end > region.span.start);
                open.push(tables.len());
                tables.push(region.span);
            }
            RegionKind::Cell { row, column, rows, columns } => {
                while open.last().is_some_and(|t| tables[*t].end <= region.span.start) {
                    open.pop();
                }
                if let Some(table) = open.last() {
                    let span = repaired.map.forth(region.span);
                    places.push(Place { table: *table, span, at: [row, column, rows, columns], inside: None });
                }
            }
            _ => {}
        }
    }
    (tables.len(), places)
}

/// Cuts the lines of tables at the bounds of their cells.
pub(super) fn cut(content: &str, lines: Vec<Line>, repaired: &Repaired, text: &Text) -> (Vec<Line>, Vec<Table>) {
    let (count, mut places) = places(repaired, text);
    if places.is_empty() || !lines.iter().any(|l| l.row) {
        let tables = shaped(content, &lines, &places);
        return (lines, tables);
    }
    let mut out: Vec<Line> = Vec::with_capacity(lines.len() * 2);
    let mut owners: Vec<Option<usize>> = Vec::with_capacity(lines.len() * 2);
    let (mut next, mut open, mut near): (usize, Vec<usize>, Near) = (0, Vec::new(), Near::default());
    for line in lines {
        if !line.row {
            out.push(line);
            owners.push(None);
            continue;
        }
        for (i, piece) in line.cells(content).filter(|p| !p.is_empty()).enumerate() {
            while places.get(next).is_some_and(|p| p.span.start <= piece.start) {
                while open.last().is_some_and(|p| places[*p].span.end <= places[next].span.start) {
                    open.pop();
                }
                places[next].inside = open.last().copied();
                open.push(next);
                next += 1;
            }
            while open.last().is_some_and(|p| places[*p].span.end <= piece.start) {
                open.pop();
            }
            let owner = open.last().copied();
            let opens = owner.is_some() && owners.last().copied().flatten() != owner;
            let room = room(text, repaired.map.home(piece));
            let mut part = Line { span: piece, number: line.number, opens, room, ..Line::default() };
            if i == 0 {
                (part.blanks, part.page) = (line.blanks, line.page);
            }
            told(&mut part, repaired, text, &mut near);
            out.push(part);
            owners.push(owner);
        }
    }
    let tables = tables(&owners, count, &places);
    widths(&mut out, &tables);
    edges(&mut out, &tables);
    (out, tables)
}

/// Puts the tables together out of lines and the cells that they stand in.
fn tables(owners: &[Option<usize>], count: usize, places: &[Place]) -> Vec<Table> {
    let mut tables: Vec<Table> = vec![Table::default(); count];
    for (i, owner) in owners.iter().enumerate() {
        let around = std::iter::successors(*owner, |o| places[*o].inside);
        for (depth, place) in around.take(DEEPEST).map(|o| &places[o]).enumerate() {
            let table = &mut tables[place.table];
            if table.cells.is_empty() {
                table.lines = i..i;
            }
            // a line between that is none of its own
            table.loose |= table.lines.end != i;
            table.holds |= depth > 0;
            table.lines.end = i + 1;
            let [row, column, rows, columns] = place.at;
            match table.cells.last_mut().filter(|c| (c.row, c.column, c.lines.end) == (row, column, i)) {
                Some(cell) => cell.lines.end = i + 1,
                None => table.cells.push(Cell { row, column, rows, columns, lines: i..i + 1 }),
            }
        }
    }
    tables.retain(|t| !t.cells.is_empty());
    tables.sort_by_key(|t| (t.lines.start, std::cmp::Reverse(t.lines.end)));
    tables.iter_mut().for_each(bound);
    tables
}

/// Counts a table's rows and columns; no cell covers more.
fn bound(t: &mut Table) {
    t.cells.sort_by_key(|c| (c.row, c.column, c.lines.start));
    t.rows = t.cells.iter().map(|c| c.row).max().map_or(0, |r| r.saturating_add(1));
    t.columns = t.cells.iter().map(|c| c.column).max().map_or(0, |c| c.saturating_add(1));
    for c in &mut t.cells {
        c.rows = c.rows.clamp(1, t.rows.saturating_sub(c.row).max(1));
        c.columns = c.columns.clamp(1, t.columns.saturating_sub(c.column).max(1));
    }
}

/// The tables of a text whose lines only stand under one another: the lines stay whole, and each table has them in
/// pieces of its own, cell by cell.
fn shaped(content: &str, lines: &[Line], places: &[Place]) -> Vec<Table> {
    let mut tables = Vec::new();
    for group in places.chunk_by(|a, b| a.table == b.table) {
        let line_of = |p: &Place| lines.partition_point(|l| l.span.end <= p.span.start);
        let mut pieces: Vec<(usize, &Place)> = group.iter().map(|p| (line_of(p), p)).collect();
        pieces.retain(|(n, p)| lines.get(*n).is_some_and(|l| l.span.contains(p.span)));
        let (Some(first), Some(last)) = (pieces.first().map(|p| p.0), pieces.last().map(|p| p.0)) else { continue };
        let mut row = 0;
        let each = (0..pieces.len()).map(|i| {
            row += u32::from(i > 0 && pieces[i - 1].0 != pieces[i].0);
            (pieces[i].0, pieces[i].1, row)
        });
        let split = own(content, lines, each.collect());
        let merged = own(content, lines, pieces.iter().map(|(n, p)| (*n, *p, p.at[0])).collect());
        let mut table = Table { lines: first..last + 1, ..merged };
        table.split = Some(Box::new(Table { lines: first..last + 1, ..split }));
        tables.push(table);
    }
    tables
}

/// A table out of pieces of lines, each with the line, the cell's place and the row.
fn own(content: &str, lines: &[Line], mut pieces: Vec<(usize, &Place, u32)>) -> Table {
    /// What a letter is broad, as if of a typewriter, in points.
    const LETTER: f32 = 6.0;
    pieces.sort_by_key(|(n, p, row)| (*row, p.at[1], *n));
    let mut table = Table::default();
    for (i, (n, place, row)) in pieces.iter().enumerate() {
        let [_, column, rows, columns] = place.at;
        let same = table.cells.last_mut().filter(|c| (c.row, c.column) == (*row, column));
        let opens = same.is_none();
        match same {
            Some(cell) => (cell.lines.end, cell.columns) = (i + 1, cell.columns.max(columns)),
            None => table.cells.push(Cell { row: *row, column, rows, columns, lines: i..i + 1 }),
        }
        let line = &lines[*n];
        let text = place.span.of(content);
        let letters = |t: &str| t.chars().count() as f32 * LETTER;
        let left = line.indent as f32 * LETTER + letters(Span::new(line.span.start, place.span.start).of(content));
        let right = left + letters(text);
        let word = letters(text.split(' ').next().unwrap_or(text));
        let room = Some(Room { left, right, word, edge: right });
        let blanks = if i == 0 { line.blanks } else { 0 };
        let part = Line { span: place.span, number: line.number, row: true, opens, blanks, room, ..Line::default() };
        table.own.push((*n, part));
    }
    bound(&mut table);
    let mut parts: Vec<Line> = table.own.iter().map(|(_, l)| l.clone()).collect();
    edges(&mut parts, std::slice::from_ref(&table));
    table.own.iter_mut().zip(parts).for_each(|((_, l), part)| *l = part);
    table
}

/// Where a piece of a line stands on its page, and how broad its first word is.
fn room(text: &Text, home: Span) -> Option<Room> {
    let from = text.boxes.partition_point(|b| b.span.end <= home.start);
    let inside: Vec<&PageBox> = text.boxes[from..].iter().take_while(|b| b.span.start < home.end).collect();
    let first = inside.first()?;
    let left = inside.iter().map(|b| b.area[0]).fold(f32::MAX, f32::min);
    let right = inside.iter().map(|b| b.area[2]).fold(f32::MIN, f32::max);
    let content = text.content.get(home.start..home.end)?;
    let word = content.split_whitespace().next().map_or(0, str::len);
    // a box may be a word or a whole line
    let share = word as f32 / first.span.len().max(1) as f32;
    let word = (first.area[2] - first.area[0]) * share.clamp(0.0, 1.0);
    Some(Room { left, right, word, edge: right })
}

/// How far the lines of each column reach: to where the next column begins, or as far as the longest does.
fn edges(lines: &mut [Line], tables: &[Table]) {
    /// What lies between two columns at least.
    const GAP: f32 = 8.0;
    for t in tables {
        let count = t.columns.min(1000) as usize;
        let (mut lefts, mut rights) = (vec![f32::MAX; count + 1], vec![f32::MIN; count + 1]);
        for c in t.cells.iter().filter(|c| c.columns == 1 && (c.column as usize) < count) {
            for r in lines[c.lines.clone()].iter().filter_map(|l| l.room) {
                let n = c.column as usize;
                (lefts[n], rights[n]) = (lefts[n].min(r.left), rights[n].max(r.right));
            }
        }
        for c in t.cells.iter().filter(|c| (c.column as usize) < count) {
            let last = (c.column + c.columns) as usize;
            let next = lefts.get(last..).and_then(|l| l.iter().copied().find(|l| *l < f32::MAX));
            let own = rights.get(last - 1).copied().unwrap_or(f32::MIN);
            let edge = next.map_or(own, |n| own.max(n - GAP));
            lines[c.lines.clone()].iter_mut().filter_map(|l| l.room.as_mut()).for_each(|r| r.edge = r.edge.max(edge));
        }
    }
}

/// A full line in a cell is as long as the longest of its column.
fn widths(lines: &mut [Line], tables: &[Table]) {
    for t in tables {
        let mut longest: Vec<usize> = Vec::new();
        for c in t.cells.iter().filter(|c| c.column < 1000) {
            longest.resize(longest.len().max(c.column as usize + 1), 0);
            let most = lines[c.lines.clone()].iter().map(|l| l.span.len()).max().unwrap_or(0);
            longest[c.column as usize] = longest[c.column as usize].max(most);
        }
        for c in &t.cells {
            let width = longest.get(c.column as usize).copied().unwrap_or(0);
            lines[c.lines.clone()].iter_mut().for_each(|l| l.width = width);
        }
    }
}
