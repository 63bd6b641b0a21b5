//! Links, e-mail addresses and telephone numbers.

use linkify::{LinkFinder, LinkKind};

use crate::evidence::read_phone;
use crate::grammar::{Grammar, Set};
use crate::model::Span;

use super::{Mark, MarkKind};

/// Finds links with a scheme or `www.`, and e-mail addresses, plain or obfuscated.
pub(super) fn links(text: &str, g: &Grammar, tokens: &mut Vec<Mark>) {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut found: Vec<Mark> = Vec::new();
    for link in finder.links(text) {
        let kind = if *link.kind() == LinkKind::Email { MarkKind::Email } else { MarkKind::Url };
        let mut span = Span::new(link.start(), link.end());
        if kind == MarkKind::Url
            && let Some(address) = span.of(text).strip_prefix("mailto:")
        {
            span.start = span.end - address.len();
            found.push(Mark { span, kind: MarkKind::Email });
            continue;
        }
        found.push(Mark { span, kind });
    }
    www(text, &mut found);
    parted(text, g, &mut found);
    for pattern in g.patterns("email") {
        for c in pattern.regex.captures_iter(text) {
            let Some(m) = c.name("email") else { continue };
            let span = Span::new(m.start(), m.end());
            // "4 @ 12.00" is a day and a time
            let domain = span.of(text).rsplit('.').next().unwrap_or_default();
            if !domain.contains(char::is_alphabetic) {
                continue;
            }
            if !found.iter().any(|f| f.span.overlaps(span)) {
                found.push(Mark { span, kind: MarkKind::Email });
            }
        }
    }
    found.sort_by_key(|m| m.span);
    tokens.append(&mut found);
}

/// Addresses that a line end parts behind a hyphen, in place of the part that looks like one.
fn parted(text: &str, g: &Grammar, found: &mut Vec<Mark>) {
    if memchr::memmem::find(text.as_bytes(), b"-\n").is_none() || memchr::memchr(b'@', text.as_bytes()).is_none() {
        return;
    }
    for c in g.patterns("email-parted").iter().flat_map(|p| p.regex.captures_iter(text)) {
        let Some(m) = c.name("email") else { continue };
        let span = Span::new(m.start(), m.end());
        found.retain(|f| !f.span.overlaps(span));
        found.push(Mark { span, kind: MarkKind::Email });
    }
}

/// `www.example.org/x` without a scheme.
fn www(text: &str, found: &mut Vec<Mark>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"www.") {
        let bounded = !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '@' | '.'));
        if !bounded || found.iter().any(|m| m.span.start <= at && at < m.span.end) {
            continue;
        }
        let tail = &text[at..];
        let len = tail
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']' | ','))
            .unwrap_or(tail.len());
        let link = tail[..len].trim_end_matches(['.', ';', ':', '!', '?']);
        if link.len() > 6 {
            found.push(Mark { span: Span::new(at, at + link.len()), kind: MarkKind::Url });
        }
    }
}

/// Finds telephone numbers: behind a label, or with a country code, or that can be one by themselves.
pub(super) fn phones(text: &str, phrases: &[Mark], g: &Grammar, tokens: &mut Vec<Mark>) {
    let mut taken: Vec<Span> = tokens.iter().filter(|m| !matches!(m.kind, MarkKind::Year(_))).map(|m| m.span).collect();
    taken.sort();
    let mut found = Vec::new();
    for m in phrases {
        let MarkKind::Phrase(Set::ContactLabel, i) = m.kind else { continue };
        if !matches!(g.phrases[i as usize].value.as_ref(), "tel" | "fax" | "mobile") {
            continue;
        }
        let mut at = m.span.end;
        // several numbers may follow one label
        while let Some(span) = number_after(text, at, 24) {
            at = span.end;
            if !found.contains(&span) {
                found.push(span);
            }
        }
    }
    for at in memchr::memchr_iter(b'+', text.as_bytes()) {
        if let Some(span) = number_after(text, at, 1).filter(|s| s.start == at)
            && read_phone(span.of(text), "").is_some()
        {
            found.push(span);
        }
    }
    for pattern in g.patterns("phone") {
        let told = pattern.regex.captures_iter(text).filter_map(|c| c.name("phone"));
        found.extend(told.map(|m| Span::new(m.start(), m.end())));
    }
    found.sort();
    found.dedup_by(|b, a| a.overlaps(*b));
    for span in found {
        let i = taken.partition_point(|t| t.end <= span.start);
        let abroad = span.of(text).starts_with('+') || span.of(text).starts_with("00");
        let clash = taken.get(i).is_some_and(|t| t.overlaps(span)) && !abroad;
        if !clash {
            tokens.retain(|m| !m.span.overlaps(span));
            tokens.push(Mark { span, kind: MarkKind::Phone });
        }
    }
}

/// Where a number with country code ends that goes on below the line end, as only both parts together are one.
fn over_line_end(body: &str, len: usize) -> Option<usize> {
    let number = &body[..len];
    let rest = body[len..].trim_start_matches([' ', '-']);
    let below = rest.strip_prefix('\n')?.trim_start_matches(' ');
    let more: usize = below
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '(' | ')' | ' ' | '-' | '.'))
        .map(char::len_utf8)
        .sum();
    let more = below[..more].trim_end_matches(|c: char| !c.is_ascii_digit());
    let abroad = number.starts_with(['+', '(']) || number.starts_with("00");
    if more.is_empty() || !abroad || read_phone(number, "").is_some_and(|read| read.valid) {
        return None;
    }
    let whole = body.len() - below.len() + more.len();
    read_phone(&body[..whole].replace('\n', " "), "").filter(|read| read.valid).map(|_| whole)
}

/// The number that begins within `reach` bytes of punctuation and white space after `at`.
fn number_after(text: &str, at: usize, reach: usize) -> Option<Span> {
    let tail = text.get(at..)?;
    let gap: usize = tail
        .chars()
        .take_while(|c| {
            !c.is_ascii_digit()
                && !matches!(c, '+' | '(')
                && (c.is_whitespace() || matches!(c, ':' | '.' | '-' | '/' | ';' | ',' | '\u{2013}'))
        })
        .map(char::len_utf8)
        .sum();
    if gap > reach || tail[..gap].matches('\n').count() > 1 {
        return None;
    }
    let start = at + gap;
    let body = &text[start..];
    let len: usize = body
        .chars()
        .take_while(|c| {
            c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | ' ' | '-' | '.' | '/' | '\u{a0}' | '\u{2013}')
        })
        .map(char::len_utf8)
        .sum();
    let mut number = body[..len].trim_end_matches(|c: char| !c.is_ascii_digit());
    if let Some(whole) = over_line_end(body, number.len()) {
        return Some(Span::new(start, start + whole));
    }
    if let Some(second) = number.get(1..).and_then(|n| n.find('+')) {
        number = number[..second + 1].trim_end_matches(|c: char| !c.is_ascii_digit());
    }
    // "(24 hours)" behind it is no part of it
    if let Some(open) = number.rfind('(').filter(|i| *i > 0 && !number[*i..].contains(')')) {
        number = number[..open].trim_end_matches(|c: char| !c.is_ascii_digit());
    }
    // a slash or a wide gap parts two numbers
    if let Some(cut) = [" / ", "   "].iter().filter_map(|s| number.find(s)).min()
        && number[..cut].bytes().filter(u8::is_ascii_digit).count() >= 6
    {
        number = number[..cut].trim_end();
    }
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    ((5..=17).contains(&digits)).then(|| Span::new(start, start + number.len()))
}
