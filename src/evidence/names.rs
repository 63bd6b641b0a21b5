//! A person's name taken apart.

use crate::grammar::{Grammar, Set};

/// `FAMILY, Given` → `Given FAMILY`; nothing where there is no single comma.
pub fn family_first(name: &str) -> Option<String> {
    let (family, given) = name.split_once(',')?;
    (!given.contains(',') && !given.trim().is_empty()).then(|| format!("{} {}", given.trim(), family.trim()))
}

/// Given names and family name: particles and all-capitals words belong to the family name.
pub fn split_name(name: &str, g: &Grammar) -> (Option<String>, Option<String>) {
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() < 2 {
        return (None, Some(name.to_owned()).filter(|n| !n.is_empty()));
    }
    let capitals = |w: &str| w.chars().filter(|c| c.is_alphabetic()).count() > 1 && !w.chars().any(char::is_lowercase);
    let all_capitals = words.iter().all(|w| capitals(w));
    if !all_capitals && capitals(words[0]) && !words[0].contains('.') {
        // "DUPONT Marie": the family name stands first.
        let n = words.iter().take_while(|w| capitals(w)).count();
        return (Some(words[n..].join(" ")), Some(words[..n].join(" ")));
    }
    let mut split = words.len() - 1;
    if !all_capitals {
        while split > 1 && capitals(words[split - 1]) && capitals(words[words.len() - 1]) {
            split -= 1;
        }
    }
    while split > 1 && g.lookup(Set::Particle, words[split - 1]).is_some() {
        split -= 1;
    }
    (Some(words[..split].join(" ")), Some(words[split..].join(" ")))
}
