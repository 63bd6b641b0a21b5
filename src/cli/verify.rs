//! `agendata verify`: hands over to [`crate::verify`]. In: arguments. Out: an exit code. Never: checks anything itself.

use std::process::ExitCode;

use anyhow::Result;

use crate::verify::VerifyArgs;

/// Runs the command.
pub fn run(args: &VerifyArgs) -> Result<ExitCode> {
    crate::verify::run(args)
}
