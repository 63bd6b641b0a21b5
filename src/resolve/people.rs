//! Who is the same person: one entry each, the fullest name and affiliation.

use crate::grammar::fold;
use crate::parse::PersonValue;

/// A person with all mentions.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    /// The names' words, folded.
    words: Vec<String>,
    /// Mentions in the order that they were met.
    pub(super) mentions: Vec<PersonValue>,
}

/// People by first mention.
#[derive(Default)]
pub(super) struct People {
    pub(super) all: Vec<Merged>,
}

fn words(name: &str) -> Vec<String> {
    fold(name).split([' ', '\u{a0}']).filter(|w| !w.is_empty()).map(|w| w.trim_matches('.').to_owned()).collect()
}

impl People {
    /// Adds every mention of a document; full names first, so that surnames find their owners.
    pub(super) fn collect(mut mentions: Vec<PersonValue>) -> People {
        mentions.sort_by_key(|p| p.name.start());
        let mut people = People::default();
        let (full, short): (Vec<PersonValue>, Vec<PersonValue>) =
            mentions.into_iter().partition(|p| words(&p.name.value).len() > 1);
        full.into_iter().chain(short).for_each(|p| people.add(p));
        people.all.sort_by_key(|m| m.mentions.iter().map(|p| p.name.start()).min().unwrap_or(0));
        people
    }

    fn add(&mut self, p: PersonValue) {
        let w = words(&p.name.value);
        if let Some(i) = self.find(&w) {
            let m = &mut self.all[i];
            if w.len() > m.words.len()
                || (w.len() == m.words.len()
                    && w.iter().map(String::len).sum::<usize>() > m.words.iter().map(String::len).sum::<usize>())
            {
                m.words = w;
            }
            m.mentions.push(p);
        } else {
            self.all.push(Merged { words: w, mentions: vec![p] });
        }
    }

    /// The index of the person that `words` name.
    fn find(&self, w: &[String]) -> Option<usize> {
        let same = |m: &Merged| m.words == w;
        if let Some(i) = self.all.iter().position(same) {
            return Some(i);
        }
        let matching: Vec<usize> =
            self.all.iter().enumerate().filter(|(_, m)| compatible(&m.words, w)).map(|(i, _)| i).collect();
        (matching.len() == 1).then(|| matching[0])
    }

    /// The index of the person that a mention belongs to.
    pub(super) fn of(&self, p: &PersonValue) -> Option<usize> {
        self.all.iter().position(|m| m.mentions.iter().any(|q| q.name.pieces == p.name.pieces))
    }
}

/// Whether two names can be one person's: the same family name, and given names that agree as far as they go.
fn compatible(a: &[String], b: &[String]) -> bool {
    let (Some(x), Some(y)) = (a.last(), b.last()) else { return false };
    let mut sorted = (a.to_vec(), b.to_vec());
    sorted.0.sort();
    sorted.1.sort();
    if sorted.0 == sorted.1 {
        return true;
    }
    if x != y {
        return false;
    }
    if a.len() == 1 || b.len() == 1 {
        return true;
    }
    let agree = |p: &str, q: &str| p == q || (p.len() == 1 && q.starts_with(p)) || (q.len() == 1 && p.starts_with(q));
    agree(&a[0], &b[0])
}

impl Merged {
    /// The mention whose value of a field is to be kept: the first fullest.
    pub(super) fn fullest(&self, weight: impl Fn(&PersonValue) -> usize) -> Option<&PersonValue> {
        let mut best: Option<(&PersonValue, usize)> = None;
        for m in &self.mentions {
            let n = weight(m);
            if n > 0 && best.is_none_or(|(_, b)| n > b) {
                best = Some((m, n));
            }
        }
        best.map(|(m, _)| m)
    }
}
