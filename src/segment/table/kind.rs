//! What a table is: a programme row by row, a grid, people, labels with values, or only a way to set a page.
//!
//! In: a table's cells with what its columns are for. Out: a [`Kind`], by named scores (table `table`). Never: reads
//! a value.

use crate::grammar::{Grammar, Set};

use super::cells::Grid;
use super::columns::Column;

/// What a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An entry of a programme a row.
    Rows,
    /// Rooms, tracks or days side by side.
    Grid,
    /// A person a row.
    People,
    /// A label and what it holds a row.
    Fields,
    /// Nothing but an arrangement of the page.
    Layout,
    /// Something else: rows of cells.
    Other,
}

/// The class with the highest sum in a table of scores, where that is above zero.
pub(super) fn highest(g: &Grammar, table: &str, facts: &[(&'static str, f32)]) -> Option<String> {
    let mut sums: Vec<(&str, f32)> = Vec::new();
    let holds = |name: &str| {
        let (fact, least) = name.split_once(">=").unwrap_or((name, "1"));
        let least: f32 = least.parse().unwrap_or(1.0);
        facts.iter().find(|(n, _)| *n == fact).is_some_and(|(_, v)| *v >= least)
    };
    for rule in g.scores(table) {
        if rule.all.iter().all(|n| holds(n)) && !rule.none.iter().any(|n| holds(n)) {
            g.fired(rule.n);
            match sums.iter_mut().find(|(c, _)| *c == rule.class.as_ref()) {
                Some(sum) => sum.1 += rule.weight,
                None => sums.push((&rule.class, rule.weight)),
            }
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    sums.first().filter(|(_, n)| *n > 0.0).map(|(c, _)| (*c).to_owned())
}

/// What a table is.
pub(super) fn decide(grid: &Grid) -> Kind {
    match highest(grid.g, "table", &facts(grid)).as_deref() {
        Some("rows") => Kind::Rows,
        Some("grid") => Kind::Grid,
        Some("people") => Kind::People,
        Some("fields") => Kind::Fields,
        Some("layout") => Kind::Layout,
        _ => Kind::Other,
    }
}

/// The names of a table's facts.
#[cfg(test)]
pub(super) const FACTS: &[&str] = &[
    "rows",
    "columns",
    "time-columns",
    "item-columns",
    "role-columns",
    "name-columns",
    "person-columns",
    "date-heads",
    "place-heads",
    "track-heads",
    "headed",
    "labels",
    "long-cells",
    "timed-cells",
    "contact-columns",
];

fn facts(grid: &Grid) -> Vec<(&'static str, f32)> {
    let v = grid.view();
    let columns = |f: &dyn Fn(Column) -> bool| grid.columns.iter().filter(|m| f(m.column)).count() as f32;
    let heads = |f: &dyn Fn(usize) -> bool| {
        let mut of: Vec<usize> = grid.columns.iter().filter_map(|m| m.head).filter(|i| f(*i)).collect();
        of.dedup();
        of.len() as f32
    };
    let track = |i: usize| {
        let span = grid.seen[i].span;
        !grid.seen[i].place && v.phrase_at(span.start, Set::Numbered).is_some()
    };
    let share = |f: &dyn Fn(usize) -> bool| {
        (0..grid.seen.len()).filter(|i| f(*i)).count() as f32 / grid.seen.len().max(1) as f32 * 100.0
    };
    let label = |r: usize| {
        grid.row(r).next().is_some_and(|(i, c)| {
            let text = v.of(grid.seen[i].span).trim_end_matches([':', ' ', '*']);
            c.column == 0
                && [Set::Field, Set::Role, Set::ContactLabel].iter().any(|s| grid.g.lookup(*s, text).is_some())
        })
    };
    let labels = (0..grid.rows.len()).filter(|r| label(*r)).count() as f32 / grid.rows.len().max(1) as f32 * 100.0;
    let rooms = grid.columns.iter().filter(|m| m.column != Column::Place).filter_map(|m| m.head);
    let places = rooms.filter(|i| grid.seen[*i].place && !grid.seen[*i].date).count() as f32;
    let lines = |i: usize| grid.table.cells[i].lines.len();
    vec![
        ("rows", grid.rows.iter().filter(|r| !r.is_empty()).count() as f32),
        ("columns", grid.table.columns as f32),
        ("time-columns", columns(&|c| matches!(c, Column::Time | Column::Start))),
        ("item-columns", columns(&|c| matches!(c, Column::Item | Column::Text))),
        ("role-columns", columns(&|c| c == Column::Role)),
        ("name-columns", columns(&|c| matches!(c, Column::Name | Column::Family | Column::Given))),
        ("person-columns", columns(&Column::of_person)),
        ("contact-columns", columns(&|c| matches!(c, Column::Email | Column::Phone))),
        ("date-heads", heads(&|i| grid.seen[i].date)),
        ("place-heads", places),
        ("track-heads", heads(&track)),
        ("headed", f32::from(u8::from(grid.heads.contains(&true)))),
        ("labels", labels),
        ("long-cells", share(&|i| grid.seen[i].span.len() > 400 || lines(i) > 12)),
        (
            "timed-cells",
            share(&|i| grid.seen[i].when.is_none() && v.whens(grid.seen[i].span).any(|(_, w)| w.score >= 0.5)),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use crate::grammar::Grammar;

    #[test]
    fn table_rules_speak_of_known_facts() {
        let g = Grammar::builtin();
        for (table, facts) in [("table", super::FACTS), ("column", super::super::columns::FACTS)] {
            assert!(!g.scores(table).is_empty());
            for rule in g.scores(table) {
                for name in rule.all.iter().chain(&rule.none) {
                    let fact = name.split_once(">=").map_or(name.as_ref(), |(f, _)| f);
                    assert!(facts.contains(&fact), "{}: expected a known fact, but found {fact:?}", rule.id);
                }
            }
        }
    }
}
