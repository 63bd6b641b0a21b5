//! The vocabularies that the stages ask for. What stands in them is data, in `grammars/`.

use serde::{Deserialize, Serialize};

macro_rules! sets {
    ($($(#[$m:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// A vocabulary.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Set { $($(#[$m])* $variant),* }

        impl Set {
            /// Every vocabulary.
            pub const ALL: &'static [Set] = &[$(Set::$variant),*];

            /// Its name in the grammar files.
            pub const fn name(self) -> &'static str {
                match self { $(Set::$variant => $name),* }
            }

            /// The vocabulary of that name.
            pub fn parse(name: &str) -> Option<Set> {
                match name { $($name => Some(Set::$variant),)* _ => None }
            }
        }
    };
}

sets! {
    /// Month names; value 1–12.
    Month = "month",
    /// Weekday names; value 1 (Monday) – 7.
    Weekday = "weekday",
    /// Words for clock times; value HH:MM.
    Clock = "clock",
    /// Words before a time ("at").
    TimeBefore = "time-before",
    /// Words between two times ("to").
    TimeBetween = "time-between",
    /// Words after a time ("hrs", "Uhr").
    TimeAfter = "time-after",
    /// Words after a time that tell the half of the day ("nachmittags"); value am or pm.
    Meridiem = "meridiem",
    /// Words inside a date, between its parts ("of", "den").
    DateInside = "date-inside",
    /// Signs behind a year ("г.", "god.").
    YearAfter = "year-after",
    /// Words that make a time approximate.
    Approx = "approx",
    /// Words for an open end.
    OpenEnd = "open-end",
    /// Units of durations; value minutes in one.
    DurationUnit = "duration-unit",
    /// "Day 1" words.
    Day = "day",
    /// Half-day labels.
    HalfDay = "half-day",
    /// Zone abbreviations.
    Zone = "zone",
    /// Titles before names.
    Honorific = "honorific",
    /// Post-nominals.
    Suffix = "suffix",
    /// Small words inside names ("van", "bin").
    Particle = "particle",
    /// Role labels; value a role.
    Role = "role",
    /// Role verbs in prose and before names ("chaired by"); value a role.
    RoleVerb = "role-verb",
    /// Session kinds; value a kind.
    Kind = "kind",
    /// Words that stand with a number before a session's title; value a kind.
    Numbered = "numbered",
    /// Labels of fields ("Venue:"); value the field.
    Field = "field",
    /// Heads of a table's columns ("Speaker"); value what the column holds.
    Column = "column",
    /// Labels of contact data; value tel, fax, mobile, email, web, address.
    ContactLabel = "contact-label",
    /// Words that announce an extension number.
    Extension = "extension",
    /// Status words; value a status.
    Status = "status",
    /// Words that name the document a programme.
    Programme = "programme",
    /// Flags in brackets; value tentative, cancelled.
    Flag = "flag",
    /// Placeholders for values.
    Placeholder = "placeholder",
    /// Job words.
    Position = "position",
    /// Words of bodies.
    Body = "body",
    /// Words of units in bodies.
    Unit = "unit",
    /// Words of buildings and rooms; value room or building.
    Place = "place",
    /// Words of streets and addresses.
    Street = "street",
    /// Words for events ("workshop"); part of event titles.
    EventWord = "event-word",
    /// Ordinals in words; value a number.
    Ordinal = "ordinal",
    /// Cardinals in words; value a number.
    Cardinal = "cardinal",
    /// Groups of people.
    Group = "group",
    /// Headings over background documents.
    DocumentsHead = "documents-head",
    /// Headings or leads over questions.
    QuestionsHead = "questions-head",
    /// Heads of lists of speakers ("Interventions:").
    SpeakersHead = "speakers-head",
    /// Words that begin a question.
    Interrogative = "interrogative",
    /// Headings of logistics and contacts.
    ContactsHead = "contacts-head",
    /// Collective people who are no persons ("All").
    NoPerson = "no-person",
    /// Words that end the programme part of a document.
    AfterWord = "after",
    /// Words that speak against an event document.
    NoEvent = "no-event",
    /// Words that announce an abstract or biography.
    Abstract = "abstract",
    /// Common small words, for the language vote.
    Function = "function",
    /// Country names; value ISO 3166-1 alpha-2.
    Country = "country",
    /// Inhabitants and adjectives of countries; value a code.
    Demonym = "demonym",
    /// Cities; value a code.
    City = "city",
    /// States and provinces, as they stand behind a city; value ISO 3166-1 alpha-2 of the country.
    Region = "region",
    /// Known bodies.
    KnownBody = "known-body",
    /// Words that can be neither name nor body at the start of a line.
    Stop = "stop",
    /// Prefixes that keep their hyphen at a line end.
    HyphenPrefix = "hyphen-prefix",
    /// Small words after which a line goes on ("of").
    GoesOn = "goes-on",
    /// Words that join two of a list ("and"); value `also` where they mean something else too.
    And = "and",
}

impl Set {
    /// Whether its words are only looked up, and never stand as marks: too many texts are full of them.
    pub const fn is_looked_up(self) -> bool {
        matches!(self, Set::GoesOn | Set::And | Set::DateInside)
    }

    /// Whether its words are also looked for without their accents: not where a small word would turn into another, nor
    /// where names are kept as written.
    pub const fn bears_no_accents(self) -> bool {
        use Set::{City, Country, Demonym, Function, Honorific, KnownBody, Particle, Region, Stop, Suffix};
        !matches!(self, City | Country | Demonym | Function | Honorific | KnownBody | Particle | Region | Stop | Suffix)
    }

    /// Whether its words may stand right behind a digit: "9Uhr".
    pub const fn behind_digits(self) -> bool {
        matches!(self, Set::TimeAfter | Set::Meridiem | Set::YearAfter)
    }

    /// Whether what a phrase means is read: honorifics, small words of names, words of bodies and zones count only by
    /// where they stand, and values keep them as written.
    pub const fn has_meaning(self) -> bool {
        !matches!(self, Set::Honorific | Set::Suffix | Set::Particle | Set::Body | Set::Zone)
    }
}
