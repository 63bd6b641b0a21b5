//! Checks of who is where.
//!
//! In: a finished record. Out: findings A0704, A0705, A0715, A0723. Never: moves anyone.

use rustc_hash::FxHashMap;

use crate::grammar::{Grammar, Set};
use crate::model::{Diagnostic, Record, Role, RoleKind, Session, SessionKind};

use super::slot::{Slot, overlapping, parents, related};
use super::{at, pointer_of_role};

/// A0704: two sessions take place in one room at one time.
pub fn room_taken_twice(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, j) in overlapping(record) {
        let (a, b) = (&record.sessions[i], &record.sessions[j]);
        let pause = |s: &Session| matches!(s.kind, SessionKind::Break | SessionKind::Meal);
        let Some(place) = same_place(a, b).filter(|_| !pause(a) && !pause(b)) else { continue };
        let message = format!("{} and {} overlap in {place}", named(a), named(b));
        found.push(at(record, "A0704", message, format!("/sessions/{j}")));
    }
    found
}

/// The place that both sessions state.
fn same_place<'a>(a: &'a Session, b: &Session) -> Option<&'a str> {
    match (&a.venue.room, &b.venue.room) {
        (Some(x), Some(y)) => (x == y && agree(&a.venue.name, &b.venue.name)).then_some(x.as_str()),
        (None, None) => a.venue.name.as_deref().filter(|_| a.venue.name == b.venue.name),
        _ => None,
    }
}

fn agree(a: &Option<String>, b: &Option<String>) -> bool {
    a.is_none() || b.is_none() || a == b
}

fn named(s: &Session) -> String {
    let slot = [s.start.as_deref(), s.end.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("–");
    match &s.title {
        Some(t) => format!("\"{t}\" ({slot})"),
        None => format!("{} ({slot})", s.id),
    }
}

/// Someone's part in the programme.
struct Part {
    session: usize,
    role: usize,
    slot: Slot,
}

/// Parts of a person that are compared with each other: the last ones before each. Nobody has more in a real programme.
const MOST_BEFORE: usize = 200;

/// A0705: a person is in two places at once.
pub fn in_two_places(record: &Record) -> Vec<Diagnostic> {
    let parents = parents(record);
    let mut parts: FxHashMap<&str, Vec<Part>> = FxHashMap::default();
    for (i, s) in record.sessions.iter().enumerate() {
        for (k, role) in s.roles.iter().enumerate().filter(|(_, r)| takes_part(r)) {
            let talk = role.talk.as_ref().and_then(|id| s.talks.iter().find(|t| t.id == *id));
            let slot = talk.map_or_else(|| Slot::of(s), |t| Slot::of_talk(t, s));
            if let (Some(person), Some(slot)) = (role.person.as_deref(), slot) {
                parts.entry(person).or_default().push(Part { session: i, role: k, slot });
            }
        }
    }
    let mut found = Vec::new();
    for person in &record.people {
        let own = parts.get(person.id.as_str()).map_or(&[][..], Vec::as_slice);
        for (n, b) in own.iter().enumerate() {
            let clash = own[n.saturating_sub(MOST_BEFORE)..n].iter().find(|a| {
                let (x, y) = (&record.sessions[a.session], &record.sessions[b.session]);
                a.session != b.session
                    && x.date == y.date
                    && a.slot.overlaps(b.slot)
                    && !related(&parents, a.session, b.session)
            });
            if let Some(a) = clash {
                let (x, y) = (&record.sessions[a.session], &record.sessions[b.session]);
                let message = format!("{} has a part in {} and in {} at once", person.name, named(x), named(y));
                let pointer = pointer_of_role(b.session, b.role) + "/person";
                found.push(at(record, "A0705", message, pointer));
            }
        }
    }
    found
}

fn takes_part(role: &Role) -> bool {
    use RoleKind::{Author, Host, Organiser, Participant};
    !matches!(role.role, Participant | Organiser | Host | Author)
}

/// A0723: a position or a body in which an honorific stands, or a number as long as a phone's: more is in it than one person's.
pub fn holds_more(record: &Record, g: &Grammar) -> Vec<Diagnostic> {
    /// No room or year has so many digits.
    const PHONE: usize = 7;
    let more = |value: &str| {
        // "Minister" may be a job; "Mr" at the end, or "Mr." inside, is somebody else's
        let honorific = |w: &str| {
            let bare = w.trim_matches(|c: char| !c.is_alphanumeric());
            (w.ends_with('.') || value.ends_with(w)) && bare.len() <= 4 && g.lookup(Set::Honorific, bare).is_some()
        };
        let number = value.bytes().filter(u8::is_ascii_digit).count() >= PHONE;
        number || value.split_whitespace().skip(1).any(honorific)
    };
    let mut found = Vec::new();
    for (i, p) in record.people.iter().enumerate() {
        for (field, value) in [("position", &p.position), ("organisation", &p.organisation)] {
            if value.as_deref().is_some_and(more) {
                let message = format!("expected the {field} of {}, but found more in it", p.name);
                found.push(at(record, "A0723", message, format!("/people/{i}/{field}")));
            }
        }
    }
    found
}

/// A0715: a role that nobody has.
pub fn role_of_nobody(record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut check = |pointer: String, roles: &[Role]| {
        for (k, role) in roles.iter().enumerate().filter(|(_, r)| r.person.is_none() && r.party.is_none()) {
            let message = format!("expected a person or body as {}, but found none", role.role);
            found.push(at(record, "A0715", message, format!("{pointer}/roles/{k}")));
        }
    };
    check("/event".to_owned(), &record.event.roles);
    for (i, r) in record.event.related.iter().enumerate() {
        check(format!("/event/related/{i}"), &r.roles);
    }
    for (i, s) in record.sessions.iter().enumerate() {
        check(format!("/sessions/{i}"), &s.roles);
    }
    found
}
