//! Plain text → the tables that its lines make by standing under one another.
//!
//! In: a text. Out: table and cell regions over it: at least three lines of three cells or more that begin in the
//! same columns, with a gap before each. A cell may stand in several pieces, one a line: a line with nothing in the
//! first column goes on the row above. Never: changes the text, looks at words.

use super::text::{Region, RegionKind};
use crate::model::Span;

/// Cells that a line must have, and lines that must have them, before columns are seen.
const LEAST: usize = 3;
/// Columns at most.
const MOST: usize = 12;
/// Spaces before a column, and before one of the line that shows the columns.
const GAP: usize = 2;
const WIDE_GAP: usize = 3;
/// Blank lines in a row that a table holds.
const BLANKS: usize = 2;

/// A piece of a line with its column, counted in characters.
#[derive(Clone, Copy)]
struct Piece {
    at: usize,
    end: usize,
    span: Span,
}

/// The regions of the tables in `content`.
pub(super) fn tables(content: &str) -> Vec<Region> {
    let mut regions = Vec::new();
    let lines = lines(content);
    let mut i = 0;
    while i < lines.len() {
        let columns = columns(content, &lines[i]);
        match columns.and_then(|c| table(&lines[i..], &c).map(|n| (c, n))) {
            Some((columns, count)) => {
                write(&lines[i..i + count], &columns, &mut regions);
                i += count;
            }
            None => i += 1,
        }
    }
    regions
}

/// The lines as pieces that gaps part.
fn lines(content: &str) -> Vec<Vec<Piece>> {
    let mut start = 0;
    let mut out = Vec::new();
    for line in content.split('\n') {
        out.push(pieces(line, start));
        start += line.len() + 1;
    }
    out
}

fn pieces(line: &str, start: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut spaces = GAP;
    for (column, (at, c)) in line.char_indices().enumerate() {
        if c == ' ' {
            spaces += 1;
            continue;
        }
        // a tab has no breadth of its own: such a line is no part of a table by shape
        if c == '\t' || c == '\u{c}' || column > 400 {
            return Vec::new();
        }
        let end = start + at + c.len_utf8();
        match pieces.last_mut().filter(|_| spaces < GAP) {
            Some(p) => (p.end, p.span.end) = (column + 1, end),
            None => pieces.push(Piece { at: column, end: column + 1, span: Span::new(start + at, end) }),
        }
        spaces = 0;
    }
    pieces
}

/// Where the columns begin, if this line shows any.
fn columns(content: &str, line: &[Piece]) -> Option<Vec<usize>> {
    let wide = line.windows(2).all(|w| w[1].at >= w[0].end + WIDE_GAP);
    let lettered = line.iter().all(|p| p.span.of(content).chars().any(char::is_alphanumeric));
    (wide && lettered && (LEAST..=MOST).contains(&line.len())).then(|| line.iter().map(|p| p.at).collect())
}

/// The column that a piece begins in.
fn column_of(piece: &Piece, columns: &[usize]) -> Option<usize> {
    columns.iter().position(|c| piece.at.abs_diff(*c) <= 1)
}

/// How many lines from the first on are a table in these columns.
fn table(lines: &[Vec<Piece>], columns: &[usize]) -> Option<usize> {
    let (mut last, mut blanks, mut full) = (0, 0, 0);
    for (i, line) in lines.iter().enumerate() {
        if line.is_empty() {
            blanks += 1;
            if blanks > BLANKS {
                break;
            }
            continue;
        }
        blanks = 0;
        if !line.iter().all(|p| column_of(p, columns).is_some()) {
            break;
        }
        if line.len() >= 2 || line.first().is_some_and(|p| column_of(p, columns) != Some(0)) {
            last = i;
        }
        full += usize::from(line.len() >= LEAST);
    }
    (full >= LEAST).then_some(last + 1)
}

/// Writes the regions of a table.
fn write(lines: &[Vec<Piece>], columns: &[usize], regions: &mut Vec<Region>) {
    let all = lines.iter().flatten();
    let Some(whole) = all.map(|p| p.span).reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end))) else {
        return;
    };
    regions.push(Region { span: whole, kind: RegionKind::Table });
    let mut row = None;
    for line in lines.iter().filter(|l| !l.is_empty()) {
        let first = line.first().and_then(|p| column_of(p, columns));
        let number = match row {
            None => 0,
            Some(n) if first == Some(0) => n + 1,
            Some(n) => n,
        };
        row = Some(number);
        for piece in line {
            let Some(column) = column_of(piece, columns) else { continue };
            // text that goes on over the next column's begin covers it
            let over = columns[column + 1..].iter().take_while(|c| **c < piece.end).count();
            let (column, over) = (column as u32, over as u32);
            let kind = RegionKind::Cell { row: number, column, rows: 1, columns: 1 + over };
            regions.push(Region { span: piece.span, kind });
        }
    }
}
