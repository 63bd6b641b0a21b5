//! Builds the text of a marked-up document: characters, breaks and regions in reading order.
//!
//! In: what a walker meets. Out: a [`Text`] whose regions hold no white space at their ends, with the
//! link targets appended. Never: reorders.

use rustc_hash::FxHashMap;

use super::text::{Region, RegionKind, Text};
use crate::model::Span;

/// A text in the making.
#[derive(Default)]
pub(super) struct Builder {
    out: String,
    layout: Vec<Region>,
    /// Links: the index of the region, and the target.
    links: Vec<(usize, String)>,
    /// Regions that were opened and have no text yet.
    waiting: Vec<usize>,
    /// End of the last character that is no white space.
    ink: usize,
}

/// An opened region, to be closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open(usize);

/// A state to go back to.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    out: usize,
    layout: usize,
    links: usize,
    waiting: Vec<usize>,
    ink: usize,
}

impl Builder {
    /// The state now.
    pub fn mark(&self) -> Mark {
        Mark {
            out: self.out.len(),
            layout: self.layout.len(),
            links: self.links.len(),
            waiting: self.waiting.clone(),
            ink: self.ink,
        }
    }

    /// Forgets all that came after `mark`.
    pub fn rewind(&mut self, mark: Mark) {
        self.out.truncate(mark.out);
        self.layout.truncate(mark.layout);
        self.links.truncate(mark.links);
        self.waiting = mark.waiting;
        self.ink = mark.ink;
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Regions opened so far.
    pub fn regions(&self) -> usize {
        self.layout.len()
    }

    /// What was written after `mark`, in regions or not.
    pub fn since(&self, mark: &Mark) -> &str {
        self.out.get(mark.out..).unwrap_or_default()
    }

    /// All that was written so far.
    pub fn so_far(&self) -> &str {
        &self.out
    }

    /// Changes what a region is.
    pub fn set_kind(&mut self, open: Open, kind: RegionKind) {
        if let Some(region) = self.layout.get_mut(open.0) {
            region.kind = kind;
        }
    }

    /// Takes a region back; its text stays.
    pub fn cancel(&mut self, open: Open) {
        self.waiting.retain(|index| *index != open.0);
        if let Some(region) = self.layout.get_mut(open.0) {
            region.span.end = region.span.start;
        }
    }

    /// Takes back all regions of a kind.
    pub fn cancel_all(&mut self, kind: &RegionKind) {
        for region in self.layout.iter_mut().filter(|r| r.kind == *kind) {
            region.span.end = region.span.start;
        }
    }

    /// Bytes that regions of a kind cover; they must not lie in each other.
    pub fn covered(&self, kind: &RegionKind) -> usize {
        self.layout.iter().filter(|r| r.kind == *kind).map(|r| r.span.len()).sum()
    }

    /// Ends the line in place of the cell that has just begun.
    pub fn untab(&mut self) {
        if self.out.ends_with('\t') {
            self.out.pop();
            self.line();
        }
    }

    /// Whether anything but white space was written at or after `at`.
    pub fn has_ink_after(&self, at: usize) -> bool {
        self.ink > at
    }

    /// Appends text as it stands.
    pub fn text(&mut self, text: &str) {
        let bare = text.trim_start();
        if !bare.is_empty() {
            let first = self.out.len() + (text.len() - bare.len());
            for index in self.waiting.drain(..) {
                if let Some(region) = self.layout.get_mut(index) {
                    region.span.start = first;
                }
            }
            self.ink = first + bare.trim_end().len();
        }
        self.out.push_str(text);
    }

    /// Whether the next character would be the first of its line.
    pub fn at_line_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    /// Whether nothing but an indent stands on the line.
    pub fn at_line_or_indent(&self) -> bool {
        let bare = self.out.trim_end_matches([' ', '\t']);
        bare.is_empty() || bare.ends_with('\n')
    }

    /// Whether white space already stands before the next character.
    pub fn at_space(&self) -> bool {
        self.out.is_empty() || self.out.ends_with(['\n', '\t', ' '])
    }

    /// Whether a cell has just begun.
    pub fn at_tab(&self) -> bool {
        self.out.ends_with('\t')
    }

    /// Ends the line, if one is begun.
    pub fn line(&mut self) {
        self.trim_line();
        if !self.at_line_start() {
            self.out.push('\n');
        }
    }

    /// Takes spaces off the end of the line.
    pub fn trim_line(&mut self) {
        let end = self.out.trim_end_matches(' ').len();
        self.out.truncate(end);
    }

    /// Takes back the end of the last line, where something stands on it.
    pub fn unline(&mut self) {
        if self.out.ends_with('\n') && self.out.len() == self.ink + 1 {
            self.out.pop();
        }
    }

    /// Ends the line and leaves one empty line, unless there is one.
    pub fn blank(&mut self) {
        self.line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Opens a region; regions opened first stand first among equals.
    pub fn open(&mut self, kind: RegionKind) -> Open {
        self.layout.push(Region { span: Span::new(self.out.len(), self.out.len()), kind });
        self.waiting.push(self.layout.len() - 1);
        Open(self.layout.len() - 1)
    }

    /// Opens a link to `target`, where that is an address on its own.
    pub fn open_link(&mut self, target: &str) -> Option<Open> {
        let target = target.trim();
        let is_code = ["javascript:", "data:", "blob:", "about:", "vbscript:"];
        if is_code.iter().any(|c| target.get(..c.len()).is_some_and(|t| t.eq_ignore_ascii_case(c))) {
            return None;
        }
        let scheme = target.split_once(':').is_some_and(|(s, rest)| {
            let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-');
            !rest.is_empty() && s.starts_with(|c: char| c.is_ascii_alphabetic()) && s.bytes().all(is_name)
        });
        if !scheme && !target.starts_with("//") && !target.starts_with("www.") {
            return None;
        }
        // What a mail is to be about is no part of its address.
        let is_mail = target.get(..7).is_some_and(|t| t.eq_ignore_ascii_case("mailto:"));
        let target = if is_mail { target.split('?').next().unwrap_or(target) } else { target };
        let open = self.open(RegionKind::Link(Span::default()));
        self.links.push((open.0, target.replace(char::is_whitespace, "%20")));
        Some(open)
    }

    /// A note's mark stands behind what was written last; [`Builder::note`] tells where the note is.
    pub fn noted(&mut self) -> Open {
        let last = self.out[..self.ink].chars().next_back().map_or(0, char::len_utf8);
        let span = Span::new(self.ink - last, self.ink);
        self.layout.push(Region { span, kind: RegionKind::Noted(Span::default()) });
        Open(self.layout.len() - 1)
    }

    /// The note of a mark is the region `note`, which is closed.
    pub fn note(&mut self, mark: Open, note: Open) {
        let Some(span) = self.layout.get(note.0).map(|r| r.span) else { return };
        if let Some(region) = self.layout.get_mut(mark.0).filter(|r| matches!(r.kind, RegionKind::Noted(_))) {
            region.kind = RegionKind::Noted(span);
        }
    }

    /// Closes a region: it covers what was written since, without white space at its ends.
    pub fn close(&mut self, open: Open) {
        if let Some(region) = self.layout.get_mut(open.0) {
            region.span.end = self.ink.max(region.span.start);
        }
        if self.waiting.last() == Some(&open.0) {
            self.waiting.pop();
        }
    }

    /// The text: no white space at its end but a line end, then one line for each link target.
    pub fn finish(mut self, media_type: &str) -> Text {
        let end = self.out.trim_end().len();
        self.out.truncate(end);
        if end > 0 {
            self.out.push('\n');
        }
        self.append_targets();
        self.layout.retain(|r| {
            !r.span.is_empty() && !matches!(&r.kind, RegionKind::Link(t) | RegionKind::Noted(t) if t.is_empty())
        });
        Text { content: self.out, layout: self.layout, media_type: media_type.into(), ..Text::default() }
    }

    fn append_targets(&mut self) {
        let mut known: FxHashMap<String, Span> = FxHashMap::default();
        for (index, target) in std::mem::take(&mut self.links) {
            let Some(region) = self.layout.get(index) else { continue };
            let shown = region.span.of(&self.out);
            let bare = target.strip_prefix("mailto:").or_else(|| target.strip_prefix("tel:")).unwrap_or(&target);
            if region.span.is_empty() || shown == target || shown == bare {
                continue;
            }
            let span = match known.get(&target) {
                Some(span) => *span,
                None => {
                    if known.is_empty() {
                        self.blank();
                    }
                    let span = Span::new(self.out.len(), self.out.len() + target.len());
                    self.out.push_str(&target);
                    self.out.push('\n');
                    self.layout.push(Region { span, kind: RegionKind::Target });
                    known.insert(target, span);
                    span
                }
            };
            self.layout[index].kind = RegionKind::Link(span);
        }
    }
}
