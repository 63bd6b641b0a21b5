//! `<document>.vcf`: people and contacts as vCards (RFC 6350, version 4.0).
//!
//! In: a record. Out: a card a person, with the contacts that are the person's, and a card a contact of a body. Never: a
//! phone number as a `tel:` address that could not be read.

use std::io;

use super::content_lines::Lines;
use super::loss::{Carry, How, Loss};
use super::{Made, OneFile};
use crate::model::{Contact, Person, Phone, PhoneKind, Record};

/// One file with cards a document.
pub struct Vcard;

impl OneFile for Vcard {
    const ENDING: &'static str = "vcf";

    fn carries(&self) -> Carry {
        Carry {
            whole: &[
                "people.{uid,name,honorific,given,family,suffix,position,organisation,country}",
                "contacts.{person,organisation,phones,emails,urls,address,group}",
            ],
            text: &["contacts.purpose"],
            cleans: true,
        }
    }

    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made> {
        if record.people.is_empty() && record.contacts.is_empty() {
            return Ok(Made::Nothing("no people or contacts"));
        }
        let mut lines = Lines::default();
        for person in &record.people {
            let own: Vec<&Contact> =
                record.contacts.iter().filter(|c| c.person.as_deref() == Some(person.id.as_str())).collect();
            card(&mut lines, record, Some(person), &own);
        }
        for contact in record.contacts.iter().filter(|c| c.person.is_none()) {
            card(&mut lines, record, None, &[contact]);
        }
        let unread = record.contacts.iter().flat_map(|c| &c.phones).filter(|p| p.e164.is_none()).count() as u64;
        loss.add("contacts.phones.e164", How::Text, "not read as a number: as it stands in the document", unread);
        Ok(Made::File(lines.into_bytes()))
    }
}

fn card(lines: &mut Lines, record: &Record, person: Option<&Person>, contacts: &[&Contact]) {
    lines.raw("BEGIN", "VCARD");
    lines.raw("VERSION", "4.0");
    lines.raw("PRODID", concat!("-//agendata//agendata ", env!("CARGO_PKG_VERSION"), "//EN"));
    match person {
        Some(person) => individual(lines, person),
        None => body(lines, record, contacts),
    }
    for contact in contacts {
        points(lines, contact, person.is_some());
    }
    lines.raw("END", "VCARD");
}

fn individual(lines: &mut Lines, person: &Person) {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    lines.raw("KIND", "individual");
    lines.text("UID", &person.uid);
    lines.text("FN", &person.name);
    // A name whose parts are not known stands in the place of the family name.
    let family = person.family.clone().unwrap_or_else(|| match &person.given {
        None => person.name.clone(),
        Some(_) => String::new(),
    });
    let parts = [family, text(&person.given), String::new(), text(&person.honorific), text(&person.suffix)];
    lines.list("N", &parts, ';');
    if let Some(position) = &person.position {
        lines.text("TITLE", position);
    }
    if let Some(organisation) = &person.organisation {
        lines.text("ORG", organisation);
    }
    if let Some(country) = &person.country {
        lines.list("ADR;TYPE=work", &["", "", "", "", "", "", country], ';');
    }
}

fn body(lines: &mut Lines, record: &Record, contacts: &[&Contact]) {
    let contact = contacts.first();
    let named = contact.and_then(|c| c.organisation.clone().or_else(|| c.purpose.clone()).or_else(|| c.group.clone()));
    lines.raw("KIND", if contact.is_some_and(|c| c.organisation.is_some()) { "org" } else { "group" });
    let id = contact.map_or("c0", |c| c.id.as_str());
    lines.text("UID", &format!("{}-{id}", record.id));
    let event = || record.event.title.clone().unwrap_or_else(|| "Contact".to_owned());
    lines.text("FN", &named.unwrap_or_else(event));
    lines.raw("N", ";;;;");
}

fn points(lines: &mut Lines, contact: &Contact, of_person: bool) {
    if let Some(organisation) = &contact.organisation {
        lines.text(if of_person { "ORG;TYPE=contact" } else { "ORG" }, organisation);
    }
    contact.phones.iter().for_each(|p| phone(lines, p));
    contact.emails.iter().for_each(|e| lines.text("EMAIL;TYPE=work", e));
    contact.urls.iter().for_each(|u| lines.raw("URL", u));
    if let Some(address) = &contact.address {
        lines.list("ADR;TYPE=work", &["", "", address, "", "", "", ""], ';');
    }
    if let Some(group) = &contact.group {
        lines.text("CATEGORIES", group);
    }
    if let Some(purpose) = &contact.purpose {
        lines.text("NOTE", purpose);
    }
}

fn phone(lines: &mut Lines, phone: &Phone) {
    let kind = match phone.kind {
        PhoneKind::Tel => "voice",
        PhoneKind::Fax => "fax",
        PhoneKind::Mobile => "cell",
        PhoneKind::Other => "textphone",
    };
    let kind = if phone.kind == PhoneKind::Other { "work".to_owned() } else { format!("\"work,{kind}\"") };
    match &phone.e164 {
        Some(number) => {
            let extension = phone.extension.as_ref().map(|x| format!(";ext={}", digits(x))).unwrap_or_default();
            lines.raw(&format!("TEL;VALUE=uri;TYPE={kind}"), &format!("tel:{number}{extension}"));
        }
        None => lines.text(&format!("TEL;VALUE=text;TYPE={kind}"), &phone.raw),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
