//! Learns the weights from values that were judged.
//!
//! In: judged values with their figures. Out: a [`Model`]. Never: depends on chance or on threads: the same values in the
//! same order give the same weights.
//!
//! A logistic model a sort of value. What all sorts share is learned with them: a weight is a shared part and a part of
//! the sort's own, both held near zero by a penalty, the sort's own more, so that a sort of few values follows the
//! others. A weight never has the wrong sign ([`Feature::sign`]): damage cannot make a value surer.

use std::collections::BTreeMap;

use super::features::{COUNT, Feature, Figures};
use super::group::Group;
use super::model::{Model, logistic};

/// A judged value.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Document, by number.
    pub document: usize,
    /// Its figures.
    pub figures: Figures,
    /// The rule that read it.
    pub rule: String,
    /// Whether it is right.
    pub right: bool,
    /// How much it counts.
    pub weight: f64,
}

/// How strongly weights are held near zero: shared, a sort's own, a rule's.
const PENALTY: [f64; 3] = [1.0, 6.0, 8.0];
/// The penalty of a sort's base.
const BASE_PENALTY: f64 = 0.2;
/// Times that the model is made quadratic anew, and rounds over all weights each time.
const ROUNDS: (usize, usize) = (12, 6);
/// A rule with fewer values has no weight of its own.
const RULE_LEAST: f64 = 20.0;

/// One weight and the rows that it takes part in.
struct Column {
    rows: Vec<(u32, f64)>,
    penalty: f64,
    sign: i8,
    prior: f64,
    weight: f64,
}

impl Column {
    fn new(penalty: f64, sign: i8, prior: f64) -> Self {
        Column { rows: Vec::new(), penalty, sign, prior, weight: prior }
    }

    /// The weight that serves best with all others as they are; `rest` are the residuals, `curve` the curvatures.
    fn step(&mut self, rest: &mut [f64], curve: &[f64]) {
        let (mut slope, mut bend) = (self.penalty * (self.prior - self.weight), self.penalty);
        for (row, x) in &self.rows {
            let row = *row as usize;
            slope += rest[row] * x;
            bend += curve[row] * x * x;
        }
        let mut next = self.weight + slope / bend.max(1e-9);
        next = match self.sign {
            1 => next.max(0.0),
            -1 => next.min(0.0),
            _ => next,
        };
        let change = next - self.weight;
        if change != 0.0 {
            for (row, x) in &self.rows {
                let row = *row as usize;
                rest[row] -= curve[row] * x * change;
            }
            self.weight = next;
        }
    }
}

/// All weights, by what they belong to.
struct Columns {
    shared: Vec<Column>,
    own: BTreeMap<Group, Vec<Column>>,
    rules: BTreeMap<String, Column>,
}

impl Columns {
    fn new(samples: &[&Sample]) -> Self {
        let all = || Feature::ALL.iter();
        let shared = all().map(|f| Column::new(PENALTY[0], f.sign(), f.prior())).collect();
        let mut columns = Columns { shared, own: BTreeMap::new(), rules: BTreeMap::new() };
        for (n, s) in samples.iter().enumerate() {
            let own = columns.own.entry(s.figures.group).or_insert_with(|| {
                let penalty = |f: &Feature| if *f == Feature::Base { BASE_PENALTY } else { PENALTY[1] };
                all().map(|f| Column::new(penalty(f), f.sign(), 0.0)).collect()
            });
            for (k, x) in s.figures.x.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                columns.shared[k].rows.push((n as u32, *x));
                own[k].rows.push((n as u32, *x));
            }
            columns
                .rules
                .entry(s.rule.clone())
                .or_insert_with(|| Column::new(PENALTY[2], 0, 0.0))
                .rows
                .push((n as u32, 1.0));
        }
        columns.rules.retain(|_, c| c.rows.iter().map(|(n, _)| samples[*n as usize].weight).sum::<f64>() >= RULE_LEAST);
        columns
    }

    fn each(&mut self) -> impl Iterator<Item = &mut Column> {
        self.shared.iter_mut().chain(self.own.values_mut().flatten()).chain(self.rules.values_mut())
    }

    /// The log-odds of each row as the weights are now.
    fn margins(&mut self, margin: &mut [f64]) {
        margin.fill(0.0);
        for column in self.each().filter(|c| c.weight != 0.0) {
            for (row, x) in &column.rows {
                margin[*row as usize] += column.weight * x;
            }
        }
    }

    fn model(&self) -> Model {
        let mut model = Model::default();
        for (group, own) in &self.own {
            let mut weights = [0.0; COUNT];
            // A figure that the sort never had tells nothing of it, beyond what is believed of it before.
            let told = |k: usize| !own[k].rows.is_empty() || self.shared[k].prior != 0.0;
            for (k, w) in weights.iter_mut().enumerate().filter(|(k, _)| told(*k)) {
                *w = rounded(self.shared[k].weight + own[k].weight);
            }
            model.groups.insert(*group, weights);
        }
        let rules = self.rules.iter().map(|(id, c)| (id.clone(), rounded(c.weight)));
        model.rules = rules.filter(|(_, w)| w.abs() >= 0.05).collect();
        model
    }
}

/// Learns from all samples.
pub fn learn(samples: &[&Sample]) -> Model {
    let mut columns = Columns::new(samples);
    let mut margin = vec![0.0; samples.len()];
    columns.margins(&mut margin);
    let (mut curve, mut rest) = (vec![0.0; samples.len()], vec![0.0; samples.len()]);
    for _ in 0..ROUNDS.0 {
        for (n, s) in samples.iter().enumerate() {
            let p = logistic(margin[n]);
            curve[n] = s.weight * (p * (1.0 - p)).max(1e-4);
            rest[n] = s.weight * (f64::from(u8::from(s.right)) - p);
        }
        for _ in 0..ROUNDS.1 {
            columns.each().for_each(|c| c.step(&mut rest, &curve));
        }
        columns.margins(&mut margin);
    }
    columns.model()
}

fn rounded(weight: f64) -> f64 {
    (weight * 1000.0).round() / 1000.0
}
