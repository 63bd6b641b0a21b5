//! `agendata grammar`: lists, checks and shows rules. In: arguments. Out: lists on standard output, findings on standard
//! error. Never: changes a grammar file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, Subcommand};

use super::options::Overlays;
use super::{exit, give, say, show as show_text};
use crate::batch::{Given, sources};
use crate::diag::printable;
use crate::eval;
use crate::grammar;
use crate::ingest::Source;

const EXAMPLES: &str = "\
Examples:
  agendata grammar list
  agendata grammar check --grammar my-grammar    run every rule over its examples
  agendata grammar check --over input            … and tell scores that no document fires
  agendata grammar show en/session/numbered";

/// Arguments of `grammar`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct GrammarArgs {
    #[command(subcommand)]
    command: GrammarCommand,
}

#[derive(Subcommand)]
enum GrammarCommand {
    /// Every rule with its file and what it is for
    List {
        #[command(flatten)]
        overlays: Overlays,
    },
    /// Run every rule over its examples and counter-examples
    Check {
        #[command(flatten)]
        overlays: Overlays,
        /// Documents to read with the rules: tell scores that none of them fires
        #[arg(long, value_name = "PATH")]
        over: Vec<PathBuf>,
    },
    /// Learn from gold what the confidence of values is made of
    Fit {
        #[command(flatten)]
        args: Box<eval::FitArgs>,
        #[command(flatten)]
        overlays: Overlays,
    },
    /// One rule as it was loaded
    Show {
        /// Rule id, as it stands in evidence
        rule: String,
        #[command(flatten)]
        overlays: Overlays,
    },
}

/// Runs the command.
pub fn run(args: &GrammarArgs) -> Result<ExitCode> {
    match &args.command {
        GrammarCommand::List { overlays } => list(overlays),
        GrammarCommand::Check { overlays, over } => check(overlays, over),
        GrammarCommand::Fit { args, overlays } => fit(args, overlays),
        GrammarCommand::Show { rule, overlays } => show(rule, overlays),
    }
}

/// A finding as a line for the user: code, file, line, column and what was expected.
pub fn line(f: &grammar::GrammarFinding) -> String {
    let place = if f.line > 0 { format!("{}:{}:{}", f.file, f.line, f.column) } else { f.file.clone() };
    printable(&format!("error[{}]: {place}: {}", f.code, f.message))
}

fn list(overlays: &Overlays) -> Result<ExitCode> {
    let grammar = overlays.grammar()?;
    let rules = grammar.list();
    let wide = rules.iter().map(|r| r.id.chars().count()).max().unwrap_or(0);
    let line = |r: &grammar::RuleInfo| format!("{:<wide$}  {}:{}  {}\n", r.id, r.file, r.line, printable(&r.summary));
    show_text(&rules.iter().map(line).collect::<String>())
}

fn check(overlays: &Overlays, over: &[PathBuf]) -> Result<ExitCode> {
    let folders = overlays.checked()?;
    let findings = if over.is_empty() { grammar::check(folders) } else { grammar::check_over(folders, &read(over)?) };
    findings.iter().for_each(|f| say(&line(f)));
    if !findings.is_empty() {
        say(&format!("{} findings; agendata explain CODE tells what a code means", findings.len()));
        return Ok(ExitCode::from(exit::GRAMMAR));
    }
    say(&format!("{} rules, no findings", overlays.grammar()?.list().len()));
    Ok(ExitCode::from(exit::DONE))
}

/// The documents to read with the rules.
fn read(over: &[PathBuf]) -> Result<Vec<Source>> {
    if let Some(path) = over.iter().find(|p| !p.exists()) {
        bail!("expected documents to read with the rules, but found none at {}", path.display());
    }
    let given = over.iter().cloned().map(Given::Path).collect();
    let sources = sources(given).collect::<Result<Vec<_>, _>>()?;
    ensure!(!sources.is_empty(), "expected documents to read with the rules, but found none");
    Ok(sources)
}

fn fit(args: &eval::FitArgs, overlays: &Overlays) -> Result<ExitCode> {
    let fitted = eval::fit(args, &*overlays.grammar()?)?;
    let table = eval::shown_fit(&fitted);
    let Some(path) = &args.write else {
        say(table.trim_end());
        return give(&fitted.toml);
    };
    // Beside its place and then there, so that it is whole or not at all.
    let aside = path.with_extension("toml.new");
    std::fs::write(&aside, &fitted.toml)
        .and_then(|()| std::fs::rename(&aside, path))
        .with_context(|| format!("expected to write the weights to {}", path.display()))?;
    show_text(&table)
}

fn show(rule: &str, overlays: &Overlays) -> Result<ExitCode> {
    let grammar = overlays.grammar()?;
    if let Some(text) = grammar.show(rule) {
        return show_text(&text);
    }
    let last = rule.rsplit('/').next().unwrap_or(rule);
    let rules = grammar.list();
    let near: Vec<&str> = rules.iter().map(|r| r.id.as_str()).filter(|id| id.contains(last)).take(8).collect();
    let hint = if near.is_empty() { "agendata grammar list lists all".to_owned() } else { near.join(", ") };
    bail!("expected a rule id, but found {rule:?}; {hint}")
}
