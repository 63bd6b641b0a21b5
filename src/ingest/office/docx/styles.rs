//! The styles of a Word document.
//!
//! In: `styles.xml`. Out: what a style says of its paragraphs and runs, with what it is based on. Never: follows a
//! chain of styles for ever.

use rustc_hash::FxHashMap;

use super::super::xml::{Element, Event, Ns, Xml, decoded};
use super::props::{self, ParaProps, RunProps};

/// Styles that one may be based on, one after another.
const LONGEST: usize = 32;

/// What is known of one style.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    based_on: Option<String>,
    /// Its name in lower case; those of Word's own styles are English in any language.
    name: String,
    para: ParaProps,
    run: RunProps,
    is_paragraph: bool,
    resolved: bool,
}

/// The styles of a document, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Styles {
    by_id: FxHashMap<String, Style>,
    default: Option<String>,
    base: Style,
}

impl Style {
    /// The heading level that the style gives its paragraphs.
    pub fn heading(&self) -> Option<u8> {
        let by_name = || match self.name.as_str() {
            "title" => Some(1),
            "subtitle" => Some(2),
            _ => None,
        };
        self.para.outline.filter(|l| *l < 9).map(|l| l + 1).or_else(by_name)
    }

    /// What it says of its paragraphs.
    pub fn para(&self) -> &ParaProps {
        &self.para
    }

    /// What it says of its runs.
    pub fn run(&self) -> &RunProps {
        &self.run
    }

    /// Takes over what it does not say itself from what it is based on.
    fn inherit(&mut self, base: &Style) {
        let (p, b) = (&mut self.para, &base.para);
        p.outline = p.outline.or(b.outline);
        p.level = p.level.or(b.level);
        p.list = p.list.take().or_else(|| b.list.clone());
        p.before = p.before.or(b.before);
        p.after = p.after.or(b.after);
        p.contextual = p.contextual.or(b.contextual);
        p.page_before = p.page_before.or(b.page_before);
        let (r, b) = (&mut self.run, &base.run);
        r.bold = r.bold.or(b.bold);
        r.italic = r.italic.or(b.italic);
        r.hidden = r.hidden.or(b.hidden);
    }
}

impl Styles {
    /// Reads `styles.xml`.
    pub fn read(bytes: &[u8]) -> Self {
        let mut styles = Self::default();
        let source = decoded(bytes);
        let mut xml = Xml::new(&source);
        loop {
            match xml.next() {
                Event::Start(e) if e.ns == Ns::Word && e.name == "style" => styles.style(&e, &mut xml),
                Event::Start(e) if e.ns == Ns::Word && e.name == "pPrDefault" => {
                    styles.base.para = inner(&mut xml).para;
                }
                Event::Start(e) if e.ns == Ns::Word && e.name == "rPrDefault" => {
                    styles.base.run = inner(&mut xml).run;
                }
                Event::Start(e) if e.ns == Ns::Word && e.name == "latentStyles" => drop(xml.skip()),
                Event::Done => break,
                _ => {}
            }
        }
        styles.resolve();
        styles
    }

    fn style(&mut self, e: &Element, xml: &mut Xml) {
        let id = e.attr("styleId").unwrap_or_default();
        let is_default = e.attr("default").is_some_and(|v| matches!(v.as_str(), "1" | "true" | "on"));
        let is_paragraph = e.attr("type").is_none_or(|t| t == "paragraph");
        let mut style = Style { is_paragraph, ..inner(xml) };
        let named = style.name.strip_prefix("heading ").and_then(|n| n.trim().parse::<u8>().ok());
        style.para.outline = style.para.outline.or(named.and_then(|n| n.checked_sub(1)).filter(|n| *n < 9));
        if is_default && is_paragraph && self.default.is_none() {
            self.default = Some(id.clone());
        }
        self.by_id.entry(id).or_insert(style);
    }

    /// Works out each style with what it is based on.
    fn resolve(&mut self) {
        let mut ids: Vec<String> = self.by_id.keys().cloned().collect();
        ids.sort_unstable();
        for id in ids {
            self.resolve_one(&id);
        }
    }

    fn resolve_one(&mut self, id: &str) {
        let mut chain = vec![id.to_owned()];
        while let Some(style) = chain.last().and_then(|id| self.by_id.get(id)) {
            match &style.based_on {
                Some(next) if !style.resolved && chain.len() < LONGEST && !chain.contains(next) => {
                    chain.push(next.clone());
                }
                _ => break,
            }
        }
        let mut base: Option<Style> = None;
        for id in chain.into_iter().rev() {
            let Some(style) = self.by_id.get_mut(&id) else { continue };
            if !style.resolved {
                style.resolved = true;
                match &base {
                    Some(base) => style.inherit(base),
                    None if style.is_paragraph => style.inherit(&self.base),
                    None => {}
                }
            }
            base = Some(style.clone());
        }
    }

    /// The style of this id, else the one of paragraphs without style.
    pub fn paragraph(&self, id: Option<&str>) -> &Style {
        let named = id.and_then(|id| self.by_id.get(id));
        named.or_else(|| self.default.as_ref().and_then(|id| self.by_id.get(id))).unwrap_or(&self.base)
    }

    /// The style of this id.
    pub fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }
}

/// Reads what stands in a style or in the defaults.
fn inner(xml: &mut Xml) -> Style {
    let mut style = Style::default();
    let mut depth = 0usize;
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Word => match e.name {
                "pPr" => style.para = props::paragraph(xml),
                "rPr" => style.run = props::run(xml),
                "tblStylePr" => drop(xml.skip()),
                "basedOn" => {
                    depth += 1;
                    style.based_on = e.attr("val");
                }
                "name" => {
                    depth += 1;
                    style.name = e.attr("val").unwrap_or_default().to_lowercase();
                }
                _ => depth += 1,
            },
            Event::Start(_) => depth += 1,
            Event::End if depth == 0 => return style,
            Event::End => depth -= 1,
            Event::Done => return style,
            Event::Text(_) => {}
        }
    }
}
