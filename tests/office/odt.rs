//! ODT as the pipeline reads it.

use super::build::{odt, zipped};
use super::{cells, check, codes, read_as, regions};
use agendata::ingest::RegionKind;

const STYLES: &str = "<style:style style:name=\"Title\" style:family=\"paragraph\"/>\
    <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style>\
    <style:style style:name=\"T2\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>\
    <style:style style:name=\"P1\" style:family=\"paragraph\" style:parent-style-name=\"Title\"/>\
    <style:style style:name=\"P2\" style:family=\"paragraph\"><style:paragraph-properties fo:break-before=\"page\" \
    fo:margin-top=\"0.5cm\"/></style:style>\
    <text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\" \
    style:num-suffix=\".\"/><text:list-level-style-number text:level=\"2\" style:num-format=\"a\" style:num-suffix=\")\" \
    text:display-levels=\"2\"/></text:list-style>\
    <text:list-style style:name=\"L2\"><text:list-level-style-bullet text:level=\"1\" text:bullet-char=\"o\"/></text:list-style>";

#[test]
fn paragraphs_headings_and_spaces() {
    let text = odt(
        STYLES,
        "<text:p text:style-name=\"P1\">Forum</text:p><text:h text:outline-level=\"2\">Day  one</text:h>\
         <text:p>09:00<text:tab/>Open<text:span text:style-name=\"T1\">ing</text:span><text:line-break/>in<text:s text:c=\"2\"/>\
         the\n hall</text:p><text:p/><text:p>Tea<text:span text:style-name=\"T2\">secret</text:span></text:p>\
         <text:p text:style-name=\"P2\">Page two</text:p>",
    );
    let text = read_as("a.odt", &text);
    assert_eq!(text.content, "Forum\n\nDay one\n\n09:00\tOpening\nin  the hall\n\nTea\n\n\u{c}Page two\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(1)), ["Forum"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(2)), ["Day one"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Strong), ["ing"]);
    assert_eq!((text.pages, codes(&text)), (Some(2), vec!["A0135"]));
}

#[test]
fn lists_count() {
    let item = |text: &str| format!("<text:list-item><text:p>{text}</text:p></text:list-item>");
    let text = odt(
        STYLES,
        &format!(
            "<text:list xml:id=\"x\" text:style-name=\"L1\">{}<text:list-item><text:p>Debate</text:p><text:list>{}{}\
             </text:list><text:p>goes on</text:p></text:list-item></text:list><text:p>Between</text:p>\
             <text:list text:continue-list=\"x\" text:style-name=\"L1\">{}</text:list>\
             <text:list text:style-name=\"L1\">{}</text:list><text:list text:style-name=\"L2\">{}</text:list>",
            item("Opening"),
            item("Motion"),
            item("Vote"),
            item("Closing"),
            item("Again"),
            item("Tea")
        ),
    );
    let text = read_as("a.odt", &text);
    assert_eq!(
        text.content,
        "1. Opening\n2. Debate\n2.a) Motion\n2.b) Vote\ngoes on\nBetween\n3. Closing\n1. Again\nTea\n"
    );
    assert_eq!(regions(&text, |k| *k == RegionKind::Item(2)), ["2.a) Motion", "2.b) Vote"]);
}

#[test]
fn tables_have_spans_and_repeats() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let text = odt(
        "",
        &format!(
            "<table:table><table:table-header-rows><table:table-row>{}<table:table-cell table:number-columns-spanned=\"2\">\
             <text:p>Hall</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>\
             <table:table-row><table:table-cell table:number-rows-spanned=\"2\"><text:p>9:00</text:p></table:table-cell>{}\
             <table:table-cell/></table:table-row><table:table-row><table:covered-table-cell/>\
             <table:table-cell table:number-columns-repeated=\"2\"><text:p>Tea</text:p></table:table-cell></table:table-row>\
             <table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row></table:table>",
            cell("Time"),
            cell("Keynote"),
            cell("x")
        ),
    );
    let text = read_as("a.odt", &text);
    assert!(text.content.starts_with("Time\tHall\n9:00\tKeynote\t\nTea\tTea\nx\nx\n"), "{:?}", text.content);
    assert_eq!(text.content.matches('x').count(), 64);
    assert_eq!(
        cells(&text).into_iter().take(6).collect::<Vec<_>>(),
        [
            (0, 0, 1, 1, "Time"),
            (0, 1, 1, 2, "Hall"),
            (1, 0, 2, 1, "9:00"),
            (1, 1, 1, 1, "Keynote"),
            (2, 1, 1, 1, "Tea"),
            (2, 2, 1, 1, "Tea")
        ]
    );
}

#[test]
fn notes_frames_links_and_changes() {
    let text = odt(
        "",
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>\
         </text:changed-region></text:tracked-changes>\
         <text:p>Talk<text:note><text:note-citation>*</text:note-citation><text:note-body><text:p>To be confirmed</text:p>\
         </text:note-body></text:note> at <text:a xlink:href=\"http://forum.example/x\">the hall</text:a>\
         <office:annotation><text:p>comment</text:p></office:annotation>\
         <draw:frame><draw:text-box><text:p>Boxed</text:p></draw:text-box></draw:frame> now</text:p><text:p>Next</text:p>",
    );
    let text = read_as("a.odt", &text);
    assert_eq!(text.content, "Talk at the hall now\n\nBoxed\n\nNext\n\n* To be confirmed\n\nhttp://forum.example/x\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Note), ["* To be confirmed"]);
    assert_eq!(codes(&text), ["A0139"]);
}

#[test]
fn a_flat_file_is_read_too() {
    let bytes = odt("", "<text:p>Forum</text:p>");
    let content = build_flat(&bytes);
    let text = read_as("a.fodt", content.as_bytes());
    assert_eq!(text.content, "Forum\n");
    check(&text);
}

/// The content of a zipped document as a flat one.
fn build_flat(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let content = std::io::read_to_string(archive.by_name("content.xml").unwrap()).unwrap();
    content.replace("office:document-content", "office:document")
}

#[test]
fn a_password_is_told() {
    let manifest: &[u8] = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    let parts: [(&str, &[u8]); 3] = [
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"\x01\x02"),
        ("META-INF/manifest.xml", manifest),
    ];
    assert_eq!(codes(&read_as("a.odt", &zipped(&parts))), ["A0134"]);
}
