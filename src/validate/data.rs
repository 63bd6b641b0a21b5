//! What a page tells its readers against what it tells programs.
//!
//! In: a finished record, its text with the data of the page. Out: findings A0716. Never: says which of the two is right.

use crate::diag::finding;
use crate::ingest::{RegionKind, Text};
use crate::model::{Diagnostic, Record, Span};

/// A0716: the event's dates, or the time of its one session, are others in the page's data.
pub fn contradictions(record: &Record, text: &Text) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let told = |key: &str| {
        let mut all = text.layout.iter().filter(|r| matches!(&r.kind, RegionKind::Meta(k) if k == key)).map(|r| r.span);
        // Data of several events say nothing of this one.
        let first = all.next()?;
        all.next().is_none().then_some(first)
    };
    let days = [
        ("data.event.startdate", "/event/start_date", &record.event.start_date),
        ("data.event.enddate", "/event/end_date", &record.event.end_date),
    ];
    for (key, pointer, ours) in days {
        if let (Some(span), Some(ours)) = (told(key), ours) {
            let theirs = span.of(&text.content).get(..10).filter(|d| is_day(d));
            found.extend(theirs.and_then(|theirs| compare(record, pointer, ours, theirs, span)));
        }
    }
    if let ([session], Some(span)) = (&record.sessions[..], told("data.event.startdate"))
        && let (Some(ours), Some(theirs)) = (&session.start, span.of(&text.content).get(11..16).filter(|t| is_clock(t)))
    {
        found.extend(compare(record, "/sessions/0/start", ours, theirs, span));
    }
    found
}

fn compare(record: &Record, pointer: &str, ours: &str, theirs: &str, span: Span) -> Option<Diagnostic> {
    let from_data = record.evidence.get(pointer).is_some_and(|e| e.spans.iter().any(|s| s.overlaps(span)));
    // A date without its year can differ only in the rest.
    let same = ours == theirs || ours.strip_prefix("XXXX").is_some_and(|ours| theirs.ends_with(ours));
    if from_data || same {
        return None;
    }
    let message = format!("the text says {ours}, but the data of the page {theirs}");
    Some(Diagnostic { at: Some(pointer.to_owned()), span: Some(span), ..finding("A0716", message) })
}

fn is_day(text: &str) -> bool {
    text.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
}

fn is_clock(text: &str) -> bool {
    text.bytes().enumerate().all(|(i, b)| if i == 2 { b == b':' } else { b.is_ascii_digit() })
}
