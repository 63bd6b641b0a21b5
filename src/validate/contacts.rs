//! Checks of phones and e-mails.
//!
//! In: a finished record. Out: findings A0702, A0712. Never: drops a number or an address.

use crate::model::{Diagnostic, Record};

use super::at;

/// A0702: a telephone number that cannot be.
pub fn impossible_phone(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, c) in record.contacts.iter().enumerate() {
        for (k, p) in c.phones.iter().enumerate().filter(|(_, p)| !p.valid) {
            let read = p.e164.as_deref().map_or(String::new(), |e| format!(" ({e})"));
            let message = format!("expected a number of a known numbering plan, but found {:?}{read}", p.raw);
            let field = if p.e164.is_some() { "e164" } else { "raw" };
            found.push(at(record, "A0702", message, format!("/contacts/{i}/phones/{k}/{field}")));
        }
    }
    found
}

/// A0712: an e-mail address that cannot be.
pub fn impossible_email(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, c) in record.contacts.iter().enumerate() {
        for (k, mail) in c.emails.iter().enumerate() {
            if let Err(expected) = check_email(mail) {
                let message = format!("expected {expected}, but found {mail:?}");
                found.push(at(record, "A0712", message, format!("/contacts/{i}/emails/{k}")));
            }
        }
    }
    found
}

/// What an address lacks to be one.
fn check_email(mail: &str) -> Result<(), &'static str> {
    let (local, domain) = mail.split_once('@').ok_or("an address with @")?;
    if domain.contains('@') {
        return Err("an address with one @");
    }
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_{|}~-.".contains(c);
    if local.is_empty() || local.len() > 64 || !local.chars().all(fits) {
        return Err("a mail box before the @");
    }
    if local.starts_with('.') || local.ends_with('.') || mail.contains("..") {
        return Err("no empty part between dots");
    }
    let labels: Vec<&str> = domain.split('.').collect();
    let label = |l: &&str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-');
    if labels.len() < 2 || !labels.iter().all(label) {
        return Err("a domain with a dot");
    }
    if !domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.') {
        return Err("a domain of letters, digits and hyphens");
    }
    match labels.last() {
        Some(top) if top.chars().count() >= 2 && !top.chars().any(|c| c.is_ascii_digit()) => Ok(()),
        Some(top) if top.starts_with("xn--") => Ok(()),
        _ => Err("a top-level domain of letters"),
    }
}

#[cfg(test)]
mod tests {
    use super::check_email;

    #[test]
    fn addresses_that_can_be() {
        for mail in ["jane.doe@example.org", "o'hara+x@mail.example.co.uk", "a@b.xn--p1ai"] {
            assert_eq!(check_email(mail), Ok(()), "{mail}");
        }
    }

    #[test]
    fn addresses_that_cannot_be() {
        for mail in ["jane", "@x.org", "a@b", "a@@b.org", "a b@c.org", "a@b.0rg", "a..b@c.org", "a@-b.org", "a@b.c"] {
            assert!(check_email(mail).is_err(), "{mail}");
        }
    }
}
