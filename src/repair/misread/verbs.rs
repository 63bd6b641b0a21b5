//! The small word between a verb and the person whose part it tells: "chaired b Ms. Lee", "chaired byMr Lee".
//!
//! In: a short run of letters behind a word. Out: the letter or the space that was lost, where both words together are one of
//! the grammars' phrases for a part. Never: touches a word that stands elsewhere.

use crate::grammar::{Set, Slot};
use crate::model::Span;

use super::super::Change;
use super::tokens::Token;
use super::words::{ALPHABET, Reader};

/// No such word with an honorific glued to it is longer.
const LONGEST: usize = 8;

/// What is to be changed in `word`, if it is damaged so.
pub(super) fn change(r: &Reader<'_>, word: &str, token: Token) -> Option<Change> {
    let shape = token.shape;
    if shape.digits > 0 || shape.address || shape.capital || word.len() > LONGEST || !word.is_ascii() {
        return None;
    }
    let before = r.text[..token.span.start].trim_end();
    let near = token.span.start - before.len();
    let verb = before.rsplit(|c: char| !c.is_alphanumeric()).next().filter(|v| v.len() > 3 && near == 1)?;
    let next = r.text[token.span.end..].trim_start_matches(['.', ' ', '\n']);
    let is_part = |small: &str| r.g.lookup(Set::RoleVerb, &format!("{verb} {small}")).is_some();
    if word.len() == 1 && next.starts_with(char::is_uppercase) {
        let rule = r.g.misreadings.lost(Slot::LostLetter)?;
        let meant = ALPHABET.chars().flat_map(|c| [format!("{word}{c}"), format!("{c}{word}")]).find(|w| is_part(w))?;
        return Some(Change { span: token.span, to: meant, rule });
    }
    let rule = r.g.misreadings.lost(Slot::LostSpace)?;
    let glued = |at: &usize| is_part(&word[..*at]) && r.g.lookup(Set::Honorific, &word[*at..]).is_some();
    let at = (2..word.len()).find(glued)?;
    let span = Span::new(at - 1, at);
    Some(Change { span: span.shifted(token.span.start), to: format!("{} ", span.of(word)), rule })
}
