//! Fonts: what a character code says and how wide it is.
//!
//! In: font dictionaries. Out: for each code its text and advance, and whether the font is bold or slanted. Never: makes
//! outlines, invents a character: a code that no table names is unknown.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use hayro_font::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_font::{Font, FontCache, FontGlyph, FontQuery, FontResolverFn, StandardFont};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use rustc_hash::FxHashMap;

/// What a character code shows.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// Its text; empty where it has none.
    pub text: Box<str>,
    /// Whether the font tells what it is.
    pub known: bool,
    /// Advance along the line, in units of the font size.
    pub advance: f32,
}

/// A font of the document.
pub(super) struct FontInfo<'a> {
    font: Font<'a>,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is slanted.
    pub italic: bool,
    /// Whether its lines run down the page.
    pub vertical: bool,
    composite: Option<Composite>,
    dingbats: bool,
    cache: RefCell<FxHashMap<u32, Rc<Shown>>>,
}

/// How codes of a composite font without `ToUnicode` are read.
enum Composite {
    /// The code is UTF-16.
    Utf16,
    /// By the character's number in its collection.
    Collection { encoding: Box<CMap>, unicode: Box<CMap> },
}

impl<'a> FontInfo<'a> {
    /// The next code of `bytes`, and how many bytes it takes (at least one).
    pub fn code(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let (code, taken) = self.font.read_code(bytes, at);
        (code, taken.max(1))
    }

    /// What `code` shows.
    pub fn shown(&self, code: u32, taken: usize) -> Rc<Shown> {
        if let Some(shown) = self.cache.borrow().get(&code) {
            return shown.clone();
        }
        let text = self.text(code, taken);
        let advance = self.font.code_advance(code);
        let advance = if self.vertical { -advance.y } else { advance.x } as f32 / 1000.0;
        let known = text.as_deref().is_some_and(|t| t.chars().all(is_known));
        let text = text.map(|t| t.chars().filter(|c| is_known(*c)).collect::<String>()).unwrap_or_default();
        let advance = if advance.is_finite() { advance.clamp(-10.0, 10.0) } else { 0.0 };
        let shown = Rc::new(Shown { text: text.into(), known, advance });
        self.cache.borrow_mut().insert(code, shown.clone());
        shown
    }

    fn text(&self, code: u32, taken: usize) -> Option<String> {
        let glyph = match self.font.glyph(self.font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let text = match glyph {
            Some(BfString::Char(c)) => Some(c.to_string()),
            Some(BfString::String(s)) => Some(s),
            None => match &self.composite {
                Some(Composite::Utf16) => char::from_u32(code).map(String::from),
                Some(Composite::Collection { encoding, unicode }) => {
                    let cid = encoding.lookup_cid_code(code, u8::try_from(taken).unwrap_or(2))?;
                    match unicode.lookup_bf_string(cid)? {
                        BfString::Char(c) => Some(c.to_string()),
                        BfString::String(s) => Some(s),
                    }
                }
                None => None,
            },
        };
        text.map(|t| t.chars().map(|c| symbol(c, self.dingbats)).collect())
    }
}

/// Whether a character says something: no control character, no private use, no replacement.
fn is_known(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0E'..='\x1F' | '\x7F'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFFD}'..='\u{FFFF}'
        | '\u{F0000}'..)
}

/// The character that symbol fonts hide in the private area: bullets, ticks and arrows.
fn symbol(c: char, dingbats: bool) -> char {
    match (c, dingbats) {
        // A soft hyphen that is drawn is a hyphen.
        ('\u{AD}', _) => '-',
        ('\u{F0B7}', _) | ('\u{F09F}' | '\u{F06C}', _) => '•',
        ('\u{F0A7}' | '\u{F06E}', _) => '▪',
        ('\u{F0A8}' | '\u{F071}' | '\u{F06F}', _) => '□',
        ('\u{F0D8}', _) => '➢',
        ('\u{F076}', _) => '❖',
        ('\u{F0FC}', _) => '✓',
        ('\u{F0FB}', _) => '✗',
        ('\u{F0E0}' | '\u{F0E8}' | '\u{F0AE}', _) => '→',
        ('\u{F02D}' | '\u{F0BE}', _) => '–',
        ('\u{F028}', _) => '☎',
        ('\u{F02A}', _) => '✉',
        ('\u{F020}'..='\u{F07E}', false) => char::from_u32(u32::from(c) - 0xF000).unwrap_or(c),
        _ => c,
    }
}

/// The fonts of a document, each read once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    resolver: FontResolverFn,
    by_place: FxHashMap<usize, Option<Rc<FontInfo<'a>>>>,
}

impl<'a> Fonts<'a> {
    /// No fonts yet.
    pub fn new() -> Self {
        let resolver: FontResolverFn = Arc::new(|query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
        });
        Self { cache: FontCache::new(), resolver, by_place: FxHashMap::default() }
    }

    /// The font that `dict` describes.
    pub fn font(&mut self, dict: &Dict<'a>) -> Option<Rc<FontInfo<'a>>> {
        let place = dict.data().as_ptr() as usize;
        if let Some(font) = self.by_place.get(&place) {
            return font.clone();
        }
        let font = self.read(dict);
        self.by_place.insert(place, font.clone());
        font
    }

    fn read(&self, dict: &Dict<'a>) -> Option<Rc<FontInfo<'a>>> {
        let cmaps: hayro_font::CMapResolverFn = Arc::new(load_embedded);
        let made = descendant(dict)
            .is_none_or(|d| super::guard::widths_are_sane(&d))
            .then(|| self.cache.font(dict, &self.resolver, &cmaps));
        let font = match made.flatten() {
            Some(font) => font,
            None => self.cache.standard_font(StandardFont::Helvetica, &self.resolver)?,
        };
        let name = dict.get::<Name<'_>>("BaseFont").map(|n| n.as_str().to_ascii_lowercase()).unwrap_or_default();
        let descendant = descendant(dict);
        let described = descendant.as_ref().unwrap_or(dict).get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let flags = described.get::<u32>("Flags").unwrap_or(0);
        let has = |parts: &[&str]| parts.iter().any(|p| name.contains(p));
        let bold = has(&["bold", "black", "heavy", "demi"])
            || flags & (1 << 18) != 0
            || described.get::<f32>("FontWeight").is_some_and(|w| w >= 600.0);
        let italic = has(&["italic", "oblique"])
            || flags & (1 << 6) != 0
            || described.get::<f32>("ItalicAngle").is_some_and(|a| a.abs() > 3.0);
        Some(Rc::new(FontInfo {
            bold,
            italic,
            vertical: !font.is_horizontal(),
            composite: descendant.and_then(|d| composite(dict, &d)),
            dingbats: has(&["symbol", "dings"]),
            font,
            cache: RefCell::default(),
        }))
    }
}

/// The one font below a composite font.
fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Array<'_>>("DescendantFonts")?.iter::<Dict<'_>>().next()
}

/// How the codes of a composite font without `ToUnicode` are to be read.
fn composite(dict: &Dict<'_>, descendant: &Dict<'_>) -> Option<Composite> {
    if dict.contains_key("ToUnicode") {
        return None;
    }
    let encoding = match dict.get::<Object<'_>>("Encoding")? {
        Object::Name(name) => {
            let text = name.as_str();
            if text.starts_with("Uni") && (text.contains("UCS2") || text.contains("UTF16")) {
                return Some(Composite::Utf16);
            }
            match CMapName::from_bytes(name.as_ref()) {
                CMapName::IdentityH | CMapName::IdentityV => CMap::identity_h(),
                name => CMap::parse(load_embedded(name)?, load_embedded)?,
            }
        }
        Object::Stream(stream) => embedded(&stream)?,
        _ => return None,
    };
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let part = |key: &str| info.get::<hayro_syntax::object::String<'_>>(key).map(|s| s.as_bytes().to_vec());
    let family = CidFamily::from_registry_ordering(&part("Registry")?, &part("Ordering")?);
    let unicode = CMap::parse(load_embedded(family.ucs2_cmap()?)?, load_embedded)?;
    Some(Composite::Collection { encoding: Box::new(encoding), unicode: Box::new(unicode) })
}

fn embedded(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded_data().ok()?, load_embedded)
}
