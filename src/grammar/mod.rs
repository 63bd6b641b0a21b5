//! Loads and compiles `grammars/`: vocabularies, patterns, scores, slips and lexicons.
//!
//! In: the embedded files and the user's folders laid over them by rule id. Out: a [`Grammar`], or an
//! error with file, line, column and what was expected. Never: knows what a document says.

mod check;
mod compile;
mod lexicon;
mod matcher;
mod misreading;
mod tables;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use crate::calibrate::Model;
use crate::repair::RepairRules;

pub use check::{GrammarFinding, check, check_over};
pub use lexicon::Lexicons;
pub use matcher::Matcher;
pub use misreading::{Misreading, Misreadings};
pub(crate) use tables::spec;
pub use tables::{City, Frozen, GrammarError, Listed, RuleInfo, Set, Slot, WordInfo, fold, folded};

/// Words that mean one value of a vocabulary.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Rule id.
    pub id: Arc<str>,
    /// Vocabulary.
    pub set: Set,
    /// What it means there.
    pub value: Arc<str>,
    /// Language folder, `base` for none.
    pub language: Arc<str>,
    /// Whether case must agree.
    pub case: bool,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Rule id.
    pub id: Arc<str>,
    /// Language folder, `base` for none.
    pub language: Arc<str>,
    /// What it means, where the set wants that.
    pub value: Arc<str>,
    /// The pattern.
    pub regex: Matcher,
}

/// A compiled score rule.
#[derive(Clone, Debug)]
pub struct Score {
    /// Rule id.
    pub id: Arc<str>,
    /// Class that gets it.
    pub class: Arc<str>,
    /// Feature names that must hold.
    pub all: Vec<Arc<str>>,
    /// Feature names that must not.
    pub none: Vec<Arc<str>>,
    /// The score.
    pub weight: f32,
    /// Its number among all scores, see [`Grammar::fired`].
    pub(crate) n: u32,
}

/// A slip that is undone inside a slot.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Rule id.
    pub id: Arc<str>,
    /// Slots.
    pub slots: Vec<String>,
    /// Pattern with the capture `slip`.
    pub regex: Matcher,
    /// Replacement.
    pub to: String,
}

/// The compiled grammars.
pub struct Grammar {
    /// Rules of the repair stage.
    pub repair: RepairRules,
    /// What the confidence of values is made of.
    pub confidence: Model,
    /// What signs are read for others.
    pub misreadings: Misreadings,
    /// Hash over all grammar files, hex.
    pub hash: String,
    /// All phrases; the automaton's patterns point into them.
    pub phrases: Vec<Phrase>,
    /// Automaton over the phrases that begin with a sign; the others are in `listed`.
    pub automaton: AhoCorasick,
    /// Automaton pattern → phrase, and the exact words.
    pub words: Vec<(u32, Box<str>)>,
    /// The phrases that begin with a letter or digit.
    pub listed: Listed,
    /// Large lexicons.
    pub lexicons: Lexicons,
    /// Score rules of the segment stage, compiled at first use.
    pub segment: OnceLock<crate::segment::Rules>,
    /// Weights by `TABLE/CLASS` with their scores' numbers, for stages that sum few of them.
    weights: FxHashMap<String, (f32, u32)>,
    /// How often scores fired, by number; empty where nobody asks.
    trace: Vec<AtomicU64>,
    /// How often phrases were read, by number; empty where nobody asks.
    read: Vec<AtomicU64>,
    patterns: FxHashMap<String, Vec<Pattern>>,
    scores: FxHashMap<String, Vec<Score>>,
    slips: Vec<Slip>,
    /// The byte of a vocabulary and a folded word → the phrase's number.
    index: Frozen,
    rules: OnceLock<Vec<RuleInfo>>,
}

impl Grammar {
    /// The grammars that are embedded in the program, compiled once.
    ///
    /// # Panics
    /// Where the embedded grammars are broken, which the tests exclude.
    pub fn builtin() -> Arc<Grammar> {
        static BUILTIN: OnceLock<Arc<Grammar>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| match Grammar::load(&[]) {
                Ok(g) => g,
                Err(e) => panic!("the embedded grammars are broken: {e}"),
            })
            .clone()
    }

    /// The patterns of a set, in file order.
    pub fn patterns(&self, set: &str) -> &[Pattern] {
        self.patterns.get(set).map_or(&[], Vec::as_slice)
    }

    /// The names of all sets of patterns.
    #[cfg(test)]
    fn pattern_sets(&self) -> impl Iterator<Item = &str> {
        self.patterns.keys().map(String::as_str)
    }

    /// The scores of a table.
    pub fn scores(&self, table: &str) -> &[Score] {
        self.scores.get(table).map_or(&[], Vec::as_slice)
    }

    /// The weight at `TABLE/CLASS`; 0 where the grammars give none.
    pub fn weight(&self, key: &str) -> f32 {
        self.weights.get(key).map_or(0.0, |(weight, n)| {
            self.fired(*n);
            *weight
        })
    }

    /// Notes that score `n` took part in a decision, where the grammar was loaded with a trace.
    pub(crate) fn fired(&self, n: u32) {
        if let Some(flag) = self.trace.get(n as usize) {
            flag.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes that phrase `n` was read, where the grammar was loaded with a trace.
    pub(crate) fn note_phrase(&self, n: u32) {
        if let Some(count) = self.read.get(n as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often each rule fired since the grammar was loaded with a trace; those of the lists by vocabulary.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut add = |id: &str, n: u64| *counts.entry(id.to_owned()).or_default() += n;
        for (phrase, n) in self.phrases.iter().zip(&self.read) {
            add(&phrase.id, n.load(Ordering::Relaxed));
        }
        for score in self.scores.values().flatten() {
            add(&score.id, self.trace.get(score.n as usize).map_or(0, |n| n.load(Ordering::Relaxed)));
        }
        for pattern in self.patterns.values().flatten() {
            add(&pattern.id, pattern.regex.hits());
        }
        counts
    }

    /// Whether a trace is kept.
    pub(crate) fn is_traced(&self) -> bool {
        !self.trace.is_empty()
    }

    /// Whether score `n` fired.
    fn has_fired(&self, n: u32) -> bool {
        self.trace.get(n as usize).is_some_and(|f| f.load(Ordering::Relaxed) > 0)
    }

    /// Forgets what fired; answers whether score `n` had.
    fn take_fired(&self, n: u32) -> bool {
        let had = self.has_fired(n);
        self.trace.iter().for_each(|f| f.store(0, Ordering::Relaxed));
        had
    }

    /// The slips of a slot.
    pub fn slips<'a>(&'a self, slot: &'a str) -> impl Iterator<Item = &'a Slip> {
        self.slips.iter().filter(move |s| s.slots.iter().any(|x| x == slot))
    }

    /// The phrase that `text`, as a whole, is in `set`.
    pub fn lookup(&self, set: Set, text: &str) -> Option<&Phrase> {
        let i = self.index.get_with(set as u8, folded(text).as_bytes())?;
        self.note_phrase(i);
        Some(&self.phrases[i as usize])
    }

    /// Whether a line goes on behind `word`.
    pub fn goes_on(&self, word: &str) -> bool {
        word.len() <= 16 && self.lookup(Set::GoesOn, word).is_some()
    }

    /// What stands behind a joining word at the start of `text` ("and", "&"); with `sure`, one that means nothing else.
    pub fn after_and<'t>(&self, text: &'t str, sure: bool) -> Option<&'t str> {
        let (word, rest) = text.split_once(' ')?;
        let small = word.len() <= 8 && word.chars().all(|c| c.is_alphabetic() && !c.is_uppercase());
        let joins = || small && self.lookup(Set::And, word).is_some_and(|p| !sure || p.value.is_empty());
        (word == "&" || joins()).then_some(rest)
    }

    /// Every rule with its place.
    pub fn list(&self) -> &[RuleInfo] {
        self.rules.get_or_init(compile::embedded_rules)
    }

    /// A rule's own text.
    pub fn show(&self, id: &str) -> Option<String> {
        self.list().iter().find(|r| r.id == id).map(|r| format!("# {}:{}\n{}\n", r.file, r.line, r.source.trim_end()))
    }
}
