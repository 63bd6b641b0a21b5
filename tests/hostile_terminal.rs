//! Nothing in a document, a file's name, a rule or an argument steers the terminal that a person looks at.

#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;

use support::{AGENDA, PROGRAM, Ran, folder, json, run, write};

/// An escape sequence in each form, a link, a title, a bell, a return, marks that turn the direction of writing.
const ODD: &str =
    "\u{1b}[2J\u{9b}31m\u{1b}]8;;http://evil.example\u{7}\u{1b}]0;title\u{1b}\\\r\u{202e}\u{2066}\u{200f}\u{85}";

/// Characters that may not reach a terminal.
fn steering(text: &str) -> Vec<char> {
    let turns =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || turns(*c)).collect()
}

fn harmless(what: &str, ran: &Ran) {
    for (stream, text) in [("output", &ran.out), ("error", &ran.err)] {
        let found = steering(text);
        assert!(found.is_empty(), "{what}: standard {stream} holds {found:?}:\n{text:?}");
    }
}

/// An archive in which everything that is shown to a person is hostile.
fn hostile(here: &Path) {
    let phone = "Contact: Mr. A. Martin, Tel: +216 71 560 07";
    let text =
        AGENDA.replace("Opening", &format!("Ope{ODD}ning")) + &format!("\n{phone}{ODD}\n10:00{ODD} 09:00 {ODD}\n");
    write(here, "in/a.txt", &text);
    write(here, &format!("in/b{}.txt", ODD.replace('/', "")), &text);
    write(here, "in/two\nlines\u{202e}.txt", &text);
    write(here, "in/page\u{9b}2J.html", format!("<title>{ODD}</title><p>{text}&#x9b;31m&#x202e;&#27;[2J</p>"));
    write(here, "in/broken\u{202e}.pdf", b"%PDF-1.7\n1 0 obj << /Type /Catalog >>");
    write(here, "in/mail.eml", format!("From: a@b.org\nSubject: {}\n\n{text}", ODD.replace(['\r', '\u{85}'], "")));
    std::os::unix::fs::symlink("nowhere\u{1b}[31m", here.join("in/link\u{1b}[31m")).unwrap();
}

#[test]
fn what_a_run_says_is_harmless() {
    let here = folder();
    hostile(here.path());
    for more in [&["--verbose"][..], &["--quiet"], &["--progress", "plain"], &["--isolate"]] {
        let ran = run(here.path(), &[&["extract", "in", "-o", "out", "--fresh"], more].concat());
        assert_eq!(ran.code, 4, "{more:?}: {}", ran.err);
        harmless(&format!("extract {more:?}"), &ran);
    }
    let verbose = run(here.path(), &["extract", "in", "-o", "out", "--fresh", "--verbose"]);
    assert!(verbose.err.contains("A0708") && verbose.err.contains("two%0Alines"), "{}", verbose.err);
}

#[test]
fn what_commands_show_is_harmless() {
    let here = folder();
    hostile(here.path());
    run(here.path(), &["extract", "in", "-o", "out", "--quiet"]);
    let names: Vec<_> = fs::read_dir(here.path().join("in")).unwrap().map(|e| e.unwrap().file_name()).collect();
    for name in &names {
        let path = Path::new("in").join(name);
        for stage in ["ingest", "repair", "scan", "segment", "parse", "assemble"] {
            harmless(stage, &run(here.path(), &["inspect", path.to_str().unwrap(), "--stage", stage]));
        }
    }
    // A record that says something else than its source, in odd words, and misses what gold has.
    let record = here.path().join("out/records/a.txt.json");
    let mut changed = json(&record);
    changed["sessions"][0]["title"] = ODD.into();
    fs::write(&record, changed.to_string()).unwrap();
    fs::create_dir(here.path().join("gold")).unwrap();
    changed["sessions"][0]["title"] = format!("gold {ODD}").into();
    fs::write(here.path().join("gold/a.txt.json"), changed.to_string()).unwrap();
    let shown: &[&[&str]] = &[
        &["profile", "in", "--rules"],
        &["profile", "out", "--source", "in"],
        &["review-list", "out", "--source", "in"],
        &["eval", "gold", "out", "--show"],
        &["verify", "out", "--source", "in"],
    ];
    for args in shown {
        let ran = run(here.path(), args);
        assert!(ran.out.lines().count() > 1, "{args:?} shows nothing: {}", ran.err);
        harmless(&format!("{args:?}"), &ran);
    }
}

#[test]
fn what_errors_say_is_harmless() {
    let here = folder();
    write(here.path(), "a.txt", AGENDA);
    let bad = format!("[[phrase]]\nid = \"x{}\"\nset = \"{}\"\n", ODD.escape_default(), "\u{202e}");
    write(here.path(), "mine\u{9b}/x.toml", bad);
    write(here.path(), "records\u{1b}[2J/a.json", format!("{{\"schema\": \"{}\"}}", "\u{202e}\u{9b}"));
    let odd = ODD.replace('\r', "");
    let cases: &[&[&str]] = &[
        &["extract", &odd, "-o", "out"],
        &["extract", "a.txt", "-o", "out", &format!("--{odd}")],
        &["extract", "a.txt", "-o", "a.txt/\u{1b}[31m"],
        &["extract", "a.txt", "-o", "out", "--timezone", &odd],
        &["explain", &odd],
        &["grammar", "show", &odd],
        &["grammar", "check", "--grammar", "mine\u{9b}"],
        &["extract", "a.txt", "-o", "-", "--grammar", "mine\u{9b}"],
        &["inspect", "\u{9b}31m"],
        &["export", "records\u{1b}[2J", "--to", "csv", "-o", "exported"],
        &["merge", "records\u{1b}[2J", "-o", "merged"],
        &["eval", "records\u{1b}[2J", "records\u{1b}[2J"],
    ];
    for args in cases {
        let ran = run(here.path(), args);
        assert!(ran.code > 1 && !ran.err.is_empty(), "{args:?}: {} {}", ran.code, ran.err);
        harmless(&format!("{args:?}"), &ran);
    }
}

/// JSON that is shown on a terminal says the same, in harmless characters. `script` gives a terminal to a command.
#[test]
fn json_on_a_terminal_is_harmless() {
    let here = folder();
    write(here.path(), "a.txt", AGENDA.replace("Opening", "Ope\u{202e}n\u{9b}ing"));
    for command in ["extract a.txt -o - --quiet", "inspect a.txt --stage record"] {
        let shown = std::process::Command::new("script")
            .args(["-qec", &format!("{PROGRAM} {command}"), "/dev/null"])
            .current_dir(here.path())
            .output();
        let Ok(shown) = shown else {
            eprintln!("skipped: no script command");
            return;
        };
        let shown = String::from_utf8(shown.stdout).unwrap().replace("\r\n", "\n");
        assert_eq!(steering(&shown), [], "{command}");
        let record: serde_json::Value = serde_json::from_str(&shown).unwrap();
        support::check_record(&record);
    }
}
