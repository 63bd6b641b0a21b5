//! The table `events`. In: a record. Out: one row, or none where the document has no event. Never: more than the
//! record holds.

use super::{
    Cell, Column, Document, Ground, Kind::*, Link, Rows, TO_DOCUMENT, list, may, maybe, must, place, text, word,
};
use crate::model::{Event, Record};

/// One row a document with an event.
pub struct Events;

/// An event with its place in the document.
pub struct EventRow<'a> {
    record: &'a Record,
    event: &'a Event,
    ground: Ground,
}

impl Rows for Events {
    type Row<'a> = EventRow<'a>;
    const NAME: &'static str = "events";
    const ABOUT: &'static str = "The events that the documents are about";
    const KEY: &'static [&'static str] = &["document"];
    const LINKS: &'static [Link] = &[TO_DOCUMENT];

    const COLUMNS: &'static [Column<Self>] = &[
        must("document", Text, "path of the document", |r| text(&r.record.source.path)),
        may("uid", Text, "stable identifier", |r| maybe(&r.event.uid)),
        may("title", Text, "proper name", |r| maybe(&r.event.title)),
        may("edition", Integer, "6 for 6th", |r| r.event.edition.map_or(Cell::Absent, |n| Cell::Integer(n.into()))),
        may("status", Text, "draft, final, cancelled …", |r| {
            r.event.status.map_or(Cell::Absent, |s| word(s.as_str()))
        }),
        may("programme", Text, "initiative or series", |r| maybe(&r.event.programme)),
        may("start_date", Date, "first day", |r| maybe(&r.event.start_date)),
        may("end_date", Date, "last day", |r| maybe(&r.event.end_date)),
        may("timezone", Text, "IANA zone", |r| maybe(&r.event.timezone)),
        may("mode", Text, "in_person, online or hybrid", |r| r.event.mode.map_or(Cell::Absent, |m| word(m.as_str()))),
        may("venue_name", Text, "building or house", |r| place(&r.event.venue)[0].clone()),
        may("venue_room", Text, "room", |r| place(&r.event.venue)[1].clone()),
        may("venue_address", Text, "postal address", |r| place(&r.event.venue)[2].clone()),
        may("venue_city", Text, "city", |r| place(&r.event.venue)[3].clone()),
        may("venue_country", Text, "ISO 3166-1 alpha-2", |r| place(&r.event.venue)[4].clone()),
        may("venue_url", Text, "web address of the place", |r| place(&r.event.venue)[5].clone()),
        may("hosts", List, "hosting bodies", |r| list(&r.event.hosts)),
        may("organisers", List, "organising bodies", |r| list(&r.event.organisers)),
        may("sponsors", List, "sponsoring bodies", |r| list(&r.event.sponsors)),
        may("attendance", List, "who came: count, group, countries", |r| list(&r.event.attendance)),
        may("related", List, "events named beside it", |r| list(&r.event.related)),
        may("urls", List, "web addresses", |r| list(&r.event.urls)),
        may("description", Text, "description", |r| maybe(&r.event.description)),
        may("line", Integer, "first line in the text", |r| r.ground.line()),
        may("confidence", Number, "least confidence of its values, 0 to 1", |r| r.ground.confidence()),
    ];

    fn each<'a>(document: &'a Document<'a>, take: &mut dyn FnMut(Self::Row<'a>)) {
        let event = &document.record.event;
        if *event != Event::default() {
            take(EventRow { record: document.record, event, ground: Ground::of(document, "/event") });
        }
    }
}
