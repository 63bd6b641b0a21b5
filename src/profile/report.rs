//! A profile for a person, and for a program.
//!
//! In: a [`Profile`]. Out: a table or JSON. Never: counts anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::rules::Fired;
use super::{Kin, Profile};
use crate::diag::printable;

/// How much of a profile is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Rows of each list.
    pub top: usize,
    /// Every rule, fired or not.
    pub rules: bool,
}

/// Characters of an example in a table.
const WIDTH: usize = 72;

/// The profile as tables.
pub fn table(p: &Profile, shown: Shown) -> String {
    let mut out = String::new();
    let left: Vec<String> = p.left.iter().map(|(status, n)| format!("{n} {status}")).collect();
    let left = if left.is_empty() { String::new() } else { format!(", not read: {}", left.join(", ")) };
    let _ = writeln!(out, "{} documents{left}", p.documents);
    let languages = p
        .languages
        .iter()
        .map(|(l, [main, also])| (if *also > 0 { format!("{l} (also in {also})") } else { l.clone() }, *main));
    row(&mut out, "languages", languages.collect());
    for (head, counts) in
        [("kinds", &p.kinds), ("formats", &p.formats), ("coverage", &p.grades), ("findings", &p.findings)]
    {
        row(&mut out, head, counts.iter().map(|(k, n)| (k.clone(), *n)).collect());
    }
    fields(&mut out, p);
    rules(&mut out, p, shown);
    let [all, used, explained, unexplained] = p.lines;
    let _ = writeln!(
        out,
        "\nlines: {all}, of them used {used}, explained {explained}, unexplained {unexplained} ({})",
        share(unexplained, all)
    );
    if p.without_text > 0 {
        let _ = writeln!(
            out,
            "{} documents without text: their lines are not shown (name their folder by --source)",
            p.without_text
        );
    }
    kin(&mut out, "unexplained lines, by shape (9 a number; a, Aa, A words; + more of them)", &p.shapes(shown.top));
    kin(&mut out, "words before a colon in unexplained lines", &p.labels(shown.top));
    if p.shapes.dropped > 0 {
        let _ = writeln!(out, "\n{} lines of rare shapes were not kept", p.shapes.dropped);
    }
    out
}

fn share(part: u64, all: u64) -> String {
    if all == 0 { "–".to_owned() } else { format!("{:.0} %", part as f64 * 100.0 / all as f64) }
}

/// Words with their counts on one line, the commonest first.
fn row(out: &mut String, head: &str, mut counts: Vec<(String, u64)>) {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let told: Vec<String> =
        counts.iter().map(|(word, n)| format!("{} {n}", if word.is_empty() { "–" } else { word })).collect();
    if !told.is_empty() {
        let _ = writeln!(out, "{head:10} {}", told.join(", "));
    }
}

fn fields(out: &mut String, p: &Profile) {
    let _ = writeln!(out, "\n{:26} {:>7} {:>7} {:>6}", "field", "filled", "of", "share");
    for (name, filled, all) in p.fields.iter().filter(|(_, _, all)| *all > 0) {
        let _ = writeln!(out, "{name:26} {filled:>7} {all:>7} {:>6}", share(*filled, *all));
    }
}

fn rules(out: &mut String, p: &Profile, shown: Shown) {
    let Some(rules) = &p.rules else {
        let mut values: Vec<(&String, &u64)> = p.values.iter().collect();
        values.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let _ = writeln!(out, "\n{:44} {:>8}", "rule (a dataset tells only of values)", "values");
        for (id, n) in values.into_iter().take(if shown.rules { usize::MAX } else { shown.top }) {
            let _ = writeln!(out, "{id:44} {n:>8}");
        }
        return;
    };
    let told: Vec<String> = rules.folders.iter().map(|(f, [fired, all])| format!("{f} {fired} of {all}")).collect();
    let _ = writeln!(out, "\nrules that fired: {}", told.join(", "));
    let list = |out: &mut String, head: &str, rows: &mut dyn Iterator<Item = &Fired>| {
        let _ = writeln!(out, "{head:44} {:>8} {:>8}", "fired", "values");
        for r in rows {
            let _ = writeln!(out, "{:44} {:>8} {:>8}", r.id, r.fired, r.values);
        }
    };
    if !rules.own.is_empty() {
        list(out, "rule of --grammar", &mut rules.own.iter());
    }
    list(out, "rule", &mut rules.fired.iter().take(if shown.rules { usize::MAX } else { shown.top }));
    let never = rules.never.len();
    if shown.rules {
        let _ = writeln!(out, "{never} rules never fired:");
        rules.never.iter().for_each(|id| {
            let _ = writeln!(out, "  {id}");
        });
    } else {
        let _ = writeln!(out, "{never} rules never fired (--rules lists them)");
    }
}

fn kin(out: &mut String, head: &str, rows: &[Kin]) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{head}\n{:>6} {:>6}  ", "lines", "docs");
    for k in rows {
        let _ = writeln!(out, "{:>6} {:>6}  {}", k.lines, k.documents, printable(&k.shape));
        for e in &k.examples {
            let cut: String = e.text.chars().take(WIDTH).collect();
            let more = if cut.len() < e.text.len() { "…" } else { "" };
            let _ = writeln!(
                out,
                "{:16}{}:{}  {}{more}",
                "",
                printable(&e.path),
                e.line,
                printable(&cut.replace('\t', " | "))
            );
        }
    }
}

/// The profile as JSON: everything that was counted, the lists as long as they are shown.
pub fn json(p: &Profile, shown: Shown) -> Value {
    let languages: BTreeMap<&String, Value> =
        p.languages.iter().map(|(l, [main, also])| (l, json!({"main": main, "also": also}))).collect();
    let fields: Vec<Value> =
        p.fields.iter().map(|(name, filled, all)| json!({"field": name, "filled": filled, "of": all})).collect();
    let [all, used, explained, unexplained] = p.lines;
    json!({
        "documents": p.documents,
        "not_read": p.left,
        "without_text": p.without_text,
        "languages": languages,
        "kinds": p.kinds,
        "formats": p.formats,
        "coverage": p.grades,
        "findings": p.findings,
        "fields": fields,
        "rules": p.rules,
        "values": p.values,
        "lines": {"all": all, "used": used, "explained": explained, "unexplained": unexplained},
        "shapes": p.shapes(shown.top),
        "labels": p.labels(shown.top),
        "shapes_not_kept": p.shapes.dropped,
    })
}
