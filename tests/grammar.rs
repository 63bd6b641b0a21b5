//! The grammars: every rule over its examples, names that lead somewhere, bad files, overlays, a language without Rust.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use agendata::grammar::{Grammar, Set, check, check_over, fold};
use agendata::{Options, Pipeline, Source};
use regex::Regex;
use support::{folder, write};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the repository that ends so, with its text.
fn files(below: &str, ending: &str) -> BTreeMap<String, String> {
    let root = root().join(below);
    let tree = support::tree(&root);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    tree.into_iter().filter(|(name, _)| name.ends_with(ending)).map(|(name, bytes)| (name, text(bytes))).collect()
}

fn overlay(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let here = folder();
    for (name, content) in files {
        write(here.path(), name, content);
    }
    let path = here.path().to_path_buf();
    (here, vec![path])
}

#[test]
fn every_rule_reads_its_examples_and_not_its_counter_examples() {
    let found = check(&[]);
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} findings (agendata grammar check)\n{}", lines.len(), lines.join("\n"));
}

/// The own documents, in every format, and those that were written to fire one rule each.
fn documents() -> Vec<Source> {
    let bytes = |below: &str| support::tree(&root().join(below));
    let all = bytes("input").into_iter().chain(bytes("tests/rules"));
    all.map(|(path, bytes)| Source { path, bytes }).collect()
}

#[test]
fn every_score_fires_on_an_example_or_a_document() {
    let lines: Vec<String> = check_over(&[], &documents()).iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} findings\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn a_score_that_nothing_fires_is_told() {
    let score = |id: &str, when: &str, examples: &str| {
        format!(
            "[[score]]\nid = \"en/join/{id}\"\ntable = \"join\"\nclass = \"join\"\nwhen = [{when}]\nweight = 0.1\nexamples = [{examples}]\n"
        )
    };
    let never = "\"gap=77\"";
    let rules = score("mine", never, "") + &score("shown", "\"prev=row\"", "\"09:30 - 10:00 Wells\\nChair: Ann Lee\"");
    let rules = rules + &score("wrong", never, "\"09:30 - 10:00 Wells\\nChair: Ann Lee\"");
    let (_here, folders) = overlay(&[("en/mine.toml", &rules)]);
    let codes = |found: Vec<agendata::grammar::GrammarFinding>| -> Vec<(&str, usize)> {
        found.iter().map(|f| (f.code, f.line)).collect()
    };
    assert_eq!(codes(check(&folders)), [("A0904", 16)], "without documents only examples count");
    assert_eq!(codes(check_over(&folders, &documents())), [("A0904", 16), ("A0908", 2)]);
}

#[test]
fn two_rules_that_read_one_example_differently_are_told() {
    let bad = "[[phrase]]\nid = \"en/kind/mine\"\nset = \"kind\"\nvalue = \"visit\"\nwords = [\"coffee\", \"stroll\"]\n\
               examples = [\"Coffee break\"]\n\
               [[slip]]\nid = \"en/ocr/mine\"\nslots = [\"name\"]\npattern = '(?P<slip>rn)'\nto = \"m\"\n\
               examples = [[\"Srnith ClO\", \"Smith ClO\"]]\n";
    let (_here, folders) = overlay(&[("en/mine.toml", bad)]);
    let found: Vec<String> = check(&folders).iter().map(ToString::to_string).collect();
    for rule in ["en/kind/mine", "en/ocr/mine"] {
        assert!(found.iter().any(|f| f.contains("A0909") && f.contains(rule)), "{rule}: {found:#?}");
    }
}

#[test]
fn ids_are_unique_and_begin_with_their_folder() {
    let id = Regex::new(r#"(?m)^id = "([^"]*)""#).unwrap();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (file, text) in files("grammars", ".toml") {
        let language = file.split('/').next().unwrap();
        for found in id.captures_iter(&text) {
            let id = &found[1];
            assert!(id.starts_with(&format!("{language}/")) && id.matches('/').count() >= 2, "{file}: {id}");
            let before = seen.insert(id.to_owned(), file.clone());
            assert!(before.is_none(), "{id} stands in {file} and in {}", before.unwrap_or_default());
        }
    }
    assert!(seen.len() > 500);
    for rule in Grammar::builtin().list() {
        assert_eq!(seen.get(&rule.id), Some(&rule.file), "{}", rule.id);
    }
}

/// Were such a rule taken out, nothing would change.
#[test]
fn no_phrase_is_there_for_nothing() {
    let g = Grammar::builtin();
    let mut owners: BTreeMap<(Set, String), BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut words: BTreeMap<&str, Vec<(Set, String)>> = BTreeMap::new();
    let all = g.words.iter().map(|(n, word)| (*n, word.as_ref())).chain(g.listed.iter());
    for (n, word) in all {
        let p = &g.phrases[n as usize];
        let key = (p.set, if p.case { word.to_string() } else { fold(word) });
        owners.entry(key.clone()).or_default().insert((&p.id, &p.language));
        words.entry(&p.id).or_default().push(key);
    }
    let mut idle = Vec::new();
    for rule in g.list().iter().filter(|r| words.contains_key(r.id.as_str())) {
        let language = rule.id.split('/').next().unwrap();
        let of_others =
            |key: &(Set, String)| owners[key].iter().any(|(id, l)| *id != rule.id && (*l == language || *l == "base"));
        if words[rule.id.as_str()].iter().all(of_others) {
            idle.push(rule.id.as_str());
        }
    }
    assert!(idle.is_empty(), "all words of these rules stand in others of their vocabulary: {idle:#?}");
}

#[test]
fn what_rules_name_is_asked_for_and_what_is_asked_for_is_there() {
    let g = Grammar::builtin();
    let code: String = files("src", ".rs").into_values().collect();
    let asked = Regex::new(r#""((?:title|event-name|seminar|name|reading)/[a-z][a-z0-9-]*)""#).unwrap();
    let asked: BTreeSet<String> = asked.captures_iter(&code).map(|c| c[1].to_owned()).collect();
    let tables = ["title", "event-name", "seminar", "name", "reading"];
    let given: BTreeSet<String> =
        tables.iter().flat_map(|t| g.scores(t).iter().map(move |s| format!("{t}/{}", s.class))).collect();
    let idle: Vec<&String> = given.difference(&asked).collect();
    assert!(idle.is_empty(), "no code asks for these weights: {idle:#?}");
    let missing: Vec<&String> = asked.difference(&given).collect();
    assert!(missing.is_empty(), "no grammar gives these weights: {missing:#?}");
    let names = Regex::new(r#"(?m)^set = "([a-z-]+)"|^slots = \[([^\]]*)\]"#).unwrap();
    for (file, text) in files("grammars", ".toml") {
        for found in names.captures_iter(&text) {
            let quoted = found.get(1).map_or_else(|| found[2].to_owned(), |m| format!("\"{}\"", m.as_str()));
            for name in quoted.split(',').map(str::trim) {
                assert!(code.contains(name), "{file}: no code asks for {name}");
            }
        }
    }
}

#[test]
fn each_language_has_what_times_and_dates_need() {
    let g = Grammar::builtin();
    for language in ["en", "fr", "de", "es", "it", "pt", "nl"] {
        let values = |set: Set| -> BTreeSet<&str> {
            let own = g.phrases.iter().filter(|p| p.language.as_ref() == language && p.set == set);
            own.map(|p| p.value.as_ref()).collect()
        };
        // German writes four months as English does, which every document's grammars have.
        assert!(values(Set::Month).len() >= 8, "{language}: months");
        assert_eq!(values(Set::Weekday).len(), 7, "{language}: weekdays");
        for kind in ["break", "meal", "registration", "opening", "closing"] {
            assert!(values(Set::Kind).contains(kind), "{language}: {kind}");
        }
        assert!(!values(Set::Function).is_empty(), "{language}: words for the vote");
        assert!(values(Set::Country).len() > 200, "{language}: countries");
    }
}

#[test]
fn the_grammars_readme_names_every_vocabulary_and_table() {
    let readme = fs::read_to_string(root().join("grammars/README.md")).unwrap();
    for set in Set::ALL {
        assert!(readme.contains(&format!("`{}`", set.name())), "{}", set.name());
    }
    for table in
        ["line", "join", "follow", "document", "column", "table", "title", "event-name", "name", "seminar", "reading"]
    {
        assert!(readme.contains(&format!("`{table}`")), "{table}");
    }
}

#[test]
fn the_readmes_examples_are_good_rules() {
    for page in ["README.md", "grammars/README.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let blocks = text.split("```toml\n").skip(1).map(|b| b.split("```").next().unwrap_or_default());
        let mut seen = 0;
        for block in blocks.filter(|b| b.contains("[[")) {
            seen += 1;
            let (_here, folders) = overlay(&[("en/page.toml", block)]);
            let found: Vec<String> = check(&folders).iter().map(ToString::to_string).collect();
            let of_it: Vec<&String> = found.iter().filter(|f| f.contains("en/page.toml")).collect();
            assert!(of_it.is_empty(), "{page}: {of_it:#?}");
        }
        assert!(seen > 0, "{page}");
    }
}

#[test]
fn bad_files_are_told_with_file_line_column_and_what_was_expected() {
    let phrase = |rest: &str| format!("# mine\n[[phrase]]\nid = \"en/role/mine\"\n{rest}");
    let cases = [
        ("A0901", 3, 4, phrase("id : x\n").replace("id = \"en/role/mine\"\n", "")),
        ("A0902", 4, 1, phrase("sett = \"role\"\nwords = [\"presided by\"]\n")),
        ("A0901", 4, 7, phrase("set = 5\nwords = [\"presided by\"]\n")),
        ("A0906", 4, 7, phrase("set = \"rolle\"\nwords = [\"presided by\"]\n")),
        ("A0903", 4, 11, "[[pattern]]\nid = \"en/x/mine\"\nset = \"edition\"\npattern = '(?P<n>\\d+'\n".to_owned()),
        (
            "A0907",
            7,
            6,
            phrase("set = \"role\"\nwords = [\"a\"]\n")
                + "[[phrase]]\nid = \"en/role/mine\"\nset = \"role\"\nwords = [\"b\"]\n",
        ),
    ];
    for (code, line, column, text) in cases {
        let (_here, folders) = overlay(&[("en/mine.toml", &text)]);
        let error = Grammar::load(&folders).err().unwrap_or_else(|| panic!("{code}: no error for\n{text}"));
        let place = (error.code, error.file.as_str(), error.line, error.column);
        assert_eq!(place, (code, "en/mine.toml", line, column), "{error}\n{text}");
        assert!(error.message.contains("expected"), "{error}");
        assert_eq!(check(&folders).len(), 1);
    }
}

#[test]
fn check_runs_an_overlays_rules() {
    let bad = "[[phrase]]\nid = \"en/role/mine\"\nset = \"role\"\nvalue = \"chair\"\nwords = [\"presided by\"]\n\
               examples = [\"Presided by: Ann Lee\", \"Chair: Ann Lee\"]\ncounter = [\"presided by nobody\"]\n\
               [[score]]\nid = \"en/line/mine\"\ntable = \"line\"\nclass = \"row\"\nwhen = [\"no-such-feature\"]\nweight = 1.0\n\
               [[phrase]]\nid = \"en/break/mine\"\nset = \"kind\"\nvalue = \"talk\"\nwords = [\"coffee\"]\nexamples = [\"Coffee\"]\n";
    let (_here, folders) = overlay(&[("en/mine.toml", bad)]);
    let mut codes: Vec<(&str, usize)> = check(&folders).iter().map(|f| (f.code, f.line)).collect();
    codes.sort_unstable();
    assert_eq!(codes, [("A0904", 2), ("A0905", 2), ("A0906", 9), ("A0909", 15), ("A0909", 15)]);
}

fn record(folders: &[PathBuf], text: &str) -> agendata::model::Record {
    let grammar = Grammar::load(folders).unwrap();
    Pipeline::new(grammar, Options::default()).extract(&Source { path: "a.txt".into(), bytes: text.into() })
}

const AGENDA: &str = "Programme of the Wells Seminar\n\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Session 1: Old wells\n\
                      Shepherd: Ms. Ann Lee, Water Agency\n11:00 - 11:30 Coffee break\n11:30 - 12:30 Session 2: New wells\n";

#[test]
fn an_overlay_adds_rules_and_replaces_them_by_id() {
    let rule = |id: &str, value: &str| {
        format!(
            "[[phrase]]\nid = \"{id}\"\nset = \"role\"\nvalue = \"{value}\"\nwords = [\"shepherd\"]\nexamples = [\"Shepherd: Ann Lee\"]\n"
        )
    };
    let roles = |folders: &[PathBuf]| -> Vec<String> {
        record(folders, AGENDA).sessions.iter().flat_map(|s| &s.roles).map(|r| r.role.to_string()).collect()
    };
    let (_a, adds) = overlay(&[("en/mine.toml", &rule("en/role/shepherd", "moderator"))]);
    assert_eq!(roles(&adds), ["moderator"]);
    let (_b, no_folder) = overlay(&[("mine.toml", &rule("en/role/shepherd", "moderator"))]);
    assert_eq!(roles(&no_folder), ["moderator"], "a file outside a language's folder counts in every language");
    let (_c, again) = overlay(&[("en/mine.toml", &rule("en/role/shepherd", "chair"))]);
    let both: Vec<PathBuf> = adds.iter().chain(&again).cloned().collect();
    assert_eq!(roles(&both), ["chair"], "the later folder counts");
    assert!(check(&both).is_empty(), "{:?}", check(&both));
    let chair = Grammar::builtin();
    let chair = chair.list().iter().find(|r| r.id == "en/role/chair").expect("the rule");
    let (_d, taken) = overlay(&[(&chair.file, &rule("en/role/chair", "chair"))]);
    let g = Grammar::load(&taken).unwrap();
    assert_eq!(g.lookup(Set::Role, "shepherd").map(|p| p.value.as_ref()), Some("chair"));
    assert!(g.lookup(Set::Role, "chairperson").is_none_or(|p| p.id.as_ref() != "en/role/chair"), "its words are gone");
    assert!(g.show("en/role/chair").unwrap().contains("shepherd"));
    let of_it = |f: &&agendata::grammar::GrammarFinding| f.message.starts_with("en/role/chair:");
    assert_eq!(check(&taken).iter().filter(of_it).count(), 0, "the replaced rule's examples are not run");
    assert_ne!(g.hash, Grammar::builtin().hash);
}

/// Swedish, which the grammars do not have.
#[test]
fn a_language_is_a_folder_and_no_rust() {
    let words = |id: &str, set: &str, value: &str, words: &str| {
        let first = words.split(',').next().unwrap();
        let all = words.split(',').map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
        format!(
            "[[phrase]]\nid = \"sv/{id}\"\nset = \"{set}\"\nvalue = \"{value}\"\nwords = [{all}]\nexamples = [\"{first}\"]\n\n"
        )
    };
    let file = words("function/common", "function", "sv", "och,för,till,på,med,som,att,av,vid,från")
        + &words("month/may", "month", "5", "maj")
        + &words("programme/agenda", "programme", "agenda", "dagordning,program")
        + &words("kind/break", "kind", "break", "kaffepaus")
        + &words("kind/meal", "kind", "meal", "lunch")
        + &words("role/chair", "role", "chair", "ordförande");
    let text = "Program för seminariet om brunnar och vatten\n\n12 maj 2011\n\n09.30 - 10.30 Gamla brunnar och nya\n\
                Ordförande: Anna Lind\n10.30 - 11.00 Kaffepaus\n11.00 - 12.00 Vatten från berg till hav\n12.00 Lunch\n";
    let (_here, folders) = overlay(&[("sv/words.toml", &file)]);
    assert!(check(&folders).is_empty(), "{:?}", check(&folders));
    let record = record(&folders, text);
    assert_eq!(record.source.languages.first().map(String::as_str), Some("sv"), "{:?}", record.source.languages);
    let kinds: Vec<&str> = record.sessions.iter().map(|s| s.kind.as_str()).collect();
    assert_eq!((kinds.len(), kinds[1], kinds[3]), (4, "break", "meal"), "{kinds:?}");
    assert!(record.sessions.iter().all(|s| s.date.as_deref() == Some("2011-05-12")), "{:?}", record.sessions);
    assert_eq!(record.sessions[0].roles[0].role.as_str(), "chair");
}
