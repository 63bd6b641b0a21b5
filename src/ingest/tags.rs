//! The tags of HTML that give a text its shape.
//!
//! In: a tag's name. Out: what it does. Never: looks at text.

/// What a tag does to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Script,
    Style,
    Head,
    Hidden,
    Svg,
    Title,
    Heading(u8),
    Paragraph,
    Block,
    Break,
    Rule,
    List,
    /// A list that counts.
    Ordered,
    Item,
    /// Menus and other ways through a site.
    Nav,
    Header,
    Footer,
    Aside,
    /// The page's own words.
    Main,
    /// A choice among options.
    Select,
    /// What old browsers show in place of frames.
    NoFrames,
    Table,
    Row,
    Cell,
    Strong,
    Emphasis,
    Code,
    Pre,
    Link,
    Body,
    Other,
}

/// What a tag is, by its lower-case name.
pub(super) fn element(name: &[u8]) -> Element {
    match name {
        b"script" => Element::Script,
        b"style" => Element::Style,
        b"head" => Element::Head,
        b"template" | b"noscript" | b"iframe" | b"object" | b"canvas" => Element::Hidden,
        b"svg" => Element::Svg,
        b"title" => Element::Title,
        [b'h', level @ b'1'..=b'6'] => Element::Heading(level - b'0'),
        b"p" | b"blockquote" => Element::Paragraph,
        b"nav" => Element::Nav,
        b"header" => Element::Header,
        b"footer" => Element::Footer,
        b"aside" => Element::Aside,
        b"main" | b"article" => Element::Main,
        b"select" | b"datalist" => Element::Select,
        b"noframes" | b"noembed" => Element::NoFrames,
        b"div" | b"section" | b"center" | b"address" | b"dl" | b"dt" | b"dd" | b"form" | b"fieldset" | b"figure"
        | b"figcaption" | b"caption" | b"details" | b"summary" | b"option" | b"legend" => Element::Block,
        b"br" => Element::Break,
        b"hr" => Element::Rule,
        b"ul" | b"menu" | b"dir" => Element::List,
        b"ol" => Element::Ordered,
        b"li" => Element::Item,
        b"table" => Element::Table,
        b"tr" => Element::Row,
        b"td" | b"th" => Element::Cell,
        b"b" | b"strong" => Element::Strong,
        b"i" | b"em" | b"cite" => Element::Emphasis,
        b"code" | b"kbd" | b"samp" => Element::Code,
        b"pre" | b"xmp" | b"listing" => Element::Pre,
        b"a" => Element::Link,
        b"body" => Element::Body,
        _ => Element::Other,
    }
}

/// Whether `text` begins with a tag that has a meaning here, or one for data or a span.
pub(super) fn begins_with_known_tag(text: &str) -> bool {
    let name = text.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = name[..end].to_ascii_lowercase();
    let plain = ["span", "tbody", "thead", "tfoot", "img", "font", "small", "col", "colgroup", "u", "sup", "sub"];
    text.starts_with("<!--") || plain.contains(&&*name) || element(name.as_bytes()) != Element::Other
}

/// Whether what the element holds is never text.
pub(super) fn is_program(element: Element) -> bool {
    matches!(element, Element::Script | Element::Style)
}
