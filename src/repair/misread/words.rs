//! Words that no list has, and what stood there.
//!
//! In: a text that shows damage. Out: the changes that make a known word of an unknown one: a sign read for another, a
//! letter lost. Never: changes a word that a list has, or one that several readings would explain as well.

use crate::grammar::{Grammar, Set, Slot, WordInfo, fold, folded};
use crate::model::Span;

use super::super::Change;
use super::evidence::replaced;
use super::own::{Count, Own};
use super::spaces;
use super::tokens::{Token, tokens};
use super::verbs;

/// What one sign less costs against one sign for another.
const LOST: f32 = 1.0;
/// The best reading is better than the next by at least so much.
const AHEAD: f32 = 0.75;
/// And weighs at least so much.
const ENOUGH: f32 = 1.5;
/// What a letter lost costs less where a name is due.
const NAMED: f32 = 0.4;
/// What it is worth that an address spells a name, or a name an address.
const SPELLED: f32 = 1.0;
/// Words of at least so many letters may be misread twice.
const LONG: usize = 8;
/// Letters that a lost one may have been.
pub(super) const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz";

/// One way to read an unknown word.
#[derive(Clone, Debug)]
struct Reading {
    /// Folded.
    word: String,
    /// What is replaced, in the word.
    changes: Vec<(Span, String, usize)>,
    score: f32,
}

/// What an unknown word is read with.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) g: &'a Grammar,
    pub(super) own: Own,
}

/// Adds to `changes`, which are in order, what is to be changed in words that they leave alone.
pub(super) fn changes(text: &str, g: &Grammar, changes: &mut Vec<Change>) {
    let reader = Reader { text, g, own: Own::of(text) };
    let before = changes.len();
    for token in tokens(text) {
        let next = changes[..before].partition_point(|c| c.span.end <= token.span.start);
        if !changes[..before].get(next).is_some_and(|c| c.span.overlaps(token.span)) {
            reader.token(token, changes);
        }
    }
}

impl Reader<'_> {
    fn token(&self, token: Token, changes: &mut Vec<Change>) {
        let shape = token.shape;
        let letters = usize::from(shape.lower + shape.upper);
        let word = token.span.of(self.text);
        if let Some(change) = verbs::change(self, word, token) {
            changes.push(change);
            return;
        }
        if shape.len() < 5 && self.titled(token) {
            changes.extend(self.honorific(word, token));
            return;
        }
        // "0f", "t0"
        let tiny = letters == 1 && shape.lower == 1 && shape.digits == 1 && !shape.address;
        let ordinal = shape.upper == 0
            && shape.lower == 2
            && word.starts_with(|c: char| c.is_ascii_digit())
            && ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end));
        if ordinal || letters < 2 && !tiny || usize::from(shape.digits) > letters {
            return;
        }
        let folded = fold(word);
        let is_odd = shape.is_odd();
        let info = self.g.lexicons.folded(&folded);
        let seen = self.own.count(&folded).all;
        // a word of another language, or a name, that stands once where one of the document's own may stand
        let known = if shape.is_small() && !shape.address { info.is_word() } else { info.is_known() };
        let rare = shape.len() > 4 || shape.is_small() && !info.listed;
        let doubtful = known && !info.common && seen == 1 && rare && !shape.address;
        if !is_odd && (known && !doubtful || seen > 2) {
            return;
        }
        let before = Try { token, seen, doubtful, named: self.named(token), done: Vec::new() };
        let mut readings = Vec::new();
        self.signs(word, &before, &mut readings);
        self.letters(word, &before, &mut readings);
        if readings.iter().all(|r| r.score < ENOUGH) && shape.len() >= LONG {
            self.twice(word, &before, &mut readings);
        }
        let found = decide(readings).map(|r| r.changes);
        let found = found.or_else(|| if doubtful { None } else { spaces::split(self, word, token) });
        let found = found.or_else(|| self.shape(word, &before));
        for (at, to, rule) in found.into_iter().flatten() {
            changes.push(Change { span: at.shifted(token.span.start), to, rule });
        }
    }

    /// Whether a given name follows what is no word ("of", a bullet's "o"), so that an honorific may stand here.
    fn titled(&self, token: Token) -> bool {
        let word = token.span.of(self.text);
        let rest = &self.text[token.span.end..];
        let pointed = rest.starts_with(['.', ',']);
        let initial = token.shape.len() == 1 && token.shape.capital && pointed;
        let next = rest.trim_start_matches(['.', ',']).strip_prefix(' ').unwrap_or("");
        let name = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let given = || name.starts_with(char::is_uppercase) && self.g.lexicons.word(name).given > 1;
        let shaped = (pointed || token.shape.capital) && !self.g.lexicons.word(word).is_word();
        !initial && shaped && token.shape.digits == 0 && given() && self.g.lookup(Set::Honorific, word).is_none()
    }

    /// The honorific of the document that a letter or a sign is gone from.
    fn honorific(&self, word: &str, token: Token) -> Option<Change> {
        let before = Try { token, seen: 0, doubtful: false, named: false, done: Vec::new() };
        let mut found: Vec<(u32, Change)> = Vec::new();
        let mut buffer = String::new();
        let mut weigh = |at: Span, by: &str, rule: usize| {
            replaced(word, at, by, &mut buffer);
            let count = self.own.count(&fold(&buffer)).all;
            if count > 1 && self.g.lookup(Set::Honorific, &buffer).is_some() {
                let mut by = by.to_owned();
                if at.start == 0 {
                    by = by.chars().take(1).flat_map(char::to_uppercase).chain(by.chars().skip(1)).collect();
                }
                found.push((count, Change { span: at.shifted(token.span.start), to: by, rule }));
            }
        };
        self.each_sign(word, &before, &mut weigh);
        self.each_letter(word, &before, &mut weigh);
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.span.cmp(&b.1.span)));
        let second = found.get(1).map_or(0, |f| f.0);
        found.into_iter().next().filter(|(count, _)| *count >= second * 3).map(|(_, change)| change)
    }

    /// Whether an honorific or a given name stands before a capitalised word, so that it is somebody's name.
    fn named(&self, token: Token) -> bool {
        let before = self.text[..token.span.start].trim_end_matches([' ', '.', ',']);
        let start = before.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |n| n + 1);
        let word = before.get(start..).unwrap_or("");
        let gap = token.span.start - before.len();
        let given = || word.starts_with(char::is_uppercase) && self.g.lexicons.word(word).given > 1;
        token.shape.capital
            && (1..3).contains(&gap)
            && word.len() > 1
            && (self.g.lookup(Set::Honorific, word).is_some() || gap == 1 && given())
    }

    /// Signs that no word has inside, put right where each has one reading, whatever the word is.
    fn shape(&self, word: &str, before: &Try) -> Option<Vec<(Span, String, usize)>> {
        let shape = before.token.shape;
        if !shape.is_odd() && shape.digits == 0 || shape.digits > 1 || shape.len() < 4 || shape.address {
            return None;
        }
        let mut changes = Vec::new();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let small = |c: Option<char>| c.is_some_and(char::is_lowercase);
        for (at, c) in word.char_indices() {
            let (left, right) = (word[..at].chars().next_back(), word[at + c.len_utf8()..].chars().next());
            let inside = c.is_ascii_digit() && letter(left) && letter(right)
                || c == 'I' && small(left) && small(right) && left != Some('c');
            if inside {
                let case = |m: &str| m.starts_with(char::is_lowercase) == (small(left) || small(right)) || c == '8';
                let mut meant = self.g.misreadings.at(Slot::Word, &word[at..]).filter(|(_, _, m)| case(m));
                let (rule, seen, to) = meant.next()?;
                changes.push((Span::new(at, at + seen), to.to_owned(), rule));
            } else if c.is_ascii_digit() {
                return None;
            }
        }
        (!changes.is_empty()).then_some(changes)
    }

    /// Readings in which one sign stands for another.
    fn signs(&self, word: &str, before: &Try, readings: &mut Vec<Reading>) {
        let mut buffer = String::new();
        self.each_sign(word, before, &mut |at, meant, rule| {
            replaced(word, at, meant, &mut buffer);
            self.weigh(&mut buffer, before, sign_cost(before.token), (at, meant, rule), readings);
        });
    }

    /// Readings in which two signs stand for others, or a sign that no word has there stands for another and a letter is lost.
    fn twice(&self, word: &str, before: &Try, readings: &mut Vec<Reading>) {
        let mut firsts = Vec::new();
        self.each_sign(word, before, &mut |at, meant, rule| firsts.push((at, meant.to_owned(), rule)));
        let mut buffer = String::new();
        for first in firsts {
            replaced(word, first.0, &first.1, &mut buffer);
            let once = buffer.clone();
            let rest = first.0.start + first.1.len();
            let odd = first.0.of(word).starts_with(|c: char| c.is_ascii_digit() || c.is_uppercase());
            let moved = first.0.len() as isize - first.1.len() as isize;
            let after = Try { done: vec![first], ..before.clone() };
            let mut second = String::new();
            self.each_sign(&once, before, &mut |at, meant, rule| {
                if at.start >= rest {
                    replaced(&once, at, meant, &mut second);
                    let home = Span::new(at.start.saturating_add_signed(moved), at.end.saturating_add_signed(moved));
                    let cost = if before.token.shape.upper > 0 && !odd { 1.25 } else { 0.5 };
                    self.weigh(&mut second, &after, cost, (home, meant, rule), readings);
                }
            });
            if odd && moved == 0 && !before.token.shape.address {
                self.letters(&once, &after, readings);
            }
        }
    }

    /// Each sign of `word` that may stand for another.
    fn each_sign(&self, word: &str, before: &Try, f: &mut dyn FnMut(Span, &str, usize)) {
        let shape = before.token.shape;
        for (at, _) in word.char_indices() {
            for (rule, seen, meant) in self.g.misreadings.at(Slot::Word, &word[at..]) {
                let capital = meant.starts_with(char::is_uppercase);
                let fits = match (at, capital) {
                    (0, true) => shape.lower > 0 && !before.token.shape.address,
                    (0, false) => {
                        !shape.capital
                            || meant.starts_with(char::is_lowercase) && shape.lower == 0
                            || !word.starts_with('I')
                    }
                    (_, true) => shape.lower == 0 || shape.upper > shape.lower,
                    (_, false) => true,
                };
                if fits {
                    f(Span::new(at, at + seen), meant, rule);
                }
            }
        }
    }

    /// Readings in which a letter was lost.
    fn letters(&self, word: &str, before: &Try, readings: &mut Vec<Reading>) {
        let shape = before.token.shape;
        if word.bytes().any(|b| b.is_ascii_digit()) || shape.len() < if shape.lower == 0 { 5 } else { 3 } {
            return;
        }
        let cost = lost_cost(before.token) - if before.named { NAMED } else { 0.0 };
        let mut buffer = String::new();
        self.each_letter(word, before, &mut |span, by, rule| {
            replaced(word, span, by, &mut buffer);
            self.weigh(&mut buffer, before, cost, (span, by, rule), readings);
        });
    }

    /// Each letter that may be gone from `word`, with the sign that it stands before or, at the end, behind.
    fn each_letter(&self, word: &str, before: &Try, f: &mut dyn FnMut(Span, &str, usize)) {
        let Some(rule) = self.g.misreadings.lost(Slot::LostLetter) else { return };
        let all_capitals = before.token.shape.lower == 0 && before.token.shape.len() > 1;
        let mut last: Option<char> = None;
        let mut by = String::new();
        for (at, next) in word.char_indices().map(|(at, c)| (at, Some(c))).chain([(word.len(), None)]) {
            for letter in ALPHABET.chars() {
                // a doubled letter is the same wherever it is put in
                if last.is_some_and(|l| l.to_ascii_lowercase() == letter) {
                    continue;
                }
                let letter = if all_capitals { letter.to_ascii_uppercase() } else { letter };
                by.clear();
                let span = match (next, last) {
                    (Some(c), _) => {
                        by.extend([letter, c]);
                        Span::new(at, at + c.len_utf8())
                    }
                    (None, Some(c)) => {
                        by.extend([c, letter]);
                        Span::new(at - c.len_utf8(), at)
                    }
                    (None, None) => continue,
                };
                if !before.done.iter().any(|(s, _, _)| s.overlaps(span)) {
                    f(span, &by, rule);
                }
            }
            last = next;
        }
    }

    fn weigh(
        &self,
        candidate: &mut str,
        before: &Try,
        cost: f32,
        (at, by, rule): (Span, &str, usize),
        readings: &mut Vec<Reading>,
    ) {
        candidate.make_ascii_lowercase();
        let word = folded(candidate);
        let (info, count) = (self.g.lexicons.folded(&word), self.told_by(&word, before.token));
        // most candidates are no words at all
        if !info.is_known() && count.all == 0 {
            return;
        }
        let score = self.support(info, count, before) - cost;
        if score <= 0.0 || word.bytes().any(|b| b.is_ascii_digit()) {
            return;
        }
        let mut changes = before.done.clone();
        changes.push((at, by.to_owned(), rule));
        self.capital(&mut changes, &word, info, before.token);
        readings.push(Reading { word: word.into_owned(), changes, score });
    }

    /// What stands for a word's first sign has the case of its place.
    fn capital(&self, changes: &mut [(Span, String, usize)], word: &str, info: WordInfo, token: Token) {
        if token.shape.lower == 0 {
            changes.iter_mut().for_each(|(_, by, _)| by.make_ascii_uppercase());
            return;
        }
        let Some((at, by, rule)) = changes.iter_mut().find(|(at, _, _)| at.start == 0) else { return };
        // where the rule leaves the case open
        let meant = |n: &usize| self.g.misreadings.get(*n).map_or(&[][..], |m| &m.meant);
        if meant(rule).len() == 1 {
            return;
        }
        if token.shape.address || token.shape.capital && at.len() < by.len() && at.of(word).len() > 1 {
            return;
        }
        let capital = self.own.wants_capital(self.text, token, word, info.is_word());
        let mut chars = by.chars();
        if let Some(first) = chars.next() {
            let rest = chars.as_str().to_lowercase();
            *by = if capital {
                first.to_uppercase().chain(rest.chars()).collect()
            } else {
                first.to_lowercase().chain(rest.chars()).collect()
            };
        }
    }

    /// How often the document has a word; for what stands before the sign of an address also behind an initial: "alee@".
    fn told_by(&self, word: &str, token: Token) -> Count {
        let count = self.own.count(word);
        let local = token.shape.address && self.text[token.span.end..].starts_with('@');
        match word.get(1..).filter(|w| local && count.capital == 0 && w.len() > 3) {
            Some(family) => self.own.count(family),
            None => count,
        }
    }

    /// What lists and the document say for a word.
    fn support(&self, info: WordInfo, count: Count, before: &Try) -> f32 {
        let shape = before.token.shape;
        let mut best: f32 = 0.0;
        if info.foreign {
            best = 1.0;
        }
        if info.common {
            best = 2.0;
        }
        if info.listed {
            best = 2.5;
        }
        let name = info.given.max(info.family);
        if before.named && name == 0 {
            best = 0.0;
        }
        if name > 0 && (shape.upper > 0 || shape.digits > 0 || !info.is_word()) {
            best = best.max(0.5 + 0.6 * f32::from(name));
        }
        let own = count.all;
        // an address has a name that stands in the text, or a word of another address
        let told = count.capital > 0 && own >= before.seen || own > before.seen + u32::from(shape.len() < 4);
        if shape.address && !told
            || before.doubtful && (own < 3 || !info.listed && !info.common)
            || shape.len() == 2 && !info.listed
        {
            return 0.0;
        }
        if own > before.seen || own > 0 && (info.is_known() || shape.address) {
            best += if info.is_known() { 1.5 } else { 1.0 + 0.5 * own.min(3) as f32 };
        }
        // an address and a name tell the same letters
        if shape.address || shape.capital && count.address > 0 {
            best += SPELLED;
        }
        // what stands there again and again is meant
        best - before.seen.saturating_sub(1) as f32
    }
}

/// A word on its way.
#[derive(Clone)]
struct Try {
    token: Token,
    /// How often it stands in the document as it is.
    seen: u32,
    /// Whether a list has it, though no list of common words.
    doubtful: bool,
    /// Whether it must be somebody's name.
    named: bool,
    /// What was changed already.
    done: Vec<(Span, String, usize)>,
}

/// What a sign for another costs: more in short names, which any other is near to.
fn sign_cost(token: Token) -> f32 {
    let short = 5usize.saturating_sub(token.shape.len()) as f32;
    if token.shape.upper > 0 { 0.75 * short } else { 0.25 * short }
}

fn lost_cost(token: Token) -> f32 {
    let len = token.shape.len();
    if token.shape.upper > 0 {
        LOST + 0.5 * 7usize.saturating_sub(len) as f32
    } else {
        LOST + 0.3 * 6usize.saturating_sub(len) as f32
    }
}

/// The reading that is far enough ahead of the others.
fn decide(mut readings: Vec<Reading>) -> Option<Reading> {
    readings.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.changes.cmp(&b.changes)));
    let best = readings.first()?;
    let second = readings.iter().find(|r| r.word != best.word).map_or(0.0, |r| r.score);
    let sure = best.score >= ENOUGH && best.score >= second + AHEAD;
    sure.then(|| readings.swap_remove(0))
}
