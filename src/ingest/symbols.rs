//! Characters of symbol fonts.
//!
//! In: a code and its font. Out: the character that shows, where there is one. Never: guesses at pictures.

/// Codes of the symbol fonts that stand in agendas, less `F000`: the font's name begins so, code, character.
const KNOWN: [(&str, u32, char); 20] = [
    ("wingdings", 0x28, '☎'),
    ("wingdings", 0x29, '✆'),
    ("wingdings", 0x2A, '✉'),
    ("wingdings", 0x6C, '●'),
    ("wingdings", 0x6E, '■'),
    ("wingdings", 0x71, '□'),
    ("wingdings", 0x76, '❖'),
    ("wingdings", 0x9F, '•'),
    ("wingdings", 0xA7, '▪'),
    ("wingdings", 0xA8, '□'),
    ("wingdings", 0xD8, '➢'),
    ("wingdings", 0xDF, '←'),
    ("wingdings", 0xE0, '→'),
    ("wingdings", 0xE8, '→'),
    ("wingdings", 0xF0, '→'),
    ("wingdings", 0xFC, '✓'),
    ("symbol", 0xB7, '•'),
    ("symbol", 0x2D, '−'),
    ("symbol", 0xAE, '→'),
    ("symbol", 0xA8, '♦'),
];

/// The character with this code in this font.
pub(super) fn symbol(code: u32, font: &str) -> Option<char> {
    let font = font.to_lowercase();
    let low = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let known = KNOWN.iter().find(|(start, c, _)| *c == low && font.starts_with(start)).map(|(.., c)| *c);
    let is_symbolic = low != code || font.starts_with("wingdings") || font.starts_with("webdings");
    known.or_else(|| char::from_u32(code).filter(|c| !is_symbolic && !c.is_control()))
}
