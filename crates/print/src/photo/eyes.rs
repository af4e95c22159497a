//! The eyes in a face's square: where they are, and whether they are open.
//!
//! An open eye is a dark disc with something lighter to its left and right; lashes of a closed one, brows and the rims of
//! glasses are dark lines. What this cannot do: tell a glance to the side, half-closed lids, or reflections in glasses.

use image::GrayImage;

use super::measure::mean;

/// What is to be seen of the eyes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EyesSeen {
    /// How much darker the iris is than what is beside it, the weaker of both eyes, as a share of the face's own grey level.
    pub open: f32,
    /// How dark the region of both eyes is beside the skin: 1 as light as it.
    pub region: f32,
    /// How far the line through both eyes is from level, degrees; positive when the right one of the picture is lower.
    pub tilt: f32,
}

/// Where an eye may be, in shares of the square: the left one; the right one is its mirror image.
const ACROSS: [f32; 2] = [0.17, 0.43];
const DOWN: [f32; 2] = [0.22, 0.60];
const EYE_LINE: f32 = 0.375;
/// Radii of an iris in shares of the square: 12 mm of a face whose square is about 157 mm.
const RADII: [f32; 4] = [0.030, 0.037, 0.045, 0.053];

#[derive(Clone, Copy)]
struct Iris {
    x: f32,
    y: f32,
    /// How much it stands out, grey levels.
    contrast: f32,
    /// The same, less where eyes seldom are.
    likeness: f32,
}

impl Iris {
    const NONE: Self = Self {
        x: 0.0,
        y: 0.0,
        contrast: 0.0,
        likeness: f32::MIN,
    };
}

/// Looks for the eyes in the square alone.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares of a square of 128 pixels"
)]
pub(super) fn look(chip: &GrayImage) -> EyesSeen {
    let side = chip.width() as f32;
    let (left, right) = pair(
        &search(chip, ACROSS),
        &search(chip, [1.0 - ACROSS[1], 1.0 - ACROSS[0]]),
        side,
    );
    let at = |share: f32| (share * side) as u32;
    // The forehead under a fringe or the cheeks under a beard are not skin: the lighter of them is.
    let skin = mean(chip, [at(0.22), at(0.78)], [at(0.56), at(0.70)])
        .max(mean(chip, [at(0.32), at(0.68)], [at(0.06), at(0.20)]))
        .max(1.0);
    let region = |across: [f32; 2]| mean(chip, across.map(at), [at(0.30), at(0.46)]) / skin;
    EyesSeen {
        open: left.contrast.min(right.contrast) / skin,
        region: region([0.20, 0.42]).max(region([0.58, 0.80])),
        tilt: (right.y - left.y).atan2(right.x - left.x).to_degrees(),
    }
}

/// The place in each row that looks most like an iris.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares of a square of 128 pixels"
)]
fn search(chip: &GrayImage, across: [f32; 2]) -> Vec<Iris> {
    let side = chip.width() as f32;
    let (likely_x, likely_y) = ((across[0] + across[1]) / 2.0 * side, EYE_LINE * side);
    let range = |[from, to]: [f32; 2]| (from * side) as u32..(to * side) as u32;
    let mut rows = Vec::new();
    for y in range(DOWN) {
        let mut best = Iris::NONE;
        for x in range(across) {
            let off = (x as f32 - likely_x).hypot(y as f32 - likely_y) / side;
            for radius in RADII {
                let contrast = contrast(chip, x, y, radius * side);
                let likeness = contrast * (1.0 - off * off * 7.0).max(0.1);
                if likeness > best.likeness {
                    best = Iris {
                        x: x as f32,
                        y: y as f32,
                        contrast,
                        likeness,
                    };
                }
            }
        }
        rows.push(best);
    }
    rows
}

/// The two that together look most like a pair. Heads lean little more often than much.
fn pair(left: &[Iris], right: &[Iris], side: f32) -> (Iris, Iris) {
    let mut best = (f32::MIN, (Iris::NONE, Iris::NONE));
    for one in left {
        for other in right {
            let steep = (one.y - other.y) / side;
            let likeness = (one.likeness + other.likeness) * (1.0 - steep * steep * 5.0).max(0.1);
            if likeness > best.0 {
                best = (likeness, (*one, *other));
            }
        }
    }
    best.1
}

/// How much darker a disc is than what is just to its left and to its right, the darker of the two.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a few pixels around a place in a square of 128"
)]
fn contrast(chip: &GrayImage, x: u32, y: u32, radius: f32) -> f32 {
    let reach = (radius * 2.0).ceil() as i32;
    let mut sums = [(0.0_f32, 0.0_f32); 3];
    let mut squares = 0.0;
    for down in -(radius as i32)..=radius as i32 {
        for right in -reach..=reach {
            let distance = (right as f32).hypot(down as f32);
            let part = if distance <= radius {
                0
            } else if (down.abs() as f32) > radius * 0.5 {
                continue;
            } else if right < 0 {
                1
            } else {
                2
            };
            let (Some(at_x), Some(at_y)) =
                (x.checked_add_signed(right), y.checked_add_signed(down))
            else {
                continue;
            };
            let Some(level) = chip.get_pixel_checked(at_x, at_y) else {
                continue;
            };
            if let Some((sum, count)) = sums.get_mut(part) {
                *sum += f32::from(level.0[0]);
                *count += 1.0;
            }
            if part == 0 {
                squares += f32::from(level.0[0]) * f32::from(level.0[0]);
            }
        }
    }
    let [(_, count), ..] = sums;
    let [disc, left, right] = sums.map(|(sum, count): (f32, f32)| sum / count.max(1.0));
    // A line through the disc, a rim or a lash, makes it uneven.
    let uneven = (squares / count.max(1.0) - disc * disc).max(0.0).sqrt();
    left.min(right) - disc - uneven / 2.0
}
