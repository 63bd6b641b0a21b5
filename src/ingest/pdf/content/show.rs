//! The text operators of a content stream.
//!
//! In: an operator. Out: glyphs in their places. Never: draws anything else.

use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::Object;
use hayro_syntax::page::Resources;

use super::{ARTIFACT, BOLD, Glyph, INVISIBLE, ITALIC, Interpreter, OUTSIDE, UNKNOWN, WHITE};
use crate::ingest::pdf::fonts::FontInfo;
use crate::ingest::pdf::geometry::{Area, IDENTITY, Turn, apply, mul};

impl<'a> Interpreter<'a, '_> {
    pub(super) fn text<'o, 'i>(&mut self, op: Op<'o, 'i>, resources: &Resources<'a>) -> Option<Op<'o, 'i>> {
        match op {
            Op::BeginText(_) => (self.text_matrix, self.line_matrix) = (IDENTITY, IDENTITY),
            Op::CharacterSpacing(n) => self.state.char_space = n.0.as_f64(),
            Op::WordSpacing(n) => self.state.word_space = n.0.as_f64(),
            Op::HorizontalScaling(n) => self.state.scale = n.0.as_f64() / 100.0,
            Op::TextLeading(n) => self.state.leading = n.0.as_f64(),
            Op::TextRise(n) => self.state.rise = n.0.as_f64(),
            Op::TextRenderingMode(n) => self.state.mode = n.0.as_i64(),
            Op::TextFont(f) => {
                self.state.size = f.1.as_f64();
                self.state.font = resources.get_font(f.0).and_then(|dict| self.reader.fonts.font(&dict));
            }
            Op::NextLine(n) => self.next_line(n.0.as_f64(), n.1.as_f64()),
            Op::NextLineAndSetLeading(n) => {
                self.state.leading = -n.1.as_f64();
                self.next_line(n.0.as_f64(), n.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::SetTextMatrix(t) => {
                self.line_matrix = [t.0, t.1, t.2, t.3, t.4, t.5].map(|n| n.as_f64());
                self.text_matrix = self.line_matrix;
            }
            Op::ShowText(s) => self.show(s.0.as_bytes()),
            Op::NextLineAndShowText(s) => {
                self.next_line(0.0, -self.state.leading);
                self.show(s.0.as_bytes());
            }
            Op::ShowTextWithParameters(s) => {
                self.state.word_space = s.0.as_f64();
                self.state.char_space = s.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.show(s.2.as_bytes());
            }
            Op::ShowTexts(parts) => {
                for part in parts.0.iter::<Object<'_>>() {
                    match part {
                        Object::String(s) => self.show(s.as_bytes()),
                        Object::Number(n) => self.adjust(n.as_f64()),
                        _ => {}
                    }
                }
            }
            op => return Some(op),
        }
        None
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line_matrix = mul(&self.line_matrix, &[1.0, 0.0, 0.0, 1.0, x, y]);
        self.text_matrix = self.line_matrix;
    }

    /// Moves the pen back by thousandths of the font size.
    fn adjust(&mut self, amount: f64) {
        let by = -amount / 1000.0 * self.state.size;
        let vertical = self.state.font.as_ref().is_some_and(|f| f.vertical);
        let (x, y) = if vertical { (0.0, by) } else { (by * self.state.scale, 0.0) };
        self.text_matrix = mul(&self.text_matrix, &[1.0, 0.0, 0.0, 1.0, x, y]);
    }

    /// Shows a string.
    fn show(&mut self, bytes: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        let (size, scale) = (self.state.size, self.state.scale);
        let m = mul(&self.state.ctm, &self.text_matrix);
        // The direction of the text and what a unit is along and across it.
        let (along, across) = ((m[0] * size * scale, m[1] * size * scale), (m[2] * size, m[3] * size));
        let (along, across) = if font.vertical { ((-across.0, -across.1), along) } else { (along, across) };
        let length = along.0.hypot(along.1);
        let em = across.0.hypot(across.1);
        let unit = if size.abs() > 1e-9 { length / size.abs() } else { 0.0 };
        let turn = Turn::of(along.0, along.1);
        let mut flags = self.flags(&font);
        if across.0 * along.0 + across.1 * along.1 > 0.18 * em * length {
            flags |= ITALIC;
        }
        let sane = em.is_finite() && length.is_finite() && em > 0.3 && em < 4000.0 && length > 0.1;
        let (mut pen, mut at) = (0.0, 0);
        while at < bytes.len() {
            let (code, taken) = font.code(bytes, at);
            at += taken;
            let shown = font.shown(code, taken);
            if sane {
                let (dx, dy) = if font.vertical { (0.0, -pen) } else { (pen, 0.0) };
                let (x, y) = apply(&m, dx, dy + self.state.rise);
                let spacing = (self.state.char_space * unit) as f32;
                let look = Look { x, y, em: em as f32, width: shown.advance * length as f32, spacing, turn, flags };
                self.glyph(&shown.text, shown.known, look);
            }
            let space = if code == 32 && taken == 1 { self.state.word_space } else { 0.0 };
            let advance = f64::from(shown.advance) * size + self.state.char_space + space;
            pen += if font.vertical { advance } else { advance * scale };
        }
        let (x, y) = if font.vertical { (0.0, -pen) } else { (pen, 0.0) };
        self.text_matrix = mul(&self.text_matrix, &[1.0, 0.0, 0.0, 1.0, x, y]);
    }

    fn flags(&self, font: &FontInfo<'_>) -> u8 {
        let mut flags = 0;
        for (on, flag) in [
            (font.bold || self.state.mode == 2, BOLD),
            (font.italic, ITALIC),
            (matches!(self.state.mode, 3 | 7), INVISIBLE),
            (self.marked.is_artifact(), ARTIFACT),
            (self.state.white && self.state.mode == 0, WHITE),
        ] {
            if on {
                flags |= flag;
            }
        }
        flags
    }

    fn glyph(&mut self, text: &str, known: bool, mut look: Look) {
        if self.marked.is_hidden() || !look.x.is_finite() || !look.y.is_finite() {
            return;
        }
        if !known {
            look.flags |= UNKNOWN;
        }
        let (width, height) = self.drawn.size;
        let page = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        let slack = look.em * 0.6;
        let (mx, my) = (look.x, look.y - look.em * 0.3);
        if !page.holds(mx, my, slack) || !self.state.clip.holds(mx, my, slack.max(2.0)) {
            look.flags |= OUTSIDE;
        }
        let start = self.drawn.text.len() as u32;
        self.drawn.text.push_str(text);
        let (x, y) = look.turn.upright(look.x, look.y);
        self.drawn.glyphs.push(Glyph {
            text: (start, self.drawn.text.len() as u32),
            x,
            y,
            width: look.width,
            size: look.em,
            spacing: look.spacing,
            turn: look.turn,
            flags: look.flags,
        });
    }
}

/// Where and how a glyph stands.
struct Look {
    x: f32,
    y: f32,
    em: f32,
    width: f32,
    spacing: f32,
    turn: Turn,
    flags: u8,
}
