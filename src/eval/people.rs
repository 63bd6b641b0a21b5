//! Scores people and contacts.
//!
//! In: a gold file and a record. Out: rows of the tally. Never: looks at sessions.

use std::collections::BTreeSet;

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
        all.map(name).collect::<BTreeSet<_>>().into_iter().map(|n| Item::new("", n)).collect()
    };
    let (wanted, found) = (names(&mut sure.iter().copied()), names(&mut list(pred, "people")));
    t.equal("person.name", wanted, found, &spare, Pairing::Like(0.5));
    let by_name = |n: &str| list(pred, "people").filter(|p| name(p) == n).last();
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
            if let Some(got) = by_name(&name(p)) {
                let have = either(got.get(field)).into_iter().next();
                let shown = text(p, "name").unwrap_or_default();
                t.either(category, &shown, &either(p.get(field)), have.as_deref(), least);
            }
        }
    }
}

/// Phones, e-mails, links, extensions and whose they are.
pub fn score_contacts(t: &mut Tally, gold: &Value, pred: &Value, gold_names: &Names, pred_names: &Names) {
    let mode = t.mode;
    type Read = fn(&Value, Mode) -> Vec<Item>;
    let categories: [(&'static str, Read, Pairing); 4] = [
        ("contact.phones", phones, Pairing::Like(0.75)),
        ("contact.emails", mails, Pairing::Like(0.7)),
        ("contact.urls", urls, Pairing::Like(0.7)),
        ("contact.extension", extensions, Pairing::Key),
    ];
    for (category, read, pairing) in categories {
        let all = |d: &Value| once(list(d, "contacts").flat_map(|c| read(c, mode)));
        t.equal(category, all(gold), all(pred), &[], pairing);
    }
    let owned = |d: &Value, names: &Names| once(list(d, "contacts").flat_map(|c| owners(c, names, mode)));
    t.equal("contact.owner", owned(gold, gold_names), owned(pred, pred_names), &[], Pairing::Key);
}

fn once(items: impl Iterator<Item = Item>) -> Vec<Item> {
    items.collect::<BTreeSet<_>>().into_iter().collect()
}

fn good_phones(contact: &Value) -> impl Iterator<Item = (&Value, String)> {
    let valid = |p: &&Value| p.get("valid").and_then(Value::as_bool) != Some(false);
    list(contact, "phones").filter(valid).filter_map(|p| text(p, "e164").map(|e| (p, e)))
}

fn phones(contact: &Value, _: Mode) -> Vec<Item> {
    let kind = |p: &Value| text(p, "kind").unwrap_or_default();
    good_phones(contact).map(|(p, e)| Item::new("", format!("{} {e}", kind(p)))).collect()
}

fn mails(contact: &Value, mode: Mode) -> Vec<Item> {
    texts(contact, "emails").iter().map(|m| Item::new("", mode.key(m))).collect()
}

fn urls(contact: &Value, mode: Mode) -> Vec<Item> {
    let key = |u: &String| if mode == Mode::Strict { u.clone() } else { fold_url(u) };
    texts(contact, "urls").iter().map(|u| Item::new("", key(u))).collect()
}

fn extensions(contact: &Value, _: Mode) -> Vec<Item> {
    let number = |p: &Value| text(p, "e164").unwrap_or_default();
    list(contact, "phones").filter_map(|p| text(p, "extension").map(|x| Item::new(number(p), x))).collect()
}

fn owners(contact: &Value, names: &Names, mode: Mode) -> Vec<Item> {
    let Some(person) = text(contact, "person") else { return Vec::new() };
    let owner = names.of(&person).unwrap_or_default();
    let points = mails(contact, mode).into_iter().map(|m| m.value).chain(good_phones(contact).map(|(_, e)| e));
    points.map(|point| Item::new(point, owner)).collect()
}
