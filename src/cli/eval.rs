//! `agendata eval`: hands over to [`crate::eval`]. In: arguments. Out: an exit code. Never: scores anything itself.

use std::process::ExitCode;

use anyhow::Result;

use crate::eval::EvalArgs;

/// Runs the command.
pub fn run(args: &EvalArgs) -> Result<ExitCode> {
    crate::eval::run(args)
}
