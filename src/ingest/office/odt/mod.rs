//! ODT → lines, cells and regions.
//!
//! In: the bytes of an OpenDocument text, zipped or as one flat XML file. Out: headers, body, notes and footers in
//! this order. Never: reads comments, deleted or hidden text.

mod body;
mod lists;
mod styles;

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use self::body::{Piece, Walker};
use self::lists::Lists;
use self::styles::{Apart, Styles};
use super::package::Package;
use super::xml::{Event, Ns, Prefixes, Xml, decoded};
use super::{Remarks, refused, told};
use crate::ingest::builder::Open;
use crate::ingest::flow::Flow;
use crate::ingest::{Budget, RegionKind, Text};
use crate::model::Diagnostic;

const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.text";
/// Notes of a document.
const MOST_NOTES: usize = 10_000;
/// The master page of a document that names none.
const FIRST_MASTER: &str = "Standard";

/// Reads an OpenDocument text.
pub(in crate::ingest) fn document(bytes: &[u8], budget: &mut Budget) -> Text {
    if !bytes.starts_with(b"PK") {
        let source = decoded(bytes);
        return assemble(&source, &source, &source, Vec::new, budget);
    }
    let mut package = Package::open(bytes, budget);
    let manifest = package.read("META-INF/manifest.xml", budget).unwrap_or_default();
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return refused(MEDIA_TYPE, "A0134", "expected a document that opens without a password; save it without one");
    }
    let Some(content) = package.read("content.xml", budget) else {
        let message = "expected an OpenDocument text, but the archive holds none that can be unpacked";
        let mut text = refused(MEDIA_TYPE, "A0132", message);
        text.diagnostics.extend(package.diagnostics());
        return text;
    };
    let mut read = |name: &str| package.read(name, budget).unwrap_or_default();
    let (styles, meta) = (read("styles.xml"), read("meta.xml"));
    let (content, styles, meta) = (decoded(&content), decoded(&styles), decoded(&meta));
    assemble(&content, &styles, &meta, || package.diagnostics(), budget)
}

/// Reads the parts in their order.
fn assemble(
    content: &str,
    styles: &str,
    meta: &str,
    said: impl FnOnce() -> Vec<Diagnostic>,
    budget: &mut Budget,
) -> Text {
    let (common, own) = (Styles::read(styles), Styles::read(content));
    let furniture = furniture(&common, &own);
    let mut walker = Walker {
        flow: Flow::new(budget),
        remarks: Remarks::default(),
        budget,
        own: common.clone(),
        common,
        known: FxHashMap::default(),
        lists: Lists::default(),
        repeats: body::MOST_REPEATS,
        notes: Vec::new(),
        mark: None,
    };
    let mut seen = HashSet::new();
    for apart in furniture.iter().filter(|a| a.is_header) {
        walker.apart(styles, apart, &mut seen);
    }
    walker.known.clear();
    let of_styles = std::mem::replace(&mut walker.own, own);
    walker.walk(content, (0..content.len(), Prefixes::default()), 0);
    walker.all_notes(content);
    walker.known.clear();
    walker.own = of_styles;
    for apart in furniture.iter().filter(|a| !a.is_header) {
        walker.apart(styles, apart, &mut seen);
    }
    let Walker { flow, remarks, .. } = walker;
    let mut diagnostics = remarks.diagnostics();
    diagnostics.extend(said());
    told(Text { encoding: "UTF-8".into(), ..flow.finish(MEDIA_TYPE, title(meta).as_deref()) }, diagnostics)
}

impl<'a> Walker<'a, '_> {
    /// Reads a header or footer, unless one with the same words was read.
    fn apart(&mut self, source: &'a str, apart: &Apart<'a>, seen: &mut HashSet<String>) {
        let mark = self.flow.mark();
        let open = self.flow.open_apart(if apart.is_first { RegionKind::Block } else { RegionKind::Furniture });
        self.walk(source, (apart.range.clone(), apart.prefixes.clone()), 0);
        self.flow.close_apart(open);
        let words: Vec<&str> = self.flow.since(&mark).split_whitespace().collect();
        if !seen.insert(words.join(" ")) {
            self.flow.rewind(mark);
        }
    }

    /// Reads the notes that were met.
    fn all_notes(&mut self, source: &'a str) {
        let notes: Vec<(String, Piece, Option<Open>)> = std::mem::take(&mut self.notes);
        for (mark, piece, place) in notes.into_iter().take(MOST_NOTES) {
            let open = self.flow.open_apart(RegionKind::Note);
            self.mark = Some(mark);
            self.walk(source, piece, 0);
            self.mark = None;
            self.flow.close_apart(open);
            self.flow.note(place, open);
        }
    }
}

/// Headers and footers of the master pages that are in use; those of first pages first.
fn furniture<'a>(common: &Styles<'a>, own: &Styles<'a>) -> Vec<Apart<'a>> {
    let mut used: HashSet<&str> = own.masters().collect();
    used.insert(FIRST_MASTER);
    let next: Vec<&str> = used.iter().filter_map(|m| common.next_master.get(*m)).map(String::as_str).collect();
    used.extend(next);
    let mut apart: Vec<Apart> = common.apart.iter().filter(|a| used.contains(a.master.as_str())).cloned().collect();
    apart.sort_by_key(|a| !a.is_first);
    apart
}

/// The title that the document's properties give.
fn title(meta: &str) -> Option<String> {
    let mut xml = Xml::new(meta);
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Core && e.name == "title" => {
                let words: Vec<String> = xml.text().split_whitespace().map(str::to_owned).collect();
                return Some(words.join(" "));
            }
            Event::Start(e) if e.ns == Ns::Office && e.name == "body" => return None,
            Event::Done => return None,
            _ => {}
        }
    }
}
