//! `agendata schema`: prints the JSON Schema of a record. In: nothing. Out: a schema. Never: anything else.

use std::process::ExitCode;

use anyhow::Result;

use super::give;

/// Runs the command.
pub fn run() -> Result<ExitCode> {
    let mut text = serde_json::to_string_pretty(&crate::emit::schema())?;
    text.push('\n');
    give(&text)
}
