//! The agenda as a tree of spanned values: what the document says, before years, persons and ids are resolved.

use crate::evidence::Grounded;
use crate::model::DocumentKind;
use crate::parse::{PersonValue, PlaceValue};
use crate::scan::{DateMark, When};

/// A document taken apart.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// Scores that decided the kind, for the workbench.
    pub kind_scores: Vec<(String, f32)>,
    /// The event.
    pub event: EventTree,
    /// Day headings in order.
    pub days: Vec<DayTree>,
    /// Sessions in order.
    pub sessions: Vec<SessionTree>,
    /// Contacts in order.
    pub contacts: Vec<ContactTree>,
    /// Headline of the document itself.
    pub headline: Option<Grounded>,
    /// Authors of the document itself.
    pub authors: Vec<PersonValue>,
    /// People without a role.
    pub others: Vec<PersonValue>,
    /// Date that the document itself bears (posting, front matter): reference for years.
    pub posted: Option<DateMark>,
    /// Lines (indices) that a rule has rejected or accounted for, with its name.
    pub explained: Vec<(usize, &'static str)>,
}

/// The event.
#[derive(Clone, Debug, Default)]
pub struct EventTree {
    /// Name.
    pub title: Option<Grounded>,
    /// Edition.
    pub edition: Option<Grounded>,
    /// Status.
    pub status: Option<Grounded>,
    /// Initiative or series.
    pub programme: Option<Grounded>,
    /// Dates as stated for the event itself.
    pub date: Option<DateMark>,
    /// Dates that lost to it.
    pub other_dates: Vec<DateMark>,
    /// Place.
    pub venue: PlaceValue,
    /// Hosting bodies.
    pub hosts: Vec<Grounded>,
    /// Organising bodies.
    pub organisers: Vec<Grounded>,
    /// Sponsoring bodies.
    pub sponsors: Vec<Grounded>,
    /// Roles in the event.
    pub roles: Vec<RoleTree>,
    /// Attendance.
    pub attendance: Vec<AttendanceTree>,
    /// Events beside it.
    pub related: Vec<RelatedTree>,
    /// Links.
    pub urls: Vec<Grounded>,
}

/// Who attended.
#[derive(Clone, Debug, Default)]
pub struct AttendanceTree {
    /// How many.
    pub count: Option<Grounded>,
    /// Word for them.
    pub group: Option<Grounded>,
    /// ISO codes.
    pub countries: Vec<Grounded>,
}

/// An event beside the event.
#[derive(Clone, Debug, Default)]
pub struct RelatedTree {
    /// Name.
    pub title: Option<Grounded>,
    /// Dates.
    pub date: Option<DateMark>,
    /// Place.
    pub venue: PlaceValue,
    /// Roles in it.
    pub roles: Vec<RoleTree>,
}

/// A day heading.
#[derive(Clone, Debug, Default)]
pub struct DayTree {
    /// Its date.
    pub date: Option<DateMark>,
    /// "Day 2".
    pub number: Option<Grounded>,
    /// Weekday, Monday 1, where that is all it says.
    pub weekday: Option<u8>,
}

/// A person or body in a role.
#[derive(Clone, Debug, Default)]
pub struct RoleTree {
    /// Person.
    pub person: Option<PersonValue>,
    /// Body or country.
    pub party: Option<Grounded>,
    /// Role.
    pub role: Grounded,
    /// The document's word.
    pub label: Option<Grounded>,
    /// Index of the talk in its session.
    pub talk: Option<usize>,
}

impl RoleTree {
    /// This role held by a person, or the one that the person's own word tells.
    pub fn held(&self, person: &PersonValue) -> RoleTree {
        let (role, label) = match &person.role {
            Some(own) => (own.role.clone(), Some(own.label.clone())),
            None => (self.role.clone(), self.label.clone()),
        };
        RoleTree { person: Some(person.clone()), role, label, ..self.clone() }
    }
}

/// A session.
#[derive(Clone, Debug, Default)]
pub struct SessionTree {
    /// Kind.
    pub kind: Grounded,
    /// Whether the kind is only a default that more knowledge may change.
    pub default_kind: bool,
    /// Number.
    pub number: Option<Grounded>,
    /// Title.
    pub title: Option<Grounded>,
    /// Its word of several with the number, "Breakout session 2": the title where nothing else is.
    pub label: Option<Grounded>,
    /// Its word with the number, "Keynote 1", as all that its row says: the title where it holds no talks either.
    pub words: Option<Grounded>,
    /// Index in [`Tree::days`].
    pub day: Option<usize>,
    /// A date of its own.
    pub date: Option<DateMark>,
    /// Slot.
    pub when: Option<When>,
    /// The slot that lost to it, and how sure that one is beside it (0 to 1).
    pub other_when: Option<(When, f32)>,
    /// Place.
    pub venue: PlaceValue,
    /// Roles, talks' people left out.
    pub roles: Vec<RoleTree>,
    /// Talks.
    pub talks: Vec<TalkTree>,
    /// Questions.
    pub questions: Vec<Grounded>,
    /// Documents.
    pub documents: Vec<Grounded>,
    /// Index of the parent session.
    pub parent: Option<usize>,
    /// (TBC).
    pub tentative: Option<Grounded>,
    /// Cancelled.
    pub status: Option<Grounded>,
    /// Index of its first line.
    pub line: usize,
    /// Minutes of each of its talks, where it states them.
    pub each: Option<[Grounded; 2]>,
    /// Whether its title is still to come.
    pub wants_title: bool,
    /// Whether a heading without a time opened it.
    pub headed: bool,
    /// Depth of the format's list item that it is, 0 for none.
    pub depth: usize,
    /// Whether it announces what the list below it holds.
    pub announces: bool,
    /// Whether the line with the time had its words in capitals or as a format's heading.
    pub strong: bool,
}

/// A talk.
#[derive(Clone, Debug, Default)]
pub struct TalkTree {
    /// Number.
    pub number: Option<Grounded>,
    /// Title.
    pub title: Option<Grounded>,
    /// Slot.
    pub when: Option<When>,
    /// Least and most minutes.
    pub duration: Option<[Grounded; 2]>,
    /// Speakers.
    pub speakers: Vec<PersonValue>,
    /// Role of the speakers, where it is not speaker.
    pub role: Option<RoleTree>,
    /// (TBC).
    pub tentative: Option<Grounded>,
    /// Index of its first line.
    pub line: usize,
}

/// A telephone number.
#[derive(Clone, Debug, Default)]
pub struct PhoneTree {
    /// As it stands.
    pub raw: Grounded,
    /// tel, fax, mobile, other.
    pub kind: Grounded,
    /// Extension.
    pub extension: Option<Grounded>,
}

/// A contact block.
#[derive(Clone, Debug, Default)]
pub struct ContactTree {
    /// Owner.
    pub person: Option<PersonValue>,
    /// Body, where no person is named.
    pub organisation: Option<Grounded>,
    /// Heading over several.
    pub group: Option<Grounded>,
    /// What it is for.
    pub purpose: Option<Grounded>,
    /// Numbers.
    pub phones: Vec<PhoneTree>,
    /// Addresses.
    pub emails: Vec<Grounded>,
    /// Links.
    pub urls: Vec<Grounded>,
    /// Postal address.
    pub address: Option<Grounded>,
    /// Index of the first line.
    pub line: usize,
}
