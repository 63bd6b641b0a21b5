//! Writes values into the record together with their evidence.

use std::collections::BTreeMap;

use crate::evidence::{Grounded, recompute};
use crate::grammar::Grammar;
use crate::ingest::{RegionKind, Text};
use crate::model::{Alternative, Diagnostic, Evidence, Origin, Repair, Span};
use crate::repair::Repaired;

/// More losing readings of one value are not kept.
const MOST: usize = 3;

/// A score as a confidence: two decimals are all that it means.
fn confidence(score: f32) -> f64 {
    f64::from((score.clamp(0.01, 0.99) * 100.0).round()) / 100.0
}

/// Where a span stands on the page of its first word, where the format tells.
fn area(text: &Text, span: Span) -> Option<[f64; 4]> {
    let from = text.boxes.partition_point(|b| b.span.end <= span.start);
    let on = text.boxes[from..].iter().take_while(|b| b.span.start < span.end);
    let first = text.boxes.get(from).filter(|b| b.span.start < span.end)?;
    let whole = on.filter(|b| b.page == first.page).fold(first.area, |a, b| {
        let [left, top, right, bottom] = b.area;
        [a[0].min(left), a[1].min(top), a[2].max(right), a[3].max(bottom)]
    });
    Some(whole.map(|x| (f64::from(x) * 10.0).round() / 10.0))
}

/// The record's evidence while it grows.
pub(super) struct Out<'a> {
    text: &'a Text,
    repaired: &'a Repaired,
    g: &'a Grammar,
    /// What the confidence of a value is worth, where OCR doubts a word of it.
    doubt: f32,
    lines: Vec<usize>,
    pages: Vec<(Span, u32)>,
    pub(super) evidence: BTreeMap<String, Evidence>,
    pub(super) alternatives: BTreeMap<String, Vec<Alternative>>,
    pub(super) repairs: Vec<Repair>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Out<'a> {
    pub(super) fn new(text: &'a Text, repaired: &'a Repaired, g: &'a Grammar) -> Self {
        let lines = memchr::memchr_iter(b'\n', text.content.as_bytes()).collect();
        let pages = text.layout.iter().filter_map(|r| match r.kind {
            RegionKind::Page(n) => Some((r.span, n)),
            _ => None,
        });
        Out {
            text,
            repaired,
            g,
            doubt: g.weight("reading/illegible"),
            lines,
            pages: pages.collect(),
            evidence: BTreeMap::new(),
            alternatives: BTreeMap::new(),
            repairs: repaired.repairs.clone(),
            diagnostics: Vec::new(),
        }
    }

    /// The line, from 1, of a place in the ingested text.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|n| *n < at) + 1
    }

    /// Logs the slips that were undone in a value, so that its evidence can name them.
    pub(super) fn slips(&mut self, v: &Grounded) {
        for (span, to, rule) in &v.slips {
            let home = self.repaired.map.home(*span);
            let from = home.of(&self.text.content).to_owned();
            if !self.repairs.iter().any(|r| r.span == home && r.rule == rule.as_ref()) {
                self.repairs.push(Repair { span: home, from: from.clone(), to: to.clone(), rule: rule.to_string() });
                self.repairs.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
                self.diagnostics.push(Diagnostic {
                    code: "A0501".into(),
                    severity: crate::model::Severity::Note,
                    message: format!("{from:?} is read as {to:?}"),
                    at: None,
                    span: Some(home),
                });
            }
        }
    }

    /// Writes the evidence of `v` at `pointer` and gives the value; nothing where it cannot be shown.
    pub(super) fn put(&mut self, pointer: &str, v: &Grounded) -> Option<String> {
        self.slips(v);
        let spans: Vec<Span> = v.pieces.iter().map(|p| self.repaired.map.home(*p)).collect();
        let texts: Vec<String> = spans.iter().map(|s| s.of(&self.text.content).to_owned()).collect();
        let mut via = self.repair_steps(&spans, v);
        if spans.len() > 1 {
            via.push(format!("join:{}", v.join));
        }
        via.extend(v.via.iter().cloned());
        let value =
            if v.option { Some(v.value.clone()) } else { recompute(&texts, &spans, &via, &self.repairs, self.g).ok() }?;
        let first = spans.first().copied();
        let illegible = self.illegible(&spans);
        let score = confidence(if illegible { v.score * self.doubt } else { v.score });
        self.evidence.insert(
            pointer.to_owned(),
            Evidence {
                line: first.map_or(0, |s| self.line(s.start)),
                page: first.and_then(|s| {
                    self.pages.iter().find(|(p, _)| p.start <= s.start && s.start < p.end).map(|(_, n)| *n)
                }),
                area: first.and_then(|s| area(self.text, s)),
                spans,
                texts,
                from: Vec::new(),
                via,
                rule: v.rule.to_string(),
                illegible,
                score,
                confidence: score,
                origin: if v.option { Origin::Option } else { Origin::Document },
            },
        );
        self.lost(pointer, &value, v);
        Some(value)
    }

    /// Whether a word of what stands at `spans` was read off an image without confidence.
    fn illegible(&self, spans: &[Span]) -> bool {
        let doubts = &self.text.doubts;
        let doubtful =
            |s: &Span| doubts.get(doubts.partition_point(|d| d.end <= s.start)).is_some_and(|d| d.start < s.end);
        spans.iter().any(doubtful)
    }

    /// Writes the readings that lost to `v`, the surest first, as far as they are near enough to matter.
    fn lost(&mut self, pointer: &str, value: &str, v: &Grounded) {
        let near = self.g.weight("reading/near");
        let mut losers: Vec<&Grounded> = v.losers.iter().filter(|l| l.score >= near && l.value != value).collect();
        if losers.is_empty() || v.option {
            return;
        }
        losers.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.value.cmp(&b.value)));
        let mut out: Vec<Alternative> = Vec::new();
        for l in losers {
            if out.len() < MOST && out.iter().all(|o| o.value != l.value) {
                let (value, rule) = (l.value.clone(), l.rule.to_string());
                out.push(Alternative { value, confidence: confidence(l.score), rule });
            }
        }
        self.alternatives.insert(pointer.to_owned(), out);
    }

    /// `repair:RULE` for each rule that changed something inside the spans: of the repair stage, and of the slips.
    fn repair_steps(&self, spans: &[Span], v: &Grounded) -> Vec<String> {
        let mut rules: Vec<String> = Vec::new();
        for span in spans {
            let from = self.repaired.repairs.partition_point(|r| r.span.end <= span.start);
            for r in self.repaired.repairs[from..].iter().take_while(|r| r.span.start < span.end) {
                let step = format!("repair:{}", r.rule);
                if !rules.contains(&step) {
                    rules.push(step);
                }
            }
        }
        for (_, _, rule) in &v.slips {
            let step = format!("repair:{rule}");
            if !rules.contains(&step) {
                rules.push(step);
            }
        }
        rules
    }

    /// States from which values one was worked out.
    pub(super) fn from(&mut self, pointer: &str, from: &str) {
        if let Some(e) = self.evidence.get_mut(pointer) {
            e.from.push(from.to_owned());
        }
    }
}

impl Out<'_> {
    /// The range of the ingested text that a range of the repaired text came from.
    pub(super) fn home(&self, span: Span) -> Span {
        self.repaired.map.home(span)
    }
}
