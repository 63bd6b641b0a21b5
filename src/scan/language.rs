//! The document's languages: a vote of small words, with `whatlang` where the grammars know none.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::grammar::{Grammar, Set};
use crate::pipeline::Options;

use super::{Mark, MarkKind};

/// How much of the leading language's votes a further one needs.
const SHARE: usize = 12;

/// The languages of a document.
pub(super) struct Languages {
    /// Those whose words are read: more rather than fewer, English always, as its words stand in programmes of all
    /// languages.
    pub read: Vec<Arc<str>>,
    /// Those that it is written in, the main one first: a word that several share speaks for the strongest of them.
    pub written: Vec<Arc<str>>,
}

/// Languages by votes.
pub(super) fn decide(text: &str, found: &[Mark], g: &Grammar, options: &Options) -> Languages {
    // three letters of a month or weekday are other words elsewhere: "set", "mag", "vie"
    let votes = |m: &Mark| match m.kind {
        MarkKind::Phrase(Set::Function, i) => Some(&g.phrases[i as usize].language),
        MarkKind::Phrase(Set::Month | Set::Weekday, i) if m.span.len() > 3 => Some(&g.phrases[i as usize].language),
        _ => None,
    };
    let mut counted: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for language in found.iter().filter_map(votes).filter(|l| l.as_ref() != "base") {
        *counted.entry(language.clone()).or_default() += 1;
    }
    let (ranked, most) = strongest(&counted);
    let rank = |l: &Arc<str>| ranked.iter().position(|r| r == l);
    let mut owners: BTreeMap<usize, usize> = BTreeMap::new();
    for (m, at) in found.iter().filter_map(|m| Some((m, rank(votes(m)?)?))) {
        owners.entry(m.span.start).and_modify(|best| *best = at.min(*best)).or_insert(at);
    }
    let mut own: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for at in owners.into_values() {
        *own.entry(ranked[at].clone()).or_default() += 1;
    }
    let (mut written, mut languages) = (strongest(&own).0, ranked);
    if most < 3
        && let Some(l) = guess(text)
    {
        written = vec![l.clone()];
        languages.insert(0, l);
    }
    if let Some(told) = &options.language {
        written.insert(0, told.as_str().into());
        languages.insert(0, told.as_str().into());
    }
    languages.push("en".into());
    Languages { read: once(languages), written: once(written) }
}

/// Languages by votes, those that have next to none left out, and how many the first has.
fn strongest(votes: &BTreeMap<Arc<str>, usize>) -> (Vec<Arc<str>>, usize) {
    let mut ranked: Vec<(&Arc<str>, usize)> = votes.iter().map(|(l, n)| (l, *n)).collect();
    ranked.sort_by_key(|(l, n)| (std::cmp::Reverse(*n), *l));
    let most = ranked.first().map_or(0, |(_, n)| *n);
    (ranked.into_iter().filter(|(_, n)| n * 100 >= most * SHARE).map(|(l, _)| l.clone()).collect(), most)
}

/// Each of them once, where it stands first.
fn once(languages: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let mut seen: Vec<Arc<str>> = Vec::new();
    for language in languages {
        if !seen.contains(&language) {
            seen.push(language);
        }
    }
    seen
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
