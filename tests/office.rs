//! DOCX and ODT as the pipeline reads them: small documents built here, read, and looked at.

#[path = "office/build.rs"]
mod build;
#[path = "office/damaged.rs"]
mod damaged;
#[path = "office/odt.rs"]
mod odt;

use agendata::ingest::{Limits, Region, RegionKind, Source, Text, ingest};
use build::{Docx, p, pp, tc, zipped};

fn read_as(path: &str, bytes: &[u8]) -> Text {
    let text = ingest(&Source { path: path.into(), bytes: bytes.to_vec() }, &Limits::default());
    check(&text);
    text
}

fn docx(document: Docx) -> Text {
    read_as("a.docx", &document.bytes())
}

/// What holds of every text.
fn check(text: &Text) {
    assert!(text.content.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\u{C}')), "{:?}", text.content);
    for region in &text.layout {
        let inside = text.content.get(region.span.start..region.span.end).expect("a region fits the text");
        if !matches!(region.kind, RegionKind::Page(_)) {
            assert!(!inside.is_empty() && inside.trim() == inside, "{region:?} covers {inside:?}");
        }
    }
    let order = |r: &Region| (r.span.start, std::cmp::Reverse(r.span.end));
    assert!(text.layout.windows(2).all(|w| order(&w[0]) <= order(&w[1])));
}

fn codes(text: &Text) -> Vec<&str> {
    text.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

fn regions(text: &Text, is: impl Fn(&RegionKind) -> bool) -> Vec<&str> {
    text.layout.iter().filter(|r| is(&r.kind)).map(|r| r.span.of(&text.content)).collect()
}

fn cells(text: &Text) -> Vec<(u32, u32, u32, u32, &str)> {
    let cell = |r: &Region| match r.kind {
        RegionKind::Cell { row, column, rows, columns } => Some((row, column, rows, columns, r.span.start..r.span.end)),
        _ => None,
    };
    text.layout.iter().filter_map(cell).map(|(r, c, h, w, at)| (r, c, h, w, &text.content[at])).collect()
}

#[test]
fn paragraphs_are_lines() {
    let text = docx(Docx::new(&format!("{}{}<w:p/>{}", p("Harbour Forum"), p("3 June 2014"), p("A&amp;B &#233;"))));
    assert_eq!(text.content, "Harbour Forum\n3 June 2014\n\nA&B é\n");
    assert!(text.differs && text.diagnostics.is_empty() && text.encoding == "UTF-8");
}

#[test]
fn headings_come_from_styles() {
    let styles = "<w:styles><w:style w:type=\"paragraph\" w:styleId=\"H\"><w:name w:val=\"heading 2\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Own\"><w:name w:val=\"Own\"/><w:basedOn w:val=\"H\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"A\"><w:basedOn w:val=\"B\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style></w:styles>";
    let style = |id: &str, text: &str| pp(&format!("<w:pStyle w:val=\"{id}\"/>"), text);
    let body =
        [style("T", "Forum"), style("Own", "Day one"), style("A", "Text"), pp("<w:outlineLvl w:val=\"4\"/>", "Low")];
    let text = docx(Docx::new(&body.concat()).part("styles", "s1", "styles.xml", styles));
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(1)), ["Forum"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(2)), ["Day one"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(5)), ["Low"]);
    assert_eq!(text.content, "Forum\n\nDay one\n\nText\n\nLow\n");
}

#[test]
fn numbers_of_lists_are_text() {
    let level = |n: u32, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl=\"{n}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId=\"7\">{}{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"8\">{}</w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>\
         <w:num w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num>\
         <w:num w:numId=\"3\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\">\
         <w:startOverride w:val=\"5\"/></w:lvlOverride></w:num></w:numbering>",
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%1.%2"),
        level(0, "bullet", "\u{f0b7}"),
    );
    let item = |list: u32, level: u32, text: &str| {
        pp(&format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>"), text)
    };
    let body = [
        item(1, 0, "Opening"),
        item(1, 1, "Address"),
        item(1, 1, "Reply"),
        item(1, 0, "Debate"),
        item(1, 1, "Motion"),
        item(2, 0, "Tea"),
        item(3, 0, "Vote"),
        item(0, 0, "Plain"),
    ];
    let text = docx(Docx::new(&body.concat()).part("numbering", "n1", "numbering.xml", &numbering));
    assert_eq!(text.content, "I. Opening\nI.1 Address\nI.2 Reply\nII. Debate\nII.1 Motion\nTea\nV. Vote\nPlain\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Item(2)), ["I.1 Address", "I.2 Reply", "II.1 Motion"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Item(1)).len(), 4);
}

#[test]
fn merged_cells_keep_their_place() {
    let rows = [
        [tc("", &p("Time")), tc("<w:gridSpan w:val=\"2\"/>", &p("Hall"))].concat(),
        [tc("<w:vMerge w:val=\"restart\"/>", &p("9:00")), tc("", &p("Keynote")), tc("", &p("Ada Vell"))].concat(),
        [tc("<w:vMerge/>", &p("")), tc("", &p("Reply")), tc("", "<w:p/>")].concat(),
        [tc("<w:vMerge/>", "<w:p/>"), tc("", &[p("Talk"), p("in two lines")].concat()), tc("", &p("Bo Rell"))].concat(),
        [tc("", "<w:p/>"), tc("", &p("Tea")), tc("", "<w:p/>")].concat(),
    ];
    let rows: String = rows.iter().map(|r| format!("<w:tr>{r}</w:tr>")).collect();
    let text = docx(Docx::new(&format!("{}<w:tbl>{rows}</w:tbl>{}", p("Before"), p("After"))));
    assert_eq!(
        text.content,
        "Before\n\nTime\tHall\n9:00\tKeynote\tAda Vell\nReply\t\nTalk\nin two lines\tBo Rell\n\tTea\t\n\nAfter\n"
    );
    assert_eq!(
        cells(&text),
        [
            (0, 0, 1, 1, "Time"),
            (0, 1, 1, 2, "Hall"),
            (1, 0, 3, 1, "9:00"),
            (1, 1, 1, 1, "Keynote"),
            (1, 2, 1, 1, "Ada Vell"),
            (2, 1, 1, 1, "Reply"),
            (3, 1, 1, 1, "Talk\nin two lines"),
            (3, 2, 1, 1, "Bo Rell"),
            (4, 1, 1, 1, "Tea"),
        ]
    );
    assert_eq!(regions(&text, |k| *k == RegionKind::Row).len(), 5);
}

#[test]
fn a_table_may_stand_in_a_cell() {
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl><w:p/>", tc("", &p("10:00")), tc("", &p("Panel")));
    let outer =
        format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", tc("", &format!("{}{inner}", p("Day"))), tc("", &p("Hall")));
    let text = docx(Docx::new(&outer));
    assert_eq!(text.content, "Day\n10:00\tPanel\tHall\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Table), ["Day\n10:00\tPanel\tHall", "10:00\tPanel"]);
}

#[test]
fn text_boxes_are_read_once() {
    let boxed = |inner: &str| {
        format!(
            "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx><w:txbxContent>{inner}\
             </w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{inner}\
             </w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    };
    let body = format!("<w:p>{}<w:r><w:t>Anchor</w:t></w:r></w:p>{}", boxed(&p("Boxed")), p("Next"));
    assert_eq!(docx(Docx::new(&body)).content, "Anchor\n\nBoxed\n\nNext\n");
}

#[test]
fn changes_are_resolved_and_hidden_text_is_left_out() {
    let body = "<w:p><w:r><w:t>Open</w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>ing</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>\
        <w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>One </w:t></w:r></w:p><w:p><w:r><w:t>line</w:t></w:r></w:p>\
        <w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>\
        <w:p><w:r><w:t>Tea</w:t></w:r></w:p><w:p><w:r><w:t>Vote</w:t></w:r></w:p>";
    let text = docx(Docx::new(body));
    assert_eq!(text.content, "Opening\nOne line\nTea\nVote\n");
    assert_eq!(codes(&text), ["A0135", "A0139"]);
}

#[test]
fn links_lead_to_their_targets() {
    let body = "<w:p><w:hyperlink r:id=\"l1\"><w:r><w:t>site</w:t></w:r></w:hyperlink><w:r><w:t> or </w:t></w:r>\
        <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"mailto:a@b.example\" </w:instrText></w:r>\
        <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>mail</w:t></w:r>\
        <w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t> us</w:t></w:r></w:p>";
    let text = docx(Docx::new(body).link("l1", "http://forum.example/x"));
    assert_eq!(text.content, "site or mail us\n\nhttp://forum.example/x\nmailto:a@b.example\n");
    assert_eq!(regions(&text, |k| matches!(k, RegionKind::Link(_))), ["site", "mail"]);
}

#[test]
fn notes_headers_and_footers_stand_apart() {
    let body = "<w:p><w:r><w:t>Talk</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>\
        <w:sectPr><w:headerReference w:type=\"default\" r:id=\"h1\"/><w:headerReference w:type=\"first\" r:id=\"h2\"/>\
        <w:footerReference w:type=\"default\" r:id=\"f1\"/></w:sectPr>";
    let notes = format!(
        "<w:footnotes><w:footnote w:id=\"0\" w:type=\"separator\">{}</w:footnote><w:footnote w:id=\"2\">{}</w:footnote>\
         </w:footnotes>",
        p("never"),
        p("To be confirmed")
    );
    let document = Docx::new(body)
        .part("footnotes", "n1", "footnotes.xml", &notes)
        .part("header", "h1", "header1.xml", &format!("<w:hdr>{}</w:hdr>", p("Running head")))
        .part("header", "h2", "header2.xml", &format!("<w:hdr>{}</w:hdr>", p("Unused")))
        .part("footer", "f1", "footer1.xml", &format!("<w:ftr>{}</w:ftr>", p("Page 1")));
    let text = docx(document);
    assert_eq!(text.content, "Running head\n\nTalk\n\n1 To be confirmed\n\nPage 1\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Furniture), ["Running head", "Page 1"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Note), ["1 To be confirmed"]);
}

#[test]
fn a_title_of_the_properties_stands_before_the_text_if_that_bears_it_out() {
    let core = |title: &str| {
        format!(
            "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title>\
                 </cp:coreProperties>"
        )
    };
    let body = p("Annual forum on small harbours");
    let read = |title: &str| docx(Docx::new(&body).file("docProps/core.xml", &core(title)));
    let text = read("Small Harbours");
    assert_eq!(text.content, "Small Harbours\n\nAnnual forum on small harbours\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Meta("title".into())), ["Small Harbours"]);
    for title in ["Microsoft Word - agenda_v3.doc", "Harbours", "Minutes of a small committee", ""] {
        assert_eq!(read(title).content, "Annual forum on small harbours\n", "{title}");
    }
}

#[test]
fn the_first_page_has_a_header_of_its_own() {
    let body = format!(
        "{}<w:sectPr><w:headerReference w:type=\"first\" r:id=\"h2\"/><w:headerReference w:type=\"default\" r:id=\"h1\"/>\
         <w:titlePg/></w:sectPr>",
        p("Talk")
    );
    let document = Docx::new(&body)
        .part("header", "h1", "header1.xml", &format!("<w:hdr>{}</w:hdr>", p("Running head")))
        .part("header", "h2", "header2.xml", &format!("<w:hdr>{}</w:hdr>", p("Letterhead")));
    let text = docx(document);
    assert_eq!(text.content, "Letterhead\n\nRunning head\n\nTalk\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Furniture), ["Running head"]);
}

#[test]
fn tabs_breaks_and_pages() {
    let body = "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"900\"/></w:tabs></w:pPr>\
        <w:r><w:t>09:00</w:t><w:tab/><w:tab/><w:t>Opening</w:t><w:br/><w:t>in the hall</w:t></w:r></w:p>\
        <w:p><w:r><w:br w:type=\"page\"/></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>Second</w:t></w:r></w:p>";
    let text = docx(Docx::new(body));
    assert_eq!(text.content, "09:00\tOpening\nin the hall\n\n\u{c}Second\n");
    assert_eq!(text.pages, Some(2));
    let table = format!(
        "<w:tbl><w:tr>{}</w:tr></w:tbl>",
        tc("", "<w:p><w:r><w:t>9:00</w:t><w:tab/><w:t>Tea</w:t></w:r></w:p>")
    );
    assert_eq!(docx(Docx::new(&table)).content, "9:00  Tea\n");
}

#[test]
fn a_bold_paragraph_is_strong() {
    let bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Day</w:t></w:r><w:r><w:t> </w:t></w:r>\
        <w:r><w:rPr><w:b/></w:rPr><w:t>one</w:t></w:r></w:p><w:p><w:r><w:rPr><w:b w:val=\"0\"/><w:i/></w:rPr><w:t>Tea</w:t></w:r></w:p>";
    let text = docx(Docx::new(bold));
    assert_eq!(regions(&text, |k| *k == RegionKind::Strong), ["Day one"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Emphasis), ["Tea"]);
}

#[test]
fn what_is_no_word_document_says_so() {
    let other = |name: &str| read_as("a.docx", &zipped(&[("[Content_Types].xml", b"<Types/>"), (name, b"<x/>")]));
    assert_eq!(codes(&other("ppt/presentation.xml")), ["A0108"]);
    assert_eq!(codes(&other("xl/workbook.xml")), ["A0108"]);
    assert_eq!(codes(&other("word/styles.xml")), ["A0132"]);
}
