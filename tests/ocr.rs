//! Pages without text: with something that reads images their text, its places and how sure it is come into the record;
//! without it they are told. In: PDF documents of one image, made here. Out: text, boxes, findings.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agendata::ingest::ocr::{Image, Recognise, RecognisedWord, Unread};
use agendata::ingest::{Limits, Text, ingest_with};
use agendata::{Options, Pipeline, Source};
use serde_json::json;
use support::{agendata, folder, json, run, write};

const SCAN: &[u8] = include_bytes!("ingest/scan-without-text.pdf");

/// A page of 600 by 800 points that shows one image.
fn scan(image: &str, data: &[u8], page: &str) -> Vec<u8> {
    let content = b"q 600 0 0 800 0 0 cm /Im Do Q";
    let mut out = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n".to_vec();
    write!(out, "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R ")
        .unwrap();
    write!(
        out,
        "/MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /Im 5 0 R >> >> {page} >>\nendobj\n"
    )
    .unwrap();
    for (number, dict, data) in [(4, "", &content[..]), (5, image, data)] {
        write!(out, "{number} 0 obj\n<< {dict} /Length {} >>\nstream\n", data.len()).unwrap();
        out.extend_from_slice(data);
        out.extend_from_slice(b"\nendstream\nendobj\n");
    }
    out.extend_from_slice(b"trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n");
    out
}

const GREY: &str = "/Subtype /Image /Width 600 /Height 800 /ColorSpace /DeviceGray /BitsPerComponent 8";

/// A white image of 600 by 800 with a black box from (100, 50) to (200, 60).
fn grey() -> Vec<u8> {
    (0..800)
        .flat_map(|y| (0..600).map(move |x| if (100..200).contains(&x) && (50..60).contains(&y) { 0 } else { 255 }))
        .collect()
}

/// Gives what it was told to give, and keeps what it was shown.
#[derive(Debug)]
struct Fake {
    gives: Result<Vec<RecognisedWord>, Unread>,
    shown: Mutex<Vec<Image>>,
}

impl Recognise for Fake {
    fn recognise(&self, image: &Image, time: Duration) -> Result<Vec<RecognisedWord>, Unread> {
        assert!(time > Duration::ZERO);
        self.shown.lock().unwrap().push(image.clone());
        self.gives.clone()
    }

    fn about(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

fn fake(gives: Result<Vec<RecognisedWord>, Unread>) -> Fake {
    Fake { gives, shown: Mutex::default() }
}

/// A word: its place along the line in points, its text, how sure it is.
type Told<'t> = (f32, &'t str, f32);

/// Words in pixels of three a point: a line at each `y` points, words at each `x`, letters of 11 points.
fn words(lines: &[(f32, &[Told])]) -> Vec<RecognisedWord> {
    let line = |(n, (y, words)): (usize, &(f32, &[Told]))| {
        let y = *y;
        let word = move |(x, text, confidence): &Told| {
            let width = text.chars().count() as f32 * 5.5;
            let area = [*x, y - 8.0, x + width, y].map(|n| n * 3.0);
            RecognisedWord { text: (*text).to_owned(), area, confidence: *confidence, line: [1, 1, n as u32] }
        };
        words.iter().map(word).collect::<Vec<_>>()
    };
    lines.iter().enumerate().flat_map(line).collect()
}

fn read(bytes: Vec<u8>, reader: &Fake) -> Text {
    ingest_with(&Source { path: "a.pdf".into(), bytes }, &Limits::default(), Some(reader))
}

fn codes(text: &Text) -> Vec<&str> {
    text.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

fn programme() -> Vec<RecognisedWord> {
    words(&[
        (100.0, &[(60.0, "Programme", 96.0), (115.0, "2011", 95.0)]),
        (130.0, &[(60.0, "12", 90.0), (76.0, "May", 91.0), (98.0, "2011", 92.0)]),
        (160.0, &[(60.0, "09:30", 96.0), (150.0, "Registration", 40.0), (500.0, "~", 3.0)]),
        (175.0, &[(60.0, "10:00", 96.0), (150.0, "Opening", 97.0), (198.0, "session|", 95.0)]),
    ])
}

#[test]
fn words_on_an_image_are_read_with_their_places_and_doubts() {
    let reader = fake(Ok(programme()));
    let text = read(scan(GREY, &grey(), ""), &reader);
    assert_eq!(text.content, "Programme 2011\n\n12 May 2011\n\n09:30\tRegistration\n10:00\tOpening session\n");
    assert_eq!(codes(&text), ["A0126"]);
    let expected = "page 1 was read by OCR: 10 words, mean confidence 89, 1 of them doubtful; 1 specks were left out";
    assert_eq!(text.diagnostics[0].message, expected);
    assert_eq!(text.doubts.iter().map(|s| s.of(&text.content)).collect::<Vec<_>>(), ["Registration"]);
    let place = text.boxes.iter().find(|b| b.span.of(&text.content) == "Opening").unwrap();
    assert_eq!((place.page, place.area), (1, [150.0, 167.0, 188.5, 175.0]));
}

#[test]
fn an_image_is_shown_as_the_page_shows_it() {
    let reader = fake(Ok(Vec::new()));
    for (image, data) in [(GREY.to_owned(), grey()), inked()] {
        read(scan(&image, &data, ""), &reader);
        let shown = reader.shown.lock().unwrap().pop().unwrap();
        assert_eq!((shown.width, shown.height, shown.dpi), (1800, 2400, 216), "{image}");
        let at = |x: usize, y: usize| shown.grey[y * shown.width + x];
        assert_eq!(
            [at(450, 165), at(310, 155), at(280, 165), at(450, 200), at(900, 1200)],
            [0, 0, 255, 255, 255],
            "{image}"
        );
    }
    read(scan(GREY, &grey(), "/Rotate 90"), &reader);
    let shown = reader.shown.lock().unwrap().pop().unwrap();
    let at = |x: usize, y: usize| shown.grey[y * shown.width + x];
    assert_eq!((shown.width, shown.height, at(2400 - 165, 450), at(450, 165)), (2400, 1800, 0, 255));
}

/// The same image in one bit a pixel, as numbers of a palette: black is 1.
fn inked() -> (String, Vec<u8>) {
    let dict = "/Subtype /Image /Width 600 /Height 800 /BitsPerComponent 1 \
                /ColorSpace [/Indexed /DeviceRGB 1 <FFFFFF000000>]";
    let bits = grey().chunks(8).map(|c| c.iter().fold(0, |b, g| b << 1 | u8::from(*g == 0))).collect();
    (dict.to_owned(), bits)
}

#[test]
fn a_page_that_nothing_can_read_is_told_twice() {
    let why = Unread { message: "expected a reader, but found none".into(), lasting: true };
    let text = read(scan(GREY, &grey(), ""), &fake(Err(why)));
    assert_eq!((text.content.as_str(), codes(&text)), ("", vec!["A0120", "A0127"]));
    assert_eq!(text.diagnostics[1].message, "expected a reader, but found none (page 1)");
    let lies = "/Subtype /Image /Width 4000000000 /Height 4000000000 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let broken = "/Subtype /Image /Width 60 /Height 80 /Filter /JBIG2Decode /BitsPerComponent 1";
    let page = b"\0\0\0\0\x30\0\x01\0\0\0\x13\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0";
    for (image, data) in [(lies, &b"x"[..]), (broken, page)] {
        let text = read(scan(image, data, ""), &fake(Ok(programme())));
        assert_eq!(codes(&text), ["A0120", "A0127"], "{image}");
    }
    let empty = read(scan(GREY, &grey(), ""), &fake(Ok(Vec::new())));
    assert_eq!((empty.content.as_str(), codes(&empty)), ("", vec!["A0101", "A0126"]));
}

#[test]
fn a_value_out_of_doubtful_words_is_less_sure() {
    let source = Source { path: "a.pdf".into(), bytes: scan(GREY, &grey(), "") };
    let sure = |words: Vec<RecognisedWord>| {
        let ocr: Arc<dyn Recognise> = Arc::new(fake(Ok(words)));
        let options = Options { ocr: Some(ocr), ..Options::default() };
        let record = Pipeline::new(agendata::grammar::Grammar::builtin(), options).extract(&source);
        assert_eq!(record.sessions[0].start.as_deref(), Some("09:30"));
        assert_eq!(record.sessions[0].title.as_deref(), Some("Registration"));
        record.evidence["/sessions/0/title"].confidence
    };
    let clear =
        programme().into_iter().filter(|w| w.text != "~").map(|w| RecognisedWord { confidence: 95.0, ..w }).collect();
    let (doubtful, clear) = (sure(programme()), sure(clear));
    assert!(doubtful < clear - 0.05, "{doubtful} {clear}");
}

#[test]
fn words_that_cannot_be_do_no_harm() {
    let strange = [[f32::NAN; 4], [f32::INFINITY; 4], [9.0, 9.0, 1.0, 1.0], [-1e30, -1e30, 1e30, 1e30], [0.0; 4]];
    let words = strange.iter().enumerate().map(|(n, area)| RecognisedWord {
        text: format!("word{n}"),
        area: *area,
        confidence: f32::NAN,
        line: [0; 3],
    });
    read(scan(GREY, &grey(), ""), &fake(Ok(words.collect())));
}

#[test]
fn without_the_command_the_page_is_told_and_the_rest_is_done() {
    let here = folder();
    write(here.path(), "in/scan.pdf", SCAN);
    write(here.path(), "in/good.txt", support::AGENDA);
    let ran = agendata()
        .current_dir(here.path())
        .env("PATH", here.path())
        .args(["extract", "in", "-o", "out", "--ocr", "--ocr-languages", "eng+fra"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(4));
    let report = json(&here.path().join("out/run.json"));
    assert_eq!(report["options"], json!({"ocr": "eng+fra"}));
    assert_eq!(report["totals"]["findings"]["A0127"], 1, "{report}");
    let told = String::from_utf8(ran.stderr).unwrap();
    assert!(told.contains("apt install tesseract-ocr"), "{told}");
    for wrong in ["eng+", "-x", "eng fra", "../eng", ""] {
        let ran = run(here.path(), &["extract", "in", "--dry-run", "--ocr", &format!("--ocr-languages={wrong}")]);
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.err);
    }
    assert_eq!(run(here.path(), &["extract", "in", "--dry-run", "--ocr-languages", "fra"]).code, 2, "--ocr is needed");
}

#[test]
fn the_real_command_reads_a_scan() {
    let listed = Command::new("tesseract").arg("--list-langs").stderr(Stdio::null()).output();
    if !listed.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).lines().any(|l| l.trim() == "eng")) {
        eprintln!("skipped: the command tesseract with English is not installed");
        return;
    }
    let here = folder();
    write(here.path(), "in/scan.pdf", SCAN);
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--ocr"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report = json(&here.path().join("out/run.json"));
    assert_eq!(report["options"]["ocr"], "eng");
    assert!(report["options"]["ocr_program"].as_str().unwrap().starts_with("tesseract"), "{report}");
    assert_eq!(report["totals"]["findings"]["A0126"], 1, "{report}");
    let unknown = run(here.path(), &["extract", "in", "-o", "out", "--ocr", "--ocr-languages", "eng+zzz"]);
    assert_eq!(unknown.code, 5, "{}", unknown.err);
    assert!(unknown.err.contains("tesseract-ocr-zzz"), "{}", unknown.err);
}
