//! A walk through an RTF document.
//!
//! In: tokens. Out: paragraphs, lists and tables in a [`Flow`]. Never: keeps more than [`DEEPEST`] groups open.

mod apart;
mod characters;

use std::collections::HashSet;

use encoding_rs::MACINTOSH;
use rustc_hash::FxHashMap;

use super::destinations::{Apart, Plan, plan};
use super::fonts::{Fonts, of_codepage};
use super::lexer::{Lexer, Token};
use super::state::{Destination, State};
use super::tables::{DEEPEST as DEEPEST_TABLE, Tables};
use crate::ingest::builder::Open;
use crate::ingest::fields::Fields;
use crate::ingest::flow::{Flow, Kind, Shape};
use crate::ingest::remarks::Remarks;
use crate::ingest::{Budget, RegionKind};

/// Groups kept open; what is nested deeper is left out.
const DEEPEST: usize = 1_000;
/// Notes, headers and footers, styles.
const MOST_APART: usize = 10_000;

/// A group that is kept for later.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: usize,
    to: usize,
    state: State,
}

/// An open group.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// What was in force before it.
    before: State,
    is_field: bool,
}

/// Where the walk stands.
pub(super) struct Reader<'a, 'b> {
    source: &'a [u8],
    budget: &'b mut Budget,
    flow: Flow,
    remarks: Remarks,
    fonts: Fonts,
    default_font: i32,
    /// Heading levels of styles, and the style that is being read.
    headings: FxHashMap<i32, u8>,
    style: (i32, Option<u8>, String),
    font: i32,
    title: String,
    tables: Tables,
    /// Tables open outside of the piece that is read.
    base: usize,
    fields: Fields,
    /// Bytes that are not decoded yet, and the first half of a pair.
    bytes: Vec<u8>,
    high: Option<u16>,
    /// Characters still to be passed over behind `\u`.
    skip: usize,
    /// The number of the paragraph, and whether it is a list item.
    label: String,
    is_item: bool,
    in_paragraph: bool,
    mark: Option<String>,
    boxes: Vec<Piece>,
    notes: Vec<Piece>,
    /// Where their marks stand.
    marks: Vec<Option<Open>>,
    headers: Vec<Piece>,
    footers: Vec<Piece>,
    seen: HashSet<String>,
    first_differs: bool,
    sides_differ: bool,
    started: bool,
}

impl<'a, 'b> Reader<'a, 'b> {
    /// A walk that has not begun.
    pub fn new(source: &'a [u8], budget: &'b mut Budget) -> Self {
        Self {
            source,
            flow: Flow::new(budget),
            budget,
            remarks: Remarks::default(),
            fonts: Fonts::default(),
            default_font: -1,
            headings: FxHashMap::default(),
            style: (0, None, String::new()),
            font: 0,
            title: String::new(),
            tables: Tables::default(),
            base: 0,
            fields: Fields::default(),
            bytes: Vec::new(),
            high: None,
            skip: 0,
            label: String::new(),
            is_item: false,
            in_paragraph: false,
            mark: None,
            boxes: Vec::new(),
            notes: Vec::new(),
            marks: Vec::new(),
            headers: Vec::new(),
            footers: Vec::new(),
            seen: HashSet::new(),
            first_differs: false,
            sides_differ: false,
            started: false,
        }
    }

    /// Walks through a range of the document.
    pub fn run(&mut self, mut lexer: Lexer<'a>, mut state: State, nested: usize) {
        let mut groups: Vec<Group> = Vec::new();
        // whether the group has just begun, and with `\*`
        let (mut fresh, mut starred) = (false, false);
        while !self.is_over() {
            let Some(token) = lexer.next() else { break };
            if !matches!(token, Token::Byte(_) | Token::Text(_) | Token::Nothing) {
                self.flush(&state);
            }
            match token {
                Token::Open if groups.len() >= DEEPEST => {
                    self.remarks.deep = true;
                    lexer.skip_group();
                }
                Token::Open => {
                    groups.push(Group { before: state, is_field: false });
                    (fresh, starred, self.skip) = (true, false, 0);
                    continue;
                }
                Token::Close => self.close(&mut groups, &mut state, nested),
                Token::Symbol(b'*') if fresh => {
                    starred = true;
                    continue;
                }
                Token::Word(word, number) => match plan(word, fresh && starred) {
                    Some(plan) if !groups.is_empty() || nested > 0 => {
                        self.group(plan, &mut lexer, &mut groups, &mut state);
                    }
                    _ => self.word(word, number, &mut state, nested),
                },
                Token::Symbol(b) => self.symbol(b, &state),
                Token::Byte(b) => self.raw(&[b], &state),
                Token::Text(text) => self.raw(text, &state),
                Token::Nothing => continue,
            }
            (fresh, starred) = (false, false);
        }
        self.flush(&state);
        self.remarks.broken |= lexer.cut || (nested == 0 && !groups.is_empty());
        for _ in groups.iter().filter(|g| g.is_field) {
            self.fields.end();
        }
    }

    fn is_over(&mut self) -> bool {
        self.remarks.late |= self.budget.is_over();
        self.remarks.late || self.flow.is_full()
    }

    /// Does with a group as its plan says.
    fn group(&mut self, plan: Plan, lexer: &mut Lexer<'a>, groups: &mut Vec<Group>, state: &mut State) {
        let hides = matches!(state.destination, Destination::Fonts | Destination::Styles | Destination::Info);
        match plan {
            Plan::Read(Destination::Body) if state.destination != Destination::Shape => {}
            Plan::Read(destination) if !hides => state.destination = destination,
            Plan::Field if !hides => {
                self.fields.begin();
                if let Some(group) = groups.last_mut() {
                    group.is_field = true;
                }
            }
            Plan::Result if !hides => {
                state.destination = Destination::Body;
                if let Some(target) = self.fields.result() {
                    self.flow.open_link(&target);
                }
            }
            Plan::Keep(what) if !hides => {
                let (from, to) = lexer.skip_group();
                self.keep(what, Piece { from, to, state: *state });
                if let Some(group) = groups.pop() {
                    *state = group.before;
                }
            }
            _ => {
                lexer.skip_group();
                if let Some(group) = groups.pop() {
                    *state = group.before;
                }
            }
        }
    }

    /// Keeps a group for later. A header before the text is read at once.
    fn keep(&mut self, what: Apart, piece: Piece) {
        let hidden = piece.state.hidden || piece.state.deleted;
        let list = match what {
            Apart::FirstHeader | Apart::FirstFooter if !self.first_differs => return,
            Apart::LeftHeader | Apart::LeftFooter if !self.sides_differ => return,
            Apart::FirstHeader if !self.started => {
                self.apart(piece, RegionKind::Block);
                return;
            }
            Apart::Header | Apart::LeftHeader if !self.started => {
                self.apart(piece, RegionKind::Furniture);
                return;
            }
            Apart::Header | Apart::FirstHeader | Apart::LeftHeader => &mut self.headers,
            Apart::Footer | Apart::FirstFooter | Apart::LeftFooter => &mut self.footers,
            Apart::Note | Apart::Box if hidden => return,
            Apart::Note => {
                if self.notes.len() < MOST_APART {
                    self.marks.push(self.flow.noted());
                }
                &mut self.notes
            }
            Apart::Box => &mut self.boxes,
        };
        if list.len() < MOST_APART {
            list.push(piece);
        }
    }

    /// A group ends.
    fn close(&mut self, groups: &mut Vec<Group>, state: &mut State, nested: usize) {
        self.skip = 0;
        let Some(group) = groups.pop() else {
            self.remarks.broken |= nested == 0;
            return;
        };
        if group.is_field && self.fields.end() {
            self.flow.close_link();
        }
        let ended = std::mem::replace(state, group.before).destination;
        if ended == Destination::Label && state.destination != Destination::Label {
            self.is_item = true;
        }
        if ended == Destination::Styles && state.destination == Destination::Styles {
            self.end_style();
        }
    }

    /// A style's definition ends.
    fn end_style(&mut self) {
        let (number, outline, name) = std::mem::take(&mut self.style);
        let name = name.trim().trim_end_matches(';').trim().to_lowercase();
        let by_name = match name.as_str() {
            "title" => Some(1),
            "subtitle" => Some(2),
            name => name.strip_prefix("heading ").and_then(|n| n.parse().ok()).filter(|n| (1..=9).contains(n)),
        };
        if let Some(level) = outline.map(|l| l + 1).or(by_name).filter(|_| self.headings.len() < MOST_APART) {
            self.headings.insert(number, level);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, state: &mut State, nested: usize) {
        if word != "u" {
            self.skip = 0;
        }
        match state.destination {
            Destination::Fonts => return self.font_word(word, number),
            Destination::Styles => match word {
                "s" => return self.style.0 = number.unwrap_or(0),
                "outlinelevel" => {
                    return self.style.1 = number.and_then(|n| u8::try_from(n).ok()).filter(|n| *n < 9);
                }
                _ => {}
            },
            Destination::Info if word == "title" => return state.destination = Destination::Title,
            _ => {}
        }
        if state.property(word, number, self.default_font) {
            self.remarks.tracked |= state.deleted;
            return;
        }
        match word {
            "u" => self.unicode(number.unwrap_or(0), state),
            "ansicpg" => self.fonts.ansi = number.and_then(of_codepage).unwrap_or(self.fonts.ansi),
            "mac" => self.fonts.ansi = MACINTOSH,
            "deff" => {
                self.default_font = number.unwrap_or(0);
                state.font = self.default_font;
            }
            "titlepg" => self.first_differs = true,
            "facingp" => self.sides_differ = true,
            "revised" => self.remarks.tracked |= number != Some(0),
            _ if state.destination == Destination::Body => self.structure(word, number, state, nested),
            _ => self.character(word, state),
        }
    }

    fn font_word(&mut self, word: &str, number: Option<i32>) {
        let number = number.unwrap_or(0);
        match word {
            "f" => self.font = number,
            "fcharset" => self.fonts.charset(self.font, number),
            "cpg" => self.fonts.codepage(self.font, number),
            _ => {}
        }
    }

    /// Words that end or begin something, and those of tables.
    fn structure(&mut self, word: &str, number: Option<i32>, state: &State, nested: usize) {
        let depth = self.depth(state);
        let table = if depth > self.base { depth } else { self.base };
        match word {
            "par" => self.end_paragraph(state, nested),
            "sect" => {
                self.end_paragraph(state, nested);
                self.first_differs = false;
            }
            "page" => self.flow.page_break(),
            "line" | "column" | "lbr" if self.shows(state) => {
                self.begin_paragraph(state);
                self.flow.line_break();
            }
            "tab" if self.shows(state) => {
                self.begin_paragraph(state);
                self.flow.tab();
            }
            "cell" | "nestcell" => self.end_cell(state, if word == "cell" { self.base + 1 } else { depth }, nested),
            "row" => self.tables.end_row(self.base + 1, &mut self.flow),
            "nestrow" => self.tables.end_row(depth.max(self.base + 2), &mut self.flow),
            "trowd" => self.tables.define(self.defined(table)),
            "trleft" => self.tables.left(self.defined(table), number.unwrap_or(0)),
            "cellx" => self.tables.edge(self.defined(table), number.unwrap_or(0)),
            "clvmgf" => self.tables.merge(self.defined(table), |m| m.down = true),
            "clvmrg" => self.tables.merge(self.defined(table), |m| m.above = true),
            "clmrg" => self.tables.merge(self.defined(table), |m| m.before = true),
            "lastpage" | "softpage" => self.flow.page_seen(),
            _ => self.character(word, state),
        }
    }

    /// The table that a row definition is for: the one that is open at this depth, or the next.
    fn defined(&self, table: usize) -> usize {
        let open = self.tables.depth();
        if open > self.base { table.clamp(self.base + 1, open.max(self.base + 1)) } else { usize::MAX }
    }

    fn shows(&mut self, state: &State) -> bool {
        self.remarks.hidden |= state.hidden;
        !state.hidden && !state.deleted && !self.fields.hides()
    }

    /// How many tables the paragraph stands in.
    fn depth(&self, state: &State) -> usize {
        let depth = state.para.depth.max(usize::from(state.para.in_table));
        (self.base + depth).min(self.base.max(DEEPEST_TABLE))
    }

    fn begin_paragraph(&mut self, state: &State) {
        if self.in_paragraph && self.tables.depth() == self.depth(state) {
            return;
        }
        let depth = self.depth(state);
        self.tables.go_to(depth, &mut self.flow);
        (self.in_paragraph, self.started) = (true, true);
        let para = &state.para;
        let of_style = || para.style.and_then(|style| self.headings.get(&style)).copied();
        let heading = para.outline.map(|l| l + 1).or_else(of_style);
        let label = std::mem::take(&mut self.label);
        let label = Some(label.trim()).filter(|l| self.is_item && l.chars().any(char::is_alphanumeric));
        let shape = Shape {
            kind: match heading {
                Some(level) => Kind::Heading(level),
                None if self.is_item => Kind::Item(para.level.saturating_add(1)),
                None => Kind::Body,
            },
            label: self.mark.take().or_else(|| label.map(str::to_owned)),
            before: if para.contextual { 0 } else { para.before },
            after: if para.contextual { 0 } else { para.after },
            new_page: para.new_page,
        };
        self.is_item = false;
        self.flow.paragraph(shape);
    }

    fn end_paragraph(&mut self, state: &State, nested: usize) {
        if !state.deleted {
            self.begin_paragraph(state);
            self.flow.end_paragraph();
            self.in_paragraph = false;
        }
        self.read_boxes(nested);
    }

    fn end_cell(&mut self, state: &State, depth: usize, nested: usize) {
        if self.is_item && !self.in_paragraph {
            self.begin_paragraph(state);
        }
        self.flow.end_paragraph();
        self.in_paragraph = false;
        self.read_boxes(nested);
        self.tables.end_cell(depth, &mut self.flow);
        (self.is_item, self.in_paragraph) = (false, false);
        self.label.clear();
    }
}
