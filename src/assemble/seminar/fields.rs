//! Labelled lines of an announcement: which field, where its value stands.
//!
//! In: the scanned document. Out: [`Field`]s in reading order. Never: reads the values.

use crate::grammar::Set;
use crate::model::Span;
use crate::parse::Cx;
use crate::scan::View;
use crate::segment::field_label;

/// More fields than this are not looked at.
const MANY: usize = 200;

/// A field of the announcement and where its value stands.
pub(super) struct Field {
    /// The vocabulary's word for it; `posted` for the date in a mail's head.
    pub(super) name: String,
    /// Its value, on the label's line or the one below.
    pub(super) value: Span,
    /// Indented lines below that continue it.
    pub(super) more: Vec<Span>,
    /// The label's line.
    pub(super) line: usize,
}

impl Field {
    /// Whether `span` lies in the value.
    pub(super) fn holds(&self, span: Span) -> bool {
        self.value.contains(span) || self.more.iter().any(|m| m.contains(span))
    }
}

/// The labelled lines of a document.
pub(super) fn fields(cx: Cx) -> Vec<Field> {
    let v = cx.s.view();
    let mut found: Vec<Field> = Vec::new();
    for (i, line) in cx.s.lines.iter().enumerate() {
        // what a mail quotes or forwards is another's
        if line.aside {
            continue;
        }
        let mut rest = v.strip(line.span, "*-•> ");
        while let Some((label, phrase, value)) = field_label(v, rest) {
            let next = inner_label(v, value);
            let mut value = next.map_or(value, |n| v.strip(Span::new(value.start, n), " \t,;"));
            let mut more = Vec::new();
            if next.is_none() {
                let column = line.indent + label.len();
                let lines = cx.s.lines[i + 1..]
                    .iter()
                    .take_while(|l| l.blanks == 0 && l.indent > line.indent && field_label(v, l.span).is_none());
                more.extend(lines.filter(|l| l.indent + 4 > column.min(12)).take(5).map(|l| l.span));
                if value.is_empty() {
                    let below =
                        cx.s.lines.get(i + 1).filter(|n| {
                            n.blanks == 0 && field_label(v, n.span).is_none() && !v.of(n.span).ends_with(':')
                        });
                    value = below.map_or(value, |n| n.span);
                    more.retain(|m| *m != value);
                }
            }
            found.push(Field { name: phrase.value.to_string(), value, more, line: i });
            match next {
                Some(n) => rest = Span::new(n, rest.end),
                None => break,
            }
        }
    }
    found.truncate(MANY);
    mail_head(&mut found);
    found
}

/// Where a second label begins on a line: two spaces before it, a colon behind it.
fn inner_label(v: View, value: Span) -> Option<usize> {
    v.phrases(value, Set::Field).map(|(s, _)| s).find_map(|s| {
        let apart = v.text[..s.start].ends_with("  ") || v.text[..s.start].ends_with('\t');
        let colon = v.text[s.end..value.end].trim_start().starts_with(':');
        (apart && colon && s.start > value.start).then_some(s.start)
    })
}

/// In a mail's head (`From:`, `To:`, `Subject:` beside it) the date is the day of posting.
fn mail_head(fields: &mut [Field]) {
    let head: Vec<usize> =
        fields.iter().filter(|f| matches!(f.name.as_str(), "from" | "to" | "subject")).map(|f| f.line).collect();
    for f in fields.iter_mut().filter(|f| f.name == "date") {
        let near = |a: usize| a.abs_diff(f.line) <= 4;
        if head.iter().filter(|h| near(**h)).count() >= 2 {
            f.name = "posted".to_owned();
        }
    }
}
