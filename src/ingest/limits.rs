//! What reading one document may cost.
//!
//! In: the caller's limits. Out: a [`Budget`] that a reader asks as it goes, and the caps that follow from the limits.
//! Never: decides what to do when it is spent; the reader keeps what it has and says so.

use std::time::{Duration, Instant};

/// What reading one document may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory that a document may take, about.
    pub memory: u64,
    /// Time that a document may take.
    pub time: Duration,
}

impl Default for Limits {
    /// 1 GiB and a minute.
    fn default() -> Self {
        Self { memory: 1 << 30, time: Duration::from_secs(60) }
    }
}

impl Limits {
    /// Bytes that the packed parts of one document may unpack to, all together.
    pub fn unpacked(&self) -> u64 {
        self.memory / 8
    }

    /// Bytes of text that one document may hold.
    pub fn text(&self) -> usize {
        usize::try_from(self.memory / 32).unwrap_or(usize::MAX)
    }

    /// Regions (cells, links, blocks) that one document may hold.
    pub fn regions(&self) -> usize {
        usize::try_from(self.memory / 512).unwrap_or(usize::MAX)
    }

    /// The budget of a document that is begun now.
    pub fn budget(&self) -> Budget {
        Budget { limits: *self, deadline: Instant::now().checked_add(self.time), asked: 0, over: false }
    }
}

/// What is left of the limits of the document in hand.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The limits.
    pub limits: Limits,
    deadline: Option<Instant>,
    asked: u32,
    over: bool,
}

impl Budget {
    /// How many questions pass between two looks at the clock.
    const STRIDE: u32 = 256;

    /// Whether the time is up; cheap enough to ask for each token.
    pub fn is_over(&mut self) -> bool {
        self.asked = self.asked.wrapping_add(1);
        if !self.over && self.asked.is_multiple_of(Self::STRIDE) {
            self.over = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        }
        self.over
    }

    /// The time that is left.
    pub fn left(&self) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Whether the time is up, by a look at the clock now: for steps that take long.
    pub fn is_spent(&mut self) -> bool {
        self.over |= self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_without_time_is_over_after_some_steps() {
        let mut budget = Limits { time: Duration::ZERO, ..Limits::default() }.budget();
        assert!((0..1000).any(|_| budget.is_over()));
        assert!(budget.is_over(), "it stays over");
    }

    #[test]
    fn a_fresh_budget_is_not_over() {
        let mut budget = Limits::default().budget();
        assert!((0..1000).all(|_| !budget.is_over()));
    }
}
