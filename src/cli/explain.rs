//! `agendata explain`: prints the page of a code. In: a code. Out: its page. Never: guesses which code was meant; it
//! names near ones.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::show;
use crate::diag::{CODES, Code, lookup, near};

const EXAMPLES: &str = "\
Examples:
  agendata explain A0702
  agendata explain            every code with its title";

/// Arguments of `explain`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// The code of a finding, such as A0702
    code: Option<String>,
}

/// Runs the command.
pub fn run(args: &ExplainArgs) -> Result<ExitCode> {
    let Some(word) = &args.code else { return show(&table(CODES.iter())) };
    match lookup(&word.to_uppercase()) {
        Some(code) => show(code.page),
        None => {
            let near = near(word);
            let hint = if near.is_empty() { "agendata explain lists all".to_owned() } else { table(near.into_iter()) };
            bail!("expected a code such as A0702, but found {word:?}; {}", hint.trim_end().replace('\n', "; "))
        }
    }
}

fn table<'a>(codes: impl Iterator<Item = &'a Code>) -> String {
    codes.map(|c| format!("{}  {:<7}  {}\n", c.code, c.severity.as_str(), c.title)).collect()
}
