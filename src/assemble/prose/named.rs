//! People whom sentences name without a part in the event.
//!
//! In: sentences. Out: the tree's other people: names with a title or an affiliation, and names that their sentence
//! makes somebody's: the subject of a verb of speech, what stands behind "according to". Never: gives a role.

use crate::grammar::{Set, fold};
use crate::model::Span;
use crate::parse::names::{self, NameAt};
use crate::parse::{Cx, Parsed, PersonValue};
use crate::scan::View;
use crate::segment::Class;

use super::super::tree::Tree;
use super::people::{listing, person};
use super::text::{Sentence, capture, floor, matches};

/// What follows a name is read no further than this for what it tells of the person.
const BEHIND: usize = 120;
/// A subject and what is told of it before its verb are no longer than this.
const SUBJECT: usize = 220;

/// Adds everybody whom the sentences name and the tree does not.
pub(super) fn others(cx: Cx, sentences: &[Sentence], tree: &mut Tree) {
    let known: Vec<Vec<String>> = crate::assemble::tree_people(tree).into_iter().map(|p| key(&p.name.value)).collect();
    let mut added: Vec<(Vec<String>, PersonValue)> = Vec::new();
    for s in sentences.iter().filter(|s| !s.after && !s.heading) {
        let v = cx.view(s.flat);
        let mut found = supported(cx, v, s);
        let told = |n: &NameAt| n.honorific.is_some() || n.score >= v.grammar.weight("name/affiliated-prose");
        let sure = |n: &NameAt| told(n) && v.of(n.name).contains(' ');
        found.extend(names::all(v, s.span).into_iter().filter(sure));
        for n in found {
            let name = key(v.of(n.name));
            let same = |k: &[String]| one_person(k, &name);
            if known.iter().any(|k| same(k)) || added.iter().any(|(k, _)| same(k)) {
                continue;
            }
            let behind = n.end() + floor(&v.text[n.end()..], BEHIND);
            let tail = Span::new(n.end(), n.end().max(s.span.end.min(behind)));
            added.extend(person(cx, s.flat, &n, tail).map(|p| (name, p)));
        }
    }
    tree.others.extend(added.into_iter().map(|(_, p)| p));
    for s in sentences {
        for (_, named) in matches(cx, "named-person", s) {
            let found = capture(&named, "people").map(|span| listing(cx, s.flat, span, true));
            tree.others.extend(found.unwrap_or_default());
        }
    }
}

/// Adds the people of labels that stand in running text: "Moderator: Ann Lee".
pub(super) fn labelled(parsed: &[Parsed], tree: &mut Tree) {
    let known: Vec<Vec<String>> = crate::assemble::tree_people(tree).into_iter().map(|p| key(&p.name.value)).collect();
    let labels = parsed.iter().filter(|p| p.unit.class == Class::Label && p.entry.role.is_some());
    let new = |p: &&PersonValue| !known.iter().any(|k| one_person(k, &key(&p.name.value)));
    let found: Vec<PersonValue> = labels.flat_map(|p| &p.entry.people).filter(new).cloned().collect();
    tree.others.extend(found);
}

/// The names that their place in the sentence makes somebody's, known or not.
fn supported(cx: Cx, v: View, s: &Sentence) -> Vec<NameAt> {
    let text = s.text();
    let starts = cx.patterns("person-before").flat_map(|p| p.regex.find_iter(text));
    let mut found: Vec<NameAt> =
        starts.filter_map(|m| named(v, Span::new(s.span.start + m.end(), s.span.end))).collect();
    for verb in cx.patterns("speech-verb").filter_map(|p| p.regex.find(text)) {
        let subject = v.trim(Span::new(s.span.start, s.span.start + verb.start()));
        found.extend(named(v, subject).filter(|n| subject.len() <= SUBJECT && ends(v, n, subject)));
    }
    found
}

/// A name of two words or more that nothing speaks against, at the start of `span`, no capital word right behind it.
fn named(v: View, span: Span) -> Option<NameAt> {
    let n = names::possible_at(v, span)?;
    let rest = v.text[n.end()..span.end.max(n.end())].trim_start();
    let goes_on = rest.starts_with(char::is_uppercase) || v.text[n.end()..].starts_with("'s");
    (v.of(n.name).contains(' ') && !goes_on && !v.has(n.name, Set::Country)).then_some(n)
}

/// Whether the subject is the name, alone or with what a comma or bracket tells of it.
fn ends(v: View, n: &NameAt, subject: Span) -> bool {
    let rest = v.of(Span::new(n.end(), subject.end.max(n.end()))).trim();
    rest.is_empty() || rest.starts_with('(') && rest.ends_with([')', ',']) || rest.starts_with(',')
}

/// A name's words, by which two spellings of it are compared.
fn key(name: &str) -> Vec<String> {
    name.split_whitespace().map(|w| fold(w.trim_matches(|c: char| !c.is_alphanumeric()))).collect()
}

/// Whether two names are one person's: the family name agrees, and the first, an initial of it or another spelling.
fn one_person(a: &[String], b: &[String]) -> bool {
    let (Some(x), Some(y)) = (a.first(), b.first()) else { return false };
    let short = |w: &str| w.chars().count() <= 2;
    let initial = (short(x) || short(y)) && x.chars().next() == y.chars().next();
    a.last() == b.last() && (x == y || initial || within(x, y) || within(y, x))
}

/// Whether the letters of `a` stand in `b` in their order, from the first one on: "chi-in" in "chyi-in".
fn within(a: &str, b: &str) -> bool {
    let mut rest = b.chars();
    a.chars().next() == b.chars().next() && a.chars().all(|c| rest.any(|d| d == c))
}
