//! The images of a page → one picture of the page.
//!
//! In: what a page shows. Out: its images in grey where they stand, in a resolution that letters can be read in. Never:
//! paints letters or lines: it is for pages that have none.

use super::content::{Drawn, Picture};
use super::geometry::Matrix;
use super::guard::Unpacker;
use super::raster::Raster;
use crate::ingest::ocr::Image;

/// Points an inch.
const POINTS: f64 = 72.0;
/// Below this resolution letters are read badly, so that a coarse image is painted larger than it is.
const LOW: f64 = 200.0;
/// A finer resolution costs time and brings nothing.
const HIGH: f64 = 400.0;
/// Pixels of a picture.
const PIXELS: usize = 1 << 26;
/// Images of one page.
const IMAGES: usize = 500;

/// Paints the images of a page; with the picture comes how many of its pixels a point has.
pub(super) fn paint(drawn: &Drawn<'_>, unpacker: &mut Unpacker, cap: u64) -> Option<(Image, f32)> {
    let most = usize::try_from(cap / 4).unwrap_or(PIXELS).min(PIXELS);
    let (width, height) = (f64::from(drawn.size.0), f64::from(drawn.size.1));
    let scale = scale(drawn).min((most as f64 / (width * height).max(1.0)).sqrt());
    let image = Image {
        width: (width * scale).ceil() as usize,
        height: (height * scale).ceil() as usize,
        grey: Vec::new(),
        dpi: (scale * POINTS).round() as u32,
    };
    let pixels = image.width.checked_mul(image.height).filter(|n| (1..=most * 2).contains(n))?;
    let mut image = Image { grey: vec![255; pixels], ..image };
    let mut painted = false;
    for picture in drawn.images.iter().take(IMAGES) {
        let Some(stream) = &picture.stream else { continue };
        let Some(raster) = Raster::of(stream, unpacker, most) else { continue };
        painted |= draw(&mut image, picture, &raster, scale).is_some();
    }
    painted.then_some((image, scale as f32))
}

/// Pixels a point: those of the finest image that covers some of the page, within reason.
fn scale(drawn: &Drawn<'_>) -> f64 {
    let page = drawn.size.0 * drawn.size.1;
    let fine = drawn.images.iter().filter(|p| p.area.width() * p.area.height() > 0.02 * page).filter_map(|p| {
        let pixels = f64::from(p.stream.as_ref()?.dict().get::<u32>("Width")?);
        Some(pixels / p.ctm[0].hypot(p.ctm[1]).max(1.0) * POINTS)
    });
    let dpi = fine.fold(0.0, f64::max).max(50.0);
    let dpi = if dpi < LOW { dpi * (LOW / dpi).ceil() } else { dpi.min(HIGH) };
    dpi / POINTS
}

/// Draws one image; nothing where its place has no extent.
fn draw(image: &mut Image, picture: &Picture<'_>, raster: &Raster, scale: f64) -> Option<()> {
    let home = inverse(&picture.ctm)?;
    let side = |n: f32, most: usize| ((f64::from(n) * scale).round().max(0.0) as usize).min(most);
    let (left, right) = (side(picture.area.left, image.width), side(picture.area.right, image.width));
    let (top, bottom) = (side(picture.area.top, image.height), side(picture.area.bottom, image.height));
    // How many pixels of the image one of the page has, along a row.
    let step = home[0].hypot(home[1] * raster.height as f64 / raster.width.max(1) as f64) * raster.width as f64 / scale;
    for row in top..bottom {
        let line = image.grey.get_mut(row * image.width + left..row * image.width + right)?;
        for (i, pixel) in line.iter_mut().enumerate() {
            let place = |dx: f64, dy: f64| {
                let (x, y) = (((left + i) as f64 + dx) / scale, (row as f64 + dy) / scale);
                (home[0] * x + home[2] * y + home[4], 1.0 - (home[1] * x + home[3] * y + home[5]))
            };
            let (x, y) = place(0.5, 0.5);
            if !(0.0..=1.0).contains(&x) || !(0.0..=1.0).contains(&y) {
                continue;
            }
            let ink = if step < 0.75 {
                raster.between(x, y)
            } else if step < 1.5 {
                raster.at(x, y)
            } else {
                let corners = [place(0.25, 0.25), place(0.75, 0.25), place(0.25, 0.75), place(0.75, 0.75)];
                let sum: u32 = corners.iter().map(|(x, y)| u32::from(raster.at(*x, *y))).sum();
                u8::try_from(sum / 4).unwrap_or(255)
            };
            let cover = raster.cover.as_ref().map_or(255, |c| c.at(x, y));
            let mixed = u32::from(ink) * u32::from(cover) + u32::from(*pixel) * u32::from(255 - cover);
            *pixel = u8::try_from(mixed / 255).unwrap_or(255);
        }
    }
    Some(())
}

/// The way back.
fn inverse(m: &Matrix) -> Option<Matrix> {
    let [a, b, c, d, e, f] = *m;
    let det = a * d - b * c;
    let out = [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
    out.iter().all(|n| n.is_finite()).then_some(out)
}
