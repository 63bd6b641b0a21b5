//! The places of cells in a table.
//!
//! In: rows and cells as they come. Out: each cell's place and reach in the grid. Never: takes more room than a table
//! that a person could read.

use crate::ingest::text::RegionKind;

/// Columns and rows that one cell may cover.
const MOST_COLUMNS: u32 = 200;
const MOST_ROWS: u32 = 65_534;

/// A table that is open.
#[derive(Default)]
pub(super) struct Table {
    /// The row in hand, from 0.
    pub row: u32,
    column: u32,
    /// For each column, the row at which it is free again.
    taken: Vec<u32>,
    /// Whether a row is open.
    pub in_row: bool,
    /// Cells in the row so far.
    pub cells_in_row: u32,
    /// Where the text of the cell in hand begins.
    pub cell_start: usize,
    /// Whether it only arranges the page: its cells are blocks.
    pub is_layout: bool,
}

impl Table {
    /// A table; one that only arranges the page has no grid.
    pub fn new(is_layout: bool) -> Self {
        Self { is_layout, ..Self::default() }
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.in_row = false;
        self.cells_in_row = 0;
    }

    /// Gives the next cell, which covers so many rows and columns as it says, its place.
    pub fn cell(&mut self, rows: Option<u32>, columns: Option<u32>) -> RegionKind {
        // A cell that says 0 goes on to the end of its table.
        let rows = rows.map_or(1, |n| if n == 0 { MOST_ROWS } else { n.min(MOST_ROWS) });
        let columns = columns.unwrap_or(1).clamp(1, MOST_COLUMNS);
        if !self.in_row {
            self.in_row = true;
            self.column = 0;
        }
        self.cells_in_row = self.cells_in_row.saturating_add(1);
        let is_taken = |taken: &[u32], column: u32| taken.get(column as usize).is_some_and(|until| *until > self.row);
        while is_taken(&self.taken, self.column) {
            self.column += 1;
        }
        let column = self.column;
        self.column = column.saturating_add(columns);
        if rows > 1 && self.column <= MOST_COLUMNS {
            self.taken.resize(self.taken.len().max(self.column as usize), 0);
            self.taken[column as usize..self.column as usize].fill(self.row.saturating_add(rows));
        }
        RegionKind::Cell { row: self.row, column, rows, columns }
    }
}
