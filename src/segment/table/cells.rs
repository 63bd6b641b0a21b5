//! What can be seen of a table's cells, and which of its rows head its columns.
//!
//! In: a table. Out: [`Grid`]: for each cell what it holds. Never: says what a column is for.

use std::borrow::Cow;

use crate::grammar::{Grammar, Set};
use crate::model::Span;
use crate::parse::names;
use crate::scan::{Cell, Clock, ClockAt, DateMark, Line, MarkKind, Scanned, Style, Table, View, When, clock};
use crate::segment::element::Element;

use super::columns::{Column, Head, Meaning};

/// A table with what its cells hold.
pub(super) struct Grid<'s> {
    pub s: &'s Scanned<'s>,
    pub g: &'s Grammar,
    pub table: &'s Table,
    /// For each cell of the table.
    pub seen: Vec<Seen>,
    /// Indices of the cells of each row.
    pub rows: Vec<std::ops::Range<usize>>,
    /// Whether each row heads the columns below it.
    pub heads: Vec<bool>,
    /// What each column is for.
    pub columns: Vec<Meaning>,
}

/// What one cell holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// From its first character to its last.
    pub span: Span,
    /// A time, and nothing else.
    pub when: Option<When>,
    /// A date or weekday, and next to nothing else.
    pub date: bool,
    /// A column's head.
    pub head: Option<Head>,
    /// A person, with an affiliation perhaps, or several.
    pub person: bool,
    /// A room or building.
    pub place: bool,
    /// A duration alone.
    pub duration: bool,
    /// A number alone.
    pub number: bool,
    /// An e-mail address or telephone number.
    pub contact: Option<Column>,
    /// A country alone.
    pub country: bool,
    /// A word for a job.
    pub position: bool,
    /// A word for a body.
    pub body: bool,
}

impl<'s> Grid<'s> {
    pub fn new(s: &'s Scanned, g: &'s Grammar, table: &'s Table) -> Self {
        let v = s.view();
        let seen: Vec<Seen> = table.cells.iter().map(|c| look(s, g, v, table, c)).collect();
        let mut rows = Vec::with_capacity(table.rows as usize);
        let mut at = 0;
        for row in 0..table.rows {
            let end = at + table.cells[at..].iter().take_while(|c| c.row == row).count();
            rows.push(at..end);
            at = end;
        }
        let mut grid = Grid { s, g, table, seen, rows, heads: Vec::new(), columns: Vec::new() };
        grid.heads = (0..grid.rows.len()).map(|r| grid.is_head(r)).collect();
        grid.first_head();
        for row in 1..grid.rows.len() {
            grid.heads[row] |= grid.opens_day(row);
        }
        grid
    }

    /// A line of the table.
    pub fn line(&self, i: usize) -> &'s Line {
        line(self.s, self.table, i)
    }

    /// A line of the table as it stands.
    pub fn element(&self, i: usize) -> Element<'s> {
        match self.table.own.get(i) {
            Some((n, line)) => Element { line: Cow::Borrowed(line), starts: line.opens, ..Element::line(self.s, *n) },
            None => Element::line(self.s, i),
        }
    }

    /// Indices in the document of a stretch of the table's lines.
    pub fn home(&self, lines: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let own = |i: usize| self.table.own.get(i).map(|(n, _)| *n);
        match (own(lines.start), own(lines.end.saturating_sub(1))) {
            (Some(a), Some(b)) => a.min(b)..a.max(b) + 1,
            _ => lines,
        }
    }

    pub fn view(&self) -> View<'_> {
        self.s.view()
    }

    /// Cells of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, &'s Cell)> + '_ {
        self.rows.get(row).cloned().unwrap_or(0..0).map(|i| (i, &self.table.cells[i]))
    }

    /// Whether most cells of a row are words for columns.
    fn is_head(&self, row: usize) -> bool {
        let cells: Vec<&Seen> = self.row(row).map(|(i, _)| &self.seen[i]).collect();
        let known = cells.iter().filter(|c| c.head.is_some()).count();
        let filled = cells.iter().any(|c| c.when.is_some() || c.contact.is_some() || c.person && c.head.is_none());
        known >= 1 && !filled && (known * 2 >= cells.len() && cells.len() >= 2)
            && cells.iter().all(|c| c.span.len() <= 80)
            // "Chair | Ann Lee": a label with what it holds
            && !(cells.len() == 2 && known == 1 && !self.tops_times(row))
    }

    /// A first row without times over a column of times; dates or places side by side over one.
    fn first_head(&mut self) {
        let Some(row) = (0..self.rows.len().min(2)).find(|r| self.row(*r).count() >= 2) else { return };
        if self.heads.iter().take(row + 1).any(|h| *h) {
            return;
        }
        let cells: Vec<(usize, &Cell)> = self.row(row).collect();
        let times = cells.iter().filter(|(i, _)| self.seen[*i].when.is_some()).count();
        let dated = cells.iter().filter(|(i, _)| self.seen[*i].date).count();
        let named = cells.iter().filter(|(i, _)| self.seen[*i].place || self.seen[*i].head.is_some()).count();
        let short = cells.iter().all(|(i, c)| self.seen[*i].span.len() <= 90 && c.columns <= 2);
        let others = cells.iter().filter(|(_, c)| c.column > 0).count();
        let side = dated >= 2 || dated >= 1 && dated == others || named >= 2 && self.tops_times(row);
        let over_times = self.tops_times(row)
            && cells.len() >= self.table.columns as usize - usize::from(!cells.iter().any(|(_, c)| c.column == 0));
        let plain = over_times && cells.iter().all(|(i, _)| self.seen[*i].span.len() <= 40 && !self.seen[*i].person);
        if times == 0 && short && (side || plain && row == 0) {
            self.heads[row] = true;
        }
    }

    /// Whether a row is the head of another day: its date over the times, the day's rooms over what is held there.
    fn opens_day(&self, row: usize) -> bool {
        let mut cells = self.row(row);
        let dated = cells.next().is_some_and(|(i, c)| c.column == 0 && self.seen[i].date);
        let mut rooms = cells.peekable();
        dated && rooms.peek().is_some() && rooms.all(|(i, _)| self.seen[i].place) && self.tops_times(row)
    }

    /// Whether the cells of the first column below a row are times, for the most part.
    fn tops_times(&self, row: usize) -> bool {
        let first = |r: usize| self.row(r).find(|(_, c)| c.column == 0).map(|(i, _)| i);
        let below: Vec<usize> = (row + 1..self.rows.len()).filter_map(first).collect();
        let timed = below.iter().filter(|i| self.seen[**i].when.is_some()).count();
        timed >= 1 && timed * 2 >= below.len() && first(row).is_none_or(|i| self.seen[i].when.is_none())
    }
}

/// A line of a table: one of the document's, or a piece that the table has of its own.
fn line<'s>(s: &'s Scanned<'s>, table: &'s Table, i: usize) -> &'s Line {
    table.own.get(i).map_or_else(|| &s.lines[i], |(_, line)| line)
}

fn look<'s>(s: &'s Scanned<'s>, g: &Grammar, v: View, table: &'s Table, cell: &Cell) -> Seen {
    let lines: Vec<&Line> = cell.lines.clone().map(|i| line(s, table, i)).collect();
    let span = Span::new(lines.first().map_or(0, |l| l.span.start), lines.last().map_or(0, |l| l.span.end));
    let first = lines.first().map_or(span, |l| l.span);
    // lines that stand side by side with others': the first one speaks
    let span = if table.own.is_empty() { span } else { first };
    let text = v.of(span);
    let mut seen = Seen { span, head: head(g, text, span), ..Seen::default() };
    if text.len() <= 60 {
        seen.when = when(v, span);
        seen.number = text.trim_end_matches(['.', ')', '*', ' ']).bytes().all(|b| b.is_ascii_digit());
        seen.duration = v
            .marks_in(span)
            .any(|m| matches!(m.kind, MarkKind::Duration(_)) && m.span.len() + 4 >= v.strip(span, "()[].~ ").len());
        seen.country = v.is(v.strip(span, " *."), Set::Country);
    }
    seen.date = text.len() <= 80 && seen.when.is_none() && dated(v, span);
    let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).count();
    let most = |m: Span| letters(v.of(m)) * 2 >= letters(text);
    seen.contact = v.marks_in(span).find_map(|m| match m.kind {
        MarkKind::Email if most(m.span) => Some(Column::Email),
        MarkKind::Phone if most(m.span) => Some(Column::Phone),
        _ => None,
    });
    seen.place = text.len() <= 60 && v.has(span, Set::Place);
    seen.position = crate::parse::is_position(v, first);
    seen.body = v.has(span, Set::Body) || v.has(span, Set::KnownBody);
    seen.person = !seen.number && seen.when.is_none() && !seen.date && person(v, first);
    seen
}

/// What a cell heads, where its words do: all of them, or those before a slash, a colon, a bracket or the line's end.
fn head(g: &Grammar, text: &str, span: Span) -> Option<Head> {
    if text.len() > 80 {
        return None;
    }
    let cuts = [text.len(), text.find(['/', '(', ':', '|']).unwrap_or(0), text.find('\n').unwrap_or(0)];
    cuts.into_iter().filter(|end| *end > 0).find_map(|end| {
        let words = text[..end].trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
        let start = span.start + text.find(words)?;
        let plain = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let (column, set) = Column::of_words(g, &plain)?;
        Some(Head { column, span: Span::new(start, start + words.len()), set })
    })
}

/// The time that a cell is: nothing else stands in it but words that belong to times.
pub(super) fn when(v: View, span: Span) -> Option<When> {
    let inside: Vec<(Span, When)> = v.whens(span).map(|(s, w)| (s, *w)).filter(|(_, w)| w.score > 0.0).collect();
    let found = match inside.as_slice() {
        [] => bare_time(v, span)?,
        [(at, w)] => meridiem_behind(v, span, *at, *w),
        [(a, first), .., (b, last)] => {
            let when = When { end: Some(last.end.unwrap_or(last.start)), score: first.score.max(0.6), ..*first };
            (Span::new(a.start, b.end), when)
        }
    };
    let (at, when) = found;
    let rest = |r: Span| {
        let bare = v.strip(r, " \t\n:-–—.,;()[]|~");
        // "9-10:30 (20)": minutes, or a mark
        let noted = v.of(r).trim_start().starts_with('(') && v.of(bare).bytes().all(|b| b.is_ascii_digit());
        bare.is_empty()
            || noted
            || [Set::TimeBefore, Set::TimeAfter, Set::Zone, Set::Approx, Set::OpenEnd, Set::TimeBetween]
                .iter()
                .any(|set| v.is(bare, *set))
    };
    (rest(Span::new(span.start, at.start)) && rest(Span::new(at.end, span.end))).then_some(when)
}

/// "10.30" with "am" on the line below.
fn meridiem_behind(v: View, span: Span, at: Span, w: When) -> (Span, When) {
    let rest = v.of(Span::new(at.end, span.end)).trim().replace('.', "");
    let pm = match rest.to_ascii_lowercase().as_str() {
        "am" => false,
        "pm" => true,
        _ => return (at, w),
    };
    if w.end.is_some() || w.start.clock.meridiem.is_some() {
        return (at, w);
    }
    let start =
        ClockAt { span: Span::new(w.start.span.start, span.end), clock: Clock { meridiem: Some(pm), ..w.start.clock } };
    (Span::new(at.start, span.end), When { start, score: 1.0, ..w })
}

/// A time that is none elsewhere: "9", "9.30" at a cell's start, "18 - 21".
fn bare_time(v: View, span: Span) -> Option<(Span, When)> {
    let text = v.of(span);
    let (len, first) = clock(text)?;
    let start = ClockAt { span: Span::new(span.start, span.start + len), clock: first };
    let rest = &text[len..];
    let gap = rest.len() - rest.trim_start_matches([' ', '-', '–', '—', '~', '\n']).len();
    let second = (gap > 0).then(|| clock(&rest[gap..])).flatten();
    let end =
        second.map(|(n, clock)| ClockAt { span: Span::new(span.start + len + gap, span.start + len + gap + n), clock });
    let last = end.map_or(start.span.end, |e| e.span.end);
    let score = if first.style == Style::Bare { 0.3 } else { 0.5 };
    let when = When { start, end, open_end: false, approximate: false, score };
    Some((Span::new(span.start, last), when))
}

/// Whether a cell says a day: a date, or a weekday, and few words beside.
fn dated(v: View, span: Span) -> bool {
    let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).count();
    let all = letters(v.of(span));
    let dates: usize = v.dates(span).map(|(s, _)| letters(v.of(s))).sum();
    let day: usize = v.phrases(span, Set::Day).map(|(s, _)| letters(v.of(s)) + 2).sum();
    let weekday: usize = v.phrases(span, Set::Weekday).map(|(s, _)| letters(v.of(s))).sum();
    dates.max(weekday) > 0 && (dates.max(weekday) + day) * 3 >= all * 2 || day > 2 && day + 1 >= all
}

/// The first date of a cell.
pub(super) fn date(v: View, span: Span) -> Option<DateMark> {
    v.dates(span).next().map(|(_, d)| d.clone())
}

/// Whether a line is a person: a name with nothing behind it, or an affiliation.
fn person(v: View, line: Span) -> bool {
    let words = crate::segment::bullet(v.text, line).1;
    if v.phrase_at(words.start, Set::Kind).is_some() || v.phrase_at(words.start, Set::Numbered).is_some() {
        return false;
    }
    let Some(n) = names::expected_at(v, words) else { return false };
    let behind = v.text[n.end()..words.end].trim_start();
    n.score >= 1.4
        && (behind.is_empty()
            || behind.starts_with([',', ';', '(', '/', '&', '–', '—', '-', '|'])
            || v.grammar.after_and(behind, false).is_some())
        && !behind.ends_with(['?', '.'])
}
