//! The lists and numbered headings of an OpenDocument text.
//!
//! In: the starts and ends of lists, items and paragraphs. Out: each paragraph's depth and number. Never: counts an
//! item twice.

use rustc_hash::FxHashMap;

use super::super::xml::Element;
use super::styles::Styles;
use crate::ingest::numbers::{Counters, Level};

/// Lists within lists that are kept apart.
const DEEPEST: usize = 64;

/// The lists that are open, and what earlier ones counted to.
#[derive(Debug, Default)]
pub(super) struct Lists {
    open: Vec<List>,
    /// Lists open beyond [`DEEPEST`].
    beyond: usize,
    /// What lists came to, by style and by their own ids.
    by_style: FxHashMap<String, Counters>,
    by_id: FxHashMap<String, Counters>,
    outline: Counters,
}

#[derive(Clone, Debug, Default)]
struct List {
    style: String,
    id: Option<String>,
    /// Of an outermost list: what it and those within it count.
    counters: Counters,
    /// An item is open whose paragraph has not come yet.
    waits: bool,
    header: bool,
    start: Option<i64>,
    /// The number as the document tells it.
    label: Option<String>,
}

impl Lists {
    /// A list begins.
    pub fn begin(&mut self, e: &Element) {
        if self.open.len() >= DEEPEST {
            self.beyond += 1;
            return;
        }
        let outer = self.open.last();
        let style = e.attr("style-name").or_else(|| outer.map(|l| l.style.clone())).unwrap_or_default();
        let continues = e.attr("continue-numbering").is_some_and(|v| v == "true");
        let earlier = || {
            let named = e.attr("continue-list").and_then(|id| self.by_id.get(&id));
            named.or_else(|| self.by_style.get(&style).filter(|_| continues))
        };
        let counters = if outer.is_none() { earlier().cloned().unwrap_or_default() } else { Counters::default() };
        self.open.push(List { style, id: e.attr("id"), counters, ..List::default() });
    }

    /// The list ends.
    pub fn end(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(list) = self.open.pop() else { return };
        if self.open.is_empty() {
            if let Some(id) = list.id {
                self.by_id.insert(id, list.counters.clone());
            }
            self.by_style.insert(list.style, list.counters);
        }
    }

    /// An item begins.
    pub fn item(&mut self, e: &Element) {
        if let Some(list) = self.open.last_mut().filter(|_| self.beyond == 0) {
            list.waits = true;
            list.header = e.name == "list-header";
            list.start = e.number("start-value");
            list.label = None;
        }
    }

    /// The item ends.
    pub fn end_item(&mut self) {
        if let Some(list) = self.open.last_mut().filter(|_| self.beyond == 0) {
            list.waits = false;
        }
    }

    /// The document tells the number of the item itself.
    pub fn told(&mut self, number: &str) {
        if let Some(list) = self.open.last_mut() {
            list.label = Some(number.trim().to_owned()).filter(|n| n.chars().any(char::is_alphanumeric));
        }
    }

    /// A paragraph begins: its depth and number, where it is the first of an item.
    pub fn paragraph(&mut self, own: &Styles, common: &Styles) -> Option<(u8, Option<String>)> {
        let depth = self.open.len();
        let list = self.open.last_mut().filter(|l| l.waits)?;
        list.waits = false;
        let (start, label, header) = (list.start.take(), list.label.take(), list.header);
        let style = list.style.clone();
        let levels = own.list(&style).or_else(|| common.list(&style)).map(Vec::as_slice).unwrap_or_default();
        let at = depth - 1;
        let depth = u8::try_from(depth).unwrap_or(u8::MAX);
        if header {
            return Some((depth, None));
        }
        let counters = &mut self.open.first_mut()?.counters;
        let label = label.or_else(|| count(counters, levels, at, start));
        Some((depth, label))
    }

    /// A heading begins that stands in no list: its number in the outline.
    pub fn heading(&mut self, own: &Styles, common: &Styles, level: i64, start: Option<i64>) -> Option<String> {
        let levels = if own.outline.is_empty() { &common.outline } else { &own.outline };
        count(&mut self.outline, levels, usize::try_from(level - 1).ok()?, start)
    }
}

fn count(counters: &mut Counters, levels: &[Level], at: usize, start: Option<i64>) -> Option<String> {
    if let Some(start) = start {
        counters.set_back(at, start);
    }
    counters.step(levels, at);
    counters.label(levels, at)
}
