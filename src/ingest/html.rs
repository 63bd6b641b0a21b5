//! HTML → lines, cells and regions.
//!
//! In: a page of HTML, or a piece of it inside Markdown. Out: its text in reading order; a block is a
//! line, a table row is a line with `\t` between its cells. Never: loses the text of an element that is
//! not closed, or takes more than linear time.

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

use super::builder::{Builder, Open};
use super::tags::{Element, element, is_program};
use super::text::{RegionKind, Text};

/// Elements kept open at a time, and how far an end tag looks for its start.
const DEEPEST: usize = 512;
const REACH: usize = 48;
/// Columns and rows that one cell may cover.
const MOST_COLUMNS: u32 = 200;
const MOST_ROWS: u32 = 65_534;

/// Reads a page.
pub(super) fn document(source: &str) -> Text {
    let mut out = Builder::default();
    walk(source, &mut out);
    out.finish("text/html")
}

/// Reads `source` to the end of `out`. If an element that is passed over never ends, it is read after all.
pub(super) fn walk(source: &str, out: &mut Builder) {
    let mark = out.mark();
    let mut walker = Walker::default();
    walker.feed(source, out);
    if walker.skipping.is_some_and(|(element, _)| !is_program(element)) {
        out.rewind(mark);
        walker = Walker { reads_all: true, ..Walker::default() };
        walker.feed(source, out);
    }
    walker.close_all(out);
}

/// Where a walk through HTML stands.
#[derive(Default)]
pub(super) struct Walker {
    /// Open elements with the regions that end with them.
    stack: Vec<(Element, Option<Open>)>,
    tables: Vec<Table>,
    lists: u8,
    /// Depth of `pre`.
    preformatted: usize,
    /// An element that is passed over, and how often it is open.
    skipping: Option<(Element, usize)>,
    /// Pass over nothing but programs.
    reads_all: bool,
    /// White space was met since the last character.
    space: bool,
}

/// A table that is open.
#[derive(Default)]
struct Table {
    row: u32,
    column: u32,
    /// For each column, the row at which it is free again.
    taken: Vec<u32>,
    in_row: bool,
    cells_in_row: u32,
}

impl Walker {
    /// A walker for tags that stand among the text of another format: of elements it passes over only programs.
    pub fn inline() -> Self {
        Self { reads_all: true, ..Self::default() }
    }

    /// Whether text is passed over now.
    pub fn is_skipping(&self) -> bool {
        self.skipping.is_some()
    }

    /// Takes in a piece of HTML.
    pub fn feed(&mut self, source: &str, out: &mut Builder) {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(source, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.start(&tag, out),
                Token::EndTag(tag) => self.end(&tag, out),
                Token::String(text) => self.text(&String::from_utf8_lossy(&text.value), out),
                _ => {}
            }
        }
    }

    /// Closes what is still open.
    pub fn close_all(&mut self, out: &mut Builder) {
        while let Some(top) = self.stack.pop() {
            self.leave(top, out);
        }
        self.space = false;
    }

    fn start(&mut self, tag: &StartTag<()>, out: &mut Builder) {
        let element = element(&tag.name);
        if self.passes_over(element, tag.self_closing) {
            return;
        }
        match element {
            Element::Break if out.at_line_start() && self.preformatted == 0 => self.paragraph_break(out),
            Element::Break => self.line(out),
            Element::Rule => self.paragraph_break(out),
            Element::Other | Element::Body | Element::Head => {}
            _ if tag.self_closing && !matches!(element, Element::Cell | Element::Row) => {}
            _ => self.enter(element, tag, out),
        }
    }

    /// Keeps the count of an element that is passed over; whether the tag is done with.
    fn passes_over(&mut self, element: Element, self_closing: bool) -> bool {
        if let Some((skipped, depth)) = &mut self.skipping {
            let over = *skipped == Element::Head && matches!(element, Element::Body | Element::Table);
            let is_title = *skipped == Element::Head && element == Element::Title;
            if !over && !is_title {
                *depth += usize::from(*skipped == element && !self_closing);
                return true;
            }
            if over {
                self.skipping = None;
            }
        } else if !self_closing
            && (is_program(element)
                || (!self.reads_all && matches!(element, Element::Hidden | Element::Svg | Element::Head)))
        {
            self.skipping = Some((element, 1));
            return true;
        }
        false
    }

    fn enter(&mut self, element: Element, tag: &StartTag<()>, out: &mut Builder) {
        self.close_implied(element, out);
        self.break_before(element, out);
        if self.stack.len() >= DEEPEST {
            return;
        }
        let kind = match element {
            Element::Title => Some(RegionKind::Meta("title".into())),
            Element::Heading(level) => Some(RegionKind::Heading(level)),
            Element::Paragraph if self.tables.is_empty() => Some(RegionKind::Block),
            Element::Item => Some(RegionKind::Item(self.lists.max(1))),
            Element::Table => Some(RegionKind::Table),
            Element::Row => Some(RegionKind::Row),
            Element::Cell => Some(self.cell(tag)),
            Element::Strong => Some(RegionKind::Strong),
            Element::Emphasis => Some(RegionKind::Emphasis),
            Element::Code => Some(RegionKind::Verbatim),
            _ => None,
        };
        let open = match (element, tag.attributes.get(&b"href"[..])) {
            (Element::Link, Some(target)) => out.open_link(&String::from_utf8_lossy(&target.value)),
            _ => kind.map(|kind| out.open(kind)),
        };
        match element {
            Element::Table => self.tables.push(Table::default()),
            Element::List => self.lists = self.lists.saturating_add(1),
            Element::Pre => self.preformatted += 1,
            _ => {}
        }
        self.stack.push((element, open));
    }

    /// Ends what a start tag ends without saying so.
    fn close_implied(&mut self, element: Element, out: &mut Builder) {
        let (ends, within): (&[Element], &[Element]) = match element {
            Element::Cell => (&[Element::Cell], &[Element::Row, Element::Table]),
            Element::Row => (&[Element::Row], &[Element::Table]),
            Element::Item => (&[Element::Item], &[Element::List, Element::Table]),
            Element::Paragraph => (&[Element::Paragraph], &[Element::Cell, Element::Item, Element::Table]),
            Element::Link => (&[Element::Link], &[Element::Cell, Element::Table]),
            _ => return,
        };
        if let Some(at) = self.find(ends, within) {
            self.unwind(at, out);
        }
    }

    /// The nearest open element of `wanted`, not beyond one of `within`.
    fn find(&self, wanted: &[Element], within: &[Element]) -> Option<usize> {
        for (at, (element, _)) in self.stack.iter().enumerate().rev().take(REACH) {
            if wanted.contains(element) {
                return Some(at);
            }
            if within.contains(element) {
                return None;
            }
        }
        None
    }

    fn unwind(&mut self, to: usize, out: &mut Builder) {
        while self.stack.len() > to {
            let Some(top) = self.stack.pop() else { return };
            self.leave(top, out);
        }
    }

    fn end(&mut self, tag: &EndTag<()>, out: &mut Builder) {
        let element = element(&tag.name);
        if let Some((skipped, depth)) = &mut self.skipping {
            if *skipped == element {
                *depth -= 1;
                if *depth == 0 {
                    self.skipping = None;
                }
            }
            if element != Element::Title {
                return;
            }
        }
        let within: &[Element] = match element {
            Element::Table | Element::Body | Element::Other => &[],
            Element::Row | Element::List | Element::Cell => &[Element::Table],
            _ => &[Element::Cell, Element::Table],
        };
        match self.find(&[element], within) {
            Some(at) => self.unwind(at, out),
            None if element == Element::Cell => {}
            None => self.break_before(element, out),
        }
    }

    fn leave(&mut self, (element, open): (Element, Option<Open>), out: &mut Builder) {
        if let Some(open) = open {
            out.close(open);
        }
        match element {
            Element::Table => {
                self.tables.pop();
            }
            Element::Row => {
                if let Some(table) = self.tables.last_mut() {
                    table.row += 1;
                    table.in_row = false;
                    table.cells_in_row = 0;
                }
            }
            Element::List => self.lists = self.lists.saturating_sub(1),
            Element::Pre => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
        match element {
            Element::Cell => self.space = false,
            _ => self.break_before(element, out),
        }
    }

    /// The break that stands before and after an element.
    fn break_before(&mut self, element: Element, out: &mut Builder) {
        match element {
            Element::Paragraph | Element::Heading(_) | Element::Table | Element::Title => self.paragraph_break(out),
            Element::Block | Element::Item | Element::Row | Element::List | Element::Pre | Element::Rule => {
                self.line(out)
            }
            Element::Cell => self.cell_break(out),
            _ => {}
        }
    }

    /// An empty line; inside a table a new line is all.
    fn paragraph_break(&mut self, out: &mut Builder) {
        self.space = false;
        let in_cell = self.tables.last().is_some_and(|t| t.in_row);
        if !in_cell {
            out.blank();
        } else if !out.at_space() {
            out.line();
        }
    }

    /// A new line; at the start of a cell there is none to end.
    fn line(&mut self, out: &mut Builder) {
        self.space = false;
        if self.preformatted > 0 && out.at_line_start() {
            out.text("\n");
        } else if !(self.is_in_cell() && out.at_tab()) {
            out.line();
        }
    }

    fn is_in_cell(&self) -> bool {
        self.stack.iter().rev().take(REACH).any(|(e, _)| *e == Element::Cell)
    }

    fn cell_break(&mut self, out: &mut Builder) {
        self.space = false;
        match self.tables.last() {
            Some(table) if table.cells_in_row > 0 => {
                out.trim_line();
                out.text("\t");
            }
            Some(_) => {}
            None => out.line(),
        }
    }

    /// Gives the cell its place in the grid.
    fn cell(&mut self, tag: &StartTag<()>) -> RegionKind {
        let number = |name: &[u8]| {
            let value = tag.attributes.get(name).map(|v| String::from_utf8_lossy(&v.value).trim().parse::<u32>());
            value.and_then(Result::ok).unwrap_or(1).max(1)
        };
        let (rows, columns) = (number(b"rowspan").min(MOST_ROWS), number(b"colspan").min(MOST_COLUMNS));
        let Some(table) = self.tables.last_mut() else {
            return RegionKind::Cell { row: 0, column: 0, rows, columns };
        };
        if !table.in_row {
            table.in_row = true;
            table.column = 0;
        }
        table.cells_in_row += 1;
        let is_taken = |taken: &[u32], column: u32| taken.get(column as usize).is_some_and(|until| *until > table.row);
        while is_taken(&table.taken, table.column) {
            table.column += 1;
        }
        let column = table.column;
        table.column = column.saturating_add(columns);
        if rows > 1 && table.column <= MOST_COLUMNS {
            table.taken.resize(table.taken.len().max(table.column as usize), 0);
            table.taken[column as usize..table.column as usize].fill(table.row.saturating_add(rows));
        }
        RegionKind::Cell { row: table.row, column, rows, columns }
    }

    /// Takes in text: white space is one space, none at the ends of a line.
    pub fn text(&mut self, text: &str, out: &mut Builder) {
        if self.skipping.is_some() && !matches!(self.stack.last(), Some((Element::Title, _))) {
            return;
        }
        if self.preformatted > 0 {
            return out.text(text);
        }
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}' | '\u{A0}');
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if is_space(c) {
                self.space = true;
                rest = rest.trim_start_matches(is_space);
                continue;
            }
            if self.space && !out.at_space() {
                out.text(" ");
            }
            self.space = false;
            let end = rest.find(is_space).unwrap_or(rest.len());
            out.text(&rest[..end]);
            rest = &rest[end..];
        }
    }
}
