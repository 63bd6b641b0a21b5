//! The slot of an announced talk.
//!
//! In: the document's clock times and fields. Out: one time or range, one date. Never: resolves am and pm.

use crate::grammar::Set;
use crate::model::Span;
use crate::scan::{Clock, DateMark, When};

use super::super::best_two;
use super::{Seminar, sum};

/// More times than this are not compared.
const MANY: usize = 300;
/// A date further from the time than this is not its.
const NEAR: usize = 100;

impl Seminar<'_> {
    /// The date, and those that lost to it: in a labelled field, beside a time, else the first with a month.
    pub(super) fn dates(&self) -> Vec<DateMark> {
        let v = self.v();
        let inside = |f: &super::fields::Field| v.dates(f.value).next().map(|(_, d)| d.clone());
        let named = self.fields.iter().filter(|f| matches!(f.name.as_str(), "date" | "when" | "time")).find_map(inside);
        let free = |s: Span, d: &DateMark| d.month.is_some() && !self.posted_at(s);
        let with_time = || {
            v.dates(v.all())
                .find(|(s, d)| free(*s, d) && v.whens(self.around(*s, 80, 80)).next().is_some())
                .map(|(_, d)| d.clone())
        };
        // the day nearest to the talk's own time, so that a mail's day is not taken for it
        let gap =
            |s: Span| self.slots.iter().map(|t| t.start.saturating_sub(s.end).max(s.start.saturating_sub(t.end))).min();
        let nearest = || {
            let all = v.dates(v.all()).filter(|(s, d)| free(*s, d));
            let near = all.filter_map(|(s, d)| Some((gap(s).filter(|g| *g <= NEAR)?, d)));
            near.min_by_key(|(g, _)| *g).map(|(_, d)| d.clone())
        };
        let any = || v.dates(v.all()).find(|(s, d)| free(*s, d)).map(|(_, d)| d.clone());
        let mut all: Vec<DateMark> = named.into_iter().chain(nearest()).chain(with_time()).chain(any()).collect();
        all.dedup_by(|b, a| one_day(a, b));
        all
    }

    /// The day of posting.
    pub(super) fn posted(&self) -> Option<DateMark> {
        self.field("posted").and_then(|f| self.v().dates(f.value).next().map(|(_, d)| d.clone()))
    }

    /// The slot: a labelled time first, then the time that stands most prominently; its end from any range that
    /// begins at the same time. With it the next best one and its share of the best one's score.
    pub(super) fn when(&self) -> (Option<When>, Option<(When, f32)>) {
        let v = self.v();
        let all: Vec<(Span, When)> = v
            .whens(v.all())
            .filter(|(s, w)| w.score >= 0.3 && !self.posted_at(*s))
            .map(|(s, w)| (s, *w))
            .take(MANY)
            .collect();
        let beside: Vec<bool> = all.iter().map(|(s, _)| self.beside_the_talk(*s)).collect();
        let mut scored: Vec<(f32, When)> = Vec::with_capacity(all.len());
        for (order, (span, w)) in all.iter().enumerate() {
            let same_clock = |(s, o): &&(Span, When)| s != span && same(&o.start.clock, &w.start.clock);
            let again = all.iter().filter(same_clock).count().min(3);
            let denied = all.iter().zip(&beside).any(|(o, b)| *b && same_clock(&o));
            let line = self.line_of(*span);
            let table = [
                (
                    self.fields.iter().any(|f| matches!(f.name.as_str(), "time" | "when" | "date") && f.holds(*span)),
                    "seminar/time-labelled",
                ),
                (v.dates(line).next().is_some() || self.dated_above(*span), "seminar/time-dated"),
                (line.len() <= span.len() + 6, "seminar/time-own-line"),
                (self.says("time-until", &v.text[self.around(*span, 24, 0).start..span.start]), "seminar/time-end"),
                (beside[order], "seminar/time-other"),
                (denied, "seminar/time-denied"),
                (self.says("time-of-talk", &v.text[span.end..line.end.max(span.end)]), "seminar/time-of-talk"),
                (w.end.is_some(), "seminar/time-range"),
                (line.len() < 70, "seminar/time-short-line"),
            ];
            let g = self.cx.g;
            let score = w.score
                + sum(g, &table)
                + g.weight("seminar/time-order") * order as f32
                + g.weight("seminar/time-again") * again as f32;
            scored.push((score, *w));
        }
        let Some((_, best, other)) = best_two(&scored, |a, b| !same(&a.start.clock, &b.start.clock)) else {
            return (None, None);
        };
        let mut when = *best;
        if when.end.is_none() {
            let longer = all.iter().find(|(_, o)| o.end.is_some() && same(&o.start.clock, &when.start.clock));
            when.end = longer.and_then(|(_, o)| o.end).or_else(|| self.until(&all, &when));
        }
        (Some(when), other.map(|(w, share)| (*w, share)))
    }

    /// "begins at 3 … and runs until 5": the end behind a word that says so, in the same sentence.
    fn until(&self, all: &[(Span, When)], when: &When) -> Option<crate::scan::ClockAt> {
        let text = self.v().text;
        all.windows(2).filter(|w| same(&w[0].1.start.clock, &when.start.clock) && w[1].1.end.is_none()).find_map(|w| {
            let gap = text.get(w[0].0.end..w[1].0.start).filter(|g| g.len() <= 60)?;
            self.says("time-until", gap).then_some(w[1].1.start)
        })
    }

    /// Where the start stands in the text outside fields.
    pub(super) fn mentions(&self, when: &When) -> Vec<Span> {
        let v = self.v();
        let found = v.whens(v.all()).filter(|(s, w)| {
            w.score >= 0.3
                && same(&w.start.clock, &when.start.clock)
                && !self.posted_at(*s)
                && !self.fields.iter().any(|f| f.holds(*s))
        });
        let all: Vec<Span> = found.map(|(s, _)| s).take(20).collect();
        // where fields and text agree on the day, that mention is the talk's
        let day = self
            .fields
            .iter()
            .filter(|f| matches!(f.name.as_str(), "date" | "when"))
            .find_map(|f| v.dates(f.value).map(|(_, d)| d).find(|d| d.month.is_some()));
        let agrees = |s: &Span| day.is_some_and(|day| v.dates(self.around(*s, 140, 60)).any(|(_, d)| one_day(d, day)));
        let agreed: Vec<Span> = all.iter().copied().filter(agrees).collect();
        if agreed.is_empty() { all } else { agreed }
    }

    /// Whether the line right above is a date's.
    fn dated_above(&self, span: Span) -> bool {
        let i = self.line_at(span.end);
        let lines = &self.cx.s.lines;
        i > 0
            && lines[i].blanks == 0
            && lines[i].span.len() < 50
            && lines[i - 1].span.len() < 50
            && self.v().dates(lines[i - 1].span).next().is_some()
    }

    /// Whether a time is that of a break, meal or reception around the talk: such a word follows it closely, or
    /// stands before it in the same clause.
    fn beside_the_talk(&self, span: Span) -> bool {
        let v = self.v();
        let line = self.line_of(span);
        let beside = |s: Span| {
            v.phrases(s, Set::Kind)
                .any(|(_, p)| matches!(p.value.as_ref(), "break" | "meal" | "social" | "registration"))
        };
        let text = v.text;
        let head = text[line.start..span.start].rfind([',', ';', '.', '(']).map_or(line.start, |i| line.start + i);
        let tail = text[span.end..line.end].find([',', ';', '.', ')']).map_or(line.end, |i| span.end + i);
        let other_time = |s: Span| v.whens(s).next().is_some();
        let (before, behind) = (Span::new(head, span.start), Span::new(span.end, tail));
        (beside(before) && !other_time(before))
            || (beside(behind) && !other_time(behind))
            || (beside(line)
                && !other_time(Span::new(line.start, span.start))
                && !other_time(Span::new(span.end, line.end)))
    }
}

fn one_day(a: &DateMark, b: &DateMark) -> bool {
    let day = |d: &DateMark| Some((d.days.first()?.0, d.month?.0));
    day(a).is_some() && day(a) == day(b)
}

fn same(a: &Clock, b: &Clock) -> bool {
    a.hour % 12 == b.hour % 12
        && a.minute == b.minute
        && (a.meridiem.is_none() || b.meridiem.is_none() || a.meridiem == b.meridiem)
}
