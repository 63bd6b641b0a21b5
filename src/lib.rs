//! Turns archived seminar and conference texts into validated, source-grounded records.
//!
//! The stages stand in the order of [`pipeline`]: ingest, repair, scan, segment, parse, assemble,
//! resolve, validate, emit. Each is a function from plain data to plain data.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::dbg_macro, clippy::todo, clippy::unimplemented)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod assemble;
pub mod batch;
pub mod calibrate;
pub mod cli;
pub mod diag;
pub mod emit;
pub mod eval;
pub mod evidence;
pub mod grammar;
pub mod import;
pub mod ingest;
pub mod inspect;
pub mod model;
pub mod parse;
pub mod pipeline;
pub mod profile;
pub mod repair;
pub mod resolve;
pub mod review;
pub mod scan;
pub mod segment;
pub mod validate;
pub mod verify;

pub use ingest::Source;
pub use pipeline::{Extraction, Options, Pipeline};
