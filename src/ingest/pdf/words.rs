//! Glyphs → words.
//!
//! In: the glyphs of one turn in drawing order. Out: words with their boxes, letters in reading order. Never: joins what
//! stands on two base lines, drops a glyph but the second of a doubled pair.

use super::content::{BOLD, Drawn, Glyph};
use super::geometry::Area;
use super::script::{is_rtl, logical};

/// A gap between letters that parts words, in units of the font size.
const GAP: f32 = 0.16;
/// A gap beyond which glyphs do not belong to one run.
const REACH: f32 = 1.0;

/// A word on the page, in the frame in which it is upright.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its text.
    pub text: String,
    /// Its box.
    pub area: Area,
    /// Its base line.
    pub base: f32,
    /// Font size.
    pub size: f32,
    /// The look and standing of most of it.
    pub flags: u8,
    /// Whether a space is drawn before it.
    pub spaced: bool,
}

/// The words that the glyphs at `indexes` make.
pub(super) fn words(drawn: &Drawn<'_>, indexes: &[u32]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run: Vec<(Glyph, bool)> = Vec::new();
    let mut spaced = false;
    for index in indexes {
        let Some(glyph) = drawn.glyphs.get(*index as usize) else { continue };
        let text = text_of(drawn, glyph);
        if text.is_empty() && glyph.flags & super::content::UNKNOWN == 0 {
            continue;
        }
        if !text.is_empty() && text.chars().all(char::is_whitespace) {
            spaced = true;
            continue;
        }
        match run.last() {
            Some((before, _)) if doubled(drawn, before, glyph) => {
                if let Some((before, _)) = run.last_mut() {
                    before.flags |= BOLD;
                }
                continue;
            }
            Some((before, _)) if !follows(drawn, before, glyph) => {
                split(drawn, &run, &mut words);
                run.clear();
            }
            _ => {}
        }
        run.push((*glyph, spaced));
        spaced = false;
    }
    split(drawn, &run, &mut words);
    words
}

fn text_of<'d>(drawn: &'d Drawn<'_>, glyph: &Glyph) -> &'d str {
    drawn.text.get(glyph.text.0 as usize..glyph.text.1 as usize).unwrap_or("")
}

/// Whether a glyph is the same as the one before, drawn again to look bold.
fn doubled(drawn: &Drawn<'_>, before: &Glyph, glyph: &Glyph) -> bool {
    (glyph.y - before.y).abs() < glyph.size * 0.12
        && (glyph.x - before.x).abs() < (glyph.width * 0.35).min(glyph.size * 0.15)
        && text_of(drawn, before) == text_of(drawn, glyph)
}

/// Whether a glyph stands on the line of the one before, near it.
fn follows(drawn: &Drawn<'_>, before: &Glyph, glyph: &Glyph) -> bool {
    let size = before.size.max(glyph.size);
    if (glyph.y - before.y).abs() > size * 0.12 || before.size.min(glyph.size) < size * 0.7 {
        return false;
    }
    let right = glyph.x - before.x - before.width;
    if right > -0.5 * size && right < (REACH * size).max(before.spacing * 1.5) && glyph.x >= before.x - 0.2 * size {
        return true;
    }
    let left = before.x - glyph.x - glyph.width;
    let rtl = |g: &Glyph| text_of(drawn, g).chars().any(is_rtl);
    left > -0.5 * size && left < 0.5 * size && (rtl(before) || rtl(glyph))
}

/// Cuts a run into words.
fn split(drawn: &Drawn<'_>, run: &[(Glyph, bool)], words: &mut Vec<Word>) {
    let wide = letter_gap(drawn, run);
    let mut start = 0;
    for i in 1..=run.len() {
        let ends = run.get(i).is_none_or(|(glyph, spaced)| {
            let before = &run[i - 1].0;
            let gap = between(before, glyph);
            *spaced || gap > (wide + GAP) * glyph.size.min(before.size).max(0.7 * glyph.size.max(before.size))
        });
        if ends {
            words.extend(run.get(start..i).and_then(|part| word(drawn, part)));
            start = i;
        }
    }
}

/// The free space between two glyphs of a run.
fn between(a: &Glyph, b: &Glyph) -> f32 {
    if b.x >= a.x { b.x - a.x - a.width } else { a.x - b.x - b.width }
}

/// The gap that stands between all letters of a run, in units of the font size: text that is set wide.
fn letter_gap(drawn: &Drawn<'_>, run: &[(Glyph, bool)]) -> f32 {
    let letters = run.iter().filter(|(g, _)| text_of(drawn, g).chars().all(char::is_alphabetic)).count();
    if run.len() < 5 || letters * 10 < run.len() * 6 {
        let spacing = run.first().map_or(0.0, |(g, _)| g.spacing / g.size.max(0.1));
        return if run.len() > 1 { spacing.clamp(0.0, 1.0) } else { 0.0 };
    }
    let mut gaps: Vec<f32> =
        run.windows(2).filter(|w| !w[1].1).map(|w| between(&w[0].0, &w[1].0) / w[1].0.size.max(0.1)).collect();
    if gaps.len() < 3 {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    // Between letters nearly all gaps are the same; between words few are.
    let median = gaps[gaps.len() / 2];
    if median > 0.06 { median } else { 0.0 }
}

/// One word out of its glyphs.
fn word(drawn: &Drawn<'_>, part: &[(Glyph, bool)]) -> Option<Word> {
    let (first, spaced) = part.first()?;
    let mut area = Area::NONE;
    let (mut flags, mut bold, mut size) = (0u8, 0usize, 0.0f32);
    for (glyph, _) in part {
        area.add(glyph.x, glyph.y - 0.78 * glyph.size);
        area.add(glyph.x + glyph.width.max(0.0), glyph.y + 0.22 * glyph.size);
        flags |= glyph.flags & !BOLD;
        bold += usize::from(glyph.flags & BOLD != 0);
        size = size.max(glyph.size);
    }
    if bold * 2 > part.len() {
        flags |= BOLD;
    }
    let rtl = part.iter().any(|(g, _)| text_of(drawn, g).chars().any(is_rtl));
    let text = if rtl {
        let mut order: Vec<&Glyph> = part.iter().map(|(g, _)| g).collect();
        order.sort_by(|a, b| a.x.total_cmp(&b.x));
        logical(order.iter().map(|g| text_of(drawn, g)))
    } else {
        super::script::composed(part.iter().map(|(g, _)| text_of(drawn, g)))
    };
    Some(Word { text, area, base: first.y, size, flags, spaced: *spaced })
}
