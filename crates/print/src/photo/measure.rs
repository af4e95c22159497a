//! What the kept photo shows, in numbers. All are taken from the photo as it is kept, so that the camera's resolution does not
//! matter; grey levels go from 0, black, to 255, white.

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, Rgb, RgbImage};

use super::eyes::{self, EyesSeen};
use super::face::{Crop, FaceSeen, Found, Framing};
use super::{HEIGHT, WIDTH};

/// What was measured in a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Faces found. What is measured of a face is of the largest, or of where one should be when there is none.
    pub faces: u32,
    /// How far the head leans, degrees; positive when the right eye of the picture is lower.
    pub lean: f32,
    /// Whether the picture lies on its side or upside down.
    pub on_its_side: bool,
    /// How the head stands in the picture.
    pub framing: Framing,
    /// Pixels of the picture that the photo was made of, in width.
    pub source_width: u32,
    /// The eyes; `None` when there is no face.
    pub eyes: Option<EyesSeen>,
    /// Mean square of the edges in the face, upright or level ones, whichever are weaker, in thousandths of its variance.
    pub sharpness: f32,
    /// The grey level that the light part of the photo reaches.
    pub light_part: u8,
    /// The grey level that the dark part of the photo reaches.
    pub dark_part: u8,
    /// The grey levels between nearly the darkest and nearly the lightest.
    pub contrast: u8,
    /// The share of the face that is burnt out to white.
    pub burnt_out: f32,
    /// How much darker one half of the face is than the other, as a share of the lighter.
    pub shadow: f32,
    /// The grey level of what is behind the person.
    pub wall: u8,
    /// The share of what is behind the person that is edges.
    pub clutter: f32,
    /// How far the most colourful parts are from grey, 0 to 255.
    pub colour: u8,
}

/// Pixels of the face's square where it is measured alone.
const CHIP: u32 = 128;

pub(super) fn measure(kept: &DynamicImage, found: &Found, crop: &Crop) -> Measures {
    let rgb = kept.to_rgb8();
    let grey = kept.to_luma8();
    let small = image::imageops::resize(&grey, WIDTH / 2, HEIGHT / 2, FilterType::Triangle);
    let shades = Shades::of(small.as_raw());
    let square = crop.face.unwrap_or(FaceSeen {
        left: 0.24,
        top: 0.34,
        side: 0.52,
    });
    let face = chip(&grey, &square);
    let (clutter, wall) = behind(&small);
    let eyes = crop.face.is_some().then(|| eyes::look(&face));
    Measures {
        faces: found.count,
        lean: match eyes {
            // Eyes that are not seen are not where they were taken to be.
            Some(eyes) if found.lean == 0.0 && eyes.open > 0.2 => eyes.tilt,
            _ => found.lean,
        },
        on_its_side: found.on_its_side,
        framing: crop.framing,
        source_width: crop.width,
        eyes,
        sharpness: sharpness(&face),
        light_part: shades.at(0.85),
        dark_part: shades.at(0.15),
        contrast: shades.at(0.97).saturating_sub(shades.at(0.03)),
        burnt_out: share(&face, |_, _, shade| shade >= 250),
        shadow: shadow(&face),
        wall,
        clutter,
        colour: colour(&rgb),
    }
}

/// The face's square alone, at one size.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares of a picture of 600 by 800 pixels, cut to lie within it"
)]
fn chip(grey: &GrayImage, square: &FaceSeen) -> GrayImage {
    let wide = WIDTH as f32;
    let side = ((square.side * wide) as u32).clamp(8, WIDTH);
    let left = ((square.left * wide).max(0.0) as u32).min(WIDTH - side);
    let top = ((square.top * wide).max(0.0) as u32).min(HEIGHT - side);
    let part = image::imageops::crop_imm(grey, left, top, side, side).to_image();
    image::imageops::resize(&part, CHIP, CHIP, FilterType::Triangle)
}

/// The mean of the grey levels in a part of the chip, given in its pixels.
pub(super) fn mean(chip: &GrayImage, across: [u32; 2], down: [u32; 2]) -> f32 {
    let [left, right] = across;
    let [top, bottom] = down;
    let (mut sum, mut count) = (0.0, 0.0);
    for (x, y, shade) in chip.enumerate_pixels() {
        if (left..right).contains(&x) && (top..bottom).contains(&y) {
            sum += f32::from(shade.0[0]);
            count += 1.0;
        }
    }
    if count == 0.0 { 0.0 } else { sum / count }
}

/// The share of the chip's middle, the face without its edges, for which something holds.
fn share(chip: &GrayImage, holds: impl Fn(u32, u32, u8) -> bool) -> f32 {
    let (mut holding, mut count) = (0.0, 0.0);
    for (x, y, shade) in chip.enumerate_pixels() {
        if (CHIP / 5..CHIP * 4 / 5).contains(&x) && (CHIP / 8..CHIP * 7 / 8).contains(&y) {
            count += 1.0;
            if holds(x, y, shade.0[0]) {
                holding += 1.0;
            }
        }
    }
    if count == 0.0 { 0.0 } else { holding / count }
}

/// Cheeks and forehead, each half for itself.
fn shadow(chip: &GrayImage) -> f32 {
    let left = mean(chip, [CHIP / 4, CHIP * 7 / 16], [CHIP / 2, CHIP * 3 / 4]);
    let right = mean(
        chip,
        [CHIP * 9 / 16, CHIP * 3 / 4],
        [CHIP / 2, CHIP * 3 / 4],
    );
    (left - right).abs() / left.max(right).max(1.0)
}

/// How much each pixel differs from the mean of its neighbours to the sides and of those above and below, squared, the weaker
/// of the two, beside the variance of the grey levels: a soft picture has soft edges however strong its contrast, and one of
/// somebody who moved has them in one direction.
fn sharpness(chip: &GrayImage) -> f32 {
    let level = |x: u32, y: u32| {
        chip.get_pixel_checked(x, y)
            .map_or(0.0, |shade| f32::from(shade.0[0]))
    };
    let (mut count, mut aside, mut upright, mut sum, mut levels) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for y in 1..chip.height().saturating_sub(1) {
        for x in 1..chip.width().saturating_sub(1) {
            let centre = level(x, y);
            let beside = level(x - 1, y) + level(x + 1, y) - 2.0 * centre;
            let above = level(x, y - 1) + level(x, y + 1) - 2.0 * centre;
            count += 1.0;
            aside += beside * beside;
            upright += above * above;
            sum += centre;
            levels += centre * centre;
        }
    }
    if count == 0.0 {
        return 0.0;
    }
    let variance: f32 = levels / count - (sum / count) * (sum / count);
    aside.min(upright) * 2.0 / count / variance.max(25.0) * 1000.0
}

/// The share of edges and the grey level of what is beside and above the head: strips that hair and shoulders hardly reach.
fn behind(small: &GrayImage) -> (f32, u8) {
    let (width, height) = small.dimensions();
    let is_behind = |x: u32, y: u32| {
        let beside = x < width / 8 || x >= width - width / 8;
        (beside && y < height * 11 / 20) || y < height / 16
    };
    let mut levels = Vec::new();
    let (mut edges, mut count) = (0.0, 0.0);
    for (x, y, shade) in small.enumerate_pixels() {
        if !is_behind(x, y) {
            continue;
        }
        levels.push(shade.0[0]);
        let (Some(right), Some(below)) = (
            small.get_pixel_checked(x + 3, y),
            small.get_pixel_checked(x, y + 3),
        ) else {
            continue;
        };
        let step = shade.0[0]
            .abs_diff(right.0[0])
            .max(shade.0[0].abs_diff(below.0[0]));
        count += 1.0;
        if step > 18 {
            edges += 1.0;
        }
    }
    let clutter = if count == 0.0 { 0.0 } else { edges / count };
    (clutter, Shades::of(&levels).at(0.5))
}

/// The distance between the strongest and the weakest of red, green and blue that one pixel in twenty exceeds.
fn colour(rgb: &RgbImage) -> u8 {
    let distances: Vec<u8> = rgb
        .pixels()
        .step_by(7)
        .map(|Rgb([red, green, blue])| red.max(green).max(blue) - red.min(green).min(blue))
        .collect();
    Shades::of(&distances).at(0.95)
}

/// How many pixels have each shade.
struct Shades([u32; 256]);

impl Shades {
    fn of(levels: &[u8]) -> Self {
        let mut counts = [0; 256];
        for shade in levels {
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
