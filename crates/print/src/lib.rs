//! What goes on plastic and paper: card faces, and the photos that stand on them.
//!
//! SVG templates (`templates/`) are filled with measured text, drawn with the typeface in `fonts/` alone and written as PNG
//! at 300 dots per inch. Nothing here reads a file, a clock or the network: the same values give the same picture on every
//! machine, and a picture is either complete or refused.

mod card_face;
mod drawing;
mod error;
mod lines;
mod ornament;
pub mod photo;
pub mod portrait;
mod template;
mod typeface;

pub use card_face::{CardFace, CardLook, Faces, card_face};
pub use error::PrintError;
pub use photo::{Photo, PhotoProblem};
