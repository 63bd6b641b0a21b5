//! A walk through the text of a Word document, or of one of its headers and notes.
//!
//! In: a part's XML with the styles, lists and relationships that it speaks of. Out: its paragraphs and tables in a
//! [`Flow`]. Never: reads deleted or hidden text, comments, or what an alternative repeats.

use std::ops::Range;

use super::super::Remarks;
use super::super::xml::{Element, Event, Ns, Prefixes, Xml};
use super::numbering::Numbering;
use super::parts::Relations;
use super::props::{self, Merge, ParaProps, RowProps, RunProps};
use super::styles::Styles;
use crate::ingest::Budget;
use crate::ingest::builder::Open;
use crate::ingest::fields::{Fields, hyperlink};
use crate::ingest::flow::{Flow, Kind, Look, Reach, Shape};
use crate::ingest::symbols::symbol;

/// Text boxes within text boxes.
const MOST_BOXES: usize = 4;

/// What all parts of the document share.
pub(super) struct Walker<'b> {
    pub flow: Flow,
    pub styles: Styles,
    pub numbering: Numbering,
    pub remarks: Remarks,
    pub budget: &'b mut Budget,
    /// Footnotes and endnotes in the order of their marks: whether an endnote, the id, and the mark.
    pub notes: Vec<(bool, String, Option<Open>)>,
    /// What stands before the next paragraph: the mark of a note.
    pub mark: Option<String>,
}

/// An open element that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    Other,
    Paragraph,
    Text,
    Instruction,
    Link,
    Table,
    Row,
    Cell,
    /// An alternative, and whether one of its choices was taken.
    Alternative(bool),
}

/// What to do with an element.
enum Next {
    Enter(Frame),
    Skip,
    /// It was read to its end.
    Read,
}

/// Where the walk through one part stands.
#[derive(Default)]
struct Local<'a> {
    stack: Vec<Frame>,
    fields: Fields,
    /// Text boxes anchored in the paragraph.
    boxes: Vec<(Range<usize>, Prefixes<'a>)>,
    para: ParaProps,
    run: RunProps,
    /// The paragraph's shape is told to the flow.
    shaped: bool,
    /// The next paragraph goes on with this one.
    joins: bool,
    row_waits: Option<RowProps>,
    cell_waits: bool,
    /// The control that is open shows but its placeholder.
    placeholder: bool,
}

impl Walker<'_> {
    /// Walks through a part, or a piece of it.
    pub fn walk<'a>(&mut self, source: &'a str, xml: &mut Xml<'a>, relations: &Relations, depth: usize) {
        let mut local = Local { shaped: true, ..Local::default() };
        while !self.is_over() {
            match xml.next() {
                Event::Start(e) => match self.start(&e, xml, &mut local, relations) {
                    Next::Enter(frame) => local.stack.push(frame),
                    Next::Skip => drop(xml.skip()),
                    Next::Read => {}
                },
                Event::Text(text) => match local.stack.last() {
                    Some(Frame::Text) => self.text(&text, &mut local),
                    Some(Frame::Instruction) => local.fields.instruction(&text),
                    _ => {}
                },
                Event::End => {
                    let frame = local.stack.pop().unwrap_or(Frame::Other);
                    self.end(frame, &mut local);
                    if frame == Frame::Paragraph {
                        self.boxes(source, &mut local, relations, depth);
                    }
                }
                Event::Done => break,
            }
        }
        self.boxes(source, &mut local, relations, depth);
        self.flow.close_link();
        xml.tell(&mut self.remarks);
    }

    fn is_over(&mut self) -> bool {
        self.remarks.late |= self.budget.is_over();
        self.remarks.late || self.flow.is_full()
    }

    /// Walks through the text boxes that the paragraph anchors.
    fn boxes<'a>(&mut self, source: &'a str, local: &mut Local<'a>, relations: &Relations, depth: usize) {
        for (range, prefixes) in std::mem::take(&mut local.boxes) {
            if depth >= MOST_BOXES {
                self.remarks.deep = true;
                return;
            }
            let mut xml = Xml::within(source, range, prefixes);
            self.flow.part();
            self.walk(source, &mut xml, relations, depth + 1);
            self.flow.part();
        }
    }

    fn start<'a>(&mut self, e: &Element<'a>, xml: &mut Xml<'a>, local: &mut Local<'a>, relations: &Relations) -> Next {
        match (e.ns, e.name) {
            (Ns::Word, "p") => self.paragraph(local),
            (Ns::Word, "t") | (Ns::Math, "t") => return Next::Enter(Frame::Text),
            (Ns::Word, "instrText") => return Next::Enter(Frame::Instruction),
            (Ns::Word, "tbl" | "tr" | "tc") => return self.table(e.name, local),
            (Ns::Word, name) if name.ends_with("Pr") => return self.props(name, xml, local),
            (Ns::Word, "hyperlink") => {
                let target = e.attr("id").and_then(|id| relations.get(&id)).filter(|t| t.external);
                return Next::Enter(self.link(target.map(|t| t.target.clone())));
            }
            (Ns::Word, "fldSimple") => {
                let target = e.attr("instr").and_then(|instruction| hyperlink(&instruction));
                return Next::Enter(self.link(target));
            }
            (Ns::Word, "txbxContent") => {
                let prefixes = xml.prefixes();
                local.boxes.push((xml.skip(), prefixes));
                return Next::Read;
            }
            (Ns::Word, name) => return self.word(name, e, local),
            (Ns::Compat, name) => return alternative(name, local),
            (_, "OLEObject") => self.remarks.embedded = true,
            _ => {}
        }
        Next::Enter(if (e.ns, e.name) == (Ns::Word, "p") { Frame::Paragraph } else { Frame::Other })
    }

    /// A property element, read to its end.
    fn props<'a>(&mut self, name: &str, xml: &mut Xml<'a>, local: &mut Local<'a>) -> Next {
        match name {
            "pPr" => self.para_props(props::paragraph(xml), local),
            "rPr" => {
                local.run = props::run(xml);
                self.remarks.tracked |= local.run.joins;
            }
            "trPr" => {
                let row = props::row(xml);
                if row.deleted || row.hidden {
                    self.remarks.tracked |= row.deleted;
                    self.remarks.hidden |= row.hidden;
                    local.row_waits = None;
                    xml.skip();
                    local.stack.pop();
                } else {
                    local.row_waits = local.row_waits.map(|_| row);
                }
            }
            "tcPr" => {
                let cell = props::cell(xml);
                local.cell_waits = false;
                self.remarks.tracked |= cell.deleted;
                if cell.merge == Merge::Goes && self.flow.covered_cell(cell.columns) {
                    xml.skip();
                    local.stack.pop();
                } else {
                    let grows = cell.merge != Merge::None;
                    self.flow.open_cell(Reach { columns: cell.columns, rows: 1, grows });
                }
            }
            "sdtPr" => local.placeholder = props::control(xml),
            _ => return Next::Skip,
        }
        Next::Read
    }

    /// The other elements of a Word document.
    fn word(&mut self, name: &str, e: &Element, local: &mut Local) -> Next {
        match name {
            "r" => local.run = RunProps::default(),
            "tab" | "ptab" if self.shows(local) => self.flow.tab(),
            "br" if e.attr("type").is_some_and(|t| t == "page") => self.flow.page_break(),
            "br" | "cr" if self.shows(local) => self.flow.line_break(),
            "lastRenderedPageBreak" => self.flow.page_seen(),
            "noBreakHyphen" => self.text("-", local),
            "sym" => {
                let code = e.attr("char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok());
                if let Some(c) = code.and_then(|code| symbol(code, &e.attr("font").unwrap_or_default())) {
                    self.text(c.encode_utf8(&mut [0; 4]), local);
                }
            }
            "fldChar" => self.field(&e.attr("fldCharType").unwrap_or_default(), local),
            "footnoteReference" | "endnoteReference" => {
                let (is_end, id) = (name == "endnoteReference", e.attr("id").unwrap_or_default());
                if self.shows(local) {
                    let mark = self.flow.noted();
                    self.notes.push((is_end, id, mark));
                }
            }
            "del" | "moveFrom" => {
                self.remarks.tracked = true;
                return Next::Skip;
            }
            "ins" | "moveTo" => self.remarks.tracked = true,
            "sdtContent" if std::mem::take(&mut local.placeholder) => return Next::Skip,
            "altChunk" | "subDoc" => self.remarks.embedded = true,
            "delText" | "delInstrText" | "rt" | "tblGrid" | "ffData" => return Next::Skip,
            _ => {}
        }
        Next::Enter(Frame::Other)
    }

    fn field(&mut self, kind: &str, local: &mut Local) {
        match kind {
            "begin" => local.fields.begin(),
            "separate" => {
                if let Some(target) = local.fields.result() {
                    self.flow.open_link(&target);
                }
            }
            "end" if local.fields.end() => self.flow.close_link(),
            _ => {}
        }
    }

    fn link(&mut self, target: Option<String>) -> Frame {
        match target {
            Some(target) => {
                self.flow.open_link(&target);
                Frame::Link
            }
            None => Frame::Other,
        }
    }

    fn table(&mut self, name: &str, local: &mut Local) -> Next {
        self.settle_cell(local);
        match name {
            "tbl" => {
                self.flow.open_table();
                Next::Enter(Frame::Table)
            }
            "tr" => {
                local.row_waits = Some(RowProps::default());
                Next::Enter(Frame::Row)
            }
            _ => {
                if let Some(row) = local.row_waits.take() {
                    self.flow.open_row(row.skip);
                }
                local.cell_waits = true;
                Next::Enter(Frame::Cell)
            }
        }
    }

    /// Opens a cell that says nothing of itself.
    fn settle_cell(&mut self, local: &mut Local) {
        if std::mem::take(&mut local.cell_waits) {
            self.flow.open_cell(Reach { columns: 1, rows: 1, grows: false });
        }
    }

    fn paragraph(&mut self, local: &mut Local) {
        self.settle_cell(local);
        if std::mem::take(&mut local.joins) && self.flow.has_begun() {
            local.para.joins = false;
            return;
        }
        self.flow.drop_paragraph();
        local.para = ParaProps::default();
        local.shaped = false;
    }

    fn para_props(&mut self, props: ParaProps, local: &mut Local) {
        self.remarks.tracked |= props.tracked;
        if local.shaped {
            local.para.joins = props.joins;
        } else {
            local.para = props;
        }
    }

    /// Tells the flow how the paragraph begins, before anything is written.
    fn settle(&mut self, local: &mut Local) {
        if !std::mem::replace(&mut local.shaped, true) {
            let shape = self.shape(&local.para);
            self.flow.paragraph(shape);
        }
    }

    /// How a paragraph with these properties begins; counts its list on.
    fn shape(&mut self, para: &ParaProps) -> Shape {
        let style = self.styles.paragraph(para.style.as_deref());
        let base = style.para();
        let heading = para.outline.filter(|l| *l < 9).map(|l| l + 1).or_else(|| style.heading());
        let contextual = para.contextual.or(base.contextual).unwrap_or(false);
        let space =
            |own: Option<u32>, of_style: Option<u32>| if contextual { 0 } else { own.or(of_style).unwrap_or(0) };
        let mut shape = Shape {
            kind: heading.map_or(Kind::Body, Kind::Heading),
            label: None,
            before: space(para.before, base.before),
            after: space(para.after, base.after),
            new_page: para.page_before.or(base.page_before).unwrap_or(false),
        };
        let list = para.list.clone().or_else(|| base.list.clone()).filter(|id| id != "0");
        if let Some(list) = list {
            let of_style = || self.numbering.level_of_style(&list, para.style.as_deref()?);
            let level = para.level.or_else(of_style).or(base.level).unwrap_or(0);
            if let Some(label) = self.numbering.next(&list, level.into(), &self.styles) {
                shape.label = label;
                if heading.is_none() {
                    shape.kind = Kind::Item(level.saturating_add(1));
                }
            }
        }
        if let Some(mark) = self.mark.take() {
            shape.label = Some(mark);
        }
        shape
    }

    /// Whether the run shows.
    fn shows(&mut self, local: &mut Local) -> bool {
        self.settle(local);
        let of_style = local.run.style.as_ref().and_then(|id| self.styles.get(id)).and_then(|s| s.run().hidden);
        let of_para = || self.styles.paragraph(local.para.style.as_deref()).run().hidden;
        let hidden = local.run.hidden.or(of_style).or_else(of_para).unwrap_or(false);
        self.remarks.hidden |= hidden;
        !hidden && !local.fields.hides()
    }

    fn text(&mut self, text: &str, local: &mut Local) {
        if !self.shows(local) {
            return;
        }
        let character = local.run.style.as_ref().and_then(|id| self.styles.get(id)).map(|s| s.run());
        let para = self.styles.paragraph(local.para.style.as_deref()).run();
        let worn = |of: fn(&RunProps) -> Option<bool>| {
            of(&local.run).or_else(|| character.and_then(of)).or_else(|| of(para)).unwrap_or(false)
        };
        let look = Look { bold: worn(|r| r.bold), italic: worn(|r| r.italic) };
        self.flow.text(text, look);
    }

    fn end(&mut self, frame: Frame, local: &mut Local) {
        match frame {
            Frame::Paragraph => {
                local.joins = local.para.joins;
                if !local.joins {
                    self.settle(local);
                    self.flow.end_paragraph();
                }
            }
            Frame::Link => self.flow.close_link(),
            Frame::Cell => {
                self.settle_cell(local);
                self.flow.close_cell();
                local.joins = false;
            }
            Frame::Row => {
                local.row_waits = None;
                self.flow.close_row();
            }
            Frame::Table => self.flow.close_table(),
            Frame::Other | Frame::Text | Frame::Instruction | Frame::Alternative(_) => {}
        }
    }
}

/// Of the alternatives for one thing the first choice is read.
fn alternative(name: &str, local: &mut Local) -> Next {
    match (name, local.stack.last_mut()) {
        ("AlternateContent", _) => Next::Enter(Frame::Alternative(false)),
        ("Choice", Some(Frame::Alternative(taken))) if !*taken => {
            *taken = true;
            Next::Enter(Frame::Other)
        }
        ("Fallback", Some(Frame::Alternative(false))) => Next::Enter(Frame::Other),
        ("Choice" | "Fallback", _) => Next::Skip,
        _ => Next::Enter(Frame::Other),
    }
}
