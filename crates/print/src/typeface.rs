//! The one typeface, and how wide a text is in it.

use std::sync::{Arc, LazyLock};

use resvg::usvg::{self, fontdb};

use crate::error::PrintError;
use crate::template::escape;

/// The family name that templates use.
pub(crate) const FAMILY: &str = "Inter";

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../fonts/Inter-Regular.otf").to_vec());
    fonts.load_font_data(include_bytes!("../fonts/Inter-SemiBold.otf").to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

/// How the renderer reads a drawing: our fonts alone, and no picture but those inside the drawing itself. A `href` that
/// names a file or an address is left out, whatever it says.
pub(crate) fn options() -> usvg::Options<'static> {
    usvg::Options {
        font_family: FAMILY.to_owned(),
        languages: vec!["sv".to_owned()],
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_string: Box::new(|_, _| None),
            ..usvg::ImageHrefResolver::default()
        },
        ..usvg::Options::default()
    }
}

/// Weights that are on the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// 400.
    Regular,
    /// 600.
    SemiBold,
}

impl Weight {
    /// The CSS number.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Regular => 400,
            Self::SemiBold => 600,
        }
    }
}

/// The size at which text is measured; widths grow in proportion, as the outlines are not hinted.
const MEASURED_AT: f32 = 100.0;

/// The width of a line of text at font size 1, with kerning and composed accents as they will be drawn.
/// Refuses text that the typeface cannot draw.
pub(crate) fn width(text: &str, weight: Weight) -> Result<f32, PrintError> {
    if let Some(letter) = text
        .chars()
        .find(|letter| letter.is_control() || is_invisible(*letter))
    {
        return Err(PrintError::NoSuchLetter { letter });
    }
    if text.trim().is_empty() {
        return Ok(0.0);
    }
    let drawing = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="9999" height="200"><text x="0" y="100" font-family="{FAMILY}" font-size="{MEASURED_AT}" font-weight="{}">{}</text></svg>"#,
        weight.number(),
        escape(text),
    );
    let tree = usvg::Tree::from_str(&drawing, &options()).map_err(PrintError::Drawing)?;
    let mut widest = 0.0_f32;
    let mut drawn = 0_usize;
    for node in tree.root().children() {
        let usvg::Node::Text(text) = node else {
            continue;
        };
        widest = widest.max(text.bounding_box().right());
        for glyph in text
            .layouted()
            .iter()
            .flat_map(|span| &span.positioned_glyphs)
        {
            if glyph.id.0 == 0 {
                return Err(missing(&glyph.text));
            }
            drawn += 1;
        }
    }
    if drawn == 0 {
        return Err(missing(text));
    }
    Ok(widest / MEASURED_AT)
}

fn missing(text: &str) -> PrintError {
    PrintError::NoSuchLetter {
        letter: text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Characters that steer text without being seen (Unicode's directional marks, joiners and their like): on a card they
/// could only make one name look like another.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_text_is_wider() {
        let narrow = width("Åsa", Weight::Regular).unwrap();
        let wide = width("Åsa Öberg", Weight::Regular).unwrap();
        assert!(narrow > 1.0 && wide > narrow * 2.0, "{narrow} {wide}");
        assert!(width("Åsa", Weight::SemiBold).unwrap() > narrow);
        assert!(width("   ", Weight::Regular).unwrap().abs() < f32::EPSILON);
    }

    #[test]
    fn accents_may_come_composed_or_not() {
        let composed = width("Kovačević", Weight::Regular).unwrap();
        let apart = width("Kovac\u{30C}evic\u{301}", Weight::Regular).unwrap();
        assert!((composed - apart).abs() < 0.01, "{composed} {apart}");
    }

    #[test]
    fn knows_the_alphabets_of_europe() {
        for name in [
            "Ærø Łukasz Şükrü Đorđević",
            "Nguyễn Thị Phương",
            "Ελένη Παπαδοπούλου",
            "Наталія Щербаківська",
            "Ħ Ŀ Ŋ Ŧ Ə ǅ",
            "O’Brien-Sørensen",
        ] {
            width(name, Weight::SemiBold).unwrap();
        }
    }

    #[test]
    fn names_the_letter_it_cannot_draw() {
        for (name, first) in [
            ("Li 李", '李'),
            ("Zoë 😀", '😀'),
            ("علي", 'ع'),
            ("a\tb", '\t'),
            ("a\u{202E}b", '\u{202E}'),
        ] {
            match width(name, Weight::Regular) {
                Err(PrintError::NoSuchLetter { letter }) if letter == first || name == "علي" => {
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
