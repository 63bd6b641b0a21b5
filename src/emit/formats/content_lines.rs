//! Content lines, the common ground of iCalendar (RFC 5545, 3.1) and vCard (RFC 6350, 3.2): `NAME;PARAMETER=value:value`,
//! folded at 75 octets, line ends and separators of a text escaped.
//!
//! In: names and values; a file. Out: lines. Never: gives a control character or a bare line end, whatever the text holds;
//! cuts a character at a fold; fails on a file.

use std::borrow::Cow;

/// Octets of a line, its end not counted.
const WIDTH: usize = 75;

/// Writes content lines.
#[derive(Default)]
pub struct Lines(String);

impl Lines {
    /// A line whose value is no text: a date, a number, a word.
    pub fn raw(&mut self, name: &str, value: &str) {
        let mut line = String::with_capacity(name.len() + value.len() + 1);
        line.push_str(name);
        line.push(':');
        line.extend(value.chars().filter(|c| !c.is_control()));
        self.fold(&line);
    }

    /// A line whose value is a text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.list(name, &[value], ';');
    }

    /// A line with several texts, between them `,` or `;`.
    pub fn list<T: AsRef<str>>(&mut self, name: &str, values: &[T], between: char) {
        let mut line = format!("{name}:");
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                line.push(between);
            }
            escape(value.as_ref(), &mut line);
        }
        self.fold(&line);
    }

    fn fold(&mut self, line: &str) {
        let mut room = WIDTH;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = WIDTH - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// All of it.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// A text value: `\`, `;` and `,` get a `\` before them, a line end is `\n`; other control characters are left out.
fn escape(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

/// The text of a value.
pub fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

/// The texts of a value with several, between them `,`.
pub fn unescape_list(value: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut from, mut escaped) = (0, false);
    for (at, c) in value.char_indices() {
        if c == ',' && !escaped {
            parts.push(unescape(&value[from..at]));
            from = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(unescape(&value[from..]));
    parts
}

/// A line that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentLine {
    /// Name, in capitals.
    pub name: String,
    /// Parameters: name in capitals, value without quotes.
    pub parameters: Vec<(String, String)>,
    /// The value as it stands.
    pub value: String,
}

impl ContentLine {
    /// A parameter's value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value as a text.
    pub fn text(&self) -> String {
        unescape(&self.value)
    }
}

/// The lines of a file; what has no name and value is left out.
pub fn content_lines(text: &str) -> Vec<ContentLine> {
    let mut whole: Vec<Cow<str>> = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), whole.last_mut()) {
            (Some(rest), Some(before)) => before.to_mut().push_str(rest),
            _ => whole.push(line.into()),
        }
    }
    whole.iter().filter_map(|line| parse(line)).collect()
}

fn parse(line: &str) -> Option<ContentLine> {
    let mut quoted = false;
    let mut cuts = Vec::new();
    let mut colon = None;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => cuts.push(at),
            ':' if !quoted => {
                colon = Some(at);
                break;
            }
            _ => {}
        }
    }
    let colon = colon?;
    let head = line.get(..colon)?;
    let mut parts = Vec::new();
    let mut from = 0;
    for cut in cuts.into_iter().chain([colon]) {
        parts.push(head.get(from..cut)?);
        from = cut + 1;
    }
    let name = parts.first()?.trim().to_ascii_uppercase();
    // A vCard property may stand in a group: `item1.TEL`.
    let name = name.rsplit_once('.').map_or(name.clone(), |(_, name)| name.to_owned());
    let parameters = parts[1..].iter().filter_map(|p| p.split_once('='));
    let parameters = parameters.map(|(k, v)| (k.trim().to_ascii_uppercase(), v.trim_matches('"').to_owned())).collect();
    (!name.is_empty()).then(|| ContentLine { name, parameters, value: line[colon + 1..].to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn separators_and_line_ends_are_escaped() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", "a;b,c\\d\r\nEND:VEVENT\u{0}\u{2028}x");
        lines.raw("URL", "http://x\r\nY:1");
        let text = String::from_utf8(lines.into_bytes()).unwrap();
        assert_eq!(text, "SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT\\nx\r\nURL:http://xY:1\r\n");
    }

    #[test]
    fn parameters_may_be_quoted() {
        let read = content_lines("x.dtstart;tzid=\"A;B:C\";VALUE=DATE:2024\n 0101\nnothing\n");
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].name.as_str(), read[0].value.as_str()), ("DTSTART", "20240101"));
        assert_eq!(read[0].parameter("TZID"), Some("A;B:C"));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(texts in prop::collection::vec("[^\\p{Cc}\u{2028}\u{2029}]{0,200}", 1..4)) {
            let mut lines = Lines::default();
            lines.list("CATEGORIES", &texts, ',');
            let bytes = String::from_utf8(lines.into_bytes()).unwrap();
            prop_assert!(bytes.split("\r\n").all(|l| l.len() <= 75));
            let read = content_lines(&bytes);
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(unescape_list(&read[0].value), texts);
        }

        #[test]
        fn no_file_makes_it_fail(text in ".{0,300}") {
            for line in content_lines(&text) {
                unescape_list(&line.value);
            }
        }
    }
}
