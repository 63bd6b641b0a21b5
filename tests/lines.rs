//! Which lines are used, explained and unexplained.

use agendata::{Pipeline, Source};

/// Numbers of the lines that nothing explains.
fn unexplained(text: &str) -> Vec<usize> {
    let record = Pipeline::default().extract(&Source { path: "a.txt".into(), bytes: text.into() });
    record.coverage.unexplained
}

const HEAD: &str = "Programme of the Wells Seminar\n\n12 May 2011\n\n09:00 - 10:00 Registration\n";

#[test]
fn every_mention_uses_its_lines() {
    let person = "Chair: Ms. Ann Lee, Head of the Pumps Division, Steering Group on Wells,\nWater Agency, Ghana\n";
    let rows = format!("10:00 - 11:00 Session 1: Old wells\n{person}11:00 - 12:00 Session 2: New wells\n{person}");
    assert_eq!(unexplained(&format!("{HEAD}{rows}")), [0; 0], "also where the person was named before");
}

#[test]
fn a_roles_word_in_a_sentence_is_explained_where_nobody_is_named() {
    let row = "10:00 - 11:00 Session 1: Old wells\n";
    let nobody = "The coordinators of the valley and all other participants then look at what the wells have given.\n";
    let somebody = "The coordinators of the valley and Mr. Bob Low then look together at what the wells have given.\n";
    assert_eq!(unexplained(&format!("{HEAD}{row}\n{nobody}")), [0; 0]);
    let named =
        Pipeline::default().extract(&Source { path: "a.txt".into(), bytes: format!("{HEAD}{row}\n{somebody}").into() });
    assert!(named.people.iter().any(|p| p.name == "Bob Low"), "who is named there is read, so that the line is used");
}

#[test]
fn a_time_that_no_value_uses_is_never_prose() {
    let text = "The gate of the yard is locked at 18:40 and whoever is late goes round by the lake and the mill.\n";
    assert_eq!(unexplained(&format!("{HEAD}10:00 - 11:00 Session 1: Old wells\n\n{text}")), [8]);
}

#[test]
fn addresses_and_words_that_were_read_before_are_repetitions() {
    let contact = "Contacts\n\nMs. Ann Lee\nWater Agency\nTel: +233 30 266 5000\nann.lee@example.org\n";
    let again = "\nmailto:ann.lee@example.org\nmailto:bob.low@example.org\n";
    let found = unexplained(&format!("{HEAD}\n{contact}{again}"));
    let line = |text: &str| format!("{HEAD}\n{contact}{again}").lines().position(|l| l.contains(text)).unwrap_or(0) + 1;
    assert!(!found.contains(&line("mailto:ann")), "{found:?}");
}

#[test]
fn greetings_are_no_lines_of_a_programme() {
    assert_eq!(
        unexplained(&format!("Dear Honourable Members,\n\n{HEAD}10:00 - 11:00 Old wells\n\nYours sincerely,\n")),
        [0; 0]
    );
}
