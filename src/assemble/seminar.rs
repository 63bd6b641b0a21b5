//! The announcement of one talk, as mails and posters have it → one session with start, end, place and speaker.
//!
//! Every field is chosen among candidates by the sum of named scores (table `seminar`).

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::names::{self, NameAt};
use crate::parse::{Cx, Parsed, PersonValue, PlaceValue, people};
use crate::scan::{View, When};
use crate::segment::{Class, Features, Flat};

use super::header;
use super::tree::{DayTree, RoleTree, SessionTree, Tree};

/// Whether a document is the announcement of one talk.
pub(super) fn looks_like(cx: Cx, parsed: &[Parsed]) -> bool {
    let view = cx.s.view();
    let timed = view.whens(view.all()).any(|(_, w)| w.score >= 0.4);
    let fields = parsed.iter().filter(|p| p.entry.field.as_ref().is_some_and(|(f, _)| matches!(f.as_str(), "time" | "when" | "place" | "room" | "posted" | "speaker"))).count();
    let talk = cx.g.patterns("talk-word").iter().any(|p| p.regex.is_match(cx.s.text));
    timed && (fields > 0 || talk)
}

/// A field of the announcement and where its value stands.
struct Field {
    name: String,
    value: Span,
    line: usize,
}

struct Seminar<'c> {
    cx: Cx<'c>,
    fields: Vec<Field>,
}

/// Builds the one session.
pub(super) fn build(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let s = Seminar { cx, fields: fields(cx) };
    let title = s.title(parsed);
    let when = s.when();
    let venue = s.place().unwrap_or_default();
    let speaker = s.speaker(title.as_ref());
    let date = s.date();
    tree.posted = s.posted();
    tree.days.push(DayTree { date: date.clone(), number: None });
    let mut session = SessionTree { title: title.clone(), day: Some(0), when, venue: venue.clone(), ..SessionTree::default() };
    let anchor = title.as_ref().map(|t| t.pieces.clone()).or_else(|| when.map(|w| vec![w.start.span])).unwrap_or_default();
    session.kind = Grounded::constant("talk", &anchor, "base/seminar/one-talk", 0.9);
    if let Some(p) = speaker {
        let role = Grounded::constant("speaker", &p.name.pieces, "base/seminar/speaker", 0.85);
        session.roles.push(RoleTree { person: Some(p), role, ..RoleTree::default() });
    }
    for (f, role) in [("host", "host")] {
        if let Some(p) = s.field(f).and_then(|f| s.person_at(f.value)) {
            let role = Grounded::constant(role, &p.name.pieces, "base/seminar/host", 0.85);
            session.roles.push(RoleTree { person: Some(p), role, ..RoleTree::default() });
        }
    }
    tree.event.title = title;
    tree.event.date = date;
    tree.event.venue = venue;
    let _ = header::end;
    tree.sessions.push(session);
}

/// Labelled lines with what they hold, continued on indented lines below.
fn fields(cx: Cx) -> Vec<Field> {
    let v = cx.s.view();
    let mut found = Vec::new();
    for (i, line) in cx.s.lines.iter().enumerate() {
        let span = v.strip(line.span, "*-•> ");
        let Some((_, phrase, mut value)) = crate::segment::field_label(v, span) else { continue };
        if value.is_empty() {
            if let Some(next) = cx.s.lines.get(i + 1).filter(|n| n.blanks == 0) {
                value = next.span;
            }
        }
        found.push(Field { name: phrase.value.to_string(), value, line: i });
    }
    found
}

impl Seminar<'_> {
    fn v(&self) -> View<'_> {
        self.cx.s.view()
    }

    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name && !f.value.is_empty())
    }

    fn read(&self, span: Span, slot: &str, rule: &str, score: f32) -> Option<Grounded> {
        Grounded::read(self.cx.s.text, self.cx.g, &[span], "", slot, &[], rule, score)
    }

    fn person_at(&self, span: Span) -> Option<PersonValue> {
        let flat = Flat::new(self.cx.s, &[span], "");
        people(self.cx, &flat, flat.all()).into_iter().next()
    }

    fn date(&self) -> Option<crate::scan::DateMark> {
        let v = self.v();
        let inside = |f: &Field| v.dates(f.value).next().map(|(_, d)| d.clone());
        let named = self.fields.iter().filter(|f| matches!(f.name.as_str(), "date" | "when" | "time")).find_map(inside);
        let posted = self.field("posted").map(|f| f.value);
        let with_time = || {
            v.dates(v.all())
                .find(|(s, d)| d.month.is_some() && !posted.is_some_and(|p| p.contains(*s)) && v.whens(Span::new(s.start.saturating_sub(80), (s.end + 80).min(v.text.len()))).next().is_some())
                .map(|(_, d)| d.clone())
        };
        let any = || v.dates(v.all()).find(|(s, d)| d.month.is_some() && !posted.is_some_and(|p| p.contains(*s))).map(|(_, d)| d.clone());
        named.or_else(with_time).or_else(any)
    }

    fn posted(&self) -> Option<crate::scan::DateMark> {
        self.field("posted").and_then(|f| self.v().dates(f.value).next().map(|(_, d)| d.clone()))
    }

    /// The slot: a labelled time first, then the time that stands most prominently; its end from any range that
    /// begins at the same time.
    fn when(&self) -> Option<When> {
        let v = self.v();
        let g = self.cx.g;
        let posted = self.field("posted").map(|f| f.value);
        let mut best: Option<(f32, When, Span)> = None;
        let mut order = 0.0;
        let all: Vec<(Span, When)> = v.whens(v.all()).filter(|(s, w)| w.score >= 0.3 && !posted.is_some_and(|p| p.overlaps(*s))).map(|(s, w)| (s, *w)).collect();
        for (span, w) in &all {
            let mut score = w.score + g.weight("seminar/time-order") * order;
            order += 1.0;
            let labelled = self.fields.iter().any(|f| matches!(f.name.as_str(), "time" | "when" | "date") && f.value.contains(*span));
            let line = self.line_of(*span);
            let dated = v.dates(line).next().is_some();
            let other = v.phrase(line, Set::Kind).is_some_and(|(_, p)| matches!(p.value.as_ref(), "break" | "meal" | "social" | "registration"));
            for (on, key) in [(labelled, "seminar/time-labelled"), (dated, "seminar/time-dated"), (other, "seminar/time-other"), (w.end.is_some(), "seminar/time-range"), (line.len() < 70, "seminar/time-short-line")] {
                if on {
                    score += g.weight(key);
                }
            }
            let again = all.iter().filter(|(s, o)| s != span && same(&o.start.clock, &w.start.clock)).count().min(3);
            score += g.weight("seminar/time-again") * again as f32;
            if best.as_ref().is_none_or(|(b, _, _)| score > *b) {
                best = Some((score, *w, *span));
            }
        }
        let (_, mut when, _) = best?;
        if when.end.is_none() {
            let longer = all.iter().find(|(_, o)| o.end.is_some() && same(&o.start.clock, &when.start.clock));
            if let Some((_, o)) = longer {
                when.end = o.end;
            }
        }
        Some(when)
    }

    fn line_of(&self, span: Span) -> Span {
        let lines = &self.cx.s.lines;
        let i = lines.partition_point(|l| l.span.end < span.end);
        lines.get(i).map_or(span, |l| l.span)
    }

    /// The place: a labelled one first, then room shapes by their rules' weights.
    fn place(&self) -> Option<PlaceValue> {
        let v = self.v();
        for name in ["place", "room"] {
            for f in self.fields.iter().filter(|f| f.name == name && f.value.len() >= 3) {
                let mut value = f.value;
                // a date or time may share the line
                if let Some((s, _)) = v.whens(value).next() {
                    value = v.strip(if s.start > value.start + 3 { Span::new(value.start, s.start) } else { Span::new(s.end, value.end) }, " ,;");
                }
                if value.len() >= 3 && value.len() < 120 && !v.is(value, Set::Placeholder) {
                    return self.place_value(value, "base/seminar/place-field");
                }
            }
        }
        let mut best: Option<(f32, Span, std::sync::Arc<str>)> = None;
        let posted = self.field("posted").map(|f| f.value);
        for (rank, rule) in self.cx.g.patterns("room").iter().enumerate() {
            for c in rule.regex.captures_iter(self.cx.s.text) {
                let Some(m) = c.name("place") else { continue };
                let span = v.strip(Span::new(m.start(), m.end()), " ,.");
                if posted.is_some_and(|p| p.overlaps(span)) {
                    continue;
                }
                let score = self.place_score(span, rank);
                if best.as_ref().is_none_or(|(b, _, _)| score > *b) {
                    best = Some((score, span, rule.id.clone()));
                }
            }
        }
        let (score, span, rule) = best?;
        (score > 0.0).then(|| self.place_value(span, &rule)).flatten()
    }

    fn place_score(&self, span: Span, rank: usize) -> f32 {
        let v = self.v();
        let g = self.cx.g;
        let line = self.line_of(span);
        let near = Span::new(span.start.saturating_sub(90), (span.end + 60).min(v.text.len()));
        let near = Span::new(floor(v.text, near.start), floor(v.text, near.end));
        let before = v.text[..span.start].trim_end().to_lowercase();
        let timed = v.whens(near).any(|(_, w)| w.score >= 0.5);
        let contact = v.marks_in(line).any(|m| matches!(m.kind, crate::scan::MarkKind::Phone | crate::scan::MarkKind::Email)) || v.has(line, Set::ContactLabel);
        let other = v.phrase(near, Set::Kind).is_some_and(|(_, p)| matches!(p.value.as_ref(), "break" | "meal" | "social"));
        let table = [
            (true, "seminar/place-base"),
            (timed, "seminar/place-timed"),
            (line.len() <= span.len() + 12, "seminar/place-own-line"),
            (before.ends_with(" in") || before.ends_with(" at") || before.ends_with(" in the"), "seminar/place-in"),
            (contact, "seminar/place-contact"),
            (other, "seminar/place-other"),
        ];
        table.iter().filter(|(on, _)| *on).map(|(_, k)| g.weight(k)).sum::<f32>() + g.weight("seminar/place-rank") * rank as f32
    }

    /// Name and room out of a place's words: a number at the end is the room.
    fn place_value(&self, span: Span, rule: &str) -> Option<PlaceValue> {
        let v = self.v();
        let span = v.strip(span, " ,.;:");
        let text = v.of(span);
        let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
        let numbered = last.bytes().any(|b| b.is_ascii_digit()) && last.len() <= 7 && last.len() < text.len() && !text.contains('(');
        let mut place = PlaceValue::default();
        if numbered && !v.has(Span::new(span.start, span.end - last.len()), Set::Street) {
            let room = Span::new(span.end - last.len(), span.end);
            let name = v.strip(Span::new(span.start, room.start), " ,");
            if v.phrase(name, Set::Place).is_some_and(|(s, p)| s.end == name.end && p.value.as_ref() == "room") && !v.of(name).contains(',') {
                place.room = self.read(span, "name", rule, 0.85);
            } else {
                place.name = self.read(name, "name", rule, 0.85);
                place.room = self.read(room, "name", rule, 0.85);
            }
        } else {
            place.name = self.read(span, "name", rule, 0.8);
        }
        Some(place)
    }

    /// The speaker: the name with the highest sum of scores.
    fn speaker(&self, title: Option<&Grounded>) -> Option<PersonValue> {
        let v = self.v();
        for f in self.fields.iter().filter(|f| f.name == "speaker" && !f.value.is_empty()) {
            if let Some(n) = names::name_at(v, f.value).or_else(|| names::all(v, f.value).into_iter().next()) {
                return self.person_value(&n, f.line);
            }
        }
        let found = names::all(v, v.all());
        let mut best: Option<(f32, NameAt)> = None;
        for n in &found {
            let score = self.speaker_score(n, &found, title);
            if best.as_ref().is_none_or(|(b, _)| score > *b) {
                best = Some((score, n.clone()));
            }
        }
        let (score, n) = best?;
        (score > 0.0).then(|| self.person_value(&n, 0)).flatten()
    }

    fn speaker_score(&self, n: &NameAt, found: &[NameAt], title: Option<&Grounded>) -> f32 {
        let v = self.v();
        let g = self.cx.g;
        let line = self.line_of(n.name);
        let i = self.cx.s.lines.partition_point(|l| l.span.end < n.name.end);
        let whole = Span::new(n.start(), n.end());
        let own_line = v.strip(line, " .,:*-–—()\"").len() <= whole.len() + 3;
        let begins_line = n.start() <= line.start + 2;
        let next = self.cx.s.lines.get(i + 1).filter(|l| l.blanks <= 1);
        let affiliated = next.is_some_and(|l| begins_line && (v.has(l.span, Set::Body) || v.has(l.span, Set::Unit) || v.has(l.span, Set::KnownBody) || v.has(l.span, Set::Position))) || v.text[n.end()..].starts_with(',') && begins_line;
        let field = self.fields.iter().find(|f| f.value.contains(n.name)).map(|f| f.name.as_str());
        let before = v.text[..n.start()].trim_end().to_lowercase();
        let after = v.text[n.end()..].trim_start();
        let by = before.ends_with(" by") || before.ends_with("\nby") || before.ends_with("speaker:") || before.ends_with("speaker is") || before.ends_with("speaker will be") || before.ends_with("given by");
        let acts = g.patterns("speaker-acts").iter().any(|p| p.regex.find(after).is_some_and(|m| m.start() == 0));
        let wanted = g.patterns("not-speaker").iter().any(|p| p.regex.is_match(&before[floor(&before, before.len().saturating_sub(60))..]));
        let key = last_word(v.of(n.name));
        let again = found.iter().filter(|o| o.name != n.name && last_word(v.of(o.name)) == key).count().min(3);
        let in_title = title.is_some_and(|t| t.pieces.iter().any(|p| p.overlaps(n.name)));
        let contact = v.marks_in(line).any(|m| matches!(m.kind, crate::scan::MarkKind::Phone | crate::scan::MarkKind::Email)) && !own_line;
        let table = [
            (true, "seminar/speaker-base"),
            (n.honorific.is_some(), "seminar/speaker-honorific"),
            (own_line, "seminar/speaker-own-line"),
            (affiliated, "seminar/speaker-affiliated"),
            (by, "seminar/speaker-by"),
            (acts, "seminar/speaker-acts"),
            (wanted, "seminar/speaker-not"),
            (field.is_some_and(|f| matches!(f, "posted" | "host" | "contact" | "from")), "seminar/speaker-posted"),
            (field == Some("title") || field == Some("subject"), "seminar/speaker-topic"),
            (in_title, "seminar/speaker-in-title"),
            (contact, "seminar/speaker-contact"),
            (i < 40, "seminar/speaker-early"),
        ];
        let sum: f32 = table.iter().filter(|(on, _)| *on).map(|(_, k)| g.weight(k)).sum();
        sum + g.weight("seminar/speaker-again") * again as f32 + g.weight("seminar/speaker-order") * (i as f32 / 10.0) + n.score.min(4.0) * g.weight("seminar/speaker-name")
    }

    fn person_value(&self, n: &NameAt, _line: usize) -> Option<PersonValue> {
        let v = self.v();
        // affiliation: what follows on the line, or the lines right below
        let i = self.cx.s.lines.partition_point(|l| l.span.end < n.name.end);
        let line = self.cx.s.lines.get(i)?;
        let rest = v.strip(Span::new(n.end(), line.span.end.max(n.end())), " ");
        let own = v.strip(Span::new(n.end(), line.span.end.max(n.end())), " .,:*-–—()").is_empty();
        let mut pieces = vec![Span::new(n.start(), n.end())];
        if v.of(rest).starts_with(',') || v.of(rest).starts_with('(') {
            pieces = vec![Span::new(n.start(), line.span.end)];
        } else if own {
            for l in self.cx.s.lines[i + 1..].iter().take(4) {
                let affiliation = l.blanks == 0 && l.span.len() < 90 && (v.has(l.span, Set::Body) || v.has(l.span, Set::Unit) || v.has(l.span, Set::KnownBody) || v.has(l.span, Set::Position) || v.is(l.span, Set::City));
                if !affiliation || v.whens(l.span).next().is_some() || v.of(l.span).ends_with(':') {
                    break;
                }
                pieces.push(v.strip(l.span, " ,()"));
            }
        }
        let codes = "t".repeat(pieces.len() - 1);
        let flat = Flat::new(self.cx.s, &pieces, &codes);
        let mut found = people(self.cx, &flat, flat.all());
        if found.is_empty() {
            let flat = Flat::new(self.cx.s, &pieces[..1], "");
            found = people(self.cx, &flat, flat.all());
        }
        found.into_iter().next()
    }

    fn title(&self, parsed: &[Parsed]) -> Option<Grounded> {
        let v = self.v();
        let mut labelled: Vec<&Field> = self.fields.iter().filter(|f| matches!(f.name.as_str(), "title" | "subject") && f.value.len() > 3).collect();
        labelled.reverse();
        let generic = |s: Span| v.phrase(s, Set::EventWord).is_some_and(|(w, _)| w.len() * 2 > s.len()) || v.dates(s).next().is_some();
        for f in labelled.iter().filter(|f| !generic(f.value)) {
            let mut pieces = vec![v.strip(f.value, " \"“”")];
            for l in self.cx.s.lines[f.line + 1..].iter().take(3) {
                let continues = l.blanks == 0 && l.indent >= 6 && crate::segment::field_label(v, l.span).is_none() && l.span.len() > 2;
                if !continues {
                    break;
                }
                pieces.push(v.strip(l.span, " \"“”"));
            }
            let codes = "s".repeat(pieces.len() - 1);
            return Grounded::read(self.cx.s.text, self.cx.g, &pieces, &codes, "text", &[], "base/seminar/title-field", 0.9);
        }
        let quoted = parsed.iter().find(|p| p.unit.features.has(Features::named("quote-first").unwrap_or_default()) && p.unit.class != Class::Prose && p.entry.title.is_some());
        quoted.and_then(|p| p.entry.title.clone()).or_else(|| labelled.last().and_then(|f| self.read(v.strip(f.value, " \""), "text", "base/seminar/topic", 0.7)))
    }
}

fn same(a: &crate::scan::Clock, b: &crate::scan::Clock) -> bool {
    a.hour % 12 == b.hour % 12 && a.minute == b.minute && (a.meridiem.is_none() || b.meridiem.is_none() || a.meridiem == b.meridiem)
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or(text)
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
