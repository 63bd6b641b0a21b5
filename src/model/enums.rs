//! The closed vocabularies of the record.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($(#[$m:meta])* $name:ident { $first:ident = $fw:literal, $($variant:ident = $word:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            #[default]
            #[serde(rename = $fw)]
            #[allow(missing_docs)]
            $first,
            $(#[serde(rename = $word)] #[allow(missing_docs)] $variant),*
        }

        impl $name {
            /// Every value, in the model's order.
            pub const ALL: &'static [$name] = &[$name::$first, $($name::$variant),*];

            /// The word that stands in the JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $name::$first => $fw, $($name::$variant => $word),* }
            }

            /// The value that `word` names.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $fw => Some($name::$first), $($word => Some($name::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// Kind of document.
    DocumentKind {
        Other = "other", Agenda = "agenda", Announcement = "announcement", Session = "session",
        Report = "report", Article = "article", Contacts = "contacts",
    }
}

vocabulary! {
    /// Kind of session.
    SessionKind {
        Other = "other", Registration = "registration", Opening = "opening", Closing = "closing",
        Keynote = "keynote", Talk = "talk", Session = "session", Panel = "panel", Workshop = "workshop",
        Poster = "poster", Discussion = "discussion", Break = "break", Meal = "meal", Social = "social",
        Visit = "visit", Admin = "admin",
    }
}

vocabulary! {
    /// Role of a person or body.
    RoleKind {
        Speaker = "speaker", Chair = "chair", CoChair = "co_chair", Moderator = "moderator",
        Facilitator = "facilitator", Keynote = "keynote", Panelist = "panelist", Discussant = "discussant",
        Rapporteur = "rapporteur", Host = "host", Organiser = "organiser", Participant = "participant",
        Author = "author",
    }
}

vocabulary! {
    /// Status of an event, a programme or a session.
    EventStatus {
        Draft = "draft", Provisional = "provisional", Final = "final", Revised = "revised",
        Cancelled = "cancelled", Postponed = "postponed",
    }
}

vocabulary! {
    /// How an event is attended.
    Mode { InPerson = "in_person", Online = "online", Hybrid = "hybrid" }
}

vocabulary! {
    /// Kind of a telephone number.
    PhoneKind { Tel = "tel", Fax = "fax", Mobile = "mobile", Other = "other" }
}

vocabulary! {
    /// Who stated a value.
    Origin { Document = "document", Option = "option" }
}

vocabulary! {
    /// How grave a finding is.
    Severity { Note = "note", Warning = "warning", Error = "error" }
}

vocabulary! {
    /// How much of a document was understood.
    Grade { Empty = "empty", Good = "good", Fair = "fair", Poor = "poor" }
}
