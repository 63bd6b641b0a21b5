//! What of a page is passed over: programs, heads, what is not shown.
//!
//! In: tags as they come. Out: whether they are passed over. Never: passes over a whole page.

use html5gum::StartTag;

use super::{Walker, attributes};
use crate::ingest::tags::{Element, is_program};

/// An element that is passed over, how often it is open, and the lists and tables open in it.
pub(super) struct Skipping {
    pub(super) element: Element,
    name: Vec<u8>,
    depth: usize,
    inner: usize,
}

impl Walker {
    /// Keeps the count of an element that is passed over; whether the tag is done with.
    pub(super) fn passes_over(&mut self, element: Element, tag: &StartTag<()>) -> bool {
        if let Some(skipping) = &mut self.skipping {
            if !skipping.ends_before(element) {
                let is_title = skipping.element == Element::Head && element == Element::Title;
                skipping.depth += usize::from(skipping.name == *tag.name && !tag.self_closing);
                skipping.inner += usize::from(is_holder(element));
                return !is_title;
            }
            self.skipping = None;
        }
        if tag.self_closing {
            return false;
        }
        let not_shown = !self.reads_all
            && (matches!(element, Element::Hidden | Element::Svg | Element::Head)
                || (can_hide(element, &tag.name) && attributes::is_hidden(tag)));
        if not_shown || is_program(element) {
            self.has_skipped |= not_shown;
            self.skipping = Some(Skipping { element, name: tag.name.to_vec(), depth: 1, inner: 0 });
            return true;
        }
        false
    }

    /// Ends what is passed over, where a tag ends it; whether anything is passed over.
    pub(super) fn ends_skipping(&mut self, element: Element, name: &[u8]) -> bool {
        let Some(skipping) = &mut self.skipping else { return false };
        if skipping.name == name {
            skipping.depth -= 1;
            if skipping.depth == 0 {
                self.skipping = None;
            }
        } else if is_holder(element) {
            skipping.inner = skipping.inner.saturating_sub(1);
        }
        true
    }
}

impl Skipping {
    /// Whether a start tag ends it without saying so.
    fn ends_before(&self, next: Element) -> bool {
        let block = matches!(
            next,
            Element::Paragraph
                | Element::Block
                | Element::Table
                | Element::List
                | Element::Ordered
                | Element::Heading(_)
        );
        match self.element {
            Element::Head => matches!(next, Element::Body | Element::Table),
            Element::Paragraph => block,
            Element::Item => self.inner == 0 && next == Element::Item,
            Element::Cell => self.inner == 0 && matches!(next, Element::Cell | Element::Row),
            Element::Row => self.inner == 0 && next == Element::Row,
            _ => false,
        }
    }
}

/// Whether an element holds items, rows and cells of its own.
fn is_holder(element: Element) -> bool {
    matches!(element, Element::List | Element::Ordered | Element::Table)
}

/// Whether an element can be hidden: a whole page is not, what holds nothing has no end.
fn can_hide(element: Element, name: &[u8]) -> bool {
    const EMPTY: [&[u8]; 11] =
        [b"html", b"input", b"img", b"meta", b"link", b"area", b"base", b"col", b"embed", b"source", b"wbr"];
    let is_page = matches!(element, Element::Body | Element::Break | Element::Rule | Element::Title | Element::Main);
    !is_page && !EMPTY.contains(&name)
}
