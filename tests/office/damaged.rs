//! Office documents and RTF that are damaged or made to exhaust a reader.

use std::time::{Duration, Instant};

use agendata::ingest::{Limits, Source, ingest};

use super::build::{Docx, odt, p, tc, zipped};
use super::{codes, docx, read_as};

/// A small generator of numbers, the same everywhere.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// How many damaged documents to try; more on demand.
fn rounds() -> usize {
    std::env::var("AGENDATA_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(300)
}

const RTF: &str = "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset204 A;}}{\\header Head\\par}\\pard\\b Day\\b0\\tab one\\par\
    {\\listtext 1.\\tab}\\ls1 Tea\\par\\trowd\\clvmgf\\cellx900\\cellx2000\\intbl 9:00\\cell Talk{\\footnote Note}\\cell\\row\
    \\trowd\\clvmrg\\cellx900\\cellx2000\\intbl\\cell\\itap2 x\\nestcell{\\*\\nesttableprops\\trowd\\cellx5\\nestrow}\\cell\\row\
    \\pard{\\field{\\*\\fldinst HYPERLINK \"http://a.example\"}{\\fldrslt link}}\\u8211?\\bin3 abc{\\shp{\\*\\shpinst{\\shptxt Box\\par}}}\\par}";

fn sample(kind: usize) -> (&'static str, Vec<u8>) {
    let body = format!(
        "{}<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl><w:p><w:hyperlink r:id=\"l\"><w:r><w:t>x</w:t></w:r></w:hyperlink>\
         <w:r><w:txbxContent>{}</w:txbxContent></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>",
        p("Day"),
        tc("<w:vMerge w:val=\"restart\"/>", &p("9:00")),
        tc("<w:gridSpan w:val=\"2\"/>", &p("Talk")),
        tc("<w:vMerge/>", "<w:p/>"),
        tc("", &p("Reply")),
        p("Box")
    );
    let cell = "<table:table-cell table:number-rows-spanned=\"2\"><text:p>Talk</text:p></table:table-cell>";
    let open = "<text:list><text:list-item><text:p>Tea</text:p></text:list-item></text:list><text:p>A<text:note>\
        <text:note-citation>1</text:note-citation><text:note-body><text:p>N</text:p></text:note-body></text:note>\
        <draw:frame><draw:text-box><text:p>B</text:p></draw:text-box></draw:frame></text:p>";
    match kind {
        0 => ("a.docx", Docx::new(&body).link("l", "http://a.example").bytes()),
        1 => (
            "a.odt",
            odt("", &format!("<table:table><table:table-row>{cell}{cell}</table:table-row></table:table>{open}")),
        ),
        _ => ("a.rtf", RTF.as_bytes().to_vec()),
    }
}

/// The parts of an archive, for damage below its packing.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|n| n.unwrap().into_owned()).collect();
    let mut read = |name: &String| {
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut out).unwrap();
        out
    };
    names.iter().map(|name| (name.clone(), read(name))).collect()
}

fn damage(bytes: &mut Vec<u8>, seeded: &mut Seeded) {
    for _ in 0..=seeded.next(4) {
        let at = seeded.next(bytes.len());
        match seeded.next(6) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => bytes[at] ^= 1 << seeded.next(8),
            2 => drop(bytes.splice(at..at, b"<>{}\\/&'\"=".iter().copied().skip(seeded.next(9)).take(1))),
            3 if !bytes.is_empty() => drop(bytes.remove(at)),
            4 => {
                let end = (at + seeded.next(60)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = seeded.next(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => {
                let end = (at + seeded.next(30)).min(bytes.len());
                bytes.drain(at..end);
            }
        }
    }
}

#[test]
fn damaged_documents_give_a_text_or_say_why_not() {
    let mut seeded = Seeded(20_261_123);
    for round in 0..rounds() {
        let (path, mut bytes) = sample(round % 3);
        if round % 2 == 0 || path == "a.rtf" {
            damage(&mut bytes, &mut seeded);
        } else {
            let mut parts = unpacked(&bytes);
            let at = seeded.next(parts.len());
            damage(&mut parts[at].1, &mut seeded);
            let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
            bytes = zipped(&parts);
        }
        let start = Instant::now();
        let text = read_as(path, &bytes);
        assert!(start.elapsed() < Duration::from_secs(5), "round {round}");
        assert!(!text.content.is_empty() || !text.diagnostics.is_empty(), "round {round}: nothing was said");
    }
}

#[test]
fn a_truncated_archive_gives_what_it_holds() {
    let paragraphs: String = (0..2_000).map(|n| p(&format!("Line {n} of the forum"))).collect();
    let bytes = Docx::new(&paragraphs).bytes();
    let text = read_as("a.docx", &bytes[..bytes.len() - 2_000]);
    assert!(text.content.starts_with("Line 0 of the forum\n") && codes(&text).contains(&"A0130"), "{:?}", codes(&text));
}

#[test]
fn bombs_do_not_go_off() {
    let bomb = format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "x".repeat(1 << 20)).repeat(20);
    let start = Instant::now();
    let limits = Limits { memory: 64 << 20, ..Limits::default() };
    let text = ingest(&Source { path: "a.docx".into(), bytes: Docx::new(&bomb).bytes() }, &limits);
    assert!(codes(&text).contains(&"A0133") && text.content.len() < 4 << 20, "{:?}", codes(&text));
    let laughs =
        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]>";
    let main = format!("{laughs}<w:document><w:body>{}</w:body></w:document>", p("&c;Tea&c;&amp;"));
    let text =
        read_as("a.docx", &zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", main.as_bytes())]));
    assert_eq!(text.content, "Tea&\n");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn depth_and_breadth_are_bounded() {
    let start = Instant::now();
    let deep = |open: &str, close: &str, n: usize| format!("{}{}{}", open.repeat(n), p("x"), close.repeat(n));
    for (open, close) in [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        ("<w:ins>", "</w:ins>"),
        ("<x:y xmlns:x=\"a\">", "</x:y>"),
    ] {
        let text = docx(Docx::new(&format!("{}{}", deep(open, close, 100_000), p("End"))));
        assert!(text.content.contains("End") && codes(&text).contains(&"A0137"), "{open}: {:?}", codes(&text));
    }
    let wide =
        format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", tc("<w:gridSpan w:val=\"999999999\"/>", &p("x")).repeat(50_000));
    assert!(docx(Docx::new(&wide)).content.contains("x\tx"));
    let cell = "<table:table-cell table:number-columns-repeated=\"99999\"><text:p>x</text:p>";
    let nested = format!("<table:table><table:table-row table:number-rows-repeated=\"99999\">{cell}");
    let text = read_as("a.odt", &odt("", &nested.repeat(6)));
    assert!(!text.content.is_empty());
    let list = "<text:list text:style-name=\"L\"><text:list-item>".repeat(100_000);
    read_as("a.odt", &odt("", &format!("{list}<text:p>x</text:p>")));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
