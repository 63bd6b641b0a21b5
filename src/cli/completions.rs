//! `agendata completions`: prints a completion script. In: a shell. Out: its script. Never: installs it.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use clap_complete::Shell;

use super::give;

const EXAMPLES: &str = "\
Examples:
  agendata completions bash > ~/.local/share/bash-completion/completions/agendata
  agendata completions zsh > ~/.zfunc/_agendata";

/// Arguments of `completions`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "agendata", &mut script);
    give(&String::from_utf8_lossy(&script))
}
