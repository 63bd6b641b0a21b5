//! Folding for comparison.
//!
//! In: text as a record or a gold file gives it. Out: the form in which two spellings of the same thing are equal.
//! Never: touches what is printed; folded text serves comparison only.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Unicode compatibility folding: no accents, no case, one kind of dash and quote, single spaces, no outer punctuation.
pub fn fold(text: &str) -> String {
    let plain = text.nfkd().filter(|c| canonical_combining_class(*c) == 0).flat_map(uncase).map(unify);
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in plain {
        if is_space(c) {
            gap = true;
            continue;
        }
        if gap && c != '-' && !out.ends_with('-') {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out.trim_matches(|c: char| " .,;:\"'()".contains(c)).to_owned()
}

/// A folded web address without scheme, `www.` and trailing slashes.
pub fn fold_url(url: &str) -> String {
    let folded = fold(url);
    let rest = folded.strip_prefix("https://").or_else(|| folded.strip_prefix("http://")).unwrap_or(&folded);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/').to_owned()
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Full case folding of one character, as far as it differs from lower-casing after decomposition.
fn uncase(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(|l| {
        let (first, second) = match l {
            'ß' => ('s', Some('s')),
            'ς' => ('σ', None),
            other => (other, None),
        };
        std::iter::once(first).chain(second)
    })
}

fn unify(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{02bc}' | '`' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' => '"',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_dashes_and_outer_punctuation_fold_away() {
        assert_eq!(fold("  “Général —  Straße”. "), "general-strasse");
        assert_eq!(fold("E - Government"), "e-government");
        assert_eq!(fold("L’Entreprise\u{a0}(2)"), "l'entreprise (2");
        assert_eq!(fold(""), "");
    }

    #[test]
    fn urls_lose_scheme_and_slash() {
        assert_eq!(fold_url("HTTP://www.Example.org/a/"), "example.org/a");
        assert_eq!(fold_url("example.org"), "example.org");
    }
}
