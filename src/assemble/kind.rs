//! What kind of document it is, by the sums of named scores (table `document` of the grammars).

use crate::grammar::Set;
use crate::model::{DocumentKind, Span};
use crate::parse::{Cx, Parsed};
use crate::scan::MarkKind;
use crate::segment::{Class, Features};

use super::header;
use super::prose::tells;

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
        if rule.all.iter().all(|n| holds(n))
            && !rule.none.iter().any(|n| holds(n))
            && let Some(sum) = sums.iter_mut().find(|(k, _)| k.as_str() == rule.class.as_ref())
        {
            cx.g.fired(rule.n);
            sum.1 += rule.weight;
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
#[cfg(test)]
const FACTS: &[&str] = &[
    "rows",
    "range-rows",
    "kind-rows",
    "frame-rows",
    "row-share",
    "ascending",
    "days",
    "numbered",
    "day-parts",
    "event-words",
    "programme-words",
    "early-programme",
    "labels",
    "moderators",
    "time-field",
    "place-field",
    "speaker-field",
    "lone-fields",
    "mail-fields",
    "talk-words",
    "times",
    "contacts",
    "persons",
    "speakers",
    "prose",
    "questions",
    "no-event",
    "early-no-event",
    "no-event-kinds",
    "title-no-event",
    "event-future",
    "event-past",
    "event-phrase",
    "about",
    "about-share",
    "held-past",
    "held-future",
    "calls",
    "headed",
    "author-last",
    "byline",
    "author",
    "participants-head",
    "listed-talks",
    "materials",
    "recurring",
    "dated",
    "calendar",
];

fn facts(cx: Cx, parsed: &[Parsed]) -> Vec<(&'static str, f32)> {
    let mut out = programme(cx, parsed);
    out.extend(fields(cx, parsed));
    out.extend(words(cx, parsed));
    out.extend(prose(cx, parsed));
    out
}

fn count(parsed: &[Parsed], f: impl Fn(&Parsed) -> bool) -> f32 {
    parsed.iter().filter(|p| f(p)).count() as f32
}

fn row(p: &Parsed) -> bool {
    p.unit.class == Class::Row && p.entry.whens.first().is_some_and(|w| w.score >= 0.4)
}

/// Rows, days, numbered headings.
fn programme(cx: Cx, parsed: &[Parsed]) -> Vec<(&'static str, f32)> {
    let rows = count(parsed, row);
    let frame = |p: &Parsed| {
        p.entry.kind.as_ref().is_some_and(|k| {
            k.first && matches!(k.kind.value.as_str(), "break" | "meal" | "registration" | "opening" | "closing")
        })
    };
    let starts: Vec<u32> = parsed
        .iter()
        .filter(|p| row(p))
        .filter_map(|p| p.entry.whens.first())
        .map(|w| {
            let m = u32::from(w.start.clock.hour) * 60 + u32::from(w.start.clock.minute);
            if w.start.clock.meridiem == Some(true) && m < 720 { m + 720 } else { m }
        })
        .collect();
    let ascending =
        starts.windows(2).filter(|w| w[0] <= w[1]).count() as f32 / starts.len().saturating_sub(1).max(1) as f32;
    vec![
        ("rows", rows),
        ("ascending", ascending * 10.0),
        ("range-rows", count(parsed, |p| row(p) && p.entry.whens.iter().any(|w| w.end.is_some()))),
        ("kind-rows", count(parsed, |p| row(p) && p.entry.kind.is_some())),
        ("frame-rows", count(parsed, |p| (row(p) || p.unit.class == Class::Heading) && frame(p))),
        ("row-share", rows / cx.s.lines.len().max(1) as f32 * 100.0),
        ("days", count(parsed, |p| p.unit.class == Class::Day)),
        ("numbered", count(parsed, |p| p.entry.number.as_ref().is_some_and(|n| n.word.is_some()))),
        (
            "listed-talks",
            count(parsed, |p| {
                p.unit.features.has(Features::named("bullet").unwrap_or_default())
                    && !p.entry.people.is_empty()
                    && p.entry.title.is_some()
            }),
        ),
    ]
}

/// Labels and fields.
fn fields(cx: Cx, parsed: &[Parsed]) -> Vec<(&'static str, f32)> {
    let v = cx.s.view();
    let field =
        |names: &[&str]| count(parsed, |p| p.entry.field.as_ref().is_some_and(|(f, _)| names.contains(&f.as_str())));
    let label = |p: &Parsed, roles: &[&str]| {
        p.unit.class == Class::Label && p.entry.role.as_ref().is_some_and(|r| roles.contains(&r.role.value.as_str()))
    };
    vec![
        ("labels", count(parsed, |p| p.unit.class == Class::Label)),
        ("moderators", count(parsed, |p| label(p, &["moderator", "chair", "facilitator"]))),
        ("time-field", field(&["time", "when", "date"])),
        ("place-field", field(&["place", "room"])),
        ("speaker-field", field(&["speaker"]) + count(parsed, |p| label(p, &["speaker"]))),
        ("lone-fields", lone_fields(cx, parsed)),
        ("mail-fields", field(&["posted", "type", "subject", "from"])),
        (
            "contacts",
            v.marks_in(v.all()).filter(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email)).count() as f32,
        ),
        ("persons", count(parsed, |p| !p.entry.people.is_empty())),
        ("speakers", count(parsed, |p| !p.entry.people.is_empty() && p.entry.role.is_some())),
        ("questions", count(parsed, |p| p.unit.class == Class::Question)),
        (
            "participants-head",
            count(parsed, |p| p.unit.flat.text.len() < 80 && tells(cx, "participants-head", &p.unit.flat.text)),
        ),
    ]
}

/// How many of time and place a document tells below a label that has a line for itself.
fn lone_fields(cx: Cx, parsed: &[Parsed]) -> f32 {
    let told = |fields: &[&str]| header::lone_fields(cx, parsed).any(|(field, _)| fields.contains(&field));
    f32::from(u8::from(told(&["time", "when", "date"]))) + f32::from(u8::from(told(&["place", "room"])))
}

/// A line up to its colon, where one stands behind its first words: "Present: Ann Lee, Tom Reed".
fn label(text: &str) -> &str {
    const LONGEST: usize = 40;
    text.find(':').filter(|i| *i <= LONGEST).map_or(text, |i| &text[..i])
}

/// Words that speak for or against an event.
fn words(cx: Cx, parsed: &[Parsed]) -> Vec<(&'static str, f32)> {
    let v = cx.s.view();
    let all = v.all();
    let head = Span::new(0, cx.s.lines.get(11).map_or(all.end, |l| l.span.end));
    let mut against: Vec<&str> = v.phrases(all, Set::NoEvent).map(|(_, p)| p.value.as_ref()).collect();
    let total = against.len() as f32;
    against.sort_unstable();
    against.dedup();
    // what a document calls itself
    let titles = parsed
        .iter()
        .filter(|p| p.unit.class != Class::Property || p.unit.first(cx.s).meta.as_deref() == Some("title"))
        .take(5)
        .filter(|p| label(&p.unit.flat.text).len() < 120);
    let title = titles
        .filter(|p| {
            let label = label(&p.unit.flat.text);
            cx.view(&p.unit.flat).has(Span::new(0, label.len()), Set::NoEvent) || tells(cx, "other-genre", label)
        })
        .count() as f32;
    let pattern = |set: &str| f32::from(u8::from(tells(cx, set, cx.s.text)));
    let calls = |set: &str| {
        count(parsed, |p| {
            p.unit.class != Class::Property && p.unit.flat.text.len() < 120 && tells(cx, set, &p.unit.flat.text)
        })
    };
    vec![
        ("calendar", calls("calendar")),
        ("day-parts", v.phrases(all, Set::HalfDay).count() as f32),
        ("event-words", v.phrases(all, Set::EventWord).count() as f32),
        ("programme-words", v.phrases(all, Set::Programme).count() as f32),
        ("early-programme", v.phrases(head, Set::Programme).count() as f32),
        ("talk-words", pattern("talk-word")),
        ("times", v.whens(all).filter(|(_, w)| w.score >= 0.5).count() as f32),
        ("no-event", total),
        ("early-no-event", v.phrases(head, Set::NoEvent).count() as f32),
        ("no-event-kinds", against.len() as f32),
        ("title-no-event", title),
        ("materials", calls("materials")),
        ("event-phrase", pattern("event-name")),
        ("recurring", pattern("recurring")),
        ("dated", v.dates(all).filter(|(_, d)| d.month.is_some()).count() as f32),
    ]
}

/// What sentences tell: whether they speak of one event, held or to come.
fn prose(cx: Cx, parsed: &[Parsed]) -> Vec<(&'static str, f32)> {
    let texts: Vec<&str> = parsed
        .iter()
        .filter(|p| !matches!(p.unit.class, Class::Furniture | Class::Property))
        .map(|p| p.unit.flat.text.as_str())
        .collect();
    let long: Vec<&&str> = texts.iter().filter(|t| t.len() >= 60).collect();
    let matched = |set: &str| {
        texts.iter().map(|t| cx.patterns(set).map(|p| p.regex.find_iter(t).count()).sum::<usize>()).sum::<usize>()
            as f32
    };
    let about = long.iter().filter(|t| tells(cx, "event-happens", t) || tells(cx, "event-subject", t)).count() as f32;
    // what stands right behind each name of an event
    let behind: Vec<Vec<&str>> = texts
        .iter()
        .map(|t| {
            let names = cx.patterns("event-name").flat_map(|p| p.regex.find_iter(t));
            names.map(|m| &t[m.end()..]).map(|rest| &rest[..super::prose::floor(rest, 90)]).collect()
        })
        .collect();
    let held = |set: &str| behind.iter().filter(|all| all.iter().any(|rest| tells(cx, set, rest))).count() as f32;
    let named = Features::named("name-only").unwrap_or_default();
    let early =
        parsed.iter().filter(|p| p.unit.class != Class::Property).take(8).filter(|p| p.unit.flat.text.len() < 90);
    let byline = early.filter(|p| tells(cx, "byline", &p.unit.flat.text)).count() as f32;
    let mut before = 0;
    let mut author = 0.0;
    for p in parsed {
        before += usize::from(p.unit.flat.text.len() > 160);
        let single = p.unit.features.has(named)
            && p.unit.lines.len() == 1
            && p.entry.people.len() == 1
            && p.entry.role.is_none();
        if single && before >= 3 {
            author = 1.0;
        }
    }
    vec![
        ("prose", count(parsed, |p| p.unit.class == Class::Prose)),
        ("event-future", matched("event-future")),
        ("event-past", matched("event-past")),
        ("about", about),
        ("about-share", about / long.len().max(1) as f32 * 100.0),
        ("held-past", held("held-past")),
        ("held-future", held("event-future")),
        ("calls", matched("event-call")),
        ("headed", headed(cx, parsed)),
        ("author-last", author),
        ("byline", byline),
        ("author", author.max(byline)),
    ]
}

/// Whether a document's first lines are an event's name, and its date: it is about that event.
fn headed(cx: Cx, parsed: &[Parsed]) -> f32 {
    let head: Vec<&Parsed> = parsed
        .iter()
        .filter(|p| !matches!(p.unit.class, Class::Property | Class::Furniture) && p.unit.first(cx.s).meta.is_none())
        .take(4)
        .collect();
    let line = |p: &&&Parsed| p.unit.flat.text.len() < 240 && !p.unit.flat.text.ends_with('.');
    let event = Features::named("event-word").unwrap_or_default();
    let named = head.iter().take(3).filter(line).any(|p| p.unit.features.has(event));
    let dated = head.iter().filter(line).any(|p| p.entry.dates.iter().any(|d| d.month.is_some()));
    f32::from(u8::from(named && dated))
}

#[cfg(test)]
mod tests {
    use super::FACTS;
    use crate::grammar::Grammar;

    #[test]
    fn document_rules_speak_of_known_facts() {
        let g = Grammar::builtin();
        for rule in g.scores("document") {
            for name in rule.all.iter().chain(&rule.none) {
                let fact = name.split_once(">=").map_or(name.as_ref(), |(f, _)| f);
                assert!(FACTS.contains(&fact), "{}: expected a known fact, but found {fact:?}", rule.id);
            }
        }
    }
}
