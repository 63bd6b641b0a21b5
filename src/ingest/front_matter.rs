//! Front matter: the named properties at the head of a Markdown file.
//!
//! In: the text. Out: its simple properties as keys and values, and where the body begins.
//! Never: reads lists or nested properties.

/// Front matter longer than this is none.
const MOST_LINES: usize = 400;

/// Properties in their order, and the body.
pub(super) struct FrontMatter<'a> {
    /// Lower-case key and value.
    pub values: Vec<(String, String)>,
    /// What follows the closing fence.
    pub body: &'a str,
}

/// Splits front matter off; none where the head does not look like it.
pub(super) fn split(text: &str) -> Option<FrontMatter<'_>> {
    let (fence, sign) = match text.get(..3)? {
        "---" => ("---", ':'),
        "+++" => ("+++", '='),
        _ => return None,
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != fence {
        return None;
    }
    let mut at = first.len();
    let mut values = Vec::new();
    let mut keys = 0;
    // The end of a value that goes on over lines.
    let mut until: Option<&str> = None;
    for line in lines.take(MOST_LINES) {
        at += line.len();
        let bare = line.trim_end();
        if bare == fence || (bare == "..." && fence == "---") {
            return (keys > 0).then(|| FrontMatter { values, body: &text[at..] });
        }
        if let Some(end) = until {
            until = (!bare.trim_end_matches(',').ends_with(end)).then_some(end);
            continue;
        }
        if bare.is_empty() || bare.starts_with([' ', '\t', '#', '-', '[', ']', '}']) {
            continue;
        }
        let (key, value) = property(bare, sign)?;
        keys += 1;
        until = unclosed(value);
        if let Some(value) = scalar(value) {
            values.push((key.to_lowercase(), value));
        }
    }
    None
}

/// `key: value` or `key = value`; anything else means that this is no front matter.
fn property(line: &str, sign: char) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(sign)?;
    let key = key.trim().trim_matches(['"', '\'']);
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@'));
    let spaced = value.is_empty() || value.starts_with([' ', '\t']) || sign == '=';
    (is_key && spaced).then(|| (key, value.trim()))
}

/// What ends a list, a map or a long string that its line leaves open.
fn unclosed(value: &str) -> Option<&'static str> {
    const PAIRS: [(&str, &str); 4] = [("\"\"\"", "\"\"\""), ("'''", "'''"), ("[", "]"), ("{", "}")];
    let (open, close) = PAIRS.into_iter().find(|(open, _)| value.starts_with(open))?;
    let is_closed = value[open.len()..].split(" #").next().is_some_and(|v| v.trim_end().ends_with(close));
    (!is_closed).then_some(close)
}

/// The text of a plain string value; none for lists, maps, numbers, truth values and blocks.
fn scalar(value: &str) -> Option<String> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote.filter(|_| !value.starts_with("\"\"\"") && !value.starts_with("'''")) {
        let (inner, _) = quoted(&value[1..], quote)?;
        return Some(inner).filter(|v| !v.trim().is_empty());
    }
    if value.starts_with('#') {
        return None;
    }
    let value = value.split_once(" #").map_or(value, |(v, _)| v).trim();
    let is_structure = value.starts_with(['[', '{', '|', '>', '&', '*', '!', '"', '\'']);
    let is_word = matches!(value.to_ascii_lowercase().as_str(), "" | "true" | "false" | "null" | "~" | "yes" | "no");
    (!is_structure && !is_word && value.parse::<f64>().is_err()).then(|| value.to_owned())
}

/// The inside of a quoted string up to its closing quote, and what follows.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, n)| *n);
        match c {
            '\\' if quote == '"' => match chars.next()?.1 {
                'n' | 't' | 'r' => out.push(' '),
                other => out.push(other),
            },
            '\'' if quote == '\'' && next == Some('\'') => {
                chars.next();
                out.push('\'');
            }
            c if c == quote => return Some((out, &text[at + c.len_utf8()..])),
            c => out.push(c),
        }
    }
    None
}
