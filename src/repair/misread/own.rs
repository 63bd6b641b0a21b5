//! The words of the document itself.
//!
//! In: its text. Out: how often each stands there, and how often with a capital. Never: a word that stands only in a list.

use rustc_hash::FxHashMap;

use crate::grammar::fold;

use super::tokens::{Token, tokens};

/// How often a word stands in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    /// In all.
    pub(super) all: u32,
    /// With a capital at its start.
    pub(super) capital: u32,
    /// In small letters.
    pub(super) small: u32,
    /// In an address.
    pub(super) address: u32,
}

/// The words of the document, folded.
pub(super) struct Own(FxHashMap<String, Count>);

impl Own {
    pub(super) fn of(text: &str) -> Own {
        let mut words: FxHashMap<String, Count> = FxHashMap::default();
        for token in tokens(text).filter(|t| t.shape.len() > 1) {
            let folded = fold(token.span.of(text));
            // "jdoe@example.org" spells a name behind the letter
            let behind = |folded: &str| {
                let mut chars = folded.chars();
                chars.next();
                chars.as_str().to_owned()
            };
            let initial = token.shape.address && token.shape.len() > 4 && text[token.span.end..].starts_with('@');
            let more = initial.then(|| behind(&folded));
            for word in more.into_iter().chain([folded]) {
                let count = words.entry(word).or_default();
                count.all += 1;
                if token.shape.address {
                    count.address += 1;
                } else {
                    count.capital += u32::from(token.shape.capital);
                    count.small += u32::from(token.shape.is_small());
                }
            }
        }
        Own(words)
    }

    /// How often a folded word stands in the text.
    pub(super) fn count(&self, word: &str) -> Count {
        self.0.get(word).copied().unwrap_or_default()
    }

    /// Whether words begin with a capital where `token` stands.
    pub(super) fn wants_capital(&self, text: &str, token: Token, word: &str, is_word: bool) -> bool {
        let count = self.count(word);
        if !is_word || count.capital > 0 && count.small == 0 {
            return true;
        }
        if count.capital == 0 && count.small > 0 {
            return false;
        }
        let before = text[..token.span.start].trim_end_matches(' ');
        if before.is_empty()
            || before.ends_with(['\n', '\t', '.', ':', '?', '!', '\u{c}', '|', '•', '·', '-', '–', '—'])
        {
            return true;
        }
        let small = |word: &str| word.starts_with(char::is_lowercase);
        let next = text[token.span.end..].strip_prefix(' ').and_then(|rest| rest.split_whitespace().next());
        match next {
            Some(next) if next.chars().count() > 3 => !small(next),
            _ => !before.split_whitespace().next_back().is_some_and(|w| small(w) && w.chars().count() > 3),
        }
    }
}
