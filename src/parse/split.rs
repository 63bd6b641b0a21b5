//! Where lists of people and affiliations are cut: never inside brackets or quotes.

use crate::grammar::Set;
use crate::model::Span;
use crate::scan::View;

use super::names;

/// Cuts at semicolons, at slashes between people, and at line-like gaps.
pub(super) fn chunks(v: View, span: Span) -> Vec<Span> {
    let text = v.of(span);
    let slash = text.match_indices('/').any(|(i, _)| {
        let after = v.trim(Span::new(span.start + i + 1, span.end));
        let before = v.trim(Span::new(span.start, span.start + i));
        outside(text, i) && names::starts(v, after) && names::starts(v, before)
    });
    cut(v, span, |c| c == ';' || c == '|' || c == '\t' || (slash && c == '/'))
}

/// Cuts at commas and at "and" before a name.
pub(super) fn commas(v: View, span: Span) -> Vec<Span> {
    let mut out = Vec::new();
    for piece in cut(v, span, |c| c == ',') {
        let mut piece = piece;
        if let Some(rest) = v.grammar.after_and(v.of(piece), true) {
            piece = v.trim(Span::new(piece.end - rest.len(), piece.end));
        }
        while let Some((head, tail)) = and(v, piece) {
            out.push(head);
            piece = tail;
        }
        out.push(piece);
    }
    out.retain(|s| !s.is_empty());
    out
}

/// "A and B" where a name begins behind the word and one stands before it.
fn and(v: View, piece: Span) -> Option<(Span, Span)> {
    let text = v.of(piece);
    for (i, _) in text.match_indices(' ') {
        let Some(rest) = v.grammar.after_and(&text[i + 1..], false).filter(|_| outside(text, i)) else { continue };
        let head = v.trim(Span::new(piece.start, piece.start + i));
        let tail = v.trim(Span::new(piece.end - rest.len(), piece.end));
        let named = v.phrase_at(tail.start, Set::Honorific).is_some()
            || {
                let n = names::expected_at(v, tail);
                n.is_some_and(|n| n.score >= 1.4)
                    && names::expected_at(v, head)
                        .is_some_and(|h| h.end() == head.end || v.text[h.end()..head.end].trim_start().starts_with('('))
            }
            || own_body(v, head, tail);
        if named {
            return Some((head, tail));
        }
    }
    None
}

/// "Ann Lee, Water Agency and Tom Reed, Dam Institute": a known name right before a comma, behind a body or its letters.
fn own_body(v: View, head: Span, tail: Span) -> bool {
    let known = |n: names::NameAt| {
        let given = v.of(n.name).split_whitespace().next().map_or(0, |w| v.grammar.lexicons.word(w).given);
        n.end() == tail.end && n.score >= 1.4 && given >= 2
    };
    let letters = v
        .of(head)
        .split_whitespace()
        .next_back()
        .is_some_and(|w| w.chars().filter(|c| c.is_uppercase()).count() > 1 && !w.contains(char::is_lowercase));
    v.text[tail.end..].trim_start().starts_with(',')
        && (letters || v.has(head, Set::Body) || v.has(head, Set::KnownBody))
        && names::name_at(v, tail).is_some_and(known)
}

/// An affiliation's parts: cut at commas and at a bracket's bounds.
pub(super) fn parts(v: View, span: Span) -> Vec<Span> {
    let text = v.of(span);
    if let (Some(open), true) = (text.find('('), text.ends_with(')')) {
        let closes = text[open..].find(')').is_some_and(|c| open + c + 1 == text.len());
        if closes && open == 0 {
            let inner = Span::new(span.start + 1, span.end - 1);
            return cut(v, inner, |c| c == ',' || c == ';');
        }
    }
    // in a text without capitals, what follows a bracket right behind the name is no more of the person
    if let (true, true, Some(close)) = (v.lower, text.starts_with('('), text.find(')')) {
        return cut(v, Span::new(span.start + 1, span.start + close), |c| c == ',' || c == ';');
    }
    cut(v, span, |c| c == ',')
}

fn cut(v: View, span: Span, at: impl Fn(char) -> bool) -> Vec<Span> {
    let text = v.of(span);
    let (mut out, mut start, mut depth) = (Vec::new(), span.start, 0i32);
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = (depth - 1).max(0),
            c if depth == 0 && at(c) => {
                out.push(v.trim(Span::new(start, span.start + i)));
                start = span.start + i + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(v.trim(Span::new(start, span.end)));
    out.retain(|s| !s.is_empty());
    out
}

/// Whether byte `at` of `text` lies outside brackets.
pub(super) fn outside(text: &str, at: usize) -> bool {
    let head = &text.as_bytes()[..at];
    let open = head.iter().filter(|b| **b == b'(').count();
    let closed = head.iter().filter(|b| **b == b')').count();
    open <= closed
}

/// Cuts at commas outside brackets, and at middle dots and bars.
pub(super) fn commas_only(v: View, span: Span) -> Vec<Span> {
    cut(v, span, |c| matches!(c, ',' | '|' | '·' | ';' | '\t'))
}
