//! The numbered lists of a Word document.
//!
//! In: `numbering.xml`, then the paragraphs of the document in their order. Out: each one's number as text. Never:
//! counts a paragraph twice.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::xml::{Element, Event, Ns, Xml, decoded};
use super::styles::Styles;
use crate::ingest::numbers::{Counters, Format, LEVELS, Level};

/// Characters of a number.
const LONGEST: usize = 80;

/// A list as its definition has it.
#[derive(Clone, Debug, Default)]
struct Definition {
    levels: Vec<Level>,
    /// The style that each level's paragraphs have.
    styles: Vec<Option<String>>,
    /// The list style that holds the real definition.
    linked: Option<String>,
}

/// A list of the document: which definition, and what it changes of it.
#[derive(Clone, Debug, Default)]
struct List {
    definition: String,
    starts: FxHashMap<usize, i64>,
    levels: FxHashMap<usize, Level>,
}

/// The lists of a document and how far they have counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbering {
    definitions: FxHashMap<String, Definition>,
    lists: FxHashMap<String, List>,
    /// By definition: lists of one definition count on together.
    counters: FxHashMap<String, Counters>,
    begun: FxHashSet<(String, usize)>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub fn read(bytes: &[u8]) -> Self {
        let mut numbering = Self::default();
        let source = decoded(bytes);
        let mut xml = Xml::new(&source);
        loop {
            match xml.next() {
                Event::Start(e) if e.ns == Ns::Word && e.name == "abstractNum" => {
                    let id = e.attr("abstractNumId").unwrap_or_default();
                    numbering.definitions.insert(id, definition(&mut xml));
                }
                Event::Start(e) if e.ns == Ns::Word && e.name == "num" => {
                    let id = e.attr("numId").unwrap_or_default();
                    numbering.lists.insert(id, list(&mut xml));
                }
                Event::Done => return numbering,
                _ => {}
            }
        }
    }

    /// The level at which a list numbers the paragraphs of a style.
    pub fn level_of_style(&self, list: &str, style: &str) -> Option<u8> {
        let definition = self.definitions.get(&self.lists.get(list)?.definition)?;
        let at = definition.styles.iter().position(|s| s.as_deref() == Some(style))?;
        u8::try_from(at).ok()
    }

    /// The number of the next paragraph of `list` at `level`: nothing where there is no such list, nothing within
    /// where it has a bullet.
    pub fn next(&mut self, list: &str, level: usize, styles: &Styles) -> Option<Option<String>> {
        let level = level.min(LEVELS - 1);
        let found = self.lists.get(list)?;
        let (id, definition) = self.definition(found, styles)?;
        let mut levels = definition.levels.clone();
        for (at, own) in &found.levels {
            if levels.len() <= *at {
                levels.resize(at + 1, Level::default());
            }
            if let Some(level) = levels.get_mut(*at) {
                *level = own.clone();
            }
        }
        let starts: Vec<(usize, i64)> = found.starts.iter().map(|(at, start)| (*at, *start)).collect();
        let counters = self.counters.entry(id).or_default();
        for (at, start) in starts {
            if at <= level && self.begun.insert((list.to_owned(), at)) {
                counters.set_back(at, start);
                if at < level {
                    counters.step(&levels, at);
                }
            }
        }
        counters.step(&levels, level);
        Some(counters.label(&levels, level))
    }

    /// The definition of a list, through the list style that it may name.
    fn definition(&self, list: &List, styles: &Styles) -> Option<(String, &Definition)> {
        let definition = self.definitions.get(&list.definition)?;
        let linked = definition.linked.as_ref().filter(|_| definition.levels.is_empty());
        let through = linked.and_then(|style| {
            let list = self.lists.get(styles.get(style)?.para().list.as_ref()?)?;
            Some((list.definition.clone(), self.definitions.get(&list.definition)?))
        });
        Some(through.unwrap_or((list.definition.clone(), definition)))
    }
}

fn definition(xml: &mut Xml) -> Definition {
    let mut definition = Definition::default();
    let mut depth = 0usize;
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Word && e.name == "lvl" => {
                let at = place(&e);
                let (level, style) = one_level(xml);
                if definition.levels.len() <= at {
                    definition.levels.resize(at + 1, Level::default());
                    definition.styles.resize(at + 1, None);
                }
                definition.levels[at] = level;
                definition.styles[at] = style;
            }
            Event::Start(e) => {
                depth += 1;
                if e.ns == Ns::Word && e.name == "numStyleLink" {
                    definition.linked = e.attr("val");
                }
            }
            Event::End if depth == 0 => return definition,
            Event::End => depth -= 1,
            Event::Done => return definition,
            Event::Text(_) => {}
        }
    }
}

fn list(xml: &mut Xml) -> List {
    let mut list = List::default();
    let (mut depth, mut at) = (0usize, 0);
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Word && e.name == "lvl" => {
                let level = one_level(xml).0;
                list.levels.insert(at, level);
            }
            Event::Start(e) => {
                depth += 1;
                match e.name {
                    "abstractNumId" => list.definition = e.attr("val").unwrap_or_default(),
                    "lvlOverride" => at = place(&e),
                    "startOverride" => drop(list.starts.insert(at, e.number("val").unwrap_or(1))),
                    _ => {}
                }
            }
            Event::End if depth == 0 => return list,
            Event::End => depth -= 1,
            Event::Done => return list,
            Event::Text(_) => {}
        }
    }
}

/// Which level an element speaks of.
fn place(e: &Element) -> usize {
    usize::try_from(e.number("ilvl").unwrap_or(0)).unwrap_or(0).min(LEVELS - 1)
}

fn one_level(xml: &mut Xml) -> (Level, Option<String>) {
    let mut level = Level { format: Format::Decimal, ..Level::default() };
    let (mut style, mut depth) = (None, 0usize);
    loop {
        match xml.next() {
            Event::Start(e) => {
                depth += 1;
                if e.ns != Ns::Word {
                    continue;
                }
                match e.name {
                    "start" => level.start = e.number("val").unwrap_or(1),
                    "numFmt" => level.format = format(&e.attr("val").unwrap_or_default()),
                    "lvlText" => level.text = e.attr("val").unwrap_or_default().chars().take(LONGEST).collect(),
                    "lvlRestart" => level.restart = e.number("val"),
                    "isLgl" => level.digits = e.switch(),
                    "pStyle" => style = e.attr("val"),
                    _ => {}
                }
            }
            Event::End if depth == 0 => return (level, style),
            Event::End => depth -= 1,
            Event::Done => return (level, style),
            Event::Text(_) => {}
        }
    }
}

fn format(name: &str) -> Format {
    match name {
        "decimalZero" => Format::Padded,
        "upperRoman" => Format::UpperRoman,
        "lowerRoman" => Format::LowerRoman,
        "upperLetter" => Format::UpperLetter,
        "lowerLetter" => Format::LowerLetter,
        "bullet" | "none" => Format::None,
        _ => Format::Decimal,
    }
}
