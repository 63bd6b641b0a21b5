//! What stands apart in an RTF document: text boxes, headers and footers, notes.
//!
//! In: groups that were kept. Out: their text, each at its place, and the whole text in the end. Never: the same header
//! twice.

use super::super::lexer::Lexer;
use super::super::state::State;
use super::{Piece, Reader};
use crate::ingest::builder::Open;
use crate::ingest::fields::Fields;
use crate::ingest::remarks::told;
use crate::ingest::{RegionKind, Text};

/// Text boxes and notes within each other.
const MOST_NESTED: usize = 4;

impl Reader<'_, '_> {
    /// Reads the text boxes that were met.
    pub(super) fn read_boxes(&mut self, nested: usize) {
        for piece in std::mem::take(&mut self.boxes) {
            if nested >= MOST_NESTED {
                self.remarks.deep = true;
                return;
            }
            self.flow.part();
            self.piece(piece, nested + 1);
            self.flow.part();
        }
    }

    /// Reads a group that was kept.
    fn piece(&mut self, piece: Piece, nested: usize) {
        let base = std::mem::replace(&mut self.base, self.tables.depth());
        let fields = std::mem::take(&mut self.fields);
        let (before, was_in) = (self.is_item, std::mem::take(&mut self.in_paragraph));
        let state = State { font: piece.state.font, fallback: piece.state.fallback, ..State::default() };
        self.run(Lexer::within(self.source, piece.from, piece.to), state, nested);
        self.flow.end_paragraph();
        self.read_boxes(nested);
        self.tables.leave(self.base, &mut self.flow);
        (self.is_item, self.in_paragraph) = (before, was_in);
        (self.base, self.fields) = (base, fields);
    }

    /// Reads a group that stands apart, unless one with the same words was read.
    pub(super) fn apart(&mut self, piece: Piece, kind: RegionKind) -> Option<Open> {
        let mark = self.flow.mark();
        let once = kind != RegionKind::Note;
        let open = self.flow.open_apart(kind);
        self.piece(piece, 1);
        self.flow.close_apart(open);
        let words: Vec<&str> = self.flow.since(&mark).split_whitespace().collect();
        if once && !self.seen.insert(words.join(" ")) {
            self.flow.rewind(mark);
        }
        self.started = !once;
        open
    }

    /// Reads what was kept for the end, and gives the text.
    pub fn finish(mut self, media_type: &str) -> Text {
        self.flow.end_paragraph();
        self.read_boxes(0);
        self.tables.leave(0, &mut self.flow);
        (self.in_paragraph, self.is_item, self.high) = (false, false, None);
        self.label.clear();
        self.fields = Fields::default();
        self.flow.close_link();
        let places = std::mem::take(&mut self.marks);
        for (number, piece) in std::mem::take(&mut self.notes).into_iter().enumerate() {
            self.mark = Some((number + 1).to_string());
            let note = self.apart(piece, RegionKind::Note);
            self.flow.note(places.get(number).copied().flatten(), note);
            self.mark = None;
        }
        let headers = std::mem::take(&mut self.headers);
        for piece in headers.into_iter().chain(std::mem::take(&mut self.footers)) {
            self.apart(piece, RegionKind::Furniture);
        }
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let encoding = self.fonts.ansi.name().to_owned();
        told(Text { encoding, ..self.flow.finish(media_type, Some(&title)) }, self.remarks.diagnostics())
    }
}
