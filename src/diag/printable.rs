//! Text of a document, as a terminal may have it: the one place that says which characters could steer one.
//!
//! In: any text. Out: the same without control characters, escape sequences and marks that turn the direction of writing.
//! Never: leaves such a character out, so that nothing is hidden.

/// Whether a terminal could take the character for an order: controls (C0, DEL, C1) and marks of direction, which make a
/// line read as another one.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A picture of a character that could steer a terminal.
fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// The text on one line, every character that could steer a terminal replaced by a picture of it; tabs become spaces.
pub fn printable(text: &str) -> String {
    let shown = |c| match c {
        '\t' => ' ',
        c if steers(c) => picture(c),
        c => c,
    };
    text.chars().map(shown).collect()
}

/// The same for text of many lines: ends of lines and tabs stay.
pub fn printable_lines(text: &str) -> String {
    text.chars().map(|c| if steers(c) && c != '\n' && c != '\t' { picture(c) } else { c }).collect()
}

/// The same for JSON, which stays the same JSON: what could steer a terminal is written as `\u` and its number.
pub fn printable_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if steers(c) && !matches!(c, '\n' | '\t' | '\r') {
            // All of these have numbers of four digits.
            out.push_str(&format!("\\u{:04x}", c as u32));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An escape, a sequence in each form, a link, a bell, a return, a line that is turned, an unseen line end.
    const ODD: &str =
        "a\u{1b}[2J\u{9b}31m\u{1b}]8;;http://x\u{7}\r\u{7f}\u{202e}\u{2067}\u{200f}\u{61c}\u{2028}\u{85}z";

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        for shown in [printable(ODD), printable_lines(ODD)] {
            assert!(!shown.chars().any(steers), "{shown:?}");
            assert_eq!(shown.chars().count(), ODD.chars().count(), "nothing is hidden");
        }
        assert_eq!((printable("a\tb\nc").as_str(), printable_lines("a\tb\nc").as_str()), ("a b\u{240a}c", "a\tb\nc"));
        assert_eq!(printable_lines("é – 日本 \u{200d} ✓"), "é – 日本 \u{200d} ✓", "what only joins stays");
    }

    #[test]
    fn json_says_the_same() {
        let json = serde_json::to_string_pretty(&serde_json::json!({ODD: [ODD]})).unwrap_or_default();
        let shown = printable_json(&json);
        assert!(!shown.chars().any(|c| steers(c) && c != '\n'), "{shown:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).ok(), serde_json::from_str(&json).ok());
    }
}
