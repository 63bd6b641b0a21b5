//! A programme's rows, headings, labels and lists → sessions with their talks and roles.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, PersonValue, place};
use crate::scan::When;
use crate::segment::{Class, Features};

use super::contacts;
use super::header;
use super::tree::{DayTree, RoleTree, SessionTree, TalkTree, Tree};

/// What the lines below a label are, until a sibling label, a heading or a row.
#[derive(Clone, Debug, Default)]
enum Scope {
    /// Nothing in particular.
    #[default]
    None,
    /// People (and talks) in this role.
    People(RoleTree),
    /// Background documents.
    Documents,
    /// Guiding questions.
    Questions,
    /// An abstract or biography: prose.
    Abstract,
}

struct Builder<'c, 't> {
    cx: Cx<'c>,
    tree: &'t mut Tree,
    day: Option<usize>,
    session: Option<usize>,
    /// The session that holds the rows below it.
    block: Option<usize>,
    scope: Scope,
    /// A half-day label that is no session unless it gets a chair.
    half_day: Option<SessionTree>,
    /// The talk that people without title belong to.
    talk: Option<usize>,
    /// People named before the title that they belong to.
    waiting: Vec<PersonValue>,
}

/// Builds an agenda document: header, sessions, contacts.
pub(super) fn build(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let first = header::end(parsed);
    let end = programme_end(cx, parsed, first);
    let last = if end < parsed.len() { end } else { contacts::behind(parsed, first) };
    header::build(cx, &parsed[..first], tree);
    let mut b = Builder::new(cx, tree);
    parsed[..first].iter().filter(|p| p.unit.class == Class::Day).for_each(|p| b.day(p));
    for p in &parsed[first..last] {
        b.unit(p);
    }
    b.finish();
    contacts::build(cx, parsed, last, tree);
    header::from_days(tree);
}

/// Builds the document of one session of a larger event.
pub(super) fn session_document(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let worded = |p: &Parsed| p.unit.class == Class::Heading && p.entry.number.as_ref().is_some_and(|n| n.word.is_some()) && p.entry.title.is_some();
    let titled = |p: &Parsed| p.entry.title.is_some() && p.unit.class != Class::Furniture && p.unit.class != Class::Property;
    let headed = parsed.iter().take(12).position(worded);
    let Some(i) = headed.or_else(|| parsed.iter().position(titled)) else { return };
    if headed.is_some_and(|i| i > 0) {
        header::build(cx, &parsed[..i], tree);
    }
    let mut b = Builder::new(cx, tree);
    b.new_session(&parsed[i], false);
    if b.tree.sessions[0].title.is_none() {
        b.tree.sessions[0].title = parsed[i].entry.title.clone();
    }
    b.scope = Scope::None;
    // where the questions are numbered, what is not belongs to one of them, or is a heading behind them
    let listed = parsed[i + 1..].iter().any(|p| p.unit.class == Class::Question && p.entry.number.is_some());
    let mut labelled = false;
    for p in &parsed[i + 1..] {
        let flat = &p.unit.flat;
        let loose = listed && p.entry.number.is_none();
        match p.unit.class {
            Class::Question if loose && labelled => break,
            Class::Question | Class::Item if loose && matches!(b.scope, Scope::Questions) => {}
            Class::Label | Class::Head | Class::Question | Class::Person | Class::Field => {
                labelled |= p.unit.class == Class::Label;
                b.unit(p);
            }
            Class::Day | Class::Row if b.tree.sessions[0].when.is_none() => {
                b.tree.sessions[0].when = p.entry.whens.first().copied();
                b.tree.sessions[0].date = p.entry.dates.first().cloned();
            }
            Class::Place | Class::Text if flat.text.len() < 80 && cx.view(flat).has(flat.all(), Set::Place) && b.tree.sessions[0].venue.is_empty() => {
                b.tree.sessions[0].venue = place(cx, flat, flat.all(), true);
            }
            Class::Item if matches!(b.scope, Scope::Questions | Scope::Documents | Scope::People(_)) => b.unit(p),
            Class::Prose if p.unit.features.has(named("questions-head")) => b.scope = Scope::Questions,
            Class::Heading | Class::Text if flat.text.ends_with('?') => break,
            _ => b.tree.sessions[0].documents.extend(document(cx, p)),
        }
    }
    b.finish();
}

/// "Background paper: …" on one line.
fn document(cx: Cx, p: &Parsed) -> Option<Grounded> {
    let flat = &p.unit.flat;
    let v = cx.view(flat);
    let (head, _) = v.phrase_at(0, Set::DocumentsHead)?;
    let rest = v.strip(Span::new(head.end, flat.text.len()), " :–—");
    let marked = v.of(Span::new(head.end, flat.text.len())).trim_start().starts_with(':');
    marked.then(|| cx.read(flat, rest, "text", &[], "base/agenda/document", 0.8)).flatten()
}

/// Reads the rows and headings of a programme that stands inside another text.
pub(super) fn rows(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let mut b = Builder::new(cx, tree);
    for p in parsed {
        if !matches!(p.unit.class, Class::Prose | Class::Question) {
            b.unit(p);
        }
    }
    b.finish();
}

/// Where the programme ends and contacts, references or practical notes begin.
fn programme_end(cx: Cx, parsed: &[Parsed], first: usize) -> usize {
    let view = cx.s.view();
    let later_rows = |i: usize| parsed[i..].iter().filter(|p| p.unit.class == Class::Row && p.entry.kind.is_some() && p.entry.whens.iter().any(|w| w.end.is_some()) || p.unit.class == Class::Label && !p.entry.people.is_empty()).count();
    for (i, p) in parsed.iter().enumerate().skip(first) {
        let span = p.unit.first(cx.s).span;
        let head = matches!(p.unit.class, Class::Head | Class::Heading | Class::Text | Class::Contact);
        let contacts = view.phrase_at(span.start, Set::ContactsHead).is_some_and(|(s, _)| s.len() * 2 >= span.len());
        let after = view.phrase_at(span.start, Set::AfterWord).is_some_and(|(s, _)| s.len() * 2 >= span.len());
        if head && (contacts || after) && later_rows(i) == 0 && i > first {
            return i;
        }
    }
    parsed.len()
}

impl<'c, 't> Builder<'c, 't> {
    fn new(cx: Cx<'c>, tree: &'t mut Tree) -> Self {
        Builder { cx, tree, day: None, session: None, block: None, scope: Scope::None, half_day: None, talk: None, waiting: Vec::new() }
    }

    fn unit(&mut self, p: &Parsed) {
        match p.unit.class {
            Class::Furniture | Class::Property => {}
            Class::Day => self.day(p),
            Class::Row => self.row(p),
            Class::Heading => self.heading(p),
            Class::Label => self.label(p),
            Class::Field => self.field(p),
            Class::Head => self.head(p),
            Class::Question => self.question(p),
            Class::Place | Class::Text | Class::Item if p.entry.role.is_some() => self.label(p),
            Class::Place => self.place(p),
            Class::Person => self.person(p),
            Class::Item | Class::Text | Class::Status => self.item(p),
            Class::Prose => self.prose(p),
            Class::Contact => {}
        }
    }

    fn close(&mut self) {
        self.scope = Scope::None;
        self.talk = None;
        self.waiting.clear();
    }

    fn day(&mut self, p: &Parsed) {
        self.close();
        let e = &p.entry;
        if let Some(w) = e.whens.first().filter(|w| w.score >= 0.5 && e.title.is_some()) {
            // a day heading that is a row too
            let _ = w;
        }
        self.tree.days.push(DayTree { date: e.dates.first().cloned(), number: e.number.as_ref().map(|n| n.number.clone()) });
        self.day = Some(self.tree.days.len() - 1);
        self.session = None;
        self.block = None;
        self.half_day = None;
    }

    /// A row with a time of its own.
    fn row(&mut self, p: &Parsed) {
        let Some(when) = p.entry.whens.first().copied() else { return self.item(p) };
        if self.takes_slot(p, when) {
            return;
        }
        self.close();
        if let Some(d) = p.entry.dates.first().filter(|d| d.month.is_some() && p.entry.title.is_some()) {
            self.tree.days.push(DayTree { date: Some(d.clone()), number: None });
            self.day = Some(self.tree.days.len() - 1);
        }
        match self.holder(p, when) {
            Some(block) if self.is_contribution(p) => self.talk_of(block, p, Some(when)),
            Some(block) => {
                self.new_session(p, true);
                let at = self.tree.sessions.len() - 1;
                if self.slot_inside(block, when) {
                    let _ = at;
                }
            }
            None => {
                if self.block.is_some_and(|b| self.tree.sessions[b].when.is_some() && !self.slot_inside(b, when)) {
                    self.block = None;
                }
                self.new_session(p, true);
            }
        }
    }

    /// A row that is only a time, under a heading that has none yet: the heading's slot.
    fn takes_slot(&mut self, p: &Parsed, when: When) -> bool {
        let e = &p.entry;
        let bare = e.title.is_none() && e.people.is_empty() && e.kind.is_none() && e.number.is_none() && !e.placeholder;
        let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) else { return false };
        let empty = s.when.is_none() && s.headed && s.talks.is_empty() && s.questions.is_empty();
        if bare && empty && p.unit.lines.start <= s.line + 3 {
            s.when = Some(when);
            return true;
        }
        false
    }

    /// The session under which a row at `when` stands: a heading without time, or a row whose slot holds it.
    fn holder(&self, p: &Parsed, when: When) -> Option<usize> {
        let frame = p.entry.kind.as_ref().is_some_and(|k| k.first && matches!(k.kind.value.as_str(), "break" | "meal" | "registration" | "closing" | "social" | "visit"));
        let numbered = p.entry.number.as_ref().is_some_and(|n| n.word.as_ref().is_some_and(|w| w.value != "talk"));
        let block = self.block?;
        let s = &self.tree.sessions[block];
        if numbered {
            return None;
        }
        if s.when.is_none() {
            return (!frame || s.when.is_some()).then_some(block);
        }
        (self.slot_inside(block, when) && !frame).then_some(block)
    }

    fn slot_inside(&self, block: usize, when: When) -> bool {
        let Some(outer) = self.tree.sessions[block].when else { return false };
        let minutes = |c: &crate::scan::ClockAt| afternoon(u32::from(c.clock.hour) * 60 + u32::from(c.clock.minute), c.clock.meridiem);
        let Some(end) = outer.end else { return false };
        let (a, b) = (minutes(&outer.start), minutes(&end));
        let (x, y) = (minutes(&when.start), when.end.map_or(minutes(&when.start), |e| minutes(&e)));
        a <= x && y <= b && (x, y) != (a, b) && x < b
    }

    fn is_contribution(&self, p: &Parsed) -> bool {
        // a half-day holds its talks; what has a kind of its own stands for itself
        let untimed = self.block.is_some_and(|b| self.tree.sessions[b].when.is_none() && self.tree.sessions[b].number.is_none());
        !p.entry.kind.as_ref().is_some_and(|k| k.first && (matches!(k.kind.value.as_str(), "break" | "meal") || untimed && k.kind.value != "talk"))
    }

    /// A heading without a time.
    fn heading(&mut self, p: &Parsed) {
        let e = &p.entry;
        if let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) {
            // a bare time above, its words here
            if s.wants_title && s.title.is_none() && s.number.is_none() && p.unit.lines.start <= s.line + 3 {
                return self.fill(p);
            }
        }
        let view = self.cx.s.view();
        let span = p.unit.first(self.cx.s).span;
        if let Some(d) = e.dates.first().filter(|d| d.month.is_some()) {
            self.tree.days.push(DayTree { date: Some(d.clone()), number: None });
            self.day = Some(self.tree.days.len() - 1);
        }
        let half = p.unit.features.has(named("half-day"));
        if half {
            self.close();
            self.session = None;
            self.block = None;
            let mut s = self.session_of(p, false);
            s.headed = true;
            let flat = &p.unit.flat;
            let own = self.cx.view(flat);
            let all = own.strip(flat.all(), " *#");
            let label = own.phrase_at(all.start, Set::HalfDay).map_or(all.end, |(s, _)| s.end);
            let rest = own.strip(Span::new(label, all.end.max(label)), " :-–—");
            if rest.is_empty() {
                s.title = e.title.clone().or(s.title);
                self.half_day = Some(s);
                return;
            }
            // "Morning: a title of its own"
            s.title = self.cx.read(flat, rest, "text", &[], "base/assemble/half-day-title", 0.8);
            s.kind = Grounded::constant("session", &s.title.as_ref().map(|t| t.pieces.clone()).unwrap_or_default(), "base/assemble/half-day", 0.8);
            s.default_kind = false;
            s.wants_title = false;
            self.tree.sessions.push(s);
            self.session = Some(self.tree.sessions.len() - 1);
            self.block = self.session;
            return;
        }
        let told = e.number.as_ref().is_some_and(|n| n.word.is_some()) || e.kind.as_ref().is_some_and(|k| k.first);
        if !told {
            // a track, a part, or words that only decorate
            if view.is(span, Set::Programme) || view.is(span, Set::Status) || p.unit.features.has(named("programme-word")) {
                return;
            }
            return self.item(p);
        }
        self.close();
        let group = self.block.filter(|b| self.parallel(*b));
        self.new_session(p, false);
        if let Some(group) = group {
            // one of several at the same time: the slot is the group's
            let slot = self.tree.sessions[group].when;
            if let Some(s) = self.tree.sessions.last_mut().filter(|s| s.when.is_none()) {
                s.when = slot;
                s.parent = Some(group);
                s.headed = false;
            }
            self.block = Some(group);
        }
    }

    /// Whether a timed row announces sessions side by side.
    fn parallel(&self, i: usize) -> bool {
        let s = &self.tree.sessions[i];
        s.when.is_some() && s.announces || s.when.is_some() && s.title.as_ref().is_some_and(|t| self.cx.g.patterns("parallel").iter().any(|p| p.regex.is_match(&t.value)))
    }

    fn session_of(&self, p: &Parsed, timed: bool) -> SessionTree {
        let e = &p.entry;
        let mut s = SessionTree {
            number: e.number.as_ref().filter(|n| n.word.is_some()).map(|n| n.number.clone()),
            title: e.title.clone(),
            day: self.day,
            when: timed.then(|| e.whens.first().copied()).flatten().or(e.whens.first().copied()),
            tentative: e.tentative.clone(),
            status: e.status.clone(),
            line: p.unit.lines.start,
            headed: !timed && e.whens.is_empty(),
            ..SessionTree::default()
        };
        s.venue = e.place.clone().unwrap_or_default();
        s.each = e.duration.clone();
        s.wants_title = s.title.is_none() && !e.placeholder;
        s.depth = p.unit.first(self.cx.s).item;
        s.announces = s.depth > 0 && p.unit.flat.text.trim_end().ends_with(':');
        s.strong = p.unit.features.any(Features(named("capitals").0 | named("heading").0));
        let word = e.number.as_ref().and_then(|n| n.word.clone());
        if let Some(k) = e.kind.as_ref().filter(|k| k.first || matches!(k.kind.value.as_str(), "break" | "meal" | "registration" | "social" | "visit" | "panel" | "poster" | "closing" | "opening" | "discussion" | "workshop" | "keynote")) {
            s.kind = k.kind.clone();
        } else if let Some(w) = word.clone() {
            s.kind = w;
        } else {
            s.default_kind = true;
        }
        if let (Some(w), Some(k)) = (word, e.kind.as_ref()) {
            if !k.whole && w.value != "session" {
                s.kind = w;
            }
        }
        s
    }

    fn new_session(&mut self, p: &Parsed, timed: bool) {
        let e = &p.entry;
        let mut s = self.session_of(p, timed);
        if let Some(mut h) = self.half_day.take() {
            // a half-day with a title of its own or a number is a session that holds what follows
            if h.number.is_some() {
                h.kind = Grounded { value: "session".into(), ..Grounded::default() };
            }
        }
        if let Some(role) = &e.role {
            s.roles.extend(roles(&e.people, &e.parties, role));
        } else if !e.people.is_empty() {
            s.roles.extend(plain_roles(&e.people, &s));
        }
        s.parent = None;
        let frame = matches!(s.kind.value.as_str(), "break" | "meal" | "registration");
        let block = !frame && (s.number.is_some() || s.headed || s.kind.value == "session" || s.strong || s.wants_title || s.default_kind && s.roles.is_empty());
        self.tree.sessions.push(s);
        let at = self.tree.sessions.len() - 1;
        self.session = Some(at);
        if block || self.parallel(at) {
            self.block = Some(at);
        } else if !frame && self.block.is_some_and(|b| self.tree.sessions[b].when.is_none()) {
            // a session of its own ends a block without a slot, a break does not
            let keeps = matches!(self.tree.sessions[at].kind.value.as_str(), "break" | "meal" | "registration");
            if !keeps {
                self.block = None;
            }
        }
    }

    /// The words of a row whose time stood alone.
    fn fill(&mut self, p: &Parsed) {
        let Some(i) = self.session else { return };
        let filled = self.session_of(p, false);
        let s = &mut self.tree.sessions[i];
        s.number = s.number.take().or(filled.number);
        s.title = filled.title;
        s.wants_title = s.title.is_none();
        s.line = p.unit.lines.start;
        if !filled.default_kind {
            s.kind = filled.kind;
            s.default_kind = false;
        }
        if s.venue.is_empty() {
            s.venue = filled.venue;
        }
        s.tentative = s.tentative.take().or(filled.tentative);
        s.status = s.status.take().or(filled.status);
        s.strong |= filled.strong;
        let e = &p.entry;
        let added = match &e.role {
            Some(role) => roles(&e.people, &e.parties, role),
            None => plain_roles(&e.people, s),
        };
        s.roles.extend(added);
        let block = !matches!(s.kind.value.as_str(), "break" | "meal" | "registration") && (s.number.is_some() || s.kind.value == "session");
        if block {
            self.block = Some(i);
        }
    }

    /// A talk of session `block`.
    fn talk_of(&mut self, block: usize, p: &Parsed, when: Option<When>) {
        let e = &p.entry;
        let mut talk = TalkTree {
            number: e.number.as_ref().map(|n| n.number.clone()),
            title: e.title.clone(),
            when,
            duration: e.duration.clone(),
            speakers: e.people.clone(),
            tentative: e.tentative.clone(),
            line: p.unit.lines.start,
            role: None,
        };
        if talk.speakers.is_empty() && !self.waiting.is_empty() {
            talk.speakers = std::mem::take(&mut self.waiting);
        }
        if let Some(k) = e.kind.as_ref().filter(|k| k.kind.value == "keynote" && k.first) {
            talk.role = Some(RoleTree { role: k.kind.clone(), ..RoleTree::default() });
        }
        if let Some(r) = &e.role {
            talk.role = Some(RoleTree { role: r.role.clone(), label: Some(r.label.clone()), ..RoleTree::default() });
        }
        let s = &mut self.tree.sessions[block];
        // "(10 min each)": shorter than half the session, so no statement about the whole
        let length = s.when.and_then(|w| Some(clock_minutes(&w.end?) - clock_minutes(&w.start)));
        let short = |d: &[Grounded; 2]| d[1].value.parse::<i64>().ok().zip(length).is_some_and(|(d, l)| d * 2 <= l);
        talk.duration = talk.duration.take().or_else(|| s.each.clone().filter(short));
        s.talks.push(talk);
        self.talk = Some(s.talks.len() - 1);
        self.session = Some(block);
    }

    fn label(&mut self, p: &Parsed) {
        let e = &p.entry;
        let Some(role) = &e.role else { return self.item(p) };
        if let Some(mut h) = self.half_day.take() {
            h.default_kind = false;
            h.kind = h.title.clone().map_or_else(Grounded::default, |t| Grounded::constant("session", &t.pieces, "base/assemble/half-day", 0.8));
            self.tree.sessions.push(h);
            let at = self.tree.sessions.len() - 1;
            self.session = Some(at);
            self.block = Some(at);
        }
        let of_event = matches!(role.role.value.as_str(), "organiser" | "host") && p.unit.first(self.cx.s).indent == 0 && p.unit.first(self.cx.s).blanks > 0;
        let Some(i) = self.session.filter(|_| !of_event) else {
            self.tree.event.roles.extend(roles(&e.people, &e.parties, role));
            return;
        };
        if let Some(found) = e.place.clone().filter(|_| self.tree.sessions[i].venue.is_empty()) {
            self.tree.sessions[i].venue = found;
        }
        if self.remark(p, i) {
            return;
        }
        let presents = matches!(role.role.value.as_str(), "speaker" | "keynote" | "panelist");
        if e.title.is_some() && (!e.people.is_empty() || presents) {
            return self.talk_of(i, p, None);
        }
        let s = &mut self.tree.sessions[i];
        if e.people.is_empty() && e.parties.is_empty() {
            let listed = RoleTree { role: role.role.clone(), label: Some(role.label.clone()), ..RoleTree::default() };
            self.scope = Scope::People(listed);
            return;
        }
        let presents = matches!(role.role.value.as_str(), "speaker" | "keynote");
        if let Some(t) = self.talk.and_then(|t| s.talks.get_mut(t)).filter(|t| presents && t.speakers.is_empty() && t.title.is_some()) {
            t.speakers = e.people.clone();
            t.duration = t.duration.take().or(e.duration.clone());
            return;
        }
        s.roles.extend(roles(&e.people, &e.parties, role));
        if s.wants_title && s.title.is_none() && s.number.is_some() {
            s.wants_title = s.title.is_none();
        }
        // "Panelists: A, B" may go on below; a chair is one
        let plural = matches!(role.role.value.as_str(), "speaker" | "panelist" | "participant" | "discussant") || role.label.value.to_lowercase().ends_with('s') || p.unit.flat.text.trim_end().ends_with([',', ';']);
        self.scope = if plural { Scope::People(RoleTree { role: role.role.clone(), label: Some(role.label.clone()), ..RoleTree::default() }) } else { Scope::None };
    }

    /// "Welcome remarks: X" in an opening, "Wrap-up by X" in a closing: a talk whose title is the label.
    fn remark(&mut self, p: &Parsed, i: usize) -> bool {
        let frame = matches!(self.tree.sessions[i].kind.value.as_str(), "opening" | "closing");
        let presents = p.entry.role.as_ref().is_none_or(|r| r.role.value == "speaker");
        if !frame || !presents || p.entry.people.is_empty() || p.entry.title.is_some() {
            return false;
        }
        let flat = &p.unit.flat;
        let view = self.cx.view(flat);
        let all = view.strip(flat.all(), " *-•");
        let text = view.of(all);
        let Some(end) = text.find(':').into_iter().chain(text.find(" by ")).min().filter(|e| *e <= 60) else { return false };
        let label = view.strip(Span::new(all.start, all.start + end), " :");
        if view.phrase_at(label.start, Set::Kind).is_none() && view.phrase_at(label.start, Set::SpeakersHead).is_none() {
            return false;
        }
        let title = self.cx.read(flat, label, "text", &[], "base/assemble/remark", 0.8);
        self.tree.sessions[i].talks.push(TalkTree { title, speakers: p.entry.people.clone(), duration: p.entry.duration.clone(), line: p.unit.lines.start, ..TalkTree::default() });
        self.talk = None;
        true
    }

    fn field(&mut self, p: &Parsed) {
        let Some((field, span)) = &p.entry.field else { return self.item(p) };
        let labelled = |cx: Cx| place(cx, &p.unit.flat, *span, true);
        match field.as_str() {
            "place" | "room" => {
                let found = labelled(self.cx);
                let view = self.cx.view(&p.unit.flat);
                let of_event = view.has(Span::new(0, span.start), Set::EventWord);
                if of_event && self.tree.event.venue.name.is_none() {
                    header::merge(&mut self.tree.event.venue, found.clone());
                }
                match self.session.map(|i| &mut self.tree.sessions[i]) {
                    Some(s) if s.venue.is_empty() => s.venue = found,
                    None if self.tree.event.venue.is_empty() => self.tree.event.venue = found,
                    _ => {}
                }
            }
            "title" => {
                let title = self.cx.read(&p.unit.flat, *span, "text", &[], "base/assemble/title-field", 0.9);
                let view = self.cx.view(&p.unit.flat);
                if let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]).filter(|_| !view.is(view.strip(*span, "[]()"), Set::Placeholder)) {
                    s.title = title.or(s.title.take());
                }
            }
            "speaker" => {
                let found = crate::parse::people(self.cx, &p.unit.flat, *span);
                if let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) {
                    s.roles.extend(plain_roles(&found, s));
                }
            }
            _ => {}
        }
    }

    fn head(&mut self, p: &Parsed) {
        let view = self.cx.s.view();
        let at = p.unit.first(self.cx.s);
        let body = crate::segment::bullet(self.cx.s.text, at.span).1;
        self.talk = None;
        if view.phrase_at(body.start, Set::DocumentsHead).is_some() {
            self.scope = Scope::Documents;
        } else if let Some((span, phrase)) = view.phrase_at(body.start, Set::SpeakersHead) {
            let role = Grounded::read(self.cx.s.text, self.cx.g, &[span], "", "", &["lexicon:speakers-head"], &phrase.id, 0.9);
            let label = Grounded::read(self.cx.s.text, self.cx.g, &[span], "", "", &[], &phrase.id, 0.9);
            let rest = view.strip(Span::new(span.end, at.span.end), " :-–—");
            if let Some(role) = role {
                self.scope = Scope::People(RoleTree { role, label, ..RoleTree::default() });
            }
            if let (false, false, Some(i)) = (p.entry.people.is_empty(), rest.is_empty(), self.session) {
                self.scope = Scope::None;
                if !self.remark(p, i) {
                    self.contribution(p, i);
                }
            }
        } else if view.has(at.span, Set::QuestionsHead) {
            self.scope = Scope::Questions;
        } else if view.phrase_at(body.start, Set::Abstract).is_some() {
            self.scope = Scope::Abstract;
        }
    }

    fn question(&mut self, p: &Parsed) {
        let flat = &p.unit.flat;
        let view = self.cx.view(flat);
        let mut span = view.strip(flat.all(), " \t");
        if let Some((_, rest)) = crate::segment::leading_number(&flat.text, span) {
            span = rest;
        }
        // a lead before the question that ends with it: cut what follows the last question mark
        if let Some(i) = view.of(span).rfind('?') {
            span = Span::new(span.start, span.start + i + 1);
        }
        let Some(i) = self.session.or(self.block) else { return };
        if !p.entry.people.is_empty() && p.entry.title.is_some() && !view.of(flat.all()).trim_end().ends_with('?') {
            return self.contribution(p, i);
        }
        if !view.of(span).contains('?') && !matches!(self.scope, Scope::Questions) {
            return self.prose(p);
        }
        if matches!(self.scope, Scope::Abstract) {
            return;
        }
        let s = &mut self.tree.sessions[i];
        if s.wants_title && s.title.is_none() {
            return self.item(p);
        }
        s.questions.extend(self.cx.read(flat, span, "text", &[], "base/assemble/question", 0.85));
    }

    fn place(&mut self, p: &Parsed) {
        let flat = &p.unit.flat;
        let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) else { return };
        let near = p.unit.lines.start <= s.line + 3 && s.talks.is_empty() && s.questions.is_empty();
        if s.wants_title && s.title.is_none() {
            return self.item(p);
        }
        if near && s.venue.is_empty() && !matches!(self.scope, Scope::Documents | Scope::Questions) {
            s.venue = place(self.cx, flat, flat.all(), true);
        } else {
            self.item(p);
        }
    }

    fn person(&mut self, p: &Parsed) {
        let e = &p.entry;
        if e.people.is_empty() || e.title.is_some() {
            return self.item(p);
        }
        if let Some(mut h) = self.half_day.take() {
            h.wants_title = false;
        }
        let Some(i) = self.session else { return };
        let cx = self.cx;
        let s = &mut self.tree.sessions[i];
        // a talk whose speakers are still to come
        if let Some(t) = self.talk.and_then(|t| s.talks.get_mut(t)).filter(|t| t.speakers.is_empty() && t.title.is_some()) {
            t.speakers = e.people.clone();
            t.duration = t.duration.take().or(e.duration.clone());
            return;
        }
        let _ = cx;
        match &self.scope {
            Scope::People(role) => {
                let role = role.clone();
                s.roles.extend(e.people.iter().map(|x| RoleTree { person: Some(x.clone()), ..role.clone() }));
            }
            Scope::Documents | Scope::Questions | Scope::Abstract => {}
            Scope::None => {
                let added = plain_roles(&e.people, s);
                s.roles.extend(added);
            }
        }
    }

    /// A list's entry below a row that announces several sessions: one of them.
    fn listed_session(&mut self, p: &Parsed) -> bool {
        let depth = p.unit.first(self.cx.s).item;
        let Some(group) = self.block.filter(|b| self.tree.sessions[*b].announces && depth > self.tree.sessions[*b].depth) else { return false };
        if p.entry.title.is_none() || p.entry.role.is_some() {
            return false;
        }
        self.close();
        self.new_session(p, false);
        let slot = self.tree.sessions[group].when;
        if let Some(s) = self.tree.sessions.last_mut() {
            s.when = slot;
            s.parent = Some(group);
            s.headed = false;
        }
        self.block = Some(group);
        true
    }

    /// An entry of a list, or a line that says nothing of itself.
    fn item(&mut self, p: &Parsed) {
        if self.listed_session(p) {
            return;
        }
        let e = &p.entry;
        let flat = &p.unit.flat;
        let Some(i) = self.session else { return };
        if self.tree.sessions[i].wants_title && self.tree.sessions[i].title.is_none() && (e.title.is_some() || e.kind.is_some()) {
            return self.fill(p);
        }
        match &self.scope {
            Scope::Documents => {
                let view = self.cx.view(flat);
                let span = view.strip(flat.all(), " \t");
                let span = if view.of(span).ends_with('.') { Span::new(span.start, span.end - 1) } else { span };
                let read = self.cx.read(flat, span, "text", &[], "base/assemble/document", 0.85);
                self.tree.sessions[i].documents.extend(read);
            }
            Scope::Questions => self.question(p),
            Scope::Abstract => {}
            Scope::People(_) | Scope::None => self.contribution(p, i),
        }
    }

    fn contribution(&mut self, p: &Parsed, i: usize) {
        let e = &p.entry;
        let s = &mut self.tree.sessions[i];
        let frame = matches!(s.kind.value.as_str(), "break" | "meal" | "registration");
        if e.people.is_empty() {
            let list = p.unit.class == Class::Item && e.title.is_some() && p.unit.flat.text.len() < 240;
            let discussion = e.kind.as_ref().is_some_and(|k| k.first && k.kind.value == "discussion");
            if list && !frame && !discussion && (e.quoted || e.number.is_some()) {
                self.talk_of(i, p, None);
            }
            return;
        }
        if e.title.is_none() {
            if let Scope::People(role) = &self.scope {
                let role = role.clone();
                s.roles.extend(e.people.iter().map(|x| RoleTree { person: Some(x.clone()), ..role.clone() }));
            } else {
                let added = plain_roles(&e.people, s);
                s.roles.extend(added);
            }
            return;
        }
        if !frame {
            self.talk_of(i, p, None);
        }
    }

    fn prose(&mut self, p: &Parsed) {
        let Some(i) = self.session else { return };
        let e = &p.entry;
        let listed = p.unit.features.any(Features(named("bullet").0 | named("number-first").0));
        if listed && !matches!(self.scope, Scope::Abstract) {
            return if p.unit.flat.text.ends_with('?') { self.question(p) } else { self.item(p) };
        }
        let told = matches!(self.scope, Scope::People(_)) || p.unit.flat.text.ends_with(')') || e.kind.as_ref().is_some_and(|k| k.first);
        let talk = told && !e.people.is_empty() && e.title.is_some();
        if talk && p.unit.flat.text.len() < 500 {
            return self.contribution(p, i);
        }
        let s = &self.tree.sessions[i];
        let early = p.unit.lines.start <= s.line + 2;
        if s.wants_title && s.title.is_none() && early && e.title.is_some() && p.unit.flat.text.len() < 220 {
            return self.fill(p);
        }
        let questions = p.unit.features.has(named("questions-head"));
        if questions && p.unit.flat.text.ends_with(':') {
            self.scope = Scope::Questions;
        } else if !e.people.is_empty() && e.title.is_some() && early && p.unit.flat.text.len() < 300 {
            self.contribution(p, i);
        }
    }

    /// What only the whole shows: kinds of sessions by what they hold.
    fn finish(self) {
        for s in &mut self.tree.sessions {
            if !s.default_kind && !s.kind.value.is_empty() {
                if s.kind.value == "session" || !s.kind.pieces.is_empty() {
                    continue;
                }
            }
            let anchor: Vec<Span> = s.title.as_ref().map(|t| t.pieces.clone()).or_else(|| s.when.map(|w| vec![w.start.span])).or_else(|| s.number.as_ref().map(|n| n.pieces.clone())).unwrap_or_default();
            let speakers = s.roles.iter().filter(|r| r.person.is_some() && matches!(r.role.value.as_str(), "speaker" | "keynote")).count();
            let talk = s.talks.is_empty() && speakers > 0;
            let kind = if talk { "talk" } else { "session" };
            s.kind = Grounded::constant(kind, &anchor, if talk { "base/assemble/talk-row" } else { "base/assemble/session-row" }, 0.7);
        }
    }
}

/// The feature of that name.
fn named(name: &str) -> Features {
    Features::named(name).unwrap_or_default()
}

/// Minutes since midnight, a small hour without more taken for an afternoon's.
fn clock_minutes(c: &crate::scan::ClockAt) -> i64 {
    i64::from(afternoon(u32::from(c.clock.hour) * 60 + u32::from(c.clock.minute), c.clock.meridiem))
}

/// Minutes of the day, the afternoon's told ones moved.
fn afternoon(minutes: u32, meridiem: Option<bool>) -> u32 {
    match meridiem {
        Some(true) if minutes < 720 => minutes + 720,
        None if minutes < 7 * 60 => minutes + 720,
        _ => minutes,
    }
}

fn roles(people: &[PersonValue], parties: &[Grounded], role: &crate::parse::RoleLabel) -> Vec<RoleTree> {
    let one = RoleTree { role: role.role.clone(), label: Some(role.label.clone()), ..RoleTree::default() };
    let persons = people.iter().map(|p| RoleTree { person: Some(p.clone()), ..one.clone() });
    persons.chain(parties.iter().filter(|_| people.is_empty()).map(|p| RoleTree { party: Some(p.clone()), ..one.clone() })).collect()
}

/// People without a label: panelists of a panel, speakers elsewhere.
fn plain_roles(people: &[PersonValue], s: &SessionTree) -> Vec<RoleTree> {
    let role = match s.kind.value.as_str() {
        "panel" => "panelist",
        "keynote" => "keynote",
        _ => "speaker",
    };
    people
        .iter()
        .map(|p| RoleTree {
            person: Some(p.clone()),
            role: Grounded::constant(role, &p.name.pieces, "base/assemble/unlabelled-person", 0.75),
            ..RoleTree::default()
        })
        .collect()
}
