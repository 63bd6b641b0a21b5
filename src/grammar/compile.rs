//! Files → [`Grammar`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use aho_corasick::AhoCorasick;
use include_dir::{Dir, include_dir};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::check::RuleInfo;
use super::lexicon::{Lexicons, entries};
use super::listed::{Listed, has_word};
use super::matcher::Matcher;
use super::misreading::Misreadings;
use super::spec::FileSpec;
use super::{Grammar, Pattern, Phrase, Score, Set, Slip, fold};
use crate::calibrate::Model;
use crate::repair::RepairRules;

/// The file that the confidence of values is made from.
pub(super) const CONFIDENCE: &str = "base/confidence.toml";

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/grammars");

/// What is wrong with a grammar file: where, what was expected, what was found.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code} {file}:{line}:{column}: {message}")]
pub struct GrammarError {
    /// `A09xx`.
    pub code: &'static str,
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What was expected and what was found.
    pub message: String,
}

/// One grammar file before it is compiled.
pub(super) struct GrammarFile {
    pub(super) path: String,
    pub(super) content: String,
    /// 0 for the embedded files, 1 for the first overlay, and so on.
    pub(super) layer: usize,
}

impl GrammarFile {
    /// The folder of the language; a file that stands in none is no language's.
    pub(super) fn language(&self) -> &str {
        self.path.split_once('/').map_or("base", |(folder, _)| folder)
    }

    pub(super) fn error(&self, code: &'static str, offset: usize, message: impl Into<String>) -> GrammarError {
        let before = self.content.get(..offset).unwrap_or("");
        GrammarError {
            code,
            file: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().map_or(1, |l| l.chars().count() + 1),
            message: message.into(),
        }
    }

    pub(super) fn spec(&self) -> Result<FileSpec, GrammarError> {
        toml::from_str(&self.content).map_err(|e| {
            let code = if e.message().starts_with("unknown field") { "A0902" } else { "A0901" };
            self.error(code, e.span().map_or(0, |s| s.start), e.message().replace('\n', " "))
        })
    }
}

/// The embedded files with the overlays' laid over them, by path order.
pub(super) fn files(overlays: &[PathBuf]) -> Result<Vec<GrammarFile>, GrammarError> {
    let mut all = Vec::new();
    collect_embedded(&EMBEDDED, &mut all);
    all.sort_by(|a: &GrammarFile, b| a.path.cmp(&b.path));
    for (n, dir) in overlays.iter().enumerate() {
        let mut own = Vec::new();
        collect_folder(dir, dir, n + 1, &mut own)?;
        own.sort_by(|a, b| a.path.cmp(&b.path));
        all.extend(own);
    }
    Ok(all)
}

fn collect_embedded(dir: &'static Dir<'static>, all: &mut Vec<GrammarFile>) {
    for file in dir.files() {
        if let (Some(path), Some(content)) = (file.path().to_str(), file.contents_utf8()) {
            all.push(GrammarFile { path: path.replace('\\', "/"), content: content.to_owned(), layer: 0 });
        }
    }
    dir.dirs().for_each(|d| collect_embedded(d, all));
}

fn collect_folder(root: &Path, dir: &Path, layer: usize, all: &mut Vec<GrammarFile>) -> Result<(), GrammarError> {
    let fail = |path: &Path, message: String| GrammarError {
        code: "A0901",
        file: path.display().to_string(),
        line: 0,
        column: 0,
        message,
    };
    let listing =
        std::fs::read_dir(dir).map_err(|e| fail(dir, format!("expected a folder of grammar files, but {e}")))?;
    for entry in listing {
        let path = entry.map_err(|e| fail(dir, e.to_string()))?.path();
        if path.is_dir() {
            collect_folder(root, &path, layer, all)?;
        } else if path.extension().is_some_and(|x| x == "toml" || x == "txt") {
            let content = std::fs::read_to_string(&path)
                .map_err(|e| fail(&path, format!("expected a UTF-8 text file, but {e}")))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            all.push(GrammarFile { path: name, content, layer });
        }
    }
    Ok(())
}

impl Grammar {
    /// The embedded grammars with the folders `overlays` laid over them by rule id.
    ///
    /// # Errors
    /// A file that cannot be read, is no TOML, has an unknown key or a bad pattern.
    pub fn load(overlays: &[PathBuf]) -> Result<Arc<Grammar>, GrammarError> {
        Self::load_with(overlays, false)
    }

    /// The same; with `trace`, it counts how often each rule fires.
    pub(crate) fn load_with(overlays: &[PathBuf], trace: bool) -> Result<Arc<Grammar>, GrammarError> {
        Self::build(&files(overlays)?, trace)
    }

    /// The grammar that these files alone make: path and content of each.
    ///
    /// # Errors
    /// As [`Grammar::load`].
    pub fn of(files: &[(&str, &str)]) -> Result<Arc<Grammar>, GrammarError> {
        let file = |(path, content): &(&str, &str)| GrammarFile {
            path: (*path).to_owned(),
            content: (*content).to_owned(),
            layer: 0,
        };
        Self::build(&files.iter().map(file).collect::<Vec<_>>(), false)
    }

    fn build(files: &[GrammarFile], trace: bool) -> Result<Arc<Grammar>, GrammarError> {
        let mut building = Building::default();
        let mut hash = Sha256::new();
        for file in files {
            hash.update(file.path.as_bytes());
            hash.update([0]);
            hash.update(file.content.as_bytes());
            hash.update([0]);
            building.add(file)?;
        }
        let digest = hash.finalize();
        building.finish(digest.iter().map(|b| format!("{b:02x}")).collect(), trace)
    }
}

/// Shorter words mean something else without their accents: "où".
const SHORTEST_PLAIN: usize = 5;

/// Stands in the ids of what comes from the lists, and in no rule's.
const LISTED: char = '#';

#[derive(Default)]
struct Building {
    phrases: FxHashMap<String, (Phrase, Vec<String>)>,
    order: Vec<String>,
    patterns: BTreeMap<String, (usize, String, Pattern)>,
    scores: BTreeMap<String, (usize, String, Score)>,
    slips: BTreeMap<String, (usize, Slip)>,
    misreadings: Misreadings,
    repair: RepairRules,
    confidence: Model,
    lexicons: Lexicons,
    rules: BTreeMap<String, RuleInfo>,
    layers: FxHashMap<String, usize>,
    counter: usize,
}

impl Building {
    fn add(&mut self, file: &GrammarFile) -> Result<(), GrammarError> {
        if file.path.ends_with(".txt") {
            self.add_list(file);
            return Ok(());
        }
        if file.path.ends_with("base/repair.toml") {
            self.repair = RepairRules::from_toml(&file.content)
                .map_err(|e| file.error("A0901", e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
            return Ok(());
        }
        if file.path.ends_with(CONFIDENCE) {
            self.confidence = Model::from_toml(&file.content)
                .map_err(|e| file.error(if e.unknown { "A0902" } else { "A0901" }, e.at, e.message))?;
            return Ok(());
        }
        if file.path.ends_with(".toml") { self.add_rules(file, file.spec()?) } else { Ok(()) }
    }

    fn add_list(&mut self, file: &GrammarFile) {
        let name = file.path.rsplit('/').next().unwrap_or("").trim_end_matches(".txt");
        let language: Arc<str> = file.language().into();
        match name {
            "given-names" | "family-names" | "common-words" => self.lexicons.add_words(&file.content, name, &language),
            "name-shapes" => self.lexicons.add_shapes(&file.content),
            "cities" => self.add_cities(file, &language),
            "countries" => self.add_codes(file, Set::Country, &language),
            "demonyms" => self.add_codes(file, Set::Demonym, &language),
            "organisations" => self.add_codes(file, Set::KnownBody, &language),
            _ => {}
        }
    }

    fn add_cities(&mut self, file: &GrammarFile, language: &Arc<str>) {
        self.lexicons.add_cities(&file.content);
        for line in entries(&file.content) {
            let mut f = line.split('\t');
            if let (Some(name), Some(code)) = (f.next(), f.next()) {
                self.list_entry(file, Set::City, name, code, language, true);
            }
        }
    }

    fn add_codes(&mut self, file: &GrammarFile, set: Set, language: &Arc<str>) {
        for line in entries(&file.content) {
            let mut f = line.split('\t');
            if let Some(name) = f.next() {
                let code = f.next().unwrap_or("-");
                let case = name.len() <= 4 || set == Set::KnownBody;
                self.list_entry(file, set, name, code, language, case);
            }
        }
    }

    fn list_entry(&mut self, file: &GrammarFile, set: Set, name: &str, value: &str, language: &Arc<str>, case: bool) {
        let id = format!("{}/{}{LISTED}{value}{}", language, set.name(), if case { "=" } else { "" });
        let _ = file;
        if let Some((_, words)) = self.phrases.get_mut(&id) {
            words.push(name.to_owned());
        } else {
            let rule: Arc<str> = format!("{language}/lexicon/{}", set.name()).into();
            let phrase = Phrase { id: rule, set, value: value.into(), language: language.clone(), case };
            self.order.push(id.clone());
            self.phrases.insert(id, (phrase, vec![name.to_owned()]));
        }
    }

    /// Notes a rule and its place; answers its number in the order of the files.
    fn note(&mut self, file: &GrammarFile, id: &toml::Spanned<String>, summary: String) -> Result<usize, GrammarError> {
        let at = id.span().start;
        if let Some(before) =
            self.rules.get(id.get_ref()).filter(|_| self.layers.get(id.get_ref()) == Some(&file.layer))
        {
            let place = format!("{}:{}", before.file, before.line);
            return Err(file.error(
                "A0907",
                at,
                format!("expected an id of its own, but {} stands in {place} too", id.get_ref()),
            ));
        }
        let head = file.content[..at].rfind("[[").unwrap_or(0);
        let tail = file.content[at..].find("\n[[").map_or(file.content.len(), |e| at + e);
        let info = RuleInfo {
            id: id.get_ref().clone(),
            file: file.path.clone(),
            line: file.content[..at].matches('\n').count() + 1,
            summary,
            source: file.content[head..tail].to_owned(),
        };
        self.rules.insert(info.id.clone(), info);
        self.layers.insert(id.get_ref().clone(), file.layer);
        self.counter += 1;
        Ok(self.counter)
    }

    fn add_rules(&mut self, file: &GrammarFile, spec: FileSpec) -> Result<(), GrammarError> {
        let language: Arc<str> = file.language().into();
        for p in spec.phrase {
            let set = Set::parse(p.set.get_ref()).ok_or_else(|| {
                file.error(
                    "A0906",
                    p.set.span().start,
                    format!("expected a vocabulary, but found {:?}", p.set.get_ref()),
                )
            })?;
            self.note(file, &p.id, format!("{} {}", set.name(), p.value))?;
            let id = p.id.into_inner();
            let phrase =
                Phrase { id: id.as_str().into(), set, value: p.value.into(), language: language.clone(), case: p.case };
            if self.phrases.insert(id.clone(), (phrase, p.words)).is_none() {
                self.order.push(id);
            }
        }
        for p in spec.pattern {
            let regex = Matcher::new(p.pattern.get_ref()).map_err(|e| bad_pattern(file, &p.pattern, &*e))?;
            let n = self.note(file, &p.id, format!("pattern of {}", p.set.get_ref()))?;
            let id = p.id.into_inner();
            let compiled = Pattern { id: id.as_str().into(), language: language.clone(), value: p.value.into(), regex };
            let place = self.patterns.get(&id).map_or(n, |old| old.0);
            self.patterns.insert(id, (place, p.set.into_inner(), compiled));
        }
        for s in spec.score {
            let n = self.note(file, &s.id, format!("{} {} {:+}", s.table, s.class.get_ref(), s.weight))?;
            let id = s.id.into_inner();
            let (none, all): (Vec<String>, Vec<String>) = s.when.into_iter().partition(|f| f.starts_with('!'));
            let compiled = Score {
                id: id.as_str().into(),
                class: s.class.into_inner().into(),
                all: all.iter().map(|f| f.as_str().into()).collect(),
                none: none.iter().map(|f| f[1..].into()).collect(),
                weight: s.weight,
                n: 0,
            };
            let place = self.scores.get(&id).map_or(n, |old| old.0);
            self.scores.insert(id, (place, s.table, compiled));
        }
        for s in spec.slip {
            let regex = Matcher::new(s.pattern.get_ref()).map_err(|e| bad_pattern(file, &s.pattern, &*e))?;
            let n = self.note(file, &s.id, format!("slip → {:?}", s.to))?;
            let id = s.id.into_inner();
            let slip = Slip { id: id.as_str().into(), slots: s.slots, regex, to: s.to };
            self.slips.insert(id, (n, slip));
        }
        for m in spec.misreading {
            self.note(file, &m.id, format!("misreading {:?} → {:?}", m.seen, m.meant))?;
            self.misreadings.add(m);
        }
        Ok(())
    }

    fn finish(mut self, hash: String, trace: bool) -> Result<Arc<Grammar>, GrammarError> {
        let mut phrases = Vec::with_capacity(self.order.len());
        let (mut words, mut index, mut needles) = (Vec::new(), FxHashMap::default(), Vec::new());
        let mut listed: Vec<(Box<str>, u32)> = Vec::new();
        let mut by_id = self.phrases;
        for id in &self.order {
            let Some((phrase, list)) = by_id.remove(id) else { continue };
            let n = phrases.len() as u32;
            let of_list = id.contains(LISTED);
            let mut spelled: FxHashSet<String> = FxHashSet::default();
            for word in list {
                // parts of a city's name are no words
                if phrase.set != Set::City || !word.contains(' ') {
                    self.lexicons.add_phrase(&word);
                }
                index.entry((phrase.set, fold(&word).into_boxed_str())).or_insert(n);
                if phrase.set.is_looked_up() {
                    continue;
                }
                for form in forms(&word, phrase.set.bears_no_accents() && !of_list) {
                    if !spelled.insert(if form.is_ascii() { form.to_ascii_lowercase() } else { form.clone() }) {
                        continue;
                    }
                    if has_word(&form) {
                        listed.push((form.into_boxed_str(), n));
                    } else {
                        needles.push(form.clone());
                        words.push((n, form.into_boxed_str()));
                    }
                }
            }
            phrases.push(phrase);
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(aho_corasick::AhoCorasickKind::ContiguousNFA))
            .build(&needles)
            .map_err(|e| GrammarError {
                code: "A0901",
                file: "grammars".into(),
                line: 0,
                column: 0,
                message: format!("expected vocabularies that fit one automaton, but {e}"),
            })?;
        let mut slips: Vec<_> = self.slips.into_values().collect();
        slips.sort_by_key(|(n, _)| *n);
        for (n, (_, _, score)) in self.scores.values_mut().enumerate() {
            score.n = n as u32;
        }
        let weight = |(_, table, s): &(usize, String, Score)| (format!("{table}/{}", s.class), (s.weight, s.n));
        let weights = self.scores.values().map(weight).collect();
        let counters = |n: usize| (0..if trace { n } else { 0 }).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        if trace {
            self.patterns.values_mut().for_each(|(_, _, p)| p.regex.count_hits());
        }
        Ok(Arc::new(Grammar {
            segment: std::sync::OnceLock::new(),
            weights,
            trace: counters(self.scores.len()),
            read: counters(phrases.len()),
            repair: self.repair,
            confidence: self.confidence,
            misreadings: self.misreadings,
            hash,
            phrases,
            automaton,
            words,
            listed: Listed::new(listed),
            lexicons: self.lexicons,
            patterns: grouped(self.patterns),
            scores: grouped(self.scores),
            slips: slips.into_iter().map(|(_, s)| s).collect(),
            index,
            rules: self.rules.into_values().collect(),
        }))
    }
}

/// A word's spellings that ASCII case folding does not reach: as written, all capitals, all small, with a capital at
/// its start; with `plain`, the same without accents.
fn forms(word: &str, plain: bool) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if !word.is_ascii() {
        let bare = if plain { without_accents(word) } else { word.to_owned() };
        for w in [word, bare.as_str()] {
            forms.extend([w.to_owned(), w.to_uppercase(), w.to_lowercase(), capital(w)]);
        }
        let mut seen = std::collections::BTreeSet::new();
        forms.retain(|f| seen.insert(if f.is_ascii() { f.to_ascii_lowercase() } else { f.clone() }));
    }
    if word.contains('\'') {
        forms.push(word.replace('\'', "\u{2019}"));
    }
    forms
}

/// A word of some length as typewriters, capitals and mails have it: "seance", "сессии", hamzas left out.
fn without_accents(word: &str) -> String {
    if word.chars().count() < SHORTEST_PLAIN {
        return word.to_owned();
    }
    let bare = |c: char| match c {
        'й' | 'Й' => c,
        'ى' => 'ي',
        'ة' => 'ه',
        c => std::iter::once(c).nfd().next().unwrap_or(c),
    };
    word.chars().map(bare).filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

/// The word with its first letter a capital.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn grouped<T>(rules: BTreeMap<String, (usize, String, T)>) -> FxHashMap<String, Vec<T>> {
    let mut sorted: Vec<_> = rules.into_values().collect();
    sorted.sort_by_key(|(n, _, _)| *n);
    let mut groups: FxHashMap<String, Vec<T>> = FxHashMap::default();
    for (_, group, rule) in sorted {
        groups.entry(group).or_default().push(rule);
    }
    groups
}

fn bad_pattern(file: &GrammarFile, p: &toml::Spanned<String>, e: &dyn std::error::Error) -> GrammarError {
    let reason = e.to_string();
    let last = reason.lines().last().unwrap_or("it does not compile");
    file.error("A0903", p.span().start, format!("expected a regular expression, but {last}"))
}
