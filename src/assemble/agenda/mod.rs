//! A programme's rows, headings, labels and lists → sessions with their talks and roles.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, PersonValue, labelled_place, place};
use crate::scan::When;
use crate::segment::{Class, Features};

mod lists;
mod sessions;

use super::contacts;
use super::header;
use super::prose::tells;
use super::tree::{DayTree, RoleTree, SessionTree, TalkTree, Tree};

/// What the lines below a label are, until a sibling label, a heading or a row.
#[derive(Clone, Debug, Default)]
enum Scope {
    /// Nothing in particular.
    #[default]
    None,
    /// People (and talks) in this role.
    People(Box<RoleTree>),
    /// Background documents.
    Documents,
    /// Guiding questions.
    Questions,
    /// An abstract or biography: prose.
    Abstract,
}

/// So many who speak give no single contribution.
const MANY_SPEAKERS: usize = 4;

/// A paragraph of more bytes than this is no session's title.
const LONGEST_TITLE: usize = 240;

struct Builder<'c, 't> {
    cx: Cx<'c>,
    tree: &'t mut Tree,
    /// The unit that follows the one in hand.
    next: Option<&'c Parsed<'c>>,
    /// All that follow it.
    ahead: &'c [Parsed<'c>],
    day: Option<usize>,
    session: Option<usize>,
    /// The session that holds the rows below it.
    block: Option<usize>,
    /// The one that did before a row without words.
    under: Option<usize>,
    scope: Scope,
    /// A half-day label that is no session unless it gets a chair.
    half_day: Option<SessionTree>,
    /// The talk that people without title belong to.
    talk: Option<usize>,
    /// People named before the title that they belong to.
    waiting: Vec<PersonValue>,
    /// Whether titles stand above the times of their rows.
    above: bool,
}

/// Builds an agenda document: header, sessions, contacts.
pub(super) fn build<'c>(cx: Cx<'c>, parsed: &'c [Parsed<'c>], tree: &mut Tree) {
    let above = (0..parsed.len()).filter(|i| stands_above(parsed, *i)).count() > 1;
    let first = header::end(parsed);
    let first = first - usize::from(above && first > 0 && stands_above(parsed, first - 1));
    let end = programme_end(cx, parsed, first);
    let last = if end < parsed.len() { end } else { contacts::behind(parsed, first) };
    header::build(cx, &parsed[..first], tree);
    let mut b = Builder::new(cx, tree);
    parsed[..first].iter().filter(|p| p.unit.class == Class::Day).for_each(|p| b.day(p));
    b.above = above;
    b.units(&parsed[first..last]);
    b.finish();
    contacts::before(cx, &parsed[..first], tree);
    contacts::build(cx, parsed, last, tree);
    super::participants::blocks(cx, &parsed[last..], tree);
    super::prose::parts(cx, &parsed[..first], tree);
    super::prose::mentioned(cx, parsed, tree);
    header::from_days(tree);
}

/// Builds the document of one session of a larger event.
pub(super) fn session_document(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let worded = |p: &Parsed| {
        p.unit.class == Class::Heading
            && p.entry.number.as_ref().is_some_and(|n| n.word.is_some())
            && p.entry.title.is_some()
    };
    let titled =
        |p: &Parsed| p.entry.title.is_some() && p.unit.class != Class::Furniture && p.unit.class != Class::Property;
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
            Class::Place | Class::Text
                if flat.text.len() < 80
                    && cx.view(flat).has(flat.all(), Set::Place)
                    && b.tree.sessions[0].venue.is_empty() =>
            {
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

/// Whether unit `i` is a line of words over a row that is only a time, with a paragraph below, which is no title.
fn stands_above(parsed: &[Parsed], i: usize) -> bool {
    const LONGEST: usize = 120;
    let Some([p, row, below]) = parsed.get(i..i + 3) else { return false };
    let e = &p.entry;
    let words = matches!(p.unit.class, Class::Text | Class::Question | Class::Heading)
        && e.title.is_some()
        && e.people.is_empty()
        && e.role.is_none()
        && e.field.is_none()
        && p.unit.flat.text.len() <= LONGEST
        && !p.unit.flat.text.ends_with(['.', ':', ',']);
    let bare =
        row.unit.class == Class::Row && sessions::bare(row) && row.entry.whens.first().is_some_and(|w| w.end.is_some());
    let paragraph = below.unit.flat.text.len() > LONGEST_TITLE && below.unit.flat.text.ends_with(['.', '?']);
    words && bare && paragraph
}

/// Where the programme ends and contacts, references or practical notes begin.
fn programme_end(cx: Cx, parsed: &[Parsed], first: usize) -> usize {
    let view = cx.s.view();
    let later_rows = |i: usize| {
        parsed[i..]
            .iter()
            .filter(|p| {
                p.unit.class == Class::Row && p.entry.kind.is_some() && p.entry.whens.iter().any(|w| w.end.is_some())
                    || p.unit.class == Class::Label && !p.entry.people.is_empty()
            })
            .count()
    };
    for (i, p) in parsed.iter().enumerate().skip(first) {
        let span = p.unit.first(cx.s).span;
        let head = matches!(p.unit.class, Class::Head | Class::Heading | Class::Text | Class::Contact);
        let contacts = view.phrase_at(span.start, Set::ContactsHead).is_some_and(|(s, _)| s.len() * 2 >= span.len());
        let after = view.phrase_at(span.start, Set::AfterWord).is_some_and(|(s, _)| s.len() * 2 >= span.len());
        let listed = super::participants::heads(cx, p);
        if head && (contacts || after || listed || known_people(cx, parsed, i)) && later_rows(i) == 0 && i > first {
            return i;
        }
    }
    parsed.len()
}

/// Whether unit `i` heads a list of people whom the programme has named already: it tells who they are, and gives
/// them no part in the session above.
fn known_people(cx: Cx, parsed: &[Parsed], i: usize) -> bool {
    let line = parsed[i].unit.first(cx.s);
    let view = cx.s.view();
    let colon = line.span.of(cx.s.text).ends_with(':');
    let rows_indent =
        parsed[..i].iter().rev().find(|p| p.unit.class == Class::Row).map_or(0, |p| p.unit.first(cx.s).indent);
    let head = view.phrase_at(line.span.start, Set::SpeakersHead).is_some_and(|(s, _)| s.len() * 2 >= line.span.len());
    if !head || colon || line.blanks == 0 || line.indent > rows_indent {
        return false;
    }
    let listed = parsed[i + 1..].iter().take_while(|p| p.unit.class == Class::Person).flat_map(|p| &p.entry.people);
    let (mut all, mut known) = (0, 0);
    for p in listed {
        all += 1;
        known += usize::from(cx.s.text[..line.span.start].contains(p.name.value.as_str()));
    }
    all >= 2 && known * 2 >= all
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
    let persons = people.iter().map(|p| one.held(p));
    persons
        .chain(parties.iter().filter(|_| people.is_empty()).map(|p| RoleTree { party: Some(p.clone()), ..one.clone() }))
        .collect()
}

/// Whether a unit is a paragraph of prose: it ends with a full stop, and most of its words are small. People whom it
/// names take no part by that.
fn runs(p: &Parsed) -> bool {
    const PARAGRAPH: usize = 120;
    let text = &p.unit.flat.text;
    let plain = matches!(p.unit.class, Class::Prose | Class::Text | Class::Label | Class::Person | Class::Question);
    let begins = p.entry.role.as_ref().is_some_and(|r| p.entry.title.is_none() && starts_with(p, r));
    let words = text.split_whitespace().count();
    let small = text.split_whitespace().filter(|w| w.starts_with(char::is_lowercase)).count();
    plain
        && !begins
        && text.len() >= PARAGRAPH
        && text.ends_with('.')
        && small * 2 > words
        && !p.unit.features.any(Features(named("bullet").0 | named("number-first").0))
}

/// Whether a unit's first words are its role's label.
fn starts_with(p: &Parsed, role: &crate::parse::RoleLabel) -> bool {
    let label = role.label.pieces.first().and_then(|s| p.unit.flat.here(*s));
    label.is_some_and(|s| s.start <= 4)
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
        .map(|p| {
            let role = Grounded::constant(role, &p.name.pieces, "base/assemble/unlabelled-person", 0.75);
            RoleTree { role, ..RoleTree::default() }.held(p)
        })
        .collect()
}

impl<'c, 't> Builder<'c, 't> {
    fn new(cx: Cx<'c>, tree: &'t mut Tree) -> Self {
        Builder {
            cx,
            tree,
            next: None,
            ahead: &[],
            day: None,
            session: None,
            block: None,
            under: None,
            scope: Scope::None,
            half_day: None,
            talk: None,
            waiting: Vec::new(),
            above: false,
        }
    }

    fn units(&mut self, units: &'c [Parsed<'c>]) {
        for (i, p) in units.iter().enumerate() {
            self.next = units.get(i + 1);
            self.ahead = &units[i + 1..];
            if self.above && stands_above(units, i) {
                self.close();
                self.new_session(p, false);
                continue;
            }
            self.unit(p);
        }
    }

    fn unit(&mut self, p: &Parsed) {
        let wants =
            self.session.is_some_and(|i| self.tree.sessions[i].wants_title && self.tree.sessions[i].title.is_none());
        let listed = matches!(self.scope, Scope::Documents | Scope::Questions);
        let wants = wants && p.unit.flat.text.len() <= LONGEST_TITLE;
        if self.titles_talk(p)
            || (runs(p) || self.retells(p)) && !wants && !listed
            || header::posted(self.cx, p, self.tree)
        {
            return;
        }
        match p.unit.class {
            Class::Furniture | Class::Property => {}
            Class::Day => self.day(p),
            Class::Row => self.row(p),
            Class::Heading => self.heading(p),
            Class::Label => self.label(p),
            Class::Field => self.field(p),
            Class::Head if wants && self.names_row(p) => self.heading(p),
            Class::Head => self.head(p),
            Class::Question => self.question(p),
            Class::Place | Class::Text | Class::Item if p.entry.role.is_some() => self.label(p),
            Class::Place => self.place(p),
            Class::Person => self.person(p),
            Class::Item | Class::Text | Class::Status => self.item(p),
            Class::Prose => self.prose(p),
            Class::Contact | Class::Cell | Class::Participant => {}
        }
    }

    /// Whether the head of a list stands right below a bare time: "Closing remarks" is the row's title, and whom it
    /// lists its speakers.
    fn names_row(&self, p: &Parsed) -> bool {
        let row = self.session.map(|i| &self.tree.sessions[i]);
        let whole = p.entry.kind.as_ref().is_some_and(|k| k.whole) && p.unit.features.has(named("kind-only"));
        whole && row.is_some_and(|s| s.number.is_none() && p.unit.lines.start == s.line + 1)
    }

    /// Whether a sentence tells how a session went: "The discussion was summarised by Ann Lee (Water Agency)."
    fn retells(&self, p: &Parsed) -> bool {
        let text = &p.unit.flat.text;
        matches!(p.unit.class, Class::Prose | Class::Text) && text.ends_with('.') && tells(self.cx, "one-session", text)
    }

    fn close(&mut self) {
        self.scope = Scope::None;
        self.talk = None;
        self.waiting.clear();
    }

    fn day(&mut self, p: &Parsed) {
        self.close();
        let e = &p.entry;
        let (date, number) = (e.dates.first().cloned(), e.number.as_ref().map(|n| n.number.clone()));
        // "Day 1" below a date that holds nothing yet is the number of that day
        let open = self.day.filter(|day| date.is_none() && !self.tree.sessions.iter().any(|s| s.day == Some(*day)));
        match open.map(|day| &mut self.tree.days[day]).filter(|day| day.date.is_some() && day.number.is_none()) {
            Some(day) => day.number = number,
            None => {
                let weekday = self.weekday(p).filter(|_| date.is_none());
                self.tree.days.push(DayTree { date, number, weekday });
                self.day = Some(self.tree.days.len() - 1);
            }
        }
        self.session = None;
        self.block = None;
        self.half_day = None;
    }

    /// The weekday that a day's heading names.
    fn weekday(&self, p: &Parsed) -> Option<u8> {
        let (_, phrase) = self.cx.view(&p.unit.flat).phrase(p.unit.flat.all(), Set::Weekday)?;
        phrase.value.parse().ok()
    }

    /// A row with a time of its own.
    fn row(&mut self, p: &Parsed) {
        let Some(when) = p.entry.whens.first().copied() else { return self.item(p) };
        if self.takes_slot(p, when) || self.remark_below(p) {
            return;
        }
        self.close();
        self.under = None;
        if let Some(d) = p.entry.dates.first().filter(|d| d.month.is_some() && p.entry.title.is_some()) {
            self.tree.days.push(DayTree { date: Some(d.clone()), ..DayTree::default() });
            self.day = Some(self.tree.days.len() - 1);
        }
        match self.holder(p, when) {
            Some(block) if self.is_contribution(p) && !self.opens(p, when) => self.talk_of(block, p, Some(when)),
            Some(block) => {
                self.new_session(p, true);
                // words below may show that it only interrupts the block
                self.under = Some(block);
            }
            None => {
                if self.block.is_some_and(|b| self.tree.sessions[b].when.is_some() && !self.slot_inside(b, when)) {
                    self.block = None;
                }
                self.new_session(p, true);
            }
        }
    }

    /// A heading without a time.
    fn heading(&mut self, p: &Parsed) {
        let e = &p.entry;
        if let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) {
            // a bare time above, its words here
            let dated = p.unit.features.has(named("half-day")) || p.unit.features.has(named("date-first"));
            if s.wants_title && s.title.is_none() && s.number.is_none() && !dated && p.unit.lines.start <= s.line + 3 {
                return self.fill(p);
            }
        }
        let view = self.cx.s.view();
        let span = p.unit.first(self.cx.s).span;
        if let Some(d) = e.dates.first().filter(|d| d.month.is_some()) {
            self.tree.days.push(DayTree { date: Some(d.clone()), ..DayTree::default() });
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
            let label = own.phrase(all, Set::HalfDay).map_or(all, |(s, _)| s);
            let rest = own.strip(Span::new(label.end, all.end.max(label.end)), " :-–—");
            if let Some(role) = e.role.as_ref().filter(|_| own.of(rest).starts_with('(')) {
                // "Friday, 3 May – morning (Chair: …)"
                s.title = self.cx.read(flat, label, "text", &[], "base/assemble/half-day", 0.8);
                s.roles = roles(&e.people, &e.parties, role);
                self.half_day_session(s);
                return;
            }
            if rest.is_empty() {
                s.title = e.title.clone().or(s.title);
                self.half_day = Some(s);
                return;
            }
            // "Morning: a title of its own"
            s.title = self.cx.read(flat, rest, "text", &[], "base/assemble/half-day-title", 0.8);
            s.kind = Grounded::constant(
                "session",
                &s.title.as_ref().map(|t| t.pieces.clone()).unwrap_or_default(),
                "base/assemble/half-day",
                0.8,
            );
            s.default_kind = false;
            s.wants_title = false;
            self.open_block(s);
            return;
        }
        let told = e.number.as_ref().is_some_and(|n| n.word.is_some())
            || e.kind.as_ref().is_some_and(|k| k.first)
            || p.unit.told.as_ref().is_some_and(|t| t.session.is_some() || t.heads && e.title.is_some());
        if !told {
            // a track, a part, or words that only decorate
            if view.is(span, Set::Programme)
                || view.is(span, Set::Status)
                || p.unit.features.has(named("programme-word"))
            {
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

    /// A session that holds what follows.
    fn open_block(&mut self, s: SessionTree) {
        self.tree.sessions.push(s);
        self.session = Some(self.tree.sessions.len() - 1);
        self.block = self.session;
    }

    /// A half-day that is a session, as it has a chair.
    fn half_day_session(&mut self, mut s: SessionTree) {
        s.default_kind = false;
        s.wants_title = false;
        // a time below it is a talk's
        s.headed = false;
        s.kind = s.title.as_ref().map_or_else(Grounded::default, |t| {
            Grounded::constant("session", &t.pieces, "base/assemble/half-day", 0.8)
        });
        self.open_block(s);
    }

    /// What only the whole shows: kinds of sessions by what they hold.
    fn finish(self) {
        for s in &mut self.tree.sessions {
            if s.title.as_ref().is_none_or(|t| t.value.starts_with('(')) {
                s.title = s.label.take().or(s.title.take());
            }
            if s.title.is_none() && s.talks.is_empty() {
                s.title = s.words.take();
            }
            if !s.default_kind && !s.kind.value.is_empty() && (s.kind.value == "session" || !s.kind.pieces.is_empty()) {
                continue;
            }
            let anchor: Vec<Span> = s
                .title
                .as_ref()
                .map(|t| t.pieces.clone())
                .or_else(|| s.when.map(|w| vec![w.start.span]))
                .or_else(|| s.number.as_ref().map(|n| n.pieces.clone()))
                .unwrap_or_default();
            let speakers = s
                .roles
                .iter()
                .filter(|r| r.person.is_some() && matches!(r.role.value.as_str(), "speaker" | "keynote"))
                .count();
            // several who speak and one who leads them are no single contribution
            let led = s.roles.iter().any(|r| matches!(r.role.value.as_str(), "moderator" | "chair" | "facilitator"));
            let talk = s.talks.is_empty() && (1..MANY_SPEAKERS).contains(&speakers) && !(led && speakers > 1);
            let kind = if talk { "talk" } else { "session" };
            s.kind = Grounded::constant(
                kind,
                &anchor,
                if talk { "base/assemble/talk-row" } else { "base/assemble/session-row" },
                0.7,
            );
        }
    }
}
