//! Photos for cards: foreign bytes in, a picture of known shape out, or the reason why not in terms of taking a better one.
//!
//! The checks look at the picture alone. Whether it is a picture of the right person is for the officer who compares.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader};

use crate::drawing::Picture;

/// Pixels of a photo as it is kept: three to four, twice what a card needs.
pub const WIDTH: u32 = 600;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 800;

/// Bytes that are looked at; a telephone's camera makes 3 to 8 million.
const MOST_BYTES: usize = 12_000_000;
/// Pixels on a side that are decoded.
const MOST_PIXELS: u32 = 10_000;
/// Memory for decoding.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// Pixels after cropping: 27 by 36 mm at 300 dots per inch.
const LEAST_WIDTH: u32 = 319;
const LEAST_HEIGHT: u32 = 425;
/// A picture twice as wide as high, or narrower than one to two, is not a portrait that was badly framed but something else.
const SHAPES: std::ops::RangeInclusive<f32> = 0.5..=2.0;
const QUALITY: u8 = 90;

/// A photo as it is kept and printed: JPEG, [`WIDTH`] by [`HEIGHT`], upright, without metadata (a telephone writes where
/// the picture was taken into it).
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    jpeg: Vec<u8>,
}

/// Why a picture cannot be a card's photo. Each has its own remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoProblem {
    /// The file is too large.
    #[error("the file has {bytes} bytes, more than {MOST_BYTES}")]
    TooManyBytes {
        /// Its size.
        bytes: usize,
    },
    /// Neither JPEG nor PNG.
    #[error("the file is neither JPEG nor PNG")]
    NotAPicture,
    /// It begins like a picture and cannot be read to the end, or would need too much memory.
    #[error("the picture is damaged or too large to be read")]
    Unreadable,
    /// Too few pixels to be printed sharply.
    #[error(
        "the picture gives {width} by {height} pixels, and {LEAST_WIDTH} by {LEAST_HEIGHT} are needed"
    )]
    TooSmall {
        /// Pixels after cropping to three by four.
        width: u32,
        /// Pixels after cropping to three by four.
        height: u32,
    },
    /// Far too wide or too narrow for a portrait.
    #[error("the picture is {width} by {height} pixels, which is not the shape of a portrait")]
    WrongShape {
        /// Pixels, upright.
        width: u32,
        /// Pixels, upright.
        height: u32,
    },
    /// Even the light parts are dark.
    #[error("the picture is too dark")]
    TooDark,
    /// Even the dark parts are light.
    #[error("the picture is too bright")]
    TooBright,
    /// Nothing stands out: a covered lens, a wall, fog.
    #[error("the picture has hardly any contrast")]
    TooFlat,
    /// The picture is out of focus or the head moved.
    #[error("the picture is not sharp")]
    Blurred,
    /// Bytes that should have been a kept photo are not (only from [`Photo::kept`]).
    #[error("this is not a photo as it is kept")]
    NotKept,
}

impl Photo {
    /// A photo that was checked earlier and kept.
    pub fn kept(jpeg: Vec<u8>) -> Result<Self, PhotoProblem> {
        let dimensions = ImageReader::with_format(Cursor::new(&jpeg), ImageFormat::Jpeg)
            .into_dimensions()
            .map_err(|_| PhotoProblem::NotKept)?;
        if dimensions != (WIDTH, HEIGHT) {
            return Err(PhotoProblem::NotKept);
        }
        Ok(Self { jpeg })
    }

    /// JPEG bytes.
    #[must_use]
    pub fn jpeg(&self) -> &[u8] {
        &self.jpeg
    }
}

/// Reads a JPEG or PNG under limits, turns it upright, crops it to three by four around its middle, and judges light,
/// contrast and sharpness.
pub fn check(bytes: &[u8]) -> Result<Photo, PhotoProblem> {
    let whole = decode(bytes)?;
    let (width, height) = (whole.width(), whole.height());
    #[expect(clippy::cast_precision_loss, reason = "at most 10,000 pixels")]
    let shape = width as f32 / height.max(1) as f32;
    if !SHAPES.contains(&shape) {
        return Err(PhotoProblem::WrongShape { width, height });
    }
    let portrait = crop(&whole);
    if portrait.width() < LEAST_WIDTH || portrait.height() < LEAST_HEIGHT {
        return Err(PhotoProblem::TooSmall {
            width: portrait.width(),
            height: portrait.height(),
        });
    }
    let kept = portrait
        .resize_exact(WIDTH, HEIGHT, FilterType::CatmullRom)
        .into_rgb8();
    judge(&portrait)?;
    let picture = Picture {
        width: WIDTH,
        height: HEIGHT,
        rgb: kept.into_raw(),
    };
    let jpeg = picture
        .to_jpeg(QUALITY)
        .map_err(|_| PhotoProblem::Unreadable)?;
    Ok(Photo { jpeg })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, PhotoProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(PhotoProblem::TooManyBytes { bytes: bytes.len() });
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
        _ => return Err(PhotoProblem::NotAPicture),
    };
    if format == ImageFormat::Jpeg && !reaches_its_end(bytes) {
        return Err(PhotoProblem::Unreadable);
    }
    let mut limits = image::Limits::no_limits();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader
        .into_decoder()
        .map_err(|_| PhotoProblem::Unreadable)?;
    // The side lengths above still allow 100 million pixels: what the decoded bytes need is decided here.
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(PhotoProblem::Unreadable);
    }
    let orientation = decoder
        .orientation()
        .map_err(|_| PhotoProblem::Unreadable)?;
    let mut whole = DynamicImage::from_decoder(decoder).map_err(|_| PhotoProblem::Unreadable)?;
    whole.apply_orientation(orientation);
    if whole.color().has_alpha() {
        whole = on_white(&whole);
    }
    Ok(whole)
}

/// Whether a JPEG goes on to its end-of-image marker (ITU-T T.81 B.1.1.3). Decoders paint what is missing grey and say nothing.
fn reaches_its_end(jpeg: &[u8]) -> bool {
    let mut rest = jpeg;
    loop {
        // The next marker that has a segment or ends the image; between two of them stand the bytes of a scan, where FF 00 is a
        // byte and D0 to D7 only restart the decoder.
        let marker = rest.windows(2).position(
            |pair| matches!(pair, [0xFF, marker] if !matches!(marker, 0x00 | 0x01 | 0xD0..=0xD8 | 0xFF)),
        );
        let Some([_, marker, after @ ..]) = marker.and_then(|at| rest.get(at..)) else {
            return false;
        };
        let length = match (marker, after) {
            (0xD9, _) => return true,
            (_, [high, low, ..]) => usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        };
        match after.get(length..) {
            Some(next) => rest = next,
            None => return false,
        }
    }
}

/// What is transparent in a PNG becomes paper, as it would on the card.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    let mut rgb = image::RgbImage::new(picture.width(), picture.height());
    for (to, from) in rgb.pixels_mut().zip(picture.to_rgba8().pixels()) {
        let image::Rgba([red, green, blue, alpha]) = *from;
        let over = |colour: u8| {
            let mixed =
                (u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        *to = image::Rgb([over(red), over(green), over(blue)]);
    }
    DynamicImage::ImageRgb8(rgb)
}

/// The largest three-by-four part in the middle; of too high a picture rather the upper part, where the head is.
fn crop(whole: &DynamicImage) -> DynamicImage {
    let (width, height) = (whole.width(), whole.height());
    if width * 4 > height * 3 {
        let narrower = height * 3 / 4;
        whole.crop_imm((width - narrower) / 2, 0, narrower, height)
    } else {
        let lower = width * 4 / 3;
        whole.crop_imm(0, (height - lower) / 3, width, lower)
    }
}

/// Light, contrast and sharpness, all measured at one size so that the camera's resolution does not matter.
fn judge(portrait: &DynamicImage) -> Result<(), PhotoProblem> {
    let grey = portrait
        .resize_exact(300, 400, FilterType::Triangle)
        .into_luma8();
    let shades = Shades::of(&grey);
    // Measured over the whole picture, by its light or dark half and not by the middle tone: a dark face before a light
    // wall and a light face before a dark curtain are both well lit.
    if shades.at(0.85) < 60 {
        return Err(PhotoProblem::TooDark);
    }
    if shades.at(0.15) > 235 {
        return Err(PhotoProblem::TooBright);
    }
    let contrast = shades.at(0.97).saturating_sub(shades.at(0.03));
    if contrast < 40 {
        return Err(PhotoProblem::TooFlat);
    }
    if sharpness(&grey) < LEAST_SHARPNESS {
        return Err(PhotoProblem::Blurred);
    }
    Ok(())
}

/// How many pixels have each shade.
struct Shades([u32; 256]);

impl Shades {
    fn of(grey: &GrayImage) -> Self {
        let mut counts = [0; 256];
        for shade in grey.as_raw() {
            if let Some(count) = counts.get_mut(usize::from(*shade)) {
                *count += 1;
            }
        }
        Self(counts)
    }

    /// The shade below which this share of the pixels lies, 0 black to 255 white.
    fn at(&self, share: f64) -> u8 {
        let all: u32 = self.0.iter().sum();
        let wanted = f64::from(all) * share;
        let mut seen = 0.0;
        for (shade, count) in (0..=u8::MAX).zip(self.0) {
            seen += f64::from(count);
            if seen >= wanted {
                return shade;
            }
        }
        u8::MAX
    }
}

/// Below this, hair and eyelashes have no edges. Portraits in focus measured 70 to 500, soft ones from a simple camera about
/// 20, and the same ones with a blur of four pixels of the kept photo 4 to 13.
const LEAST_SHARPNESS: f64 = 15.0;

/// Variance of the Laplacian: how much each pixel differs from the mean of its four neighbours.
fn sharpness(grey: &GrayImage) -> f64 {
    let width = grey.width() as usize;
    let rows: Vec<&[u8]> = grey.as_raw().chunks_exact(width).collect();
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for three in rows.windows(3) {
        let [above, middle, below] = three else {
            continue;
        };
        for ((up, down), beside) in above
            .iter()
            .zip(below.iter())
            .skip(1)
            .zip(middle.windows(3))
        {
            let [left, centre, right] = beside else {
                continue;
            };
            let edge = f64::from(*up) + f64::from(*down) + f64::from(*left) + f64::from(*right)
                - 4.0 * f64::from(*centre);
            count += 1.0;
            sum += edge;
            squares += edge * edge;
        }
    }
    if count == 0.0 {
        return 0.0;
    }
    let mean = sum / count;
    squares / count - mean * mean
}
