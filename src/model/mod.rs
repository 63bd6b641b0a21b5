//! The record model `agendata/1`: plain data, no behaviour beyond serde. Every stage works towards
//! it, every emitter reads it, gold files are written in it.

mod enums;
mod record;
mod span;

pub use enums::*;
pub use record::*;
pub use span::Span;
