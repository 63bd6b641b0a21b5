//! schema.org's JSON-LD → record. In: JSON-LD with schema.org's own names (no other context is resolved). Out: an event with
//! sessions, talks, people. Never: loads a context; follows references without end.

use std::collections::HashMap;

use serde_json::Value;

use super::{full, note, person, programme};
use crate::emit::formats::{date, jsonld, known_zone};
use crate::model::{
    AlternativeTitle, EventStatus, Mode, Person, Record, Role, RoleKind, Session, SessionKind, Talk, Venue,
};

/// Deepest nesting of nodes that is looked into.
const DEEPEST: usize = 32;
/// Events in one file.
const MOST: usize = 20_000;

/// Reads a file into a record.
pub fn read(text: &str, record: &mut Record) -> Result<(), String> {
    let file: Value = serde_json::from_str(text).map_err(|e| format!("expected JSON-LD, but {e}"))?;
    let mut top = Vec::new();
    roots(&file, &mut top, 0);
    let mut reader = Reader { people: HashMap::new(), nodes: HashMap::new(), parents: Vec::new() };
    top.iter().for_each(|node| reader.index(node));
    // People in the graph keep its order.
    for node in &top {
        if kinds(node).any(|k| k == "Person") {
            reader.somebody(record, node);
        }
    }
    let mut events = top.iter().filter(|n| is_event(n));
    let Some(event) = events.next() else {
        return Err("expected an Event of schema.org, but found none".into());
    };
    let more = events.collect::<Vec<_>>();
    reader.event(record, event);
    if items(event, "subEvent").next().is_none() && !more.is_empty() {
        // A list of events without one that holds them: each is a session.
        record.event = crate::model::Event::default();
        reader.session(record, event);
        more.iter().for_each(|e| reader.session(record, e));
    } else if !more.is_empty() {
        note(record, &format!("{} more events of the file", more.len()));
    }
    reader.link_parents(record);
    Ok(())
}

/// The nodes at the top: of an object, a list, a graph.
fn roots<'a>(value: &'a Value, out: &mut Vec<&'a Value>, depth: usize) {
    match value {
        Value::Array(all) if depth < DEEPEST => all.iter().for_each(|v| roots(v, out, depth + 1)),
        Value::Object(map) => match map.get("@graph") {
            Some(graph) if depth < DEEPEST => roots(graph, out, depth + 1),
            _ => out.push(value),
        },
        _ => {}
    }
}

fn kinds(node: &Value) -> impl Iterator<Item = &str> {
    let all = match node.get("@type") {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    all.iter().filter_map(Value::as_str).map(local)
}

fn local(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

fn is_event(node: &Value) -> bool {
    kinds(node).any(|k| k.ends_with("Event") || k == "Festival" || k == "Hackathon" || k == "CourseInstance")
}

/// The values of a property, one by one.
fn items<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    match node.get(key) {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
    .iter()
}

/// The text of a value.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => full(text),
        Value::Number(n) => Some(n.to_string()),
        Value::Object(map) => map.get("@value").or_else(|| map.get("name")).and_then(text_of),
        _ => None,
    }
}

fn word(node: &Value, key: &str) -> Option<String> {
    items(node, key).find_map(text_of)
}

struct Reader<'a> {
    /// `@id` or name → id of the record.
    people: HashMap<String, String>,
    nodes: HashMap<&'a str, &'a Value>,
    /// Session's place, `@id` of its parent.
    parents: Vec<(usize, Option<String>, Option<String>)>,
}

impl<'a> Reader<'a> {
    fn index(&mut self, node: &'a Value) {
        if let Some(id) = node.get("@id").and_then(Value::as_str) {
            self.nodes.insert(id, node);
        }
    }

    /// What a bare reference refers to.
    fn resolved(&self, node: &'a Value) -> &'a Value {
        let is_bare = node.get("@type").is_none() || node.get("name").is_none();
        let id = node.get("@id").and_then(Value::as_str).filter(|_| is_bare);
        id.and_then(|id| self.nodes.get(id)).copied().unwrap_or(node)
    }

    fn event(&mut self, record: &mut Record, node: &'a Value) {
        let event = &mut record.event;
        let (uid, edition) = identifiers(node, "edition");
        event.uid = uid.or_else(|| word(node, "@id"));
        event.edition = edition.and_then(|n| n.parse().ok());
        event.title = word(node, "name");
        event.start_date = word(node, "startDate").and_then(|d| day(&d));
        event.end_date = word(node, "endDate").and_then(|d| day(&d));
        event.timezone = items(node, "eventSchedule").find_map(|s| word(s, "scheduleTimezone"));
        event.timezone = event.timezone.take().filter(|z| known_zone(z).is_some());
        event.status = status(node);
        event.mode = word(node, "eventAttendanceMode").and_then(|m| mode(&m));
        event.venue = items(node, "location").find_map(place).unwrap_or_default();
        for item in items(node, "organizer") {
            let inner = items(item, "organizer").next();
            match (inner, word(item, "roleName").as_deref()) {
                (Some(body), Some("host")) => event.hosts.extend(text_of(body)),
                (Some(body), _) => event.organisers.extend(text_of(body)),
                (None, _) => event.organisers.extend(text_of(self.resolved(item))),
            }
        }
        event.sponsors = items(node, "sponsor").filter_map(|s| text_of(self.resolved(s))).collect();
        event.programme = items(node, "superEvent").find_map(|s| word(self.resolved(s), "name"));
        event.urls = items(node, "url").chain(items(node, "sameAs")).filter_map(text_of).collect();
        event.description = word(node, "description");
        record.source.languages.extend(word(node, "inLanguage"));
        let roles = self.roles(record, node, None);
        record.event.roles = roles.into_iter().map(|(role, _)| role).collect();
        for part in items(node, "subEvent") {
            let part = self.resolved(part);
            self.session(record, part);
        }
    }

    fn session(&mut self, record: &mut Record, node: &'a Value) {
        if record.sessions.len() >= MOST || !node.is_object() {
            return;
        }
        let id = format!("s{}", record.sessions.len() + 1);
        let (uid, number) = identifiers(node, "number");
        let own = word(node, "@id");
        let mut session = Session {
            id: id.clone(),
            uid: uid.or_else(|| own.clone()).unwrap_or_default(),
            number,
            title: word(node, "name"),
            title_alternatives: items(node, "alternateName").filter_map(other_title).collect(),
            status: status(node),
            venue: items(node, "location").find_map(place).unwrap_or_default(),
            questions: items(node, "about").filter(|n| kinds(n).any(|k| k == "Question")).filter_map(text_of).collect(),
            documents: items(node, "workFeatured").filter_map(text_of).collect(),
            description: word(node, "description"),
            ..Session::default()
        };
        let start = word(node, "startDate");
        let end = word(node, "endDate");
        session.date = start.as_deref().and_then(day);
        session.start = start.as_deref().and_then(clock);
        session.end = end.as_deref().and_then(clock);
        session.end_date = end.as_deref().and_then(day).filter(|d| session.date.as_ref() != Some(d));
        let keywords =
            |set: &'static str| items(node, "keywords").find(|k| word(k, "inDefinedTermSet").as_deref() == Some(set));
        session.kind = match keywords(jsonld::KINDS).and_then(text_of) {
            Some(word) => programme::kind(&word),
            None => SessionKind::Session,
        };
        session.track = keywords(jsonld::TRACKS).and_then(text_of);
        session.roles = self.roles(record, node, None).into_iter().map(|(role, _)| role).collect();
        let parent = items(node, "superEvent").find_map(|s| s.get("@id").and_then(Value::as_str)).map(str::to_owned);
        self.parents.push((record.sessions.len(), own, parent));
        for part in items(node, "subEvent") {
            let talk = self.talk(record, &mut session, self.resolved(part));
            session.talks.push(talk);
        }
        record.sessions.push(session);
    }

    fn talk(&mut self, record: &mut Record, session: &mut Session, node: &'a Value) -> Talk {
        let id = format!("{}.t{}", session.id, session.talks.len() + 1);
        let (uid, number) = identifiers(node, "number");
        let mut speakers: Vec<String> = Vec::new();
        for (role, speaks) in self.roles(record, node, Some(&id)) {
            if let Some(person) = role.person.clone().filter(|p| speaks && !speakers.contains(p)) {
                speakers.push(person);
            }
            session.roles.push(role);
        }
        Talk {
            uid: uid.or_else(|| word(node, "@id")).unwrap_or_default(),
            number,
            title: word(node, "name"),
            start: word(node, "startDate").as_deref().and_then(clock),
            end: word(node, "endDate").as_deref().and_then(clock),
            speakers,
            description: word(node, "description"),
            id,
            ..Talk::default()
        }
    }

    /// The performers with their roles, and whether they speak.
    fn roles(&mut self, record: &mut Record, node: &'a Value, talk: Option<&str>) -> Vec<(Role, bool)> {
        let mut found = Vec::new();
        for key in ["performer", "performers", "actor", "contributor"] {
            for item in items(node, key) {
                let (who, name, label) = match items(item, "performer").next() {
                    Some(who) => (who, word(item, "roleName"), word(item, "name")),
                    None => (item, None, None),
                };
                let role = name.as_deref().and_then(RoleKind::parse).unwrap_or_default();
                let speaks = matches!(role, RoleKind::Speaker | RoleKind::Keynote | RoleKind::Panelist);
                let mut made = Role { role, label, talk: talk.map(str::to_owned), ..Role::default() };
                let who = self.resolved(who);
                if kinds(who).any(|k| k.ends_with("Organization") || k == "PerformingGroup") {
                    made.party = text_of(who);
                } else {
                    made.person = self.somebody(record, who);
                }
                if made.person.is_some() || made.party.is_some() {
                    found.push((made, speaks));
                }
            }
        }
        found
    }

    /// The id of a person, who is made where nobody is it yet.
    fn somebody(&mut self, record: &mut Record, node: &'a Value) -> Option<String> {
        let name = text_of(node)?;
        let key = node.get("@id").and_then(Value::as_str).unwrap_or(&name).to_owned();
        let before = record.people.len();
        let id = person(record, &mut self.people, &key, &name);
        if let Some(person) = record.people.get_mut(before) {
            fill(person, node);
        }
        Some(id)
    }

    fn link_parents(&mut self, record: &mut Record) {
        let ids: HashMap<&str, String> = self
            .parents
            .iter()
            .filter_map(|(at, own, _)| Some((own.as_deref()?, record.sessions.get(*at)?.id.clone())))
            .collect();
        for (at, _, parent) in &self.parents {
            if let (Some(session), Some(parent)) = (record.sessions.get_mut(*at), parent) {
                session.parent = ids.get(parent.as_str()).filter(|id| **id != session.id).cloned();
            }
        }
    }
}

fn fill(person: &mut Person, node: &Value) {
    person.uid = identifiers(node, "").0.unwrap_or_default();
    person.honorific = word(node, "honorificPrefix");
    person.given = word(node, "givenName");
    person.family = word(node, "familyName");
    person.suffix = word(node, "honorificSuffix");
    person.position = word(node, "jobTitle");
    person.organisation = word(node, "affiliation").or_else(|| word(node, "worksFor"));
    let country = items(node, "address").find_map(|a| word(a, "addressCountry"));
    person.country = country.filter(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
}

/// The identifier, and the number of this kind.
fn identifiers(node: &Value, kind: &str) -> (Option<String>, Option<String>) {
    let plain = items(node, "identifier").find(|i| i.is_string()).and_then(text_of);
    let of = |i: &&Value| word(i, "propertyID").as_deref() == Some(kind);
    (plain, items(node, "identifier").find(of).and_then(|i| word(i, "value")))
}

fn other_title(value: &Value) -> Option<AlternativeTitle> {
    let language = value.get("@language").and_then(Value::as_str).map(str::to_owned);
    Some(AlternativeTitle { title: text_of(value)?, language })
}

/// The day of a date or of a moment.
fn day(text: &str) -> Option<String> {
    text.get(..10).filter(|d| date(d).is_some()).map(str::to_owned)
}

/// The clock of a moment, as it is there.
fn clock(text: &str) -> Option<String> {
    let time = text.get(11..16).filter(|_| text.as_bytes().get(10) == Some(&b'T'))?;
    crate::emit::formats::clock(time).map(|_| time.to_owned())
}

fn status(node: &Value) -> Option<EventStatus> {
    match local(&word(node, "eventStatus")?) {
        "EventCancelled" => Some(EventStatus::Cancelled),
        "EventPostponed" => Some(EventStatus::Postponed),
        _ => None,
    }
}

fn mode(url: &str) -> Option<Mode> {
    match local(url) {
        "OfflineEventAttendanceMode" => Some(Mode::InPerson),
        "OnlineEventAttendanceMode" => Some(Mode::Online),
        "MixedEventAttendanceMode" => Some(Mode::Hybrid),
        _ => None,
    }
}

fn place(node: &Value) -> Option<Venue> {
    if let Value::String(name) = node {
        return Some(Venue { name: full(name), ..Venue::default() });
    }
    let is_room = word(node, "additionalType").is_some_and(|t| local(&t) == "Room");
    if is_room {
        let house = items(node, "containedInPlace").find_map(place).unwrap_or_default();
        return Some(Venue { room: word(node, "name"), ..house });
    }
    let address = items(node, "address").next();
    let part = |key: &str| address.and_then(|a| word(a, key));
    let country = part("addressCountry").filter(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
    let venue = Venue {
        name: word(node, "name"),
        room: None,
        address: part("streetAddress").or_else(|| address.filter(|a| a.is_string()).and_then(text_of)),
        city: part("addressLocality"),
        country,
        url: word(node, "url"),
    };
    (!venue.is_empty()).then_some(venue)
}
