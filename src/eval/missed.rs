//! What was missed, and whether the record shows where.
//!
//! In: what became of each value, the records, the texts. Out: for each missed value its line, where it can be found, and
//! whether that line is unexplained or carries a finding; or that the record has it, but gives it to something else. Never:
//! counts what is only misread.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::grammar::Grammar;
use crate::model::Record;
use crate::validate::{LineIndex, line_flags};

use super::fold::fold;
use super::place::Words;
use super::tally::{Answer, Item, MissKind};

/// A document with what its record shows.
pub struct Document<'a> {
    /// Its record.
    pub record: Record,
    /// Its gold.
    pub gold: &'a Value,
    /// Its text.
    pub text: String,
    words: Words,
    /// Lines that are unexplained, each with the findings on it; and lines that carry a finding only.
    pub flags: BTreeMap<usize, BTreeSet<String>>,
    /// Lines that are not blank.
    pub lines: usize,
}

impl<'a> Document<'a> {
    /// A document with its text.
    pub fn new(record: Record, gold: &'a Value, text: String) -> Self {
        let index = LineIndex::new(&text);
        let flags = line_flags(&record, Some(&index));
        Document { record, gold, words: Words::new(&text), flags, lines: index.filled().count(), text }
    }

    /// The lines on which a missed value may stand, the likeliest first.
    fn lines_of(&self, answer: &Answer, gold: &Item, grammar: &Grammar) -> Vec<usize> {
        let value = gold.value.as_str();
        match answer.category {
            "session.slot" => {
                let mut parts = value.split('|').skip(1);
                self.words.slot(parts.next().unwrap_or(""), parts.next().unwrap_or(""))
            }
            "roles" => self.words.text(value.rsplit_once(" | ").map_or(value, |(who, _)| who)),
            "contact.phones" | "contact.extension" => self.words.number(value),
            "contact.owner" if !gold.key.contains('@') => self.words.number(&gold.key),
            "contact.owner" => self.words.text(&gold.key),
            "event.dates" => self.words.date(value, grammar),
            "session.kind" | "session.number" => self.session(&gold.key),
            "kind" | "event.facts" | "event.attendance" | "talk.duration" => Vec::new(),
            "event.venue" if gold.key == "country" => Vec::new(),
            "person.country" => self.words.text(&gold.key),
            _ => self.words.text(value),
        }
    }

    /// The lines of a session of gold, by its title, else by its times.
    fn session(&self, key: &str) -> Vec<usize> {
        let number = key.strip_prefix("session ").and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
        let session = number.and_then(|n| self.gold.get("sessions")?.get(n));
        let told = |field: &str| session.and_then(|s| s.get(field)).and_then(Value::as_str);
        match (told("title"), told("start")) {
            (Some(title), _) => self.words.text(title),
            (None, Some(start)) => self.words.slot(start, told("end").unwrap_or("")),
            _ => Vec::new(),
        }
    }
}

/// Where a missed value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On this line of the text.
    Line(usize),
    /// In the record, given to something else: a part in another session, a link of the event instead of a contact.
    Elsewhere,
    /// It cannot be told.
    Unknown,
}

impl Place {
    /// The line, where it is on one.
    pub fn line(self) -> Option<usize> {
        match self {
            Place::Line(line) => Some(line),
            Place::Elsewhere | Place::Unknown => None,
        }
    }
}

/// A missed value.
#[derive(Clone, Debug)]
pub struct Missed {
    /// Document.
    pub document: String,
    /// Category.
    pub category: &'static str,
    /// The value, with what it hangs on.
    pub gold: Item,
    /// Where it is.
    pub place: Place,
    /// What the record says against that line.
    pub flags: BTreeSet<String>,
    /// The number of its answer.
    pub answer: usize,
}

/// Every missed value of the documents whose text is at hand.
pub fn missed(answers: &[Answer], documents: &BTreeMap<String, Document<'_>>, grammar: &Grammar) -> Vec<Missed> {
    let taken = taken(answers, documents);
    let mut given = given(answers);
    let mut out = Vec::new();
    for (n, answer) in answers.iter().enumerate().filter(|(_, a)| a.wrong == Some(MissKind::Missed)) {
        let (Some(document), Some(gold)) = (documents.get(&answer.document), &answer.gold) else { continue };
        let lines = document.lines_of(answer, gold, grammar);
        let free = |l: &&usize| !taken.contains(&(answer.document.as_str(), answer.category, **l, who(answer, gold)));
        let line = lines.iter().find(free).or(lines.first()).copied();
        let place = match line {
            _ if elsewhere(&mut given, answer, gold, &document.record) => Place::Elsewhere,
            Some(line) => Place::Line(line),
            None => Place::Unknown,
        };
        let flags = place.line().and_then(|l| document.flags.get(&l)).cloned().unwrap_or_default();
        let (category, gold) = (answer.category, gold.clone());
        out.push(Missed { document: answer.document.clone(), category, gold, place, flags, answer: n });
    }
    out
}

/// Values of the record that stand for nothing in gold: how often each, by document and category.
type Given<'a> = BTreeMap<(&'a str, &'static str, &'a str), usize>;

fn given(answers: &[Answer]) -> Given<'_> {
    let mut given = Given::new();
    for answer in answers.iter().filter(|a| a.wrong == Some(MissKind::Invented)) {
        if let Some(found) = &answer.found {
            *given.entry((&answer.document, level(answer.category), &found.value)).or_default() += 1;
        }
    }
    given
}

/// The category, whatever level of the programme it speaks of.
fn level(category: &'static str) -> &'static str {
    if category == "talk.title" { "session.title" } else { category }
}

/// Whether the record has the value, but hung on something else; each value of the record stands for one missed.
fn elsewhere<'a>(given: &mut Given<'a>, answer: &'a Answer, gold: &'a Item, record: &Record) -> bool {
    if let Some(left) = given.get_mut(&(answer.document.as_str(), level(answer.category), gold.value.as_str())) {
        let there = *left > 0;
        *left = left.saturating_sub(1);
        return there;
    }
    let same = |url: &String| fold(url).contains(&fold(&gold.value));
    answer.category == "contact.urls" && record.event.urls.iter().any(same)
}

/// Whose part a value tells; nothing where it is no part. Several people may have theirs on one line.
fn who<'a>(answer: &Answer, item: &'a Item) -> &'a str {
    item.value.split_once(" | ").filter(|_| answer.category == "roles").map_or("", |(who, _)| who)
}

/// Lines whose value of a category is right: what is missed of that category (and person) stands on another.
fn taken<'a>(
    answers: &'a [Answer],
    documents: &BTreeMap<String, Document<'_>>,
) -> BTreeSet<(&'a str, &'static str, usize, &'a str)> {
    let mut taken = BTreeSet::new();
    for answer in answers.iter().filter(|a| a.wrong.is_none()) {
        let Some(document) = documents.get(&answer.document) else { continue };
        for (pointer, _) in answer.values() {
            if let Some(e) = document.record.evidence.get(pointer) {
                let whose = answer.gold.as_ref().map_or("", |gold| who(answer, gold));
                taken.insert((answer.document.as_str(), answer.category, e.line, whose));
            }
        }
    }
    taken
}
