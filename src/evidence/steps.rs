//! The steps that a value may go through, by name.
//!
//! `repair:RULE` · `join:CODES` (one code a gap: `s` space, `c` nothing, `t` comma and space, `g` a tab) ·
//! `squeeze` · `time.clock` `time.pm` `time.am` · `date.words` `date.dmy` `date.mdy` `date.ymd`
//! `date.add:N` · `option.year:YYYY` · `number.cardinal` `number.ordinal` · `name.order`
//! `name.given` `name.family` · `phone.e164:REGION` · `email.plain` · `url.plain` · `lexicon:SET` ·
//! `lower` · `const:VALUE` · `inherit.X` and `person` (which leave the value as it is).

use crate::grammar::{Grammar, Set};
use crate::model::{Repair, Span};

use super::{dates, names, phones};

/// Why a value could not be recomputed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// No such step.
    #[error("expected a known step, but found {0:?}")]
    Unknown(String),
    /// The step does not read this text.
    #[error("step {step} reads nothing in {text:?}")]
    Unreadable {
        /// The step.
        step: String,
        /// What it was given.
        text: String,
    },
}

/// Makes a value out of its pieces of ingested text: `repairs` inside the spans first, then each step of `via`.
///
/// # Errors
/// A step that is unknown or reads nothing in what it is given.
pub fn recompute(
    texts: &[String],
    spans: &[Span],
    via: &[String],
    repairs: &[Repair],
    g: &Grammar,
) -> Result<String, StepError> {
    let rules: Vec<&str> = via.iter().filter_map(|s| s.strip_prefix("repair:")).collect();
    let pieces: Vec<String> = texts
        .iter()
        .zip(spans)
        .map(|(text, span)| if rules.is_empty() { text.clone() } else { repaired(text, *span, &rules, repairs) })
        .collect();
    let codes = via.iter().find_map(|s| s.strip_prefix("join:")).unwrap_or("");
    let mut value = join_pieces(&pieces, codes);
    for step in via.iter().filter(|s| !s.starts_with("repair:") && !s.starts_with("join:")) {
        value = apply(step, value, g)?;
    }
    Ok(value)
}

/// Puts pieces together: `s` a space, `c` nothing, `t` comma and space; a space where no code is given.
pub fn join_pieces<S: AsRef<str>>(pieces: &[S], codes: &str) -> String {
    let mut codes = codes.bytes();
    let mut out = String::new();
    for (i, piece) in pieces.iter().enumerate() {
        if i > 0 {
            match codes.next() {
                Some(b'c') => {}
                Some(b't') => out.push_str(", "),
                Some(b'g') => out.push('\t'),
                _ => out.push(' '),
            }
        }
        out.push_str(piece.as_ref());
    }
    out
}

fn repaired(text: &str, span: Span, rules: &[&str], repairs: &[Repair]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = span.start;
    let first = repairs.partition_point(|r| r.span.start < span.start);
    for r in repairs[first..].iter().take_while(|r| r.span.start < span.end) {
        if r.span.start < at || !span.contains(r.span) || !rules.contains(&r.rule.as_str()) {
            continue;
        }
        out.push_str(text.get(at - span.start..r.span.start - span.start).unwrap_or(""));
        out.push_str(&r.to);
        at = r.span.end;
    }
    out.push_str(text.get(at - span.start..).unwrap_or(""));
    out
}

/// Applies one step to `value`.
///
/// # Errors
/// A step that is unknown or reads nothing in `value`.
pub fn apply(step: &str, value: String, g: &Grammar) -> Result<String, StepError> {
    let unreadable = |value: &str| StepError::Unreadable { step: step.to_owned(), text: value.to_owned() };
    let (name, parameter) = step.split_once(':').unwrap_or((step, ""));
    let read = match name {
        "squeeze" => Some(squeeze(&value)),
        "lower" => Some(value.to_lowercase()),
        "const" => Some(parameter.to_owned()),
        "time.clock" => dates::clock(&value, g),
        "time.pm" => dates::shift_noon(&value, true),
        "time.am" => dates::shift_noon(&value, false),
        "date.words" => dates::words(&value, g),
        "date.dmy" | "date.mdy" | "date.ymd" | "date.ydm" => dates::numeric(&value, &name[5..]),
        "date.add" => parameter.parse().ok().and_then(|days| dates::add_days(&value, days)),
        "option.year" => Some(value.replacen("XXXX", parameter, 1)),
        "number.cardinal" => cardinal(&value, g),
        "number.ordinal" => ordinal(&value, g),
        "number.times" => {
            value.parse::<u32>().ok().zip(parameter.parse::<u32>().ok()).map(|(n, by)| n.saturating_mul(by).to_string())
        }
        "name.order" => Some(names::family_first(&value).unwrap_or(value.clone())),
        "name.given" => names::split_name(&value, g).0,
        "name.family" => names::split_name(&value, g).1,
        "phone.e164" => phones::read_phone(&value, parameter).map(|p| p.e164),
        "email.plain" => phones::plain_email(&value),
        "url.plain" => phones::plain_url(&value),
        "lexicon" => Set::parse(parameter).and_then(|s| g.lookup(s, value.trim())).map(|p| p.value.to_string()),
        "zone" => g.lexicons.city(value.trim()).map(|c| c.zone.to_string()),
        "person" => Some(value.clone()),
        _ if name.starts_with("inherit.") => Some(value.clone()),
        _ => return Err(StepError::Unknown(step.to_owned())),
    };
    read.ok_or_else(|| unreadable(&value))
}

/// Runs of white space become one space; none at the ends.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn cardinal(text: &str, g: &Grammar) -> Option<String> {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !digits.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | ' ')) {
        return digits.parse::<u32>().ok().map(|n| n.to_string());
    }
    if let Some(p) = g.lookup(Set::Cardinal, text) {
        return Some(p.value.to_string());
    }
    let (tens, ones) = text.split_once(['-', ' ', '\u{2010}'])?;
    let number = |t: &str| g.lookup(Set::Cardinal, t).and_then(|p| p.value.parse::<u32>().ok());
    Some((number(tens)? + number(ones)?).to_string())
}

fn ordinal(text: &str, g: &Grammar) -> Option<String> {
    let text = text.trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return digits.parse::<u32>().ok().map(|n| n.to_string());
    }
    if let Some(p) = g.lookup(Set::Ordinal, text) {
        return Some(p.value.to_string());
    }
    if let Some((tens, ones)) = text.split_once('-') {
        let tens = g.lookup(Set::Cardinal, tens)?.value.parse::<u32>().ok()?;
        return Some((tens + g.lookup(Set::Ordinal, ones)?.value.parse::<u32>().ok()?).to_string());
    }
    roman(text).map(|n| n.to_string())
}

/// A Roman number in capitals.
fn roman(text: &str) -> Option<u32> {
    let mut total = 0u32;
    let mut last = 0u32;
    for c in text.bytes().rev() {
        let n = match c {
            b'I' => 1,
            b'V' => 5,
            b'X' => 10,
            b'L' => 50,
            b'C' => 100,
            _ => return None,
        };
        total = if n < last { total.checked_sub(n)? } else { total.checked_add(n)? };
        last = last.max(n);
    }
    (total > 0 && text.len() <= 7).then_some(total)
}

/// Replaces the capture `slip` of every match by `to`.
pub fn undo_slip(regex: &crate::grammar::Matcher, to: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for c in regex.captures_iter(text) {
        if let Some(m) = c.name("slip").filter(|m| m.start() >= at) {
            out.push_str(&text[at..m.start()]);
            out.push_str(to);
            at = m.end();
        }
    }
    out.push_str(&text[at..]);
    out
}
