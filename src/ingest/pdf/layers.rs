//! Optional content: the layers of a document that are switched off.
//!
//! In: the catalogue. Out: whether what belongs to a layer is shown. Never: switches one on.

use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier};
use rustc_hash::FxHashSet;

/// The layers that are switched off.
#[derive(Default)]
pub(super) struct Layers {
    off: FxHashSet<ObjectIdentifier>,
}

impl Layers {
    /// The layers as the catalogue has them.
    pub fn new(catalogue: &Dict<'_>) -> Self {
        let mut layers = Self::default();
        let Some(properties) = catalogue.get::<Dict<'_>>("OCProperties") else { return layers };
        let Some(config) = properties.get::<Dict<'_>>("D") else { return layers };
        if config.get::<Name<'_>>("BaseState").is_some_and(|s| s.as_ref() == b"OFF") {
            layers.off.extend(references(&properties, "OCGs"));
        }
        for id in references(&config, "ON") {
            layers.off.remove(&id);
        }
        layers.off.extend(references(&config, "OFF"));
        layers
    }

    /// Whether what belongs to the layer `dict`, which stands at `id`, is shown.
    pub fn shows(&self, id: Option<ObjectIdentifier>, dict: &Dict<'_>) -> bool {
        if self.off.is_empty() {
            return true;
        }
        if dict.get::<Name<'_>>("Type").is_none_or(|t| t.as_ref() != b"OCMD") {
            return id.is_none_or(|id| !self.off.contains(&id));
        }
        let mut members = references(dict, "OCGs");
        members.extend(dict.get_ref("OCGs").map(ObjectIdentifier::from));
        let (off, count) = (members.iter().filter(|id| self.off.contains(id)).count(), members.len());
        match dict.get::<Name<'_>>("P").as_deref() {
            _ if count == 0 => true,
            Some(b"AllOn") => off == 0,
            Some(b"AnyOff") => off > 0,
            Some(b"AllOff") => off == count,
            _ => off < count,
        }
    }
}

fn references(dict: &Dict<'_>, key: &str) -> Vec<ObjectIdentifier> {
    let list = dict.get::<Array<'_>>(key);
    list.iter().flat_map(|l| l.raw_iter()).filter_map(|o| o.as_obj_ref()).map(Into::into).take(100_000).collect()
}
