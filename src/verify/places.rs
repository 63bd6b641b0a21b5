//! Repairs, findings, pages and coverage against the text.
//!
//! In: a record and its text. Out: mismatches. Never: looks at values.

use crate::validate::used_lines;

use super::checker::Checker;

/// Everything that counts in bytes or lines and is no value.
pub fn check(c: &mut Checker<'_>) {
    repairs(c);
    diagnostics(c);
    page_order(c);
    coverage(c);
}

fn repairs(c: &mut Checker<'_>) {
    let record = c.record;
    for (i, r) in record.repairs.iter().enumerate() {
        let found = if r.span.is_empty() { Some("") } else { c.bytes(r.span) };
        if found != Some(r.from.as_str()) {
            c.fail(&format!("/repairs/{i}"), format!("expected {:?} in the text, but found {found:?}", r.from));
        }
    }
    if !record.repairs.is_sorted_by_key(|r| r.span.start) {
        c.fail("/repairs", "expected the order of the text");
    }
}

fn diagnostics(c: &mut Checker<'_>) {
    let record = c.record;
    for (i, d) in record.diagnostics.iter().enumerate() {
        let pointer = format!("/diagnostics/{i}");
        if d.at.as_ref().is_some_and(|at| c.json.pointer(at).is_none()) {
            c.fail(&pointer, "it points at what is not there");
        }
        if d.span.is_some_and(|s| c.text.get(s.start..s.end).is_none()) {
            c.fail(&pointer, "its span does not lie in the text");
        }
    }
}

/// Pages only rise along the text.
fn page_order(c: &mut Checker<'_>) {
    let record = c.record;
    let placed = record.evidence.iter().filter_map(|(p, e)| Some((e.spans.first()?.start, e.page?, p)));
    let mut placed: Vec<(usize, u32, &String)> = placed.collect();
    placed.sort_unstable();
    for pair in placed.windows(2) {
        if pair[1].1 < pair[0].1 {
            c.fail(pair[1].2, format!("page {} comes after page {}", pair[1].1, pair[0].1));
        }
    }
}

fn coverage(c: &mut Checker<'_>) {
    let coverage = &c.record.coverage;
    let filled = c.lines.filled().count();
    if coverage.lines != filled {
        c.fail("/coverage/lines", format!("expected {filled}, but found {}", coverage.lines));
    }
    let used = used_lines(c.record, &c.lines);
    let count = c.lines.filled().filter(|l| used[*l]).count();
    if coverage.used != count {
        c.fail("/coverage/used", format!("expected {count}, but found {}", coverage.used));
    }
    if coverage.used + coverage.explained + coverage.unexplained.len() != coverage.lines {
        c.fail("/coverage", "used, explained and unexplained lines do not add up");
    }
    let wrong = coverage.unexplained.iter().find(|l| !c.lines.is_filled(**l) || used.get(**l) == Some(&true));
    if let Some(line) = wrong {
        c.fail("/coverage/unexplained", format!("line {line} is blank or used"));
    }
    let grade = crate::validate::grade(coverage.lines, coverage.unexplained.len());
    if coverage.grade != grade {
        c.fail("/coverage/grade", format!("expected {grade}, but found {}", coverage.grade));
    }
}
