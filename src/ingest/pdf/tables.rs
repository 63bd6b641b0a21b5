//! Ruled tables: cells out of the rules of a page.
//!
//! In: the rules and words of a page. Out: tables with their cells, the words that lie outside of them. Never: looks at gaps.

use super::blocks::{Cell, Item, Line, Table};
use super::geometry::Area;
use super::grid;
use super::paths::{Rule, Rules};
use super::rows::{Row, rows};
use super::words::Word;

/// How far apart ends of rules that meet may lie.
const SLACK: f32 = 4.0;
/// Rules of one page that are looked at, each way.
const MOST: usize = 1500;
/// Cells of one table.
const CELLS: usize = 4000;

/// A grid of rules: the edges of its columns and rows, and the cells that they enclose.
#[derive(Debug)]
struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// For each field of the grid, its cell.
    cells: Vec<usize>,
}

/// Takes the words that lie in ruled tables out of `rows` and gives the tables.
pub(super) fn ruled(rules: &Rules, page_rows: &mut Vec<Row>) -> Vec<Item> {
    let lying = merged(&rules.lying);
    let standing = merged(&rules.standing);
    if lying.len() < 2 || standing.len() < 2 || lying.len() > MOST || standing.len() > MOST {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (lying, standing) in groups(&lying, &standing) {
        let Some(grid) = grid(&lying, &standing) else { continue };
        let Some(cells) = fill(&grid, page_rows) else { continue };
        out.extend(table(&grid, cells));
    }
    out
}

/// Rules in one line that touch become one.
fn merged(rules: &[Rule]) -> Vec<Rule> {
    let mut sorted: Vec<Rule> = rules.to_vec();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut out: Vec<Rule> = Vec::new();
    let mut start = 0;
    while start < sorted.len() {
        let at = sorted[start].at;
        let end = start + sorted[start..].partition_point(|r| r.at - at <= 1.6);
        let mut line: Vec<Rule> = sorted[start..end].to_vec();
        line.sort_by(|a, b| a.from.total_cmp(&b.from));
        let from = out.len();
        for rule in line {
            match out[from..].last_mut() {
                Some(last) if rule.from <= last.to + SLACK => last.to = last.to.max(rule.to),
                _ => out.push(rule),
            }
        }
        start = end;
    }
    out.retain(|r| r.to - r.from >= 7.0);
    out
}

/// Whether a rule that lies and one that stands meet.
fn meet(lying: &Rule, standing: &Rule) -> bool {
    let within = |at: f32, rule: &Rule| at >= rule.from - SLACK && at <= rule.to + SLACK;
    within(standing.at, lying) && within(lying.at, standing)
}

/// Rules that meet each other, directly or through others.
fn groups(lying: &[Rule], standing: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut parent: Vec<usize> = (0..lying.len() + standing.len()).collect();
    for (i, a) in lying.iter().enumerate() {
        for (j, b) in standing.iter().enumerate() {
            if meet(a, b) {
                let (x, y) = (root(&mut parent, i), root(&mut parent, lying.len() + j));
                parent[x.max(y)] = x.min(y);
            }
        }
    }
    let mut out: Vec<(usize, Vec<Rule>, Vec<Rule>)> = Vec::new();
    for i in 0..parent.len() {
        let key = root(&mut parent, i);
        let at = out.iter().position(|(k, ..)| *k == key).unwrap_or_else(|| {
            out.push((key, Vec::new(), Vec::new()));
            out.len() - 1
        });
        match i.checked_sub(lying.len()) {
            Some(j) => out[at].2.push(standing[j]),
            None => out[at].1.push(lying[i]),
        }
    }
    out.into_iter().filter(|(_, l, s)| l.len() >= 2 && s.len() >= 2).map(|(_, l, s)| (l, s)).collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// Places that differ by little are one.
fn edges(rules: &[Rule]) -> Vec<f32> {
    let mut at: Vec<f32> = rules.iter().map(|r| r.at).collect();
    at.sort_by(f32::total_cmp);
    let mut out: Vec<f32> = Vec::new();
    for x in at {
        if out.last().is_none_or(|last| x - last > 3.5) {
            out.push(x);
        }
    }
    out
}

/// Adds the sides at which rules end, where no rule closes the grid: two of them at least end there.
fn open_sides(edges: &mut Vec<f32>, across: &[Rule]) {
    const FAR: f32 = 6.0;
    let (Some(first), Some(last)) = (edges.first().copied(), edges.last().copied()) else { return };
    let end = across.iter().map(|r| r.to).fold(f32::MIN, f32::max);
    if end > last + FAR && across.iter().filter(|r| r.to > end - SLACK).count() >= 2 {
        edges.push(end);
    }
    let start = across.iter().map(|r| r.from).fold(f32::MAX, f32::min);
    if start < first - FAR && across.iter().filter(|r| r.from < start + SLACK).count() >= 2 {
        edges.insert(0, start);
    }
}

/// The grid that rules make, fields without a rule between them being one cell.
fn grid(lying: &[Rule], standing: &[Rule]) -> Option<Grid> {
    let (mut xs, mut ys) = (edges(standing), edges(lying));
    open_sides(&mut ys, standing);
    open_sides(&mut xs, lying);
    let (columns, lines) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    let count = columns.checked_mul(lines)?;
    if !(2..=CELLS).contains(&count) {
        return None;
    }
    // What share of a side is covered by rules.
    let covered = |rules: &[Rule], at: f32, from: f32, to: f32| {
        let on = rules.iter().filter(|r| (r.at - at).abs() <= 3.5);
        on.map(|r| (r.to.min(to) - r.from.max(from)).max(0.0)).sum::<f32>() >= 0.6 * (to - from)
    };
    let mut parent: Vec<usize> = (0..count).collect();
    for y in 0..lines {
        for x in 0..columns {
            let here = y * columns + x;
            if x + 1 < columns && !covered(standing, xs[x + 1], ys[y], ys[y + 1]) {
                let (a, b) = (root(&mut parent, here), root(&mut parent, here + 1));
                parent[a.max(b)] = a.min(b);
            }
            if y + 1 < lines && !covered(lying, ys[y + 1], xs[x], xs[x + 1]) {
                let (a, b) = (root(&mut parent, here), root(&mut parent, here + columns));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let cells: Vec<usize> = (0..count).map(|i| root(&mut parent, i)).collect();
    let mut distinct = cells.clone();
    distinct.sort_unstable();
    distinct.dedup();
    (distinct.len() >= 2).then_some(Grid { xs, ys, cells })
}

impl Grid {
    fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// The cell at a point.
    fn at(&self, x: f32, y: f32) -> Option<usize> {
        let column = self.xs.partition_point(|e| *e <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|e| *e <= y).checked_sub(1)?;
        (column < self.columns()).then(|| self.cells.get(row * self.columns() + column).copied()).flatten()
    }

    fn area(&self) -> Area {
        let ends = |v: &[f32]| (v.first().copied().unwrap_or(0.0), v.last().copied().unwrap_or(0.0));
        let ((left, right), (top, bottom)) = (ends(&self.xs), ends(&self.ys));
        Area { left, top, right, bottom }
    }
}

/// The words of each cell; nothing where the grid is no table: a frame, a form's box, a page in two parts.
fn fill(grid: &Grid, page_rows: &mut Vec<Row>) -> Option<Vec<(usize, Vec<Word>)>> {
    let place = |w: &Word| {
        let x = (w.area.left + w.area.right) / 2.0;
        grid.at(x, w.base - 0.3 * w.size)
    };
    let mut cells: Vec<(usize, Vec<Word>)> = Vec::new();
    let mut known = rustc_hash::FxHashMap::default();
    for word in page_rows.iter().flat_map(|r| &r.words) {
        let Some(cell) = place(word) else { continue };
        let at = *known.entry(cell).or_insert_with(|| {
            cells.push((cell, Vec::new()));
            cells.len() - 1
        });
        cells[at].1.push(word.clone());
    }
    if cells.len() < 2 || is_layout(grid, &cells) {
        return None;
    }
    for row in page_rows.iter_mut() {
        row.words.retain(|w| place(w).is_none());
    }
    page_rows.retain(|r| !r.words.is_empty());
    cells.sort_by_key(|(cell, _)| *cell);
    Some(cells)
}

/// Whether the grid only frames parts of the page: one column of boxes, or few cells that hold much.
fn is_layout(grid: &Grid, cells: &[(usize, Vec<Word>)]) -> bool {
    let columns = grid.columns();
    let mut used: Vec<usize> = cells.iter().map(|(c, _)| c % columns.max(1)).collect();
    used.sort_unstable();
    used.dedup();
    let words: usize = cells.iter().map(|(_, w)| w.len()).sum();
    used.len() < 2 || (cells.len() <= 4 && words > 120 * cells.len())
}

/// The table out of its grid and the words of its cells.
fn table(grid: &Grid, cells: Vec<(usize, Vec<Word>)>) -> Option<Item> {
    let columns = grid.columns();
    let mut used_rows = vec![false; grid.ys.len()];
    let mut used_columns = vec![false; grid.xs.len()];
    let mut placed = Vec::new();
    for (cell, words) in cells {
        let fields: Vec<usize> = (0..grid.cells.len()).filter(|i| grid.cells[*i] == cell).collect();
        let (row, column) = (cell / columns, fields.iter().map(|f| f % columns).min()?);
        let down = fields.iter().map(|f| f / columns).max()? - row + 1;
        let across = fields.iter().map(|f| f % columns).max()? - column + 1;
        used_rows[row] = true;
        used_columns[column] = true;
        let lines = rows(words).into_iter().map(|r| Line::new(r.words)).collect();
        let inside = grid.xs.get(column).copied().zip(grid.xs.get(column + across).copied());
        placed.push(Cell { row, column, rows: down, columns: across, inside, lines });
    }
    // Rows and columns in which no cell with text begins are left out.
    let number = |used: &[bool]| {
        used.iter().scan(0, |n, on| Some(std::mem::replace(n, *n + usize::from(*on)))).collect::<Vec<usize>>()
    };
    let total = |used: &[bool]| used.iter().filter(|on| **on).count();
    let (row_of, column_of) = (number(&used_rows), number(&used_columns));
    let (row_count, column_count) = (total(&used_rows), total(&used_columns));
    let mut out = Table { rows: vec![Vec::new(); row_count], columns: column_count };
    for mut cell in placed {
        let end_row = row_of.get(cell.row + cell.rows).copied().unwrap_or(row_count);
        let end_column = column_of.get(cell.column + cell.columns).copied().unwrap_or(column_count);
        cell.row = row_of[cell.row];
        cell.column = column_of[cell.column];
        cell.rows = end_row.saturating_sub(cell.row).max(1);
        cell.columns = end_column.saturating_sub(cell.column).max(1);
        out.rows.get_mut(cell.row)?.push(cell);
    }
    for row in &mut out.rows {
        row.sort_by_key(|c| c.column);
    }
    grid::part_rows(&mut out);
    let size = out.rows.iter().flatten().flat_map(|c| &c.lines).map(|l| l.size).fold(0.0, f32::max);
    Some(Item::table(out, grid.area(), size))
}
