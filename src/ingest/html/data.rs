//! Data for programs in a page: events as JSON-LD and microdata (schema.org), the dates of `<time>`.
//!
//! In: the tags and texts of a page as they come. Out: properties of events, to be appended as named lines. Never:
//! reads more than some events, or a property that no clerk asks for.

use html5gum::StartTag;
use serde_json::Value;

use super::attributes::value;
use crate::ingest::builder::Builder;
use crate::ingest::text::RegionKind;

/// Events of a page, properties of an event, dates of a page, bytes of a value.
const EVENTS: usize = 50;
const PROPERTIES: usize = 40;
const DATES: usize = 200;
const LONGEST: usize = 1000;
/// Bytes of one block of JSON.
const BLOCK: usize = 4 << 20;
/// How deep a value may lie in another.
const DEEPEST: usize = 8;

/// Properties that are read, and of what stands in them: names, addresses.
const WANTED: [&str; 12] = [
    "name",
    "startDate",
    "endDate",
    "location",
    "organizer",
    "performer",
    "url",
    "eventStatus",
    "eventAttendanceMode",
    "inLanguage",
    "sponsor",
    "alternateName",
];
const ADDRESS: [&str; 4] = ["streetAddress", "postalCode", "addressLocality", "addressCountry"];

/// One event: keys and values.
type Event = Vec<(String, String)>;

/// What was gathered.
#[derive(Default)]
pub(super) struct Data {
    events: Vec<Event>,
    dates: Vec<String>,
    /// JSON of the block that is open.
    json: Option<String>,
    /// Items of microdata that are open.
    items: Vec<Item>,
    /// A property whose value is the text of its element.
    property: Option<Property>,
}

/// An item of microdata.
struct Item {
    /// Where its properties go: an event, and the property of it that this item is the value of.
    event: Option<usize>,
    within: Option<String>,
    tag: Vec<u8>,
    depth: usize,
}

struct Property {
    event: usize,
    key: String,
    text: String,
    tag: Vec<u8>,
    depth: usize,
}

impl Data {
    /// A tag begins.
    pub fn start(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        if name == b"script" {
            let is_json = value(tag, "type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json"));
            self.json = is_json.then(String::new);
            return;
        }
        if name == b"time"
            && let Some(date) = value(tag, "datetime").filter(|_| self.dates.len() < DATES)
        {
            self.dates.push(cut(&date));
        }
        let is_void = tag.self_closing || matches!(name, b"meta" | b"link" | b"img" | b"br" | b"input" | b"hr");
        if !is_void {
            for depth in self.items.last_mut().filter(|i| i.tag == name).map(|i| &mut i.depth).into_iter() {
                *depth += 1;
            }
            if let Some(property) = self.property.as_mut().filter(|p| p.tag == name) {
                property.depth += 1;
            }
        }
        let property = value(tag, "itemprop");
        if value(tag, "itemscope").is_some() && !is_void && self.items.len() < DEEPEST {
            self.item(tag, property.as_deref());
        } else if let Some(property) = property {
            self.property(tag, &property, is_void);
        }
    }

    fn item(&mut self, tag: &StartTag<()>, property: Option<&str>) {
        let outer = self.items.last().map(|i| (i.event, i.within.clone()));
        let is_event = value(tag, "itemtype").is_some_and(|t| t.trim().ends_with("Event"));
        let (event, within) = match (outer, property) {
            (Some((Some(event), None)), Some(property)) if !is_event => (Some(event), Some(property.to_owned())),
            (Some((Some(event), Some(within))), Some(_)) => (Some(event), Some(within)),
            _ if is_event && self.events.len() < EVENTS => {
                self.events.push(Event::new());
                (Some(self.events.len() - 1), None)
            }
            _ => (None, None),
        };
        self.items.push(Item { event, within, tag: tag.name.to_vec(), depth: 1 });
    }

    fn property(&mut self, tag: &StartTag<()>, name: &str, is_void: bool) {
        let Some(item) = self.items.last() else { return };
        let Some(event) = item.event else { return };
        let key = match &item.within {
            Some(outer) if name == "name" || ADDRESS.contains(&name) => format!("{outer}.{name}"),
            None if WANTED.contains(&name) => name.to_owned(),
            _ => return,
        };
        let told = ["content", "datetime", "href"].iter().find_map(|a| value(tag, a));
        match told {
            Some(told) => self.add(event, key, &told),
            None if !is_void && self.property.is_none() => {
                self.property = Some(Property { event, key, text: String::new(), tag: tag.name.to_vec(), depth: 1 });
            }
            None => {}
        }
    }

    /// A tag ends.
    pub fn end(&mut self, name: &[u8]) {
        if name == b"script"
            && let Some(json) = self.json.take()
        {
            self.json(&json);
        }
        if let Some(property) = self.property.as_mut().filter(|p| p.tag == name) {
            property.depth -= 1;
            if property.depth == 0
                && let Some(done) = self.property.take()
            {
                self.add(done.event, done.key, &done.text);
            }
        }
        if let Some(item) = self.items.last_mut().filter(|i| i.tag == name) {
            item.depth -= 1;
            if item.depth == 0 {
                self.items.pop();
            }
        }
    }

    /// Text stands here.
    pub fn text(&mut self, text: &str) {
        if let Some(json) = self.json.as_mut().filter(|j| j.len() < BLOCK) {
            json.push_str(text);
        } else if let Some(property) = self.property.as_mut().filter(|p| p.text.len() < LONGEST) {
            property.text.push_str(text);
        }
    }

    fn add(&mut self, event: usize, key: String, told: &str) {
        let told = cut(told);
        if let Some(event) = self.events.get_mut(event)
            && !told.is_empty()
            && event.len() < PROPERTIES
            && !event.iter().any(|(k, v)| *k == key && *v == told)
        {
            event.push((key, told));
        }
    }

    /// Reads a block of JSON-LD; what is no JSON is none of ours.
    fn json(&mut self, json: &str) {
        let Ok(json) = serde_json::from_str::<Value>(json.trim()) else { return };
        let mut todo = vec![&json];
        while let Some(next) = todo.pop() {
            match next {
                Value::Array(list) => todo.extend(list.iter().rev()),
                Value::Object(object) => {
                    let is_event = object.get("@type").is_some_and(|t| {
                        let mut types = t.as_array().map_or(std::slice::from_ref(t), Vec::as_slice).iter();
                        types.any(|t| t.as_str().is_some_and(|t| t.ends_with("Event")))
                    });
                    if is_event && self.events.len() < EVENTS {
                        self.events.push(Event::new());
                        let event = self.events.len() - 1;
                        for key in WANTED {
                            object.get(key).into_iter().for_each(|v| self.told(event, key, v, 0));
                        }
                    } else {
                        todo.extend(object.get("@graph"));
                    }
                }
                _ => {}
            }
        }
    }

    fn told(&mut self, event: usize, key: &str, told: &Value, depth: usize) {
        match told {
            Value::String(text) => self.add(event, key.to_owned(), text),
            Value::Array(list) => list.iter().take(PROPERTIES).for_each(|v| self.told(event, key, v, depth)),
            Value::Object(object) if depth < DEEPEST => {
                let root = key.split('.').next().unwrap_or(key);
                object.get("name").into_iter().for_each(|v| self.told(event, &format!("{root}.name"), v, depth + 1));
                object.get("address").into_iter().for_each(|v| match v {
                    Value::Object(_) => self.told(event, root, v, depth + 1),
                    _ => self.told(event, &format!("{root}.address"), v, depth + 1),
                });
                for part in ADDRESS {
                    let part_key = format!("{root}.{part}");
                    object.get(part).into_iter().for_each(|v| self.told(event, &part_key, v, depth + 1));
                }
            }
            _ => {}
        }
    }

    /// Appends what was gathered: a line for each property, and for each date whose year the page does not say.
    pub fn write(self, out: &mut Builder) {
        let mut lines: Vec<(String, String)> = Vec::new();
        for event in self.events {
            lines.extend(event.into_iter().map(|(key, told)| (format!("event.{key}"), told)));
        }
        for date in self.dates {
            let year = date.get(..4).filter(|y| y.bytes().all(|b| b.is_ascii_digit()));
            let is_new =
                year.is_some_and(|y| !out.so_far().contains(y)) && !lines.iter().any(|(_, told)| *told == date);
            if is_new {
                lines.push(("time.datetime".to_owned(), date));
            }
        }
        if lines.is_empty() {
            return;
        }
        out.blank();
        for (key, told) in lines {
            out.text(&key);
            out.text(": ");
            let open = out.open(RegionKind::Meta(format!("data.{}", key.to_lowercase())));
            out.text(&told);
            out.close(open);
            out.line();
        }
    }
}

/// A value on one line, of a sane length.
fn cut(text: &str) -> String {
    let mut out = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if out.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| out.is_char_boundary(*at)).unwrap_or(0);
        out.truncate(end);
    }
    out
}
