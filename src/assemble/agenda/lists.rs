//! What stands below a session's row or heading: labels, lists of people, talks, questions, documents, places.
//!
//! In: a unit. Out: roles, talks and the like of the builder's open session. Never: opens a day or a row.

use super::*;

impl Builder<'_, '_> {
    pub(super) fn label(&mut self, p: &Parsed) {
        let e = &p.entry;
        let Some(role) = &e.role else { return self.item(p) };
        if let Some(half_day) = self.half_day.take() {
            self.half_day_session(half_day);
        }
        let of_event = matches!(role.role.value.as_str(), "organiser" | "host")
            && p.unit.first(self.cx.s).indent == 0
            && p.unit.first(self.cx.s).blanks > 0;
        let Some(i) = self.session.filter(|_| !of_event) else {
            self.tree.event.roles.extend(roles(&e.people, &e.parties, role));
            return;
        };
        self.titled_by_label(p, i);
        if let Some(found) = e.place.clone().filter(|_| self.tree.sessions[i].venue.is_empty()) {
            self.tree.sessions[i].venue = found;
        }
        if self.remark(p, i) {
            return;
        }
        let presents = matches!(role.role.value.as_str(), "speaker" | "keynote" | "panelist");
        if e.title.is_some() && (!e.people.is_empty() || presents) {
            return self.talk_of(i, p, None);
        }
        let s = &mut self.tree.sessions[i];
        if e.people.is_empty() && e.parties.is_empty() {
            let listed = RoleTree { role: role.role.clone(), label: Some(role.label.clone()), ..RoleTree::default() };
            self.scope = Scope::People(Box::new(listed));
            return;
        }
        let presents = matches!(role.role.value.as_str(), "speaker" | "keynote");
        let tabled = p.unit.told.is_some();
        if let Some(t) = self
            .talk
            .and_then(|t| s.talks.get_mut(t))
            .filter(|t| presents && t.speakers.is_empty() && (t.title.is_some() || tabled))
        {
            t.speakers = e.people.clone();
            t.duration = t.duration.take().or(e.duration.clone());
            return;
        }
        s.roles.extend(roles(&e.people, &e.parties, role));
        if s.wants_title && s.title.is_none() && s.number.is_some() {
            s.wants_title = s.title.is_none();
        }
        // "Panelists: A, B" may go on below; a chair is one
        let plural = matches!(role.role.value.as_str(), "speaker" | "panelist" | "participant" | "discussant")
            || role.label.value.to_lowercase().ends_with('s')
            || p.unit.flat.text.trim_end().ends_with([',', ';']);
        self.scope = if plural {
            Scope::People(Box::new(RoleTree {
                role: role.role.clone(),
                label: Some(role.label.clone()),
                ..RoleTree::default()
            }))
        } else {
            Scope::None
        };
    }

    /// "Welcome by X" right below a row that was only a time: the label's first words are the row's title and kind.
    fn titled_by_label(&mut self, p: &Parsed, i: usize) {
        let s = &self.tree.sessions[i];
        if !(s.wants_title && s.title.is_none() && p.unit.lines.start <= s.line + 2) || p.entry.people.is_empty() {
            return;
        }
        let flat = &p.unit.flat;
        let view = self.cx.view(flat);
        let all = view.strip(flat.all(), " *-•");
        let Some((kind, _)) = view.phrase_at(all.start, Set::Kind) else { return };
        let words = view.of(kind).strip_suffix(" by").map_or(kind, |w| Span::new(kind.start, kind.start + w.len()));
        let title = self.cx.read(flat, words, "text", &[], "base/assemble/label-title", 0.8);
        let kind = self.cx.lexicon(flat, kind, Set::Kind, 0.85);
        let s = &mut self.tree.sessions[i];
        s.wants_title = title.is_none();
        s.title = title;
        if let Some(kind) = kind {
            s.kind = kind;
            s.default_kind = false;
        }
    }

    /// "Welcome remarks: X" in an opening, "Wrap-up by X" in a closing: a talk whose title is the label.
    pub(super) fn remark(&mut self, p: &Parsed, i: usize) -> bool {
        let frame = matches!(self.tree.sessions[i].kind.value.as_str(), "opening" | "closing");
        let presents = p.entry.role.as_ref().is_none_or(|r| r.role.value == "speaker");
        if !frame || !presents || p.entry.people.is_empty() || p.entry.title.is_some() {
            return false;
        }
        let flat = &p.unit.flat;
        let view = self.cx.view(flat);
        let all = view.strip(flat.all(), " *-•");
        let text = view.of(all);
        let Some(end) = text.find(':').into_iter().chain(text.find(" by ")).min().filter(|e| *e <= 60) else {
            return false;
        };
        let label = view.strip(Span::new(all.start, all.start + end), " :");
        let worded = [Set::Kind, Set::SpeakersHead].iter().any(|s| view.phrase_at(label.start, *s).is_some());
        if !worded && !self.cx.g.patterns("remark-word").iter().any(|p| p.regex.is_match(view.of(label))) {
            return false;
        }
        let title = self.cx.read(flat, label, "text", &[], "base/assemble/remark", 0.8);
        self.tree.sessions[i].talks.push(TalkTree {
            title,
            speakers: p.entry.people.clone(),
            duration: p.entry.duration.clone(),
            line: p.unit.lines.start,
            ..TalkTree::default()
        });
        self.talk = None;
        true
    }

    pub(super) fn field(&mut self, p: &Parsed) {
        let Some((field, span)) = &p.entry.field else { return self.item(p) };
        // "Workshop: a title - X" below a bare time is the row's own words
        let wanting =
            self.session.is_some_and(|i| self.tree.sessions[i].wants_title && self.tree.sessions[i].title.is_none());
        if wanting && field == "event" && p.entry.title.is_some() {
            return self.item(p);
        }
        let labelled = |cx: Cx| labelled_place(cx, &p.unit.flat, field, *span);
        match field.as_str() {
            "place" | "room" => {
                let found = labelled(self.cx);
                let view = self.cx.view(&p.unit.flat);
                let of_event = view.has(Span::new(0, span.start), Set::EventWord);
                if of_event && self.tree.event.venue.name.is_none() {
                    header::merge(self.cx, &mut self.tree.event.venue, found.clone());
                }
                match self.session.map(|i| &mut self.tree.sessions[i]) {
                    Some(s) if s.venue.is_empty() => s.venue = found,
                    None if self.tree.event.venue.is_empty() => self.tree.event.venue = found,
                    _ => {}
                }
            }
            "title" => {
                let title = self.cx.read(&p.unit.flat, *span, "text", &[], "base/assemble/title-field", 0.9);
                let view = self.cx.view(&p.unit.flat);
                if let Some(s) = self
                    .session
                    .map(|i| &mut self.tree.sessions[i])
                    .filter(|_| !view.is(view.strip(*span, "[]()"), Set::Placeholder))
                {
                    s.title = title.or(s.title.take());
                }
            }
            "speaker" => {
                let found = crate::parse::people(self.cx, &p.unit.flat, *span);
                if let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) {
                    s.roles.extend(plain_roles(&found, s));
                }
            }
            // "Workshop: its title": the label is the session's kind
            _ if p.entry.kind.as_ref().is_some_and(|k| k.first) => self.item(p),
            _ => {}
        }
    }

    pub(super) fn head(&mut self, p: &Parsed) {
        let view = self.cx.s.view();
        let at = p.unit.first(self.cx.s);
        let body = crate::segment::bullet(self.cx.s.text, at.span).1;
        self.talk = None;
        if self.remark_head(p) {
            return;
        }
        if view.phrase_at(body.start, Set::DocumentsHead).is_some() {
            self.scope = Scope::Documents;
        } else if let Some((span, phrase)) = view.phrase_at(body.start, Set::SpeakersHead) {
            let role =
                Grounded::read(self.cx.s.text, self.cx.g, &[span], "", "", &["lexicon:speakers-head"], &phrase.id, 0.9);
            let label = Grounded::read(self.cx.s.text, self.cx.g, &[span], "", "", &[], &phrase.id, 0.9);
            let rest = view.strip(Span::new(span.end, at.span.end), " :-–—");
            if let Some(role) = role {
                self.scope = Scope::People(Box::new(RoleTree { role, label, ..RoleTree::default() }));
            }
            if let (false, false, Some(i)) = (p.entry.people.is_empty(), rest.is_empty(), self.session) {
                let Scope::People(role) = std::mem::take(&mut self.scope) else { return };
                if self.remark(p, i) {
                    return;
                }
                if p.entry.title.is_some() {
                    return self.contribution(p, i);
                }
                let people = p.entry.people.iter();
                let added = people.map(|x| role.held(x));
                self.tree.sessions[i].roles.extend(added);
            }
        } else if view.has(at.span, Set::QuestionsHead) {
            self.scope = Scope::Questions;
        } else if view.phrase_at(body.start, Set::Abstract).is_some() {
            self.scope = Scope::Abstract;
        }
    }

    /// "Welcome remarks" in an opening with one person below it: a talk whose title is the line.
    fn remark_head(&mut self, p: &Parsed) -> bool {
        let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) else { return false };
        let frame = matches!(s.kind.value.as_str(), "opening" | "closing") && matches!(self.scope, Scope::None);
        let named = p.entry.kind.as_ref().is_some_and(|k| k.whole) && !p.unit.flat.text.trim_end().ends_with(':');
        let one = |q: &&Parsed| q.unit.class == Class::Person && q.entry.title.is_none() && q.entry.people.len() == 1;
        let below = self.ahead.iter().take_while(one).count();
        if !frame || !named || below != 1 || p.entry.title.is_none() {
            return false;
        }
        s.talks.push(TalkTree { title: p.entry.title.clone(), line: p.unit.lines.start, ..TalkTree::default() });
        self.talk = Some(s.talks.len() - 1);
        true
    }

    pub(super) fn question(&mut self, p: &Parsed) {
        let flat = &p.unit.flat;
        let view = self.cx.view(flat);
        let mut span = view.strip(flat.all(), " \t");
        if let Some((_, rest)) = crate::segment::leading_number(&flat.text, span) {
            span = rest;
        }
        // a lead before the question that ends with it: cut what follows the last question mark
        if let Some(i) = view.of(span).rfind('?') {
            span = Span::new(span.start, span.start + i + 1);
        }
        let Some(i) = self.session.or(self.block) else { return };
        if !p.entry.people.is_empty() && p.entry.title.is_some() && !view.of(flat.all()).trim_end().ends_with('?') {
            return self.contribution(p, i);
        }
        if !view.of(span).contains('?') && !matches!(self.scope, Scope::Questions) {
            return self.prose(p);
        }
        if matches!(self.scope, Scope::Abstract) {
            return;
        }
        let s = &mut self.tree.sessions[i];
        if s.wants_title && s.title.is_none() {
            return self.item(p);
        }
        s.questions.extend(self.cx.read(flat, span, "text", &[], "base/assemble/question", 0.85));
    }

    pub(super) fn place(&mut self, p: &Parsed) {
        let flat = &p.unit.flat;
        let Some(s) = self.session.map(|i| &mut self.tree.sessions[i]) else { return };
        let near = p.unit.lines.start <= s.line + 3 && s.talks.is_empty() && s.questions.is_empty();
        if s.wants_title && s.title.is_none() {
            return self.item(p);
        }
        if near && s.venue.is_empty() && !matches!(self.scope, Scope::Documents | Scope::Questions) {
            s.venue = place(self.cx, flat, flat.all(), true);
        } else {
            self.item(p);
        }
    }

    pub(super) fn person(&mut self, p: &Parsed) {
        let e = &p.entry;
        if e.people.is_empty() || e.title.is_some() {
            return self.item(p);
        }
        if let Some(mut h) = self.half_day.take() {
            h.wants_title = false;
        }
        let Some(i) = self.session else { return };
        let s = &mut self.tree.sessions[i];
        // a talk whose speakers are still to come
        if let Some(t) = self
            .talk
            .and_then(|t| s.talks.get_mut(t))
            .filter(|t| t.speakers.is_empty() && (t.title.is_some() || t.when.is_some()))
        {
            t.speakers = e.people.clone();
            t.duration = t.duration.take().or(e.duration.clone());
            return;
        }
        match &self.scope {
            Scope::People(role) => {
                let role = (**role).clone();
                s.roles.extend(e.people.iter().map(|x| role.held(x)));
            }
            Scope::Documents | Scope::Questions | Scope::Abstract => {}
            Scope::None => {
                let added = plain_roles(&e.people, s);
                s.roles.extend(added);
            }
        }
    }

    /// An entry of a list, or a line that says nothing of itself.
    pub(super) fn item(&mut self, p: &Parsed) {
        if self.listed_session(p) {
            return;
        }
        let e = &p.entry;
        let flat = &p.unit.flat;
        let Some(i) = self.session else { return };
        if self.tree.sessions[i].wants_title
            && self.tree.sessions[i].title.is_none()
            && (e.title.is_some() || e.kind.is_some())
        {
            return self.fill(p);
        }
        if self.tells_kind(p, i) {
            return;
        }
        match &self.scope {
            Scope::Documents => {
                let view = self.cx.view(flat);
                let span = view.strip(flat.all(), " \t");
                let span = if view.of(span).ends_with('.') { Span::new(span.start, span.end - 1) } else { span };
                let read = self.cx.read(flat, span, "text", &[], "base/assemble/document", 0.85);
                self.tree.sessions[i].documents.extend(read);
            }
            Scope::Questions => self.question(p),
            Scope::Abstract => {}
            Scope::People(_) | Scope::None => self.contribution(p, i),
        }
    }

    /// "Keynote address" right below a row's title: the kind of what the row holds.
    fn tells_kind(&mut self, p: &Parsed, i: usize) -> bool {
        let (e, s) = (&p.entry, &mut self.tree.sessions[i]);
        let told = e.kind.as_ref().filter(|k| k.first && matches!(k.kind.value.as_str(), "keynote" | "panel"));
        let open = s.default_kind && s.when.is_some() && s.title.is_some() && s.roles.is_empty() && s.talks.is_empty();
        let alone = e.people.is_empty() && e.role.is_none() && e.number.is_none() && p.unit.lines.start <= s.line + 2;
        let plain = p.unit.features.has(named("short")) && !p.unit.flat.text.contains(':');
        let Some(kind) = told.filter(|_| open && alone && plain) else { return false };
        s.kind = kind.kind.clone();
        s.default_kind = false;
        true
    }

    pub(super) fn contribution(&mut self, p: &Parsed, i: usize) {
        let e = &p.entry;
        let s = &mut self.tree.sessions[i];
        let frame = matches!(s.kind.value.as_str(), "break" | "meal" | "registration");
        let waits = self.talk.and_then(|t| s.talks.get(t)).is_some_and(|t| t.speakers.is_empty() && t.title.is_some());
        if waits && e.title.is_none() && !e.people.is_empty() {
            return self.person(p);
        }
        if e.people.is_empty() {
            let list = p.unit.class == Class::Item && e.title.is_some() && p.unit.flat.text.len() < 240;
            let discussion = e.kind.as_ref().is_some_and(|k| k.first && k.kind.value == "discussion");
            if list && !frame && !discussion && (e.quoted || e.number.is_some()) {
                self.talk_of(i, p, None);
            }
            return;
        }
        if e.title.is_none() {
            if let Scope::People(role) = &self.scope {
                let role = (**role).clone();
                s.roles.extend(e.people.iter().map(|x| role.held(x)));
            } else {
                let added = plain_roles(&e.people, s);
                s.roles.extend(added);
            }
            return;
        }
        if !frame {
            self.talk_of(i, p, None);
        }
    }

    pub(super) fn prose(&mut self, p: &Parsed) {
        let Some(i) = self.session else { return };
        let e = &p.entry;
        let listed = p.unit.features.any(Features(named("bullet").0 | named("number-first").0));
        if listed && !matches!(self.scope, Scope::Abstract) {
            return if p.unit.flat.text.ends_with('?') { self.question(p) } else { self.item(p) };
        }
        let told = matches!(self.scope, Scope::People(_))
            || p.unit.flat.text.ends_with(')')
            || e.kind.as_ref().is_some_and(|k| k.first);
        let talk = told && !e.people.is_empty() && e.title.is_some();
        if talk && p.unit.flat.text.len() < 500 {
            return self.contribution(p, i);
        }
        let s = &self.tree.sessions[i];
        let early = p.unit.lines.start <= s.line + 2;
        // "Breakout session 1" has its name, a sentence below it tells what happens
        let told = s.label.is_some() && p.unit.flat.text.trim_end().ends_with(['.', ':']);
        if s.wants_title && s.title.is_none() && early && !told && e.title.is_some() && p.unit.flat.text.len() < 220 {
            return self.fill(p);
        }
        let questions = p.unit.features.has(named("questions-head"));
        if questions && p.unit.flat.text.ends_with(':') {
            self.scope = Scope::Questions;
        } else if !e.people.is_empty() && e.title.is_some() && early && p.unit.flat.text.len() < 300 {
            self.contribution(p, i);
        }
    }
}
