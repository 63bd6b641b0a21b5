//! What words are compared by.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Lower case without accents: what words are compared by.
pub fn fold(text: &str) -> String {
    folded(text).into_owned()
}

/// The same, without a copy of what is folded already.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let small = !text.bytes().any(|b| b.is_ascii_uppercase());
        return if small { Cow::Borrowed(text) } else { Cow::Owned(text.to_ascii_lowercase()) };
    }
    let letters = text
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00b4}' => '\'',
            '\u{2010}'..='\u{2015}' => '-',
            'ı' => 'i',
            c => c,
        })
        .flat_map(char::to_lowercase);
    Cow::Owned(letters.collect())
}

/// A word's spellings that ASCII case folding does not reach: as written, all capitals, all small, with a capital at
/// its start; with `plain`, the same without accents.
pub(super) fn forms(word: &str, plain: bool) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if !word.is_ascii() {
        let bare = if plain { without_accents(word) } else { word.to_owned() };
        for w in [word, bare.as_str()] {
            forms.extend([w.to_owned(), w.to_uppercase(), w.to_lowercase(), capital(w)]);
        }
        let mut seen = std::collections::BTreeSet::new();
        forms.retain(|f| seen.insert(if f.is_ascii() { f.to_ascii_lowercase() } else { f.clone() }));
    }
    if word.contains('\'') {
        forms.push(word.replace('\'', "\u{2019}"));
    }
    forms
}

/// Shorter words mean something else without their accents: "où".
const SHORTEST_PLAIN: usize = 5;

/// A word of some length as typewriters, capitals and mails have it: "seance", "сессии", hamzas left out.
fn without_accents(word: &str) -> String {
    if word.chars().count() < SHORTEST_PLAIN {
        return word.to_owned();
    }
    let bare = |c: char| match c {
        'й' | 'Й' => c,
        'ى' => 'ي',
        'ة' => 'ه',
        c => std::iter::once(c).nfd().next().unwrap_or(c),
    };
    word.chars().map(bare).filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

/// The word with its first letter a capital.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
