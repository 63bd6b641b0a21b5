//! The tables `sessions` and `talks`. In: a record. Out: rows. Never: more than the record holds.

use super::{Cell, Column, Document, Ground, Kind::*, Link, Rows, TO_DOCUMENT};
use super::{list, may, maybe, must, place, text, whole, word};
use crate::model::{Record, Session, Talk};

/// One row a session.
pub struct Sessions;

/// A session with its place in the record and the document.
pub struct SessionRow<'a> {
    record: &'a Record,
    number: usize,
    session: &'a Session,
    ground: Ground,
}

impl<'a> SessionRow<'a> {
    fn parent(&self) -> Option<&'a Session> {
        let id = self.session.parent.as_deref()?;
        self.record.sessions.iter().find(|s| s.id == id)
    }
}

impl Rows for Sessions {
    type Row<'a> = SessionRow<'a>;
    const NAME: &'static str = "sessions";
    const ABOUT: &'static str = "Sessions, in the documents' order";
    const KEY: &'static [&'static str] = &["document", "id"];
    const LINKS: &'static [Link] =
        &[TO_DOCUMENT, Link { columns: &["parent_uid"], table: "sessions", targets: &["uid"] }];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("id", Text, "identifier in the document", |r| text(&r.session.id)),
        may("uid", Text, "stable identifier", |r| text(&r.session.uid)),
        must("position", Integer, "place in the document's order, from 1", |r| whole(r.number)),
        may("parent", Text, "id of the session that it lies in", |r| maybe(&r.session.parent)),
        may("parent_uid", Text, "uid of the session that it lies in", |r| {
            r.parent().map_or(Cell::Absent, |p| text(&p.uid))
        }),
        must("kind", Text, "kind of session", |r| word(r.session.kind.as_str())),
        may("number", Text, "number as written", |r| maybe(&r.session.number)),
        may("title", Text, "title without number and kind", |r| maybe(&r.session.title)),
        may("title_alternatives", List, "the title in other languages", |r| list(&r.session.title_alternatives)),
        may("track", Text, "track or strand", |r| maybe(&r.session.track)),
        may("date", Date, "day", |r| maybe(&r.session.date)),
        may("start", Time, "begin", |r| maybe(&r.session.start)),
        may("end", Time, "end, where it is stated", |r| maybe(&r.session.end)),
        may("end_date", Date, "day of the end, where it is another", |r| maybe(&r.session.end_date)),
        may("timezone", Text, "IANA zone", |r| maybe(&r.session.timezone)),
        may("venue_name", Text, "building or house", |r| place(&r.session.venue)[0].clone()),
        may("venue_room", Text, "room", |r| place(&r.session.venue)[1].clone()),
        may("venue_address", Text, "postal address", |r| place(&r.session.venue)[2].clone()),
        may("venue_city", Text, "city", |r| place(&r.session.venue)[3].clone()),
        may("venue_country", Text, "ISO 3166-1 alpha-2", |r| place(&r.session.venue)[4].clone()),
        may("venue_url", Text, "web address of the place", |r| place(&r.session.venue)[5].clone()),
        may("status", Text, "cancelled, postponed …", |r| {
            r.session.status.map_or(Cell::Absent, |s| word(s.as_str()))
        }),
        must("tentative", Boolean, "to be confirmed", |r| Cell::Boolean(r.session.tentative)),
        must("approximate", Boolean, "times are approximate", |r| Cell::Boolean(r.session.approximate)),
        must("open_end", Boolean, "open end", |r| Cell::Boolean(r.session.open_end)),
        may("questions", List, "guiding questions", |r| list(&r.session.questions)),
        may("documents", List, "background documents", |r| list(&r.session.documents)),
        may("description", Text, "description", |r| maybe(&r.session.description)),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of its values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        for (at, session) in document.record.sessions.iter().enumerate() {
            let ground = Ground::of(document, &format!("/sessions/{at}"));
            take(SessionRow { record: document.record, number: at + 1, session, ground });
        }
    }
}

/// One row a talk.
pub struct Talks;

/// A talk with its session.
pub struct TalkRow<'a> {
    record: &'a Record,
    session: &'a Session,
    talk: &'a Talk,
    ground: Ground,
}

impl Rows for Talks {
    type Row<'a> = TalkRow<'a>;
    const NAME: &'static str = "talks";
    const ABOUT: &'static str = "Contributions to sessions";
    const KEY: &'static [&'static str] = &["document", "id"];
    const LINKS: &'static [Link] =
        &[TO_DOCUMENT, Link { columns: &["document", "session"], table: "sessions", targets: &["document", "id"] }];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        must("id", Text, "identifier in the document", |r| text(&r.talk.id)),
        may("uid", Text, "stable identifier", |r| text(&r.talk.uid)),
        must("session", Text, "id of its session", |r| text(&r.session.id)),
        may("number", Text, "number as written", |r| maybe(&r.talk.number)),
        may("title", Text, "title", |r| maybe(&r.talk.title)),
        may("start", Time, "begin", |r| maybe(&r.talk.start)),
        may("end", Time, "end, where it is stated", |r| maybe(&r.talk.end)),
        may("minutes_least", Integer, "least minutes", |r| minutes(r.talk, 0)),
        may("minutes_most", Integer, "most minutes", |r| minutes(r.talk, 1)),
        may("speakers", List, "ids of people", |r| list(&r.talk.speakers)),
        must("tentative", Boolean, "to be confirmed", |r| Cell::Boolean(r.talk.tentative)),
        may("description", Text, "description", |r| maybe(&r.talk.description)),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of its values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        for (at, session) in document.record.sessions.iter().enumerate() {
            for (n, talk) in session.talks.iter().enumerate() {
                let ground = Ground::of(document, &format!("/sessions/{at}/talks/{n}"));
                take(TalkRow { record: document.record, session, talk, ground });
            }
        }
    }
}

fn minutes(talk: &Talk, which: usize) -> Cell<'static> {
    talk.duration_minutes.map_or(Cell::Absent, |range| Cell::Integer(range[which].into()))
}
