//! Contact blocks: owner, then telephones, addresses and links; torn ones joined by what they share.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, PersonValue, affiliate};
use crate::scan::{MarkKind, View};
use crate::segment::{Class, Flat};

use super::tree::{ContactTree, PhoneTree, Tree};

/// The block being read.
#[derive(Default)]
struct Open {
    contact: ContactTree,
    /// Lines of position and organisation below a person's name.
    parts: Vec<Span>,
    /// Label of the last number.
    kind: Option<Grounded>,
}

struct Builder<'c, 't> {
    cx: Cx<'c>,
    tree: &'t mut Tree,
    open: Open,
    group: Option<Grounded>,
    purpose: Option<Grounded>,
    venue: bool,
}

/// Reads the contacts in `parsed[first..]`.
pub(super) fn build(cx: Cx, parsed: &[Parsed], first: usize, tree: &mut Tree) {
    let mut b = Builder { cx, tree, open: Open::default(), group: None, purpose: None, venue: false };
    let from = parsed.get(first).map_or(cx.s.lines.len(), |p| p.unit.lines.start);
    for i in from..cx.s.lines.len() {
        b.line(i);
    }
    b.close();
    torn(tree);
    // people without data keep what the block says of them
    let bare = |c: &ContactTree| c.phones.is_empty() && c.emails.is_empty() && c.urls.is_empty();
    let affiliated = |p: &PersonValue| p.position.is_some() && p.organisation.is_some();
    let people = tree.contacts.iter().filter(|c| bare(c)).filter_map(|c| c.person.clone()).filter(affiliated);
    let people: Vec<PersonValue> = people.collect();
    tree.others.extend(people);
    tree.contacts.retain(|c| {
        !c.phones.is_empty()
            || !c.emails.is_empty()
            || (!c.urls.is_empty() && (c.person.is_some() || c.organisation.is_some()))
    });
}

impl Builder<'_, '_> {
    fn line(&mut self, i: usize) {
        let line = &self.cx.s.lines[i];
        if line.target {
            return;
        }
        let v = self.cx.s.view();
        let span = crate::segment::bullet(self.cx.s.text, line.span).1;
        let text = v.of(span);
        let data = v.marks_in(span).any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email | MarkKind::Url));
        if data {
            return self.data(v, span);
        }
        let bracketed = text.starts_with('(') && text.ends_with(')');
        let _flat = Flat::new(self.cx.s, &[span], "");
        if bracketed {
            self.close();
            let inner = v.strip(span, "() ");
            self.purpose =
                Grounded::read(self.cx.s.text, self.cx.g, &[inner], "", "text", &[], "base/contacts/purpose", 0.85);
            return;
        }
        if let Some((s, p)) = v.phrase_at(span.start, Set::ContactsHead).filter(|(s, _)| span.end - s.end <= 24) {
            self.close();
            let all = Grounded::read(
                self.cx.s.text,
                self.cx.g,
                &[v.strip(span, ": ")],
                "",
                "text",
                &[],
                "base/contacts/head",
                0.85,
            );
            self.venue = p.value.as_ref() == "venue";
            if self.venue {
                self.purpose = all;
                self.group = None;
            } else if span.end > s.end + 2 || text.len() > 8 {
                self.group = all;
                self.purpose = None;
            }
            return;
        }
        let had_data = !self.open.contact.phones.is_empty()
            || !self.open.contact.emails.is_empty()
            || !self.open.contact.urls.is_empty();
        if had_data {
            self.close();
        }
        let span = labelled_name(v, span);
        let flat = Flat::new(self.cx.s, &[span], "");
        let affiliated = crate::parse::names::expected_at(v, span)
            .filter(|n| [",", "  "].iter().any(|w| v.of(Span::new(n.end(), span.end)).starts_with(w)));
        if !self.venue && affiliated.is_some() {
            let found = crate::parse::expected_people(self.cx, &flat, flat.all());
            if found.len() == 1 {
                self.close();
                self.open.contact.person = found.into_iter().next();
                self.open.contact.line = i;
                return;
            }
        }
        let name = crate::parse::names::expected_at(v, span)
            .filter(|n| v.strip(Span::new(n.end(), span.end), " .,:").is_empty());
        let labelled = v.phrase_at(span.start, Set::ContactLabel).is_some();
        if !self.venue && name.is_some() && !self.place_like(v, span) {
            self.close();
            let people = crate::parse::expected_people(self.cx, &flat, flat.all());
            self.open.contact.person = people.into_iter().next();
            self.open.contact.line = i;
            return;
        }
        if !labelled {
            self.open.parts.push(span);
            if self.open.parts.len() == 1 && self.open.contact.person.is_none() {
                self.open.contact.line = i;
            }
        }
    }

    /// Whether an earlier block has the address or link already.
    fn known(&self, list: fn(&ContactTree) -> &Vec<Grounded>, value: &str) -> bool {
        let plain = |v: &str| {
            v.trim_start_matches("https://")
                .trim_start_matches("http://")
                .trim_start_matches("www.")
                .trim_end_matches('/')
                .to_lowercase()
        };
        let earlier = self.tree.contacts.iter().chain(std::iter::once(&self.open.contact));
        earlier.flat_map(list).any(|v| plain(&v.value) == plain(value))
    }

    fn place_like(&self, v: View, span: Span) -> bool {
        v.has(span, Set::Country)
            || v.has(span, Set::Street)
            || v.phrase(span, Set::City).is_some_and(|(s, _)| s == span)
    }

    /// A line with numbers, addresses or links.
    fn data(&mut self, v: View, span: Span) {
        // "Name, Org, Tel. …" on one line: a block of its own
        let first = v
            .marks_in(span)
            .find(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email | MarkKind::Url))
            .map_or(span.end, |m| m.span.start);
        let head = labelled_name(v, v.strip(Span::new(span.start, first), " ,;:-–—("));
        let flat = Flat::new(self.cx.s, &[head], "");
        let named = crate::parse::names::expected_at(v, head).is_some() && head.start > span.start;
        let people = if named {
            crate::parse::expected_people(self.cx, &flat, flat.all())
        } else {
            crate::parse::people(self.cx, &flat, flat.all())
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
            let read = |slot: &str, steps: &[&str], rule: &str| {
                Grounded::read(self.cx.s.text, self.cx.g, &[m.span], "", slot, steps, rule, 0.93)
            };
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
                        Grounded::read(
                            self.cx.s.text,
                            self.cx.g,
                            &[l],
                            "",
                            "",
                            &["lexicon:contact-label"],
                            "base/contacts/label",
                            0.95,
                        )
                    }) {
                        self.open.kind = Some(k);
                    }
                    let kind = self
                        .open
                        .kind
                        .clone()
                        .filter(|k| matches!(k.value.as_str(), "tel" | "fax" | "mobile"))
                        .unwrap_or_else(|| Grounded::constant("tel", &[m.span], "base/contacts/unlabelled", 0.6));
                    let extension = extension(v, span, m.span.end).and_then(|x| {
                        Grounded::read(self.cx.s.text, self.cx.g, &[x], "", "", &[], "base/contacts/extension", 0.95)
                    });
                    if let Some(raw) =
                        Grounded::read(self.cx.s.text, self.cx.g, &[m.span], "", "", &[], "base/contacts/phone", 0.9)
                    {
                        self.open.contact.phones.push(PhoneTree { raw, kind, extension });
                    }
                }
                _ => {}
            }
        }
    }

    /// Ends the block that is open.
    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        let mut c = open.contact;

        let filled = !c.phones.is_empty() || !c.emails.is_empty() || !c.urls.is_empty();
        if let Some(p) = &mut c.person {
            let (mut parts, _): (Vec<Span>, Vec<Span>) = (open.parts.clone(), Vec::new());
            parts.truncate(8);
            if !parts.is_empty() && p.organisation.is_none() && p.position.is_none() {
                own(self.cx, p, &parts);
            }
        } else if filled && !open.parts.is_empty() {
            c.organisation = Grounded::read(
                self.cx.s.text,
                self.cx.g,
                &open.parts[..1],
                "",
                "name",
                &[],
                "base/contacts/organisation",
                0.8,
            );
            let rest = &open.parts[1..];
            if !rest.is_empty() {
                let join: String = "t".repeat(rest.len() - 1);
                c.address =
                    Grounded::read(self.cx.s.text, self.cx.g, rest, &join, "name", &[], "base/contacts/address", 0.75);
            }
        }
        if filled || c.person.is_some() || !open.parts.is_empty() {
            c.group = self.group.clone();
            c.purpose = self.purpose.clone();
            self.tree.contacts.push(c);
        }
    }
}

/// Over a label before a name: "Enquiries: Ann Lee".
fn labelled_name(v: View, span: Span) -> Span {
    let text = v.of(span);
    let Some(colon) = text.find(':').filter(|c| *c <= 40) else { return span };
    let tail = v.trim(Span::new(span.start + colon + 1, span.end));
    let contact = v.phrase_at(span.start, Set::ContactLabel).is_some();
    if !contact && crate::parse::names::expected_at(v, tail).is_some() { tail } else { span }
}

/// Position, organisation and country out of the lines below a name.
fn own(cx: Cx, person: &mut PersonValue, lines: &[Span]) {
    let mut merged: Vec<Vec<Span>> = Vec::new();
    for l in lines {
        let v = cx.s.view();
        let continues = merged.last().and_then(|m| m.last()).is_some_and(|prev| {
            let text = v.of(*prev);
            crate::segment::ends_open(text)
                || v.of(*l).starts_with(char::is_lowercase)
                || (text.len() >= 40
                    && v.of(*l).split_whitespace().count() <= 4
                    && !v.has(*l, Set::Country)
                    && !v.has(*l, Set::Body)
                    && !v.has(*l, Set::KnownBody))
                || (v.of(*l).contains('(') && v.of(*l).split_whitespace().count() <= 3 && text.len() >= 30)
        });
        match merged.last_mut() {
            Some(m) if continues => m.push(*l),
            _ => merged.push(vec![*l]),
        }
    }
    let mut codes = String::new();
    let mut pieces: Vec<Span> = Vec::new();
    for m in &merged {
        for (i, p) in m.iter().enumerate() {
            if !pieces.is_empty() {
                codes.push(if i == 0 { 't' } else { 's' });
            }
            pieces.push(*p);
        }
    }
    let flat = Flat::new(cx.s, &pieces, &codes);
    let v = cx.view(&flat);
    let parts = super::agenda_parts(v, flat.all());
    affiliate(cx, &flat, person, parts);
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

/// Joins blocks that a page tore apart: one with addresses that spell the name of one without.
fn torn(tree: &mut Tree) {
    let mut i = 0;
    while i < tree.contacts.len() {
        let c = &tree.contacts[i];
        let loose = c.person.is_none() && !c.emails.is_empty();
        let owner = loose
            .then(|| {
                tree.contacts.iter().position(|o| {
                    o.emails.is_empty()
                        && o.person.as_ref().is_some_and(|p| c.emails.iter().any(|e| spells(&e.value, &p.name.value)))
                })
            })
            .flatten();
        if let Some(o) = owner {
            let torn = tree.contacts.remove(i);
            let o = if o > i { o - 1 } else { o };
            let owner = &mut tree.contacts[o];
            owner.phones.extend(torn.phones);
            owner.emails.extend(torn.emails);
            owner.urls.extend(torn.urls);
            if let Some(p) = &mut owner.person {
                join_affiliation(p, torn.organisation, torn.address);
            }
            continue;
        }
        // targets of links that repeat addresses already read
        let repeats = {
            let c = &tree.contacts[i];
            c.person.is_none()
                && c.phones.is_empty()
                && c.emails
                    .iter()
                    .all(|e| tree.contacts[..i].iter().any(|o| o.emails.iter().any(|x| x.value == e.value)))
        };
        if repeats && tree.contacts[i].organisation.is_none() {
            tree.contacts.remove(i);
            continue;
        }
        i += 1;
    }
}

/// What stood above the torn part belongs to the person: a unit to the position, the last line is the body.
fn join_affiliation(p: &mut PersonValue, first: Option<Grounded>, rest: Option<Grounded>) {
    match (first, rest) {
        (Some(unit), Some(body)) => {
            p.position = match p.position.take().or(p.organisation.take()) {
                Some(mut position) => {
                    position.value = format!("{}, {}", position.value, unit.value);
                    position.pieces.extend(&unit.pieces);
                    position.join.push('t');
                    Some(position)
                }
                None => Some(unit),
            };
            p.organisation = Some(body);
        }
        (Some(body), None) if p.organisation.is_none() => p.organisation = Some(body),
        _ => {}
    }
}

/// Whether an address's user part spells a name: its family name, or its initials and family name.
fn spells(email: &str, name: &str) -> bool {
    let user = email.split('@').next().unwrap_or("").to_lowercase();
    let words: Vec<String> = name.split_whitespace().map(crate::grammar::fold).collect();
    words.len() >= 2 && words.iter().filter(|w| w.len() > 2 && user.contains(w.as_str())).count() >= 2.min(words.len())
        || words.last().is_some_and(|l| l.len() > 4 && user.contains(l.as_str()) && user.starts_with(&words[0][..1]))
}

/// Where contacts begin behind the last row: at the first unit of the part that holds contact data.
pub(super) fn behind(parsed: &[Parsed], first: usize) -> usize {
    let row = |p: &Parsed| {
        matches!(p.unit.class, Class::Row | Class::Day) || p.entry.number.as_ref().is_some_and(|n| n.word.is_some())
    };
    let last = parsed.iter().rposition(row).map_or(first, |i| i + 1);
    let Some(data) = parsed[last..]
        .iter()
        .position(|p| p.unit.flat.marks.iter().any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email)))
    else {
        return parsed.len();
    };
    // the lines right above belong to it
    let mut from = last + data;
    while from > last
        && from + 4 > last + data
        && matches!(
            parsed[from - 1].unit.class,
            Class::Person | Class::Text | Class::Head | Class::Place | Class::Contact
        )
    {
        from -= 1;
    }
    from
}
