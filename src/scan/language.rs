//! The document's languages: a vote of small words, with `whatlang` where the grammars know none.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::grammar::{Grammar, Set};
use crate::pipeline::Options;

use super::{Mark, MarkKind};

/// How much of the leading language's votes a further one needs.
const SHARE: usize = 12;

/// Languages by votes; English is always read, as its words stand in programmes of all languages.
pub(super) fn decide(text: &str, found: &[Mark], g: &Grammar, options: &Options) -> Vec<Arc<str>> {
    let mut votes: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for m in found {
        if let MarkKind::Phrase(Set::Function | Set::Month | Set::Weekday, i) = m.kind {
            *votes.entry(g.phrases[i as usize].language.clone()).or_default() += 1;
        }
    }
    let mut ranked: Vec<(Arc<str>, usize)> = votes.into_iter().filter(|(l, _)| l.as_ref() != "base").collect();
    ranked.sort_by_key(|(l, n)| (std::cmp::Reverse(*n), l.clone()));
    let most = ranked.first().map_or(0, |(_, n)| *n);
    let mut languages: Vec<Arc<str>> =
        ranked.into_iter().filter(|(_, n)| n * 100 >= most * SHARE && *n > 0).map(|(l, _)| l).collect();
    if most < 3
        && let Some(l) = guess(text)
    {
        languages.insert(0, l);
    }
    if let Some(told) = &options.language {
        languages.insert(0, told.as_str().into());
    }
    if !languages.iter().any(|l| l.as_ref() == "en") {
        languages.push("en".into());
    }
    let mut seen = Vec::new();
    languages.retain(|l| {
        !seen.contains(l) && {
            seen.push(l.clone());
            true
        }
    });
    languages
}

/// A guess over the letters of the text's beginning, for languages without a grammar.
fn guess(text: &str) -> Option<Arc<str>> {
    let head: String = text.chars().take(2000).collect();
    let info = whatlang::detect(&head).filter(whatlang::Info::is_reliable)?;
    let code = match info.lang().code() {
        "eng" => "en",
        "fra" => "fr",
        "deu" => "de",
        "spa" => "es",
        "ita" => "it",
        "por" => "pt",
        "nld" => "nl",
        "slv" => "sl",
        "srp" => "sr",
        "rus" => "ru",
        "ara" => "ar",
        "cmn" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        other => other,
    };
    Some(code.into())
}
