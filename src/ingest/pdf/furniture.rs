//! Running headers and footers.
//!
//! In: the pages in rows. Out: for each page the rows that stand on others too, taken out of it. Never: takes the first
//! page's header: it may be all that names the event.

use rustc_hash::FxHashMap;

use super::content::ARTIFACT;
use super::page::Page;
use super::rows::Row;

/// Rows at each end of a page that may be furniture.
const ROWS: usize = 4;
/// The share of a page's height, at each end, in which furniture stands.
const ZONE: f32 = 0.16;

/// What was taken out of a page.
#[derive(Default)]
pub(super) struct Furniture {
    pub header: Vec<Row>,
    pub footer: Vec<Row>,
}

/// Takes running headers and footers out of the pages.
pub(super) fn take(pages: &mut [Page]) -> Vec<Furniture> {
    let mut seen: FxHashMap<(bool, String, i32), Vec<usize>> = FxHashMap::default();
    for (number, page) in pages.iter().enumerate() {
        for (top, row) in edges(page) {
            for height in heights(row) {
                let on = seen.entry((top, key(row), height)).or_default();
                if on.last() != Some(&number) {
                    on.push(number);
                }
            }
        }
    }
    let count = pages.len();
    let repeated = |number: usize, top: bool, row: &Row| {
        let most = heights(row).into_iter().filter_map(|h| seen.get(&(top, key(row), h))).max_by_key(|on| on.len());
        let Some(on) = most.filter(|on| on.len() >= 2) else { return false };
        let plain = key(row).chars().any(char::is_alphabetic);
        on.len() * 2 >= count && !(top && plain && on.first() == Some(&number))
    };
    let mut out = Vec::new();
    for (number, page) in pages.iter_mut().enumerate() {
        let mut taken = Furniture::default();
        let middle = page.size.1 / 2.0;
        let rows: Vec<(bool, f32)> =
            edges(page).filter(|(top, row)| repeated(number, *top, row)).map(|(t, r)| (t, r.base)).collect();
        if let Some((_, body)) = page.frames.first_mut() {
            let all = std::mem::take(body);
            for row in all {
                let told = number > 0 || row.base > middle;
                let artifact = told && row.words.iter().all(|w| w.flags & ARTIFACT != 0);
                match rows.iter().find(|(_, base)| *base == row.base) {
                    Some((true, _)) => taken.header.push(row),
                    Some((false, _)) => taken.footer.push(row),
                    None if artifact && row.base <= middle => taken.header.push(row),
                    None if artifact => taken.footer.push(row),
                    None => body.push(row),
                }
            }
        }
        out.push(taken);
    }
    out
}

/// The rows at the ends of a page; `true` for those at the top.
fn edges(page: &Page) -> impl Iterator<Item = (bool, &Row)> {
    let height = page.size.1;
    let rows: &[Row] = page.frames.first().filter(|(turn, _)| turn.0 == 0).map_or(&[], |(_, rows)| rows);
    let top = rows.iter().take(ROWS).filter(move |r| r.base < height * ZONE).map(|r| (true, r));
    let bottom = rows.iter().rev().take(ROWS).filter(move |r| r.base > height * (1.0 - ZONE)).map(|r| (false, r));
    // What stands between upright rules is a row of a table.
    let in_table = |r: &Row| {
        let y = r.base - 0.3 * r.size;
        page.rules.standing.iter().filter(|s| s.from < y && y < s.to).count() >= 3
    };
    top.chain(bottom).filter(move |(_, r)| !in_table(r))
}

/// The text of a row without its numbers.
fn key(row: &Row) -> String {
    let mut out = String::new();
    for c in row.words.iter().flat_map(|w| w.text.chars()) {
        let c = if c.is_numeric() { '#' } else { c };
        if !(c == '#' && out.ends_with('#')) {
            out.push(c);
        }
    }
    out
}

/// The height of a row in coarse steps, and the next step, so that near rows share one.
fn heights(row: &Row) -> [i32; 2] {
    let step = (row.base / 8.0).floor() as i32;
    [step, if row.base / 8.0 - step as f32 > 0.5 { step + 1 } else { step - 1 }]
}
