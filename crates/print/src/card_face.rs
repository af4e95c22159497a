//! The two faces of a card: upright, with only what others need to see on the front.
//!
//! The front shows a name, a photo, the organisation and the last day; never a personal identity number. Numbers
//! stand on the back, where a person at a counter turns the card to read them.

use base64::Engine as _;

use crate::drawing::render;
use crate::error::PrintError;
use crate::lines::{Space, Words, set};
use crate::ornament;
use crate::photo::Photo;
use crate::template::{Markup, fill};
use crate::typeface::Weight;

/// Pixels of an upright ID-1 card (ISO/IEC 7810: 53.98 by 85.60 mm) at 300 dots per inch.
const WIDTH: u32 = 638;
const HEIGHT: u32 = 1011;

const INK: &str = "#14252c";
const QUIET: &str = "#4a5a61";
const WAX: &str = "#9c2f3a";

/// What kind of card it is, to be seen from across a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardLook {
    /// The organisation's ordinary card.
    Ordinary,
    /// A reserve card, for a limited time.
    Reserve,
    /// A card for doors only.
    Door,
}

impl CardLook {
    /// Colour of the band, and of the lines behind the text.
    fn colours(self) -> (&'static str, &'static str) {
        match self {
            Self::Ordinary => ("#0d4a52", "#d5e6e4"),
            Self::Reserve => ("#7a4a0c", "#f0e2cc"),
            Self::Door => ("#3b4653", "#dde1e6"),
        }
    }
}

/// Everything that is printed on one card.
#[derive(Clone, Copy)]
pub struct CardFace<'a> {
    /// Whose card it is to give and to take back, as in the band on the front.
    pub organisation: &'a str,
    /// What the card is called, `E-tjänstekort`.
    pub title: &'a str,
    /// What kind of card it is.
    pub look: CardLook,
    /// Given name, as in the population register. Any length that can be stored fits.
    pub given_name: &'a str,
    /// Family name.
    pub family_name: &'a str,
    /// The approved photo; a card without one gives its room to the name.
    pub photo: Option<&'a Photo>,
    /// The last day the card is valid, ISO 8601 (`2031-11-22`).
    pub valid_through: &'a str,
    /// 12 to 19 digits, without spaces.
    pub card_number: &'a str,
    /// Product code (`701`): it tells a help desk how the card can be unlocked.
    pub product_code: &'a str,
    /// Where a finder sends the card: the lines of an address.
    pub return_to: &'a [&'a str],
}

/// The finished faces, each a PNG of 638 by 1011 pixels at 300 dots per inch.
pub struct Faces {
    /// PNG bytes.
    pub front_png: Vec<u8>,
    /// PNG bytes.
    pub back_png: Vec<u8>,
}

/// Draws both faces of a card. Long names are made smaller and set on more lines; a letter that the typeface lacks, or a
/// missing text, is refused, so that no card is printed with something left out.
pub fn card_face(face: &CardFace<'_>) -> Result<Faces, PrintError> {
    if !(12..=19).contains(&face.card_number.len())
        || !face.card_number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(PrintError::BadCardNumber);
    }
    Ok(Faces {
        front_png: render(&front(face)?, WIDTH, HEIGHT)?.to_png()?,
        back_png: render(&back(face)?, WIDTH, HEIGHT)?.to_png()?,
    })
}

fn front(face: &CardFace<'_>) -> Result<String, PrintError> {
    let (band, lines) = face.look.colours();
    let organisation = Space {
        x: 130.0,
        y: 16.0,
        width: 370.0,
        height: 86.0,
        largest: 34.0,
        smallest: 12.0,
    };
    let title = Space {
        x: 0.0,
        y: 0.0,
        width: 360.0,
        height: 60.0,
        largest: 40.0,
        smallest: 12.0,
    };
    let name = match face.photo {
        Some(_) => Space {
            x: 40.0,
            y: 525.0,
            width: 460.0,
            height: 98.0,
            largest: 40.0,
            smallest: 8.0,
        },
        None => Space {
            x: 40.0,
            y: 230.0,
            width: 400.0,
            height: 300.0,
            largest: 62.0,
            smallest: 8.0,
        },
    };
    let photo = match face.photo {
        Some(photo) => drawn_photo(photo),
        None => String::new(),
    };
    // The title runs upwards along the right edge, beside the photo.
    let title = format!(
        r#"<g transform="translate(499.8 508) rotate(-90)">{}</g>"#,
        one(face.title, "the title of the card", Weight::SemiBold, title)?
            .draw_from(0.0, 0.0, band),
    );
    fill(
        include_str!("../templates/card-front.svg"),
        &[
            ("band", Markup::text(band)),
            (
                "rosette",
                Markup::drawn(ornament::rosette((430.0, 690.0), 330.0, lines)),
            ),
            (
                "seal",
                Markup::drawn(ornament::seal((80.0, 59.0), 36.0, WAX, "#ffffff")),
            ),
            (
                "organisation",
                Markup::drawn(
                    one(
                        face.organisation,
                        "the organisation",
                        Weight::SemiBold,
                        organisation,
                    )?
                    .draw_in_middle(organisation, "#ffffff"),
                ),
            ),
            ("photo", Markup::drawn(photo)),
            ("title", Markup::drawn(title)),
            (
                "name",
                Markup::drawn(set(&names(face), name)?.draw(name, INK)),
            ),
            (
                "valid_through",
                Markup::text(checked(face.valid_through, "the last day")?),
            ),
        ],
    )
}

fn back(face: &CardFace<'_>) -> Result<String, PrintError> {
    let (band, lines) = face.look.colours();
    let number = Space {
        x: 40.0,
        y: 100.0,
        width: 460.0,
        height: 56.0,
        largest: 46.0,
        smallest: 20.0,
    };
    let found = Space {
        x: 40.0,
        y: 440.0,
        width: 460.0,
        height: 110.0,
        largest: 22.0,
        smallest: 16.0,
    };
    let address = Space {
        x: 40.0,
        y: 560.0,
        width: 460.0,
        height: 200.0,
        largest: 28.0,
        smallest: 10.0,
    };
    let return_to: Vec<Words<'_>> = face
        .return_to
        .iter()
        .map(|line| Words {
            what: "the address for found cards",
            text: line,
            weight: Weight::SemiBold,
        })
        .collect();
    if return_to.is_empty() {
        return Err(PrintError::Missing {
            what: "the address for found cards",
        });
    }
    let found_texts = [
        Words {
            what: "the finder's text",
            text: "Upphittat kort skickas eller lämnas till:",
            weight: Weight::Regular,
        },
        Words {
            what: "the finder's text",
            text: "If found, please send or hand it in to:",
            weight: Weight::Regular,
        },
    ];
    fill(
        include_str!("../templates/card-back.svg"),
        &[
            ("band", Markup::text(band)),
            (
                "rosette",
                Markup::drawn(ornament::rosette((430.0, 690.0), 330.0, lines)),
            ),
            (
                "card_number",
                Markup::drawn(
                    one(
                        &grouped(face.card_number),
                        "the card number",
                        Weight::SemiBold,
                        number,
                    )?
                    .draw(number, INK),
                ),
            ),
            (
                "qr_code",
                Markup::drawn(ornament::qr_code(
                    face.card_number,
                    (40.0, 190.0),
                    210.0,
                    INK,
                )?),
            ),
            (
                "found",
                Markup::drawn(set(&found_texts, found)?.draw_at_bottom(found, QUIET)),
            ),
            (
                "return_to",
                Markup::drawn(set(&return_to, address)?.draw(address, INK)),
            ),
            (
                "product_code",
                Markup::text(checked(face.product_code, "the product code")?),
            ),
        ],
    )
}

fn names<'a>(face: &CardFace<'a>) -> [Words<'a>; 2] {
    [
        Words {
            what: "the given name",
            text: face.given_name,
            weight: Weight::Regular,
        },
        Words {
            what: "the family name",
            text: face.family_name,
            weight: Weight::SemiBold,
        },
    ]
}

fn one(
    text: &str,
    what: &'static str,
    weight: Weight,
    space: Space,
) -> Result<crate::lines::Setting, PrintError> {
    set(&[Words { what, text, weight }], space)
}

/// A short text that stands in a template as it is: not empty, drawable, and not wider than its corner.
fn checked<'a>(text: &'a str, what: &'static str) -> Result<&'a str, PrintError> {
    if text.trim().is_empty() {
        return Err(PrintError::Missing { what });
    }
    if crate::typeface::width(text, Weight::SemiBold)? > 7.0 {
        return Err(PrintError::TooLong { what });
    }
    Ok(text)
}

/// Digits in groups of four, as people read them aloud.
fn grouped(number: &str) -> String {
    number
        .chars()
        .enumerate()
        .flat_map(|(index, digit)| {
            (index > 0 && index % 4 == 0)
                .then_some(' ')
                .into_iter()
                .chain([digit])
        })
        .collect()
}

fn drawn_photo(photo: &Photo) -> String {
    format!(
        concat!(
            r#"<clipPath id="photo"><rect x="40" y="148" width="270" height="360" rx="12"/></clipPath>"#,
            r#"<image x="40" y="148" width="270" height="360" clip-path="url(#photo)" href="data:image/jpeg;base64,{}"/>"#,
        ),
        base64::engine::general_purpose::STANDARD.encode(photo.jpeg()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_read_in_fours() {
        assert_eq!(grouped("9752000000000000126"), "9752 0000 0000 0000 126");
    }
}
