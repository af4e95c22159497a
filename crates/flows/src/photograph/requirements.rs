//! What a photo for a card must be: the one place that says what is good enough.
//!
//! After ISO/IEC 19794-5 in spirit and milder in degree: a card is looked at by people, and the officer has the last word. The
//! numbers lie between what good pictures and spoilt ones measured, drawn faces of every skin, hair and kind of glasses as well as
//! photographs; beside each stands what was seen.

use model::photo::PhotoFault;
use print::photo::{Framing, LEAST_WIDTH, Measures};

/// Leaning heads, degrees. Upright ones measured up to 1.5; the standard has 8.
const MOST_LEAN: f32 = 10.0;
/// An open iris stands out from what is beside it by 0.36 to 1.8 of the skin's grey level, closed lids by up to 0.31.
const OPEN_EYES: f32 = 0.34;
/// Eyes behind ordinary glasses are 0.7 as light as the skin or more, behind dark ones 0.1 to 0.4.
const SEEN_EYES: f32 = 0.5;
/// In focus 43 to 540; with a blur of eight pixels of the kept photo, or moved by twenty, 1 to 15.
const LEAST_SHARPNESS: f32 = 16.0;
/// Even the light parts are darker than this. Measured over the whole photo and not in the face: dark skin is not bad light.
const LEAST_LIGHT: u8 = 60;
/// Even the dark parts are lighter than this.
const MOST_LIGHT: u8 = 235;
/// The share of a face that may be burnt out; glasses and foreheads shine on a hundredth of it.
const MOST_BURNT_OUT: f32 = 0.15;
/// Evenly lit faces measured up to 0.2.
const MOST_SHADOW: f32 = 0.32;
/// Between nearly the darkest and nearly the lightest part; good pictures have 70 to 220.
const LEAST_CONTRAST: u8 = 40;
/// Light walls measured 217 to 231, a dark curtain 48.
const LEAST_WALL: u8 = 110;
/// Walls with nothing but hair in the way measured up to 0.084, shelves 0.35 to 0.44.
const MOST_CLUTTER: f32 = 0.1;
/// Photographs and drawn faces measured 53 to 110, grey ones 0 to 4.
const LEAST_COLOUR: u8 = 14;

/// What is wrong with a photo, in the order of [`PhotoFault::ALL`]. What follows from another fault is not told twice: who
/// brings more light does not need to hear that the eyes could not be seen either.
#[must_use]
pub fn faults(seen: &Measures) -> Vec<PhotoFault> {
    let mut faults = Vec::new();
    let mut when = |wrong: bool, fault: PhotoFault| {
        if wrong {
            faults.push(fault);
        }
    };
    let one_face = seen.faces == 1 && !seen.on_its_side;
    let dark = seen.light_part < LEAST_LIGHT;
    let bright = seen.dark_part > MOST_LIGHT || (one_face && seen.burnt_out > MOST_BURNT_OUT);
    let flat = seen.contrast < LEAST_CONTRAST && !dark && !bright;
    let blurred = seen.sharpness < LEAST_SHARPNESS && !flat && !dark && !bright;
    let well_lit = !dark && !bright && !flat;
    when(seen.faces == 0, PhotoFault::NoFace);
    when(seen.faces > 1, PhotoFault::SeveralFaces);
    when(seen.on_its_side, PhotoFault::OnItsSide);
    if one_face {
        when(seen.source_width < LEAST_WIDTH, PhotoFault::FaceTooSmall);
        when(seen.framing == Framing::TooClose, PhotoFault::TooClose);
        when(seen.framing == Framing::OffCentre, PhotoFault::OffCentre);
        when(seen.lean.abs() > MOST_LEAN, PhotoFault::HeadLeans);
        if let Some(eyes) = seen.eyes
            && well_lit
            && !blurred
        {
            let hidden = eyes.region < SEEN_EYES;
            when(hidden, PhotoFault::EyesHidden);
            when(!hidden && eyes.open < OPEN_EYES, PhotoFault::EyesClosed);
        }
    }
    when(blurred, PhotoFault::Blurred);
    when(dark, PhotoFault::TooDark);
    when(bright, PhotoFault::TooBright);
    when(
        one_face && well_lit && seen.shadow > MOST_SHADOW,
        PhotoFault::Shadow,
    );
    when(flat, PhotoFault::Flat);
    if well_lit && !seen.on_its_side {
        let busy = seen.clutter > MOST_CLUTTER;
        when(!busy && seen.wall < LEAST_WALL, PhotoFault::DarkWall);
        when(busy, PhotoFault::BusyWall);
    }
    when(
        seen.colour < LEAST_COLOUR && !dark && !bright,
        PhotoFault::Grey,
    );
    faults
}
