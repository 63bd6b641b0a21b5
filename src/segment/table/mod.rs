//! A table → elements: what its columns mean decides what its cells are.
//!
//! In: a table with its lines. Out: elements in reading order: timed rows, people under their column's role, days,
//! contacts. Never: reads a value; a table whose columns say nothing stays rows of cells.

mod cells;
mod columns;
mod grid;
mod kind;
mod plain;
mod rows;

pub use columns::{Column, Head};

use crate::grammar::Grammar;
use crate::scan::{Scanned, Table};

use super::element::Element;
use cells::Grid;
use kind::Kind;

/// What a table's cells hold, what its columns are for and what it is.
fn seen<'s>(s: &'s Scanned<'s>, g: &'s Grammar, table: &'s Table) -> (Grid<'s>, Kind) {
    let mut grid = Grid::new(s, g, table);
    columns::decide(&mut grid);
    let kind = kind::decide(&grid);
    (grid, kind)
}

/// Reads a table into `out`; whether its columns said what it is.
pub(super) fn read<'s>(s: &'s Scanned<'s>, g: &'s Grammar, table: &'s Table, out: &mut Vec<Element<'s>>) -> bool {
    let (mut grid, mut kind) = seen(s, g, table);
    if let Some(split) = table.split.as_deref().filter(|_| kind != Kind::Grid) {
        // no grid: each line is a row, and where they have no heads they say what they say as lines
        (grid, kind) = seen(s, g, split);
        if kind != Kind::Rows || !grid.heads.contains(&true) || table.columns < 3 {
            out.extend(table.lines.clone().map(|i| Element::line(s, i)));
            return false;
        }
    }
    match kind {
        Kind::Rows => rows::read(&grid, out),
        Kind::Grid => grid::read(&grid, out),
        Kind::People => plain::people(&grid, out),
        Kind::Fields => plain::fields(&grid, out),
        Kind::Layout => out.extend(table.lines.clone().map(|i| Element::line(s, i))),
        Kind::Other => plain::rows(&grid, out),
    }
    matches!(kind, Kind::Rows | Kind::Grid | Kind::People)
}
