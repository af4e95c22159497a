//! Revoking a card: its certificates, its sessions and the published list are of one mind at once.

use model::card::CardAct;
use model::credential::LossReason;
use model::id::CardId;
use model::policy::{Act, may};
use serde_json::json;
use store::Write;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why a card is not revoked.
    RevokeRefusal {
        /// No card with that identifier.
        CardUnknown = "revoke.card-unknown",
        /// The card is revoked already.
        AlreadyRevoked = "revoke.already-revoked",
        /// The card is not in use yet, or no longer: it is cancelled or deregistered instead.
        NotInUse = "revoke.not-in-use",
    }
}

/// Revokes a card for a reason. It cannot be undone; a lost card that is found again is cut and handed in.
///
/// # Errors
/// When there is no such card, it is not in use, or the actor may not: the holder may revoke the own card.
pub async fn revoke(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    reason: LossReason,
) -> Result<(), Stop<RevokeRefusal>> {
    let outcome = revoke_card(house, call, card, reason).await;
    let outcome = audit::refused(house, call, "revoke", &format!("card:{card}"), outcome).await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn revoke_card(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    reason: LossReason,
) -> Result<(), Stop<RevokeRefusal>> {
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(RevokeRefusal::CardUnknown)?;
        may(
            &call.actor,
            Act::Revoke,
            &crate::facts::of_card(write, &row).await?,
        )?;
        if row.state == model::card::CardState::Revoked {
            return Err(RevokeRefusal::AlreadyRevoked.into());
        }
        if row.state.after(CardAct::Revoke).is_err() {
            return Err(RevokeRefusal::NotInUse.into());
        }
        revoke_in(write, call, card, reason).await?;
        Ok::<_, Stop<RevokeRefusal>>(())
    })
}

/// The revocation itself, for every act that brings one about. The caller has checked that the card may be revoked.
pub(crate) async fn revoke_in(
    write: &mut Write,
    call: &Call<'_>,
    card: &CardId,
    reason: LossReason,
) -> Result<(), Fault> {
    crate::card_step::take(write, call, card, CardAct::Revoke).await?;
    stop_certificates(write, call, card, reason).await
}

/// Revokes what certificates a card carries and ends its sessions.
pub(crate) async fn stop_certificates(
    write: &mut Write,
    call: &Call<'_>,
    card: &CardId,
    reason: LossReason,
) -> Result<(), Fault> {
    let reason = reason.revocation_reason();
    for row in store::certificate::list_by_card(write, card).await? {
        if store::certificate::revoke(write, &row.authority, &row.serial, reason, call.now).await? {
            let detail = json!({ "authority": row.authority, "serial": row.serial, "reason": reason.code() });
            audit::event(
                write,
                call,
                "certificate.revoked",
                &format!("card:{card}"),
                detail,
            )
            .await?;
        }
    }
    store::session::end_by_card(write, card).await?;
    Ok(())
}
