//! The codes of all findings, and how a finding is shown to a person.
//!
//! In: a code, a diagnostic. Out: its title, severity and page; text for a terminal. Never: decides that
//! something is wrong, prints.

mod codes;
mod printable;
mod render;

pub use codes::{CODES, Code, finding, lookup, near};
pub use printable::{printable, printable_json, printable_lines};
pub use render::{Look, render};
