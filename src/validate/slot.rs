//! When a session or talk takes place, in minutes.
//!
//! In: clock times of the record. Out: minutes that can be compared, evenings past midnight unrolled.
//! Never: guesses an end.

use crate::model::{Record, Session, Talk};

/// Minutes of `HH:MM`; nothing where it is no clock time.
pub fn minutes(time: &str) -> Option<u32> {
    let (h, m) = time.split_once(':')?;
    let (h, m): (u32, u32) = (h.parse().ok()?, m.parse().ok()?);
    (h <= 24 && m < 60).then_some(h * 60 + m)
}

/// A stretch of one day; `end` may lie past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First minute.
    pub start: u32,
    /// Last minute, where it is stated.
    pub end: Option<u32>,
}

impl Slot {
    /// The slot of two clock times; nothing without a start.
    pub fn new(start: Option<&str>, end: Option<&str>) -> Option<Self> {
        let start = minutes(start?)?;
        let end = end.and_then(minutes).map(|e| if past_midnight(start, e) { e + 24 * 60 } else { e });
        Some(Self { start, end })
    }

    /// The slot of a session.
    pub fn of(session: &Session) -> Option<Self> {
        Self::new(session.start.as_deref(), session.end.as_deref())
    }

    /// The slot of a talk that states one, else that of its session.
    pub fn of_talk(talk: &Talk, session: &Session) -> Option<Self> {
        Self::new(talk.start.as_deref(), talk.end.as_deref()).or_else(|| Self::of(session))
    }

    /// Whether it ends before it starts.
    pub fn is_backward(self) -> bool {
        self.end.is_some_and(|e| e < self.start)
    }

    /// Whether the two share a minute; false where an end is not stated.
    pub fn overlaps(self, other: Slot) -> bool {
        let (Some(a), Some(b)) = (self.end, other.end) else { return false };
        self.start < b && other.start < a
    }

    /// Whether `other` lies inside; an end that is not stated cannot lie outside.
    pub fn contains(self, other: Slot) -> bool {
        let ends = self.end.zip(other.end).is_none_or(|(a, b)| b <= a);
        self.start <= other.start && ends && self.end.is_none_or(|e| other.start <= e)
    }
}

/// An evening that ends after midnight: it starts at 17:00 or later and ends before 06:00.
fn past_midnight(start: u32, end: u32) -> bool {
    start >= 17 * 60 && end < 6 * 60
}

/// For each session the index of the session that it lies in, where there is one.
pub fn parents(record: &Record) -> Vec<Option<usize>> {
    let index = |id: &String| record.sessions.iter().position(|s| s.id == *id);
    record.sessions.iter().map(|s| s.parent.as_ref().and_then(index)).collect()
}

/// Whether one of the two lies in the other, at any depth.
pub fn related(parents: &[Option<usize>], a: usize, b: usize) -> bool {
    let above = |mut low: usize, high: usize| {
        for _ in 0..parents.len() {
            match parents.get(low).copied().flatten() {
                Some(up) if up == high => return true,
                Some(up) => low = up,
                None => return false,
            }
        }
        false
    };
    above(a, b) || above(b, a)
}

/// Pairs of sessions on one date that share a minute and do not lie in one another; first by the earlier index.
pub fn overlapping(record: &Record) -> Vec<(usize, usize)> {
    let parents = parents(record);
    let slots: Vec<Option<Slot>> = record.sessions.iter().map(Slot::of).collect();
    let mut order: Vec<usize> = (0..slots.len()).filter(|i| slots[*i].is_some_and(|s| s.end.is_some())).collect();
    order.sort_by_key(|i| (&record.sessions[*i].date, slots[*i].map_or(0, |s| s.start), *i));
    let mut pairs = Vec::new();
    for (n, &i) in order.iter().enumerate() {
        let Some(a) = slots[i] else { continue };
        for &j in &order[n + 1..] {
            let Some(b) = slots[j] else { continue };
            if record.sessions[i].date != record.sessions[j].date || a.end.is_some_and(|e| b.start >= e) {
                break;
            }
            if a.overlaps(b) && !related(&parents, i, j) {
                pairs.push((i.min(j), i.max(j)));
            }
        }
        // A text of nothing but parallel rows is not worth a quadratic number of findings.
        if pairs.len() > 10_000 {
            break;
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenings_pass_midnight_and_days_do_not() {
        let slot = |a, b| Slot::new(Some(a), Some(b)).expect("a slot");
        assert!(!slot("19:00", "01:30").is_backward());
        assert!(slot("11:00", "10:30").is_backward());
        assert!(slot("16:59", "05:00").is_backward());
        assert!(slot("18:00", "06:00").is_backward());
    }

    #[test]
    fn a_slot_contains_what_does_not_leave_it() {
        let slot = |a, b| Slot::new(Some(a), b).expect("a slot");
        assert!(slot("09:00", Some("10:00")).contains(slot("09:30", None)));
        assert!(slot("09:00", None).contains(slot("09:30", Some("12:00"))));
        assert!(!slot("09:00", Some("10:00")).contains(slot("09:30", Some("10:01"))));
        assert!(!slot("09:00", Some("10:00")).contains(slot("10:30", None)));
    }
}
