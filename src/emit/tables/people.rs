//! The tables `people` and `roles`. In: a record. Out: rows. Never: more than the record holds.

use super::{Cell, Column, Document, Ground, Kind::*, Link, Rows, TO_DOCUMENT};
use super::{made, may, maybe, must, text, whole, word};
use crate::model::{Person, Record, Role, Session, Talk};

/// One row a person and document.
pub struct People;

/// A person with the place in the document.
pub struct PersonRow<'a> {
    record: &'a Record,
    person: &'a Person,
    ground: Ground,
}

impl Rows for People {
    type Row<'a> = PersonRow<'a>;
    const NAME: &'static str = "people";
    const ABOUT: &'static str = "People, one row a person and document";
    const KEY: &'static [&'static str] = &["document", "id"];
    const LINKS: &'static [Link] = &[TO_DOCUMENT];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("id", Text, "identifier in the document", |r| text(&r.person.id)),
        may("uid", Text, "stable identifier", |r| text(&r.person.uid)),
        must("name", Text, "full name without honorific and post-nominals", |r| text(&r.person.name)),
        may("honorific", Text, "honorific as written", |r| maybe(&r.person.honorific)),
        may("given", Text, "given names", |r| maybe(&r.person.given)),
        may("family", Text, "family name", |r| maybe(&r.person.family)),
        may("suffix", Text, "post-nominals", |r| maybe(&r.person.suffix)),
        may("position", Text, "job and units up to the organisation", |r| maybe(&r.person.position)),
        may("organisation", Text, "the body", |r| maybe(&r.person.organisation)),
        may("country", Text, "ISO 3166-1 alpha-2", |r| maybe(&r.person.country)),
        must("tentative", Boolean, "to be confirmed, invited", |r| Cell::Boolean(r.person.tentative)),
        must("mentions", Integer, "how often named", |r| whole(r.person.mentions.len())),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of the values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        for (at, person) in document.record.people.iter().enumerate() {
            let ground = Ground::of(document, &format!("/people/{at}"));
            take(PersonRow { record: document.record, person, ground });
        }
    }
}

/// One row a role.
pub struct Roles;

/// A role with what it is a role in.
pub struct RoleRow<'a> {
    record: &'a Record,
    number: usize,
    scope: &'static str,
    session: Option<&'a Session>,
    role: &'a Role,
    ground: Ground,
}

impl<'a> RoleRow<'a> {
    fn person(&self) -> Option<&'a Person> {
        let id = self.role.person.as_deref()?;
        self.record.people.iter().find(|p| p.id == id)
    }

    fn talk(&self) -> Option<&'a Talk> {
        let id = self.role.talk.as_deref()?;
        self.session?.talks.iter().find(|t| t.id == id)
    }
}

impl Rows for Roles {
    type Row<'a> = RoleRow<'a>;
    const NAME: &'static str = "roles";
    const ABOUT: &'static str = "Who has which part in an event, a session or a talk";
    const KEY: &'static [&'static str] = &["document", "id"];
    const LINKS: &'static [Link] = &[
        TO_DOCUMENT,
        Link { columns: &["session_uid"], table: "sessions", targets: &["uid"] },
        Link { columns: &["talk_uid"], table: "talks", targets: &["uid"] },
        Link { columns: &["person_uid"], table: "people", targets: &["uid"] },
    ];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("id", Text, "identifier in the document", |r| made(format!("r{}", r.number))),
        must("scope", Text, "event, related (another event) or session", |r| word(r.scope)),
        may("session", Text, "id of the session", |r| r.session.map_or(Cell::Absent, |s| text(&s.id))),
        may("session_uid", Text, "uid of the session", |r| r.session.map_or(Cell::Absent, |s| text(&s.uid))),
        may("talk", Text, "id of the talk", |r| maybe(&r.role.talk)),
        may("talk_uid", Text, "uid of the talk", |r| r.talk().map_or(Cell::Absent, |t| text(&t.uid))),
        may("person", Text, "id of the person", |r| maybe(&r.role.person)),
        may("person_uid", Text, "uid of the person", |r| r.person().map_or(Cell::Absent, |p| text(&p.uid))),
        may("party", Text, "a body or country in the role", |r| maybe(&r.role.party)),
        must("role", Text, "the role", |r| word(r.role.role.as_str())),
        may("label", Text, "the document's own word for it", |r| maybe(&r.role.label)),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of its values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        let record = document.record;
        let mut number = 0;
        let mut give = |scope, pointer: String, session, roles: &'a [Role]| {
            for (at, role) in roles.iter().enumerate() {
                number += 1;
                let ground = Ground::of(document, &format!("{pointer}/{at}"));
                take(RoleRow { record, number, scope, session, role, ground });
            }
        };
        give("event", "/event/roles".into(), None, &record.event.roles);
        for (at, related) in record.event.related.iter().enumerate() {
            give("related", format!("/event/related/{at}/roles"), None, &related.roles);
        }
        for (at, session) in record.sessions.iter().enumerate() {
            give("session", format!("/sessions/{at}/roles"), Some(session), &session.roles);
        }
    }
}
