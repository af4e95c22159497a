//! The code that lets somebody be photographed for a card in a kiosk: eight digits, told once to whoever asks, for one photo.
//!
//! The code is no proof of who sits there. It keeps strangers from trying, and says which card the photo is for; an officer
//! looks at the photo before it is printed, and whoever hands over the card compares it with the person.

use model::Timestamp;
use model::id::CardId;
use model::policy::Act;
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::photograph::{PhotographRefusal, waiting};
use crate::refusal::Stop;

/// A month: whoever starts a new work has time to find a kiosk.
const SECONDS: i64 = 30 * 86_400;

/// A code that was made.
pub struct PhotoCode {
    /// Eight digits in two groups, for the holder's eyes.
    pub code: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Makes the code of a card that waits for a photo; an earlier one is dead from then on.
///
/// # Errors
/// When the card does not wait for a photo, or the actor is neither its holder nor may for others.
pub async fn make_photo_code(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
) -> Result<PhotoCode, Stop<PhotographRefusal>> {
    let outcome = make(house, call, card).await;
    audit::refused(
        house,
        call,
        "make-photo-code",
        &format!("card:{card}"),
        outcome,
    )
    .await
}

async fn make(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
) -> Result<PhotoCode, Stop<PhotographRefusal>> {
    // 64 random bits for 27: what is left of evenness is beyond measuring.
    let digits = u64::from_be_bytes(call.random()) % 100_000_000;
    let made = PhotoCode {
        code: format!("{:04} {:04}", digits / 10_000, digits % 10_000),
        expires_at: Timestamp(call.now.seconds() + SECONDS),
    };
    store::write!(house.database, |write| {
        waiting(write, call, Act::MakePhotoCode, card).await?;
        store::photo_code::put(write, card, &hash(&made.code), made.expires_at).await?;
        audit::event(
            write,
            call,
            "photo-code.made",
            &format!("card:{card}"),
            json!({}),
        )
        .await?;
        Ok::<_, Stop<PhotographRefusal>>(())
    })?;
    Ok(made)
}

/// The hash of a code as somebody typed it: digits count, what stands between them does not. Eight digits are soon tried out
/// against a stolen hash; who has the database needs no code.
pub(crate) fn hash(code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    hex::encode(pki::digest::sha256(
        format!("sigill photo code\n{digits}").as_bytes(),
    ))
}
