//! What can be seen of a line: yes-or-no features, by name. Scores in the grammars speak of them.

use crate::grammar::{Grammar, Set};
use crate::model::Span;
use crate::parse::{authors, names};
use crate::scan::{Line, MarkKind, View};

macro_rules! features {
    ($($name:literal = $id:ident),* $(,)?) => {
        #[allow(non_upper_case_globals, missing_docs)]
        mod bit { #[repr(u8)] #[allow(non_camel_case_types, clippy::upper_case_acronyms)] pub enum Index { $($id),* } }
        /// The names, in the order of the bits.
        pub const NAMES: &[&str] = &[$($name),*];
        $(#[doc = concat!("`", $name, "`")] pub const $id: Features = Features(1u128 << bit::Index::$id as u8);)*
    };
}

features! {
    "time-first" = TIME_FIRST, "time-only" = TIME_ONLY, "time-last" = TIME_LAST, "time-inside" = TIME_INSIDE,
    "range" = RANGE, "date-first" = DATE_FIRST, "date-only" = DATE_ONLY, "date-inside" = DATE_INSIDE,
    "weekday-first" = WEEKDAY_FIRST, "day-word" = DAY_WORD, "role-label" = ROLE_LABEL, "field-label" = FIELD_LABEL,
    "kind-first" = KIND_FIRST, "kind-only" = KIND_ONLY, "numbered-first" = NUMBERED_FIRST, "honorific-first" = HONORIFIC_FIRST,
    "name-first" = NAME_FIRST, "name-only" = NAME_ONLY, "name-affiliated" = NAME_AFFILIATED, "bullet" = BULLET,
    "number-first" = NUMBER_FIRST, "question" = QUESTION, "contact" = CONTACT, "contact-label" = CONTACT_LABEL,
    "documents-head" = DOCUMENTS_HEAD, "questions-head" = QUESTIONS_HEAD, "speakers-head" = SPEAKERS_HEAD,
    "contacts-head" = CONTACTS_HEAD, "status" = STATUS, "programme-word" = PROGRAMME_WORD, "capitals" = CAPITALS,
    "centred" = CENTRED, "short" = SHORT, "full" = FULL, "sentence" = SENTENCE, "lower-first" = LOWER_FIRST,
    "lower-rich" = LOWER_RICH, "place-word" = PLACE_WORD, "body-word" = BODY_WORD, "position-word" = POSITION_WORD,
    "event-word" = EVENT_WORD, "repeated" = REPEATED, "page-number" = PAGE_NUMBER, "ruled" = RULED,
    "quote-first" = QUOTE_FIRST, "heading" = HEADING, "item" = ITEM, "cells" = CELLS, "colon-last" = COLON_LAST,
    "half-day" = HALF_DAY, "early" = EARLY, "ends-open" = ENDS_OPEN, "ends-full" = ENDS_FULL, "after-blank" = AFTER_BLANK,
    "meta" = META, "target" = TARGET, "abstract-head" = ABSTRACT_HEAD, "wide" = WIDE, "city-country" = CITY_COUNTRY,
    "strong" = STRONG, "paren-first" = PAREN_FIRST, "ends-paren" = ENDS_PAREN, "country-last" = COUNTRY_LAST,
    "aside" = ASIDE, "authors-first" = AUTHORS_FIRST,
}

/// A set of features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(pub u128);

impl Features {
    /// The set that holds only `name`.
    pub fn named(name: &str) -> Option<Features> {
        NAMES.iter().position(|n| *n == name).map(|i| Features(1 << i))
    }

    /// Whether all of `other` hold.
    pub const fn has(self, other: Features) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` holds.
    pub const fn any(self, other: Features) -> bool {
        self.0 & other.0 != 0
    }

    fn set(&mut self, other: Features, on: bool) {
        if on {
            self.0 |= other.0;
        }
    }

    /// The names that hold.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().enumerate().filter(move |(i, _)| self.0 >> i & 1 == 1).map(|(_, n)| *n)
    }
}

/// What stands before a line's own words: a bullet, and where the words begin.
pub fn bullet(text: &str, span: Span) -> (Option<Span>, Span) {
    let s = span.of(text);
    let mut chars = s.char_indices();
    let Some((_, first)) = chars.next() else { return (None, span) };
    let symbol = matches!(
        first,
        '•' | '·'
            | '▪'
            | '●'
            | '○'
            | '■'
            | '□'
            | '*'
            | '-'
            | '–'
            | '—'
            | '>'
            | '+'
            | '\u{f0b7}'
            | '►'
            | '✓'
            | '➢'
            | '‣'
            | '◦'
            | '='
    );
    // OCR reads a bullet as a letter: "e Mr. Smith", "c Dr. Jones", "o Title"
    let letter = matches!(first, 'e' | 'c' | 'o' | '0' | '¢' | '«' | '©');
    let rest = &s[first.len_utf8()..];
    let gap = rest.len() - rest.trim_start().len();
    let next = rest.trim_start().chars().next();
    let spaced = gap > 0;
    let begins = next.is_some_and(|c| {
        c.is_uppercase() || matches!(c, '"' | '\u{201c}' | '(' | '\u{ab}') || (symbol && c.is_alphanumeric())
    });
    let is_bullet =
        begins && ((symbol && (spaced || !matches!(first, '-' | '–' | '—' | '+' | '*' | '='))) || (letter && spaced));
    if !is_bullet {
        return (None, span);
    }
    let start = span.start + first.len_utf8() + gap;
    (Some(Span::new(span.start, span.start + first.len_utf8())), Span::new(start, span.end))
}

/// A leading `1.`, `2)`, `(3)`, `a)`, `IV.` and where the words go on.
pub fn leading_number(text: &str, span: Span) -> Option<(Span, Span)> {
    let s = span.of(text);
    let open = usize::from(s.starts_with('('));
    let body = &s[open..];
    let n = body.bytes().take_while(u8::is_ascii_digit).count();
    let n = if n > 0 {
        n + if body[n..].starts_with('.') && body[n + 1..].starts_with(|c: char| c.is_ascii_digit()) {
            1 + body[n + 1..].bytes().take_while(u8::is_ascii_digit).count()
        } else {
            0
        }
    } else {
        body.bytes()
            .take_while(|b| matches!(b, b'I' | b'V' | b'X'))
            .count()
            .max(usize::from(body.starts_with(|c: char| c.is_ascii_alphabetic()) && body[1..].starts_with(')')))
    };
    let close = body.get(n..)?.chars().next()?;
    let closed = matches!(close, '.' | ')' | ':') && (n <= 3 || close == ')') && n > 0 && n <= 5;
    let rest = body.get(n + 1..)?;
    let spaced = rest.starts_with([' ', '\t']) || (close == ')' && !rest.is_empty());
    if !closed || !spaced || (open == 1 && close != ')') {
        return None;
    }
    let at = span.start + open;
    let words = span.end - rest.trim_start().len();
    Some((Span::new(at, at + n), Span::new(words, span.end)))
}

/// The features of a line that follow from itself.
pub fn of_line(v: View, line: &Line) -> Features {
    let mut f = Features::default();
    let (mark, body) = bullet(v.text, line.span);
    let number = leading_number(v.text, body);
    let words = number.map_or(body, |(_, rest)| rest);
    f.set(BULLET, mark.is_some() || line.item > 0);
    f.set(NUMBER_FIRST, number.is_some());
    f.set(ITEM, line.item > 0);
    f.set(HEADING, line.heading > 0);
    f.set(TARGET, line.target);
    f.set(ASIDE, line.aside && line.meta.is_none());
    f.set(AFTER_BLANK, line.blanks > 0);
    f.set(STRONG, line.strong.first().is_some_and(|s| s.start <= words.start && s.len() * 2 > words.len()));
    if !flows(v, line) {
        times(v, body, &mut f);
    }
    dates(v, words, &mut f);
    // a page whose title is a date is the page of that day; a subtitle is read as the line that it is
    f.set(META, line.meta.as_deref().is_some_and(|key| key != "subtitle" && (key != "title" || !f.has(DATE_ONLY))));
    phrases(v, words, &mut f);
    people(v, words, &mut f);
    shape(v, line, words, &mut f);
    f
}

/// A range that begins a line and ends on one below it: "10:30 -" over "11:30".
pub fn broken_range(v: View, body: Span) -> Option<Span> {
    let from = v.marks.partition_point(|m| m.span.start < body.start);
    let first = v.marks[from..].iter().take_while(|m| m.span.start == body.start);
    let over = |m: &&crate::scan::Mark| matches!(m.kind, MarkKind::When(w) if w.end.is_some()) && m.span.end > body.end;
    first.into_iter().find(over).map(|m| m.span)
}

/// Whether a line goes on a sentence of the full line of prose above it: a number at its start is no time.
fn flows(v: View, line: &Line) -> bool {
    if line.filled != Some(true) {
        return false;
    }
    let above = v.text[..line.span.start].trim_end();
    let above = above.rsplit('\n').next().unwrap_or("");
    let (mut all, mut small) = (0, 0);
    for w in above.split_whitespace() {
        all += 1;
        small += usize::from(w.starts_with(char::is_lowercase));
    }
    all >= 6 && small * 2 > all && above.ends_with(|c: char| c.is_lowercase() || c == ',')
}

fn times(v: View, body: Span, f: &mut Features) {
    if let Some(range) = broken_range(v, body) {
        let bare = v.text[range.end..].trim_start_matches(' ').starts_with('\n');
        f.set(TIME_FIRST, true);
        f.set(TIME_ONLY, bare);
        f.set(TIME_INSIDE, true);
        f.set(RANGE, true);
    }
    for (span, w) in v.whens(body) {
        let lead = v.of(Span::new(body.start, span.start)).trim();
        let tail = v.of(Span::new(span.end, body.end)).trim();
        let first = lead.is_empty()
            || lead.chars().all(|c| !c.is_alphanumeric()) && lead.len() <= 4
            || v.is(v.trim(Span::new(body.start, span.start)), Set::TimeBefore);
        let last = tail.chars().all(|c| !c.is_alphanumeric());
        f.set(TIME_FIRST, first && w.score >= 0.3);
        f.set(TIME_LAST, last && !first && w.score >= 0.5);
        f.set(TIME_ONLY, first && last && w.score >= 0.3);
        f.set(TIME_INSIDE, w.score >= 0.5);
        f.set(RANGE, w.end.is_some() || w.open_end);
    }
}

fn dates(v: View, words: Span, f: &mut Features) {
    f.set(WEEKDAY_FIRST, v.phrase_at(words.start, Set::Weekday).is_some());
    if let Some((span, _)) = v.phrase_at(words.start, Set::Day) {
        let rest = v.of(Span::new(span.end, words.end)).trim_start();
        f.set(
            DAY_WORD,
            rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V'))
                || v.has(Span::new(span.end, (span.end + 8).min(words.end)), Set::Cardinal),
        );
    }
    let Some((span, _)) = v.dates(words).next() else {
        // a weekday alone, in capitals or with a colon, may head a day
        f.set(DATE_ONLY, v.is(v.strip(words, ":-–— ()"), Set::Weekday));
        return;
    };
    f.set(DATE_INSIDE, true);
    f.set(DATE_FIRST, v.strip(Span::new(words.start, span.start), "-–—:,.(").is_empty());
    // a bracket behind the date only explains it
    let bracket = v.of(Span::new(span.end, words.end)).trim();
    let bracket = if bracket.starts_with('(') && bracket.ends_with(')') { bracket.len() } else { 0 };
    let rest = words.len() - span.len() - bracket;
    let other: usize = [Set::Day, Set::Weekday, Set::Field]
        .iter()
        .filter_map(|s| v.phrase(words, *s))
        .filter(|(s, _)| !span.overlaps(*s))
        .map(|(s, _)| s.len())
        .sum();
    let times: usize = v.whens(words).map(|(s, _)| s.len()).sum();
    f.set(DATE_ONLY, rest <= 6 + other + times && !v.whens(words).any(|(s, _)| s.start < span.start));
}

/// Whether a half-day's word heads a line, alone or behind a date: "Afternoon", "Friday, 3 May: morning (Chair: …)".
fn half_day(v: View, words: Span, dated: bool) -> bool {
    let date = v.dates(words).next().filter(|_| dated).map_or(words.start, |(date, _)| date.end);
    let at = v.strip(Span::new(date, words.end), " ,:-–—").start;
    v.phrase_at(at, Set::HalfDay).is_some_and(|(s, _)| {
        let rest = v.of(Span::new(s.end, words.end)).trim_start();
        words.end.saturating_sub(s.end) <= 2
            || rest.starts_with([':', '\u{2013}', '\u{2014}']) && words.len() < 80
            || rest.starts_with('(') && rest.ends_with(')') && words.len() < 120
    })
}

fn phrases(v: View, words: Span, f: &mut Features) {
    let at = words.start;
    if let Some((span, _)) = v.phrase_at(at, Set::Role).or_else(|| v.phrase_at(at, Set::RoleVerb)) {
        let rest = v.of(Span::new(span.end, words.end)).trim_start();
        let colon = rest.starts_with([':', '-', '\u{2013}', '\t']) || rest.is_empty();
        f.set(
            ROLE_LABEL,
            colon || v.phrase_at(at, Set::RoleVerb).is_some() || names::starts(v, Span::new(span.end, words.end)),
        );
    }
    f.set(FIELD_LABEL, field_label(v, words).is_some());
    if let Some((span, _)) = v.phrase_at(at, Set::Kind) {
        f.set(KIND_FIRST, true);
        f.set(KIND_ONLY, v.strip(Span::new(span.end, words.end), ".:-–—()").is_empty());
    }
    f.set(NUMBERED_FIRST, crate::parse::numbered(v, words).is_some());
    f.set(HONORIFIC_FIRST, v.phrase_at(at, Set::Honorific).is_some());
    f.set(HALF_DAY, half_day(v, words, f.has(DATE_FIRST)));
    let short = words.len() <= 60;
    let heads = |set| {
        v.phrase_at(at, set).is_some_and(|(s, _)| {
            let rest = v.of(Span::new(s.end, words.end)).trim_start();
            rest.is_empty()
                || rest.starts_with([':', '(', '.'])
                || s.len() * 2 >= words.len()
                || rest.ends_with(':') && rest.len() < 40 && s.len() > 8
        })
    };
    f.set(DOCUMENTS_HEAD, short && heads(Set::DocumentsHead));
    f.set(QUESTIONS_HEAD, v.has(words, Set::QuestionsHead));
    f.set(SPEAKERS_HEAD, heads(Set::SpeakersHead));
    let alone = |s: Span| v.strip(Span::new(s.end, words.end), ":.").is_empty() || s.len() * 2 >= words.len();
    f.set(
        CONTACTS_HEAD,
        short && heads(Set::ContactsHead) && v.phrase_at(at, Set::ContactsHead).is_some_and(|(s, _)| alone(s)),
    );
    f.set(ABSTRACT_HEAD, heads(Set::Abstract));
    f.set(STATUS, short && v.has(words, Set::Status));
    f.set(PROGRAMME_WORD, short && v.has(words, Set::Programme));
    f.set(PLACE_WORD, v.has(words, Set::Place));
    f.set(BODY_WORD, v.has(words, Set::Body) || v.has(words, Set::KnownBody));
    f.set(POSITION_WORD, v.has(words, Set::Position));
    f.set(EVENT_WORD, v.has(words, Set::EventWord));
    f.set(
        CONTACT_LABEL,
        v.phrase_at(at, Set::ContactLabel).is_some_and(|(s, _)| {
            v.of(Span::new(s.end, words.end)).trim_start().starts_with([':', '.', '+', '(', '-'])
                || v.of(Span::new(s.end, words.end)).trim_start().starts_with(|c: char| c.is_ascii_digit())
        }),
    );
    f.set(CONTACT, v.marks_in(words).any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email | MarkKind::Url)));
    let city = v.phrase(words, Set::City).or_else(|| v.phrase(words, Set::Country));
    f.set(
        COUNTRY_LAST,
        v.phrases(words, Set::Country)
            .last()
            .is_some_and(|(s, _)| v.strip(Span::new(s.end, words.end), ".,)").is_empty()),
    );
    f.set(
        CITY_COUNTRY,
        short && city.is_some_and(|(s, _)| s.start == at) && v.has(words, Set::Country) && !v.of(words).ends_with('.'),
    );
}

/// A field's label (`Venue:`) with the rest of the line.
pub fn field_label<'a>(v: View<'a>, words: Span) -> Option<(Span, &'a crate::grammar::Phrase, Span)> {
    let (span, phrase) = v.phrase_at(words.start, Set::Field)?;
    let rest = Span::new(span.end, words.end);
    let tail = v.of(rest);
    let marked = tail.trim_start();
    let colon =
        marked.starts_with(':') || v.of(span).ends_with(':') || tail.starts_with('\t') || tail.starts_with("  ");
    colon.then(|| (span, phrase, v.strip(rest, ":-–—\t")))
}

fn people(v: View, words: Span, f: &mut Features) {
    f.set(AUTHORS_FIRST, authors::authors(v, words).is_some());
    let Some(name) = names::name_at(v, words) else { return };
    f.set(NAME_FIRST, true);
    let rest = v.strip(Span::new(name.end(), words.end), "");
    f.set(NAME_ONLY, v.strip(rest, ".,:*-–—").is_empty());
    // "Ann Lee and Tom Reed, Water Agency"
    let joined = v.grammar.after_and(v.of(rest), false);
    let second = joined.and_then(|r| names::name_at(v, Span::new(words.end - r.len(), words.end)));
    let rest = second.map_or(rest, |n| v.strip(Span::new(n.end(), words.end), ""));
    let gap = v.of(Span::new(name.end(), words.end)).starts_with("   ");
    f.set(
        NAME_AFFILIATED,
        gap && (v.has(rest, Set::Position) || v.has(rest, Set::Body))
            || v.of(rest).starts_with([',', '(', ';', '/'])
            || v.of(rest).starts_with(" - ")
            || v.of(rest).starts_with("– "),
    );
}

fn shape(v: View, line: &Line, words: Span, f: &mut Features) {
    let text = v.of(words);
    let count = text.split_whitespace().count();
    let (mut letters, mut upper, mut lower_words) = (0usize, 0usize, 0usize);
    for c in text.chars() {
        letters += usize::from(c.is_alphabetic());
        upper += usize::from(c.is_uppercase());
    }
    for w in text.split_whitespace() {
        lower_words += usize::from(w.starts_with(char::is_lowercase));
    }
    let last = text.chars().next_back();
    f.set(CAPITALS, letters >= 4 && upper * 10 >= letters * 9);
    f.set(SHORT, words.len() <= 60);
    f.set(WIDE, words.len() >= 60);
    f.set(FULL, (line.indent + line.span.len()) * 9 >= line.width * 7 && line.width >= 50);
    f.set(ENDS_PAREN, text.ends_with(')'));
    f.set(PAREN_FIRST, text.starts_with('('));
    f.set(CENTRED, line.indent >= 8 && line.indent * 2 + line.span.len() <= line.width.max(70) + 24);
    f.set(SENTENCE, last == Some('.') && count >= 6);
    // where a whole text is in small letters they tell nothing, but of what is far too long for anything but prose
    let telling = !v.lower || words.len() > 240 && !v.whens(words).any(|(s, _)| s.start <= words.start + 2);
    // ", Director of Wells" goes on with the line above as small letters do
    f.set(LOWER_FIRST, telling && text.starts_with(char::is_lowercase) || text.starts_with(", "));
    f.set(LOWER_RICH, telling && count >= 6 && lower_words * 2 > count);
    f.set(RULED, letters == 0 && !text.chars().any(|c| c.is_ascii_digit()));
    f.set(PAGE_NUMBER, page_number(text));
    f.set(QUESTION, text.ends_with('?') || v.phrase_at(words.start, Set::Interrogative).is_some());
    f.set(QUOTE_FIRST, text.starts_with(['"', '\u{201c}', '\u{ab}', '\u{201e}', '\'', '\u{2018}']));
    f.set(COLON_LAST, last == Some(':'));
    f.set(CELLS, v.of(line.span).contains('\t'));
    f.set(ENDS_OPEN, ends_open(text, v.grammar));
    f.set(ENDS_FULL, matches!(last, Some('.' | '!' | '?' | ';')));
}

/// A number alone, `- 3 -`, `Page 2 of 7`.
fn page_number(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    (digits == bare.len() && (1..=3).contains(&digits))
        || (digits > 0
            && bare.len() <= 16
            && ["page", "pag.", "seite", "p."].iter().any(|w| bare.to_lowercase().starts_with(w)))
}

/// A comma, a hyphen, an open bracket, a joining word at the end: the sentence goes on.
pub fn ends_open(text: &str, g: &Grammar) -> bool {
    let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
    let open = text.matches('(').count() > text.matches(')').count();
    open || text.ends_with([',', '-', '&', '/', '\u{2013}']) || g.goes_on(last)
}
