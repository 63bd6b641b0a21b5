//! Which lines go on what the line before says, because it was full.
//!
//! In: lines in reading order, with the edges of their column. Out: for each line whether it goes on ([`Line::goes_on`]).
//! Never: looks at what the words mean; where the edges are not known, it says nothing.

use super::blocks::{Line, Node, Table, is_bullet};
use super::rows;

/// The edges of a column.
#[derive(Clone, Copy, Debug)]
struct Edges {
    left: f32,
    right: f32,
    /// Whether text really reaches the right edge: lines are broken there.
    sure: bool,
}

/// Looks at all lines of a page of this width.
pub(super) fn mark(nodes: &mut [Node], width: f32) {
    let margin = lines(nodes).map(|l| l.area.left).fold(f32::MAX, f32::min);
    for part in nodes.split_mut(|n| matches!(n, Node::Break)) {
        let mut flow: Vec<&mut Line> = Vec::new();
        for node in part {
            match node {
                Node::Line(line) => flow.push(line),
                Node::Table(table) => mark_table(table, width - margin),
                Node::Break => {}
            }
        }
        let lines: Vec<&Line> = flow.iter().map(|l| &**l).collect();
        let pairs: Vec<(&Line, &Line)> = lines.windows(2).map(|w| (w[0], w[1])).collect();
        let edges = edges(&lines, &pairs, width - margin);
        mark_lines(&mut flow, edges, true);
    }
}

fn lines(nodes: &[Node]) -> impl Iterator<Item = &Line> {
    nodes.iter().filter_map(|n| if let Node::Line(line) = n { Some(line) } else { None })
}

/// The cells of each column of a table share their edges.
fn mark_table(table: &mut Table, margin: f32) {
    for column in 0..table.columns {
        let cells: Vec<_> = table.rows.iter_mut().flatten().filter(|c| c.column == column).collect();
        let single = || cells.iter().filter(|c| c.columns == 1);
        let lines: Vec<&Line> = single().flat_map(|c| &c.lines).collect();
        let pairs: Vec<(&Line, &Line)> = single().flat_map(|c| c.lines.windows(2)).map(|w| (&w[0], &w[1])).collect();
        let shared = edges(&lines, &pairs, margin);
        for cell in cells {
            let own = cell.inside.map(|(left, right)| {
                // What is left free before the text is left free behind it too.
                let pad = cell.lines.iter().map(|l| l.area.left - left).fold(f32::MAX, f32::min).clamp(0.0, 12.0);
                Edges { left: left + pad, right: right - pad.max(0.5), sure: true }
            });
            let mut lines: Vec<&mut Line> = cell.lines.iter_mut().collect();
            if let Some(first) = lines.first_mut() {
                first.goes_on = Some(false);
            }
            mark_lines(&mut lines, own.unwrap_or(shared), false);
        }
    }
}

/// The edges that lines have in common; `pairs` are those that follow each other.
fn edges(lines: &[&Line], pairs: &[(&Line, &Line)], margin: f32) -> Edges {
    let left = lines.iter().map(|l| l.area.left).fold(f32::MAX, f32::min);
    let right = lines.iter().map(|l| l.area.right).fold(f32::MIN, f32::max);
    let size = lines.iter().map(|l| l.size).fold(0.0, f32::max);
    let full = pairs.iter().filter(|(a, b)| need(b) > right - a.area.right).count();
    let at_margin = (right - margin).abs() < 1.6 * size && right - left > 12.0 * size;
    let sure = at_margin || (full >= 3 && full * 2 >= pairs.len());
    Edges { left, right: if at_margin { right.max(margin.min(right + size)) } else { right }, sure }
}

/// The room that the first word of a line takes.
fn need(line: &Line) -> f32 {
    line.words.first().map_or(0.0, |w| w.area.width() + 0.22 * w.size)
}

fn mark_lines(lines: &mut [&mut Line], edges: Edges, flow: bool) {
    for i in 1..lines.len() {
        let (before, after) = lines.split_at_mut(i);
        let (Some(a), Some(b)) = (before.last_mut(), after.first_mut()) else { continue };
        b.goes_on = goes_on(a, b, edges, flow);
        if b.goes_on == Some(true) {
            a.goes_on = a.goes_on.or(Some(false));
        }
    }
}

/// Whether line `b` goes on line `a`; nothing where that cannot be told.
fn goes_on(a: &Line, b: &Line, edges: Edges, flow: bool) -> Option<bool> {
    let size = a.size.max(b.size);
    let step = (b.base - a.base) / size.max(1.0);
    if b.words.first().is_some_and(|w| is_bullet(&w.text)) || !(0.3..3.2).contains(&step) {
        return Some(false);
    }
    if (a.size - b.size).abs() > 0.12 * size || rows::has_rtl(&b.words) {
        return None;
    }
    let wide = edges.right - edges.left;
    let middle = |l: &Line| (l.area.left + l.area.right) / 2.0;
    let centre = (edges.left + edges.right) / 2.0;
    let is_centred = |l: &Line| (middle(l) - centre).abs() < size;
    let aligned = (a.area.left - b.area.left).abs() < 0.3 * size && (a.area.width() - b.area.width()).abs() > size;
    let centred = is_centred(a) && is_centred(b) && !aligned;
    let room = if centred { wide - a.area.width() } else { edges.right - a.area.right };
    let slack = need(b) - room;
    match () {
        () if edges.sure && slack > 1.0 => Some(true),
        () if centred && flow => None,
        () if slack < -0.6 * size => Some(false),
        () => None,
    }
}
