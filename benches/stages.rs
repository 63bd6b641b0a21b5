//! One bench a stage, over the documents of `input/`, and the whole way; throughput in bytes of input.
//!
//! `just bench`, or `just bench scan` for one. Each stage is given what the stages before it made.

use std::hint::black_box;
use std::path::Path;

use agendata::emit::{Document, Parts, emitters};
use agendata::grammar::Grammar;
use agendata::ingest::{Limits, Text, ingest};
use agendata::model::Record;
use agendata::repair::{Repaired, repair};
use agendata::scan::scan;
use agendata::segment::segment;
use agendata::{Options, Pipeline, Source, assemble, emit, parse, resolve, validate};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

fn documents() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("input");
    let mut sources: Vec<Source> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some(Source { path: e.file_name().into_string().ok()?, bytes: std::fs::read(e.path()).ok()? }))
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn stages(c: &mut Criterion) {
    let (g, options) = (Grammar::builtin(), Options::default());
    let sources = documents();
    let bytes = sources.iter().map(|s| s.bytes.len() as u64).sum();
    let texts: Vec<Text> = sources.iter().map(|s| ingest(s, &Limits::default())).collect();
    let repaired: Vec<Repaired> = texts.iter().map(|t| repair(t, &g.repair)).collect();
    let scanned: Vec<_> = repaired.iter().zip(&texts).map(|(r, t)| scan(r, t, &g, &options)).collect();
    let units: Vec<_> = scanned.iter().map(|s| segment(s, &g)).collect();
    let parsed: Vec<_> = scanned.iter().zip(&units).map(|(s, u)| parse::parse(s, u, &g)).collect();
    let trees = || scanned.iter().zip(&parsed).map(|(s, p)| assemble::assemble(s, p, &g)).collect::<Vec<_>>();
    let lines: Vec<_> =
        scanned.iter().zip(&parsed).zip(trees()).map(|((s, p), tree)| assemble::explain(s, p, &tree)).collect();
    let resolved = |trees: Vec<_>| -> Vec<Record> {
        let all = sources.iter().zip(&texts).zip(&repaired).zip(&scanned).zip(trees);
        all.map(|((((source, t), r), s), tree)| resolve::resolve(source, t, r, s, tree, &g, &options)).collect()
    };
    let records = resolved(trees());
    let checked = |mut records: Vec<Record>| {
        for ((record, t), l) in records.iter_mut().zip(&texts).zip(&lines) {
            validate::validate(record, t, &g, l);
        }
        records
    };
    let done = checked(records.clone());

    let mut group = c.benchmark_group("stage");
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("ingest", |b| {
        b.iter(|| sources.iter().map(|s| ingest(s, &Limits::default())).collect::<Vec<_>>())
    });
    group.bench_function("repair", |b| b.iter(|| texts.iter().map(|t| repair(t, &g.repair)).collect::<Vec<_>>()));
    group.bench_function("scan", |b| {
        b.iter(|| repaired.iter().zip(&texts).map(|(r, t)| scan(r, t, &g, &options)).collect::<Vec<_>>());
    });
    group.bench_function("segment", |b| b.iter(|| scanned.iter().map(|s| segment(s, &g)).collect::<Vec<_>>()));
    group.bench_function("parse", |b| {
        b.iter(|| scanned.iter().zip(&units).map(|(s, u)| parse::parse(s, u, &g)).collect::<Vec<_>>());
    });
    group.bench_function("assemble", |b| b.iter(trees));
    group.bench_function("resolve", |b| b.iter_batched(trees, resolved, BatchSize::LargeInput));
    group.bench_function("validate", |b| b.iter_batched(|| records.clone(), checked, BatchSize::LargeInput));
    group.bench_function("emit", |b| {
        let formats = emitters(emit::DATASET);
        b.iter(|| {
            for (record, text) in done.iter().zip(&texts) {
                let mut parts = Parts::default();
                let document = Document::new(record, text, false);
                formats.iter().for_each(|f| f.document(&document, &mut parts));
                black_box(parts);
            }
        });
    });
    group.finish();
}

fn whole(c: &mut Criterion) {
    let (pipeline, sources) = (Pipeline::default(), documents());
    let mut group = c.benchmark_group("whole");
    group.throughput(Throughput::Bytes(sources.iter().map(|s| s.bytes.len() as u64).sum()));
    group.bench_function("extract", |b| b.iter(|| sources.iter().map(|s| pipeline.extract(s)).collect::<Vec<_>>()));
    group.sample_size(10);
    group.bench_function("grammar", |b| b.iter(|| Grammar::load(black_box(&[])).map(|g| g.hash.len())));
    // what a run over one document costs: the patterns that it asks for are compiled anew
    group.bench_function("start", |b| {
        b.iter(|| {
            let grammar = Grammar::load(black_box(&[])).ok()?;
            Some(Pipeline::new(grammar, Options::default()).extract(sources.first()?))
        });
    });
    group.finish();
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = stages, whole }
criterion_main!(benches);
