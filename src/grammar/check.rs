//! `grammar check`: runs every rule over its own examples and counter-examples.

use std::path::PathBuf;

use super::compile::{GrammarError, GrammarFile, files};
use super::spec::FileSpec;
use super::{Grammar, Set};

/// A rule and where it stands.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Rule id.
    pub id: String,
    /// File below `grammars/` or the overlay.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What it is, in a few words.
    pub summary: String,
    /// Its own text.
    pub source: String,
}

/// Something that `grammar check` found.
pub type GrammarFinding = GrammarError;

/// Checks the embedded grammars with `overlays` laid over them; answers every finding, sorted.
pub fn check(overlays: &[PathBuf]) -> Vec<GrammarFinding> {
    let grammar = match Grammar::load(overlays) {
        Ok(g) => g,
        Err(e) => return vec![e],
    };
    let Ok(files) = files(overlays) else { return Vec::new() };
    let mut found = Vec::new();
    for file in files.iter().filter(|f| f.path.ends_with(".toml") && !f.path.ends_with("base/repair.toml")) {
        match file.spec() {
            Ok(spec) => check_file(&grammar, file, &spec, &mut found),
            Err(e) => found.push(e),
        }
    }
    found
}

fn check_file(g: &Grammar, file: &GrammarFile, spec: &FileSpec, found: &mut Vec<GrammarFinding>) {
    for p in &spec.phrase {
        let at = p.id.span().start;
        let id = p.id.get_ref().as_str();
        if p.examples.is_empty() {
            found.push(file.error("A0910", at, format!("{id}: expected examples, but there are none")));
        }
        let Some(set) = Set::parse(p.set.get_ref()) else { continue };
        let language = file.language();
        let finds = |text: &str| crate::scan::phrases_in(text, language, g).iter().any(|m| m.id.as_ref() == id && m.set == set);
        for text in p.examples.iter().filter(|t| !finds(t)) {
            found.push(file.error("A0904", at, format!("{id}: expected to be found in {text:?}, but is not")));
        }
        for text in p.counter.iter().filter(|t| finds(t)) {
            found.push(file.error("A0905", at, format!("{id}: expected not to be found in {text:?}, but is")));
        }
    }
    for p in &spec.pattern {
        check_pattern(file, p, found);
    }
    for s in &spec.slip {
        let Ok(regex) = regex::Regex::new(s.pattern.get_ref()) else { continue };
        let at = s.id.span().start;
        let undo = |text: &str| crate::evidence::undo_slip(&regex, &s.to, text);
        for [wrong, right] in s.examples.iter().filter(|[w, r]| undo(w) != *r) {
            let got = undo(wrong);
            found.push(file.error("A0904", at, format!("expected {wrong:?} to become {right:?}, but it becomes {got:?}")));
        }
        for text in s.counter.iter().filter(|t| undo(t) != **t) {
            found.push(file.error("A0905", at, format!("expected {text:?} to stay, but it becomes {:?}", undo(text))));
        }
    }
    crate::segment::check_scores(g, &spec.score, &mut |at, code, message| found.push(file.error(code, at, message)));
}

fn check_pattern(file: &GrammarFile, p: &super::spec::PatternSpec, found: &mut Vec<GrammarFinding>) {
    let at = p.id.span().start;
    let id = p.id.get_ref();
    let Ok(regex) = regex::Regex::new(p.pattern.get_ref()) else { return };
    if p.examples.is_empty() {
        found.push(file.error("A0910", at, format!("{id}: expected examples, but there are none")));
    }
    for example in &p.examples {
        let text = example.get("text").map_or("", String::as_str);
        let Some(got) = regex.captures(text) else {
            found.push(file.error("A0904", at, format!("{id}: expected to match {text:?}, but does not")));
            continue;
        };
        for (name, want) in example.iter().filter(|(n, _)| *n != "text") {
            let have = got.name(name).map_or("", |m| m.as_str());
            if have != want {
                found.push(file.error("A0904", at, format!("{id}: expected {name} = {want:?}, but found {have:?}")));
            }
        }
    }
    for text in p.counter.iter().filter(|t| regex.is_match(t)) {
        found.push(file.error("A0905", at, format!("{id}: expected not to match {text:?}, but does")));
    }
}
