//! What annotations show on a page: form fields, free text, stamps.
//!
//! In: the page. Out: their looks, drawn as forms. Never: links; they have no look of their own.

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;

use super::Interpreter;
use crate::ingest::pdf::geometry::{Area, IDENTITY, mul};

impl<'a> Interpreter<'a, '_> {
    /// What annotations such as form fields and free text show.
    pub(super) fn annotations(&mut self, page: &Dict<'a>, resources: &Resources<'a>) {
        let Some(annotations) = page.get::<Array<'a>>("Annots") else { return };
        for annotation in annotations.iter::<Dict<'a>>().take(10_000) {
            let kind = annotation.get::<Name<'_>>("Subtype");
            let shown = kind.is_some_and(|k| matches!(k.as_ref(), b"FreeText" | b"Widget" | b"Stamp"));
            let hidden = annotation.get::<u32>("F").unwrap_or(0) & 0x22 != 0;
            if self.over || !shown || hidden {
                continue;
            }
            let Some(look) = annotation.get::<Dict<'a>>("AP").and_then(|ap| appearance(&ap, &annotation)) else {
                continue;
            };
            let (Some(place), Some(bbox)) = (annotation.get::<[f64; 4]>("Rect"), look.dict().get::<[f64; 4]>("BBox"))
            else {
                continue;
            };
            let inner = Area::of(&look.dict().get::<[f64; 6]>("Matrix").unwrap_or(IDENTITY), bbox);
            let outer = Area::of(&IDENTITY, place);
            if inner.width() <= 0.0 || inner.height() <= 0.0 {
                continue;
            }
            let (sx, sy) = (f64::from(outer.width() / inner.width()), f64::from(outer.height() / inner.height()));
            let (dx, dy) =
                (f64::from(outer.left) - sx * f64::from(inner.left), f64::from(outer.top) - sy * f64::from(inner.top));
            let before = self.state.clone();
            self.state.ctm = mul(&self.state.ctm, &[sx, 0.0, 0.0, sy, dx, dy]);
            self.form(&look, resources);
            self.state = before;
        }
    }
}

/// The stream that shows an annotation now.
fn appearance<'a>(looks: &Dict<'a>, annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match looks.get::<Object<'a>>("N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream<'a>>(annotation.get::<Name<'a>>("AS")?),
        _ => None,
    }
}
