//! A line with telephone numbers, addresses or links → the data of the open block.
//!
//! In: a line. Out: numbers with kind and extension, addresses, links, and the owner named on the same line. Never:
//! decides where a block ends.

use super::*;

impl Builder<'_, '_> {
    /// A line with numbers, addresses or links.
    pub(super) fn data(&mut self, flat: &Flat, span: Span) {
        let v = self.cx.view(flat);
        // "Name, Org, Tel. …" on one line: a block of its own
        let first = v
            .marks_in(span)
            .find(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email | MarkKind::Url))
            .map_or(span.end, |m| m.span.start);
        let head = labelled_name(v, v.strip(Span::new(span.start, first), " ,;:-–—("));
        let named = crate::parse::names::expected_at(v, head).is_some() && head.start > span.start;
        let people = if named {
            crate::parse::expected_people(self.cx, flat, head)
        } else {
            crate::parse::people(self.cx, flat, head)
        };
        if let Some(p) = people.into_iter().next().filter(|p| p.name.score >= 0.55) {
            self.close();
            self.open.contact.person = Some(p);
        }
        let marks: Vec<_> = v
            .marks_in(span)
            .filter(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email | MarkKind::Url))
            .cloned()
            .collect();
        for m in marks {
            let read = |slot: &str, steps: &[&str], rule: &str| self.cx.read(flat, m.span, slot, steps, rule, 0.93);
            match m.kind {
                MarkKind::Email => {
                    let found = read("", &["email.plain"], "base/contacts/email")
                        .filter(|e| !self.known(|c| &c.emails, &e.value));
                    self.open.contact.emails.extend(found);
                }
                MarkKind::Url => {
                    let found =
                        read("", &["url.plain"], "base/contacts/url").filter(|u| !self.known(|c| &c.urls, &u.value));
                    self.open.contact.urls.extend(found);
                }
                MarkKind::Phone => {
                    let label = label_before(v, span, m.span.start);
                    if let Some(k) = label.and_then(|l| {
                        self.cx.read(flat, l, "", &["lexicon:contact-label"], "base/contacts/label", 0.95)
                    }) {
                        self.open.kind = Some(k);
                    }
                    let kind = self
                        .open
                        .kind
                        .clone()
                        .filter(|k| matches!(k.value.as_str(), "tel" | "fax" | "mobile"))
                        .unwrap_or_else(|| {
                            Grounded::constant("tel", &flat.source(m.span).0, "base/contacts/unlabelled", 0.6)
                        });
                    let extension = extension(v, span, m.span.end)
                        .and_then(|x| self.cx.read(flat, x, "", &[], "base/contacts/extension", 0.95));
                    if let Some(raw) = self.cx.read(flat, m.span, "", &[], "base/contacts/phone", 0.9) {
                        self.open.contact.phones.push(PhoneTree { raw, kind, extension });
                    }
                }
                _ => {}
            }
        }
    }
}

/// The contact label before a number.
fn label_before(v: View, line: Span, at: usize) -> Option<Span> {
    v.phrases(Span::new(line.start, at), Set::ContactLabel).last().map(|(s, _)| s)
}

/// The extension number behind a number.
fn extension(v: View, line: Span, at: usize) -> Option<Span> {
    let (word, _) = v.phrase(Span::new(at, line.end), Set::Extension).filter(|(s, _)| s.start <= at + 4)?;
    let rest = v.of(Span::new(word.end, line.end));
    let gap = rest.len() - rest.trim_start_matches([' ', ':', '.', '#']).len();
    let digits = rest[gap..].bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| Span::new(word.end + gap, word.end + gap + digits))
}
