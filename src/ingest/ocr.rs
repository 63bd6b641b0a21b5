//! What reads the image of a page that has no text.
//!
//! In: a page as a picture in grey. Out: its words with their boxes. The work itself is the caller's to give, for a stage
//! starts no process: see [`Recognise`]. Never: decides which pages are read.

use std::fmt::Debug;
use std::time::Duration;

/// A word that was read with less confidence than this, of 100, is in doubt.
pub const DOUBTFUL: f32 = 60.0;

/// A page as a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The pixels, row by row from the top, from 0 for black to 255 for white.
    pub grey: Vec<u8>,
    /// Pixels an inch.
    pub dpi: u32,
}

/// A word that was read off an image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecognisedWord {
    /// What it says.
    pub text: String,
    /// Left, top, right, bottom, in pixels.
    pub area: [f32; 4],
    /// How sure it is, of 100.
    pub confidence: f32,
    /// Its block, paragraph and line: words of one line have the same.
    pub line: [u32; 3],
}

/// Why an image was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What was expected and what was found, with what to do.
    pub message: String,
    /// Whether the next image would not be read either.
    pub lasting: bool,
}

/// Reads words off images.
pub trait Recognise: Debug + Send + Sync {
    /// The words of `image`, in reading order, or why there are none; not longer than `time`.
    fn recognise(&self, image: &Image, time: Duration) -> Result<Vec<RecognisedWord>, Unread>;

    /// What it reads with, by name: what a run report holds, so that another run can give the same.
    fn about(&self) -> Vec<(&'static str, String)>;
}
