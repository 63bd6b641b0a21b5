//! Points, boxes and transforms of a page, in points from its upper left corner.
//!
//! In: numbers. Out: numbers. Never: fails; what is not finite is the caller's to leave out.

/// A transform `[a b c d e f]` as PDF writes it.
pub(super) type Matrix = [f64; 6];

/// No change.
pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `inner`, then `outer`.
pub(super) fn mul(outer: &Matrix, inner: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *outer;
    let [g, h, i, j, k, l] = *inner;
    [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

/// Where a point goes.
pub(super) fn apply(m: &Matrix, x: f64, y: f64) -> (f32, f32) {
    ((m[0] * x + m[2] * y + m[4]) as f32, (m[1] * x + m[3] * y + m[5]) as f32)
}

/// An upright box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Area {
    /// A box that holds nothing, to be extended.
    pub const NONE: Area = Area { left: f32::MAX, top: f32::MAX, right: f32::MIN, bottom: f32::MIN };

    /// A box that holds everything.
    pub const ALL: Area = Area { left: f32::MIN, top: f32::MIN, right: f32::MAX, bottom: f32::MAX };

    /// The box round a rectangle that `m` has moved.
    pub fn of(m: &Matrix, [x0, y0, x1, y1]: [f64; 4]) -> Self {
        let mut area = Area::NONE;
        for (x, y) in [(x0, y0), (x1, y0), (x0, y1), (x1, y1)] {
            let (x, y) = apply(m, x, y);
            area.add(x, y);
        }
        area
    }

    /// Extends the box to hold a point.
    pub fn add(&mut self, x: f32, y: f32) {
        self.left = self.left.min(x);
        self.right = self.right.max(x);
        self.top = self.top.min(y);
        self.bottom = self.bottom.max(y);
    }

    /// The box round both.
    pub fn union(self, other: Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What both hold.
    pub fn meet(self, other: Area) -> Area {
        Area {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// Width, not below nothing.
    pub fn width(self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    /// Height, not below nothing.
    pub fn height(self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    /// Whether a point lies inside, `slack` points aside.
    pub fn holds(self, x: f32, y: f32, slack: f32) -> bool {
        x >= self.left - slack && x <= self.right + slack && y >= self.top - slack && y <= self.bottom + slack
    }
}

/// The direction in which text runs, in whole degrees clockwise from left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Turn(pub i16);

impl Turn {
    /// The turn of text that runs along a vector; within a few degrees of upright it counts as upright.
    pub fn of(dx: f64, dy: f64) -> Self {
        let degrees = dy.atan2(dx).to_degrees().round() as i16;
        let near = [0, 90, 180, -90, -180].into_iter().find(|d: &i16| (d - degrees).abs() <= 4);
        match near {
            Some(-180) => Turn(180),
            Some(d) => Turn(d),
            None => Turn(degrees),
        }
    }

    fn parts(self) -> (f32, f32) {
        match self.0 {
            0 => (1.0, 0.0),
            90 => (0.0, 1.0),
            180 => (-1.0, 0.0),
            -90 => (0.0, -1.0),
            d => (f32::from(d).to_radians().cos(), f32::from(d).to_radians().sin()),
        }
    }

    /// A point of the page in the frame in which the text is upright.
    pub fn upright(self, x: f32, y: f32) -> (f32, f32) {
        let (c, s) = self.parts();
        (x * c + y * s, y * c - x * s)
    }

    /// A box of that frame, on the page.
    pub fn home(self, area: Area) -> Area {
        let (c, s) = self.parts();
        let mut out = Area::NONE;
        for (x, y) in
            [(area.left, area.top), (area.right, area.top), (area.left, area.bottom), (area.right, area.bottom)]
        {
            out.add(x * c - y * s, x * s + y * c);
        }
        out
    }
}
