//! The recipes of `docs/grammar-cookbook.md`, taken out of the page and run as a user runs them, so that it cannot rot.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{folder, run, write};

/// One recipe as it stands on the page.
#[derive(Default)]
struct Recipe {
    name: String,
    /// Files by name.
    files: Vec<(String, String)>,
    /// Command lines.
    commands: Vec<String>,
    /// Pointer, before, after.
    values: Vec<[String; 3]>,
}

fn recipes() -> Vec<Recipe> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/grammar-cookbook.md")).unwrap();
    let mut found: Vec<Recipe> = Vec::new();
    let mut lines = page.lines();
    let mut file: Option<String> = None;
    while let Some(line) = lines.next() {
        if let Some(head) = line.strip_prefix("## ") {
            let name = head.to_owned();
            found.push(Recipe { name, ..Recipe::default() });
        }
        let Some(recipe) = found.last_mut() else { continue };
        if let Some(name) = line.strip_prefix('`').and_then(|l| l.strip_suffix('`')).filter(|l| l.contains('/')) {
            file = Some(name.to_owned());
        } else if let Some(kind) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            match file.take() {
                Some(name) => recipe.files.push((name, body.join("\n") + "\n")),
                None if kind == "sh" => recipe.commands.extend(body.iter().map(|l| (*l).to_owned())),
                None => panic!("a block without a file in {:?}", recipe.name),
            }
        } else if line.starts_with("| `/") {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(|c| c.trim().trim_matches('`')).collect();
            recipe.values.push([cells[0], cells[1], cells[2]].map(str::to_owned));
        }
    }
    found.retain(|r| r.name.starts_with("Recipe "));
    found
}

/// A value as the page writes it: `–` for none, words without quotes, all else as JSON.
fn written(record: &Value, pointer: &str) -> String {
    match record.pointer(pointer) {
        None => "–".to_owned(),
        Some(Value::String(s)) => s.clone(),
        Some(other) => other.to_string(),
    }
}

/// A folder with the files of a recipe.
fn laid_out(recipe: &Recipe) -> tempfile::TempDir {
    let here = folder();
    for (name, body) in &recipe.files {
        write(here.path(), name, body);
    }
    here
}

/// The record of a recipe's document in a dataset.
fn record(dataset: &Path, recipe: &Recipe) -> Value {
    let (document, _) = recipe.files.iter().find(|(name, _)| name.starts_with("archive/")).expect("a document");
    let name = format!("records/{}.json", document.trim_start_matches("archive/"));
    serde_json::from_slice(&fs::read(dataset.join(name)).unwrap()).unwrap()
}

#[test]
fn each_recipe_does_what_the_page_says() {
    let recipes = recipes();
    assert!(recipes.len() >= 5, "only {} recipes", recipes.len());
    let all = folder();
    for (name, body) in recipes.iter().flat_map(|r| &r.files) {
        write(all.path(), name, body);
    }
    let before = run(all.path(), &["extract", "archive", "-o", "before", "--quiet"]);
    assert_eq!(before.code, 0, "{}", before.err);
    for recipe in &recipes {
        let here = laid_out(recipe);
        assert!(recipe.commands.iter().any(|c| c.contains("--grammar mine")), "{}", recipe.name);
        for command in &recipe.commands {
            let words: Vec<&str> = command.split_whitespace().collect();
            assert_eq!(words[0], "agendata", "{command}");
            let ran = run(here.path(), &words[1..]);
            assert_eq!(ran.code, 0, "{}: {command}: {}{}", recipe.name, ran.out, ran.err);
        }
        let (before, after) = (record(&all.path().join("before"), recipe), record(&here.path().join("output"), recipe));
        assert!(recipe.values.len() >= 2, "{}: too few values", recipe.name);
        for [pointer, was, is] in &recipe.values {
            assert_eq!(&written(&before, pointer), was, "{}: {pointer} before", recipe.name);
            assert_eq!(&written(&after, pointer), is, "{}: {pointer} after", recipe.name);
        }
        assert!(recipe.values.iter().any(|[_, was, is]| was != is), "{}: nothing changes", recipe.name);
    }
}

#[test]
fn all_recipes_go_together_and_each_rule_fires() {
    let here = folder();
    for (name, body) in recipes().iter().flat_map(|r| &r.files) {
        write(here.path(), name, body);
    }
    let ran = run(here.path(), &["profile", "archive", "--grammar", "mine", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let profile: Value = serde_json::from_str(&ran.out).unwrap();
    let own = profile["rules"]["own"].as_array().unwrap();
    assert!(own.len() >= 9, "{own:?}");
    for rule in own {
        assert!(rule["fired"].as_u64() > Some(0), "{} never fires", rule["id"]);
    }
    let made = run(here.path(), &["extract", "archive", "-o", "output", "--quiet", "--grammar", "mine"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let verified = run(here.path(), &["verify", "output", "--source", "archive", "--grammar", "mine"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}
