//! The files that grammars are written in, and what is wrong with them.

use super::spec::FileSpec;

/// What is wrong with a grammar file: where, what was expected, what was found.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code} {file}:{line}:{column}: {message}")]
pub struct GrammarError {
    /// `A09xx`.
    pub code: &'static str,
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What was expected and what was found.
    pub message: String,
}

/// The file that the confidence of values is made from.
pub const CONFIDENCE: &str = "base/confidence.toml";
/// The file of the repair stage.
pub const REPAIR: &str = "base/repair.toml";

/// One grammar file before it is compiled.
pub struct GrammarFile {
    /// Below `grammars/` or the overlay.
    pub path: String,
    /// What it holds.
    pub content: String,
    /// 0 for the embedded files, 1 for the first overlay, and so on.
    pub layer: usize,
}

impl GrammarFile {
    /// The folder of the language; a file that stands in none is no language's.
    pub fn language(&self) -> &str {
        self.path.split_once('/').map_or("base", |(folder, _)| folder)
    }

    /// Whether it holds no rules of the tables: what it holds is read by who needs it.
    pub fn is_apart(&self) -> bool {
        self.path.ends_with(CONFIDENCE) || self.path.ends_with(REPAIR)
    }

    /// An error at a place of the file.
    pub fn error(&self, code: &'static str, offset: usize, message: impl Into<String>) -> GrammarError {
        let before = self.content.get(..offset).unwrap_or("");
        GrammarError {
            code,
            file: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().map_or(1, |l| l.chars().count() + 1),
            message: message.into(),
        }
    }

    /// The rules that it holds.
    ///
    /// # Errors
    /// What is no TOML, or has a key that no rule has.
    pub fn spec(&self) -> Result<FileSpec, GrammarError> {
        toml::from_str(&self.content).map_err(|e| {
            let code = if e.message().starts_with("unknown field") { "A0902" } else { "A0901" };
            self.error(code, e.span().map_or(0, |s| s.start), e.message().replace('\n', " "))
        })
    }
}

/// A rule and where it stands.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Rule id.
    pub id: String,
    /// File below `grammars/` or the overlay.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What it is, in a few words.
    pub summary: String,
    /// Its own text.
    pub source: String,
}

/// The lines of a list that hold an entry.
pub fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
}
