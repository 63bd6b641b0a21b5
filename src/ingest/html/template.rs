//! Programs in a page that was never sent: `<?php … ?>`, `<% … %>`.
//!
//! In: a page. Out: the page without them. Never: takes out what is not closed.

use std::borrow::Cow;

/// The page without the programs in it.
pub(super) fn strip(source: &str) -> Cow<'_, str> {
    let bytes = source.as_bytes();
    let (mut out, mut kept) = (String::new(), 0);
    // Once an end is not found, none of its kind is there.
    let mut missing = [false; 2];
    for at in memchr::memchr_iter(b'<', bytes) {
        let (which, close): (usize, &[u8]) = match bytes.get(at + 1) {
            _ if at < kept => continue,
            Some(b'?') => (0, b"?>"),
            Some(b'%') => (1, b"%>"),
            _ => continue,
        };
        if missing[which] {
            continue;
        }
        match memchr::memmem::find(&bytes[at..], close) {
            Some(end) => {
                out.push_str(&source[kept..at]);
                // What stood on both sides of the program are two words.
                out.push(' ');
                kept = at + end + close.len();
            }
            None => missing[which] = true,
        }
    }
    if kept == 0 { Cow::Borrowed(source) } else { Cow::Owned(out + &source[kept..]) }
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn programs_are_taken_out() {
        assert_eq!(strip("a<?php $a->b(); ?>b<% if %>c"), "a b c");
        assert_eq!(strip("a <b>b</b>"), "a <b>b</b>");
        assert_eq!(strip("a <? b"), "a <? b");
    }
}
