//! The registry of codes. In: a code or a word. Out: its title, severity and page. Never: uses a code again
//! for another thing.

use crate::model::{Diagnostic, Severity};

/// A code that a finding may have.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// `A0702`.
    pub code: &'static str,
    /// How grave its findings are.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// The page that `agendata explain` prints (Markdown).
    pub page: &'static str,
}

macro_rules! codes {
    ($($code:literal $severity:ident $title:literal;)*) => {
        /// Every code, in order. A code is never used again for another thing.
        pub static CODES: &[Code] = &[$(Code {
            code: $code,
            severity: Severity::$severity,
            title: $title,
            page: include_str!(concat!("../../docs/codes/", $code, ".md")),
        }),*];
    };
}

codes! {
    "A0101" Warning "empty document";
    "A0102" Error "binary content";
    "A0103" Note "legacy encoding guessed";
    "A0104" Warning "invalid bytes replaced";
    "A0105" Note "control characters removed";
    "A0106" Error "document too large";
    "A0107" Note "very long line";
    "A0108" Error "unsupported format";
    "A0109" Warning "mixed encodings";
    "A0110" Error "extraction failed";
    "A0111" Error "cannot read the file";
    "A0112" Warning "odd file name";
    "A0113" Warning "markup too deep";
    "A0120" Warning "page without text";
    "A0121" Warning "text layer not decodable";
    "A0122" Error "encrypted document";
    "A0123" Error "damaged PDF";
    "A0124" Warning "document cut at the limits";
    "A0125" Note "hidden text left out";
    "A0126" Note "page read by OCR";
    "A0127" Warning "page not read by OCR";
    "A0130" Warning "damaged archive";
    "A0131" Warning "damaged XML";
    "A0132" Error "document without text part";
    "A0133" Warning "document cut at its limits";
    "A0134" Error "password-protected document";
    "A0135" Note "hidden text left out";
    "A0136" Note "embedded document not read";
    "A0137" Warning "markup nested too deeply";
    "A0138" Warning "damaged RTF";
    "A0139" Note "tracked changes resolved";
    "A0140" Note "extension does not fit";
    "A0141" Error "damaged container";
    "A0142" Error "encrypted";
    "A0143" Error "over the limits of a document";
    "A0144" Warning "member name leads outside";
    "A0145" Error "no document in the line";
    "A0146" Error "too much in a container";
    "A0201" Note "mojibake repaired";
    "A0501" Note "slip read tolerantly";
    "A0502" Warning "unreadable phone number";
    "A0503" Warning "unreadable time";
    "A0601" Note "no event found";
    "A0602" Note "no year";
    "A0603" Note "am/pm decided by order";
    "A0604" Warning "time corrected by order";
    "A0605" Warning "day without date";
    "A0701" Warning "end before start";
    "A0702" Warning "phone number cannot be";
    "A0703" Warning "weekday contradicts date";
    "A0704" Warning "sessions overlap in one room";
    "A0705" Warning "person in two places";
    "A0706" Warning "session outside the event";
    "A0707" Note "unexplained lines";
    "A0708" Note "doubtful value";
    "A0709" Note "rows out of order";
    "A0710" Warning "talks longer than their session";
    "A0711" Note "session number repeated or missing";
    "A0712" Warning "e-mail cannot be";
    "A0713" Warning "two dates for one day";
    "A0714" Note "placeholder";
    "A0715" Note "role without person";
    "A0716" Warning "data contradict the text";
    "A0717" Note "words read as nothing";
    "A0718" Note "contact without owner";
    "A0719" Note "event lacks title, date or place";
    "A0720" Note "row without title";
    "A0721" Note "person without a part";
    "A0722" Note "more than a title";
    "A0723" Note "more than a position or body";
    "A0801" Error "not a record";
    "A0802" Error "record of another schema";
    "A0803" Error "id that refers to nothing";
    "A0804" Error "value that cannot be";
    "A0805" Error "cannot be imported";
    "A0806" Note "not imported";
    "A0901" Error "grammar file is not TOML";
    "A0902" Error "unknown key";
    "A0903" Error "bad pattern";
    "A0904" Error "example not read";
    "A0905" Error "counter-example read";
    "A0906" Error "dangling reference";
    "A0907" Error "rule id stands twice";
    "A0908" Error "rule that nothing fires";
    "A0909" Error "two rules read one example differently";
    "A0910" Error "rule without examples";
}

/// The code as it is registered.
pub fn lookup(code: &str) -> Option<&'static Code> {
    CODES.binary_search_by(|c| c.code.cmp(code)).ok().map(|at| &CODES[at])
}

/// A diagnostic with the registry's severity; place and span are for the caller to add. A code that is not
/// registered gives a warning.
pub fn finding(code: &str, message: impl Into<String>) -> Diagnostic {
    let known = lookup(code);
    debug_assert!(known.is_some(), "expected a registered code, but found {code}");
    let severity = known.map_or(Severity::Warning, |c| c.severity);
    Diagnostic { code: code.to_owned(), severity, message: message.into(), at: None, span: None }
}

/// Codes that `word` may have meant: by number, else by a word of the title; at most eight.
pub fn near(word: &str) -> Vec<&'static Code> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let mut found: Vec<(usize, &Code)> = Vec::new();
    for code in CODES {
        let distance = distance(digits.trim_start_matches('0'), code.code.trim_start_matches(['A', '0']));
        if !digits.is_empty() && distance <= 1 {
            found.push((distance, code));
        } else if word.chars().count() > 2 && code.title.contains(&word.to_lowercase()) {
            found.push((0, code));
        }
    }
    found.sort_by_key(|(distance, code)| (*distance, code.code));
    found.into_iter().map(|(_, code)| code).take(8).collect()
}

/// Edits (insert, delete, replace) between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let edit = (before + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = std::mem::replace(&mut row[j + 1], edit);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_each_page_has_its_title() {
        assert!(CODES.windows(2).all(|w| w[0].code < w[1].code));
        for code in CODES {
            let head = format!("# {} · {}\n", code.code, code.title);
            assert!(code.page.starts_with(&head), "{}: expected the page to begin with {head:?}", code.code);
            let lines = code.page.lines().count();
            assert!((8..=20).contains(&lines), "{}: {lines} lines", code.code);
            assert!(code.page.contains("What to do:"), "{}: no advice", code.code);
        }
    }

    #[test]
    fn each_page_on_disk_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes");
        let pages = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let unknown: Vec<String> = pages.filter(|p| lookup(p.trim_end_matches(".md")).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn each_code_in_the_sources_is_registered() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let shape = regex::Regex::new(r"\bA0\d{3}\b").unwrap();
        let mut todo = vec![root.join("src"), root.join("grammars")];
        while let Some(path) = todo.pop() {
            if path.is_dir() {
                todo.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            } else if path.extension().is_some_and(|e| e == "rs" || e == "toml") {
                let text = std::fs::read_to_string(&path).unwrap();
                for code in shape.find_iter(&text) {
                    assert!(lookup(code.as_str()).is_some(), "{}: {}", path.display(), code.as_str());
                }
            }
        }
    }

    #[test]
    fn findings_have_the_severity_of_their_code() {
        assert_eq!(finding("A0102", "x").severity, Severity::Error);
        assert_eq!(finding("A0702", "x").severity, Severity::Warning);
    }

    #[test]
    fn near_codes_by_number_and_by_word() {
        let codes = |word| near(word).iter().map(|c| c.code).collect::<Vec<_>>();
        assert_eq!(codes("702")[0], "A0702");
        assert_eq!(codes("A07O2")[0], "A0702", "a letter in place of a digit");
        assert_eq!(codes("phone"), ["A0502", "A0702"]);
        assert!(codes("zz").is_empty());
    }
}
