//! Findings as a person reads them on a terminal.
//!
//! In: a diagnostic, the path and the text it counts in. Out: lines with code, title, source line and caret.
//! Never: prints; lets a control character of a document through.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::codes::lookup;
use super::printable;
use crate::model::{Diagnostic, Severity, Span};

/// How findings look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether colours are used.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Longest message that stands beside the caret; a longer one gets a line of its own.
const BESIDE: usize = 60;
/// Characters of a line that are shown before and after the place in question.
const WINDOW: (usize, usize) = (40, 100);

/// The finding as lines of text, with a line end at its end.
pub fn render(finding: &Diagnostic, path: &str, content: Option<&str>, look: Look) -> String {
    let title = lookup(&finding.code).map_or("", |c| c.title);
    let message =
        printable(finding.message.strip_prefix(title).unwrap_or(&finding.message).trim_start_matches([':', ' ']));
    let path = printable(path);
    let excerpt = finding.span.zip(content).and_then(|(span, content)| Excerpt::cut(content, span));
    let head = match &excerpt {
        Some(_) => title.to_owned(),
        None => [title, &message].iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>().join(": "),
    };
    let mut group = Group::with_title(level(finding.severity).primary_title(head).id(&finding.code));
    group = match &excerpt {
        None => group.element(Origin::path(&path)),
        Some(e) => {
            let beside = message.chars().count() <= BESIDE && !message.is_empty();
            let mark = AnnotationKind::Primary.span(e.mark.clone());
            let mark = if beside { mark.label(&message) } else { mark };
            let snippet = Snippet::source(&e.text).line_start(e.line).path(&path).annotation(mark);
            let group = group.element(snippet);
            if beside || message.is_empty() { group } else { group.element(Level::NOTE.message(&message)) }
        }
    };
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
    let mut lines = renderer.term_width(look.width).render(&[group]);
    lines.push('\n');
    match excerpt {
        // The line was cut: the renderer counts columns in what is left of it.
        Some(e) if e.column != e.shown_column() => {
            let place = |column| format!("{path}:{}:{column}", e.line);
            lines.replacen(&place(e.shown_column()), &place(e.column), 1)
        }
        _ => lines,
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// One source line, cut to what fits, with the range to point at.
#[derive(Debug, PartialEq)]
struct Excerpt {
    text: String,
    line: usize,
    column: usize,
    mark: Range<usize>,
}

impl Excerpt {
    fn shown_column(&self) -> usize {
        self.text[..self.mark.start].chars().count() + 1
    }

    /// The first line that `span` lies in; nothing where the span does not fit the text.
    fn cut(content: &str, span: Span) -> Option<Self> {
        let (before, inside) = (content.get(..span.start)?, content.get(span.start..span.end.max(span.start))?);
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
        let head = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let marked = &inside[..inside.find('\n').unwrap_or(inside.len())];
        let tail = &content[span.start + marked.len()..];
        let tail = &tail[..tail.find('\n').unwrap_or(tail.len())];
        let mut text = last(head, WINDOW.0);
        let start = text.len();
        text.push_str(&first(marked, WINDOW.1));
        let end = text.len();
        text.push_str(&first(tail, WINDOW.1.saturating_sub(marked.chars().take(WINDOW.1).count())));
        Some(Self { text, line, column: head.chars().count() + 1, mark: start..end })
    }
}

/// The first `n` characters, printable, with a mark where more was.
fn first(text: &str, n: usize) -> String {
    match text.char_indices().nth(n) {
        None => printable(text),
        Some((at, _)) => printable(&text[..at]) + "…",
    }
}

/// The last `n` characters, printable, with a mark where more was.
fn last(text: &str, n: usize) -> String {
    match text.char_indices().rev().nth(n.saturating_sub(1)) {
        Some((at, _)) if at > 0 => format!("…{}", printable(&text[at..])),
        _ => printable(text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding;
    use super::*;

    const PLAIN: Look = Look { color: false, width: 100 };

    fn snapshot(name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path("../../tests/snapshots");
        settings.bind(|| insta::assert_snapshot!(name, text));
    }

    #[test]
    fn a_finding_points_at_its_source() {
        let text = "Contacts\n\nTel: +216 71 560 07\n";
        let mut phone = finding("A0702", "expected 8 digits after +216, but found 7");
        phone.span = Some(Span::new(15, 29));
        snapshot("finding-with-span", &render(&phone, "agenda.txt", Some(text), PLAIN));
    }

    #[test]
    fn a_long_message_stands_below() {
        let mut order =
            finding("A0604", "\"10:45 AM - 11:45 PM\" read as 10:45 to 11:45, since the next row begins at 11:45");
        order.span = Some(Span::new(0, 19));
        snapshot("finding-long", &render(&order, "a.txt", Some("10:45 AM - 11:45 PM  Break"), PLAIN));
    }

    #[test]
    fn a_finding_without_place_names_the_file() {
        snapshot("finding-without-span", &render(&finding("A0101", "empty document"), "a\nb.txt", None, PLAIN));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let text = format!("{}\u{1b}[2J\u{9b}31m\u{202e}evil\u{7}{}", "x".repeat(300), "y".repeat(300));
        let mut odd = finding("A0708", "\u{1b}]0;title\u{7}");
        odd.span = Some(Span::new(300, 309));
        let shown = render(&odd, "\u{1b}.txt", Some(&text), PLAIN);
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        snapshot("finding-control-characters", &shown);
    }

    #[test]
    fn a_span_that_does_not_fit_the_text_is_left_out() {
        for span in [Span::new(1, 2), Span::new(2, 90), Span::new(5, 1)] {
            let mut odd = finding("A0708", "x");
            odd.span = Some(span);
            assert!(render(&odd, "a.txt", Some("é"), PLAIN).contains("doubtful value"));
        }
    }
}
