//! Setting text into a space: as large as it may be, broken where a reader would break it, never over the edge.

use std::fmt::Write as _;

use crate::error::PrintError;
use crate::template::escape;
use crate::typeface::{self, Weight};

/// Units of a drawing are tenths of a millimetre.
pub(crate) type Tenths = f32;

/// Distance between baselines, in font sizes.
const LEADING: f32 = 1.18;
/// Height of a capital letter with an accent above the baseline, in font sizes: the first line needs this much.
const ASCENT: f32 = 0.96;
/// What hangs below the last baseline, in font sizes.
const DESCENT: f32 = 0.22;
/// Widths of words are added up without the kerning between them; this much is kept free.
const SLACK: f32 = 0.99;
/// Below this a word is broken anywhere rather than made smaller still.
const BREAK_WORDS_BELOW: Tenths = 18.0;

/// A space on the card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space {
    /// Left edge.
    pub x: Tenths,
    /// Upper edge.
    pub y: Tenths,
    /// Width.
    pub width: Tenths,
    /// Height.
    pub height: Tenths,
    /// The largest font size.
    pub largest: Tenths,
    /// The smallest font size that still can be read.
    pub smallest: Tenths,
}

/// A text that goes into a space, with the texts after it on new lines.
pub(crate) struct Words<'a> {
    /// What it is, for the error.
    pub what: &'static str,
    /// The text.
    pub text: &'a str,
    /// Its weight.
    pub weight: Weight,
}

/// One line as it will be drawn.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    pub text: String,
    pub width_at_one: f32,
    pub weight: Weight,
}

/// Lines and the size at which they fit.
#[derive(Debug)]
pub(crate) struct Setting {
    pub size: Tenths,
    pub lines: Vec<Line>,
}

/// A piece of text that is not broken unless nothing else helps.
struct Piece {
    text: String,
    width_at_one: f32,
    space_before: bool,
}

/// Sets the texts one below the other, all in the largest size at which everything fits.
pub(crate) fn set(texts: &[Words<'_>], space: Space) -> Result<Setting, PrintError> {
    let mut parts = Vec::new();
    for words in texts {
        if words.text.trim().is_empty() {
            return Err(PrintError::Missing { what: words.what });
        }
        parts.push((
            words,
            pieces(words.text, words.weight)?,
            letters(words.text, words.weight)?,
        ));
    }
    let mut size = space.largest;
    while size >= space.smallest {
        let room = space.width * SLACK / size;
        let mut lines = Vec::new();
        let mut fits = true;
        for (words, whole, letters) in &parts {
            match break_lines(whole, words.weight, room) {
                Some(broken) => lines.extend(broken),
                None if size < BREAK_WORDS_BELOW => {
                    match break_lines(letters, words.weight, room) {
                        Some(broken) => lines.extend(broken),
                        None => fits = false,
                    }
                }
                None => fits = false,
            }
        }
        if fits && height_at_one(lines.len()) * size <= space.height {
            return Ok(Setting { size, lines });
        }
        size -= 0.5;
    }
    Err(PrintError::TooLong {
        what: texts
            .iter()
            .max_by_key(|words| words.text.len())
            .map_or("the text", |words| words.what),
    })
}

/// The height of so many lines at font size 1.
#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
fn height_at_one(lines: usize) -> f32 {
    ASCENT + DESCENT + LEADING * (lines.max(1) - 1) as f32
}

/// Words, cut after spaces and after hyphens inside them, as in `Anna-|Karin`.
fn pieces(text: &str, weight: Weight) -> Result<Vec<Piece>, PrintError> {
    let mut pieces = Vec::new();
    for word in text.split_whitespace() {
        for (index, part) in word.split_inclusive('-').enumerate() {
            pieces.push(Piece {
                text: part.to_owned(),
                width_at_one: typeface::width(part, weight)?,
                space_before: index == 0,
            });
        }
    }
    Ok(pieces)
}

/// Single letters, each with the accents that follow it.
fn letters(text: &str, weight: Weight) -> Result<Vec<Piece>, PrintError> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut space_before = true;
    for letter in text.trim().chars() {
        if letter.is_whitespace() {
            space_before = true;
            continue;
        }
        match pieces.last_mut() {
            Some(last) if !space_before && is_combining(letter) => last.text.push(letter),
            _ => pieces.push(Piece {
                text: letter.to_string(),
                width_at_one: 0.0,
                space_before,
            }),
        }
        space_before = false;
    }
    for piece in &mut pieces {
        piece.width_at_one = typeface::width(&piece.text, weight)?;
    }
    Ok(pieces)
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}

/// Width of a space in the typeface, at font size 1.
const SPACE: f32 = 0.3;

/// Fills lines from the top; nothing when one piece alone is wider than the room.
fn break_lines(pieces: &[Piece], weight: Weight, room: f32) -> Option<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces {
        if piece.width_at_one > room {
            return None;
        }
        let gap = if piece.space_before { SPACE } else { 0.0 };
        match lines.last_mut() {
            Some(line) if line.width_at_one + gap + piece.width_at_one <= room => {
                if piece.space_before {
                    line.text.push(' ');
                }
                line.text.push_str(&piece.text);
                line.width_at_one += gap + piece.width_at_one;
            }
            _ => lines.push(Line {
                text: piece.text.clone(),
                width_at_one: piece.width_at_one,
                weight,
            }),
        }
    }
    Some(lines)
}

impl Setting {
    /// The lines as SVG, from the upper edge of the space.
    pub(crate) fn draw(&self, space: Space, colour: &str) -> String {
        self.draw_from(space.x, space.y + ASCENT * self.size, colour)
    }

    /// The lines as SVG, the last one standing at the bottom of the space.
    pub(crate) fn draw_at_bottom(&self, space: Space, colour: &str) -> String {
        let height = height_at_one(self.lines.len()) * self.size;
        self.draw_from(
            space.x,
            space.y + space.height - height + ASCENT * self.size,
            colour,
        )
    }

    /// The lines as SVG, halfway between the upper and the lower edge as the eye sees capitals.
    pub(crate) fn draw_in_middle(&self, space: Space, colour: &str) -> String {
        let capital = 0.727 * self.size;
        let block = capital + (height_at_one(self.lines.len()) - ASCENT - DESCENT) * self.size;
        self.draw_from(
            space.x,
            space.y + (space.height - block) / 2.0 + capital,
            colour,
        )
    }

    /// The lines as SVG, the first standing on the given baseline.
    pub(crate) fn draw_from(&self, x: Tenths, first_baseline: Tenths, colour: &str) -> String {
        let mut svg = String::new();
        let mut baseline = first_baseline;
        for line in &self.lines {
            // Writing to a String cannot fail.
            let _ = write!(
                svg,
                r#"<text x="{x:.2}" y="{baseline:.2}" font-size="{:.2}" font-weight="{}" fill="{colour}">{}</text>"#,
                self.size,
                line.weight.number(),
                escape(&line.text),
            );
            baseline += LEADING * self.size;
        }
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE_FOR_NAME: Space = Space {
        x: 40.0,
        y: 535.0,
        width: 460.0,
        height: 80.0,
        largest: 38.0,
        smallest: 8.0,
    };

    fn name<'a>(given: &'a str, family: &'a str) -> [Words<'a>; 2] {
        [
            Words {
                what: "the given name",
                text: given,
                weight: Weight::Regular,
            },
            Words {
                what: "the family name",
                text: family,
                weight: Weight::SemiBold,
            },
        ]
    }

    fn texts(setting: &Setting) -> Vec<&str> {
        setting
            .lines
            .iter()
            .map(|line| line.text.as_str())
            .collect()
    }

    #[test]
    fn a_short_name_is_large_and_on_two_lines() {
        let setting = set(&name("Åsa", "Öberg"), SPACE_FOR_NAME).unwrap();
        assert!(setting.size > 33.0, "{}", setting.size);
        assert_eq!(texts(&setting), ["Åsa", "Öberg"]);
    }

    #[test]
    fn a_long_name_breaks_after_spaces_and_hyphens() {
        let setting = set(
            &name(
                "Maria Magdalena Anna-Karin Elisabeth Charlotta",
                "von Essen-Mårtensson af Klercker",
            ),
            SPACE_FOR_NAME,
        )
        .unwrap();
        assert!(setting.size > 20.0, "{setting:?}");
        let joined = texts(&setting).join(" ").replace("- ", "-");
        assert_eq!(
            joined,
            "Maria Magdalena Anna-Karin Elisabeth Charlotta von Essen-Mårtensson af Klercker"
        );
    }

    #[test]
    fn every_name_that_may_be_stored_fits() {
        for letter in ["W", "Ẃ", "i", "Щ", "W\u{308}"] {
            let word = letter.repeat(64 / letter.chars().count());
            let setting = set(&name(&word, &word), SPACE_FOR_NAME).unwrap();
            let height = height_at_one(setting.lines.len()) * setting.size;
            assert!(height <= SPACE_FOR_NAME.height, "{height}");
            for line in &setting.lines {
                let width = typeface::width(&line.text, line.weight).unwrap() * setting.size;
                assert!(width <= SPACE_FOR_NAME.width, "{width} {line:?}");
            }
            let drawn: String = texts(&setting).concat();
            assert_eq!(drawn, word.repeat(2));
        }
    }

    #[test]
    fn refuses_the_empty_and_the_endless() {
        assert!(matches!(
            set(&name(" ", "Öberg"), SPACE_FOR_NAME),
            Err(PrintError::Missing {
                what: "the given name"
            })
        ));
        let endless = "Öberg ".repeat(400);
        assert!(matches!(
            set(&name("Åsa", &endless), SPACE_FOR_NAME),
            Err(PrintError::TooLong {
                what: "the family name"
            })
        ));
    }

    #[test]
    fn measured_words_are_at_least_as_wide_as_the_drawn_line() {
        for text in ["AV To We Ty", "Ann-Marie af Klercker", "LTA VAT"] {
            let broken = break_lines(
                &pieces(text, Weight::SemiBold).unwrap(),
                Weight::SemiBold,
                100.0,
            )
            .unwrap();
            let drawn = typeface::width(text, Weight::SemiBold).unwrap();
            assert!(
                broken[0].width_at_one >= drawn * SLACK,
                "{text}: {} {drawn}",
                broken[0].width_at_one
            );
        }
    }
}
