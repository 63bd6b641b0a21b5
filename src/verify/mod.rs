//! (being built)
use std::path::PathBuf;
/// Arguments.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs { pub output: PathBuf, #[arg(long)] pub grammar: Vec<PathBuf>,  #[arg(long)] pub json: bool }
/// Runs.
pub fn run(_a: &VerifyArgs) -> anyhow::Result<std::process::ExitCode> { Ok(std::process::ExitCode::SUCCESS) }
