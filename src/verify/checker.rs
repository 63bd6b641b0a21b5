//! What the checks of one record share.
//!
//! In: a record, its text, the grammar. Out: look-ups, and the mismatches so far. Never: checks by itself.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::grammar::Grammar;
use crate::model::{Record, Span};
use crate::validate::LineIndex;

use super::{Mismatch, leaves};

/// One record under examination.
pub struct Checker<'a> {
    /// The record.
    pub record: &'a Record,
    /// The same as JSON.
    pub json: Value,
    /// The text that its spans count in.
    pub text: &'a str,
    /// The grammar that its steps read with.
    pub grammar: &'a Grammar,
    /// The lines of the text.
    pub lines: LineIndex,
    /// Every scalar of the record but for its evidence, as text.
    pub leaves: BTreeMap<String, String>,
    /// What does not agree.
    pub mismatches: Vec<Mismatch>,
    /// Where the form feeds stand.
    feeds: Vec<usize>,
    /// Whether form feeds are all that parts the pages.
    feeds_are_pages: bool,
}

impl<'a> Checker<'a> {
    /// A checker that has found nothing yet.
    pub fn new(record: &'a Record, json: Value, text: &'a str, grammar: &'a Grammar) -> Self {
        let mut all = BTreeMap::new();
        for (key, part) in json.as_object().into_iter().flatten() {
            if !matches!(key.as_str(), "evidence" | "alternatives" | "repairs" | "diagnostics" | "coverage") {
                leaves::each(part, &mut format!("/{key}"), &mut |pointer, value| {
                    all.extend(leaves::shown(value).map(|v| (pointer.to_owned(), v)));
                });
            }
        }
        let feeds: Vec<usize> = text.match_indices('\u{c}').map(|(i, _)| i).collect();
        let after = feeds.last().map_or(text, |i| &text[*i..]);
        let parts = feeds.len() + usize::from(!after.trim().is_empty());
        let feeds_are_pages = record.source.pages.is_some_and(|p| p as usize == parts);
        let lines = LineIndex::new(text);
        Self { record, json, text, grammar, lines, leaves: all, mismatches: Vec::new(), feeds, feeds_are_pages }
    }

    /// The scalar at `pointer`, as text.
    pub fn leaf(&self, pointer: &str) -> Option<&str> {
        self.leaves.get(pointer).map(String::as_str)
    }

    /// Notes a mismatch.
    pub fn fail(&mut self, pointer: &str, reason: impl Into<String>) {
        self.mismatches.push(Mismatch::new(pointer, reason));
    }

    /// The text at `span`; nothing where it is empty, lies outside or cuts a character.
    pub fn bytes(&self, span: Span) -> Option<&'a str> {
        if span.is_empty() { None } else { self.text.get(span.start..span.end) }
    }

    /// The page on which `span` begins, where the text itself tells.
    pub fn page_of(&self, span: Span) -> Option<u32> {
        let before = self.feeds.partition_point(|f| *f < span.start);
        self.feeds_are_pages.then(|| u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1))
    }
}
