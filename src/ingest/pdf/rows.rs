//! Words → rows: what stands on one base line.
//!
//! In: the words of one turn. Out: rows from top to bottom, their words from left to right, doubled words once, pieces of a
//! word joined. Never: looks at columns.

use super::content::BOLD;
use super::geometry::Area;
use super::script::is_wide;
use super::words::Word;

/// Words on one base line, from left to right.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub words: Vec<Word>,
    pub base: f32,
    pub size: f32,
}

/// Puts words into rows.
pub(super) fn rows(mut words: Vec<Word>) -> Vec<Row> {
    words.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.area.left.total_cmp(&b.area.left)));
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        let near = rows.iter_mut().rev().take(6).filter(|row| {
            let size = row.size.min(word.size);
            (word.base - row.base).abs() <= 0.25 * size && row.size.max(word.size) <= 2.5 * size
        });
        let best = near.min_by(|a, b| (word.base - a.base).abs().total_cmp(&(word.base - b.base).abs()));
        match best {
            Some(row) => {
                row.size = row.size.max(word.size);
                row.words.push(word);
            }
            None => rows.push(Row { base: word.base, size: word.size, words: vec![word] }),
        }
    }
    raise(&mut rows);
    for row in &mut rows {
        row.words.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
        row.words = join(std::mem::take(&mut row.words));
    }
    rows.retain(|row| !row.words.is_empty());
    rows
}

/// Puts raised and lowered signs into the row that they belong to.
fn raise(rows: &mut Vec<Row>) {
    for i in 0..rows.len() {
        if rows[i].words.len() > 12 {
            continue;
        }
        let base = rows[i].base;
        for j in [i + 1, i.wrapping_sub(1), i + 2, i.wrapping_sub(2)] {
            let mut small = std::mem::take(&mut rows[i].words);
            let Some(host) = rows.get_mut(j).filter(|_| !small.is_empty()) else {
                rows[i].words = small;
                continue;
            };
            let drop = host.base - base;
            let fits = |w: &Word| {
                w.size <= 0.8 * host.size
                    && drop > -0.3 * host.size
                    && drop < 0.6 * host.size
                    && host.words.iter().any(|h| {
                        let gap = w.area.left - h.area.right;
                        let before = h.area.left - w.area.right;
                        h.size > w.size
                            && ((-0.3..0.3).contains(&(gap / h.size)) || (-0.1..0.15).contains(&(before / h.size)))
                    })
            };
            let (take, keep): (Vec<Word>, Vec<Word>) = std::mem::take(&mut small).into_iter().partition(fits);
            host.words.extend(take);
            rows[i].words = keep;
        }
    }
    rows.retain(|row| !row.words.is_empty());
}

/// Drops doubled words, joins those that touch.
fn join(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let same = out.iter_mut().rev().take(4).find(|w| {
            w.text == word.text
                && (w.area.left - word.area.left).abs() < 0.2 * w.size
                && (w.base - word.base).abs() < 0.2 * w.size
        });
        if let Some(same) = same {
            same.flags |= BOLD;
            continue;
        }
        if let Some(before) = out.last_mut() {
            let size = before.size.min(word.size);
            let gap = word.area.left - before.area.right;
            let upright = !before.text.chars().chain(word.text.chars()).any(super::script::is_rtl);
            if !word.spaced && upright && gap > -0.35 * size && gap < 0.1 * size {
                absorb(before, word);
                continue;
            }
        }
        out.push(word);
    }
    out
}

fn absorb(before: &mut Word, word: Word) {
    let (old, new) = (before.text.chars().count(), word.text.chars().count());
    before.text = super::script::composed([before.text.as_str(), word.text.as_str()].into_iter());
    if new > old {
        (before.flags, before.base) = (word.flags, word.base);
    }
    before.size = before.size.max(word.size);
    before.area = before.area.union(word.area);
}

/// Whether words are written from right to left.
pub(super) fn has_rtl(words: &[Word]) -> bool {
    words.iter().any(|w| w.text.chars().any(super::script::is_rtl))
}

/// The box round words.
pub(super) fn area(words: &[Word]) -> Area {
    words.iter().fold(Area::NONE, |a, w| a.union(w.area))
}

/// Whether a space stands between two words of a line.
pub(super) fn is_spaced(before: &Word, word: &Word) -> bool {
    let wide = before.text.chars().next_back().is_some_and(is_wide) && word.text.chars().next().is_some_and(is_wide);
    let gap = (word.area.left - before.area.right).max(before.area.left - word.area.right);
    !wide || gap > 0.45 * before.size.min(word.size) || (word.spaced && gap > 0.2 * word.size)
}
