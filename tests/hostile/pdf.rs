//! PDF files that lie. In: nothing. Out: named files. Never: larger than some megabytes.

use super::change::squeeze;

/// A PDF of these objects (the first is number 1), with a right table of them.
fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut at = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        at.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    at.iter().for_each(|at| out.extend(format!("{at:010} 00000 n \n").bytes()));
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {dictionary} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const WORDS: &str = "BT /F1 12 Tf 72 700 Td (Programme) Tj 0 -20 Td (12 May 2011) Tj \
                     0 -20 Td (09:30 - 10:00 Registration) Tj 0 -20 Td (10:00 - 11:00 Opening session) Tj ET";

/// One page with this content, and more objects (from number 6) that it may use.
fn page_with(resources: &str, content: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<u8> {
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> {resources} >> >>"
    );
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into(),
        content,
        FONT.into(),
    ];
    objects.extend(more);
    pdf(&objects, "")
}

fn page(content: &str) -> Vec<u8> {
    page_with("", stream("", content.as_bytes()), Vec::new())
}

/// A page tree of these objects 2, 3 …, with content and font behind them.
fn tree(objects: &[&str]) -> Vec<u8> {
    let mut all = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    all.extend(objects.iter().map(|o| o.as_bytes().to_vec()));
    all.push(stream("", WORDS.as_bytes()));
    all.push(FONT.into());
    pdf(&all, "")
}

/// Raw deflate data with the head of a zlib stream.
fn deflated(content: &[u8]) -> Vec<u8> {
    let packed = squeeze(&[("x", content)]);
    let name_and_extra = usize::from(packed[26]) + usize::from(packed[28]) + 256 * usize::from(packed[29]);
    let end = packed.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    [b"\x78\x9c".as_slice(), &packed[30 + name_and_extra..end]].concat()
}

/// Forms that each draw the next ten times: ten to the power of nine words.
fn laughing_forms() -> Vec<u8> {
    let form = |n: usize| {
        let resources = format!("/XObject << /X {} 0 R >> /Font << /F1 5 0 R >>", n + 7);
        let head = format!("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << {resources} >>");
        stream(&head, if n == 9 { WORDS.as_bytes().to_vec() } else { b"/X Do ".repeat(10) }.as_slice())
    };
    page_with("/XObject << /X 6 0 R >>", stream("", b"/X Do"), (0..10).map(form).collect())
}

/// A form that draws itself.
fn form_in_itself() -> Vec<u8> {
    let head = "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 6 0 R >> >>";
    page_with("/XObject << /X 6 0 R >>", stream("", b"/X Do"), vec![stream(head, b"/X Do /X Do")])
}

/// A composite font with this map to Unicode, widths and file of outlines.
fn composite_font(map: Vec<u8>, widths: &str, outlines: Vec<u8>) -> Vec<u8> {
    let font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 7 0 R \
                 /DescendantFonts [8 0 R] >>";
    let below = format!(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
         /Supplement 0 >> {widths} /FontDescriptor 9 0 R >>"
    );
    let about = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 10 0 R >>";
    let text = b"BT /F2 12 Tf 72 700 Td <00010002ffff0003> Tj ET";
    let more = vec![font.to_vec(), map, below.into(), about.to_vec(), outlines];
    page_with("/Font << /F1 5 0 R /F2 6 0 R >>", stream("", text), more)
}

/// A map to Unicode that is as large as it can be, and names itself.
fn large_map() -> Vec<u8> {
    let ranges = "100 beginbfrange\n".to_owned() + &"<0000> <ffff> <0041>\n".repeat(100) + "endbfrange\n";
    let map = format!("/Self usecmap\n1 begincodespacerange <0000> <ffff> endcodespacerange\n{}", ranges.repeat(200));
    stream("/CMapName /Self", map.as_bytes())
}

/// A simple font with codes from far below to far above.
fn codes_without_end() -> Vec<u8> {
    let font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar -2147483648 /LastChar 2147483647 \
                 /Widths [1 2 3] /Encoding << /Differences [2147483647 /A -5 /B 4294967296 /C] >> >>";
    let text = b"BT /F2 12 Tf 72 700 Td (ABC) Tj ET";
    page_with("/Font << /F1 5 0 R /F2 6 0 R >>", stream("", text), vec![font.to_vec()])
}

/// Objects and their table in packed streams, of which one is a bomb.
fn packed_objects(bomb: &[u8]) -> Vec<u8> {
    let catalog = b"<< /Type /Catalog /Pages 7 0 R >>".to_vec();
    pdf(
        &[catalog, stream("/Type /ObjStm /N 100000000 /First 2147483647 /Filter /FlateDecode /Extends 2 0 R", bomb)],
        "",
    )
}

/// The table of objects itself is a bomb.
fn packed_table(bomb: &[u8]) -> Vec<u8> {
    let table =
        stream("/Type /XRef /Size 2147483647 /W [1 8 8] /Index [0 2147483647] /Root 1 0 R /Filter /FlateDecode", bomb);
    [b"%PDF-1.7\n1 0 obj\n".as_slice(), &table, b"\nendobj\nstartxref\n9\n%%EOF\n"].concat()
}

/// A file that is locked by a password nobody has.
fn locked() -> Vec<u8> {
    let junk = "<".to_owned() + &"5a".repeat(32) + ">";
    let lock = format!("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O {junk} /U {junk} >>");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>".to_vec(),
        stream("", WORDS.as_bytes()),
    ];
    objects.push(lock.into());
    pdf(&objects, "/Encrypt 5 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]")
}

/// Every lying PDF, by name.
pub fn lies() -> Vec<(String, Vec<u8>)> {
    let deep = |open: &str, close: &str, n: usize| open.repeat(n) + &close.repeat(n);
    let leaf = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
                /Resources << /Font << /F1 5 0 R >> >> >>";
    let packed = |data: &[u8]| stream("/Filter /FlateDecode", data);
    let bomb = deflated(&b"q Q ".repeat(75 << 20));
    let many = "3 0 R ".repeat(300_000);
    let words_often = format!("{WORDS} ").repeat(20_000);
    let named: Vec<(&str, Vec<u8>)> = vec![
        ("good", page(WORDS)),
        ("only-head", b"%PDF-1.7\n".to_vec()),
        ("head-and-end", b"%PDF-1.7\nstartxref\n0\n%%EOF".to_vec()),
        ("start-far-away", page(WORDS).iter().map(|b| if *b == b'x' { b'y' } else { *b }).collect()),
        ("tree-in-a-ring", tree(&["<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 2 0 R >>", leaf])),
        ("pages-beyond-count", tree(&["<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", leaf])),
        ("one-page-often", tree(&[&format!("<< /Type /Pages /Kids [{many}] /Count 300000 >>"), leaf])),
        ("ring-of-tables", pdf(&[b"<< /Type /Catalog >>".to_vec()], "/Prev 15 /XRefStm 15")),
        ("deep-lists", tree(&[&format!("<< /Type /Pages /Kids {} >>", deep("[", "]", 200_000)), leaf])),
        ("deep-dictionaries", tree(&[&format!("<< /A {} >>", deep("<< /A ", ">>", 100_000)), leaf])),
        ("deep-and-open", [b"%PDF-1.4\n1 0 obj\n".as_slice(), &b"[".repeat(500_000)].concat()),
        ("deep-states", page(&("q ".repeat(400_000) + WORDS))),
        ("deep-brackets", page(&("(".repeat(400_000) + WORDS))),
        ("deep-marks", page(&("/P BMC ".repeat(200_000) + WORDS))),
        ("form-in-itself", form_in_itself()),
        ("laughing-forms", laughing_forms()),
        ("flate-bomb", page_with("", stream("/Filter /FlateDecode", &bomb), Vec::new())),
        (
            "flate-bomb-twice",
            page_with("", stream("/Filter [/FlateDecode /FlateDecode]", &deflated(&bomb)), Vec::new()),
        ),
        (
            "many-filters",
            page_with("", stream(&format!("/Filter [{}]", "/ASCIIHexDecode ".repeat(50_000)), b"41>"), Vec::new()),
        ),
        ("run-length-bomb", page_with("", stream("/Filter /RunLengthDecode", &b"\x81q".repeat(2 << 20)), Vec::new())),
        ("length-of-itself", tree(&["<< /Type /Pages /Kids [3 0 R] /Length 2 0 R >>", leaf])),
        (
            "numbers-too-large",
            page("BT /F1 1e308 Tf 1e308 0 0 -1e308 1e308 1e308 Tm (A) Tj 99999999999999999999 Td (B) Tj ET"),
        ),
        ("no-numbers", page("BT /F1 0 Tf 0 0 0 0 0 0 Tm (A) Tj -0 --5 Td (B) Tj 1e-308 0 0 1e-308 0 0 Tm (C) Tj ET")),
        ("box-too-large", tree(&["<< /Type /Pages /Kids [3 0 R] >>", &leaf.replace("612 792", "1e38 -1e38")])),
        ("image-without-end", page("BI /W 99999 /H 99999 /BPC 8 /CS /RGB ID \x01\x02\x03")),
        ("words-in-one-place", page(&words_often)),
        ("large-map", composite_font(large_map(), "", Vec::new())),
        ("wide-widths", composite_font(large_map(), "/W [0 2147483647 1000]", Vec::new())),
        ("wide-heights", composite_font(large_map(), "/W2 [0 2147483647 -1000 250 772]", Vec::new())),
        ("many-widths", composite_font(large_map(), &format!("/W [{}]", "0 65535 9 ".repeat(20_000)), Vec::new())),
        ("map-bomb", composite_font(packed(&bomb), "", Vec::new())),
        ("font-bomb", composite_font(large_map(), "", packed(&bomb))),
        ("codes-without-end", codes_without_end()),
        ("objects-bomb", packed_objects(&bomb)),
        ("table-bomb", packed_table(&bomb)),
        ("locked", locked()),
        ("lock-unknown", pdf(&[b"<< /Type /Catalog >>".to_vec()], "/Encrypt << /Filter /Nobody /V 99 >>")),
        ("table-too-long", {
            let mut file = page(WORDS);
            let at = file.windows(7).position(|w| w == b"xref\n0 ").unwrap();
            file.splice(at + 7..at + 8, *b"2147483647");
            file
        }),
    ];
    named.into_iter().map(|(name, bytes)| (format!("{name}.pdf"), bytes)).collect()
}
