//! What others wrote in a mail: quoted lines, messages sent on, the foot that a list adds.
//!
//! In: the plain text of a body. Out: its lines without their `>`, what is quoted and sent on as ranges with their
//! depth, the heads of messages sent on as named lines. Never: drops a line, knows a word: the shape of the lines tells.

use crate::ingest::builder::{Builder, Open};
use crate::ingest::text::RegionKind;

/// Lines of the foot that a list adds.
const FOOT: usize = 12;
/// Signs that draw a line.
const DRAWN: usize = 5;

/// Writes a body.
pub(super) fn write(text: &str, out: &mut Builder) {
    let lines: Vec<&str> = text.trim_end().split('\n').collect();
    let foot = foot(&lines);
    let mut writer = Writer { out, quote: None, sent_on: None, blank: true };
    let mut at = 0;
    while at < lines.len() {
        if at == foot {
            writer.quoted(0);
            writer.end_sent_on();
            let open = writer.out.open(RegionKind::Furniture);
            lines[at..].iter().for_each(|line| writer.line(line));
            writer.out.close(open);
            return;
        }
        let (depth, bare) = unquoted(lines[at]);
        if depth == 0
            && let Some(head) = head_of_sent_on(&lines, at)
        {
            writer.sent_on(&lines[at..head.0], &lines[head.0..head.1]);
            at = head.1;
            continue;
        }
        writer.quoted(if depth > 0 { depth } else { introduced(&lines, at) });
        writer.line(bare);
        at += 1;
    }
    writer.quoted(0);
    writer.end_sent_on();
}

struct Writer<'b> {
    out: &'b mut Builder,
    quote: Option<(u8, Open)>,
    sent_on: Option<Open>,
    blank: bool,
}

impl Writer<'_> {
    /// Writes a line.
    fn line(&mut self, line: &str) {
        let line = line.trim_end();
        if line.is_empty() {
            if !self.blank {
                self.out.text("\n");
            }
            self.blank = self.out.at_line_start();
            return;
        }
        self.out.text(line);
        self.out.text("\n");
        self.blank = false;
    }

    /// From here on the text is quoted so deeply.
    fn quoted(&mut self, depth: u8) {
        if self.quote.as_ref().map_or(0, |(d, _)| *d) == depth {
            return;
        }
        if let Some((_, open)) = self.quote.take() {
            self.out.close(open);
        }
        if depth > 0 {
            self.quote = Some((depth, self.out.open(RegionKind::Quote(depth))));
        }
    }

    /// From here to the end it is a message that was sent on: the lines that say so, its head.
    fn sent_on(&mut self, before: &[&str], head: &[&str]) {
        self.quoted(0);
        if self.sent_on.is_none() {
            self.sent_on = Some(self.out.open(RegionKind::Quote(1)));
        }
        before.iter().for_each(|line| self.line(line));
        for line in head {
            match line.split_once(':') {
                Some((name, value)) if !value.trim().is_empty() => {
                    self.out.text(name.trim());
                    self.out.text(": ");
                    let key = format!("quoted.{}", name.trim().trim_matches('*').to_lowercase());
                    let open = self.out.open(RegionKind::Meta(key));
                    self.out.text(value.trim());
                    self.out.close(open);
                    self.out.text("\n");
                }
                _ => self.line(line),
            }
        }
        self.blank = false;
    }

    fn end_sent_on(&mut self) {
        if let Some(open) = self.sent_on.take() {
            self.out.close(open);
        }
    }
}

/// How deeply a line is quoted, and the line without its marks.
fn unquoted(line: &str) -> (u8, &str) {
    let (mut depth, mut rest) = (0u8, line);
    loop {
        let bare = rest.strip_prefix(' ').filter(|b| depth > 0 && b.starts_with('>')).unwrap_or(rest);
        match bare.strip_prefix('>') {
            Some(after) => {
                depth = depth.saturating_add(1);
                rest = after;
            }
            None => break,
        }
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { line })
}

/// The depth of the quote that a line introduces ("On … Ann wrote:"): a line with a date or an address that ends in a
/// colon, and a quoted line below it.
fn introduced(lines: &[&str], at: usize) -> u8 {
    let below = |from: usize| lines[from..].iter().take(3).find(|l| !l.trim().is_empty()).map_or(0, |l| unquoted(l).0);
    let ends = |line: &str| line.trim_end().ends_with(':');
    let tells = |line: &str| line.contains('@') || line.bytes().filter(u8::is_ascii_digit).count() >= 4;
    let line = lines[at];
    let next = lines.get(at + 1).copied().unwrap_or_default();
    if ends(line) && (tells(line) || at > 0 && tells(lines[at - 1])) {
        return below(at + 1);
    }
    let is_broken = tells(line) && ends(next) && unquoted(next).0 == 0 && next.len() < 80;
    if is_broken { below(at + 2) } else { 0 }
}

/// Where the head of a message that was sent on stands, where one begins here: a drawn line or a line that ends in a
/// colon, then at least three lines of a name, a colon and a value, one of them with an address.
fn head_of_sent_on(lines: &[&str], at: usize) -> Option<(usize, usize)> {
    let line = lines[at].trim();
    let drawn = |side: &str| side.chars().take_while(|c| matches!(c, '-' | '_' | '=')).count() >= DRAWN;
    let is_drawn = drawn(line) && drawn(&line.chars().rev().collect::<String>());
    if !(is_drawn || line.ends_with(':') && line.len() < 80) {
        return None;
    }
    let named = |line: &&&str| {
        let name = line.trim().split_once(':').map_or("", |(name, _)| name);
        (1..=20).contains(&name.chars().count()) && name.chars().all(|c| c.is_alphabetic() || " -*".contains(c))
    };
    let start = at + 1 + lines[at + 1..].iter().take(2).take_while(|l| l.trim().is_empty()).count();
    let count = lines.get(start..)?.iter().take(12).take_while(named).count();
    let head = &lines[start..start + count];
    (count >= 3 && head.iter().any(|l| l.contains('@'))).then_some((start, start + count))
}

/// Where the foot begins that a list adds: a long drawn line near the end, and nothing but a few lines behind it.
fn foot(lines: &[&str]) -> usize {
    let from = lines.len().saturating_sub(FOOT);
    let is_rule = |line: &&str| line.len() >= 20 && line.trim_end().bytes().all(|b| b == b'_');
    lines[from..].iter().position(is_rule).map_or(usize::MAX, |at| from + at)
}
