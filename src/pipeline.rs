//! The visible list of the stages.
//!
//! In: a [`Source`] (bytes and a path). Out: a [`Record`], always: a document that cannot be read is a
//! record with diagnostics. Never: prints, opens a file, reads a clock.

use std::sync::Arc;
use std::time::Duration;

use crate::grammar::Grammar;
use crate::ingest::{self, Budget, Limits, Recognise, Source, Text};
use crate::model::Record;
use crate::{assemble, inspect, parse, repair, resolve, scan, segment, validate};

/// What the user told, beside the documents. Values that come from here have origin `option`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Year of dates whose year stands nowhere.
    pub year: Option<i32>,
    /// ISO 3166-1 alpha-2: region of phone numbers without country code, and order of numeric dates.
    pub country: Option<String>,
    /// BCP 47: main language of the documents.
    pub language: Option<String>,
    /// IANA zone of the times.
    pub timezone: Option<String>,
    /// What reading one document may cost.
    pub limits: Limits,
    /// What reads pages without text off their images; they stay unread without it.
    pub ocr: Option<Arc<dyn Recognise>>,
}

/// A record and the text that its spans count in.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The record.
    pub record: Record,
    /// The ingested text.
    pub text: Text,
}

/// What a run over the stages came to.
enum Seen {
    /// The record, behind the last of them.
    Record(Box<Extraction>),
    /// What the stage that was asked for makes of the document.
    Shown(String),
}

/// A stage whose output can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Bytes → text.
    Ingest,
    /// Characters for characters.
    Repair,
    /// Typed spans.
    Scan,
    /// Units with their classes.
    Segment,
    /// Symbolic values.
    Parse,
    /// The tree.
    Assemble,
    /// The record.
    Record,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: &'static [Stage] =
        &[Stage::Ingest, Stage::Repair, Stage::Scan, Stage::Segment, Stage::Parse, Stage::Assemble, Stage::Record];

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Repair => "repair",
            Stage::Scan => "scan",
            Stage::Segment => "segment",
            Stage::Parse => "parse",
            Stage::Assemble => "assemble",
            Stage::Record => "record",
        }
    }

    /// The stage of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.as_str() == name)
    }
}

/// The stages with their grammar and options; cheap to clone, safe to share between threads.
///
/// ```
/// use agendata::{Pipeline, Source};
///
/// let pipeline = Pipeline::default();
/// let source = Source { path: "note.txt".into(), bytes: b"Programme\n\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Opening session\n".to_vec() };
/// let record = pipeline.extract(&source);
/// assert_eq!(record.sessions[0].start.as_deref(), Some("09:30"));
/// assert_eq!(record.sessions[0].date.as_deref(), Some("2011-05-12"));
/// ```
#[derive(Clone)]
pub struct Pipeline {
    grammar: Arc<Grammar>,
    options: Options,
}

impl Default for Pipeline {
    /// The built-in grammars, no options.
    fn default() -> Self {
        Self::new(Grammar::builtin(), Options::default())
    }
}

impl Pipeline {
    /// A pipeline over `grammar` with `options`.
    pub fn new(grammar: Arc<Grammar>, options: Options) -> Self {
        Self { grammar, options }
    }

    /// The grammar it reads with.
    pub fn grammar(&self) -> &Arc<Grammar> {
        &self.grammar
    }

    /// Reads one document.
    pub fn extract(&self, source: &Source) -> Record {
        self.extract_with_text(source).record
    }

    /// Reads one document and keeps its ingested text.
    pub fn extract_with_text(&self, source: &Source) -> Extraction {
        match self.run(source, None) {
            Seen::Record(extraction) => *extraction,
            Seen::Shown(_) => Extraction { record: Record::default(), text: Text::default() },
        }
    }

    /// What `stage` makes of one document, as text for a person.
    pub fn inspect(&self, source: &Source, stage: Stage) -> String {
        match self.run(source, Some(stage)) {
            Seen::Record(extraction) => serde_json::to_string_pretty(&extraction.record).unwrap_or_default(),
            Seen::Shown(text) => text,
        }
    }

    /// Every stage, or those up to `until`; without its text, where the document is over its limits.
    fn run(&self, source: &Source, until: Option<Stage>) -> Seen {
        let mut budget = self.options.limits.budget();
        let text = ingest::ingest_with(source, &self.options.limits, self.options.ocr.as_deref());
        self.stages(source, text, &mut budget, until).unwrap_or_else(|text| {
            // What is over its limits gives the record of a document without text.
            let text = text.given_up(&self.options.limits);
            let mut unbound = Limits { time: Duration::MAX, ..Limits::default() }.budget();
            self.stages(source, text, &mut unbound, until)
                .unwrap_or_else(|text| Seen::Record(Box::new(Extraction { record: Record::default(), text: *text })))
        })
    }

    /// Everything behind ingest, up to `until`, or the text again, where the document is over its limits.
    fn stages(
        &self,
        source: &Source,
        text: Text,
        budget: &mut Budget,
        until: Option<Stage>,
    ) -> Result<Seen, Box<Text>> {
        let g = &*self.grammar;
        let ends = |stage| until == Some(stage);
        if budget.is_spent() || text.content.len() > budget.limits.text() {
            return Err(Box::new(text));
        }
        if ends(Stage::Ingest) {
            return Ok(Seen::Shown(inspect::ingest(&text)));
        }
        let repaired = repair::undo_misreadings(&text, repair::repair(&text, &g.repair), g);
        if ends(Stage::Repair) {
            return Ok(Seen::Shown(inspect::repair(&repaired)));
        }
        let scanned = scan::scan(&repaired, &text, g, &self.options);
        if ends(Stage::Scan) {
            return Ok(Seen::Shown(inspect::scan(&scanned)));
        }
        if budget.is_spent() {
            return Err(Box::new(text));
        }
        let units = segment::segment(&scanned, g);
        if ends(Stage::Segment) {
            return Ok(Seen::Shown(inspect::segment(&scanned, &units)));
        }
        let parsed = parse::parse(&scanned, &units, g);
        if ends(Stage::Parse) {
            return Ok(Seen::Shown(inspect::parse(&scanned, &parsed)));
        }
        if budget.is_spent() {
            return Err(Box::new(text));
        }
        let tree = assemble::assemble(&scanned, &parsed, g);
        if ends(Stage::Assemble) {
            return Ok(Seen::Shown(inspect::assemble(&tree)));
        }
        let lines = assemble::explain(&scanned, &parsed, &tree);
        let mut record = resolve::resolve(source, &text, &repaired, &scanned, tree, g, &self.options);
        validate::validate(&mut record, &text, g, &lines);
        Ok(Seen::Record(Box::new(Extraction { record, text })))
    }
}
