//! Records as no document gives them all at once: every field that a format carries, texts that formats are broken by,
//! sessions without days, past midnight, in hours that clocks leave out or have twice.
//!
//! In: texts and a number. Out: a record, the same each time, that `agendata export` takes.

use agendata::model::*;
use jiff::civil::Date;
use proptest::prelude::*;

/// Texts as people write them and as formats are broken by; no blanks at the ends, which importers take away.
pub fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "a, b; \"c\" 'd' \\ /",
        "two\nlines",
        "=1+1",
        "@x",
        "'-quoted",
        "🎤 👩🏽‍🔬",
        "שלום עולם, العربية",
        "]]> &amp; <b>",
        "</script><!--",
        "BEGIN:VEVENT\nEND:VEVENT",
        "\\n is no line end\\",
        "漢字",
        "e\u{301}",
    ]);
    let long = prop::sample::select(vec!["x".repeat(500), "漢".repeat(500), "long, ".repeat(100)]);
    prop_oneof![4 => odd.prop_map(str::to_owned), 2 => "[a-zA-Z ,;:'\"<>&=+@()-]{1,40}", 2 => "\\PC{1,60}", 1 => long]
        .prop_map(|t| t.replace(['\u{2028}', '\u{2029}'], " ").trim().to_owned())
        .prop_filter("a text", |t| !t.is_empty())
}

/// A record with up to twelve sessions.
pub fn record() -> impl Strategy<Value = Record> {
    (prop::collection::vec(text(), 40), any::<u64>()).prop_map(|(texts, seed)| {
        let mut make = Make { texts, seed };
        let sessions = 1 + make.below(12);
        make.record(sessions)
    })
}

/// A record with so many sessions, of one kind of texts each.
pub fn large(sessions: usize) -> Record {
    let texts = ["Water", "漢", "a, b; \"c\"", "=1+1", "שלום"].map(|t| t.repeat(20)).to_vec();
    Make { texts, seed: 7 }.record(sessions)
}

struct Make {
    texts: Vec<String>,
    seed: u64,
}

impl Make {
    /// A number below this one.
    fn below(&mut self, most: usize) -> usize {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ self.seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ mixed >> 27) % most as u64) as usize
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn text(&mut self) -> String {
        let at = self.below(self.texts.len());
        self.texts[at].clone()
    }

    fn maybe(&mut self) -> Option<String> {
        self.once_in(2).then(|| self.text())
    }

    fn some(&mut self, most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| self.text()).collect()
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn record(&mut self, sessions: usize) -> Record {
        let mut record = Record { schema: SCHEMA.into(), id: "0123456789abcdef".into(), ..Record::default() };
        record.source.path = "made.txt".into();
        record.kind = DocumentKind::Agenda;
        // The clocks of Berlin go forward on the second day of the first, and back on that of the second.
        let first: Date = self.pick(&["2024-03-30", "2024-10-26", "1987-06-01"]).parse().unwrap();
        record.people = (1..6).map(|n| self.person(n)).collect();
        record.event = self.event(first);
        record.contacts = (1..4).map(|n| self.contact(n)).collect();
        let mut minutes = 0;
        for n in 1..=sessions {
            minutes += self.below(90) as u32 + if self.once_in(4) { 600 } else { 0 };
            let mut session = self.session(n, first, minutes);
            // A zone of its own beside that of the event.
            let is_timed = session.start.is_some() && session.date.as_ref().is_some_and(|d| !d.starts_with('X'));
            let zone = record.event.timezone.is_some() && is_timed && self.once_in(5);
            session.timezone = zone.then(|| "America/New_York".to_owned());
            record.sessions.push(session);
            minutes += 1;
        }
        record
    }

    fn event(&mut self, first: Date) -> Event {
        let zone = self.pick(&[None, Some("Europe/Berlin"), Some("Africa/Tunis"), Some("UTC"), Some("Asia/Kathmandu")]);
        let has_days = !self.once_in(4);
        let last = first.checked_add(jiff::Span::new().days(3)).unwrap();
        Event {
            uid: Some("e0".into()),
            title: Some(self.text()),
            edition: self.once_in(2).then_some(6),
            programme: self.maybe(),
            start_date: has_days.then(|| first.to_string()),
            end_date: (has_days && !self.once_in(3)).then(|| last.to_string()),
            timezone: zone.map(str::to_owned),
            mode: self.pick(&[None, Some(Mode::InPerson), Some(Mode::Online), Some(Mode::Hybrid)]),
            venue: self.venue(),
            hosts: self.some(2),
            organisers: self.some(2),
            sponsors: self.some(2),
            roles: self.roles(2),
            urls: ["https://example.org/a?b=c&d=%20e", "https://example.org/"][..self.below(3)]
                .iter()
                .map(|u| (*u).into())
                .collect(),
            description: self.maybe(),
            ..Event::default()
        }
    }

    fn venue(&mut self) -> Venue {
        Venue {
            name: self.maybe(),
            room: self.maybe(),
            address: self.maybe(),
            city: self.maybe(),
            country: self.once_in(2).then(|| "TN".into()),
            url: self.once_in(3).then(|| "https://example.org/house".into()),
        }
    }

    fn person(&mut self, n: usize) -> Person {
        Person {
            id: format!("p{n}"),
            uid: format!("{n:020x}"),
            name: self.text(),
            honorific: self.maybe(),
            given: self.maybe(),
            family: self.maybe(),
            suffix: self.maybe(),
            position: self.maybe(),
            organisation: self.maybe(),
            country: self.once_in(2).then(|| "FR".into()),
            ..Person::default()
        }
    }

    fn contact(&mut self, n: usize) -> Contact {
        let e164 = self.once_in(2).then(|| "+33140205050".to_owned());
        let phone = Phone { raw: self.text(), valid: e164.is_some(), e164, ..Phone::default() };
        Contact {
            id: format!("c{n}"),
            person: (n == 1).then(|| "p1".into()),
            organisation: self.maybe(),
            group: self.maybe(),
            purpose: self.maybe(),
            phones: if self.once_in(2) { vec![phone] } else { Vec::new() },
            emails: (0..self.below(3)).map(|m| format!("ann.{m}@example.org")).collect(),
            urls: (0..self.below(2)).map(|_| "https://example.org/c".into()).collect(),
            address: self.maybe(),
        }
    }

    /// Roles of people, each person once, and of a body.
    fn roles(&mut self, most: usize) -> Vec<Role> {
        let first = 1 + self.below(3);
        let mut roles: Vec<Role> = Vec::new();
        for n in first..first + self.below(most + 1) {
            let (role, label) = (self.pick(RoleKind::ALL), self.maybe());
            roles.push(Role { person: Some(format!("p{n}")), role, label, ..Role::default() });
        }
        if self.once_in(5) {
            roles.push(Role { party: Some(self.text()), role: RoleKind::Chair, ..Role::default() });
        }
        roles
    }

    fn session(&mut self, n: usize, first: Date, minutes: u32) -> Session {
        let id = format!("s{n}");
        let day =
            |minutes: u32| first.checked_add(jiff::Span::new().days(i64::from(minutes / 1440))).unwrap().to_string();
        let date = match self.below(10) {
            0 => None,
            1 => Some("XXXX-05-06".to_owned()),
            _ => Some(day(minutes)),
        };
        let has_start = !self.once_in(8);
        let end = minutes + 1 + self.below(400) as u32;
        let has_end = has_start && date.as_ref().is_some_and(|d| !d.starts_with('X')) && self.once_in(2);
        let mut roles = self.roles(2);
        let talks = self.talks(&id, minutes, has_start, &mut roles);
        let language = self.once_in(2).then(|| "fr".to_owned());
        let alternatives = self.some(1).into_iter().map(|title| AlternativeTitle { title, language: language.clone() });
        Session {
            uid: format!("{:020x}", n + 100),
            parent: (n > 1 && self.once_in(4)).then(|| "s1".to_owned()),
            kind: self.pick(SessionKind::ALL),
            number: self.maybe(),
            title: Some(self.text()),
            title_alternatives: alternatives.collect(),
            // A track that is the word for a kind could not be told from one.
            track: self.maybe().filter(|t| SessionKind::parse(&t.to_lowercase()).is_none()),
            start: has_start.then(|| clock(minutes)),
            end: has_end.then(|| clock(end)),
            end_date: (has_end && day(end) != day(minutes)).then(|| day(end)),
            date,
            venue: if self.once_in(2) { self.venue() } else { Venue::default() },
            tentative: self.once_in(5),
            approximate: self.once_in(5),
            open_end: has_start && !has_end && self.once_in(4),
            questions: self.some(2),
            documents: self.some(2),
            description: self.maybe(),
            id,
            roles,
            talks,
            ..Session::default()
        }
    }

    /// Talks, some with times of their own; their people get a role in the session.
    fn talks(&mut self, session: &str, minutes: u32, timed: bool, roles: &mut Vec<Role>) -> Vec<Talk> {
        let mut talks = Vec::new();
        for m in 0..self.below(3) as u32 {
            let id = format!("{session}.t{}", m + 1);
            let person = format!("p{}", 1 + self.below(5));
            let role = self.pick(&[RoleKind::Speaker, RoleKind::Keynote, RoleKind::Panelist]);
            roles.push(Role { person: Some(person.clone()), role, talk: Some(id.clone()), ..Role::default() });
            let start = (timed && self.once_in(2) && minutes % 1440 < 1380).then_some(minutes + m * 10);
            talks.push(Talk {
                uid: format!("{session}u{m}"),
                number: self.maybe(),
                title: Some(self.text()),
                start: start.map(clock),
                end: start.filter(|_| self.once_in(2)).map(|s| clock(s + 9)),
                speakers: vec![person],
                tentative: self.once_in(5),
                description: self.maybe(),
                id,
                ..Talk::default()
            });
        }
        talks
    }
}

/// `HH:MM` of minutes from midnight.
fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}
