//! Counts what was found, missed, invented and misread, by category.
//!
//! In: the gold and the predicted values of one document and category. Out: [`Row`]s and [`Miss`]es.
//! Never: knows where in a record a value stood; the callers select.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::fold::fold;
use super::likeness::{levenshtein, ratio_from};

/// How two texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Exactly as written.
    Strict,
    /// Folded, and alike as `difflib` has it.
    Soft,
    /// Folded, and alike by the share of characters that need no edit.
    Edit,
}

impl Mode {
    /// Every mode, in the order of the report.
    pub const ALL: [Mode; 3] = [Mode::Strict, Mode::Soft, Mode::Edit];

    /// The form in which names, addresses and places are compared in this mode.
    pub fn key(self, text: &str) -> String {
        if self == Mode::Strict { text.trim().to_owned() } else { fold(text) }
    }

    /// Whether two texts that were aligned count as equal.
    fn same(self, gold: &str, pred: &str, least: f64) -> bool {
        match self {
            Mode::Strict => gold.trim() == pred.trim(),
            Mode::Soft => similar(gold, pred, least),
            Mode::Edit => levenshtein(&fold(gold), &fold(pred)) >= least,
        }
    }
}

/// Whether two texts are equal when folded, or alike by at least `least`; an empty text is like nothing.
pub fn similar(a: &str, b: &str, least: f64) -> bool {
    let (a, b) = (fold(a), fold(b));
    !a.is_empty() && !b.is_empty() && (a == b || ratio_from(&a, &b, least).is_some())
}

/// Counts of one category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// Gold values that were found.
    pub found: usize,
    /// Gold values with nothing in their place.
    pub missed: usize,
    /// Predicted values that stand for nothing in gold.
    pub invented: usize,
    /// Gold values with another value in their place.
    pub misread: usize,
    /// Sum of the edit similarities of all aligned values.
    pub likeness: f64,
}

impl Row {
    /// Gold values in all.
    pub fn gold(&self) -> usize {
        self.found + self.missed + self.misread
    }

    /// Share of the predicted values that are right; 1 where there are none.
    pub fn precision(&self) -> f64 {
        share(self.found as f64, self.found + self.misread + self.invented)
    }

    /// Share of the gold values that were found; 1 where there are none.
    pub fn recall(&self) -> f64 {
        share(self.found as f64, self.gold())
    }

    /// Harmonic mean of the two; 1 where there is nothing to find and nothing found.
    pub fn f1(&self) -> f64 {
        share(2.0 * self.found as f64, 2 * (self.found + self.misread) + self.missed + self.invented)
    }

    /// Mean edit similarity over everything aligned, missed (0) and invented (0).
    pub fn mean_likeness(&self) -> f64 {
        share(self.likeness, self.gold() + self.invented)
    }

    /// Whether nothing was judged.
    pub fn is_empty(&self) -> bool {
        self.gold() + self.invented == 0
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.missed + self.invented + self.misread == 0
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: &Row) {
        self.found += other.found;
        self.missed += other.missed;
        self.invented += other.invented;
        self.misread += other.misread;
        self.likeness += other.likeness;
    }
}

fn share(part: f64, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part / whole as f64 }
}

/// What went wrong with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MissKind {
    /// In gold only.
    Missed,
    /// In the output only.
    Invented,
    /// In both, but different.
    Misread,
}

/// One value that is not as gold has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// What went wrong.
    pub kind: MissKind,
    /// Category.
    pub category: &'static str,
    /// Stem of the document.
    pub document: String,
    /// The gold value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gold: Option<String>,
    /// The predicted value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// What became of one value: of gold, of the output, or of both where they were held against one another.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Category.
    pub category: &'static str,
    /// Stem of the document.
    pub document: String,
    /// What is wrong with it; nothing where it is right.
    pub wrong: Option<MissKind>,
    /// What gold says: what it hangs on, and the value.
    pub gold: Option<Item>,
    /// What the record says, and where.
    pub found: Option<Item>,
    /// For each place of `found` whether what stands there is right.
    pub right: Vec<bool>,
}

impl Answer {
    /// The values of the record that it stands for, and whether each is right.
    pub fn values(&self) -> impl Iterator<Item = (&str, bool)> {
        let at = self.found.iter().flat_map(|f| &f.at);
        at.zip(&self.right).map(|((_, pointer), right)| (pointer.as_str(), *right))
    }
}

/// A value with what it hangs on (a session, a person, a field); both must be equal for a match.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What it hangs on; empty where it stands for itself.
    pub key: String,
    /// The value.
    pub value: String,
    /// Where it stands in the record: pointers, each with the part of the value (parted by `|`) that it tells. Items are
    /// compared without it.
    pub at: Vec<(usize, String)>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (&self.key, &self.value) == (&other.key, &other.value)
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.key, &self.value).cmp(&(&other.key, &other.value))
    }
}

impl std::hash::Hash for Item {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.key, &self.value).hash(state);
    }
}

impl Item {
    /// An item.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into(), at: Vec::new() }
    }

    /// The same, standing at `pointer`.
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.at.push((0, pointer.into()));
        self
    }

    /// The same, its parts standing at `pointers`; an empty one stands nowhere.
    pub fn parts(mut self, pointers: impl IntoIterator<Item = String>) -> Self {
        let told = pointers.into_iter().enumerate().filter(|(_, p)| !p.is_empty());
        self.at.extend(told);
        self
    }

    /// Each item once, in order, with all the places at which it stands.
    pub fn once(items: impl IntoIterator<Item = Item>) -> Vec<Item> {
        let mut all: Vec<Item> = items.into_iter().collect();
        all.sort();
        let mut out: Vec<Item> = Vec::with_capacity(all.len());
        for mut item in all {
            match out.last_mut().filter(|last| **last == item) {
                Some(last) => last.at.append(&mut item.at),
                None => out.push(item),
            }
        }
        out
    }

    /// One of the parts of its value, which are parted by `|`.
    fn part(&self, n: usize) -> Option<&str> {
        self.value.split('|').nth(n).map(str::trim)
    }

    fn shown(&self) -> String {
        if self.key.is_empty() { self.value.clone() } else { format!("{}: {}", self.key, self.value) }
    }
}

/// Which leftover of gold and which leftover of the output are the same thing misread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pairing {
    /// Those with the same key.
    Key,
    /// Those with the same key and at least this edit similarity.
    Like(f64),
    /// Those with the same key of which at least two of three `|`-separated parts are equal.
    Parts,
}

impl Pairing {
    fn weight(self, gold: &Item, pred: &Item) -> Option<f64> {
        if gold.key != pred.key {
            return None;
        }
        let like = levenshtein(&gold.value, &pred.value);
        let good = match self {
            Pairing::Key => true,
            Pairing::Like(least) => like >= least,
            Pairing::Parts => gold.value.split('|').zip(pred.value.split('|')).filter(|(a, b)| a == b).count() >= 2,
        };
        good.then_some(like)
    }
}

/// The counts of all documents in one mode.
#[derive(Clone, Debug)]
pub struct Tally {
    /// How texts are compared.
    pub mode: Mode,
    /// Counts by category, in the order of first use.
    pub rows: Vec<(&'static str, Row)>,
    /// Every value that is not as gold has it.
    pub misses: Vec<Miss>,
    /// Every value that was judged, one by one; kept in the soft comparison, without the rows in brackets.
    pub answers: Vec<Answer>,
    document: String,
}

impl Tally {
    /// An empty tally.
    pub fn new(mode: Mode) -> Self {
        Self { mode, rows: Vec::new(), misses: Vec::new(), answers: Vec::new(), document: String::new() }
    }

    /// Says which document the next values belong to.
    pub fn open(&mut self, document: &str) {
        self.document = document.to_owned();
    }

    /// Equal values, counted with their multiplicity; predicted ones that are `optional` cost nothing.
    pub fn equal(
        &mut self,
        category: &'static str,
        gold: Vec<Item>,
        pred: Vec<Item>,
        optional: &[Item],
        pairing: Pairing,
    ) {
        let mut stock: FxHashMap<&Item, Vec<&Item>> = FxHashMap::default();
        for p in pred.iter().rev() {
            stock.entry(p).or_default().push(p);
        }
        let mut row = Row::default();
        let mut missed = Vec::new();
        for g in &gold {
            match stock.get_mut(g).and_then(Vec::pop) {
                Some(p) => {
                    row.found += 1;
                    row.likeness += 1.0;
                    self.answer(category, None, Some(g), Some(p));
                }
                None => missed.push(g.clone()),
            }
        }
        let mut extra: Vec<Item> = stock
            .into_iter()
            .filter(|(item, _)| !optional.contains(item))
            .flat_map(|(_, left)| left.into_iter().cloned())
            .collect();
        extra.sort_by(|a, b| a.cmp(b).then_with(|| a.at.cmp(&b.at)));
        missed.sort();
        self.leftovers(category, row, missed, extra, pairing);
    }

    /// One-to-one match by likeness, best first within each gold value; answers the aligned pairs of indices.
    pub fn alike(
        &mut self,
        category: &'static str,
        gold: &[String],
        pred: &[Item],
        least: f64,
        optional: &[String],
    ) -> Vec<(usize, usize)> {
        let pairs = align(gold, pred, least, self.mode);
        let mut row = Row::default();
        let (mut misread, mut taken) = (Vec::new(), vec![false; pred.len()]);
        let mut hit = vec![false; gold.len()];
        for &(i, j) in &pairs {
            (hit[i], taken[j]) = (true, true);
            if self.mode.same(&gold[i], &pred[j].value, least) {
                row.found += 1;
                row.likeness += levenshtein(&fold(&gold[i]), &fold(&pred[j].value));
                self.answer(category, None, Some(&Item::new("", &gold[i])), Some(&pred[j]));
            } else {
                misread.push((Item::new("", &gold[i]), pred[j].clone()));
            }
        }
        let missed = (0..gold.len()).filter(|i| !hit[*i]).map(|i| Item::new("", &gold[i])).collect();
        let extra = (0..pred.len())
            .filter(|j| !taken[*j] && !optional.iter().any(|o| similar(o, &pred[*j].value, 0.6)))
            .map(|j| pred[j].clone())
            .collect();
        for (g, p) in misread {
            self.misread(category, &mut row, &g, &p);
        }
        self.leftovers(category, row, missed, extra, Pairing::Like(0.5));
        pairs
    }

    /// One value where gold allows several readings (none: it should be absent).
    pub fn either(&mut self, category: &'static str, key: &str, gold: &[String], pred: Option<Item>, least: f64) {
        let pred = pred.filter(|p| !p.value.is_empty()).map(|p| Item { key: key.to_owned(), ..p });
        let mut row = Row::default();
        let like = |g: &&String, p: &str| similar(g, p, least) && self.mode.same(g, p, least);
        let same = pred.as_ref().and_then(|p| gold.iter().find(|g| like(g, &p.value)));
        if let (Some(g), Some(p)) = (same, &pred) {
            row.found = 1;
            row.likeness = levenshtein(&fold(g), &fold(&p.value));
            self.answer(category, None, Some(&Item::new(key, g)), Some(p));
            self.leftovers(category, row, Vec::new(), Vec::new(), Pairing::Key);
        } else {
            let missed = gold.first().map(|g| Item::new(key, g)).into_iter().collect();
            self.leftovers(category, row, missed, pred.into_iter().collect(), Pairing::Key);
        }
    }

    /// Sorts what matched nothing into misread, missed and invented, and books the row.
    pub fn leftovers(
        &mut self,
        category: &'static str,
        mut row: Row,
        missed: Vec<Item>,
        extra: Vec<Item>,
        pairing: Pairing,
    ) {
        let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
        for (i, g) in missed.iter().enumerate() {
            for (j, p) in extra.iter().enumerate() {
                candidates.extend(pairing.weight(g, p).map(|w| (w, i, j)));
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (mut hit, mut taken) = (vec![false; missed.len()], vec![false; extra.len()]);
        for (_, i, j) in candidates {
            if !hit[i] && !taken[j] {
                (hit[i], taken[j]) = (true, true);
                self.misread(category, &mut row, &missed[i], &extra[j]);
            }
        }
        for g in missed.iter().zip(hit).filter(|(_, h)| !h).map(|(g, _)| g) {
            row.missed += 1;
            self.note(MissKind::Missed, category, Some(g.shown()), None);
            self.answer(category, Some(MissKind::Missed), Some(g), None);
        }
        for p in extra.iter().zip(taken).filter(|(_, t)| !t).map(|(p, _)| p) {
            row.invented += 1;
            self.note(MissKind::Invented, category, None, Some(p.shown()));
            self.answer(category, Some(MissKind::Invented), None, Some(p));
        }
        self.book(category, &row);
    }

    /// Adds the counts of another tally.
    pub fn join(&mut self, other: Tally) {
        for (category, row) in &other.rows {
            self.book(category, row);
        }
        self.misses.extend(other.misses);
        self.answers.extend(other.answers);
    }

    /// Looks again at slots that nothing in gold stands for: where the session itself has its like in gold, part by part.
    /// `gold` gives the slot of that like for the pointer of a session of the record.
    pub fn compare_slots(&mut self, gold: impl Iterator<Item = (String, String)>) {
        let gold: FxHashMap<String, String> = gold.collect();
        let document = &self.document;
        let invented = |a: &&mut Answer| {
            a.category == "session.slot" && a.wrong == Some(MissKind::Invented) && a.document == *document
        };
        for answer in self.answers.iter_mut().filter(invented) {
            let Some(found) = &answer.found else { continue };
            let session = found.at.first().and_then(|(_, p)| p.rsplit_once('/')).map(|(s, _)| s);
            if let Some(slot) = session.and_then(|s| gold.get(s)) {
                let slot = Item::new("", slot);
                answer.right = found.at.iter().map(|(n, _)| slot.part(*n) == found.part(*n)).collect();
            }
        }
    }

    /// Keeps what became of one value.
    fn answer(&mut self, category: &'static str, wrong: Option<MissKind>, gold: Option<&Item>, pred: Option<&Item>) {
        if self.mode != Mode::Soft || category.starts_with('(') {
            return;
        }
        let same = |n: usize| gold.zip(pred).is_some_and(|(g, p)| g.part(n) == p.part(n));
        let right = |n: usize| wrong.is_none() || wrong == Some(MissKind::Misread) && same(n);
        let right = pred.map_or(&[][..], |p| &p.at).iter().map(|(n, _)| right(*n)).collect();
        let (document, gold, found) = (self.document.clone(), gold.cloned(), pred.cloned());
        self.answers.push(Answer { category, document, wrong, gold, found, right });
    }

    fn book(&mut self, category: &'static str, row: &Row) {
        match self.rows.iter_mut().find(|(name, _)| *name == category) {
            Some((_, booked)) => booked.add(row),
            None => self.rows.push((category, *row)),
        }
    }

    fn misread(&mut self, category: &'static str, row: &mut Row, gold: &Item, pred: &Item) {
        row.misread += 1;
        row.likeness += levenshtein(&fold(&gold.value), &fold(&pred.value));
        self.note(MissKind::Misread, category, Some(gold.shown()), Some(pred.shown()));
        self.answer(category, Some(MissKind::Misread), Some(gold), Some(pred));
    }

    fn note(&mut self, kind: MissKind, category: &'static str, gold: Option<String>, found: Option<String>) {
        self.misses.push(Miss { kind, category, document: self.document.clone(), gold, found });
    }
}

/// Pairs each gold text with the likest predicted one that is left. The edit mode aligns by its own measure.
fn align(gold: &[String], pred: &[Item], least: f64, mode: Mode) -> Vec<(usize, usize)> {
    let gold: Vec<String> = gold.iter().map(|t| fold(t)).collect();
    let mut left: BTreeMap<usize, String> = pred.iter().map(|t| fold(&t.value)).enumerate().collect();
    let mut pairs = Vec::new();
    for (i, g) in gold.iter().enumerate().filter(|(_, g)| !g.is_empty()) {
        let mut best: Option<(f64, usize)> = None;
        for (&j, p) in left.iter().filter(|(_, p)| !p.is_empty()) {
            let like = match mode {
                Mode::Edit => Some(levenshtein(g, p)).filter(|l| *l >= least),
                _ if g == p => Some(1.0),
                _ => ratio_from(g, p, least),
            };
            if let Some(like) = like.filter(|l| best.is_none_or(|(b, _)| *l > b)) {
                best = Some((like, j));
            }
        }
        if let Some((_, j)) = best {
            left.remove(&j);
            pairs.push((i, j));
        }
    }
    pairs
}
