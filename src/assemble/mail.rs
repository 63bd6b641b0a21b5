//! What a mail's head tells: who sent it.
//!
//! In: the lines of the head, the tree so far. Out: the sender as a contact. Never: takes the place of a contact that
//! the mail's own words name.

use crate::model::Span;
use crate::parse::{Cx, Parsed, expected_people};
use crate::scan::{Line, MarkKind};

use super::tree::{ContactTree, Tree};

/// Whether a line belongs to the head of a mail, or of one that was sent on.
pub(super) fn is_head(line: &Line) -> bool {
    let key = line.meta.as_deref().unwrap_or_default();
    matches!(key, "from" | "to" | "cc" | "date" | "subject") || key.starts_with("quoted.")
}

/// Adds the sender of a mail to the contacts.
pub(super) fn sender(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let Some(p) = parsed.iter().find(|p| p.unit.first(cx.s).meta.as_deref() == Some("from")) else { return };
    let flat = &p.unit.flat;
    let Some(mail) = flat.marks.iter().find(|m| m.kind == MarkKind::Email) else { return };
    let Some(email) = cx.read(flat, mail.span, "", &["email.plain"], "base/mail/from", 0.9) else { return };
    if tree.contacts.iter().any(|c| c.emails.iter().any(|e| e.value.eq_ignore_ascii_case(&email.value))) {
        return;
    }
    let v = cx.view(flat);
    let label = v.of(flat.all()).find(':').map_or(0, |at| at + 1);
    // `Name <address>`, or the old `address (Name)`.
    let before = v.strip(Span::new(label.min(mail.span.start), mail.span.start), " <\"',");
    let behind = v.strip(Span::new(mail.span.end, flat.all().end), " >()\"',");
    let name = if before.is_empty() { behind } else { before };
    let Some(person) = expected_people(cx, flat, name).into_iter().next() else { return };
    let same = |c: &&mut ContactTree| {
        c.emails.is_empty() && c.person.as_ref().is_some_and(|p| p.name.value.eq_ignore_ascii_case(&person.name.value))
    };
    if let Some(contact) = tree.contacts.iter_mut().find(same) {
        contact.emails.push(email);
        return;
    }
    let line = p.unit.first(cx.s).number.saturating_sub(1);
    tree.contacts.push(ContactTree { person: Some(person), emails: vec![email], line, ..ContactTree::default() });
}
