//! Values that can be shown in their source, and the pure steps that make them.
//!
//! A value is never made but by [`recompute`]: its pieces of text go through the steps named in its
//! `via`, in order. `agendata verify` runs the same function over a finished dataset, so what was
//! written and what can be shown are the same by construction.
//!
//! In: pieces of the ingested text, step names. Out: the value. Never: a clock, a file, a guess.

mod dates;
mod names;
mod phones;
mod steps;
mod value;

pub use names::{family_first, split_name};
pub use phones::read_phone;
pub use steps::{StepError, apply, join_pieces, recompute, undo_slip};
pub use value::{Grounded, Slips, first_of};
