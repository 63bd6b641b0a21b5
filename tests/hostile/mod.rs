//! What the tests with hostile files share: files that are changed at random, files that
//! lie. In: a seed. Out: bytes. Never: depends on anything but the seed.

pub mod change;
pub mod lies;
pub mod office;
pub mod pdf;

pub use crate::support::Random;
