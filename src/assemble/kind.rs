//! What kind of document it is, by the sums of named scores (table `document` of the grammars).

use crate::grammar::Set;
use crate::model::{DocumentKind, Span};
use crate::parse::{Cx, Parsed};
use crate::scan::MarkKind;
use crate::segment::Class;

/// The kind with the highest score, and all scores.
pub(super) fn decide(cx: Cx, parsed: &[Parsed]) -> (DocumentKind, Vec<(String, f32)>) {
    let facts = facts(cx, parsed);
    let mut sums: Vec<(DocumentKind, f32)> = DocumentKind::ALL.iter().map(|k| (*k, 0.0)).collect();
    for rule in cx.g.scores("document") {
        let holds = |name: &str| {
            let (fact, least) = name.split_once(">=").unwrap_or((name, "1"));
            let least: f32 = least.parse().unwrap_or(1.0);
            facts.iter().find(|(n, _)| *n == fact).is_some_and(|(_, v)| *v >= least)
        };
        if rule.all.iter().all(|n| holds(n)) && !rule.none.iter().any(|n| holds(n)) {
            if let Some(sum) = sums.iter_mut().find(|(k, _)| k.as_str() == rule.class.as_ref()) {
                sum.1 += rule.weight;
            }
        }
    }
    let mut best = (DocumentKind::Other, 0.0);
    for (k, n) in &sums {
        if *n > best.1 {
            best = (*k, *n);
        }
    }
    let mut shown: Vec<(String, f32)> = sums.iter().map(|(k, n)| (k.to_string(), *n)).collect();
    shown.extend(facts.into_iter().map(|(n, v)| (format!("#{n}"), v)));
    (best.0, shown)
}

/// Names of the facts that document rules may speak of.
pub const FACTS: &[&str] = &[
    "rows", "range-rows", "kind-rows", "frame-rows", "row-share", "days", "numbered", "day-parts", "event-words", "programme-words", "early-programme", "labels",
    "time-field", "place-field", "speaker-field", "mail-fields", "talk-words", "times", "contacts", "persons", "prose", "no-event", "no-event-kinds", "future", "past",
    "event-future", "event-past", "questions", "speakers", "author-last", "event-phrase", "moderators", "early-no-event", "ascending",
];

fn facts(cx: Cx, parsed: &[Parsed]) -> Vec<(&'static str, f32)> {
    let v = cx.s.view();
    let all = v.all();
    let count = |f: &dyn Fn(&Parsed) -> bool| parsed.iter().filter(|p| f(p)).count() as f32;
    let head = Span::new(0, cx.s.lines.get(11).map_or(all.end, |l| l.span.end));
    let row = |p: &Parsed| p.unit.class == Class::Row && p.entry.whens.first().is_some_and(|w| w.score >= 0.4);
    let rows = count(&|p| row(p));
    let frame = |p: &Parsed| p.entry.kind.as_ref().is_some_and(|k| k.first && matches!(k.kind.value.as_str(), "break" | "meal" | "registration" | "opening" | "closing"));
    let field = |names: &[&str]| count(&|p| p.entry.field.as_ref().is_some_and(|(f, _)| names.contains(&f.as_str())));
    let lines = cx.s.lines.len().max(1) as f32;
    let mut no_event: Vec<&str> = v.phrases(all, Set::NoEvent).map(|(_, p)| p.value.as_ref()).collect();
    let no_events = no_event.len() as f32;
    no_event.sort_unstable();
    no_event.dedup();
    let pattern = |set: &str| cx.g.patterns(set).iter().filter(|p| p.regex.is_match(cx.s.text)).count() as f32;
    let starts: Vec<u32> = parsed.iter().filter(|p| row(p)).filter_map(|p| p.entry.whens.first()).map(|w| {
        let m = u32::from(w.start.clock.hour) * 60 + u32::from(w.start.clock.minute);
        if w.start.clock.meridiem == Some(true) && m < 720 { m + 720 } else { m }
    }).collect();
    let ascending = starts.windows(2).filter(|w| w[0] <= w[1]).count() as f32 / starts.len().saturating_sub(1).max(1) as f32;
    vec![
        ("rows", rows),
        ("ascending", ascending * 10.0),
        ("range-rows", count(&|p| row(p) && p.entry.whens.iter().any(|w| w.end.is_some()))),
        ("kind-rows", count(&|p| row(p) && p.entry.kind.is_some())),
        ("frame-rows", count(&|p| (row(p) || p.unit.class == Class::Heading) && frame(p))),
        ("row-share", rows / lines * 100.0),
        ("days", count(&|p| p.unit.class == Class::Day)),
        ("numbered", count(&|p| p.entry.number.as_ref().is_some_and(|n| n.word.is_some()))),
        ("day-parts", v.phrases(all, Set::HalfDay).count() as f32),
        ("event-words", v.phrases(all, Set::EventWord).count() as f32),
        ("programme-words", v.phrases(all, Set::Programme).count() as f32),
        ("early-programme", v.phrases(head, Set::Programme).count() as f32),
        ("labels", count(&|p| p.unit.class == Class::Label)),
        ("moderators", count(&|p| p.unit.class == Class::Label && p.entry.role.as_ref().is_some_and(|r| matches!(r.role.value.as_str(), "moderator" | "chair" | "facilitator")))),
        ("time-field", field(&["time", "when", "date"])),
        ("place-field", field(&["place", "room"])),
        ("speaker-field", field(&["speaker"]) + count(&|p| p.entry.role.as_ref().is_some_and(|r| r.role.value == "speaker") && p.unit.class == Class::Label)),
        ("mail-fields", field(&["posted", "type", "subject", "from"])),
        ("talk-words", pattern("talk-word")),
        ("times", v.whens(all).filter(|(_, w)| w.score >= 0.5).count() as f32),
        ("contacts", v.marks_in(all).filter(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email)).count() as f32),
        ("persons", count(&|p| !p.entry.people.is_empty())),
        ("speakers", count(&|p| !p.entry.people.is_empty() && p.entry.role.is_some())),
        ("prose", count(&|p| p.unit.class == Class::Prose)),
        ("questions", count(&|p| p.unit.class == Class::Question)),
        ("no-event", no_events),
        ("early-no-event", v.phrases(head, Set::NoEvent).count() as f32),
        ("no-event-kinds", no_event.len() as f32),
        ("event-future", pattern("event-future")),
        ("event-past", pattern("event-past")),
        ("event-phrase", pattern("event-name")),
        ("author-last", pattern("author-last")),
    ]
}
