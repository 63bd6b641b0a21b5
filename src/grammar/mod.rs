//! Loads and compiles `grammars/`.

use std::sync::{Arc, OnceLock};

use crate::repair::RepairRules;

/// The compiled grammars.
#[derive(Default)]
pub struct Grammar {
    /// Rules of the repair stage.
    pub repair: RepairRules,
    /// Hash over all grammar files, hex.
    pub hash: String,
}

impl Grammar {
    /// The grammars that are embedded in the program, compiled once.
    pub fn builtin() -> Arc<Grammar> {
        static BUILTIN: OnceLock<Arc<Grammar>> = OnceLock::new();
        BUILTIN.get_or_init(|| Arc::new(Grammar::default())).clone()
    }
}
