//! To be written.

use super::super::{Budget, Text};
use super::refused;

pub(in crate::ingest) fn document(_bytes: &[u8], _budget: &mut Budget) -> Text {
    refused("application/vnd.oasis.opendocument.text", "A0108", "expected text")
}
