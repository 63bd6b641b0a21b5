//! A walk through the text of an OpenDocument text, or of one of its headers and notes.
//!
//! In: a part's XML with its styles. Out: its paragraphs, lists and tables in a [`Flow`]. Never: reads what was
//! deleted or hidden, comments, or forms.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::Remarks;
use super::super::xml::{Element, Event, Ns, Prefixes, Xml};
use super::lists::Lists;
use super::styles::{Style, Styles};
use crate::ingest::Budget;
use crate::ingest::builder::Open;
use crate::ingest::flow::{Flow, Kind, Look, Reach, Shape};

/// Text boxes, and rows or cells that stand for many, within each other.
const MOST_NESTED: usize = 4;
/// Cells and rows that one may stand for.
const MOST_REPEATED: u32 = 64;
/// Repetitions in a whole document.
pub(super) const MOST_REPEATS: u32 = 10_000;
/// Spaces that one element may stand for.
const MOST_SPACES: i64 = 100;

/// A piece of a part that is read later.
pub(super) type Piece<'a> = (Range<usize>, Prefixes<'a>);

/// What all parts of the document share.
pub(super) struct Walker<'a, 'b> {
    pub flow: Flow,
    pub remarks: Remarks,
    pub budget: &'b mut Budget,
    /// The styles of `styles.xml`, and those of the part in hand.
    pub common: Styles<'a>,
    pub own: Styles<'a>,
    /// Styles that were asked for, by family and name.
    pub known: FxHashMap<(&'static str, String), Style>,
    pub lists: Lists,
    /// Repetitions that may still be read.
    pub repeats: u32,
    /// Notes in their order: mark and text.
    pub notes: Vec<(String, Piece<'a>, Option<Open>)>,
    /// The mark of the note that begins.
    pub mark: Option<String>,
}

/// An open element that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    Other,
    Paragraph,
    /// A run with a look of its own: what to go back to.
    Span(Worn),
    Link,
    List,
    Item,
    Table,
    Row,
    Cell,
}

/// What to do with an element.
enum Next {
    Enter(Frame),
    Skip,
    /// It was read to its end.
    Read,
}

/// How text looks, and whether it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Worn {
    look: Look,
    hidden: bool,
}

/// Where the walk through one piece stands.
#[derive(Default)]
struct Local<'a> {
    stack: Vec<Frame>,
    boxes: Vec<Piece<'a>>,
    worn: Worn,
    /// Paragraphs open.
    paragraphs: usize,
    /// White space was met last.
    space: bool,
}

impl<'a> Walker<'a, '_> {
    /// Walks through a piece of `source`.
    pub fn walk(&mut self, source: &'a str, piece: Piece<'a>, depth: usize) {
        let mut xml = Xml::within(source, piece.0, piece.1);
        let mut local = Local::default();
        while !self.is_over() {
            match xml.next() {
                Event::Start(e) => match self.start(&e, &mut xml, source, &mut local, depth) {
                    Next::Enter(frame) => local.stack.push(frame),
                    Next::Skip => drop(xml.skip()),
                    Next::Read => {}
                },
                Event::Text(text) if local.paragraphs > 0 => self.text(&text, &mut local),
                Event::Text(_) => {}
                Event::End => {
                    let frame = local.stack.pop().unwrap_or(Frame::Other);
                    self.end(frame, &mut local);
                }
                Event::Done => break,
            }
            if local.paragraphs == 0 && !local.boxes.is_empty() {
                self.boxes(source, &mut local, depth);
            }
        }
        self.boxes(source, &mut local, depth);
        self.flow.close_link();
        xml.tell(&mut self.remarks);
    }

    fn is_over(&mut self) -> bool {
        self.remarks.late |= self.budget.is_over();
        self.remarks.late || self.flow.is_full()
    }

    /// Walks through the text boxes that the paragraph anchors.
    fn boxes(&mut self, source: &'a str, local: &mut Local<'a>, depth: usize) {
        for piece in std::mem::take(&mut local.boxes) {
            if depth >= MOST_NESTED {
                self.remarks.deep = true;
                return;
            }
            self.flow.part();
            self.walk(source, piece, depth + 1);
            self.flow.part();
        }
    }

    fn start(
        &mut self,
        e: &Element<'a>,
        xml: &mut Xml<'a>,
        source: &'a str,
        local: &mut Local<'a>,
        depth: usize,
    ) -> Next {
        match e.ns {
            Ns::Text => self.text_element(e, xml, local),
            Ns::Table => self.table_element(e, xml, source, depth),
            Ns::Draw => match e.name {
                "text-box" | "custom-shape" | "rect" | "ellipse" | "circle" | "polygon" | "path" | "caption" => {
                    let prefixes = xml.prefixes();
                    local.boxes.push((xml.skip(), prefixes));
                    Next::Read
                }
                "object" | "object-ole" => {
                    self.remarks.embedded = true;
                    Next::Skip
                }
                "image" => Next::Skip,
                "a" => self.link(e),
                _ => Next::Enter(Frame::Other),
            },
            Ns::Office => match e.name {
                "annotation" | "forms" | "event-listeners" | "binary-data" | "meta" | "settings" | "scripts"
                | "styles" | "automatic-styles" | "master-styles" | "font-face-decls" => Next::Skip,
                _ => Next::Enter(Frame::Other),
            },
            Ns::Odf | Ns::Core if matches!(e.name, "title" | "desc") => Next::Skip,
            _ => Next::Enter(Frame::Other),
        }
    }

    fn text_element(&mut self, e: &Element<'a>, xml: &mut Xml<'a>, local: &mut Local<'a>) -> Next {
        match e.name {
            "p" | "h" => {
                self.paragraph(e, local);
                return Next::Enter(Frame::Paragraph);
            }
            "span" => {
                let before = local.worn;
                if let Some(name) = e.attr("style-name") {
                    let style = self.style("text", &name);
                    local.worn.look.bold = style.bold.unwrap_or(before.look.bold);
                    local.worn.look.italic = style.italic.unwrap_or(before.look.italic);
                    local.worn.hidden = style.hidden.unwrap_or(before.hidden);
                }
                return Next::Enter(Frame::Span(before));
            }
            "a" => return self.link(e),
            "list" => {
                self.lists.begin(e);
                return Next::Enter(Frame::List);
            }
            "list-item" | "list-header" => {
                self.lists.item(e);
                return Next::Enter(Frame::Item);
            }
            "number" => {
                self.lists.told(&xml.text());
                return Next::Read;
            }
            "note" => return self.note(xml),
            "s" if self.shows(local) => {
                let spaces = e.number("c").unwrap_or(1).clamp(1, MOST_SPACES);
                self.flow.text(&" ".repeat(usize::try_from(spaces).unwrap_or(1)), local.worn.look);
                local.space = false;
            }
            "tab" if self.shows(local) => {
                self.flow.tab();
                local.space = true;
            }
            "line-break" if self.shows(local) => {
                self.flow.line_break();
                local.space = true;
            }
            "soft-page-break" => self.flow.page_seen(),
            "section" if e.attr("display").is_some_and(|d| d != "true") => {
                self.remarks.hidden = true;
                return Next::Skip;
            }
            "hidden-text" | "hidden-paragraph" if e.attr("is-hidden").is_some_and(|v| v == "true") => {
                self.remarks.hidden = true;
                return Next::Skip;
            }
            "tracked-changes" => {
                self.remarks.tracked = true;
                return Next::Skip;
            }
            "ruby-text"
            | "index-title-template"
            | "table-of-content-source"
            | "sequence-decls"
            | "variable-decls"
            | "user-field-decls"
            | "note-ref" => return Next::Skip,
            _ => {}
        }
        Next::Enter(Frame::Other)
    }

    fn link(&mut self, e: &Element) -> Next {
        match e.attr("href").filter(|target| !target.starts_with('#')) {
            Some(target) => {
                self.flow.open_link(&target);
                Next::Enter(Frame::Link)
            }
            None => Next::Enter(Frame::Other),
        }
    }

    /// Keeps a note for later.
    fn note(&mut self, xml: &mut Xml<'a>) -> Next {
        let (mut mark, mut depth) = (String::new(), 0usize);
        loop {
            match xml.next() {
                Event::Start(e) if e.name == "note-citation" => {
                    mark = e.attr("label").unwrap_or_default();
                    let text = xml.text();
                    if mark.is_empty() {
                        text.trim().clone_into(&mut mark);
                    }
                }
                Event::Start(e) if e.name == "note-body" => {
                    let prefixes = xml.prefixes();
                    let piece = (xml.skip(), prefixes);
                    let place = self.flow.noted();
                    self.notes.push((std::mem::take(&mut mark), piece, place));
                }
                Event::Start(_) => depth += 1,
                Event::End if depth == 0 => return Next::Read,
                Event::End => depth -= 1,
                Event::Done => return Next::Read,
                Event::Text(_) => {}
            }
        }
    }

    fn style(&mut self, family: &'static str, name: &str) -> &Style {
        let resolve = || self.own.resolved(&self.common, family, name);
        self.known.entry((family, name.to_owned())).or_insert_with(resolve)
    }

    fn paragraph(&mut self, e: &Element, local: &mut Local) {
        let name = e.attr("style-name").unwrap_or_default();
        let style = self.style("paragraph", &name).clone();
        let level = e.number("outline-level").unwrap_or(1).clamp(1, 10);
        let heading = if e.name == "h" { u8::try_from(level).ok() } else { style.heading };
        let contextual = style.contextual.unwrap_or(false);
        let space = |space: Option<u32>| if contextual { 0 } else { space.unwrap_or(0) };
        let mut shape = Shape {
            kind: heading.map_or(Kind::Body, Kind::Heading),
            label: None,
            before: space(style.before),
            after: space(style.after),
            new_page: style.new_page.unwrap_or(false),
        };
        if let Some((depth, label)) = self.lists.paragraph(&self.own, &self.common) {
            shape.label = label;
            if heading.is_none() {
                shape.kind = Kind::Item(depth);
            }
        } else if e.name == "h" && e.attr("is-list-header").is_none_or(|v| v != "true") {
            shape.label = self.lists.heading(&self.own, &self.common, level, e.number("start-value"));
        }
        if let Some(mark) = self.mark.take() {
            shape.label = Some(mark).filter(|m| !m.is_empty());
        }
        self.flow.paragraph(shape);
        local.paragraphs += 1;
        local.space = true;
        let look = Look { bold: style.bold.unwrap_or(false), italic: style.italic.unwrap_or(false) };
        local.worn = Worn { look, hidden: style.hidden.unwrap_or(false) };
    }

    /// Whether text shows here.
    fn shows(&mut self, local: &Local) -> bool {
        self.remarks.hidden |= local.worn.hidden;
        !local.worn.hidden && local.paragraphs > 0
    }

    /// White space in a row is one space, none at the start of a line.
    fn text(&mut self, text: &str, local: &mut Local) {
        if !self.shows(local) {
            return;
        }
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let mut rest = text;
        let mut out = String::with_capacity(text.len());
        while let Some(c) = rest.chars().next() {
            if is_space(c) {
                if !local.space {
                    out.push(' ');
                }
                local.space = true;
                rest = rest.trim_start_matches(is_space);
                continue;
            }
            let end = rest.find(is_space).unwrap_or(rest.len());
            out.push_str(rest.get(..end).unwrap_or_default());
            rest = rest.get(end..).unwrap_or_default();
            local.space = false;
        }
        self.flow.text(&out, local.worn.look);
    }

    fn table_element(&mut self, e: &Element<'a>, xml: &mut Xml<'a>, source: &'a str, depth: usize) -> Next {
        let count = |name: &str| u32::try_from(e.number(name).unwrap_or(1).clamp(1, 100_000)).unwrap_or(1);
        match e.name {
            "table" => {
                self.flow.open_table();
                Next::Enter(Frame::Table)
            }
            "table-row" if count("number-rows-repeated") > 1 && depth < MOST_NESTED => {
                let piece = (xml.prefixes(), xml.skip());
                for _ in 0..self.repeats(count("number-rows-repeated")) {
                    self.flow.open_row(0);
                    self.walk(source, (piece.1.clone(), piece.0.clone()), depth + 1);
                    self.flow.close_row();
                }
                Next::Read
            }
            "table-row" => {
                self.flow.open_row(0);
                Next::Enter(Frame::Row)
            }
            "table-cell" => {
                let reach = Reach {
                    columns: count("number-columns-spanned"),
                    rows: count("number-rows-spanned"),
                    grows: false,
                };
                let repeated = count("number-columns-repeated");
                if repeated > 1 && depth < MOST_NESTED {
                    let piece = (xml.prefixes(), xml.skip());
                    for _ in 0..self.repeats(repeated) {
                        self.flow.open_cell(reach);
                        self.walk(source, (piece.1.clone(), piece.0.clone()), depth + 1);
                        self.flow.close_cell();
                    }
                    return Next::Read;
                }
                self.flow.open_cell(reach);
                Next::Enter(Frame::Cell)
            }
            "covered-table-cell" => {
                self.flow.skip_cells(count("number-columns-repeated"));
                Next::Skip
            }
            _ => Next::Enter(Frame::Other),
        }
    }

    /// How often something that repeats is read.
    fn repeats(&mut self, wanted: u32) -> u32 {
        let repeats = wanted.min(MOST_REPEATED).min(self.repeats.max(1));
        self.repeats = self.repeats.saturating_sub(repeats);
        repeats
    }

    fn end(&mut self, frame: Frame, local: &mut Local) {
        match frame {
            Frame::Paragraph => {
                local.paragraphs = local.paragraphs.saturating_sub(1);
                self.flow.end_paragraph();
            }
            Frame::Span(before) => local.worn = before,
            Frame::Link => self.flow.close_link(),
            Frame::List => self.lists.end(),
            Frame::Item => self.lists.end_item(),
            Frame::Table => self.flow.close_table(),
            Frame::Row => self.flow.close_row(),
            Frame::Cell => self.flow.close_cell(),
            Frame::Other => {}
        }
    }
}
