//! To be written.

use super::{Budget, Text, remark};
use crate::model::Severity;

pub(super) fn docx(_bytes: &[u8], _budget: &mut Budget) -> Text {
    let diagnostics = vec![remark("A0108", Severity::Error, "expected text".into(), None)];
    Text { media_type: "application/zip".into(), diagnostics, ..Text::default() }
}

pub(super) fn odt(_bytes: &[u8], _budget: &mut Budget) -> Text {
    let diagnostics = vec![remark("A0108", Severity::Error, "expected text".into(), None)];
    Text { media_type: "application/zip".into(), diagnostics, ..Text::default() }
}
