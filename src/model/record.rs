//! The record `agendata/1`: what one document holds. Field by field as the model page of the docs
//! has it; a field that the document does not state is absent.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::enums::{DocumentKind, EventStatus, Grade, Mode, Origin, PhoneKind, RoleKind, SessionKind, Severity};
use super::span::Span;

/// The value of [`Record::schema`].
pub const SCHEMA: &str = "agendata/1";

fn no(b: &bool) -> bool {
    !*b
}

macro_rules! record_struct {
    ($(#[$m:meta])* $name:ident { $($(#[$f:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct $name { $($(#[$f])* pub $field: $ty),* }
    };
}

record_struct! {
    /// One input document.
    Record {
        /// Always `agendata/1`.
        schema: String,
        /// First 16 hex digits of the SHA-256 of the source bytes.
        id: String,
        /// Where the document came from.
        source: SourceInfo,
        /// What kind of document it is.
        kind: DocumentKind,
        /// The event that the document is about; may be empty.
        event: Event,
        /// Sessions in the document's order.
        sessions: Vec<Session>,
        /// People, one entry each, by first mention.
        people: Vec<Person>,
        /// Contact blocks.
        contacts: Vec<Contact>,
        /// JSON Pointer (RFC 6901) of every extracted value → where it stands and how it was read.
        evidence: BTreeMap<String, Evidence>,
        /// JSON Pointer → readings that lost.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        alternatives: BTreeMap<String, Vec<Alternative>>,
        /// Characters that were read as others.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        repairs: Vec<Repair>,
        /// Findings, by place.
        diagnostics: Vec<Diagnostic>,
        /// How much of the document was understood.
        coverage: Coverage,
    }
}

record_struct! {
    /// The source document.
    SourceInfo {
        /// Path below the folder that was given, with `/`.
        path: String,
        /// IANA media type.
        media_type: String,
        /// Size in bytes.
        bytes: u64,
        /// SHA-256 of the bytes, hex.
        sha256: String,
        /// Character encoding that was decided on (WHATWG name); nothing where the format tells it part by part.
        #[serde(skip_serializing_if = "String::is_empty")]
        encoding: String,
        /// BCP 47 tags of the languages found, the main one first.
        languages: Vec<String>,
        /// Pages, where the document has them.
        #[serde(skip_serializing_if = "Option::is_none")]
        pages: Option<u32>,
        /// Headline of the document itself, where it is not the event's.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Person ids of the document's authors.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        authors: Vec<String>,
    }
}

record_struct! {
    /// A place.
    Venue {
        /// Building or house.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Room in it.
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        /// Postal address.
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// City.
        #[serde(skip_serializing_if = "Option::is_none")]
        city: Option<String>,
        /// ISO 3166-1 alpha-2.
        #[serde(skip_serializing_if = "Option::is_none")]
        country: Option<String>,
        /// Web address.
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    }
}

impl Venue {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

record_struct! {
    /// A person or a body in a role.
    Role {
        /// Person id.
        #[serde(skip_serializing_if = "Option::is_none")]
        person: Option<String>,
        /// A body or country in the role.
        #[serde(skip_serializing_if = "Option::is_none")]
        party: Option<String>,
        /// The role.
        role: RoleKind,
        /// The document's own word for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// Id of the talk that it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        talk: Option<String>,
    }
}

record_struct! {
    /// Who attended.
    Attendance {
        /// How many.
        #[serde(skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
        /// The document's word for them.
        #[serde(skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// ISO 3166-1 alpha-2 codes.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        countries: Vec<String>,
    }
}

record_struct! {
    /// Another event that the document tells of.
    RelatedEvent {
        /// Its name.
        title: String,
        /// ISO 8601 date.
        #[serde(skip_serializing_if = "Option::is_none")]
        start_date: Option<String>,
        /// ISO 8601 date.
        #[serde(skip_serializing_if = "Option::is_none")]
        end_date: Option<String>,
        /// Its place.
        #[serde(skip_serializing_if = "Venue::is_empty")]
        venue: Venue,
        /// Roles in it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        roles: Vec<Role>,
    }
}

record_struct! {
    /// The event.
    Event {
        /// Stable identifier, see [`crate::resolve`].
        #[serde(skip_serializing_if = "Option::is_none")]
        uid: Option<String>,
        /// Proper name, first full form.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// "6th", "Sixth", "VI" → 6.
        #[serde(skip_serializing_if = "Option::is_none")]
        edition: Option<u32>,
        /// Status of the programme or the event.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<EventStatus>,
        /// Initiative or series that it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        programme: Option<String>,
        /// ISO 8601, or EDTF `XXXX-11-28` where the year stands nowhere.
        #[serde(skip_serializing_if = "Option::is_none")]
        start_date: Option<String>,
        /// As `start_date`.
        #[serde(skip_serializing_if = "Option::is_none")]
        end_date: Option<String>,
        /// IANA zone, only where place or text decides it.
        #[serde(skip_serializing_if = "Option::is_none")]
        timezone: Option<String>,
        /// Presence, online or both.
        #[serde(skip_serializing_if = "Option::is_none")]
        mode: Option<Mode>,
        /// Where.
        #[serde(skip_serializing_if = "Venue::is_empty")]
        venue: Venue,
        /// Hosting bodies.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        hosts: Vec<String>,
        /// Organising bodies.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        organisers: Vec<String>,
        /// Sponsoring bodies.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        sponsors: Vec<String>,
        /// Roles in the event as a whole.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        roles: Vec<Role>,
        /// Who came, or is expected.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        attendance: Vec<Attendance>,
        /// Events named beside it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        related: Vec<RelatedEvent>,
        /// Web addresses.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        urls: Vec<String>,
        /// Description.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    }
}

record_struct! {
    /// A title in another language.
    AlternativeTitle {
        /// The title.
        title: String,
        /// BCP 47 tag.
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    }
}

record_struct! {
    /// A session of the event.
    Session {
        /// `s1`, `s2` … in the document's order.
        id: String,
        /// Stable identifier.
        uid: String,
        /// Id of the session that this one lies in.
        #[serde(skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
        /// Kind.
        kind: SessionKind,
        /// Number as written: `1`, `II`, `A`.
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// Title, without number and kind label.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// The same in other languages.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        title_alternatives: Vec<AlternativeTitle>,
        /// Track or strand.
        #[serde(skip_serializing_if = "Option::is_none")]
        track: Option<String>,
        /// ISO 8601 date.
        #[serde(skip_serializing_if = "Option::is_none")]
        date: Option<String>,
        /// `HH:MM`.
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<String>,
        /// `HH:MM`; absent where the document does not give it.
        #[serde(skip_serializing_if = "Option::is_none")]
        end: Option<String>,
        /// Date of the end, where it is another than `date`.
        #[serde(skip_serializing_if = "Option::is_none")]
        end_date: Option<String>,
        /// IANA zone.
        #[serde(skip_serializing_if = "Option::is_none")]
        timezone: Option<String>,
        /// Place.
        #[serde(skip_serializing_if = "Venue::is_empty")]
        venue: Venue,
        /// Cancelled, postponed …
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<EventStatus>,
        /// To be confirmed.
        #[serde(skip_serializing_if = "no")]
        tentative: bool,
        /// "ca. 15.00".
        #[serde(skip_serializing_if = "no")]
        approximate: bool,
        /// "18:00 – open end".
        #[serde(skip_serializing_if = "no")]
        open_end: bool,
        /// People and bodies in roles.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        roles: Vec<Role>,
        /// Contributions.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        talks: Vec<Talk>,
        /// Guiding questions.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        questions: Vec<String>,
        /// Background documents.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        documents: Vec<String>,
        /// Description.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    }
}

record_struct! {
    /// A contribution to a session.
    Talk {
        /// `s4.t1`.
        id: String,
        /// Stable identifier.
        uid: String,
        /// Number as written.
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// Title.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// `HH:MM`.
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<String>,
        /// `HH:MM`.
        #[serde(skip_serializing_if = "Option::is_none")]
        end: Option<String>,
        /// Least and most minutes.
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_minutes: Option<[u32; 2]>,
        /// Person ids.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        speakers: Vec<String>,
        /// To be confirmed.
        #[serde(skip_serializing_if = "no")]
        tentative: bool,
        /// Description.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    }
}

record_struct! {
    /// One place where a person is named.
    Mention {
        /// The name's bytes.
        spans: Vec<Span>,
        /// JSON Pointer of the role or contact that the mention made.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// Position as given there.
        #[serde(skip_serializing_if = "Option::is_none")]
        position: Option<String>,
        /// Organisation as given there.
        #[serde(skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
    }
}

record_struct! {
    /// A person.
    Person {
        /// `p1`, `p2` … by first mention.
        id: String,
        /// Stable identifier.
        uid: String,
        /// Full name without honorific and post-nominals.
        name: String,
        /// Honorific as written.
        #[serde(skip_serializing_if = "Option::is_none")]
        honorific: Option<String>,
        /// Given names.
        #[serde(skip_serializing_if = "Option::is_none")]
        given: Option<String>,
        /// Family name.
        #[serde(skip_serializing_if = "Option::is_none")]
        family: Option<String>,
        /// Post-nominals.
        #[serde(skip_serializing_if = "Option::is_none")]
        suffix: Option<String>,
        /// Job and units up to the organisation.
        #[serde(skip_serializing_if = "Option::is_none")]
        position: Option<String>,
        /// The body.
        #[serde(skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
        /// ISO 3166-1 alpha-2.
        #[serde(skip_serializing_if = "Option::is_none")]
        country: Option<String>,
        /// (TBC), (invited).
        #[serde(skip_serializing_if = "no")]
        tentative: bool,
        /// Every place where the person is named.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<Mention>,
    }
}

record_struct! {
    /// A telephone number.
    Phone {
        /// By its label.
        kind: PhoneKind,
        /// As it stands, OCR slips included.
        raw: String,
        /// E.164, where it could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        e164: Option<String>,
        /// Extension.
        #[serde(skip_serializing_if = "Option::is_none")]
        extension: Option<String>,
        /// Whether such a number can be.
        valid: bool,
    }
}

record_struct! {
    /// A contact block.
    Contact {
        /// `c1`, `c2` …
        id: String,
        /// Person id.
        #[serde(skip_serializing_if = "Option::is_none")]
        person: Option<String>,
        /// The body, where no person is named.
        #[serde(skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
        /// Heading that it stands under.
        #[serde(skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// What it is for.
        #[serde(skip_serializing_if = "Option::is_none")]
        purpose: Option<String>,
        /// Telephone numbers.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        phones: Vec<Phone>,
        /// E-mail addresses.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        emails: Vec<String>,
        /// Web addresses.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        urls: Vec<String>,
        /// Postal address.
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    }
}

record_struct! {
    /// Where a value stands and how it was read.
    Evidence {
        /// Byte ranges of the ingested text, in reading order.
        spans: Vec<Span>,
        /// Exactly the bytes there.
        texts: Vec<String>,
        /// Line of the first span, from 1; 0 where no text holds it.
        line: usize,
        /// Page of the first span.
        #[serde(skip_serializing_if = "Option::is_none")]
        page: Option<u32>,
        /// Where the first span stands on its page: left, top, right, bottom, in points from the page's upper left corner.
        #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
        area: Option<[f64; 4]>,
        /// Pointers of the values that it was worked out from.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        from: Vec<String>,
        /// Pure steps that make the value out of `texts`, see [`crate::evidence`].
        via: Vec<String>,
        /// Grammar rule that found it.
        rule: String,
        /// Whether a word of it was read off an image with doubt.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        illegible: bool,
        /// How well the rules' scores spoke for it, 0 to 1.
        score: f64,
        /// The probability that it is right, 0 to 1, as gold has taught it.
        confidence: f64,
        /// Document or option.
        origin: Origin,
    }
}

record_struct! {
    /// A reading that lost.
    Alternative {
        /// The value.
        value: String,
        /// 0 to 1.
        confidence: f64,
        /// Rule that proposed it.
        rule: String,
    }
}

record_struct! {
    /// Characters that were read as others.
    Repair {
        /// Byte range of the ingested text.
        span: Span,
        /// What stands there.
        from: String,
        /// What it was read as.
        to: String,
        /// Rule.
        rule: String,
    }
}

record_struct! {
    /// A finding.
    Diagnostic {
        /// `A0702`; see `agendata explain`.
        code: String,
        /// How grave.
        severity: Severity,
        /// What was expected and what was found.
        message: String,
        /// JSON Pointer of the value in question.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// Byte range of the ingested text.
        #[serde(skip_serializing_if = "Option::is_none")]
        span: Option<Span>,
    }
}

record_struct! {
    /// How the document's lines were accounted for.
    Coverage {
        /// Lines that are not blank.
        lines: usize,
        /// Lines in which a value's span lies.
        used: usize,
        /// Lines that a class explains: furniture, prose, repetition …
        explained: usize,
        /// Numbers (from 1) of the lines that nothing explains.
        unexplained: Vec<usize>,
        /// Overall grade.
        grade: Grade,
    }
}
