//! The numbers that a word processor puts before its paragraphs.
//!
//! In: the levels of a list, as its format describes them, and one paragraph after another. Out: the number as text.
//! Never: reads a document.

/// Levels of a list.
pub(super) const LEVELS: usize = 10;
/// A number with letters or Roman is no longer than this; beyond it digits stand.
const MOST_LETTERS: i64 = 26 * 30;
const MOST_ROMAN: i64 = 3_999;

/// How a number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    Decimal,
    /// With a zero before a single digit.
    Padded,
    UpperRoman,
    LowerRoman,
    UpperLetter,
    LowerLetter,
    /// A bullet, or nothing at all.
    None,
}

/// One level of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    pub format: Format,
    /// What is written, `%1` to `%9` (and `%0` for the tenth) standing for the numbers of the levels.
    pub text: String,
    pub start: i64,
    /// The level (from 1) whose next number sets this one back; 0 for none; nothing for any higher level.
    pub restart: Option<i64>,
    /// All numbers are written in digits.
    pub digits: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { format: Format::None, text: String::new(), start: 1, restart: None, digits: false }
    }
}

/// The numbers that a list has come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters([Option<i64>; LEVELS]);

impl Counters {
    /// Counts on at `level`.
    pub fn step(&mut self, levels: &[Level], level: usize) {
        let level = level.min(LEVELS - 1);
        let start = levels.get(level).map_or(1, |l| l.start);
        for (at, counter) in self.0.iter_mut().enumerate() {
            if at < level && counter.is_none() {
                *counter = Some(levels.get(at).map_or(1, |l| l.start));
            } else if at == level {
                *counter = Some(counter.map_or(start, |n| n.saturating_add(1)));
            } else if at > level {
                let restart = levels.get(at).and_then(|l| l.restart);
                if restart.is_none_or(|r| r > 0 && (level as i64) < r) {
                    *counter = None;
                }
            }
        }
    }

    /// The next number at `level` will be `start`.
    pub fn set_back(&mut self, level: usize, start: i64) {
        if let Some(counter) = self.0.get_mut(level) {
            *counter = Some(start.saturating_sub(1));
        }
    }

    /// The number at `level` as text; nothing for a bullet.
    pub fn label(&self, levels: &[Level], level: usize) -> Option<String> {
        let here = levels.get(level.min(LEVELS - 1))?;
        if here.format == Format::None && !here.text.chars().any(char::is_alphanumeric) {
            return None;
        }
        let mut out = String::new();
        let mut chars = here.text.chars().peekable();
        while let Some(c) = chars.next() {
            let named = chars.peek().and_then(|d| d.to_digit(10)).filter(|_| c == '%');
            let Some(named) = named else {
                out.push(c);
                continue;
            };
            chars.next();
            let at = if named == 0 { 9 } else { named as usize - 1 };
            let format = levels.get(at).map_or(Format::Decimal, |l| l.format);
            let format = if here.digits { Format::Decimal } else { format };
            let number = self.0.get(at).copied().flatten().or_else(|| levels.get(at).map(|l| l.start));
            out.push_str(&written(number.unwrap_or(1), format));
        }
        let out = out.trim();
        out.chars().any(char::is_alphanumeric).then(|| out.to_owned())
    }
}

/// A number as text.
pub(super) fn written(number: i64, format: Format) -> String {
    match format {
        Format::None => String::new(),
        Format::Padded if (0..10).contains(&number) => format!("0{number}"),
        Format::UpperRoman if (1..=MOST_ROMAN).contains(&number) => roman(number),
        Format::LowerRoman if (1..=MOST_ROMAN).contains(&number) => roman(number).to_lowercase(),
        Format::UpperLetter if (1..=MOST_LETTERS).contains(&number) => letters(number, b'A'),
        Format::LowerLetter if (1..=MOST_LETTERS).contains(&number) => letters(number, b'a'),
        _ => number.to_string(),
    }
}

/// `A` to `Z`, then `AA`, `BB`.
fn letters(number: i64, first: u8) -> String {
    let (times, letter) = ((number - 1) / 26 + 1, (number - 1) % 26);
    let letter = char::from(first.saturating_add(u8::try_from(letter).unwrap_or(0)));
    std::iter::repeat_n(letter, usize::try_from(times).unwrap_or(1)).collect()
}

fn roman(mut number: i64) -> String {
    const STEPS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    for (value, text) in STEPS {
        while number >= value {
            out.push_str(text);
            number -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(format: Format, text: &str) -> Level {
        Level { format, text: text.into(), ..Level::default() }
    }

    #[test]
    fn numbers_are_written_as_their_format_has_it() {
        let cases = [
            (4, Format::Decimal, "4"),
            (4, Format::Padded, "04"),
            (14, Format::Padded, "14"),
            (1994, Format::UpperRoman, "MCMXCIV"),
            (9, Format::LowerRoman, "ix"),
            (27, Format::LowerLetter, "aa"),
            (28, Format::UpperLetter, "BB"),
            (0, Format::UpperRoman, "0"),
            (i64::MAX, Format::LowerLetter, "9223372036854775807"),
        ];
        for (number, format, text) in cases {
            assert_eq!(written(number, format), text);
        }
    }

    #[test]
    fn a_higher_level_sets_the_lower_ones_back() {
        let levels = [level(Format::Decimal, "%1."), level(Format::LowerLetter, "%1.%2)")];
        let mut counters = Counters::default();
        let mut labels = Vec::new();
        for at in [0, 1, 1, 0, 1] {
            counters.step(&levels, at);
            labels.push(counters.label(&levels, at).unwrap_or_default());
        }
        assert_eq!(labels, ["1.", "1.a)", "1.b)", "2.", "2.a)"]);
    }

    #[test]
    fn a_bullet_has_no_number() {
        let levels = [level(Format::None, "\u{f0b7}")];
        let mut counters = Counters::default();
        counters.step(&levels, 0);
        assert_eq!(counters.label(&levels, 0), None);
    }
}
