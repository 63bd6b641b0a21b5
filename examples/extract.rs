//! Reads one file and prints its sessions, each with the place where its start and title stand.
//!
//! `cargo run --example extract -- input/seminar-mail-1993.txt`

use agendata::{Pipeline, Source};

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "input/seminar-mail-1993.txt".into());
    let source = Source { bytes: std::fs::read(&path)?, path };
    let record = Pipeline::default().extract(&source);
    println!("{}: {} sessions, {} people", record.source.path, record.sessions.len(), record.people.len());
    for (n, session) in record.sessions.iter().enumerate() {
        let line = |field: &str| record.evidence.get(&format!("/sessions/{n}/{field}")).map_or(0, |e| e.line);
        println!(
            "{} {} {} (line {}, line {})",
            session.date.as_deref().unwrap_or("no date"),
            session.start.as_deref().unwrap_or("--:--"),
            session.title.as_deref().unwrap_or("no title"),
            line("start"),
            line("title"),
        );
    }
    Ok(())
}
