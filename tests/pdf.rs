//! PDF documents made here, object by object: what a page shows is read as a person reads it, and nothing that a file may
//! hold stops the reader.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use agendata::Source;
use agendata::ingest::{Limits, RegionKind, Text, ingest};

const FONTS: &str = "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> \
                     /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>";

/// A file out of objects, the first of which is the catalogue.
fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        writeln!(out, "{} 0 obj", i + 1).unwrap();
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let start = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    places.iter().for_each(|p| writeln!(out, "{p:010} 00000 n ").unwrap());
    write!(out, "trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    out
}

fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dict} /Length {} >>\nstream\n", data.len()).into_bytes();
    out.extend_from_slice(data);
    out.extend_from_slice(b"\nendstream");
    out
}

/// A document with one page for each content stream; `more` are objects from number 3 on, `extra` goes into each page.
fn pages(contents: &[&str], more: &[Vec<u8>], resources: &str, extra: &str) -> Vec<u8> {
    let first = 3 + more.len();
    let kids: String = (0..contents.len()).map(|i| format!("{} 0 R ", first + 2 * i)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", contents.len()).into_bytes(),
    ];
    objects.extend_from_slice(more);
    for (i, content) in contents.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R /Resources << /Font << {FONTS} >> {resources} >> {extra} >>",
                first + 2 * i + 1
            )
            .into_bytes(),
        );
        objects.push(stream("", content.as_bytes()));
    }
    file(&objects, "")
}

/// A line of text: left, height above the page's foot, size, words.
fn line(x: u32, y: u32, size: u32, text: &str) -> String {
    format!("BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n")
}

fn read(bytes: Vec<u8>) -> Text {
    ingest(&Source { path: "a.pdf".into(), bytes }, &Limits::default())
}

fn page(content: &str) -> Text {
    read(pages(&[content], &[], "", ""))
}

fn kinds<'t>(text: &'t Text, wanted: &dyn Fn(&RegionKind) -> bool) -> Vec<&'t str> {
    text.layout.iter().filter(|r| wanted(&r.kind)).map(|r| r.span.of(&text.content)).collect()
}

fn codes(text: &Text) -> Vec<&str> {
    text.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

#[test]
fn two_columns_of_text_are_read_one_after_the_other() {
    let mut content = line(60, 740, 18, "The wells of the valley and those who keep them");
    for (i, word) in ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"].iter().enumerate() {
        let y = 700 - 14 * i as u32;
        content += &line(60, y, 10, &format!("the {word} line of the left column runs on and on so"));
        content += &line(330, y - 3, 10, &format!("the {word} line of the right column runs on and on"));
    }
    let text = page(&content).content;
    let at = |needle: &str| text.find(needle).unwrap_or_else(|| panic!("{needle} in {text}"));
    assert!(
        at("wells") < at("first line of the left") && at("seventh line of the left") < at("first line of the right")
    );
}

#[test]
fn a_column_of_times_beside_one_of_items_is_a_table() {
    let mut content = String::new();
    for (i, (time, item)) in [
        ("09:00", "Registration"),
        ("09:30", "Opening of the meeting"),
        ("10:15", "Old wells, new"),
        ("12:30", "Lunch"),
    ]
    .iter()
    .enumerate()
    {
        let y = 700 - 40 * i as u32;
        content += &(line(60, y, 11, time) + &line(150, y, 11, item));
        if i == 2 {
            content += &line(150, y - 13, 11, "pumps");
        }
    }
    let text = page(&content);
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Table).len(), 1);
    assert!(
        text.content.contains("09:30\tOpening of the meeting\n10:15\tOld wells, new\npumps\n12:30\tLunch"),
        "{}",
        text.content
    );
    let cells = kinds(&text, &|k| matches!(k, RegionKind::Cell { row: 2, column: 1, rows: 1, columns: 1 }));
    assert_eq!(cells, ["Old wells, new\npumps"]);
}

#[test]
fn rules_make_cells_that_span() {
    // Three columns, three rows; the first row is one cell, the first column of the others too.
    let mut content = String::from("0.5 w\n");
    for (x0, y0, x1, y1) in [
        (50, 700, 500, 700),
        (50, 670, 500, 670),
        (150, 640, 500, 640),
        (50, 610, 500, 610),
        (50, 700, 50, 610),
        (150, 670, 150, 610),
        (320, 670, 320, 610),
        (500, 700, 500, 610),
    ] {
        writeln!(content, "{x0} {y0} m {x1} {y1} l S").unwrap();
    }
    content += &(line(230, 680, 10, "Tuesday") + &line(60, 640, 10, "10:00"));
    content += &(line(160, 650, 10, "Wells") + &line(330, 650, 10, "Room 1"));
    content += &(line(160, 620, 10, "Pumps") + &line(330, 620, 10, "Room 2"));
    let text = page(&content);
    let cells: Vec<(RegionKind, &str)> = text
        .layout
        .iter()
        .filter(|r| matches!(r.kind, RegionKind::Cell { .. }))
        .map(|r| (r.kind.clone(), r.span.of(&text.content)))
        .collect();
    let cell = |row, column, rows, columns| RegionKind::Cell { row, column, rows, columns };
    let wanted = [
        (cell(0, 0, 1, 3), "Tuesday"),
        (cell(1, 0, 2, 1), "10:00"),
        (cell(1, 1, 1, 1), "Wells"),
        (cell(1, 2, 1, 1), "Room 1"),
        (cell(2, 1, 1, 1), "Pumps"),
        (cell(2, 2, 1, 1), "Room 2"),
    ];
    assert_eq!(cells, wanted, "{}", text.content);
    assert!(text.content.starts_with("Tuesday\n10:00\tWells\tRoom 1\nPumps\tRoom 2\n"), "{:?}", text.content);
}

#[test]
fn running_heads_are_furniture_but_for_the_first() {
    let one = |n: u32| {
        line(60, 770, 9, "Valley Water Days")
            + &line(60, 600, 11, &format!("What page {n} tells us about it"))
            + &line(290, 30, 9, &format!("Page {n}"))
    };
    let text = read(pages(&[&one(1), &one(2), &one(3)], &[], "", ""));
    let furniture = kinds(&text, &|k| *k == RegionKind::Furniture);
    assert_eq!(furniture, ["Page 1", "Valley Water Days", "Page 2", "Valley Water Days", "Page 3"]);
    assert_eq!(text.pages, Some(3));
    assert_eq!(text.content.matches('\u{c}').count(), 2);
}

#[test]
fn text_that_nobody_sees_is_left_out_and_told() {
    let hidden = "BT /F1 11 Tf 3 Tr 60 500 Td (secret ink) Tj ET\nBT 0 Tr 1 1 1 rg /F1 11 Tf 60 480 Td (white on white) Tj ET\n0 g\n";
    let shown = "0.2 0.4 0.2 rg 50 440 300 20 re f 1 1 1 rg BT /F1 11 Tf 60 446 Td (white on green) Tj ET\n";
    let text = page(&(line(60, 700, 11, "plain ink") + hidden + shown));
    assert_eq!(text.content, "plain ink\n\nwhite on green\n");
    assert_eq!(codes(&text), ["A0125"]);
}

#[test]
fn the_text_layer_of_a_scan_is_kept() {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
        b"\x80",
    );
    let content = "q 600 0 0 800 0 0 cm /Im Do Q BT 3 Tr /F1 11 Tf 60 500 Td (what the scan shows) Tj ET";
    let text = read(pages(&[content], std::slice::from_ref(&image), "/XObject << /Im 3 0 R >>", ""));
    assert_eq!(text.content, "what the scan shows\n");
    let bare = read(pages(&["q 600 0 0 800 0 0 cm /Im Do Q"], &[image], "/XObject << /Im 3 0 R >>", ""));
    assert_eq!((bare.content.as_str(), codes(&bare)), ("", vec!["A0120"]));
}

#[test]
fn turned_text_comes_after_the_upright_and_a_watermark_is_furniture() {
    let turned = "BT /F1 11 Tf 0 1 -1 0 580 300 Tm (along the edge) Tj ET\nBT /F1 60 Tf 0.7 0.7 -0.7 0.7 150 250 Tm (DRAFT) Tj ET\n";
    let text =
        page(&(turned.to_owned() + &line(60, 700, 11, "First things first") + &line(60, 680, 11, "and then the rest")));
    assert!(text.content.starts_with("First things first\nand then the rest\n"), "{}", text.content);
    assert!(text.content.contains("along the edge"));
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Furniture), ["DRAFT"]);
}

#[test]
fn wide_set_and_doubled_letters_make_words() {
    let wide: String =
        "PROGRAMME".chars().enumerate().map(|(i, c)| line(60 + 14 * i as u32, 700, 10, &c.to_string())).collect();
    let doubled = line(60, 650, 12, "Welcome") + "BT /F1 12 Tf 60.4 650 Td (Welcome) Tj ET\n";
    let kerned = "BT /F1 12 Tf 60 600 Td [(W) 60 (ater) -300 (da) 20 (ys)] TJ ET\n";
    let text = page(&(wide + &doubled + kerned));
    assert_eq!(text.content.split_whitespace().collect::<Vec<_>>(), ["PROGRAMME", "Welcome", "Water", "days"]);
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Strong), ["Welcome"]);
}

#[test]
fn headings_bullets_bold_and_links_are_told() {
    let mut content = line(60, 740, 22, "Valley Water Days");
    content += "BT /F2 11 Tf 60 700 Td (Chair:) Tj ET\n";
    content += &line(100, 700, 11, "Ann Lee of the water board, who has kept the wells for many years");
    content += &(line(60, 670, 11, "\\225") + &line(80, 670, 11, "bring your own cup"));
    content += &(line(60, 655, 11, "\\225") + &line(80, 655, 11, "and a coat"));
    let link = "/Annots [<< /Type /Annot /Subtype /Link /Rect [98 696 140 712] /A << /S /URI /URI (https://wells.example.org/lee) >> >>]";
    let text = read(pages(&[&content], &[], "", link));
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Heading(1)), ["Valley Water Days"]);
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Strong), ["Chair:"]);
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Item(1)), ["• bring your own cup", "• and a coat"]);
    assert_eq!(kinds(&text, &|k| matches!(k, RegionKind::Link(_))), ["Ann Lee"]);
    assert_eq!(kinds(&text, &|k| *k == RegionKind::Target), ["https://wells.example.org/lee"]);
}

#[test]
fn lines_that_run_on_are_told_from_those_that_end() {
    let mut content = String::new();
    for (i, text) in [
        "This sentence is so long that the width of the page has broken it, as may be seen from what the next",
        "line; it ends here.",
        "A new line begins, and it is again so very long that the page is not wide enough for all that it now and",
        "says.",
    ]
    .iter()
    .enumerate()
    {
        content += &line(72, 700 - 14 * i as u32, 10, text);
    }
    let text = page(&content);
    let runs = kinds(&text, &|k| *k == RegionKind::Run);
    assert_eq!(runs.len(), 2, "{runs:#?}");
    assert!(runs[0].ends_with("it ends here.") && runs[1].ends_with("says."), "{runs:#?}");
}

#[test]
fn fonts_that_do_not_tell_their_letters_are_remarked_upon() {
    let font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype \
                 /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>";
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /G 4 0 R >> >>",
        b"BT /G 11 Tf 60 700 Td <00410042004300440045> Tj ET",
    );
    let content = "/X Do\n".to_owned() + &line(60, 600, 11, "plain");
    let bytes = pages(&[&content], &[form, font.to_vec()], "/XObject << /X 3 0 R >>", "");
    let text = read(bytes);
    assert_eq!((text.content.as_str(), codes(&text)), ("plain\n", vec!["A0121"]));
}

#[test]
fn every_word_has_a_box_on_its_page() {
    let text = read(pages(&[&line(60, 700, 10, "first page"), &line(60, 100, 10, "second page")], &[], "", ""));
    let words: Vec<(&str, u32)> = text.boxes.iter().map(|b| (b.span.of(&text.content), b.page)).collect();
    assert_eq!(words, [("first", 1), ("page", 1), ("second", 2), ("page", 2)]);
    let [left, top, right, bottom] = text.boxes[0].area;
    assert!((left - 60.0).abs() < 0.5 && right > left && (top..bottom).contains(&98.0), "{:?}", text.boxes[0]);
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(data).unwrap();
    out.finish().unwrap()
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let zeros = vec![b' '; 200 << 20];
    let once = deflated(&zeros);
    for (filter, data) in [("/FlateDecode", once.clone()), ("[/FlateDecode /FlateDecode]", deflated(&once))] {
        let objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_vec(),
            stream(&format!("/Filter {filter}"), &data),
        ];
        let text = read(file(&objects, ""));
        assert_eq!((text.content.as_str(), codes(&text)), ("", vec!["A0124"]), "{filter}");
    }
}

#[test]
fn what_leads_in_circles_ends() {
    let start = Instant::now();
    // A form that draws itself ten times, and its neighbour as often.
    let form = |other: u32| {
        let dict = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /A 3 0 R /B {other} 0 R >> /Font << {FONTS} >> >>"
        );
        stream(&dict, ("/A Do /B Do ".repeat(10) + &line(60, 500, 10, "deep")).as_bytes())
    };
    let bytes = pages(&["/A Do"], &[form(4), form(3)], "/XObject << /A 3 0 R >>", "");
    let limits = Limits { time: Duration::from_secs(2), ..Limits::default() };
    let text = ingest(&Source { path: "a.pdf".into(), bytes }, &limits);
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(text.content.is_empty() || text.content.contains("deep"));
    let tree = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9 >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Parent 3 0 R >>".to_vec(),
    ];
    assert!(read(file(&tree, "")).content.is_empty());
    let nested =
        "q ".repeat(100_000) + &line(60, 700, 11, "below") + &"[".repeat(50_000) + &"/Span BMC ".repeat(50_000);
    assert!(page(&nested).content.contains("below"));
}

#[test]
fn locked_and_broken_files_say_so() {
    let objects = [b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec()];
    let lock = format!(
        "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{0}> /U <{0}> >> /ID [<00> <00>]",
        "ab".repeat(32)
    );
    assert_eq!(codes(&read(file(&objects, &lock))), ["A0122"]);
    assert_eq!(codes(&read(b"%PDF-1.4\nnothing of the kind".to_vec())), ["A0123"]);
    // A wrong table of objects is mended without a word.
    let whole = pages(&[&line(60, 700, 11, "still here")], &[], "", "");
    let at = whole.windows(4).rposition(|w| w == b"xref").unwrap();
    assert_eq!(read(whole[..at - 5].to_vec()).content, "still here\n");
}

#[test]
fn no_change_of_bytes_stops_the_reader() {
    let table = "0.5 w 50 700 300 40 re S 150 700 m 150 740 l S\n".to_owned()
        + &line(60, 710, 10, "10:00")
        + &line(160, 710, 10, "Wells");
    let whole = pages(&[&table, &line(60, 700, 11, "second")], &[], "", "");
    for end in (0..whole.len()).step_by(7) {
        read(whole[..end].to_vec());
    }
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..1500 {
        let mut bytes = whole.clone();
        for _ in 0..1 + random(6) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => bytes[at] = b"0123456789-.<>[]()/ "[random(20)],
                2 => drop(bytes.drain(at..(at + random(20)).min(bytes.len()))),
                _ => {
                    let piece: Vec<u8> = bytes[at..(at + 30).min(bytes.len())].to_vec();
                    let to = random(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
            if bytes.is_empty() {
                bytes.push(b'%');
            }
        }
        let text = read(bytes);
        for region in &text.layout {
            assert!(text.content.get(region.span.start..region.span.end).is_some());
        }
    }
}
