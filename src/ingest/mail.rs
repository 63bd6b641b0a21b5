//! To be written.

use super::{Budget, Text, remark};
use crate::model::Severity;

pub(super) fn document(_bytes: &[u8], _budget: &mut Budget) -> Text {
    let diagnostics = vec![remark("A0108", Severity::Error, "expected text".into(), None)];
    Text { media_type: "message/rfc822".into(), diagnostics, ..Text::default() }
}

pub(crate) fn attachments(_bytes: &[u8]) -> Vec<super::container::Member> {
    Vec::new()
}
