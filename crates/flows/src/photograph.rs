//! Photographing a holder: the picture is checked by the machine, taken by an officer who sees the person and the document.

use model::card::{CardAct, CardState};
use model::id::{CardId, PhotoId};
use model::photo::{Photo, PhotoState};
use model::policy::{Act, may};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a photo is not taken.
    PhotographRefusal {
        /// No card with that identifier.
        CardUnknown = "photograph.card-unknown",
        /// The card does not wait for a photo.
        NotWaiting = "photograph.not-waiting",
        /// The file is no JPEG or PNG that can be read.
        Unreadable = "photograph.unreadable",
        /// The file is larger than is read.
        TooLarge = "photograph.too-large",
        /// Too few pixels for print.
        TooSmall = "photograph.too-small",
        /// The picture is not upright.
        WrongShape = "photograph.wrong-shape",
        /// Too dark.
        TooDark = "photograph.too-dark",
        /// Too bright.
        TooBright = "photograph.too-bright",
        /// Too blurred, or one flat colour.
        Blurred = "photograph.blurred",
    }
}

impl From<print::PhotoProblem> for PhotographRefusal {
    fn from(problem: print::PhotoProblem) -> Self {
        use print::PhotoProblem as Problem;
        match problem {
            Problem::TooManyBytes { .. } => Self::TooLarge,
            Problem::TooSmall { .. } => Self::TooSmall,
            Problem::WrongShape { .. } => Self::WrongShape,
            Problem::TooDark => Self::TooDark,
            Problem::TooBright => Self::TooBright,
            Problem::Blurred | Problem::TooFlat => Self::Blurred,
            _ => Self::Unreadable,
        }
    }
}

/// Takes a photo for a card that waits for one; the machine's checks and the officer's eyes approve it at once.
///
/// # Errors
/// When the picture does not do for print, the card does not wait for one, or the officer may not.
pub async fn photograph(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    file: &[u8],
) -> Result<PhotoId, Stop<PhotographRefusal>> {
    let outcome = take(house, call, card, file).await;
    audit::refused(house, call, "photograph", &format!("card:{card}"), outcome).await
}

async fn take(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    file: &[u8],
) -> Result<PhotoId, Stop<PhotographRefusal>> {
    {
        // Policy first: a picture costs work, and who may not gets no verdict on it.
        let mut read = house.database.read().await?;
        let row = store::card::by_id(&mut read, card)
            .await?
            .ok_or(PhotographRefusal::CardUnknown)?;
        may(
            &call.actor,
            Act::Photograph,
            &crate::facts::of_card(&mut read, &row).await?,
        )?;
        if row.state != CardState::AwaitingPhoto {
            return Err(PhotographRefusal::NotWaiting.into());
        }
    }
    let checked = print::photo::check(file).map_err(PhotographRefusal::from)?;
    let id = PhotoId::new(call.now, call.random());
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(PhotographRefusal::CardUnknown)?;
        if row.state != CardState::AwaitingPhoto {
            return Err(PhotographRefusal::NotWaiting.into());
        }
        let photo = Photo {
            id: id.clone(),
            person: row.person.clone(),
            taken_by: call.actor.person().cloned(),
            taken_at: call.now,
            state: PhotoState::Approved,
            judged_by: call.actor.person().cloned(),
            digest: pki::digest::sha256(checked.jpeg()),
        };
        store::photo::insert(write, &photo, checked.jpeg()).await?;
        store::card::set_photo(write, card, &id).await?;
        audit::event(
            write,
            call,
            "photo.taken",
            &format!("card:{card}"),
            json!({ "photo": id.as_str() }),
        )
        .await?;
        crate::card_step::take(write, call, card, CardAct::ApprovePhoto).await?;
        Ok::<_, Stop<PhotographRefusal>>(())
    })?;
    Ok(id)
}
