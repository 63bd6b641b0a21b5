//! What a page is laid out into: lines and tables.
//!
//! In: rows of words. Out: [`Item`]s: stretches of a row without a wide gap, and tables. Never: decides an order.

use super::geometry::Area;
use super::rows::{Row, area};
use super::words::Word;

/// A gap that parts a row into items, in units of the font size.
const GAP: f32 = 0.9;

/// A stretch of a row, or a table, in the frame in which it is upright.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub area: Area,
    pub base: f32,
    pub size: f32,
    pub kind: Kind,
}

/// What an item is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Words(Vec<Word>),
    Table(Table),
}

/// A table with its cells in reading order.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub rows: Vec<Vec<Cell>>,
    pub columns: usize,
}

/// A cell: where it stands in its table and the lines in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
    /// Its left and right side, where rules draw them.
    pub inside: Option<(f32, f32)>,
    pub lines: Vec<Line>,
}

/// A line of text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub words: Vec<Word>,
    pub area: Area,
    pub base: f32,
    pub size: f32,
    /// Whether it goes on what the line before it says, which was full.
    pub goes_on: Option<bool>,
}

/// The reading order of a page.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A line; whether it begins a new column or other part.
    Line(Line),
    Table(Table),
    /// Another part begins.
    Break,
}

impl Line {
    /// A line out of words that stand from left to right.
    pub fn new(words: Vec<Word>) -> Self {
        let area = area(&words);
        let size = words.iter().map(|w| w.size).fold(0.0, f32::max);
        let base = words.iter().find(|w| w.size >= size * 0.9).map_or(area.bottom, |w| w.base);
        Self { words, area, base, size, goes_on: None }
    }

    /// Characters, spaces aside.
    pub fn chars(&self) -> usize {
        self.words.iter().map(|w| w.text.chars().count()).sum()
    }
}

impl Item {
    /// The words of the item; none for a table.
    pub fn words(&self) -> &[Word] {
        match &self.kind {
            Kind::Words(words) => words,
            Kind::Table(_) => &[],
        }
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, Kind::Table(_))
    }

    /// A table as an item.
    pub fn table(table: Table, area: Area, size: f32) -> Self {
        Self { area, base: area.top, size, kind: Kind::Table(table) }
    }
}

/// Cuts a row at its wide gaps; what a bullet or number begins stays with it.
pub(super) fn items(row: Row) -> Vec<Item> {
    let mut out: Vec<Vec<Word>> = Vec::new();
    for word in row.words {
        match out.last_mut() {
            Some(item) if !parts(item, &word) => item.push(word),
            _ => out.push(vec![word]),
        }
    }
    out.into_iter().map(item).collect()
}

/// An item out of words.
pub(super) fn item(words: Vec<Word>) -> Item {
    let line = Line::new(words);
    Item { area: line.area, base: line.base, size: line.size, kind: Kind::Words(line.words) }
}

fn parts(item: &[Word], word: &Word) -> bool {
    let Some(before) = item.last() else { return true };
    let gap = word.area.left - before.area.right;
    let size = before.size.max(word.size);
    if let [only] = item
        && is_marker(&only.text)
    {
        return gap > 5.0 * size;
    }
    gap > GAP * size
}

/// Whether a word marks a list item: one sign that is no letter, or a number or letter with a point or bracket.
pub(super) fn is_marker(text: &str) -> bool {
    let mut chars = text.chars();
    match (chars.next(), chars.next_back()) {
        (Some(c), None) => !c.is_alphanumeric() && !"()[]&/".contains(c) || c == 'o',
        (Some(_), Some('.' | ')')) => {
            let inner = text.trim_start_matches('(').trim_end_matches(['.', ')']);
            let count = inner.chars().count();
            (1..=3).contains(&count)
                && (inner.chars().all(|c| c.is_ascii_digit())
                    || count == 1 && inner.chars().all(char::is_alphabetic)
                    || inner.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X')))
        }
        _ => false,
    }
}

/// Whether a word is a bullet.
pub(super) fn is_bullet(text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if matches!(c, '•' | '▪' | '□' | '➢' | '❖' | '✓' | '→' | '●' | '○' | '◦' | '■' | '‣'
        | '–' | '-' | '·' | '*' | '►' | '▶' | '◆' | '✦' | 'o' | '§' | '∙' | '»' | '›' | '▫' | '—'))
}
