//! What `grammars/base/confidence.toml` holds, and what it makes of figures.
//!
//! In: the file's text, or weights that were learned. Out: a [`Model`] that turns figures into a probability; the file's
//! text again. Never: learns, nor depends on the order in which values come.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::features::{COUNT, Feature, Figures};
use super::group::Group;
use crate::validate::UNEXPLAINED;

/// The least and the greatest confidence that is ever said.
const BOUNDS: (f64, f64) = (0.01, 0.999);

/// How many values a look at a line mends that are nowhere in the record.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Missing {
    /// Gold values on an unexplained line.
    pub unexplained: f64,
    /// Gold values that a finding of a code led to.
    pub code: BTreeMap<String, f64>,
}

/// The file as TOML has it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Spec {
    provenance: BTreeMap<String, toml::Value>,
    group: BTreeMap<String, BTreeMap<String, f64>>,
    rule: BTreeMap<String, f64>,
    missing: Missing,
    worth: BTreeMap<String, f64>,
}

/// The name under which the worth of a detail stands: a mention, a part of a name.
const DETAIL: &str = "detail";

impl Missing {
    /// Values that a look mends on a line of which `code` is said.
    pub fn at(&self, code: &str) -> f64 {
        if code == UNEXPLAINED { self.unexplained } else { self.code.get(code).copied().unwrap_or(0.0) }
    }
}

/// Weights by sort of value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// A weight a figure.
    pub groups: BTreeMap<Group, [f64; COUNT]>,
    /// What a rule's values have proved to be worth, beside the figures.
    pub rules: BTreeMap<String, f64>,
    /// What is likely to be missing.
    pub missing: Missing,
    /// What a right value is worth beside one of another sort; 1 where nothing is said.
    pub worth: BTreeMap<String, f64>,
}

impl Model {
    /// Reads the file.
    ///
    /// # Errors
    /// What is no TOML or names no sort or figure; with the place of the first such name where it is known.
    pub fn from_toml(text: &str) -> Result<Model, ModelError> {
        let spec: Spec = toml::from_str(text).map_err(|e| ModelError {
            at: e.span().map_or(0, |s| s.start),
            unknown: e.message().starts_with("unknown field"),
            message: e.message().replace('\n', " "),
        })?;
        let unknown = |what: &str, name: &str| ModelError {
            at: text.find(name).unwrap_or(0),
            unknown: true,
            message: format!("expected {what}, but found {name:?}"),
        };
        let mut model = Model { rules: spec.rule, missing: spec.missing, worth: spec.worth, ..Model::default() };
        for (name, weights) in &spec.group {
            let group = Group::parse(name).ok_or_else(|| unknown("a sort of values", name))?;
            let mut own = [0.0; COUNT];
            for (name, weight) in weights {
                let feature = Feature::ALL.iter().find(|f| f.name() == name);
                let feature = feature.ok_or_else(|| unknown("a figure about a value", name))?;
                own[*feature as usize] = *weight;
            }
            model.groups.insert(group, own);
        }
        if let Some(name) = model.worth.keys().find(|n| *n != DETAIL && Group::parse(n).is_none()) {
            return Err(unknown("a sort of values", name));
        }
        let all = model.groups.values().flatten().chain(model.rules.values()).chain(model.missing.code.values());
        if all.chain([&model.missing.unexplained]).any(|w| !w.is_finite()) {
            return Err(ModelError { at: 0, unknown: false, message: "expected finite weights".to_owned() });
        }
        Ok(model)
    }

    /// What a right value of a sort is worth; `detail` tells one that only details another.
    pub fn weight(&self, group: Group, detail: bool) -> f64 {
        self.worth.get(if detail { DETAIL } else { group.name() }).copied().unwrap_or(1.0)
    }

    /// The probability that a value is right, to three decimals; the score itself where its sort has no weights.
    pub fn confidence(&self, figures: &Figures, rule: &str, score: f64) -> f64 {
        let Some(weights) = self.groups.get(&figures.group) else { return bounded(score) };
        let sum: f64 = weights.iter().zip(&figures.x).map(|(w, x)| w * x).sum();
        bounded(logistic(sum + self.rules.get(rule).copied().unwrap_or(0.0)))
    }

    /// The file's text. `provenance` are lines of TOML that say where the weights come from.
    pub fn to_toml(&self, head: &str, provenance: &str) -> String {
        let mut out = format!("{head}\n[provenance]\n{provenance}");
        for (group, weights) in &self.groups {
            let _ = write!(out, "\n[group.{group}]\n");
            for feature in Feature::ALL.iter().filter(|f| weights[**f as usize] != 0.0) {
                let _ = writeln!(out, "{} = {:?}", feature.name(), weights[*feature as usize]);
            }
        }
        let _ = write!(out, "\n[rule]\n");
        for (rule, weight) in &self.rules {
            let _ = writeln!(out, "{rule:?} = {weight:?}");
        }
        let _ = write!(out, "\n[missing]\nunexplained = {:?}\n\n[missing.code]\n", self.missing.unexplained);
        for (code, weight) in &self.missing.code {
            let _ = writeln!(out, "{code} = {weight:?}");
        }
        let _ = write!(
            out,
            "\n# What a right value is worth beside one of another sort, for the order of a review; set by hand.\n[worth]\n"
        );
        for (name, worth) in &self.worth {
            let _ = writeln!(out, "{name} = {worth:?}");
        }
        out
    }
}

/// What is wrong with the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelError {
    /// Byte at which it is.
    pub at: usize,
    /// Whether a name is unknown.
    pub unknown: bool,
    /// What was expected and what was found.
    pub message: String,
}

/// The probability of log-odds.
pub fn logistic(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}

/// A probability as it is written: three decimals are more than it means, and enough to keep an order.
pub fn bounded(p: f64) -> f64 {
    (p.clamp(BOUNDS.0, BOUNDS.1) * 1000.0).round() / 1000.0
}
