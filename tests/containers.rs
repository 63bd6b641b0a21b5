//! Archives, mail boxes and mails with attachments, run as a user runs them: each member is a document of its own.

mod support;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::{Value, json};
use support::{AGENDA, check_dataset, folder, input, json, run, run_with, tree, write};
use zip::write::SimpleFileOptions;

const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0";

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn message(n: usize) -> String {
    format!("From: Ann Lee <ann@x.example>\nDate: Mon, {n} May 2011 10:00:00 +0200\nSubject: Seminar {n}\n\n{AGENDA}")
}

fn mbox(count: usize) -> String {
    (1..=count)
        .map(|n| format!("From ann@x.example Mon May {n:>2} 10:00:00 2011\n{}\n>From the chair\n\n", message(n)))
        .collect()
}

/// Extracts `in`; gives the report.
fn extracted(here: &Path, code: i32) -> Value {
    let ran = run(here, &["extract", "in", "-o", "out"]);
    assert_eq!(ran.code, code, "{}", ran.err);
    check_dataset(&here.join("out"));
    json(&here.join("out/run.json"))
}

#[test]
fn archives_are_walked() {
    let here = folder();
    let inner = zipped(&[("deep/x.txt", AGENDA.as_bytes()), ("y.png", PNG)]);
    let files: [(&str, &[u8]); 7] = [
        ("1998/a.txt", AGENDA.as_bytes()),
        ("../../etc/b.txt", AGENDA.as_bytes()),
        ("nested.zip", &inner),
        ("page", b"<html><body><p>12 May 2011<p>09:30 - 10:00 Opening"),
        (".hidden/c.txt", AGENDA.as_bytes()),
        ("__MACOSX/a.txt", b"\0\0"),
        ("old.doc", OLE),
    ];
    write(here.path(), "in/archive.zip", zipped(&files));
    let report = extracted(here.path(), 0);
    let paths: Vec<&str> = report["inputs"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap()).collect();
    let expected = [
        "archive.zip/1998/a.txt",
        "archive.zip/etc/b.txt",
        "archive.zip/nested.zip/deep/x.txt",
        "archive.zip/nested.zip/y.png",
        "archive.zip/nested.zip",
        "archive.zip/old.doc",
        "archive.zip/page",
        "archive.zip",
    ];
    assert_eq!(paths, expected);
    assert_eq!(
        input(&report, "archive.zip"),
        json!({"path": "archive.zip", "status": "unpacked", "members": 5, "findings": 0})
    );
    assert_eq!(input(&report, "archive.zip/old.doc")["status"], "unsupported");
    assert_eq!(report["totals"]["done"], 4);
    let record = json(&here.path().join("out/records/archive.zip/etc/b.txt.json"));
    assert_eq!(record["diagnostics"][0]["code"], "A0144");
    assert_eq!(record["source"]["bytes"], AGENDA.len());
    let alone = run_with(here.path(), &["extract", "-", "-o", "-", "--quiet"], AGENDA.as_bytes());
    let alone: Value = serde_json::from_str(&alone.out).unwrap();
    assert_eq!(record["id"], alone["id"], "the hash is that of the member's own bytes");
    assert!(!here.path().parent().unwrap().join("etc/b.txt").exists());
    let verified = run(here.path(), &["verify", "out"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}

#[test]
fn a_mail_box_gives_a_record_a_message() {
    let here = folder();
    write(here.path(), "in/1998.mbox", mbox(40));
    let report = extracted(here.path(), 0);
    assert_eq!((&report["totals"]["done"], &report["totals"]["unpacked"]), (&json!(40), &json!(1)));
    let text = fs::read_to_string(here.path().join("out/texts/1998.mbox#3.txt")).unwrap();
    assert!(text.starts_with("From: Ann Lee <ann@x.example>\nDate: Mon, 3 May 2011"), "{text}");
    assert!(text.ends_with("\nFrom the chair\n"), "{text}");
    let one = run(here.path(), &["inspect", "in/1998.mbox#3", "--stage", "ingest"]);
    assert!(one.code == 0 && one.out.contains("Seminar 3"), "{}{}", one.out, one.err);
    let all = run(here.path(), &["inspect", "in/1998.mbox"]);
    assert!(all.code == 2 && all.err.contains("1998.mbox#1, 1998.mbox#2"), "{}", all.err);
}

#[test]
fn attachments_are_documents_of_their_own() {
    let here = folder();
    let part = |head: &str, body: &str| format!("--B\n{head}\n\n{body}\n");
    let mail = format!(
        "From: Ann Lee <ann@x.example>\nDate: Mon, 9 May 2011 10:00:00 +0200\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=B\n\n{}{}{}{}{}--B--\n",
        part("Content-Type: text/plain", "See below."),
        part("Content-Type: text/plain\nContent-Disposition: attachment; filename=\"../prog.txt\"", AGENDA),
        part("Content-Type: message/rfc822", &message(7)),
        part("Content-Type: image/png\nContent-ID: <1>\nContent-Transfer-Encoding: base64", "iVBORw0KGgo="),
        part("Content-Type: application/msword; name=x.doc\nContent-Transfer-Encoding: base64", "0M8R4KGxGuEAAA=="),
    );
    write(here.path(), "in/mail.eml", &mail);
    let report = extracted(here.path(), 0);
    let status = |name: &str| input(&report, name)["status"].as_str().unwrap().to_owned();
    assert_eq!(status("mail.eml"), "done");
    assert_eq!(status("mail.eml/prog.txt"), "done");
    assert_eq!(status("mail.eml/part-2.eml"), "done");
    assert_eq!(status("mail.eml/part-3"), "skipped");
    assert_eq!(status("mail.eml/x.doc"), "unsupported");
    let record = json(&here.path().join("out/records/mail.eml/prog.txt.json"));
    assert_eq!(record["sessions"].as_array().unwrap().len(), 2);
}

#[test]
fn the_dataset_does_not_depend_on_the_workers() {
    let here = folder();
    write(here.path(), "in/a.zip", zipped(&[("x.txt", AGENDA.as_bytes()), ("box", mbox(50).as_bytes())]));
    write(here.path(), "in/b.mbox", mbox(30));
    write(here.path(), "in/c.txt", AGENDA);
    let trees: Vec<_> = ["1", "2", "7"]
        .iter()
        .map(|jobs| {
            let out = format!("out-{jobs}");
            assert_eq!(run(here.path(), &["extract", "in", "-o", &out, "--jobs", jobs]).code, 0);
            tree(&here.path().join(out))
        })
        .collect();
    assert!(trees[0] == trees[1] && trees[1] == trees[2]);
}

#[test]
fn containers_come_through_standard_input() {
    let here = folder();
    let ran = run_with(here.path(), &["extract", "-", "-o", "-", "--quiet"], mbox(3).as_bytes());
    let paths: Vec<Value> =
        ran.out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["source"]["path"].clone()).collect();
    assert_eq!(paths, ["stdin#1", "stdin#2", "stdin#3"]);
}

#[test]
fn damaged_and_locked_archives_fail_alone() {
    let here = folder();
    write(here.path(), "in/good.txt", AGENDA);
    let whole = zipped(&[("a.txt", AGENDA.as_bytes()), ("b.txt", AGENDA.as_bytes())]);
    write(here.path(), "in/cut.zip", &whole[..whole.len() - 30]);
    let mut flipped = whole.clone();
    flipped[45] ^= 0xFF;
    write(here.path(), "in/flipped.zip", &flipped);
    let mut locked = zipped(&[("secret.txt", AGENDA.as_bytes())]);
    for sign in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let at = memchr::memmem::find(&locked, sign).unwrap();
        locked[at + if sign[2] == 3 { 6 } else { 8 }] |= 1;
    }
    write(here.path(), "in/locked.zip", locked);
    let report = extracted(here.path(), 4);
    assert_eq!(input(&report, "good.txt")["status"], "done");
    assert_eq!(input(&report, "cut.zip")["code"], "A0141");
    assert_eq!(input(&report, "flipped.zip/a.txt")["code"], "A0141");
    assert_eq!(input(&report, "flipped.zip/b.txt")["status"], "done");
    assert_eq!(input(&report, "locked.zip/secret.txt")["code"], "A0142");
}

#[test]
fn bombs_are_bounded() {
    let here = folder();
    let zeros = vec![b'0'; 9 << 20];
    let layers: Vec<(String, &[u8])> = (0..8).map(|n| (format!("{n}.txt"), &zeros[..])).collect();
    let layers: Vec<(&str, &[u8])> = layers.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    write(here.path(), "in/bomb.zip", zipped(&layers));
    let mut deep = zipped(&[("x.txt", AGENDA.as_bytes())]);
    for _ in 0..5 {
        deep = zipped(&[("in.zip", &deep)]);
    }
    write(here.path(), "in/deep.zip", deep);
    let mut lying = zipped(&[("x.txt", AGENDA.as_bytes())]);
    let end = lying.len() - 22;
    lying[end + 8..end + 12].fill(0xFF);
    lying.extend_from_slice(b"");
    write(here.path(), "in/lying.zip", lying);
    write(here.path(), "in/good.txt", AGENDA);
    let ran = run(here.path(), &["extract", "in", "-o", "out", "--max-memory", "32", "--max-time", "20"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let report = json(&here.path().join("out/run.json"));
    assert_eq!(report["options"], json!({"max_memory": 32, "max_time": 20}));
    assert_eq!(input(&report, "bomb.zip")["code"], "A0146");
    assert_eq!(input(&report, "deep.zip/in.zip/in.zip/in.zip")["code"], "A0146");
    assert_eq!(input(&report, "good.txt")["status"], "done");
    assert_eq!(input(&report, "bomb.zip/0.txt")["code"], "A0143", "more text than a document may hold");
}

#[test]
fn content_decides_and_a_wrong_extension_is_a_note() {
    let here = folder();
    write(
        here.path(),
        "in/page.txt",
        "<!DOCTYPE html><html><body><p>12 May 2011<p>09:30 - 10:00 Opening</body></html>",
    );
    write(here.path(), "in/agenda.pdf", AGENDA);
    write(here.path(), "in/agenda.asc", AGENDA);
    write(here.path(), "in/film.txt", PNG);
    write(here.path(), "in/data.json", "{\"a\": 1}");
    write(here.path(), "in/thumbs.db", support::noise());
    let report = extracted(here.path(), 0);
    let codes = |name: &str| {
        let record = json(&here.path().join(format!("out/records/{name}.json")));
        record["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["code"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(codes("page.txt").contains(&"A0140".to_owned()) && codes("agenda.pdf").contains(&"A0140".to_owned()));
    assert!(!codes("agenda.asc").contains(&"A0140".to_owned()));
    for name in ["film.txt", "data.json", "thumbs.db"] {
        let row = input(&report, name);
        assert_eq!((row["status"].as_str(), row["code"].as_str()), (Some("unsupported"), Some("A0108")), "{name}");
        assert!(row["reason"].as_str().unwrap().contains("expected a document"), "{row}");
    }
}
