//! What `grammars/base/repair.toml` holds.
//!
//! In: TOML. Out: rules that the passes look characters up in. Never: repairs by itself.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// The rules of repair.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "File")]
pub struct RepairRules {
    rules: Vec<RepairRule>,
    /// What each character becomes, and by which rule.
    characters: FxHashMap<char, (Treatment, usize)>,
}

/// What the rules say of one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Something else stands for it, maybe nothing.
    Becomes(String),
    /// It is taken out beside Latin letters and spaces, where it joins nothing.
    Joiner,
    /// A hyphen that is shown only at a line end.
    SoftHyphen,
    /// A space of another width.
    Space,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepairKind {
    /// UTF-8 that was read as windows-1252.
    Mojibake,
    /// Characters that stand for others.
    Replace,
    /// Characters that are not seen.
    Invisible,
    /// The soft hyphen.
    SoftHyphen,
    /// Spaces of other widths.
    Space,
    /// Capitals set apart by spaces.
    LetterSpacing,
    /// Words that ran together with the clock time before them.
    RunTogether,
}

/// A text before and after.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

/// What is left of a character that was damaged beyond decoding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fragment {
    /// What stands there.
    pub from: String,
    /// What stood there.
    pub to: String,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairRule {
    /// `base/repair/ligature`.
    pub id: String,
    /// What it does.
    pub kind: RepairKind,
    /// What the rule is for.
    #[serde(default)]
    pub note: String,
    /// `replace`: characters and what they stand for.
    #[serde(default)]
    pub map: BTreeMap<char, String>,
    /// `invisible`, `soft-hyphen`, `space`: the characters.
    #[serde(default)]
    pub characters: String,
    /// `invisible`: characters that have a meaning in some scripts.
    #[serde(default)]
    pub joiners: String,
    /// `mojibake`: signs that may stand behind a capital of an undamaged text.
    #[serde(default)]
    pub ambiguous: String,
    /// `mojibake`: what lost its end.
    #[serde(default)]
    pub fragments: Vec<Fragment>,
    /// `letter-spacing`: a word in the Latin script has one of these.
    #[serde(default)]
    pub vowels: String,
    /// `letter-spacing`: rows of letters that are no words.
    #[serde(default)]
    pub except: Vec<String>,
    /// `run-together`: words that belong to the time.
    #[serde(default)]
    pub after: Vec<String>,
    /// What it must repair.
    pub examples: Vec<Example>,
    /// What it must leave as it is.
    pub counter: Vec<String>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<RepairRule>,
}

impl TryFrom<File> for RepairRules {
    type Error = String;

    fn try_from(file: File) -> Result<Self, String> {
        Self::new(file.rule)
    }
}

impl RepairRules {
    /// Reads the rules from TOML.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Makes the tables of `rules`.
    pub fn new(rules: Vec<RepairRule>) -> Result<Self, String> {
        let mut characters = FxHashMap::default();
        for (index, rule) in rules.iter().enumerate() {
            rule.check()?;
            if let Some(other) = rules[..index].iter().find(|r| r.id == rule.id) {
                return Err(format!("expected ids to differ, but found {:?} twice", other.id));
            }
            for (c, treatment) in rule.treatments() {
                if let Some((_, other)) = characters.insert(c, (treatment, index)) {
                    let (a, b): (&str, &str) = (&rules[other].id, &rule.id);
                    return Err(format!("expected one rule for U+{:04X}, but found it in {a} and {b}", c as u32));
                }
            }
        }
        Ok(Self { rules, characters })
    }

    /// These rules with those of `over` laid over them: a rule of the same id takes the older one's place.
    pub fn overlaid(self, over: RepairRules) -> Result<Self, String> {
        let mut rules = self.rules;
        for rule in over.rules {
            match rules.iter_mut().find(|r| r.id == rule.id) {
                Some(old) => *old = rule,
                None => rules.push(rule),
            }
        }
        Self::new(rules)
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[RepairRule] {
        &self.rules
    }

    /// The rules of one kind, with their indexes.
    pub(super) fn of(&self, kind: RepairKind) -> impl Iterator<Item = (usize, &RepairRule)> {
        self.rules.iter().enumerate().filter(move |(_, r)| r.kind == kind)
    }

    /// What becomes of a character.
    pub(super) fn treatment(&self, c: char) -> Option<(&Treatment, usize)> {
        self.characters.get(&c).map(|(t, rule)| (t, *rule))
    }

    /// Runs the examples and counter-examples of every rule, each rule by itself; what does not hold.
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        for rule in &self.rules {
            let Ok(alone) = Self::new(vec![rule.clone()]) else { continue };
            let mut expect = |from: &str, to: &str| {
                let found = super::repair_str(from, &alone).content;
                if found != to {
                    failures.push(format!("{}: expected {from:?} to give {to:?}, but found {found:?}", rule.id));
                }
            };
            for example in &rule.examples {
                expect(&example.from, &example.to);
            }
            for text in &rule.counter {
                expect(text, text);
            }
        }
        failures
    }
}

/// Whether `c` is the digit `to` in another script: each script has its ten in a row.
fn same_digit(c: char, to: &str) -> bool {
    let [digit @ b'0'..=b'9'] = to.as_bytes() else { return false };
    let zero = u32::from(c).checked_sub(u32::from(digit - b'0'));
    let numeric = |n: u32| char::from_u32(n).is_some_and(char::is_numeric);
    zero.is_some_and(|zero| (zero..zero + 10).all(numeric) && !numeric(zero.saturating_sub(1)))
}

impl RepairRule {
    /// Whether the rule has what its kind needs, and nothing that its kind does not read.
    fn check(&self) -> Result<(), String> {
        let needs = |what: &str, is_there: bool, kinds: &[RepairKind]| match (is_there, kinds.contains(&self.kind)) {
            (false, true) => Err(format!("{}: expected `{what}`, but found none", self.id)),
            (true, false) => Err(format!("{}: `{what}` has no meaning in a rule of kind {:?}", self.id, self.kind)),
            _ => Ok(()),
        };
        use RepairKind::{Invisible, LetterSpacing, Mojibake, Replace, RunTogether, SoftHyphen, Space};
        needs("map", !self.map.is_empty(), &[Replace])?;
        needs("characters", !self.characters.is_empty(), &[Invisible, SoftHyphen, Space])?;
        needs("ambiguous", !self.ambiguous.is_empty(), &[Mojibake])?;
        needs("vowels", !self.vowels.is_empty(), &[LetterSpacing])?;
        needs("after", !self.after.is_empty(), &[RunTogether])?;
        let optional = [
            ("joiners", self.joiners.is_empty(), Invisible),
            ("fragments", self.fragments.is_empty(), Mojibake),
            ("except", self.except.is_empty(), LetterSpacing),
        ];
        for (what, is_empty, kind) in optional {
            if !is_empty {
                needs(what, true, &[kind])?;
            }
        }
        let touched: String = self.map.keys().chain(&self.characters.chars().collect::<Vec<_>>()).collect();
        let same = |c: &char| self.map.get(c).is_some_and(|to| same_digit(*c, to));
        match touched.chars().find(|c| c.is_ascii() || c.is_numeric() && !same(c)) {
            Some(c) => Err(format!("{}: expected no ASCII and no digit but for the same, found {c:?}", self.id)),
            None => Ok(()),
        }
    }

    /// What it says of single characters.
    fn treatments(&self) -> Vec<(char, Treatment)> {
        let all = |text: &str, t: Treatment| text.chars().map(move |c| (c, t.clone())).collect::<Vec<_>>();
        match self.kind {
            RepairKind::Replace => self.map.iter().map(|(c, to)| (*c, Treatment::Becomes(to.clone()))).collect(),
            RepairKind::SoftHyphen => all(&self.characters, Treatment::SoftHyphen),
            RepairKind::Space => all(&self.characters, Treatment::Space),
            RepairKind::Invisible => {
                let mut list = all(&self.characters, Treatment::Becomes(String::new()));
                list.extend(all(&self.joiners, Treatment::Joiner));
                list
            }
            RepairKind::Mojibake | RepairKind::LetterSpacing | RepairKind::RunTogether => Vec::new(),
        }
    }
}
