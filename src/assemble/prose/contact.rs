//! Contacts in sentences: "For more information contact X, telephone …, x@y".

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, PersonValue, expected_people};
use crate::scan::MarkKind;

use super::super::tree::{ContactTree, PhoneTree, Tree};
use super::people::listing;
use super::text::{Sentence, capture, matches};

/// The contacts of all sentences that hold a number or address, and the event's links.
pub(super) fn contacts<'s>(cx: Cx, sentences: impl Iterator<Item = &'s Sentence<'s>>, tree: &mut Tree) {
    for s in sentences.filter(|s| !s.after) {
        let v = cx.view(s.flat);
        let mut c = ContactTree::default();
        let mut kind: Option<Grounded> = None;
        let mut at = s.span.start;
        for m in v.marks_in(s.span) {
            let read = |steps: &[&str], rule: &str| cx.read(s.flat, m.span, "", steps, rule, 0.9);
            match m.kind {
                MarkKind::Email => c.emails.extend(read(&["email.plain"], "base/contacts/email")),
                MarkKind::Url => tree.event.urls.extend(read(&["url.plain"], "base/prose/url")),
                MarkKind::Phone => {
                    let label = v.phrases(Span::new(at, m.span.start), Set::ContactLabel).last().map(|(l, _)| l);
                    kind = label
                        .and_then(|l| cx.read(s.flat, l, "", &["lexicon:contact-label"], "base/contacts/label", 0.9))
                        .or(kind);
                    let own = kind.clone().filter(|k| matches!(k.value.as_str(), "tel" | "fax" | "mobile"));
                    let (pieces, _) = s.flat.source(m.span);
                    let kind =
                        own.unwrap_or_else(|| Grounded::constant("tel", &pieces, "base/contacts/unlabelled", 0.6));
                    c.phones.extend(read(&[], "base/contacts/phone").map(|raw| PhoneTree {
                        raw,
                        kind,
                        extension: None,
                    }));
                    at = m.span.end;
                }
                _ => {}
            }
        }
        if c.phones.is_empty() && c.emails.is_empty() {
            continue;
        }
        owner(cx, s, &mut c);
        tree.contacts.push(c);
    }
}

/// Whose numbers they are: a person named in the sentence, else a body.
fn owner(cx: Cx, s: &Sentence, c: &mut ContactTree) {
    let v = cx.view(s.flat);
    let first = v
        .marks_in(s.span)
        .find(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email))
        .map_or(s.span.end, |m| m.span.start);
    let head = Span::new(s.span.start, first);
    let label = v
        .phrases(head, Set::ContactLabel)
        .last()
        .map_or(first, |(l, _)| if first - l.end < 6 { l.start } else { first });
    let head = v.strip(Span::new(head.start, label.max(head.start)), " ,;:(-");
    c.person = told(cx, s, head).or_else(|| listing(cx, s.flat, head, false).pop());
    if c.person.is_none() {
        let body =
            matches(cx, "contact-body", s).iter().filter_map(|(_, n)| capture(n, "body")).find(|b| b.end <= first);
        c.organisation =
            body.and_then(|b| cx.read(s.flat, v.strip(b, " ,.:;"), "name", &[], "base/prose/contact-body", 0.75));
    }
}

/// "enquiries to: Ann Lee, Botany Department, …": the person whom a colon announces.
fn told(cx: Cx, s: &Sentence, head: Span) -> Option<PersonValue> {
    let v = cx.view(s.flat);
    let colon = v.of(head).rfind(": ").or_else(|| v.of(head).find(": "))?;
    expected_people(cx, s.flat, v.trim(Span::new(head.start + colon + 1, head.end))).into_iter().next()
}
