//! Photographing a holder: the machine looks at the picture, an officer decides (`approve_photo.rs`).

mod requirements;

use model::card::{Card, CardState};
use model::id::{CardId, PersonId, PhotoId};
use model::photo::{Photo, PhotoFault, PhotoState};
use model::policy::{Act, may};
use serde_json::json;
use store::Write;
use tokio::sync::Semaphore;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};
pub use requirements::faults;

refusals! {
    /// Why a photo is not taken.
    PhotographRefusal {
        /// No card with that identifier.
        CardUnknown = "photograph.card-unknown",
        /// The card does not wait for a photo.
        NotWaiting = "photograph.not-waiting",
        /// The file is no JPEG, PNG or WebP.
        NotAPicture = "photograph.not-a-picture",
        /// The file is a picture that cannot be read to its end.
        Unreadable = "photograph.unreadable",
        /// The file is larger than is read.
        TooLarge = "photograph.too-large",
        /// Too few pixels for print.
        TooSmall = "photograph.too-small",
    }
}

impl From<print::PhotoProblem> for PhotographRefusal {
    fn from(problem: print::PhotoProblem) -> Self {
        use print::PhotoProblem as Problem;
        match problem {
            Problem::TooManyBytes { .. } => Self::TooLarge,
            Problem::TooSmall { .. } => Self::TooSmall,
            Problem::NotAPicture => Self::NotAPicture,
            Problem::Unreadable | Problem::NotKept => Self::Unreadable,
        }
    }
}

/// A photo that was taken and waits for an officer's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The photo.
    pub id: PhotoId,
    /// What the machine found wrong with it.
    pub faults: Vec<PhotoFault>,
}

/// A picture as it would stand on the card, and what is wrong with it.
pub(crate) struct Judged {
    pub(crate) photo: print::Photo,
    pub(crate) faults: Vec<PhotoFault>,
}

/// Pictures that are looked at at once. Each may need some hundred megabytes while it is decoded.
static LOOKS: Semaphore = Semaphore::const_new(2);

/// Looks at a file, beside the threads that answer requests.
pub(crate) async fn judge(file: Vec<u8>) -> Result<Judged, Stop<PhotographRefusal>> {
    let _turn = LOOKS
        .acquire()
        .await
        .map_err(Fault::doing("waiting to look at a picture"))?;
    let looked = tokio::task::spawn_blocking(move || print::photo::look(&file))
        .await
        .map_err(Fault::doing("looking at a picture"))?
        .map_err(PhotographRefusal::from)?;
    Ok(Judged {
        faults: faults(&looked.measures),
        photo: looked.photo,
    })
}

/// Takes a photo for a card that waits for one, and says what is wrong with it; an earlier one that nobody approved is thrown
/// away. A picture that cannot be printed is not taken at all.
///
/// # Errors
/// When the file makes no photo, the card does not wait for one, or the officer may not.
pub async fn photograph(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    file: &[u8],
) -> Result<Taken, Stop<PhotographRefusal>> {
    let outcome = take(house, call, card, file).await;
    audit::refused(house, call, "photograph", &format!("card:{card}"), outcome).await
}

async fn take(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    file: &[u8],
) -> Result<Taken, Stop<PhotographRefusal>> {
    {
        // Policy first: a picture costs work, and who may not gets no verdict on it.
        let mut read = house.database.read().await?;
        waiting(&mut read, call, Act::Photograph, card).await?;
    }
    let judged = judge(file.to_vec()).await?;
    let id = PhotoId::new(call.now, call.random());
    store::write!(house.database, |write| {
        let row = waiting(write, call, Act::Photograph, card).await?;
        insert(write, call, &id, &row.person, &judged).await?;
        put_on_card(write, call, &row, &id, &judged.faults).await?;
        Ok::<_, Stop<PhotographRefusal>>(())
    })?;
    Ok(Taken {
        id,
        faults: judged.faults,
    })
}

/// The card, if the actor may do the act about it and it waits for a photo.
pub(crate) async fn waiting(
    read: &mut store::Read,
    call: &Call<'_>,
    act: Act,
    card: &CardId,
) -> Result<Card, Stop<PhotographRefusal>> {
    let row = store::card::by_id(read, card)
        .await?
        .ok_or(PhotographRefusal::CardUnknown)?;
    may(&call.actor, act, &crate::facts::of_card(read, &row).await?)?;
    if row.state != CardState::AwaitingPhoto {
        return Err(PhotographRefusal::NotWaiting.into());
    }
    Ok(row)
}

/// Keeps a photo that was taken; no card refers to it yet.
pub(crate) async fn insert(
    write: &mut Write,
    call: &Call<'_>,
    id: &PhotoId,
    person: &PersonId,
    judged: &Judged,
) -> Result<(), Fault> {
    let photo = Photo {
        id: id.clone(),
        person: person.clone(),
        taken_by: call.actor.person().cloned(),
        taken_at: call.now,
        state: PhotoState::Taken,
        judged_by: None,
        digest: pki::digest::sha256(judged.photo.jpeg()),
        faults: judged.faults.clone(),
        overruled: None,
    };
    Ok(store::photo::insert(write, &photo, judged.photo.jpeg()).await?)
}

/// Puts a taken photo on its card, and throws away one that was there before and never approved.
pub(crate) async fn put_on_card(
    write: &mut Write,
    call: &Call<'_>,
    card: &Card,
    photo: &PhotoId,
    faults: &[PhotoFault],
) -> Result<(), Fault> {
    store::card::set_photo(write, &card.id, photo).await?;
    if let Some(earlier) = &card.photo {
        store::photo::remove(write, earlier).await?;
    }
    let faults: Vec<_> = faults.iter().map(|fault| fault.code()).collect();
    audit::event(
        write,
        call,
        "photo.taken",
        &format!("card:{}", card.id),
        json!({ "photo": photo.as_str(), "faults": faults }),
    )
    .await?;
    Ok(())
}
