//! The head of a programme → the event: title, dates, place, status, bodies.

use crate::evidence::{Grounded, first_of};
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, PlaceValue, labelled_place, place};
use crate::scan::View;
use crate::segment::{Class, Features};

use super::best_two;
use super::tree::{RoleTree, Tree};

/// The first unit that belongs to the programme itself: a row or a session's heading. Days before it belong to both.
pub(super) fn end(parsed: &[Parsed]) -> usize {
    let first = begins(parsed);
    let row = |p: &Parsed| p.unit.class == Class::Row || numbered(p) || half_day(p);
    parsed[first..].iter().position(row).filter(|n| *n <= 8).map_or(first, |n| first + n)
}

/// A session's heading with its number; "Second Workshop on …" is an event and its edition.
fn numbered(p: &Parsed) -> bool {
    let edition = |n: &crate::parse::Number| {
        n.number.via.iter().any(|s| s == "number.ordinal") && p.unit.features.has(named("event-word"))
    };
    p.unit.class == Class::Heading && p.entry.number.as_ref().is_some_and(|n| n.word.is_some() && !edition(n))
}

/// A half-day's heading.
fn half_day(p: &Parsed) -> bool {
    p.unit.class == Class::Heading && p.unit.features.has(named("half-day"))
}

fn begins(parsed: &[Parsed]) -> usize {
    let structural = |p: &Parsed| match p.unit.class {
        Class::Row => p.entry.whens.first().is_some_and(|w| w.score >= 0.3),
        Class::Heading => numbered(p) || half_day(p),
        Class::Day => true,
        _ => false,
    };
    // a day or heading counts only where a row or a session follows it soon
    for (i, p) in parsed.iter().enumerate() {
        if !structural(p) {
            continue;
        }
        let soon = parsed[i..].iter().take(12).filter(|q| structural(q)).count() >= 2;
        if soon || p.unit.class == Class::Row && i > 0 {
            return i;
        }
    }
    parsed.len()
}

fn named(name: &str) -> Features {
    Features::named(name).unwrap_or_default()
}

/// Bytes from which on a unit is read as sentences.
const SENTENCES: usize = 160;
/// More dates that lost are not kept.
const OTHERS: usize = 3;

/// Reads the event out of the units before the programme.
pub(super) fn build(cx: Cx, head: &[Parsed], tree: &mut Tree) {
    title(cx, head, tree);
    // a column's head is the table's
    for p in head.iter().filter(|p| p.unit.class != Class::Cell) {
        let long = p.unit.flat.text.len() > SENTENCES;
        if p.unit.class == Class::Prose && long {
            super::prose::bodies(cx, p, tree);
            continue;
        }
        if posted(cx, p, tree) {
            continue;
        }
        status(cx, p, tree);
        dates(cx, p, tree);
        fields(cx, p, tree);
        places(cx, p, tree);
        if let (Class::Label, Some(role)) = (p.unit.class, &p.entry.role) {
            // "Hosted by the Institute of Maps, this workshop offers …"
            if long && super::prose::bodies(cx, p, tree) {
                continue;
            }
            let list = match role.role.value.as_str() {
                "organiser" => Some(&mut tree.event.organisers),
                "host" => Some(&mut tree.event.hosts),
                _ => None,
            };
            if let Some(list) = list.filter(|_| !persons(cx, p)) {
                let view = cx.view(&p.unit.flat);
                let all = view.strip(p.unit.flat.all(), " *");
                let label = view
                    .phrase_at(all.start, Set::Role)
                    .or_else(|| view.phrase_at(all.start, Set::RoleVerb))
                    .map_or(all.start, |(s, _)| s.end);
                list.extend(bodies(cx, p, view.strip(Span::new(label, all.end), " :-–—."), "base/header/body"));
                continue;
            }
            if p.entry.people.is_empty() && super::prose::bodies(cx, p, tree) {
                continue;
            }
            let base = RoleTree { role: role.role.clone(), label: Some(role.label.clone()), ..RoleTree::default() };
            let people = p.entry.people.iter().map(|x| base.held(x));
            let parties = p
                .entry
                .parties
                .iter()
                .filter(|_| p.entry.people.is_empty())
                .map(|x| RoleTree { party: Some(x.clone()), ..base.clone() });
            tree.event.roles.extend(people.chain(parties));
        }
        if p.unit.class != Class::Label {
            super::prose::bodies(cx, p, tree);
        }
        urls(cx, p, tree);
    }
}

/// Whether a unit tells when the text was written or changed: "(Updated: 22 May 2024, 13:04)".
/// The first such date is kept.
pub(super) fn posted(cx: Cx, p: &Parsed, tree: &mut Tree) -> bool {
    let Some(date) = p.entry.dates.first().filter(|_| p.unit.flat.text.len() <= SENTENCES) else { return false };
    let tells = view_has(cx, p, "posted-line");
    if tells && tree.posted.is_none() {
        tree.posted = Some(date.clone());
    }
    tells
}

/// Whether a label's people are persons for sure: one with a title, or with a name that lists know.
fn persons(cx: Cx, p: &Parsed) -> bool {
    let known = |w: &str| {
        let info = cx.g.lexicons.word(w);
        info.given >= 1 || info.family >= 2
    };
    p.entry.people.iter().any(|x| {
        x.honorific.is_some()
            || x.position.is_some()
            || x.organisation.is_some()
            || x.name.value.split_whitespace().any(known)
    })
}

/// The event's dates from its days, where it states none.
pub(super) fn from_days(tree: &mut Tree) {
    // a single date that is no day of the programme is a letter's or a deadline's
    let days = |d: &crate::scan::DateMark| d.month.map(|m| m.0).zip(d.days.first().map(|x| x.0));
    let told = whole_dates(tree);
    let stray = tree.event.date.as_ref().is_some_and(|e| {
        let single = e.until.is_none() && e.days.len() == 1;
        let dated: Vec<_> = told.iter().flatten().filter_map(days).collect();
        single && !dated.is_empty() && days(e).is_some_and(|d| !dated.contains(&d))
    });
    // the first of several days is not the whole event
    let begins = tree.event.date.as_ref().is_some_and(|e| {
        let mut dated = told.iter().flatten().filter_map(days);
        e.until.is_none() && e.days.len() == 1 && dated.next() == days(e) && dated.any(|d| Some(d) != days(e))
    });
    if tree.event.date.is_some() && !stray && !begins {
        return;
    }
    // a day that holds nothing may be a remark's: "Updated: 22 May"
    let held = |n: &usize| tree.sessions.iter().any(|s| s.day == Some(*n));
    let holds = (0..tree.days.len()).any(|n| held(&n));
    let dated = |n: usize| told[n].clone().filter(|_| !holds || held(&n));
    let Some(mut range) = (0..tree.days.len()).find_map(dated) else { return };
    let last = (0..tree.days.len()).rev().find_map(dated);
    if let Some(last) = last.filter(|l| l.days != range.days || l.month != range.month) {
        range.until = Some(Box::new(last));
    }
    let stray = tree.event.date.replace(range);
    tree.event.other_dates.extend(stray);
}

/// The dates of the days; of one that names no month ("Fri 26"), in the month of the last day before it that does.
fn whole_dates(tree: &Tree) -> Vec<Option<crate::scan::DateMark>> {
    let day = |d: &crate::scan::DateMark| d.days.first().map(|(n, _)| *n);
    let mut before: Option<&crate::scan::DateMark> = None;
    let whole = tree.days.iter().map(|d| {
        let date = d.date.as_ref()?;
        if date.month.is_some() {
            before = Some(date);
            return Some(date.clone());
        }
        let month = before.filter(|b| day(date) > day(b))?.month;
        Some(crate::scan::DateMark { month, ..date.clone() })
    });
    whole.collect()
}

/// What is no part of a title at its ends.
const EDGES: &str = " \t*#-–—:,.\"“”";

/// The best title among the head's units.
fn title(cx: Cx, head: &[Parsed], tree: &mut Tree) {
    let scored: Vec<(f32, usize)> = head
        .iter()
        .enumerate()
        .filter(|(_, p)| p.unit.class != Class::Cell)
        .map(|(i, p)| {
            (
                title_score(cx, p, i)
                    + subtitled(cx, p, head[i + 1..].iter().find(|n| n.unit.class != Class::Furniture)),
                i,
            )
        })
        .collect();
    let Some((score, &i, second)) = best_two(&scored, |a, b| a != b) else { return };
    if score <= 0.0 {
        return;
    }
    let p = &head[shown(cx, head, i)];
    let flat = &p.unit.flat;
    let view = cx.view(flat);
    let mut span = view.strip(named_words(cx, p), EDGES);
    span = before_programme(view, span).unwrap_or(span);
    // a date or place behind the name
    let dated = view.dates(span).next().filter(|(d, _)| d.start > span.start + 12);
    if let Some((d, _)) = dated {
        let cut = view
            .of(Span::new(span.start, d.start))
            .rfind([',', '|', '(', '\u{2013}', '\u{2014}', ':'])
            .filter(|c| *c > 12)
            .map_or(d.start, |c| span.start + c);
        tail_place(cx, p, Span::new(cut, span.end), tree);
        span = view.strip(Span::new(span.start, cut), " ,(-–—|:");
    }
    if let Some((cut, at)) = placed_behind(view, span, dated.is_some()) {
        merge(cx, &mut tree.event.venue, place(cx, flat, Span::new(at, span.end), true));
        span = view.strip(Span::new(span.start, cut), " ,(-–—|:");
    }
    if let Some(cut) = running_place(cx, p, span) {
        merge(cx, &mut tree.event.venue, place(cx, flat, Span::new(cut, span.end), true));
        span = view.strip(Span::new(span.start, cut), " ,(-–—|:");
    }
    let steps: &[&str] = &[];
    tree.event.title = cx.read(flat, span, "name", steps, "base/header/title", 0.85).map(|t| match second {
        Some((n, share)) => {
            let flat = &head[*n].unit.flat;
            let span = cx.view(flat).strip(flat.all(), EDGES);
            t.over(cx.read(flat, span, "name", &[], "base/header/title", 0.85), share)
        }
        None => t,
    });
    if let Some((word, _)) = view.phrases(span, Set::Ordinal).next().filter(|(w, _)| w.start <= span.start + 8) {
        tree.event.edition = cx.read(flat, word, "", &["number.ordinal"], "base/header/edition", 0.9);
    }
    if let Some(e) = edition(cx, p, span) {
        tree.event.edition = tree.event.edition.take().or(Some(e));
    }
    // an initiative's name over the title
    for q in &head[..i] {
        if matches!(q.unit.class, Class::Text | Class::Heading) && view_has(cx, q, "initiative") {
            let all = cx.view(&q.unit.flat).strip(q.unit.flat.all(), " .,:");
            tree.event.programme = cx.read(&q.unit.flat, all, "name", &[], "base/header/programme", 0.8);
        }
    }
}

/// What stands before a programme's own words at a title's end: "Lake Symposium – Tentative Agenda (Draft)".
fn before_programme(view: View, span: Span) -> Option<Span> {
    const EDGE: &str = " ,:-–—|";
    let bracket = view.of(span).trim_end().strip_suffix(')').and_then(|t| t.rfind('(')).map(|at| span.start + at);
    let note = bracket.filter(|at| view.is(view.strip(Span::new(*at, span.end), " ()"), Set::Status));
    let named = view.strip(Span::new(span.start, note.unwrap_or(span.end)), EDGE);
    let (programme, _) = view.phrases(named, Set::Programme).find(|(s, _)| s.end == named.end)?;
    let mut head = view.strip(Span::new(span.start, programme.start), EDGE);
    while let Some((status, _)) = view.phrases(head, Set::Status).find(|(s, _)| s.end == head.end) {
        head = view.strip(Span::new(head.start, status.start), EDGE);
    }
    let several = view.of(head).split_whitespace().nth(1).is_some();
    // "WELLS 2025 programme"
    let yearly = view.of(head).split_whitespace().next_back().is_some_and(|w| w.len() == 4 && w.parse::<u16>().is_ok());
    (several && (yearly || view.has(head, Set::EventWord))).then_some(head)
}

/// Where a name ends that a city closes, and where the city begins: "… on water in Lima, Peru". Without a country behind
/// it, it has to stand before the date.
fn placed_behind(view: View, span: Span, dated: bool) -> Option<(usize, usize)> {
    let told = |city: &Span| {
        let behind = view.strip(Span::new(city.end, span.end), " ,()");
        view.is(behind, Set::Country) || view.is(behind, Set::Region) || dated && behind.is_empty()
    };
    let found = view.phrases(span, Set::City).map(|(city, _)| city).filter(|city| city.start > span.start + 12);
    let city = found.filter(told).last()?;
    let head = view.of(Span::new(span.start, city.start));
    let rules = view.grammar.patterns("place-before");
    let cut = rules.iter().find_map(|p| p.regex.find(head).filter(|m| m.end() == head.len()).map(|m| m.start()))?;
    Some((span.start + cut, city.start))
}

/// Where the place begins that stands behind a name without a separator, in a text of small letters: a body's word
/// with a city or country behind it.
fn running_place(cx: Cx, p: &Parsed, span: Span) -> Option<usize> {
    let view = cx.view(&p.unit.flat);
    let told = |s: Span| {
        let tail = Span::new(s.end, span.end);
        view.of(tail).contains(',') && (view.has(tail, Set::City) || view.has(tail, Set::Country))
    };
    let words = view.phrases(span, Set::Body).chain(view.phrases(span, Set::Place)).map(|(s, _)| s);
    let found = words.filter(|s| s.start > span.start + 12 && told(*s)).map(|s| s.start).max();
    found.filter(|_| view.lower)
}

fn view_has(cx: Cx, p: &Parsed, set: &str) -> bool {
    super::prose::tells(cx, set, &p.unit.flat.text)
}

/// `6th`, `6"`, `XIV` before an event's word.
fn edition(cx: Cx, p: &Parsed, span: Span) -> Option<Grounded> {
    let text = span.of(&p.unit.flat.text);
    for rule in cx.patterns("edition") {
        if let Some(m) = rule.regex.captures(text).and_then(|c| c.name("edition")) {
            let at = Span::new(m.start(), m.end()).shifted(span.start);
            return cx.read(&p.unit.flat, at, "", &["number.ordinal"], &rule.id, 0.9);
        }
    }
    // "II Encuentro …": a number in front of an event's word of any language
    let view = cx.view(&p.unit.flat);
    let near = Span::new(span.start, span.start + super::prose::floor(text, 70));
    let rule = cx.patterns("edition-leading").find(|r| r.regex.is_match(text))?;
    let m = rule.regex.captures(text)?.name("edition")?;
    view.phrase(near, Set::EventWord)?;
    cx.read(&p.unit.flat, Span::new(m.start(), m.end()).shifted(span.start), "", &["number.ordinal"], &rule.id, 0.85)
}

/// A page's name often has the site's name added; then the heading that shows it alone is meant.
fn shown(cx: Cx, head: &[Parsed], best: usize) -> usize {
    let words = |p: &Parsed| {
        let view = cx.view(&p.unit.flat);
        view.of(view.strip(p.unit.flat.all(), EDGES)).to_lowercase()
    };
    if head[best].unit.first(cx.s).meta.as_deref() != Some("title") {
        return best;
    }
    let name = words(&head[best]);
    let is_part = |p: &Parsed| {
        let shown = words(p);
        p.unit.features.has(named("heading")) && shown.len() >= 12 && shown.len() < name.len() && name.contains(&shown)
    };
    head.iter().position(is_part).unwrap_or(best)
}

/// The words of a unit that can be a name: of a mail's subject what stands behind its label, the marks of answers and
/// messages sent on (two or three letters and a colon) and the name of a list in brackets.
fn named_words(cx: Cx, p: &Parsed) -> Span {
    let all = p.unit.flat.all();
    if p.unit.first(cx.s).meta.as_deref() != Some("subject") {
        return all;
    }
    let view = cx.view(&p.unit.flat);
    let label = view.of(all).find(':').map_or(0, |at| at + 1);
    let mut span = view.trim(Span::new(all.start + label, all.end));
    for _ in 0..8 {
        let text = view.of(span);
        let mark = text.find(':').filter(|at| (2..=3).contains(at) && text[..*at].chars().all(char::is_alphabetic));
        let list = text.find(']').filter(|at| text.starts_with('[') && *at < 40);
        let Some(cut) = mark.or(list) else { break };
        span = view.trim(Span::new(span.start + cut + 1, span.end));
    }
    span
}

fn title_score(cx: Cx, p: &Parsed, i: usize) -> f32 {
    let g = cx.g;
    let f = p.unit.features;
    let view = cx.view(&p.unit.flat);
    let all = view.strip(named_words(cx, p), " \t*#:");
    let text = view.of(all);
    let words = text.split_whitespace().count();
    let meta = p.unit.first(cx.s).meta.as_deref();
    if meta.is_some_and(|m| !matches!(m, "title" | "subject"))
        || matches!(p.unit.class, Class::Furniture | Class::Contact | Class::Field | Class::Label | Class::Cell)
        || p.unit.class == Class::Day && f.has(named("date-only"))
        || words < 2
        || text.starts_with('(') && text.ends_with(')')
        || text.len() > 320
        || p.unit.class == Class::Prose && text.len() > SENTENCES && text.contains(". ")
        || nameless(view, all)
    {
        return 0.0;
    }
    // "Third webinar on …" as well as "Webinar on …"
    let counted = |s: Span| view.phrases(all, Set::Ordinal).any(|(n, _)| n.start == all.start && n.end + 1 == s.start);
    let capital = |s: Span| view.of(s).starts_with(char::is_uppercase);
    let event = view.phrases(all, Set::EventWord).any(|(s, _)| capital(s) || counted(s));
    let status = view
        .phrase(all, Set::Status)
        .or_else(|| view.phrase(all, Set::Programme))
        .is_some_and(|(s, _)| s.len() * 2 > all.len());
    let prose = p.unit.class == Class::Prose && (text.len() > SENTENCES || text.ends_with('.') && words > 5);
    let body = view.phrase(all, Set::Body).is_some_and(|(s, _)| s.start < all.start + 24) && !event;
    let date = view.dates(all).next().is_some_and(|(s, _)| s.len() * 2 > all.len()) || f.has(named("day-word"));
    let generic = view.phrase_at(all.start, Set::EventWord).is_some_and(|(s, _)| s.len() * 5 >= all.len() * 4)
        || cx.g.patterns("event-sort").iter().any(|p| p.regex.is_match(text));
    let table: [(bool, &str); 13] = [
        (true, "title/base"),
        (meta == Some("subject"), "title/subject"),
        (event, "title/event-word"),
        ((f.has(named("heading")) || f.has(named("capitals"))) && !generic, "title/prominent"),
        (meta == Some("title") && !date, "title/named"),
        (status, "title/status"),
        (prose, "title/prose"),
        (body, "title/body"),
        (date, "title/date"),
        (p.unit.class == Class::Place || p.unit.class == Class::Person, "title/place"),
        (words >= 4, "title/long"),
        (view_has(cx, p, "initiative") && !event, "title/initiative"),
        (generic, "title/generic"),
    ];
    let sum: f32 = table.iter().filter(|(on, _)| *on).map(|(_, key)| g.weight(key)).sum();
    sum + g.weight("title/position") * i as f32
}

/// "Workshop Programme", "Draft agenda 2023", "Practical information": words that name a sort of page and no event.
fn nameless(view: View, line: Span) -> bool {
    let announces = view.text.ends_with(':') && view.has(line, Set::Programme);
    if announces || [Set::ContactsHead, Set::AfterWord].iter().any(|s| view.is(line, *s)) {
        return true;
    }
    let said = [Set::Programme, Set::Status, Set::EventWord, Set::Month, Set::Weekday];
    let told = |at: usize| said.iter().filter_map(|s| view.phrase_at(at, *s)).map(|(s, _)| s.end).max();
    let mut at = line.start;
    let mut sort = false;
    while at < line.end {
        let word = view.strip_start(Span::new(at, line.end), " \t:,;.-–—|()/&0123456789");
        if word.is_empty() {
            break;
        }
        let Some(end) = told(word.start) else { return false };
        sort |= view.phrase_at(word.start, Set::Programme).is_some_and(|(s, _)| s.end == end);
        at = end.max(word.start + 1);
    }
    sort
}

/// What a line gains that a line right below it calls by an event's word: "Open Wells" over "A workshop on water".
fn subtitled(cx: Cx, p: &Parsed, next: Option<&Parsed>) -> f32 {
    let far = if p.unit.first(cx.s).heading > 0 { 1 } else { 0 };
    let Some(next) = next.filter(|n| n.unit.first(cx.s).blanks <= far) else { return 0.0 };
    let (own, below) = (cx.view(&p.unit.flat), cx.view(&next.unit.flat));
    let plain = |n: &Parsed| matches!(n.unit.class, Class::Text | Class::Heading | Class::Prose);
    let all = own.strip(p.unit.flat.all(), " \t*#:");
    let sets = [Set::EventWord, Set::Body, Set::KnownBody, Set::Place, Set::City, Set::Country, Set::Programme];
    // a body's word in a name of more words makes no body of it
    let other = |set: Set| own.phrases(all, set).any(|(s, p)| p.value.is_empty() || s.len() * 3 > all.len());
    let named = plain(p) && own.of(all).split_whitespace().count() >= 2 && !sets.iter().any(|s| other(*s));
    let first = next.unit.flat.text.split_whitespace().next().map_or(0, str::len);
    // "A …" says what the line above is the name of
    let article = view_has(cx, next, "subtitle");
    let reach = if article { next.unit.flat.text.len() } else { first + 12 };
    let event = below.phrases(next.unit.flat.all(), Set::EventWord).any(|(s, _)| s.start <= reach)
        && !next.unit.flat.text.ends_with(':');
    if named && plain(next) && event && !view_has(cx, p, "initiative") { cx.g.weight("title/subtitled") } else { 0.0 }
}

fn status(cx: Cx, p: &Parsed, tree: &mut Tree) {
    let view = cx.view(&p.unit.flat);
    if tree.event.status.is_some() || p.unit.class == Class::Prose {
        return;
    }
    if let Some((s, _)) = view.phrase(p.unit.flat.all(), Set::Status).filter(|(s, _)| {
        p.unit.flat.text.len() < 80
            && (s.len() * 3 > p.unit.flat.text.len() || view.has(p.unit.flat.all(), Set::Programme))
    }) {
        tree.event.status = cx.lexicon(&p.unit.flat, s, Set::Status, 0.9);
    }
}

fn dates(cx: Cx, p: &Parsed, tree: &mut Tree) {
    let from = p.unit.first(cx.s).span.start;
    let leads = |d: &crate::scan::DateMark| d.days.first().is_some_and(|(_, s)| s.start <= from + 24);
    let posted = p.unit.class == Class::Property;
    for d in &p.entry.dates {
        if posted {
            tree.posted = tree.posted.take().or_else(|| Some(d.clone()));
        } else if tree.event.date.is_none() && d.month.is_some() && (p.unit.flat.text.len() < 200 || leads(d)) {
            tree.event.date = Some(d.clone());
        } else if p.unit.class != Class::Day && d.month.is_some() && tree.event.other_dates.len() < OTHERS {
            tree.event.other_dates.push(d.clone());
        }
    }
}

fn fields(cx: Cx, p: &Parsed, tree: &mut Tree) {
    let Some((field, span)) = &p.entry.field else { return };
    let flat = &p.unit.flat;
    match field.as_str() {
        "place" | "room" => merge(cx, &mut tree.event.venue, labelled_place(cx, flat, field, *span)),
        "host" => tree.event.hosts.extend(cx.read(flat, *span, "name", &[], "base/header/host", 0.85)),
        "organiser" => tree.event.organisers.extend(bodies(cx, p, *span, "base/header/organiser")),
        "sponsor" => tree.event.sponsors.extend(bodies(cx, p, *span, "base/header/sponsor")),
        "event" => {
            if let Some(t) = cx.read(flat, *span, "name", &[], "base/header/event-field", 0.9) {
                tree.event.title = Some(t);
            }
        }
        "programme" => tree.event.programme = cx.read(flat, *span, "name", &[], "base/header/programme-field", 0.9),
        _ => {}
    }
}

/// Labels that have a line for themselves, "Venue" over "Old Mill": what field, and the number of the unit right below.
pub(super) fn lone_fields<'p>(cx: Cx<'p>, parsed: &'p [Parsed]) -> impl Iterator<Item = (&'p str, usize)> {
    parsed.windows(2).enumerate().filter_map(move |(i, pair)| {
        let flat = &pair[0].unit.flat;
        let label = Span::new(0, flat.text.trim_end_matches(':').len());
        let (_, field) = cx.view(flat).phrase_at(0, Set::Field).filter(|(s, _)| *s == label)?;
        (pair[1].unit.first(cx.s).blanks == 0).then_some((field.value.as_ref(), i + 1))
    })
}

/// What stands below labels that have a line for themselves: the date, the place and its address.
pub(super) fn below_labels(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    const ADDRESS: usize = 5;
    for (field, at) in lone_fields(cx, parsed) {
        let flat = &parsed[at].unit.flat;
        match field {
            "date" | "when" if tree.event.date.is_none() => dates(cx, &parsed[at], tree),
            "place" | "room" if tree.event.venue.is_empty() => {
                merge(cx, &mut tree.event.venue, labelled_place(cx, flat, field, flat.all()));
                let address = parsed[at + 1..].iter().take(ADDRESS).take_while(|p| p.unit.class != Class::Heading);
                for flat in address.map(|p| &p.unit.flat) {
                    merge(cx, &mut tree.event.venue, place(cx, flat, flat.all(), true));
                }
            }
            _ => {}
        }
    }
}

/// Bodies in a list: cut at commas and "and" where the parts are bodies by themselves.
fn bodies(cx: Cx, p: &Parsed, span: Span, rule: &str) -> Vec<Grounded> {
    let view = cx.view(&p.unit.flat);
    let text = view.of(span);
    let mut cuts = vec![span.start];
    for (i, w) in [" and ", "; ", " y ", " et ", " und ", " e "].iter().flat_map(|w| text.match_indices(w)) {
        let right = Span::new(span.start + i + w.len(), span.end);
        let left = Span::new(span.start, span.start + i);
        let body = |s: Span| view.has(s, Set::Body) || view.has(s, Set::KnownBody);
        // two names of several capital words each, neither with an "of" that could span the "and"
        let whole = |s: Span| {
            let words: Vec<&str> = view.of(s).split_whitespace().collect();
            words.len() >= 2 && words.iter().all(|w| w.starts_with(char::is_uppercase))
        };
        if body(right) && body(left) || whole(right) && whole(left) || apart(view, left, right) {
            cuts.push(span.start + i);
        }
    }
    cuts.push(span.end);
    cuts.sort_unstable();
    cuts.windows(2)
        .filter_map(|w| {
            let mut s = view.strip(Span::new(w[0], w[1]), " ,;.");
            if let Some(rest) = view.grammar.after_and(view.of(s), false) {
                s = view.trim(Span::new(s.end - rest.len(), s.end));
            }
            cx.read(&p.unit.flat, s, "name", &[], rule, 0.85)
        })
        .collect()
}

/// Whether a body's name begins right behind the "and": its own word first, or a compound of one ("Hafenarchiv").
fn apart(view: crate::scan::View, left: Span, right: Span) -> bool {
    let first = view.of(right).split_whitespace().next().unwrap_or("");
    let compound = view.grammar.patterns("body-compound").iter().any(|p| p.regex.is_match(first));
    let words = view.of(left).split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count();
    compound && words >= 2
}

pub(super) fn merge(cx: Cx, venue: &mut PlaceValue, found: PlaceValue) {
    venue.name = first_of(venue.name.take(), found.name, cx.g);
    venue.room = first_of(venue.room.take(), found.room, cx.g);
    venue.city = first_of(venue.city.take(), found.city, cx.g);
    venue.country = first_of(venue.country.take(), found.country, cx.g);
    venue.address = first_of(venue.address.take(), found.address, cx.g);
}

/// "Tunis, Tunisia, 28 May 2008", "15-16 August 2006 | House, London".
fn places(cx: Cx, p: &Parsed, tree: &mut Tree) {
    let flat = &p.unit.flat;
    let view = cx.view(flat);
    let short = flat.text.len() < 140
        && p.entry.field.is_none()
        && !matches!(p.unit.class, Class::Property | Class::Label | Class::Furniture);
    let whole = flat.all();
    let city = view.phrase(whole, Set::City);
    let is_title = tree
        .event
        .title
        .as_ref()
        .is_some_and(|t| flat.source(whole).0.iter().any(|s| t.pieces.iter().any(|q| s.overlaps(*q))));
    if !short
        || is_title
        || !(city.is_some()
            || p.unit.features.has(named("country-last")) && flat.text.contains(',')
            || p.unit.class == Class::Place
            || p.unit.features.has(named("place-word"))
                && !p.unit.features.has(named("kind-first"))
                && flat.text.split_whitespace().count() <= 8)
    {
        return;
    }
    // "Norway Workshop": where it is held, and no house
    let event = p.unit.features.has(named("event-word")) && !p.unit.features.has(named("place-word"));
    let dated = view.dates(whole).next();
    let head = dated.map_or(whole, |(d, _)| {
        if d.start > whole.end - d.end { Span::new(0, d.start) } else { Span::new(d.end, whole.end) }
    });
    let alone = view.is(view.strip(whole, " .,"), Set::City)
        || p.unit.features.has(named("country-last")) && p.unit.features.has(named("short"));
    let labelled = !event && (p.unit.class == Class::Place || dated.is_some() || alone || house(view, whole));
    let found = place(cx, flat, view.strip(head, " ,|-–—(·:"), labelled);
    merge(cx, &mut tree.event.venue, found);
}

/// "Old Mill Farm, Leeds": a name of capital words that is no person's nor body's, its city behind the comma.
fn house(view: View, line: Span) -> bool {
    let Some((name, city)) = view.of(line).split_once(", ") else { return false };
    let (name, city) = (Span::new(line.start, line.start + name.len()), Span::new(line.end - city.len(), line.end));
    let words: Vec<&str> = view.of(name).split_whitespace().collect();
    let other =
        [Set::Position, Set::EventWord, Set::Kind, Set::Programme, Set::Status, Set::Role, Set::Country, Set::City];
    (1..=4).contains(&words.len())
        && words.iter().all(|w| w.starts_with(char::is_uppercase))
        && view.is(view.strip(city, " .,"), Set::City)
        && !other.iter().any(|s| view.has(name, *s))
        && crate::parse::names::expected_at(view, name).is_none()
}

fn tail_place(cx: Cx, p: &Parsed, tail: Span, tree: &mut Tree) {
    let view = cx.view(&p.unit.flat);
    if let Some((d, _)) = view.dates(tail).next() {
        for side in [Span::new(tail.start, d.start), Span::new(d.end, tail.end)] {
            // "Lima/hybrid": how the event is held stands beside its place
            let end = view.phrase(side, Set::Flag).map_or(side.end, |(mode, _)| mode.start);
            let side = view.strip(Span::new(side.start, end), " ,(|-–—)./");
            if view.has(side, Set::City) || view.has(side, Set::Country) || view.has(side, Set::Place) {
                let alone = view.is(side, Set::City);
                merge(cx, &mut tree.event.venue, place(cx, &p.unit.flat, side, alone));
            }
        }
    }
}

fn urls(cx: Cx, p: &Parsed, tree: &mut Tree) {
    for m in p.unit.flat.marks.iter().filter(|m| m.kind == crate::scan::MarkKind::Url) {
        let read = cx.read(&p.unit.flat, m.span, "", &["url.plain"], "base/header/url", 0.9);
        tree.event.urls.extend(read);
    }
}
