//! Tree + context → record: years, am and pm, who is the same person, ids and uids, E.164.
//!
//! In: the tree, the scanned text, the user's options. Out: a [`Record`] with evidence for every value.
//! Never: uses the system clock.

mod dates;
mod entities;
mod out;
mod people;
mod times;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

use crate::assemble::{ContactTree, RoleTree, SessionTree, TalkTree, Tree};
use crate::evidence::{Grounded, read_phone};
use crate::grammar::Grammar;
use crate::ingest::{Source, Text};
use crate::model::{
    Attendance, Contact, Diagnostic, Event, EventStatus, Mention, Person, Phone, PhoneKind, Record, RelatedEvent, Role,
    RoleKind, SCHEMA, Session, SessionKind, Severity, SourceInfo, Talk, Venue,
};
use crate::parse::{PersonValue, PlaceValue};
use crate::pipeline::Options;
use crate::repair::Repaired;
use crate::scan::{Scanned, When};

use dates::Years;
use out::Out;
use people::People;
use times::{Habit, Slot};

struct Resolver<'a> {
    s: &'a Scanned<'a>,
    g: &'a Grammar,
    out: Out<'a>,
    people: People,
    /// Mentions by person: where they stand in the record.
    mentions: Vec<Vec<Mention>>,
    path: &'a str,
    uids: BTreeMap<String, usize>,
    region: String,
    /// Days of which a session was met.
    met: FxHashSet<usize>,
}

/// Resolves a tree to a record.
#[allow(clippy::too_many_arguments)]
pub fn resolve(
    source: &Source,
    text: &Text,
    repaired: &Repaired,
    s: &Scanned,
    tree: Tree,
    g: &Grammar,
    options: &Options,
) -> Record {
    let digest = Sha256::digest(&source.bytes);
    let sha256: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let mut record = Record {
        schema: SCHEMA.into(),
        id: sha256[..16].to_owned(),
        kind: tree.kind,
        diagnostics: text.diagnostics.clone(),
        source: SourceInfo {
            path: source.path.clone(),
            media_type: text.media_type.clone(),
            bytes: source.bytes.len() as u64,
            sha256,
            encoding: text.encoding.clone(),
            languages: s.languages.iter().map(|l| l.to_string()).collect(),
            pages: text.pages,
            ..SourceInfo::default()
        },
        ..Record::default()
    };
    let years = Years::collect(s, &tree, options);
    let people = People::collect(mentioned(&tree));
    let mut r = Resolver {
        s,
        g,
        out: Out::new(text, repaired, g),
        mentions: vec![Vec::new(); people.all.len()],
        people,
        path: &source.path,
        uids: BTreeMap::new(),
        region: region(&tree, options),
        met: FxHashSet::default(),
    };
    r.event(&tree, &years, options, &mut record);
    r.sessions(&tree, &years, &mut record);
    r.contacts(&tree, &mut record);
    if let Some(h) = &tree.headline {
        record.source.title = Some(h.value.clone());
    }
    for p in &tree.authors {
        r.mention(p, None);
        record.source.authors.extend(r.people.of(p).map(|i| format!("p{}", i + 1)));
    }
    for p in &tree.others {
        r.mention(p, None);
    }
    r.persons(&mut record);
    r.uids(&mut record);
    record.evidence = r.out.evidence;
    record.alternatives = r.out.alternatives;
    record.repairs = r.out.repairs;
    record.diagnostics.extend(r.out.diagnostics);
    record
}

/// Every mention of a person in the tree.
fn mentioned(tree: &Tree) -> Vec<PersonValue> {
    let mut all: Vec<PersonValue> = Vec::new();
    let mut roles = |list: &[RoleTree]| all.extend(list.iter().filter_map(|r| r.person.clone()));
    roles(&tree.event.roles);
    tree.event.related.iter().for_each(|r| roles(&r.roles));
    tree.sessions.iter().for_each(|s| roles(&s.roles));
    for s in &tree.sessions {
        all.extend(s.talks.iter().flat_map(|t| t.speakers.iter().cloned()));
    }
    all.extend(tree.contacts.iter().filter_map(|c| c.person.clone()));
    all.extend(tree.authors.iter().chain(&tree.others).cloned());
    all
}

/// The start of a block's talk that stands right above a time, where others of its talks stand below it.
fn above(w: &When, block: &SessionTree, slots: &[Slot]) -> Option<i32> {
    let at = w.start.span.start;
    let before = |t: &&TalkTree| t.when.is_some_and(|o| o.start.span.start < at);
    let n = block.talks.iter().take_while(before).count();
    (n > 0 && n < block.talks.len()).then(|| slots[n - 1].from)
}

/// The region of phone numbers without country code: the user's, else the venue's.
fn region(tree: &Tree, options: &Options) -> String {
    options.country.clone().or_else(|| tree.event.venue.country.as_ref().map(|c| c.value.clone())).unwrap_or_default()
}

/// The weekday (Monday 1) of a date.
pub(crate) fn weekday(year: i16, month: u8, day: u8) -> Option<u8> {
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    u8::try_from(date.weekday().to_monday_one_offset()).ok()
}

impl Resolver<'_> {
    fn put(&mut self, pointer: &str, v: Option<&Grounded>) -> Option<String> {
        v.and_then(|v| self.out.put(pointer, v))
    }

    fn list(&mut self, pointer: &str, values: &[Grounded]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for v in values {
            if out.contains(&v.value) {
                continue;
            }
            let at = format!("{pointer}/{}", out.len());
            out.extend(self.out.put(&at, v));
        }
        out
    }

    fn venue(&mut self, pointer: &str, v: &PlaceValue) -> Venue {
        Venue {
            name: self.put(&format!("{pointer}/name"), v.name.as_ref()),
            room: self.put(&format!("{pointer}/room"), v.room.as_ref()),
            address: self.put(&format!("{pointer}/address"), v.address.as_ref()),
            city: self.put(&format!("{pointer}/city"), v.city.as_ref()),
            country: self.put(&format!("{pointer}/country"), v.country.as_ref()),
            url: None,
        }
    }

    fn note(&mut self, code: &str, severity: Severity, message: String, at: &str) {
        let span = self.out.evidence.get(at).and_then(|e| e.spans.first().copied());
        self.out.diagnostics.push(Diagnostic { code: code.into(), severity, message, at: Some(at.to_owned()), span });
    }

    fn event(&mut self, tree: &Tree, years: &Years, options: &Options, record: &mut Record) {
        let t = &tree.event;
        let mut e = Event {
            title: self.put("/event/title", t.title.as_ref()),
            edition: self.put("/event/edition", t.edition.as_ref()).and_then(|n| n.parse().ok()),
            status: self.put("/event/status", t.status.as_ref()).and_then(|s| EventStatus::parse(&s)),
            programme: self.put("/event/programme", t.programme.as_ref()),
            ..Event::default()
        };
        if let Some((start, end)) =
            t.date.as_ref().and_then(|d| dates::range(self.s, self.g, years, d, "base/event/date"))
        {
            let (mut start, mut end) = (start, end);
            for other in t.other_dates.iter().filter_map(|d| dates::range(self.s, self.g, years, d, "base/event/date"))
            {
                let share = self.g.weight("reading/later");
                start = start.over(Some(other.0), share);
                end = end.over(Some(other.1), share);
            }
            e.start_date = self.put("/event/start_date", Some(&start));
            e.end_date = self.put("/event/end_date", Some(&end));
            if let Some(d) = &t.date {
                self.weekday_check(d, e.start_date.as_deref(), "/event/start_date");
            }
        }
        e.venue = self.venue("/event/venue", &t.venue);
        e.timezone = self.zone(t.venue.city.as_ref(), options);
        e.hosts = self.list("/event/hosts", &t.hosts);
        e.organisers = self.list("/event/organisers", &t.organisers);
        e.sponsors = self.list("/event/sponsors", &t.sponsors);
        e.urls = self.list("/event/urls", &t.urls);
        e.roles = self.roles("/event/roles", &t.roles, None);
        for (i, a) in t.attendance.iter().enumerate() {
            let at = format!("/event/attendance/{i}");
            e.attendance.push(Attendance {
                count: self.put(&format!("{at}/count"), a.count.as_ref()).and_then(|n| n.parse().ok()),
                group: self.put(&format!("{at}/group"), a.group.as_ref()),
                countries: self.list(&format!("{at}/countries"), &a.countries),
            });
        }
        for (i, r) in t.related.iter().enumerate() {
            let at = format!("/event/related/{i}");
            let dates = r.date.as_ref().and_then(|d| dates::range(self.s, self.g, years, d, "base/event/related-date"));
            let Some(title) = self.put(&format!("{at}/title"), r.title.as_ref()) else { continue };
            e.related.push(RelatedEvent {
                title,
                start_date: self.put(&format!("{at}/start_date"), dates.as_ref().map(|d| &d.0)),
                end_date: self.put(&format!("{at}/end_date"), dates.as_ref().map(|d| &d.1)),
                venue: self.venue(&format!("{at}/venue"), &r.venue),
                roles: self.roles(&format!("{at}/roles"), &r.roles, None),
            });
        }
        record.event = e;
    }

    /// The event's zone: told, or its city's.
    fn zone(&mut self, city: Option<&Grounded>, options: &Options) -> Option<String> {
        if let Some(z) = &options.timezone {
            let told = Grounded {
                value: z.clone(),
                option: true,
                rule: "option".into(),
                score: 0.99,
                via: vec![format!("const:{z}")],
                ..Grounded::default()
            };
            return self.put("/event/timezone", Some(&told));
        }
        let city = city.filter(|c| self.g.lexicons.city(&c.value).is_some_and(|c| !c.ambiguous))?;
        let mut zone = city.then("zone", self.g)?;
        zone.rule = "base/event/zone-of-city".into();
        zone.score = 0.9;
        self.put("/event/timezone", Some(&zone))
    }

    fn weekday_check(&mut self, d: &crate::scan::DateMark, iso: Option<&str>, at: &str) {
        let (Some((told, _)), Some(iso)) = (d.weekday, iso) else { return };
        let Ok(date) = iso.parse::<jiff::civil::Date>() else { return };
        if u8::try_from(date.weekday().to_monday_one_offset()).ok() != Some(told)
            && d.days.len() == 1
            && d.until.is_none()
        {
            self.note(
                "A0703",
                Severity::Warning,
                format!("expected the weekday that the text names, but {iso} is another"),
                at,
            );
        }
    }

    /// Roles with the people in them.
    fn roles(&mut self, pointer: &str, roles: &[RoleTree], talk: Option<&str>) -> Vec<Role> {
        let mut out: Vec<Role> = Vec::new();
        self.add_roles(pointer, roles, talk, &mut out);
        out
    }

    fn add_roles(&mut self, pointer: &str, roles: &[RoleTree], talk: Option<&str>, out: &mut Vec<Role>) {
        for r in roles {
            let at = format!("{pointer}/{}", out.len());
            let person = r.person.as_ref().and_then(|p| self.people.of(p)).map(|i| format!("p{}", i + 1));
            let Some(kind) = RoleKind::parse(&r.role.value) else { continue };
            if person.is_some() && out.iter().any(|o| o.person == person && o.role == kind && o.talk.as_deref() == talk)
            {
                continue;
            }
            if person.is_none() && r.party.is_none() {
                continue;
            }
            if self.put(&format!("{at}/role"), Some(&r.role)).is_none() {
                continue;
            }
            if let (Some(p), true) = (&r.person, person.is_some()) {
                self.reference(&format!("{at}/person"), p);
                self.mention(p, Some(&at));
            }
            let party = self.put(&format!("{at}/party"), r.party.as_ref());
            let label = self.put(&format!("{at}/label"), r.label.as_ref());
            out.push(Role { person, party, role: kind, label, talk: talk.map(str::to_owned) });
        }
    }

    fn sessions(&mut self, tree: &Tree, years: &Years, record: &mut Record) {
        let days = self.days(tree, years);
        let slots = self.slots(tree);
        for (i, s) in tree.sessions.iter().enumerate() {
            let session = self.session(i, s, &days, &slots, tree, years, record);
            record.sessions.push(session);
        }
    }

    /// The days' dates: their own, or counted from the event's first day or the day before, or the only such weekday of
    /// the event.
    fn days(&mut self, tree: &Tree, years: &Years) -> Vec<Option<Grounded>> {
        let event = tree.event.date.as_ref().and_then(|d| dates::range(self.s, self.g, years, d, "base/event/date"));
        let mut out: Vec<Option<Grounded>> = Vec::new();
        let mut before: Option<usize> = None;
        for d in &tree.days {
            let own = d.date.as_ref().and_then(|m| dates::one(self.s, self.g, years, m, 0, None, "base/day/date"));
            let after = |first: &Grounded, days: i64, rule: &str| {
                let mut v = first.then(&format!("date.add:{days}"), self.g)?;
                v.rule = rule.into();
                v.score = 0.8;
                Some(v)
            };
            let start = event.as_ref().map(|(start, _)| start);
            let counted = || after(start?, d.number.as_ref()?.value.parse::<i64>().ok()? - 1, "base/day/counted");
            let named = || after(start?, dates::days_until(event.as_ref()?, d.weekday?)?, "base/day/weekday");
            // "Mon 29" in an event from the 27th on, or below "Sat 27 September"
            let numbered = || {
                let mark = d.date.as_ref()?;
                let before = before.and_then(|n| out.get(n)?.as_ref());
                before
                    .into_iter()
                    .chain(start)
                    .find_map(|first| after(first, dates::days_to(&first.value, mark)?, "base/day/numbered"))
            };
            let found = own.or_else(counted).or_else(numbered).or_else(named);
            before = found.is_some().then_some(out.len()).or(before);
            out.push(found);
        }
        out
    }

    /// All slots, am and pm decided by what is told and by the order of the rows.
    fn slots(&self, tree: &Tree) -> Vec<(Slot, Vec<Slot>)> {
        let all: Vec<&When> = tree
            .sessions
            .iter()
            .flat_map(|s| s.when.iter().chain(s.talks.iter().filter_map(|t| t.when.as_ref())))
            .collect();
        let habit = Habit {
            twenty_four: all.iter().any(|w| w.start.clock.hour >= 13 || w.end.is_some_and(|e| e.clock.hour >= 13)),
            seminar: tree.sessions.len() == 1,
        };
        let mut out: Vec<(Slot, Vec<Slot>)> = Vec::new();
        let mut before: Option<(Option<usize>, i32)> = None;
        for (i, s) in tree.sessions.iter().enumerate() {
            let next = tree.sessions[i + 1..]
                .iter()
                .filter(|n| n.day == s.day)
                .find_map(|n| n.when.as_ref())
                .map(|w| i32::from(w.start.clock.hour) * 60 + i32::from(w.start.clock.minute));
            let earlier = before.filter(|(day, _)| *day == s.day).map(|(_, m)| m);
            // a break stands among the talks of the block above it
            const NEAR: usize = 8;
            let block = (0..i).rev().take(NEAR).find(|b| !tree.sessions[*b].talks.is_empty());
            let inner = s.when.zip(block).and_then(|(w, b)| above(&w, &tree.sessions[b], &out[b].1));
            let earlier = inner.or(earlier);
            let slot =
                s.when.as_ref().map(|w| times::slot(self.s, self.g, w, earlier, next, habit)).unwrap_or_default();
            let mut last = if s.when.is_some() { Some(slot.from) } else { earlier };
            let mut talks = Vec::new();
            for t in &s.talks {
                let ts = t.when.as_ref().map(|w| times::slot(self.s, self.g, w, last, None, habit)).unwrap_or_default();
                if t.when.is_some() {
                    last = Some(ts.from);
                }
                talks.push(ts);
            }
            // after a break inside a block, the block's last talk is still the row before
            let last = if inner.is_some() { last.max(before.map(|(_, m)| m)) } else { last };
            if let Some(m) = last {
                before = Some((s.day, m));
            }
            out.push((slot, talks));
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn session(
        &mut self,
        i: usize,
        t: &SessionTree,
        days: &[Option<Grounded>],
        slots: &[(Slot, Vec<Slot>)],
        tree: &Tree,
        years: &Years,
        record: &Record,
    ) -> Session {
        let at = format!("/sessions/{i}");
        let (slot, talk_slots) = &slots[i];
        let mut s = Session {
            id: format!("s{}", i + 1),
            parent: t.parent.map(|p| format!("s{}", p + 1)),
            ..Session::default()
        };
        s.kind =
            self.put(&format!("{at}/kind"), Some(&t.kind)).and_then(|k| SessionKind::parse(&k)).unwrap_or_default();
        s.number = self.put(&format!("{at}/number"), t.number.as_ref());
        s.title = self.put(&format!("{at}/title"), t.title.as_ref());
        let own = t.date.as_ref().and_then(|d| dates::one(self.s, self.g, years, d, 0, None, "base/session/date"));
        let of_day = t.day.and_then(|d| days.get(d).cloned().flatten()).and_then(|d| d.then("inherit.day", self.g));
        let of_event = || {
            let single = record.event.start_date.is_some() && record.event.start_date == record.event.end_date;
            let range = tree
                .event
                .date
                .as_ref()
                .filter(|_| single && tree.days.is_empty())
                .and_then(|d| dates::range(self.s, self.g, years, d, "base/session/event-date"));
            range.and_then(|(d, _)| d.then("inherit.event", self.g))
        };
        let date = own.or(of_day).or_else(of_event);
        s.date = self.put(&format!("{at}/date"), date.as_ref());
        let first_of_day = t.day.filter(|d| self.met.insert(*d));
        if let Some(d) = first_of_day.and_then(|d| tree.days[d].date.as_ref()) {
            self.weekday_check(&d.clone(), s.date.as_deref(), &format!("{at}/date"));
        }
        let (start, end) = self.over_other(t, slot);
        s.start = self.put(&format!("{at}/start"), start.as_ref());
        s.end = self.put(&format!("{at}/end"), end.as_ref());
        let by_order = slot.start.as_ref().is_some_and(|v| v.via.iter().any(|x| x == "time.pm" || x == "time.am"));
        if by_order {
            let message = "expected am or pm: it is read by the end's, or by the order of the rows";
            self.note("A0603", Severity::Note, message.into(), &format!("{at}/start"));
        }
        if slot.slip {
            self.note(
                "A0604",
                Severity::Warning,
                "expected an end that the next row allows: am and pm are read by the order of the rows".into(),
                &format!("{at}/end"),
            );
        }
        if slot.next_day {
            let next = date.as_ref().and_then(|d| d.then("date.add:1", self.g));
            s.end_date = self.put(&format!("{at}/end_date"), next.as_ref());
        }
        if let Some(w) = &t.when {
            let span = w.start.span;
            let flag = |on: bool| on.then(|| Grounded::constant("true", &[span], "base/time/flag", 0.9));
            s.open_end = self.put(&format!("{at}/open_end"), flag(w.open_end).as_ref()).is_some();
            s.approximate = self.put(&format!("{at}/approximate"), flag(w.approximate).as_ref()).is_some();
        }
        s.venue = self.venue(&format!("{at}/venue"), &t.venue);
        s.tentative = self.put(&format!("{at}/tentative"), t.tentative.as_ref()).is_some();
        s.status = self.put(&format!("{at}/status"), t.status.as_ref()).and_then(|x| EventStatus::parse(&x));
        let roles_at = format!("{at}/roles");
        s.roles = self.roles(&roles_at, &t.roles, None);
        for (n, talk) in t.talks.iter().enumerate() {
            let value = self.talk(&at, &s.id, n, talk, &talk_slots[n]);
            let base = talk.role.clone().unwrap_or_default();
            let speakers: Vec<RoleTree> = talk
                .speakers
                .iter()
                .map(|p| RoleTree {
                    person: Some(p.clone()),
                    role: if base.role.value.is_empty() {
                        Grounded::constant("speaker", &p.name.pieces, "base/assemble/talk-speaker", 0.85)
                    } else {
                        base.role.clone()
                    },
                    label: base.label.clone(),
                    ..RoleTree::default()
                })
                .collect();
            let mut roles = std::mem::take(&mut s.roles);
            self.add_roles(&roles_at, &speakers, Some(&value.id), &mut roles);
            s.roles = roles;
            s.talks.push(value);
        }
        s.questions = self.list(&format!("{at}/questions"), &t.questions);
        s.documents = self.list(&format!("{at}/documents"), &t.documents);
        s
    }

    /// A session's start and end with those of the slot that lost.
    fn over_other(&self, t: &SessionTree, slot: &Slot) -> (Option<Grounded>, Option<Grounded>) {
        let Some((when, share)) = &t.other_when else { return (slot.start.clone(), slot.end.clone()) };
        let habit = Habit { seminar: true, ..Habit::default() };
        let other = times::slot(self.s, self.g, when, None, None, habit);
        let over = |own: &Option<Grounded>, lost| own.clone().map(|v| v.over(lost, *share));
        (over(&slot.start, other.start), over(&slot.end, other.end))
    }

    fn talk(&mut self, session: &str, id: &str, n: usize, t: &crate::assemble::TalkTree, slot: &Slot) -> Talk {
        let at = format!("{session}/talks/{n}");
        let mut talk = Talk { id: format!("{id}.t{}", n + 1), ..Talk::default() };
        talk.number = self.put(&format!("{at}/number"), t.number.as_ref());
        talk.title = self.put(&format!("{at}/title"), t.title.as_ref());
        talk.start = self.put(&format!("{at}/start"), slot.start.as_ref());
        talk.end = self.put(&format!("{at}/end"), slot.end.as_ref());
        if let Some([low, high]) = &t.duration {
            let a = self.put(&format!("{at}/duration_minutes/0"), Some(low)).and_then(|n| n.parse().ok());
            let b = self.put(&format!("{at}/duration_minutes/1"), Some(high)).and_then(|n| n.parse().ok());
            talk.duration_minutes = a.zip(b).map(|(a, b)| [a, b]);
        }
        talk.tentative = self.put(&format!("{at}/tentative"), t.tentative.as_ref()).is_some();
        for p in &t.speakers {
            let Some(person) = self.people.of(p) else { continue };
            let person = format!("p{}", person + 1);
            if talk.speakers.contains(&person) {
                continue;
            }
            self.reference(&format!("{at}/speakers/{}", talk.speakers.len()), p);
            self.mention(p, Some(&at));
            talk.speakers.push(person);
        }
        talk
    }
}
