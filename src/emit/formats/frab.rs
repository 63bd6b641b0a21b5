//! `<document>.xml`: the programme as frab's `schedule.xml` (Pentabarf's), which pretalx, the c3voc's tools and programme
//! apps read.
//!
//! In: a record. Out: XML. Never: a character that XML cannot hold; a session without a begin on a day.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::loss::{Carry, Loss};
use super::schedule::{self, Day, Row, Schedule, hours_minutes};
use super::{Made, OneFile};
use crate::model::Record;

/// One programme a document.
pub struct FrabXml;

impl OneFile for FrabXml {
    const ENDING: &'static str = "xml";

    fn carries(&self) -> Carry {
        Carry { cleans: true, ..schedule::CARRY }
    }

    fn make(&self, record: &Record, loss: &mut Loss) -> io::Result<Made> {
        let Some(schedule) = schedule::schedule(record, loss) else {
            return Ok(Made::Nothing("no session with a begin on a day"));
        };
        Ok(Made::File(xml(&schedule)?))
    }
}

type Xml = Writer<Vec<u8>>;

fn xml(schedule: &Schedule) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("schedule").write_inner_content(|xml| {
        let generator = [("name", "agendata"), ("version", env!("CARGO_PKG_VERSION"))];
        xml.create_element("generator").with_attributes(generator).write_empty()?;
        leaf(xml, "version", &schedule.version)?;
        conference(xml, schedule)?;
        schedule.days.iter().try_for_each(|d| day(xml, d, &schedule.language))
    })?;
    let mut bytes = xml.into_inner();
    bytes.write_all(b"\n")?;
    Ok(bytes)
}

fn conference(xml: &mut Xml, schedule: &Schedule) -> io::Result<()> {
    xml.create_element("conference").write_inner_content(|xml| {
        leaf(xml, "title", &schedule.title)?;
        leaf(xml, "acronym", &schedule.acronym)?;
        leaf(xml, "start", &schedule.days_named.0.to_string())?;
        leaf(xml, "end", &schedule.days_named.1.to_string())?;
        leaf(xml, "days", &schedule.days.len().to_string())?;
        leaf(xml, "timeslot_duration", "00:05")?;
        if let Some(url) = &schedule.url {
            leaf(xml, "base_url", url)?;
        }
        if let Some(zone) = &schedule.zone {
            leaf(xml, "time_zone_name", zone)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn day(xml: &mut Xml, day: &Day, language: &str) -> io::Result<()> {
    let (date, index) = (day.date.to_string(), day.index.to_string());
    let attributes =
        [("date", date.as_str()), ("end", day.end.as_str()), ("start", day.start.as_str()), ("index", index.as_str())];
    xml.create_element("day").with_attributes(attributes).write_inner_content(|xml| {
        for room in &day.rooms {
            let name = clean(&room.name);
            let attributes = [("name", name.as_str()), ("guid", room.guid.as_str())];
            xml.create_element("room")
                .with_attributes(attributes)
                .write_inner_content(|xml| room.rows.iter().try_for_each(|row| event(xml, row, &name, language)))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn event(xml: &mut Xml, row: &Row, room: &str, language: &str) -> io::Result<()> {
    let id = row.id.to_string();
    let attributes = [("guid", row.guid.as_str()), ("id", id.as_str())];
    xml.create_element("event").with_attributes(attributes).write_inner_content(|xml| {
        leaf(xml, "room", room)?;
        leaf(xml, "title", &row.title)?;
        leaf(xml, "subtitle", &row.subtitle)?;
        leaf(xml, "type", row.kind)?;
        leaf(xml, "date", &row.date)?;
        leaf(xml, "start", &row.start.strftime("%H:%M").to_string())?;
        leaf(xml, "duration", &hours_minutes(row.minutes))?;
        leaf(xml, "abstract", &row.summary)?;
        leaf(xml, "slug", &row.slug)?;
        leaf(xml, "track", &row.track)?;
        leaf(xml, "language", language)?;
        leaf(xml, "description", &row.description)?;
        xml.create_element("persons").write_inner_content(|xml| {
            for (id, name) in &row.people {
                let id = id.to_string();
                let text = clean(name);
                xml.create_element("person")
                    .with_attributes([("id", id.as_str())])
                    .write_text_content(BytesText::new(&text))?;
            }
            Ok(())
        })?;
        xml.create_element("links").write_empty()?;
        xml.create_element("attachments").write_empty()?;
        Ok(())
    })?;
    Ok(())
}

fn leaf(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    let text = clean(text);
    xml.create_element(name).write_text_content(BytesText::new(&text))?;
    Ok(())
}

/// What XML 1.0 can hold; line ends are `\n`.
pub fn clean(text: &str) -> String {
    let held = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\n' | '\t');
    text.replace("\r\n", "\n").replace(['\r', '\u{85}'], "\n").chars().filter(held).collect()
}
