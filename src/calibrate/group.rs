//! Sorts of values that are judged alike.
//!
//! In: a pointer into a record. Out: its [`Group`]. Never: reads the value.

use std::fmt;

macro_rules! groups {
    ($($(#[$m:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// A sort of values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Group { $($(#[$m])* $variant),* }

        impl Group {
            /// Every sort.
            pub const ALL: &'static [Group] = &[$(Group::$variant),*];

            /// Its name in the data.
            pub const fn name(self) -> &'static str {
                match self { $(Group::$variant => $name),* }
            }
        }
    };
}

groups! {
    /// Starts and ends.
    Time = "time",
    /// Dates.
    Date = "date",
    /// Titles of sessions and talks.
    Title = "title",
    /// What is said of the event itself.
    Event = "event",
    /// Kinds of document and of session.
    Kind = "kind",
    /// Numbers, durations, editions, counts.
    Fact = "fact",
    /// Houses, rooms, cities, countries.
    Place = "place",
    /// Names of people.
    Name = "name",
    /// What people are.
    Position = "position",
    /// Where people work; bodies in contacts.
    Organisation = "organisation",
    /// Countries of people.
    Country = "country",
    /// Who does what: people of sessions and talks, and as what.
    Role = "role",
    /// Whose a phone or address is.
    Owner = "owner",
    /// Phones, addresses, links.
    Contact = "contact",
    /// Questions, documents and other running text.
    Text = "text",
}

impl Group {
    /// The sort of the value at `pointer`.
    pub fn of(pointer: &str) -> Group {
        let mut parts = pointer.split('/').skip(1);
        let top = parts.next().unwrap_or("");
        let mut names = pointer.rsplit('/').filter(|p| !p.bytes().all(|b| b.is_ascii_digit()));
        let last = names.next().unwrap_or("");
        match (top, last) {
            (_, "start" | "end") => Group::Time,
            (_, "date" | "end_date" | "start_date") => Group::Date,
            ("contacts", "person") => Group::Owner,
            ("contacts", "organisation") | ("people", "organisation") => Group::Organisation,
            ("contacts", _) => Group::Contact,
            ("people", "position") => Group::Position,
            ("people", "country") => Group::Country,
            ("people", _) => Group::Name,
            (_, "person" | "party" | "role" | "label" | "speakers" | "authors") => Group::Role,
            _ if pointer.contains("/venue/") => Group::Place,
            ("event", "title" | "programme" | "hosts" | "organisers" | "sponsors") => Group::Event,
            (_, "title" | "title_alternatives") => Group::Title,
            (_, "kind" | "status" | "mode") => Group::Kind,
            (_, "questions" | "documents" | "description") => Group::Text,
            _ => Group::Fact,
        }
    }

    /// Whether its values are words rather than numbers or choices.
    pub const fn is_text(self) -> bool {
        use Group::{Event, Name, Organisation, Owner, Place, Position, Role, Text, Title};
        matches!(self, Title | Event | Place | Name | Position | Organisation | Role | Owner | Text)
    }

    /// The sort of that name.
    pub fn parse(name: &str) -> Option<Group> {
        Group::ALL.iter().copied().find(|g| g.name() == name)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The pointer of the value that the one at `pointer` only details: a person's name for its parts, the role for its label.
pub(super) fn detailed(pointer: &str) -> Option<String> {
    let (holder, last) = pointer.rsplit_once('/')?;
    if let Some((person, _)) = holder.split_once("/mentions/") {
        return Some(format!("{person}/{last}"));
    }
    match last {
        "given" | "family" | "honorific" | "suffix" if holder.starts_with("/people/") => Some(format!("{holder}/name")),
        "label" => Some(format!("{holder}/role")),
        "raw" => Some(format!("{holder}/e164")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_has_its_name_and_pointers() {
        assert!(Group::ALL.iter().all(|g| Group::parse(g.name()) == Some(*g)));
        for (pointer, group) in [
            ("/sessions/3/start", Group::Time),
            ("/sessions/3/talks/0/title", Group::Title),
            ("/sessions/3/talks/0/speakers/1", Group::Role),
            ("/event/venue/city", Group::Place),
            ("/event/hosts/0", Group::Event),
            ("/people/4/mentions/0/organisation", Group::Organisation),
            ("/contacts/0/phones/1/kind", Group::Contact),
            ("/kind", Group::Kind),
        ] {
            assert_eq!(Group::of(pointer), group, "{pointer}");
        }
        assert_eq!(detailed("/people/4/given").as_deref(), Some("/people/4/name"));
        assert_eq!(detailed("/people/4/mentions/2/position").as_deref(), Some("/people/4/position"));
        assert_eq!(detailed("/people/4/name"), None);
    }
}
