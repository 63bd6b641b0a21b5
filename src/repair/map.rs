//! Where the bytes of a repaired text came from.
//!
//! In: the edits of one pass, or two maps. Out: one map. Never: looks at the text.

use crate::model::Span;

/// One replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What was replaced, in the older text.
    pub from: Span,
    /// What stands there now, in the newer text; empty where something was taken out.
    pub to: Span,
    /// Index of the rule that did it.
    pub rule: usize,
}

/// Where the bytes of a repaired text came from: replacements, sorted, with everything between them
/// unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    edits: Vec<Edit>,
}

impl OffsetMap {
    /// The map of a text that nothing was done to.
    pub const fn identity() -> Self {
        Self { edits: Vec::new() }
    }

    /// The map of `edits`; none where they are not sorted, not apart, or do not keep what lies between them.
    pub fn from_edits(edits: Vec<Edit>) -> Option<Self> {
        let mut last = Span::default();
        let mut ahead = Span::default();
        for edit in &edits {
            if edit.from.end < edit.from.start || edit.to.end < edit.to.start {
                return None;
            }
            let gap = edit.from.start.checked_sub(last.end)?;
            if edit.to.start.checked_sub(ahead.end)? != gap {
                return None;
            }
            (last, ahead) = (edit.from, edit.to);
        }
        Some(Self::new(edits))
    }

    /// The map of edits that are known to be in order.
    pub(crate) fn new(edits: Vec<Edit>) -> Self {
        let is_something = |e: &Edit| !(e.from.is_empty() && e.to.is_empty());
        Self { edits: edits.into_iter().filter(is_something).collect() }
    }

    /// The replacements, in order.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The range of the ingested text that a range of the repaired text came from. A part of a
    /// replacement came from the whole of what it replaced; what was taken out at the very ends of the
    /// range is not in it.
    pub fn home(&self, span: Span) -> Span {
        if self.edits.is_empty() {
            return span;
        }
        let (start, end) = project(&self.edits, span, |e| (e.to, e.from));
        Span::new(start, end)
    }

    /// The range of the repaired text that a range of the ingested text became.
    pub fn forth(&self, span: Span) -> Span {
        if self.edits.is_empty() {
            return span;
        }
        let (start, end) = project(&self.edits, span, |e| (e.from, e.to));
        Span::new(start, end)
    }

    /// The map of two passes: `self` leads from the text between them to the oldest, `other` from the
    /// newest to the text between them.
    pub fn compose(&self, other: &OffsetMap) -> OffsetMap {
        if self.edits.is_empty() {
            return other.clone();
        }
        if other.edits.is_empty() {
            return self.clone();
        }
        let mut merge = Merge { first: &self.edits, second: &other.edits, edits: Vec::new(), old: 0, new: 0 };
        while merge.cluster() {}
        OffsetMap::new(merge.edits)
    }
}

/// Moves a range across `edits` from the side that `sides` gives first to the other.
fn project(edits: &[Edit], span: Span, sides: impl Fn(&Edit) -> (Span, Span)) -> (usize, usize) {
    let here = |e: &Edit| sides(e).0;
    let past = |at: usize, count: usize| match count.checked_sub(1).map(|i| sides(&edits[i])) {
        Some((here, there)) => there.end + at.saturating_sub(here.end),
        None => at,
    };
    // The start: inside an edit it is the edit's start, else it moves with the edits before it.
    let before = edits.partition_point(|e| here(e).end <= span.start);
    let start = match edits.get(before) {
        Some(e) if here(e).start <= span.start => sides(e).1.start,
        _ => past(span.start, before),
    };
    if span.is_empty() {
        return (start, start);
    }
    // The end: inside an edit, or at its end, it is the edit's end.
    let before = edits.partition_point(|e| here(e).end < span.end);
    let end = match edits.get(before) {
        Some(e) if here(e).start < span.end => sides(e).1.end,
        _ => past(span.end, before),
    };
    (start, end.max(start))
}

/// Two passes being made into one.
struct Merge<'a> {
    first: &'a [Edit],
    second: &'a [Edit],
    edits: Vec<Edit>,
    /// How far the oldest and the newest text are ahead of the text between, so far.
    old: isize,
    new: isize,
}

impl Merge<'_> {
    /// Takes the edits that touch the same bytes of the text between and makes them one; whether there were any.
    fn cluster(&mut self) -> bool {
        let (first, second) = (self.first.first().map(|e| e.to), self.second.first().map(|e| e.from));
        let (mut range, rule) = match (first, second) {
            (Some(a), Some(b)) if (b.start, b.end) < (a.start, a.end) => (b, self.second[0].rule),
            (Some(a), _) => (a, self.first[0].rule),
            (None, Some(b)) => (b, self.second[0].rule),
            (None, None) => return false,
        };
        let (old, new) = (self.old, self.new);
        loop {
            if let Some((e, rest)) = self.first.split_first().filter(|(e, _)| touches(range, e.to)) {
                range = Span::new(range.start.min(e.to.start), range.end.max(e.to.end));
                self.old = e.from.end as isize - e.to.end as isize;
                self.first = rest;
            } else if let Some((e, rest)) = self.second.split_first().filter(|(e, _)| touches(range, e.from)) {
                range = Span::new(range.start.min(e.from.start), range.end.max(e.from.end));
                self.new = e.to.end as isize - e.from.end as isize;
                self.second = rest;
            } else {
                break;
            }
        }
        let moved = |at: usize, by: isize| at.saturating_add_signed(by);
        self.edits.push(Edit {
            from: Span::new(moved(range.start, old), moved(range.end, self.old)),
            to: Span::new(moved(range.start, new), moved(range.end, self.new)),
            rule,
        });
        true
    }
}

/// Whether two ranges share a byte, one lies inside the other, or they are the same place.
fn touches(a: Span, b: Span) -> bool {
    a.overlaps(b) || a == b || (a.is_empty() && b.start < a.start && a.start < b.end)
}
