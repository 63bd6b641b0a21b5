//! The shape of a grammar file, as TOML has it. Unknown keys are errors with file, line and column.

use serde::{Deserialize, Serialize};
use toml::Spanned;

/// One grammar file: any number of rules of any sort.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileSpec {
    /// Phrases of a vocabulary.
    pub phrase: Vec<PhraseSpec>,
    /// Patterns with named captures.
    pub pattern: Vec<PatternSpec>,
    /// Scores of classes.
    pub score: Vec<ScoreSpec>,
    /// Slips that a slot's tolerant reader undoes.
    pub slip: Vec<SlipSpec>,
    /// What signs are read for others.
    pub misreading: Vec<MisreadingSpec>,
}

/// Words that mean one value of a vocabulary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseSpec {
    /// `en/role/chair`.
    pub id: Spanned<String>,
    /// The vocabulary: one of [`super::Set`]'s names.
    pub set: Spanned<String>,
    /// What the words mean in it.
    #[serde(default)]
    pub value: String,
    /// The words and phrases, in any case.
    pub words: Vec<String>,
    /// Whether case must agree.
    #[serde(default)]
    pub case: bool,
    /// Texts in which the rule must be found.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Texts in which it must not.
    #[serde(default)]
    pub counter: Vec<String>,
}

/// A pattern with named captures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatternSpec {
    /// `en/prose/hosted-by`.
    pub id: Spanned<String>,
    /// Who asks for it.
    pub set: Spanned<String>,
    /// The pattern, in the syntax of the `regex` crate.
    pub pattern: Spanned<String>,
    /// What it means, where the set wants that.
    #[serde(default)]
    pub value: String,
    /// Texts with what each capture must hold.
    #[serde(default)]
    pub examples: Vec<std::collections::BTreeMap<String, String>>,
    /// Texts that it must not match.
    #[serde(default)]
    pub counter: Vec<String>,
}

/// A score that a class gets when features hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreSpec {
    /// `base/line/row/time-first`.
    pub id: Spanned<String>,
    /// `line`, `join`, `follow` or `document`.
    pub table: String,
    /// The class that gets it.
    pub class: Spanned<String>,
    /// Features that must all hold; `!x` must not.
    pub when: Vec<String>,
    /// The score.
    pub weight: f32,
    /// Lines whose features fire the rule.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Lines whose features do not.
    #[serde(default)]
    pub counter: Vec<String>,
}

/// A slip that is undone inside one kind of slot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipSpec {
    /// `base/ocr/plus-sign`.
    pub id: Spanned<String>,
    /// The slots in which it is undone: `time`, `phone`, `name`, `text` …
    pub slots: Vec<String>,
    /// Pattern; the capture `slip` is replaced.
    pub pattern: Spanned<String>,
    /// What it is replaced by.
    pub to: String,
    /// Pairs of wrong and right.
    #[serde(default)]
    pub examples: Vec<[String; 2]>,
    /// Texts that stay.
    #[serde(default)]
    pub counter: Vec<String>,
}

/// Where a misreading is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// A word that some list or the document itself has.
    #[serde(rename = "word")]
    Word,
    /// A number of a time, a date, a telephone.
    #[serde(rename = "number")]
    Number,
    /// A letter that is gone from a word.
    #[serde(rename = "lost-letter")]
    LostLetter,
    /// A space that is gone from between two words.
    #[serde(rename = "lost-space")]
    LostSpace,
    /// A sign between words.
    #[serde(rename = "sign")]
    Sign,
}

/// A sign that is read for another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MisreadingSpec {
    /// `base/ocr/one-for-l`.
    pub id: Spanned<String>,
    /// Where it is undone: `word`, `number`, `lost-letter`, `lost-space`, `sign`.
    pub slots: Vec<Slot>,
    /// What stands in the text; nothing where a sign was lost.
    #[serde(default)]
    pub seen: String,
    /// What it may stand for.
    #[serde(default)]
    pub meant: Vec<String>,
    /// Pairs of wrong and right.
    #[serde(default)]
    pub examples: Vec<[String; 2]>,
    /// Texts that stay.
    #[serde(default)]
    pub counter: Vec<String>,
}
