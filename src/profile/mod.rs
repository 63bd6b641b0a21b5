//! What an archive is made of, for a clerk who has no gold: languages, kinds, how well the fields are filled, which rules
//! fired, and what the lines look like that nothing explained.
//!
//! In: documents, or a dataset. Out: a [`Profile`]. Never: writes a dataset; keeps more than bounded tables; depends on the
//! number of workers.

mod digest;
mod report;
mod rules;
mod shapes;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{fs, io};

use serde_json::Value;

use crate::batch::{self, About, BatchError, Given, Job, Outcome, Status, Target, Watch};
use crate::eval::json_files;
use crate::grammar::{Grammar, GrammarError};
use crate::pipeline::{Extraction, Options, Pipeline};
use crate::verify::{Found, root_of, text_of};

pub use digest::Digest;
pub use report::{Shown, json, table};
pub use rules::Rules;
pub use shapes::{Kin, Place};

/// An archive in numbers.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Documents that were read.
    pub documents: u64,
    /// Inputs that were not, by what became of them.
    pub left: BTreeMap<&'static str, u64>,
    /// Documents whose text was not at hand: their lines are not shown.
    pub without_text: u64,
    /// Main languages and further ones.
    pub languages: BTreeMap<String, [u64; 2]>,
    /// Kinds of documents.
    pub kinds: BTreeMap<String, u64>,
    /// Grades of their coverage.
    pub grades: BTreeMap<String, u64>,
    /// Formats.
    pub formats: BTreeMap<String, u64>,
    /// Fields in the record's order: filled, all.
    pub fields: Vec<(String, u64, u64)>,
    /// Lines: all, used, explained, unexplained.
    pub lines: [u64; 4],
    /// Codes of findings.
    pub findings: BTreeMap<String, u64>,
    /// Values by rule.
    pub values: BTreeMap<String, u64>,
    /// Rules of the grammars; nothing where a dataset tells only of its values.
    pub rules: Option<Rules>,
    shapes: shapes::Table,
    labels: shapes::Table,
}

impl Profile {
    /// Adds a document.
    pub fn add(&mut self, d: &Digest) {
        self.documents += 1;
        self.without_text += u64::from(!d.text);
        for (i, language) in d.languages.iter().enumerate() {
            self.languages.entry(language.clone()).or_default()[i.min(1)] += 1;
        }
        *self.kinds.entry(d.kind.clone()).or_default() += 1;
        *self.grades.entry(d.grade.clone()).or_default() += 1;
        *self.formats.entry(d.media_type.clone()).or_default() += 1;
        if self.fields.is_empty() {
            self.fields = d.fields.iter().map(|(name, ..)| (name.clone(), 0, 0)).collect();
        }
        for (sum, (_, filled, all)) in self.fields.iter_mut().zip(&d.fields) {
            sum.1 += filled;
            sum.2 += all;
        }
        self.lines.iter_mut().zip(d.lines).for_each(|(sum, n)| *sum += n);
        d.findings.iter().for_each(|(code, n)| *self.findings.entry(code.clone()).or_default() += n);
        d.values.iter().for_each(|(rule, n)| *self.values.entry(rule.clone()).or_default() += n);
        for place in &d.unexplained {
            self.shapes.add(shapes::shape(&place.text), place);
            if let Some(label) = shapes::label(&place.text) {
                self.labels.add(label.to_lowercase(), place);
            }
        }
    }

    /// The commonest shapes of lines that nothing explained.
    pub fn shapes(&self, most: usize) -> Vec<Kin> {
        self.shapes.commonest(most)
    }

    /// The commonest words before a colon in such lines.
    pub fn labels(&self, most: usize) -> Vec<Kin> {
        self.labels.commonest(most)
    }
}

/// Reads documents and adds them up in their order.
pub fn of_documents(
    inputs: Vec<Given>,
    overlays: &[PathBuf],
    options: Options,
    jobs: usize,
) -> Result<Profile, ProfileError> {
    let grammar = Grammar::load_with(overlays, true)?;
    let about = About { grammar: grammar.hash.clone(), options: options.clone(), ..About::default() };
    let pipeline = Pipeline::new(grammar.clone(), options);
    let job = Job { inputs, list: None, target: Target::Nothing, jobs, about, isolate: None };
    let adder = Adder::default();
    batch::run(job, &|source| pipeline.extract_with_text(source), &adder)?;
    let mut profile = adder.sum.into_inner().unwrap_or_default();
    profile.rules = Some(Rules::of(&grammar, &profile.values));
    Ok(profile)
}

/// Adds up the records of a dataset, by their paths; `source` is where its inputs stand, for texts that it does not hold.
pub fn of_dataset(output: &Path, source: Option<&Path>) -> io::Result<Profile> {
    let root = root_of(output)?;
    let source = source.or(root.as_deref());
    let mut profile = Profile::default();
    for file in json_files(&output.join("records"))? {
        let Ok(record) = serde_json::from_slice::<Value>(&fs::read(&file)?) else {
            *profile.left.entry("failed").or_default() += 1;
            continue;
        };
        let word = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let text = match text_of(word("/source/path"), word("/source/sha256"), output, source)? {
            Found::Text(text) => Some(text),
            Found::Other(_) | Found::Nothing => None,
        };
        profile.add(&Digest::of(&record, text.as_deref()));
    }
    Ok(profile)
}

/// Whether a folder is a dataset.
pub fn is_dataset(folder: &Path) -> bool {
    folder.join("run.json").is_file() && folder.join("records").is_dir()
}

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// A grammar file.
    #[error(transparent)]
    Grammar(#[from] GrammarError),
    /// The inputs.
    #[error(transparent)]
    Batch(#[from] BatchError),
}

/// Adds up digests, which come back in the inputs' order.
#[derive(Default)]
struct Adder {
    sum: Mutex<Profile>,
}

impl Watch for Adder {
    fn look(&self, extraction: &Extraction) -> Vec<String> {
        let record = serde_json::to_value(&extraction.record).unwrap_or_default();
        let digest = Digest::of(&record, Some(&extraction.text.content));
        serde_json::to_string(&digest).into_iter().collect()
    }

    fn done(&self, outcome: &Outcome) {
        let Ok(mut sum) = self.sum.lock() else { return };
        match outcome.shown.first().and_then(|d| serde_json::from_str::<Digest>(d).ok()) {
            Some(digest) if outcome.status == Status::Done => sum.add(&digest),
            _ => *sum.left.entry(outcome.status.as_str()).or_default() += 1,
        }
    }
}
