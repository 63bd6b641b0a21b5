//! Where a plain text was broken to a width: which lines are full, and which had room for the next one's first word.
//!
//! In: the lines of a text. Out: [`Line::filled`] of each line, where the text keeps to one width. Never: speaks of a text whose lines end where their author wished.

use super::Line;

/// Least lines that surely go on before a width is believed.
const LEAST: usize = 5;
/// No text is broken to less than this, in characters.
const NARROW: usize = 50;
/// A line that could have been this much longer had room for more.
const ROOM: usize = 1;

/// Notes for every line whether the one before it was full.
pub(super) fn fill(lines: &mut [Line], text: &str) {
    if lines.iter().any(|l| l.goes_on.is_some() || l.row || l.room.is_some()) {
        return;
    }
    let lengths: Vec<usize> = lines.iter().map(|l| l.indent + l.span.of(text).chars().count()).collect();
    let Some(width) = width(lines, &lengths, text) else { return };
    for i in 1..lines.len() {
        let filled = lengths[i - 1] + 1 + first_word(&lines[i], text);
        let plain = lines[i].meta.is_none() && lengths[i - 1] <= width;
        if plain && filled > width && lines[i].blanks == 0 {
            lines[i].filled = Some(true);
        } else if plain && filled + ROOM <= width {
            lines[i].filled = Some(false);
        }
    }
}

/// The width that a text keeps to: as long as the longest line that surely goes on, and no such line had room.
fn width(lines: &[Line], lengths: &[usize], text: &str) -> Option<usize> {
    let sure = |i: &usize| {
        lines[*i].blanks == 0
            && lengths[*i - 1] >= NARROW
            && lines[*i].span.of(text).starts_with(char::is_lowercase)
            && lines[*i].span.of(text).contains(' ')
    };
    let pairs: Vec<usize> = (1..lines.len()).filter(sure).collect();
    if pairs.len() < LEAST {
        return None;
    }
    let mut full: Vec<usize> = pairs.iter().map(|i| lengths[i - 1]).collect();
    full.sort_unstable();
    // one line in twenty may be too long
    let width = full[(full.len() * 19 / 20).min(full.len() - 1)];
    let kept = pairs.iter().filter(|i| lengths[**i - 1] + 1 + first_word(&lines[**i], text) > width).count();
    let over = lengths.iter().filter(|l| **l > width).count();
    (kept * 10 >= pairs.len() * 9 && over * 20 <= lengths.len()).then_some(width)
}

/// How long a line's first word is.
fn first_word(line: &Line, text: &str) -> usize {
    line.span.of(text).split_whitespace().next().map_or(0, |w| w.chars().count())
}
