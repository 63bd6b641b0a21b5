//! Paths → the straight rules and filled boxes of a page.
//!
//! In: the path operators, already on the page. Out: rules along the axes and filled areas. Never: keeps a curve.

use super::geometry::{Area, Matrix, apply};

/// Rules of one page.
const RULES: usize = 20_000;
/// Lines of one path.
const LINES: usize = 4096;
/// A filled box that is thinner is a rule.
const THIN: f32 = 3.0;

/// A path in the making.
#[derive(Default)]
pub(super) struct Path {
    lines: Vec<[f32; 4]>,
    /// Boxes, where it has such.
    boxes: Vec<Area>,
    start: (f32, f32),
    pen: (f32, f32),
    area: Option<Area>,
    curved: bool,
    /// Whether it is to clip what follows.
    pub clip: bool,
}

impl Path {
    /// Begins a part.
    pub fn start(&mut self, m: &Matrix, x: f64, y: f64) {
        self.start = apply(m, x, y);
        self.pen = self.start;
        self.reach(self.pen);
    }

    /// A line to a point.
    pub fn line(&mut self, m: &Matrix, x: f64, y: f64) {
        let to = apply(m, x, y);
        self.segment(to);
        self.reach(to);
    }

    /// A curve to a point.
    pub fn curve(&mut self, m: &Matrix, x: f64, y: f64) {
        self.pen = apply(m, x, y);
        self.curved = true;
        self.reach(self.pen);
    }

    /// A box: left, bottom, width, height.
    pub fn rect(&mut self, m: &Matrix, [x, y, w, h]: [f64; 4]) {
        let area = Area::of(m, [x, y, x + w, y + h]);
        if self.boxes.len() < LINES {
            self.boxes.push(area);
        }
        self.area = Some(self.area.map_or(area, |a| a.union(area)));
        self.start = apply(m, x, y);
        self.pen = self.start;
    }

    /// Closes the part.
    pub fn close(&mut self) {
        self.segment(self.start);
    }

    /// The box round all of it.
    pub fn area(&self) -> Area {
        self.area.unwrap_or(Area { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 })
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.boxes.clear();
        (self.area, self.curved, self.clip) = (None, false, false);
    }

    fn segment(&mut self, to: (f32, f32)) {
        if self.lines.len() < LINES && to != self.pen {
            self.lines.push([self.pen.0, self.pen.1, to.0, to.1]);
        }
        self.pen = to;
    }

    fn reach(&mut self, (x, y): (f32, f32)) {
        let mut area = self.area.unwrap_or(Area::NONE);
        area.add(x, y);
        self.area = Some(area);
    }
}

/// A straight rule along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    /// Where it stands: its height on the page if it lies, else its distance from the left.
    pub at: f32,
    /// Where it begins.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
}

/// A filled area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fill {
    /// Where.
    pub area: Area,
    /// Whether it is white.
    pub white: bool,
    /// How many glyphs were drawn before it.
    pub after: usize,
}

/// The rules and filled areas of a page.
#[derive(Clone, Default, Debug)]
pub(super) struct Rules {
    /// Rules that lie.
    pub lying: Vec<Rule>,
    /// Rules that stand.
    pub standing: Vec<Rule>,
    /// Filled areas.
    pub fills: Vec<Fill>,
}

impl Rules {
    /// Takes a path that was stroked.
    pub fn stroked(&mut self, path: &Path, clip: Area) {
        for [x0, y0, x1, y1] in &path.lines {
            self.line(*x0, *y0, *x1, *y1, clip);
        }
        for area in &path.boxes {
            self.edges(*area, clip);
        }
    }

    /// Takes a path that was filled.
    pub fn filled(&mut self, path: &Path, clip: Area, white: bool, after: usize) {
        for area in &path.boxes {
            self.fill(area.meet(clip), white, after);
        }
        if path.boxes.is_empty() {
            let area = path.area().meet(clip);
            let boxed = !path.curved && matches!(path.lines.len(), 3..=5);
            if boxed || area.width().min(area.height()) > THIN {
                self.fill(area, white, after);
            }
        }
    }

    /// Takes a filled area.
    pub fn fill(&mut self, area: Area, white: bool, after: usize) {
        let (width, height) = (area.width(), area.height());
        if area.right < area.left || area.bottom < area.top || self.fills.len() >= RULES {
            return;
        }
        if height <= THIN && width > 4.0 * height {
            if !white {
                let y = (area.top + area.bottom) / 2.0;
                self.line(area.left, y, area.right, y, Area::ALL);
            }
        } else if width <= THIN && height > 4.0 * width {
            if !white {
                let x = (area.left + area.right) / 2.0;
                self.line(x, area.top, x, area.bottom, Area::ALL);
            }
        } else if width > 0.0 && height > 0.0 {
            self.fills.push(Fill { area, white, after });
        }
    }

    fn edges(&mut self, area: Area, clip: Area) {
        let Area { left, top, right, bottom } = area;
        self.line(left, top, right, top, clip);
        self.line(left, bottom, right, bottom, clip);
        self.line(left, top, left, bottom, clip);
        self.line(right, top, right, bottom, clip);
    }

    fn line(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, clip: Area) {
        if !(x0.is_finite() && y0.is_finite() && x1.is_finite() && y1.is_finite()) {
            return;
        }
        let (dx, dy) = ((x1 - x0).abs(), (y1 - y0).abs());
        let within = |at: f32, low: f32, high: f32| at >= low - 2.0 && at <= high + 2.0;
        if dy <= 1.0 && dx > dy && self.lying.len() < RULES {
            let (from, to) = (x0.min(x1).max(clip.left), x0.max(x1).min(clip.right));
            if to > from && within(y0, clip.top, clip.bottom) {
                self.lying.push(Rule { at: (y0 + y1) / 2.0, from, to });
            }
        } else if dx <= 1.0 && dy > dx && self.standing.len() < RULES {
            let (from, to) = (y0.min(y1).max(clip.top), y0.max(y1).min(clip.bottom));
            if to > from && within(x0, clip.left, clip.right) {
                self.standing.push(Rule { at: (x0 + x1) / 2.0, from, to });
            }
        }
    }
}
