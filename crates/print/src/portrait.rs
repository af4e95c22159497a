//! Drawn portraits of people who do not exist, for trying the system without anybody's photo.
//!
//! They are drawings and say so: "påhittad" (invented) stands in each. The same seed gives the same face.

use crate::drawing::render;
use crate::error::PrintError;
use crate::photo::{HEIGHT, WIDTH};
use crate::template::{Markup, fill};

const SKINS: [(&str, &str); 7] = [
    ("#f6d7c3", "#e3b69b"),
    ("#f0c8a6", "#d9a67e"),
    ("#e4b48c", "#c9936a"),
    ("#cf9a6c", "#b27d51"),
    ("#a9744a", "#8c5b36"),
    ("#855433", "#693f25"),
    ("#5f3a25", "#472a1a"),
];
const HAIRS: [&str; 8] = [
    "#2a201c", "#43302a", "#6b4a33", "#8d6a45", "#c9a063", "#dfc48d", "#9b4f2c", "#a8a5a1",
];
const CLOTHES: [(&str, &str); 7] = [
    ("#2f6f77", "#255a61"),
    ("#3c5a80", "#304a6b"),
    ("#5b7f6c", "#4a6a59"),
    ("#7a4f64", "#653f52"),
    ("#e9ecee", "#cfd6da"),
    ("#4a4f5c", "#3b3f4a"),
    ("#8fb3c9", "#759bb2"),
];
const WALLS: [(&str, &str); 5] = [
    ("#e9eef0", "#d3dcdf"),
    ("#f0ece4", "#ddd5c7"),
    ("#e6eee8", "#cddad1"),
    ("#ebe8f0", "#d5d0de"),
    ("#e4ecf3", "#c9d7e3"),
];

/// How an invented person sits for the camera. What [`Sitting::default`] says is as it should be; all else is there to try
/// the checks of photos with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sitting {
    /// The eyes.
    pub eyes: Eyes,
    /// What is behind the person.
    pub wall: Wall,
    /// How far the head leans to its left, degrees.
    pub tilt: f32,
}

/// What the camera sees of the eyes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Eyes {
    /// Open, and looking into the camera.
    #[default]
    Open,
    /// Closed.
    Closed,
    /// Behind dark glasses.
    Hidden,
}

/// What is behind the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wall {
    /// A light wall.
    #[default]
    Plain,
    /// A dark curtain.
    Dark,
    /// A shelf of binders.
    Shelf,
}

/// Draws the invented person of that seed as a JPEG of the size photos are kept in, as a camera of the demo would take it.
pub fn invent(seed: u64) -> Result<Vec<u8>, PrintError> {
    invent_sitting(seed, Sitting::default())
}

/// The same person, sitting otherwise.
pub fn invent_sitting(seed: u64, sitting: Sitting) -> Result<Vec<u8>, PrintError> {
    render(&drawing(seed, sitting)?, WIDTH, HEIGHT)?.to_jpeg(92)
}

fn drawing(seed: u64, sitting: Sitting) -> Result<String, PrintError> {
    let mut dice = Dice(seed);
    let (skin, shade) = dice.pick(&SKINS);
    let dark_skin = shade < "#a";
    let mut hair = dice.pick(&HAIRS);
    let grey = "#a8a5a1";
    if dark_skin && hair != grey {
        hair = "#2a201c";
    }
    let (cloth, fold) = dice.pick(&CLOTHES);
    let (wall, wall_shade) = match (sitting.wall, dice.pick(&WALLS)) {
        (Wall::Dark, _) => ("#3a3d46", "#24262c"),
        (_, light) => light,
    };
    let hairdo = dice.pick(&Hairdo::ALL);
    let scarf = dice.pick(&CLOTHES).0;
    let (behind, before) = hairdo.draw(hair, scarf);
    let beard = if hairdo.goes_with_beard() && dice.one_in(2) {
        beard(hair, dice.one_in(2))
    } else {
        String::new()
    };
    let glasses = if dice.one_in(3) {
        glasses(dice.one_in(2))
    } else {
        String::new()
    };
    let light_iris = dice.pick(&["#4b3324", "#5b4630", "#4d6650", "#4a6a86"]);
    let iris = if dark_skin { "#3a261b" } else { light_iris };
    let brow_lift = f32::from(dice.below(7)) - 3.0;
    let jaw = f32::from(dice.below(13)) - 6.0;
    let mouth = dice.pick(&[
        "M262 431Q300 452 338 431",
        "M264 434Q300 446 336 434",
        "M260 430Q300 458 340 430",
    ]);
    fill(
        include_str!("../templates/portrait.svg"),
        &[
            ("wall", Markup::text(wall)),
            ("wall_shade", Markup::text(wall_shade)),
            ("skin", Markup::text(skin)),
            ("shade", Markup::text(shade)),
            ("cloth", Markup::text(cloth)),
            ("fold", Markup::text(fold)),
            ("collar", Markup::drawn(collar(dice.below(3), skin, fold))),
            ("hair_behind", Markup::drawn(behind)),
            ("hair_before", Markup::drawn(before)),
            (
                "brow",
                Markup::text(if hair == "#dfc48d" || hair == grey {
                    "#8a7355"
                } else {
                    hair
                }),
            ),
            ("brow_lift", Markup::text(&format!("{brow_lift:.1}"))),
            ("head", Markup::drawn(head(jaw))),
            ("mouth", Markup::text(mouth)),
            (
                "lip",
                Markup::text(if dark_skin { "#5a2a24" } else { "#a5574c" }),
            ),
            ("beard", Markup::drawn(beard)),
            (
                "glasses",
                Markup::drawn(match sitting.eyes {
                    Eyes::Hidden => DARK_GLASSES.to_owned(),
                    _ => glasses,
                }),
            ),
            ("eyes", Markup::drawn(eyes(sitting.eyes, iris))),
            ("tilt", Markup::text(&format!("{:.1}", sitting.tilt))),
            (
                "behind",
                Markup::drawn(match sitting.wall {
                    Wall::Shelf => shelf(),
                    _ => String::new(),
                }),
            ),
        ],
    )
}

const DARK_GLASSES: &str = r##"<g fill="#15171b" stroke="#0c0d10" stroke-width="7"><rect x="198" y="300" width="96" height="72" rx="26"/><rect x="306" y="300" width="96" height="72" rx="26"/><path d="M294 326Q300 318 306 326M199 324L186 318M401 324L414 318" fill="none"/></g>"##;

fn eyes(eyes: Eyes, iris: &str) -> String {
    if eyes == Eyes::Closed {
        return r##"<path d="M222 338Q250 352 278 338M378 338Q350 352 322 338" fill="none" stroke="#2b211c" stroke-width="5" stroke-linecap="round"/>"##.to_owned();
    }
    format!(
        r##"<path d="M222 336Q250 312 278 336Q250 354 222 336Z" fill="#fbfaf8"/><path d="M378 336Q350 312 322 336Q350 354 378 336Z" fill="#fbfaf8"/><g fill="{iris}"><circle cx="250" cy="335" r="12.5"/><circle cx="350" cy="335" r="12.5"/></g><circle cx="250" cy="335" r="6" fill="#17120f"/><circle cx="350" cy="335" r="6" fill="#17120f"/><circle cx="254" cy="331" r="2.6" fill="#ffffff"/><circle cx="354" cy="331" r="2.6" fill="#ffffff"/><path d="M220 337Q250 309 280 337M380 337Q350 309 320 337" fill="none" stroke="#2b211c" stroke-width="4.5" stroke-linecap="round"/>"##
    )
}

/// Binders of many colours, as behind many a desk.
fn shelf() -> String {
    let colours = [
        "#7d2e2e", "#274b6d", "#e0d6bd", "#3d5a3a", "#1f2328", "#b98a2f",
    ];
    let mut shelf = String::new();
    for row in 0..4u16 {
        shelf.push_str(&format!(
            r##"<rect x="0" y="{}" width="600" height="16" fill="#5a4030"/>"##,
            row * 200 + 176
        ));
        for (binder, colour) in (0..20u16).zip(colours.iter().cycle().skip(usize::from(row) * 2)) {
            shelf.push_str(&format!(
                r##"<rect x="{}" y="{}" width="28" height="{}" fill="{colour}"/><rect x="{}" y="{}" width="14" height="40" fill="#f4f1ea"/>"##,
                binder * 30,
                row * 200 + 8 + (binder * 7 % 20),
                168 - (binder * 7 % 20),
                binder * 30 + 7,
                row * 200 + 60,
            ));
        }
    }
    shelf
}

/// The outline of a head: a rounder or a longer jaw.
fn head(jaw: f32) -> String {
    let cheek = 110.0 + jaw;
    let chin = 492.0 - jaw;
    format!(
        "M300 182C372 182 414 236 412 316C411 360 {:.1} 412 {:.1} 446C348 {:.1} 324 {chin:.1} 300 {chin:.1}C276 {chin:.1} 252 {:.1} {:.1} 446C{:.1} 412 189 360 188 316C186 236 228 182 300 182Z",
        300.0 + cheek - 2.0,
        300.0 + cheek * 0.70,
        chin - 12.0,
        chin - 12.0,
        300.0 - cheek * 0.70,
        300.0 - cheek + 2.0,
    )
}

fn collar(kind: u8, skin: &str, fold: &str) -> String {
    match kind {
        // The V of a nurse's tunic.
        0 => format!(
            r##"<path d="M244 588L300 706L356 588Z" fill="{skin}"/><path d="M236 594L300 716L364 594" fill="none" stroke="{fold}" stroke-width="15" stroke-linejoin="round" stroke-linecap="round"/>"##
        ),
        // A shirt.
        1 => format!(
            r##"<path d="M252 588L300 640L348 588Z" fill="{skin}"/><path d="M248 584L300 644L256 690L218 604Z" fill="#f4f5f5"/><path d="M352 584L300 644L344 690L382 604Z" fill="#f4f5f5"/><path d="M300 646V900" stroke="{fold}" stroke-width="4"/>"##
        ),
        // A round neck.
        _ => format!(
            r##"<path d="M240 588Q300 676 360 588Z" fill="{skin}"/><path d="M236 594Q300 690 364 594" fill="none" stroke="{fold}" stroke-width="12" stroke-linecap="round"/>"##
        ),
    }
}

#[derive(Clone, Copy)]
enum Hairdo {
    Short,
    Parted,
    Bob,
    Long,
    Bun,
    Curls,
    Bald,
    Scarf,
}

impl Hairdo {
    const ALL: [Self; 8] = [
        Self::Short,
        Self::Parted,
        Self::Bob,
        Self::Long,
        Self::Bun,
        Self::Curls,
        Self::Bald,
        Self::Scarf,
    ];

    fn goes_with_beard(self) -> bool {
        matches!(self, Self::Short | Self::Parted | Self::Bald | Self::Curls)
    }

    /// What is behind the head, and what is before it.
    fn draw(self, hair: &str, scarf: &str) -> (String, String) {
        match self {
            Self::Short => (
                String::new(),
                format!(
                    r#"<path d="M180 322C172 214 220 150 304 150C388 150 430 212 420 322C416 286 408 262 396 246C350 258 264 258 214 236C196 256 186 288 180 322Z" fill="{hair}"/>"#
                ),
            ),
            Self::Parted => (
                String::new(),
                format!(
                    r#"<path d="M180 330C166 220 214 146 306 148C392 150 434 216 420 330C416 292 404 262 384 244C330 244 274 226 246 196C236 228 196 262 180 330Z" fill="{hair}"/>"#
                ),
            ),
            Self::Bob => (
                format!(
                    r#"<path d="M300 142C190 142 158 226 162 330C164 400 160 450 172 492C210 520 390 520 428 492C440 450 436 400 438 330C442 226 410 142 300 142Z" fill="{hair}"/>"#
                ),
                format!(
                    r#"<path d="M176 372C166 252 196 158 300 156C404 158 434 252 424 372C412 340 408 306 398 272C340 280 270 262 240 226C226 268 190 316 176 372Z" fill="{hair}"/>"#
                ),
            ),
            Self::Long => (
                format!(
                    r#"<path d="M300 140C182 140 152 230 156 344C158 460 142 560 150 660C200 700 400 700 450 660C458 560 442 460 444 344C448 230 418 140 300 140Z" fill="{hair}"/>"#
                ),
                format!(
                    r#"<path d="M176 390C162 260 200 156 302 154C400 156 438 260 424 390C412 330 384 262 318 210C268 268 196 310 176 390Z" fill="{hair}"/>"#
                ),
            ),
            Self::Bun => (
                format!(
                    r#"<circle cx="300" cy="128" r="58" fill="{hair}"/><path d="M180 330C170 220 220 156 300 156C380 156 430 220 420 330Z" fill="{hair}"/>"#
                ),
                format!(
                    r#"<path d="M182 330C172 232 214 160 300 158C386 160 428 232 418 330C410 284 380 232 300 222C220 232 190 284 182 330Z" fill="{hair}"/>"#
                ),
            ),
            Self::Curls => {
                let mut curls = String::new();
                for (x, y, radius) in [
                    (186, 300, 36),
                    (178, 248, 40),
                    (196, 196, 44),
                    (240, 160, 46),
                    (300, 146, 48),
                    (360, 160, 46),
                    (404, 196, 44),
                    (422, 248, 40),
                    (414, 300, 36),
                ] {
                    curls.push_str(&format!(
                        r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{hair}"/>"#
                    ));
                }
                let mut fringe = String::new();
                for (x, y, radius) in [
                    (214, 236, 32),
                    (252, 212, 34),
                    (300, 204, 36),
                    (348, 212, 34),
                    (386, 236, 32),
                ] {
                    fringe.push_str(&format!(
                        r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{hair}"/>"#
                    ));
                }
                (curls, fringe)
            }
            Self::Bald => (
                String::new(),
                format!(
                    r#"<path d="M188 344C176 316 176 284 190 258C198 282 198 318 200 348Z" fill="{hair}"/><path d="M412 344C424 316 424 284 410 258C402 282 402 318 400 348Z" fill="{hair}"/>"#
                ),
            ),
            Self::Scarf => (
                format!(
                    r#"<path d="M300 132C176 132 144 236 156 350C164 440 150 520 122 640C190 720 410 720 478 640C450 520 436 440 444 350C456 236 424 132 300 132Z" fill="{scarf}"/>"#
                ),
                format!(
                    r##"<path fill-rule="evenodd" d="M300 132C176 132 148 236 158 350C166 450 190 560 300 596C410 560 434 450 442 350C452 236 424 132 300 132ZM300 206C368 206 404 258 402 326C400 410 360 484 300 486C240 484 200 410 198 326C196 258 232 206 300 206Z" fill="{scarf}"/><path d="M198 330C204 430 246 530 330 566" fill="none" stroke="#000000" stroke-opacity="0.14" stroke-width="6"/>"##
                ),
            ),
        }
    }
}

fn beard(hair: &str, full: bool) -> String {
    if full {
        format!(
            r#"<path d="M192 352C196 440 238 506 300 508C362 506 404 440 408 352C398 396 372 408 346 404C320 396 280 396 254 404C228 408 202 396 192 352Z" fill="{hair}"/>"#
        )
    } else {
        format!(
            r#"<path d="M250 414C270 396 330 396 350 414C330 410 270 410 250 414Z" fill="{hair}"/><path d="M272 464Q300 458 328 464Q322 494 300 496Q278 494 272 464Z" fill="{hair}"/>"#
        )
    }
}

fn glasses(round: bool) -> String {
    let lenses = if round {
        r##"<circle cx="250" cy="334" r="42"/><circle cx="350" cy="334" r="42"/>"##
    } else {
        r##"<rect x="206" y="304" width="86" height="60" rx="16"/><rect x="308" y="304" width="86" height="60" rx="16"/>"##
    };
    format!(
        r##"<g fill="#ffffff" fill-opacity="0.16" stroke="#2b2f36" stroke-width="7">{lenses}<path d="M292 328Q300 320 308 328M207 326L186 318M393 326L414 318" fill="none"/></g>"##
    )
}

/// SplitMix64: small, and the same everywhere. It chooses hats, not keys.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u8) -> u8 {
        u8::try_from(self.next() % u64::from(end.max(1))).unwrap_or(0)
    }

    fn one_in(&mut self, chances: u8) -> bool {
        self.below(chances) == 0
    }

    fn pick<T: Copy, const N: usize>(&mut self, from: &[T; N]) -> T {
        const { assert!(N > 0 && N < 256, "something to choose from") };
        let index = usize::from(self.below(u8::try_from(N).unwrap_or(u8::MAX)));
        #[expect(clippy::indexing_slicing, reason = "below N, which is below 256")]
        from[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo;

    #[test]
    fn a_seed_is_a_face() {
        assert_eq!(
            drawing(7, Sitting::default()).unwrap(),
            drawing(7, Sitting::default()).unwrap()
        );
        assert_ne!(
            drawing(7, Sitting::default()).unwrap(),
            drawing(8, Sitting::default()).unwrap()
        );
    }

    #[test]
    fn every_drawing_is_whole_and_says_that_it_is_invented() {
        for seed in 0..500 {
            assert!(
                drawing(seed, Sitting::default())
                    .unwrap()
                    .contains("PÅHITTAD")
            );
        }
    }

    #[test]
    fn an_invented_face_passes_for_a_photo() {
        for seed in 0..12 {
            let looked = photo::look(&invent(seed).unwrap()).unwrap();
            assert_eq!(looked.measures.faces, 1, "{seed}");
        }
    }
}
