//! Corruptions of a record, drawn from a seed: what could go wrong between extraction and import.

use serde_json::{Value, json};

/// Draws corruptions; the same seed gives the same ones.
pub struct Corrupter {
    state: u64,
}

/// A leaf: its pointer and whether it is the id of a person.
struct Leaf {
    pointer: String,
    value: Value,
}

type Kind = fn(&mut Corrupter, &mut Value) -> Option<String>;

const KINDS: [Kind; 9] = [
    Corrupter::change_value,
    Corrupter::change_value,
    Corrupter::move_span,
    Corrupter::swap_people,
    Corrupter::drop_evidence,
    Corrupter::invent,
    Corrupter::change_text,
    Corrupter::other_speaker,
    Corrupter::swap_values,
];

impl Corrupter {
    /// A generator from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed | 1 }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 11) % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { Some(&all[self.below(all.len())]) }
    }

    /// One corruption of `record`, and what it is; nothing where the drawn kind does not apply.
    pub fn corrupt(&mut self, record: &Value) -> Option<(String, Value)> {
        let mut corrupted = record.clone();
        let kind = KINDS[self.below(KINDS.len())];
        let what = kind(self, &mut corrupted)?;
        (corrupted != *record).then_some((what, corrupted))
    }

    fn change_value(&mut self, r: &mut Value) -> Option<String> {
        let all: Vec<Leaf> = leaves(r).into_iter().filter(|l| !is_person(&l.pointer)).collect();
        let leaf = self.pick(&all)?;
        let new = self.other(leaf)?;
        let what = format!("{}: {} -> {new}", leaf.pointer, leaf.value);
        *r.pointer_mut(&leaf.pointer)? = new;
        Some(what)
    }

    fn other(&mut self, leaf: &Leaf) -> Option<Value> {
        let word = |all: &[&str], c: &mut Self| c.pick(all).map(|w| json!(w));
        match leaf.pointer.rsplit('/').next()? {
            "kind" if leaf.pointer.contains("/phones/") => return word(&["tel", "fax", "mobile", "other"], self),
            "kind" => return word(&["session", "talk", "break", "meal", "opening", "closing", "panel", "other"], self),
            "role" => return word(&["chair", "speaker", "moderator", "panelist", "rapporteur", "host"], self),
            "status" => return word(&["draft", "final", "cancelled"], self),
            "mode" => return word(&["in_person", "online", "hybrid"], self),
            "country" => return word(&["FR", "TN", "DE", "US", "GB"], self),
            _ => {}
        }
        match &leaf.value {
            Value::Bool(b) => Some(json!(!b)),
            Value::Number(n) => Some(json!(n.as_u64()? + 1 + self.below(20) as u64)),
            Value::String(s) => Some(json!(self.other_text(s))),
            _ => None,
        }
    }

    /// The same text with one character changed, lost or doubled; digits stay digits.
    fn other_text(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        let at = self.below(chars.len());
        match (chars.get(at).copied(), self.below(3)) {
            (Some(c), _) if c.is_ascii_digit() => {
                let step = 1 + self.below(8) as u32;
                chars[at] = char::from_digit((c.to_digit(10).unwrap_or(0) + step) % 10, 10).unwrap_or('0');
            }
            (Some(_), 0) if chars.len() > 1 => drop(chars.remove(at)),
            (Some(c), 1) => chars.insert(at, c),
            (Some(c), _) => chars[at] = if c == 'x' { 'q' } else { 'x' },
            (None, _) => chars.push('x'),
        }
        chars.into_iter().collect()
    }

    fn evidence(&mut self, r: &Value, wanted: fn(&Value) -> bool) -> Option<String> {
        let grounded = |k: &str| ["/event", "/sessions", "/people", "/contacts"].iter().any(|p| k.starts_with(p));
        let all = r["evidence"].as_object()?;
        let keys: Vec<&String> = all.iter().filter(|(k, e)| grounded(k) && wanted(e)).map(|(k, _)| k).collect();
        self.pick(&keys).map(|k| (*k).clone())
    }

    fn move_span(&mut self, r: &mut Value) -> Option<String> {
        let has_spans = |e: &Value| e["origin"] == "document" && e["spans"].as_array().is_some_and(|s| !s.is_empty());
        let key = self.evidence(r, has_spans)?;
        let spans = r["evidence"][&key]["spans"].as_array_mut()?;
        let i = self.below(spans.len());
        let (start, end) = (spans[i][0].as_u64()?, spans[i][1].as_u64()?);
        let by = 1 + self.below(12) as u64;
        let moved = match self.below(4) {
            0 => json!([start + by, end + by]),
            1 => json!([start.saturating_sub(by), end.saturating_sub(by)]),
            2 => json!([start, end + by]),
            _ => json!([start, end.saturating_sub(1)]),
        };
        let what = format!("span of {key}: {start}..{end} -> {moved}");
        spans[i] = moved;
        Some(what)
    }

    fn swap_people(&mut self, r: &mut Value) -> Option<String> {
        let all: Vec<Leaf> = leaves(r).into_iter().filter(|l| is_person(&l.pointer)).collect();
        let (a, b) = (self.pick(&all)?, self.pick(&all)?);
        self.swap(r, a, b)
    }

    /// Two values of one field change places.
    fn swap_values(&mut self, r: &mut Value) -> Option<String> {
        let all: Vec<Leaf> = leaves(r).into_iter().filter(|l| !is_person(&l.pointer)).collect();
        let a = self.pick(&all)?;
        let field = |l: &Leaf| l.pointer.rsplit('/').next().map(str::to_owned);
        let same: Vec<&Leaf> = all.iter().filter(|l| field(l) == field(a) && l.value != a.value).collect();
        let b = self.pick(&same)?;
        self.swap(r, a, b)
    }

    fn swap(&mut self, r: &mut Value, a: &Leaf, b: &Leaf) -> Option<String> {
        *r.pointer_mut(&a.pointer)? = b.value.clone();
        *r.pointer_mut(&b.pointer)? = a.value.clone();
        Some(format!("swapped {} and {}", a.pointer, b.pointer))
    }

    fn drop_evidence(&mut self, r: &mut Value) -> Option<String> {
        let key = self.evidence(r, |_| true)?;
        r["evidence"].as_object_mut()?.shift_remove(&key);
        Some(format!("dropped the evidence of {key}"))
    }

    fn change_text(&mut self, r: &mut Value) -> Option<String> {
        let has_texts = |e: &Value| e["origin"] == "document" && e["texts"].as_array().is_some_and(|t| !t.is_empty());
        let key = self.evidence(r, has_texts)?;
        let texts = r["evidence"][&key]["texts"].as_array_mut()?;
        let i = self.below(texts.len());
        let new = self.other_text(texts[i].as_str()?);
        let what = format!("text of {key}: {} -> {new:?}", texts[i]);
        texts[i] = json!(new);
        Some(what)
    }

    fn other_speaker(&mut self, r: &mut Value) -> Option<String> {
        let all: Vec<Leaf> = leaves(r).into_iter().filter(|l| l.pointer.contains("/speakers/")).collect();
        let leaf = self.pick(&all)?;
        let ids: Vec<Value> = r["people"].as_array()?.iter().map(|p| p["id"].clone()).collect();
        let id = self.pick(&ids)?.clone();
        let what = format!("{} -> {id}", leaf.pointer);
        *r.pointer_mut(&leaf.pointer)? = id;
        Some(what)
    }

    /// A value that the document does not give.
    fn invent(&mut self, r: &mut Value) -> Option<String> {
        let holders: Vec<String> = ["sessions", "people", "contacts"]
            .iter()
            .flat_map(|list| (0..r[list].as_array().map_or(0, Vec::len)).map(move |i| format!("/{list}/{i}")))
            .chain(std::iter::once("/event".to_owned()))
            .collect();
        let holder = self.pick(&holders)?.clone();
        let fields: &[(&str, Value)] = match holder.split('/').nth(1)? {
            "sessions" => &[
                ("track", json!("A")),
                ("description", json!("More to come")),
                ("end", json!("23:59")),
                ("open_end", json!(true)),
                ("questions", json!(["Who asked?"])),
                ("roles", json!([{"party": "Atlantis", "role": "chair"}])),
                ("venue", json!({"room": "Room 101"})),
            ],
            "people" => &[
                ("position", json!("Director")),
                ("organisation", json!("Nowhere Ltd")),
                ("country", json!("IS")),
                ("tentative", json!(true)),
                ("suffix", json!("PhD")),
            ],
            "contacts" => &[
                ("address", json!("1 Nowhere Road")),
                ("urls", json!(["https://example.com"])),
                ("purpose", json!("Hotel")),
            ],
            _ => &[
                ("programme", json!("The Programme")),
                ("edition", json!(77)),
                ("mode", json!("hybrid")),
                ("sponsors", json!(["Sponsor"])),
                ("attendance", json!([{"count": 400}])),
            ],
        };
        let (field, value) = self.pick(fields)?;
        let target = r.pointer_mut(&holder)?.as_object_mut()?;
        if target.contains_key(*field) {
            return None;
        }
        target.insert((*field).to_owned(), value.clone());
        Some(format!("invented {holder}/{field}"))
    }
}

fn is_person(pointer: &str) -> bool {
    pointer.ends_with("/person") || pointer.contains("/speakers/")
}

/// What the document says: every leaf but ids, validity and what mentions keep.
fn leaves(record: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    for part in ["event", "sessions", "people", "contacts"] {
        walk(&record[part], &format!("/{part}"), &mut found);
    }
    found
}

fn walk(value: &Value, pointer: &str, found: &mut Vec<Leaf>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                if !matches!(key.as_str(), "id" | "uid" | "parent" | "talk" | "mentions") {
                    walk(inner, &format!("{pointer}/{key}"), found);
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, inner)| walk(inner, &format!("{pointer}/{i}"), found));
        }
        scalar => found.push(Leaf { pointer: pointer.to_owned(), value: scalar.clone() }),
    }
}
