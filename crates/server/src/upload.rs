//! Forms with a picture in them (RFC 7578).

use axum::extract::multipart::Multipart;
use axum::http::StatusCode;

use crate::answer;

/// The largest such form, in bytes.
pub const LARGEST: usize = 12 * 1024 * 1024 + 64 * 1024;

/// What the form sent.
pub struct Upload {
    /// The token of the page it stood on.
    pub token: String,
    /// The photo code, in a kiosk.
    pub code: String,
    /// The file, as it came.
    pub picture: Vec<u8>,
}

/// Reads the form to its end.
///
/// # Errors
/// The code of the refusal when it is too large or cut off.
pub async fn read(mut form: Multipart) -> Result<Upload, &'static str> {
    let refused = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            "photograph.too-large"
        } else {
            answer::FORM_UNREADABLE
        }
    };
    let mut sent = Upload {
        token: String::new(),
        code: String::new(),
        picture: Vec::new(),
    };
    while let Some(field) = form.next_field().await.map_err(refused)? {
        match field.name() {
            Some("csrf") => sent.token = field.text().await.map_err(refused)?,
            Some("code") => sent.code = field.text().await.map_err(refused)?,
            Some("photo") => sent.picture = field.bytes().await.map_err(refused)?.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}
