//! Scores sessions, their roles and their talks.
//!
//! In: a gold file and a record. Out: rows of the tally. Never: looks at people's own fields.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::names::Names;
use super::pick::{is_optional, list, slot, slot_text, text, texts, titled, titles};
use super::tally::{Item, Pairing, Row, Tally, similar};

/// What the scorers of this file share.
pub struct Both<'a> {
    /// The gold file.
    pub gold: &'a Value,
    /// The record.
    pub pred: &'a Value,
    /// Names in gold.
    pub gold_names: &'a Names,
    /// Names in the record.
    pub pred_names: &'a Names,
}

/// Slots, titles, kinds, numbers, roles, talks, questions and documents.
pub fn score(t: &mut Tally, of: &Both<'_>) {
    let gold: Vec<&Value> = list(of.gold, "sessions").collect();
    let pred: Vec<&Value> = list(of.pred, "sessions").collect();
    let free: Vec<&Value> = gold.iter().copied().filter(|s| is_optional(s)).collect();
    let pairs = align(&gold, &pred);
    slots_and_titles(t, &gold, &pred, &free);
    t.compare_slots(pairs.iter().map(|(i, j)| (pointer(*j), slot_text(&slot(gold[*i], gold[*i])))));
    kinds_and_numbers(t, &gold, &pred, &pairs);
    roles(t, of, &gold, &pred, &pairs);
    talks(t, of, &gold, &pred);
    any_level(t, &gold, &pred);
    for (field, category) in [("questions", "session.questions"), ("documents", "session.documents")] {
        let wanted: Vec<String> = gold.iter().flat_map(|s| texts(s, field)).collect();
        if !wanted.is_empty() {
            let all = pred.iter().enumerate().flat_map(|(j, s)| {
                let listed = texts(s, field).into_iter().enumerate();
                listed.map(move |(k, q)| Item::new("", q).at(format!("{}/{field}/{k}", pointer(j))))
            });
            t.alike(category, &wanted, &all.collect::<Vec<_>>(), 0.90, &[]);
        }
    }
}

fn firm<'a>(items: &[&'a Value]) -> Vec<&'a Value> {
    items.iter().copied().filter(|s| !is_optional(s)).collect()
}

fn slot_item(s: &Value) -> Item {
    Item::new("", slot_text(&slot(s, s)))
}

fn pointer(session: usize) -> String {
    format!("/sessions/{session}")
}

/// The pointers of a slot's three parts.
fn slot_at(date_of: &str, times_of: &str) -> [String; 3] {
    [format!("{date_of}/date"), format!("{times_of}/start"), format!("{times_of}/end")]
}

fn slots_and_titles(t: &mut Tally, gold: &[&Value], pred: &[&Value], free: &[&Value]) {
    let timed = |all: &[&Value]| -> Vec<Item> {
        let all = all.iter().enumerate().filter(|(_, s)| text(s, "start").is_some());
        all.map(|(j, s)| slot_item(s).parts(slot_at(&pointer(j), &pointer(j)))).collect()
    };
    let spare: Vec<Item> = free.iter().map(|s| slot_item(s)).collect();
    let sure = firm(gold);
    t.equal("session.slot", timed(&sure), timed(pred), &spare, Pairing::Parts);
    let spare = titles(free.iter().copied());
    let found = titled(pred.iter().enumerate().map(|(j, s)| (pointer(j), *s)));
    t.alike("session.title", &titles(sure), &found, 0.90, &spare);
}

/// Gold index → index in the record: by slot and title, by slot, by title, by number.
fn align(gold: &[&Value], pred: &[&Value]) -> FxHashMap<usize, usize> {
    let mut pairs = FxHashMap::default();
    let mut used = vec![false; pred.len()];
    let named = |s: &Value| text(s, "title").unwrap_or_default();
    let same_title = |g: &Value, p: &Value| similar(&named(g), &named(p), 0.80);
    let same_slot = |g: &Value, p: &Value| {
        let slot_g = slot(g, g);
        slot_g.iter().any(Option::is_some) && slot_g == slot(p, p)
    };
    let same_number = |g: &Value, p: &Value| text(g, "number").is_some_and(|n| text(p, "number") == Some(n));
    type Test<'t> = &'t dyn Fn(&Value, &Value) -> bool;
    let tests: [Test; 4] = [&|g, p| same_slot(g, p) && same_title(g, p), &same_slot, &same_title, &same_number];
    for test in tests {
        for (i, g) in gold.iter().enumerate() {
            for (j, p) in pred.iter().enumerate() {
                if !pairs.contains_key(&i) && !used[j] && test(g, p) {
                    pairs.insert(i, j);
                    used[j] = true;
                }
            }
        }
    }
    pairs
}

fn kinds_and_numbers(t: &mut Tally, gold: &[&Value], pred: &[&Value], pairs: &FxHashMap<usize, usize>) {
    let at = |i: usize, what: Option<String>| Item::new(format!("session {}", i + 1), what.unwrap_or_default());
    let sure: Vec<usize> = (0..gold.len()).filter(|i| !is_optional(gold[*i])).collect();
    let paired: Vec<(usize, usize)> = sure.iter().filter_map(|i| pairs.get(i).map(|j| (*i, *j))).collect();
    let wanted = sure.iter().map(|i| at(*i, text(gold[*i], "kind"))).collect();
    let found = paired.iter().map(|(i, j)| at(*i, text(pred[*j], "kind")).at(pointer(*j) + "/kind")).collect();
    t.equal("session.kind", wanted, found, &[], Pairing::Key);
    if gold.iter().any(|s| text(s, "number").is_some()) {
        let number = |i: usize, s: &Value| text(s, "number").map(|n| at(i, Some(n)));
        let wanted = paired.iter().filter_map(|(i, _)| number(*i, gold[*i])).collect();
        let found =
            paired.iter().filter_map(|(i, j)| Some(number(*i, pred[*j])?.at(pointer(*j) + "/number"))).collect();
        t.equal("session.number", wanted, found, &[], Pairing::Key);
    }
}

/// A part in an event or session: (place, who, role).
type Part = (String, String, String);

/// Roles of one event or session, each with its pointer.
fn roles_of(key: &str, holder: &Value, names: &Names, at: &str) -> Vec<(Part, String)> {
    let kind = |r: &Value| text(r, "role").unwrap_or_default();
    let all = list(holder, "roles").enumerate();
    all.filter_map(|(n, r)| names.who(r).map(|w| ((key.to_owned(), w, kind(r)), format!("{at}/roles/{n}")))).collect()
}

/// A part as an item; where it stands twice in one record, with both places.
fn role_item(((key, who, role), at): (Part, String), holder: &Value) -> Item {
    let number = at.rsplit('/').next().and_then(|n| n.parse::<usize>().ok()).unwrap_or_default();
    let party = list(holder, "roles").nth(number).is_some_and(|r| text(r, "person").is_none());
    let named = if party { "party" } else { "person" };
    Item::new(key, format!("{who} | {role}")).parts([format!("{at}/{named}"), format!("{at}/role")])
}

fn roles(t: &mut Tally, of: &Both<'_>, gold: &[&Value], pred: &[&Value], pairs: &FxHashMap<usize, usize>) {
    let nothing = Value::Null;
    let (ge, pe) = (of.gold.get("event").unwrap_or(&nothing), of.pred.get("event").unwrap_or(&nothing));
    let key = |i: usize| format!("session {}", i + 1);
    let places = || std::iter::once(("event".to_owned(), ge)).chain(gold.iter().enumerate().map(|(i, s)| (key(i), *s)));
    let free: BTreeSet<String> = (0..gold.len()).filter(|i| is_optional(gold[*i])).map(key).collect();
    let spare = spare_names(of.gold, t);
    let parties = places().any(|(_, s)| list(s, "roles").any(|r| text(r, "party").is_some()));
    let mut doubtful = BTreeSet::new();
    for (place, holder) in places() {
        for r in list(holder, "roles").filter(|r| is_optional(r)) {
            let role = text(r, "role").unwrap_or_default();
            doubtful.insert((place.clone(), of.gold_names.who(r).unwrap_or_default(), role));
        }
    }
    let known = |who: &str| parties || of.pred_names.has(who) || of.gold_names.has(who);
    let counts = |r: &Part| !doubtful.contains(r) && !free.contains(&r.0) && !spare.contains(&r.1) && known(&r.1);
    let items = |place: String, holder: &Value, names: &Names, at: &str| -> Vec<Item> {
        let all = roles_of(&place, holder, names, at).into_iter().filter(|(part, _)| counts(part));
        all.map(|r| role_item(r, holder)).collect()
    };
    let wanted = Item::once(places().flat_map(|(k, s)| items(k, s, of.gold_names, "")));
    let mut found = items("event".to_owned(), pe, of.pred_names, "/event");
    for (i, j) in pairs {
        found.extend(items(key(*i), pred[*j], of.pred_names, &pointer(*j)));
    }
    let paired: BTreeSet<usize> = pairs.values().copied().collect();
    for (j, p) in pred.iter().enumerate().filter(|(j, _)| !paired.contains(j)) {
        if !gold.iter().any(|g| is_optional(g) && excuses(g, p)) {
            found.extend(items(format!("unmatched {}", j + 1), p, of.pred_names, &pointer(j)));
        }
    }
    t.equal("roles", wanted, Item::once(found), &[], Pairing::Like(0.5));
}

/// Whether an optional gold session stands for a session of the record that was paired with none.
fn excuses(gold: &Value, pred: &Value) -> bool {
    let named = |s: &Value| text(s, "title").unwrap_or_default();
    slot(gold, gold) == slot(pred, pred) || similar(&named(gold), &named(pred), 0.8)
}

/// Names of the people that count neither way.
fn spare_names(gold: &Value, t: &Tally) -> BTreeSet<String> {
    let optional = list(gold, "people").filter(|p| is_optional(p));
    optional.map(|p| t.mode.key(&text(p, "name").unwrap_or_default())).collect()
}

fn talks(t: &mut Tally, of: &Both<'_>, gold: &[&Value], pred: &[&Value]) {
    let named = |all: &[&'_ Value]| -> Vec<(String, Value)> {
        let talks = all.iter().enumerate().flat_map(|(j, s)| {
            list(s, "talks").enumerate().map(move |(k, t)| (format!("{}/talks/{k}", pointer(j)), t))
        });
        talks.filter(|(_, k)| text(k, "title").is_some()).map(|(at, k)| (at, k.clone())).collect()
    };
    let all_gold: Vec<Value> = named(gold).into_iter().map(|(_, k)| k).collect();
    let found = named(pred);
    let free = titles(all_gold.iter().filter(|k| is_optional(k)));
    let wanted: Vec<Value> = all_gold.into_iter().filter(|k| !is_optional(k)).collect();
    let spare = spare_names(of.gold, t);
    let places = titled(found.iter().map(|(at, k)| (at.clone(), k)));
    let matched = t.alike("talk.title", &titles(&wanted), &places, 0.90, &free);
    let speakers = |k: &Value, names: &Names, at: &str| -> Vec<Item> {
        let title = text(k, "title").unwrap_or_default();
        let title: String = title.chars().take(50).collect();
        let who = texts(k, "speakers").into_iter().enumerate();
        let who = who.filter_map(|(n, p)| names.of(&p).map(|w| (n, w.to_owned()))).filter(|(_, w)| !spare.contains(w));
        Item::once(who.map(|(n, w)| Item::new(title.clone(), w).at(format!("{at}/speakers/{n}"))))
    };
    let mut hit = vec![false; wanted.len()];
    for (i, j) in matched {
        hit[i] = true;
        let (at, found) = &found[j];
        let at_gold = speakers(&wanted[i], of.gold_names, "");
        let title = text(&wanted[i], "title").unwrap_or_default().chars().take(50).collect::<String>();
        let at_pred = speakers(found, of.pred_names, at).into_iter();
        let at_pred = at_pred.map(|s| Item { key: title.clone(), ..s }).collect();
        t.equal("talk.speakers", at_gold, at_pred, &[], Pairing::Key);
        if let Some(minutes) = duration(&wanted[i]) {
            let at = format!("{at}/duration_minutes/0");
            let got = duration(found).map(|m| Item::new("", m).at(at)).into_iter().collect();
            t.equal("talk.duration", vec![Item::new("", minutes)], got, &[], Pairing::Key);
        }
    }
    let lost = wanted.iter().zip(hit).filter(|(_, h)| !h).flat_map(|(k, _)| speakers(k, of.gold_names, "")).collect();
    t.leftovers("talk.speakers", Row::default(), lost, Vec::new(), Pairing::Key);
}

fn duration(talk: &Value) -> Option<String> {
    talk.get("duration_minutes").filter(|d| d.as_array().is_some_and(|a| !a.is_empty())).map(Value::to_string)
}

/// Slots and titles of sessions and talks together, whatever level they were put on.
fn any_level(t: &mut Tally, gold: &[&Value], pred: &[&Value]) {
    struct At<'v> {
        session: &'v Value,
        thing: &'v Value,
    }
    fn both<'v>(all: &[&'v Value]) -> Vec<At<'v>> {
        let of = |s: &'v Value| std::iter::once(s).chain(list(s, "talks")).map(move |x| At { session: s, thing: x });
        all.iter().flat_map(|s| of(s)).collect()
    }
    let slots = |rows: &[At]| -> Vec<Item> {
        let timed = rows.iter().filter(|r| text(r.thing, "start").is_some());
        timed.map(|r| Item::new("", slot_text(&slot(r.session, r.thing)))).collect()
    };
    let once = |items: Vec<Item>| items.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let named = |rows: &[At]| titles(rows.iter().map(|r| r.thing));
    let shown = |rows: &[At]| named(rows).into_iter().map(|t| Item::new("", t)).collect::<Vec<_>>();
    let (free, sure): (Vec<At>, Vec<At>) =
        both(gold).into_iter().partition(|r| is_optional(r.session) || is_optional(r.thing));
    let found = both(pred);
    t.equal("(any level) slot", once(slots(&sure)), once(slots(&found)), &slots(&free), Pairing::Parts);
    t.alike("(any level) title", &named(&sure), &shown(&found), 0.90, &named(&free));
}
