//! Words that were read off the image of a page → words of the page.
//!
//! In: a page without text, and what reads images. Out: the page's rows, with what is to be said of how they were read.
//! Never: starts anything itself; reads a page that has text.

use std::time::Duration;

use super::content::{DOUBT, Drawn};
use super::geometry::{Area, Turn};
use super::guard::Unpacker;
use super::listed;
use super::page::Page;
use super::paint::paint;
use super::rows::rows;
use super::words::Word;
use crate::ingest::ocr::{DOUBTFUL, Recognise, RecognisedWord, Unread};
use crate::ingest::{Budget, remark};
use crate::model::{Diagnostic, Severity};

/// Height of letters over the base line: of tall ones, of small ones; and of what hangs below; in units of the font size.
const TALL: f32 = 0.72;
const SMALL: f32 = 0.5;
const HANGING: f32 = 0.21;
/// What stands below the base line.
const HANGS: &str = "gjpqyçşţ,;()[]{}|/Qµ";
/// How the rules of a table are read, which touch the words beside them.
const RULES: [char; 2] = ['|', '¦'];
/// What is no taller than a small letter.
const LOW: &str = "acegmnopqrsuvwxyzçşţµ.,:;-–—~_+=«»";

/// A page that was read.
struct Read {
    page: usize,
    words: usize,
    mean: f32,
    doubtful: usize,
    specks: usize,
}

/// How the pages of a document were read.
#[derive(Default)]
pub(super) struct Scans {
    read: Vec<Read>,
    /// Why pages were not read, and which.
    unread: Vec<(String, Vec<usize>)>,
    /// Why no more pages are read.
    ended: Option<String>,
}

impl Scans {
    /// Reads the images of a page into its rows.
    pub fn read(
        &mut self,
        (page, number): (&mut Page, usize),
        drawn: &Drawn<'_>,
        unpacker: &mut Unpacker,
        reader: &dyn Recognise,
        budget: &Budget,
    ) {
        let words = match &self.ended {
            Some(message) => Err(message.clone()),
            None => look(drawn, unpacker, reader, budget).map_err(|unread| {
                self.ended = unread.lasting.then(|| unread.message.clone());
                unread.message
            }),
        };
        match words {
            Ok((words, scale)) => self.take(page, number, words, scale),
            Err(message) => match self.unread.iter_mut().find(|(m, _)| *m == message) {
                Some((_, pages)) => pages.push(number),
                None => self.unread.push((message, vec![number])),
            },
        }
    }

    fn take(&mut self, page: &mut Page, number: usize, words: Vec<RecognisedWord>, scale: f32) {
        let all = words.len();
        let bare = |w: RecognisedWord| RecognisedWord { text: w.text.trim_matches(RULES).trim().to_owned(), ..w };
        let kept: Vec<RecognisedWord> = words.into_iter().map(bare).filter(is_word).collect();
        let sum: f32 = kept.iter().map(|w| w.confidence).sum();
        self.read.push(Read {
            page: number,
            words: kept.len(),
            mean: sum / kept.len().max(1) as f32,
            doubtful: kept.iter().filter(|w| w.confidence < DOUBTFUL).count(),
            specks: all - kept.len(),
        });
        page.recognised = true;
        page.glyphs = kept.iter().map(|w| w.text.chars().count()).sum();
        let rows = rows(set(&kept, scale));
        if !rows.is_empty() {
            page.frames = vec![(Turn(0), rows)];
        }
    }

    /// What is to be said, of `count` pages.
    pub fn diagnostics(&self, count: usize) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        for read in &self.read {
            let mut message = format!(
                "page {} was read by OCR: {} words, mean confidence {:.0}, {} of them doubtful",
                read.page, read.words, read.mean, read.doubtful
            );
            if read.specks > 0 {
                message.push_str(&format!("; {} specks were left out", read.specks));
            }
            out.push(remark("A0126", Severity::Note, message, None));
        }
        for (why, pages) in &self.unread {
            out.push(remark("A0127", Severity::Warning, format!("{why} ({})", listed(pages, count)), None));
        }
        out
    }
}

/// The words on the images of a page, and how many pixels a point has.
fn look(
    drawn: &Drawn<'_>,
    unpacker: &mut Unpacker,
    reader: &dyn Recognise,
    budget: &Budget,
) -> Result<(Vec<RecognisedWord>, f32), Unread> {
    let picture = paint(drawn, unpacker, budget.limits.unpacked());
    let (image, scale) = picture.ok_or_else(|| Unread {
        message: "expected an image that can be decoded, but found a damaged or too large one".to_owned(),
        lasting: false,
    })?;
    // The later stages need some of the time.
    let time = budget.left().saturating_sub(budget.limits.time / 4);
    if time == Duration::ZERO {
        let message = "expected to read all images in time, but it was up (--max-time)".to_owned();
        return Err(Unread { message, lasting: true });
    }
    Ok((reader.recognise(&image, time)?, scale))
}

/// Whether it says something: a sign in doubt is a speck on the paper.
fn is_word(word: &RecognisedWord) -> bool {
    let sane = word.area.iter().all(|n| n.is_finite()) && !word.text.is_empty();
    sane && (word.confidence >= DOUBTFUL || word.text.chars().any(char::is_alphanumeric))
}

/// The words on the page: those of a line share base line and size.
fn set(words: &[RecognisedWord], scale: f32) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    let sizes: Vec<f32> = lines(words).map(|line| middle(line.iter().map(size))).collect();
    let usual = middle(lines(words).zip(&sizes).flat_map(|(l, s)| l.iter().map(|_| *s)));
    for (line, size) in lines(words).zip(sizes) {
        // Letters of one size are a little larger in one line than in the next.
        let size = if (0.75..1.35).contains(&(size / usual.max(0.1))) { usual } else { size };
        let base = middle(line.iter().map(|w| w.area[3] - if hangs(&w.text) { HANGING * size } else { 0.0 }));
        for word in line {
            let [left, top, right, bottom] = word.area.map(|n| n / scale);
            out.push(Word {
                text: word.text.clone(),
                area: Area { left, top, right: right.max(left), bottom: bottom.max(top) },
                base: base / scale,
                size: (size / scale).max(1.0),
                flags: if word.confidence < DOUBTFUL { DOUBT } else { 0 },
                spaced: true,
            });
        }
    }
    out
}

fn lines(words: &[RecognisedWord]) -> impl Iterator<Item = &[RecognisedWord]> {
    words.chunk_by(|a, b| a.line == b.line)
}

fn hangs(text: &str) -> bool {
    text.chars().any(|c| HANGS.contains(c))
}

/// The font size that the height of a word tells.
fn size(word: &RecognisedWord) -> f32 {
    let over = if word.text.chars().all(|c| LOW.contains(c)) { SMALL } else { TALL };
    (word.area[3] - word.area[1]) / (over + if hangs(&word.text) { HANGING } else { 0.0 })
}

/// The one in the middle.
fn middle(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut numbers: Vec<f32> = numbers.collect();
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}
