//! Text → text: what a machine or a careless eye read wrong, where something says what stood there.
//!
//! In: the text, the rules `[[misreading]]`, the lists of words. Out: the changes. Never: touches a word that a list has,
//! nor one for which neither a list, the shape of a number nor the document itself speaks; nor words of a document that
//! shows no other sign of being misread.

mod evidence;
mod numbers;
mod own;
mod signs;
mod spaces;
mod tokens;
mod verbs;
mod words;

use crate::grammar::Grammar;

use super::Change;

/// What is to be changed in `text`, in order.
pub(super) fn changes(text: &str, g: &Grammar) -> Vec<Change> {
    let damage = evidence::weigh(text, g);
    find(text, g, damage.is_read_by_machine(), damage.mixed > 0)
}

/// The same for a piece of a document that shows damage.
pub(super) fn of_damaged(text: &str, g: &Grammar) -> Vec<Change> {
    find(text, g, true, true)
}

fn find(text: &str, g: &Grammar, damaged: bool, numbers: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    if damaged || numbers {
        numbers::changes(text, g, &mut changes);
    }
    signs::changes(text, g, damaged, &mut changes);
    changes.sort_by_key(|c| c.span);
    if damaged {
        words::changes(text, g, &mut changes);
    }
    // what a slot says goes before what a list says
    changes.sort_by_key(|c| c.span);
    changes.dedup_by(|b, a| a.span.overlaps(b.span) || a.span == b.span);
    changes
}
