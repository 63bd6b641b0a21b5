//! Options of every command that reads documents: grammars of the user's own, what the user knows of the documents, what
//! one may cost, and how pages without text are read.
//!
//! In: arguments. Out: pipeline options, a grammar. Never: silently drops what it was given.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;

use crate::batch::Tesseract;
use crate::grammar::Grammar;
use crate::ingest::{Limits, Recognise};
use crate::pipeline::{Options, Pipeline};

/// How documents are read.
#[derive(Args, Debug)]
pub struct Reading {
    #[command(flatten)]
    pub overlays: Overlays,
    #[command(flatten)]
    known: Known,
    #[command(flatten)]
    costs: Costs,
    #[command(flatten)]
    scanned: Scanned,
}

/// What the user knows of the documents.
#[derive(Args, Debug)]
#[command(next_help_heading = "What you know of the documents")]
struct Known {
    /// Year of dates whose year stands nowhere
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..=9999))]
    year: Option<i32>,
    /// Country of the documents (ISO 3166-1, such as TN): phone numbers, order of numeric dates
    #[arg(long, value_parser = country, value_name = "CODE")]
    country: Option<String>,
    /// Main language of the documents (BCP 47, such as fr)
    #[arg(long, value_parser = language, value_name = "TAG")]
    language: Option<String>,
    /// Time zone of the times (IANA, such as Africa/Tunis)
    #[arg(long, value_parser = timezone, value_name = "ZONE")]
    timezone: Option<String>,
}

/// How pages without text are read.
#[derive(Args, Debug)]
#[command(next_help_heading = "Pages without text")]
struct Scanned {
    /// Read PDF pages that are only images with the command tesseract
    #[arg(long)]
    ocr: bool,
    /// Languages of these pages, by tesseract's names [default: eng]
    #[arg(long, requires = "ocr", value_parser = ocr_languages, value_name = "eng+fra")]
    ocr_languages: Option<String>,
}

/// An option and its value, as another process of this program takes them.
fn option(all: &mut Vec<OsString>, name: &str, value: Option<impl Into<OsString>>) {
    if let Some(value) = value {
        all.extend([name.into(), value.into()]);
    }
}

impl Reading {
    /// These options, as another process of this program takes them.
    pub fn arguments(&self) -> Vec<OsString> {
        let Self { overlays, known, costs, scanned } = self;
        let mut all = Vec::new();
        option(&mut all, "--year", known.year.map(|n| n.to_string()));
        option(&mut all, "--country", known.country.clone());
        option(&mut all, "--language", known.language.clone());
        option(&mut all, "--timezone", known.timezone.clone());
        option(&mut all, "--max-memory", costs.max_memory.map(|n| n.to_string()));
        option(&mut all, "--max-time", costs.max_time.map(|n| n.to_string()));
        all.extend(scanned.ocr.then(|| "--ocr".into()));
        option(&mut all, "--ocr-languages", scanned.ocr_languages.clone());
        overlays.folders.iter().for_each(|folder| option(&mut all, "--grammar", Some(folder.clone())));
        all
    }

    /// As the pipeline takes them.
    pub fn options(&self) -> Options {
        let Known { year, country, language, timezone } = &self.known;
        Options {
            year: *year,
            country: country.clone(),
            language: language.clone(),
            timezone: timezone.clone(),
            limits: self.costs.limits(),
            ocr: self.scanned.reader(),
        }
    }

    /// A pipeline with these grammars and options.
    pub fn pipeline(&self) -> Result<Pipeline> {
        Ok(Pipeline::new(self.overlays.grammar()?, self.options()))
    }
}

impl Scanned {
    fn reader(&self) -> Option<Arc<dyn Recognise>> {
        let languages = self.ocr_languages.as_deref().unwrap_or("eng");
        self.ocr.then(|| Arc::new(Tesseract::new(languages)) as Arc<dyn Recognise>)
    }
}

/// What one document may cost.
#[derive(Args, Debug)]
#[command(next_help_heading = "What one document may cost")]
struct Costs {
    /// Memory of one document, about, in MB [default: 1024]; a larger one fails with A0143
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(16..=1 << 20))]
    max_memory: Option<u64>,
    /// Seconds for one document [default: 60]; a slower one fails with A0143
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    max_time: Option<u64>,
}

impl Costs {
    fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            memory: self.max_memory.map_or(default.memory, |mb| mb << 20),
            time: self.max_time.map_or(default.time, Duration::from_secs),
        }
    }
}

/// Grammars of the user's own.
#[derive(Args, Debug)]
pub struct Overlays {
    /// Folder with grammar files that are laid over the built-in ones, by rule id (may be repeated)
    #[arg(long = "grammar", value_name = "DIR")]
    pub folders: Vec<PathBuf>,
}

impl Overlays {
    /// The folders; an error names one that is none.
    pub fn checked(&self) -> Result<&[PathBuf]> {
        for folder in &self.folders {
            ensure!(folder.is_dir(), "expected a folder with grammar files, but found none at {}", folder.display());
        }
        Ok(&self.folders)
    }

    /// The grammar with these laid over it.
    pub fn grammar(&self) -> Result<Arc<Grammar>> {
        Ok(if self.checked()?.is_empty() { Grammar::builtin() } else { Grammar::load(&self.folders)? })
    }
}

fn country(text: &str) -> Result<String, String> {
    let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    if good { Ok(text.to_uppercase()) } else { Err("expected two letters, such as TN".into()) }
}

fn ocr_languages(text: &str) -> Result<String, String> {
    let named = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_alphabetic()) && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let good = text.len() <= 200 && text.split('+').all(named);
    if good { Ok(text.to_owned()) } else { Err("expected languages such as eng or eng+fra".into()) }
}

fn language(text: &str) -> Result<String, String> {
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest { Ok(text.to_owned()) } else { Err("expected a tag such as en or pt-BR".into()) }
}

fn timezone(text: &str) -> Result<String, String> {
    let named = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b));
    let good = text == "UTC" || (text.contains('/') && text.split('/').all(named));
    if good { Ok(text.to_owned()) } else { Err("expected a zone such as Africa/Tunis or UTC".into()) }
}
