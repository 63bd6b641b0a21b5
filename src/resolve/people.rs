//! Who is the same person: one entry each, the fullest name and affiliation.

use rustc_hash::FxHashMap;

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
    /// Words of a name, sorted → index.
    by_words: FxHashMap<String, usize>,
    /// Last word of a name → indices.
    by_family: FxHashMap<String, Vec<usize>>,
    /// Where a mention begins → index, once all are in.
    by_place: FxHashMap<usize, usize>,
}

fn words(name: &str) -> Vec<String> {
    fold(name).split([' ', '\u{a0}']).filter(|w| !w.is_empty()).map(|w| w.trim_matches('.').to_owned()).collect()
}

fn key(words: &[String]) -> String {
    let mut sorted = words.to_vec();
    sorted.sort();
    sorted.join(" ")
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
        let places = people.all.iter().enumerate();
        people.by_place = places.flat_map(|(i, m)| m.mentions.iter().map(move |p| (p.name.start(), i))).collect();
        people
    }

    fn add(&mut self, p: PersonValue) {
        let w = words(&p.name.value);
        let i = self.find(&w).unwrap_or_else(|| {
            self.all.push(Merged { words: w.clone(), mentions: Vec::new() });
            self.all.len() - 1
        });
        self.by_words.entry(key(&w)).or_insert(i);
        if let Some(last) = w.last() {
            let family = self.by_family.entry(last.clone()).or_default();
            if !family.contains(&i) {
                family.push(i);
            }
        }
        let m = &mut self.all[i];
        let length = |w: &[String]| (w.len(), w.iter().map(String::len).sum::<usize>());
        if length(&w) > length(&m.words) {
            m.words = w;
        }
        m.mentions.push(p);
    }

    /// The index of the person that `words` name.
    fn find(&self, w: &[String]) -> Option<usize> {
        if let Some(i) = self.by_words.get(&key(w)) {
            return Some(*i);
        }
        let family = self.by_family.get(w.last()?)?;
        let mut fitting = family.iter().filter(|i| compatible(&self.all[**i].words, w));
        fitting.next().filter(|_| fitting.next().is_none()).copied()
    }

    /// The index of the person that a mention belongs to.
    pub(super) fn of(&self, p: &PersonValue) -> Option<usize> {
        self.by_place.get(&p.name.start()).copied()
    }
}

/// Whether two names can be one person's: the same family name, and given names that agree as far as they go.
fn compatible(a: &[String], b: &[String]) -> bool {
    let (Some(x), Some(y)) = (a.last(), b.last()) else { return false };
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
