//! What stops a picture from being made.

/// Why nothing was drawn.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The typeface has no such letter: the text is in a script other than Latin, Greek or Cyrillic, or holds a symbol.
    /// A person's name must then be written the way the population register writes it.
    #[error("the typeface on the cards has no letter {letter:?} (U+{:04X})", u32::from(*.letter))]
    NoSuchLetter {
        /// The first letter that is missing.
        letter: char,
    },
    /// The text cannot be drawn legibly in the space it has.
    #[error("{what} is too long for the card")]
    TooLong {
        /// Which text.
        what: &'static str,
    },
    /// A text that must be on the card is empty.
    #[error("{what} is missing")]
    Missing {
        /// Which text.
        what: &'static str,
    },
    /// The card number is not 12 to 19 digits (ISO/IEC 7812-1).
    #[error("a card number is 12 to 19 digits")]
    BadCardNumber,
    /// A template names a place that nobody fills, or the other way around.
    #[error("the template and its values disagree about {place:?}")]
    Template {
        /// The place.
        place: String,
    },
    /// The finished drawing is not a picture that can be rendered.
    #[error("the drawing cannot be read")]
    Drawing(#[source] resvg::usvg::Error),
    /// There is no memory for the picture.
    #[error("the picture of {width} by {height} pixels cannot be made")]
    Canvas {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The picture could not be written as PNG.
    #[error("the picture cannot be written as PNG")]
    Png(#[from] png::EncodingError),
    /// The picture could not be written as JPEG.
    #[error("the picture cannot be written as JPEG")]
    Jpeg(#[source] image::ImageError),
    /// The card number could not be written as a QR code.
    #[error("the card number cannot be written as a QR code")]
    QrCode(#[from] qrcode::types::QrError),
}
