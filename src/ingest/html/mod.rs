//! HTML → lines, cells and regions.
//!
//! In: a page of HTML, or a piece of it inside Markdown or a mail. Out: its text in reading order; a block is a
//! line, a table row is a line with `\t` between its cells; what a site repeats on its pages as furniture; data for
//! programs appended. Never: loses the text of an element that is not closed, or takes more than linear time.

mod attributes;
mod breaks;
mod data;
mod skip;
mod table;
mod template;

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

use super::builder::{Builder, Open};
use super::tags::{Element, element, is_program};
use super::text::{RegionKind, Text};
use attributes::Counter;
use data::Data;
use skip::Skipping;
use table::Table;

/// Elements kept open at a time, and how far an end tag looks for its start.
const DEEPEST: usize = 512;
const REACH: usize = 48;
/// A page is no page that is furniture in more than this many of ten bytes.
const FURNITURE: usize = 9;

/// Reads a page.
pub(super) fn document(source: &str) -> Text {
    let mut out = Builder::default();
    let data = walk_page(&template::strip(source), &mut out);
    if out.covered(&RegionKind::Furniture) * 10 > out.len() * FURNITURE {
        out.cancel_all(&RegionKind::Furniture);
    }
    data.write(&mut out);
    out.finish("text/html")
}

/// Reads `source` to the end of `out`.
pub(super) fn walk(source: &str, out: &mut Builder) {
    walk_page(source, out);
}

/// If an element that is passed over never ends, or nothing but such elements is there, it is read after all.
fn walk_page(source: &str, out: &mut Builder) -> Data {
    let (mark, before) = (out.mark(), out.len());
    let mut walker = Walker::default();
    walker.feed(source, out);
    let is_unclosed = walker.skipping.as_ref().is_some_and(|s| !is_program(s.element));
    if is_unclosed || (walker.has_skipped && !out.has_ink_after(before)) {
        out.rewind(mark);
        walker = Walker { reads_all: true, ..Walker::default() };
        walker.feed(source, out);
    }
    walker.close_all(out);
    walker.data
}

/// Where a walk through HTML stands.
#[derive(Default)]
pub(super) struct Walker {
    /// Open elements with the regions that end with them.
    stack: Vec<(Element, Option<Open>)>,
    tables: Vec<Table>,
    /// Lists that are open, with how they count.
    lists: Vec<Option<Counter>>,
    /// Depth of `pre`, and of elements that hold the page's own words.
    preformatted: usize,
    main: usize,
    /// Furniture that is open: how many elements deep, and whether a first heading stands in it.
    furniture: Option<(usize, bool)>,
    /// An element that is passed over.
    skipping: Option<Skipping>,
    /// Whether anything was passed over that is no program.
    has_skipped: bool,
    /// Pass over nothing but programs.
    reads_all: bool,
    /// The number that stands before the next word.
    label: Option<String>,
    /// The text of an element is being read whose tags come as text.
    in_raw: bool,
    /// White space was met since the last character.
    space: bool,
    data: Data,
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
                Token::StartTag(tag) => {
                    self.data.start(&tag);
                    self.start(&tag, out);
                }
                Token::EndTag(tag) => {
                    self.data.end(&tag.name);
                    self.end(&tag, out);
                }
                Token::String(text) => {
                    let text = String::from_utf8_lossy(&text.value);
                    self.data.text(&text);
                    if !self.in_raw && matches!(self.stack.last(), Some((Element::NoFrames, _))) {
                        // Its tags come as text.
                        self.in_raw = true;
                        self.feed(&text, out);
                        self.in_raw = false;
                    } else {
                        self.text(&text, out);
                    }
                }
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
        if self.passes_over(element, tag) {
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

    fn enter(&mut self, element: Element, tag: &StartTag<()>, out: &mut Builder) {
        self.close_implied(element, out);
        if element == Element::Table {
            self.unfold_layout(out);
        }
        self.break_before(element, out);
        if self.stack.len() >= DEEPEST {
            return;
        }
        let open = match (element, attributes::value(tag, "href")) {
            (Element::Link, Some(target)) => out.open_link(&target),
            _ => self.furniture(element, tag, out).or_else(|| self.kind(element, tag).map(|kind| out.open(kind))),
        };
        match element {
            Element::Cell => self.tables.iter_mut().last().into_iter().for_each(|t| t.cell_start = out.len()),
            Element::Table => {
                let is_layout = attributes::value(tag, "role").is_some_and(|r| matches!(&*r, "presentation" | "none"));
                self.tables.push(Table::new(is_layout));
            }
            Element::List => self.lists.push(None),
            Element::Ordered => self.lists.push(Counter::of(tag)),
            Element::Pre => self.preformatted += 1,
            Element::Main => self.main += 1,
            Element::Item if self.furniture.is_none() => {
                if let Some(Some(counter)) = self.lists.last_mut() {
                    self.label = Some(counter.label(tag));
                }
            }
            Element::Heading(1) => {
                if let Some((_, has_title)) = &mut self.furniture {
                    *has_title = true;
                }
            }
            _ => {}
        }
        self.stack.push((element, open));
    }

    /// Opens the region of furniture, where an element is some and stands in none.
    fn furniture(&mut self, element: Element, tag: &StartTag<()>, out: &mut Builder) -> Option<Open> {
        let is_new = self.furniture.is_none() && !self.reads_all;
        if !is_new || !attributes::is_furniture(element, tag, self.main > 0) {
            return None;
        }
        self.furniture = Some((self.stack.len(), false));
        Some(out.open(RegionKind::Furniture))
    }

    /// The region that an element has.
    fn kind(&mut self, element: Element, tag: &StartTag<()>) -> Option<RegionKind> {
        let in_grid = self.tables.last().is_some_and(|t| !t.is_layout);
        Some(match element {
            Element::Title => RegionKind::Meta("title".into()),
            Element::Heading(level) => RegionKind::Heading(level),
            Element::Paragraph if self.tables.is_empty() => RegionKind::Block,
            Element::Item => RegionKind::Item(u8::try_from(self.lists.len().max(1)).unwrap_or(u8::MAX)),
            Element::Table if attributes::value(tag, "role").is_none() => RegionKind::Table,
            Element::Row if in_grid => RegionKind::Row,
            Element::Cell => {
                let reach = |name| attributes::number(tag, name);
                let (rows, columns) = (reach("rowspan"), reach("colspan"));
                match self.tables.last_mut() {
                    Some(table) if !table.is_layout => table.cell(rows, columns),
                    Some(_) => return None,
                    None => Table::default().cell(rows, columns),
                }
            }
            Element::Strong => RegionKind::Strong,
            Element::Emphasis => RegionKind::Emphasis,
            Element::Code => RegionKind::Verbatim,
            _ => return None,
        })
    }

    /// A table that begins in the first cells of another shows that the outer one only arranges the page.
    fn unfold_layout(&mut self, out: &mut Builder) {
        let Some(table) = self.tables.last_mut().filter(|t| !t.is_layout && t.in_row && t.row <= 1) else { return };
        table.is_layout = true;
        out.untab();
        let from = self.stack.iter().rposition(|(e, _)| *e == Element::Table).unwrap_or(0);
        for (element, open) in &mut self.stack[from..] {
            if matches!(element, Element::Table | Element::Row | Element::Cell)
                && let Some(open) = open.take()
            {
                out.cancel(open);
            }
        }
    }

    /// Ends what a start tag ends without saying so.
    fn close_implied(&mut self, element: Element, out: &mut Builder) {
        let (ends, within): (&[Element], &[Element]) = match element {
            Element::Cell => (&[Element::Cell], &[Element::Row, Element::Table]),
            Element::Row => (&[Element::Row], &[Element::Table]),
            Element::Item => (&[Element::Item], &[Element::List, Element::Ordered, Element::Table]),
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
        if self.ends_skipping(element, &tag.name) && element != Element::Title {
            return;
        }
        let within: &[Element] = match element {
            Element::Table | Element::Body | Element::Other => &[],
            Element::Row | Element::List | Element::Ordered | Element::Cell => &[Element::Table],
            _ => &[Element::Cell, Element::Table],
        };
        match self.find(&[element], within) {
            Some(at) => self.unwind(at, out),
            None if element == Element::Cell => {}
            None => self.break_before(element, out),
        }
    }

    fn leave(&mut self, (element, open): (Element, Option<Open>), out: &mut Builder) {
        if element == Element::Item {
            self.label = None;
        }
        if let Some(open) = open {
            out.close(open);
        }
        if let (Some(open), Some((depth, has_title))) = (open, self.furniture)
            && depth == self.stack.len()
        {
            // A banner with the page's own title is none.
            if has_title {
                out.cancel(open);
            }
            self.furniture = None;
        }
        match element {
            Element::Table => {
                self.tables.pop();
            }
            Element::Row => self.tables.iter_mut().last().into_iter().for_each(Table::end_row),
            Element::List | Element::Ordered => {
                self.lists.pop();
            }
            Element::Pre => self.preformatted = self.preformatted.saturating_sub(1),
            Element::Main => self.main = self.main.saturating_sub(1),
            _ => {}
        }
        match element {
            Element::Cell => self.space = false,
            _ => self.break_before(element, out),
        }
    }
}
