//! What a paragraph, a run, a row or a cell says of itself.
//!
//! In: a walk that stands behind the start of such a property element. Out: the properties; the walk stands behind
//! its end. Never: looks a style up.

use super::super::xml::{Event, Ns, Xml};

/// Properties of a run of text; nothing where nothing is said.
#[derive(Clone, Debug, Default)]
pub(super) struct RunProps {
    pub style: Option<String>,
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub hidden: Option<bool>,
    /// Of a paragraph's mark: the mark was deleted or hidden, so that the paragraph goes on in the next.
    pub joins: bool,
}

/// Properties of a paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct ParaProps {
    pub style: Option<String>,
    pub outline: Option<u8>,
    pub level: Option<u8>,
    pub list: Option<String>,
    pub before: Option<u32>,
    pub after: Option<u32>,
    pub contextual: Option<bool>,
    pub page_before: Option<bool>,
    /// Its mark was deleted: it goes on in the next.
    pub joins: bool,
    /// Its mark was tracked as inserted or deleted.
    pub tracked: bool,
}

/// Properties of a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowProps {
    /// Columns left out at its start.
    pub skip: u32,
    pub deleted: bool,
    pub hidden: bool,
}

/// Properties of a cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CellProps {
    pub columns: u32,
    pub merge: Merge,
    pub deleted: bool,
}

/// How a cell takes part in a merge of cells over rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Merge {
    #[default]
    None,
    /// It is the first.
    Starts,
    /// It belongs to the cell above.
    Goes,
}

/// Calls `each` for the starts below the element whose start was given last, but for what was so before a change.
fn children<'a>(xml: &mut Xml<'a>, mut each: impl FnMut(&super::super::xml::Element<'a>, &mut Xml<'a>, usize)) {
    let mut depth = 0usize;
    loop {
        match xml.next() {
            Event::Start(e) if e.ns == Ns::Word && e.name.ends_with("Change") => drop(xml.skip()),
            Event::Start(e) => {
                depth += 1;
                each(&e, xml, depth);
            }
            Event::End if depth == 0 => return,
            Event::End => depth -= 1,
            Event::Done => return,
            Event::Text(_) => {}
        }
    }
}

/// Reads `w:rPr`.
pub(super) fn run(xml: &mut Xml) -> RunProps {
    let mut props = RunProps::default();
    children(xml, |e, _, _| {
        if e.ns != Ns::Word {
            return;
        }
        match e.name {
            "rStyle" => props.style = e.attr("val"),
            "b" => props.bold = Some(e.switch()),
            "i" => props.italic = Some(e.switch()),
            "vanish" => props.hidden = Some(e.switch()),
            "specVanish" | "del" | "moveFrom" => props.joins = true,
            _ => {}
        }
    });
    props
}

/// Reads `w:pPr`, its mark's properties and those of a section that ends here.
pub(super) fn paragraph(xml: &mut Xml) -> ParaProps {
    let mut props = ParaProps::default();
    // depth of `w:rPr`, and of `w:sectPr`, which ends what follows
    let (mut mark, mut section) = (0, 0);
    children(xml, |e, _, depth| {
        mark = if depth <= mark { 0 } else { mark };
        section = if depth <= section { 0 } else { section };
        if e.ns != Ns::Word || section > 0 {
            return;
        }
        match (e.name, mark > 0) {
            ("rPr", false) => mark = depth,
            ("sectPr", _) => section = depth,
            ("pStyle", false) => props.style = e.attr("val"),
            ("outlineLvl", false) => props.outline = e.number("val").and_then(|v| u8::try_from(v).ok()),
            ("ilvl", false) => props.level = e.number("val").and_then(|v| u8::try_from(v).ok()),
            ("numId", false) => props.list = e.attr("val"),
            ("spacing", false) => spacing(e, &mut props),
            ("contextualSpacing", false) => props.contextual = Some(e.switch()),
            ("pageBreakBefore", false) => props.page_before = Some(e.switch()),
            ("specVanish", true) => props.joins = true,
            ("del" | "moveFrom", true) => (props.joins, props.tracked) = (true, true),
            ("ins", true) => props.tracked = true,
            _ => {}
        }
    });
    props
}

/// Space before and after; `autospacing` is that of a web page.
fn spacing(e: &super::super::xml::Element, props: &mut ParaProps) {
    const AUTO: u32 = 280;
    let side = |name: &str, auto: &str| {
        let is_auto = e.attr(auto).is_some_and(|v| matches!(v.as_str(), "1" | "true" | "on"));
        if is_auto { Some(AUTO) } else { e.number(name).map(|v| u32::try_from(v.max(0)).unwrap_or(u32::MAX)) }
    };
    props.before = side("before", "beforeAutospacing").or(props.before);
    props.after = side("after", "afterAutospacing").or(props.after);
}

/// Reads `w:trPr`.
pub(super) fn row(xml: &mut Xml) -> RowProps {
    let mut props = RowProps::default();
    children(xml, |e, _, _| match (e.ns, e.name) {
        (Ns::Word, "gridBefore") => props.skip = count(e.number("val")),
        (Ns::Word, "del") => props.deleted = true,
        (Ns::Word, "hidden") => props.hidden = e.switch(),
        _ => {}
    });
    props
}

/// Reads `w:tcPr`.
pub(super) fn cell(xml: &mut Xml) -> CellProps {
    let mut props = CellProps { columns: 1, ..CellProps::default() };
    children(xml, |e, _, _| match (e.ns, e.name) {
        (Ns::Word, "gridSpan") => props.columns = count(e.number("val")).max(1),
        (Ns::Word, "vMerge") => {
            props.merge = if e.attr("val").is_some_and(|v| v == "restart") { Merge::Starts } else { Merge::Goes };
        }
        (Ns::Word, "cellDel") => props.deleted = true,
        _ => {}
    });
    props
}

fn count(number: Option<i64>) -> u32 {
    u32::try_from(number.unwrap_or(0).clamp(0, 1_000)).unwrap_or(0)
}

/// Reads `w:sdtPr`: whether what the control holds is only its placeholder.
pub(super) fn control(xml: &mut Xml) -> bool {
    let mut placeholder = false;
    children(xml, |e, _, _| placeholder |= e.ns == Ns::Word && e.name == "showingPlcHdr" && e.switch());
    placeholder
}
