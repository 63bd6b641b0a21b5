//! Tables without rules: cells told by gaps and by lines that align.
//!
//! In: the items of a band that a gutter parts. Out: a table, if its rows align as those of a table do. Never: takes two
//! columns of running text for a table.

use super::blocks::{Cell, Item, Line, Node, Table};
use super::columns::area;
use super::content::BOLD;
use super::paths::Rule;

/// The least gap between columns, in units of the font size.
const GUTTER: f32 = 0.7;

/// A column: its edges and the items that begin in it, by place.
#[derive(Debug)]
struct Column {
    left: f32,
    right: f32,
    items: Vec<usize>,
}

/// The band as a table, parted at `gutter` at least; nothing where it is columns of text to be read one after the other.
pub(super) fn table(items: &[Item], gutter: f32, rules: &[Rule]) -> Option<Vec<Node>> {
    if items.iter().any(Item::is_table) {
        return None;
    }
    let lines = lines(items);
    let gutters = gutters(items, &lines, gutter);
    let columns = columns(items, &gutters);
    if columns.len() < 2 || columns.len() > 24 || !is_table(items, &columns) {
        return None;
    }
    let starts = row_starts(items, &columns, &lines, rules);
    Some(build(items, &columns, &lines, &starts))
}

/// Where the columns are parted: places at which many lines have a gap and few items stand across.
fn gutters(items: &[Item], lines: &[Vec<usize>], gutter: f32) -> Vec<f32> {
    let mut gaps: Vec<(f32, f32)> = Vec::new();
    for line in lines {
        for pair in line.windows(2) {
            let (a, b) = (&items[pair[0]], &items[pair[1]]);
            if b.area.left - a.area.right >= GUTTER * a.size.min(b.size) {
                gaps.push((a.area.right, b.area.left));
            }
        }
    }
    let across = |x: f32| items.iter().filter(|i| i.area.left < x - 0.5 && i.area.right > x + 0.5).count();
    let mut out = vec![gutter];
    gaps.retain(|(a, b)| !(*a < gutter && gutter < *b));
    while gaps.len() >= 2 && out.len() < 24 {
        let places = gaps.iter().take(400).map(|(_, b)| *b - 1.0);
        let score = |x: f32| {
            let (with, across) = (gaps.iter().filter(|(a, b)| *a < x && x < *b).count(), across(x));
            (with >= 2 && across * 3 <= with).then_some(with as f32 - 3.0 * across as f32)
        };
        let Some((x, _)) =
            places.filter_map(|x| Some((x, score(x)?))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0)))
        else {
            break;
        };
        out.push(x);
        gaps.retain(|(a, b)| !(*a < x && x < *b));
    }
    out.sort_by(f32::total_cmp);
    out
}

/// The columns between gutters, those in which something begins.
fn columns(items: &[Item], gutters: &[f32]) -> Vec<Column> {
    let mut out: Vec<Column> =
        (0..=gutters.len()).map(|_| Column { left: f32::MAX, right: f32::MIN, items: Vec::new() }).collect();
    for (i, item) in items.iter().enumerate() {
        let column = gutters.partition_point(|x| *x < item.area.left);
        let end = gutters.get(column).copied().unwrap_or(f32::MAX);
        out[column].left = out[column].left.min(item.area.left);
        // What stands across a gutter says nothing of the column's width.
        out[column].right = out[column].right.max(item.area.right.min(end));
        out[column].items.push(i);
    }
    out.retain(|c| !c.items.is_empty());
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
        || (least >= 0.8 && !(columns.len() == 2 && alike(items, &columns[0], &columns[1])))
}

/// Whether two columns hold the same kind of thing, one below the other in each: both have addresses, both have numbers
/// at the start of lines, or both have lines in bold letters which do not stand beside each other.
fn alike(items: &[Item], a: &Column, b: &Column) -> bool {
    let count = |column: &Column, is: &dyn Fn(&Item) -> bool| column.items.iter().filter(|i| is(&items[**i])).count();
    let both =
        |is: &dyn Fn(&Item) -> bool| [a, b].iter().all(|c| count(c, is) >= 2 && count(c, is) * 10 >= c.items.len());
    let address = |i: &Item| i.words().iter().any(|w| w.text.contains('@'));
    let number = |i: &Item| i.words().first().is_some_and(|w| w.text.starts_with(|c: char| c.is_ascii_digit()));
    let bold = |i: &Item| i.words().iter().all(|w| w.flags & BOLD != 0);
    let beside = |i: &Item| b.items.iter().any(|j| bold(&items[*j]) && (items[*j].base - i.base).abs() < 0.3 * i.size);
    let apart = a.items.iter().filter(|i| bold(&items[**i]) && !beside(&items[**i])).count();
    both(&address) || both(&number) || (both(&bold) && apart * 2 >= count(a, &bold))
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
    let starts = by_gaps(items, lines, &keyed).unwrap_or_else(|| {
        let mut starts = keyed;
        starts.extend(by_rules.iter().filter(|i| **i > 0));
        starts.sort_unstable();
        starts.dedup();
        starts
    });
    // What stands in one column alone, without an entry in the first, continues the row before.
    let alone = |start: usize, end: usize| {
        let mut inside = lines[start..end].iter().flatten();
        let column = |i: &usize| columns.iter().position(|c| c.items.contains(i)).unwrap_or(0);
        let first = inside.next().map_or(0, column);
        first > 0 && inside.all(|i| column(i) == first)
    };
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([lines.len()]).collect();
    let mut kept = vec![0];
    kept.extend(
        starts.iter().zip(ends).filter(|(s, e)| **s > 0 && (by_rules.contains(s) || !alone(**s, *e))).map(|(s, _)| *s),
    );
    kept
}

/// The lines at which an entry of the first column begins.
fn key_starts(items: &[Item], key: &Column, lines: &[Vec<usize>]) -> Vec<usize> {
    let entry = |line: &Vec<usize>| line.iter().copied().find(|i| key.items.contains(i));
    let text = |i: usize| items[i].words().iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    let digit = |t: &str| t.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_numeric);
    let entries: Vec<(usize, usize, String)> =
        lines.iter().enumerate().filter_map(|(n, line)| entry(line).map(|i| (n, i, text(i)))).collect();
    let steps = entries.windows(2).map(|w| items[w[1].1].base - items[w[0].1].base);
    let pitch = steps.fold(f32::MAX, f32::min);
    let numbered = entries.iter().filter(|(.., t)| digit(t)).count() * 10 >= entries.len() * 6;
    let mut out = Vec::new();
    let mut before: Option<(usize, &str)> = None;
    let right = area(items).right;
    for (line, item, text) in &entries {
        let last = line.checked_sub(1).and_then(|l| lines[l].last()).map(|i| &items[*i]);
        let under = |b: &Item| b.area.left > key.right && wraps_under(items, &lines[*line], b, right);
        if numbered && !digit(text) && last.is_some_and(under) {
            continue;
        }
        let close = before
            .is_some_and(|(i, _)| items[*item].base - items[i].base < (1.12 * pitch).min(1.7 * items[*item].size));
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

/// Parts the rows of a ruled table that hold several entries each, told by the lines of the first column.
pub(super) fn part_rows(table: &mut Table) {
    let mut out: Vec<Vec<Cell>> = Vec::new();
    // How many rows were added before each row of the table.
    let mut moved = Vec::new();
    for row in std::mem::take(&mut table.rows) {
        moved.push(out.len());
        match parted(&row) {
            Some(rows) => out.extend(rows),
            None => out.push(row),
        }
    }
    moved.push(out.len());
    for (r, row) in out.iter_mut().enumerate() {
        for cell in row {
            // A cell of a parted row has none of its own yet.
            if cell.rows > 0 {
                let end = moved.get(cell.row + cell.rows).copied().unwrap_or(r + 1);
                cell.rows = end.saturating_sub(r);
            }
            (cell.row, cell.rows) = (r, cell.rows.max(1));
        }
    }
    table.rows = out;
}

/// The entries that one ruled row holds, if its first cell is a list of numbers that align with lines of the others.
fn parted(row: &[Cell]) -> Option<Vec<Vec<Cell>>> {
    let key = row.first().filter(|c| c.lines.len() >= 3 && row.len() >= 2 && row.iter().all(|c| c.rows == 1))?;
    let digit = |l: &Line| l.words.first().is_some_and(|w| w.text.starts_with(|c: char| c.is_numeric()));
    let near = |a: &Line, b: &Line| (a.base - b.base).abs() <= 0.35 * a.size.min(b.size);
    let aligned = |l: &&Line| row[1..].iter().any(|c| c.lines.iter().any(|o| near(l, o)));
    let count = key.lines.len();
    if key.lines.iter().filter(|l| digit(l)).count() * 10 < count * 7
        || key.lines.iter().filter(aligned).count() * 10 < count * 7
    {
        return None;
    }
    let mut items: Vec<(usize, Item)> = Vec::new();
    for (c, cell) in row.iter().enumerate() {
        items.extend(cell.lines.iter().map(|l| (c, super::blocks::item(l.words.clone()))));
    }
    items.sort_by(|a, b| a.1.base.total_cmp(&b.1.base).then(a.0.cmp(&b.0)));
    let mut columns: Vec<Column> =
        row.iter().map(|_| Column { left: f32::MAX, right: f32::MIN, items: Vec::new() }).collect();
    items.iter().enumerate().for_each(|(i, (c, _))| columns[*c].items.push(i));
    let items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
    let lines = lines(&items);
    let starts = row_starts(&items, &columns, &lines, &[]);
    let mut out = Vec::new();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(lines.len());
        let cell = |c: usize| -> Vec<Line> {
            let inside = lines[*start..end].iter().flatten().filter(|i| columns[c].items.contains(i));
            inside.map(|i| Line::new(items[*i].words().to_vec())).collect()
        };
        let cells = row.iter().enumerate().filter_map(|(c, own)| {
            let lines = cell(c);
            (!lines.is_empty()).then_some(Cell { lines, rows: 0, ..*own })
        });
        out.push(cells.collect());
    }
    Some(out)
}

/// Whether a line that has only an entry in the first column is the end of the text in the last cell before it: it was
/// set without indent.
fn wraps_under(items: &[Item], line: &[usize], before: &Item, right: f32) -> bool {
    let [only] = line else { return false };
    let item = &items[*only];
    let step = item.base - before.base;
    let need = item.words().first().map_or(0.0, |w| w.area.width());
    before.area.right + need > right && step > 0.0 && step < 1.7 * item.size
}

/// The table out of its lines and rows.
fn build(items: &[Item], columns: &[Column], lines: &[Vec<usize>], starts: &[usize]) -> Vec<Node> {
    let mut column_of = vec![0; items.len()];
    for (c, column) in columns.iter().enumerate() {
        column.items.iter().for_each(|i| column_of[*i] = c);
    }
    let span = |i: usize| {
        let (first, right) = (column_of[i], items[i].area.right);
        1 + columns.iter().skip(first + 1).take_while(|c| c.left + 0.5 < right).count()
    };
    let mut table = Table { rows: Vec::new(), columns: columns.len() };
    let right = area(items).right;
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(lines.len());
        let row = table.rows.len();
        let mut cells: Vec<Cell> = Vec::new();
        let mut before: Option<usize> = None;
        for line in lines.get(*start..end).unwrap_or_default() {
            let under = before.is_some_and(|b: usize| column_of[b] > 0 && wraps_under(items, line, &items[b], right));
            before = line.last().copied();
            for i in line {
                let last = cells.iter().map(|c| c.column).max().filter(|_| under && column_of[*i] == 0);
                let column = last.unwrap_or(column_of[*i]);
                let words = items[*i].words().to_vec();
                match cells.iter_mut().find(|c| c.column <= column && column < c.column + c.columns) {
                    Some(cell) => match cell.lines.last_mut() {
                        Some(last) if (last.base - items[*i].base).abs() < 0.3 * last.size => {
                            let mut both = std::mem::take(&mut last.words);
                            both.extend(words);
                            *last = Line::new(both);
                        }
                        _ => cell.lines.push(Line::new(words)),
                    },
                    None => cells.push(Cell {
                        row,
                        column,
                        rows: 1,
                        columns: span(*i),
                        lines: vec![Line::new(words)],
                        ..Cell::default()
                    }),
                }
            }
        }
        cells.sort_by_key(|c| c.column);
        table.rows.push(cells);
    }
    vec![Node::Table(table)]
}
