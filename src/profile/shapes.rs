//! Shapes of lines: what lines look like when their words and numbers are taken away.
//!
//! In: lines that nothing explained, in the documents' order. Out: the commonest shapes and words before a colon, with
//! examples. Never: keeps more than a bounded number of them, or depends on anything but the order of the lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Shapes that are kept at once; where more come, the rarest go.
const MOST: usize = 20_000;
/// Examples of each.
const EXAMPLES: usize = 3;
/// Characters of a shape.
const LONGEST: usize = 48;
/// Characters before a colon that may be a label, and words.
const LABEL: (usize, usize) = (40, 5);

/// Where a line stands, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `source.path` of its document.
    pub path: String,
    /// Its number, from 1.
    pub line: usize,
    /// Its words, cut where they are long.
    pub text: String,
}

/// Lines of one shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kin {
    /// The shape, or the label.
    pub shape: String,
    /// How many lines.
    pub lines: u64,
    /// In how many documents.
    pub documents: u64,
    /// The first of them, of a document each.
    pub examples: Vec<Place>,
    /// The document of the last of them.
    #[serde(skip)]
    last: String,
}

/// Lines by what they have in common.
#[derive(Clone, Debug, Default)]
pub struct Table {
    kin: BTreeMap<String, Kin>,
    /// Lines of shapes that were too rare to be kept.
    pub dropped: u64,
}

impl Table {
    /// Adds a line.
    pub fn add(&mut self, key: String, place: &Place) {
        let kin = self.kin.entry(key.clone()).or_default();
        kin.shape = key;
        kin.lines += 1;
        // lines come document by document
        if kin.last != place.path {
            kin.last.clone_from(&place.path);
            kin.documents += 1;
            if kin.examples.len() < EXAMPLES {
                kin.examples.push(place.clone());
            }
        }
        if self.kin.len() > MOST {
            self.prune();
        }
    }

    /// Leaves out the rarest, until half of them are left.
    fn prune(&mut self) {
        let mut least = 1;
        while self.kin.len() > MOST / 2 {
            let rare: u64 = self.kin.values().filter(|k| k.lines <= least).map(|k| k.lines).sum();
            self.dropped += rare;
            self.kin.retain(|_, k| k.lines > least);
            least *= 2;
        }
    }

    /// The commonest first; of two as common, by their shape.
    pub fn commonest(&self, most: usize) -> Vec<Kin> {
        let mut all: Vec<&Kin> = self.kin.values().collect();
        all.sort_by(|a, b| (b.lines, b.documents).cmp(&(a.lines, a.documents)).then(a.shape.cmp(&b.shape)));
        all.into_iter().take(most).cloned().collect()
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.kin.len()
    }
}

/// The shape of a line: a number is `9`, a word `a`, `Aa` or `A`, what repeats has a `+`.
pub fn shape(line: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut letters = line.trim().chars().peekable();
    while let Some(c) = letters.next() {
        let mut part = String::new();
        if c.is_numeric() {
            while letters.next_if(|c| c.is_numeric()).is_some() {}
            part.push('9');
        } else if c.is_alphabetic() {
            let mut last = class(c);
            part.push(last);
            while let Some(c) = letters.next_if(|c| c.is_alphabetic() || is_mark(*c)) {
                let next = class(c);
                if next != last && !is_mark(c) {
                    part.push(next);
                    last = next;
                }
            }
        } else if c.is_whitespace() {
            let mut tab = c == '\t';
            while let Some(c) = letters.next_if(|c| c.is_whitespace()) {
                tab |= c == '\t';
            }
            part.push_str(if tab { " | " } else { " " });
        } else {
            while letters.next_if_eq(&c).is_some() {}
            part.push(c);
        }
        parts.push(part);
    }
    let folded = fold(&parts);
    let end = folded.char_indices().nth(LONGEST).map_or(folded.len(), |(i, _)| i);
    if end < folded.len() { format!("{}…", &folded[..end]) } else { folded }
}

fn class(c: char) -> char {
    if c.is_uppercase() { 'A' } else { 'a' }
}

/// Signs over letters, that are no letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{2019}' | '\'')
}

/// Words of one class in a row become one with a `+`.
fn fold(parts: &[String]) -> String {
    let mut out = String::new();
    let mut i = 0;
    while i < parts.len() {
        out.push_str(&parts[i]);
        let word = parts[i].starts_with(['A', 'a', '9']);
        let mut next = i;
        while word && parts.get(next + 1).is_some_and(|p| p == " ") && parts.get(next + 2) == Some(&parts[i]) {
            next += 2;
        }
        if next > i {
            out.push('+');
        }
        i = next + 1;
    }
    out
}

/// The words before a line's colon, where they may be a label: few, and with letters only.
pub fn label(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (head, _) = line.split_once([':', '\u{ff1a}'])?;
    let head = head.trim();
    let words = head.split_whitespace().count();
    let letters = |c: char| c.is_alphabetic() || c.is_whitespace() || is_mark(c) || matches!(c, '-' | '/' | '.' | '&');
    let fits = (1..=LABEL.1).contains(&words) && head.chars().count() <= LABEL.0;
    (fits && head.chars().all(letters)).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str, line: usize) -> Place {
        Place { path: path.to_owned(), line, text: "x".to_owned() }
    }

    #[test]
    fn a_shape_has_no_words_and_no_numbers() {
        assert_eq!(shape("  09:30 – 10:15   Welcome of the Guests"), "9:9 – 9:9 Aa a+ Aa");
        assert_eq!(shape("Sitting No. 12"), "Aa+. 9");
        assert_eq!(shape("PRESIDING ..... Ann Lee"), "A . Aa+");
        assert_eq!(shape("Room\tB 12"), "Aa | A 9");
        assert_eq!(shape("Début l’été"), "Aa a");
        assert_eq!(shape("الجلسة ٣"), "a 9");
        assert_eq!(shape(""), "");
        assert!(shape(&"a9-".repeat(90)).chars().count() == LONGEST + 1);
    }

    #[test]
    fn a_label_is_a_few_words_before_a_colon() {
        assert_eq!(label("Presided by: Ann Lee"), Some("Presided by"));
        assert_eq!(label("- Saal-Aufsicht: 3"), Some("Saal-Aufsicht"));
        assert_eq!(label("09:30 Opening"), None);
        assert_eq!(label("It was said by many people there: no"), None);
        assert_eq!(label("no colon"), None);
    }

    #[test]
    fn the_commonest_come_first_with_examples_of_several_documents() {
        let mut table = Table::default();
        for (key, path, line) in [("b", "1", 1), ("a", "1", 2), ("a", "1", 3), ("a", "2", 1), ("b", "2", 9)] {
            table.add(key.to_owned(), &place(path, line));
        }
        let found = table.commonest(9);
        assert_eq!((found[0].shape.as_str(), found[0].lines, found[0].documents), ("a", 3, 2));
        assert_eq!(found[0].examples, [place("1", 2), place("2", 1)]);
        assert_eq!((found[1].shape.as_str(), found[1].lines), ("b", 2));
    }

    #[test]
    fn the_table_does_not_grow_without_end() {
        let mut table = Table::default();
        for i in 0..3 * MOST {
            table.add(format!("rare {i}"), &place("1", i));
            table.add("common".to_owned(), &place("1", i));
        }
        assert!(table.len() <= MOST + 1 && table.dropped > 0);
        assert_eq!(table.commonest(1)[0].lines, 3 * MOST as u64);
        let kept: u64 = table.commonest(usize::MAX).iter().map(|k| k.lines).sum();
        assert_eq!(kept + table.dropped, 6 * MOST as u64);
    }
}
