//! Paragraphs, lists, tables and notes of a word processor, written as the stages expect them.
//!
//! In: what a reader of DOCX, ODT or RTF meets, in reading order. Out: a text in which a paragraph is a line (or
//! several, at its breaks), a table row a line with `\t` between its cells. Never: knows a format; writes more than
//! the limits allow.

mod finish;
mod tables;

use self::finish::{clean, unclean};
use super::Budget;
use super::builder::{Builder, Mark, Open};
use super::text::RegionKind;

/// Space between two paragraphs (in twentieths of a point) that reads as an empty line.
const GAP: u32 = 100;

/// What a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Body,
    /// A heading with its level, from 1.
    Heading(u8),
    /// A list item with its depth, from 1.
    Item(u8),
}

/// How a paragraph begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub kind: Kind,
    /// The number that the format puts before it.
    pub label: Option<String>,
    /// Space before and after it, in twentieths of a point.
    pub before: u32,
    pub after: u32,
    /// Whether it begins a page.
    pub new_page: bool,
}

/// How a run of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub bold: bool,
    pub italic: bool,
}

/// How far a cell reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub columns: u32,
    pub rows: u32,
    /// Whether later rows may prolong it.
    pub grows: bool,
}

/// A paragraph that is open.
#[derive(Default)]
struct Paragraph {
    shape: Shape,
    /// White space met before its first character.
    lead: String,
    region: Option<Open>,
    begun: bool,
}

/// A table that is open.
#[derive(Default)]
struct Grid {
    region: Option<Open>,
    row_region: Option<Open>,
    cell_region: Option<Open>,
    row: u32,
    column: u32,
    cells_in_row: u32,
    /// Where the row begins.
    row_start: usize,
    /// A page was seen to begin in the row.
    turned: bool,
    /// For each column, the growing cell that stands above: its region and place.
    above: Vec<Option<Growing>>,
}

/// A cell that the rows below may prolong.
#[derive(Clone, Copy, Debug)]
struct Growing {
    region: Open,
    row: u32,
    column: u32,
    rows: u32,
    columns: u32,
}

/// A link that is open.
struct Link {
    target: String,
    region: Option<Open>,
}

/// A text in the making.
pub(super) struct Flow {
    out: Builder,
    most_text: usize,
    most_regions: usize,
    full: bool,
    tables: Vec<Grid>,
    paragraph: Option<Paragraph>,
    look: Look,
    strong: Option<Open>,
    slanted: Option<Open>,
    link: Option<Link>,
    /// Space after the last paragraph, and whether an empty line is due in any case.
    after: u32,
    blank: bool,
    /// What the last paragraph was.
    last: Kind,
    page_due: bool,
    /// Where pages begin.
    pages: Vec<usize>,
}

impl Flow {
    /// An empty text.
    pub fn new(budget: &Budget) -> Self {
        Self {
            out: Builder::default(),
            most_text: budget.limits.text(),
            most_regions: budget.limits.regions(),
            full: false,
            tables: Vec::new(),
            paragraph: None,
            look: Look::default(),
            strong: None,
            slanted: None,
            link: None,
            after: 0,
            blank: false,
            last: Kind::Body,
            page_due: false,
            pages: Vec::new(),
        }
    }

    /// Whether the limits are reached and nothing more is taken in.
    pub fn is_full(&mut self) -> bool {
        self.full |= self.out.len() > self.most_text || self.out.regions() > self.most_regions;
        self.full
    }

    /// Whether the text stands in a table.
    pub fn in_table(&self) -> bool {
        !self.tables.is_empty()
    }

    fn open(&mut self, kind: RegionKind) -> Option<Open> {
        (!self.is_full()).then(|| self.out.open(kind))
    }

    fn close(&mut self, open: Option<Open>) {
        if let Some(open) = open {
            self.out.close(open);
        }
    }

    /// Begins a paragraph; one that is open ends.
    pub fn paragraph(&mut self, shape: Shape) {
        self.end_paragraph();
        self.page_due |= shape.new_page;
        self.paragraph = Some(Paragraph { shape, ..Paragraph::default() });
    }

    /// Whether something of the paragraph is written.
    pub fn has_begun(&self) -> bool {
        self.paragraph.as_ref().is_some_and(|p| p.begun)
    }

    /// Forgets a paragraph of which nothing is written.
    pub fn drop_paragraph(&mut self) {
        if !self.has_begun() {
            self.paragraph = None;
        }
    }

    /// Ends the paragraph. An empty one is an empty line; in a cell its number stands all the same.
    pub fn end_paragraph(&mut self) {
        let numbered = self.paragraph.as_ref().is_some_and(|p| !p.begun && p.shape.label.is_some());
        if numbered && self.in_table() {
            self.begin();
        }
        self.plain();
        let link = self.link.as_mut().and_then(|link| link.region.take());
        self.close(link);
        let Some(paragraph) = self.paragraph.take() else { return };
        if !paragraph.begun {
            self.blank = true;
            return;
        }
        self.close(paragraph.region);
        self.out.trim_line();
        self.after = paragraph.shape.after;
        self.blank = false;
        self.last = paragraph.shape.kind;
    }

    /// Ends strong and slanted stretches.
    fn plain(&mut self) {
        // the one opened last ends first
        let (slanted, strong) = (self.slanted.take(), self.strong.take());
        self.close(slanted);
        self.close(strong);
        self.look = Look::default();
    }

    /// Writes what stands before the paragraph's first character.
    fn begin(&mut self) {
        let Some(mut paragraph) = self.paragraph.take() else {
            self.paragraph = Some(Paragraph::default());
            return self.begin();
        };
        if paragraph.begun {
            self.paragraph = Some(paragraph);
            return;
        }
        paragraph.begun = true;
        self.break_before(&paragraph.shape);
        let kind = match paragraph.shape.kind {
            Kind::Heading(level) => Some(RegionKind::Heading(level)),
            Kind::Item(depth) => Some(RegionKind::Item(depth)),
            Kind::Body => (!self.in_table()).then_some(RegionKind::Block),
        };
        paragraph.region = kind.and_then(|kind| self.open(kind));
        match &paragraph.shape.label {
            Some(label) => {
                self.out.text(&clean(label));
                self.out.text(" ");
            }
            None if !self.in_table() => self.out.text(&paragraph.lead),
            None => {}
        }
        self.paragraph = Some(paragraph);
    }

    /// The break between the paragraph before and this one.
    fn break_before(&mut self, shape: &Shape) {
        let heads = |kind| matches!(kind, Kind::Heading(_));
        let items = matches!((self.last, shape.kind), (Kind::Item(_), Kind::Item(_)));
        let apart = self.after.saturating_add(shape.before) >= GAP && !items;
        if self.in_table() {
            if !self.out.at_tab() {
                self.out.line();
            }
        } else if self.blank || apart || heads(self.last) || heads(shape.kind) {
            self.out.blank();
        } else {
            self.out.line();
        }
        self.blank = false;
        self.turn_page();
    }

    /// Begins the page that is due.
    fn turn_page(&mut self) {
        if std::mem::take(&mut self.page_due) && !self.in_table() && self.out.has_ink_after(0) {
            self.out.line();
            self.out.text("\u{c}");
            self.page_begins();
        }
    }

    fn page_begins(&mut self) {
        let here = self.out.len();
        match self.pages.last_mut() {
            Some(last) if !self.out.has_ink_after(*last) => *last = here,
            _ if self.out.has_ink_after(0) => self.pages.push(here),
            _ => {}
        }
    }

    /// The next paragraph or line begins a page.
    pub fn page_break(&mut self) {
        self.page_due = true;
    }

    /// A page was seen to begin here when the document was last laid out. Of the cells of a row each says so.
    pub fn page_seen(&mut self) {
        let again = self.tables.iter_mut().any(|grid| std::mem::replace(&mut grid.turned, true));
        if !self.page_due && !again {
            self.page_begins();
        }
    }

    /// Appends a piece of the paragraph.
    pub fn text(&mut self, text: &str, look: Look) {
        if text.is_empty() || self.is_full() {
            return;
        }
        if text.contains(unclean) {
            self.clean_text(&clean(text), look);
        } else {
            self.clean_text(text, look);
        }
    }

    fn clean_text(&mut self, text: &str, look: Look) {
        let begun = self.paragraph.as_ref().is_some_and(|p| p.begun);
        if text.trim().is_empty() {
            match &mut self.paragraph {
                Some(paragraph) if !begun => paragraph.lead.push_str(text),
                Some(_) if !(self.out.at_line_start() || self.out.at_tab() && !self.tables.is_empty()) => {
                    self.out.text(text);
                }
                _ => {}
            }
            return;
        }
        if !begun {
            self.begin();
        } else if self.page_due {
            self.turn_page();
        }
        self.open_link_region();
        self.wear(look);
        let at_start = (self.out.at_line_start() || self.out.at_tab()) && self.in_table();
        let after_label = !begun && self.out.at_space();
        let labelled = after_label && self.paragraph.as_ref().is_some_and(|p| p.shape.label.is_some());
        self.out.text(if at_start || labelled { text.trim_start() } else { text });
    }

    /// Opens the region of a link whose first character comes now.
    fn open_link_region(&mut self) {
        if self.link.as_ref().is_some_and(|link| link.region.is_none()) && !self.is_full() {
            self.plain();
            if let Some(link) = &mut self.link {
                link.region = self.out.open_link(&link.target);
            }
            if self.link.as_ref().is_some_and(|link| link.region.is_none()) {
                self.link = None;
            }
        }
    }

    /// Begins and ends strong and slanted stretches.
    fn wear(&mut self, look: Look) {
        let heading = matches!(&self.paragraph, Some(p) if matches!(p.shape.kind, Kind::Heading(_)));
        let look = Look { bold: look.bold && !heading, ..look };
        if look == self.look {
            return;
        }
        let keeps_strong = look.bold && self.look.bold;
        let slanted = self.slanted.take();
        self.close(slanted);
        if !keeps_strong {
            let strong = self.strong.take();
            self.close(strong);
            self.strong = if look.bold { self.open(RegionKind::Strong) } else { None };
        }
        self.slanted = if look.italic { self.open(RegionKind::Emphasis) } else { None };
        self.look = look;
    }

    /// A tab: in a cell some space, elsewhere a tab.
    pub fn tab(&mut self) {
        if self.is_full() {
            return;
        }
        let in_table = self.in_table();
        match &mut self.paragraph {
            Some(paragraph) if !paragraph.begun => paragraph.lead.push('\t'),
            _ if self.out.at_tab() || self.out.at_line_start() && in_table => {}
            _ if in_table => self.out.text("  "),
            _ => {
                self.out.trim_line();
                if !self.out.at_tab() {
                    self.out.text("\t");
                }
            }
        }
    }

    /// The paragraph goes on in a new line.
    pub fn line_break(&mut self) {
        if self.is_full() || !self.paragraph.as_ref().is_some_and(|p| p.begun) {
            return;
        }
        if self.out.at_line_start() && !self.in_table() {
            self.out.blank();
        } else if !(self.in_table() && self.out.at_tab()) {
            self.out.line();
        }
    }

    /// What follows carries a link to `target`.
    pub fn open_link(&mut self, target: &str) {
        self.close_link();
        self.link = Some(Link { target: clean(target), region: None });
    }

    /// The link ends.
    pub fn close_link(&mut self) {
        if let Some(Link { region: Some(region), .. }) = self.link.take() {
            self.plain();
            self.out.close(region);
        }
    }

    /// What comes now stands apart from what came before: a text box begins or ends.
    pub fn part(&mut self) {
        self.end_paragraph();
        self.blank |= !self.in_table();
    }

    /// Begins a stretch apart from the reading order: a note, a header.
    pub fn open_apart(&mut self, kind: RegionKind) -> Option<Open> {
        self.end_paragraph();
        self.blank = true;
        self.open(kind)
    }

    /// Ends it.
    pub fn close_apart(&mut self, open: Option<Open>) {
        self.end_paragraph();
        self.close(open);
        self.blank = true;
        self.page_due = false;
    }

    /// A note's mark stands here.
    pub fn noted(&mut self) -> Option<Open> {
        (!self.is_full()).then(|| self.out.noted())
    }

    /// The note of a mark is the stretch that was read.
    pub fn note(&mut self, mark: Option<Open>, note: Option<Open>) {
        if let (Some(mark), Some(note)) = (mark, note) {
            self.out.note(mark, note);
        }
    }

    /// The state now, for a stretch that may be taken back.
    pub fn mark(&self) -> Mark {
        self.out.mark()
    }

    /// What was written since.
    pub fn since(&self, mark: &Mark) -> &str {
        self.out.since(mark)
    }

    /// Takes back what was written since `mark`.
    pub fn rewind(&mut self, mark: Mark) {
        self.out.rewind(mark);
    }
}
