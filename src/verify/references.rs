//! Ids, and what refers to them.
//!
//! In: a record. Out: mismatches. Never: looks at the text but for mentions.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::evidence::read_phone;
use crate::model::{Role, RoleKind, SCHEMA, Session};

use super::checker::Checker;

/// Schema and id of the record, ids of its things, and every reference.
pub fn check(c: &mut Checker<'_>) {
    let record = c.record;
    if record.schema != SCHEMA {
        c.fail("/schema", format!("expected {SCHEMA:?}, but found {:?}", record.schema));
    }
    if record.source.sha256.len() != 64 || !record.source.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        c.fail("/source/sha256", "expected 64 hexadecimal digits");
    } else if record.source.sha256.get(..16) != Some(record.id.as_str()) {
        c.fail("/id", format!("expected the first 16 digits of the SHA-256, but found {:?}", record.id));
    }
    numbered(c, "sessions", "s", record.sessions.iter().map(|s| (s.id.as_str(), Some(s.uid.as_str()))).collect());
    numbered(c, "people", "p", record.people.iter().map(|p| (p.id.as_str(), Some(p.uid.as_str()))).collect());
    numbered(c, "contacts", "c", record.contacts.iter().map(|x| (x.id.as_str(), None)).collect());
    for (i, s) in record.sessions.iter().enumerate() {
        let talks = s.talks.iter().map(|t| (t.id.as_str(), Some(t.uid.as_str()))).collect();
        numbered(c, &format!("sessions/{i}/talks"), &format!("{}.t", s.id), talks);
    }
    people(c);
    sessions(c);
    mentions(c);
    phones(c);
}

fn numbered(c: &mut Checker<'_>, list: &str, prefix: &str, ids: Vec<(&str, Option<&str>)>) {
    for (i, (id, uid)) in ids.into_iter().enumerate() {
        let expected = format!("{prefix}{}", i + 1);
        if id != expected {
            c.fail(&format!("/{list}/{i}/id"), format!("expected {expected:?}, but found {id:?}"));
        }
        if uid == Some("") {
            c.fail(&format!("/{list}/{i}/uid"), "expected an identifier, but found none");
        }
    }
}

/// Every person's id that is used anywhere.
fn people<'a>(c: &mut Checker<'a>) {
    let record = c.record;
    let known: BTreeSet<&str> = record.people.iter().map(|p| p.id.as_str()).collect();
    let mut used: Vec<(String, &'a str)> = Vec::new();
    let mut of_roles = |holder: String, roles: &'a [Role]| {
        let named = roles.iter().enumerate().filter_map(|(k, r)| r.person.as_deref().map(|id| (k, id)));
        used.extend(named.map(|(k, id)| (format!("{holder}/roles/{k}/person"), id)));
    };
    of_roles("/event".to_owned(), &record.event.roles);
    for (i, r) in record.event.related.iter().enumerate() {
        of_roles(format!("/event/related/{i}"), &r.roles);
    }
    for (i, s) in record.sessions.iter().enumerate() {
        of_roles(format!("/sessions/{i}"), &s.roles);
    }
    for (i, s) in record.sessions.iter().enumerate() {
        for (k, t) in s.talks.iter().enumerate() {
            let speakers = t.speakers.iter().enumerate();
            used.extend(speakers.map(|(n, id)| (format!("/sessions/{i}/talks/{k}/speakers/{n}"), id.as_str())));
        }
    }
    for (i, x) in record.contacts.iter().enumerate() {
        used.extend(x.person.as_deref().map(|id| (format!("/contacts/{i}/person"), id)));
    }
    let authors = record.source.authors.iter().enumerate();
    used.extend(authors.map(|(n, id)| (format!("/source/authors/{n}"), id.as_str())));
    for (pointer, id) in used {
        if !known.contains(id) {
            c.fail(&pointer, "expected a person of this record");
        }
    }
}

fn sessions(c: &mut Checker<'_>) {
    let record = c.record;
    for (i, s) in record.sessions.iter().enumerate() {
        if let Some(parent) = &s.parent {
            let holder = record.sessions.iter().find(|x| x.id == *parent);
            if holder.is_none() || is_circle(&record.sessions, s) {
                c.fail(
                    &format!("/sessions/{i}/parent"),
                    format!("expected a session that holds it, but found {parent:?}"),
                );
            }
        }
        for (k, r) in s.roles.iter().enumerate() {
            let Some(id) = &r.talk else { continue };
            let pointer = format!("/sessions/{i}/roles/{k}/talk");
            match s.talks.iter().find(|t| t.id == *id) {
                None => c.fail(&pointer, format!("expected a talk of this session, but found {id:?}")),
                Some(t) if r.role == RoleKind::Speaker && !r.person.as_ref().is_none_or(|p| t.speakers.contains(p)) => {
                    c.fail(&pointer, format!("the speaker is none of talk {id}"));
                }
                Some(_) => {}
            }
        }
        for (k, t) in s.talks.iter().enumerate() {
            for (n, id) in t.speakers.iter().enumerate() {
                let has = |r: &Role| r.person.as_ref() == Some(id) && r.talk.as_ref() == Some(&t.id);
                if !s.roles.iter().any(has) {
                    c.fail(
                        &format!("/sessions/{i}/talks/{k}/speakers/{n}"),
                        format!("{id} has no role with this talk"),
                    );
                }
            }
        }
    }
}

fn is_circle(all: &[Session], from: &Session) -> bool {
    let mut at = from;
    for _ in 0..=all.len() {
        match at.parent.as_ref().and_then(|p| all.iter().find(|s| s.id == *p)) {
            Some(up) => at = up,
            None => return false,
        }
    }
    true
}

/// Where people are mentioned, and what for.
fn mentions(c: &mut Checker<'_>) {
    let record = c.record;
    for (i, p) in record.people.iter().enumerate() {
        if p.mentions.is_empty() {
            c.fail(&format!("/people/{i}/mentions"), "expected a mention, but found none");
        }
        for (k, m) in p.mentions.iter().enumerate() {
            let pointer = format!("/people/{i}/mentions/{k}");
            if m.spans.is_empty() || m.spans.iter().any(|s| c.bytes(*s).is_none()) {
                c.fail(&pointer, "expected spans of the text");
            }
            if let Some(at) = &m.at
                && !c.json.pointer(at).is_some_and(|v| holds(v, &p.id))
            {
                c.fail(&pointer, format!("expected {} at {at}, but that is not there", p.id));
            }
        }
    }
}

/// Whether a role, contact, talk or reference is that of `person`.
fn holds(value: &Value, person: &str) -> bool {
    let is = |v: &Value| v.as_str() == Some(person);
    is(value)
        || value.get("person").is_some_and(is)
        || value.get("speakers").and_then(Value::as_array).is_some_and(|all| all.iter().any(is))
}

/// Whether a number is marked valid follows from the number.
fn phones(c: &mut Checker<'_>) {
    let record = c.record;
    for (i, contact) in record.contacts.iter().enumerate() {
        for (k, p) in contact.phones.iter().enumerate() {
            let can_be = p.e164.as_deref().and_then(|e| read_phone(e, "")).is_some_and(|r| r.valid);
            if p.valid != can_be {
                let reason = format!("expected {can_be}, but found {}", p.valid);
                c.fail(&format!("/contacts/{i}/phones/{k}/valid"), reason);
            }
        }
    }
}
