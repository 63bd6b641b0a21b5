//! The title of an announced talk.
//!
//! In: fields, units, layout. Out: one grounded title. Never: takes a series' name where a talk's own stands.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Parsed, PersonValue};
use crate::segment::{Class, Features, field_label};

use super::Seminar;

/// A title is told in the first bytes, before the abstract's sentences.
const SENTENCES: usize = 2500;

impl Seminar<'_> {
    /// A labelled title that is no series' name; a mail's subject only where another label says "title".
    pub(super) fn labelled_title(&self) -> Option<Grounded> {
        let v = self.v();
        let f = self.fields.iter().rev().find(|f| f.name == "title" && f.value.len() > 3 && !self.generic(f.value))?;
        let mut pieces = vec![v.strip(f.value, " \"“”")];
        for l in self.cx.s.lines[f.line + 1..].iter().take(3) {
            let continues = l.blanks == 0 && l.indent >= 6 && field_label(v, l.span).is_none() && l.span.len() > 2;
            if !continues {
                break;
            }
            pieces.push(v.strip(l.span, " \"“”"));
        }
        // a title has no full stop, but may end in dots or an abbreviation
        if let Some(last) = pieces.last_mut()
            && v.of(*last).strip_suffix('.').is_some_and(|t| t.ends_with(char::is_lowercase) && !t.contains('.'))
        {
            last.end -= 1;
        }
        self.joined(&pieces, "base/seminar/title-field", 0.9)
    }

    /// A title in quotes, else the lines that stand over the speaker's name, else the subject.
    pub(super) fn unlabelled_title(&self, parsed: &[Parsed], speaker: Option<&PersonValue>) -> Option<Grounded> {
        let quote = Features::named("quote-first").unwrap_or_default();
        let quoted = parsed
            .iter()
            .find(|p| p.unit.features.has(quote) && p.unit.class != Class::Prose && p.entry.title.is_some());
        let topics =
            || self.fields.iter().filter(|f| matches!(f.name.as_str(), "title" | "subject") && f.value.len() > 3);
        let read = |f: &super::Field| self.read(self.subject(f.value), "text", "base/seminar/topic", 0.7);
        quoted
            .and_then(|p| p.entry.title.clone())
            .or_else(|| self.told())
            .or_else(|| speaker.and_then(|p| self.over(p.name.start())))
            .or_else(|| speaker.and_then(|p| self.under(p)))
            .or_else(|| self.over_abstract(speaker))
            .or_else(|| topics().rev().find(|f| !self.generic(f.value)).and_then(read))
            .or_else(|| self.headline())
            .or_else(|| self.first_line(speaker))
            .or_else(|| topics().next().and_then(read))
    }

    /// The title that a sentence before the abstract gives.
    fn told(&self) -> Option<Grounded> {
        let v = self.v();
        let head = &v.text[..super::floor(v.text, SENTENCES)];
        let found = |p: &crate::grammar::Pattern| {
            let m = p.regex.captures(head)?.name("title")?;
            Some((Span::new(m.start(), m.end()), p.id.clone()))
        };
        let (at, rule) = self.cx.patterns("talk-title").filter_map(found).min_by_key(|(s, _)| s.start)?;
        if self.generic(at) || v.of(at).contains("\n\n") {
            return None;
        }
        let text = v.of(at);
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1));
        let ends = text.match_indices('\n').map(|(i, _)| i).chain(std::iter::once(text.len()));
        let lines = starts.zip(ends).map(|(a, b)| v.strip(Span::new(at.start + a, at.start + b), " \t"));
        let pieces: Vec<Span> = lines.filter(|s| !s.is_empty()).collect();
        self.joined(&pieces, &rule, 0.8)
    }

    /// The short lines between the speaker's lines and the date, place or abstract below.
    fn under(&self, speaker: &PersonValue) -> Option<Grounded> {
        let v = self.v();
        let lines = &self.cx.s.lines;
        let own = |at: usize| lines.get(at).is_some_and(|l| l.span.len() < 90 && !v.of(l.span).ends_with('.'));
        let mut at = self.line_at(speaker.name.start());
        if !own(at) {
            return None;
        }
        at += 1;
        let tells = |l: &Span| self.affiliation(*l) || v.is(*l, Set::City);
        while lines.get(at).is_some_and(|l| l.blanks == 0 && tells(&l.span)) {
            at += 1;
        }
        // "will speak on" between the two
        let leads = |s: Span| v.of(s).split(' ').count() <= 3 && v.of(s).ends_with(" on");
        at = (at..lines.len().min(at + 3)).find(|i| leads(lines[*i].span)).map_or(at, |i| i + 1);
        // a block of one short line may be where the speaker works
        for _ in 0..2 {
            let end = (at + 1..lines.len()).find(|i| lines[*i].blanks > 0).unwrap_or(lines.len());
            let block: Vec<Span> =
                lines.get(at..end.min(at + 4))?.iter().map(|l| l.span).take_while(|s| !self.elsewhere(*s)).collect();
            let found = self.block(&block, "base/seminar/title-under-speaker");
            if found.is_some() || end > at + 1 || block.is_empty() || v.of(block[0]).split(' ').count() > 3 {
                return found;
            }
            at = end;
        }
        None
    }

    /// The short lines right above the abstract.
    fn over_abstract(&self, speaker: Option<&PersonValue>) -> Option<Grounded> {
        let v = self.v();
        let lines = &self.cx.s.lines;
        let heads = |s: Span| v.phrase_at(v.strip(s, " *-").start, Set::Abstract).is_some();
        let head = lines.iter().take(60).position(|l| heads(l.span))?;
        let mut first = head.checked_sub(1)?;
        while first > 0 && lines[first].blanks == 0 && head - first < 4 {
            first -= 1;
        }
        let block: Vec<Span> = lines[first..head].iter().map(|l| l.span).collect();
        let other = |s: &Span| {
            self.elsewhere(*s)
                || self.affiliation(*s)
                || speaker.is_some_and(|p| p.name.pieces.iter().any(|n| n.overlaps(*s)))
        };
        let named = |s: &Span| self.fields.iter().any(|f| f.holds(*s));
        let fits = !block.iter().any(|s| other(s) || named(s));
        fits.then(|| self.block(&block, "base/seminar/title-over-abstract")).flatten()
    }

    /// One or two short lines that read like a title.
    fn block(&self, lines: &[Span], rule: &str) -> Option<Grounded> {
        let v = self.v();
        let block: Vec<Span> = lines.iter().map(|s| v.strip(self.subject(*s), " \"“”*")).collect();
        let words: usize = block.iter().map(|s| v.of(*s).split_whitespace().count()).sum();
        let short = block.iter().all(|s| s.len() < 75 && !v.of(*s).ends_with(['.', ':', ',']));
        let led = block.first().is_some_and(|s| v.of(*s).starts_with(char::is_uppercase));
        let fits = (1..=2).contains(&block.len()) && words >= 3 && short && led;
        (fits && block.iter().all(|s| !self.generic(*s))).then(|| self.joined(&block, rule, 0.65)).flatten()
    }

    /// Whether a line tells a date, time, place, label or address.
    fn elsewhere(&self, span: Span) -> bool {
        let v = self.v();
        v.whens(span).next().is_some()
            || v.dates(span).next().is_some()
            || field_label(v, span).is_some()
            || v.of(span).contains('@')
            || v.has(span, Set::Place)
            || v.phrase_at(v.strip(span, " *-").start, Set::Abstract).is_some()
    }

    /// The first heading of the format that is no series' name.
    fn headline(&self) -> Option<Grounded> {
        let v = self.v();
        let told = |s: Span| v.of(s).split_whitespace().count() >= 2 && !self.generic(s) && !v.has(s, Set::Body);
        let line = self.cx.s.lines.iter().take(20).find(|l| l.heading > 0 && told(l.span))?;
        self.read(v.strip(line.span, " \"#*"), "text", "base/seminar/headline", 0.7)
    }

    /// The first line, where it reads like a title: behind a series' name and its colon, else all of it.
    fn first_line(&self, speaker: Option<&PersonValue>) -> Option<Grounded> {
        let v = self.v();
        let line = self.cx.s.lines.first().filter(|l| l.meta.is_none() && l.span.len() < 80)?.span;
        let colon = v.of(line).find(": ").map(|i| line.start + i);
        let series = |c: &usize| v.has(Span::new(line.start, *c), Set::EventWord);
        let words = v.strip(Span::new(colon.filter(series).map_or(line.start, |c| c + 2), line.end), " \"#*");
        let named = speaker.is_some_and(|p| p.name.pieces.iter().any(|n| n.overlaps(words)));
        let other = named || self.elsewhere(words) || self.affiliation(words) || v.has(words, Set::EventWord);
        (!other).then(|| self.block(&[words], "base/seminar/title-first-line")).flatten()
    }

    /// A subject without the word for what it announces: "Programme: the title".
    fn subject(&self, value: Span) -> Span {
        let v = self.v();
        let colon = v.of(value).find(": ").map(|i| value.start + i);
        let label = |c: &usize| {
            let head = v.strip(Span::new(value.start, *c), " ");
            [Set::Programme, Set::EventWord, Set::Status, Set::Kind].iter().any(|set| v.is(head, *set))
        };
        v.strip(Span::new(colon.filter(label).map_or(value.start, |c| c + 2), value.end), " \"")
    }

    /// The short lines over a name that stands on a line of its own: the nearest block that is no date, place, label
    /// or series' name.
    fn over(&self, name: usize) -> Option<Grounded> {
        let v = self.v();
        let lines = &self.cx.s.lines;
        let at = self.line_at(name);
        let alone = |i: usize| lines[i].span.len() < 70 && !v.of(lines[i].span).ends_with(['.', ':', ',']);
        // "Lecture by" before the name
        let lead = |l: Span| v.phrase_at(l.start, Set::RoleVerb).map_or(0, |(s, _)| s.len() + 1);
        let speaks = |l: Span| l.start + lead(l) + 20 > name && l.len() < if lead(l) > 0 { 110 } else { 60 };
        if !lines.get(at).is_some_and(|l| speaks(l.span) && self.fields.iter().all(|f| f.line != at)) {
            return None;
        }
        let mut last = at.checked_sub(1)?;
        // "by" over the name, a remark in brackets under the title
        let remark = |i: usize| {
            lines[i].blanks > 0 && v.of(lines[i].span).starts_with('(') && v.of(lines[i].span).ends_with(')')
        };
        while last > 0 && (lines[last].span.len() <= 4 || remark(last)) {
            last -= 1;
        }
        let mut first = last;
        while first > 0 && lines[first].blanks == 0 && last - first < 2 && alone(first - 1) {
            first -= 1;
        }
        let block: Vec<Span> = (first..=last).map(|i| v.strip(lines[i].span, " \"“”")).collect();
        let fits = (first..=last).all(|i| {
            let span = lines[i].span;
            let other = v.whens(span).next().is_some()
                || v.dates(span).next().is_some()
                || v.has(span, Set::Weekday)
                || field_label(v, span).is_some();
            alone(i)
                && !other
                && !self.generic(span)
                && self.fields.iter().all(|f| f.line != i)
                && !v.of(span).contains('@')
        });
        let words: usize = block.iter().map(|s| v.of(*s).split_whitespace().count()).sum();
        // what stands over it are only fields
        let leads = (0..first).all(|i| lines[i].meta.is_some() || field_label(v, lines[i].span).is_some());
        let prominent =
            leads || lines[first].indent >= 4 || lines[first].heading > 0 || !lines[first].strong.is_empty();
        // what a mail's subject says too is its title
        let subject = block.len() == 1
            && self.fields.iter().any(|f| f.name == "subject" && v.of(f.value).contains(v.of(block[0])));
        (fits && words >= 2 && (prominent || subject))
            .then(|| self.joined(&block, "base/seminar/title-over-speaker", 0.75))
            .flatten()
    }

    /// Whether words only name a series or a day.
    fn generic(&self, span: Span) -> bool {
        let v = self.v();
        let named = v.phrase(span, Set::EventWord).is_some_and(|(w, _)| {
            w.len() * 2 >= span.len() || v.is(v.trim(Span::new(span.start, w.start)), Set::Weekday) && w.end == span.end
        });
        named || v.dates(span).next().is_some()
    }

    fn joined(&self, pieces: &[Span], rule: &str, score: f32) -> Option<Grounded> {
        Grounded::read(
            self.cx.s.text,
            self.cx.g,
            pieces,
            &"s".repeat(pieces.len().saturating_sub(1)),
            "text",
            &[],
            rule,
            score,
        )
    }
}
