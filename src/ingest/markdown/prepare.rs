//! What is done to Markdown before it is parsed.
//!
//! In: Markdown. Out: Markdown without the calls of site generators (`{{< figure … >}}`, `{% include … %}`),
//! its HTML tables in one piece. Never: changes other text.

use std::borrow::Cow;

use memchr::memmem::Finder;

use crate::model::Span;

/// More opening signs than this in one paragraph are no text that anybody wrote.
const MOST_OPENINGS: usize = 2000;
/// A call of a site generator is no longer than this.
const LONGEST_CALL: usize = 4000;

/// The first paragraph that is nested beyond sense.
pub(in crate::ingest) fn too_deep(source: &str) -> Option<Span> {
    let (mut start, mut openings, mut blank) = (0, 0usize, true);
    for (at, b) in source.bytes().enumerate() {
        match b {
            b'\n' if blank => (start, openings) = (at + 1, 0),
            b'\n' => blank = true,
            b'[' | b'(' | b'>' | b'*' | b'_' | b'<' | b'`' | b'!' | b'~' | b'{' => {
                blank = false;
                openings += 1;
                if openings > MOST_OPENINGS && is_dense(&source.as_bytes()[start..=at], openings) {
                    return Some(Span::new(start, at + 1));
                }
            }
            b' ' | b'\t' => {}
            _ => blank = false,
        }
    }
    None
}

/// Whether a paragraph consists of little but signs. It is asked for each sign beyond the limit, so it only counts.
fn is_dense(paragraph: &[u8], openings: usize) -> bool {
    openings * 4 > paragraph.len()
}

/// Removes calls, keeps HTML tables whole.
pub(super) fn prepare(source: &str) -> Cow<'_, str> {
    let source = without_calls(source);
    match source {
        Cow::Borrowed(s) => whole_tables(s),
        Cow::Owned(s) => whole_tables(&s).into_owned().into(),
    }
}

/// Without `{{< … >}}`, `{{% … %}}`, `{{ … }}`, `{% … %}`.
fn without_calls(source: &str) -> Cow<'_, str> {
    const CALLS: [(&str, &str); 4] = [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}")];
    let mut out = String::new();
    let mut kept = 0;
    // For each call, where its next end stands: looked for once.
    let mut ends: [Option<Option<usize>>; 4] = [None; 4];
    for at in memchr::memchr_iter(b'{', source.as_bytes()) {
        if at < kept {
            continue;
        }
        let Some(which) = CALLS.iter().position(|(open, _)| source[at..].starts_with(open)) else { continue };
        let (open, close) = CALLS[which];
        let from = at + open.len();
        let stale = ends[which].is_none_or(|end| end.is_some_and(|e| e < from));
        if stale {
            ends[which] = Some(Finder::new(close).find(&source.as_bytes()[from..]).map(|e| from + e));
        }
        let Some(end) = ends[which].flatten() else { continue };
        let is_short = end - from <= LONGEST_CALL && (which < 2 || !source[from..end].contains('\n'));
        if is_short {
            out.push_str(&source[kept..at]);
            kept = end + close.len();
        }
    }
    if kept == 0 {
        return source.into();
    }
    out.push_str(&source[kept..]);
    out.into()
}

/// Takes empty lines and indents out of `<table> … </table>`, where Markdown would break it apart.
fn whole_tables(source: &str) -> Cow<'_, str> {
    if Finder::new("<table").find(source.to_ascii_lowercase().as_bytes()).is_none() {
        return source.into();
    }
    let mut out = String::with_capacity(source.len());
    let (mut depth, mut fenced) = (0usize, false);
    for line in source.split_inclusive('\n') {
        let bare = line.trim();
        if depth == 0 && (bare.starts_with("```") || bare.starts_with("~~~")) {
            fenced = !fenced;
        }
        let lower = bare.to_ascii_lowercase();
        let opens = lower.matches("<table").count();
        if fenced || (depth == 0 && !lower.starts_with("<table")) {
            out.push_str(line);
            continue;
        }
        if !bare.is_empty() {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            out.push_str(&line[if depth > 0 || indent >= 4 { indent } else { 0 }..]);
        }
        depth = (depth + opens).saturating_sub(lower.matches("</table").count());
        if depth == 0 {
            out.push('\n');
        }
    }
    out.into()
}
