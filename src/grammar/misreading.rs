//! What signs are read for others, by the sign that is seen.
//!
//! In: the rules `[[misreading]]`. Out: for a place in a word or number, what may have stood there. Never: decides whether it did.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::tables::{MisreadingRow, Slot};

/// One sign that is read for another.
#[derive(Clone, Debug)]
pub struct Misreading {
    /// Rule id.
    pub id: Arc<str>,
    /// What stands in the text.
    pub seen: Box<str>,
    /// What it may stand for.
    pub meant: Vec<Box<str>>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Misreadings {
    all: Vec<Misreading>,
    by_first: FxHashMap<(Slot, char), Vec<u32>>,
    without: FxHashMap<Slot, u32>,
}

impl Misreadings {
    /// Adds a rule; one of the same id goes.
    pub(super) fn add(&mut self, row: MisreadingRow) {
        let rule = Misreading {
            id: row.id.into(),
            seen: row.seen.into(),
            meant: row.meant.into_iter().map(String::into_boxed_str).collect(),
        };
        let of = |old: &u32| self.all[*old as usize].id == rule.id;
        self.by_first.values_mut().for_each(|list| list.retain(|old| !of(old)));
        let n = self.all.len() as u32;
        for slot in row.slots {
            match rule.seen.chars().next() {
                Some(first) => self.by_first.entry((slot, first)).or_default().push(n),
                None => drop(self.without.insert(slot, n)),
            }
        }
        self.all.push(rule);
    }

    /// The rule of a number.
    pub fn get(&self, n: usize) -> Option<&Misreading> {
        self.all.get(n)
    }

    /// Every reading of what `text` begins with: rule, how many bytes are seen, what is meant.
    pub fn at<'a>(&'a self, slot: Slot, text: &'a str) -> impl Iterator<Item = (usize, usize, &'a str)> {
        let first = text.chars().next();
        let list = first.and_then(|c| self.by_first.get(&(slot, c))).map_or(&[][..], Vec::as_slice);
        list.iter()
            .filter_map(move |n| {
                let rule = &self.all[*n as usize];
                text.starts_with(rule.seen.as_ref()).then_some((*n as usize, rule))
            })
            .flat_map(|(n, rule)| rule.meant.iter().map(move |m| (n, rule.seen.len(), m.as_ref())))
    }

    /// The rule for what is lost.
    pub fn lost(&self, slot: Slot) -> Option<usize> {
        self.without.get(&slot).map(|n| *n as usize)
    }
}
