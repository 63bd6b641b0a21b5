//! What is in force at a place of an RTF document.
//!
//! In: control words. Out: the state that text is written under. Never: writes.

use crate::ingest::flow::Look;

/// What a group holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Destination {
    #[default]
    Body,
    Fonts,
    Styles,
    Info,
    Title,
    Instruction,
    /// The number of a list item.
    Label,
    /// A drawing: only what it frames is text.
    Shape,
}

/// Properties of the paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Para {
    pub in_table: bool,
    pub depth: usize,
    pub style: Option<i32>,
    pub outline: Option<u8>,
    pub level: u8,
    pub before: u32,
    pub after: u32,
    pub contextual: bool,
    pub new_page: bool,
}

/// All that a group restores when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub destination: Destination,
    pub font: i32,
    pub look: Look,
    pub hidden: bool,
    pub deleted: bool,
    /// Characters that stand for one `\u`, for readers that do not know it.
    pub fallback: usize,
    pub para: Para,
}

impl Default for State {
    fn default() -> Self {
        Self {
            destination: Destination::Body,
            font: -1,
            look: Look::default(),
            hidden: false,
            deleted: false,
            fallback: 1,
            para: Para::default(),
        }
    }
}

impl State {
    /// Takes in a property of characters or paragraphs; whether the word was one.
    pub fn property(&mut self, word: &str, number: Option<i32>, default_font: i32) -> bool {
        let on = number != Some(0);
        let twips = u32::try_from(number.unwrap_or(0)).unwrap_or(0);
        match word {
            "b" => self.look.bold = on,
            "i" => self.look.italic = on,
            "v" => self.hidden = on,
            "deleted" => self.deleted = on,
            "f" => self.font = number.unwrap_or(default_font),
            "uc" => self.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(0).min(16),
            "plain" => {
                self.look = Look::default();
                (self.hidden, self.deleted, self.font) = (false, false, default_font);
            }
            "pard" => self.para = Para::default(),
            "intbl" => self.para.in_table = on,
            "itap" => self.para.depth = usize::try_from(number.unwrap_or(1)).unwrap_or(0),
            "s" => self.para.style = number,
            "outlinelevel" => self.para.outline = number.and_then(|n| u8::try_from(n).ok()).filter(|n| *n < 9),
            "ilvl" => self.para.level = number.and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
            "sb" => self.para.before = twips,
            "sa" => self.para.after = twips,
            "sbauto" if on => self.para.before = 280,
            "saauto" if on => self.para.after = 280,
            "contextualspace" => self.para.contextual = true,
            "pagebb" => self.para.new_page = on,
            _ => return false,
        }
        true
    }
}
