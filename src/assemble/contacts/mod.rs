//! Contact blocks: owner, then telephones, addresses and links; torn ones joined by what they share.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, PersonValue, affiliate};
use crate::scan::{Line, MarkKind, View};
use crate::segment::{Class, Flat};

use super::tree::{ContactTree, PhoneTree, Tree};

mod data;
mod linked;
mod reach;
mod torn;

use reach::Country;

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
    /// Country that a heading gives to the people below it.
    country: Option<Country>,
    venue: bool,
}

/// Reads the contacts in `parsed[first..]`.
pub(super) fn build(cx: Cx, parsed: &[Parsed], first: usize, tree: &mut Tree) {
    let mut b = Builder { cx, tree, open: Open::default(), group: None, purpose: None, country: None, venue: false };
    let mut i = first;
    while i < parsed.len() {
        // sentences with an address in them have their own reader
        let sentence = crate::segment::Features::named("sentence").unwrap_or_default();
        let runs = |p: &&Parsed| {
            p.unit.class == Class::Prose || p.unit.class == Class::Contact && p.unit.features.has(sentence)
        };
        let prose = parsed[i..].iter().take_while(runs).count();
        if prose > 0 {
            b.close();
            super::prose::contacts(cx, &parsed[i..i + prose], b.tree);
            i += prose;
            continue;
        }
        // a table's row of people has been read by its columns
        if !matches!(parsed[i].unit.class, Class::Participant | Class::Cell) {
            b.unit(&parsed[i]);
        }
        i += 1;
    }
    b.close();
    linked::addresses(cx, tree);
    torn::join(tree);
    // people without data keep what the block says of them
    let bare = |c: &ContactTree| c.phones.is_empty() && c.emails.is_empty() && c.urls.is_empty();
    let affiliated = |p: &PersonValue| p.organisation.is_some() && (p.position.is_some() || p.country.is_some());
    let people = tree.contacts.iter().filter(|c| bare(c)).filter_map(|c| c.person.clone()).filter(affiliated);
    let people: Vec<PersonValue> = people.collect();
    tree.others.extend(people);
    let owned = |c: &ContactTree| c.person.is_some() || c.organisation.is_some();
    let links = |c: &&ContactTree| c.phones.is_empty() && c.emails.is_empty() && !owned(c);
    let urls: Vec<Grounded> = tree.contacts.iter().filter(links).flat_map(|c| c.urls.clone()).collect();
    tree.event.urls.extend(urls);
    tree.contacts.retain(|c| !c.phones.is_empty() || !c.emails.is_empty() || !c.urls.is_empty() && owned(c));
}

impl Builder<'_, '_> {
    /// A unit's lines, one by one; where a text of one width parts them, they are one.
    fn unit(&mut self, p: &Parsed) {
        let lines = p.unit.lines.clone();
        let flows = |n: usize| self.cx.s.lines[n].filled == Some(true) || crosses(self.cx.s.view(), n, self.cx.s);
        let whole = lines.len() > 1 && lines.clone().skip(1).all(flows);
        if whole && !p.unit.flat.marks.iter().all(|m| !is_data(&m.kind)) {
            return self.words(&p.unit.flat, lines.start);
        }
        for n in lines {
            let span = crate::segment::bullet(self.cx.s.text, self.cx.s.lines[n].span).1;
            self.words(&Flat::new(self.cx.s, &[span], ""), n);
        }
    }

    /// What stands on line `i` and those that it flows into.
    fn words(&mut self, flat: &Flat, i: usize) {
        let line = &self.cx.s.lines[i];
        // what stands aside is the site's; data for programs and a mail's head have their own readers
        if line.target || line.aside || super::mail::is_head(line) {
            return;
        }
        if self.country_heading(self.cx.s.view(), i, crate::segment::bullet(self.cx.s.text, line.span).1) {
            return;
        }
        let v = self.cx.view(flat);
        let mut span = flat.all();
        if let Some((label, name)) = labelled_owner(v, span) {
            self.close();
            self.group = None;
            self.purpose = self.told(flat, label, "base/contacts/purpose");
            span = name;
        }
        let text = v.of(span);
        if v.marks_in(span).any(|m| is_data(&m.kind)) {
            return self.data(flat, span);
        }
        if text.starts_with('(') && text.ends_with(')') {
            self.close();
            self.purpose = self.told(flat, v.strip(span, "() "), "base/contacts/purpose");
            return;
        }
        if let Some((s, p)) =
            v.phrase_at(span.start, Set::ContactsHead).filter(|(s, _)| span.end.saturating_sub(s.end) <= 24)
        {
            self.close();
            let all = self.told(flat, v.strip(span, ": "), "base/contacts/head");
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
        if had_data && self.venue && line.blanks > 0 {
            // what stands apart below the house's numbers is no more the house's
            self.venue = false;
            self.purpose = None;
        }
        let span = labelled_name(v, span);
        let affiliated = crate::parse::names::expected_at(v, span)
            .filter(|n| [",", "  "].iter().any(|w| v.of(Span::new(n.end(), span.end)).starts_with(w)));
        if !self.venue && affiliated.is_some() {
            let found = crate::parse::expected_people(self.cx, flat, span);
            if found.len() == 1 && !self.place_like(v, found[0].name.pieces.first().copied().unwrap_or(span)) {
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
            let people = crate::parse::expected_people(self.cx, flat, span);
            self.open.contact.person = people.into_iter().next();
            self.open.contact.line = i;
            return;
        }
        if !labelled {
            let first = self.open.parts.is_empty();
            self.open.parts.extend(flat.source(span).0);
            if first && self.open.contact.person.is_none() {
                self.open.contact.line = i;
            }
        }
    }

    /// What a heading or label says.
    fn told(&self, flat: &Flat, span: Span, rule: &str) -> Option<Grounded> {
        self.cx.read(flat, span, "text", &[], rule, 0.85)
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
            p.country = p.country.take().or_else(|| self.country.as_ref().map(|c| c.value.clone()));
        } else if filled && open.parts.first().is_some_and(|p| named(self.cx.s.view(), *p)) {
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
            if let (true, Some(house)) = (self.venue && filled && self.tree.event.venue.name.is_none(), &c.organisation)
            {
                self.tree.event.venue.name = Some(house.clone());
            }
            self.tree.contacts.push(c);
        }
    }
}

/// Whether a mark is a number, an address or a link.
fn is_data(kind: &MarkKind) -> bool {
    matches!(kind, MarkKind::Phone | MarkKind::Email | MarkKind::Url)
}

/// Whether a number or an address began on the line before line `n`.
fn crosses(v: View, n: usize, s: &crate::scan::Scanned) -> bool {
    let Some(before) = n.checked_sub(1).map(|b| &s.lines[b]) else { return false };
    let start = s.lines[n].span.start;
    let near = v.marks_in(Span::new(before.span.start, s.lines[n].span.end));
    near.filter(|m| is_data(&m.kind)).any(|m| m.span.start < before.span.end && m.span.end > start)
}

/// Whether a line can be a body's name: no run of small words, as a sentence or an instruction has it.
fn named(v: View, span: Span) -> bool {
    let words: Vec<&str> = v.of(span).split_whitespace().collect();
    if !v.of(span).contains(char::is_alphabetic) {
        return false;
    }
    let small = words.iter().filter(|w| w.starts_with(char::is_lowercase)).count();
    v.lower || words.len() < 4 || small * 2 <= words.len()
}

/// "Contact: Ann Lee, …": what the block is for, and its owner.
fn labelled_owner(v: View, span: Span) -> Option<(Span, Span)> {
    let (head, _) = v.phrase_at(span.start, Set::ContactsHead)?;
    let rest = Span::new(head.end, span.end);
    let colon = v.of(rest).find(':').filter(|c| *c <= 40)?;
    let label = Span::new(span.start, rest.start + colon);
    let name = v.trim(Span::new(label.end + 1, span.end));
    crate::parse::names::expected_at(v, name).map(|_| (label, name))
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
            crate::segment::ends_open(text, cx.g)
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

/// The blocks of contacts that stand before the programme: a box beside its head, a letter's.
pub(super) fn before(cx: Cx, head: &[Parsed], tree: &mut Tree) {
    let contact = |p: &Parsed| p.unit.class == Class::Contact;
    let mut at = 0;
    while let Some(first) = head[at..].iter().position(contact).map(|i| at + i) {
        let end = first + head[first..].iter().take_while(|p| contact(p)).count();
        let owner = |p: &&Parsed| p.unit.class == Class::Person || contacts_head(cx, p);
        let above = head[at..first].iter().rev().take(3).take_while(owner).count();
        // a sender's line of numbers alone is no block
        if above > 0 {
            build(cx, &head[first - above..end], 0, tree);
        }
        at = end;
    }
}

fn contacts_head(cx: Cx, p: &Parsed) -> bool {
    let v = cx.s.view();
    p.unit.class == Class::Head && v.phrase_at(p.unit.first(cx.s).span.start, Set::ContactsHead).is_some()
}

/// Where contacts begin behind the last row: at the first unit of the part that holds contact data.
pub(super) fn behind(parsed: &[Parsed], first: usize) -> usize {
    let row = |p: &Parsed| {
        let numbered = p.entry.number.as_ref().is_some_and(|n| n.word.is_some());
        matches!(p.unit.class, Class::Row | Class::Day)
            || numbered && !matches!(p.unit.class, Class::Property | Class::Furniture)
    };
    let last = parsed.iter().rposition(row).map_or(first, |i| i + 1);
    let Some(data) = parsed[last..]
        .iter()
        .position(|p| p.unit.flat.marks.iter().any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email)))
    else {
        return parsed.len();
    };
    let told = |p: &Parsed| p.entry.field.as_ref().is_some_and(|(f, _)| f == "contact");
    // the lines right above belong to it, where no label of its own behind a blank line parts them
    let mut from = last + data;
    let blank = crate::segment::Features::named("after-blank").unwrap_or_default();
    let parted = |p: &Parsed| told(p) && p.unit.features.has(blank);
    while from > last
        && parsed.get(from).is_some_and(|p| !parted(p))
        && from + 4 > last + data
        && (matches!(
            parsed[from - 1].unit.class,
            Class::Person | Class::Text | Class::Head | Class::Place | Class::Contact
        ) || told(&parsed[from - 1]))
    {
        from -= 1;
    }
    from
}
