//! The codes of all findings, and how a finding is shown to a person.
//!
//! In: a code, a diagnostic. Out: its title, severity and page; text for a terminal. Never: decides that
//! something is wrong, prints.

mod codes;
mod render;

pub use codes::{CODES, Code, finding, lookup, near};
pub use render::{Look, printable, render};
