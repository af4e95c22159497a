//! Releasing a card that was held: its certificates count again, as if they had never been held. That gives somebody an eID
//! that works, so it is an officer's act under the rules of activation (trust framework K3.4), never the holder's own.

use model::card::CardState;
use model::credential::CredentialAct;
use model::id::CardId;
use model::policy::{Act, may};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a card is not released.
    ReleaseRefusal {
        /// No card with that identifier.
        CardUnknown = "release.card-unknown",
        /// The card is not held.
        NotHeld = "release.not-held",
    }
}

/// Releases the certificates of a card. Login, OCSP and the lists say so at once.
///
/// # Errors
/// When there is no such card, it is not held, or the actor may not: nobody releases the own card or one they ordered.
pub async fn release(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
) -> Result<(), Stop<ReleaseRefusal>> {
    let outcome = release_card(house, call, card).await;
    let outcome = audit::refused(house, call, "release", &format!("card:{card}"), outcome).await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn release_card(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
) -> Result<(), Stop<ReleaseRefusal>> {
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(ReleaseRefusal::CardUnknown)?;
        may(
            &call.actor,
            Act::Release,
            &crate::facts::of_card(write, &row).await?,
        )?;
        // What is revoked or has expired stays so, whether or not it was held before.
        if row.state != CardState::Active {
            return Err(ReleaseRefusal::NotHeld.into());
        }
        let mut released = 0_usize;
        for row in store::certificate::list_by_card(write, card).await? {
            if row.state.after(CredentialAct::Release).is_err()
                || !store::certificate::release(write, &row.authority, &row.serial).await?
            {
                continue;
            }
            released += 1;
            let detail = json!({ "authority": row.authority, "serial": row.serial });
            audit::event(
                write,
                call,
                "certificate.released",
                &format!("card:{card}"),
                detail,
            )
            .await?;
        }
        if released == 0 {
            return Err(ReleaseRefusal::NotHeld.into());
        }
        Ok::<_, Stop<ReleaseRefusal>>(())
    })
}
