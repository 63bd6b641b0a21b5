//! The tables of an RTF document.
//!
//! In: row definitions, ends of cells and rows, in the order of the document. Out: tables in a [`Flow`], each cell at
//! its place in the grid that all rows of the table share. Never: reads text.

use rustc_hash::FxHashMap;

use crate::ingest::builder::Open;
use crate::ingest::flow::{Flow, Reach};

/// Tables within tables.
pub(super) const DEEPEST: usize = 16;
/// Cells of a row, and rows of a table, whose place is worked out.
const MOST_CELLS: usize = 200;
const MOST_ROWS: usize = 100_000;
/// Edges nearer than this (in twentieths of a point) are one.
const NEAR: i32 = 40;

/// How a cell takes part in merges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Merge {
    /// The first of cells merged over rows.
    pub down: bool,
    /// It belongs to the cell above.
    pub above: bool,
    /// It belongs to the cell before.
    pub before: bool,
}

/// A cell as a row defines it.
#[derive(Clone, Copy, Debug, Default)]
struct Definition {
    left: i32,
    right: i32,
    merge: Merge,
}

/// A cell that was written, or belongs to another.
#[derive(Clone, Copy, Debug)]
struct Placed {
    definition: Definition,
    region: Option<Open>,
}

/// One open table.
#[derive(Debug, Default)]
struct Table {
    definitions: Vec<Definition>,
    left: i32,
    merge: Merge,
    rows: Vec<Vec<Placed>>,
    row: Vec<Placed>,
    in_row: bool,
    in_cell: bool,
    /// The cell in hand belongs to another: what it holds does not show.
    mute: bool,
}

/// The tables that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Tables {
    open: Vec<Table>,
    /// Definitions of a row whose table is not open yet.
    next: Table,
}

impl Tables {
    /// How many tables are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether what is written now belongs to a cell that does not show.
    pub fn is_mute(&self) -> bool {
        self.open.iter().any(|t| t.mute)
    }

    /// The table that row definitions at this depth are for.
    fn at(&mut self, depth: usize) -> &mut Table {
        match depth.checked_sub(1).and_then(|at| self.open.get_mut(at)) {
            Some(table) => table,
            None => &mut self.next,
        }
    }

    /// A row definition begins.
    pub fn define(&mut self, depth: usize) {
        let table = self.at(depth);
        table.definitions.clear();
        (table.left, table.merge) = (0, Merge::default());
    }

    /// The left edge of the row.
    pub fn left(&mut self, depth: usize, left: i32) {
        self.at(depth).left = left;
    }

    /// The merges of the cell that is defined next.
    pub fn merge(&mut self, depth: usize, change: impl FnOnce(&mut Merge)) {
        change(&mut self.at(depth).merge);
    }

    /// The right edge of a cell.
    pub fn edge(&mut self, depth: usize, right: i32) {
        let table = self.at(depth);
        let left = table.definitions.last().map_or(table.left, |d| d.right);
        let merge = std::mem::take(&mut table.merge);
        if table.definitions.len() < MOST_CELLS {
            table.definitions.push(Definition { left, right, merge });
        }
    }

    /// Opens or closes tables until as many are open; text is about to be written.
    pub fn go_to(&mut self, depth: usize, flow: &mut Flow) {
        self.leave(depth, flow);
        while self.open.len() < depth.min(DEEPEST) {
            self.begin_cell(flow);
            flow.open_table();
            self.open.push(std::mem::take(&mut self.next));
        }
        self.begin_cell(flow);
    }

    /// Closes tables until as many are open.
    pub fn leave(&mut self, depth: usize, flow: &mut Flow) {
        while self.open.len() > depth {
            self.close(flow);
        }
    }

    /// Opens the row and cell in which text is about to be written.
    fn begin_cell(&mut self, flow: &mut Flow) {
        let Some(table) = self.open.last_mut() else { return };
        if !table.in_row {
            table.in_row = true;
            flow.open_row(0);
        }
        if table.in_cell {
            return;
        }
        table.in_cell = true;
        let definition = table.definitions.get(table.row.len()).copied();
        let merge = definition.unwrap_or_default().merge;
        let left = definition.map(|d| d.left);
        let continues =
            |p: &Placed| left == Some(p.definition.left) && (p.definition.merge.down || p.definition.merge.above);
        let above = merge.above && table.rows.last().is_some_and(|row| row.iter().any(continues));
        table.mute = above || (merge.before && !table.row.is_empty());
        let region = if table.mute { None } else { flow.open_cell(Reach { columns: 1, rows: 1, grows: false }) };
        if table.row.len() < MOST_CELLS {
            table.row.push(Placed { definition: definition.unwrap_or_default(), region });
        }
    }

    /// The cell ends.
    pub fn end_cell(&mut self, depth: usize, flow: &mut Flow) {
        self.go_to(depth.max(1), flow);
        let Some(table) = self.open.last_mut() else { return };
        if !std::mem::take(&mut table.mute) {
            flow.close_cell();
        }
        table.in_cell = false;
    }

    /// The row ends.
    pub fn end_row(&mut self, depth: usize, flow: &mut Flow) {
        self.leave(depth.max(1), flow);
        let Some(table) = self.open.last_mut() else { return };
        if !table.in_row {
            return;
        }
        // the definition may stand behind the cells
        let definitions = table.definitions.iter();
        for (placed, definition) in table.row.iter_mut().zip(definitions) {
            placed.definition = *definition;
        }
        if table.rows.len() < MOST_ROWS {
            table.rows.push(std::mem::take(&mut table.row));
        }
        table.row.clear();
        (table.in_row, table.in_cell, table.mute) = (false, false, false);
        flow.close_row();
    }

    fn close(&mut self, flow: &mut Flow) {
        let depth = self.open.len();
        if self.open.last().is_some_and(|t| t.in_row) {
            self.end_row(depth, flow);
        }
        flow.close_table();
        if let Some(table) = self.open.pop() {
            table.place(flow);
        }
    }
}

impl Table {
    /// Tells each cell's place in the grid of all edges.
    fn place(self, flow: &mut Flow) {
        let edges = self.edges();
        let column = |edge: i32| {
            let at = edges.partition_point(|e| *e <= edge);
            u32::try_from(at.saturating_sub(1)).unwrap_or(0)
        };
        // the cell that each left edge's merge began with: region, row, columns
        let mut above: FxHashMap<u32, (Open, u32, u32)> = FxHashMap::default();
        for (row, cells) in (0u32..).zip(&self.rows) {
            for (at, cell) in cells.iter().enumerate() {
                let Definition { left, right, merge } = cell.definition;
                let joined = cells.get(at + 1..).into_iter().flatten().take_while(|c| c.definition.merge.before);
                let right = joined.last().map_or(right, |c| c.definition.right);
                let (from, to) = (column(left), column(right));
                let columns = to.saturating_sub(from).max(1);
                match (cell.region, merge) {
                    (Some(region), _) if right > left => {
                        flow.place_cell(region, [row, from, 1, columns]);
                        above.remove(&from);
                        if merge.down {
                            above.insert(from, (region, row, columns));
                        }
                    }
                    (None, Merge { above: true, .. }) => {
                        if let Some((region, first, columns)) = above.get(&from) {
                            flow.place_cell(*region, [*first, from, row + 1 - first, *columns]);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// All edges, from left to right, near ones once.
    fn edges(&self) -> Vec<i32> {
        let cells = self.rows.iter().flatten();
        let mut edges: Vec<i32> = cells.flat_map(|c| [c.definition.left, c.definition.right]).collect();
        edges.sort_unstable();
        let mut last: Option<i32> = None;
        edges.retain(|edge| {
            let keep = last.is_none_or(|l| edge.saturating_sub(l) > NEAR);
            last = if keep { Some(*edge) } else { last };
            keep
        });
        edges
    }
}
