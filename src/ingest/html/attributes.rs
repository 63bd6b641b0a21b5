//! What the attributes of a tag say of its element: hidden, furniture, how a list counts.
//!
//! In: a start tag. Out: answers. Never: looks at text.

use std::borrow::Cow;

use html5gum::StartTag;

use crate::ingest::numbers::{Format, written};
use crate::ingest::tags::Element;

/// Words of `class` and `id` by which pages name their furniture.
const FURNITURE: [&str; 14] = [
    "nav",
    "navbar",
    "navigation",
    "breadcrumb",
    "breadcrumbs",
    "footer",
    "site-footer",
    "page-footer",
    "site-header",
    "cookie",
    "cookies",
    "cookie-banner",
    "skip-link",
    "skiplink",
];
/// Words of `class` by which pages name what is hidden only until it is asked for.
const FOLDED: [&str; 8] = ["tab", "tabpanel", "panel", "pane", "collapse", "accordion", "toggle", "slide"];
/// Roles of furniture (WAI-ARIA).
const ROLES: [&str; 5] = ["navigation", "banner", "contentinfo", "search", "menubar"];

/// The value of an attribute.
pub(super) fn value<'t>(tag: &'t StartTag<()>, name: &str) -> Option<Cow<'t, str>> {
    tag.attributes.get(name.as_bytes()).map(|v| String::from_utf8_lossy(&v.value))
}

/// A number in an attribute.
pub(super) fn number<N: std::str::FromStr>(tag: &StartTag<()>, name: &str) -> Option<N> {
    value(tag, name).and_then(|v| v.trim().parse().ok())
}

/// Whether the element is not shown, and not because it is folded up until it is asked for.
pub(super) fn is_hidden(tag: &StartTag<()>) -> bool {
    let by_style = || {
        value(tag, "style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
    };
    let by_name = value(tag, "hidden").is_some_and(|v| !v.eq_ignore_ascii_case("until-found"));
    (by_name || by_style()) && !is_folded(tag)
}

fn is_folded(tag: &StartTag<()>) -> bool {
    value(tag, "role").is_some_and(|r| r.eq_ignore_ascii_case("tabpanel"))
        || words(tag, "class").any(|w| FOLDED.iter().any(|f| w.split(['-', '_']).any(|part| part == *f)))
}

fn words(tag: &StartTag<()>, name: &str) -> impl Iterator<Item = String> {
    let value = value(tag, name).unwrap_or_default().to_ascii_lowercase();
    value.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Whether the element is what a site repeats on its pages; a header or footer within the page's own words is none.
pub(super) fn is_furniture(element: Element, tag: &StartTag<()>, within: bool) -> bool {
    match element {
        Element::Nav | Element::Select => true,
        Element::Body | Element::Main | Element::Heading(_) | Element::Row | Element::Cell | Element::Table => false,
        Element::Header | Element::Footer | Element::Aside if !within => true,
        _ => {
            value(tag, "role").is_some_and(|r| ROLES.contains(&&*r.trim().to_ascii_lowercase()))
                || (matches!(element, Element::Block | Element::List | Element::Ordered | Element::Footer)
                    && ["class", "id"].iter().any(|a| words(tag, a).any(|w| FURNITURE.contains(&&*w))))
        }
    }
}

/// How a list counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counter {
    next: i64,
    step: i64,
    format: Format,
}

impl Counter {
    /// The counter of a list; nothing where it has bullets, or counts down from its length.
    pub fn of(tag: &StartTag<()>) -> Option<Self> {
        let down = value(tag, "reversed").is_some();
        let start = number(tag, "start");
        if down && start.is_none() {
            return None;
        }
        let format = match value(tag, "type").as_deref().map(str::trim) {
            Some("a") => Format::LowerLetter,
            Some("A") => Format::UpperLetter,
            Some("i") => Format::LowerRoman,
            Some("I") => Format::UpperRoman,
            _ => Format::Decimal,
        };
        let is_bare = value(tag, "style").is_some_and(|s| s.contains("none"));
        (!is_bare).then_some(Self { next: start.unwrap_or(1), step: if down { -1 } else { 1 }, format })
    }

    /// The number of the next item, as it stands before it.
    pub fn label(&mut self, item: &StartTag<()>) -> String {
        let number = number(item, "value").unwrap_or(self.next);
        self.next = number.saturating_add(self.step);
        format!("{}. ", written(number, self.format))
    }
}
