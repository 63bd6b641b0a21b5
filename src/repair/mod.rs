//! Text → text + edits: characters for characters.
//!
//! In: the ingested text and `grammars/base/repair.toml`. Out: the text that later stages read, every
//! change to it, and the way home. Never: removes or joins a line, touches names, or digits
//! but to write those of other scripts as the same in ASCII.
//!
//! The repairs are sorted and apart from each other: put in the place of what they span, they make the
//! repaired text out of the ingested one ([`apply`] does that for a piece of it).

mod characters;
mod glued;
mod map;
mod misread;
mod mojibake;
mod rules;
mod spacing;

use crate::grammar::Grammar;
use crate::ingest::Text;
use crate::model::{Repair, Span};

pub use map::{Edit, OffsetMap};
pub use rules::{Example, Fragment, RepairKind, RepairRule, RepairRules};

/// Characters that were encoded wrongly twice are put right twice, but not without end.
const MOST_ROUNDS: usize = 3;

/// A repaired text.
#[derive(Clone, Debug, Default)]
pub struct Repaired {
    /// The text that later stages read.
    pub content: String,
    /// The way home.
    pub map: OffsetMap,
    /// What was changed, in spans of the ingested text: sorted, and apart from each other.
    pub repairs: Vec<Repair>,
}

/// What a pass wants to put in the place of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub span: Span,
    pub to: String,
    /// Index of the rule.
    pub rule: usize,
}

/// Repairs characters.
pub fn repair(text: &Text, rules: &RepairRules) -> Repaired {
    repair_str(&text.content, rules)
}

/// Undoes misreadings in a repaired text, too.
pub fn undo_misreadings(text: &Text, repaired: Repaired, g: &Grammar) -> Repaired {
    let changes = misread::changes(&repaired.content, g);
    if changes.is_empty() {
        return repaired;
    }
    let base = g.repair.rules().len();
    let changes: Vec<Change> = changes.into_iter().map(|c| Change { rule: base + c.rule, ..c }).collect();
    let (content, map) = make(&repaired.content, &changes);
    let id = |rule: usize| match rule.checked_sub(base) {
        Some(n) => g.misreadings.get(n).map(|m| m.id.to_string()),
        None => g.repair.rules().get(rule).map(|r| r.id.clone()),
    };
    finish(&text.content, content, repaired.map.compose(&map), |rule| id(rule).unwrap_or_default())
}

/// A text of a damaged document as it was meant, and the rules that say so; for checking the grammars.
pub fn reread(text: &str, g: &Grammar) -> (String, Vec<String>) {
    let changes = misread::of_damaged(text, g);
    let rules = changes.iter().filter_map(|c| g.misreadings.get(c.rule)).map(|m| m.id.to_string()).collect();
    (make(text, &changes).0, rules)
}

/// Repairs the characters of a string.
pub fn repair_str(ingested: &str, rules: &RepairRules) -> Repaired {
    let mut state = State { content: None, map: OffsetMap::identity(), ingested };
    if !ingested.is_ascii() {
        for _ in 0..MOST_ROUNDS {
            if !state.pass(mojibake::changes(state.content(), rules)) {
                break;
            }
        }
        state.pass(characters::changes(state.content(), rules));
    }
    state.pass(spacing::changes(state.content(), rules));
    state.pass(glued::changes(state.content(), rules));
    state.finish(rules)
}

/// A piece of the ingested text with the repairs that lie inside it made: what stands there in the
/// repaired text.
pub fn apply<'a>(ingested: &str, span: Span, repairs: impl IntoIterator<Item = &'a Repair>) -> String {
    let mut out = String::with_capacity(span.len());
    let mut at = span.start;
    for repair in repairs {
        if repair.span.start < at || !span.contains(repair.span) {
            continue;
        }
        out.push_str(Span::new(at, repair.span.start).of(ingested));
        out.push_str(&repair.to);
        at = repair.span.end;
    }
    out.push_str(Span::new(at, span.end).of(ingested));
    out
}

/// The text between two passes.
struct State<'a> {
    ingested: &'a str,
    /// None while nothing has changed.
    content: Option<String>,
    map: OffsetMap,
}

impl State<'_> {
    fn content(&self) -> &str {
        self.content.as_deref().unwrap_or(self.ingested)
    }

    /// Makes the changes of one pass; whether there were any.
    fn pass(&mut self, changes: Vec<Change>) -> bool {
        if changes.is_empty() {
            return false;
        }
        let (content, map) = make(self.content(), &changes);
        self.map = self.map.compose(&map);
        self.content = Some(content);
        true
    }

    fn finish(self, rules: &RepairRules) -> Repaired {
        let content = self.content.unwrap_or_else(|| self.ingested.to_owned());
        let id = |rule: usize| rules.rules().get(rule).map(|r| r.id.clone()).unwrap_or_default();
        finish(self.ingested, content, self.map, id)
    }
}

/// The repaired text with its log.
fn finish(ingested: &str, content: String, map: OffsetMap, id: impl Fn(usize) -> String) -> Repaired {
    let log = |e: &Edit| Repair {
        span: e.from,
        from: e.from.of(ingested).to_owned(),
        to: e.to.of(&content).to_owned(),
        rule: id(e.rule),
    };
    let repairs = map.edits().iter().map(log).collect();
    Repaired { repairs, map, content }
}

/// The text with the changes made, and the map from it back to `content`.
pub(crate) fn make(content: &str, changes: &[Change]) -> (String, OffsetMap) {
    let mut out = String::with_capacity(content.len());
    let mut edits = Vec::with_capacity(changes.len());
    let mut at = 0;
    for change in changes {
        out.push_str(Span::new(at, change.span.start).of(content));
        let start = out.len();
        out.push_str(&change.to);
        edits.push(Edit { from: change.span, to: Span::new(start, out.len()), rule: change.rule });
        at = change.span.end;
    }
    out.push_str(Span::new(at, content.len()).of(content));
    (out, OffsetMap::new(edits))
}
