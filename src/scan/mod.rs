//! Text → lines and marks: typed spans, found in one pass.
//!
//! In: the repaired text, its layout. Out: [`Scanned`]: lines, and marks sorted by place. Never: says what
//! a line is for.

mod aside;
mod contact;
mod date;
mod language;
mod lines;
mod phrases;
mod running;
mod tables;
mod time;
mod wraps;

use std::sync::Arc;

use crate::grammar::{Grammar, Phrase, Set};
use crate::ingest::Text;
use crate::model::Span;
use crate::pipeline::Options;
use crate::repair::Repaired;

pub use date::{DateMark, DatePart};
pub use lines::{Line, Room};
pub use tables::{Cell, Table};
pub use time::{Clock, ClockAt, Style, When, clock, clock_told};

/// A typed span.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where, in the repaired text.
    pub span: Span,
    /// What.
    pub kind: MarkKind,
}

/// What a mark is.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// A phrase of a vocabulary: its index in [`Grammar::phrases`].
    Phrase(Set, u32),
    /// A clock time or a range of two.
    When(When),
    /// A date or a range of two.
    Date(DateMark),
    /// Least and most minutes, with their spans.
    Duration([(u32, Span); 2]),
    /// A telephone number, not yet read.
    Phone,
    /// An e-mail address, perhaps obfuscated.
    Email,
    /// A link.
    Url,
    /// A year that stands alone.
    Year(i16),
}

/// A text with its lines and marks.
pub struct Scanned<'a> {
    /// The repaired text.
    pub text: &'a str,
    /// Its lines; blank ones are only counted.
    pub lines: Vec<Line>,
    /// The format's tables, by their first lines; those inside others apart.
    pub tables: Vec<Table>,
    /// Marks by start, longer ones first.
    pub marks: Vec<Mark>,
    /// Languages of the document, the main one first.
    pub languages: Vec<Arc<str>>,
    /// The grammar that it was scanned with.
    pub grammar: &'a Grammar,
    /// Whether it is written in small letters throughout.
    pub lower: bool,
}

/// A text and its marks, looked at: the whole document or one unit of it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The text that the marks' spans count in.
    pub text: &'a str,
    /// Marks by start.
    pub marks: &'a [Mark],
    /// The grammar.
    pub grammar: &'a Grammar,
    /// Whether the document is written in small letters throughout.
    pub lower: bool,
}

impl<'a> Scanned<'a> {
    /// The whole document.
    pub fn view(&self) -> View<'_> {
        View { text: self.text, marks: &self.marks, grammar: self.grammar, lower: self.lower }
    }
}

impl<'a> View<'a> {
    /// The marks that lie wholly inside `span`.
    pub fn marks_in(self, span: Span) -> impl Iterator<Item = &'a Mark> + use<'a> {
        let from = self.marks.partition_point(|m| m.span.start < span.start);
        let to = self.marks.partition_point(|m| m.span.start < span.end);
        self.marks[from..to.max(from)].iter().filter(move |m| m.span.end <= span.end)
    }

    /// The phrases of `set` inside `span`.
    pub fn phrases(self, span: Span, set: Set) -> impl Iterator<Item = (Span, &'a Phrase)> + use<'a> {
        let g = self.grammar;
        self.marks_in(span).filter_map(move |m| match m.kind {
            MarkKind::Phrase(s, i) if s == set => Some((m.span, &g.phrases[i as usize])),
            _ => None,
        })
    }

    /// The first phrase of `set` inside `span`.
    pub fn phrase(self, span: Span, set: Set) -> Option<(Span, &'a Phrase)> {
        self.phrases(span, set).next()
    }

    /// The phrase of `set` that begins at `at`.
    pub fn phrase_at(self, at: usize, set: Set) -> Option<(Span, &'a Phrase)> {
        let g = self.grammar;
        let from = self.marks.partition_point(|m| m.span.start < at);
        self.marks[from..].iter().take_while(|m| m.span.start == at).find_map(|m| match m.kind {
            MarkKind::Phrase(s, i) if s == set => Some((m.span, &g.phrases[i as usize])),
            _ => None,
        })
    }

    /// Whether a phrase of one of `sets` begins where `span` does, and ends with it or behind.
    pub fn covers(self, span: Span, sets: &[Set]) -> bool {
        let from = self.marks.partition_point(|m| m.span.start < span.start);
        self.marks[from..].iter().take_while(|m| m.span.start == span.start).any(|m| match m.kind {
            MarkKind::Phrase(set, _) => m.span.end >= span.end && sets.contains(&set),
            _ => false,
        })
    }

    /// Whether a phrase of `set` lies inside `span`.
    pub fn has(self, span: Span, set: Set) -> bool {
        self.phrase(span, set).is_some()
    }

    /// Whether `span`, as a whole, is a phrase of `set`.
    pub fn is(self, span: Span, set: Set) -> bool {
        self.phrase_at(span.start, set).is_some_and(|(s, _)| s.end == span.end)
    }

    /// The clock times inside `span`.
    pub fn whens(self, span: Span) -> impl Iterator<Item = (Span, &'a When)> + use<'a> {
        self.marks_in(span).filter_map(|m| match &m.kind {
            MarkKind::When(w) => Some((m.span, w)),
            _ => None,
        })
    }

    /// The dates inside `span`.
    pub fn dates(self, span: Span) -> impl Iterator<Item = (Span, &'a DateMark)> + use<'a> {
        self.marks_in(span).filter_map(|m| match &m.kind {
            MarkKind::Date(d) => Some((m.span, d)),
            _ => None,
        })
    }

    /// The text of `span`.
    pub fn of(self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// `span` without white space at its ends.
    pub fn trim(self, span: Span) -> Span {
        trim(self.text, span)
    }

    /// `span` without white space and the given characters at its ends.
    pub fn strip(self, span: Span, chars: &str) -> Span {
        let s = self.of(span);
        let cut = |c: char| c.is_whitespace() || chars.contains(c);
        let start = span.start + (s.len() - s.trim_start_matches(cut).len());
        let end = span.end - (s.len() - s.trim_end_matches(cut).len());
        Span::new(start, end.max(start))
    }

    /// `span` without white space and the given characters at its start.
    pub fn strip_start(self, span: Span, chars: &str) -> Span {
        let s = self.of(span);
        let cut = |c: char| c.is_whitespace() || chars.contains(c);
        Span::new(span.start + (s.len() - s.trim_start_matches(cut).len()), span.end)
    }

    /// The whole text.
    pub fn all(self) -> Span {
        Span::new(0, self.text.len())
    }
}

/// `span` of `text` without white space at its ends.
pub(crate) fn trim(text: &str, span: Span) -> Span {
    let s = span.of(text);
    let start = span.start + (s.len() - s.trim_start().len());
    Span::new(start, start + s.trim().len())
}

/// Finds every typed token of `repaired`.
pub fn scan<'a>(repaired: &'a Repaired, text: &Text, g: &'a Grammar, options: &Options) -> Scanned<'a> {
    let content = repaired.content.as_str();
    let lines = lines::lines(repaired, text);
    // a phrase may go on over a line end: the automaton sees line ends as spaces
    let found = phrases::find(&content.replace('\n', " "), g);
    let languages = language::decide(content, &found, g, options);
    let mut marks = phrases::keep(content, found, &languages.read, g);
    let mut tokens = Vec::new();
    contact::links(content, g, &mut tokens);
    date::find(content, &marks, g, &mut tokens);
    time::find(content, &marks, g, &mut tokens);
    contact::phones(content, &marks, g, &mut tokens);
    time::durations(content, &marks, g, &mut tokens);
    marks.extend(tokens);
    marks.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
    let lines = running::cut(content, lines, &mut marks, g);
    let (mut lines, tables) = tables::cut(content, lines, repaired, text);
    aside::settle(&mut lines, &mut marks);
    let languages = languages.written;
    Scanned { text: content, lines, tables, marks, languages, grammar: g, lower: small_letters(content) }
}

/// Whether a text of some length has next to no capitals.
fn small_letters(text: &str) -> bool {
    let small = text.bytes().filter(u8::is_ascii_lowercase).count();
    let capital = text.bytes().filter(u8::is_ascii_uppercase).count();
    small > 400 && capital * 200 < small
}

/// The phrases of one language, and of none, in a short text; for checking the grammars. With `hidden`, those too
/// that a longer one, or the same one of another file, hides.
pub fn phrases_in(text: &str, language: &str, hidden: bool, g: &Grammar) -> Vec<Phrase> {
    let own = |m: &Mark| match m.kind {
        MarkKind::Phrase(_, i) => matches!(g.phrases[i as usize].language.as_ref(), l if l == language || l == "base"),
        _ => false,
    };
    let found: Vec<Mark> = phrases::find(text, g).into_iter().filter(own).collect();
    let shown = if hidden { found } else { phrases::longest(found) };
    shown
        .into_iter()
        .filter_map(|m| match m.kind {
            MarkKind::Phrase(_, i) => Some(g.phrases[i as usize].clone()),
            _ => None,
        })
        .collect()
}
