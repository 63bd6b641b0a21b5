//! How the lines of a document were accounted for.
//!
//! In: the record, its text and what the stages before know of each line. Out: coverage, grade and one
//! note. Never: explains a line itself.

use crate::diag::finding;
use crate::model::{Coverage, Diagnostic, Grade, Record, Span};

use super::LineClass;
use super::lines::LineIndex;

/// For each line, from 1, whether a value's span or a person's mention lies in it.
pub fn used_lines(record: &Record, lines: &LineIndex) -> Vec<bool> {
    let mut used = vec![false; lines.len() + 1];
    let values = record.evidence.values().flat_map(|e| e.spans.iter());
    let mentions = record.people.iter().flat_map(|p| p.mentions.iter()).flat_map(|m| m.spans.iter());
    for span in values.chain(mentions).filter(|s| !s.is_empty()) {
        for line in lines.touched(*span) {
            if let Some(u) = used.get_mut(line) {
                *u = true;
            }
        }
    }
    used
}

/// Sorts every line that is not blank into used, explained and unexplained; `used` are those of [`used_lines`].
pub fn measure(used: &[bool], lines: &LineIndex, classes: &[LineClass]) -> Coverage {
    let mut explained = vec![false; lines.len() + 1];
    for class in classes.iter().filter(|c| c.explained_by.is_some()) {
        if let Some(e) = explained.get_mut(class.line) {
            *e = true;
        }
    }
    let mut coverage = Coverage::default();
    for line in lines.filled() {
        coverage.lines += 1;
        if used[line] {
            coverage.used += 1;
        } else if explained[line] {
            coverage.explained += 1;
        } else {
            coverage.unexplained.push(line);
        }
    }
    coverage.grade = grade(coverage.lines, coverage.unexplained.len());
    coverage
}

/// Up to 5 % unexplained is good, up to 20 % fair.
pub fn grade(lines: usize, unexplained: usize) -> Grade {
    match unexplained * 100 {
        _ if lines == 0 => Grade::Empty,
        share if share <= lines * 5 => Grade::Good,
        share if share <= lines * 20 => Grade::Fair,
        _ => Grade::Poor,
    }
}

/// A0707: lines that nothing explains, in one note; the list stands in the coverage.
pub fn unexplained(record: &Record, content: &str) -> Vec<Diagnostic> {
    let coverage = &record.coverage;
    let Some(first) = coverage.unexplained.first() else { return Vec::new() };
    let start: usize = content.split_inclusive('\n').take(first - 1).map(str::len).sum();
    let line = content.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let message = format!(
        "{} of {} lines are not explained, the first is line {first}",
        coverage.unexplained.len(),
        coverage.lines
    );
    let mut note = finding("A0707", message);
    note.at = Some("/coverage/unexplained".to_owned());
    note.span = Some(Span::new(start, start + line.trim_end().len()));
    vec![note]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(line: usize, by: Option<&str>, telling: bool) -> LineClass {
        LineClass { line, explained_by: by.map(str::to_owned), telling }
    }

    #[test]
    fn lines_are_used_explained_or_unexplained() {
        let text = "Title\n\nsome prose\nCall 123 456\nfurniture 2008\nwhat is this\n";
        let mut record = Record::default();
        let title = crate::model::Evidence { spans: vec![Span::new(0, 5)], ..Default::default() };
        record.evidence.insert("/event/title".to_owned(), title);
        let classes = [
            class(3, Some("prose"), false),
            class(4, None, true),
            class(5, Some("base/furniture/running"), true),
            class(6, None, false),
        ];
        let lines = LineIndex::new(text);
        let coverage = measure(&used_lines(&record, &lines), &lines, &classes);
        assert_eq!((coverage.lines, coverage.used, coverage.explained), (5, 1, 2));
        assert_eq!(coverage.unexplained, [4, 6]);
        assert_eq!(coverage.grade, Grade::Poor);
    }

    #[test]
    fn grades_have_their_bounds() {
        assert_eq!(grade(0, 0), Grade::Empty);
        assert_eq!(grade(100, 5), Grade::Good);
        assert_eq!(grade(100, 6), Grade::Fair);
        assert_eq!(grade(100, 20), Grade::Fair);
        assert_eq!(grade(100, 21), Grade::Poor);
    }
}
