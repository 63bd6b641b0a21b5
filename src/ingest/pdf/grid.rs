//! Tables without rules: cells told by gaps and by lines that align.
//!
//! In: the items of a band that a gutter parts. Out: a table, if its rows align as those of a table do. Never: takes two
//! columns of running text for a table.

use super::blocks::{Cell, Item, Line, Node, Table};
use super::columns::area;
use super::paths::Rule;

/// The least gap between columns, in units of the font size.
const GUTTER: f32 = 0.7;

/// A column: its edges and its items, by place.
#[derive(Debug)]
struct Column {
    left: f32,
    right: f32,
    items: Vec<usize>,
}

/// The band as a table; nothing where it is columns of text to be read one after the other.
pub(super) fn table(items: &[Item], rules: &[Rule]) -> Option<Vec<Node>> {
    if items.iter().any(Item::is_table) {
        return None;
    }
    let columns = columns(items);
    if columns.len() < 2 || columns.len() > 24 || !is_table(items, &columns) {
        return None;
    }
    let lines = lines(items);
    let starts = row_starts(items, &columns, &lines, rules);
    Some(build(items, &columns, &lines, &starts))
}

/// The columns that gaps through the whole band make.
fn columns(items: &[Item]) -> Vec<Column> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| items[*a].area.left.total_cmp(&items[*b].area.left));
    let size = items.iter().map(|i| i.size).fold(f32::MAX, f32::min);
    let mut out: Vec<Column> = Vec::new();
    for i in order {
        let item = items[i].area;
        match out.last_mut() {
            Some(column) if item.left < column.right + GUTTER * size => {
                column.right = column.right.max(item.right);
                column.items.push(i);
            }
            _ => out.push(Column { left: item.left, right: item.right, items: vec![i] }),
        }
    }
    for column in &mut out {
        column.items.sort_unstable();
    }
    out
}

/// Whether the columns are those of a table.
fn is_table(items: &[Item], columns: &[Column]) -> bool {
    let aligned = |column: &Column| {
        let with = |i: &&usize| {
            let here = &items[**i];
            items.iter().enumerate().any(|(j, other)| {
                j != **i
                    && !column.items.contains(&j)
                    && (other.base - here.base).abs() <= 0.2 * here.size.min(other.size)
            })
        };
        column.items.iter().filter(with).count() as f32 / column.items.len().max(1) as f32
    };
    let whole = area(items).width().max(1.0);
    let prose = |c: &Column| {
        let width = (c.right - c.left).max(1.0);
        let full = c.items.iter().filter(|i| items[**i].area.width() > 0.8 * width).count();
        c.items.len() >= 6 && width > 0.28 * whole && full * 10 >= c.items.len() * 6
    };
    let Some(key) = columns.iter().min_by_key(|c| c.items.len()) else { return false };
    let first = &columns[0];
    let narrow = |c: &Column| {
        let letters: usize =
            c.items.iter().map(|i| items[*i].words().iter().map(|w| w.text.chars().count()).sum::<usize>()).sum();
        c.right - c.left < 0.3 * whole || letters <= 16 * c.items.len()
    };
    if columns.iter().all(prose) {
        return false;
    }
    let shares: Vec<f32> = columns.iter().map(aligned).collect();
    let least = shares.iter().copied().fold(1.0, f32::min);
    (columns.len() >= 3 && aligned(key) >= 0.6)
        || (narrow(first) && aligned(first) >= 0.7)
        || (narrow(key) && aligned(key) >= 0.8)
        || least >= 0.8
}

/// Items that stand on one base line, from top to bottom.
fn lines(items: &[Item]) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (i, item) in items.iter().enumerate() {
        match out.last_mut().and_then(|line| Some((items.get(*line.first()?)?, line))) {
            Some((head, line)) if (item.base - head.base).abs() <= 0.3 * head.size.min(item.size) => line.push(i),
            _ => out.push(vec![i]),
        }
    }
    out
}

/// The lines with which a row begins.
fn row_starts(items: &[Item], columns: &[Column], lines: &[Vec<usize>], rules: &[Rule]) -> Vec<usize> {
    let whole = area(items);
    let base = |line: &Vec<usize>| line.first().map_or(0.0, |i| items[*i].base);
    let top = |line: &Vec<usize>| line.iter().map(|i| items[*i].area.top).fold(f32::MAX, f32::min);
    let ruled = |i: usize| {
        let (low, high) = (base(&lines[i - 1]), top(&lines[i]) + 0.5 * items[lines[i][0]].size);
        rules.iter().any(|r| {
            r.at > low - 1.0
                && r.at < high
                && r.to - r.from > 0.5 * whole.width()
                && r.from < whole.right
                && r.to > whole.left
        })
    };
    let by_rules: Vec<usize> = (0..lines.len()).filter(|i| *i == 0 || ruled(*i)).collect();
    let keyed = key_starts(items, &columns[0], lines);
    if by_rules.len() >= 3 && by_rules.len() * 10 >= keyed.len() * 7 {
        return by_rules;
    }
    if let Some(groups) = by_gaps(items, lines, &keyed) {
        return groups;
    }
    let mut starts = keyed;
    starts.extend(by_rules);
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The lines at which an entry of the first column begins.
fn key_starts(items: &[Item], key: &Column, lines: &[Vec<usize>]) -> Vec<usize> {
    let entry = |line: &Vec<usize>| line.iter().copied().find(|i| key.items.contains(i));
    let text = |i: usize| items[i].words().iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    let digit = |t: &str| t.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_numeric);
    let entries: Vec<(usize, usize, String)> =
        lines.iter().enumerate().filter_map(|(n, line)| entry(line).map(|i| (n, i, text(i)))).collect();
    let numbered = entries.iter().filter(|(.., t)| digit(t)).count() * 10 >= entries.len() * 6;
    let mut out = Vec::new();
    let mut before: Option<(usize, &str)> = None;
    for (line, item, text) in &entries {
        let close = before.is_some_and(|(i, _)| items[*item].base - items[i].base < 1.6 * items[*item].size);
        let open = before.is_some_and(|(_, t)| t.ends_with(['-', '–', '—', ',', '&', '/', '(']));
        let joins = text.starts_with(['-', '–', '—']) && text.chars().any(char::is_numeric);
        if !(close && (open || joins || (numbered && !digit(text)))) {
            out.push(*line);
        }
        before = Some((*item, text));
    }
    out
}

/// Rows told by wider gaps between lines, where each holds one entry of the first column at most.
fn by_gaps(items: &[Item], lines: &[Vec<usize>], keyed: &[usize]) -> Option<Vec<usize>> {
    let base = |line: &Vec<usize>| line.first().map_or(0.0, |i| items[*i].base);
    let steps: Vec<f32> = lines.windows(2).map(|w| base(&w[1]) - base(&w[0])).collect();
    let mut sorted = steps.clone();
    sorted.sort_by(f32::total_cmp);
    let small = *sorted.first()?;
    let (mut jump, mut at) = (0.0, 0);
    for (i, pair) in sorted.windows(2).enumerate() {
        if pair[1] - pair[0] > jump {
            (jump, at) = (pair[1] - pair[0], i);
        }
    }
    let limit = sorted.get(at)? + jump / 2.0;
    if jump < 0.25 * small || limit > 2.2 * small.max(1.0) + 1.0 {
        return None;
    }
    let mut starts = vec![0];
    starts.extend(steps.iter().enumerate().filter(|(_, s)| **s > limit).map(|(i, _)| i + 1));
    let most = |n: usize| {
        let end = starts.get(n + 1).copied().unwrap_or(lines.len());
        keyed.iter().filter(|k| (starts[n]..end).contains(k)).count() <= 1
    };
    (starts.len() >= 2 && (0..starts.len()).all(most)).then_some(starts)
}

/// The table out of its lines and rows.
fn build(items: &[Item], columns: &[Column], lines: &[Vec<usize>], starts: &[usize]) -> Vec<Node> {
    let mut column_of = vec![0; items.len()];
    for (c, column) in columns.iter().enumerate() {
        column.items.iter().for_each(|i| column_of[*i] = c);
    }
    let mut table = Table { rows: Vec::new(), columns: columns.len() };
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(lines.len());
        let row = table.rows.len();
        let mut cells: Vec<Cell> = Vec::new();
        for line in lines.get(*start..end).unwrap_or_default() {
            for i in line {
                let column = column_of[*i];
                let words = items[*i].words().to_vec();
                match cells.iter_mut().find(|c| c.column == column) {
                    Some(cell) => match cell.lines.last_mut() {
                        Some(last) if (last.base - items[*i].base).abs() < 0.3 * last.size => {
                            let mut both = std::mem::take(&mut last.words);
                            both.extend(words);
                            *last = Line::new(both);
                        }
                        _ => cell.lines.push(Line::new(words)),
                    },
                    None => cells.push(Cell { row, column, rows: 1, columns: 1, lines: vec![Line::new(words)] }),
                }
            }
        }
        cells.sort_by_key(|c| c.column);
        table.rows.push(cells);
    }
    vec![Node::Table(table)]
}
