//! A page's content stream → its glyphs, rules, fills and images.
//!
//! In: a page. Out: [`Drawn`]: glyphs in drawing order with their place, the straight rules and filled boxes, the places
//! of images. Never: paints, makes outlines, decodes an image; it stops when the budget is spent.

mod annotations;
mod show;

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::fonts::{FontInfo, Fonts};
use super::geometry::{Area, IDENTITY, Matrix, Turn, mul};
use super::guard::Unpacker;
use super::layers::Layers;
use super::marked::Marked;
use super::paths::{Path, Rules};
use crate::ingest::Budget;

/// Forms within forms.
const DEPTH: usize = 12;
/// States saved at once.
const STATES: usize = 256;
/// Glyphs of one page.
pub(super) const GLYPHS: usize = 1 << 20;

/// A glyph on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Its text, in [`Drawn::text`].
    pub text: (u32, u32),
    /// Left end of its base line, in the frame of its turn.
    pub x: f32,
    /// Its base line.
    pub y: f32,
    /// Advance.
    pub width: f32,
    /// Font size.
    pub size: f32,
    /// What is set between glyphs on top of the advance.
    pub spacing: f32,
    /// How it is turned.
    pub turn: Turn,
    /// Its look and standing.
    pub flags: u8,
}

/// The glyph is bold.
pub(super) const BOLD: u8 = 1;
/// The glyph is slanted.
pub(super) const ITALIC: u8 = 2;
/// The glyph is drawn without ink.
pub(super) const INVISIBLE: u8 = 4;
/// The format says that the glyph belongs to a header, footer or watermark.
pub(super) const ARTIFACT: u8 = 8;
/// No table tells what the glyph says.
pub(super) const UNKNOWN: u8 = 16;
/// The glyph is drawn in white.
pub(super) const WHITE: u8 = 32;
/// The glyph lies outside of the page or of what is shown of it.
pub(super) const OUTSIDE: u8 = 64;

/// The word was read off an image without confidence; no glyph is so.
pub(super) const DOUBT: u8 = 128;

/// An image on the page.
pub(super) struct Picture<'a> {
    /// What is seen of it.
    pub area: Area,
    /// How many glyphs were drawn before it.
    pub after: usize,
    /// The image, where it is not part of the content stream.
    pub stream: Option<Stream<'a>>,
    /// From the unit square to the page.
    pub ctm: Matrix,
}

/// What a page shows.
#[derive(Default)]
pub(super) struct Drawn<'a> {
    /// The text of all glyphs.
    pub text: String,
    /// The glyphs in drawing order.
    pub glyphs: Vec<Glyph>,
    /// Straight rules and filled boxes.
    pub rules: Rules,
    /// Images.
    pub images: Vec<Picture<'a>>,
    /// Width and height.
    pub size: (f32, f32),
    /// Whether something was left out because it was too much.
    pub cut: bool,
}

/// What lasts for the whole document.
pub(super) struct Reader<'a> {
    pub fonts: Fonts<'a>,
    pub layers: Layers,
    pub unpacker: Unpacker,
}

#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    font: Option<Rc<FontInfo<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i64,
    width: f32,
    clip: Area,
    white: bool,
    /// Whether the colours of `sc` are known as grey, RGB or CMYK.
    plain_colours: bool,
}

/// The content streams of one page, in interpretation.
struct Interpreter<'a, 'r> {
    reader: &'r mut Reader<'a>,
    budget: &'r mut Budget,
    drawn: Drawn<'a>,
    state: State<'a>,
    saved: Vec<State<'a>>,
    /// States that were saved beyond the limit.
    lost: usize,
    text_matrix: Matrix,
    line_matrix: Matrix,
    path: Path,
    marked: Marked,
    depth: usize,
    over: bool,
}

impl<'a> Reader<'a> {
    /// Reads what `page` shows.
    pub fn page(&mut self, page: &Page<'a>, budget: &mut Budget) -> Drawn<'a> {
        let (width, height) = page.render_dimensions();
        let ctm = page.initial_transform(true).as_coeffs();
        let whole = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        let drawn = Drawn { size: (width, height), ..Drawn::default() };
        let mut interpreter = Interpreter {
            reader: self,
            budget,
            drawn,
            state: State::new(ctm, whole),
            saved: Vec::new(),
            lost: 0,
            text_matrix: IDENTITY,
            line_matrix: IDENTITY,
            path: Path::default(),
            marked: Marked::default(),
            depth: 0,
            over: false,
        };
        interpreter.page(page);
        interpreter.drawn
    }
}

impl State<'_> {
    fn new(ctm: Matrix, clip: Area) -> Self {
        State {
            ctm,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            width: 1.0,
            clip,
            white: false,
            plain_colours: true,
        }
    }
}

impl<'a> Interpreter<'a, '_> {
    fn page(&mut self, page: &Page<'a>) {
        let resources = page.resources().clone();
        let mut content = Vec::new();
        let raw = page.raw();
        if let Some(stream) = raw.get::<Stream<'a>>("Contents") {
            content.extend_from_slice(&self.reader.unpacker.unpack(&stream).unwrap_or_default());
        } else if let Some(list) = raw.get::<Array<'a>>("Contents") {
            for stream in list.iter::<Stream<'a>>() {
                content.extend_from_slice(&self.reader.unpacker.unpack(&stream).unwrap_or_default());
                content.push(b' ');
            }
        }
        self.run(&content, &resources);
        self.annotations(raw, &resources);
        self.drawn.cut |= self.over;
    }

    /// Runs a content stream.
    fn run(&mut self, content: &[u8], resources: &Resources<'a>) {
        let (saved, lost) = (self.saved.len(), self.lost);
        let mut operations = TypedIter::new(content);
        while let Some(op) = operations.next() {
            self.over |= self.budget.is_over() || self.drawn.glyphs.len() >= GLYPHS;
            if self.over {
                break;
            }
            self.operation(op, resources, saved);
        }
        self.lost = lost;
        if let Some(state) = self.saved.get(saved).cloned() {
            self.state = state;
            self.saved.truncate(saved);
        }
    }

    fn operation(&mut self, op: Op<'_, '_>, resources: &Resources<'a>, floor: usize) {
        match op {
            Op::SaveState(_) if self.saved.len() < STATES => self.saved.push(self.state.clone()),
            Op::SaveState(_) => self.lost += 1,
            Op::RestoreState(_) if self.lost > 0 => self.lost -= 1,
            Op::RestoreState(_) => {
                if self.saved.len() > floor
                    && let Some(state) = self.saved.pop()
                {
                    self.state = state;
                }
            }
            Op::Transform(t) => {
                let m = [t.0, t.1, t.2, t.3, t.4, t.5].map(|n| n.as_f64());
                self.state.ctm = mul(&self.state.ctm, &m);
            }
            Op::XObject(name) => self.object(name.0, resources),
            Op::InlineImage(_) => self.image(None),
            Op::SetGraphicsState(name) => self.graphics_state(name.0, resources),
            Op::BeginMarkedContent(tag) => self.marked.begin(tag.0, None, self.drawn.glyphs.len()),
            Op::BeginMarkedContentWithProperties(tag) => self.begin_marked(tag.0, tag.1, resources),
            Op::EndMarkedContent(_) => self.end_marked(),
            op => {
                let Some(op) = self.text(op, resources) else { return };
                let Some(op) = self.colour(op, resources) else { return };
                self.draw(op);
            }
        }
    }

    fn colour<'o, 'i>(&mut self, op: Op<'o, 'i>, resources: &Resources<'a>) -> Option<Op<'o, 'i>> {
        match op {
            Op::NonStrokeColorDeviceGray(n) => self.state.white = white(&[n.0.as_f32()]),
            Op::NonStrokeColorDeviceRgb(n) => self.state.white = white(&[n.0, n.1, n.2].map(|n| n.as_f32())),
            Op::NonStrokeColorCmyk(n) => self.state.white = white(&[n.0, n.1, n.2, n.3].map(|n| n.as_f32())),
            Op::ColorSpaceNonStroke(name) => {
                self.state.white = false;
                self.state.plain_colours = plain_colours(name.0, resources);
            }
            Op::NonStrokeColor(n) => {
                let parts: Vec<f32> = n.0.iter().map(|n| n.as_f32()).collect();
                self.state.white = self.state.plain_colours && white(&parts);
            }
            Op::NonStrokeColorNamed(n) => {
                let parts: Vec<f32> = n.0.iter().map(|n| n.as_f32()).collect();
                self.state.white = n.1.is_none() && self.state.plain_colours && white(&parts);
            }
            op => return Some(op),
        }
        None
    }

    fn draw(&mut self, op: Op<'_, '_>) {
        let (ctm, glyphs) = (self.state.ctm, self.drawn.glyphs.len());
        let (mut fill, mut stroke, mut close) = (false, false, false);
        match op {
            Op::LineWidth(n) => return self.state.width = n.0.as_f32(),
            Op::MoveTo(p) => return self.path.start(&ctm, p.0.as_f64(), p.1.as_f64()),
            Op::LineTo(p) => return self.path.line(&ctm, p.0.as_f64(), p.1.as_f64()),
            Op::CubicTo(p) => return self.path.curve(&ctm, p.4.as_f64(), p.5.as_f64()),
            Op::CubicStartTo(p) => return self.path.curve(&ctm, p.2.as_f64(), p.3.as_f64()),
            Op::CubicEndTo(p) => return self.path.curve(&ctm, p.2.as_f64(), p.3.as_f64()),
            Op::RectPath(r) => return self.path.rect(&ctm, [r.0, r.1, r.2, r.3].map(|n| n.as_f64())),
            Op::ClosePath(_) => return self.path.close(),
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => return self.path.clip = true,
            Op::Shading(_) => return self.drawn.rules.fill(self.state.clip, false, glyphs),
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => fill = true,
            Op::StrokePath(_) => stroke = true,
            Op::CloseAndStrokePath(_) => (stroke, close) = (true, true),
            Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => (fill, stroke) = (true, true),
            Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => {
                (fill, stroke, close) = (true, true, true)
            }
            Op::EndPath(_) => {}
            _ => return,
        }
        if close {
            self.path.close();
        }
        let shown = !self.marked.is_hidden();
        if shown && fill {
            self.drawn.rules.filled(&self.path, self.state.clip, self.state.white, glyphs);
        }
        if shown && stroke {
            self.drawn.rules.stroked(&self.path, self.state.clip);
        }
        if self.path.clip {
            self.state.clip = self.state.clip.meet(self.path.area());
        }
        self.path.clear();
    }

    fn graphics_state(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(dict) = resources.get_ext_g_state(name) else { return };
        let Some(font) = dict.get::<Array<'a>>("Font") else { return };
        let mut parts = font.iter::<Object<'a>>();
        if let (Some(Object::Dict(font)), Some(Object::Number(size))) = (parts.next(), parts.next()) {
            self.state.font = self.reader.fonts.font(&font);
            self.state.size = size.as_f64();
        }
    }

    fn begin_marked(&mut self, tag: &Name<'_>, properties: &Object<'_>, resources: &Resources<'a>) {
        let at = self.drawn.glyphs.len();
        match properties {
            Object::Dict(dict) => self.marked.begin(tag, Some(dict), at),
            Object::Name(name) => {
                let dict = resources.properties.get::<Dict<'a>>(name);
                self.marked.begin(tag, dict.as_ref(), at);
                if tag.as_ref() == b"OC"
                    && let Some(dict) = dict
                    && !self.reader.layers.shows(resources.properties.get_ref(name).map(Into::into), &dict)
                {
                    self.marked.hide();
                }
            }
            _ => self.marked.begin(tag, None, at),
        }
    }

    fn end_marked(&mut self) {
        let Some((first, text)) = self.marked.end() else { return };
        let start = self.drawn.text.len() as u32;
        let Some(last) = self.drawn.glyphs.last().copied() else { return };
        let Some((head, rest)) = self.drawn.glyphs.get_mut(first..).and_then(|g| g.split_first_mut()) else { return };
        self.drawn.text.push_str(&text);
        head.text = (start, start + text.len() as u32);
        head.flags &= !UNKNOWN;
        if last.turn == head.turn && (last.y - head.y).abs() < head.size * 0.5 && last.x >= head.x {
            head.width = last.x + last.width - head.x;
        }
        for glyph in rest {
            glyph.text = (start, start);
            glyph.flags &= !UNKNOWN;
        }
    }

    /// A form or image by name.
    fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict();
        if let Some(layer) = dict.get::<Dict<'a>>("OC")
            && !self.reader.layers.shows(dict.get_ref("OC").map(Into::into), &layer)
        {
            return;
        }
        match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.image(Some(stream)),
            Some(b"Form") => self.form(&stream, resources),
            _ => {}
        }
    }

    fn image(&mut self, stream: Option<Stream<'a>>) {
        let area = Area::of(&self.state.ctm, [0.0, 0.0, 1.0, 1.0]).meet(self.state.clip);
        if !self.marked.is_hidden() && self.drawn.images.len() < 10_000 && area.width() > 0.0 && area.height() > 0.0 {
            let (after, ctm) = (self.drawn.glyphs.len(), self.state.ctm);
            self.drawn.images.push(Picture { area, after, stream, ctm });
        }
    }

    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) {
        if self.depth >= DEPTH {
            self.drawn.cut = true;
            return;
        }
        let Some(content) = self.reader.unpacker.unpack(stream) else { return };
        let dict = stream.dict();
        let before = (self.state.clone(), self.text_matrix, self.line_matrix);
        self.depth += 1;
        self.state.ctm = mul(&self.state.ctm, &dict.get::<[f64; 6]>("Matrix").unwrap_or(IDENTITY));
        if let Some(bbox) = dict.get::<[f64; 4]>("BBox") {
            self.state.clip = self.state.clip.meet(Area::of(&self.state.ctm, bbox));
        }
        self.path.clear();
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let (marks, outer) = (self.marked.depth(), resources);
        self.run(&content, own.as_ref().unwrap_or(outer));
        while self.marked.depth() > marks {
            self.end_marked();
        }
        self.depth -= 1;
        (self.state, self.text_matrix, self.line_matrix) = before;
    }
}

/// Whether a colour of grey, RGB or CMYK parts is white.
fn white(parts: &[f32]) -> bool {
    match parts {
        [_] | [_, _, _] => parts.iter().all(|p| *p >= 0.97),
        [_, _, _, _] => parts.iter().all(|p| *p <= 0.02),
        _ => false,
    }
}

/// Whether the parts of a colour space's colours are those of grey, RGB or CMYK.
fn plain_colours(name: &Name<'_>, resources: &Resources<'_>) -> bool {
    if matches!(name.as_ref(), b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK") {
        return true;
    }
    let Some(Object::Array(space)) = resources.get_color_space(name) else { return false };
    let kind = space.raw_iter().next();
    let kind = match kind {
        Some(MaybeRef::NotRef(Object::Name(kind))) => kind,
        _ => return false,
    };
    matches!(kind.as_ref(), b"ICCBased" | b"CalRGB" | b"CalGray")
}
