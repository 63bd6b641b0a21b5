//! Which rules of the grammars fired, and which did not.
//!
//! In: a grammar that counted, and the values of records. Out: counts. Never: judges a rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::grammar::Grammar;

/// One rule in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fired {
    /// Its id.
    pub id: String,
    /// How often it was read or took part in a decision.
    pub fired: u64,
    /// Values of records that it gave.
    pub values: u64,
}

/// The rules of the grammars after a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Rules {
    /// Those that fired, the busiest first; rules of the program and of lists included.
    pub fired: Vec<Fired>,
    /// Ids of those that never did.
    pub never: Vec<String>,
    /// By folder of the grammars: rules that fired, all rules.
    pub folders: BTreeMap<String, [u64; 2]>,
    /// Those of the user's own folders: new ones, and ones that took a built-in rule's place.
    pub own: Vec<Fired>,
}

impl Rules {
    /// Of a grammar that was loaded with a trace; `values` are the records' values by rule.
    pub fn of(g: &Grammar, values: &BTreeMap<String, u64>) -> Rules {
        let counts = g.counts();
        let number = |id: &str| Fired {
            id: id.to_owned(),
            fired: counts.get(id).copied().unwrap_or(0),
            values: values.get(id).copied().unwrap_or(0),
        };
        let ids: BTreeSet<&str> = counts
            .keys()
            .chain(values.keys())
            .map(String::as_str)
            .chain(g.list().iter().map(|r| r.id.as_str()))
            .collect();
        let mut rules = Rules::default();
        for rule in ids.iter().map(|id| number(id)) {
            if rule.fired + rule.values > 0 {
                rules.fired.push(rule);
            }
        }
        rules.fired.sort_by(|a, b| (b.fired, b.values).cmp(&(a.fired, a.values)).then(a.id.cmp(&b.id)));
        let builtin: BTreeMap<String, String> =
            Grammar::builtin().list().iter().map(|r| (r.id.clone(), r.source.clone())).collect();
        for info in g.list() {
            let rule = number(&info.id);
            let fired = rule.fired + rule.values > 0;
            let folder = info.file.split_once('/').map_or("base", |(folder, _)| folder);
            let sum = rules.folders.entry(folder.to_owned()).or_default();
            sum[0] += u64::from(fired);
            sum[1] += 1;
            if !fired {
                rules.never.push(info.id.clone());
            }
            if builtin.get(&info.id) != Some(&info.source) {
                rules.own.push(rule);
            }
        }
        rules
    }
}
