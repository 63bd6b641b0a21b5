//! `grammar check`: runs every rule over its own examples and counter-examples.
//!
//! In: the grammar files, embedded and laid over them. Out: findings with file, line and column. Never: changes a rule.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::compile::files;
use super::tables::spec::{FileSpec, MisreadingSpec, PatternSpec, PhraseSpec, ScoreSpec, SlipSpec};
use super::tables::{Forms, GrammarError, GrammarFile};
use super::{Grammar, Matcher, Phrase, Set, fold};
use crate::ingest::Source;
use crate::pipeline::{Options, Pipeline};

/// Something that `grammar check` found.
pub type GrammarFinding = GrammarError;

/// Checks the embedded grammars with `overlays` laid over them; answers every finding, in the order of the files.
/// A rule that an overlay replaces is not run: its examples are not the new one's.
pub fn check(overlays: &[PathBuf]) -> Vec<GrammarFinding> {
    run(overlays, None)
}

/// The same, and finds the scores that neither an example of theirs nor one of `documents` ever fires.
pub fn check_over(overlays: &[PathBuf], documents: &[Source]) -> Vec<GrammarFinding> {
    run(overlays, Some(documents))
}

fn run(overlays: &[PathBuf], documents: Option<&[Source]>) -> Vec<GrammarFinding> {
    let grammar = match Grammar::load_with(overlays, true) {
        Ok(g) => g,
        Err(e) => return vec![e],
    };
    let Ok(files) = files(overlays) else { return Vec::new() };
    let mut specs: Vec<(&GrammarFile, FileSpec)> = Vec::new();
    for file in files.iter().filter(|f| f.path.ends_with(".toml") && !f.is_apart()) {
        match file.spec() {
            Ok(spec) => specs.push((file, spec)),
            Err(e) => return vec![e],
        }
    }
    drop_replaced(&mut specs);
    let mut found = Vec::new();
    for (file, spec) in &specs {
        check_file(&grammar, file, spec, &mut found);
    }
    check_words(&specs, &mut found);
    check_scores(&grammar, &specs, documents, &mut found);
    found
}

/// Scores of the tables that no single line fires: over their examples, read as documents; with `documents`, what
/// nothing fires is told too.
fn check_scores(
    g: &Arc<Grammar>,
    specs: &[(&GrammarFile, FileSpec)],
    documents: Option<&[Source]>,
    found: &mut Vec<GrammarFinding>,
) {
    let pipeline = Pipeline::new(g.clone(), Options::default());
    let read = |text: &str| {
        pipeline.extract(&Source::example(text));
    };
    let all = specs.iter().flat_map(|(file, spec)| spec.score.iter().map(move |s| (*file, s)));
    let mut open: Vec<(&GrammarFile, &ScoreSpec, u32)> = Vec::new();
    for (file, spec) in all.filter(|(_, s)| s.table != "line") {
        let id = spec.id.get_ref().as_str();
        let Some(n) = g.scores(&spec.table).iter().find(|s| s.id.as_ref() == id).map(|s| s.n) else { continue };
        let at = spec.id.span().start;
        let fires = |text: &String| {
            g.take_fired(n);
            read(text);
            g.take_fired(n)
        };
        for text in spec.examples.iter().filter(|t| !fires(t)) {
            found.push(file.error("A0904", at, format!("{id}: expected to fire on {text:?}, but does not")));
        }
        for text in spec.counter.iter().filter(|t| fires(t)) {
            found.push(file.error("A0905", at, format!("{id}: expected not to fire on {text:?}, but does")));
        }
        if spec.examples.is_empty() {
            open.push((file, spec, n));
        }
    }
    let Some(documents) = documents else { return };
    g.take_fired(0);
    documents.iter().for_each(|d| drop(pipeline.extract(d)));
    for (file, spec, _) in open.iter().filter(|(_, _, n)| !g.has_fired(*n)) {
        let message = format!("{}: expected an example or a document that fires it, but none does", spec.id.get_ref());
        found.push(file.error("A0908", spec.id.span().start, message));
    }
}

/// Takes out the rules that a later layer has under the same id.
fn drop_replaced(specs: &mut [(&GrammarFile, FileSpec)]) {
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for (file, spec) in specs.iter() {
        for id in ids(spec) {
            last.insert(id.to_owned(), file.layer);
        }
    }
    for (file, spec) in specs {
        let stays = |id: &toml::Spanned<String>| last.get(id.get_ref()) == Some(&file.layer);
        spec.phrase.retain(|r| stays(&r.id));
        spec.pattern.retain(|r| stays(&r.id));
        spec.score.retain(|r| stays(&r.id));
        spec.slip.retain(|r| stays(&r.id));
        spec.misreading.retain(|r| stays(&r.id));
    }
}

fn ids(spec: &FileSpec) -> impl Iterator<Item = &str> {
    let phrases = spec.phrase.iter().map(|r| &r.id);
    let patterns = spec.pattern.iter().map(|r| &r.id);
    let scores = spec.score.iter().map(|r| &r.id);
    let slips = spec.slip.iter().map(|r| &r.id);
    let misreadings = spec.misreading.iter().map(|r| &r.id);
    phrases.chain(patterns).chain(scores).chain(slips).chain(misreadings).map(|id| id.get_ref().as_str())
}

fn check_file(g: &Grammar, file: &GrammarFile, spec: &FileSpec, found: &mut Vec<GrammarFinding>) {
    spec.phrase.iter().for_each(|p| check_phrase(g, file, p, found));
    spec.pattern.iter().for_each(|p| check_pattern(g, file, p, found));
    spec.slip.iter().for_each(|s| check_slip(g, file, s, found));
    spec.misreading.iter().for_each(|m| check_misreading(g, file, m, found));
    crate::segment::check_scores(g, &spec.score, &mut |at, code, message| found.push(file.error(code, at, message)));
}

/// An example must show the phrase; in a counter-example a longer phrase of the vocabulary may hide it.
fn check_phrase(g: &Grammar, file: &GrammarFile, p: &PhraseSpec, found: &mut Vec<GrammarFinding>) {
    let at = p.id.span().start;
    let id = p.id.get_ref().as_str();
    if p.examples.is_empty() {
        found.push(file.error("A0910", at, format!("{id}: expected examples, but there are none")));
    }
    let Some(set) = Set::parse(p.set.get_ref()) else { return };
    let own = |m: &Phrase| m.id.as_ref() == id && m.set == set;
    let finds = |text: &str, hidden| match set.is_looked_up() {
        true => text.split(|c: char| !c.is_alphanumeric()).any(|w| g.lookup(set, w).is_some_and(own)),
        false => crate::scan::phrases_in(text, file.language(), hidden, g).iter().any(own),
    };
    for text in p.examples.iter().filter(|t| !finds(t, true)) {
        found.push(file.error("A0904", at, format!("{id}: expected to be found in {text:?}, but is not")));
    }
    let hidden = p.examples.iter().filter(|t| finds(t, true) && !finds(t, false));
    for (text, other) in hidden.filter_map(|t| Some((t, hides(g, file, p, t)?))) {
        let message = format!("{id}: expected one meaning of {text:?}, but {} reads {:?} there", other.id, other.value);
        found.push(file.error("A0909", at, message));
    }
    for text in p.counter.iter().filter(|t| finds(t, false)) {
        found.push(file.error("A0905", at, format!("{id}: expected not to be found in {text:?}, but is")));
    }
}

/// The phrase of the same vocabulary with another meaning that is found in `text` where `p` would be.
fn hides(g: &Grammar, file: &GrammarFile, p: &PhraseSpec, text: &str) -> Option<Phrase> {
    let shown = crate::scan::phrases_in(text, file.language(), false, g);
    let set = Set::parse(p.set.get_ref()).filter(|s| s.has_meaning())?;
    shown.into_iter().find(|m| m.set == set && m.value.as_ref() != p.value && m.id.as_ref() != p.id.get_ref())
}

/// No word stands twice in one vocabulary of one language with two meanings: nothing would say which is right.
fn check_words(specs: &[(&GrammarFile, FileSpec)], found: &mut Vec<GrammarFinding>) {
    let mut known: BTreeMap<(&str, &str, String), &PhraseSpec> = BTreeMap::new();
    for (file, spec) in specs {
        for p in &spec.phrase {
            for word in &p.words {
                let word = if p.case { word.clone() } else { fold(word) };
                let first = *known.entry((file.language(), p.set.get_ref(), word.clone())).or_insert(p);
                if first.value != p.value {
                    let (id, other) = (p.id.get_ref(), first.id.get_ref());
                    let message = format!(
                        "{id}: expected one meaning, but {word:?} is {:?} here and {:?} in {other}",
                        p.value, first.value
                    );
                    found.push(file.error("A0909", p.id.span().start, message));
                }
            }
        }
    }
}

fn check_slip(g: &Grammar, file: &GrammarFile, s: &SlipSpec, found: &mut Vec<GrammarFinding>) {
    let Ok(regex) = Forms::of(s.pattern.get_ref()).map(Matcher::new) else { return };
    let at = s.id.span().start;
    let id = s.id.get_ref();
    if s.examples.is_empty() {
        found.push(file.error("A0910", at, format!("{id}: expected examples, but there are none")));
    }
    let undo = |text: &str| crate::evidence::undo_slip(&regex, &s.to, text);
    for [wrong, right] in s.examples.iter().filter(|[w, r]| undo(w) != *r) {
        let got = undo(wrong);
        found.push(file.error(
            "A0904",
            at,
            format!("{id}: expected {wrong:?} to become {right:?}, but it becomes {got:?}"),
        ));
    }
    // the other slips of its slots leave its examples alone
    for (slot, [wrong, right]) in s.slots.iter().flat_map(|slot| s.examples.iter().map(move |e| (slot, e))) {
        let others = g.slips(slot).filter(|o| o.id.as_ref() != id.as_str());
        for other in others.filter(|o| crate::evidence::undo_slip(&o.regex, &o.to, right) != *right) {
            let message =
                format!("{id}: expected {wrong:?} to become {right:?}, but {} reads it differently", other.id);
            found.push(file.error("A0909", at, message));
        }
    }
    for text in s.counter.iter().filter(|t| undo(t) != **t) {
        found.push(file.error(
            "A0905",
            at,
            format!("{id}: expected {text:?} to stay, but it becomes {:?}", undo(text)),
        ));
    }
}

fn check_misreading(g: &Grammar, file: &GrammarFile, m: &MisreadingSpec, found: &mut Vec<GrammarFinding>) {
    let at = m.id.span().start;
    let id = m.id.get_ref();
    if m.examples.is_empty() {
        found.push(file.error("A0910", at, format!("{id}: expected examples, but there are none")));
    }
    for [wrong, right] in &m.examples {
        let (got, rules) = crate::repair::reread(wrong, g);
        if got != *right || !rules.contains(id) {
            let message =
                format!("{id}: expected {wrong:?} to become {right:?} by it, but it becomes {got:?} by {rules:?}");
            found.push(file.error("A0904", at, message));
        }
    }
    for text in &m.counter {
        let (got, rules) = crate::repair::reread(text, g);
        if got != *text {
            let message = format!("{id}: expected {text:?} to stay, but it becomes {got:?} by {rules:?}");
            found.push(file.error("A0905", at, message));
        }
    }
}

fn check_pattern(g: &Grammar, file: &GrammarFile, p: &PatternSpec, found: &mut Vec<GrammarFinding>) {
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
        let of_set = g.patterns(p.set.get_ref()).iter();
        // the leftmost of a set's patterns, the first of those that begin together
        let first =
            of_set.filter_map(|o| Some((o.regex.find(text)?.start(), o))).min_by_key(|(at, _)| *at).map(|f| f.1);
        if let Some(other) = first.filter(|o| o.value.as_ref() != p.value && o.id.as_ref() != id.as_str()) {
            let message =
                format!("{id}: expected {text:?} to mean {:?}, but {} reads {:?}", p.value, other.id, other.value);
            found.push(file.error("A0909", at, message));
        }
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
