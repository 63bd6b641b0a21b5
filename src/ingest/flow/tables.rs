//! The tables of a [`Flow`].
//!
//! In: starts and ends of tables, rows and cells. Out: rows as lines, cells parted by tabs, each at its place. Never:
//! gives a covered place a tab.

use super::{Flow, Grid, Growing, Kind, Reach};
use crate::ingest::builder::Open;
use crate::ingest::text::RegionKind;

/// Columns and rows that one cell may cover.
const MOST_COLUMNS: u32 = 200;
const MOST_ROWS: u32 = 65_534;

impl Flow {
    /// Begins a table, within the cell that is open or on its own.
    pub fn open_table(&mut self) {
        self.end_paragraph();
        if self.is_full() {
            return self.tables.push(Grid::default());
        }
        if !self.in_table() {
            self.out.blank();
            self.turn_page();
        } else if !self.out.at_tab() {
            self.out.line();
        }
        let region = self.open(RegionKind::Table);
        self.tables.push(Grid { region, ..Grid::default() });
    }

    /// Begins a row whose first cell stands in column `skip`.
    pub fn open_row(&mut self, skip: u32) {
        self.close_row();
        let region = self.open(RegionKind::Row);
        if let Some(grid) = self.tables.last_mut() {
            grid.row_region = region;
            grid.column = skip.min(MOST_COLUMNS);
            grid.cells_in_row = 0;
            grid.turned = false;
            grid.row_start = self.out.len();
        }
    }

    /// Begins a cell.
    pub fn open_cell(&mut self, reach: Reach) -> Option<Open> {
        self.close_cell();
        let columns = reach.columns.clamp(1, MOST_COLUMNS);
        let rows = reach.rows.clamp(1, MOST_ROWS);
        let full = self.is_full();
        let grid = self.tables.last_mut()?;
        if grid.cells_in_row > 0 && !full {
            if self.out.has_ink_after(grid.row_start) {
                self.out.unline();
            }
            self.out.trim_line();
            self.out.text("\t");
        }
        grid.cells_in_row = grid.cells_in_row.saturating_add(1);
        let (row, column) = (grid.row, grid.column);
        grid.column = column.saturating_add(columns);
        if full {
            return None;
        }
        let region = self.out.open(RegionKind::Cell { row, column, rows, columns });
        grid.cell_region = Some(region);
        grid.place(column, columns, reach.grows.then_some(Growing { region, row, column, rows, columns }));
        Some(region)
    }

    /// Tells the place of a cell again: row, column, rows, columns.
    pub fn place_cell(&mut self, region: Open, [row, column, rows, columns]: [u32; 4]) {
        let (rows, columns) = (rows.clamp(1, MOST_ROWS), columns.clamp(1, MOST_COLUMNS));
        self.out.set_kind(region, RegionKind::Cell { row, column, rows, columns });
    }

    /// A place in the row that the cell above covers: that cell grows by a row. Whether there is such a cell.
    pub fn covered_cell(&mut self, columns: u32) -> bool {
        self.close_cell();
        let Some(grid) = self.tables.last_mut() else { return false };
        let column = grid.column;
        let Some(Some(cell)) = grid.above.get_mut(column as usize) else { return false };
        grid.column = column.saturating_add(columns.clamp(1, MOST_COLUMNS));
        if grid.row >= cell.row.saturating_add(cell.rows) {
            cell.rows = (grid.row + 1 - cell.row).min(MOST_ROWS);
            let Growing { region, row, column, rows, columns } = *cell;
            self.out.set_kind(region, RegionKind::Cell { row, column, rows, columns });
        }
        true
    }

    /// Passes over places that the format says are covered, without a word of their own.
    pub fn skip_cells(&mut self, columns: u32) {
        self.close_cell();
        if let Some(grid) = self.tables.last_mut() {
            grid.column = grid.column.saturating_add(columns);
        }
    }

    /// Ends the cell.
    pub fn close_cell(&mut self) {
        let region = self.tables.last_mut().and_then(|grid| grid.cell_region.take());
        if region.is_some() {
            self.end_paragraph();
        }
        self.close(region);
    }

    /// Ends the row.
    pub fn close_row(&mut self) {
        self.close_cell();
        let Some(grid) = self.tables.last_mut() else { return };
        let region = grid.row_region.take();
        let had_cells = std::mem::take(&mut grid.cells_in_row) > 0;
        if region.is_some() || had_cells {
            grid.row = grid.row.saturating_add(1);
        }
        self.close(region);
        if !self.full {
            self.out.line();
        }
        self.blank = false;
    }

    /// Ends the table.
    pub fn close_table(&mut self) {
        self.close_row();
        let region = self.tables.pop().and_then(|grid| grid.region);
        self.close(region);
        self.blank = true;
        self.last = Kind::Body;
    }
}

impl Grid {
    /// Keeps which cell stands in these columns for the rows below.
    fn place(&mut self, column: u32, columns: u32, cell: Option<Growing>) {
        let (from, to) = (column.min(MOST_COLUMNS) as usize, column.saturating_add(columns).min(MOST_COLUMNS) as usize);
        if cell.is_some() && self.above.len() < to {
            self.above.resize(to, None);
        }
        let to = to.min(self.above.len());
        if let Some(places) = self.above.get_mut(from.min(to)..to) {
            places.fill(cell);
        }
    }
}
