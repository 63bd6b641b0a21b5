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
    /// Given names of a name → indices, the first of them.
    by_given: FxHashMap<String, Vec<usize>>,
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

/// All words of a name but the last.
fn given(words: &[String]) -> String {
    words.split_last().map_or(String::new(), |(_, given)| given.join(" "))
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
        let alike = self.by_given.entry(given(&w)).or_default();
        if alike.len() < ALIKE && !alike.contains(&i) {
            alike.push(i);
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
        if let Some(family) = self.by_family.get(w.last()?) {
            let mut fitting = family.iter().filter(|i| compatible(&self.all[**i].words, w));
            return fitting.next().filter(|_| fitting.next().is_none()).copied();
        }
        let given = self.by_given.get(&given(w))?;
        let mut slips = given.iter().filter(|i| misspelt(&self.all[**i].words, w));
        slips.next().filter(|_| slips.next().is_none()).copied()
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
    let short = |p: &str, q: &str| (p.len() == 1 || p.len() >= SHORT) && q.starts_with(p);
    let agree = |p: &str, q: &str| p == q || short(p, q) || short(q, p);
    agree(&a[0], &b[0])
}

/// A given name's short form has at least these letters: "Seb" for "Sebastian".
const SHORT: usize = 3;
/// A family name in which a letter may be wrong has at least these.
const LONG: usize = 6;
/// No family name is longer.
const LONGEST: usize = 40;
/// No more people of the same given names are compared.
const ALIKE: usize = 16;

/// Whether two names are one but for a letter or two of a long family name: "Piggott", "Piggot".
fn misspelt(a: &[String], b: &[String]) -> bool {
    let ([given @ .., x], [others @ .., y]) = (a, b) else { return false };
    let long = x.len() >= LONG && y.len() >= LONG && !given.is_empty();
    long && given == others && near(x, y)
}

/// Whether a word becomes another one by few changes, one for each six letters.
fn near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = a.len().min(b.len()) / LONG;
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > LONGEST {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = change.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()] <= most
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
