//! What stands beside the document's own words: what its format says is furniture, what a mail quotes, data for programs.
//!
//! In: lines and marks. Out: the lines that stand aside, and the marks without the times and dates of those, where the
//! document's own lines have their own. Never: sets a quote aside that is all that a mail has.

use crate::model::Span;

use super::{Line, Mark, MarkKind};

/// A time of this score is one.
const SURE: f32 = 0.4;

/// Decides which lines stand aside.
pub(super) fn settle(lines: &mut [Line], marks: &mut Vec<Mark>) {
    if !lines.iter().any(|l| l.aside || l.quote > 0) {
        return;
    }
    let spans = |wanted: &dyn Fn(&Line) -> bool| {
        let mut spans: Vec<Span> = lines.iter().filter(|l| wanted(l)).map(|l| l.span).collect();
        spans.sort_unstable_by_key(|s| s.start);
        spans
    };
    let own = spans(&|l| !l.aside && l.quote == 0 && l.meta.is_none());
    let timed = marks.iter().any(|m| is_time(m) && lies_in(&own, m.span));
    let dated = marks.iter().any(|m| is_date(m) && lies_in(&own, m.span));
    if timed {
        lines.iter_mut().filter(|l| l.quote > 0).for_each(|l| l.aside = true);
    }
    let sorted = |wanted: fn(&Line) -> bool| {
        let mut spans: Vec<Span> = lines.iter().filter(|l| wanted(l)).map(|l| l.span).collect();
        spans.sort_unstable_by_key(|s| s.start);
        spans
    };
    // The dates of data have a year, which the words of a page often have not.
    let (aside, wordy) = (sorted(|l| l.aside), sorted(|l| l.aside && l.meta.is_none()));
    marks.retain(|m| match &m.kind {
        MarkKind::When(_) | MarkKind::Duration(..) => !(timed && lies_in(&aside, m.span)),
        MarkKind::Date(_) | MarkKind::Year(_) => !(dated && lies_in(&wordy, m.span)),
        _ => true,
    });
}

fn is_time(mark: &Mark) -> bool {
    matches!(&mark.kind, MarkKind::When(w) if w.score >= SURE)
}

fn is_date(mark: &Mark) -> bool {
    matches!(&mark.kind, MarkKind::Date(d) if d.month.is_some())
}

/// Whether `span` begins in one of the sorted spans.
fn lies_in(sorted: &[Span], span: Span) -> bool {
    let at = sorted.partition_point(|s| s.start <= span.start);
    at > 0 && span.start < sorted[at - 1].end
}
