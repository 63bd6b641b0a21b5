//! An image of a PDF → its pixels in grey.
//!
//! In: the stream of an image. Out: one byte a pixel, and how much of what lies below each hides. Never: takes more than
//! a cap, is true to colours.

use hayro_syntax::Filter;
use hayro_syntax::object::stream::{ImageColorSpace, ImageDecodeParams};
use hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};

use super::guard::Unpacker;

/// Pixels in grey.
pub(super) struct Raster {
    pub width: usize,
    pub height: usize,
    pub grey: Vec<u8>,
    /// How much each place covers what lies below it; everything where it is not there.
    pub cover: Option<Box<Raster>>,
}

/// What the samples of a pixel mean.
enum Colours {
    /// So many parts: 1 grey, 3 red, green and blue, 4 inks.
    Parts(usize),
    /// One part, an ink.
    Ink,
    /// Greys by number.
    Palette(Vec<u8>),
    /// The image itself tells.
    Own,
}

impl Raster {
    /// The pixel at a place of the unit square, from the upper left corner.
    pub fn at(&self, x: f64, y: f64) -> u8 {
        let (column, row) = ((x * self.width as f64) as usize, (y * self.height as f64) as usize);
        let (column, row) = (column.min(self.width.saturating_sub(1)), row.min(self.height.saturating_sub(1)));
        self.grey.get(row * self.width + column).copied().unwrap_or(255)
    }

    /// The same between pixels, for an image that is drawn larger than it is.
    pub fn between(&self, x: f64, y: f64) -> u8 {
        let (w, h) = (self.width as f64, self.height as f64);
        let (left, top) = ((x * w - 0.5).max(0.0), (y * h - 0.5).max(0.0));
        let (dx, dy) = (left.fract(), top.fract());
        let pixel = |i: f64, j: f64| f64::from(self.at((left.floor() + i + 0.5) / w, (top.floor() + j + 0.5) / h));
        let above = pixel(0.0, 0.0) * (1.0 - dx) + pixel(1.0, 0.0) * dx;
        let below = pixel(0.0, 1.0) * (1.0 - dx) + pixel(1.0, 1.0) * dx;
        (above * (1.0 - dy) + below * dy).round() as u8
    }

    /// Decodes an image of at most `cap` pixels.
    pub fn of(stream: &Stream<'_>, unpacker: &mut Unpacker, cap: usize) -> Option<Self> {
        Self::read(stream, unpacker, cap, true)
    }

    fn read(stream: &Stream<'_>, unpacker: &mut Unpacker, cap: usize, outer: bool) -> Option<Self> {
        let dict = stream.dict();
        let (width, height) = (dict.get::<u32>("Width")?, dict.get::<u32>("Height")?);
        let stencil = dict.get::<bool>("ImageMask").unwrap_or(false);
        let colours = if stencil { Colours::Parts(1) } else { colours(dict, unpacker) };
        let bits = if stencil { 1 } else { dict.get::<u8>("BitsPerComponent").unwrap_or(8) };
        let pixels = (width as usize).checked_mul(height as usize).filter(|n| (1..=cap).contains(n))?;
        if !sane(stream, cap) || !unpacker.allows(stream) {
            return None;
        }
        let params = ImageDecodeParams {
            is_indexed: matches!(colours, Colours::Palette(_)),
            bpc: Some(bits),
            num_components: colours.parts().and_then(|n| u8::try_from(n).ok()),
            target_dimension: None,
            width,
            height,
        };
        let decoded = stream.decoded_image(&params).ok()?;
        let (mut width, mut height, mut bits) = (width as usize, height as usize, bits);
        let mut parts = colours.parts().unwrap_or(1);
        if let Some(own) = &decoded.image_data {
            (width, height, bits) = (own.width as usize, own.height as usize, own.bits_per_component);
            match own.color_space {
                Some(ImageColorSpace::Gray) => parts = 1,
                Some(ImageColorSpace::Rgb) => parts = 3,
                Some(ImageColorSpace::Cmyk) => parts = 4,
                Some(ImageColorSpace::Unknown(n)) => parts = usize::from(n).max(1),
                None => {}
            }
        }
        let pixels = width.checked_mul(height).filter(|n| (1..=cap.max(pixels)).contains(n))?;
        let turned = dict.get::<[f32; 2]>("Decode").is_some_and(|[low, high]| low > high)
            || first(dict).is_some_and(|(low, high)| low > high);
        let mut grey = Vec::with_capacity(pixels);
        let row = (width * parts * usize::from(bits)).div_ceil(8).max(1);
        let mut samples = vec![0u8; parts];
        for line in decoded.data.chunks(row).take(height) {
            for column in 0..width {
                for (part, sample) in samples.iter_mut().enumerate() {
                    let raw = sample_at(line, column * parts + part, bits, colours.is_palette());
                    *sample = if turned { 255 - raw } else { raw };
                }
                grey.push(colours.grey(&samples));
            }
        }
        grey.resize(pixels, 255);
        let cover = if outer { cover(dict, stencil, &grey, (width, height), unpacker, cap) } else { None };
        if outer && stencil {
            // What is painted through a stencil is taken for ink.
            grey.iter_mut().for_each(|g| *g = 0);
        }
        Some(Self { width, height, grey, cover })
    }
}

/// The first pair of `Decode`.
fn first(dict: &Dict<'_>) -> Option<(f32, f32)> {
    let array = dict.get::<Array<'_>>("Decode")?;
    let mut numbers = array.iter::<f32>();
    Some((numbers.next()?, numbers.next()?))
}

/// What an image covers: the places that its stencil paints, its soft mask, or what its mask leaves.
fn cover(
    dict: &Dict<'_>,
    stencil: bool,
    grey: &[u8],
    (width, height): (usize, usize),
    unpacker: &mut Unpacker,
    cap: usize,
) -> Option<Box<Raster>> {
    if stencil {
        let grey = grey.iter().map(|g| 255 - g).collect();
        return Some(Box::new(Raster { width, height, grey, cover: None }));
    }
    if let Some(mask) = dict.get::<Stream<'_>>("SMask") {
        return Raster::read(&mask, unpacker, cap, false).map(Box::new);
    }
    let mask = dict.get::<Stream<'_>>("Mask")?;
    let mut mask = Raster::read(&mask, unpacker, cap, false)?;
    mask.grey.iter_mut().for_each(|g| *g = 255 - *g);
    Some(Box::new(mask))
}

/// The sample at `index` of a row, over the whole range but for the numbers of a palette.
fn sample_at(line: &[u8], index: usize, bits: u8, number: bool) -> u8 {
    let byte = |at: usize| line.get(at).copied().unwrap_or(255);
    match bits {
        1 | 2 | 4 => {
            let bits = usize::from(bits);
            let (at, mask) = (index * bits, (1u16 << bits) - 1);
            let raw = u16::from(byte(at / 8) >> (8 - bits - at % 8)) & mask;
            let full = if number { raw } else { raw * 255 / mask };
            u8::try_from(full).unwrap_or(255)
        }
        16 => byte(index * 2),
        _ => byte(index),
    }
}

impl Colours {
    fn parts(&self) -> Option<usize> {
        match self {
            Colours::Parts(n) => Some(*n),
            Colours::Ink | Colours::Palette(_) => Some(1),
            Colours::Own => None,
        }
    }

    fn is_palette(&self) -> bool {
        matches!(self, Colours::Palette(_))
    }

    fn grey(&self, samples: &[u8]) -> u8 {
        match (self, samples) {
            (Colours::Palette(greys), [n, ..]) => greys.get(usize::from(*n)).copied().unwrap_or(255),
            (Colours::Ink, [n]) => 255 - n,
            (_, samples) => grey(samples),
        }
    }
}

/// The grey of a colour of one, three or four parts.
fn grey(parts: &[u8]) -> u8 {
    let light = |r: u8, g: u8, b: u8| (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000;
    match parts {
        [r, g, b] => u8::try_from(light(*r, *g, *b)).unwrap_or(255),
        [c, m, y, k] => 255 - u8::try_from(light(*c, *m, *y) + u32::from(*k)).unwrap_or(255),
        [n, ..] => *n,
        [] => 255,
    }
}

/// The colours of an image.
fn colours(dict: &Dict<'_>, unpacker: &mut Unpacker) -> Colours {
    match dict.get::<Object<'_>>("ColorSpace") {
        Some(space) => space_of(&space, unpacker, true),
        None => Colours::Own,
    }
}

fn space_of(space: &Object<'_>, unpacker: &mut Unpacker, outer: bool) -> Colours {
    match space {
        Object::Name(name) => named(name.as_ref()),
        Object::Array(array) => {
            let mut parts = array.iter::<Object<'_>>();
            let Some(Object::Name(name)) = parts.next() else { return Colours::Own };
            match name.as_ref() {
                b"ICCBased" => match parts.next() {
                    Some(Object::Stream(profile)) => profile
                        .dict()
                        .get::<usize>("N")
                        .filter(|n| (1..=4).contains(n))
                        .map_or(Colours::Own, Colours::Parts),
                    _ => Colours::Own,
                },
                b"Indexed" | b"I" if outer => palette(parts, unpacker),
                b"Separation" => Colours::Ink,
                b"DeviceN" => match parts.next() {
                    Some(Object::Array(names)) => match names.iter::<Object<'_>>().take(9).count() {
                        1 => Colours::Ink,
                        n => Colours::Parts(n.max(1)),
                    },
                    _ => Colours::Own,
                },
                name => named(name),
            }
        }
        _ => Colours::Own,
    }
}

fn named(name: &[u8]) -> Colours {
    match name {
        b"DeviceGray" | b"CalGray" | b"G" => Colours::Parts(1),
        b"DeviceRGB" | b"CalRGB" | b"RGB" | b"Lab" => Colours::Parts(3),
        b"DeviceCMYK" | b"CMYK" => Colours::Parts(4),
        _ => Colours::Own,
    }
}

/// The greys of a palette.
fn palette<'a>(mut parts: impl Iterator<Item = Object<'a>>, unpacker: &mut Unpacker) -> Colours {
    let base = parts.next().map_or(Colours::Own, |base| space_of(&base, unpacker, false));
    let _highest = parts.next();
    let count = base.parts().unwrap_or(3);
    let greys = |bytes: &[u8]| bytes.chunks(count).take(256).map(|c| base.grey(c)).collect();
    match parts.next() {
        Some(Object::String(table)) => Colours::Palette(greys(PdfString::as_bytes(&table))),
        Some(Object::Stream(table)) => Colours::Palette(greys(&unpacker.unpack(&table).unwrap_or_default())),
        _ => Colours::Own,
    }
}

/// Whether what a packed image says of its own size is at most `cap` pixels.
fn sane(stream: &Stream<'_>, cap: usize) -> bool {
    let raw = stream.raw_data();
    let number = |at: usize| -> u64 {
        let bytes = raw.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok());
        bytes.map_or(0, |b| u64::from(u32::from_be_bytes(b)))
    };
    let fits = |at: usize| number(at).saturating_mul(number(at + 4)) <= cap as u64;
    stream.filters().iter().all(|filter| match filter {
        Filter::JpxDecode => memchr::memmem::find_iter(&raw, b"\xFF\x4F\xFF\x51").all(|at| fits(at + 8)),
        // A segment of 19 bytes that tells of the page: its width and height come first.
        Filter::Jbig2Decode => memchr::memmem::find_iter(&raw, b"\0\0\0\x13")
            .all(|at| at < 3 || raw.get(at - 3..at - 1) != Some(&b"\x30\0"[..]) || fits(at + 4)),
        Filter::CcittFaxDecode => {
            let columns = |d: &Dict<'_>| d.get::<usize>("Columns").is_none_or(|n| n <= 1 << 16);
            let dict = stream.dict();
            dict.get::<Dict<'_>>("DecodeParms").is_none_or(|d| columns(&d))
                && dict.get::<Array<'_>>("DecodeParms").is_none_or(|a| a.iter::<Dict<'_>>().all(|d| columns(&d)))
        }
        _ => true,
    })
}
