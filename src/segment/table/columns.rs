//! What each column of a table is for: by its head, else by what stands in it over all rows.
//!
//! In: a table's cells. Out: a [`Column`] for each. Never: reads a value.

use crate::grammar::{Grammar, Set};
use crate::model::Span;

use super::cells::Grid;

macro_rules! columns {
    ($($(#[$m:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[$m])* $variant),* }

        impl Column {
            /// Every meaning.
            pub const ALL: &'static [Column] = &[$(Column::$variant),*];

            /// Its name in the grammars.
            pub const fn name(self) -> &'static str {
                match self { $(Column::$variant => $name),* }
            }

            /// The meaning of that name.
            pub fn parse(name: &str) -> Option<Column> {
                match name { $($name => Some(Column::$variant),)* _ => None }
            }
        }
    };
}

columns! {
    /// Times or ranges of them.
    Time = "time",
    /// Starts of slots.
    Start = "start",
    /// Ends of slots.
    End = "end",
    /// Dates.
    Date = "date",
    /// What is on: title, topic, activity.
    Item = "item",
    /// The session that the rows below belong to.
    Session = "session",
    /// People in the role that the head names.
    Role = "role",
    /// Rooms, buildings.
    Place = "place",
    /// Minutes.
    Duration = "duration",
    /// Numbers of rows.
    Number = "number",
    /// Remarks, and whatever else stands beside.
    Note = "note",
    /// Names of persons.
    Name = "name",
    /// Given names.
    Given = "given",
    /// Family names.
    Family = "family",
    /// Honorifics.
    Honorific = "honorific",
    /// Jobs.
    Position = "position",
    /// Bodies.
    Organisation = "organisation",
    /// Countries.
    Country = "country",
    /// E-mail addresses.
    Email = "email",
    /// Telephone numbers.
    Phone = "phone",
    /// Text of any kind.
    Text = "text",
}

/// What a column is for, and the cell that heads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub column: Column,
    /// Index of the cell that heads it.
    pub head: Option<usize>,
}

/// The words that head a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// What they head.
    pub column: Column,
    /// The words.
    pub span: Span,
    /// The vocabulary that has them.
    pub set: Set,
}

impl Column {
    /// What these words head, and the vocabulary that has them.
    pub(super) fn of_words(g: &Grammar, words: &str) -> Option<(Column, Set)> {
        if let Some(p) = g.lookup(Set::Column, words) {
            return Some((Column::parse(&p.value).unwrap_or(Column::Role), Set::Column));
        }
        if g.lookup(Set::Role, words).is_some() {
            return Some((Column::Role, Set::Role));
        }
        let field = |set| g.lookup(set, words).map(|p| (p.value.clone(), set));
        let (value, set) = field(Set::Field).or_else(|| field(Set::ContactLabel))?;
        let column = match value.as_ref() {
            "time" | "when" => Column::Time,
            "date" => Column::Date,
            "place" | "room" => Column::Place,
            "title" => Column::Item,
            "speaker" => Column::Role,
            "affiliation" => Column::Organisation,
            "tel" | "mobile" | "fax" => Column::Phone,
            "email" => Column::Email,
            _ => return None,
        };
        Some((column, set))
    }

    /// Whether it holds people with their parts.
    pub(super) fn of_person(self) -> bool {
        matches!(
            self,
            Column::Name
                | Column::Given
                | Column::Family
                | Column::Honorific
                | Column::Position
                | Column::Organisation
                | Column::Country
                | Column::Email
                | Column::Phone
        )
    }
}

/// No more columns than this are looked at.
const MOST: u32 = 60;

/// Decides what the columns are for.
pub(super) fn decide(grid: &mut Grid) {
    let count = grid.table.columns.min(MOST);
    let facts: Vec<Vec<(&'static str, f32)>> = (0..count).map(|c| facts(grid, c)).collect();
    let mut columns = Vec::with_capacity(facts.len());
    for (c, facts) in facts.iter().enumerate() {
        let (head, word) = head(grid, c as u32);
        // "Lecture Hall" over what is on there: the head is a room rather than the word for rooms
        let fact = |name: &str| facts.iter().find(|(n, _)| *n == name).map_or(0.0, |(_, v)| *v);
        let named = word == Some(Column::Place) && fact("places") < 40.0 && fact("length") > 20.0;
        let word = word.filter(|_| !named);
        let column = word.unwrap_or_else(|| best(grid.g, facts));
        columns.push(Meaning { column, head });
    }
    grid.columns = columns;
    pair_times(grid);
    titles_of_people(grid);
    sessions(grid);
    one_item(grid);
}

/// A column of sessions holds the rows of another that says what is on; where there is none, it says so itself.
fn sessions(grid: &mut Grid) {
    let item = grid.columns.iter().any(|m| m.column == Column::Item);
    for m in grid.columns.iter_mut().filter(|m| m.column == Column::Session && !item) {
        m.column = Column::Item;
    }
}

/// Beside names, and without times, a title is a job's.
fn titles_of_people(grid: &mut Grid) {
    let has = |grid: &Grid, f: &dyn Fn(Column) -> bool| grid.columns.iter().any(|m| f(m.column));
    let names = has(grid, &|c| matches!(c, Column::Name | Column::Given | Column::Family));
    if !names || has(grid, &|c| matches!(c, Column::Time | Column::Start | Column::Position)) {
        return;
    }
    if let Some(m) = grid.columns.iter_mut().find(|m| m.column == Column::Item) {
        m.column = Column::Position;
    }
}

/// The cell that heads a column, and what its words mean.
fn head(grid: &Grid, column: u32) -> (Option<usize>, Option<Column>) {
    let over = |row: usize| grid.row(row).find(|(_, c)| c.column <= column && column < c.column + c.columns);
    let heads = (0..grid.rows.len()).filter(|r| grid.heads[*r]).take(2);
    let mut found = (None, None);
    for (i, _) in heads.filter_map(over) {
        let word = grid.seen[i].head.map(|h| h.column);
        if found.0.is_none() || word.is_some() && found.1.is_none() {
            found = (Some(i), word);
        }
    }
    found
}

/// Shares, in percent of the filled cells, and what else is to be seen of a column.
fn facts(grid: &Grid, column: u32) -> Vec<(&'static str, f32)> {
    let inside: Vec<usize> = (0..grid.seen.len())
        .filter(|i| {
            let c = &grid.table.cells[*i];
            c.column == column && c.columns < grid.table.columns.max(2) && !grid.heads[c.row as usize]
        })
        .collect();
    let filled = inside.len().max(1) as f32;
    let share = |f: &dyn Fn(&super::cells::Seen) -> bool| {
        inside.iter().filter(|i| f(&grid.seen[**i])).count() as f32 / filled * 100.0
    };
    let sure = |s: &super::cells::Seen| s.when.is_some_and(|w| w.score >= 0.5);
    let text = |i: &usize| grid.seen[*i].span.of(grid.s.text);
    let length = inside.iter().map(|i| grid.seen[*i].span.len()).sum::<usize>() as f32 / filled;
    let mut values: Vec<&str> = inside.iter().map(text).collect();
    values.sort_unstable();
    values.dedup();
    vec![
        ("cells", inside.len() as f32),
        ("first", f32::from(u8::from(column == 0))),
        ("times", share(&|s| s.when.is_some())),
        ("sure-times", share(&sure)),
        ("dates", share(&|s| s.date)),
        ("persons", share(&|s| s.person)),
        ("places", share(&|s| s.place && !s.person)),
        ("durations", share(&|s| s.duration)),
        ("numbers", share(&|s| s.number)),
        ("emails", share(&|s| s.contact == Some(Column::Email))),
        ("phones", share(&|s| s.contact == Some(Column::Phone))),
        ("countries", share(&|s| s.country)),
        ("positions", share(&|s| s.position)),
        ("bodies", share(&|s| s.body)),
        ("length", length),
        ("differing", values.len() as f32 / filled * 100.0),
        ("filled", inside.len() as f32 / grid.rows.len().max(1) as f32 * 100.0),
    ]
}

/// The names of a column's facts.
#[cfg(test)]
pub(super) const FACTS: &[&str] = &[
    "cells",
    "first",
    "times",
    "sure-times",
    "dates",
    "persons",
    "places",
    "durations",
    "numbers",
    "emails",
    "phones",
    "countries",
    "positions",
    "bodies",
    "length",
    "differing",
    "filled",
];

/// The meaning with the highest sum of scores (table `column`).
fn best(g: &Grammar, facts: &[(&'static str, f32)]) -> Column {
    super::kind::highest(g, "column", facts).and_then(|c| Column::parse(&c)).unwrap_or(Column::Text)
}

/// Two columns of single times side by side are starts and ends.
fn pair_times(grid: &mut Grid) {
    let single = |grid: &Grid, c: usize| {
        let mut times = grid.table.cells.iter().zip(&grid.seen).filter(|(x, _)| x.column as usize == c);
        times.all(|(_, s)| s.when.is_none_or(|w| w.end.is_none()))
    };
    for c in 1..grid.columns.len() {
        let both = [c - 1, c].iter().all(|i| matches!(grid.columns[*i].column, Column::Time));
        if both && single(grid, c - 1) && single(grid, c) {
            grid.columns[c - 1].column = Column::Start;
            grid.columns[c].column = Column::End;
        }
    }
}

/// Where no column is headed as the one that says what is on, it is the text column with the most to say.
fn one_item(grid: &mut Grid) {
    if grid.columns.iter().any(|m| m.column == Column::Item) {
        return;
    }
    let weight = |c: usize| -> usize {
        let cells = grid.table.cells.iter().zip(&grid.seen).filter(|(x, _)| x.column as usize == c);
        cells.map(|(_, s)| 8 + s.span.len().min(80)).sum()
    };
    let text = (0..grid.columns.len()).filter(|c| matches!(grid.columns[*c].column, Column::Text));
    if let Some(c) = text.max_by_key(|c| (weight(*c), std::cmp::Reverse(*c))) {
        grid.columns[c].column = Column::Item;
    }
}
