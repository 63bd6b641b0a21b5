//! Markdown → lines and regions.
//!
//! In: Markdown, often written by people who think of it as plain text. Out: its text in reading order:
//! front matter values, then one line for a heading, a list item, a table row; line ends, empty lines and
//! hand-made indents as they stand in the source. Never: loses text that a browser would show.

mod inline;
mod prepare;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::builder::{Builder, Open};
use super::front_matter;
use super::html::{self, Walker};
use super::text::{RegionKind, Text};
pub(super) use prepare::too_deep;

/// Reads Markdown.
pub(super) fn document(source: &str) -> Text {
    let mut out = Builder::default();
    let body = match front_matter::split(source) {
        Some(front) => {
            for (key, value) in front.values {
                let open = out.open(RegionKind::Meta(key));
                out.text(&value);
                out.close(open);
                out.line();
            }
            out.blank();
            front.body
        }
        None => source,
    };
    let body = prepare::prepare(body);
    let mut writer = Writer { source: &body, out, ..Writer::empty() };
    for (event, range) in Parser::new_ext(&body, Options::ENABLE_TABLES).into_offset_iter() {
        writer.event(event, range);
    }
    writer.flush_html();
    writer.out.finish("text/markdown")
}

/// Writes the events of the parser.
struct Writer<'a> {
    source: &'a str,
    out: Builder,
    open: Vec<Option<Open>>,
    /// Tags among the text of the paragraph.
    tags: Walker,
    /// Blocks of HTML that follow on each other.
    html: String,
    code: Option<Code>,
    /// Depth of lists and of quotations.
    lists: u8,
    quotes: usize,
    /// Depth of images, whose text is dropped.
    images: usize,
    table: Option<Grid>,
    /// Where the list item's own text begins, until it does.
    item_begins: bool,
}

/// A code block that is open.
struct Code {
    /// Indented rather than fenced.
    indented: bool,
    text: String,
    start: usize,
}

/// Where in a table the next cell stands.
#[derive(Default)]
struct Grid {
    row: u32,
    column: u32,
    /// End of the last cell in the source.
    end: usize,
}

impl<'a> Writer<'a> {
    fn empty() -> Self {
        Writer {
            source: "",
            out: Builder::default(),
            open: Vec::new(),
            tags: Walker::inline(),
            html: String::new(),
            code: None,
            lists: 0,
            quotes: 0,
            images: 0,
            table: None,
            item_begins: false,
        }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if !matches!(event, Event::Html(_) | Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock)) {
            self.flush_html();
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => self.verbatim(&text),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) if self.images == 0 => self.tags.feed(&html, &mut self.out),
            Event::SoftBreak | Event::HardBreak if self.images == 0 => self.newline(range.end),
            Event::Rule => self.out.blank(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(_) => self.lists = self.lists.saturating_add(1),
            Tag::Image { .. } => self.images += 1,
            Tag::HtmlBlock if self.html.is_empty() => self.separate(range.start),
            Tag::CodeBlock(ref kind) => {
                let indented = matches!(kind, CodeBlockKind::Indented);
                self.code = Some(Code { indented, text: String::new(), start: range.start });
            }
            Tag::Table(_) => {
                self.separate(range.start);
                self.table = Some(Grid { row: 0, column: 0, end: range.start });
            }
            _ => {}
        }
        let open = match tag {
            Tag::Paragraph => self.paragraph(&range),
            Tag::Heading { level, .. } => {
                self.out.blank();
                Some(self.out.open(self.heading(level as u8, &range)))
            }
            Tag::Item => Some(self.item(&range)),
            Tag::Table(_) => Some(self.out.open(RegionKind::Table)),
            Tag::TableHead | Tag::TableRow => Some(self.row(&range)),
            Tag::TableCell => Some(self.cell(&range)),
            Tag::Emphasis => Some(self.out.open(RegionKind::Emphasis)),
            Tag::Strong => Some(self.out.open(RegionKind::Strong)),
            Tag::Link { dest_url, .. } => self.out.open_link(&dest_url),
            _ => None,
        };
        self.open.push(open);
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        let is_block = matches!(
            tag,
            TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::TableCell
        );
        if is_block {
            self.tags.close_all(&mut self.out);
        }
        match tag {
            TagEnd::TableHead | TagEnd::TableRow => self.row_rest(&range),
            TagEnd::CodeBlock => self.code_block(&range),
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            _ => {}
        }
        if let Some(open) = self.open.pop().flatten() {
            self.out.close(open);
        }
        match tag {
            TagEnd::Heading(_) => self.out.blank(),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow => self.out.line(),
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::Table => {
                self.table = None;
                self.out.line();
            }
            _ => {}
        }
    }

    /// A new line before a block, with an empty line where the source has one.
    fn separate(&mut self, start: usize) {
        let before = self.source[..start].trim_end_matches([' ', '\t', '>']);
        let is_blank = before.strip_suffix('\n').is_some_and(|b| {
            let line = b.trim_end_matches([' ', '\t', '>', '\r']);
            line.is_empty() || line.ends_with('\n')
        });
        if is_blank { self.out.blank() } else { self.out.line() }
    }

    fn heading(&self, level: u8, range: &Range<usize>) -> RegionKind {
        // Three lines and a rule under them are a paragraph that ends before a rule.
        let lines = self.source[range.clone()].trim().lines().count();
        if lines > 3 { RegionKind::Block } else { RegionKind::Heading(level) }
    }

    fn paragraph(&mut self, range: &Range<usize>) -> Option<Open> {
        if std::mem::take(&mut self.item_begins) {
            return None;
        }
        self.separate(range.start);
        let open = self.out.open(RegionKind::Block);
        self.indent(range.start);
        Some(open)
    }

    fn item(&mut self, range: &Range<usize>) -> Open {
        self.separate(range.start);
        let open = self.out.open(RegionKind::Item(self.lists.max(1)));
        let text = self.source[range.clone()].trim_start();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let marker = &text[..(digits + 1).min(text.len())];
            self.out.text(marker);
            self.out.text(" ");
        }
        self.item_begins = true;
        open
    }

    fn row(&mut self, range: &Range<usize>) -> Open {
        self.out.line();
        if let Some(grid) = &mut self.table {
            grid.column = 0;
            grid.end = range.start;
        }
        self.out.open(RegionKind::Row)
    }

    fn cell(&mut self, range: &Range<usize>) -> Open {
        let mut at = (0, 0);
        if let Some(grid) = &mut self.table {
            if grid.column > 0 {
                self.out.trim_line();
                self.out.text("\t");
            }
            at = (grid.row, grid.column);
            grid.column += 1;
            grid.end = grid.end.max(range.end);
        }
        self.out.open(RegionKind::Cell { row: at.0, column: at.1, rows: 1, columns: 1 })
    }

    /// Cells beyond the last column, which the parser leaves out.
    fn row_rest(&mut self, range: &Range<usize>) {
        let Some(grid) = &mut self.table else { return };
        let rest = self.source.get(grid.end..range.end).unwrap_or("");
        let cells = rest.trim().trim_matches('|').split('|').map(str::trim).filter(|c| !c.is_empty());
        for (cell, column) in cells.zip(grid.column..) {
            self.out.text("\t");
            let open = self.out.open(RegionKind::Cell { row: grid.row, column, rows: 1, columns: 1 });
            self.out.text(cell);
            self.out.close(open);
        }
        grid.row += 1;
    }

    fn verbatim(&mut self, text: &str) {
        if self.images > 0 {
            return;
        }
        let open = self.out.open(RegionKind::Verbatim);
        self.out.text(text);
        self.out.close(open);
    }

    /// Reads the blocks of HTML that were gathered.
    fn flush_html(&mut self) {
        if !self.html.is_empty() {
            let html = std::mem::take(&mut self.html);
            html::walk(&html, &mut self.out);
            self.out.line();
        }
    }
}
