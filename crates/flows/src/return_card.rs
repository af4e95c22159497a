//! A card comes back: cut in two at the station, or declared missing. Then it is deregistered, the end of its life.

use model::card::{CardAct, CardState};
use model::credential::LossReason;
use model::id::CardId;
use model::policy::{Act, may};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a card is not deregistered.
    ReturnCardRefusal {
        /// No card with that identifier.
        CardUnknown = "return-card.card-unknown",
        /// The card is not in anyone's hands: it is cancelled instead.
        NotInUse = "return-card.not-in-use",
        /// The card is deregistered already.
        AlreadyDeregistered = "return-card.already-deregistered",
    }
}

/// How a card ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Handed in and cut in two, through the chip.
    Cut,
    /// The holder has declared in writing that it is missing.
    Missing,
}

impl Ending {
    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Missing => "missing",
        }
    }
}

/// Deregisters a card that came back or is declared missing. A card still in use is revoked in the same act.
///
/// # Errors
/// When there is no such card or the actor may not.
pub async fn return_card(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    ending: Ending,
) -> Result<(), Stop<ReturnCardRefusal>> {
    let outcome = take_back(house, call, card, ending).await;
    let outcome =
        audit::refused(house, call, "return-card", &format!("card:{card}"), outcome).await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn take_back(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    ending: Ending,
) -> Result<(), Stop<ReturnCardRefusal>> {
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(ReturnCardRefusal::CardUnknown)?;
        may(
            &call.actor,
            Act::ReturnCard,
            &crate::facts::of_card(write, &row).await?,
        )?;
        if row.state == CardState::Deregistered {
            return Err(ReturnCardRefusal::AlreadyDeregistered.into());
        }
        if row.state.after(CardAct::Revoke).is_ok() {
            let reason = match ending {
                Ending::Cut => LossReason::NotInUse,
                Ending::Missing => LossReason::Lost,
            };
            crate::revoke::revoke_in(write, call, card, reason).await?;
        } else if row.state.after(CardAct::Deregister).is_err() {
            return Err(ReturnCardRefusal::NotInUse.into());
        }
        audit::event(
            write,
            call,
            "card.returned",
            &format!("card:{card}"),
            json!({ "ending": ending.code() }),
        )
        .await?;
        crate::card_step::take(write, call, card, CardAct::Deregister).await?;
        Ok::<_, Stop<ReturnCardRefusal>>(())
    })
}
