//! Laid-out pages → [`Text`].
//!
//! In: the pages in reading order. Out: the text with its layout: pages, paragraphs, headings by size, list items, tables,
//! bold and slanted text, links, furniture, boxes. Never: changes the order.

use super::blocks::{Cell, Line, Node, Table, is_bullet};
use super::content::{BOLD, DOUBT, ITALIC};
use super::geometry::{Area, Turn};
use super::page::Page;
use super::rows::{Row, is_spaced};
use super::script::{is_rtl, reading_order};
use super::words::Word;
use crate::ingest::builder::{Builder, Open};
use crate::ingest::{PageBox, RegionKind, Text};
use crate::model::Span;

/// Writes pages.
pub(super) struct Writer {
    builder: Builder,
    boxes: Vec<PageBox>,
    doubts: Vec<Span>,
    look: Look,
    page: u32,
    /// Where the page begins.
    page_start: usize,
    turn: Turn,
    links: Vec<(Area, String)>,
    /// The line before in the same part: base line, size, whether it is a heading.
    before: Option<(f32, f32, u8)>,
    /// Left edge of the part.
    left: f32,
    /// Usual distance between two lines, in units of the font size.
    pitch: f32,
    block: Option<Open>,
    /// Lines that run on as one.
    run: Option<Open>,
    item: Option<(Open, f32)>,
}

/// What is usual in the document.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// Font size of most of the text.
    body: f32,
    /// Sizes of headings, largest first.
    headings: Vec<f32>,
    /// Whether most of the text is bold.
    bold: bool,
}

impl Look {
    /// The look of a document.
    pub fn new(pages: &[Page]) -> Self {
        let mut sizes: Vec<(i32, usize)> = Vec::new();
        let (mut bold, mut all) = (0, 0);
        for word in pages.iter().flat_map(|p| &p.frames).flat_map(|(_, rows)| rows).flat_map(|r| &r.words) {
            let (size, count) = ((word.size * 2.0).round() as i32, word.text.chars().count());
            match sizes.iter().position(|(s, _)| *s == size) {
                Some(i) => sizes[i].1 += count,
                None if sizes.len() < 256 => sizes.push((size, count)),
                None => {}
            }
            all += count;
            bold += if word.flags & BOLD != 0 { count } else { 0 };
        }
        let body = sizes.iter().max_by_key(|(s, n)| (*n, *s)).map_or(10.0, |(s, _)| *s as f32 / 2.0);
        let mut headings: Vec<f32> = sizes.iter().map(|(s, _)| *s as f32 / 2.0).filter(|s| *s >= body * 1.15).collect();
        headings.sort_by(|a, b| b.total_cmp(a));
        headings.dedup_by(|a, b| (*a - *b).abs() <= 0.08 * *b);
        Self { body, headings, bold: bold * 10 > all * 7 }
    }

    /// The heading level of a line, 0 for none.
    fn level(&self, line: &Line) -> u8 {
        let chars = line.chars();
        let letters = line.words.iter().any(|w| w.text.chars().any(char::is_alphabetic));
        if line.size < self.body * 1.15 || chars > 160 || !letters {
            return 0;
        }
        let level = self.headings.iter().position(|s| line.size >= *s * 0.95).unwrap_or(5);
        u8::try_from(level + 1).unwrap_or(6).min(6)
    }
}

impl Writer {
    /// A writer for a document of this look.
    pub fn new(look: Look) -> Self {
        Self {
            builder: Builder::default(),
            boxes: Vec::new(),
            doubts: Vec::new(),
            look,
            page: 0,
            page_start: 0,
            turn: Turn::default(),
            links: Vec::new(),
            before: None,
            left: 0.0,
            pitch: 1.2,
            block: None,
            run: None,
            item: None,
        }
    }

    /// How long the text is by now.
    pub fn len(&self) -> usize {
        self.builder.len()
    }

    /// The text.
    pub fn finish(self) -> Text {
        let mut text = self.builder.finish("application/pdf");
        text.pages = Some(self.page);
        let end = text.content.len();
        text.boxes = self.boxes.into_iter().filter(|b| b.span.end <= end).collect();
        text.doubts = self.doubts.into_iter().filter(|d| d.end <= end).collect();
        text
    }

    /// Begins a page.
    pub fn page(&mut self, links: Vec<(Area, String)>) -> Open {
        self.part();
        self.page += 1;
        self.links = links;
        if self.page > 1 {
            self.builder.blank();
            self.builder.text("\u{c}");
        }
        self.page_start = self.builder.len();
        self.builder.open(RegionKind::Page(self.page))
    }

    /// Ends a page.
    pub fn end_page(&mut self, page: Open) {
        self.part();
        self.builder.line();
        self.builder.close(page);
    }

    /// Writes rows that are furniture.
    pub fn furniture(&mut self, rows: &[Row]) {
        self.part();
        self.turn = Turn::default();
        for row in rows {
            let open = self.builder.open(RegionKind::Furniture);
            self.words(&row.words);
            self.builder.close(open);
            self.builder.line();
        }
    }

    /// Writes what stands in one turn.
    pub fn nodes(&mut self, turn: Turn, nodes: &[Node], furniture: bool) {
        self.part();
        self.turn = turn;
        let whole = furniture.then(|| self.builder.open(RegionKind::Furniture));
        let mut start = 0;
        for (i, node) in nodes.iter().enumerate() {
            if i == start || matches!(nodes.get(i.wrapping_sub(1)), Some(Node::Break)) {
                start = i;
                self.begin_part(&nodes[i..]);
            }
            match node {
                Node::Line(line) => self.line(line),
                Node::Table(table) => self.table(table),
                Node::Break => self.part(),
            }
        }
        self.part();
        if let Some(open) = whole {
            self.builder.close(open);
        }
    }

    /// Ends a part: what follows does not continue what stands.
    fn part(&mut self) {
        self.close_item();
        self.close_run();
        if let Some(block) = self.block.take() {
            self.builder.line();
            self.builder.close(block);
        }
        self.before = None;
    }

    /// Looks at the lines of a part for its left edge and usual pitch.
    fn begin_part(&mut self, nodes: &[Node]) {
        let lines: Vec<&Line> = nodes
            .iter()
            .take_while(|n| !matches!(n, Node::Break))
            .filter_map(|n| if let Node::Line(line) = n { Some(line) } else { None })
            .collect();
        self.left = lines.iter().map(|l| l.area.left).fold(f32::MAX, f32::min);
        let mut steps: Vec<f32> = lines
            .windows(2)
            .map(|w| (w[1].base - w[0].base) / w[1].size.max(w[0].size).max(1.0))
            .filter(|s| (0.8..2.6).contains(s))
            .collect();
        steps.sort_by(f32::total_cmp);
        self.pitch = steps.get(steps.len() / 3).copied().unwrap_or(1.25);
    }

    fn line(&mut self, line: &Line) {
        let level = self.look.level(line);
        if let Some((base, size, before)) = self.before {
            let step = (line.base - base) / line.size.max(size).max(1.0);
            if step > (1.25 * self.pitch).max(1.45) || step < -0.1 || (level != before && (level == 0 || before == 0)) {
                self.part();
                self.builder.blank();
            } else {
                self.builder.line();
            }
        } else {
            self.blank();
        }
        self.before = Some((line.base, line.size, level));
        let bullet = line.words.len() > 1 && line.words.first().is_some_and(|w| is_bullet(&w.text));
        if self.item.as_ref().is_some_and(|(_, left)| bullet || line.area.left < *left) {
            self.close_item();
        }
        if line.goes_on != Some(true) {
            self.close_run();
        }
        if self.block.is_none() {
            self.block = Some(self.builder.open(RegionKind::Block));
        }
        if !line.words.iter().any(|w| w.text.chars().any(is_rtl)) {
            let indent = ((line.area.left - self.left) / (0.5 * line.size.max(1.0))).round();
            self.builder.text(&" ".repeat((indent as usize).min(60)));
        }
        if bullet {
            let depth = ((line.area.left - self.left) / (2.5 * line.size.max(1.0))).round().clamp(0.0, 8.0);
            let open = self.builder.open(RegionKind::Item(1 + depth as u8));
            self.item = Some((open, line.area.left + 0.5 * line.size));
        }
        self.open_run(line);
        let heading = (level > 0).then(|| self.builder.open(RegionKind::Heading(level)));
        self.words(&line.words);
        if let Some(heading) = heading {
            self.builder.close(heading);
        }
    }

    /// One empty line, unless a page has just begun.
    fn blank(&mut self) {
        if self.builder.len() > self.page_start {
            self.builder.blank();
        }
    }

    /// Opens a run with a line that begins one.
    fn open_run(&mut self, line: &Line) {
        if self.run.is_none() && line.goes_on.is_some() {
            self.run = Some(self.builder.open(RegionKind::Run));
        }
    }

    fn close_run(&mut self) {
        if let Some(run) = self.run.take() {
            self.builder.close(run);
        }
    }

    fn close_item(&mut self) {
        if let Some((open, _)) = self.item.take() {
            self.builder.close(open);
        }
    }

    fn table(&mut self, table: &Table) {
        self.part();
        self.blank();
        let whole = self.builder.open(RegionKind::Table);
        // How many more rows a cell from above covers in each column.
        let mut covered = vec![0usize; table.columns];
        for row in &table.rows {
            let open = self.builder.open(RegionKind::Row);
            let mut first = true;
            let mut column = 0;
            while column < table.columns {
                if covered[column] > 0 {
                    covered[column] -= 1;
                    column += 1;
                    continue;
                }
                if !std::mem::take(&mut first) {
                    self.builder.trim_line();
                    self.builder.text("\t");
                }
                match row.iter().find(|c| c.column == column) {
                    Some(cell) => {
                        let end = (column + cell.columns).min(table.columns);
                        covered[column..end].iter_mut().for_each(|c| *c = cell.rows.saturating_sub(1));
                        self.cell(cell);
                        column = end;
                    }
                    None => column += 1,
                }
            }
            self.builder.close(open);
            self.builder.trim_line();
            self.builder.text("\n");
        }
        self.builder.close(whole);
        self.before = None;
    }

    fn cell(&mut self, cell: &Cell) {
        let [row, column, rows, columns] =
            [cell.row, cell.column, cell.rows, cell.columns].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let open = self.builder.open(RegionKind::Cell { row, column, rows, columns });
        for (i, line) in cell.lines.iter().enumerate() {
            if i > 0 {
                self.builder.trim_line();
                self.builder.text("\n");
            }
            if line.goes_on != Some(true) {
                self.close_run();
            }
            self.open_run(line);
            self.words(&line.words);
        }
        self.close_run();
        self.builder.close(open);
    }

    /// Writes the words of a line, which stand from left to right, in reading order.
    fn words(&mut self, words: &[Word]) {
        let texts: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
        let mut styles = Styles::default();
        let mut before: Option<&Word> = None;
        for index in reading_order(&texts) {
            let word = &words[index];
            let gap = before.map(|b| gap(b, word));
            let link = self.link(word);
            styles.close(&mut self.builder, word, link, self.look.bold);
            if let (Some(before), Some(gap)) = (before, gap)
                && is_spaced(before, word)
            {
                self.builder.text(if gap > 2.0 * before.size.max(word.size) { "   " } else { " " });
            }
            styles.open(
                &mut self.builder,
                word,
                link.and_then(|l| self.links.get(l).map(|(_, t)| (l, t.as_str()))),
                self.look.bold,
            );
            let start = self.builder.len();
            self.builder.text(&word.text);
            let area = self.turn.home(word.area);
            let area = [area.left, area.top, area.right, area.bottom];
            let span = Span::new(start, self.builder.len());
            self.boxes.push(PageBox { span, page: self.page, area });
            if word.flags & DOUBT != 0 {
                self.doubts.push(span);
            }
            before = Some(word);
        }
        styles.close_all(&mut self.builder);
    }

    /// The link that a word belongs to.
    fn link(&self, word: &Word) -> Option<usize> {
        if self.links.is_empty() {
            return None;
        }
        let area = self.turn.home(word.area);
        let (x, y) = ((area.left + area.right) / 2.0, area.top * 0.35 + area.bottom * 0.65);
        self.links.iter().position(|(a, _)| a.holds(x, y, 0.0))
    }
}

/// The free space between two words.
fn gap(before: &Word, word: &Word) -> f32 {
    (word.area.left - before.area.right).max(before.area.left - word.area.right)
}

/// The regions that are open within a line.
#[derive(Default)]
struct Styles {
    strong: Option<Open>,
    slanted: Option<Open>,
    link: Option<(usize, Option<Open>)>,
}

impl Styles {
    fn close(&mut self, builder: &mut Builder, word: &Word, link: Option<usize>, all_bold: bool) {
        if word.flags & ITALIC == 0
            && let Some(open) = self.slanted.take()
        {
            builder.close(open);
        }
        if (word.flags & BOLD == 0 || all_bold)
            && let Some(open) = self.strong.take()
        {
            builder.close(open);
        }
        if self.link.as_ref().is_some_and(|(l, _)| Some(*l) != link)
            && let Some((_, Some(open))) = self.link.take()
        {
            builder.close(open);
        }
    }

    fn open(&mut self, builder: &mut Builder, word: &Word, link: Option<(usize, &str)>, all_bold: bool) {
        if let Some((index, target)) = link
            && self.link.as_ref().is_none_or(|(l, _)| *l != index)
        {
            self.link = Some((index, builder.open_link(target)));
        }
        if word.flags & BOLD != 0 && !all_bold && self.strong.is_none() {
            self.strong = Some(builder.open(RegionKind::Strong));
        }
        if word.flags & ITALIC != 0 && self.slanted.is_none() {
            self.slanted = Some(builder.open(RegionKind::Emphasis));
        }
    }

    fn close_all(&mut self, builder: &mut Builder) {
        for open in
            [self.slanted.take(), self.strong.take(), self.link.take().and_then(|(_, o)| o)].into_iter().flatten()
        {
            builder.close(open);
        }
    }
}
