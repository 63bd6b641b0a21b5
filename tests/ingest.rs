//! Ingest as the pipeline uses it: bytes of every kind in, a text and its remarks out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use agendata::ingest::{LONG_LINE, Limits, MAX_BYTES, RegionKind, Source, Text, ingest};
use agendata::model::Severity;

fn read(path: &str, bytes: impl Into<Vec<u8>>) -> Text {
    let text = ingest(&Source { path: path.into(), bytes: bytes.into() }, &Limits::default());
    check(&text);
    text
}

/// What holds of every text.
fn check(text: &Text) {
    assert!(text.content.chars().all(|c| !c.is_ascii_control() || matches!(c, '\n' | '\t' | '\u{C}')));
    for region in &text.layout {
        let inside = text.content.get(region.span.start..region.span.end).expect("a region fits the text");
        if !matches!(region.kind, RegionKind::Page(_)) {
            assert!(!inside.is_empty() && inside.trim() == inside, "{region:?} covers {inside:?}");
        }
        if let RegionKind::Link(target) = &region.kind {
            let is_target = |r: &&agendata::ingest::Region| r.span == *target && r.kind == RegionKind::Target;
            assert!(text.layout.iter().any(|r| is_target(&r)), "{region:?} has its target");
        }
    }
    let order = |r: &agendata::ingest::Region| (r.span.start, std::cmp::Reverse(r.span.end));
    assert!(text.layout.windows(2).all(|w| order(&w[0]) <= order(&w[1])));
    for d in &text.diagnostics {
        assert!(d.span.is_none_or(|s| text.content.get(s.start..s.end).is_some()), "{d:?}");
    }
}

fn codes(text: &Text) -> Vec<&str> {
    text.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

fn regions(text: &Text, is: impl Fn(&RegionKind) -> bool) -> Vec<&str> {
    text.layout.iter().filter(|r| is(&r.kind)).map(|r| r.span.of(&text.content)).collect()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

#[test]
fn plain_text_stays_as_it_is() {
    let bytes = "Agenda\n\n  09:30\tRegistration\n";
    let text = read("a.txt", bytes);
    assert_eq!(text.content, bytes);
    assert!(!text.differs && text.layout.is_empty() && text.diagnostics.is_empty());
    assert_eq!((text.encoding.as_str(), text.media_type.as_str(), text.pages), ("UTF-8", "text/plain", None));
}

#[test]
fn nothing_is_said_to_be_nothing() {
    for bytes in [&b""[..], b" \n\t\r\n  ", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\0\0", b"\x0C\n"] {
        for path in ["a.txt", "a.md", "a"] {
            let text = read(path, bytes);
            assert_eq!(text.content, "", "{bytes:?}");
            assert!(
                codes(&text).contains(&"A0101") || codes(&text).contains(&"A0102"),
                "{bytes:?} gave {:?}",
                codes(&text)
            );
        }
    }
    assert_eq!(codes(&read("a.txt", "\n".repeat(1_000_000))), ["A0101"]);
}

#[test]
fn a_million_empty_lines_between_two_words() {
    let bytes = format!("Agenda{}09:30 Opening\n", "\n".repeat(1_000_000));
    for path in ["a.txt", "a.md"] {
        let text = read(path, bytes.clone());
        assert!(text.content.starts_with("Agenda\n") && text.content.ends_with("09:30 Opening\n"));
    }
}

#[test]
fn binary_is_refused() {
    let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 & 0x1F).collect();
    let text = read("a.txt", noise);
    assert_eq!((codes(&text), text.content.as_str()), (vec!["A0102"], ""));
    assert_eq!(text.diagnostics[0].severity, Severity::Error);
}

#[test]
fn other_formats_are_named() {
    let known: [(&[u8], &str, &str); 5] = [
        (b"PK\x03\x04....other.bin", "zip", "application/zip"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", "Office", "application/x-ole"),
        (b"\x89PNG\r\n\x1A\n\0\0", "PNG", "image/png"),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "JPEG", "image/jpeg"),
        (b"From ann@example.org Mon May  3 10:00:00 1999\nSubject: x\n\nx", "mail box", "application/mbox"),
    ];
    for (bytes, name, media_type) in known {
        let text = read("agenda.txt", bytes);
        assert_eq!((codes(&text), text.content.as_str()), (vec!["A0108"], ""), "{name}");
        assert!(text.diagnostics[0].message.contains(name), "{}", text.diagnostics[0].message);
        assert!(text.media_type.starts_with(media_type), "{}", text.media_type);
    }
    assert!(codes(&read("a.txt", "A PDF may begin with %PDF-1.4 they say")).is_empty());
}

#[test]
fn too_much_is_refused() {
    let text = read("a.txt", vec![b'a'; MAX_BYTES + 1]);
    assert_eq!((codes(&text), text.content.as_str()), (vec!["A0106"], ""));
}

#[test]
fn a_long_line_is_remarked_upon() {
    let bytes = format!("Agenda\n{}\nend\n", "09:30 ".repeat(LONG_LINE));
    for path in ["a.txt", "a.md"] {
        let text = read(path, bytes.clone());
        assert_eq!(codes(&text), ["A0107"]);
        assert_eq!(text.diagnostics[0].span.map(|s| s.start), Some(7));
    }
    let whole = read("a.txt", vec![b'x'; 8 << 20]);
    assert_eq!((codes(&whole), whole.content.len()), (vec!["A0107"], 8 << 20));
}

#[test]
fn utf16_in_both_orders_with_and_without_mark() {
    let plain = "Séance d’ouverture\r\n09:30 Przemysław\r\n";
    for big in [false, true] {
        for marked in [false, true] {
            let text = read("a.txt", utf16(&format!("{}{plain}", if marked { "\u{FEFF}" } else { "" }), big));
            assert_eq!(text.content, plain.replace('\r', ""));
            assert_eq!(text.encoding, if big { "UTF-16BE" } else { "UTF-16LE" });
            assert!(text.differs && text.diagnostics.is_empty());
        }
    }
    let cyrillic = "Программа семинара на два дня\nОткрытие в 10:00\n";
    assert_eq!(read("a.txt", utf16(cyrillic, false)).content, cyrillic);
    let torn = [utf16("\u{FEFF}Agenda", false), vec![0x00, 0xD8, b'x', 0]].concat();
    assert_eq!(codes(&read("a.txt", torn)), ["A0104"]);
}

#[test]
fn a_mark_is_no_text() {
    let text = read("a.txt", "\u{FEFF}Agenda\n");
    assert_eq!((text.content.as_str(), text.encoding.as_str(), text.differs), ("Agenda\n", "UTF-8", true));
}

#[test]
fn legacy_encodings_are_guessed() {
    use encoding_rs::{ISO_8859_2, KOI8_U, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
    // Of KOI8-R and KOI8-U, which have the same Russian letters, the guess is always the second.
    let russian = "Программа международного семинара. Открытие заседания, выступление профессора Иванова.\n";
    let polish = "Program konferencji. Otwarcie: prof. Łukasz Żółkiewski, Politechnika Śląska, późniejszy dziekan, część druga.\n";
    let french = "Séance plénière à l’Hôtel de Ville – présidée par Mme Thérèse Lefèvre, déléguée générale\n";
    let japanese = "研究会のお知らせ。日時は三月五日です。会場は中央図書館の会議室。\n";
    for (encoding, sample) in [
        (WINDOWS_1252, french),
        (ISO_8859_2, polish),
        (KOI8_U, russian),
        (WINDOWS_1251, russian),
        (SHIFT_JIS, japanese),
    ] {
        let text = read("a.txt", encoding.encode(sample).0);
        assert_eq!((text.content.as_str(), text.encoding.as_str()), (sample, encoding.name()));
        assert_eq!(codes(&text), ["A0103"]);
        assert!(text.diagnostics[0].message.contains(encoding.name()));
    }
    let mail = b"\x1B$B8&5f2q\x1B(B 10:00\n";
    assert_eq!(read("a.txt", mail).encoding, "ISO-2022-JP");
    assert_eq!(codes(&read("a.txt", "\x1B[1mAgenda\x1B[0m\n")), ["A0105"]);
}

#[test]
fn utf8_with_foreign_and_broken_bytes() {
    let mixed = ["Séance plénière – très bien\n".as_bytes(), b"caf\xE9 \x96 10:00\n"].concat();
    let text = read("a.txt", mixed);
    assert_eq!(text.content, "Séance plénière – très bien\ncafé – 10:00\n");
    assert_eq!((codes(&text), text.encoding.as_str()), (vec!["A0109"], "UTF-8"));
    assert!(text.diagnostics[0].message.contains("2 bytes"));

    let torn = ["Séance plénière".as_bytes(), b" \xE2\x80 10:00 \xF0\x9F"].concat();
    let text = read("a.txt", torn);
    assert_eq!(text.content, "Séance plénière \u{FFFD} 10:00 \u{FFFD}");
    assert_eq!(codes(&text), ["A0104"]);
    assert!(text.diagnostics[0].message.starts_with("2 ") && text.diagnostics[0].span.is_some());
}

#[test]
fn line_ends_and_controls() {
    let text = read("a.txt", "one\r\ntwo\rthree\u{85}four\u{2028}five\x0Bsix\0\x07\x7F\n\ttab\n");
    assert_eq!(text.content, "one\ntwo\nthree\nfour\nfive\nsix\n\ttab\n");
    assert_eq!(codes(&text), ["A0105"]);
    assert!(text.diagnostics[0].message.starts_with("3 "));
    assert_eq!(read("a.txt", "Ã\u{85}ngstrÃ¶m").content, "Ã\u{85}ngstrÃ¶m");
}

#[test]
fn form_feeds_are_pages() {
    let text = read("a.txt", "one\n\u{C}two\n\u{C}three\n\u{C}\n");
    assert_eq!(text.pages, Some(3));
    assert_eq!(regions(&text, |k| matches!(k, RegionKind::Page(_))), ["one\n", "two\n", "three\n\u{C}\n"]);
}

#[test]
fn markdown_is_structure() {
    let text = read("a.md", std::fs::read("tests/ingest/seminar-with-grid.md").unwrap());
    insta::assert_snapshot!("seminar-with-grid", text.content);
    let layout: Vec<String> =
        text.layout.iter().map(|r| format!("{:?} {:?}", r.kind, r.span.of(&text.content))).collect();
    insta::assert_snapshot!("seminar-with-grid-layout", layout.join("\n"));
    assert_eq!((text.media_type.as_str(), text.differs), ("text/markdown", true));
}

#[test]
fn markdown_that_is_plain_stays_so() {
    let plain = "Agenda\n\nTuesday 5 May\n   09:30  Opening\n         by A. Lind\n\n    10:00  Coffee\n\nChair: B. Ek\nnotes [1]\n\n    11:00  Close\n";
    assert_eq!(read("a.md", plain).content, plain);
}

#[test]
fn front_matter_of_both_kinds() {
    let yaml = "---\ntitle: \"A: b\" # c\nDate: 2011-05-12\nnum: 3\nempty:\nlist: [a,\n  b]\nmap:\n  x: y\n---\nBody\n";
    let toml = "+++\ntitle = \"A: b\"\ndate = \"2011-05-12\"\ntags = [\n\"x\",\n]\nlong = \"\"\"\nmore\n\"\"\"\ndraft = false\n+++\nBody\n";
    for source in [yaml, toml] {
        let text = read("notes.txt", source);
        assert_eq!(text.content, "A: b\n2011-05-12\n\nBody\n");
        assert_eq!(regions(&text, |k| *k == RegionKind::Meta("title".into())), ["A: b"]);
        assert_eq!(regions(&text, |k| *k == RegionKind::Meta("date".into())), ["2011-05-12"]);
    }
    let ruled = "---\n10:00 Opening\n---\nA line\n";
    assert_eq!(read("notes.txt", ruled).content, ruled);
}

#[test]
fn tables_lose_nothing() {
    let source = "| a | b |\n|---|---|\n| 1 | 2 | 3 | x y |\n| 4 |\n\ntime | item\n--- | ---\n9:00 | *Tea*\nno pipe here\n\n10:00 | alone\n";
    let text = read("a.md", source);
    for word in ["1", "2", "3", "x y", "4", "9:00", "Tea", "no pipe here", "10:00 | alone"] {
        assert!(text.content.contains(word), "{word} in {:?}", text.content);
    }
    assert_eq!(regions(&text, |k| *k == RegionKind::Row)[1], "1\t2\t3\tx y");
}

#[test]
fn html_tables_keep_their_grid() {
    let html = "<!DOCTYPE html><html><head><title>Plan</title><style>p{}</style></head><body><table>\
        <tr><td rowspan=3>A<td>B<td>C<tr><td colspan=2>D<td>E<tr><td>F</table><p>x&amp;y<script>no()</script></body></html>";
    let text = read("a.html", html);
    assert_eq!(text.content, "Plan\n\nA\tB\tC\nD\tE\nF\n\nx&y\n");
    let cells: Vec<_> = text
        .layout
        .iter()
        .filter_map(|r| match r.kind {
            RegionKind::Cell { row, column, rows, columns } => {
                Some((r.span.of(&text.content), row, column, rows, columns))
            }
            _ => None,
        })
        .collect();
    let expected = [
        ("A", 0, 0, 3, 1),
        ("B", 0, 1, 1, 1),
        ("C", 0, 2, 1, 1),
        ("D", 1, 1, 1, 2),
        ("E", 1, 3, 1, 1),
        ("F", 2, 1, 1, 1),
    ];
    assert_eq!(cells, expected);
    assert_eq!((codes(&text), text.media_type.as_str()), (vec![], "text/html"));
}

#[test]
fn html_loses_no_text_of_open_elements() {
    for html in ["<html><head><p>Agenda 10:00", "<html><noscript>Agenda 10:00", "<html><svg><b>Agenda</b> 10:00"] {
        assert!(read("a", html).content.contains("Agenda 10:00"), "{html}");
    }
    let named = [&b"<html><meta charset=iso-8859-2><body>\xA3\xF3d\xBC"[..]].concat();
    assert_eq!(read("a", named).content, "Łódź\n");
}

#[test]
fn deep_nesting_takes_no_long_time() {
    let pieces = [
        "[",
        "(",
        "> ",
        "*",
        "**a",
        "_a ",
        "`",
        "<b>",
        "<table><tr><td>",
        "![",
        "[a](",
        "{{<",
        "{% ",
        "| ",
        "- ",
        "<!--",
        "\n> ",
        "\n- ",
        "\n| a |\n|--",
        "&",
        "\\",
        "a\n",
        "</td>",
        "<a href=x>",
        "~~~\n",
        "[x]: y\n",
        "[x]\n",
        "1) ",
    ];
    for piece in pieces {
        for path in ["a.md", "a.html", "a.txt"] {
            let head = if path == "a.html" { "<html>" } else { "" };
            let start = Instant::now();
            read(path, format!("{head}{}", piece.repeat(20_000)));
            assert!(start.elapsed() < Duration::from_secs(10), "{piece:?} took {:?} as {path}", start.elapsed());
        }
    }
    let brackets = format!("Agenda\n\n{}\n09:30 Opening\n", "[".repeat(10_000));
    let text = read("a.md", brackets.clone());
    assert_eq!((codes(&text), &text.content), (vec!["A0113"], &brackets));
}

/// A small generator of numbers, the same everywhere.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let markdown = std::fs::read("tests/ingest/seminar-with-grid.md").unwrap();
    let page = b"<html><body><table><tr><td rowspan=2>a<td>b<br>c</table><ul><li>x<li>y</ul><pre>a\n b</pre><a href='http://e.org'>e</a>".to_vec();
    let plain = "Séance\u{A0}d’ouverture\r\n09:30 \u{AD} 10:00\u{C}P R O G R A M M E â€™\n".as_bytes().to_vec();
    let pieces: [&[u8]; 16] = [
        b"\0",
        b"\xFF",
        b"\xC3",
        b"\xE2\x80",
        b"\r",
        b"|",
        b"<td>",
        b"</tr>",
        b"[",
        b"](",
        b"```\n",
        b"\n\n",
        b"    ",
        b"---\n",
        b"<br>",
        b"{{<",
    ];
    let mut random = Seeded(11);
    for round in 0..6000 {
        let (path, seed) = [("a.md", &markdown), ("a.html", &page), ("a.txt", &plain)][round % 3];
        let mut bytes = seed.clone();
        for _ in 0..1 + random.next(8) {
            let at = random.next(bytes.len() + 1);
            match random.next(4) {
                0 => bytes.truncate(at.max(1)),
                1 => drop(bytes.splice(at..at, pieces[random.next(pieces.len())].iter().copied())),
                2 if at < bytes.len() => bytes[at] = random.next(256) as u8,
                _ => {
                    let end = (at + random.next(40)).min(bytes.len());
                    drop(bytes.drain(at..end));
                }
            }
        }
        let found = catch_unwind(AssertUnwindSafe(|| read(path, bytes.clone())));
        assert!(found.is_ok(), "round {round}: {:?}", String::from_utf8_lossy(&bytes));
    }
}
