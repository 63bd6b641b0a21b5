//! Names that carry a link to an address: `Ann Lee` with `mailto:ann@example.org` behind it.
//!
//! In: the lines' links, the contacts and people of the tree. Out: the address, with the one whose name carries it.
//! Never: gives an address to somebody whose name stands beside the link.

use crate::evidence::Grounded;
use crate::model::Span;
use crate::parse::{Cx, expected_people};
use crate::scan::MarkKind;
use crate::segment::Flat;

use super::super::tree::{ContactTree, Tree};

/// Adds the addresses that links on names lead to.
pub(super) fn addresses(cx: Cx, tree: &mut Tree) {
    for (i, line) in cx.s.lines.iter().enumerate().filter(|(_, l)| !l.aside) {
        for (shown, target) in &line.links {
            add(cx, tree, i, *shown, *target);
        }
    }
}

fn add(cx: Cx, tree: &mut Tree, line: usize, shown: Span, target: Span) {
    let Some(mail) = cx.s.view().marks_in(target).find(|m| m.kind == MarkKind::Email) else { return };
    let read = Grounded::read(cx.s.text, cx.g, &[mail.span], "", "", &["email.plain"], "base/contacts/linked", 0.9);
    let Some(email) = read else { return };
    let known = |c: &ContactTree| c.emails.iter().any(|e| e.value.eq_ignore_ascii_case(&email.value));
    if tree.contacts.iter().any(known) {
        return;
    }
    let named = |c: &ContactTree| c.person.as_ref().is_some_and(|p| p.name.pieces.iter().any(|s| s.overlaps(shown)));
    if let Some(contact) = tree.contacts.iter_mut().find(|c| named(c)) {
        contact.emails.push(email);
        return;
    }
    let flat = Flat::new(cx.s, &[shown], "");
    if let Some(person) = expected_people(cx, &flat, flat.all()).into_iter().next() {
        tree.contacts.push(ContactTree { person: Some(person), emails: vec![email], line, ..ContactTree::default() });
    }
}
