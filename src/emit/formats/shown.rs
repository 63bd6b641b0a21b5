//! How people, roles and places are written where a format has but a text for them.
//!
//! In: parts of a record. Out: texts for a reader. Never: a value that the record does not hold.

use crate::model::{Person, Record, Role, Session, SessionKind, Talk, Venue};

/// The person with this id.
pub fn person<'a>(record: &'a Record, id: &str) -> Option<&'a Person> {
    record.people.iter().find(|p| p.id == id)
}

/// Honorific, name and post-nominals.
pub fn full_name(person: &Person) -> String {
    let mut name = match &person.honorific {
        Some(honorific) => format!("{honorific} {}", person.name),
        None => person.name.clone(),
    };
    if let Some(suffix) = &person.suffix {
        name = format!("{name}, {suffix}");
    }
    name
}

/// A person with position, body and country.
pub fn described(person: &Person) -> String {
    let rest = [&person.position, &person.organisation, &person.country];
    let mut parts = vec![full_name(person)];
    parts.extend(rest.into_iter().flatten().cloned());
    parts.join(", ")
}

/// Who is in a role.
pub fn in_role(record: &Record, role: &Role) -> Option<String> {
    match (&role.person, &role.party) {
        (Some(id), _) => person(record, id).map(described),
        (None, party) => party.clone(),
    }
}

/// The word for a role: the document's own, else the model's.
pub fn role_word(role: &Role) -> String {
    role.label.clone().filter(|l| !l.trim().is_empty()).unwrap_or_else(|| title_case(role.role.as_str()))
}

/// `co_chair` → `Co chair`.
pub fn title_case(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    (first + chars.as_str()).replace('_', " ")
}

/// One line for each role that is not a talk's.
pub fn role_lines(record: &Record, roles: &[Role]) -> Vec<String> {
    let own = roles.iter().filter(|r| r.talk.is_none());
    own.filter_map(|role| Some(format!("{}: {}", role_word(role), in_role(record, role)?))).collect()
}

/// The people of a talk.
pub fn speakers<'a>(record: &'a Record, talk: &Talk) -> Vec<&'a Person> {
    talk.speakers.iter().filter_map(|id| person(record, id)).collect()
}

/// A place on one line, the nearest part first.
pub fn place(venue: &Venue) -> String {
    let parts = [&venue.room, &venue.name, &venue.address, &venue.city, &venue.country];
    let mut said: Vec<&str> = Vec::new();
    for part in parts.into_iter().flatten() {
        if !said.contains(&part.as_str()) {
            said.push(part);
        }
    }
    said.join(", ")
}

/// Where a session is: its own place, with what the event's adds to it.
pub fn whole_place(event: &Venue, session: &Venue) -> Venue {
    // A session in another city is not in the event's house.
    let elsewhere = |own: &Option<String>, its: &Option<String>| own.is_some() && own != its;
    if elsewhere(&session.city, &event.city) || elsewhere(&session.name, &event.name) {
        return session.clone();
    }
    let or = |own: &Option<String>, its: &Option<String>| own.clone().or_else(|| its.clone());
    Venue {
        name: or(&session.name, &event.name),
        room: or(&session.room, &event.room),
        address: or(&session.address, &event.address),
        city: or(&session.city, &event.city),
        country: or(&session.country, &event.country),
        url: or(&session.url, &event.url),
    }
}

/// A session's title; where it has none, its kind and number.
pub fn session_title(session: &Session) -> String {
    session.title.clone().unwrap_or_else(|| match (&session.number, session.kind) {
        (Some(number), kind) => format!("{} {number}", title_case(kind.as_str())),
        (None, SessionKind::Other) => "Session".to_owned(),
        (None, kind) => title_case(kind.as_str()),
    })
}

/// A talk's title; where it has none, its speakers or its number.
pub fn talk_title(record: &Record, talk: &Talk) -> String {
    let names = || speakers(record, talk).iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
    let number = || talk.number.as_ref().map_or_else(|| "Talk".to_owned(), |n| format!("Talk {n}"));
    talk.title.clone().unwrap_or_else(|| Some(names()).filter(|n| !n.is_empty()).unwrap_or_else(number))
}

/// A talk on one line.
pub fn talk_line(record: &Record, talk: &Talk) -> String {
    let mut line = match (&talk.number, &talk.start) {
        (Some(number), None) => format!("{number}. {}", talk_title(record, talk)),
        (_, Some(start)) => format!("{start} {}", talk_title(record, talk)),
        (None, None) => talk_title(record, talk),
    };
    let people: Vec<String> = speakers(record, talk).into_iter().map(described).collect();
    if talk.title.is_some() && !people.is_empty() {
        line = format!("{line} ({})", people.join("; "));
    }
    line
}
