//! The place of an announced talk.
//!
//! In: fields and [`Spot`]s. Out: one place with its house and room. Never: takes an office, a postal address or the
//! room of the coffee for it where the scores speak against.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{PlaceValue, place};
use crate::scan::{MarkKind, View};
use crate::segment::Flat;

use super::super::best_two;
use super::parts::{Sort, Spot, spots, unnamed};
use super::{Seminar, sum};

/// "Small Comm. Room": whether a place's own word is all that follows a stop, so that this ends no sentence.
fn abbreviates(v: View, behind: Span) -> bool {
    let words = v.trim(behind);
    v.phrase_at(words.start, Set::Place).is_some_and(|(s, _)| words.end <= s.end + 6)
}

impl Seminar<'_> {
    /// The candidate with the highest sum of scores; none where no sum is above 0.
    pub(super) fn place(&self) -> Option<PlaceValue> {
        let regions: Vec<Span> = self
            .fields
            .iter()
            .filter(|f| matches!(f.name.as_str(), "place" | "room"))
            .map(|f| self.region(f.value, &f.more))
            .filter(|r| r.len() >= 2)
            .collect();
        let mut all: Vec<Spot> = spots(self.cx).into_iter().filter(|s| !self.posted_at(s.span)).collect();
        for region in &regions {
            let covered = all.iter().any(|s| s.span.start <= region.start + 1 && s.span.end + 1 >= region.end);
            if !covered && self.plausible(*region, all.iter().any(|s| region.contains(s.span))) {
                all.push(Spot { span: *region, parts: Vec::new(), rule: "base/seminar/place-field".into() });
            }
        }
        let score = |(order, spot): (usize, &Spot)| {
            let labelled = regions.iter().any(|r| r.overlaps(spot.span));
            self.place_score(spot, &all, labelled) + self.cx.g.weight("seminar/place-order") * order.min(12) as f32
        };
        let scored: Vec<(f32, &Spot)> = all.iter().take(200).enumerate().map(|c| (score(c), c.1)).collect();
        let (score, spot, other) = best_two(&scored, |a, b| !a.span.overlaps(b.span))?;
        let mut place = (score > 0.0).then(|| self.place_value(spot)).flatten().filter(|p| !p.is_empty())?;
        if let Some((lost, share)) = other.and_then(|(o, share)| Some((self.place_value(o)?, share))) {
            place.name = place.name.map(|n| n.over(lost.name, share));
            place.room = place.room.map(|r| r.over(lost.room, share));
        }
        Some(self.below(spot, place))
    }

    /// What of a place field's value names the place: up to a time, a date, a wide gap, a note in brackets.
    fn region(&self, value: Span, more: &[Span]) -> Span {
        let v = self.v();
        let mut end = value.end;
        for next in more {
            if !(v.text[..end].ends_with(',') || v.text[value.start..end].contains(',') && v.has(*next, Set::Country)) {
                break;
            }
            end = next.end;
        }
        let mut start = value.start;
        let whole = Span::new(value.start, end);
        for m in v.marks_in(whole) {
            let cuts = match &m.kind {
                MarkKind::When(w) => w.score >= 0.5,
                MarkKind::Date(_) | MarkKind::Email | MarkKind::Phone => true,
                MarkKind::Phrase(Set::Weekday, _) => true,
                _ => false,
            };
            if cuts && m.span.start <= start + 2 {
                start = m.span.end.min(end);
            } else if cuts && m.span.start < end {
                end = m.span.start;
            }
        }
        let whole = v.strip(Span::new(start.min(end), end), " ,.;:-–—");
        let (start, mut end) = (whole.start, whole.end);
        let text = &v.text[start..end];
        for rule in self.cx.patterns("place-end") {
            if let Some(m) = rule
                .regex
                .captures(text)
                .and_then(|c| c.name("end").or_else(|| c.name("stop")).or_else(|| c.name("note")))
                .filter(|m| m.as_str() != "." || !abbreviates(v, Span::new(start + m.end(), end)))
            {
                end = end.min(start + m.start());
            }
        }
        v.strip(Span::new(start, end), " ,.;:-–—")
    }

    /// Whether a field's whole value may be a place: few words, no sentence, no placeholder.
    fn plausible(&self, region: Span, holds_spot: bool) -> bool {
        let v = self.v();
        let text = v.of(region);
        let words = text.split_whitespace().count();
        let shaped = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            || text.bytes().any(|b| b.is_ascii_digit());
        let small = text.split_whitespace().skip(1).filter(|w| w.starts_with(char::is_lowercase)).count();
        shaped
            && region.len() < 120
            && words <= 12
            && (holds_spot || small * 2 <= words)
            && !v.has(region, Set::Placeholder)
    }

    fn place_score(&self, spot: &Spot, all: &[Spot], labelled: bool) -> f32 {
        let v = self.v();
        let g = self.cx.g;
        let line = self.line_of(spot.span);
        let near = self.around(spot.span, 90, 60);
        let head = self.around(spot.span, 24, 0);
        let before = v.text[head.start..spot.span.start].to_lowercase();
        let house = spot.has(Sort::House);
        let number = spot.number();
        let again = number
            .is_some_and(|n| all.iter().any(|o| o.span != spot.span && o.number().is_some_and(|m| v.of(m) == v.of(n))));
        let contact = v.marks_in(line).any(|m| matches!(m.kind, MarkKind::Phone | MarkKind::Email))
            || v.has(line, Set::ContactLabel);
        let outside =
            |set: Set| v.phrases(line, set).any(|(s, _)| !spot.span.overlaps(s) && !v.of(spot.span).contains(v.of(s)));
        let other = v.phrases(near, Set::Kind).any(|(_, p)| matches!(p.value.as_ref(), "break" | "meal" | "social"));
        let table = [
            (true, "seminar/place-base"),
            (labelled, "seminar/place-labelled"),
            (spot.parts.is_empty(), "seminar/place-whole-field"),
            (house && number.is_some(), "seminar/place-house-number"),
            (house && spot.has(Sort::Room), "seminar/place-house-room"),
            (house && !spot.has(Sort::Room) && number.is_none(), "seminar/place-house"),
            (!house && spot.has(Sort::Room), "seminar/place-room"),
            (!house && spot.has(Sort::Room) && spot.has(Sort::Body), "seminar/place-body-room"),
            (spot.has(Sort::Body) && spot.parts.len() == 1 && number.is_none(), "seminar/place-body"),
            (spot.has(Sort::Body) && number.is_some(), "seminar/place-body-number"),
            (spot.has(Sort::Word) && spot.parts.len() == 1, "seminar/place-word"),
            (spot.has(Sort::Code), "seminar/place-code"),
            (spot.has(Sort::Number), "seminar/place-number"),
            (self.near_slot(spot.span), "seminar/near-slot"),
            (v.whens(near).any(|(_, w)| w.score >= 0.4), "seminar/place-timed"),
            (v.whens(line).any(|(_, w)| w.score >= 0.4), "seminar/place-timed-line"),
            (line.len() <= spot.span.len() + 4, "seminar/place-own-line"),
            (self.says("place-before", &before), "seminar/place-in"),
            (again, "seminar/place-again"),
            (contact, "seminar/place-contact"),
            (other, "seminar/place-other"),
            (outside(Set::Unit) || outside(Set::Body) || outside(Set::KnownBody), "seminar/place-affiliation"),
            (self.says("place-not", &before), "seminar/place-not"),
        ];
        sum(g, &table)
    }

    /// House and room of a spot.
    fn place_value(&self, spot: &Spot) -> Option<PlaceValue> {
        if spot.parts.is_empty() {
            let flat = Flat::new(self.cx.s, &[spot.span], "");
            let read = place(self.cx, &flat, flat.all(), true);
            if read.name.is_some() && (read.room.is_some() || read.city.is_some()) {
                return Some(read);
            }
            return Some(PlaceValue { name: self.place_read(&[spot.span], spot), ..PlaceValue::default() });
        }
        let (mut name, mut room): (Vec<Span>, Vec<Span>) = (Vec::new(), Vec::new());
        for part in &spot.parts {
            match (part.sort, part.number) {
                (Sort::Room | Sort::Word | Sort::Number, _) => match room.last_mut() {
                    Some(last) if part.span.start <= last.end + 2 => last.end = part.span.end,
                    _ => room.push(part.span),
                },
                (Sort::Code, _) if spot.has(Sort::House) => room.push(part.span),
                (_, Some(n)) if n != part.span => {
                    let words = if n.start == part.span.start {
                        Span::new(n.end, part.span.end)
                    } else {
                        Span::new(part.span.start, n.start)
                    };
                    name.push(self.v().strip(words, " ,#-"));
                    room.push(n);
                }
                _ => name.push(part.span),
            }
        }
        // two houses: from the first to the second as it stands
        if let (Some(a), Some(b)) = (name.first(), name.last()) {
            let between = Span::new(a.start, b.end);
            if name.len() > 1 && !room.iter().any(|r| between.overlaps(*r)) {
                name = vec![between];
            }
        }
        // where house and room stand far apart, the place is given whole
        let mut all: Vec<Span> = name.iter().chain(&room).copied().collect();
        all.sort();
        if all.windows(2).any(|w| w[1].start > w[0].end + 12) {
            name = vec![spot.span];
            room.clear();
        }
        Some(PlaceValue {
            name: self.place_read(&name, spot),
            room: self.place_read(&room, spot),
            ..PlaceValue::default()
        })
    }

    fn place_read(&self, pieces: &[Span], spot: &Spot) -> Option<Grounded> {
        if pieces.is_empty() {
            return None;
        }
        let join = "s".repeat(pieces.len() - 1);
        Grounded::read(self.cx.s.text, self.cx.g, pieces, &join, "name", &[], &spot.rule, 0.85)
    }

    /// What the lines right below the place's own tell: the house, its address, the city.
    fn below(&self, spot: &Spot, mut found: PlaceValue) -> PlaceValue {
        const LINES: usize = 4;
        const LONGEST: usize = 140;
        let lines = &self.cx.s.lines;
        let own = self.line_at(spot.span.end.saturating_sub(1));
        let behind = self.v().strip(Span::new(spot.span.end, lines.get(own).map_or(0, |l| l.span.end)), " .,;");
        if !behind.is_empty() {
            let line = lines.get(own).map_or(spot.span, |l| Span::new(spot.span.start, l.span.end));
            if self.v().text[spot.span.end..].starts_with(',') && line.len() <= LONGEST {
                let flat = Flat::new(self.cx.s, &[line], "");
                let read = place(self.cx, &flat, flat.all(), true);
                found.city = found.city.or(read.city);
                found.country = found.country.or(read.country);
            }
            return found;
        }
        let mut house: Option<Span> = None;
        for line in lines.iter().skip(own + 1).take(LINES).take_while(|l| l.blanks == 0 && self.place_line(l.span)) {
            let flat = Flat::new(self.cx.s, &[line.span], "");
            let read = place(self.cx, &flat, flat.all(), false);
            if read.city.is_some() || read.address.is_some() {
                found.city = read.city;
                found.country = read.country;
                found.address = read.address;
                break;
            }
            house = house.or(Some(line.span)).filter(|h| unnamed(self.cx, *h));
        }
        // "Blue Hall, 2nd floor" above a house's name: all of it is the room
        let v = self.v();
        let worded = spot.parts.iter().any(|p| p.sort == Sort::House && v.has(p.span, Set::Place));
        if let Some(house) = house.filter(|_| !worded && spot.has(Sort::Room) && found.city.is_some()) {
            let room = self.place_read(&[spot.span], spot);
            found.name = self.place_read(&[house], spot).or(found.name);
            found.room = room.or(found.room);
        }
        found
    }

    /// Whether a line can go on with a place: short, capitalised, nothing of another sort in it.
    fn place_line(&self, span: Span) -> bool {
        let v = self.v();
        let other = v.marks_in(span).any(|m| match &m.kind {
            MarkKind::When(w) => w.score >= 0.5,
            MarkKind::Date(_) | MarkKind::Phone | MarkKind::Email | MarkKind::Url => true,
            MarkKind::Phrase(set, _) => matches!(set, Set::Honorific | Set::Role | Set::Field | Set::Kind),
            _ => false,
        });
        span.len() <= 60 && !other && v.of(span).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    }
}
