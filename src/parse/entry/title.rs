//! Title and people in one text: by kind label, quotes, order and separators.
//!
//! In: what is left of an entry. Out: its kind, title and people. Never: looks at other units.

use super::*;

/// The kind that the title's words tell.
pub(super) fn take_kind(cx: Cx, flat: &Flat, rest: Span, e: &mut Entry) {
    let v = cx.view(flat);
    let at_start = v.phrase_at(rest.start, Set::Kind);
    let anywhere = || v.phrases(rest, Set::Kind).max_by_key(|(s, _)| (s.len(), std::cmp::Reverse(s.start)));
    let Some((span, phrase)) = at_start.or_else(anywhere) else { return };
    // "Hill Society AGM": what it is stands last
    let last = phrase.value.as_ref() == "admin" && span.end == rest.end;
    let first = at_start.is_some() || last;
    let whole = v.strip(Span::new(span.end, rest.end), " :.-–—()").is_empty() && at_start.is_some();
    if let Some(mut kind) = cx.read(
        flat,
        span,
        "",
        &["lexicon:kind"],
        &phrase.id,
        if whole {
            0.98
        } else if first {
            0.9
        } else {
            0.7
        },
    ) {
        kind.rule = phrase.id.clone();
        let other = v.phrases(rest, Set::Kind).find(|(s, p)| !s.overlaps(span) && p.value != phrase.value);
        let other = other.and_then(|(s, _)| cx.lexicon(flat, s, Set::Kind, 0.7));
        let kind = kind.over(other, cx.g.weight("reading/other-kind"));
        e.kind = Some(KindLabel { kind, whole, first });
    }
}

/// "Keynote speech: Title" → where the title begins.
pub(super) fn after_label(v: View, rest: Span, e: &Entry) -> Span {
    let Some(kind) = e.kind.as_ref().filter(|k| k.first && !k.whole) else { return rest };
    let Some((span, _)) = v.phrase_at(rest.start, Set::Kind) else { return rest };
    let tail = v.of(Span::new(span.end, rest.end));
    let mut marked = tail.trim_start();
    // "Keynote 1:"
    if let Some(n) = number_token(v, v.trim(Span::new(span.end, rest.end))) {
        marked = v.of(Span::new(n.end, rest.end)).trim_start();
    }
    let body = v.strip(Span::new(rest.end - marked.len(), rest.end), " :-–—·");
    let people_only = marked.starts_with(':')
        && names::expected_at(v, body).is_some_and(|n| {
            v.text[n.end()..body.end].starts_with([',', '('])
                || n.end() == body.end
                || v.text[n.end()..body.end].starts_with(" (")
        });
    if people_only {
        return body;
    }
    let labels = matches!(
        kind.kind.value.as_str(),
        "keynote"
            | "panel"
            | "session"
            | "talk"
            | "workshop"
            | "discussion"
            | "opening"
            | "closing"
            | "poster"
            | "other"
            | "social"
            | "visit"
            | "admin"
    );
    let dashed = marked.starts_with("- ")
        || marked.starts_with("\u{2013} ")
        || marked.starts_with("\u{2014} ")
        || marked.starts_with("\u{b7} ");
    let quoted = marked.starts_with(['"', '\u{201c}', '\u{ab}', '\u{201e}']);
    // "Panel 2 / Title", not "Workshop/Seminar"
    let slashed = marked.strip_prefix('/').is_some_and(|t| t.trim_start().starts_with(char::is_uppercase))
        && !v.has(Span::new(rest.end - marked.len(), rest.end), Set::Kind);
    if !labels || !(marked.starts_with(':') || dashed || quoted || slashed) {
        return rest;
    }
    let body = v.strip(Span::new(rest.end - marked.len(), rest.end), " :-–—·/");
    if body.is_empty() || (v.of(rest).len() < 14 && matches!(kind.kind.value.as_str(), "opening" | "closing")) {
        rest
    } else {
        body
    }
}

/// The rest: a title, people, or both.
pub(super) fn title_and_people(cx: Cx, flat: &Flat, rest: Span, e: &mut Entry) {
    let v = cx.view(flat);
    let rest = v.strip(rest, " \t:;,-–—|*");
    if rest.is_empty() {
        return;
    }
    if v.is(v.strip(rest, " ()[]."), Set::Placeholder) || v.is(v.strip(rest, " ()[]."), Set::Flag) {
        e.placeholder = true;
        return;
    }
    if let Some(found) = placeholder_place(cx, flat, rest) {
        e.placeholder = true;
        e.place = e.place.take().or(Some(found));
        return;
    }
    if e.people.is_empty()
        && let Some((title, quoted, found)) = cut_people(cx, flat, rest)
    {
        if e.role.is_none() && e.kind.as_ref().is_none_or(|k| k.kind.value != "keynote") {
            e.role = verb_before(cx, flat, rest, &found);
        }
        e.people = found;
        e.quoted = quoted;
        if let Some(t) = title {
            let t = if quoted { t } else { take_tail(cx, flat, t, e) };
            set_title(cx, flat, t, e);
        }
        return;
    }
    if e.people.is_empty()
        && let Some((title, person)) = job_then_name(cx, flat, rest)
    {
        e.people.push(person);
        if let Some(title) = title {
            set_title(cx, flat, title, e);
        }
        return;
    }
    set_title(cx, flat, rest, e);
}

/// "[To be announced] - Hall C": the place behind words that only hold the title's place.
fn placeholder_place(cx: Cx, flat: &Flat, rest: Span) -> Option<PlaceValue> {
    let v = cx.view(flat);
    let inner = v.strip_start(rest, "[(");
    let (words, _) = v.phrase_at(inner.start, Set::Placeholder)?;
    let behind = Span::new(words.end, rest.end);
    let tail = v.strip_start(behind, " )]-–—,");
    let apart = tail.start >= behind.start + 3 && v.has(tail, Set::Place) && tail.len() < 60;
    apart.then(|| place(cx, flat, tail, true)).filter(|p| !p.is_empty())
}

/// "Rector of the Blue School, Ann Lee", "Opening - OECD Director Ann Lee": the job stands before the name, a title
/// before both.
fn job_then_name(cx: Cx, flat: &Flat, rest: Span) -> Option<(Option<Span>, PersonValue)> {
    let v = cx.view(flat);
    let text = v.of(rest);
    let cut = [" - ", " \u{2013} ", " \u{2014} "].iter().filter_map(|d| Some(text.rfind(d)? + d.len())).max();
    let (title, whole) = match cut {
        Some(c) => (Some(v.strip(Span::new(rest.start, rest.start + c), " -–—")), Span::new(rest.start + c, rest.end)),
        None => (None, rest),
    };
    let (job, _) = v.phrases(whole, Set::Position).next()?;
    // behind a job's last comma, else right behind the job's words
    let comma = v.of(whole).rfind(", ").map(|i| whole.start + i).filter(|i| *i >= job.end);
    let (words, name) = match comma {
        Some(c) if job.start == whole.start => (Span::new(whole.start, c), Span::new(c + 2, whole.end)),
        None => (Span::new(whole.start, job.end), v.trim(Span::new(job.end, whole.end))),
        _ => return None,
    };
    let lead = v.trim(Span::new(words.start, job.start));
    let body = |s: Span| v.is(s, Set::KnownBody) || v.has(s, Set::Body);
    let n = names::expected_at(v, name).filter(|n| n.end() == whole.end)?;
    let leads = lead.is_empty() || body(lead) && v.of(lead).split_whitespace().count() <= 6;
    (leads && is_position(v, words)).then(|| (title, job_person(cx, flat, &n, words, lead)))
}

/// "Dinner offered by X", "Panel moderated by X": the part that the verb right before the people gives them, where it
/// is another than a speaker's.
fn verb_before(cx: Cx, flat: &Flat, rest: Span, found: &[PersonValue]) -> Option<RoleLabel> {
    let v = cx.view(flat);
    let first = found.first()?;
    let name = first.honorific.as_ref().map_or(first.name.start(), |h| h.start());
    let (verb, phrase) = v.phrases(rest, Set::RoleVerb).find(|(s, _)| {
        let (pieces, _) = flat.source(*s);
        pieces.last().is_some_and(|p| p.end <= name && name <= p.end + 3)
    })?;
    if phrase.value.as_ref() == "speaker" {
        return None;
    }
    Some(RoleLabel {
        role: cx.lexicon(flat, verb, Set::RoleVerb, 0.9)?,
        label: cx.read(flat, verb, "", &[], "base/entry/role-label", 0.9)?,
    })
}

/// Title and people in one text: by quotes, by "by", by order and separators.
pub(super) fn cut_people(cx: Cx, flat: &Flat, rest: Span) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    if let Some((title, before, after)) = quoted(v, rest) {
        for side in [before, after] {
            let side = v.strip(side, " ,;:.-–—()");
            let side = by(v, side);
            let found = expected_people(cx, flat, side);
            let found = if v.lower { told_people(cx, flat, side).unwrap_or(found) } else { found };
            if !found.is_empty() {
                return Some((Some(title), true, found));
            }
        }
    }
    if let Some(found) = authors(v, rest).filter(|a| a.names.len() > 1) {
        let people: Vec<PersonValue> = found.names.iter().flat_map(|n| shaped_people(cx, flat, *n)).collect();
        if people.len() == found.names.len() {
            return Some((Some(found.title), false, people));
        }
    }
    let strong = v.phrase_at(rest.start, Set::Honorific).is_some();
    if let Some(n) = names::name_at(v, rest) {
        let behind = v.text[n.end()..rest.end].trim_start();
        let whole = behind.is_empty();
        let affiliated = behind.starts_with(['(', ',', '/', '['])
            || v.grammar.after_and(behind, false).is_some_and(|r| r.starts_with(char::is_uppercase));
        if whole || affiliated || strong {
            if let Some(found) = name_then_title(cx, flat, rest, &n) {
                return Some(found);
            }
            let found = people(cx, flat, rest);
            if !found.is_empty() && (strong || whole || n.score >= 1.3) {
                return Some((None, false, found));
            }
        } else if behind.starts_with([':', '-', '\u{2013}', '\u{2014}', '.']) {
            if let Some(found) = name_then_title(cx, flat, rest, &n) {
                return Some(found);
            }
            // "Ann Lee - Director, Water Agency"
            let job = v.strip(Span::new(n.end(), rest.end), " -\u{2013}\u{2014}");
            if behind.starts_with(['-', '\u{2013}', '\u{2014}']) && job_first(v, job) && n.score >= 1.3 {
                let found = people(cx, flat, rest);
                if !found.is_empty() {
                    return Some((None, false, found));
                }
            }
        }
    }
    title_then_name(cx, flat, rest)
}

/// Whether a span begins with a position: what stands before its first comma is one.
fn job_first(v: View, span: Span) -> bool {
    let end = v.of(span).find(',').map_or(span.end, |i| span.start + i);
    is_position(v, span) || is_position(v, Span::new(span.start, end))
}

/// A quoted stretch with what stands before and behind it.
pub(super) fn quoted(v: View, rest: Span) -> Option<(Span, Span, Span)> {
    let text = v.of(rest);
    if let Some(found) = spaced_quotes(v, rest) {
        return Some(found);
    }
    let (open, width, close) = [
        ('"', '"'),
        ('\u{201c}', '\u{201d}'),
        ('\u{ab}', '\u{bb}'),
        ('\u{201e}', '\u{201c}'),
        ('\u{201e}', '\u{201d}'),
        ('\u{2018}', '\u{2019}'),
    ]
    .iter()
    .filter_map(|(a, b)| {
        let i = text.find(*a)?;
        let j = text[i + a.len_utf8()..].rfind(*b)? + i + a.len_utf8();
        Some((i, a.len_utf8(), j, b.len_utf8()))
    })
    .min()
    .map(|(i, w, j, _)| (i, w, j))?;
    let inner = Span::new(rest.start + open + width, rest.start + close);
    let behind = rest.start + close + text[close..].chars().next().map_or(0, char::len_utf8);
    (inner.len() >= 8)
        .then(|| (v.strip(inner, " ,."), Span::new(rest.start, rest.start + open), Span::new(behind, rest.end)))
}

/// "` a title '", "' a title '": quotes that stand as words of their own.
fn spaced_quotes(v: View, rest: Span) -> Option<(Span, Span, Span)> {
    let text = v.of(rest);
    let open =
        ["` ", "' "].iter().filter_map(|q| text.find(q)).filter(|i| *i == 0 || text[..*i].ends_with(' ')).min()?;
    let tail = text.trim_end_matches([' ', '.', ',']);
    let close = tail.strip_suffix(" '").map(str::len).filter(|c| *c > open + 2)?;
    let inner = v.trim(Span::new(rest.start + open + 2, rest.start + close));
    let side = |a: usize, b: usize| Span::new(rest.start + a, rest.start + b);
    (v.lower && inner.len() >= 8).then(|| (inner, side(0, open), side(text.len(), text.len())))
}

/// Over a leading "by", "presented by".
pub(super) fn by(v: View, span: Span) -> Span {
    v.phrase_at(span.start, Set::RoleVerb).map_or(span, |(s, _)| v.strip(Span::new(s.end, span.end), " :"))
}

/// `NAME (Org): Title`, `NAME. Title`, `NAME - Title`.
pub(super) fn name_then_title(
    cx: Cx,
    flat: &Flat,
    rest: Span,
    n: &names::NameAt,
) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    let text = v.of(rest);
    let mut at = n.end() - rest.start;
    // "X and Y (Org). Title": on behind the last of them
    for _ in 0..3 {
        let next = v.grammar.after_and(text[at..].trim_start(), false);
        let Some(second) = next.and_then(|r| names::expected_at(v, Span::new(rest.end - r.len(), rest.end))) else {
            break;
        };
        at = second.end() - rest.start;
    }
    let behind = text[at..].trim_start();
    let bracket = behind.starts_with('(');
    if bracket {
        at = text.len() - behind.len() + behind.find(')')? + 1;
    }
    // "NAME (Org), Title": where no name, job or body follows
    let listed = || {
        let tail = v.trim(Span::new(rest.start + at + 1, rest.end));
        let head = Span::new(tail.start, v.text[tail.start..tail.end].find(',').map_or(tail.end, |c| tail.start + c));
        let words = v.of(head).split_whitespace().count();
        v.of(tail).starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '\u{201c}' | '\u{ab}' | '\u{201e}'))
            && (words > 1 || v.of(tail).split_whitespace().count() > 2)
            && names::expected_at(v, tail).is_none_or(|n| n.end() != head.end && n.score < 1.6)
            && ![Set::Position, Set::Body, Set::Unit, Set::KnownBody, Set::City, Set::Country]
                .iter()
                .any(|s| v.has(head, *s))
    };
    let comma = bracket && text[at..].starts_with(", ") && listed();
    let sep = |t: &str| {
        t.starts_with(": ")
            || t.starts_with(" - ")
            || t.starts_with(" \u{2013} ")
            || t.starts_with(" \u{2014} ")
            || t.starts_with(" : ")
            || t.starts_with(". ")
            || t.starts_with(":\u{a0}")
            || t.starts_with('\t')
    };
    let cut = (at..text.len())
        .filter(|i| text.is_char_boundary(*i))
        .take(160)
        .find(|i| (comma && *i == at) || sep(&text[*i..]) && split::outside(text, *i))?;
    let head = Span::new(rest.start, rest.start + cut);
    let tail = v.strip(Span::new(rest.start + cut, rest.end), " :.-–—\t,");
    let tail_is_affiliation = job_first(v, tail)
        || v.has(Span::new(tail.start, (tail.start + 30).min(tail.end)), Set::Body)
            && tail.len() < 60
            && text[cut..].starts_with([' ', '\t']);
    if tail.len() < 4
        || v.is(tail, Set::Country)
        || tail_is_affiliation
        || v.of(tail).starts_with(char::is_lowercase) && text[cut..].starts_with('.')
    {
        return None;
    }
    let found = people(cx, flat, head);
    if found.is_empty() {
        return None;
    }
    // "A (Org), B (Org): Title": where one is a person, so are the others
    let more = expected_people(cx, flat, head);
    Some((Some(tail), false, if more.len() > found.len() { more } else { found }))
}

/// `Title, NAME, Org`, `Title - NAME (Org)`, `Title by NAME`, `Title: Mr. X`.
pub(super) fn title_then_name(cx: Cx, flat: &Flat, rest: Span) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    if let Some((s, _)) = v.phrase_at(rest.start, Set::RoleVerb) {
        // "Round table: convened by X": no more than who does it
        let found = expected_people(cx, flat, v.strip(Span::new(s.end, rest.end), " :"));
        if v.of(s).ends_with("ed by") && !found.is_empty() {
            return Some((None, false, found));
        }
    }
    for (s, _) in v.phrases(rest, Set::RoleVerb) {
        let tail = v.strip(Span::new(s.end, rest.end), " :");
        let mut found = expected_people(cx, flat, tail);
        // "opened by chair Ann Lee", "door dagvoorzitter"
        let part = |set| v.phrase_at(tail.start, set).map(|(part, _)| part.end);
        if let Some(end) = part(Set::Role).max(part(Set::Position)).filter(|_| found.is_empty()) {
            found = expected_people(cx, flat, v.strip(Span::new(end, rest.end), " "));
        }
        // "opening statement by": only the last word belongs to the verb
        let verb = v.of(s).rfind(' ').filter(|_| !v.of(s).ends_with("ed by")).map_or(s.start, |i| s.start + i);
        let found = match job_then_name(cx, flat, tail) {
            Some((None, person)) if found.is_empty() => vec![person],
            _ => found,
        };
        if !found.is_empty() && verb > rest.start {
            return Some((Some(v.strip(Span::new(rest.start, verb), " ,:;-–—")), false, found));
        }
    }
    if let Some((title, name)) = honorific_behind_bracket(v, rest) {
        let found = expected_people(cx, flat, name);
        if !found.is_empty() {
            return Some((Some(title), false, found));
        }
    }
    let text = v.of(rest);
    for (i, c) in text.char_indices() {
        let width = match c {
            ',' | ';' | ':' | '.' | '?' | '\t' | '|' => 1,
            '-' | '\u{2013}' | '\u{2014}' | '/' if text[..i].ends_with(' ') => c.len_utf8(),
            _ => continue,
        };
        if !split::outside(text, i) || i < 3 {
            continue;
        }
        let tail = v.trim(Span::new(rest.start + i + width, rest.end));
        if tail.start == rest.start + i + width && !matches!(c, '\t') {
            continue;
        }
        let Some(n) = names::expected_at(v, tail) else { continue };
        let behind = v.text[n.end()..rest.end].trim_start();
        let bound = behind.is_empty()
            || behind == "."
            || behind.starts_with(['(', ',', ';', '/', '['])
            || behind.starts_with("- ")
            || v.grammar.after_and(behind, true).is_some();
        // what is expected weighs 0.75 in the score already
        let need = match c {
            ',' => 2.75,
            '.' | '?' => 2.3,
            ':' => 2.1,
            _ => 1.5,
        };
        let need = if behind.starts_with('(') { need - 0.6 } else { need };
        if bound && (n.honorific.is_some() || n.score >= need) {
            let found = expected_people(cx, flat, tail);
            if let Some(all) = (c == ',' && !found.is_empty()).then(|| listed_behind_dash(cx, flat, rest, i)).flatten()
            {
                return Some(all);
            }
            if !found.is_empty() {
                let keep = usize::from(c == '?');
                let head = Span::new(rest.start, rest.start + i + keep);
                let head = if c == '.' { before_title(v, head) } else { head };
                return Some((Some(v.strip(head, " ,:;-–—")), false, found));
            }
        }
    }
    None
}

/// "Safe wells (hands on) Mr. Tom Reed, Water Agency": the title, and the people right behind its bracket.
fn honorific_behind_bracket(v: View, rest: Span) -> Option<(Span, Span)> {
    let titled = |s: Span| v.of(Span::new(rest.start, s.start)).trim_end().ends_with(')') && s.start > rest.start + 3;
    let (at, _) = v.phrases(rest, Set::Honorific).find(|(s, _)| titled(*s))?;
    let n = names::expected_at(v, Span::new(at.start, rest.end)).filter(|n| n.honorific.is_some())?;
    let behind = v.text[n.end()..rest.end].trim_start();
    let bound = behind.is_empty() || behind.starts_with([',', '(']);
    bound.then(|| (v.strip(Span::new(rest.start, at.start), " ,;:-"), Span::new(at.start, rest.end)))
}

/// "Greeting of the Hon": without the name's title, and the small words that lead to it.
fn before_title(v: View, head: Span) -> Span {
    let Some((title, _)) = v.phrases(head, Set::Honorific).last().filter(|(s, _)| s.end == head.end) else {
        return head;
    };
    let mut end = Span::new(head.start, title.start);
    loop {
        end = v.trim(end);
        let text = v.of(end);
        let word = text.rfind(' ').map_or(end.start, |i| end.start + i + 1);
        let small = v.text[word..end.end].ends_with(['\'', '\u{2019}'])
            || v.phrase_at(word, Set::Particle).is_some_and(|(s, _)| s.end == end.end);
        if word == end.start || !small {
            return end;
        }
        end.end = word;
    }
}

/// "Title - Unknown Name (Org), Ann Lee (Org)": the list that begins behind the last dash before the comma at `at`, where
/// what stands between has the shape of a name and its bracket.
fn listed_behind_dash(cx: Cx, flat: &Flat, rest: Span, at: usize) -> Option<(Option<Span>, bool, Vec<PersonValue>)> {
    let v = cx.view(flat);
    let head = &v.of(rest)[..at];
    let (dash, mark) =
        [" - ", " \u{2013} ", " \u{2014} "].iter().filter_map(|d| Some((head.rfind(d)?, d.len()))).max()?;
    let first = &head[dash + mark..];
    let bracketed = first.ends_with(')') && first.matches('(').count() == 1;
    let found = shaped_people(cx, flat, v.trim(Span::new(rest.start + dash + mark, rest.end)));
    let title = v.strip(Span::new(rest.start, rest.start + dash), " ,:;-–—");
    (bracketed && found.len() > 1 && title.len() > 3).then_some((Some(title), false, found))
}

/// The title: without quotes, colon and full stop.
pub(super) fn set_title(cx: Cx, flat: &Flat, span: Span, e: &mut Entry) {
    let v = cx.view(flat);
    let mut t = v.strip(span, " \t:;,|*-–—");
    let text = v.of(t);
    e.quoted |= text.starts_with(['"', '\u{201c}', '\u{ab}', '\u{201e}']);
    for (a, b) in
        [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}'), ('\u{201e}', '\u{201c}'), ('\u{2018}', '\u{2019}')]
    {
        let text = v.of(t).trim_end_matches('.');
        let inner = text.strip_prefix(a).and_then(|x| x.strip_suffix(b));
        if inner.is_some_and(|x| !x.contains(a)) {
            t = v.strip(Span::new(t.start + a.len_utf8(), t.start + text.len() - b.len_utf8()), " ");
        }
    }
    let text = v.of(t);
    if text.ends_with('.') && !text.ends_with("etc.") && !text.ends_with("..") {
        t = Span::new(t.start, t.end - 1);
    }
    // an opening bracket that OCR put before the title
    if v.of(t).matches('(').count() > v.of(t).matches(')').count() && v.of(t).starts_with('(') {
        t = Span::new(t.start + 1, t.end);
    }
    if v.is(v.strip(t, " ()[]"), Set::Placeholder) {
        e.placeholder = true;
        return;
    }
    e.title = cx.read(flat, t, "text", &[], "base/entry/title", 0.85);
}
