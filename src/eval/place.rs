//! Where a value of gold stands in the text that it should have been read from.
//!
//! In: the text, a value as gold gives it. Out: lines, the likeliest first. Never: reads a record.

use rustc_hash::FxHashMap;

use crate::grammar::{Grammar, Set};

use super::fold::fold;

/// Share of a value's words that must stand together.
const ENOUGH: f64 = 0.5;

/// The words of a text with their lines.
pub struct Words {
    words: Vec<(usize, String)>,
    places: FxHashMap<String, Vec<usize>>,
    lines: Vec<String>,
}

impl Words {
    /// Of a text; lines count from 1.
    pub fn new(text: &str) -> Self {
        let lines: Vec<String> = text.split('\n').map(fold).collect();
        let mut words = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            words.extend(words_of(line).map(|w| (n + 1, w.to_owned())));
        }
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (n, (_, word)) in words.iter().enumerate() {
            places.entry(word.clone()).or_default().push(n);
        }
        Words { words, places, lines }
    }

    /// Lines on which most words of `value` begin to stand together, best first.
    pub fn text(&self, value: &str) -> Vec<usize> {
        let folded = fold(value);
        let wanted: Vec<&str> = words_of(&folded).collect();
        let mut found: Vec<(usize, usize)> = Vec::new();
        // Where the first words are damaged, the third may still stand.
        for (skipped, first) in wanted.iter().enumerate().take(3) {
            for at in self.places.get(*first).into_iter().flatten() {
                let window = &self.words[*at..(*at + wanted.len() + 2).min(self.words.len())];
                let held = wanted[skipped..].iter().filter(|w| window.iter().any(|(_, x)| x == *w)).count();
                if held as f64 >= ENOUGH * wanted.len() as f64 {
                    found.push((held, self.words[*at].0));
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let best = found.first().map_or(0, |f| f.0);
        let mut lines: Vec<usize> = found.into_iter().filter(|f| f.0 == best).map(|f| f.1).collect();
        lines.dedup();
        lines
    }

    /// Lines that hold the clock times of a slot: those with both, else those with the start.
    pub fn slot(&self, start: &str, end: &str) -> Vec<usize> {
        let with = |time: &str| self.where_line(|line| has_time(line, time));
        let starts = with(start);
        let both: Vec<usize> = starts.iter().copied().filter(|l| has_time(&self.lines[l - 1], end)).collect();
        if both.is_empty() { starts } else { both }
    }

    /// Lines that hold the last digits of a number.
    pub fn number(&self, number: &str) -> Vec<usize> {
        let digits = |t: &str| t.chars().filter(char::is_ascii_digit).collect::<String>();
        let own = digits(number);
        let tail = own.get(own.len().saturating_sub(6)..).unwrap_or("").to_owned();
        if tail.len() < 4 { Vec::new() } else { self.where_line(|line| digits(line).contains(&tail)) }
    }

    /// Lines that hold the day and the month of an ISO date.
    pub fn date(&self, date: &str, grammar: &Grammar) -> Vec<usize> {
        let mut parts = date.split('-').skip(1).map(|p| p.trim_start_matches('0'));
        let (Some(month), Some(day)) = (parts.next(), parts.next()) else { return Vec::new() };
        self.where_line(|line| {
            let is = |w: &str, n: &str| w.trim_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0') == n;
            let named = |w: &str| grammar.lookup(Set::Month, w).is_some_and(|p| &*p.value == month);
            words_of(line).any(|w| is(w, day)) && words_of(line).any(|w| is(w, month) || named(w))
        })
    }

    fn where_line(&self, holds: impl Fn(&str) -> bool) -> Vec<usize> {
        self.lines.iter().enumerate().filter(|(_, l)| holds(l)).map(|(n, _)| n + 1).collect()
    }
}

fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Whether a folded line holds a clock time, however it is written.
fn has_time(line: &str, time: &str) -> bool {
    let Some((hour, minute)) = time.split_once(':') else { return false };
    let Ok(hour) = hour.parse::<u32>() else { return false };
    let hours = [hour, if hour > 12 { hour - 12 } else { hour + 12 }];
    let mut numbers = line.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).peekable();
    while let Some(n) = numbers.next() {
        let joined = n.len() >= 3 && n.ends_with(minute) && n[..n.len() - 2].parse().is_ok_and(|h| hours.contains(&h));
        let whole = n.len() <= 2 && n.parse().is_ok_and(|h| hours.contains(&h));
        if joined || whole && (minute == "00" || numbers.peek() == Some(&minute)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_however_they_are_written() {
        for line in ["09:30 tea", "9.30 - 10", "9h30", "at 0930", "9:30 pm"] {
            assert!(has_time(line, "09:30"), "{line}");
        }
        assert!(has_time("9 pm", "21:00"));
        assert!(!has_time("19:30 tea", "09:31"));
    }

    #[test]
    fn values_are_found_where_most_of_their_words_stand() {
        let words = Words::new("Programme\n10:00 Water\nand larnd (Ann Lee)\nAnn Lee\n12 May 2011, +49 30 123456\n");
        assert_eq!(words.text("Water and land"), [2]);
        assert_eq!(words.text("Ann Lee"), [3, 4]);
        assert_eq!(words.slot("10:00", "11:00"), [2]);
        assert_eq!(words.number("+4930123456"), [5]);
        assert_eq!(words.date("2011-05-12", &Grammar::builtin()), [5]);
        assert!(words.text("Nothing of that").is_empty());
    }
}
