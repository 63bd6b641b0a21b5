//! What a user wants left out of an export, for the sake of the people in it.
//!
//! In: a record that was read, parts. Out: the record without them, and how many values went. Never: touches the dataset;
//! lets them out by another way: the document's text and findings about such values go too.

use super::dataset::Read;
use crate::emit::formats::{How, Loss};
use crate::model::Contact;

/// Why the values are not there.
const WHY: &str = "left out as the user wished (--without)";

/// A part of contacts that says how to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Private {
    /// E-mail addresses.
    Emails,
    /// Phone and fax numbers.
    Phones,
    /// Postal addresses.
    Addresses,
}

impl Private {
    /// Every part.
    pub const ALL: &[Private] = &[Private::Emails, Private::Phones, Private::Addresses];

    /// Its word on the command line, which is its field.
    pub fn word(self) -> &'static str {
        match self {
            Private::Emails => "emails",
            Private::Phones => "phones",
            Private::Addresses => "addresses",
        }
    }

    fn field(self) -> &'static str {
        match self {
            Private::Emails => "contacts.emails",
            Private::Phones => "contacts.phones",
            Private::Addresses => "contacts.address",
        }
    }

    /// Takes it out of a contact; how many there were.
    fn take(self, contact: &mut Contact) -> usize {
        match self {
            Private::Emails => std::mem::take(&mut contact.emails).len(),
            Private::Phones => std::mem::take(&mut contact.phones).len(),
            Private::Addresses => contact.address.take().into_iter().count(),
        }
    }

    /// Whether a pointer leads to one.
    fn is_at(self, pointer: &str) -> bool {
        let mut parts = pointer.split('/').skip(1);
        let name = self.field().trim_start_matches("contacts.");
        parts.next() == Some("contacts") && parts.nth(1) == Some(name)
    }
}

/// What a record loses by it: field and number of values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone(Vec<(&'static str, u64)>);

impl Gone {
    /// Counts it among what a format could not carry.
    pub fn tell(&self, loss: &mut Loss) {
        self.0.iter().for_each(|(field, count)| loss.add(field, How::Dropped, WHY, *count));
    }
}

/// Takes these parts out of a record that was read.
pub fn leave_out(read: &mut Read, parts: &[Private]) -> Gone {
    let mut gone = Gone::default();
    if parts.is_empty() {
        return gone;
    }
    let record = &mut read.record;
    for part in parts {
        let count: usize = record.contacts.iter_mut().map(|c| part.take(c)).sum();
        gone.0.push((part.field(), count as u64));
    }
    let is_private = |pointer: &str| parts.iter().any(|p| p.is_at(pointer));
    record.evidence.retain(|pointer, _| !is_private(pointer));
    record.alternatives.retain(|pointer, _| !is_private(pointer));
    record.diagnostics.retain(|d| d.at.as_deref().is_none_or(|at| !is_private(at)));
    gone.0.push(("text", u64::from(read.text.take().is_some())));
    read.value = serde_json::to_value(&read.record).unwrap_or_default();
    gone
}
