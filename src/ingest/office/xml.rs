//! Elements and text of an XML part, with namespaces resolved.
//!
//! In: the bytes of a part. Out: starts, ends and texts, balanced whatever the part holds: ends that nothing began are
//! dropped, missing ones are added, damage is stepped over. Never: expands an entity of the document's own, recurses,
//! or keeps more than [`DEEPEST`] elements open.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Raw};

use super::Remarks;

/// Elements kept open; what is nested deeper is left out.
pub(super) const DEEPEST: usize = 1_000;
/// How far an end tag looks for its start.
const REACH: usize = 16;
/// Places of damage that are stepped over.
const MOST_DAMAGE: u32 = 64;
/// Prefixes kept at a time.
const MOST_PREFIXES: usize = 256;

/// The namespaces that the readers know, whatever their URIs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ns {
    #[default]
    Other,
    /// WordprocessingML.
    Word,
    /// Markup compatibility.
    Compat,
    /// Office mathematics.
    Math,
    /// DrawingML and its kin.
    Drawing,
    /// VML.
    Vml,
    /// Package relationships.
    Relations,
    /// Core properties, Dublin Core.
    Core,
    /// OpenDocument `office`.
    Office,
    /// OpenDocument `text`.
    Text,
    /// OpenDocument `table`.
    Table,
    /// OpenDocument `draw`.
    Draw,
    /// OpenDocument `style`.
    Style,
    /// OpenDocument `meta`, `number`, `presentation` and others that are read over.
    Odf,
}

/// URIs that begin so, and what they mean. The first that fits counts.
const URIS: [(&str, Ns); 17] = [
    ("http://schemas.openxmlformats.org/wordprocessingml/", Ns::Word),
    ("http://purl.oclc.org/ooxml/wordprocessingml/", Ns::Word),
    ("http://schemas.openxmlformats.org/markup-compatibility/", Ns::Compat),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", Ns::Math),
    ("http://purl.oclc.org/ooxml/officeDocument/math", Ns::Math),
    ("http://schemas.openxmlformats.org/drawingml/", Ns::Drawing),
    ("http://purl.oclc.org/ooxml/drawingml/", Ns::Drawing),
    ("urn:schemas-microsoft-com:vml", Ns::Vml),
    ("http://schemas.openxmlformats.org/package/2006/relationships", Ns::Relations),
    ("http://purl.org/dc/elements/", Ns::Core),
    ("urn:oasis:names:tc:opendocument:xmlns:office:", Ns::Office),
    ("urn:oasis:names:tc:opendocument:xmlns:text:", Ns::Text),
    ("urn:oasis:names:tc:opendocument:xmlns:table:", Ns::Table),
    ("urn:oasis:names:tc:opendocument:xmlns:drawing:", Ns::Draw),
    ("urn:oasis:names:tc:opendocument:xmlns:style:", Ns::Style),
    ("urn:oasis:names:tc:opendocument:", Ns::Odf),
    ("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", Ns::Drawing),
];

/// Prefixes as everybody uses them, for parts that lost their declarations.
const CUSTOMARY: [(&str, Ns); 12] = [
    ("w", Ns::Word),
    ("mc", Ns::Compat),
    ("m", Ns::Math),
    ("a", Ns::Drawing),
    ("wps", Ns::Drawing),
    ("v", Ns::Vml),
    ("dc", Ns::Core),
    ("office", Ns::Office),
    ("text", Ns::Text),
    ("table", Ns::Table),
    ("draw", Ns::Draw),
    ("style", Ns::Style),
];

/// What comes next.
#[derive(Debug)]
pub(super) enum Event<'a> {
    Start(Element<'a>),
    End,
    Text(Cow<'a, str>),
    Done,
}

/// The start of an element.
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub ns: Ns,
    pub name: &'a str,
    tag: BytesStart<'a>,
}

impl Element<'_> {
    /// The value of the first attribute of this name, whatever its prefix.
    pub fn attr(&self, name: &str) -> Option<String> {
        self.tag.attributes().with_checks(false).filter_map(Result::ok).find_map(|a| {
            let key: &str = a.key.as_ref();
            let local = key.rsplit_once(':').map_or(key, |(_, local)| local);
            (local == name && !key.starts_with("xmlns")).then(|| unescaped(&a.value))
        })
    }

    /// The value as a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        let value = self.attr(name)?;
        let value = value.trim();
        value.parse().ok().or_else(|| value.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| v as i64))
    }

    /// The value of `val` as a switch: on unless it says off.
    pub fn switch(&self) -> bool {
        self.attr("val").is_none_or(|v| !matches!(v.trim(), "0" | "false" | "off" | "none"))
    }
}

fn unescaped(value: &str) -> String {
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned)
}

/// The text of a part, decoded as it says itself.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default()).0;
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default());
    let declared = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        encoding_rs::Encoding::for_label(rest.get(1..)?.split(quote).next()?.as_bytes())
    });
    declared.unwrap_or(encoding_rs::UTF_8).decode_without_bom_handling(bytes).0
}

/// The prefixes in force, innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes<'a>(Vec<(&'a str, Ns, usize)>);

impl<'a> Prefixes<'a> {
    fn of(&self, prefix: &str) -> Ns {
        let known = self.0.iter().rev().find(|(p, ..)| *p == prefix).map(|(_, ns, _)| *ns);
        let customary = || CUSTOMARY.iter().find(|(p, _)| *p == prefix).map(|(_, ns)| *ns);
        known.or_else(customary).unwrap_or_default()
    }

    fn bind(&mut self, prefix: &'a str, uri: &str, depth: usize) {
        let ns = URIS.iter().find(|(start, _)| uri.starts_with(start)).map_or(Ns::Other, |(_, ns)| *ns);
        let same = self.0.iter().rev().find(|(p, ..)| *p == prefix).is_some_and(|(_, n, _)| *n == ns);
        if !same && self.0.len() < MOST_PREFIXES {
            self.0.push((prefix, ns, depth));
        }
    }

    fn leave(&mut self, depth: usize) {
        while self.0.last().is_some_and(|(.., d)| *d > depth) {
            self.0.pop();
        }
    }
}

/// A walk through one part.
pub(super) struct Xml<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where the reader's count began.
    base: usize,
    /// Names of the open elements.
    open: Vec<&'a str>,
    /// Elements open beyond [`DEEPEST`].
    beyond: usize,
    prefixes: Prefixes<'a>,
    /// Ends to be given before anything else is read.
    ends: usize,
    damage: u32,
    too_deep: bool,
}

impl<'a> Xml<'a> {
    /// Begins at the start of `source`.
    pub fn new(source: &'a str) -> Self {
        Self::within(source, 0..source.len(), Prefixes::default())
    }

    /// Begins at the start of a range of `source`, where `prefixes` are in force.
    pub fn within(source: &'a str, range: Range<usize>, prefixes: Prefixes<'a>) -> Self {
        let source = source.get(..range.end).unwrap_or(source);
        let prefixes = Prefixes(prefixes.0.into_iter().map(|(p, ns, _)| (p, ns, 0)).collect());
        let mut xml = Self {
            source,
            reader: Reader::from_str(""),
            base: 0,
            open: Vec::new(),
            beyond: 0,
            prefixes,
            ends: 0,
            damage: 0,
            too_deep: false,
        };
        xml.restart(range.start);
        xml
    }

    fn restart(&mut self, at: usize) {
        self.base = at;
        self.reader = Reader::from_str(self.source.get(at..).unwrap_or_default());
        let config = self.reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        config.trim_markup_names_in_closing_tags = true;
    }

    fn at(&self) -> usize {
        self.base + usize::try_from(self.reader.buffer_position()).unwrap_or(0)
    }

    /// Adds what is to be told of this part of the document.
    pub fn tell(&self, remarks: &mut Remarks) {
        remarks.damaged |= self.is_damaged();
        remarks.deep |= self.too_deep;
    }

    /// Whether anything had to be stepped over.
    fn is_damaged(&self) -> bool {
        self.damage > 0
    }

    /// The prefixes in force here.
    pub fn prefixes(&self) -> Prefixes<'a> {
        self.prefixes.clone()
    }

    /// What comes next. Each start that was given gets its end.
    pub fn next(&mut self) -> Event<'a> {
        loop {
            if self.ends > 0 {
                self.ends -= 1;
                self.open.pop();
                self.prefixes.leave(self.open.len());
                return Event::End;
            }
            match self.reader.read_event() {
                Ok(Raw::Start(tag)) => {
                    if let Some(element) = self.start(tag) {
                        return Event::Start(element);
                    }
                }
                Ok(Raw::End(tag)) => self.end(tag.name().as_ref()),
                Ok(Raw::Text(text)) => return Event::Text(text.into_inner()),
                Ok(Raw::CData(text)) => return Event::Text(text.into_inner()),
                Ok(Raw::GeneralRef(name)) => {
                    if let Some(text) = reference(&name) {
                        return Event::Text(text);
                    }
                }
                Ok(Raw::Eof) if self.open.is_empty() => return Event::Done,
                Ok(Raw::Eof) => {
                    self.damage += 1;
                    self.ends = self.open.len();
                }
                Ok(_) => {}
                Err(_) => self.step_over(),
            }
        }
    }

    /// Goes on behind a place of damage, at the next tag.
    fn step_over(&mut self) {
        self.damage += 1;
        let failed = self.base + usize::try_from(self.reader.error_position()).unwrap_or(0);
        let from = failed.max(self.base) + 1;
        let rest = self.source.as_bytes().get(from..).unwrap_or_default();
        match memchr::memchr(b'<', rest) {
            Some(next) if self.damage < MOST_DAMAGE => self.restart(from + next),
            _ => self.restart(self.source.len()),
        }
    }

    fn start(&mut self, tag: BytesStart<'a>) -> Option<Element<'a>> {
        let name = subslice(self.source, tag.name().0)?;
        if self.open.len() >= DEEPEST {
            self.beyond += 1;
            self.too_deep = true;
            return None;
        }
        if tag.attributes_raw().contains("xmlns") {
            self.declare(&tag);
        }
        self.open.push(name);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        Some(Element { ns: self.prefixes.of(prefix), name: local, tag })
    }

    /// Takes in the namespace declarations of a tag.
    fn declare(&mut self, tag: &BytesStart<'a>) {
        let depth = self.open.len() + 1;
        for attribute in tag.attributes().with_checks(false).filter_map(Result::ok) {
            let key: &str = attribute.key.as_ref();
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':').and_then(|p| subslice(self.source, p)) {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            self.prefixes.bind(prefix, &attribute.value, depth);
        }
    }

    fn end(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        match self.open.iter().rev().take(REACH).position(|open| *open == name) {
            Some(at) => {
                self.damage += u32::from(at > 0);
                self.ends = at + 1;
            }
            None => self.damage += 1,
        }
    }

    /// Passes over the rest of the element whose start was given last; gives the range of what it holds.
    pub fn skip(&mut self) -> Range<usize> {
        let depth = self.open.len();
        let start = self.at();
        loop {
            // the end tag of the element begins where what came before it ends
            let end = self.at();
            match self.next() {
                Event::End if self.open.len() < depth => return start..end.max(start),
                Event::Done => return start..end.max(start),
                _ => {}
            }
        }
    }

    /// The text that the element whose start was given last holds.
    pub fn text(&mut self) -> String {
        let depth = self.open.len();
        let mut out = String::new();
        loop {
            match self.next() {
                Event::Text(text) => out.push_str(&text),
                Event::End if self.open.len() < depth => return out,
                Event::Done => return out,
                _ => {}
            }
        }
    }
}

/// A character or one of the five entities of XML; those of a document's own are nothing.
fn reference(name: &quick_xml::events::BytesRef) -> Option<Cow<'static, str>> {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return Some(Cow::Owned(c.to_string()));
    }
    let text = match name.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(Cow::Borrowed(text))
}

/// `part` as a part of `source`, where it is one.
fn subslice<'a>(source: &'a str, part: &str) -> Option<&'a str> {
    let at = (part.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    source.get(at..at.checked_add(part.len())?)
}
