//! What a mail carries.
//!
//! In: the bytes of a message. Out: its attachments as members, each with a name. Never: takes a picture inside the
//! text, or a signature of a program, for a document.

use mail_parser::{MessagePart, MimeHeaders, PartType};

use crate::ingest::container::{Member, Taken};

/// Attachments that one mail may have.
const MOST: usize = 1000;

/// The attachments of a message; none where it is no mail with parts.
pub(crate) fn attachments(bytes: &[u8]) -> Vec<Member> {
    // Only a message that speaks of parts can have any.
    let says = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    if ![&b"ultipart/"[..], b"ULTIPART/", b"ontent-", b"ONTENT-"].iter().any(|w| says(w)) {
        return Vec::new();
    }
    let Some(parsed) = super::Parsed::of(bytes) else { return Vec::new() };
    let message = &parsed.0;
    let attached = message.attachments.iter().take(MOST).filter(|id| !super::body::is_unclosed(message, **id));
    let attached = attached.filter_map(|id| message.parts.get(*id as usize));
    attached.enumerate().filter_map(|(at, part)| member(bytes, part, at + 1)).collect()
}

fn member(bytes: &[u8], part: &MessagePart, number: usize) -> Option<Member> {
    let kind = part.content_type().map(|t| (t.ctype().to_lowercase(), t.subtype().unwrap_or_default().to_lowercase()));
    let (main, sub) = kind.unwrap_or_default();
    let inside = part.content_id().is_some() || matches!(part.body, PartType::InlineBinary(_));
    let taken = match &part.body {
        PartType::Multipart(_) => return None,
        _ if main == "image" && inside => Taken::Skip("picture inside the mail"),
        _ if matches!(&*sub, "pgp-signature" | "pkcs7-signature" | "x-pkcs7-signature") => {
            Taken::Skip("signature of the mail")
        }
        PartType::Text(_) | PartType::Html(_) => Taken::Bytes(super::body::unpacked(bytes, part)),
        PartType::Binary(data) | PartType::InlineBinary(data) => Taken::Bytes(data.to_vec()),
        PartType::Message(inner) => Taken::Bytes(
            bytes.get(part.offset_body as usize..part.offset_end as usize).unwrap_or(&inner.raw_message).to_vec(),
        ),
    };
    let told = part.attachment_name().map(str::trim).filter(|n| !n.is_empty());
    let name = told.map_or_else(|| format!("part-{number}{}", ending(&main, &sub)), file_name);
    Some(Member { name: format!("/{name}"), notes: Vec::new(), taken })
}

/// The last part of a name: an attachment lies in no folder.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).map(str::trim).find(|p| !p.is_empty() && !matches!(*p, "." | ".."));
    last.unwrap_or("part").to_owned()
}

fn ending(main: &str, sub: &str) -> &'static str {
    match (main, sub) {
        ("text", "html") => ".html",
        ("text", "calendar") => ".ics",
        ("text", _) => ".txt",
        ("message", _) => ".eml",
        (_, "pdf") => ".pdf",
        (_, "rtf") => ".rtf",
        (_, "zip") => ".zip",
        _ => "",
    }
}
