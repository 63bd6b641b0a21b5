//! What a stage makes of a document, as text for a person: the workbench of who writes grammars.
//!
//! In: what the stages give. Out: text. Never: changes what they give.

use std::fmt::Write;

use crate::assemble::Tree;
use crate::ingest::Text;
use crate::parse::Parsed;
use crate::repair::Repaired;
use crate::scan::{MarkKind, Scanned};
use crate::segment::Unit;

/// The ingested text with its layout.
pub fn ingest(text: &Text) -> String {
    let mut out = format!("encoding {}  media type {}  differs {}\n", text.encoding, text.media_type, text.differs);
    for r in &text.layout {
        let _ =
            writeln!(out, "{:>7}–{:<7} {:?}  {}", r.span.start, r.span.end, r.kind, cut(r.span.of(&text.content), 60));
    }
    for d in &text.diagnostics {
        let _ = writeln!(out, "{} {}", d.code, d.message);
    }
    out
}

/// The repairs.
pub fn repair(repaired: &Repaired) -> String {
    let mut out = String::new();
    for r in &repaired.repairs {
        let _ = writeln!(out, "{:>7}–{:<7} {:?} → {:?}  {}", r.span.start, r.span.end, r.from, r.to, r.rule);
    }
    out
}

/// Every mark.
pub fn scan(s: &Scanned) -> String {
    let mut out = format!("languages {}\n", s.languages.join(" "));
    for m in &s.marks {
        let text = cut(m.span.of(s.text), 50);
        let _ = match &m.kind {
            MarkKind::Phrase(set, i) => {
                let p = &s.grammar.phrases[*i as usize];
                writeln!(out, "{:>7} {:<16} {:<14} {text:?}  {}", m.span.start, set.name(), p.value, p.id)
            }
            MarkKind::When(w) => writeln!(out, "{:>7} {:<16} {:<14.2} {text:?}", m.span.start, "time", w.score),
            other => writeln!(out, "{:>7} {:<16} {:<14} {text:?}", m.span.start, kind(other), ""),
        };
    }
    out
}

fn kind(k: &MarkKind) -> &'static str {
    match k {
        MarkKind::Phrase(..) => "phrase",
        MarkKind::When(_) => "time",
        MarkKind::Date(_) => "date",
        MarkKind::Duration(_) => "duration",
        MarkKind::Phone => "phone",
        MarkKind::Email => "email",
        MarkKind::Url => "url",
        MarkKind::Year(_) => "year",
    }
}

/// Units with class, scores, features and rules.
pub fn segment(s: &Scanned, units: &[Unit]) -> String {
    let mut out = String::new();
    for u in units {
        let scores: Vec<String> = u.ranked.iter().take(4).map(|(c, n)| format!("{} {n:.1}", c.name())).collect();
        let features: Vec<&str> = u.features.names().collect();
        let _ = writeln!(out, "{:>4}  {:<9} {}", u.first(s).number, u.class.name(), cut(&u.flat.text, 100));
        let _ = writeln!(
            out,
            "        lines {}  scores {}  features {}",
            u.lines.len(),
            scores.join(", "),
            features.join(" ")
        );
        let _ = writeln!(out, "        rules {}", u.rules.join(" "));
    }
    out
}

/// Units with what was read in them.
pub fn parse(s: &Scanned, parsed: &[Parsed]) -> String {
    let mut out = String::new();
    for p in parsed {
        let e = &p.entry;
        let _ =
            writeln!(out, "{:>4}  {:<9} {}", p.unit.first(s).number, p.unit.class.name(), cut(&p.unit.flat.text, 100));
        let mut line = |name: &str, value: String| {
            if !value.is_empty() {
                let _ = writeln!(out, "        {name}: {value}");
            }
        };
        line(
            "times",
            e.whens
                .iter()
                .map(|w| format!("{}:{:02} {:.2}", w.start.clock.hour, w.start.clock.minute, w.score))
                .collect::<Vec<_>>()
                .join(", "),
        );
        line("number", e.number.as_ref().map_or(String::new(), |n| n.number.value.clone()));
        line(
            "kind",
            e.kind.as_ref().map_or(String::new(), |k| format!("{} first {} whole {}", k.kind.value, k.first, k.whole)),
        );
        line("role", e.role.as_ref().map_or(String::new(), |r| r.role.value.clone()));
        line("field", e.field.as_ref().map_or(String::new(), |f| f.0.clone()));
        line("title", e.title.as_ref().map_or(String::new(), |t| t.value.clone()));
        for x in &e.people {
            let part = |v: &Option<crate::evidence::Grounded>| v.as_ref().map_or("–".to_owned(), |g| g.value.clone());
            line(
                "person",
                format!(
                    "{} | {} | {} | {}  {:.2}",
                    x.name.value,
                    part(&x.position),
                    part(&x.organisation),
                    part(&x.country),
                    x.name.score
                ),
            );
        }
        line("parties", e.parties.iter().map(|p| p.value.clone()).collect::<Vec<_>>().join(" | "));
        line(
            "place",
            e.place.as_ref().map_or(String::new(), |p| {
                format!("{:?} {:?}", p.name.as_ref().map(|n| &n.value), p.room.as_ref().map(|n| &n.value))
            }),
        );
    }
    out
}

/// The tree in short.
pub fn assemble(tree: &Tree) -> String {
    let mut out = String::from("kind\n");
    for (name, n) in &tree.kind_scores {
        let _ = writeln!(out, "    {name:<18} {n:.2}");
    }
    let _ = writeln!(out, "event {}", tree.event.title.as_ref().map_or("–", |t| &t.value));
    for s in &tree.sessions {
        let _ = writeln!(
            out,
            "session line {} {} {} talks {} roles {}",
            s.line + 1,
            s.kind.value,
            s.title.as_ref().map_or("–", |t| &t.value),
            s.talks.len(),
            s.roles.len()
        );
    }
    out
}

/// `text` on one line, at most `most` characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}
