//! How alike two strings are.
//!
//! In: two strings. Out: a ratio between 0 and 1. Never: folds; the caller decides what counts as the same character.

use rustc_hash::FxHashMap;

/// The Ratcliff/Obershelp ratio as Python's `difflib.SequenceMatcher(None, a, b, autojunk=False)` has it.
pub fn ratio(a: &str, b: &str) -> f64 {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let total = a.len() + b.len();
    if total == 0 {
        return 1.0;
    }
    2.0 * matching(&a, &b) as f64 / total as f64
}

/// [`ratio`] where it reaches `least`; not worked out where the lengths already forbid it.
pub fn ratio_from(a: &str, b: &str, least: f64) -> Option<f64> {
    let (x, y) = (a.chars().count(), b.chars().count());
    let best = if x + y == 0 { 1.0 } else { 2.0 * x.min(y) as f64 / (x + y) as f64 };
    if best < least {
        return None;
    }
    Some(ratio(a, b)).filter(|r| *r >= least)
}

/// Characters in matching blocks: the longest common block, then the same on its left and right.
fn matching(a: &[char], b: &[char]) -> usize {
    let mut places: FxHashMap<char, Vec<usize>> = FxHashMap::default();
    for (j, c) in b.iter().enumerate() {
        places.entry(*c).or_default().push(j);
    }
    let mut found = 0;
    let mut open = vec![(0, a.len(), 0, b.len())];
    while let Some((alo, ahi, blo, bhi)) = open.pop() {
        let (i, j, k) = longest(a, &places, (alo, ahi, blo, bhi));
        if k == 0 {
            continue;
        }
        found += k;
        if alo < i && blo < j {
            open.push((alo, i, blo, j));
        }
        if i + k < ahi && j + k < bhi {
            open.push((i + k, ahi, j + k, bhi));
        }
    }
    found
}

/// The longest common block in the window; the first in `a`, then in `b`, of several.
fn longest(
    a: &[char],
    places: &FxHashMap<char, Vec<usize>>,
    (alo, ahi, blo, bhi): (usize, usize, usize, usize),
) -> (usize, usize, usize) {
    let mut best = (alo, blo, 0);
    let mut before: FxHashMap<usize, usize> = FxHashMap::default();
    for (i, c) in a.iter().enumerate().take(ahi).skip(alo) {
        let mut now: FxHashMap<usize, usize> = FxHashMap::default();
        for &j in places.get(c).map_or(&[][..], Vec::as_slice) {
            if j < blo {
                continue;
            }
            if j >= bhi {
                break;
            }
            let k = j.checked_sub(1).and_then(|p| before.get(&p)).copied().unwrap_or(0) + 1;
            now.insert(j, k);
            if k > best.2 {
                best = (i + 1 - k, j + 1 - k, k);
            }
        }
        before = now;
    }
    best
}

/// One minus the Levenshtein distance over the length of the longer string; two empty strings are alike.
pub fn levenshtein(a: &str, b: &str) -> f64 {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let longer = a.len().max(b.len());
    if longer == 0 {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let swap = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = swap.min(corner + 1).min(row[j] + 1);
        }
    }
    1.0 - row[b.len()] as f64 / longer as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratio_is_that_of_difflib() {
        // Worked out with CPython 3.
        for (a, b, want) in [
            ("abcd", "bcde", 0.75),
            ("private volatile", "private thread currentthread", 0.5),
            ("qabxcd", "abycdf", 0.6666666666666666),
            ("", "", 1.0),
            ("a", "", 0.0),
            ("partnerships for e-government", "partnership on e government", 0.8928571428571429),
        ] {
            assert!((ratio(a, b) - want).abs() < 1e-12, "{a:?} {b:?}: {}", ratio(a, b));
        }
    }

    #[test]
    fn levenshtein_counts_single_edits() {
        assert!((levenshtein("kitten", "sitting") - (1.0 - 3.0 / 7.0)).abs() < 1e-12);
        assert_eq!(levenshtein("", ""), 1.0);
        assert_eq!(levenshtein("abc", ""), 0.0);
    }
}
