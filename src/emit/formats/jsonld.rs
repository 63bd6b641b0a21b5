//! `<document>.jsonld`: the event with its sessions, talks and people in the words of schema.org.
//!
//! In: a record. Out: JSON-LD, a graph of one Event, its people and the bodies that contacts name. Never: an end that was
//! worked out (schema.org asks for none), an offset where the zone is not known.
//!
//! Identifiers are `urn:uuid:` made of the record's uids; the uid itself is `identifier`. Roles are schema.org's Role
//! between the event and the person, with `roleName`.

use std::io;

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::loss::{Carry, How, Loss};
use super::schedule::{uuid, with_offset};
use super::slots::{Placed, Slot, Span, date, known_zone, offset, plan, zone};
use super::{Made, OneFile, json_file, shown};
use crate::model::{Contact, Event, EventStatus, Mode, Person, Record, Role, Session, Talk, Venue};

/// Set of the terms that tell a session's kind.
pub const KINDS: &str = "agendata session kind";
/// Set of the terms that tell a session's track.
pub const TRACKS: &str = "track";

/// One graph a document.
pub struct Jsonld;

impl OneFile for Jsonld {
    const ENDING: &'static str = "jsonld";

    fn carries(&self) -> Carry {
        Carry {
            whole: &[
                "event.{uid,title,edition,programme,start_date,end_date,timezone,mode,venue,hosts,organisers,sponsors,roles,urls,description}",
                "sessions.{id,uid,parent,kind,number,title,title_alternatives,track,date,start,end,end_date,venue,roles,questions,documents,description}",
                "sessions.talks.{id,uid,number,title,start,end,speakers,description}",
                "people.{id,uid,name,honorific,given,family,suffix,position,organisation,country}",
            ],
            text: &["contacts", "sessions.talks.duration_minutes", "event.status", "sessions.status"],
            cleans: false,
        }
    }

    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made> {
        if record.event == Event::default() && record.sessions.is_empty() {
            return Ok(Made::Nothing("no event"));
        }
        for session in &record.sessions {
            let unplaced = session.date.as_deref().is_none_or(|d| date(d).is_none())
                && (session.start.is_some() || session.date.is_some());
            loss.add("sessions.start", How::Dropped, "no day, or no year, to put it on", u64::from(unplaced));
        }
        Ok(Made::File(json_file(&graph(record))?))
    }
}

/// The record as a graph.
pub fn graph(record: &Record) -> Value {
    let mut nodes = vec![event(record)];
    nodes.extend(record.people.iter().map(|p| person(record, p)));
    let bodies = record.contacts.iter().filter(|c| c.person.is_none());
    nodes.extend(bodies.map(|c| {
        let mut node = typed("Organization");
        let name = c.organisation.as_ref().or(c.group.as_ref()).or(c.purpose.as_ref());
        node.insert("@id".into(), json!(format!("urn:uuid:{}", uuid(&format!("{} {}", record.id, c.id)))));
        some(&mut node, "name", name);
        node.insert("contactPoint".into(), point(c));
        Value::Object(node)
    }));
    json!({"@context": "https://schema.org", "@graph": nodes})
}

fn typed(kind: &str) -> Map<String, Value> {
    let mut node = Map::new();
    node.insert("@type".into(), json!(kind));
    node
}

fn some<T: serde::Serialize>(node: &mut Map<String, Value>, key: &str, value: Option<T>) {
    node.extend(value.and_then(|v| serde_json::to_value(v).ok()).map(|v| (key.to_owned(), v)));
}

fn several(node: &mut Map<String, Value>, key: &str, values: Vec<Value>) {
    if !values.is_empty() {
        node.insert(key.to_owned(), Value::Array(values));
    }
}

fn id(uid: &str) -> Value {
    json!(format!("urn:uuid:{}", uuid(uid)))
}

/// A web address as a graph can hold it: what no IRI has is written in hex.
fn iri(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_control() || c.is_whitespace() || "\"<>\\^`{|}".contains(c) {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|b| out.push_str(&format!("%{b:02X}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// The uid, with other numbers that stand on the thing.
fn identifiers(uid: &str, others: &[(&str, Option<String>)]) -> Value {
    let mut all = vec![json!(uid)];
    for (key, value) in others {
        all.extend(value.as_ref().map(|v| json!({"@type": "PropertyValue", "propertyID": key, "value": v})));
    }
    if all.len() == 1 { json!(uid) } else { Value::Array(all) }
}

fn event(record: &Record) -> Value {
    let event = &record.event;
    let mut node = typed("Event");
    // an event that nothing anchors is known by its document
    node.insert("@id".into(), id(event.uid.as_deref().unwrap_or(&record.source.path)));
    if let Some(uid) = &event.uid {
        node.insert("identifier".into(), identifiers(uid, &[("edition", event.edition.map(|n| n.to_string()))]));
    }
    some(&mut node, "name", event.title.as_ref().or(record.source.title.as_ref()));
    let full = |text: &Option<String>| text.clone().filter(|d| date(d).is_some());
    some(&mut node, "startDate", full(&event.start_date));
    some(&mut node, "endDate", full(&event.end_date));
    let schedule = |zone: &String| json!({"@type": "Schedule", "scheduleTimezone": zone});
    some(&mut node, "eventSchedule", event.timezone.as_ref().map(schedule));
    node.insert("eventStatus".into(), json!(status(event.status)));
    some(&mut node, "eventAttendanceMode", event.mode.map(mode));
    some(&mut node, "location", place(&event.venue));
    let named = |kind: &'static str| move |name: &String| json!({"@type": kind, "name": name});
    let mut organisers: Vec<Value> = event.organisers.iter().map(named("Organization")).collect();
    let host = |name: &String| json!({"@type": "Role", "roleName": "host", "organizer": named("Organization")(name)});
    organisers.extend(event.hosts.iter().map(host));
    several(&mut node, "organizer", organisers);
    several(&mut node, "sponsor", event.sponsors.iter().map(named("Organization")).collect());
    several(&mut node, "performer", roles(record, event.roles.iter()));
    some(&mut node, "superEvent", event.programme.as_ref().map(named("EventSeries")));
    some(&mut node, "url", event.urls.first().map(|u| iri(u)));
    several(&mut node, "sameAs", event.urls.iter().skip(1).map(|u| json!(iri(u))).collect());
    some(&mut node, "description", event.description.as_ref());
    some(&mut node, "inLanguage", record.source.languages.first());
    let slots = plan(record);
    let parts = record.sessions.iter().zip(&slots).map(|(s, slot)| session(record, s, slot));
    several(&mut node, "subEvent", parts.collect());
    Value::Object(node)
}

fn status(status: Option<EventStatus>) -> &'static str {
    match status {
        Some(EventStatus::Cancelled) => "https://schema.org/EventCancelled",
        Some(EventStatus::Postponed) => "https://schema.org/EventPostponed",
        _ => "https://schema.org/EventScheduled",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "https://schema.org/OfflineEventAttendanceMode",
        Mode::Online => "https://schema.org/OnlineEventAttendanceMode",
        Mode::Hybrid => "https://schema.org/MixedEventAttendanceMode",
    }
}

/// A place; a room lies in its house.
fn place(venue: &Venue) -> Option<Value> {
    if venue.is_empty() {
        return None;
    }
    let mut house = typed("Place");
    some(&mut house, "name", venue.name.as_ref());
    let mut address = typed("PostalAddress");
    some(&mut address, "streetAddress", venue.address.as_ref());
    some(&mut address, "addressLocality", venue.city.as_ref());
    some(&mut address, "addressCountry", venue.country.as_ref());
    if address.len() > 1 {
        house.insert("address".into(), Value::Object(address));
    }
    some(&mut house, "url", venue.url.as_deref().map(iri));
    let Some(room) = &venue.room else { return Some(Value::Object(house)) };
    let mut node = typed("Place");
    node.insert("additionalType".into(), json!("https://schema.org/Room"));
    node.insert("name".into(), json!(room));
    if house.len() > 1 {
        node.insert("containedInPlace".into(), Value::Object(house));
    }
    Some(Value::Object(node))
}

fn session(record: &Record, session: &Session, slot: &Slot) -> Value {
    let mut node = typed("Event");
    node.insert("@id".into(), id(&session.uid));
    node.insert("identifier".into(), identifiers(&session.uid, &[("number", session.number.clone())]));
    some(&mut node, "name", session.title.as_ref());
    let other = |t: &crate::model::AlternativeTitle| match &t.language {
        Some(language) => json!({"@value": t.title, "@language": language}),
        None => json!(t.title),
    };
    several(&mut node, "alternateName", session.title_alternatives.iter().map(other).collect());
    times(&mut node, record, session, slot.placed);
    node.insert("eventStatus".into(), json!(status(session.status)));
    some(&mut node, "location", place(&session.venue));
    let term = |set: &str, name: &str| json!({"@type": "DefinedTerm", "inDefinedTermSet": set, "name": name});
    let mut keywords = vec![term(KINDS, session.kind.as_str())];
    keywords.extend(session.track.iter().map(|t| term(TRACKS, t)));
    several(&mut node, "keywords", keywords);
    let parent = session.parent.as_ref().and_then(|id| record.sessions.iter().find(|s| s.id == *id));
    some(&mut node, "superEvent", parent.map(|p| json!({"@id": id(&p.uid)})));
    several(&mut node, "performer", roles(record, session.roles.iter().filter(|r| r.talk.is_none())));
    let question = |q: &String| json!({"@type": "Question", "name": q});
    several(&mut node, "about", session.questions.iter().map(question).collect());
    let work = |d: &String| json!({"@type": "CreativeWork", "name": d});
    several(&mut node, "workFeatured", session.documents.iter().map(work).collect());
    some(&mut node, "description", session.description.as_ref());
    let talks = session.talks.iter().zip(&slot.talks).map(|(t, span)| talk(record, session, t, *span));
    several(&mut node, "subEvent", talks.collect());
    Value::Object(node)
}

fn times(node: &mut Map<String, Value>, record: &Record, session: &Session, placed: Placed) {
    match placed {
        Placed::At(span) => span_of(node, record, session, span),
        Placed::On(day) => some(node, "startDate", Some(day.to_string())),
        Placed::Nowhere => {}
    }
}

fn span_of(node: &mut Map<String, Value>, record: &Record, session: &Session, span: Span) {
    some(node, "startDate", Some(moment(record, session, span.start)));
    let end = span.end.filter(|_| !span.derived);
    some(node, "endDate", end.map(|end| moment(record, session, end)));
}

/// Date and time, with the offset where the zone is known.
fn moment(record: &Record, session: &Session, at: DateTime) -> String {
    match zone(record, session).and_then(known_zone) {
        Some(zone) => with_offset(at, offset(&zone, at)),
        None => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
    }
}

fn talk(record: &Record, session: &Session, talk: &Talk, span: Option<Span>) -> Value {
    let mut node = typed("Event");
    node.insert("@id".into(), id(&talk.uid));
    node.insert("identifier".into(), identifiers(&talk.uid, &[("number", talk.number.clone())]));
    some(&mut node, "name", talk.title.as_ref());
    if let Some(span) = span {
        span_of(&mut node, record, session, span);
    }
    some(&mut node, "duration", talk.duration_minutes.map(|[_, most]| format!("PT{most}M")));
    let own: Vec<&Role> = session.roles.iter().filter(|r| r.talk.as_deref() == Some(talk.id.as_str())).collect();
    let mut performers = roles(record, own.iter().copied());
    let without = talk.speakers.iter().filter(|id| !own.iter().any(|r| r.person.as_deref() == Some(id.as_str())));
    performers.extend(without.filter_map(|id| shown::person(record, id)).map(reference));
    several(&mut node, "performer", performers);
    some(&mut node, "description", talk.description.as_ref());
    Value::Object(node)
}

fn reference(person: &Person) -> Value {
    json!({"@type": "Person", "@id": person_id(person), "name": person.name})
}

fn person_id(person: &Person) -> Value {
    id(if person.uid.is_empty() { &person.name } else { &person.uid })
}

fn roles<'a>(record: &Record, roles: impl Iterator<Item = &'a Role>) -> Vec<Value> {
    let one = |role: &Role| {
        let who = match (&role.person, &role.party) {
            (Some(id), _) => reference(shown::person(record, id)?),
            (None, Some(party)) => json!({"@type": "Organization", "name": party}),
            (None, None) => return None,
        };
        let mut node = typed("Role");
        node.insert("roleName".into(), json!(role.role.as_str()));
        some(&mut node, "name", role.label.as_ref());
        // Between an event and its performers stands a Role that has the same property again.
        node.insert("performer".into(), who);
        Some(Value::Object(node))
    };
    roles.filter_map(one).collect()
}

fn person(record: &Record, person: &Person) -> Value {
    let mut node = typed("Person");
    node.insert("@id".into(), person_id(person));
    some(&mut node, "identifier", Some(&person.uid).filter(|u| !u.is_empty()));
    node.insert("name".into(), json!(person.name));
    some(&mut node, "honorificPrefix", person.honorific.as_ref());
    some(&mut node, "givenName", person.given.as_ref());
    some(&mut node, "familyName", person.family.as_ref());
    some(&mut node, "honorificSuffix", person.suffix.as_ref());
    some(&mut node, "jobTitle", person.position.as_ref());
    let body = |name: &String| json!({"@type": "Organization", "name": name});
    some(&mut node, "affiliation", person.organisation.as_ref().map(body));
    let country = |code: &String| json!({"@type": "PostalAddress", "addressCountry": code});
    some(&mut node, "address", person.country.as_ref().map(country));
    let own = record.contacts.iter().filter(|c| c.person.as_deref() == Some(person.id.as_str()));
    several(&mut node, "contactPoint", own.map(point).collect());
    Value::Object(node)
}

fn point(contact: &Contact) -> Value {
    let mut node = typed("ContactPoint");
    some(&mut node, "contactType", contact.purpose.as_ref().or(contact.group.as_ref()));
    let phones = |fax: bool| {
        let own = contact.phones.iter().filter(|p| (p.kind == crate::model::PhoneKind::Fax) == fax);
        own.map(|p| json!(p.e164.as_ref().unwrap_or(&p.raw))).collect::<Vec<_>>()
    };
    several(&mut node, "telephone", phones(false));
    several(&mut node, "faxNumber", phones(true));
    several(&mut node, "email", contact.emails.iter().map(|e| json!(e)).collect());
    several(&mut node, "url", contact.urls.iter().map(|u| json!(iri(u))).collect());
    some(&mut node, "description", contact.address.as_ref());
    Value::Object(node)
}
