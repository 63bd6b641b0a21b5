//! What stands beside values and was not read.
//!
//! In: a finished record, its text, what the classes say of each line. Out: findings A0717. Never: says what it is.

use rustc_hash::FxHashSet;

use crate::diag::finding;
use crate::grammar::{Lexicons, fold};
use crate::model::{Diagnostic, DocumentKind, Record, Span};

use super::LineClass;

/// The class of lines that are prose.
const PROSE: &str = "prose";
/// So many words with a capital letter in one gap are a name or a title.
const CAPITALS: usize = 2;
/// A phone has so many digits, with blanks and brackets between them.
const PHONE: usize = 8;
/// More findings of one document say nothing more.
const MOST: usize = 200;

/// A0717: on a line that values were read from, words stand between them that look like a name, a title or a time; and in
/// prose stands a name of nobody who was read. Other lines that a class explains are left alone.
pub fn leftover(
    record: &Record,
    content: &str,
    lexicons: &Lexicons,
    used: &[bool],
    classes: &[LineClass],
) -> Vec<Diagnostic> {
    if matches!(record.kind, DocumentKind::Other) {
        return Vec::new();
    }
    let mut lines = vec![Line::Open; used.len()];
    for class in classes {
        if let (Some(line), Some(by)) = (lines.get_mut(class.line), &class.explained_by) {
            *line = if by == PROSE { Line::Prose } else { Line::Explained };
        }
    }
    let known = known(record);
    let spans = covered(record);
    let (mut next, mut start, mut found) = (0, 0, Vec::new());
    for (n, text) in content.split_inclusive('\n').enumerate() {
        let line = Span::new(start, start + text.len());
        start = line.end;
        while spans.get(next).is_some_and(|(s, _)| s.end <= line.start) {
            next += 1;
        }
        let class = lines.get(n + 1).copied().unwrap_or(Line::Explained);
        let is_used = used.get(n + 1).copied().unwrap_or(false);
        if class == Line::Explained || class == Line::Open && !is_used || found.len() >= MOST {
            continue;
        }
        let says = |gap: &str| match class {
            Line::Prose => names_somebody(gap, lexicons, &known) || starts_name(gap, lexicons),
            _ => says_something(gap) || starts_name(gap, lexicons),
        };
        let on_line = spans[next..].iter().take_while(|(s, _)| s.start < line.end);
        if let Some((gap, at)) = gaps(line, on_line).find(|(gap, _)| says(gap.of(content))) {
            let words: String = gap.of(content).trim().chars().take(80).collect();
            let at = at.map(str::to_owned);
            found.push(Diagnostic {
                at,
                span: Some(trimmed(gap, content)),
                ..finding("A0717", format!("{words:?} is read as nothing"))
            });
        }
    }
    found
}

/// What the classes say of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Nothing.
    Open,
    /// It is prose.
    Prose,
    /// It is explained otherwise.
    Explained,
}

/// The words of all names that were read.
fn known(record: &Record) -> FxHashSet<String> {
    record.people.iter().flat_map(|p| p.name.split_whitespace()).map(fold).collect()
}

/// Whether a gap holds a given name with a word behind it that can be a family name, of nobody who was read.
fn names_somebody(gap: &str, lexicons: &Lexicons, known: &FxHashSet<String>) -> bool {
    let capital = |w: &str| {
        let w = w.trim_start_matches(|c: char| !c.is_alphanumeric());
        w.chars().next().is_some_and(char::is_uppercase) && w.chars().count() > 1
    };
    let mut words = gap.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek().filter(|n| capital(n) && capital(word)) else { continue };
        let bare = |w: &'_ str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let (word, next) = (&bare(word), &bare(next));
        let (given, family) = (lexicons.word(word), lexicons.word(next));
        let like = given.given >= 2 && !given.common && !(family.common && family.family < 2);
        if like && !known.contains(&fold(next)) {
            return true;
        }
    }
    false
}

/// Stretches that values or mentions cover, in order and apart, each with a value of it.
fn covered(record: &Record) -> Vec<(Span, &str)> {
    let values = record.evidence.iter().flat_map(|(p, e)| e.spans.iter().map(move |s| (*s, p.as_str())));
    let mut all: Vec<(Span, &str)> = values.filter(|(s, _)| !s.is_empty()).collect();
    all.sort_by_key(|(s, _)| (s.start, std::cmp::Reverse(s.end)));
    let mut out: Vec<(Span, &str)> = Vec::with_capacity(all.len());
    for (span, pointer) in all {
        match out.last_mut().filter(|(last, _)| span.start <= last.end) {
            Some((last, _)) => last.end = last.end.max(span.end),
            None => out.push((span, pointer)),
        }
    }
    out
}

/// The gaps of a line between covered stretches, each with the value before it, else the one behind it.
fn gaps<'a>(
    line: Span,
    covered: impl Iterator<Item = &'a (Span, &'a str)>,
) -> impl Iterator<Item = (Span, Option<&'a str>)> {
    let covered: Vec<&(Span, &str)> = covered.collect();
    let mut out = Vec::with_capacity(covered.len() + 1);
    let (mut at, mut before) = (line.start, covered.first().map(|c| c.1));
    for (span, pointer) in covered {
        if span.start > at {
            out.push((Span::new(at, span.start), before));
        }
        (at, before) = (at.max(span.end), Some(*pointer));
    }
    if at < line.end {
        out.push((Span::new(at, line.end), before));
    }
    out.into_iter()
}

/// Whether a gap begins with a given name and a word that no list knows: "Anke orbrig", a family name that lost its capital.
fn starts_name(gap: &str, lexicons: &Lexicons) -> bool {
    let mut words = gap.trim_start_matches(|c: char| !c.is_alphanumeric()).split(' ');
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let second = second.trim_end_matches([',', ')', '.', ';', ':']);
    let given = lexicons.word(first);
    first.starts_with(char::is_uppercase)
        && given.given >= 2
        && !given.common
        && second.chars().count() > 3
        && second.chars().all(char::is_lowercase)
        && !lexicons.word(second).is_word()
}

/// Whether a gap holds two words with a capital letter side by side, a clock time, or a number as long as a phone's.
fn says_something(gap: &str) -> bool {
    let mut capitals = 0;
    let digits = |t: &str| t.bytes().filter(u8::is_ascii_digit).count();
    if gap.split(|c: char| !c.is_ascii_digit() && !" +()".contains(c)).any(|number| digits(number) >= PHONE) {
        return true;
    }
    for word in gap.split(|c: char| !c.is_alphanumeric() && !"'’.:-".contains(c)).filter(|w| !w.is_empty()) {
        if is_clock(word) {
            return true;
        }
        let name = word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1;
        capitals = if name { capitals + 1 } else { 0 };
        if capitals >= CAPITALS {
            return true;
        }
    }
    false
}

/// `9:30`, `09.30`, `14h00`.
pub(super) fn is_clock(word: &str) -> bool {
    let mut parts = word.trim_matches([':', '.', '-']).splitn(2, [':', '.', 'h']);
    let number =
        |p: Option<&str>, most: u32| p.is_some_and(|p| p.len() == 2 && p.parse::<u32>().is_ok_and(|n| n < most));
    let hour = parts.next().map(|h| if h.len() == 1 { format!("0{h}") } else { h.to_owned() });
    number(hour.as_deref(), 24) && number(parts.next(), 60)
}

fn trimmed(span: Span, content: &str) -> Span {
    let text = span.of(content);
    let start = span.start + (text.len() - text.trim_start().len());
    Span::new(start, start + text.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Evidence;

    #[test]
    fn names_and_times_beside_values_are_told() {
        let text = "10:00 Opening (Jon Becker)\n11:00 Lunch, at noon\nAnn Lee and 9.30\n";
        let mut record = Record::default();
        for (pointer, start, end) in [
            ("/sessions/0/start", 0, 5),
            ("/sessions/0/title", 6, 13),
            ("/sessions/1/title", 33, 38),
            ("/people/0/name", 48, 55),
        ] {
            let spans = vec![Span::new(start, end)];
            record.evidence.insert(pointer.to_owned(), Evidence { spans, ..Evidence::default() });
        }
        let lexicons = &crate::grammar::Grammar::builtin().lexicons;
        record.kind = DocumentKind::Agenda;
        let found = |classes: &[LineClass]| leftover(&record, text, lexicons, &[false, true, true, true], classes);
        let said: Vec<_> = found(&[])
            .iter()
            .map(|d| (d.at.clone().unwrap_or_default(), d.span.map(|s| s.of(text).to_owned()).unwrap_or_default()))
            .collect();
        assert_eq!(said[0], ("/sessions/0/title".to_owned(), "(Jon Becker)".to_owned()));
        assert_eq!(said[1].1, "11:00");
        assert_eq!(said[2].1, "and 9.30");
        let prose = LineClass { line: 1, explained_by: Some("prose".to_owned()), telling: false };
        assert_eq!(found(std::slice::from_ref(&prose)).len(), 3, "a given name with a family name");
        let head = LineClass { explained_by: Some("head".to_owned()), ..prose };
        assert_eq!(found(&[head]).len(), 2);
    }

    #[test]
    fn clock_times_have_their_shape() {
        assert!(["9:30", "09.30", "14h00", "9:30."].into_iter().all(is_clock));
        assert!(!["9:3", "25:00", "1.5", "v2.10", "10"].into_iter().any(is_clock));
    }
}
