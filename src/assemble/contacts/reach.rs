//! Headings that give a country to the people below them, and where their reach ends.
//!
//! In: the lines of a list. Out: the country that holds for a line. Never: reads an address's last line as a heading.

use super::*;

/// A country that stands over a list of people.
pub(super) struct Country {
    /// The country.
    pub(super) value: Grounded,
    /// The format's level, 0 where the text has none.
    level: u8,
    capitals: bool,
}

impl Builder<'_, '_> {
    /// Whether line `i` is a country's name over people; another heading of its level ends an earlier one's reach.
    pub(super) fn country_heading(&mut self, v: View, i: usize, span: Span) -> bool {
        let lines = &self.cx.s.lines;
        let line = &lines[i];
        let bare = v.strip(span, " *#:.");
        let apart = line.blanks > 0 || line.heading > 0 || i == 0;
        let named = lines
            .get(i + 1)
            .is_some_and(|next| next.blanks > 0 && line.blanks > 0 || crate::parse::names::starts(v, next.span));
        if apart && named && v.is(bare, Set::Country) {
            self.close();
            let value = Grounded::read(
                self.cx.s.text,
                self.cx.g,
                &[bare],
                "",
                "",
                &["lexicon:country"],
                "base/contacts/country-heading",
                0.85,
            );
            self.country = value.map(|value| Country { value, level: line.heading, capitals: capitals(v.of(bare)) });
            return self.country.is_some();
        }
        if self.country.as_ref().is_some_and(|c| ends(c, v, line, span)) {
            self.close();
            self.country = None;
        }
        false
    }
}

/// Whether a line is a heading of a country's level or above it.
fn ends(c: &Country, v: View, line: &Line, span: Span) -> bool {
    let person = crate::parse::names::starts(v, span);
    let apart = line.blanks > 0 && !person;
    match c.level {
        0 => {
            apart
                && (c.capitals && capitals(v.of(span))
                    || crate::segment::leading_number(v.text, span).is_some()
                    || v.phrase_at(span.start, Set::ContactsHead).is_some())
        }
        level => line.heading > 0 && line.heading <= level,
    }
}

fn capitals(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !text.chars().any(char::is_lowercase)
}
