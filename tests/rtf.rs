//! RTF as the pipeline reads it: small documents, read, and looked at.

use agendata::ingest::{Limits, Region, RegionKind, Source, Text, ingest};

fn read(body: impl AsRef<[u8]>) -> Text {
    let head = b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 Serif;}{\\f1\\fcharset204 Serif;}\
        {\\f2\\fcharset128 Gothic;}{\\f3\\fcharset2 Wingdings;}}{\\stylesheet{\\s0 Normal;}{\\s7 heading 2;}}";
    raw(&[head, body.as_ref(), b"}"].concat())
}

fn raw(bytes: &[u8]) -> Text {
    let text = ingest(&Source { path: "a.rtf".into(), bytes: bytes.to_vec() }, &Limits::default());
    assert!(text.content.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\u{C}')), "{:?}", text.content);
    for region in &text.layout {
        let inside = text.content.get(region.span.start..region.span.end).expect("a region fits the text");
        if !matches!(region.kind, RegionKind::Page(_)) {
            assert!(!inside.is_empty() && inside.trim() == inside, "{region:?} covers {inside:?}");
        }
    }
    text
}

fn codes(text: &Text) -> Vec<&str> {
    text.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

fn regions(text: &Text, is: impl Fn(&RegionKind) -> bool) -> Vec<&str> {
    text.layout.iter().filter(|r| is(&r.kind)).map(|r| r.span.of(&text.content)).collect()
}

fn cells(text: &Text) -> Vec<([u32; 4], &str)> {
    let cell = |r: &Region| match r.kind {
        RegionKind::Cell { row, column, rows, columns } => Some(([row, column, rows, columns], r.span)),
        _ => None,
    };
    text.layout.iter().filter_map(cell).map(|(at, span)| (at, span.of(&text.content))).collect()
}

#[test]
fn paragraphs_lines_and_tabs() {
    let text = read("\\pard 09:00\\tab Opening\\line in the hall\\par Tea\\par\\par Coffee\\~break");
    assert_eq!(text.content, "09:00\tOpening\nin the hall\nTea\n\nCoffee break\n");
    assert!(text.diagnostics.is_empty() && text.encoding == "windows-1252", "{:?}", text.diagnostics);
}

#[test]
fn characters_come_in_many_ways() {
    let text = read(
        &b"caf\\'e9 \\u8211?\\u-3913? \\f1\\'cc\\'e8\\'f0 \\f2\\'83e\\'83X\\'83g\\f0 \\uc2\\u233??x{\\uc0\\u234}y \
        \\u-10179?\\u-8704? \\f3\\'28\\f0  A\\{B\\}\\endash C\\-D"[..],
    );
    assert_eq!(text.content, "café – Мир テストéxêy 😀☎ A{B}–CD\n");
}

#[test]
fn headings_strong_and_emphasis() {
    let text = read(
        "\\pard\\s7\\b Day one\\par\\pard\\plain\\b Tea\\b0  for \\i all\\par\\pard\\plain\\outlinelevel0 Top\\par",
    );
    assert_eq!(text.content, "Day one\n\nTea for all\n\nTop\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(2)), ["Day one"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Heading(1)), ["Top"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Strong), ["Tea"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Emphasis), ["all"]);
}

#[test]
fn lists_have_their_numbers() {
    let text = read(
        "{\\listtext\\pard\\plain 1.\\tab}\\pard\\ls1 Opening\\par{\\listtext 1.1\\tab}\\pard\\ls1\\ilvl1 Address\\par\
         {\\listtext\\f3\\'a7\\tab}\\pard\\ls2 Tea\\par\\pard Plain\\par{\\pntext 2)\\tab}\\pard Vote\\par",
    );
    assert_eq!(text.content, "1. Opening\n1.1 Address\nTea\nPlain\n2) Vote\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Item(1)), ["1. Opening", "Tea", "2) Vote"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Item(2)), ["1.1 Address"]);
}

#[test]
fn tables_share_one_grid() {
    let text = read(
        "Before\\par\\trowd\\cellx1000\\cellx5000\\pard\\intbl Time\\cell Hall\\cell\\row\
         \\trowd\\clvmgf\\cellx1000\\cellx3000\\cellx5010\\pard\\intbl 9:00\\cell Keynote\\par by two\\cell Ada Vell\\cell\\row\
         \\trowd\\clvmrg\\cellx1000\\cellx3000\\cellx5000\\pard\\intbl\\cell Reply\\cell\\cell\\row\\pard After\\par",
    );
    assert_eq!(text.content, "Before\n\nTime\tHall\n9:00\tKeynote\nby two\tAda Vell\nReply\t\n\nAfter\n");
    assert_eq!(
        cells(&text),
        [
            ([0, 0, 1, 1], "Time"),
            ([0, 1, 1, 2], "Hall"),
            ([1, 0, 2, 1], "9:00"),
            ([1, 1, 1, 1], "Keynote\nby two"),
            ([1, 2, 1, 1], "Ada Vell"),
            ([2, 1, 1, 1], "Reply"),
        ]
    );
}

#[test]
fn a_table_may_stand_in_a_cell() {
    let text = read(
        "\\trowd\\cellx3000\\cellx6000\\pard\\intbl Day\\par\\pard\\intbl\\itap2 10:00\\nestcell Panel\\nestcell\
         {\\*\\nesttableprops\\trowd\\cellx1000\\cellx2000\\nestrow}{\\nonesttables\\par}\\pard\\intbl\\cell Hall\\cell\\row\
         \\pard Next\\par",
    );
    assert_eq!(text.content, "Day\n10:00\tPanel\tHall\n\nNext\n");
    assert_eq!(regions(&text, |k| *k == RegionKind::Table), ["Day\n10:00\tPanel\tHall", "10:00\tPanel"]);
}

#[test]
fn what_does_not_show_is_left_out() {
    let text = read(
        "{\\*\\generator X;}{\\info{\\author Bo}}{\\pict\\bin4 }}}}abcd}Shown{\\v secret}{\\deleted old}\
         {\\*\\bkmkstart b}{\\*\\unknown words}{\\xe index}\\par",
    );
    assert_eq!(text.content, "Shown\n");
    assert_eq!(codes(&text), ["A0135", "A0139"]);
}

#[test]
fn links_notes_headers_and_boxes() {
    let text = read(
        "{\\header Running head\\par}{\\footer Page \\chpgn\\par}\
         \\pard{\\field{\\*\\fldinst{HYPERLINK \"http://forum.example/x\"}}{\\fldrslt{\\ul site}}} of the forum\
         {\\super\\chftn{\\footnote\\pard\\chftn  To be confirmed}}\
         {\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt\\pard Boxed\\par}}{\\shprslt{Boxed}}}\\par Next\\par",
    );
    assert_eq!(
        text.content,
        "Running head\n\nsite of the forum\n\nBoxed\n\nNext\n\n1 To be confirmed\n\nPage\n\nhttp://forum.example/x\n"
    );
    assert_eq!(regions(&text, |k| matches!(k, RegionKind::Link(_))), ["site"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Note), ["1 To be confirmed"]);
    assert_eq!(regions(&text, |k| *k == RegionKind::Furniture), ["Running head", "Page"]);
}

#[test]
fn pages_are_counted() {
    let text = read("One\\par\\page Two\\par\\pard\\pagebb Three\\par");
    assert_eq!(text.content, "One\n\u{c}Two\n\u{c}Three\n");
    assert_eq!(text.pages, Some(3));
}

#[test]
fn the_code_page_is_that_of_the_document() {
    let text = raw(b"{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0\\fcharset0 A;}}\\f0\\'cc\\'e8\\'f0\\par}");
    assert_eq!((text.content.as_str(), text.encoding.as_str()), ("Мир\n", "windows-1251"));
}

#[test]
fn damage_is_told_and_what_can_be_read_is_read() {
    for (bytes, content) in [
        (&b"{\\rtf1 Open{\\b Tea"[..], "OpenTea\n"),
        (b"{\\rtf1 One}} Two", "One Two\n"),
        (b"{\\rtf1 One{\\pict\\bin999 abc", "One\n"),
        (b"{\\rtf1 One\\par\\row\\cell\\nestrow\\nestcell}", "One\n"),
    ] {
        let text = raw(bytes);
        assert_eq!(text.content, content, "{:?}", String::from_utf8_lossy(bytes));
        let broken = !bytes.ends_with(b"nestcell}");
        assert_eq!(codes(&text), if broken { vec!["A0138"] } else { vec![] });
    }
    assert_eq!(codes(&raw(b"{\\rtf1}")), ["A0101"]);
}

#[test]
fn depth_and_breadth_are_bounded() {
    let deep = read("{".repeat(200_000) + "x" + &"}".repeat(200_000) + " end");
    assert!(deep.content.ends_with("end\n") && codes(&deep) == ["A0137"], "{:?}", deep.diagnostics);
    let nested = read("\\pard\\itap9999 x\\nestcell".repeat(2_000));
    assert!(nested.content.contains('x'));
    let wide = read(
        "\\trowd".to_owned() + &"\\cellx9".repeat(100_000) + "\\pard\\intbl " + &"x\\cell ".repeat(100_000) + "\\row",
    );
    assert!(wide.content.contains("x\tx"));
}
