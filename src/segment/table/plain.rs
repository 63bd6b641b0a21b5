//! Tables that are no programme: people, labels with values, rows of cells.
//!
//! In: a table. Out: an element a row. Never: reads a value.

use std::borrow::Cow;

use crate::model::Span;
use crate::scan::Line;
use crate::segment::element::{Element, Told};
use crate::segment::rules::Class;

use super::cells::Grid;
use super::columns::Column;
use super::rows::{column, head};

/// A person a row.
pub(super) fn people<'s>(grid: &Grid<'s>, out: &mut Vec<Element<'s>>) {
    for r in 0..grid.rows.len() {
        let person: Vec<(Column, Span)> = grid
            .row(r)
            .map(|(i, c)| (column(grid, c), grid.seen[i].span))
            .filter(|(c, _)| c.of_person() || *c == Column::Role)
            .collect();
        if grid.heads[r] {
            head(grid, r, out);
        } else if grid.rows[r].len() == 1 || person.is_empty() {
            row(grid, r, None, out);
        } else {
            row(grid, r, Some(Told { person, ..Told::default() }), out);
        }
    }
}

/// A label and what it holds a row; what stands on further lines of a cell may go on.
pub(super) fn fields<'s>(grid: &Grid<'s>, out: &mut Vec<Element<'s>>) {
    for r in 0..grid.rows.len() {
        let lines: Vec<usize> = grid.row(r).flat_map(|(_, c)| c.lines.clone()).collect();
        let label = grid.row(r).next().map_or(0, |(_, c)| c.lines.len());
        let (Some(first), Some(last)) = (lines.first(), lines.get(label)) else {
            row(grid, r, None, out);
            continue;
        };
        let spans = |from: &[usize]| from.iter().map(|i| grid.line(*i).span).collect::<Vec<_>>();
        let pieces = spans(&lines[..=label]);
        let join = format!("{}g", "s".repeat(label.saturating_sub(1)));
        let line = over(grid, *first, *last);
        out.push(Element {
            line,
            lines: *first..*last + 1,
            class: None,
            starts: true,
            pieces: Some((pieces, join)),
            told: None,
            in_table: false,
        });
        out.extend(lines[label + 1..].iter().map(|i| grid.element(*i)));
    }
}

/// Rows of cells, as lines with tabs.
pub(super) fn rows<'s>(grid: &Grid<'s>, out: &mut Vec<Element<'s>>) {
    for r in 0..grid.rows.len() {
        row(grid, r, None, out);
    }
}

fn row<'s>(grid: &Grid<'s>, r: usize, told: Option<Told>, out: &mut Vec<Element<'s>>) {
    let (mut pieces, mut join) = (Vec::new(), String::new());
    for (_, c) in grid.row(r) {
        for (n, line) in c.lines.clone().map(|i| grid.line(i)).enumerate() {
            if !pieces.is_empty() {
                join.push(if n == 0 { 'g' } else { 's' });
            }
            pieces.push(line.span);
        }
    }
    let lines = grid.row(r).map(|(_, c)| c.lines.clone());
    let Some(all) = lines.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else { return };
    let class = told.as_ref().map(|_| Class::Participant);
    out.push(Element {
        line: over(grid, all.start, all.end - 1),
        lines: all,
        class,
        starts: true,
        pieces: Some((pieces, join)),
        told: told.map(Box::new),
        in_table: false,
    });
}

/// The lines from `first` to `last` as one.
fn over<'s>(grid: &Grid<'s>, first: usize, last: usize) -> Cow<'s, Line> {
    let (a, b) = (grid.line(first), grid.line(last));
    Cow::Owned(Line { span: Span::new(a.span.start, b.span.end.max(a.span.end)), ..a.clone() })
}
