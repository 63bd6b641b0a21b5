//! The announcement of one talk, as mails and posters have it → one session with start, end, place and speaker.
//!
//! In: the scanned document, its units. Out: a [`Tree`] of one session. Every field is chosen among candidates by the
//! sum of named scores (table `seminar`). Never: reads a programme of several rows.

mod fields;
mod parts;
mod place;
mod speaker;
mod time;
mod title;

use crate::evidence::{Grounded, first_of};
use crate::grammar::Grammar;
use crate::model::Span;
use crate::parse::{Cx, Parsed};
use crate::scan::View;
use crate::segment::Class;

use super::tree::{DayTree, RoleTree, SessionTree, Tree};
use fields::{Field, fields};

/// Whether a document is the announcement of one talk.
pub(super) fn looks_like(cx: Cx, parsed: &[Parsed]) -> bool {
    let view = cx.s.view();
    let timed = view.whens(view.all()).any(|(_, w)| w.score >= 0.4);
    let field = |names: &[&str]| {
        let named = |p: &&Parsed| p.entry.field.as_ref().is_some_and(|(f, _)| names.contains(&f.as_str()));
        parsed.iter().filter(named).count()
    };
    let talk = cx.patterns("talk-word").any(|p| p.regex.is_match(cx.s.text));
    timed && (talk || field(&["time", "when", "place", "room", "posted", "speaker"]) > 0)
        || talk && field(&["speaker", "place", "room"]) >= 1 && field(&["date", "when", "time"]) == 1
}

/// A document looked at as an announcement.
struct Seminar<'c> {
    cx: Cx<'c>,
    fields: Vec<Field>,
    /// Where the talk's start stands outside fields.
    slots: Vec<Span>,
}

/// Builds the one session.
pub(super) fn build(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let mut s = Seminar { cx, fields: fields(cx), slots: Vec::new() };
    let labelled = s.labelled_title();
    let (when, other_when) = s.when();
    s.slots = when.map(|w| s.mentions(&w)).unwrap_or_default();
    let venue = s.place().unwrap_or_default();
    let speaker = s.speaker(labelled.as_ref(), &venue);
    let title = first_of(labelled, s.unlabelled_title(parsed, speaker.as_ref()), cx.g);
    let mut dates = s.dates().into_iter();
    let date = dates.next();
    tree.posted = s.posted();
    tree.days.push(DayTree { date: date.clone(), ..DayTree::default() });
    let mut session = SessionTree {
        title: title.clone(),
        day: Some(0),
        when,
        other_when,
        venue: venue.clone(),
        ..SessionTree::default()
    };
    let anchor =
        title.as_ref().map(|t| t.pieces.clone()).or_else(|| when.map(|w| vec![w.start.span])).unwrap_or_default();
    session.kind = Grounded::constant("talk", &anchor, "base/seminar/one-talk", 0.9);
    if let Some(p) = speaker {
        let role = Grounded::constant("speaker", &p.name.pieces, "base/seminar/speaker", 0.85);
        session.roles.push(RoleTree { person: Some(p), role, ..RoleTree::default() });
    }
    if let Some(p) = s.field("host").and_then(|f| s.person_in(f.value)) {
        let role = Grounded::constant("host", &p.name.pieces, "base/seminar/host", 0.85);
        session.roles.push(RoleTree { person: Some(p), role, ..RoleTree::default() });
    }
    tree.event.roles.extend(leaders(parsed));
    tree.event.title = title;
    tree.event.date = date;
    tree.event.other_dates.extend(dates);
    tree.event.venue = venue;
    tree.sessions.push(session);
    let venue = &tree.event.venue;
    if venue.name.is_none() && venue.city.is_none() && venue.room.is_none() {
        super::prose::places(cx, parsed, tree);
    }
    super::contacts::build(cx, parsed, super::contacts::behind(parsed, 0), tree);
}

/// Who leads the event: the people behind a chair's or moderator's label.
fn leaders(parsed: &[Parsed]) -> impl Iterator<Item = RoleTree> {
    parsed.iter().filter(|p| p.unit.class == Class::Label && p.entry.title.is_none()).flat_map(|p| {
        let role =
            p.entry.role.as_ref().filter(|r| matches!(r.role.value.as_str(), "chair" | "co_chair" | "moderator"));
        p.entry.people.iter().filter_map(move |x| {
            let (role, label) = (role?.role.clone(), Some(role?.label.clone()));
            Some(RoleTree { person: Some(x.clone()), role, label, ..RoleTree::default() })
        })
    })
}

impl Seminar<'_> {
    fn v(&self) -> View<'_> {
        self.cx.s.view()
    }

    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name && !f.value.is_empty())
    }

    /// Whether a span stands in the note of who posted it, and when.
    fn posted_at(&self, span: Span) -> bool {
        self.fields.iter().any(|f| matches!(f.name.as_str(), "posted" | "from" | "to") && f.value.overlaps(span))
    }

    fn read(&self, span: Span, slot: &str, rule: &str, score: f32) -> Option<Grounded> {
        Grounded::read(self.cx.s.text, self.cx.g, &[span], "", slot, &[], rule, score)
    }

    /// Index of the line that holds `at`.
    fn line_at(&self, at: usize) -> usize {
        let lines = &self.cx.s.lines;
        lines.partition_point(|l| l.span.end < at).min(lines.len().saturating_sub(1))
    }

    fn line_of(&self, span: Span) -> Span {
        self.cx
            .s
            .lines
            .get(self.line_at(span.end))
            .map_or(span, |l| Span::new(l.span.start.min(span.start), l.span.end.max(span.end)))
    }

    /// The text before and behind `span`, at most so many bytes.
    fn around(&self, span: Span, before: usize, behind: usize) -> Span {
        let text = self.cx.s.text;
        Span::new(floor(text, span.start.saturating_sub(before)), floor(text, span.end + behind))
    }

    /// Whether `span` stands beside a mention of the talk's start.
    fn near_slot(&self, span: Span) -> bool {
        self.slots.iter().any(|s| s.start < span.end + 250 && span.start < s.end + 250)
    }

    /// Whether one of a set's patterns matches.
    fn says(&self, set: &str, text: &str) -> bool {
        self.cx.patterns(set).any(|p| p.regex.is_match(text))
    }
}

/// The weights of the scores that hold.
fn sum(g: &Grammar, table: &[(bool, &str)]) -> f32 {
    table.iter().filter(|(on, _)| *on).map(|(_, key)| g.weight(key)).sum()
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
