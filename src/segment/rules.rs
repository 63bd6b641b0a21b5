//! The score rules of the grammars, compiled to bit sets.

use std::sync::Arc;

use crate::grammar::spec::ScoreSpec;
use crate::grammar::{Grammar, Score};

use super::features::Features;

macro_rules! classes {
    ($($(#[$m:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// What a unit is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Class { $($(#[$m])* $variant),* }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Class] = &[$(Class::$variant),*];

            /// Its name in the grammars.
            pub const fn name(self) -> &'static str {
                match self { $(Class::$variant => $name),* }
            }

            /// The class of that name.
            pub fn parse(name: &str) -> Option<Class> {
                match name { $($name => Some(Class::$variant),)* _ => None }
            }
        }
    };
}

classes! {
    /// A timed row.
    Row = "row",
    /// A day heading.
    Day = "day",
    /// A session heading without a time.
    Heading = "heading",
    /// A role label with what it holds.
    Label = "label",
    /// A field label (`Venue:`) with what it holds.
    Field = "field",
    /// A person, or several.
    Person = "person",
    /// An entry of a list.
    Item = "item",
    /// A guiding question.
    Question = "question",
    /// The head of a part: documents, speakers, questions, contacts, abstract.
    Head = "head",
    /// A place.
    Place = "place",
    /// A line of contact data.
    Contact = "contact",
    /// What the document calls itself, and its status.
    Status = "status",
    /// Running text.
    Prose = "prose",
    /// Page numbers, rules, running headers.
    Furniture = "furniture",
    /// A property that the format names.
    Property = "property",
    /// A table's cell that only tells of others, such as a column's head.
    Cell = "cell",
    /// A row of a table of people.
    Participant = "participant",
    /// A short line that is none of these by itself.
    Text = "text",
}

/// A number of classes.
pub(super) const CLASSES: usize = Class::ALL.len();

/// A rule over one line.
pub(super) struct LineRule {
    pub(super) id: Arc<str>,
    pub(super) class: Class,
    all: Features,
    none: Features,
    pub(super) weight: f32,
    pub(super) n: u32,
}

impl LineRule {
    pub(super) fn fires(&self, f: Features) -> bool {
        f.has(self.all) && !f.any(self.none)
    }
}

/// A rule over two neighbouring lines.
pub(super) struct JoinRule {
    prev: (Features, Features),
    next: (Features, Features),
    prev_class: Option<Class>,
    next_class: Option<Class>,
    gap: (usize, usize),
    open: bool,
    goes_on: Option<bool>,
    filled: Option<bool>,
    crosses: bool,
    paragraph: bool,
    pub(super) weight: f32,
    pub(super) n: u32,
}

/// Two neighbouring lines, as join rules see them.
pub(super) struct Pair {
    pub(super) prev: Features,
    pub(super) next: Features,
    pub(super) prev_class: Class,
    pub(super) next_class: Class,
    pub(super) gap: usize,
    pub(super) open: bool,
    /// Whether the format says that the second goes on the first.
    pub(super) goes_on: Option<bool>,
    /// Whether the first was full, in a text that keeps to one width.
    pub(super) filled: Option<bool>,
    /// Whether a number or an address stands partly in the first and partly in the second.
    pub(super) crosses: bool,
    /// Whether the second begins what ends with a full stop further down.
    pub(super) paragraph: bool,
}

impl JoinRule {
    pub(super) fn fires(&self, p: &Pair) -> bool {
        p.prev.has(self.prev.0)
            && !p.prev.any(self.prev.1)
            && p.next.has(self.next.0)
            && !p.next.any(self.next.1)
            && self.prev_class.is_none_or(|c| c == p.prev_class)
            && self.next_class.is_none_or(|c| c == p.next_class)
            && (self.gap.0..=self.gap.1).contains(&p.gap)
            && (!self.open || p.open)
            && (!self.crosses || p.crosses)
            && (!self.paragraph || p.paragraph)
            && (self.goes_on.is_none() || self.goes_on == p.goes_on)
            && (self.filled.is_none() || self.filled == p.filled)
    }
}

/// The rules of this stage.
pub struct Rules {
    pub(super) lines: Vec<LineRule>,
    pub(super) joins: Vec<JoinRule>,
    pub(super) follow: Vec<[f32; CLASSES]>,
    /// Numbers of the scores behind `follow`.
    pub(super) pairs: Vec<(Class, Class, u32)>,
}

impl Rules {
    /// Compiles the grammar's tables `line`, `join` and `follow`; rules with unknown names are left out (the
    /// grammar check tells them).
    pub fn compile(g: &Grammar) -> Rules {
        let mut follow = vec![[0.0; CLASSES]; CLASSES];
        let mut pairs = Vec::new();
        for s in g.scores("follow") {
            let from = s.all.first().and_then(|f| Class::parse(f));
            if let (Some(from), Some(to)) = (from, Class::parse(&s.class)) {
                follow[from as usize][to as usize] += s.weight;
                pairs.push((from, to, s.n));
            }
        }
        Rules {
            lines: g.scores("line").iter().filter_map(|s| line_rule(s).ok()).collect(),
            joins: g.scores("join").iter().filter_map(|s| join_rule(s).ok()).collect(),
            follow,
            pairs,
        }
    }
}

fn set(names: &[Arc<str>]) -> Result<Features, String> {
    let mut all = Features::default();
    for n in names {
        all.0 |= Features::named(n).ok_or_else(|| n.to_string())?.0;
    }
    Ok(all)
}

fn line_rule(s: &Score) -> Result<LineRule, String> {
    Ok(LineRule {
        id: s.id.clone(),
        class: Class::parse(&s.class).ok_or_else(|| s.class.to_string())?,
        all: set(&s.all)?,
        none: set(&s.none)?,
        weight: s.weight,
        n: s.n,
    })
}

fn join_rule(s: &Score) -> Result<JoinRule, String> {
    let mut rule = JoinRule {
        prev: Default::default(),
        next: Default::default(),
        prev_class: None,
        next_class: None,
        gap: (0, usize::MAX),
        open: false,
        goes_on: None,
        filled: None,
        crosses: false,
        paragraph: false,
        weight: s.weight,
        n: s.n,
    };
    for (negative, names) in [(false, &s.all), (true, &s.none)] {
        for name in names {
            let bad = || name.to_string();
            if let Some(c) = name.strip_prefix("prev=") {
                rule.prev_class = Some(Class::parse(c).ok_or_else(bad)?);
            } else if let Some(c) = name.strip_prefix("next=") {
                rule.next_class = Some(Class::parse(c).ok_or_else(bad)?);
            } else if let Some(n) = name.strip_prefix("gap=") {
                let n = n.parse().map_err(|_| bad())?;
                rule.gap = (n, n);
            } else if let Some(n) = name.strip_prefix("gap>") {
                rule.gap = (n.parse::<usize>().map_err(|_| bad())? + 1, usize::MAX);
            } else if name.as_ref() == "open" {
                rule.open = true;
            } else if name.as_ref() == "crosses" {
                rule.crosses = true;
            } else if name.as_ref() == "paragraph" {
                rule.paragraph = true;
            } else if name.as_ref() == "wrapped" {
                rule.goes_on = Some(!negative);
            } else if name.as_ref() == "filled" {
                rule.filled = Some(!negative);
            } else {
                let (side, feature) = name.split_once('.').ok_or_else(bad)?;
                let f = Features::named(feature).ok_or_else(bad)?;
                let pair = if side == "prev" { &mut rule.prev } else { &mut rule.next };
                (if negative { &mut pair.1 } else { &mut pair.0 }).0 |= f.0;
            }
        }
    }
    Ok(rule)
}

/// Runs score rules over their examples; `report` gets offset, code, message.
pub fn check_scores(g: &Grammar, specs: &[ScoreSpec], report: &mut dyn FnMut(usize, &'static str, String)) {
    for spec in specs {
        let at = spec.id.span().start;
        let id = spec.id.get_ref();
        let Some(score) = g.scores(&spec.table).iter().find(|s| s.id.as_ref() == id.as_str()) else { continue };
        match spec.table.as_str() {
            "line" => match line_rule(score) {
                Ok(rule) => check_line(g, spec, &rule, at, report),
                Err(name) => report(at, "A0906", format!("{id}: expected a feature or class, but found {name:?}")),
            },
            "join" => {
                if let Err(name) = join_rule(score) {
                    report(at, "A0906", format!("{id}: expected a feature or class, but found {name:?}"));
                }
            }
            "follow" => {
                let names = score.all.iter().chain([&score.class]);
                for name in names.filter(|n| Class::parse(n).is_none()) {
                    report(at, "A0906", format!("{id}: expected a class, but found {:?}", name.as_ref()));
                }
            }
            _ => {}
        }
    }
}

fn check_line(
    g: &Grammar,
    spec: &ScoreSpec,
    rule: &LineRule,
    at: usize,
    report: &mut dyn FnMut(usize, &'static str, String),
) {
    let id = spec.id.get_ref();
    if spec.examples.is_empty() {
        report(at, "A0910", format!("{id}: expected examples, but there are none"));
    }
    let fires = |text: &str| super::classify::features_of(text, g).is_some_and(|f| rule.fires(f));
    for text in spec.examples.iter().filter(|t| !fires(t)) {
        report(at, "A0904", format!("{id}: expected to fire on {text:?}, but does not"));
    }
    for text in spec.counter.iter().filter(|t| fires(t)) {
        report(at, "A0905", format!("{id}: expected not to fire on {text:?}, but does"));
    }
}
