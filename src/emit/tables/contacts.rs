//! The tables `contacts` and `contact_points`. In: a record. Out: rows. Never: more than the record holds.

use super::{Cell, Column, Document, Ground, Kind::*, Link, Rows, TO_DOCUMENT, made, may, maybe, must, text, word};
use crate::model::{Contact, Person, Phone, Record};

/// One row a contact block.
pub struct Contacts;

/// A contact with its place in the document.
pub struct ContactRow<'a> {
    record: &'a Record,
    contact: &'a Contact,
    ground: Ground,
}

impl<'a> ContactRow<'a> {
    fn person(&self) -> Option<&'a Person> {
        let id = self.contact.person.as_deref()?;
        self.record.people.iter().find(|p| p.id == id)
    }
}

impl Rows for Contacts {
    type Row<'a> = ContactRow<'a>;
    const NAME: &'static str = "contacts";
    const ABOUT: &'static str = "Contact blocks";
    const KEY: &'static [&'static str] = &["document", "id"];
    const LINKS: &'static [Link] =
        &[TO_DOCUMENT, Link { columns: &["person_uid"], table: "people", targets: &["uid"] }];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("id", Text, "identifier in the document", |r| text(&r.contact.id)),
        may("person", Text, "id of the person", |r| maybe(&r.contact.person)),
        may("person_uid", Text, "uid of the person", |r| r.person().map_or(Cell::Absent, |p| text(&p.uid))),
        may("organisation", Text, "the body, where no person is named", |r| maybe(&r.contact.organisation)),
        may("group", Text, "heading that it stands under", |r| maybe(&r.contact.group)),
        may("purpose", Text, "what it is for", |r| maybe(&r.contact.purpose)),
        may("address", Text, "postal address", |r| maybe(&r.contact.address)),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of its values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        for (at, contact) in document.record.contacts.iter().enumerate() {
            let ground = Ground::of(document, &format!("/contacts/{at}"));
            take(ContactRow { record: document.record, contact, ground });
        }
    }
}

/// One row a phone number, e-mail or web address.
pub struct ContactPoints;

/// A way to reach a contact.
pub struct PointRow<'a> {
    record: &'a Record,
    contact: &'a Contact,
    number: usize,
    kind: &'static str,
    value: Option<&'a str>,
    phone: Option<&'a Phone>,
    ground: Ground,
}

impl Rows for ContactPoints {
    type Row<'a> = PointRow<'a>;
    const NAME: &'static str = "contact_points";
    const ABOUT: &'static str = "Phone numbers, e-mails and web addresses of contacts";
    const KEY: &'static [&'static str] = &["document", "id"];
    const LINKS: &'static [Link] =
        &[TO_DOCUMENT, Link { columns: &["document", "contact"], table: "contacts", targets: &["document", "id"] }];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("id", Text, "identifier in the document", |r| made(format!("{}.{}", r.contact.id, r.number))),
        must("contact", Text, "id of the contact", |r| text(&r.contact.id)),
        must("kind", Text, "tel, fax, mobile, other, email or url", |r| word(r.kind)),
        may("value", Text, "phone in E.164, e-mail or web address", |r| r.value.map_or(Cell::Absent, text)),
        may("raw", Text, "phone as it stands in the document", |r| r.phone.map_or(Cell::Absent, |p| text(&p.raw))),
        may("extension", Text, "extension", |r| r.phone.map_or(Cell::Absent, |p| maybe(&p.extension))),
        may("valid", Boolean, "whether such a phone number can be", |r| {
            r.phone.map_or(Cell::Absent, |p| Cell::Boolean(p.valid))
        }),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of its values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        for (at, contact) in document.record.contacts.iter().enumerate() {
            let phones = contact.phones.iter().enumerate().map(|(n, phone)| {
                (phone.kind.as_str(), phone.e164.as_deref(), Some(phone), format!("/contacts/{at}/phones/{n}"))
            });
            let emails = contact
                .emails
                .iter()
                .enumerate()
                .map(|(n, email)| ("email", Some(email.as_str()), None, format!("/contacts/{at}/emails/{n}")));
            let urls = contact
                .urls
                .iter()
                .enumerate()
                .map(|(n, url)| ("url", Some(url.as_str()), None, format!("/contacts/{at}/urls/{n}")));
            for (number, (kind, value, phone, pointer)) in phones.chain(emails).chain(urls).enumerate() {
                let ground = Ground::of(document, &pointer);
                take(PointRow { record: document.record, contact, number: number + 1, kind, value, phone, ground });
            }
        }
    }
}
