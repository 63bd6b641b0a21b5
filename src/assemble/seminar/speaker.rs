//! The speaker of an announced talk.
//!
//! In: names (also those that only their place makes likely), fields, layout. Out: one person with affiliation.
//! Never: takes the host, the poster or the contact for the speaker where the scores speak against.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::names::{self, NameAt};
use crate::parse::{PersonValue, PlaceValue, affiliate, affiliation_parts, is_position};
use crate::scan::MarkKind;
use crate::segment::Flat;

use super::parts::REACH;
use super::{Seminar, floor, sum};

/// More names than this are not compared.
const MANY: usize = 250;

impl Seminar<'_> {
    /// The name with the highest sum of scores; a labelled one first.
    pub(super) fn speaker(&self, title: Option<&Grounded>, venue: &PlaceValue) -> Option<PersonValue> {
        let v = self.v();
        for f in self.fields.iter().filter(|f| f.name == "speaker" && !f.value.is_empty()) {
            let whole = v.strip(f.value, " \"“”(*");
            let at = names::possible_at(v, whole).or_else(|| names::all_possible(v, whole).into_iter().next());
            if let Some(n) = at.or_else(|| self.lone_name(whole)) {
                return self.person(&n);
            }
        }
        let mut found = names::all_possible(v, Span::new(0, floor(v.text, REACH)));
        found.truncate(MANY);
        let mut best: Option<(f32, &NameAt)> = None;
        for n in &found {
            let score = self.speaker_score(n, &found, title, venue);
            if best.is_none_or(|(b, _)| score > b) {
                best = Some((score, n));
            }
        }
        let (score, n) = best?;
        // "Dr. Lee" is the Ann Lee whom another line names
        let key = last_word(v.of(n.name));
        let fuller = |o: &&NameAt| v.of(o.name).contains(' ') && last_word(v.of(o.name)) == key && key.len() > 2;
        let n = if v.of(n.name).contains(' ') { n } else { found.iter().find(fuller).unwrap_or(n) };
        (score > 0.0).then(|| self.person(n)).flatten()
    }

    /// A labelled value of two to four capitalised words, whatever the words are.
    fn lone_name(&self, value: Span) -> Option<NameAt> {
        let v = self.v();
        let text = v.of(value);
        let end = text
            .find([',', '(', ';', '\t'])
            .or_else(|| text.find("  "))
            .or_else(|| text.find(" - "))
            .unwrap_or(text.len());
        let name = v.strip(Span::new(value.start, value.start + end), " .:-");
        let words: Vec<&str> = v.of(name).split(' ').collect();
        let shaped = words.iter().all(|w| {
            w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''))
        });
        let taken =
            [Set::Body, Set::KnownBody, Set::NoPerson, Set::Placeholder, Set::EventWord, Set::Unit, Set::Position]
                .iter()
                .any(|set| v.has(name, *set));
        ((2..=4).contains(&words.len()) && shaped && !taken).then_some(NameAt {
            honorific: None,
            name,
            suffix: None,
            score: 0.6,
            rival: None,
        })
    }

    fn speaker_score(&self, n: &NameAt, found: &[NameAt], title: Option<&Grounded>, venue: &PlaceValue) -> f32 {
        let v = self.v();
        let g = self.cx.g;
        let whole = Span::new(n.start(), n.end());
        let i = self.line_at(whole.end);
        let line = self.line_of(whole);
        // an address behind the name is no more of the line
        let address = v.marks_in(Span::new(whole.end, line.end)).find(|m| m.kind == MarkKind::Email);
        let apart =
            address.filter(|m| v.of(Span::new(whole.end, m.span.start)).trim_matches([' ', '\t', '<', '(']).is_empty());
        let line = Span::new(line.start, apart.map_or(line.end, |m| m.span.start.max(whole.end)));
        let bare = v.strip(line, " .,:*-–—()<\"");
        let own_line = bare.len() <= whole.len() + 3
            || v.of(Span::new(whole.end, line.end)).trim_start().starts_with(['(', '-', ','])
                && whole.start <= bare.start;
        let begins = whole.start <= bare.start;
        let next = self.cx.s.lines.get(i + 1).filter(|l| l.blanks <= 1);
        let affiliated = begins
            && (next.is_some_and(|l| self.affiliation(l.span)) && bare.len() <= whole.len() + 3
                || v.text[whole.end..].starts_with([',', ' '])
                    && self.affiliation(Span::new(whole.end, line.end))
                    && line.len() < 100);
        let field = self.fields.iter().find(|f| f.holds(n.name)).map(|f| f.name.as_str());
        let head = self.around(whole, 90, 0);
        let before = squeezed(&v.text[head.start..whole.start]);
        let tail = self.around(whole, 0, 160);
        let after = squeezed(&v.text[whole.end..tail.end]);
        let key = last_word(v.of(n.name));
        let again = found.iter().filter(|o| o.name != n.name && last_word(v.of(o.name)) == key).count().min(3);
        let topic = self
            .fields
            .iter()
            .any(|f| matches!(f.name.as_str(), "title" | "subject") && !f.holds(n.name) && word_in(v.of(f.value), key));
        let named_in = |names: &[&str]| {
            self.fields.iter().any(|f| names.contains(&f.name.as_str()) && word_in(v.of(f.value), key))
        };
        let in_title = title.is_some_and(|t| t.pieces.iter().any(|p| p.overlaps(n.name)));
        let contact = v.marks_in(line).any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email)) && !own_line;
        let placed = [&venue.name, &venue.room]
            .into_iter()
            .flatten()
            .any(|p| p.pieces.iter().any(|s| s.overlaps(n.name)) || word_in(&p.value, v.of(n.name)));
        let followed = !affiliated && v.text[whole.end..].starts_with([',', ' ']) && self.says("job-behind", &after)
            || v.text[whole.end..].starts_with(',')
                && self.affiliation(self.clause(Span::new(whole.end, tail.end.min(whole.end + 60))));
        let next_word = v.text[whole.end..].starts_with(' ').then_some(whole.end + 1);
        let of_body = next_word.is_some_and(|at| {
            [Set::Body, Set::Unit, Set::Place, Set::Street]
                .iter()
                .any(|set| v.phrase_at(at, *set).is_some_and(|(s, _)| v.of(s).starts_with(char::is_uppercase)))
        });
        let town = n.honorific.is_none()
            && (v.is(n.name, Set::City) || v.is(n.name, Set::Country) || v.is(n.name, Set::KnownBody));
        let table = [
            (true, "seminar/speaker-base"),
            (of_body || town, "seminar/speaker-no-person"),
            (followed && !affiliated, "seminar/speaker-followed"),
            (placed || matches!(field, Some("place" | "room")), "seminar/speaker-in-place"),
            (self.near_slot(whole), "seminar/near-slot"),
            (n.honorific.is_some(), "seminar/speaker-honorific"),
            (own_line, "seminar/speaker-own-line"),
            (affiliated, "seminar/speaker-affiliated"),
            (self.says("speaker-before", &before), "seminar/speaker-by"),
            (self.says("speaker-acts", &after), "seminar/speaker-acts"),
            (self.says("speaker-talk", &after), "seminar/speaker-talk"),
            (self.says("not-speaker", &before), "seminar/speaker-not"),
            (self.says("not-speaker-behind", &after), "seminar/speaker-not"),
            (
                field.is_some_and(|f| {
                    matches!(f, "posted" | "host" | "contact" | "from" | "to" | "organiser" | "sponsor")
                }),
                "seminar/speaker-posted",
            ),
            (matches!(field, Some("title" | "subject")), "seminar/speaker-topic"),
            (field.is_none() && named_in(&["posted", "from", "host"]), "seminar/speaker-poster"),
            (topic, "seminar/speaker-named-in-topic"),
            (in_title, "seminar/speaker-in-title"),
            (contact, "seminar/speaker-contact"),
            (self.signs(i, n), "seminar/speaker-signs"),
            (n.score < 1.0, "seminar/speaker-weak-name"),
            (i < 40, "seminar/speaker-early"),
        ];
        sum(g, &table)
            + g.weight("seminar/speaker-again") * again as f32
            + g.weight("seminar/speaker-order") * (i.min(60) as f32 / 10.0)
            + n.score.min(4.0) * g.weight("seminar/speaker-name")
    }

    /// Whether a line, or the rest of one, tells where somebody works.
    pub(super) fn affiliation(&self, span: Span) -> bool {
        let v = self.v();
        [Set::Body, Set::Unit, Set::KnownBody, Set::Position].iter().any(|set| v.has(span, *set))
    }

    /// Whether a name signs the mail: alone at its end, no affiliated line before the text.
    fn signs(&self, line: usize, n: &NameAt) -> bool {
        let lines = &self.cx.s.lines;
        let below = lines.len() - line;
        let text_above = lines[..line].iter().rev().take(6).any(|l| l.span.len() > 55);
        let alone = lines[line].span.len() <= n.end() - n.start() + 3;
        alone && below <= 4 && text_above && lines.len() > 12
    }

    /// The person with what follows the name on its line, or stands in the lines right below.
    fn person(&self, n: &NameAt) -> Option<PersonValue> {
        let v = self.v();
        let i = self.line_at(n.name.end);
        let line = self.cx.s.lines.get(i)?.span;
        let rest = v.strip(Span::new(n.end(), line.end.max(n.end())), " ");
        let alone = v.strip(rest, " .,:*-–—()").is_empty();
        let mut pieces = vec![Span::new(n.start(), n.end())];
        let bracket = v.of(rest).strip_prefix('(').and_then(|r| r.find(')')).filter(|c| *c <= 200);
        let listed = v.of(rest).starts_with([',', '(', '-', '\u{2013}']) && line.len() < 110;
        if listed || bracket.is_some() {
            let inner = bracket.map_or(rest, |c| Span::new(rest.start, rest.start + c + 2));
            let told = if listed { self.clause(rest) } else { inner };
            pieces.push(v.strip(told, " ,()-–."));
        }
        let mut joins = String::new();
        if let Some(more) =
            self.told_affiliation(n, rest).filter(|_| bracket.is_none() && pieces.len() == 1 + usize::from(listed))
        {
            pieces.truncate(1);
            // a sentence goes on over line ends
            joins = format!("t{}", "s".repeat(more.len().saturating_sub(1)));
            pieces.extend(more);
        } else if alone || listed && v.of(rest).ends_with(',') {
            for l in self.cx.s.lines[i + 1..].iter().take(4) {
                let fits = l.blanks == 0
                    && l.span.len() < 90
                    && (self.affiliation(l.span) || v.is(l.span, Set::City))
                    && v.whens(l.span).next().is_none();
                if !fits || v.of(l.span).ends_with(':') || crate::segment::field_label(v, l.span).is_some() {
                    break;
                }
                pieces.push(v.strip(l.span, " ,()."));
            }
        }
        pieces.retain(|p| !p.is_empty());
        if joins.len() + 1 != pieces.len() {
            joins = "t".repeat(pieces.len() - 1);
        }
        let flat = Flat::new(self.cx.s, &pieces, &joins);
        let read = |at: Span| self.read(at, "name", "base/seminar/speaker-name", (n.score / 4.0).clamp(0.5, 0.95));
        let mut person = PersonValue {
            name: read(n.name)?.over(n.rival.and_then(read), self.cx.g.weight("reading/name-words")),
            honorific: n.honorific.and_then(|h| self.read(h, "name", "base/person/honorific", 0.97)),
            suffix: n
                .suffix
                .and_then(|h| Grounded::read(self.cx.s.text, self.cx.g, &[h], "", "", &[], "base/person/suffix", 0.95)),
            end: n.end(),
            ..PersonValue::default()
        };
        let first = n.end() - n.start();
        if flat.text.len() > first {
            let view = flat.view(self.cx.g);
            let parts = affiliation_parts(view, view.strip(Span::new(first, flat.text.len()), " ,"));
            affiliate(self.cx, &flat, &mut person, parts);
        }
        Some(person)
    }

    /// "Ann Lee, professor of water at the Blue School, will speak": what a sentence tells between the commas, over
    /// line ends too.
    fn told_affiliation(&self, n: &NameAt, rest: Span) -> Option<Vec<Span>> {
        let v = self.v();
        let tail = Span::new(n.end(), self.around(Span::new(n.end(), n.end()), 0, 260).end);
        let text = v.of(tail);
        let told = self.clause(tail);
        let sentence = told.end < tail.end && (told.end > rest.end || rest.len() > 90);
        if !text.starts_with(',') || !sentence || v.of(told).contains("\n\n") || told.len() > 220 {
            return None;
        }
        let mut at = told.start + 1;
        let mut pieces = Vec::new();
        for line in v.of(Span::new(at, told.end)).split('\n') {
            pieces.push(v.strip(Span::new(at, at + line.len()), " ,"));
            at += line.len() + 1;
        }
        pieces.retain(|p| !p.is_empty());
        (pieces.first().is_some_and(|p| is_position(v, *p) || self.affiliation(*p))).then_some(pieces)
    }

    /// `span` up to where its sentence ends.
    fn clause(&self, span: Span) -> Span {
        let text = self.v().of(span);
        let end = self.cx.patterns("affiliation-end").filter_map(|p| p.regex.find(text)).map(|m| m.start()).min();
        Span::new(span.start, end.map_or(span.end, |e| span.start + e))
    }

    /// The person that a field's value begins with.
    pub(super) fn person_in(&self, value: Span) -> Option<PersonValue> {
        let v = self.v();
        names::possible_at(v, value).or_else(|| names::all(v, value).into_iter().next()).and_then(|n| self.person(&n))
    }
}

/// White space runs as one space: patterns see over line ends.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() && out.ends_with(' ') => {}
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or(text)
}

/// Whether `word`, of three letters or more, stands in `text`.
fn word_in(text: &str, word: &str) -> bool {
    word.len() >= 3
        && text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').any(|w| w.eq_ignore_ascii_case(word))
}
