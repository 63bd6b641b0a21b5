//! What a person sees of a run, on standard error: progress, findings, the summary.
//!
//! In: extractions and outcomes. Out: lines. Never: writes to standard output, nor more findings than a person reads.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::extract;
use super::progress::Progress;
use super::terminal::{Terminal, paint, say};
use crate::batch::{Outcome, Status, Summary, Watch};
use crate::diag::{Look, lookup, render};
use crate::model::{Diagnostic, Record, Severity};
use crate::pipeline::Extraction;

/// Findings shown for one document.
const PER_DOCUMENT: usize = 5;
/// Findings shown in a run.
const PER_RUN: u64 = 50;
/// Columns that findings are fitted to.
const WIDTH: usize = 100;

/// The user's side of a run.
pub struct Screen {
    look: Look,
    quiet: bool,
    verbose: bool,
    progress: Option<Progress>,
    shown: AtomicU64,
    left_out: AtomicU64,
}

impl Screen {
    /// A screen, with progress where it is wanted.
    pub fn new(terminal: Terminal, quiet: bool, verbose: bool, progress: Option<Progress>) -> Self {
        Self {
            look: Look { color: terminal.color, width: WIDTH },
            quiet,
            verbose,
            progress,
            shown: AtomicU64::new(0),
            left_out: AtomicU64::new(0),
        }
    }

    /// Takes the progress away.
    pub fn clear(&self) {
        if let Some(progress) = &self.progress {
            progress.clear();
        }
    }

    /// The sums of a run.
    pub fn summary(&self, summary: &Summary, output: Option<&Path>) {
        if let Some(progress) = self.progress.as_ref().filter(|p| p.is_json()) {
            return progress.ended(summary);
        }
        if summary.kept_earlier {
            say("error: no document could be read; the earlier dataset is left as it was");
        }
        if !self.quiet {
            summary_lines(summary, output, self.left_out.load(Ordering::Relaxed)).iter().for_each(|line| say(line));
        }
    }

    fn wants(&self, severity: Severity) -> bool {
        match (self.quiet, self.verbose) {
            (true, _) => severity >= Severity::Error,
            (_, true) => true,
            _ => severity >= Severity::Warning,
        }
    }

    fn print(&self, text: &str) {
        if !self.progress.as_ref().is_some_and(|progress| progress.above(text)) {
            paint(text.trim_end_matches('\n'));
        }
    }
}

impl Watch for Screen {
    fn look(&self, extraction: &Extraction) -> Vec<String> {
        if self.progress.as_ref().is_some_and(Progress::is_json) {
            return Vec::new();
        }
        let room = if self.verbose { usize::MAX } else { PER_DOCUMENT };
        if !self.verbose && self.shown.load(Ordering::Relaxed) >= PER_RUN {
            return Vec::new();
        }
        let record = &extraction.record;
        let mut wanted: Vec<_> = record.diagnostics.iter().filter(|d| self.wants(d.severity)).collect();
        wanted.sort_by_key(|d| std::cmp::Reverse(d.severity));
        let content = Some(extraction.text.content.as_str());
        wanted
            .into_iter()
            .take(room)
            .map(|d| render(&placed(d, record), &record.source.path, content, self.look))
            .collect()
    }

    fn done(&self, outcome: &Outcome) {
        let mut shown = 0;
        for text in &outcome.shown {
            if self.verbose || self.shown.load(Ordering::Relaxed) < PER_RUN {
                self.shown.fetch_add(1, Ordering::Relaxed);
                self.print(text);
                shown += 1;
            }
        }
        if matches!(outcome.status, Status::Done | Status::Failed) && !outcome.reused {
            let wanted = outcome.findings.values().filter(|(severity, _)| self.wants(*severity)).map(|(_, n)| n);
            self.left_out.fetch_add(wanted.sum::<u64>().saturating_sub(shown), Ordering::Relaxed);
        }
        if let Some(progress) = &self.progress {
            progress.done(outcome);
        }
    }

    fn stopped(&self) -> bool {
        extract::stopped()
    }

    fn closing(&self) {
        extract::closing();
    }
}

/// The finding with the span of the value that it is about, where it has none of its own.
fn placed(finding: &Diagnostic, record: &Record) -> Diagnostic {
    let mut finding = finding.clone();
    if let (None, Some(at)) = (finding.span, &finding.at) {
        let below = format!("{at}/");
        let inside = record.evidence.range(below.clone()..).take_while(|(p, _)| p.starts_with(&below)).map(|(_, e)| e);
        let evidence = record.evidence.get(at).into_iter().chain(inside);
        finding.span = evidence.filter(|e| e.line > 0).find_map(|e| e.spans.first().copied());
    }
    finding
}

/// The summary as a person reads it.
fn summary_lines(summary: &Summary, output: Option<&Path>, left_out: u64) -> Vec<String> {
    let mut lines = Vec::new();
    if left_out > 0 {
        lines.push(format!("{left_out} more findings are not shown; --verbose shows all\n"));
    }
    let mut documents = format!("{} read", summary.done);
    let others = [
        (summary.failed, "failed"),
        (summary.unsupported, "in formats that are not read"),
        (summary.skipped, "left out (links, no regular files)"),
        (summary.unpacked, "unpacked"),
    ];
    for (n, what) in others.into_iter().filter(|(n, _)| *n > 0) {
        documents.push_str(&format!(", {n} {what}"));
    }
    if summary.stopped {
        lines.push("stopped: what is done stays, the same command goes on".to_owned());
    }
    let [sessions, people, contacts] = summary.counts;
    lines.push(format!("documents   {documents}"));
    if summary.reused > 0 {
        lines.push(format!("unchanged   {} of these, not read again", summary.reused));
    }
    if summary.kept > 0 {
        lines.push(format!("kept        {} that were not met any more (--prune removes them)", summary.kept));
    }
    if summary.removed > 0 {
        lines.push(format!("removed     {} that were not met any more", summary.removed));
    }
    lines.push(format!("sessions    {sessions}"));
    lines.push(format!("people      {people}"));
    lines.push(format!("contacts    {contacts}"));
    lines.push(format!("findings    {}", summary.findings.values().map(|(_, n)| n).sum::<u64>()));
    for (code, (severity, n)) in &summary.findings {
        let title = lookup(code).map_or("", |c| c.title);
        lines.push(format!("  {code} {n:>7}  {:<7}  {title}", severity.as_str()));
    }
    if let Some(output) = output.filter(|o| *o != Path::new("-") && !summary.kept_earlier) {
        lines.push(format!("written to  {}", output.display()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_what_a_clerk_asks() {
        let summary = Summary {
            done: 12,
            failed: 1,
            unsupported: 3,
            counts: [150, 201, 14],
            findings: [("A0702".to_owned(), (Severity::Warning, 3)), ("A0714".to_owned(), (Severity::Note, 1200))]
                .into(),
            ..Summary::default()
        };
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path("../../tests/snapshots");
        settings.bind(|| {
            insta::assert_snapshot!("summary", summary_lines(&summary, Some(Path::new("output")), 7).join("\n"))
        });
    }

    #[test]
    fn a_finding_without_span_is_shown_at_its_value() {
        let mut record = Record::default();
        for (pointer, start) in [("/contacts/0/emails/0", 7), ("/contacts/0/phones/0/raw", 3), ("/contacts/01", 1)] {
            let spans = vec![crate::model::Span::new(start, start + 2)];
            let evidence = crate::model::Evidence { spans, line: 1, ..Default::default() };
            record.evidence.insert(pointer.into(), evidence);
        }
        let start = |at: &str| {
            let finding = Diagnostic { at: Some(at.into()), ..crate::diag::finding("A0702", "") };
            placed(&finding, &record).span.map(|s| s.start)
        };
        assert_eq!(start("/contacts/0/phones/0"), Some(3));
        assert_eq!(start("/contacts/0/emails/0"), Some(7));
        assert_eq!(start("/contacts/1"), None);
    }
}
