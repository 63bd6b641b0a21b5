//! A value with the pieces of text that it was made of.

use std::sync::Arc;

use crate::grammar::Grammar;
use crate::model::Span;

use super::steps::{apply, join_pieces};

/// A slip inside a slot that a tolerant reader undid: where, what it was read as, by which rule.
pub type Slips = Vec<(Span, String, Arc<str>)>;

/// A value, still in spans of the repaired text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grounded {
    /// What it says.
    pub value: String,
    /// The pieces of repaired text that it was made of, in reading order.
    pub pieces: Vec<Span>,
    /// One code a gap between pieces, see [`super::join_pieces`].
    pub join: String,
    /// Steps after joining.
    pub via: Vec<String>,
    /// Slips undone in the pieces.
    pub slips: Slips,
    /// Grammar rule that found it.
    pub rule: Arc<str>,
    /// 0 to 1.
    pub score: f32,
    /// Whether the user told it.
    pub option: bool,
    /// Readings that lost to this one, see [`Grounded::over`]; what comes after steps them along.
    pub losers: Vec<Grounded>,
}

impl Grounded {
    /// Reads a value out of `pieces` of `text`: slips of `slot` undone, joined by `join`, then `steps`.
    /// Nothing where a step reads nothing, or the value is empty.
    #[allow(clippy::too_many_arguments)]
    pub fn read(
        text: &str,
        g: &Grammar,
        pieces: &[Span],
        join: &str,
        slot: &str,
        steps: &[&str],
        rule: &str,
        score: f32,
    ) -> Option<Grounded> {
        let mut slips = Slips::new();
        let texts: Vec<String> = pieces.iter().map(|p| undo(text, *p, slot, g, &mut slips)).collect();
        let mut via = vec!["squeeze".to_owned()];
        via.extend(steps.iter().map(|s| (*s).to_owned()));
        let through = |texts: &[String]| {
            let all = via.iter().try_fold(join_pieces(texts, join), |value, step| apply(step, value, g).ok());
            all.filter(|value| !value.is_empty())
        };
        let value = through(&texts)?;
        let undone = !slips.is_empty();
        let literal = || through(&pieces.iter().map(|p| p.of(text).to_owned()).collect::<Vec<_>>());
        let literal = undone.then(literal).flatten();
        let read = Grounded {
            value,
            pieces: pieces.to_vec(),
            join: join.to_owned(),
            via,
            slips,
            rule: rule.into(),
            score,
            ..Grounded::default()
        };
        let literal = literal.map(|value| Grounded { value, slips: Slips::new(), ..read.clone() });
        Some(read.over(literal, g.weight("reading/literal")))
    }

    /// This reading has won over `other`, which is `share` (0 to 1) as sure. What lost to the other one lost to this
    /// one too.
    pub fn over(mut self, other: Option<Grounded>, share: f32) -> Grounded {
        if let Some(mut other) = other.filter(|o| o.value != self.value) {
            other.score = self.score * share.clamp(0.0, 1.0);
            self.losers.append(&mut other.losers);
            self.losers.push(other);
        }
        self
    }

    /// The same pieces read on by one more step.
    pub fn then(&self, step: &str, g: &Grammar) -> Option<Grounded> {
        let value = apply(step, self.value.clone(), g).ok().filter(|v| !v.is_empty())?;
        let mut next = Grounded { value, ..self.clone() };
        next.via.push(step.to_owned());
        next.losers = self.losers.iter().filter_map(|l| l.then(step, g)).collect();
        Some(next)
    }

    /// A fixed value that `pieces` give reason for.
    pub fn constant(value: &str, pieces: &[Span], rule: &str, score: f32) -> Grounded {
        Grounded {
            value: value.to_owned(),
            pieces: pieces.to_vec(),
            via: vec![format!("const:{value}")],
            rule: rule.into(),
            score,
            ..Grounded::default()
        }
    }

    /// Where it begins.
    pub fn start(&self) -> usize {
        self.pieces.first().map_or(0, |p| p.start)
    }

    /// Where it ends.
    pub fn end(&self) -> usize {
        self.pieces.last().map_or(0, |p| p.end)
    }
}

/// The text of a piece with the slips of `slot` undone.
fn undo(text: &str, piece: Span, slot: &str, g: &Grammar, slips: &mut Slips) -> String {
    let source = piece.of(text);
    let mut edits: Vec<(Span, String, Arc<str>)> = Vec::new();
    for slip in g.slips(slot) {
        for c in slip.regex.captures_iter(source) {
            let Some(m) = c.name("slip") else { continue };
            let at = Span::new(m.start(), m.end());
            if edits.iter().all(|(e, _, _)| !e.overlaps(at)) {
                edits.push((at, slip.to.clone(), slip.id.clone()));
            }
        }
    }
    edits.sort_by_key(|(s, _, _)| *s);
    let (mut out, mut at) = (String::with_capacity(source.len()), 0);
    for (span, to, rule) in edits {
        out.push_str(&source[at..span.start]);
        out.push_str(&to);
        at = span.end;
        slips.push((span.shifted(piece.start), to, rule));
    }
    out.push_str(&source[at..]);
    out
}

/// The first of two readings wins over the second, as it does where nothing ranks them; the second stands where there
/// is no first.
pub fn first_of(first: Option<Grounded>, second: Option<Grounded>, g: &Grammar) -> Option<Grounded> {
    match first {
        Some(first) => Some(first.over(second, g.weight("reading/later"))),
        None => second,
    }
}
