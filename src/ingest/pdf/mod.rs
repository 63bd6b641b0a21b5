//! PDF → [`Text`].
//!
//! In: the bytes of a PDF document. Out: its text in reading order, with pages, headings, lists, tables, links, furniture
//! and boxes; with something that reads images, also that of pages without letters. Never: paints letters, guesses letters that no font table names, takes more than the budget.
//!
//! The way: content streams → glyphs (`content`, `fonts`, `paths`) → words (`words`) → rows (`rows`) → items and tables
//! (`blocks`, `tables`, `grid`) in reading order (`columns`) → text (`write`). A page that only shows images: a picture
//! of them (`paint`, `raster`) → words (`scan`) → rows, and on.

mod blocks;
mod columns;
mod content;
mod fonts;
mod furniture;
mod geometry;
mod grid;
mod guard;
mod layers;
mod marked;
mod page;
mod paint;
mod paths;
mod raster;
mod rows;
mod scan;
mod script;
mod tables;
mod words;
mod wraps;
mod write;

use hayro_syntax::object::Dict;
use hayro_syntax::{LoadPdfError, Pdf};

use self::content::Reader;
use self::fonts::Fonts;
use self::furniture::Furniture;
use self::guard::Unpacker;
use self::layers::Layers;
use self::page::Page;
use self::scan::Scans;
use self::write::{Look, Writer};
use super::ocr::Recognise;
use super::{Budget, Text, remark};
use crate::model::{Diagnostic, Severity};

/// Pages of one document.
const PAGES: usize = 5000;

/// Reads a PDF document.
pub(super) fn document(bytes: &[u8], budget: &mut Budget, reader: Option<&dyn Recognise>) -> Text {
    let cap = budget.limits.unpacked();
    if guard::holds_a_bomb(bytes, cap) {
        let message = format!("expected parts that unpack to at most {cap} bytes, but found a larger one");
        return refused(remark("A0124", Severity::Error, message, None));
    }
    let pdf = match Pdf::new(bytes.to_vec()) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(_)) => {
            let message = "expected a document that opens without a password, but found an encrypted one".to_owned();
            return refused(remark("A0122", Severity::Error, message, None));
        }
        Err(LoadPdfError::Invalid) => {
            let message = "expected a PDF document, but found one whose pages cannot be found".to_owned();
            return refused(remark("A0123", Severity::Error, message, None));
        }
    };
    let mut findings = Findings::default();
    let mut pages = read(&pdf, budget, reader, &mut findings);
    let look = Look::new(&pages);
    let furniture = furniture::take(&mut pages);
    let mut text = write(&mut pages, furniture, look, budget, &mut findings);
    text.diagnostics = findings.diagnostics(&pages);
    text
}

fn refused(diagnostic: Diagnostic) -> Text {
    Text { media_type: "application/pdf".into(), diagnostics: vec![diagnostic], ..Text::default() }
}

/// Reads the pages.
fn read(pdf: &Pdf, budget: &mut Budget, eyes: Option<&dyn Recognise>, findings: &mut Findings) -> Vec<Page> {
    let catalogue = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()).unwrap_or_default();
    let unpacker = Unpacker::new(budget.limits.unpacked());
    let mut reader = Reader { fonts: Fonts::new(), layers: Layers::new(&catalogue), unpacker };
    let mut images = Unpacker::new(budget.limits.unpacked());
    let mut pages = Vec::new();
    let (mut glyphs, most) = (0, budget.limits.text() / 4);
    for source in pdf.pages().iter() {
        if pages.len() >= PAGES || glyphs > most || findings.cut {
            findings.cut = true;
            break;
        }
        let drawn = reader.page(source, budget);
        findings.cut |= drawn.cut;
        let mut page = page::page(&drawn);
        if let Some(eyes) = eyes.filter(|_| page.is_scan()) {
            findings.scans.read((&mut page, pages.len() + 1), &drawn, &mut images, eyes, budget);
        }
        page.links = page::links(source.raw(), &source.initial_transform(true).as_coeffs());
        glyphs += drawn.glyphs.len();
        pages.push(page);
    }
    findings.cut |= reader.unpacker.refused;
    pages
}

/// Lays the pages out and writes them.
fn write(
    pages: &mut [Page],
    furniture: Vec<Furniture>,
    look: Look,
    budget: &mut Budget,
    findings: &mut Findings,
) -> Text {
    let mut writer = Writer::new(look);
    for (page, furniture) in pages.iter_mut().zip(furniture) {
        let open = writer.page(std::mem::take(&mut page.links));
        if findings.cut && budget.is_over() || writer.len() > budget.limits.text() {
            findings.cut = true;
            writer.end_page(open);
            break;
        }
        writer.furniture(&furniture.header);
        for (i, (turn, mut rows)) in std::mem::take(&mut page.frames).into_iter().enumerate() {
            let mut items = if i == 0 && turn.0 == 0 { tables::ruled(&page.rules, &mut rows) } else { Vec::new() };
            items.extend(rows.into_iter().flat_map(blocks::items));
            let rules = if turn.0 == 0 { &page.rules.lying[..] } else { &[] };
            let watermark = i > 0 && turn.0 % 90 != 0;
            let mut nodes = columns::order(items, rules);
            if turn.0 == 0 {
                wraps::mark(&mut nodes, page.size.0);
            }
            writer.nodes(turn, &nodes, watermark);
        }
        writer.furniture(&furniture.footer);
        writer.end_page(open);
    }
    writer.finish()
}

/// What is to be said of the document.
#[derive(Default)]
struct Findings {
    /// Whether something was left out because it was too much.
    cut: bool,
    /// How pages without text were read.
    scans: Scans,
}

impl Findings {
    fn diagnostics(&self, pages: &[Page]) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let mut add = |code, severity, message| out.push(remark(code, severity, message, None));
        let on = |test: &dyn Fn(&Page) -> bool| -> Vec<usize> {
            pages.iter().enumerate().filter(|(_, p)| test(p)).map(|(i, _)| i + 1).collect()
        };
        let scans = on(&|p| p.is_scan() && !p.recognised);
        if !scans.is_empty() {
            let message = format!("expected text, but found only images on {}", listed(&scans, pages.len()));
            add("A0120", if scans.len() == pages.len() { Severity::Error } else { Severity::Warning }, message);
        }
        let unknown: usize = pages.iter().map(|p| p.unknown).sum();
        let garbled = on(&|p| p.unknown * 20 > p.glyphs);
        if !garbled.is_empty() {
            let where_ = listed(&garbled, pages.len());
            let message = format!(
                "{unknown} characters have no meaning in the fonts of the document ({where_}); they were left out"
            );
            add("A0121", Severity::Warning, message);
        }
        if self.cut {
            add(
                "A0124",
                Severity::Warning,
                "the document is larger than the limits allow; the rest was left out".into(),
            );
        }
        let hidden: usize = pages.iter().map(|p| p.hidden).sum();
        if hidden > 0 {
            let where_ = listed(&on(&|p| p.hidden > 0), pages.len());
            add("A0125", Severity::Note, format!("{hidden} characters that no reader sees were left out ({where_})"));
        }
        if pages.iter().all(|p| p.glyphs == 0) && scans.is_empty() && unknown == 0 {
            add("A0101", Severity::Warning, "expected text, but the pages are empty".into());
        }
        out.extend(self.scans.diagnostics(pages.len()));
        out
    }
}

/// Page numbers as a person lists them.
fn listed(pages: &[usize], count: usize) -> String {
    if pages.len() == count && count > 1 {
        return format!("all {count} pages");
    }
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for page in pages {
        match parts.last_mut() {
            Some((_, end)) if *end + 1 == *page => *end = *page,
            _ => parts.push((*page, *page)),
        }
    }
    let more = parts.len() > 12;
    let named: Vec<String> =
        parts.iter().take(12).map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") }).collect();
    let word = if pages.len() == 1 { "page" } else { "pages" };
    format!("{word} {}{}", named.join(", "), if more { ", …" } else { "" })
}
