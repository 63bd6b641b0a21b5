//! Zipped office documents: DOCX and ODT.
//!
//! In: the bytes of the archive. Out: its text with layout. Never: reads spreadsheets or slides, or follows a link to
//! another file.

mod docx;
mod odt;
mod package;
mod xml;

use super::remarks::{Remarks, told};
use super::{Text, remark};
use crate::model::Severity;

pub(super) use docx::document as docx;
pub(super) use odt::document as odt;

/// An empty text that says why the document cannot be read.
fn refused(media_type: &str, code: &str, message: &str) -> Text {
    let diagnostics = vec![remark(code, Severity::Error, message.into(), None)];
    Text { media_type: media_type.into(), diagnostics, ..Text::default() }
}
