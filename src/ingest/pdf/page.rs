//! A page as the layouter takes it: rows of words by turn, its rules, links and images.
//!
//! In: what a page shows. Out: [`Page`], with the text that nobody sees left out and counted. Never: orders rows.

use hayro_syntax::object::{Array, Dict, Name, String as PdfString};

use super::content::{Drawn, Glyph, INVISIBLE, OUTSIDE, UNKNOWN, WHITE};
use super::geometry::{Area, IDENTITY, Matrix, Turn, apply};
use super::marked::decode;
use super::paths::Rules;
use super::rows::{Row, rows};
use super::words::words;

/// Links of one page.
const LINKS: usize = 2000;

/// A page in parts.
#[derive(Default)]
pub(super) struct Page {
    /// Rows by turn, the turn of most of the text first.
    pub frames: Vec<(Turn, Vec<Row>)>,
    /// Its rules.
    pub rules: Rules,
    /// Its links: where, and what to.
    pub links: Vec<(Area, String)>,
    /// Width and height.
    pub size: (f32, f32),
    /// Glyphs with text.
    pub glyphs: usize,
    /// Glyphs whose text is not known.
    pub unknown: usize,
    /// Glyphs that nobody sees and that were left out.
    pub hidden: usize,
    /// The share of the page that images cover.
    pub images: f32,
    /// Whether its text was read off its images.
    pub recognised: bool,
}

impl Page {
    /// Whether it shows images and no text.
    pub fn is_scan(&self) -> bool {
        self.glyphs == 0 && self.unknown == 0 && self.images > 0.2
    }
}

/// Puts what is drawn into rows.
pub(super) fn page(drawn: &Drawn<'_>) -> Page {
    let (width, height) = drawn.size;
    let whole = (width * height).max(1.0);
    let images = drawn.images.iter().map(|p| p.area.width() * p.area.height()).sum::<f32>() / whole;
    let mut page = Page { size: drawn.size, images, rules: drawn.rules.clone(), ..Page::default() };
    let seen = visible(drawn, images, &mut page.hidden);
    let mut turns: Vec<(Turn, Vec<u32>)> = Vec::new();
    for index in seen {
        let glyph = &drawn.glyphs[index as usize];
        if glyph.flags & UNKNOWN != 0 {
            page.unknown += 1;
        } else if !is_blank(drawn, glyph) {
            page.glyphs += 1;
        }
        match turns.iter().position(|(t, _)| *t == glyph.turn) {
            Some(i) => turns[i].1.push(index),
            None if turns.len() < 400 => turns.push((glyph.turn, vec![index])),
            None => {}
        }
    }
    // Upright text comes first, unless the page as a whole is turned.
    turns.sort_by_key(|(t, list)| (std::cmp::Reverse(list.len() * if t.0 == 0 { 3 } else { 1 }), t.0));
    for (turn, list) in turns {
        let rows = rows(words(drawn, &list));
        if !rows.is_empty() {
            page.frames.push((turn, rows));
        }
    }
    page
}

fn is_blank(drawn: &Drawn<'_>, glyph: &Glyph) -> bool {
    drawn.text.get(glyph.text.0 as usize..glyph.text.1 as usize).is_none_or(|t| t.trim().is_empty())
}

/// The glyphs that a reader of the page sees, and the text layer of a scan.
fn visible(drawn: &Drawn<'_>, images: f32, hidden: &mut usize) -> Vec<u32> {
    let inked = drawn.glyphs.iter().any(|g| g.flags & (INVISIBLE | OUTSIDE) == 0 && !is_blank(drawn, g));
    let is_layer = images > 0.3 || !inked;
    let mut out = Vec::with_capacity(drawn.glyphs.len());
    for (i, glyph) in drawn.glyphs.iter().enumerate() {
        let unseen = glyph.flags & OUTSIDE != 0
            || (glyph.flags & INVISIBLE != 0 && !is_layer)
            || (glyph.flags & WHITE != 0 && !is_on_colour(drawn, glyph, i));
        if !unseen {
            out.push(i as u32);
        } else if !is_blank(drawn, glyph) {
            *hidden += 1;
        }
    }
    out
}

/// Whether something that is not white lies under a glyph, or is drawn over it: its outline.
fn is_on_colour(drawn: &Drawn<'_>, glyph: &Glyph, index: usize) -> bool {
    let spot = Area {
        left: glyph.x,
        top: glyph.y - 0.4 * glyph.size,
        right: glyph.x + glyph.width,
        bottom: glyph.y - 0.2 * glyph.size,
    };
    let spot = glyph.turn.home(spot);
    let (x, y) = ((spot.left + spot.right) / 2.0, (spot.top + spot.bottom) / 2.0);
    let fill = drawn.rules.fills.iter().rev().take(1000).find(|f| f.after <= index && f.area.holds(x, y, 1.0));
    let over =
        || drawn.rules.fills.iter().rev().take(1000).any(|f| f.after > index && !f.white && f.area.holds(x, y, 1.0));
    fill.is_some_and(|f| !f.white)
        || over()
        || drawn.images.iter().take(500).any(|p| p.after <= index && p.area.holds(x, y, 1.0))
}

/// The links of a page to addresses outside of the document.
pub(super) fn links(dict: &Dict<'_>, to_page: &Matrix) -> Vec<(Area, String)> {
    let mut out = Vec::new();
    let Some(annotations) = dict.get::<Array<'_>>("Annots") else { return out };
    for annotation in annotations.iter::<Dict<'_>>().take(LINKS) {
        if annotation.get::<Name<'_>>("Subtype").is_none_or(|s| s.as_ref() != b"Link") {
            continue;
        }
        let target = annotation.get::<Dict<'_>>("A").and_then(|a| a.get::<PdfString<'_>>("URI"));
        let (Some(target), Some([x0, y0, x1, y1])) = (target, annotation.get::<[f64; 4]>("Rect")) else { continue };
        let (a, b) = (apply(to_page, x0, y0), apply(to_page, x1, y1));
        let mut area = Area::of(&IDENTITY, [f64::from(a.0), f64::from(a.1), f64::from(b.0), f64::from(b.1)]);
        (area.left, area.right) = (area.left - 0.5, area.right + 0.5);
        out.push((area, decode(target.as_bytes())));
    }
    out
}
