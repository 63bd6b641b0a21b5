//! Lines that only repeat what was read elsewhere.
//!
//! In: a record, its text, what the stages before know of each line. Out: the same lines, those that repeat explained as
//! such. Never: explains a line that holds a time, a date or a number of its own.

use rustc_hash::FxHashSet;

use crate::grammar::fold;
use crate::model::Record;

use super::LineClass;
use super::lines::LineIndex;

/// Shorter words than this repeat by chance.
const LEAST: usize = 3;

/// Marks the lines of `classes` that repeat values: an address that was read, or only words that were.
pub fn mark(record: &Record, content: &str, lines: &LineIndex, used: &[bool], classes: &mut [LineClass]) {
    let open = |c: &LineClass| c.explained_by.is_none() && used.get(c.line) != Some(&true);
    if !classes.iter().any(open) {
        return;
    }
    let read = read(record);
    for class in classes.iter_mut().filter(|c| open(c)) {
        let line = lines.text(content, class.line).trim();
        let again = match address(line) {
            Some(address) => read.contains(&address),
            None => !class.telling && words(line).all(|w| w.len() >= LEAST && read.contains(&w)),
        };
        if again {
            class.explained_by = Some("repetition".to_owned());
        }
    }
}

/// What was read: addresses, and the bytes of every value, whole and by its parts.
fn read(record: &Record) -> FxHashSet<String> {
    let of_contacts = record.contacts.iter().flat_map(|c| c.emails.iter().chain(&c.urls));
    let mut read: FxHashSet<String> = of_contacts.chain(&record.event.urls).filter_map(|a| address(a)).collect();
    for e in record.evidence.values() {
        read.extend(e.texts.iter().flat_map(|t| words(t)));
        if e.texts.len() > 1 {
            read.extend(words(&e.texts.join(" ")));
        }
    }
    read
}

/// The parts of a line between commas, folded; all of it first.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split([',', '\t', '|'])
        .map(|w| fold(w.trim().trim_matches(['.', ':', ';', '*']).trim()))
        .collect::<Vec<_>>()
        .into_iter()
}

/// A mail address or link by itself, without what names its kind.
fn address(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['<', '>', '(', ')', '.']);
    let bare = ["mailto:", "https://", "http://"].iter().find_map(|p| text.strip_prefix(p)).unwrap_or(text);
    let bare = bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/');
    let one = !bare.contains(char::is_whitespace) && bare.contains('.');
    let marked = bare.len() < text.len() || bare.contains('@');
    (one && marked).then(|| bare.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_in_all_their_forms() {
        let forms = ["http://www.example.org/", "https://example.org", "www.example.org"];
        for form in forms {
            assert_eq!(address(form).as_deref(), Some("example.org"), "{form}");
        }
        assert_eq!(address("mailto:A.Lee@example.org").as_deref(), Some("a.lee@example.org"));
        assert_eq!(address("see www.example.org"), None);
        assert_eq!(address("Section 1.2"), None);
        assert_eq!(address("St.Gallen"), None);
    }
}
