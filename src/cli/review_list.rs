//! `agendata review-list`: hands over to [`crate::review`]. In: arguments. Out: the list on standard output. Never: orders
//! anything itself.

use std::process::ExitCode;

use anyhow::Result;

use super::give_or_show;
use crate::review::ReviewArgs;

/// Runs the command.
pub fn run(args: &ReviewArgs) -> Result<ExitCode> {
    give_or_show(args.json, &crate::review::run(args)?)
}
