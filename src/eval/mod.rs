//! (being built)
use std::path::PathBuf;
/// Arguments.
#[derive(Debug, clap::Args)]
pub struct EvalArgs { pub gold: PathBuf, pub output: PathBuf, #[arg(long)] pub show: bool, #[arg(long)] pub json: bool }
/// Runs.
pub fn run(_a: &EvalArgs) -> anyhow::Result<std::process::ExitCode> { Ok(std::process::ExitCode::SUCCESS) }
