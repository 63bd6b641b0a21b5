//! The reading order of a page: columns one after the other, tables row by row.
//!
//! In: items. Out: [`Node`]s in reading order. Never: reads words; what is a column and what a table is told by where
//! lines stand, how long they are and whether they align.

use super::blocks::{self, Item, Kind, Line, Node};
use super::geometry::Area;
use super::grid;
use super::paths::Rule;
use super::words::Word;

/// How deep bands are looked for within bands.
const DEPTH: usize = 12;
/// Items of a page beyond which no bands are looked for.
const MOST: usize = 2000;
/// Places that are tried for a gutter.
const TRIES: usize = 96;
/// The least width of a gutter, in units of the font size.
const GUTTER: f32 = 0.3;

/// Puts items into reading order.
pub(super) fn order(mut items: Vec<Item>, rules: &[Rule]) -> Vec<Node> {
    let mut out = Vec::new();
    sort(&mut items);
    arrange(part_at_stops(items), rules, 0, &mut out);
    out
}

fn sort(items: &mut [Item]) {
    items.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.area.left.total_cmp(&b.area.left)));
}

/// A place at which text begins again behind a gap, on several lines.
struct Stop {
    at: f32,
    /// Left edge of what stands before it, and its greatest width.
    left: f32,
    width: f32,
    lines: usize,
}

/// Parts items where a word begins at a stop that other lines reach over a gap: there the entry before was too long to
/// leave one.
fn part_at_stops(items: Vec<Item>) -> Vec<Item> {
    let mut stops: Vec<Stop> = Vec::new();
    for pair in items.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if a.is_table() || b.is_table() || (a.base - b.base).abs() > 0.25 * a.size || b.area.left < a.area.right {
            continue;
        }
        let (at, left, width) = (b.area.left, a.area.left, a.area.width());
        match stops.iter().position(|s| (s.at - at).abs() <= 1.0 && (s.left - left).abs() <= 1.5) {
            Some(i) => (stops[i].lines, stops[i].width) = (stops[i].lines + 1, stops[i].width.max(width)),
            None if stops.len() < 200 => stops.push(Stop { at, left, width, lines: 1 }),
            None => {}
        }
    }
    stops.retain(|s| s.lines >= 3);
    if stops.is_empty() {
        return items;
    }
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        match item.kind {
            Kind::Words(words) => match stop_in(&words, &stops) {
                Some(at) => {
                    let mut words = words;
                    let rest = words.split_off(at);
                    out.extend([blocks::item(words), blocks::item(rest)]);
                }
                None => out.push(blocks::item(words)),
            },
            _ => out.push(item),
        }
    }
    out
}

/// The word of an item that stands at a stop.
fn stop_in(words: &[Word], stops: &[Stop]) -> Option<usize> {
    let first = words.first()?.area.left;
    (1..words.len().min(40)).find(|i| {
        let (before, word) = (&words[i - 1], &words[*i]);
        let gap = word.area.left - before.area.right;
        gap > 0.12 * word.size
            && stops.iter().any(|s| {
                let width = before.area.right - first;
                let slack = if *i < 8 { 0.8 } else { 0.5 };
                (word.area.left - s.at).abs() <= slack
                    && (first - s.left).abs() <= 1.5
                    && (width <= s.width + word.size || (*i < 8 && width <= 1.5 * s.width))
            })
    })
}

fn arrange(mut items: Vec<Item>, rules: &[Rule], depth: usize, out: &mut Vec<Node>) {
    sort(&mut items);
    let band = if items.len() < 4 || items.len() > MOST || depth > DEPTH { None } else { best_band(&items) };
    let Some(band) = band else { return flow(items, out) };
    let table = grid::table(&items[band.core.clone()], band.gutter, rules);
    let inside = if table.is_some() { band.core } else { band.whole };
    let below = items.split_off(inside.end);
    let inside = items.split_off(inside.start);
    arrange(items, rules, depth + 1, out);
    out.push(Node::Break);
    if let Some(table) = table {
        out.extend(table);
    } else {
        let (left, right) = inside.into_iter().partition(|i| (i.area.left + i.area.right) / 2.0 < band.gutter);
        arrange(left, rules, depth + 1, out);
        out.push(Node::Break);
        arrange(right, rules, depth + 1, out);
    }
    out.push(Node::Break);
    arrange(below, rules, depth + 1, out);
}

/// A stretch of the page that a gutter parts.
#[derive(Debug)]
struct Band {
    gutter: f32,
    /// Lines between the first and the last that have others beside them.
    core: std::ops::Range<usize>,
    /// With the lines of one side alone that belong to them.
    whole: std::ops::Range<usize>,
    score: f32,
}

/// The stretch with the most lines on both sides of a gutter. Items are sorted by base line.
fn best_band(items: &[Item]) -> Option<Band> {
    let mut best: Option<Band> = None;
    for x in gutters(items) {
        for band in bands(items, x) {
            if best.as_ref().is_none_or(|b| band.score > b.score) {
                best = Some(band);
            }
        }
    }
    best
}

/// Places at which a gutter might stand: gaps in a row, and the left of edges that many lines share.
fn gutters(items: &[Item]) -> Vec<f32> {
    let mut found: Vec<(f32, usize)> = Vec::new();
    let mut add = |x: f32, weight: usize| match found.iter().position(|(y, _)| (*y - x).abs() < 1.2) {
        Some(i) => found[i].1 += weight,
        None if found.len() < 4 * TRIES => found.push((x, weight)),
        None => {}
    };
    for pair in items.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if (a.base - b.base).abs() < 0.25 * a.size && b.area.left > a.area.right {
            add(b.area.left - 0.35 * b.size, 1);
            add((a.area.right + b.area.left) / 2.0, 1);
        }
    }
    let left = items.iter().map(|i| i.area.left).fold(f32::MAX, f32::min);
    for item in items {
        if item.area.left > left + 2.0 * item.size {
            add(item.area.left - 0.35 * item.size, 1);
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.total_cmp(&b.0)));
    found.truncate(TRIES);
    found.into_iter().map(|(x, _)| x).collect()
}

/// The stretches that a gutter at `x` parts.
fn bands(items: &[Item], x: f32) -> Vec<Band> {
    let mut out = Vec::new();
    let mut start = 0;
    for i in 0..=items.len() {
        let crosses = items.get(i).is_none_or(|item| item.area.left < x - 0.1 && item.area.right > x + 0.1);
        if crosses {
            out.extend(band(items, start..i, x));
            start = i + 1;
        }
    }
    out
}

/// The part of a stretch in which lines stand on both sides.
fn band(items: &[Item], mut range: std::ops::Range<usize>, x: f32) -> Option<Band> {
    let is_left = |i: usize| items[i].area.right <= x + 0.1;
    let (low, high) = (range.start, range.end.checked_sub(1)?);
    let (l, r) = (range.clone().find(|i| is_left(*i))?, range.clone().find(|i| !is_left(*i))?);
    let (last_l, last_r) = (range.clone().rfind(|i| is_left(*i))?, range.rfind(|i| !is_left(*i))?);
    let (mut first, mut last) = (l.max(r), last_l.min(last_r));
    let step = |i: usize| (items[i + 1].base - items[i].base) / items[i].size.max(items[i + 1].size).max(1.0);
    while first > low && step(first - 1) < 0.5 {
        first -= 1;
    }
    while last < high && step(last) < 0.5 {
        last += 1;
    }
    if first > last {
        return None;
    }
    // A line at the top that has another beside it by chance begins no table.
    let mut core = without_head(items, first..last + 1, x);
    // A table goes on with the lines of its last cells; a row begins before its first entry where that stands in the middle.
    while core.start > low && step(core.start - 1) <= 2.0 && !is_left(core.start - 1) {
        core.start -= 1;
    }
    while core.end <= high && step(core.end - 1) <= 2.0 && !is_left(core.end) {
        core.end += 1;
    }
    // A column goes on while its lines stand close; a last line or two behind a gap stand for themselves.
    while first > low && step(first - 1) <= 2.0 {
        first -= 1;
    }
    while last < high && step(last) <= 2.0 && (step(last) <= 1.5 || high - last >= 3) {
        last += 1;
    }
    let whole = first.min(core.start)..(last + 1).max(core.end);
    let sides = |left: bool| core.clone().filter(move |i| is_left(*i) == left);
    let (n_left, n_right) = (sides(true).count(), sides(false).count());
    let edge =
        items[whole.clone()].iter().filter(|i| i.area.right <= x + 0.1).map(|i| i.area.right).fold(f32::MIN, f32::max);
    let other =
        items[whole.clone()].iter().filter(|i| i.area.right > x + 0.1).map(|i| i.area.left).fold(f32::MAX, f32::min);
    let size = items[whole.clone()].iter().map(|i| i.size).fold(f32::MAX, f32::min);
    if n_left < 2 || n_right < 2 || other - edge < GUTTER * size {
        return None;
    }
    let score = n_left.min(n_right) as f32 + 0.2 * core.len() as f32 + ((other - edge) / size.max(1.0)).min(3.0) * 0.3;
    Some(Band { gutter: (edge + other) / 2.0, core, whole, score })
}

/// A stretch without the rows at its top that are followed by lines of the left side alone.
fn without_head(items: &[Item], mut range: std::ops::Range<usize>, x: f32) -> std::ops::Range<usize> {
    let is_left = |i: usize| items[i].area.right <= x + 0.1;
    let low = range.start;
    let same = |i: usize, j: usize| (items[i].base - items[j].base).abs() < 0.25 * items[i].size;
    let row_start = |row: usize| (low..row).rev().take_while(|i| same(*i, row)).last().unwrap_or(row);
    let beside =
        |i: &usize| items[i + 1].base - items[*i].base < 0.25 * items[*i].size && is_left(*i) != is_left(i + 1);
    if let Some(row) = (range.start..range.end - 1).find(beside)
        && (row + 1..range.end - 1).any(|i| beside(&i))
    {
        range.start = row_start(row);
    }
    while range.len() > 4 {
        let mut rows = (range.start..range.end - 1).filter(beside);
        let (Some(row), Some(next)) = (rows.next(), rows.next()) else { break };
        let next = row_start(next);
        let alone = (row + 2..next).filter(|i| is_left(*i)).count();
        if alone < 2 || (row + 2..next).any(|i| !is_left(i)) || next <= range.start {
            break;
        }
        range.start = next;
    }
    range
}

/// Lines from top to bottom, those on one base line together.
fn flow(items: Vec<Item>, out: &mut Vec<Node>) {
    let mut line: Vec<Word> = Vec::new();
    let mut base = f32::MIN;
    let finish = |line: &mut Vec<Word>, out: &mut Vec<Node>| {
        if !line.is_empty() {
            out.push(Node::Line(Line::new(std::mem::take(line))));
        }
    };
    for item in items {
        let size = item.size;
        match item.kind {
            Kind::Table(table) => {
                finish(&mut line, out);
                out.extend([Node::Break, Node::Table(table), Node::Break]);
            }
            Kind::Words(words) => {
                if (item.base - base).abs() > 0.25 * size {
                    finish(&mut line, out);
                    base = item.base;
                }
                line.extend(words);
            }
        }
    }
    finish(&mut line, out);
}

/// The box round items.
pub(super) fn area(items: &[Item]) -> Area {
    items.iter().fold(Area::NONE, |a, i| a.union(i.area))
}
