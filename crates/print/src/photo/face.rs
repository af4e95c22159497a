//! Finding faces, and the part of the picture that goes on the card.
//!
//! The detector is SeetaFace's funnel-structured cascade (Wu, Kan, He, Shan, Chen: Neurocomputing 2017) in Rust, with the model
//! its authors gave away (`models/`). It sees faces from the front, upright or leaning up to some 25 degrees.

use std::sync::OnceLock;

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, Luma};
use rustface::{ImageData, Model};

/// The model, read once: reading takes several milliseconds, copying half of one.
static MODEL: OnceLock<Option<Model>> = OnceLock::new();
const MODEL_FILE: &[u8] = include_bytes!("../../models/seeta_fd_frontal_v1.0.bin");

/// Pixels of the longer side of what is searched. The smallest face that is found is a tenth of it.
const SEARCHED: u32 = 400;
/// What the detector says of a face before it counts. Portraits gave 2 to 33, things that are none up to 0.9.
const LEAST_SCORE: f64 = 1.4;
/// A second face is one that is at least this large beside the first, and this certain: a pattern on a shirt is neither.
const SECOND_SIZE: f32 = 0.3;
const SECOND_SCORE: f64 = 4.0;

/// Eyes stand so far down the detector's square.
const EYE_LINE: f32 = 0.375;
/// The width of the photo in sides of the square: as it should be, and the narrowest that still shows the whole head.
const WIDE: f32 = 1.9;
const NARROW: f32 = 1.55;
/// Height of the eyes in the photo, from its top.
const EYES_AT: f32 = 0.40;
/// How far the face may stand off its place, in sides, before the picture is called badly framed.
const ASIDE: f32 = 0.14;

/// A face, by the square around it, in pixels of the upright picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceSeen {
    /// The left edge.
    pub left: f32,
    /// The top edge, in the middle of the forehead.
    pub top: f32,
    /// Width and height.
    pub side: f32,
}

/// How the head stands in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// With room enough around it.
    Good,
    /// Room is missing on one side: the head is at an edge.
    OffCentre,
    /// Room is missing all around: the head fills the picture.
    TooClose,
}

/// What the search came to.
pub(super) struct Found {
    pub(super) largest: Option<FaceSeen>,
    pub(super) count: u32,
    /// How far the head leans when it was found only by turning the picture, degrees.
    pub(super) lean: f32,
    /// Whether a face was found only by turning the picture by quarters.
    pub(super) on_its_side: bool,
}

/// The part of the picture that becomes the photo.
pub(super) struct Crop {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) framing: Framing,
    /// The face in pixels of the crop's own width, as a share of it; `None` when none was found.
    pub(super) face: Option<FaceSeen>,
}

/// Searches the picture for faces.
pub(super) fn find(whole: &DynamicImage) -> Found {
    let nothing = Found {
        largest: None,
        count: 0,
        lean: 0.0,
        on_its_side: false,
    };
    let model = MODEL.get_or_init(|| rustface::read_model(MODEL_FILE).ok());
    let Some(model) = model else {
        return nothing;
    };
    let longer = whole.width().max(whole.height());
    #[expect(
        clippy::cast_precision_loss,
        reason = "pictures have at most 10,000 pixels a side"
    )]
    let scale = SEARCHED as f32 / longer as f32;
    let (width, height) = (
        (whole.width() * SEARCHED / longer).max(40),
        (whole.height() * SEARCHED / longer).max(40),
    );
    // Two steps: the thumbnail reads every pixel once, the filter makes it smooth.
    let grey = whole
        .thumbnail_exact(width * 2, height * 2)
        .resize_exact(width, height, FilterType::Triangle)
        .into_luma8();
    let mut search = Search::new(model);
    let mut seen = search.search(&grey, false);
    let mut turn = Turn::Upright;
    if seen.is_empty() {
        // A finer search, for the few that fall between two steps.
        seen = search.search(&grey, true);
    }
    if seen.is_empty() {
        let mut best = 0.0;
        for other in Turn::OTHERS {
            let faces = search.search(&other.of(&grey), false);
            let surest = faces.iter().map(|(_, score)| *score).fold(0.0, f64::max);
            if surest > best {
                best = surest;
                turn = other;
                seen = faces;
            }
        }
    }
    let (lean, on_its_side) = match turn {
        Turn::Upright => (0.0, false),
        Turn::Leaning(degrees) => (degrees, false),
        Turn::Quarter(_) => (0.0, true),
    };
    let Some((main, count)) = main_of(&seen) else {
        return nothing;
    };
    let main = turn.back(main, width, height);
    Found {
        largest: (!on_its_side).then_some(FaceSeen {
            left: main.left / scale,
            top: main.top / scale,
            side: main.side / scale,
        }),
        count,
        lean,
        on_its_side,
    }
}

/// The largest face that counts, and how many count.
fn main_of(seen: &[(FaceSeen, f64)]) -> Option<(FaceSeen, u32)> {
    let (surest, score) = seen
        .iter()
        .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let main = seen
        .iter()
        .filter(|(_, other)| *other >= score.min(SECOND_SCORE))
        .fold(
            *surest,
            |large, (face, _)| {
                if face.side > large.side { *face } else { large }
            },
        );
    let others = seen
        .iter()
        .filter(|(_, score)| *score >= SECOND_SCORE)
        .filter(|(face, _)| face.side >= main.side * SECOND_SIZE && !face.shares(&main));
    Some((main, 1 + u32::try_from(others.count()).ok()?))
}

/// The detector, set up once for all searches of a picture.
struct Search(Box<dyn rustface::Detector>);

impl Search {
    fn new(model: &Model) -> Self {
        let mut detector = rustface::create_detector_with_model(model.clone());
        detector.set_score_thresh(LEAST_SCORE);
        Self(detector)
    }

    /// The faces and how certain each is; squares in pixels of the picture searched.
    fn search(&mut self, grey: &GrayImage, fine: bool) -> Vec<(FaceSeen, f64)> {
        let (step, scale) = if fine { (2, 0.9) } else { (4, 0.8) };
        self.0.set_slide_window_step(step, step);
        self.0.set_pyramid_scale_factor(scale);
        let picture = ImageData::new(grey.as_raw(), grey.width(), grey.height());
        #[expect(
            clippy::cast_precision_loss,
            reason = "a detector's square is a few hundred pixels"
        )]
        let seen = |face: &rustface::FaceInfo| FaceSeen {
            left: face.bbox().x() as f32,
            top: face.bbox().y() as f32,
            side: face.bbox().width() as f32,
        };
        self.0
            .detect(&picture)
            .iter()
            .map(|face| (seen(face), face.score()))
            .collect()
    }
}

/// How a picture is turned to be searched again when it shows no face as it is.
#[derive(Clone, Copy)]
enum Turn {
    Upright,
    /// The head leans, by degrees; the picture is turned back around its middle.
    Leaning(f32),
    /// The picture lies on its side or its head, by quarters.
    Quarter(u8),
}

impl Turn {
    const OTHERS: [Self; 7] = [
        Self::Leaning(16.0),
        Self::Leaning(-16.0),
        Self::Leaning(34.0),
        Self::Leaning(-34.0),
        Self::Quarter(1),
        Self::Quarter(3),
        Self::Quarter(2),
    ];

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "places in a picture of some 400 pixels, kept within it"
    )]
    fn of(self, grey: &GrayImage) -> GrayImage {
        match self {
            Self::Upright => grey.clone(),
            Self::Quarter(1) => imageops::rotate90(grey),
            Self::Quarter(2) => imageops::rotate180(grey),
            Self::Quarter(_) => imageops::rotate270(grey),
            Self::Leaning(degrees) => {
                let (width, height) = grey.dimensions();
                let (most_x, most_y) = ((width - 1) as f32, (height - 1) as f32);
                GrayImage::from_fn(width, height, |x, y| {
                    let (from_x, from_y) = around((x as f32, y as f32), degrees, (width, height));
                    let (x, y) = (from_x.clamp(0.0, most_x), from_y.clamp(0.0, most_y));
                    grey.get_pixel_checked(x.round() as u32, y.round() as u32)
                        .copied()
                        .unwrap_or(Luma([0]))
                })
            }
        }
    }

    /// Where a square of the turned picture is in the picture as it was.
    fn back(self, face: FaceSeen, width: u32, height: u32) -> FaceSeen {
        let Self::Leaning(degrees) = self else {
            return face;
        };
        let half = face.side / 2.0;
        let (x, y) = around(
            (face.left + half, face.top + half),
            degrees,
            (width, height),
        );
        FaceSeen {
            left: x - half,
            top: y - half,
            side: face.side,
        }
    }
}

/// A place turned clockwise around the middle of a picture.
#[expect(
    clippy::cast_precision_loss,
    reason = "places in a picture of some 400 pixels"
)]
fn around((x, y): (f32, f32), degrees: f32, (width, height): (u32, u32)) -> (f32, f32) {
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (right, down) = (x - middle_x, y - middle_y);
    (
        middle_x + right * cos - down * sin,
        middle_y + right * sin + down * cos,
    )
}

impl FaceSeen {
    /// Whether two squares are about the same place.
    fn shares(&self, other: &Self) -> bool {
        let middle = |face: &Self| (face.left + face.side / 2.0, face.top + face.side / 2.0);
        let ((x, y), (u, v)) = (middle(self), middle(other));
        (x - u).abs() < other.side / 2.0 && (y - v).abs() < other.side / 2.0
    }
}

/// Pixels of the largest three-by-four part.
pub(super) fn middle(whole: &DynamicImage) -> (u32, u32) {
    let (width, height) = (whole.width(), whole.height());
    if width * 4 > height * 3 {
        (height * 3 / 4, height)
    } else {
        (width, width * 4 / 3)
    }
}

/// The part around the face. Without one: the largest in the middle; of too high a picture rather the upper part.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pictures have at most 10,000 pixels a side, and what is cut lies within them"
)]
pub(super) fn frame(whole: &DynamicImage, face: Option<&FaceSeen>) -> Crop {
    let (width, height) = (whole.width() as f32, whole.height() as f32);
    let (most, most_high) = middle(whole);
    let Some(face) = face else {
        return Crop {
            left: (whole.width() - most) / 2,
            top: (whole.height() - most_high) / 3,
            width: most,
            height: most_high,
            framing: Framing::Good,
            face: None,
        };
    };
    let (eyes_x, eyes_y) = (face.left + face.side / 2.0, face.top + face.side * EYE_LINE);
    // As wide as is right; less when the picture has less around the head, down to what shows the whole head.
    let room = (eyes_x.min(width - eyes_x) * 2.0)
        .min(eyes_y / EYES_AT * 0.75)
        .min((height - eyes_y) / (1.0 - EYES_AT) * 0.75);
    let wanted = (face.side * WIDE)
        .min(room.max(face.side * NARROW))
        .min(most as f32);
    let wide = wanted.floor().max(1.0);
    let high = (wide * 4.0 / 3.0).floor().min(height);
    let (at_x, at_y) = (eyes_x - wide / 2.0, eyes_y - high * EYES_AT);
    let left = at_x.clamp(0.0, (width - wide).max(0.0));
    let top = at_y.clamp(0.0, (height - high).max(0.0));
    let slack = face.side * ASIDE;
    let framing = if wide < face.side * NARROW - 1.0 {
        Framing::TooClose
    } else if (left - at_x).abs() > slack || (top - at_y).abs() > slack {
        Framing::OffCentre
    } else {
        Framing::Good
    };
    Crop {
        left: left as u32,
        top: top as u32,
        width: wide as u32,
        height: high as u32,
        framing,
        face: Some(FaceSeen {
            left: (face.left - left) / wide,
            top: (face.top - top) / wide,
            side: face.side / wide,
        }),
    }
}
