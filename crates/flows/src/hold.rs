//! Holding a card: its certificates count for nothing until they are released or revoked. For a card that may only be mislaid,
//! or whose use is in doubt. The card's own state stays as it is; what is held are its certificates (RFC 5280 5.3.1).

use model::card::CardState;
use model::credential::{CredentialAct, RevocationReason};
use model::id::CardId;
use model::policy::{Act, may};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a card is not held.
    HoldRefusal {
        /// No card with that identifier.
        CardUnknown = "hold.card-unknown",
        /// The card is held already.
        AlreadyHeld = "hold.already-held",
        /// The card is not in use yet, or no longer.
        NotInUse = "hold.not-in-use",
    }
}

/// Holds the certificates of a card and ends its sessions. Login, OCSP and the lists say so at once.
///
/// # Errors
/// When there is no such card, it is not in use or held already, or the actor may not: the holder may hold the own card.
pub async fn hold(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
) -> Result<(), Stop<HoldRefusal>> {
    let outcome = hold_card(house, call, card).await;
    let outcome = audit::refused(house, call, "hold", &format!("card:{card}"), outcome).await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn hold_card(house: &House, call: &Call<'_>, card: &CardId) -> Result<(), Stop<HoldRefusal>> {
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(HoldRefusal::CardUnknown)?;
        may(
            &call.actor,
            Act::Hold,
            &crate::facts::of_card(write, &row).await?,
        )?;
        if row.state != CardState::Active {
            return Err(HoldRefusal::NotInUse.into());
        }
        let mut held = 0_usize;
        for row in store::certificate::list_by_card(write, card).await? {
            if row.state.after(CredentialAct::Hold).is_err()
                || !store::certificate::hold(write, &row.authority, &row.serial, call.now).await?
            {
                continue;
            }
            held += 1;
            let detail = json!({
                "authority": row.authority,
                "serial": row.serial,
                "reason": RevocationReason::CertificateHold.code(),
            });
            audit::event(
                write,
                call,
                "certificate.held",
                &format!("card:{card}"),
                detail,
            )
            .await?;
        }
        if held == 0 {
            return Err(HoldRefusal::AlreadyHeld.into());
        }
        store::session::end_by_card(write, card).await?;
        Ok::<_, Stop<HoldRefusal>>(())
    })
}
