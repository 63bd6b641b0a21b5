//! What the scripts ask of a layouter: direction, presentation forms, accents drawn apart.
//!
//! In: the texts of glyphs as they stand on the line. Out: text in reading order. Never: looks at a language.

use unicode_normalization::UnicodeNormalization;

/// Whether a character is written from right to left.
pub(super) fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && !matches!(c, '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}')
}

/// Whether a character stands in a square of its own and needs no space around.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}')
        && !matches!(c, '\u{3131}'..='\u{318E}')
}

/// The text of a word of a right-to-left script whose glyphs are given from left to right.
pub(super) fn logical<'t>(glyphs: impl Iterator<Item = &'t str>) -> String {
    let parts: Vec<String> = glyphs.map(plain_forms).collect();
    let mut out = String::new();
    let mut at = parts.len();
    while at > 0 {
        // Digits and Latin letters keep their own order.
        let start = parts[..at].iter().rposition(|p| !is_ltr(p)).map_or(0, |p| p + 1);
        if start < at {
            parts[start..at].iter().for_each(|p| out.push_str(p));
            at = start;
        } else {
            at -= 1;
            out.push_str(&mirrored(&parts[at]));
        }
    }
    out
}

/// Whether a part runs from left to right by itself.
fn is_ltr(part: &str) -> bool {
    part.chars().next().is_some_and(|c| c.is_alphanumeric() && !is_rtl(c))
}

/// Brackets face the other way in a line that runs from right to left.
fn mirrored(part: &str) -> String {
    let turn = |c| match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        c => c,
    };
    part.chars().map(turn).collect()
}

/// Letters in their plain forms instead of those at the start, middle and end of a word.
fn plain_forms(text: &str) -> String {
    if text.chars().any(|c| matches!(c, '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')) {
        text.nfkc().collect()
    } else {
        text.to_owned()
    }
}

/// The text of a word, accents that are drawn as signs of their own put on their letters.
pub(super) fn composed<'t>(glyphs: impl Iterator<Item = &'t str>) -> String {
    let mut out = String::new();
    let mut accent = None;
    for text in glyphs {
        let mut chars = text.chars();
        let single = chars.next().filter(|_| chars.next().is_none());
        if let Some(mark) = single.and_then(combining)
            && accent.is_none()
        {
            accent = Some((mark, text));
            continue;
        }
        match (accent.take(), single) {
            (Some((mark, _)), Some(letter)) if letter.is_alphabetic() => {
                let letter = if letter == 'ı' { 'i' } else { letter };
                out.extend([letter, mark].into_iter().nfc());
            }
            (Some((_, sign)), _) => {
                out.push_str(sign);
                out.push_str(text);
            }
            (None, _) => out.push_str(text),
        }
    }
    if let Some((_, sign)) = accent {
        out.push_str(sign);
    }
    if out.chars().any(|c| matches!(c, '\u{300}'..='\u{36F}')) { out.nfc().collect() } else { out }
}

/// The mark that a spacing accent stands for when it is drawn over a letter.
fn combining(c: char) -> Option<char> {
    Some(match c {
        '´' => '\u{301}',
        '¨' => '\u{308}',
        'ˆ' => '\u{302}',
        '˜' => '\u{303}',
        '¸' => '\u{327}',
        'ˇ' => '\u{30C}',
        '˚' => '\u{30A}',
        '˝' => '\u{30B}',
        '˙' => '\u{307}',
        '˘' => '\u{306}',
        '¯' => '\u{304}',
        _ => return None,
    })
}

/// The words of a line in reading order: places in `texts`, which stand from left to right.
pub(super) fn reading_order(texts: &[&str]) -> Vec<usize> {
    let rtl = |t: &str| t.chars().any(is_rtl);
    let count = texts.iter().filter(|t| rtl(t)).count();
    if count == 0 {
        return (0..texts.len()).collect();
    }
    let letters = texts.iter().filter(|t| !rtl(t) && t.chars().any(char::is_alphabetic)).count();
    // A line runs from right to left where most of its words do.
    let turned = count >= letters;
    let mut order: Vec<usize> = if turned { (0..texts.len()).rev().collect() } else { (0..texts.len()).collect() };
    let against = |i: usize| if turned { !rtl(texts[i]) } else { rtl(texts[i]) };
    let mut start = 0;
    while start < order.len() {
        let mut end = start;
        while end < order.len() && against(order[end]) {
            end += 1;
        }
        order[start..end].reverse();
        start = end + 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_goes_onto_the_letter_after_it() {
        assert_eq!(composed(["R", "´", "e", "s", "u", "m", "´", "e"].into_iter()), "Résumé");
        assert_eq!(composed(["5", "´"].into_iter()), "5´");
        assert_eq!(composed(["e\u{301}"].into_iter()), "é");
    }

    #[test]
    fn arabic_is_put_into_reading_order() {
        // From left to right on the page: lam in its last form … alef in its first.
        assert_eq!(logical(["م", "و", "ﻳ"].into_iter()), "يوم");
        assert_eq!(logical(["2", "0", "م"].into_iter()), "م20");
    }

    #[test]
    fn words_of_both_directions_are_ordered() {
        assert_eq!(reading_order(&["a", "b"]), [0, 1]);
        assert_eq!(reading_order(&["מ", "של"]), [1, 0]);
        assert_eq!(reading_order(&["של", "3", "May", "יום"]), [3, 1, 2, 0]);
    }
}
