//! People, contacts and identifiers of the record.
//!
//! In: the tree's contacts, the merged people. Out: their part of the record, with evidence. Never: decides who is
//! the same person (see `people`).

use super::*;

impl Resolver<'_> {
    /// Evidence of a reference: the name's own spans.
    pub(super) fn reference(&mut self, pointer: &str, p: &PersonValue) {
        let mut v = p.name.clone();
        v.losers.clear();
        v.via.retain(|s| s == "squeeze");
        v.via.push("person".into());
        if self.out.put(pointer, &v).is_some()
            && let Some(i) = self.people.of(p)
        {
            self.out.from(pointer, &format!("/people/{i}"));
        }
    }

    pub(super) fn mention(&mut self, p: &PersonValue, at: Option<&str>) {
        let Some(i) = self.people.of(p) else { return };
        let spans = p.name.pieces.iter().map(|s| self.out_home(*s)).collect();
        let value = |v: &Option<Grounded>| v.as_ref().map(|v| v.value.clone());
        let (position, organisation) = (value(&p.position), value(&p.organisation));
        let mut mention = Mention { spans, at: at.map(str::to_owned), position, organisation };
        if self.mentions[i].last() != Some(&mention) {
            let here = format!("/people/{i}/mentions/{}", self.mentions[i].len());
            mention.position = self.put(&format!("{here}/position"), p.position.as_ref());
            mention.organisation = self.put(&format!("{here}/organisation"), p.organisation.as_ref());
            self.mentions[i].push(mention);
        }
    }

    pub(super) fn out_home(&self, s: crate::model::Span) -> crate::model::Span {
        self.out.home(s)
    }

    pub(super) fn contacts(&mut self, tree: &Tree, record: &mut Record) {
        for (i, c) in tree.contacts.iter().enumerate() {
            let contact = self.contact(i, c);
            record.contacts.push(contact);
        }
    }

    pub(super) fn contact(&mut self, i: usize, c: &ContactTree) -> Contact {
        let at = format!("/contacts/{i}");
        let mut out = Contact { id: format!("c{}", i + 1), ..Contact::default() };
        if let Some(p) = &c.person {
            out.person = self.people.of(p).map(|n| format!("p{}", n + 1));
            if out.person.is_some() {
                self.reference(&format!("{at}/person"), p);
                self.mention(p, Some(&at));
            }
        } else {
            out.organisation = self.put(&format!("{at}/organisation"), c.organisation.as_ref());
        }
        out.group = self.put(&format!("{at}/group"), c.group.as_ref());
        out.purpose = self.put(&format!("{at}/purpose"), c.purpose.as_ref());
        out.address = self.put(&format!("{at}/address"), c.address.as_ref());
        out.emails = self.list(&format!("{at}/emails"), &c.emails);
        out.urls = self.list(&format!("{at}/urls"), &c.urls);
        for (n, p) in c.phones.iter().enumerate() {
            let here = format!("{at}/phones/{n}");
            let raw = self.put(&format!("{here}/raw"), Some(&p.raw)).unwrap_or_default();
            let kind = self
                .put(&format!("{here}/kind"), Some(&p.kind))
                .and_then(|k| PhoneKind::parse(&k))
                .unwrap_or(PhoneKind::Other);
            let (e164, valid) = self.e164(&here, p);
            let extension = self.put(&format!("{here}/extension"), p.extension.as_ref());
            out.phones.push(Phone { kind, raw, e164, extension, valid });
        }
        out
    }

    /// The region of a number without country code: the document's, else the one that its shape tells.
    fn region_of(&self, raw: &str) -> String {
        let shaped = |p: &&crate::grammar::Pattern| {
            p.regex.captures(raw).and_then(|c| c.name("phone")).is_some_and(|m| m.as_str() == raw)
        };
        let told = || self.g.patterns("phone").iter().find(shaped).map(|p| p.value.to_string());
        Some(self.region.clone()).filter(|r| !r.is_empty()).or_else(told).unwrap_or_default()
    }

    /// The number in E.164: as written; else with the slips of a phone slot undone.
    pub(super) fn e164(&mut self, at: &str, p: &crate::assemble::PhoneTree) -> (Option<String>, bool) {
        let region = self.region_of(&p.raw.value);
        let step = format!("phone.e164:{region}");
        let plain = read_phone(&p.raw.value, &region);
        if plain.as_ref().is_some_and(|r| r.valid) {
            let v = p.raw.then(&step, self.g);
            return (self.put(&format!("{at}/e164"), v.as_ref()), true);
        }
        let tolerant = Grounded::read(
            self.s.text,
            self.g,
            &p.raw.pieces,
            &p.raw.join,
            "phone",
            &[&step],
            "base/phone/tolerant",
            0.7,
        );
        let valid = |v: &Grounded| !v.slips.is_empty() && read_phone(&v.value, "").is_some_and(|r| r.valid);
        // what stands there cannot be a number: that reading is out of the question
        let tolerant = tolerant.filter(valid).map(|v| Grounded { losers: Vec::new(), ..v });
        if tolerant.is_some() {
            return (self.put(&format!("{at}/e164"), tolerant.as_ref()), true);
        }
        (None, false)
    }

    pub(super) fn persons(&mut self, record: &mut Record) {
        for i in 0..self.people.all.len() {
            let m = self.people.all[i].clone();
            let at = format!("/people/{i}");
            let name = m
                .fullest(|p| p.name.value.split_whitespace().count() * 100 + usize::from(!p.name.slips.is_empty()))
                .or(m.mentions.first());
            let Some(name) = name.map(|p| p.name.clone()) else { continue };
            let mut p = Person { id: format!("p{}", i + 1), ..Person::default() };
            p.name = self.put(&format!("{at}/name"), Some(&name)).unwrap_or_default();
            p.given = self.put(&format!("{at}/given"), name.then("name.given", self.g).as_ref());
            p.family = self.put(&format!("{at}/family"), name.then("name.family", self.g).as_ref());
            let first = |f: fn(&PersonValue) -> Option<&Grounded>| m.mentions.iter().find_map(f).cloned();
            p.honorific = self.put(&format!("{at}/honorific"), first(|x| x.honorific.as_ref()).as_ref());
            p.suffix = self.put(&format!("{at}/suffix"), first(|x| x.suffix.as_ref()).as_ref());
            let len = |g: &Option<Grounded>| g.as_ref().map_or(0, |g| g.value.len());
            let fullest = m
                .fullest(|x| {
                    let both = x.position.is_some() && x.organisation.is_some();
                    let own = !x.borrowed && x.organisation.is_some();
                    len(&x.position) + len(&x.organisation) + if both { 2000 } else { 0 } + if own { 1000 } else { 0 }
                })
                .cloned();
            if let Some(x) = fullest {
                let other = |f: fn(&PersonValue) -> Option<&Grounded>| m.mentions.iter().find_map(f).cloned();
                let position = x.position.clone().or_else(|| other(|x| x.position.as_ref()));
                let organisation = x.organisation.clone().or_else(|| other(|x| x.organisation.as_ref()));
                p.position = self.put(&format!("{at}/position"), position.as_ref());
                p.organisation = self.put(&format!("{at}/organisation"), organisation.as_ref());
            }
            p.country = self.put(&format!("{at}/country"), first(|x| x.country.as_ref()).as_ref());
            p.tentative = self.put(&format!("{at}/tentative"), first(|x| x.tentative.as_ref()).as_ref()).is_some();
            p.mentions = std::mem::take(&mut self.mentions[i]);
            record.people.push(p);
        }
    }

    /// Stable identifiers: a hash of the path and of the text that anchors the thing.
    pub(super) fn uids(&mut self, record: &mut Record) {
        let event = record.event.title.clone().or_else(|| record.event.start_date.clone());
        if let Some(anchor) = event {
            record.event.uid = Some(self.uid("event", &anchor));
        }
        for s in &mut record.sessions {
            let anchor = format!(
                "{} {} {}",
                s.title.as_deref().unwrap_or(""),
                s.number.as_deref().unwrap_or(""),
                if s.title.is_some() { s.date.as_deref().unwrap_or("") } else { s.start.as_deref().unwrap_or("") }
            );
            s.uid = self.uid("session", &anchor);
            for t in &mut s.talks {
                let anchor =
                    format!("{} {} {}", s.uid, t.title.as_deref().unwrap_or(""), t.number.as_deref().unwrap_or(""));
                t.uid = self.uid("talk", &anchor);
            }
        }
        for p in &mut record.people {
            p.uid = self.uid("person", &p.name);
        }
    }

    pub(super) fn uid(&mut self, kind: &str, anchor: &str) -> String {
        let folded = crate::grammar::fold(anchor);
        let key = format!("{kind}\0{folded}");
        let n = self.uids.entry(key.clone()).or_default();
        *n += 1;
        let digest = Sha256::digest(format!("{}\0{key}\0{n}", self.path).as_bytes());
        digest[..10].iter().map(|b| format!("{b:02x}")).collect()
    }
}
