//! What time does by itself: engagements that ended, receipts never signed, cards never activated, cards run out.

use model::Timestamp;
use model::card::{CardAct, CardState};
use model::credential::LossReason;
use model::id::CardId;
use model::policy::{Act, Facts, may};

use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, PlainStop};

/// A ticket that is over stays a day for the page that asks about it and for support.
const KEPT_SECONDS: i64 = 86_400;

/// How many of each the sweep changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Cards stopped because no engagement is left.
    pub engagements_ended: usize,
    /// Cards revoked because the receipt was not signed in time.
    pub receipts_missed: usize,
    /// Cards lapsed because they were not activated in time.
    pub lapsed: usize,
    /// Cards that ran out.
    pub expired: usize,
    /// Lists published.
    pub lists: usize,
}

/// Does what is due. Run by the clock; a second run at the same time changes nothing.
///
/// # Errors
/// When the database is away; what was done stays.
pub async fn sweep(house: &House, call: &Call<'_>) -> Result<Swept, PlainStop> {
    if let Err(denied) = may(&call.actor, Act::Expire, &Facts::default()) {
        crate::audit::refused_with(house, call, "sweep", "cards", denied.code())
            .await
            .map_err(PlainStop::Fault)?;
        return Err(PlainStop::Refused(denied.code()));
    }
    due(house, call).await.map_err(PlainStop::Fault)
}

async fn due(house: &House, call: &Call<'_>) -> Result<Swept, Fault> {
    let mut swept = Swept {
        engagements_ended: engagements(house, call).await?,
        ..Swept::default()
    };
    let receipt_limit = Timestamp(call.now.seconds() - house.settings.receipt_days.0 * 86_400);
    swept.receipts_missed = each(
        house,
        call,
        CardState::PartlyActivated,
        receipt_limit,
        CardAct::Revoke,
    )
    .await?;
    let activation_limit =
        Timestamp(call.now.seconds() - house.settings.activation_days.0 * 86_400);
    swept.lapsed = each(
        house,
        call,
        CardState::Sent,
        activation_limit,
        CardAct::Lapse,
    )
    .await?;
    swept.expired = expired(house, call).await?;
    crate::kiosk::sweep(house, call.now).await?;
    swept.lists = crate::crl::publish_due(house, call).await?;
    store::write!(house.database, |write| {
        store::ticket::remove_expired(write, Timestamp(call.now.seconds() - KEPT_SECONDS)).await?;
        store::session::remove_expired(write, call.now).await?;
        let forgotten = Timestamp(call.now.seconds() - crate::once::KEPT_SECONDS);
        store::once::remove_old(write, forgotten).await?;
        Ok::<_, Fault>(())
    })?;
    Ok(swept)
}

async fn engagements(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let people = {
        let mut read = house.database.read().await?;
        store::engagement::people_with_live_cards_and_none_current(&mut read, call.today()).await?
    };
    let mut stopped = 0;
    for person in people {
        stopped += store::write!(house.database, |write| {
            crate::end_engagement::stop_cards_of(write, call, &person, None).await
        })?;
    }
    Ok(stopped)
}

async fn each(
    house: &House,
    call: &Call<'_>,
    state: CardState,
    since_before: Timestamp,
    act: CardAct,
) -> Result<usize, Fault> {
    let cards = {
        let mut read = house.database.read().await?;
        store::card::list_in_state_since(&mut read, state, since_before).await?
    };
    let mut changed = 0;
    for card in cards {
        changed += step_if_still(house, call, &card.id, state, act).await?;
    }
    Ok(changed)
}

async fn expired(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let cards = {
        let mut read = house.database.read().await?;
        store::card::list_active_expired(&mut read, call.today()).await?
    };
    let mut changed = 0;
    for card in cards {
        changed += step_if_still(house, call, &card.id, CardState::Active, CardAct::Expire).await?;
    }
    Ok(changed)
}

/// Another node may have been here first; then there is nothing left to do.
async fn step_if_still(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    state: CardState,
    act: CardAct,
) -> Result<usize, Fault> {
    store::write!(house.database, |write| {
        let still = store::card::by_id(write, card)
            .await?
            .is_some_and(|row| row.state == state);
        if !still {
            return Ok(0);
        }
        match act {
            CardAct::Revoke => {
                crate::revoke::revoke_in(write, call, card, LossReason::NotInUse).await?
            }
            CardAct::Expire => {
                crate::card_step::take(write, call, card, act).await?;
                store::certificate::expire_by_card(write, card).await?;
                store::session::end_by_card(write, card).await?;
            }
            other => crate::card_step::take(write, call, card, other).await?,
        }
        Ok::<_, Fault>(1)
    })
}
