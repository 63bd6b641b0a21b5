//! Where a person's name stands, and how surely it is one.
//!
//! A name is honorifics, two to six words that look like names, post-nominals. Weights stand in the grammars'
//! table `name`.

use crate::grammar::{Set, WordInfo};
use crate::model::Span;
use crate::scan::View;

/// A name found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct NameAt {
    /// Honorifics before it.
    pub honorific: Option<Span>,
    /// The name itself.
    pub name: Span,
    /// Post-nominals behind it.
    pub suffix: Option<Span>,
    /// How surely; 1 is enough.
    pub score: f32,
    /// A name of fewer words that is as likely.
    pub rival: Option<Span>,
}

impl NameAt {
    /// Where it ends, post-nominals included.
    pub fn end(&self) -> usize {
        self.suffix.map_or(self.name.end, |s| s.end)
    }

    /// Where it begins, honorifics included.
    pub fn start(&self) -> usize {
        self.honorific.map_or(self.name.start, |h| h.start)
    }
}

const LONGEST: usize = 6;
/// Letters of the shortest body in one word: "Seeverein".
const SHORTEST_COMPOUND: usize = 9;
/// From this length on a line of prose is full.
const FULL_LINE: usize = 50;

/// Whether a name begins at the start of `span`.
pub fn starts(v: View, span: Span) -> bool {
    name_at(v, v.trim(span)).is_some()
}

/// The name that `span` begins with.
pub fn name_at(v: View, span: Span) -> Option<NameAt> {
    name_with(v, span, 0.0)
}

/// The name that `span` begins with, where a person is expected: under a role label, in a speaker's brackets.
pub fn expected_at(v: View, span: Span) -> Option<NameAt> {
    name_with(v, span, v.grammar.weight("name/expected"))
}

/// The words that `span` begins with, where they have the shape of a name and no vocabulary knows them as something
/// else: all that stands before a comma, a bracket or the end.
pub fn shaped_at(v: View, span: Span) -> Option<NameAt> {
    let (honorific, start) = honorifics(v, span);
    let words = words(v, Span::new(start, span.end), honorific.is_some());
    let (first, last) = (words.first()?, words.last()?);
    let behind = v.of(Span::new(last.span.end, span.end)).trim_start();
    let bounded = behind.is_empty() || behind.starts_with([',', '(', ';', '[', '.', '/']);
    let common = |w: &Word| w.info.common && w.info.given == 0 && w.info.family == 0 && !w.initial;
    let other = |w: &Word| w.other && w.info.given == 0 && w.info.family == 0;
    let fits = (2..=4).contains(&words.len()) && !words.iter().any(other) && !words.iter().all(common);
    let name = v.strip(Span::new(first.span.start, last.span.end), ",;:");
    (fits && bounded && !last.particle).then(|| NameAt {
        honorific,
        name,
        suffix: suffix(v, Span::new(name.end, span.end)),
        score: 1.0,
        rival: None,
    })
}

/// The name that `span` begins with, known or not: words that nothing speaks against. Its score may be below 1, and
/// only its place can tell whether it is a name.
pub fn possible_at(v: View, span: Span) -> Option<NameAt> {
    let bonus = v.grammar.weight("name/possible");
    let n = name_with(v, span, bonus).map(|n| NameAt { score: n.score - bonus, ..n })?;
    let words: Vec<&str> = v.of(n.name).split_whitespace().collect();
    let capitals = |w: &str| w.len() > 1 && !w.ends_with('.') && w.chars().all(char::is_uppercase);
    let mixed = words.first().is_some_and(|w| capitals(w)) && !words.iter().all(|w| capitals(w) || w.len() <= 2);
    let article = words.first().is_some_and(|w| *w == "A");
    (n.honorific.is_some() || !article && (n.score >= 1.0 || !mixed)).then_some(n)
}

/// Every [possible](possible_at) name in `span`, from left to right, none inside another.
pub fn all_possible(v: View, span: Span) -> Vec<NameAt> {
    find_all(v, span, possible_at)
}

fn name_with(v: View, span: Span, bonus: f32) -> Option<NameAt> {
    let (honorific, start) = honorifics(v, span);
    if let Some(found) = super::surname::surname_first(v, honorific, Span::new(start, span.end), bonus) {
        return Some(found);
    }
    let words = words(v, Span::new(start, span.end), honorific.is_some());
    if words.is_empty() {
        return None;
    }
    let least = if honorific.is_some() { 1 } else { 2 };
    let mut best: Option<(usize, f32)> = None;
    let mut rival: Option<(usize, f32)> = None;
    for n in least..=words.len() {
        if words[n - 1].particle {
            continue;
        }
        let mut score = score(v, &words[..n], honorific.is_some()) + bonus;
        let end = words[n - 1].span.end;
        if affiliated(v, end, span.end) {
            score += v.grammar.weight("name/affiliated");
        } else if bracketed(v, end, span.end) {
            score += v.grammar.weight("name/bracketed");
        } else if bonus == 0.0 && joined(v, end, span.end) {
            score += v.grammar.weight("name/joined");
        }
        if score >= 1.0 && best.is_none_or(|(_, s)| score + 0.35 >= s) {
            rival = best.replace((n, score)).filter(|(_, s)| *s >= score);
        }
    }
    let (n, score) = best?;
    if honorific.is_none() && v.is(Span::new(words[0].span.start, words[n - 1].span.end), Set::City) {
        return None;
    }
    let rival = rival.map(|(n, _)| v.strip(Span::new(words[0].span.start, words[n - 1].span.end), ",;:"));
    let mut name = Span::new(words[0].span.start, words[n - 1].span.end);
    if v.of(name).ends_with("'s") || v.of(name).ends_with("\u{2019}s") {
        return None;
    }
    name = v.strip(name, ",;:");
    Some(NameAt { honorific, name, suffix: suffix(v, Span::new(name.end, span.end)), score, rival })
}

/// Whether "and" and another name follow.
fn joined(v: View, at: usize, end: usize) -> bool {
    let rest = v.text[at..end.max(at)].trim_start();
    let next = v.grammar.after_and(rest, false);
    next.is_some_and(|n| name_with(v, Span::new(end - n.len(), end), f32::MIN_POSITIVE).is_some_and(|n| n.score >= 1.2))
}

/// Whether a short bracket follows that ends what is looked at, or a list goes on behind it.
fn bracketed(v: View, at: usize, end: usize) -> bool {
    let rest = v.text[at..end.max(at)].trim_start();
    let Some(inner) = rest.strip_prefix('(') else { return false };
    let Some(close) = inner.find(')').filter(|c| *c <= 70) else { return inner.len() <= 70 };
    let behind = inner[close + 1..].trim_start();
    behind.is_empty()
        || behind.starts_with([',', ';', '/', '.', ':', '-', '\u{2013}'])
        || v.grammar.after_and(behind, false).is_some()
}

/// The name that ends at `end`, right before a bracket: the last two to five words before it.
pub fn before_bracket(v: View, span: Span) -> Option<NameAt> {
    let text = v.of(span).trim_end();
    let end = span.start + text.len();
    let mut starts: Vec<usize> = text.match_indices(' ').map(|(i, _)| span.start + i + 1).collect();
    starts.push(span.start);
    starts.sort_unstable_by(|a, b| b.cmp(a));
    // a title runs into no name without a stop between
    starts.retain(|s| {
        let before = v.text[span.start..*s].trim_end();
        before.is_empty()
            || before.ends_with([
                '.', ',', ':', ';', '?', '!', '-', '\u{2013}', '\u{2014}', '/', '"', '\u{201d}', '\u{bb}', '\'',
                '\u{2019}', '\t',
            ])
            || ["and", "by", "et", "und", "y"].iter().any(|w| before.ends_with(w))
            || v.text[..*s].ends_with("  ")
    });
    starts
        .into_iter()
        .take(6)
        .filter_map(|s| name_with(v, Span::new(s, end), v.grammar.weight("name/bracketed")))
        .find(|n| n.end() == end && n.name.start < n.end())
}

/// Whether a job or a body follows behind a comma or bracket.
pub(super) fn affiliated(v: View, at: usize, end: usize) -> bool {
    let rest = &v.text[at..end.max(at)];
    let column =
        rest.strip_prefix("   ").or_else(|| rest.strip_prefix('\t')).filter(|r| !r.trim_start().starts_with('('));
    let dash = [" \u{2013} ", " \u{2014} ", " - "].iter().find_map(|d| rest.strip_prefix(d));
    let Some(behind) = rest.strip_prefix(',').or(column).or(dash).or_else(|| rest.trim_start().strip_prefix('('))
    else {
        return false;
    };
    let next = end - behind.trim_start().len();
    let head = Span::new(next, v.text[next..end].find([',', ')']).map_or(end, |i| next + i));
    v.has(head, Set::Position) || v.has(head, Set::Body) || v.is(v.trim(head), Set::KnownBody)
}

/// Honorifics at the start of `span`, several in a row, and where the name would begin.
fn honorifics(v: View, span: Span) -> (Option<Span>, usize) {
    let mut at = span.start;
    let mut whole: Option<Span> = None;
    while let Some((h, _)) = v.phrase_at(at, Set::Honorific) {
        let mut end = h.end;
        if v.text[end..].starts_with('.') {
            end += 1;
        } else if v.lower && v.text[end..].starts_with(" . ") {
            end += 2;
        }
        let behind = &v.text[end..span.end.max(end)];
        let noted = |r: &crate::grammar::Pattern| r.regex.captures(behind)?.name("note").map(|m| m.end());
        end += v.grammar.patterns("honorific-note").iter().find_map(noted).unwrap_or(0);
        let rest = &v.text[end..span.end.max(end)];
        let gap = rest.len() - rest.trim_start().len();
        // "Prof. Dr." goes on; "Minister," is no honorific here
        if rest.trim_start().is_empty() || !(gap > 0 || v.text[..end].ends_with(['.', ')'])) {
            break;
        }
        whole = Some(Span::new(whole.map_or(h.start, |w| w.start), end));
        at = end + gap;
    }
    (whole, at)
}

fn suffix(v: View, span: Span) -> Option<Span> {
    let mut at = span.start;
    let mut whole: Option<Span> = None;
    loop {
        let rest = &v.text[at..span.end];
        let next = at + rest.len() - rest.trim_start_matches([',', ' ']).len();
        let Some((s, _)) = v.phrase_at(next, Set::Suffix).filter(|(s, _)| s.end <= span.end && !of_job(v, *s)) else {
            return whole;
        };
        let end = if v.text[s.end..span.end].starts_with('.') { s.end + 1 } else { s.end };
        whole = Some(Span::new(whole.map_or(s.start, |w| w.start), end));
        at = end;
    }
}

/// Whether a word behind a name belongs to a job: "Ann Lee, Senior Curator".
fn of_job(v: View, suffix: Span) -> bool {
    let behind = v.text[suffix.end..].strip_prefix(' ').is_some_and(|t| t.starts_with(char::is_uppercase));
    behind && v.of(suffix).chars().skip(1).filter(|c| c.is_lowercase()).count() > 3
}

/// A word that may be part of a name.
struct Word {
    span: Span,
    particle: bool,
    initial: bool,
    capitals: bool,
    info: WordInfo,
    /// Whether a vocabulary knows it as something else.
    other: bool,
    /// Whether only vocabularies of everyday words do.
    everyday: bool,
    /// Ends the name: a full stop, a comma behind it.
    last: bool,
}

/// The words from the start of `span` that may be a name's.
fn words(v: View, span: Span, titled: bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut at = span.start;
    let text = v.of(span);
    for piece in text.split_inclusive([' ', '\u{a0}', '\n']) {
        let raw = piece.trim_end_matches([' ', '\u{a0}', '\n']);
        let here = Span::new(at, at + raw.len());
        at += piece.len();
        if let Some(nick) = nickname(v, here, raw).filter(|_| !words.is_empty()) {
            words.push(nick);
            continue;
        }
        if raw.is_empty() {
            if words.is_empty() || text.get(here.start - span.start..).is_some_and(|t| t.starts_with("  ")) {
                break;
            }
            continue;
        }
        // "der Bremer Dr. Henning Scherf": a title begins another name
        let titles = || v.phrase_at(here.start, Set::Honorific).is_some_and(|(s, _)| v.text[s.end..].starts_with('.'));
        if words.len() == LONGEST || !words.is_empty() && titles() {
            break;
        }
        let Some(mut word) = word(v, here, raw, words.is_empty(), titled) else { break };
        // "de La Tour": a particle behind a particle may have a capital
        let again = |s: &Span| v.phrase_at(s.start, Set::Particle).is_some_and(|(p, _)| p.end >= s.end);
        word.particle |= words.last().is_some_and(|w| w.particle) && again(&word.span);
        // what a particle leads to is a name: "de la Tour"
        let led = words.len() > 1 && words.last().is_some_and(|w| w.particle) && word.span.len() >= 3;
        word.other &= !(led && v.phrase_at(word.span.start, Set::Body).is_none());
        // a name goes on over a line end only where the line is a full one of prose
        let last = word.last
            || piece.ends_with('\n') && here.end - v.text[..here.end].rfind('\n').map_or(0, |i| i + 1) < FULL_LINE;
        words.push(word);
        if last {
            break;
        }
    }
    while words.last().is_some_and(|w| w.particle) {
        words.pop();
    }
    words
}

/// A short name in brackets or quotes inside a name: `(Bob)`, `"Red"`.
fn nickname(v: View, here: Span, raw: &str) -> Option<Word> {
    let quoted = raw
        .strip_prefix('"')
        .and_then(|r| r.strip_suffix('"'))
        .or_else(|| raw.strip_prefix('\u{201c}').and_then(|r| r.strip_suffix('\u{201d}')));
    let body = quoted.or_else(|| raw.strip_prefix('(').and_then(|r| r.strip_suffix(')')))?;
    let info = v.grammar.lexicons.word(body);
    let shaped = body.len() <= 10
        && body.starts_with(char::is_uppercase)
        && body.chars().skip(1).all(char::is_lowercase)
        && body.chars().count() > 1;
    (shaped && (quoted.is_some() || info.given >= 2)).then_some(Word {
        span: here,
        particle: true,
        initial: false,
        capitals: false,
        info,
        other: false,
        everyday: false,
        last: false,
    })
}

fn word(v: View, here: Span, raw: &str, first: bool, titled: bool) -> Option<Word> {
    let body = raw.trim_end_matches([',', ';', ':', ')', '"', '\u{201d}', '*', '\u{bb}']);
    let cut = body.find(['(', '[', '\n', '\t', '/', '<', '|', '\u{2013}', '\u{2014}']).unwrap_or(body.len());
    let mut body = &body[..cut];
    if let Some(i) = body.find(',') {
        body = &body[..i];
    }
    let initial = is_initials(body);
    let dotted = body.ends_with('.') && !initial;
    if dotted {
        body = body.trim_end_matches('.');
    }
    let letters = body.chars().filter(|c| c.is_alphabetic()).count();
    if body.is_empty()
        || body.chars().any(|c| {
            c.is_ascii_digit()
                || matches!(c, '@' | '~' | '&' | '=' | '_' | '"' | '\u{201c}' | '?' | '!' | '%' | '+' | '#' | '[' | ']')
        })
    {
        return None;
    }
    let span = Span::new(here.start, here.start + body.len());
    let shouted = body.len() > 1 && !body.chars().any(char::is_lowercase);
    let particle = !first
        && (body.starts_with(char::is_lowercase) || shouted)
        && v.phrase_at(span.start, Set::Particle).is_some_and(|(s, _)| s.end >= span.end);
    // "Mrs. ʻEtiola Mafi": a letter of its own before the name
    let glottal =
        |w: &str| w.strip_prefix(['\u{2018}', '\u{2bb}', '\u{2bc}']).is_some_and(|w| w.starts_with(char::is_uppercase));
    let stopped = (titled || !first) && glottal(body) && !v.text[here.end..].starts_with('\u{2019}');
    // scripts without capitals: what is no small word may be a name
    let small = |c: char| c.is_alphabetic() && (v.lower || !c.is_lowercase()) && !v.is(span, Set::Stop);
    let upper = stopped || body.chars().next().is_some_and(|c| c.is_uppercase() || small(c));
    let inner = body.chars().any(char::is_uppercase)
        && (body.starts_with("d'")
            || body.starts_with("d\u{2019}")
            || body.starts_with("al-")
            || body.starts_with("el-"));
    if !(upper || particle || inner) || (letters < 2 && !initial) {
        return None;
    }
    let info = v.grammar.lexicons.word(body);
    let capitals = letters > 1 && !body.chars().any(char::is_lowercase) && !initial;
    let known = info.given >= 2 || info.family >= 3 || titled && !first && info.family >= 1;
    let compound = || {
        letters >= SHORTEST_COMPOUND
            && ["body-compound", "job-compound"]
                .iter()
                .any(|set| v.grammar.patterns(set).iter().any(|p| p.regex.is_match(body)))
    };
    // "Senior Lecturer" is a job, whatever families are called
    let job = v.phrase_at(span.start, Set::Position).is_some_and(|(s, _)| s.end > span.end && !first);
    let open = job || !(particle || initial || known && titled);
    let hard = open && (taken(v, span, HARD) || compound());
    let soft = open && !hard && taken(v, span, EVERYDAY);
    Some(Word {
        span,
        particle,
        initial,
        capitals,
        info,
        other: hard || soft,
        everyday: soft && !taken(v, span, &[Set::Particle]),
        last: body.len() < raw.len() && !initial && !particle || dotted,
    })
}

/// `J.`, `J`, `H.-J.`, `J.R.R.`
fn is_initials(w: &str) -> bool {
    let mut letters = 0;
    let mut dots = 0;
    for c in w.chars() {
        match c {
            '.' => dots += 1,
            '-' => {}
            c if c.is_uppercase() => letters += 1,
            c if c.is_lowercase() && letters == 1 && dots == 0 && w.len() <= 3 && w.ends_with('.') => {}
            _ => return false,
        }
    }
    letters >= 1 && (dots >= letters || w.chars().count() == 1)
}

/// Vocabularies of what no name has.
const HARD: &[Set] = &[
    Set::Position,
    Set::Body,
    Set::Unit,
    Set::Place,
    Set::EventWord,
    Set::Month,
    Set::Weekday,
    Set::Role,
    Set::Field,
    Set::Programme,
    Set::ContactLabel,
    Set::Numbered,
    Set::Group,
    Set::NoPerson,
    Set::Placeholder,
    Set::Street,
    Set::KnownBody,
    Set::Day,
    Set::HalfDay,
    Set::Country,
    Set::Demonym,
    Set::DocumentsHead,
    Set::Cardinal,
    Set::Ordinal,
    Set::RoleVerb,
];

/// Vocabularies whose words are also families': "John Case", "Mary Lunch".
const EVERYDAY: &[Set] = &[Set::Stop, Set::Kind, Set::Status, Set::Interrogative, Set::Abstract];

/// Whether one of these vocabularies knows a word.
fn taken(v: View, span: Span, sets: &[Set]) -> bool {
    v.covers(span, sets)
}

fn score(v: View, words: &[Word], titled: bool) -> f32 {
    let g = v.grammar;
    let w = |key: &str| g.weight(key);
    let mut sum = if titled { w("name/honorific") } else { w("name/base") };
    let all_capitals = words.iter().all(|x| x.capitals || x.initial || x.particle);
    let count = words.iter().filter(|x| !x.initial && !x.particle).count();
    if count == 0 {
        return 0.0;
    }
    for (i, word) in words.iter().enumerate() {
        if word.initial {
            sum += w("name/initial");
            continue;
        }
        if word.particle {
            sum += w("name/particle");
            continue;
        }
        let last = i + 1 == words.len();
        // "John Case": an everyday word right behind a sure given name may be a family's
        let spared = last && i > 0 && count == 2 && !all_capitals && words[0].info.given >= 3 && !words[0].other;
        if word.other && !(spared && word.everyday) {
            sum += w("name/other-vocabulary");
        }
        let given =
            w(["name/given-0", "name/given-1", "name/given-2", "name/given-3"][usize::from(word.info.given.min(3))]);
        let family =
            w(["name/family-0", "name/family-1", "name/family-2", "name/family-3"]
                [usize::from(word.info.family.min(3))]);
        let fit = if i == 0 {
            given.max(family * 0.6)
        } else if last {
            family.max(given * 0.6)
        } else {
            given.max(family) * 0.7
        };
        sum += fit;
        if fit <= 0.2 {
            sum += match word.info.common {
                true if spared => w("name/common-family"),
                true => w("name/common-word"),
                false => w("name/unknown-word"),
            };
        }
    }
    if all_capitals && !words.iter().any(|x| x.initial) {
        sum += w("name/all-capitals");
    } else if words.iter().any(|x| x.capitals) {
        sum += w("name/some-capitals");
    }
    sum += w("name/longer") * (count.saturating_sub(3)) as f32;
    if count == 1 && !titled && !words.iter().any(|x| x.initial) {
        sum = 0.0;
    }
    sum
}

/// Every name in `span`, from left to right, none inside another.
pub fn all(v: View, span: Span) -> Vec<NameAt> {
    find_all(v, span, name_at)
}

/// Shorter words in small letters are no titles: "15 min Ann Lee".
const SMALL_TITLE: usize = 4;
/// An article and the space behind it are no longer.
const ARTICLE: usize = 8;

/// The nearest character boundary at or before `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn find_all(v: View, span: Span, at_start: fn(View, Span) -> Option<NameAt>) -> Vec<NameAt> {
    let mut found = Vec::new();
    let mut at = span.start;
    let bytes = v.text.as_bytes();
    while at < span.end {
        let begins = at == 0
            || !(bytes[at - 1].is_ascii_alphanumeric()
                || bytes[at - 1] >= 0x80
                || bytes[at - 1] == b'\''
                || bytes[at - 1] == b'-'
                || bytes[at - 1] == b'.');
        let opens = |c: char| c.is_uppercase() || v.lower && c.is_alphabetic();
        // "il professor Bassi": behind an article a title may stand in small letters
        let titled = || {
            let title = v.phrase_at(at, Set::Honorific).filter(|(s, _)| s.len() >= SMALL_TITLE);
            let named = |s: Span| v.text[s.end..].trim_start_matches(['.', ' ']).starts_with(char::is_uppercase);
            let before = &v.text[floor(v.text, at.saturating_sub(ARTICLE))..at];
            title.is_some_and(|(s, _)| named(s))
                && v.grammar.patterns("title-before").iter().any(|p| p.regex.is_match(before))
        };
        let capital = v.text.is_char_boundary(at) && begins && (v.text[at..].starts_with(opens) || titled());
        if capital {
            if let Some(n) = at_start(v, Span::new(at, span.end)) {
                at = n.end().max(at + 1);
                found.push(n);
                continue;
            }
            // over the whole word
            at += v.text[at..].find(|c: char| !c.is_alphanumeric()).unwrap_or(1).max(1);
            continue;
        }
        at += 1;
    }
    found
}
