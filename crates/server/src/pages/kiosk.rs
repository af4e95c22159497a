//! The photo kiosk, and the code one brings to it.

use askama::Template;

use super::station::PhotoCheck;
use super::{Problems, Refusal, Shell};
use crate::text::When;

/// Asks for the photo code. `GET /kiosk`; posts `code` to `/kiosk/code`.
#[derive(Template)]
#[template(path = "kiosk/code.html")]
pub struct Code {
    /// The frame, with the kiosk's form token.
    pub shell: Shell,
    /// Set when the code was wrong.
    pub refusal: Option<Refusal>,
}

/// The camera. Posts `code` and the file field `photo` as multipart to `/kiosk/photo`.
#[derive(Template)]
#[template(path = "kiosk/camera.html")]
pub struct Camera {
    /// The frame.
    pub shell: Shell,
    /// Whose photo, given name and an initial; nothing for a protected identity.
    pub name: Option<String>,
    /// The code, to be sent along.
    pub code: String,
    /// What was wrong with the photo just taken.
    pub checks: Vec<PhotoCheck>,
    /// Set when the file was none.
    pub refusal: Option<Refusal>,
}

/// The photo as it will stand on the card. Posts `photo` to `/kiosk/keep`, or with `code` to `/kiosk/forget`.
#[derive(Template)]
#[template(path = "kiosk/taken.html")]
pub struct Taken {
    /// The frame.
    pub shell: Shell,
    /// The address of the photo.
    pub photo: String,
    /// Its identifier.
    pub id: String,
    /// The code, for another try.
    pub code: String,
}

/// Thanks, and what happens now.
#[derive(Template)]
#[template(path = "kiosk/done.html")]
pub struct Done {
    /// The frame.
    pub shell: Shell,
}

/// Opening and closing kiosks. `GET /station/kiosks`; posts `place`, and nothing to each one's `close`.
#[derive(Template)]
#[template(path = "station/kiosks.html")]
pub struct Kiosks {
    /// The frame.
    pub shell: Shell,
    /// The open ones.
    pub open: Vec<OpenKiosk>,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// A kiosk that is open.
#[derive(Clone, Debug)]
pub struct OpenKiosk {
    /// Where it stands.
    pub place: String,
    /// Since when.
    pub since: When,
    /// When it closes by itself.
    pub until: When,
    /// Where closing posts to.
    pub close: String,
}

/// A photo code, told once. Answers the form on an order's page or on Mina sidor.
#[derive(Template)]
#[template(path = "order/photo_code.html")]
pub struct PhotoCode {
    /// The frame.
    pub shell: Shell,
    /// Whose card.
    pub name: String,
    /// Eight digits in two groups.
    pub code: String,
    /// Until when it can be used.
    pub until: When,
    /// The page to go back to.
    pub back: String,
}
