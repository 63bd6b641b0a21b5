//! Every value against its evidence.
//!
//! In: a record and its text. Out: mismatches. Never: trusts what evidence says of itself.

use crate::evidence::recompute;
use crate::model::{Alternative, Evidence, Origin, Span};

use super::checker::Checker;
use super::leaves;

/// Evidence for every leaf, a leaf for every evidence, and each value made again.
pub fn check(c: &mut Checker<'_>) {
    for (pointer, value) in &c.leaves {
        if leaves::needs_evidence(pointer) {
            if !c.record.evidence.contains_key(pointer) {
                c.mismatches.push(super::Mismatch::new(pointer, "expected evidence, but there is none"));
            }
            if value.is_empty() {
                c.mismatches.push(super::Mismatch::new(pointer, "expected a value, but found an empty string"));
            }
        }
    }
    let record = c.record;
    for (pointer, evidence) in &record.evidence {
        match c.leaf(pointer).map(str::to_owned) {
            Some(value) if leaves::may_have_evidence(pointer) => one(c, pointer, &value, evidence),
            Some(_) => c.fail(pointer, "evidence for what is not read from the document"),
            None => c.fail(pointer, "evidence for a value that is not there"),
        }
    }
    for (pointer, lost) in &record.alternatives {
        match c.leaf(pointer).map(str::to_owned) {
            Some(value) => alternatives(c, pointer, &value, lost),
            None => c.fail(pointer, "alternatives to a value that is not there"),
        }
    }
}

/// Readings that lost: each another than the value and than those before it, the surest first.
fn alternatives(c: &mut Checker<'_>, pointer: &str, value: &str, lost: &[Alternative]) {
    if lost.is_empty() {
        c.fail(pointer, "expected a reading that lost, but there is none");
    }
    for (i, a) in lost.iter().enumerate() {
        if a.value.is_empty() || a.rule.is_empty() || !(0.0..=1.0).contains(&a.confidence) {
            c.fail(pointer, "expected a reading with value, rule and a confidence from 0 to 1");
        }
        if a.value == value || lost[..i].iter().any(|b| b.value == a.value) {
            c.fail(pointer, format!("expected another reading than {:?}", a.value));
        }
        if i > 0 && lost[i - 1].confidence < a.confidence {
            c.fail(pointer, "expected the surest of the readings that lost first");
        }
    }
}

fn one(c: &mut Checker<'_>, pointer: &str, value: &str, evidence: &Evidence) {
    if !(0.0..=1.0).contains(&evidence.confidence) {
        c.fail(pointer, format!("expected a confidence from 0 to 1, but found {}", evidence.confidence));
    }
    if evidence.rule.is_empty() {
        c.fail(pointer, "expected the rule that found it, but there is none");
    }
    if evidence.origin == Origin::Option {
        return;
    }
    if !places(c, pointer, evidence) {
        return;
    }
    let there = |from: &&String| c.leaf(from).is_some() || (leaves::is_reference(pointer) && is_person(c, from, value));
    if let Some(lost) = evidence.from.iter().find(|f| !there(f)) {
        return c.fail(pointer, format!("worked out from {lost}, which is not there"));
    }
    if leaves::is_reference(pointer) {
        return reference(c, pointer, value, evidence);
    }
    inherited(c, pointer, value, evidence);
    let fixed = evidence.via.iter().find(|s| s.starts_with("const:"));
    if let Some(step) = fixed.filter(|_| !leaves::is_vocabulary(pointer)) {
        return c.fail(pointer, format!("the step {step} gives a text that the document does not hold"));
    }
    match remade(c, value, evidence) {
        Ok(made) if made == value => {}
        Ok(made) => c.fail(pointer, format!("expected {made:?}, but found {value:?}")),
        Err(reason) => c.fail(pointer, reason),
    }
}

/// Spans, texts, line and page; false where the value cannot be made from them.
fn places(c: &mut Checker<'_>, pointer: &str, e: &Evidence) -> bool {
    if e.spans.len() != e.texts.len() {
        c.fail(pointer, format!("expected {} texts, one a span, but found {}", e.spans.len(), e.texts.len()));
        return false;
    }
    for (span, text) in e.spans.iter().zip(&e.texts) {
        match c.bytes(*span) {
            Some(found) if found == text => {}
            Some(found) => {
                c.fail(pointer, format!("expected {text:?} at {}..{}, but found {found:?}", span.start, span.end));
                return false;
            }
            None => {
                c.fail(pointer, format!("the span {}..{} does not lie in the text", span.start, span.end));
                return false;
            }
        }
    }
    let line = e.spans.first().map_or(0, |s| c.lines.line(s.start));
    if e.line != line {
        c.fail(pointer, format!("expected line {line}, but found {}", e.line));
    }
    page(c, pointer, e);
    true
}

fn page(c: &mut Checker<'_>, pointer: &str, e: &Evidence) {
    let Some(page) = e.page else { return };
    let Some(first) = e.spans.first() else {
        return c.fail(pointer, format!("page {page} of a value without span"));
    };
    let last = c.record.source.pages.unwrap_or(u32::MAX);
    if page == 0 || page > last {
        return c.fail(pointer, format!("expected a page from 1 to {last}, but found {page}"));
    }
    if let Some(exact) = c.page_of(*first).filter(|p| *p != page) {
        c.fail(pointer, format!("expected page {exact}, but found {page}"));
    }
}

/// A person's id: the person is mentioned with exactly these bytes.
fn reference(c: &mut Checker<'_>, pointer: &str, id: &str, e: &Evidence) {
    let Some(person) = c.record.people.iter().find(|p| p.id == id) else {
        return c.fail(pointer, format!("expected a person, but there is no {id:?}"));
    };
    if !person.mentions.iter().any(|m| m.spans == e.spans) || e.spans.is_empty() {
        c.fail(pointer, format!("{} ({id}) is not mentioned there", person.name));
    }
}

/// Whether the person at `pointer` has the id that a reference gives.
fn is_person(c: &Checker<'_>, pointer: &str, id: &str) -> bool {
    let index = pointer.strip_prefix("/people/").and_then(|n| n.parse::<usize>().ok());
    index.and_then(|i| c.record.people.get(i)).is_some_and(|p| p.id == id)
}

/// A value that is inherited is that of one of those it comes from.
fn inherited(c: &mut Checker<'_>, pointer: &str, value: &str, e: &Evidence) {
    let inherits = e.via.iter().any(|s| s.starts_with("inherit."));
    if inherits && !e.from.is_empty() && !e.from.iter().any(|f| c.leaf(f) == Some(value)) {
        c.fail(pointer, format!("{value:?} is inherited from none of {}", e.from.join(", ")));
    }
}

/// The value once more: from its bytes, or where no bytes hold it, from the values that it was worked out from.
fn remade(c: &Checker<'_>, value: &str, e: &Evidence) -> Result<String, String> {
    let repairs = &c.record.repairs;
    if !e.spans.is_empty() {
        return recompute(&e.texts, &e.spans, &e.via, repairs, c.grammar).map_err(|e| e.to_string());
    }
    if e.from.is_empty() {
        return Err("no bytes hold it and no value gives it".to_owned());
    }
    if e.via.last().is_some_and(|s| s.starts_with("inherit.")) {
        let source = e.from.iter().filter_map(|f| c.leaf(f)).find(|v| *v == value).or(c.leaf(&e.from[0]));
        return source.map(str::to_owned).ok_or_else(|| "no value gives it".to_owned());
    }
    let given: Vec<String> = e.from.iter().filter_map(|f| c.leaf(f)).map(str::to_owned).collect();
    let nowhere = vec![Span::default(); given.len()];
    recompute(&given, &nowhere, &e.via, &[], c.grammar).map_err(|e| e.to_string())
}
