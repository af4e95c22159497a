//! Approving a photo: an officer has looked at it. What the machine found wrong with it is overruled with a reason or not at
//! all, and the log keeps both.

use model::card::CardAct;
use model::id::{CardId, PhotoId};
use model::label::Label;
use model::photo::{PhotoAct, PhotoState};
use model::policy::{Act, remark};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::photograph::PhotographRefusal;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why a photo is not approved.
    ApprovePhotoRefusal {
        /// No card with that identifier.
        CardUnknown = "approve-photo.card-unknown",
        /// The card does not wait for a photo.
        NotWaiting = "approve-photo.not-waiting",
        /// The card has no such photo: a newer one was taken meanwhile, or none.
        NotThis = "approve-photo.not-this",
        /// The photo has faults, and no reason was given for taking it all the same.
        Faults = "approve-photo.faults",
        /// The photo has faults that no reason makes good.
        CannotBeOverruled = "approve-photo.cannot-be-overruled",
        /// The reason is shorter than a reason is, or longer than the log keeps.
        ReasonUnclear = "approve-photo.reason-unclear",
    }
}

/// Letters of the shortest reason: `Ok` is none.
const SHORTEST_REASON: usize = 8;

/// Approves the photo that was taken for a card. `photo` is the one the officer saw; `reason` says why its faults do not
/// matter, when it has any.
///
/// # Errors
/// When the photo has faults and no reason, the card has another photo by now, or the officer may not.
pub async fn approve_photo(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    photo: &PhotoId,
    reason: Option<&str>,
) -> Result<(), Stop<ApprovePhotoRefusal>> {
    let outcome = approve(house, call, card, photo, reason).await;
    audit::refused(
        house,
        call,
        "approve-photo",
        &format!("card:{card}"),
        outcome,
    )
    .await
}

async fn approve(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    photo: &PhotoId,
    reason: Option<&str>,
) -> Result<(), Stop<ApprovePhotoRefusal>> {
    store::write!(house.database, |write| {
        let row = crate::photograph::waiting(write, call, Act::ApprovePhoto, card)
            .await
            .map_err(in_our_words)?;
        let facts = crate::facts::of_card(write, &row).await?;
        if row.photo.as_ref() != Some(photo) {
            return Err(ApprovePhotoRefusal::NotThis.into());
        }
        let taken = store::photo::by_id(write, photo)
            .await?
            .ok_or(Fault::Impossible("a card's photo that is not there"))?;
        if taken.state.after(PhotoAct::Approve).is_err() {
            return Err(ApprovePhotoRefusal::NotThis.into());
        }
        let overruled = match (taken.faults.is_empty(), reason) {
            (true, _) => None,
            (false, None) => return Err(ApprovePhotoRefusal::Faults.into()),
            (false, Some(reason)) => {
                if !taken.faults.iter().all(|fault| fault.can_be_overruled()) {
                    return Err(ApprovePhotoRefusal::CannotBeOverruled.into());
                }
                Some(reason_given(reason)?)
            }
        };
        store::photo::judge(
            write,
            photo,
            PhotoState::Approved,
            call.actor.person(),
            overruled.as_ref(),
        )
        .await?;
        let faults: Vec<_> = taken.faults.iter().map(|fault| fault.code()).collect();
        let mut detail = json!({ "photo": photo.as_str() });
        if let (Some(reason), Some(detail)) = (&overruled, detail.as_object_mut()) {
            detail.insert("faults".to_owned(), json!(faults));
            detail.insert("reason".to_owned(), json!(reason.as_str()));
        }
        if let (Some(remark), Some(detail)) = (
            remark(&call.actor, Act::ApprovePhoto, &facts),
            detail.as_object_mut(),
        ) {
            detail.insert("remark".to_owned(), json!(remark.code()));
        }
        let event = match overruled {
            Some(_) => "photo.overruled",
            None => "photo.approved",
        };
        audit::event(write, call, event, &format!("card:{card}"), detail).await?;
        crate::card_step::take(write, call, card, CardAct::ApprovePhoto).await?;
        Ok::<_, Stop<ApprovePhotoRefusal>>(())
    })
}

fn in_our_words(stop: Stop<PhotographRefusal>) -> Stop<ApprovePhotoRefusal> {
    match stop {
        Stop::Refused(PhotographRefusal::CardUnknown) => ApprovePhotoRefusal::CardUnknown.into(),
        Stop::Refused(_) => ApprovePhotoRefusal::NotWaiting.into(),
        Stop::Denied(denied) => Stop::Denied(denied),
        Stop::Fault(fault) => Stop::Fault(fault),
    }
}

/// The reason as the log keeps it. The log is kept for years and read by many: a personal number does not go into it.
fn reason_given(text: &str) -> Result<Label, ApprovePhotoRefusal> {
    let reason = Label::parse(text).map_err(|_| ApprovePhotoRefusal::ReasonUnclear)?;
    let letters = reason
        .as_str()
        .chars()
        .filter(|c| c.is_alphabetic())
        .count();
    if letters < SHORTEST_REASON || model::identity_number::could_stand_in(reason.as_str()) {
        return Err(ApprovePhotoRefusal::ReasonUnclear);
    }
    Ok(reason)
}
