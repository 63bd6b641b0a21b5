//! A unit's lines as one text, with the way back to the source.

use crate::grammar::Grammar;
use crate::model::Span;
use crate::scan::{Mark, Scanned, View};

/// Pieces of the source put together: lines of one unit with their line ends undone.
#[derive(Clone, Debug, Default)]
pub struct Flat {
    /// The joined text.
    pub text: String,
    /// Marks, their own spans counted in `text` (the spans inside times and dates stay in the source).
    pub marks: Vec<Mark>,
    /// Where each piece begins in `text`, and what of the source it is.
    pieces: Vec<(usize, Span)>,
    /// One code a gap, see [`crate::evidence::join_pieces`].
    join: Vec<u8>,
    /// Whether the document is written in small letters throughout.
    lower: bool,
}

/// Stretches of the source that hold the pieces: those that stand near one another in one.
fn runs(pieces: &[Span]) -> impl Iterator<Item = Span> + '_ {
    const NEAR: usize = 400;
    let near = |a: &Span, b: &Span| a.end <= b.start && b.start - a.end <= NEAR;
    pieces.chunk_by(near).filter_map(|run| Some(Span::new(run.first()?.start, run.last()?.end)))
}

impl Flat {
    /// Joins `pieces` of the document; `join` has one code a gap.
    pub fn new(s: &Scanned, pieces: &[Span], join: &str) -> Flat {
        let mut flat = Flat { join: join.bytes().collect(), lower: s.lower, ..Flat::default() };
        for (i, piece) in pieces.iter().enumerate() {
            if i > 0 {
                match flat.join.get(i - 1) {
                    Some(b'c') => {}
                    Some(b't') => flat.text.push_str(", "),
                    Some(b'g') => flat.text.push('\t'),
                    _ => flat.text.push(' '),
                }
            }
            flat.pieces.push((flat.text.len(), *piece));
            flat.text.push_str(piece.of(s.text));
        }
        let moved = |m: &Mark| flat.here(m.span).map(|span| Mark { span, kind: m.kind.clone() });
        flat.marks = runs(pieces).flat_map(|run| s.view().marks_in(run).filter_map(moved)).collect();
        flat.marks.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
        flat
    }

    /// The flat text with its marks.
    pub fn view<'a>(&'a self, g: &'a Grammar) -> View<'a> {
        View { text: &self.text, marks: &self.marks, grammar: g, lower: self.lower }
    }

    /// Everything.
    pub fn all(&self) -> Span {
        Span::new(0, self.text.len())
    }

    /// Where a source span stands here.
    pub fn here(&self, span: Span) -> Option<Span> {
        let at = |pos: usize, end: bool| {
            self.pieces.iter().find_map(|(start, piece)| {
                let inside = piece.start <= pos && (pos < piece.end || (end && pos == piece.end && pos > piece.start));
                inside.then(|| start + pos - piece.start)
            })
        };
        let (start, end) = (at(span.start, false)?, at(span.end, true)?);
        (start <= end).then(|| Span::new(start, end))
    }

    /// The source pieces of a flat span and the codes that join them.
    pub fn source(&self, span: Span) -> (Vec<Span>, String) {
        let (mut spans, mut join) = (Vec::new(), String::new());
        for (i, (start, piece)) in self.pieces.iter().enumerate() {
            let here = Span::new(*start, start + piece.len());
            let from = span.start.max(here.start);
            let to = span.end.min(here.end);
            if from >= to {
                continue;
            }
            if !spans.is_empty() {
                join.push(self.join.get(i - 1).copied().map_or('s', char::from));
            }
            spans.push(Span::new(piece.start + from - start, piece.start + to - start));
        }
        (spans, join)
    }
}
