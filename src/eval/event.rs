//! Scores what is said of the document and its event.
//!
//! In: a gold file and a record. Out: rows of the tally. Never: looks at sessions.

use serde_json::Value;

use super::names::Names;
use super::pick::{day, either, list, text, texts, titled, titles};
use super::tally::{Item, Pairing, Tally, similar};

static NOTHING: Value = Value::Null;

/// Kind of document, authors, and the event's own fields.
pub fn score(t: &mut Tally, gold: &Value, pred: &Value, gold_names: &Names, pred_names: &Names) {
    let (ge, pe) = (gold.get("event").unwrap_or(&NOTHING), pred.get("event").unwrap_or(&NOTHING));
    if let Some(kind) = text(gold, "kind") {
        let found = text(pred, "kind").map(|k| Item::new("", k).at("/kind")).into_iter().collect();
        t.equal("kind", vec![Item::new("", kind)], found, &[], Pairing::Key);
    }
    title(t, ge, pe);
    t.equal("event.dates", dates(ge), dates(pe), &[], Pairing::Key);
    let venues = (venue(ge, t), venue(pe, t));
    t.equal("event.venue", venues.0, venues.1, &[], Pairing::Key);
    if !texts(ge, "hosts").is_empty() || !texts(ge, "organisers").is_empty() {
        for key in ["hosts", "organisers"] {
            let found = texts(pe, key).into_iter().enumerate();
            let found: Vec<Item> = found.map(|(i, b)| Item::new("", b).at(format!("/event/{key}/{i}"))).collect();
            t.alike("event.bodies", &texts(ge, key), &found, 0.85, &[]);
        }
    }
    facts(t, ge, pe);
    let authors = |d: &Value, names: &Names| -> Vec<Item> {
        let ids = d.get("source").map(|s| texts(s, "authors")).unwrap_or_default();
        let author = |(i, id): (usize, &String)| {
            Item::new("", names.of(id).unwrap_or_default()).at(format!("/source/authors/{i}"))
        };
        ids.iter().enumerate().map(author).collect()
    };
    let wanted = authors(gold, gold_names);
    if !wanted.is_empty() {
        t.equal("source.authors", wanted, authors(pred, pred_names), &[], Pairing::Like(0.5));
    }
}

fn title(t: &mut Tally, ge: &Value, pe: &Value) {
    let wanted = either(ge.get("title"));
    let found = either(pe.get("title")).into_iter().next();
    let near = found
        .as_deref()
        .and_then(|p| wanted.iter().find(|w| w.as_str() == p).or_else(|| wanted.iter().find(|w| similar(w, p, 0.90))));
    let gold: Vec<String> = near.or(wanted.first()).cloned().into_iter().collect();
    t.either("event.title", "", &gold, found.map(|f| Item::new("", f).at("/event/title")), 0.90);
}

fn dates(event: &Value) -> Vec<Item> {
    let keys = ["start_date", "end_date"];
    keys.iter().filter_map(|k| day(text(event, k)).map(|d| Item::new(*k, d).at(format!("/event/{k}")))).collect()
}

fn venue(event: &Value, t: &Tally) -> Vec<Item> {
    let place = event.get("venue").unwrap_or(&NOTHING);
    let keys = ["name", "city", "country"];
    keys.iter()
        .filter_map(|k| text(place, k).map(|v| Item::new(*k, t.mode.key(&v)).at(format!("/event/venue/{k}"))))
        .collect()
}

fn facts(t: &mut Tally, ge: &Value, pe: &Value) {
    let keys: Vec<&str> = ["edition", "status"].into_iter().filter(|k| ge.get(k).is_some()).collect();
    let fact = |e: &Value, k: &str| e.get(k).map(|v| Item::new(k, v.to_string()).at(format!("/event/{k}")));
    let of = |e: &Value| keys.iter().filter_map(|k| fact(e, k)).collect::<Vec<_>>();
    t.equal("event.facts", of(ge), of(pe), &[], Pairing::Key);
    if let Some(programme) = text(ge, "programme") {
        let found: Vec<Item> =
            text(pe, "programme").into_iter().map(|p| Item::new("", p).at("/event/programme")).collect();
        t.alike("event.facts", &[programme], &found, 0.85, &[]);
    }
    if list(ge, "attendance").next().is_some() {
        let counts = |e: &Value| -> Vec<Item> {
            let count = |(i, a): (usize, &Value)| {
                Item::new("", text(a, "count").unwrap_or_default()).at(format!("/event/attendance/{i}/count"))
            };
            list(e, "attendance").enumerate().map(count).collect()
        };
        t.equal("event.attendance", counts(ge), counts(pe), &[], Pairing::Like(0.5));
    }
    if list(ge, "related").next().is_some() {
        let found = list(pe, "related").enumerate();
        let found = titled(found.map(|(i, r)| (format!("/event/related/{i}"), r)));
        t.alike("event.related", &titles(list(ge, "related")), &found, 0.85, &[]);
    }
}
