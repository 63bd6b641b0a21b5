//! What grammar files come to, as plain data.
//!
//! In: the files, embedded and laid over them. Out: [`Tables`], of which a grammar is made, or an error with file, line and
//! column. Never: knows of the rest of the program: the build script makes the embedded files' tables by this same code.

mod fold;
mod frozen;
mod listed;
mod needs;
mod sets;
mod source;
pub mod spec;
mod variants;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use fold::{fold, folded};
pub use frozen::Frozen;
pub use listed::Listed;
pub use sets::Set;
pub use source::{CONFIDENCE, GrammarError, GrammarFile, REPAIR, RuleInfo};
pub use spec::Slot;
pub use variants::{Forms, is_latin};
pub use words::{City, Shape, WordInfo};

use source::entries;
use spec::FileSpec;
use words::Words;

/// Words that mean one value of a vocabulary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhraseRow {
    pub id: String,
    pub set: Set,
    pub value: String,
    pub language: String,
    pub case: bool,
}

/// A pattern, by the set that asks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatternRow {
    pub set: String,
    pub id: String,
    pub value: String,
    pub language: String,
    pub pattern: Forms,
}

/// A score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Its place in its table.
    pub place: usize,
    pub table: String,
    pub id: String,
    pub class: String,
    pub all: Vec<String>,
    pub none: Vec<String>,
    pub weight: f32,
}

/// A slip that is undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlipRow {
    pub id: String,
    pub slots: Vec<String>,
    pub pattern: Forms,
    pub to: String,
}

/// A sign that is read for another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MisreadingRow {
    pub id: String,
    pub slots: Vec<Slot>,
    pub seen: String,
    pub meant: Vec<String>,
}

/// What a grammar is made of, apart from the rules of the repair stage and of the confidences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    /// Over all files, hex.
    pub hash: String,
    /// In the order of the files.
    pub phrases: Vec<PhraseRow>,
    /// The words of phrases that begin with a sign.
    pub signs: Vec<(u32, String)>,
    /// In the order of the files.
    pub patterns: Vec<PatternRow>,
    /// By id.
    pub scores: Vec<ScoreRow>,
    /// In the order of the files.
    pub slips: Vec<SlipRow>,
    /// In the order of the files; a later one of the same id takes the place of an earlier one.
    pub misreadings: Vec<MisreadingRow>,
    pub starts: Vec<Shape>,
    pub ends: Vec<Shape>,
    pub cities: Vec<City>,
    /// The maps; they lie beside the rest.
    #[serde(skip)]
    pub maps: Maps,
}

/// What is looked up word by word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maps {
    /// Folded word → what is known of it.
    pub words: Frozen,
    /// Folded city → its number.
    pub cities: Frozen,
    /// The byte of a vocabulary and a folded word → the phrase's number.
    pub index: Frozen,
    /// The words of phrases that begin with a letter or digit.
    pub listed: Listed,
}

impl Maps {
    /// Their bytes with the names of the files that hold them.
    #[allow(dead_code, reason = "the build script writes them")]
    pub fn parts(&self) -> [(&'static str, &[u8]); 5] {
        [
            ("words.bin", self.words.bytes()),
            ("cities.bin", self.cities.bytes()),
            ("index.bin", self.index.bytes()),
            ("first-words.bin", self.listed.by_word.bytes()),
            ("names.bin", &self.listed.names),
        ]
    }

    /// The maps that lie in these bytes.
    pub fn of([words, cities, index, by_word, names]: [&'static [u8]; 5]) -> Self {
        let listed = Listed { by_word: Frozen::of(by_word), names: Cow::Borrowed(names) };
        Self { words: Frozen::of(words), cities: Frozen::of(cities), index: Frozen::of(index), listed }
    }
}

/// Stands in the ids of what comes from the lists, and in no rule's.
const LISTED: char = '#';

/// Hash over files, hex.
pub fn hash(files: &[GrammarFile]) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|file| [&file.path, &file.content]) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Tables in the making.
#[derive(Default)]
pub struct Building {
    phrases: HashMap<String, (PhraseRow, Vec<String>)>,
    order: Vec<String>,
    patterns: BTreeMap<String, (usize, PatternRow)>,
    scores: BTreeMap<String, ScoreRow>,
    slips: BTreeMap<String, (usize, SlipRow)>,
    misreadings: Vec<MisreadingRow>,
    words: Words,
    rules: BTreeMap<String, RuleInfo>,
    layers: HashMap<String, usize>,
    counter: usize,
}

impl Building {
    /// Adds a file of rules or a list.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn add(&mut self, file: &GrammarFile) -> Result<(), GrammarError> {
        if file.path.ends_with(".txt") {
            self.add_list(file);
            return Ok(());
        }
        if file.path.ends_with(".toml") { self.add_rules(file, file.spec()?) } else { Ok(()) }
    }

    fn add_list(&mut self, file: &GrammarFile) {
        let name = file.path.rsplit('/').next().unwrap_or("").trim_end_matches(".txt");
        match name {
            "given-names" | "family-names" | "common-words" => {
                self.words.add_list(&file.content, name, file.language());
            }
            "name-shapes" => self.words.add_shapes(&file.content),
            "cities" => self.add_cities(file),
            "countries" => self.add_codes(file, Set::Country),
            "demonyms" => self.add_codes(file, Set::Demonym),
            "organisations" => self.add_codes(file, Set::KnownBody),
            _ => {}
        }
    }

    fn add_cities(&mut self, file: &GrammarFile) {
        self.words.add_cities(&file.content);
        for line in entries(&file.content) {
            let mut f = line.split('\t');
            if let (Some(name), Some(code)) = (f.next(), f.next()) {
                self.list_entry(file.language(), Set::City, name, code, true);
            }
        }
    }

    fn add_codes(&mut self, file: &GrammarFile, set: Set) {
        for line in entries(&file.content) {
            let mut f = line.split('\t');
            if let Some(name) = f.next() {
                let code = f.next().unwrap_or("-");
                let case = name.len() <= 4 || set == Set::KnownBody;
                self.list_entry(file.language(), set, name, code, case);
            }
        }
    }

    fn list_entry(&mut self, language: &str, set: Set, name: &str, value: &str, case: bool) {
        let id = format!("{}/{}{LISTED}{value}{}", language, set.name(), if case { "=" } else { "" });
        if let Some((_, words)) = self.phrases.get_mut(&id) {
            words.push(name.to_owned());
        } else {
            let rule = format!("{language}/lexicon/{}", set.name());
            let phrase = PhraseRow { id: rule, set, value: value.into(), language: language.into(), case };
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
        let language = file.language();
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
            let phrase = PhraseRow { id: id.clone(), set, value: p.value, language: language.to_owned(), case: p.case };
            if self.phrases.insert(id.clone(), (phrase, p.words)).is_none() {
                self.order.push(id);
            }
        }
        for p in spec.pattern {
            let pattern = Forms::of(p.pattern.get_ref()).map_err(|e| bad_pattern(file, &p.pattern, &*e))?;
            let n = self.note(file, &p.id, format!("pattern of {}", p.set.get_ref()))?;
            let id = p.id.into_inner();
            let place = self.patterns.get(&id).map_or(n, |old| old.0);
            let row = PatternRow {
                set: p.set.into_inner(),
                id: id.clone(),
                value: p.value,
                language: language.to_owned(),
                pattern,
            };
            self.patterns.insert(id, (place, row));
        }
        for s in spec.score {
            let n = self.note(file, &s.id, format!("{} {} {:+}", s.table, s.class.get_ref(), s.weight))?;
            let id = s.id.into_inner();
            let (none, all): (Vec<String>, Vec<String>) = s.when.into_iter().partition(|f| f.starts_with('!'));
            let row = ScoreRow {
                place: self.scores.get(&id).map_or(n, |old| old.place),
                table: s.table,
                id: id.clone(),
                class: s.class.into_inner(),
                all,
                none: none.into_iter().map(|f| f[1..].to_owned()).collect(),
                weight: s.weight,
            };
            self.scores.insert(id, row);
        }
        for s in spec.slip {
            let pattern = Forms::of(s.pattern.get_ref()).map_err(|e| bad_pattern(file, &s.pattern, &*e))?;
            let n = self.note(file, &s.id, format!("slip → {:?}", s.to))?;
            let id = s.id.into_inner();
            self.slips.insert(id.clone(), (n, SlipRow { id, slots: s.slots, pattern, to: s.to }));
        }
        for m in spec.misreading {
            self.note(file, &m.id, format!("misreading {:?} → {:?}", m.seen, m.meant))?;
            let id = m.id.into_inner();
            self.misreadings.push(MisreadingRow { id, slots: m.slots, seen: m.seen, meant: m.meant });
        }
        Ok(())
    }

    /// The tables of all files that were added, and every rule with its place.
    pub fn finish(mut self, hash: String) -> (Tables, Vec<RuleInfo>) {
        let (mut phrases, mut signs, mut listed) = (Vec::with_capacity(self.order.len()), Vec::new(), Vec::new());
        let mut index: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for id in &self.order {
            let Some((phrase, list)) = self.phrases.remove(id) else { continue };
            let n = phrases.len() as u32;
            let of_list = id.contains(LISTED);
            let mut spelled: BTreeSet<String> = BTreeSet::new();
            for word in list {
                // parts of a city's name are no words
                if phrase.set != Set::City || !word.contains(' ') {
                    self.words.add_phrase(&word);
                }
                let key = std::iter::once(phrase.set as u8).chain(fold(&word).into_bytes()).collect();
                index.entry(key).or_insert(n);
                if phrase.set.is_looked_up() {
                    continue;
                }
                for form in fold::forms(&word, phrase.set.bears_no_accents() && !of_list) {
                    if !spelled.insert(if form.is_ascii() { form.to_ascii_lowercase() } else { form.clone() }) {
                        continue;
                    }
                    if listed::has_word(&form) { listed.push((form, n)) } else { signs.push((n, form)) }
                }
            }
            phrases.push(phrase);
        }
        let (starts, ends) = self.words.shapes();
        let (cities, by_city) = self.words.cities();
        let maps = Maps {
            words: self.words.known(),
            cities: by_city,
            index: Frozen::new(&index),
            listed: Listed::new(&listed),
        };
        let tables = Tables {
            hash,
            phrases,
            signs,
            patterns: in_order(self.patterns),
            scores: self.scores.into_values().collect(),
            slips: in_order(self.slips),
            misreadings: self.misreadings,
            starts,
            ends,
            cities,
            maps,
        };
        (tables, self.rules.into_values().collect())
    }
}

fn in_order<T>(rules: BTreeMap<String, (usize, T)>) -> Vec<T> {
    let mut sorted: Vec<_> = rules.into_values().collect();
    sorted.sort_by_key(|(n, _)| *n);
    sorted.into_iter().map(|(_, rule)| rule).collect()
}

fn bad_pattern(file: &GrammarFile, p: &toml::Spanned<String>, e: &dyn std::error::Error) -> GrammarError {
    let reason = e.to_string();
    let last = reason.lines().last().unwrap_or("it does not compile");
    file.error("A0903", p.span().start, format!("expected a regular expression, but {last}"))
}
