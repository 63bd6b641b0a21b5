//! The styles of an OpenDocument text: of paragraphs, runs and lists, and its master pages.
//!
//! In: `styles.xml` and `content.xml`, or the one file that holds both. Out: what a style says, with what it is based
//! on. Never: reads text.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::xml::{Element, Event, Ns, Prefixes, Xml};
use crate::ingest::numbers::{Format, LEVELS, Level};

/// Styles that one may be based on, one after another.
const LONGEST: usize = 32;
/// Characters of a prefix or suffix of a number.
const MOST_CHARACTERS: usize = 40;

/// What is known of one style; nothing where nothing is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    parent: Option<String>,
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub hidden: Option<bool>,
    pub before: Option<u32>,
    pub after: Option<u32>,
    pub new_page: Option<bool>,
    pub master: Option<String>,
    pub contextual: Option<bool>,
    /// The heading level that its name gives it.
    pub heading: Option<u8>,
}

impl Style {
    fn inherit(&mut self, base: &Style) {
        self.bold = self.bold.or(base.bold);
        self.italic = self.italic.or(base.italic);
        self.hidden = self.hidden.or(base.hidden);
        self.before = self.before.or(base.before);
        self.after = self.after.or(base.after);
        self.new_page = self.new_page.or(base.new_page);
        self.contextual = self.contextual.or(base.contextual);
        self.heading = self.heading.or(base.heading);
    }
}

/// A header or footer: its place in the source and the prefixes there.
#[derive(Clone, Debug)]
pub(super) struct Apart<'a> {
    pub master: String,
    pub is_header: bool,
    pub is_first: bool,
    pub range: Range<usize>,
    pub prefixes: Prefixes<'a>,
}

/// The styles of one part.
#[derive(Clone, Debug, Default)]
pub(super) struct Styles<'a> {
    /// By family and name; for the defaults of a family without name.
    styles: FxHashMap<(String, String), Style>,
    lists: FxHashMap<String, Vec<Level>>,
    pub outline: Vec<Level>,
    pub apart: Vec<Apart<'a>>,
    /// The master page that follows one.
    pub next_master: FxHashMap<String, String>,
}

impl<'a> Styles<'a> {
    /// Reads all styles that stand in a part.
    pub fn read(source: &'a str) -> Self {
        let mut styles = Self::default();
        let mut xml = Xml::new(source);
        loop {
            match xml.next() {
                Event::Start(e) => match (e.ns, e.name) {
                    (Ns::Style, "style" | "default-style") => styles.style(&e, &mut xml),
                    (Ns::Text, "list-style") => {
                        let name = e.attr("name").unwrap_or_default();
                        styles.lists.insert(name, levels(&mut xml));
                    }
                    (Ns::Text, "outline-style") => styles.outline = levels(&mut xml),
                    (Ns::Style, "master-page") => styles.master(&e, &mut xml),
                    (Ns::Office, "body") => drop(xml.skip()),
                    _ => {}
                },
                Event::Done => return styles,
                _ => {}
            }
        }
    }

    fn style(&mut self, e: &Element, xml: &mut Xml) {
        let (family, name) = (e.attr("family").unwrap_or_default(), e.attr("name").unwrap_or_default());
        let shown = e.attr("display-name").unwrap_or_else(|| name.clone());
        let master = e.attr("master-page-name").filter(|m| !m.is_empty());
        let mut style = Style {
            parent: e.attr("parent-style-name"),
            heading: match shown.as_str() {
                "Title" => Some(1),
                "Subtitle" => Some(2),
                _ => None,
            },
            new_page: master.as_ref().map(|_| true),
            master,
            ..Style::default()
        };
        let mut depth = 0usize;
        loop {
            match xml.next() {
                Event::Start(e) => {
                    depth += 1;
                    match (e.ns, e.name) {
                        (Ns::Style, "text-properties") => text_properties(&e, &mut style),
                        (Ns::Style, "paragraph-properties" | "table-properties") => {
                            paragraph_properties(&e, &mut style);
                        }
                        _ => {}
                    }
                }
                Event::End if depth == 0 => break,
                Event::End => depth -= 1,
                Event::Done => break,
                Event::Text(_) => {}
            }
        }
        self.styles.insert((family, name), style);
    }

    fn master(&mut self, e: &Element, xml: &mut Xml<'a>) {
        let name = e.attr("name").unwrap_or_default();
        if let Some(next) = e.attr("next-style-name") {
            self.next_master.insert(name.clone(), next);
        }
        let mut depth = 0usize;
        loop {
            match xml.next() {
                Event::Start(e) if e.name.starts_with("header") || e.name.starts_with("footer") => {
                    let shown = e.attr("display").is_none_or(|d| d != "false");
                    let (is_header, is_first) = (e.name.starts_with("header"), e.name.ends_with("-first"));
                    let prefixes = xml.prefixes();
                    let range = xml.skip();
                    if shown {
                        let master = name.clone();
                        self.apart.push(Apart { master, is_header, is_first, range, prefixes });
                    }
                }
                Event::Start(_) => depth += 1,
                Event::End if depth == 0 => return,
                Event::End => depth -= 1,
                Event::Done => return,
                Event::Text(_) => {}
            }
        }
    }

    fn own(&self, family: &str, name: &str) -> Option<&Style> {
        self.styles.get(&(family.to_owned(), name.to_owned()))
    }

    /// The style of this family and name in this part or in `common`, with what it is based on.
    pub fn resolved(&self, common: &Styles, family: &str, name: &str) -> Style {
        let find = |name: &str| self.own(family, name).or_else(|| common.own(family, name));
        let mut out = find(name).cloned().unwrap_or_default();
        let mut parent = out.parent.take();
        for _ in 0..LONGEST {
            let Some(style) = parent.as_deref().and_then(find) else { break };
            out.inherit(style);
            parent = style.parent.clone();
        }
        if let Some(base) = find("") {
            out.inherit(base);
        }
        out
    }

    /// The levels of the list style of this name.
    pub fn list(&self, name: &str) -> Option<&Vec<Level>> {
        self.lists.get(name)
    }

    /// The master pages that paragraph styles name.
    pub fn masters(&self) -> impl Iterator<Item = &str> {
        self.styles.values().filter_map(|s| s.master.as_deref())
    }
}

fn text_properties(e: &Element, style: &mut Style) {
    let weight = |w: &str| w == "bold" || w.parse::<u32>().is_ok_and(|n| n >= 600);
    style.bold = e.attr("font-weight").map(|w| weight(&w)).or(style.bold);
    style.italic = e.attr("font-style").map(|s| s == "italic" || s == "oblique").or(style.italic);
    style.hidden = e.attr("display").map(|d| d == "none").or(style.hidden);
}

fn paragraph_properties(e: &Element, style: &mut Style) {
    let all = e.attr("margin");
    let side = |name: &str| e.attr(name).or_else(|| all.clone()).and_then(|v| twips(&v));
    style.before = side("margin-top").or(style.before);
    style.after = side("margin-bottom").or(style.after);
    style.contextual = e.attr("contextual-spacing").map(|v| v == "true").or(style.contextual);
    style.new_page = e.attr("break-before").map(|b| b == "page").or(style.new_page);
}

/// A length in twentieths of a point.
fn twips(length: &str) -> Option<u32> {
    let length = length.trim();
    let split = length.find(|c: char| c.is_ascii_alphabetic() || c == '%')?;
    let (number, unit) = length.split_at(split);
    let number: f64 = number.trim().parse().ok()?;
    let points = match unit {
        "pt" => 1.0,
        "pc" => 12.0,
        "in" => 72.0,
        "cm" => 72.0 / 2.54,
        "mm" => 7.2 / 2.54,
        "px" => 0.75,
        _ => return None,
    };
    let twips = number * points * 20.0;
    (twips.is_finite() && twips >= 0.0).then_some(twips.min(100_000.0) as u32)
}

/// Reads the levels of a list style or of the outline.
fn levels(xml: &mut Xml) -> Vec<Level> {
    let mut levels = vec![Level::default(); LEVELS];
    let mut depth = 0usize;
    loop {
        match xml.next() {
            Event::Start(e) => {
                depth += 1;
                let numbered = matches!(e.name, "list-level-style-number" | "outline-level-style");
                let at = e.number("level").and_then(|n| usize::try_from(n - 1).ok());
                if let Some(level) = at.and_then(|at| levels.get_mut(at)).filter(|_| numbered && e.ns == Ns::Text) {
                    *level = one_level(&e, at.unwrap_or(0));
                }
            }
            Event::End if depth == 0 => return levels,
            Event::End => depth -= 1,
            Event::Done => return levels,
            Event::Text(_) => {}
        }
    }
}

fn one_level(e: &Element, at: usize) -> Level {
    let format = match e.attr("num-format").as_deref() {
        Some("1") => Format::Decimal,
        Some("I") => Format::UpperRoman,
        Some("i") => Format::LowerRoman,
        Some("A") => Format::UpperLetter,
        Some("a") => Format::LowerLetter,
        Some("" | " ") | None => Format::None,
        Some(f) if f.starts_with('0') => Format::Padded,
        Some(_) => Format::Decimal,
    };
    let piece = |name: &str| e.attr(name).unwrap_or_default().chars().take(MOST_CHARACTERS).collect::<String>();
    let text = match (e.attr("num-list-format"), format) {
        // `%1%.%2%`
        (Some(text), _) => text.chars().take(MOST_CHARACTERS * 2).collect::<String>().replace("%.%", "%.\u{0}%"),
        (None, Format::None) => String::new(),
        (None, _) => {
            let shown = e.number("display-levels").unwrap_or(1).clamp(1, LEVELS as i64) as usize;
            let from = (at + 1).saturating_sub(shown);
            let numbers: Vec<String> = (from..=at).map(|level| format!("%{}", (level + 1) % 10)).collect();
            format!("{}{}{}", piece("num-prefix"), numbers.join("."), piece("num-suffix"))
        }
    };
    let text = without_closing_marks(&text);
    Level { format, text, start: e.number("start-value").unwrap_or(1), restart: None, digits: false }
}

/// `%1%` → `%1`.
fn without_closing_marks(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().filter(|c| *c != '\u{0}').peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c != '%' {
            continue;
        }
        let mut digits = String::new();
        while let Some(d) = chars.next_if(char::is_ascii_digit) {
            digits.push(d);
        }
        chars.next_if_eq(&'%');
        out.push_str(if digits == "10" { "0" } else { digits.get(..1).unwrap_or("") });
    }
    out
}
