//! What is fuzzed: one function a target, for `cargo fuzz` (`fuzz_targets/`) and for the seeded mutations that CI runs on
//! stable (`tests/mutations.rs`); both take this file in.
//!
//! In: any bytes. Out: nothing. Never: returns where something is wrong; it panics.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use agendata::batch::dataset::Read;
use agendata::emit::formats::{FORMATS, Files, Loss, Out};
use agendata::emit::{DATASET, Document, Parts, emitters};
use agendata::grammar::Grammar;
use agendata::ingest::{Limits, Text, ingest};
use agendata::model::{Record, SourceInfo, Span};
use agendata::repair::{Edit, OffsetMap, apply, repair_str};
use agendata::{Extraction, Options, Pipeline, Source};

/// A target: its name, and what it does with any bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("ingest", ingest_bytes),
    ("grammar", grammar_files),
    ("offset-map", offset_map),
    ("filter", filter_lines),
    ("record", record_json),
    ("pipeline", whole_pipeline),
];

/// What a document may cost here.
const LIMITS: Limits = Limits { memory: 128 << 20, time: Duration::from_secs(10) };
/// Names that a document may have; the first byte of an input chooses one.
const NAMES: &[&str] =
    &["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.odt", "a.rtf", "a.eml", "a.mbox", "a.zip", "a.doc", "a"];
/// Files of a grammar; the first byte of an input chooses one.
const FILES: &[&str] = &["xx/a.toml", "base/repair.toml", "base/a.toml", "xx/names.txt", "base/confidence.toml"];

/// The first byte as a number, and what follows.
fn headed(data: &[u8]) -> (usize, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (usize::from(*first), rest))
}

fn document(data: &[u8]) -> Source {
    let (name, bytes) = headed(data);
    Source { path: NAMES[name % NAMES.len()].to_owned(), bytes: bytes.to_vec() }
}

/// Any bytes are a text with ranges inside it.
pub fn ingest_bytes(data: &[u8]) {
    let text = ingest(&document(data), &LIMITS);
    let whole = |at: usize| text.content.is_char_boundary(at);
    assert!(text.layout.iter().all(|r| r.span.start <= r.span.end && whole(r.span.start) && whole(r.span.end)));
    assert!(text.diagnostics.iter().all(|d| d.code.len() == 5 && !d.message.is_empty()));
}

/// A grammar of any one file is refused with its place, or can be listed, shown and read with.
pub fn grammar_files(data: &[u8]) {
    let (name, bytes) = headed(data);
    let Ok(content) = std::str::from_utf8(bytes) else { return };
    let path = FILES[name % FILES.len()];
    match Grammar::of(&[(path, content)]) {
        Err(error) => {
            assert!(error.code.starts_with("A09") && !error.message.is_empty(), "{error}");
            assert!(error.line <= content.matches('\n').count() + 1, "{error}");
        }
        Ok(grammar) => {
            grammar.list().iter().for_each(|rule| assert!(grammar.show(&rule.id).is_some(), "{}", rule.id));
            let damaged = "10h00 \u{AD} SÃ©ance, Mme.\u{A0}Lef\u{200B}Ã¨vre  P R O G ﬁ\n";
            let repaired = repair_str(damaged, &grammar.repair);
            assert_eq!(apply(damaged, Span::new(0, damaged.len()), &repaired.repairs), repaired.content);
        }
    }
}

/// Edits as bytes tell them, of a text so long; and the text that they make, with what is new in it below 0.
fn edits(bytes: &mut std::slice::Iter<u8>, length: usize) -> Vec<Edit> {
    let (mut edits, mut old, mut new) = (Vec::new(), 0, 0);
    for _ in 0..bytes.next().map_or(0, |n| n % 8) {
        let mut next = |most: u8| bytes.next().map_or(0, |b| usize::from(b % most));
        let (gap, taken, put) = (next(6), next(5), next(5));
        if old + gap + taken > length {
            break;
        }
        let from = Span::new(old + gap, old + gap + taken);
        let to = Span::new(new + gap, new + gap + put);
        edits.push(Edit { from, to, rule: edits.len() });
        (old, new) = (from.end, to.end);
    }
    edits
}

/// The text after edits; each new element is another one.
fn edited(text: &[u32], edits: &[Edit], fresh: &mut u32) -> Vec<u32> {
    let (mut out, mut at) = (Vec::new(), 0);
    for edit in edits {
        out.extend(&text[at..edit.from.start]);
        out.extend((0..edit.to.len()).map(|n| *fresh + n as u32));
        *fresh += edit.to.len() as u32;
        at = edit.from.end;
    }
    out.extend(&text[at..]);
    out
}

/// Passes of edits are one map, which leads each element that is left home, and rebuilds the text from the oldest.
pub fn offset_map(data: &[u8]) {
    let mut bytes = data.iter();
    let original: Vec<u32> = (0..bytes.next().map_or(0, |n| u32::from(n % 64))).collect();
    let (mut text, mut whole, mut fresh) = (original.clone(), OffsetMap::identity(), 1000);
    for _ in 0..1 + bytes.next().map_or(0, |n| n % 4) {
        let edits = edits(&mut bytes, text.len());
        let next = edited(&text, &edits, &mut fresh);
        let map = OffsetMap::from_edits(edits).expect("edits in order are a map");
        (text, whole) = (next, whole.compose(&map));
    }
    let (mut rebuilt, mut at) = (Vec::<u32>::new(), 0);
    for edit in whole.edits() {
        rebuilt.extend(&original[at..edit.from.start]);
        rebuilt.extend(&text[edit.to.start..edit.to.end]);
        at = edit.from.end;
    }
    rebuilt.extend(&original[at..]);
    assert_eq!(rebuilt, text, "the map makes the newest text of the oldest");
    for (at, element) in text.iter().enumerate() {
        let home = whole.home(Span::new(at, at + 1));
        assert!(home.start <= home.end && home.end <= original.len());
        if (*element as usize) < original.len() {
            assert!(home.contains(Span::new(*element as usize, *element as usize + 1)));
            assert!(whole.forth(home).contains(Span::new(at, at + 1)));
        }
    }
    // Edits that are in no order are refused or make a map; either way nothing leads out of all bounds.
    let mut next = || bytes.next().map_or(0, |b| usize::from(*b));
    let wild: Vec<Edit> = (0..next() % 6)
        .map(|rule| Edit { from: Span::new(next(), next()), to: Span::new(next(), next()), rule })
        .collect();
    if let Some(map) = OffsetMap::from_edits(wild) {
        let start = next();
        let span = Span::new(start, start + next());
        assert!(map.home(span).start <= map.home(span).end && map.forth(span).start <= map.forth(span).end);
        map.compose(&whole);
    }
}

/// Each line of any bytes is answered by a record, in order. (A line may name a file; inputs that do are left out.)
pub fn filter_lines(data: &[u8]) {
    if memchr_path(data) {
        return;
    }
    let extract = |source: &Source| Extraction {
        record: Record {
            source: SourceInfo { path: source.path.clone(), bytes: source.bytes.len() as u64, ..SourceInfo::default() },
            ..Record::default()
        },
        text: Text::default(),
    };
    let mut answers = Vec::new();
    agendata::batch::filter(data, &mut answers, 1, false, &extract)
        .expect("a filter does not end for what a line holds");
    let asked = data.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    let mut told = 0;
    for line in answers.split_inclusive(|b| *b == b'\n') {
        assert!(line.ends_with(b"\n"));
        let record: Record = serde_json::from_slice(line).expect("an answer is a record");
        assert!(!record.source.path.is_empty());
        told += 1;
    }
    assert_eq!(told, asked, "a line for a line");
}

/// Whether a line could name a file; nothing outside may be read here.
fn memchr_path(data: &[u8]) -> bool {
    let escaped = data.contains(&b'\\');
    data.windows(6).any(|w| w == b"\"path\"") || escaped && data.windows(3).any(|w| w == b"\\u0")
}

/// Takes files and forgets them.
struct Nowhere;

impl Files for Nowhere {
    fn file(&mut self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn append(&mut self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn place(&mut self, _: &str) -> io::Result<PathBuf> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A record in JSON, and behind a NUL the text that its spans count in: it is refused with a code, or all formats take it,
/// it is the same when written and read again, and can be verified.
pub fn record_json(data: &[u8]) {
    let cut = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let text = String::from_utf8_lossy(data.get(cut + 1..).unwrap_or_default()).into_owned();
    let read = match Read::of("record.json", &data[..cut]) {
        Ok(read) => read,
        Err(problems) => {
            assert!(!problems.is_empty() && problems.iter().all(|p| p.code.starts_with("A08")));
            return;
        }
    };
    let again = serde_json::to_vec(&read.record).expect("a record is JSON");
    let again = Read::of("again.json", &again).unwrap_or_else(|p| panic!("written again it is refused: {}", p[0]));
    assert_eq!(again.value, read.value);
    // The formats and the way back cost a hundred times as much.
    if !data.len().is_multiple_of(8) {
        return;
    }
    let text = Text { content: text, differs: true, ..Text::default() };
    let document = Document::new(&read.record, &text, read.failed());
    let mut parts = Parts::default();
    emitters(DATASET).iter().for_each(|emitter| emitter.document(&document, &mut parts));
    for format in FORMATS.iter().filter(|f| !["sqlite", "parquet"].contains(&f.name)) {
        let (mut made, mut loss) = ((format.make)(), Loss::default());
        let mut out = Out { files: &mut Nowhere, loss: &mut loss };
        made.document(&document, &mut out).and_then(|()| made.finish(&mut out)).expect("nothing to fail on");
    }
    agendata::verify::verify_json(&read.value, &text.content, &builtin());
}

fn builtin() -> Arc<Grammar> {
    Grammar::builtin()
}

/// Any bytes are a record that holds what its own text says.
pub fn whole_pipeline(data: &[u8]) {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    let pipeline = PIPELINE.get_or_init(|| Pipeline::new(builtin(), Options { limits: LIMITS, ..Options::default() }));
    let made = pipeline.extract_with_text(&document(data));
    let wrong = agendata::verify::verify_record(&made.record, &made.text.content, pipeline.grammar());
    assert!(wrong.is_empty(), "{} {}", wrong[0].pointer, wrong[0].reason);
}
