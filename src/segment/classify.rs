//! Gives each line a class: the sums of its scores, and for the doubtful ones the neighbours' classes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::grammar::Grammar;
use crate::ingest::{Limits, Source, ingest};
use crate::pipeline::Options;
use crate::repair::repair;
use crate::scan::{Scanned, scan};

use super::element::{Element, elements};
use super::features::{self, Features};
use super::rules::{CLASSES, Class, Rules};

/// A line's class and what gave it.
pub(super) struct Classified {
    pub(super) class: Class,
    pub(super) features: Features,
    pub(super) scores: [f32; CLASSES],
    pub(super) rules: Vec<Arc<str>>,
}

/// Lines up to this one may hold the document's title.
const EARLY: usize = 14;

/// What a class that a table tells weighs.
const TOLD: f32 = 100.0;

/// Classes for all elements of `s`.
pub(super) fn classify(s: &Scanned, rules: &Rules, elements: &[Element]) -> Vec<Classified> {
    let view = s.view();
    let mut feats: Vec<Features> = elements.iter().map(|e| features::of_line(view, &e.line)).collect();
    for f in feats.iter_mut().take(EARLY) {
        f.0 |= features::EARLY.0;
    }
    repetitions(s, elements, &mut feats);
    let scores: Vec<[f32; CLASSES]> = feats
        .iter()
        .zip(elements)
        .map(|(f, e)| {
            let mut sums = [0.0; CLASSES];
            for r in rules.lines.iter().filter(|r| r.fires(*f)) {
                sums[r.class as usize] += r.weight;
            }
            if let Some(class) = e.class {
                sums[class as usize] += TOLD;
            }
            sums
        })
        .collect();
    let best = viterbi(&scores, rules);
    if s.grammar.is_traced() {
        trace(s.grammar, rules, &feats, &scores, &best);
    }
    feats
        .into_iter()
        .zip(scores)
        .zip(best)
        .map(|((features, scores), class)| Classified {
            class,
            features,
            scores,
            rules: rules
                .lines
                .iter()
                .filter(|r| r.class == class && r.weight > 0.0 && r.fires(features))
                .map(|r| r.id.clone())
                .collect(),
        })
        .collect()
}

/// The features of the last line of a short text; see [`Source::example`]. For checking the grammars.
pub(super) fn features_of(text: &str, g: &Grammar) -> Option<Features> {
    let text = ingest(&Source::example(text), &Limits::default());
    let repaired = repair(&text, &g.repair);
    let s = scan(&repaired, &text, g, &Options::default());
    let elements = elements(&s, g);
    let mut feats: Vec<Features> = elements.iter().map(|e| features::of_line(s.view(), &e.line)).collect();
    repetitions(&s, &elements, &mut feats);
    feats.last().map(|f| Features(f.0 | features::EARLY.0))
}

/// Lines that stand three times or more, far apart, are running headers or footers; in a table they are not.
fn repetitions(s: &Scanned, elements: &[Element], feats: &mut [Features]) {
    let mut seen: FxHashMap<&str, (usize, usize, usize)> = FxHashMap::default();
    let key = |e: &Element| {
        let text = e.line.span.of(s.text);
        text.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '-')
    };
    for (i, e) in elements.iter().enumerate().filter(|(_, e)| !e.in_table) {
        let key = key(e);
        if key.len() >= 6 {
            let e = seen.entry(key).or_insert((0, i, i));
            if e.0 == 0 || i > e.2 + 8 {
                e.0 += 1;
            }
            e.2 = i;
        }
    }
    for (i, e) in elements.iter().enumerate().filter(|(_, e)| !e.in_table) {
        if seen.get(key(e)).is_some_and(|(n, first, _)| *n >= 3 && *first < i) {
            feats[i].0 |= features::REPEATED.0;
        }
    }
}

/// Notes the rules that fired: those of lines, and for neighbours those of the pairs of classes that the lines by
/// themselves would have or got.
fn trace(g: &Grammar, rules: &Rules, feats: &[Features], scores: &[[f32; CLASSES]], best: &[Class]) {
    for r in rules.lines.iter().filter(|r| feats.iter().any(|f| r.fires(*f))) {
        g.fired(r.n);
    }
    let top = |s: &[f32; CLASSES]| Class::ALL.iter().copied().max_by(|a, b| s[*a as usize].total_cmp(&s[*b as usize]));
    let own: Vec<Class> = scores.iter().filter_map(top).collect();
    for (from, to, n) in &rules.pairs {
        if [best, &own].iter().any(|path| path.windows(2).any(|w| (w[0], w[1]) == (*from, *to))) {
            g.fired(*n);
        }
    }
}

/// The best sequence of classes: scores of the lines plus what may follow what.
fn viterbi(scores: &[[f32; CLASSES]], rules: &Rules) -> Vec<Class> {
    let Some(first) = scores.first() else { return Vec::new() };
    let mut total = *first;
    let mut back: Vec<[u8; CLASSES]> = Vec::with_capacity(scores.len());
    for line in &scores[1..] {
        let (mut next, mut from) = ([f32::MIN; CLASSES], [0u8; CLASSES]);
        for (to, n) in next.iter_mut().enumerate() {
            for (c, t) in total.iter().enumerate() {
                let sum = t + rules.follow[c][to] + line[to];
                if sum > *n {
                    *n = sum;
                    from[to] = c as u8;
                }
            }
        }
        back.push(from);
        total = next;
    }
    let mut at = (0..CLASSES).max_by(|a, b| total[*a].total_cmp(&total[*b])).unwrap_or(0);
    let mut path = vec![Class::ALL[at]];
    for from in back.iter().rev() {
        at = from[at] as usize;
        path.push(Class::ALL[at]);
    }
    path.reverse();
    path
}
