//! What a reader of word processor documents has to say in the end.
//!
//! In: what was left out, resolved or damaged. Out: diagnostics, each once. Never: says where, for there is no place.

use super::remark;
use super::text::Text;
use crate::model::{Diagnostic, Severity};

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
    /// RTF was damaged.
    pub broken: bool,
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
                self.broken,
                "A0138",
                Severity::Warning,
                "expected whole RTF, but its groups do not close or data is missing; what could be read was read",
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

/// Adds what was found on the way; a text without ink says so.
pub(super) fn told(mut text: Text, diagnostics: Vec<Diagnostic>) -> Text {
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
