//! Packages (DOCX, ODT, zip) that lie. In: nothing. Out: named files. Never: larger than some megabytes.

use super::change::{pack, squeeze};

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const O: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
                 xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
                 xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
                 xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\"";
const LAUGHS: &str = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
                      <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">\
                      <!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">\
                      <!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\"><!ENTITY h \"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\">\
                      <!ENTITY i SYSTEM \"file:///etc/passwd\">]>";

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn agenda() -> String {
    ["Programme", "12 May 2011", "09:30 - 10:00 Registration", "10:00 - 11:00 Opening session"].map(p).concat()
}

/// A DOCX with this body, and more members.
fn docx_with(head: &str, body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                <Relationship Id=\"r1\" Target=\"word/document.xml\" \
                Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/></Relationships>";
    let document = format!("{head}<w:document {W}><w:body>{body}</w:body></w:document>");
    let mut members: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ];
    members.extend(more);
    squeeze(&members)
}

fn docx(body: &str) -> Vec<u8> {
    docx_with("", &(agenda() + body), &[])
}

/// An ODT with this body.
fn odt_with(head: &str, styles: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "{head}<office:document-content {O}><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text><text:p>Programme</text:p><text:p>12 May 2011</text:p>\
         <text:p>09:30 - 10:00 Registration</text:p><text:p>10:00 - 11:00 Opening session</text:p>{body}\
         </office:text></office:body></office:document-content>"
    );
    let kind = b"application/vnd.oasis.opendocument.text";
    squeeze(&[("mimetype", kind.as_slice()), ("content.xml", content.as_bytes())])
}

fn odt(body: &str) -> Vec<u8> {
    odt_with("", "", body)
}

/// Numbering whose levels name each other, whose text repeats and whose start is far away.
fn numbering() -> Vec<u8> {
    let level = format!(
        "<w:lvl w:ilvl=\"0\"><w:start w:val=\"9223372036854775807\"/><w:numFmt w:val=\"upperRoman\"/>\
         <w:lvlText w:val=\"{}\"/></w:lvl>",
        "%1%2%9".repeat(20_000)
    );
    let numbering = format!(
        "<w:numbering {W}><w:abstractNum w:abstractNumId=\"0\">{level}<w:numStyleLink w:val=\"L\"/></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
    );
    let styles = format!(
        "<w:styles {W}><w:style w:type=\"paragraph\" w:styleId=\"A\"><w:basedOn w:val=\"B\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:basedOn w:val=\"A\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/>\
         </w:numPr></w:pPr></w:style></w:styles>"
    );
    let item = "<w:p><w:pPr><w:pStyle w:val=\"A\"/><w:numPr><w:ilvl w:val=\"4294967295\"/><w:numId w:val=\"1\"/></w:numPr>\
                </w:pPr><w:r><w:t>Item</w:t></w:r></w:p><w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/>\
                </w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>";
    let more: &[(&str, &[u8])] =
        &[("word/numbering.xml", numbering.as_bytes()), ("word/styles.xml", styles.as_bytes())];
    docx_with("", &(agenda() + &item.repeat(400)), more)
}

/// Notes that stand in each other.
fn notes() -> Vec<u8> {
    let note = format!(
        "<w:footnotes {W}><w:footnote w:id=\"1\"><w:p><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:footnote>\
         </w:footnotes>"
    );
    let body = agenda() + &"<w:p><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>".repeat(5000);
    docx_with("", &body, &[("word/footnotes.xml", note.as_bytes())])
}

fn cells(n: usize, rows: usize) -> String {
    let row = format!("<w:tr>{}</w:tr>", "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>".repeat(n));
    format!("<w:tbl>{}</w:tbl>", row.repeat(rows))
}

fn deep(open: &str, close: &str, n: usize) -> String {
    open.repeat(n) + &close.repeat(n)
}

/// A package in a package in a package.
fn nested(depth: usize) -> Vec<u8> {
    (0..depth).fold(b"09:30 Opening\n".to_vec(), |inner, n| {
        pack(&[(if n == 0 { "inner.txt" } else { "inner.zip" }.to_owned(), inner)])
    })
}

/// The sizes in the list of members say something else.
fn wrong_sizes(mut bytes: Vec<u8>, size: u32) -> Vec<u8> {
    let at: Vec<usize> =
        (0..bytes.len().saturating_sub(46)).filter(|&n| bytes[n..].starts_with(b"PK\x01\x02")).collect();
    for n in at {
        bytes[n + 20..n + 24].copy_from_slice(&size.to_le_bytes());
        bytes[n + 24..n + 28].copy_from_slice(&size.to_le_bytes());
    }
    bytes
}

/// Every lying package, by name.
pub fn lies() -> Vec<(String, Vec<u8>)> {
    let table = |inner: &str| format!("<table:table><table:table-row>{inner}</table:table-row></table:table>");
    let spaces = vec![b' '; 300 << 20];
    let named: Vec<(&str, Vec<u8>)> = vec![
        ("good.docx", docx("")),
        ("good.odt", odt("")),
        ("only-head.docx", b"PK\x03\x04".to_vec()),
        ("nothing-inside.docx", pack(&[])),
        ("no-document.docx", squeeze(&[("[Content_Types].xml", b"<Types/>".as_slice())])),
        ("bomb.docx", docx_with("", &agenda(), &[("word/styles.xml", &spaces)])),
        ("bomb-document.docx", squeeze(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &spaces)])),
        ("bomb.odt", squeeze(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", &spaces)])),
        ("laughs.docx", docx_with(LAUGHS, &(agenda() + &p("&h;&i;")), &[])),
        ("laughs.odt", odt_with(LAUGHS, "", "<text:p>&h;&i;</text:p>")),
        ("deep-tables.docx", docx(&deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 70_000))),
        ("deep-boxes.docx", docx(&deep("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>", 60_000))),
        ("deep-and-open.docx", docx(&"<w:sdt><w:sdtContent>".repeat(100_000))),
        ("deep-lists.odt", odt(&deep("<text:list><text:list-item>", "</text:list-item></text:list>", 100_000))),
        ("deep-spans.odt", odt(&deep("<text:p><text:span>", "</text:span></text:p>", 100_000))),
        ("closed-twice.docx", docx(&"</w:p></w:tbl></w:body>".repeat(50_000))),
        (
            "wide-cell.docx",
            docx(&cells(2, 2).replace("<w:tc>", "<w:tc><w:tcPr><w:gridSpan w:val=\"2147483647\"/></w:tcPr>")),
        ),
        ("merged-from-nowhere.docx", docx(&cells(3, 3).replace("<w:tc>", "<w:tc><w:tcPr><w:vMerge/></w:tcPr>"))),
        ("million-cells.docx", docx(&cells(1000, 1000))),
        (
            "repeated-cells.odt",
            odt(&table(
                "<table:table-cell table:number-columns-repeated=\"2147483647\"><text:p>x</text:p></table:table-cell>",
            )),
        ),
        (
            "repeated-rows.odt",
            odt(&table("<table:table-cell><text:p>x</text:p></table:table-cell>")
                .replace("<table:table-row>", "<table:table-row table:number-rows-repeated=\"999999999\">")),
        ),
        (
            "wide-cell.odt",
            odt(&table(
                "<table:table-cell table:number-columns-spanned=\"4294967295\" table:number-rows-spanned=\"-7\"/>",
            )),
        ),
        ("many-spaces.odt", odt("<text:p>a<text:s text:c=\"4294967295\"/>b</text:p>")),
        (
            "list-far-away.odt",
            odt(
                "<text:list><text:list-item text:start-value=\"18446744073709551615\"><text:p>x</text:p></text:list-item></text:list>",
            ),
        ),
        (
            "styles-in-a-ring.odt",
            odt_with(
                "",
                "<style:style style:name=\"A\" style:parent-style-name=\"B\"/><style:style style:name=\"B\" \
                     style:parent-style-name=\"A\"/>",
                "<text:p text:style-name=\"A\">x</text:p>",
            ),
        ),
        ("numbers.docx", numbering()),
        ("notes-in-notes.docx", notes()),
        ("wrong-sizes.docx", wrong_sizes(docx(""), 3)),
        ("huge-sizes.docx", wrong_sizes(docx(""), 0xffff_fff0)),
        ("huge-sizes.odt", wrong_sizes(odt(""), 0x7fff_ffff)),
        (
            "slip.zip",
            squeeze(&[
                ("../../escaped.txt", b"09:30 Opening\n"),
                ("/tmp/escaped.txt", b"09:30 Opening\n"),
                ("..\\escaped.txt", b"x"),
                ("a/../../escaped.txt", b"x"),
                ("C:\\escaped.txt", b"x"),
            ]),
        ),
        (
            "odd-names.zip",
            squeeze(&[
                ("", b"09:30 Opening\n"),
                ("a\nb.txt", b"x"),
                ("./././.txt", b"x"),
                ("con.txt\u{202e}", b"x"),
                ("x/", b""),
            ]),
        ),
        ("in-itself.zip", nested(60)),
        ("many-members.zip", pack(&(0..30_000).map(|n| (format!("{n}.txt"), Vec::new())).collect::<Vec<_>>())),
        ("bomb.zip", squeeze(&[("a.txt", &spaces), ("b.txt", &spaces), ("c.txt", b"09:30 Opening\n")])),
        ("wrong-sizes.zip", wrong_sizes(squeeze(&[("a.txt", &[b'x'; 5000])]), 0xffff_fff0)),
        ("nothing-inside.zip", pack(&[])),
    ];
    named.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}
