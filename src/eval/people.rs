//! Scores people and contacts.
//!
//! In: a gold file and a record. Out: rows of the tally. Never: looks at sessions.

use serde_json::Value;

use super::fold::fold_url;
use super::names::Names;
use super::pick::{either, is_optional, list, text, texts};
use super::tally::{Item, Mode, Pairing, Tally};

/// Names, positions, organisations, countries.
pub fn score_people(t: &mut Tally, gold: &Value, pred: &Value) {
    let mode = t.mode;
    let name = move |p: &Value| mode.key(&text(p, "name").unwrap_or_default());
    let sure: Vec<&Value> = list(gold, "people").filter(|p| !is_optional(p)).collect();
    let spare: Vec<Item> = list(gold, "people").filter(|p| is_optional(p)).map(|p| Item::new("", name(p))).collect();
    let names = |all: &mut dyn Iterator<Item = &Value>| -> Vec<Item> {
        let named = |(i, p): (usize, &Value)| Item::new("", name(p)).at(format!("/people/{i}/name"));
        Item::once(all.enumerate().map(named))
    };
    let (wanted, found) = (names(&mut sure.iter().copied()), names(&mut list(pred, "people")));
    t.equal("person.name", wanted, found, &spare, Pairing::Like(0.5));
    let by_name = |n: &str| list(pred, "people").enumerate().filter(|(_, p)| name(p) == n).last();
    let fields = [
        ("position", "person.position", 0.85),
        ("organisation", "person.organisation", 0.85),
        ("country", "person.country", 1.0),
    ];
    for (field, category, least) in fields {
        if !list(gold, "people").any(|p| p.get(field).is_some()) {
            continue;
        }
        for p in &sure {
            if let Some((at, got)) = by_name(&name(p)) {
                let have = either(got.get(field)).into_iter().next();
                let have = have.map(|h| Item::new("", h).at(format!("/people/{at}/{field}")));
                let shown = text(p, "name").unwrap_or_default();
                t.either(category, &shown, &either(p.get(field)), have, least);
            }
        }
    }
}

/// Phones, e-mails, links, extensions and whose they are.
pub fn score_contacts(t: &mut Tally, gold: &Value, pred: &Value, gold_names: &Names, pred_names: &Names) {
    let mode = t.mode;
    type Read = fn(&str, &Value, Mode) -> Vec<Item>;
    let categories: [(&'static str, Read, Pairing); 4] = [
        ("contact.phones", phones, Pairing::Like(0.75)),
        ("contact.emails", mails, Pairing::Like(0.7)),
        ("contact.urls", urls, Pairing::Like(0.7)),
        ("contact.extension", extensions, Pairing::Key),
    ];
    for (category, read, pairing) in categories {
        let all = |d: &Value| Item::once(placed(d).flat_map(|(at, c)| read(&at, c, mode)));
        t.equal(category, all(gold), all(pred), &[], pairing);
    }
    let owned = |d: &Value, names: &Names| Item::once(placed(d).flat_map(|(at, c)| owners(&at, c, names, mode)));
    t.equal("contact.owner", owned(gold, gold_names), owned(pred, pred_names), &[], Pairing::Key);
}

/// The contacts with their pointers.
fn placed(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    list(document, "contacts").enumerate().map(|(i, c)| (format!("/contacts/{i}"), c))
}

/// Phones that can be, with their pointer and number.
fn good_phones<'c>(at: &str, contact: &'c Value) -> Vec<(String, &'c Value, String)> {
    let valid = |p: &Value| p.get("valid").and_then(Value::as_bool) != Some(false);
    let all = list(contact, "phones").enumerate().filter(|(_, p)| valid(p));
    all.filter_map(|(i, p)| text(p, "e164").map(|e| (format!("{at}/phones/{i}"), p, e))).collect()
}

fn phones(at: &str, contact: &Value, _: Mode) -> Vec<Item> {
    let kind = |p: &Value| text(p, "kind").unwrap_or_default();
    let all = good_phones(at, contact).into_iter();
    all.map(|(at, p, e)| Item::new("", format!("{} {e}", kind(p))).at(at.clone() + "/e164").at(at + "/kind")).collect()
}

fn mails(at: &str, contact: &Value, mode: Mode) -> Vec<Item> {
    let all = texts(contact, "emails").into_iter().enumerate();
    all.map(|(i, m)| Item::new("", mode.key(&m)).at(format!("{at}/emails/{i}"))).collect()
}

fn urls(at: &str, contact: &Value, mode: Mode) -> Vec<Item> {
    let key = |u: String| if mode == Mode::Strict { u } else { fold_url(&u) };
    let all = texts(contact, "urls").into_iter().enumerate();
    all.map(|(i, u)| Item::new("", key(u)).at(format!("{at}/urls/{i}"))).collect()
}

fn extensions(at: &str, contact: &Value, _: Mode) -> Vec<Item> {
    let number = |p: &Value| text(p, "e164").unwrap_or_default();
    let all = list(contact, "phones").enumerate();
    let read = |(i, p): (usize, &Value)| {
        text(p, "extension").map(|x| Item::new(number(p), x).at(format!("{at}/phones/{i}/extension")))
    };
    all.filter_map(read).collect()
}

fn owners(at: &str, contact: &Value, names: &Names, mode: Mode) -> Vec<Item> {
    let Some(person) = text(contact, "person") else { return Vec::new() };
    let owner = names.of(&person).unwrap_or_default();
    let numbers = good_phones(at, contact).into_iter().map(|(_, _, e)| e);
    let points = mails(at, contact, mode).into_iter().map(|m| m.value).chain(numbers);
    points.map(|point| Item::new(point, owner).at(format!("{at}/person"))).collect()
}
