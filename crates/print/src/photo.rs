//! Photos for cards: foreign bytes in, a picture of known shape out with what was measured in it, or the reason why not.
//!
//! Nothing here says what is good enough: that is a rule, and rules stand with the acts. The measures look at the picture
//! alone. Whether it is a picture of the right person is for the officer who compares.

mod decode;
mod eyes;
mod face;
mod measure;

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader};

use crate::drawing::Picture;
pub use eyes::EyesSeen;
pub use face::{FaceSeen, Framing};
pub use measure::Measures;

/// Pixels of a photo as it is kept: three to four, twice what a card needs.
pub const WIDTH: u32 = 600;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 800;

/// Pixels after cropping: 27 by 36 mm at 300 dots per inch.
pub const LEAST_WIDTH: u32 = 319;
/// See [`LEAST_WIDTH`].
pub const LEAST_HEIGHT: u32 = 425;
const QUALITY: u8 = 90;

/// A photo as it is kept and printed: JPEG, [`WIDTH`] by [`HEIGHT`], upright, without metadata (a telephone writes where
/// the picture was taken into it).
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    jpeg: Vec<u8>,
}

/// Why a file cannot become a photo at all, whoever looks at it. Each has its own remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoProblem {
    /// The file is too large.
    #[error("the file has {bytes} bytes, more than {}", decode::MOST_BYTES)]
    TooManyBytes {
        /// Its size.
        bytes: usize,
    },
    /// Neither JPEG, PNG nor WebP.
    #[error("the file is neither JPEG, PNG nor WebP")]
    NotAPicture,
    /// It begins like a picture and cannot be read to the end, or would need too much memory or time.
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
    /// Bytes that should have been a kept photo are not (only from [`Photo::kept`]).
    #[error("this is not a photo as it is kept")]
    NotKept,
}

impl Photo {
    /// A photo that was looked at earlier and kept.
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

/// A picture that could be read: the photo it makes, and what was measured in it.
pub struct Looked {
    /// Cropped around the face, or around the middle when none was found.
    pub photo: Photo,
    /// What is to be seen in it.
    pub measures: Measures,
}

/// Reads a JPEG, PNG or WebP under limits, turns it upright, finds the face, crops to the card's format around it and
/// measures what the rules ask about.
pub fn look(bytes: &[u8]) -> Result<Looked, PhotoProblem> {
    let whole = decode::decode(bytes)?;
    let (width, height) = face::middle(&whole);
    if width < LEAST_WIDTH || height < LEAST_HEIGHT {
        return Err(PhotoProblem::TooSmall { width, height });
    }
    let found = face::find(&whole);
    let crop = face::frame(&whole, found.largest.as_ref());
    // Larger than needed is halved roughly first: the fine filter's cost goes with the pixels it reads.
    let portrait = whole.crop_imm(crop.left, crop.top, crop.width, crop.height);
    let portrait = if crop.width >= WIDTH * 2 {
        portrait.thumbnail_exact(WIDTH, HEIGHT)
    } else {
        portrait.resize_exact(WIDTH, HEIGHT, FilterType::CatmullRom)
    };
    let kept = DynamicImage::ImageRgb8(portrait.into_rgb8());
    let measures = measure::measure(&kept, &found, &crop);
    let jpeg = Picture {
        width: WIDTH,
        height: HEIGHT,
        rgb: kept.into_rgb8().into_raw(),
    }
    .to_jpeg(QUALITY)
    .map_err(|_| PhotoProblem::Unreadable)?;
    Ok(Looked {
        photo: Photo { jpeg },
        measures,
    })
}
