//! Foreign bytes to pixels, upright, under limits.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader};

use super::PhotoProblem;

/// Bytes that are looked at; a telephone's camera makes 3 to 8 million.
pub(super) const MOST_BYTES: usize = 12_000_000;
/// Pixels on a side that are decoded.
const MOST_PIXELS: u32 = 10_000;
/// Memory for decoding: 67 million pixels, more than a telephone's camera has.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;
/// Scans of a JPEG. A progressive one has about ten; each costs a pass over the whole picture, and takes but a few bytes.
const MOST_SCANS: u32 = 64;

/// Decodes by content, never by name, and turns the picture as its orientation says.
pub(super) fn decode(bytes: &[u8]) -> Result<DynamicImage, PhotoProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(PhotoProblem::TooManyBytes { bytes: bytes.len() });
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => format,
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
/// Says no to more than [`MOST_SCANS`] as well.
fn reaches_its_end(jpeg: &[u8]) -> bool {
    let mut rest = jpeg;
    let mut scans = 0;
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
        scans += u32::from(*marker == 0xDA);
        if scans > MOST_SCANS {
            return false;
        }
        match after.get(length..) {
            Some(next) => rest = next,
            None => return false,
        }
    }
}

/// What is transparent becomes paper, as it would on the card.
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
