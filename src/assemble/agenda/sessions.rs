//! Which session a row, a heading or a list's entry opens, fills or belongs to.
//!
//! In: a unit. Out: sessions and talks of the builder's tree. Never: reads lists below labels.

use super::*;

impl Builder<'_, '_> {
    /// A row that is only a time, under a heading that has none yet: the heading's slot.
    pub(super) fn takes_slot(&mut self, p: &Parsed, when: When) -> bool {
        let under = |i: usize| self.above && self.tree.sessions[i].line + 1 == p.unit.lines.start;
        let bare = bare(p) && (self.session.is_some_and(under) || !self.first_of_several(when));
        let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) else { return false };
        let empty = s.when.is_none() && s.headed && s.talks.is_empty() && s.questions.is_empty();
        if bare && empty && p.unit.lines.start <= s.line + 3 {
            s.when = Some(when);
            return true;
        }
        false
    }

    /// Whether another row of only a time follows before the next heading, at the end of this one or later: each
    /// is a contribution's, none the heading's.
    fn first_of_several(&self, when: When) -> bool {
        const NEAR: usize = 8;
        let below = self.ahead.iter().take(NEAR).take_while(|q| !matches!(q.unit.class, Class::Heading | Class::Day));
        let starts = below.filter(|q| q.unit.class == Class::Row && bare(q)).filter_map(|q| q.entry.whens.first());
        let end = when.end.map_or(clock_minutes(&when.start) + 1, |e| clock_minutes(&e));
        starts.take(1).any(|w| clock_minutes(&w.start) >= end)
    }

    /// Whether a line that ends with a time stands in the column of the words of a row that begins with one: it says
    /// something about that row.
    pub(super) fn remark_below(&self, p: &Parsed) -> bool {
        let features = p.unit.features;
        let last = features.has(named("time-last")) && !features.has(named("time-first"));
        let Some(s) = self.session.map(|i| &self.tree.sessions[i]) else { return false };
        let (line, above) = (p.unit.first(self.cx.s), self.cx.s.lines.get(s.line));
        let timed = s.when.is_some_and(|w| above.is_some_and(|l| w.start.span.start <= l.span.start + 2));
        last && timed && line.blanks == 0 && above.is_some_and(|l| line.indent > l.indent + 4)
    }

    /// The session under which a row at `when` stands: a heading without time, or a row whose slot holds it.
    pub(super) fn holder(&self, p: &Parsed, when: When) -> Option<usize> {
        let frame = p.entry.kind.as_ref().is_some_and(|k| {
            k.first
                && matches!(k.kind.value.as_str(), "break" | "meal" | "registration" | "closing" | "social" | "visit")
                || k.whole && k.kind.value == "admin"
        });
        let numbered = p.entry.number.as_ref().is_some_and(|n| n.word.as_ref().is_some_and(|w| w.value != "talk"));
        // "16:00 Ann Lee" below "16:00–17:00 Final remarks"
        let only_people = p.entry.title.is_none() && !p.entry.people.is_empty();
        if let Some(open) = self.session.filter(|s| only_people && self.slot_inside(*s, when) && !self.frames(*s)) {
            return Some(open);
        }
        let block = self.block?;
        let s = &self.tree.sessions[block];
        if numbered {
            return None;
        }
        if s.when.is_none() {
            // an entry of a list holds no rows but those of a list below it
            let below = s.depth == 0 || self.depth(p) > s.depth;
            return (!frame && below && !self.left_of(p, block)).then_some(block);
        }
        // "17:00 – 19:00 Parallel sessions:" holds the list below it, not its own list's next entry
        let sibling = s.announces && self.depth(p) == s.depth;
        (self.slot_inside(block, when) && !frame && !sibling).then_some(block)
    }

    /// Whether a row that is only a time opens a session, as what follows is a session's words or rows of its own.
    pub(super) fn opens(&self, p: &Parsed, when: When) -> bool {
        let Some(next) = self.next.filter(|_| bare(p)).map(|next| &next.entry) else { return false };
        let framed = next.kind.as_ref().is_some_and(|k| k.first);
        let numbered = next.number.as_ref().is_some_and(|n| n.word.is_some());
        framed || numbered || next.whens.first().is_some_and(|inner| holds(when, *inner, true))
    }

    /// Words below the row of a talk that named only its speakers, or nothing: its title.
    pub(super) fn titles_talk(&mut self, p: &Parsed) -> bool {
        let e = &p.entry;
        let told = e.role.is_some() || !e.people.is_empty() || !e.whens.is_empty() || e.field.is_some();
        let words = matches!(
            p.unit.class,
            Class::Text | Class::Heading | Class::Prose | Class::Item | Class::Status | Class::Question
        );
        let (Some(i), Some(t)) = (self.session, self.talk) else { return false };
        let near = |t: &&mut TalkTree| t.when.is_some() && t.title.is_none() && p.unit.lines.start <= t.line + 3;
        let Some(talk) = self.tree.sessions[i].talks.get_mut(t).filter(near) else { return false };
        if told || !words || e.title.is_none() || p.unit.flat.text.len() > 240 {
            return false;
        }
        talk.title = e.title.clone();
        true
    }

    /// How deep in its list an entry stands: as the format tells, else by the column of its bullet; 0 for none.
    fn depth(&self, p: &Parsed) -> usize {
        let line = p.unit.first(self.cx.s);
        match line.item {
            0 if p.unit.features.has(named("bullet")) => line.indent + 1,
            depth => usize::from(depth),
        }
    }

    /// Whether a row with a time stands left of a heading that itself stands below such a row: it is the row's sibling.
    fn left_of(&self, p: &Parsed, block: usize) -> bool {
        const STEP: usize = 3;
        let s = &self.tree.sessions[block];
        let indent = |line: usize| self.cx.s.lines.get(line).map_or(0, |l| l.indent);
        let (own, heading) = (p.unit.first(self.cx.s), indent(s.line));
        let sibling = |t: &SessionTree| t.day == s.day && t.when.is_some() && indent(t.line) <= own.indent + 1;
        !own.row
            && own.indent + STEP < heading
            && s.headed
            && self.tree.sessions[..block].iter().rev().take(6).any(sibling)
    }

    /// Whether the session is one that holds no contributions.
    fn frames(&self, i: usize) -> bool {
        matches!(self.tree.sessions[i].kind.value.as_str(), "break" | "meal" | "registration")
    }

    pub(super) fn slot_inside(&self, block: usize, when: When) -> bool {
        let session = &self.tree.sessions[block];
        // a row without words may hold one that fills it
        let empty = session.wants_title && session.title.is_none() && session.roles.is_empty();
        session.when.is_some_and(|outer| holds(outer, when, empty))
    }

    pub(super) fn is_contribution(&self, p: &Parsed) -> bool {
        if self.stands_alone(p) {
            return false;
        }
        // a half-day holds its talks; what has a kind of its own stands for itself
        let untimed =
            self.block.is_some_and(|b| self.tree.sessions[b].when.is_none() && self.tree.sessions[b].number.is_none());
        !p.entry.kind.as_ref().is_some_and(|k| {
            k.first && (matches!(k.kind.value.as_str(), "break" | "meal") || untimed && k.kind.value != "talk")
        })
    }

    /// Whether a row with a kind of its own begins some time after the last talk of a session that has no slot.
    fn stands_alone(&self, p: &Parsed) -> bool {
        let Some(s) = self.block.map(|b| &self.tree.sessions[b]).filter(|s| s.when.is_none()) else { return false };
        let kind = |k: &crate::parse::KindLabel| {
            k.first && matches!(k.kind.value.as_str(), "panel" | "discussion" | "workshop" | "keynote" | "poster")
        };
        // a panel with a title of its own is no talk of the session before it
        let titled = |k: &crate::parse::KindLabel| k.first && !k.whole && k.kind.value == "panel";
        if p.entry.title.is_some() && p.entry.kind.as_ref().is_some_and(titled) {
            return true;
        }
        let ends = s.talks.last().and_then(|t| t.when?.end);
        let apart = p.entry.whens.first().zip(ends).is_some_and(|(w, e)| clock_minutes(&w.start) > clock_minutes(&e));
        apart && p.entry.kind.as_ref().is_some_and(kind)
    }

    /// Whether a timed row announces sessions side by side.
    pub(super) fn parallel(&self, i: usize) -> bool {
        let s = &self.tree.sessions[i];
        s.when.is_some() && s.announces
            || s.when.is_some()
                && s.title
                    .as_ref()
                    .or(s.label.as_ref())
                    .is_some_and(|t| self.cx.patterns("parallel").any(|p| p.regex.is_match(&t.value)))
    }

    pub(super) fn session_of(&self, p: &Parsed, timed: bool) -> SessionTree {
        let e = &p.entry;
        let several =
            e.number.as_ref().and_then(|n| n.word.as_ref()?.pieces.first()).is_some_and(|w| self.several_words(*w));
        let words = self.numbered_label(e);
        let mut s = SessionTree {
            number: e.number.as_ref().filter(|n| n.word.is_some()).map(|n| n.number.clone()),
            title: e.title.clone(),
            words: words.clone().filter(|_| !e.whens.is_empty() && e.people.is_empty()),
            label: words.filter(|_| several),
            day: self.day,
            when: timed.then(|| e.whens.first().copied()).flatten().or(e.whens.first().copied()),
            tentative: e.tentative.clone(),
            status: e.status.clone(),
            line: p.unit.lines.start,
            headed: !timed && e.whens.is_empty(),
            ..SessionTree::default()
        };
        s.venue = e.place.clone().unwrap_or_default();
        s.each = e.duration.clone();
        s.wants_title = s.title.is_none() && !e.placeholder;
        s.depth = self.depth(p);
        s.announces = s.depth > 0 && p.unit.flat.text.trim_end().ends_with(':');
        s.strong = p.unit.features.any(Features(named("capitals").0 | named("heading").0));
        let word = e.number.as_ref().and_then(|n| n.word.clone());
        if let Some(k) = e.kind.as_ref().filter(|k| {
            k.first
                || matches!(
                    k.kind.value.as_str(),
                    "break"
                        | "meal"
                        | "registration"
                        | "social"
                        | "visit"
                        | "panel"
                        | "poster"
                        | "closing"
                        | "opening"
                        | "discussion"
                        | "workshop"
                        | "keynote"
                )
        }) {
            s.kind = k.kind.clone().over(word.clone(), self.cx.g.weight("reading/other-kind"));
        } else if let Some(w) = word.clone() {
            s.kind = w;
        } else {
            s.default_kind = true;
        }
        if let (Some(w), Some(k)) = (word, e.kind.as_ref())
            && !k.whole
            && w.value != "session"
        {
            s.kind = w.over(Some(k.kind.clone()), self.cx.g.weight("reading/other-kind"));
        }
        s
    }

    fn several_words(&self, span: Span) -> bool {
        self.cx.s.view().of(span).trim().contains(' ')
    }

    /// "Breakout session 2", "Keynote 1", with a remark in brackets behind it.
    fn numbered_label(&self, e: &crate::parse::Entry) -> Option<Grounded> {
        let n = e.number.as_ref()?;
        let word = n.word.as_ref()?.pieces.first()?;
        let number = n.number.pieces.last().filter(|at| at.start >= word.end)?;
        let remark = e.title.as_ref().filter(|t| t.value.starts_with('(') && t.value.ends_with(')'));
        let end = remark.and_then(|t| t.pieces.last()).map_or(number.end, |r| r.end.max(number.end));
        if e.title.is_some() && remark.is_none() {
            return None;
        }
        let all = Span::new(word.start, end);
        let bounded = end - word.start <= 80;
        let read = || Grounded::read(self.cx.s.text, self.cx.g, &[all], "", "text", &[], "base/assemble/label", 0.8);
        bounded.then(read).flatten()
    }

    pub(super) fn new_session(&mut self, p: &Parsed, timed: bool) {
        let e = &p.entry;
        let mut s = self.session_of(p, timed);
        if let Some(mut h) = self.half_day.take() {
            // a half-day with a title of its own or a number is a session that holds what follows
            if h.number.is_some() {
                h.kind = Grounded { value: "session".into(), ..Grounded::default() };
            }
        }
        if let Some(role) = &e.role {
            s.roles.extend(roles(&e.people, &e.parties, role));
        } else if !e.people.is_empty() {
            s.roles.extend(plain_roles(&e.people, &s));
        }
        s.parent = None;
        let frame = matches!(s.kind.value.as_str(), "break" | "meal" | "registration");
        let block = !frame
            && (s.number.is_some()
                || s.headed
                || s.kind.value == "session"
                || s.strong
                || s.wants_title
                || s.default_kind && s.roles.is_empty());
        self.tree.sessions.push(s);
        let at = self.tree.sessions.len() - 1;
        self.session = Some(at);
        if block || self.parallel(at) {
            self.block = Some(at);
        } else if !frame && self.block.is_some_and(|b| self.tree.sessions[b].when.is_none()) {
            // a session of its own ends a block without a slot, a break does not
            let keeps = matches!(self.tree.sessions[at].kind.value.as_str(), "break" | "meal" | "registration");
            if !keeps {
                self.block = None;
            }
        }
    }

    /// The words of a row whose time stood alone.
    pub(super) fn fill(&mut self, p: &Parsed) {
        let Some(i) = self.session else { return };
        let filled = self.session_of(p, false);
        let s = &mut self.tree.sessions[i];
        s.number = s.number.take().or(filled.number);
        s.title = filled.title;
        s.wants_title = s.title.is_none();
        s.line = p.unit.lines.start;
        if !filled.default_kind {
            s.kind = filled.kind;
            s.default_kind = false;
        }
        if s.venue.is_empty() {
            s.venue = filled.venue;
        }
        s.tentative = s.tentative.take().or(filled.tentative);
        s.status = s.status.take().or(filled.status);
        s.strong |= filled.strong;
        let e = &p.entry;
        let added = match &e.role {
            Some(role) => roles(&e.people, &e.parties, role),
            None => plain_roles(&e.people, s),
        };
        s.roles.extend(added);
        let block = !matches!(s.kind.value.as_str(), "break" | "meal" | "registration")
            && (s.number.is_some() || s.kind.value == "session");
        if block {
            self.block = Some(i);
        } else if self.frames(i) && self.block == Some(i) {
            self.block = self.under;
        }
    }

    /// A talk of session `block`.
    pub(super) fn talk_of(&mut self, block: usize, p: &Parsed, when: Option<When>) {
        let e = &p.entry;
        let mut talk = TalkTree {
            number: e.number.as_ref().map(|n| n.number.clone()),
            title: e.title.clone(),
            when,
            duration: e.duration.clone(),
            speakers: e.people.clone(),
            tentative: e.tentative.clone(),
            line: p.unit.lines.start,
            role: None,
        };
        if talk.speakers.is_empty() && !self.waiting.is_empty() {
            talk.speakers = std::mem::take(&mut self.waiting);
        }
        if let Some(k) = e.kind.as_ref().filter(|k| k.kind.value == "keynote" && k.first) {
            talk.role = Some(RoleTree { role: k.kind.clone(), ..RoleTree::default() });
        }
        // a talk under "Panel:" is a panelist's
        if let Scope::People(listed) = &self.scope
            && talk.role.is_none()
            && listed.role.value != "speaker"
        {
            talk.role =
                Some(RoleTree { role: listed.role.clone(), label: listed.label.clone(), ..RoleTree::default() });
        }
        if let Some(r) = &e.role {
            talk.role = Some(RoleTree { role: r.role.clone(), label: Some(r.label.clone()), ..RoleTree::default() });
        }
        let s = &mut self.tree.sessions[block];
        // "(10 min each)": shorter than half the session, so no statement about the whole
        let length = s.when.and_then(|w| Some(clock_minutes(&w.end?) - clock_minutes(&w.start)));
        let short = |d: &[Grounded; 2]| d[1].value.parse::<i64>().ok().zip(length).is_some_and(|(d, l)| d * 2 <= l);
        talk.duration = talk.duration.take().or_else(|| s.each.clone().filter(short));
        s.talks.push(talk);
        self.talk = Some(s.talks.len() - 1);
        self.session = Some(block);
    }

    /// A list's entry below a row that announces several sessions: one of them.
    pub(super) fn listed_session(&mut self, p: &Parsed) -> bool {
        let depth = self.depth(p);
        let Some(group) =
            self.block.filter(|b| self.tree.sessions[*b].announces && depth > self.tree.sessions[*b].depth)
        else {
            return false;
        };
        if p.entry.title.is_none() || p.entry.role.is_some() {
            return false;
        }
        self.close();
        self.new_session(p, false);
        let slot = self.tree.sessions[group].when;
        if let Some(s) = self.tree.sessions.last_mut() {
            s.when = slot;
            s.parent = Some(group);
            s.headed = false;
        }
        self.block = Some(group);
        true
    }
}

/// Whether a row is only a time.
pub(super) fn bare(p: &Parsed) -> bool {
    let e = &p.entry;
    e.title.is_none() && e.people.is_empty() && e.kind.is_none() && e.number.is_none() && !e.placeholder
}

/// Whether `inner` lies inside `outer`; whether it may fill it.
fn holds(outer: When, inner: When, fills: bool) -> bool {
    let minutes = |c: &crate::scan::ClockAt| {
        afternoon(u32::from(c.clock.hour) * 60 + u32::from(c.clock.minute), c.clock.meridiem)
    };
    let Some(end) = outer.end else { return false };
    let (a, b) = (minutes(&outer.start), minutes(&end));
    let (x, y) = (minutes(&inner.start), inner.end.map_or(minutes(&inner.start), |e| minutes(&e)));
    a <= x && y <= b && (fills || (x, y) != (a, b)) && x < b
}
