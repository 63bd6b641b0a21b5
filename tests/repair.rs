//! Repair: the rules' own examples, and the way home from every edit.

use agendata::ingest::Text;
use agendata::model::Span;
use agendata::repair::{Edit, OffsetMap, RepairRules, Repaired, apply, repair, repair_str};
use proptest::prelude::*;

fn rules() -> RepairRules {
    RepairRules::from_toml(include_str!("../grammars/base/repair.toml")).unwrap()
}

#[test]
fn every_rule_reads_its_examples() {
    assert_eq!(rules().failures(), Vec::<String>::new());
}

#[test]
fn every_example_holds_with_all_rules() {
    let rules = rules();
    for rule in rules.rules() {
        assert!(!rule.examples.is_empty() && !rule.counter.is_empty(), "{}", rule.id);
        for example in &rule.examples {
            assert_eq!(repair_str(&example.from, &rules).content, example.to, "{}", rule.id);
        }
        for text in &rule.counter {
            assert_eq!(repair_str(text, &rules).content, *text, "{}", rule.id);
        }
    }
}

#[test]
fn a_rule_taken_out_fails_its_examples() {
    let all = rules();
    for index in 0..all.rules().len() {
        let mut fewer = all.rules().to_vec();
        let gone = fewer.remove(index);
        let fewer = RepairRules::new(fewer).unwrap();
        let lost = gone.examples.iter().any(|e| repair_str(&e.from, &fewer).content != e.to);
        assert!(lost, "{}", gone.id);
    }
}

#[test]
fn files_with_slips_are_refused() {
    let head = "[[rule]]\nid = \"a\"\nexamples = []\ncounter = []\n";
    for (bad, says) in [
        ("kind = \"replace\"\nmap = { \"x\" = \"y\" }", "ASCII"),
        ("kind = \"replace\"", "expected `map`"),
        ("kind = \"space\"\ncharacters = \"\u{A0}\"\nvowels = \"A\"", "no meaning"),
        ("kind = \"spice\"", "unknown variant"),
        ("kind = \"space\"\ncharacter = \"\u{A0}\"", "unknown field"),
    ] {
        let error = RepairRules::from_toml(&format!("{head}{bad}\n")).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    let twice = format!("{head}kind = \"space\"\ncharacters = \"\u{A0}\"\n").repeat(2);
    assert!(RepairRules::from_toml(&twice).is_err());
}

#[test]
fn overlays_go_by_id() {
    let over = "[[rule]]\nid = \"base/repair/ligature\"\nkind = \"replace\"\nmap = { \"ŋ\" = \"ng\" }\nexamples = []\ncounter = []\n";
    let rules = rules().overlaid(RepairRules::from_toml(over).unwrap()).unwrap();
    assert_eq!(repair_str("ŋ ﬁ", &rules).content, "ng ﬁ");
}

#[test]
fn undamaged_text_is_left_alone() {
    let text = Text { content: "Agenda\n09:30 – 10:00 Café, J. R. R. Tolkien\n".into(), ..Text::default() };
    let repaired = repair(&text, &rules());
    assert_eq!(repaired.content, text.content);
    assert!(repaired.repairs.is_empty() && repaired.map == OffsetMap::identity());
}

#[test]
fn passes_that_meet_are_one_repair() {
    // Wrongly decoded, the ligature is a ligature only after the first pass.
    let damaged = "the Oï¬ƒce\u{200B}";
    let repaired = repair_str(damaged, &rules());
    assert_eq!(repaired.content, "the Office");
    assert_eq!(repaired.repairs.len(), 2);
    assert_eq!((repaired.repairs[0].from.as_str(), repaired.repairs[0].to.as_str()), ("ï¬ƒ", "ffi"));
    consistent(damaged, &repaired);
}

#[test]
fn values_go_home() {
    let damaged = "10h00 \u{AD} 11h00  SÃ©ance plÃ©niÃ¨re, Mme.\u{A0}Lef\u{200B}Ã¨vre";
    let repaired = repair_str(damaged, &rules());
    assert_eq!(repaired.content, "10h00 - 11h00  Séance plénière, Mme. Lefèvre");
    for word in ["10h00", "- 11h00", "Séance", "plénière", "Lefèvre", "Mme. Lefèvre"] {
        let at = repaired.content.find(word).unwrap();
        let span = Span::new(at, at + word.len());
        let home = repaired.map.home(span);
        assert_eq!(apply(damaged, home, &repaired.repairs), word);
        assert_eq!(repaired.map.forth(home), span);
    }
    consistent(damaged, &repaired);
}

/// The repairs are sorted, apart, true to the text, and make the repaired text.
fn consistent(ingested: &str, repaired: &Repaired) {
    assert!(repaired.repairs.windows(2).all(|w| w[0].span.end <= w[1].span.start));
    for r in &repaired.repairs {
        assert_eq!(r.span.of(ingested), r.from);
        assert!(!r.rule.is_empty());
    }
    let whole = Span::new(0, ingested.len());
    assert_eq!(apply(ingested, whole, &repaired.repairs), repaired.content);
    assert_eq!(ingested.matches('\n').count(), repaired.content.matches('\n').count());
}

/// A text, and edits of it: each a gap to the last, a length, and what stands there now.
fn edited(text: &[u32], edits: &[(usize, usize, usize)], fresh: &mut u32) -> (Vec<u32>, OffsetMap) {
    let (mut out, mut made, mut at) = (Vec::new(), Vec::new(), 0);
    for (gap, length, new) in edits {
        let start = at + gap;
        let end = start + length;
        if end > text.len() {
            break;
        }
        out.extend(&text[at..start]);
        let to = out.len();
        for _ in 0..*new {
            *fresh += 1;
            out.push(*fresh);
        }
        made.push(Edit { from: Span::new(start, end), to: Span::new(to, out.len()), rule: 0 });
        at = end;
    }
    out.extend(&text[at..]);
    (out, OffsetMap::from_edits(made).unwrap())
}

fn pass() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((1usize..6, 0usize..4, 0usize..4), 0..8)
}

/// Every element that survived goes home alone, every range covers the homes of what it holds, and
/// nothing that came from outside a range is inside the range's home, edits aside.
fn homes(old: &[u32], new: &[u32], map: &OffsetMap) -> Result<(), TestCaseError> {
    let covered = |at: usize| map.edits().iter().any(|e| e.to.start <= at && at < e.to.end);
    for (at, element) in new.iter().enumerate() {
        let home = map.home(Span::new(at, at + 1));
        prop_assert!(home.end <= old.len() && home.start <= home.end);
        if !covered(at) {
            prop_assert_eq!(&old[home.start..home.end], &[*element]);
        }
        if let Some(source) = old.iter().position(|o| o == element) {
            prop_assert!(home.start <= source && source < home.end);
        }
    }
    for start in 0..new.len() {
        for end in start + 1..=new.len() {
            let home = map.home(Span::new(start, end));
            for at in start..end {
                prop_assert!(home.contains(map.home(Span::new(at, at + 1))));
            }
            prop_assert_eq!(home.start, map.home(Span::new(start, start + 1)).start);
            prop_assert_eq!(home.end, map.home(Span::new(end - 1, end)).end);
        }
    }
    for edit in map.edits().iter().filter(|e| !e.to.is_empty()) {
        prop_assert_eq!(map.home(edit.to), edit.from);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_edits_goes_home(passes in prop::collection::vec(pass(), 1..5), length in 0usize..40) {
        let original: Vec<u32> = (0..length as u32).collect();
        let mut fresh = 1000;
        let mut text = original.clone();
        let mut whole = OffsetMap::identity();
        for edits in &passes {
            let (next, map) = edited(&text, edits, &mut fresh);
            homes(&text, &next, &map)?;
            // Composition leads at least to where the maps lead one after the other.
            let composed = whole.compose(&map);
            for at in 0..next.len() {
                let span = Span::new(at, at + 1);
                prop_assert!(composed.home(span).contains(whole.home(map.home(span))));
            }
            (text, whole) = (next, composed);
            homes(&original, &text, &whole)?;
            let edits = whole.edits();
            prop_assert!(edits.windows(2).all(|w| w[0].from.end <= w[1].from.start && w[0].to.end <= w[1].to.start));
        }
        prop_assert_eq!(whole.compose(&OffsetMap::identity()), whole.clone());
        prop_assert_eq!(OffsetMap::identity().compose(&whole), whole);
    }

    #[test]
    fn any_text_is_repaired_consistently(pieces in prop::collection::vec(prop::sample::select(vec![
        "a", "é", "Ã©", "â€™", "â€", "ï¬", "\u{81}", "ƒ", "ﬁ", "\u{200B}", "\u{AD}", " ", "  ", "A", "B Y ", "\n", "\t",
        "\u{A0}", "ÃƒÂ§", "Ã", "\u{85}", "9", ":", "\u{200D}", "P R O G", "ð", "Ÿ", "\u{FEFF}",
    ]), 0..40)) {
        let rules = rules();
        let text: String = pieces.concat();
        let repaired = repair_str(&text, &rules);
        consistent(&text, &repaired);
        for (at, c) in repaired.content.char_indices() {
            let home = repaired.map.home(Span::new(at, at + c.len_utf8()));
            prop_assert!(text.get(home.start..home.end).is_some());
            let surviving = apply(&text, home, &repaired.repairs);
            prop_assert!(surviving.contains(c));
        }
    }
}
