//! How far a run is, for a person or for a program.
//!
//! In: what became of each input, how many there are. Out: a bar, lines of words or lines of JSON on standard error.
//! Never: more than a line a second for a program, a line each ten for a log; anything on standard output.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde_json::{Value, json};

use super::terminal::{Terminal, say};
use crate::batch::{Given, Outcome, Status, Summary, count};
use crate::model::Severity;

/// How progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum How {
    // A bar where a person looks, else nothing.
    Auto,
    // A line each ten seconds.
    Plain,
    // An object of JSON a line, each second.
    Json,
    // Nothing.
    Off,
}

/// A program is told so often.
const SECOND: Duration = Duration::from_secs(1);
/// A log is told so often.
const SELDOM: Duration = Duration::from_secs(10);
/// How much of the rate is that of the last tick.
const NEW: f64 = 0.3;

/// Tells how far a run is.
pub struct Progress {
    how: How,
    bar: Option<ProgressBar>,
    /// Files that the run will see; 0 while they are counted.
    total: Arc<AtomicU64>,
    tally: Mutex<Tally>,
}

/// What is done so far.
struct Tally {
    done: u64,
    failed: u64,
    /// Members of containers among them, which nobody counted before.
    members: u64,
    /// Findings: notes, warnings, errors.
    findings: [u64; 3],
    /// Documents a second, of late.
    rate: Option<f64>,
    /// When it was told last, and how much was done then.
    told: (Instant, u64),
}

impl Progress {
    /// Tells of a run over these inputs; nothing stands for inputs that cannot be counted before.
    pub fn new(how: How, terminal: Terminal, inputs: Option<Vec<Given>>) -> Self {
        let how = if how == How::Auto && !terminal.interactive { How::Off } else { how };
        let total = Arc::new(AtomicU64::new(0));
        let bar = (how == How::Auto).then(bar);
        if let Some(inputs) = inputs.filter(|_| how != How::Off) {
            let (total, bar) = (total.clone(), bar.clone());
            // It may take a while; the run does not wait for it.
            let counting = move || {
                let n = count(&inputs);
                total.store(n, Ordering::Relaxed);
                if let Some(bar) = bar {
                    bar.set_style(style(true));
                    bar.set_length(n + bar.length().unwrap_or(0));
                }
            };
            let _ = thread::Builder::new().spawn(counting);
        }
        let tally = Tally { done: 0, failed: 0, members: 0, findings: [0; 3], rate: None, told: (Instant::now(), 0) };
        Self { how, bar, total, tally: Mutex::new(tally) }
    }

    /// Whether a program reads standard error: then everything there is JSON.
    pub fn is_json(&self) -> bool {
        self.how == How::Json
    }

    /// An input is done.
    pub fn done(&self, outcome: &Outcome) {
        if self.how == How::Off {
            return;
        }
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.add(outcome);
        if let Some(bar) = &self.bar {
            if !outcome.counted {
                bar.inc_length(1);
            }
            bar.set_message(found(&tally));
            bar.inc(1);
        } else if tally.told.0.elapsed() >= if self.is_json() { SECOND } else { SELDOM } {
            tally.tick();
            let total = self.total(&tally);
            say(&if self.is_json() { object(&tally, total).to_string() } else { words(&tally, total) });
        }
    }

    fn total(&self, tally: &Tally) -> Option<u64> {
        let total = self.total.load(Ordering::Relaxed);
        (total > 0).then(|| (total + tally.members).max(tally.done))
    }

    /// Says something above the bar.
    pub fn above(&self, text: &str) -> bool {
        self.bar.as_ref().map(|bar| bar.println(text)).is_some()
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The last line for a program: the sums of the run.
    pub fn ended(&self, summary: &Summary) {
        if self.is_json() {
            say(&sums(summary).to_string());
        }
    }
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        self.done += 1;
        self.members += u64::from(!outcome.counted);
        self.failed += u64::from(outcome.status == Status::Failed);
        for (severity, n) in outcome.findings.values() {
            self.findings[at(*severity)] += n;
        }
    }

    /// Works the rate out anew.
    fn tick(&mut self) {
        let (since, before) = self.told;
        let now = (self.done - before) as f64 / since.elapsed().as_secs_f64().max(1e-3);
        self.rate = Some(self.rate.map_or(now, |rate| rate + NEW * (now - rate)));
        self.told = (Instant::now(), self.done);
    }

    /// Seconds until all is done, at this rate.
    fn left(&self, total: Option<u64>) -> Option<u64> {
        let (total, rate) = (total?, self.rate.filter(|rate| *rate > 0.0)?);
        Some(((total - self.done) as f64 / rate).ceil() as u64)
    }
}

fn at(severity: Severity) -> usize {
    match severity {
        Severity::Note => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }
}

fn found(tally: &Tally) -> String {
    format!("{} findings, {} failed", tally.findings.iter().sum::<u64>(), tally.failed)
}

fn object(tally: &Tally, total: Option<u64>) -> Value {
    let [notes, warnings, errors] = tally.findings;
    json!({
        "done": tally.done,
        "total": total,
        "rate": tally.rate.map(|rate| (rate * 10.0).round() / 10.0),
        "left": tally.left(total),
        "findings": {"error": errors, "warning": warnings, "note": notes},
        "failed": tally.failed,
    })
}

fn words(tally: &Tally, total: Option<u64>) -> String {
    let of = total.map_or(String::new(), |total| format!(" of {total}"));
    let rate = tally.rate.map_or(String::new(), |rate| format!(", {rate:.0}/s"));
    let left = tally.left(total).map_or(String::new(), |left| format!(", {left} s left"));
    format!("{}{of} documents{rate}{left}, {}", tally.done, found(tally))
}

/// A run's sums, as the last line for a program.
fn sums(summary: &Summary) -> Value {
    let mut findings = [0; 3];
    summary.findings.values().for_each(|(severity, n)| findings[at(*severity)] += n);
    let [notes, warnings, errors] = findings;
    json!({
        "ended": if summary.stopped { "stopped" } else { "done" },
        "done": summary.done, "failed": summary.failed, "unsupported": summary.unsupported,
        "skipped": summary.skipped, "unpacked": summary.unpacked,
        "unchanged": summary.reused, "kept": summary.kept, "removed": summary.removed,
        "earlier_dataset_left": summary.kept_earlier,
        "findings": {"error": errors, "warning": warnings, "note": notes},
    })
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_style(style(false));
    bar
}

fn style(counted: bool) -> ProgressStyle {
    let template = if counted {
        "{bar:30} {human_pos}/{human_len} documents  {rate}  {eta} left  {msg}"
    } else {
        "{spinner} {human_pos} documents  {rate}  {msg}"
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("rate", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = write!(out, "{:.0}/s", state.per_sec());
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_how_far_it_is() {
        let mut tally = Tally {
            done: 40,
            failed: 1,
            members: 2,
            findings: [3, 2, 1],
            rate: None,
            told: (Instant::now() - Duration::from_secs(4), 0),
        };
        assert_eq!(object(&tally, None)["left"], Value::Null);
        tally.tick();
        let told = object(&tally, Some(100));
        assert!((told["rate"].as_f64().unwrap() - 10.0).abs() < 1.0, "{told}");
        assert!((6..=7).contains(&told["left"].as_u64().unwrap()), "{told}");
        assert_eq!((&told["total"], &told["failed"]), (&json!(100), &json!(1)));
        assert_eq!(told["findings"], json!({"error": 1, "warning": 2, "note": 3}));
        let words = words(&tally, Some(100));
        assert!(words.starts_with("40 of 100 documents, 10/s, ") && words.ends_with("6 findings, 1 failed"), "{words}");
    }
}
