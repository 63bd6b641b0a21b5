//! DOCX → lines, cells and regions.
//!
//! In: the bytes of a Word document (Office Open XML, transitional or strict; also templates and macro documents).
//! Out: headers, body, notes and footers in this order. Never: reads comments, deleted or hidden text.

mod body;
mod numbering;
mod parts;
mod props;
mod styles;

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use self::body::Walker;
use self::numbering::Numbering;
use self::parts::Relations;
use self::styles::Styles;
use super::package::Package;
use super::xml::{Event, Ns, Xml, decoded};
use super::{Remarks, refused, told};
use crate::ingest::builder::Open;
use crate::ingest::flow::Flow;
use crate::ingest::{Budget, RegionKind, Text};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Headers, footers and notes of a document.
const MOST_APART: usize = 10_000;

/// Reads a Word document.
pub(in crate::ingest) fn document(bytes: &[u8], budget: &mut Budget) -> Text {
    let mut package = Package::open(bytes, budget);
    let main = parts::main_part(&mut package, budget);
    let Some(main) = main else {
        let mut text = refused(MEDIA_TYPE, "A0132", "expected a Word document, but the archive holds none");
        text.diagnostics.extend(package.diagnostics());
        return text;
    };
    if let Some(other) = unsupported(&main) {
        return refused(other.0, "A0108", other.1);
    }
    let Some(bytes) = package.read(&main, budget) else {
        let mut text = refused(MEDIA_TYPE, "A0132", "expected the text of the document, but it cannot be unpacked");
        text.diagnostics.extend(package.diagnostics());
        return text;
    };
    let source = decoded(&bytes);
    let relations = Relations::read(&mut package, &main, budget);
    let mut read = |kind: &str| {
        let part = relations.part(kind)?.to_owned();
        package.read(&part, budget)
    };
    let styles = read("styles").map(|b| Styles::read(&b)).unwrap_or_default();
    let numbering = read("numbering").map(|b| Numbering::read(&b)).unwrap_or_default();
    let walker = Walker {
        flow: Flow::new(budget),
        styles,
        numbering,
        remarks: Remarks::default(),
        budget,
        notes: Vec::new(),
        mark: None,
    };
    assemble(walker, &mut package, &source, &relations)
}

/// Reads the parts in their order.
fn assemble(mut walker: Walker, package: &mut Package, source: &str, relations: &Relations) -> Text {
    let (headers, footers) = furniture(source);
    let mut seen = HashSet::new();
    for (id, kind) in &headers {
        walker.apart(package, relations, id, kind, &mut seen);
    }
    walker.walk(source, &mut Xml::new(source), relations, 0);
    walker.flow.end_paragraph();
    walker.all_notes(package, relations);
    for (id, kind) in &footers {
        walker.apart(package, relations, id, kind, &mut seen);
    }
    let title = core_title(package, walker.budget);
    let Walker { flow, remarks, .. } = walker;
    let mut said = remarks.diagnostics();
    said.extend(package.diagnostics());
    told(Text { encoding: "UTF-8".into(), ..flow.finish(MEDIA_TYPE, title.as_deref()) }, said)
}

impl Walker<'_> {
    /// Reads a header or footer, unless one with the same words was read.
    fn apart(
        &mut self,
        package: &mut Package,
        relations: &Relations,
        id: &str,
        kind: &RegionKind,
        seen: &mut HashSet<String>,
    ) {
        let Some(part) = relations.get(id).filter(|t| !t.external).map(|t| t.target.clone()) else { return };
        if !seen.insert(format!("part {part}")) {
            return;
        }
        let Some(bytes) = package.read(&part, self.budget) else { return };
        let own = Relations::read(package, &part, self.budget);
        let source = decoded(&bytes);
        let mark = self.flow.mark();
        let open = self.flow.open_apart(kind.clone());
        self.walk(&source, &mut Xml::new(&source), &own, 0);
        self.flow.close_apart(open);
        let words: Vec<&str> = self.flow.since(&mark).split_whitespace().collect();
        if !seen.insert(format!("text {}", words.join(" "))) {
            self.flow.rewind(mark);
        }
    }

    /// Reads the notes, in the order of their marks.
    fn all_notes(&mut self, package: &mut Package, relations: &Relations) {
        let notes = std::mem::take(&mut self.notes);
        for is_end in [false, true] {
            let own = notes.iter().filter(|(end, ..)| *end == is_end);
            let ids: Vec<(&str, Option<Open>)> = own.map(|(_, id, mark)| (id.as_str(), *mark)).collect();
            let Some(part) = relations.part(if is_end { "endnotes" } else { "footnotes" }) else { continue };
            if ids.is_empty() {
                continue;
            }
            let part = part.to_owned();
            let Some(bytes) = package.read(&part, self.budget) else { continue };
            let own = Relations::read(package, &part, self.budget);
            let source = decoded(&bytes);
            self.notes_of(&source, &own, &ids);
        }
        self.notes = notes;
    }

    fn notes_of(&mut self, source: &str, relations: &Relations, ids: &[(&str, Option<Open>)]) {
        let mut places = FxHashMap::default();
        let mut xml = Xml::new(source);
        loop {
            match xml.next() {
                Event::Start(e) if e.ns == Ns::Word && matches!(e.name, "footnote" | "endnote") => {
                    let id = e.attr("id").unwrap_or_default();
                    let prefixes = xml.prefixes();
                    places.insert(id, (xml.skip(), prefixes));
                }
                Event::Done => break,
                _ => {}
            }
        }
        for (number, (id, mark)) in ids.iter().take(MOST_APART).enumerate() {
            let Some((range, prefixes)) = places.remove(*id) else { continue };
            let open = self.flow.open_apart(RegionKind::Note);
            self.mark = Some((number + 1).to_string());
            self.walk(source, &mut Xml::within(source, range, prefixes), relations, 0);
            self.mark = None;
            self.flow.close_apart(open);
            self.flow.note(*mark, open);
        }
    }
}

/// A header or footer: its id, and what it is. One of the first page alone does not run.
type Named = (String, RegionKind);

/// The headers and footers in the order in which sections name them.
fn furniture(source: &str) -> (Vec<Named>, Vec<Named>) {
    let (mut headers, mut footers) = (Vec::new(), Vec::new());
    let mentions = |what: &str| memchr::memmem::find(source.as_bytes(), what.as_bytes()).is_some();
    if !mentions("headerReference") && !mentions("footerReference") {
        return (headers, footers);
    }
    let mut xml = Xml::new(source);
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Word && e.name == "sectPr" => section(&mut xml, &mut headers, &mut footers),
            Event::Done => break,
            _ => {}
        }
    }
    headers.truncate(MOST_APART);
    footers.truncate(MOST_APART);
    (headers, footers)
}

/// Reads the properties of one section.
fn section(xml: &mut Xml, headers: &mut Vec<Named>, footers: &mut Vec<Named>) {
    // whether a header, whether of the first page, the id
    let (mut named, mut first_differs, mut depth) = (Vec::new(), false, 0usize);
    loop {
        match xml.next() {
            Event::Start(e) => {
                depth += 1;
                match e.name {
                    "headerReference" | "footerReference" => {
                        let is_first = e.attr("type").is_some_and(|t| t == "first");
                        named.push((e.name == "headerReference", is_first, e.attr("id").unwrap_or_default()));
                    }
                    "titlePg" => first_differs = e.switch(),
                    _ => {}
                }
            }
            Event::End if depth > 0 => depth -= 1,
            Event::End | Event::Done => break,
            Event::Text(_) => {}
        }
    }
    named.sort_by_key(|(_, is_first, _)| !is_first);
    for (is_header, is_first, id) in named.into_iter().filter(|(_, is_first, _)| !is_first || first_differs) {
        let kind = if is_first { RegionKind::Block } else { RegionKind::Furniture };
        if is_header { headers.push((id, kind)) } else { footers.push((id, kind)) }
    }
}

/// The title that the document's properties give.
fn core_title(package: &mut Package, budget: &mut Budget) -> Option<String> {
    let relations = Relations::read(package, "", budget);
    let part = relations.part("core-properties").unwrap_or("docProps/core.xml").to_owned();
    let bytes = package.read(&part, budget)?;
    let source = decoded(&bytes);
    let mut xml = Xml::new(&source);
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Core && e.name == "title" => {
                let title: Vec<String> = xml.text().split_whitespace().map(str::to_owned).collect();
                return Some(title.join(" "));
            }
            Event::Done => return None,
            _ => {}
        }
    }
}

/// Media type of a document of the same family that is not text, and what to do with it.
fn unsupported(main: &str) -> Option<(&'static str, &'static str)> {
    let main = main.to_lowercase();
    let is_in = |folder: &str| main.starts_with(folder) || main.contains(&format!("/{folder}"));
    if is_in("ppt/") {
        let media = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
        return Some((media, "expected text, but found PowerPoint slides; save them as PDF first"));
    }
    if is_in("xl/") {
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        return Some((media, "expected text, but found an Excel workbook; save it as PDF or HTML first"));
    }
    None
}
