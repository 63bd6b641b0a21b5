//! Zipped office documents: DOCX and ODT.
//!
//! In: the bytes of the archive. Out: its text with layout. Never: reads spreadsheets or slides, or follows a link to
//! another file.

mod docx;
mod odt;
mod package;
mod xml;

use super::{Text, remark};
use crate::model::{Diagnostic, Severity};

pub(super) use docx::document as docx;
pub(super) use odt::document as odt;

/// What was left out or resolved on the way, to be told once each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Remarks {
    /// Hidden text was left out.
    pub hidden: bool,
    /// Changes were tracked.
    pub tracked: bool,
    /// Something embedded is not read.
    pub embedded: bool,
    /// XML was damaged.
    pub damaged: bool,
    /// Elements were nested too deeply.
    pub deep: bool,
    /// The time was up.
    pub late: bool,
}

impl Remarks {
    /// The diagnostics that follow.
    pub fn diagnostics(self) -> Vec<Diagnostic> {
        let said = [
            (
                self.damaged,
                "A0131",
                Severity::Warning,
                "expected well-formed XML; what could be read around the damage was read",
            ),
            (
                self.deep,
                "A0137",
                Severity::Warning,
                "expected markup of a sane depth; what is nested deeper was left out",
            ),
            (
                self.late,
                "A0133",
                Severity::Warning,
                "reading the document took longer than its limits allow; the rest was left out",
            ),
            (self.hidden, "A0135", Severity::Note, "the document holds hidden text; it was left out"),
            (self.embedded, "A0136", Severity::Note, "the document embeds other documents; they were not read"),
            (
                self.tracked,
                "A0139",
                Severity::Note,
                "the document holds tracked changes; it was read as if all were accepted",
            ),
        ];
        let said = said.into_iter().filter(|(holds, ..)| *holds);
        said.map(|(_, code, severity, message)| remark(code, severity, message.into(), None)).collect()
    }
}

/// An empty text that says why the document cannot be read.
fn refused(media_type: &str, code: &str, message: &str) -> Text {
    let diagnostics = vec![remark(code, Severity::Error, message.into(), None)];
    Text { media_type: media_type.into(), diagnostics, ..Text::default() }
}

/// Adds what was found on the way; a text without ink says so.
fn told(mut text: Text, diagnostics: Vec<Diagnostic>) -> Text {
    text.encoding = "UTF-8".into();
    text.diagnostics.extend(diagnostics);
    if text.content.trim().is_empty() {
        text.content.clear();
        text.layout.clear();
        if !text.diagnostics.iter().any(|d| d.severity == Severity::Error) {
            let message = "expected text, but found nothing but white space".to_owned();
            text.diagnostics.push(remark("A0101", Severity::Warning, message, None));
        }
    }
    text
}

/// A title of the document's properties as a line of its own at the end, where the text itself bears it out: most of
/// its longer words stand there. Templates and programs leave many titles that do not.
fn bears_out(title: &str, text: &str) -> bool {
    const LEAST: usize = 4;
    let words = || title.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= LEAST);
    let text = text.to_lowercase();
    let (all, known) = (words().count(), words().filter(|w| text.contains(&w.to_lowercase())).count());
    all >= 2 && known * 5 >= all * 4 && title.chars().count() <= 300
}
