//! What speaks for a value and against it.
//!
//! In: a finished record with its findings and coverage, and the lexicons. Out: for each value the figures that its
//! confidence is made of. Never: looks at gold, nor at anything that is not in the record.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::grammar::{Grammar, Lexicons};
use crate::model::{DocumentKind, Evidence, Record, Severity, Span};

use super::group::Group;

macro_rules! features {
    ($($(#[$m:meta])* $variant:ident = $name:literal $sign:literal $prior:literal),* $(,)?) => {
        /// A figure about a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Feature { $($(#[$m])* $variant),* }

        impl Feature {
            /// Every figure.
            pub const ALL: &'static [Feature] = &[$(Feature::$variant),*];

            /// Its name in the data.
            pub const fn name(self) -> &'static str {
                match self { $(Feature::$variant => $name),* }
            }

            /// Which way it may move a confidence: 1 up, -1 down, 0 either way.
            pub const fn sign(self) -> i8 {
                match self { $(Feature::$variant => $sign),* }
            }

            /// What its weight is believed to be before any gold is seen: of what gold seldom has.
            pub const fn prior(self) -> f64 {
                match self { $(Feature::$variant => $prior),* }
            }
        }
    };
}

features! {
    /// Always 1.
    Base = "base" 0 0.0,
    /// What the rules' scores say, as log-odds.
    Score = "score" 1 0.0,
    /// How near the best reading came that lost.
    Rival = "rival" -1 -0.5,
    /// A slip or other damage was undone in it.
    Repaired = "repaired" -1 0.0,
    /// It was taken from elsewhere: a day, the event, another value.
    Inherited = "inherited" -1 0.0,
    /// A word of it was read off an image with doubt.
    Illegible = "illegible" -1 -2.0,
    /// In how many pieces it stands (logarithm).
    Pieces = "pieces" -1 0.0,
    /// A warning points at it or at what holds it.
    Warned = "warned" -1 -1.0,
    /// A note points at it or at what holds it.
    Noted = "noted" -1 -0.3,
    /// A finding lies on its line.
    LineFinding = "line-finding" -1 0.0,
    /// The line before or behind it is unexplained.
    BesideUnexplained = "beside-unexplained" -1 0.0,
    /// Share of the document's lines that are unexplained (square root).
    DocumentUnexplained = "document-unexplained" -1 0.0,
    /// Repairs a line of the document.
    DocumentRepairs = "document-repairs" -1 0.0,
    /// Warnings a line of the document.
    DocumentWarnings = "document-warnings" -1 0.0,
    /// Share of unknown words in all that was read.
    DocumentUnknown = "document-unknown" -1 0.0,
    /// The document tells in sentences: a report, an article, an announcement.
    DocumentProse = "document-prose" 0 0.0,
    /// The document came in a format of pages or markup.
    DocumentFormatted = "document-formatted" 0 0.0,
    /// Share of signs that words and numbers do not have.
    OddSigns = "odd-signs" -1 0.0,
    /// Share of its words that no lexicon knows.
    UnknownWords = "unknown-words" -1 0.0,
    /// It is long (words beyond twelve, up to twelve).
    Long = "long" -1 0.0,
    /// It is a single short word.
    Short = "short" -1 0.0,
    /// It begins with a small letter.
    Lower = "lower" -1 0.0,
    /// It ends open: a bracket, a comma, a hyphen, a small word.
    Open = "open" -1 0.0,
    /// The same stands elsewhere in the document.
    Repeated = "repeated" 1 0.0,
    /// A time at which another row ends or begins.
    Chained = "chained" 1 0.0,
    /// Share of its words that are known as given or family names.
    Names = "names" 1 0.0,
    /// The person has no honorific, position or organisation.
    Bare = "bare" -1 0.0,
}

/// How many figures there are.
pub const COUNT: usize = Feature::ALL.len();

/// The figures of one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// What sort of value it is.
    pub group: Group,
    /// One figure a [`Feature`].
    pub x: [f64; COUNT],
}

/// The finding that a confidence leads to, and that none may come from.
const DOUBTFUL: &str = "A0708";

/// What the figures of all values of a record need.
pub struct Context<'a> {
    record: &'a Record,
    grammar: &'a Grammar,
    findings: FxHashMap<&'a str, Severity>,
    /// Findings by the place they speak of: one that is said once holds for all values that were read there.
    places: FxHashMap<(Span, Group), Severity>,
    lines: FxHashSet<usize>,
    unexplained: FxHashSet<usize>,
    texts: FxHashMap<(Group, &'a [String]), u32>,
    /// What the lexicons know of each word that was looked up: whether they have it, and whether as a name.
    words: FxHashMap<&'a str, (bool, bool)>,
    bounds: FxHashSet<(Option<&'a str>, bool, &'a str)>,
    document: [f64; 6],
}

impl<'a> Context<'a> {
    /// Looks over the whole record once.
    pub fn new(record: &'a Record, grammar: &'a Grammar) -> Self {
        let mut findings: FxHashMap<&str, Severity> = FxHashMap::default();
        let (mut lines, mut places) = (FxHashSet::default(), FxHashMap::default());
        let mut warnings = 0;
        for d in record.diagnostics.iter().filter(|d| d.code != DOUBTFUL) {
            warnings += usize::from(d.severity >= Severity::Warning);
            let Some(at) = &d.at else { continue };
            let held = findings.entry(at).or_insert(d.severity);
            *held = (*held).max(d.severity);
            if let (Some(span), Some(_)) = (d.span, record.evidence.get(at)) {
                let held = places.entry((span, Group::of(at))).or_insert(d.severity);
                *held = (*held).max(d.severity);
            }
            lines.extend(record.evidence.get(at).map(|e| e.line).filter(|l| *l > 0));
        }
        let mut context = Context {
            record,
            grammar,
            findings,
            places,
            lines,
            unexplained: record.coverage.unexplained.iter().copied().collect(),
            texts: FxHashMap::default(),
            words: FxHashMap::default(),
            bounds: bounds(record),
            document: [0.0; 6],
        };
        let (mut words, mut unknown) = (0, 0);
        for (pointer, e) in &record.evidence {
            let group = Group::of(pointer);
            if !group.is_text() {
                continue;
            }
            *context.texts.entry((group, e.texts.as_slice())).or_default() += 1;
            let counts = matches!(group, Group::Title | Group::Organisation | Group::Name);
            for word in e.texts.iter().flat_map(|t| words_of(t)) {
                let (known, _) = *context.words.entry(word).or_insert_with(|| look_up(&grammar.lexicons, word));
                words += usize::from(counts);
                unknown += usize::from(counts && !known);
            }
        }
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let count = record.coverage.lines;
        context.document = [
            share(record.coverage.unexplained.len(), count).sqrt(),
            share(record.repairs.len(), count).min(1.0).sqrt(),
            share(warnings, count).min(1.0).sqrt(),
            share(unknown, words),
            f64::from(u8::from(!matches!(record.kind, DocumentKind::Agenda | DocumentKind::Session))),
            f64::from(u8::from(!matches!(record.source.media_type.as_str(), "text/plain" | "text/markdown"))),
        ];
        context
    }

    /// The figures of the value at `pointer`.
    pub fn figures(&self, pointer: &str, e: &'a Evidence) -> Figures {
        let group = Group::of(pointer);
        let mut x = [0.0; COUNT];
        let mut set = |feature: Feature, figure: f64| x[feature as usize] = figure;
        set(Feature::Base, 1.0);
        let score = e.score.clamp(0.01, 0.99);
        set(Feature::Score, (score / (1.0 - score)).ln());
        let rival = self.record.alternatives.get(pointer).and_then(|all| all.first());
        set(Feature::Rival, rival.map_or(0.0, |r| r.confidence));
        set(Feature::Repaired, flag(e.via.iter().any(|v| v.starts_with("repair:"))));
        set(Feature::Inherited, flag(!e.from.is_empty() || e.via.iter().any(|v| v.starts_with("inherit."))));
        set(Feature::Illegible, flag(e.illegible));
        set(Feature::Pieces, (e.spans.len().max(1) as f64).ln());
        let place = e.spans.first().and_then(|s| self.places.get(&(*s, group))).copied();
        let severity = self.severity(pointer).max(place);
        set(Feature::Warned, flag(severity >= Some(Severity::Warning)));
        set(Feature::Noted, flag(severity == Some(Severity::Note)));
        set(Feature::LineFinding, flag(self.lines.contains(&e.line)));
        let beside = e.line > 0 && [e.line - 1, e.line + 1].iter().any(|l| self.unexplained.contains(l));
        set(Feature::BesideUnexplained, flag(beside));
        let of_document = [
            Feature::DocumentUnexplained,
            Feature::DocumentRepairs,
            Feature::DocumentWarnings,
            Feature::DocumentUnknown,
            Feature::DocumentProse,
            Feature::DocumentFormatted,
        ];
        of_document.into_iter().zip(self.document).for_each(|(feature, figure)| set(feature, figure));
        let repeated = self.texts.get(&(group, e.texts.as_slice())).copied().unwrap_or(0);
        set(Feature::Repeated, flag(repeated > 1));
        set(Feature::Chained, flag(group == Group::Time && self.chained(pointer)));
        set(Feature::Bare, flag(self.bare(pointer)));
        self.text(group, e, &mut x);
        Figures { group, x }
    }

    /// What the words of a value say.
    fn text(&self, group: Group, e: &'a Evidence, x: &mut [f64; COUNT]) {
        let mut set = |feature: Feature, figure: f64| x[feature as usize] = figure;
        let (mut signs, mut odd, mut words, mut unknown, mut names) = (0usize, 0usize, 0usize, 0usize, 0usize);
        for text in &e.texts {
            signs += text.chars().count();
            odd += text.chars().filter(|c| is_odd(*c)).count();
            for word in words_of(text).filter(|_| group.is_text()) {
                let (known, named) = self.words.get(word).copied().unwrap_or_default();
                words += 1;
                unknown += usize::from(!known);
                names += usize::from(named);
            }
        }
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        set(Feature::OddSigns, share(odd, signs).sqrt());
        if !group.is_text() {
            return;
        }
        set(Feature::UnknownWords, share(unknown, words));
        if matches!(group, Group::Name | Group::Role | Group::Owner) {
            set(Feature::Names, share(names, words));
        }
        set(Feature::Long, (words.saturating_sub(12).min(12)) as f64 / 12.0);
        set(Feature::Short, flag(words <= 1 && signs <= 8));
        let first = e.texts.first().and_then(|t| t.chars().next());
        set(Feature::Lower, flag(first.is_some_and(char::is_lowercase)));
        set(Feature::Open, flag(self.is_open(&e.texts)));
    }

    fn is_open(&self, texts: &[String]) -> bool {
        let all = || texts.iter().flat_map(|t| t.chars());
        let count = |a: char| all().filter(|c| *c == a).count();
        let last = texts.last().map_or("", |t| t.trim_end());
        let word = last.rsplit(char::is_whitespace).next().unwrap_or("");
        count('(') != count(')') || last.ends_with([',', '-', ':', ';', '(']) || self.grammar.goes_on(word)
    }

    /// The gravest finding at a value, or at one of the things that hold it.
    fn severity(&self, pointer: &str) -> Option<Severity> {
        let mut at = pointer;
        let mut gravest = None;
        while let Some((holder, _)) = at.rsplit_once('/').filter(|_| at.matches('/').count() >= 2) {
            gravest = gravest.max(self.findings.get(at).copied());
            at = holder;
        }
        gravest
    }

    /// Whether a row begins where another ends, or ends where another begins, on its day.
    fn chained(&self, pointer: &str) -> bool {
        let mut parts = pointer.split('/').skip(1);
        let (Some("sessions"), Some(Ok(i))) = (parts.next(), parts.next().map(str::parse::<usize>)) else {
            return false;
        };
        let Some(session) = self.record.sessions.get(i) else { return false };
        let (time, starts) = match parts.next() {
            Some("start") => (&session.start, true),
            Some("end") => (&session.end, false),
            _ => return false,
        };
        time.as_deref().is_some_and(|t| self.bounds.contains(&(session.date.as_deref(), !starts, t)))
    }

    /// Whether nothing but the name is known of the person that a pointer speaks of.
    fn bare(&self, pointer: &str) -> bool {
        let mut parts = pointer.split('/').skip(1);
        let at = |n: Option<&str>| n.and_then(|n| n.parse::<usize>().ok());
        let person = match parts.next() {
            Some("people") => at(parts.next()).and_then(|i| self.record.people.get(i)),
            _ => None,
        };
        person.is_some_and(|p| p.honorific.is_none() && p.position.is_none() && p.organisation.is_none())
    }
}

/// Starts (true) and ends (false) of the rows of each day.
fn bounds(record: &Record) -> FxHashSet<(Option<&str>, bool, &str)> {
    let mut all = FxHashSet::default();
    for s in &record.sessions {
        let date = s.date.as_deref();
        all.extend(s.start.as_deref().map(|t| (date, true, t)));
        all.extend(s.end.as_deref().map(|t| (date, false, t)));
    }
    all
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// Whether a lexicon has the word, or it is an acronym; and whether it is known as a name.
fn look_up(lexicons: &Lexicons, word: &str) -> (bool, bool) {
    let info = lexicons.word(word);
    let named = info.given > 0 || info.family > 0;
    let acronym = || word.chars().count() <= 6 && word.chars().all(char::is_uppercase);
    (named || info.common || info.foreign || acronym() || lexicons.city(word).is_some(), named)
}

/// Words of letters, the parts of hyphenated ones each.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}');
    words.map(|w| w.trim_matches(['\'', '\u{2019}'])).filter(|w| w.chars().any(char::is_alphabetic))
}

/// Signs that neither words nor numbers nor their punctuation have.
fn is_odd(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && !".,:;-–—()'\u{2019}\"“”&/?!@+".contains(c)
}
