//! Whether a text begins as a mail or a mail box does.
//!
//! In: its first bytes and its extension. Out: mail, mail box, or neither. Never: decodes a value.

/// What a text begins as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Header lines of one message.
    Mail,
    /// A line that parts the messages of a mail box.
    Mbox,
    /// Neither.
    None,
}

/// Headers that only the programs which carry mail write.
const TRACES: [&str; 10] = [
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
    "in-reply-to",
    "references",
    "content-type",
    "x-mailer",
    "user-agent",
];
/// Headers that people know.
const KNOWN: [&str; 8] = ["date", "subject", "to", "cc", "reply-to", "sender", "newsgroups", "organization"];

/// What the text begins as.
pub(super) fn kind(head: &[u8], extension: &str) -> Kind {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if is_separator(head.split(|b| *b == b'\n').next().unwrap_or_default()) {
        return Kind::Mbox;
    }
    let (mut from, mut traces, mut known) = (false, 0, 0);
    for line in head.split(|b| *b == b'\n').take(200) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(name) = name(line) else { return Kind::None };
        from |= name == "from";
        traces += usize::from(TRACES.contains(&&*name));
        known += usize::from(KNOWN.contains(&&*name));
    }
    let told = extension == "eml" && traces + known + usize::from(from) >= 1;
    let carried = traces >= 2 && known > 0;
    if told || carried || (from && traces + known >= 2) { Kind::Mail } else { Kind::None }
}

/// The name of a header line, in lower case.
fn name(line: &[u8]) -> Option<String> {
    let colon = line.iter().position(|b| *b == b':').filter(|at| (1..=60).contains(at))?;
    let name = &line[..colon];
    let fits = name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    fits.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Whether a line parts the messages of a mail box: `From somebody@somewhere Mon May 12 09:30:00 2003`.
pub(super) fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = String::from_utf8_lossy(&rest[..rest.len().min(300)]);
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let is_clock = |w: &&str| {
        let mut parts = w.split(':');
        let two = |p: &str| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
        parts.by_ref().take(2).filter(|p| two(p)).count() == 2 && parts.all(two)
    };
    let is_year = |w: &&str| w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit());
    (5..=12).contains(&words.len()) && words.iter().any(is_clock) && words.iter().any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_begin_with_headers() {
        let mails: [&[u8]; 3] = [
            b"Received: from a by b;\n\tMon\nMessage-ID: <1@b>\nSubject: Talk\n\nHello",
            b"From: Ann <ann@example.org>\r\nDate: Mon, 3 May 1999 10:00:00 +0200\r\nSubject: Talk\r\n\r\nHello",
            b"MIME-Version: 1.0\nContent-Type: text/plain\nSubject: x\n\nHello",
        ];
        assert!(mails.iter().all(|m| kind(m, "") == Kind::Mail));
        assert_eq!(kind(b"Subject: Talk\nDate: today\n\nHello", "eml"), Kind::Mail);
    }

    #[test]
    fn other_texts_do_not() {
        let others: [&[u8]; 4] = [
            b"Subject: a talk\n\nHello",
            b"Speaker: Ann Lee\nDate: 3 May\nTitle: From A to B\n\nHello",
            b"From: 9:00\nTo: 10:00\n\nOpening",
            b"Programme\n09:30 Opening\n",
        ];
        assert!(others.iter().all(|m| kind(m, "txt") == Kind::None));
    }

    #[test]
    fn a_mail_box_begins_with_its_separator() {
        assert!(is_separator(b"From ann@example.org Mon May  3 10:00:00 1999"));
        assert!(is_separator(b"From ann@example.org Mon, 3 May 1999 10:00:00 +0200 (CEST)"));
        assert!(!is_separator(b"From there we went on at 10:00 in the year 1999 to the next town and on from it all"));
        assert!(!is_separator(b"From: Ann"));
    }
}
