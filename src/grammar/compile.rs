//! [`Tables`] → [`Grammar`]: those that the build script made of the embedded files, or those of all files where folders are
//! laid over them.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use include_dir::{Dir, include_dir};
use rustc_hash::FxHashMap;

use super::lexicon::Lexicons;
use super::matcher::Matcher;
use super::misreading::Misreadings;
use super::tables::{Building, CONFIDENCE, GrammarError, GrammarFile, Maps, REPAIR, RuleInfo, Tables, hash};
use super::{Grammar, Pattern, Phrase, Score, Slip};
use crate::calibrate::Model;
use crate::repair::RepairRules;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/grammars");

/// The tables of the embedded files, as the build script wrote them; nothing where it met an error.
static TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.bin"));
static MAPS: [&[u8]; 5] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/words.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/cities.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/index.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/first-words.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/names.bin")),
];

/// What a grammar is made of.
#[derive(Default)]
struct Parts {
    tables: Tables,
    repair: RepairRules,
    confidence: Model,
    /// Every rule with its place; nothing where they are still to be read.
    rules: OnceLock<Vec<RuleInfo>>,
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
            all.push(first_layer(&path.replace('\\', "/"), content));
        }
    }
    dir.dirs().for_each(|d| collect_embedded(d, all));
}

/// A file of the grammar that others are laid over.
fn first_layer(path: &str, content: &str) -> GrammarFile {
    GrammarFile { path: path.to_owned(), content: content.to_owned(), layer: 0 }
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

impl Parts {
    /// What the build script made of the embedded files; nothing where it met an error, so that the program tells which.
    fn built() -> Result<Option<Parts>, GrammarError> {
        let Ok(mut tables) = postcard::from_bytes::<Tables>(TABLES) else { return Ok(None) };
        tables.maps = Maps::of(MAPS);
        let mut parts = Parts { tables, ..Parts::default() };
        for path in [REPAIR, CONFIDENCE] {
            let file = EMBEDDED.get_file(path).and_then(|file| file.contents_utf8());
            if let Some(content) = file {
                parts.add(&first_layer(path, content))?;
            }
        }
        Ok(Some(parts))
    }

    /// What these files come to.
    fn of(files: &[GrammarFile]) -> Result<Parts, GrammarError> {
        let (mut building, mut parts) = (Building::default(), Parts::default());
        for file in files {
            if !parts.add(file)? {
                building.add(file)?;
            }
        }
        let (tables, rules) = building.finish(hash(files));
        Ok(Parts { tables, rules: rules.into(), ..parts })
    }

    /// Takes a file that is no table's; answers whether it is one.
    fn add(&mut self, file: &GrammarFile) -> Result<bool, GrammarError> {
        if file.path.ends_with(REPAIR) {
            self.repair = RepairRules::from_toml(&file.content)
                .map_err(|e| file.error("A0901", e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
        } else if file.path.ends_with(CONFIDENCE) {
            self.confidence = Model::from_toml(&file.content)
                .map_err(|e| file.error(if e.unknown { "A0902" } else { "A0901" }, e.at, e.message))?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

/// Every rule of the embedded files with its place.
pub(super) fn embedded_rules() -> Vec<RuleInfo> {
    let made = files(&[]).and_then(|files| Parts::of(&files));
    made.ok().and_then(|parts| parts.rules.into_inner()).unwrap_or_default()
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
        let built = if overlays.is_empty() { Parts::built()? } else { None };
        Self::made(built.map_or_else(|| Parts::of(&files(overlays)?), Ok)?, trace)
    }

    /// The grammar that these files alone make: path and content of each.
    ///
    /// # Errors
    /// As [`Grammar::load`].
    pub fn of(files: &[(&str, &str)]) -> Result<Arc<Grammar>, GrammarError> {
        let files: Vec<GrammarFile> = files.iter().map(|(path, content)| first_layer(path, content)).collect();
        Self::made(Parts::of(&files)?, false)
    }

    fn made(parts: Parts, trace: bool) -> Result<Arc<Grammar>, GrammarError> {
        let Parts { tables, repair, confidence, rules } = parts;
        let automaton = automaton(&tables.signs)?;
        let scores = tables.scores.len();
        let counters = |n: usize| (0..if trace { n } else { 0 }).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        let mut misreadings = Misreadings::default();
        tables.misreadings.into_iter().for_each(|row| misreadings.add(row));
        let mut names = Names::default();
        let phrases: Vec<Phrase> = tables.phrases.into_iter().map(|row| names.phrase(row)).collect();
        let mut patterns: FxHashMap<String, Vec<Pattern>> = FxHashMap::default();
        for row in tables.patterns {
            let mut regex = Matcher::new(row.pattern);
            if trace {
                regex.count_hits();
            }
            let (id, value, language) = (row.id.into(), row.value.into(), names.of(&row.language));
            patterns.entry(row.set).or_default().push(Pattern { id, language, value, regex });
        }
        let (scores_by_table, weights) = scored(tables.scores);
        let slips = tables.slips.into_iter();
        Ok(Arc::new(Grammar {
            segment: OnceLock::new(),
            weights,
            trace: counters(scores),
            read: counters(phrases.len()),
            repair,
            confidence,
            misreadings,
            hash: tables.hash,
            phrases,
            automaton,
            words: tables.signs.into_iter().map(|(n, word)| (n, word.into())).collect(),
            lexicons: Lexicons::new(tables.maps.words, tables.maps.cities, tables.cities, tables.starts, tables.ends),
            listed: tables.maps.listed,
            index: tables.maps.index,
            patterns,
            scores: scores_by_table,
            slips: slips
                .map(|s| Slip { id: s.id.into(), slots: s.slots, regex: Matcher::new(s.pattern), to: s.to })
                .collect(),
            rules,
        }))
    }
}

/// Over the words that begin with a sign.
fn automaton(signs: &[(u32, String)]) -> Result<AhoCorasick, GrammarError> {
    let kind = Some(aho_corasick::AhoCorasickKind::ContiguousNFA);
    let words = signs.iter().map(|(_, word)| word);
    AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(words).map_err(|e| GrammarError {
        code: "A0901",
        file: "grammars".into(),
        line: 0,
        column: 0,
        message: format!("expected vocabularies that fit one automaton, but {e}"),
    })
}

/// Names that many rows have in common, kept once.
#[derive(Default)]
struct Names(Vec<Arc<str>>);

impl Names {
    fn of(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.iter().find(|known| known.as_ref() == name) {
            return known.clone();
        }
        self.0.push(name.into());
        name.into()
    }

    fn phrase(&mut self, row: super::tables::PhraseRow) -> Phrase {
        let language = self.of(&row.language);
        Phrase { id: row.id.into(), set: row.set, value: row.value.into(), language, case: row.case }
    }
}

type Weights = FxHashMap<String, (f32, u32)>;

/// Scores, numbered by id: by their tables, and the weights by table and class.
fn scored(rows: Vec<super::tables::ScoreRow>) -> (FxHashMap<String, Vec<Score>>, Weights) {
    let (mut weights, mut placed) = (Weights::default(), Vec::with_capacity(rows.len()));
    let names = |list: Vec<String>| list.into_iter().map(Arc::from).collect();
    for (n, row) in (0..).zip(rows) {
        weights.insert(format!("{}/{}", row.table, row.class), (row.weight, n));
        let (all, none) = (names(row.all), names(row.none));
        let score = Score { id: row.id.into(), class: row.class.into(), all, none, weight: row.weight, n };
        placed.push((row.place, row.table, score));
    }
    placed.sort_by_key(|(place, _, _)| *place);
    let mut tables: FxHashMap<String, Vec<Score>> = FxHashMap::default();
    for (_, table, score) in placed {
        tables.entry(table).or_default().push(score);
    }
    (tables, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_script_made_is_what_the_files_say() {
        let built = Parts::built().unwrap().expect("tables that the build script made");
        let read = Parts::of(&files(&[]).unwrap()).unwrap();
        assert!(built.tables == read.tables, "expected the tables of the embedded files");
        assert!(built.tables.phrases.len() > 1_000 && built.tables.maps.words.get(b"water").is_some());
    }

    #[test]
    fn rules_that_are_read_late_are_the_same() {
        let rules = embedded_rules();
        assert!(rules.len() > 500);
        assert!(Grammar::builtin().list().iter().map(|r| &r.id).eq(rules.iter().map(|r| &r.id)));
    }
}
