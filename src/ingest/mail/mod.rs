//! A mail message → its headers, its words, and what it carries.
//!
//! In: the bytes of one message. Out: the headers that a reader sees as named lines, then the body: its plain text, or
//! its HTML where that says more; what others wrote as quoted ranges. Attachments are given as bytes, to be read as
//! documents of their own. Never: shows a picture, follows a link, reads a header that only programs read.

mod body;
mod parts;
mod quotes;

use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, PartType};

use super::builder::Builder;
use super::text::{RegionKind, Text};
use super::{charset, lines, remark};
use crate::diag::finding;
use crate::model::Severity;

pub(crate) use parts::attachments;

/// The headers that are read, in the order in which they are written, with the keys of their ranges.
const SHOWN: [(&str, HeaderName<'static>, &str); 5] = [
    ("From", HeaderName::From, "from"),
    ("To", HeaderName::To, "to"),
    ("Cc", HeaderName::Cc, "cc"),
    ("Date", HeaderName::Date, "date"),
    ("Subject", HeaderName::Subject, "subject"),
];

/// Reads a message.
pub(super) fn document(bytes: &[u8]) -> Text {
    let Some(parsed) = Parsed::of(bytes) else { return unparsed(bytes) };
    let message = &parsed.0;
    let mut out = Builder::default();
    let mut diagnostics = Vec::new();
    for (label, name, key) in &SHOWN {
        if let Some(value) = header(message, bytes, name).filter(|v| !v.is_empty()) {
            out.text(label);
            out.text(": ");
            let open = out.open(RegionKind::Meta((*key).into()));
            out.text(&value);
            out.close(open);
            out.line();
        }
    }
    out.blank();
    let encoding = body::write(message, bytes, &mut out, &mut diagnostics);
    let mut text = out.finish("message/rfc822");
    text.encoding = encoding.into();
    if text.content.trim().is_empty() {
        diagnostics.push(finding("A0101", "expected text, but found neither headers nor a body"));
    }
    lines::remark_on_long(&text.content, &mut diagnostics);
    charset::place(&text.content, &mut diagnostics);
    text.diagnostics = diagnostics;
    text
}

/// A parsed message. One inside another, many times over, is taken apart without recursion when it goes.
struct Parsed<'x>(Message<'x>);

impl<'x> Parsed<'x> {
    fn of(bytes: &'x [u8]) -> Option<Self> {
        MessageParser::default().parse(bytes).map(Self)
    }
}

impl Drop for Parsed<'_> {
    fn drop(&mut self) {
        let mut todo = vec![std::mem::take(&mut self.0)];
        while let Some(mut message) = todo.pop() {
            let inner = message.parts.drain(..).filter_map(|part| match part.body {
                PartType::Message(inner) => Some(inner),
                _ => None,
            });
            todo.extend(inner);
        }
    }
}

/// What cannot be taken apart is read as it stands.
fn unparsed(bytes: &[u8]) -> Text {
    let decoded = charset::decode(bytes, false);
    let mut diagnostics = decoded.diagnostics;
    let plain = lines::normalise(&decoded.content, &mut diagnostics).into_owned();
    let message = "expected a mail; it was read as plain text".to_owned();
    diagnostics.push(remark("A0141", Severity::Warning, message, None));
    Text { encoding: decoded.encoding.into(), diagnostics, ..lines::plain(plain) }
}

/// A header's value as a person reads it, on one line.
fn header(message: &Message, bytes: &[u8], name: &HeaderName) -> Option<String> {
    let header = message.root_part().headers.iter().rev().find(|h| h.name == *name)?;
    let raw = bytes.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
    let is_plain = !raw.is_ascii() || matches!(name, HeaderName::Date);
    let value = match &header.value {
        // Bytes beyond ASCII have no right to be there; they are in the message's own encoding.
        _ if is_plain => charset::decode(raw, false).content.into_owned(),
        HeaderValue::Address(Address::List(list)) => list.iter().map(address).collect::<Vec<_>>().join(", "),
        HeaderValue::Address(Address::Group(groups)) => {
            groups.iter().flat_map(|g| &g.addresses).map(address).collect::<Vec<_>>().join(", ")
        }
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(texts) => texts.join(", "),
        _ => String::from_utf8_lossy(raw).into_owned(),
    };
    let value = lines::normalise(&value, &mut Vec::new()).into_owned();
    Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn address(address: &mail_parser::Addr) -> String {
    match (address.name.as_deref().map(str::trim), address.address.as_deref().map(str::trim)) {
        (Some(name), Some(mail)) if !name.is_empty() && name != mail => format!("{name} <{mail}>"),
        (_, Some(mail)) => mail.to_owned(),
        (name, None) => name.unwrap_or_default().to_owned(),
    }
}
