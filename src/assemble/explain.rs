//! What the classes and the rules say of each line: which explain it, and whether it holds something that a value
//! should use.
//!
//! In: the scanned lines, the parsed units, the tree. Out: a [`LineClass`] a line. Never: looks at what was used.

use crate::grammar::Set;
use crate::model::DocumentKind;
use crate::parse::{Parsed, names};
use crate::scan::{Line, MarkKind, Scanned};
use crate::segment::{Class, Features};
use crate::validate::LineClass;

use super::tree::Tree;

/// The rule that rejects a role's word in a sentence that names nobody.
const NOBODY: &str = "base/explained/role-word-without-name";

/// What the classes say of each line.
pub fn explain(s: &Scanned, parsed: &[Parsed], tree: &Tree) -> Vec<LineClass> {
    let mut out = Vec::with_capacity(s.lines.len());
    for p in parsed {
        let unit = of_unit(s, p, tree);
        for line in &s.lines[p.unit.lines.clone()] {
            let telling = telling(s, line);
            let class = match p.unit.class {
                _ if tree.kind == DocumentKind::Other => Some("no-event".to_owned()),
                Class::Furniture => Some("furniture".to_owned()),
                Class::Property => Some("property".to_owned()),
                _ if line.target => Some("repetition".to_owned()),
                Class::Head => Some("head".to_owned()),
                Class::Status => Some("status".to_owned()),
                Class::Cell if telling == Telling::Nothing => Some("cell".to_owned()),
                _ if unit.rule.is_some() => unit.rule.clone(),
                _ if unit.prose && telling == Telling::Nothing => Some("prose".to_owned()),
                _ if unit.prose && telling == Telling::Role && unit.nobody => Some(NOBODY.to_owned()),
                _ => None,
            };
            out.push(LineClass { line: line.number, explained_by: class, telling: telling != Telling::Nothing });
        }
    }
    out
}

/// What a line holds that a value should use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Nothing,
    /// A role's word and nothing else.
    Role,
    Value,
}

fn telling(s: &Scanned, line: &Line) -> Telling {
    let mut found = Telling::Nothing;
    for m in s.view().marks_in(line.span) {
        match &m.kind {
            MarkKind::When(w) if w.score < 0.5 => {}
            MarkKind::Phrase(Set::Role, _) if found == Telling::Nothing => found = Telling::Role,
            MarkKind::When(_) | MarkKind::Date(_) | MarkKind::Phone | MarkKind::Email => return Telling::Value,
            MarkKind::Phrase(Set::Honorific, _) => return Telling::Value,
            _ => {}
        }
    }
    found
}

/// What explains the lines of a unit.
struct Explained {
    /// The pattern of the grammars that says what it is.
    rule: Option<String>,
    /// Whether it is running text.
    prose: bool,
    /// Whether it names nobody.
    nobody: bool,
}

fn of_unit(s: &Scanned, p: &Parsed, tree: &Tree) -> Explained {
    let flat = &p.unit.flat;
    let g = s.grammar;
    let told = matches!(tree.kind, DocumentKind::Report | DocumentKind::Announcement | DocumentKind::Article);
    let listed = matches!(p.unit.class, Class::Item | Class::Question);
    let sentence = Features(
        Features::named("sentence").unwrap_or_default().0 | Features::named("lower-rich").unwrap_or_default().0,
    );
    // a list's entry, or a heading put as a question, of a text that tells; a sentence anywhere
    let prose = p.unit.class == Class::Prose
        || listed && told
        || matches!(p.unit.class, Class::Item | Class::Text) && p.unit.features.any(sentence);
    let rule = g.patterns("explained").iter().find(|r| r.regex.is_match(&flat.text)).map(|r| r.id.to_string());
    let v = flat.view(g);
    let nobody = || !v.has(flat.all(), Set::Honorific) && names::all(v, flat.all()).is_empty();
    let roles = prose && v.has(flat.all(), Set::Role);
    Explained { rule: rule.filter(|_| p.unit.class != Class::Row), prose, nobody: roles && nobody() }
}
