//! The end of an engagement stops the card by itself, unless another engagement goes on.

use model::Date;
use model::card::CardAct;
use model::credential::LossReason;
use model::id::{EngagementId, PersonId};
use model::policy::{Act, may};
use serde_json::json;
use store::Write;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why an engagement is not ended.
    EndEngagementRefusal {
        /// No engagement with that identifier.
        EngagementUnknown = "end-engagement.engagement-unknown",
        /// It has ended already.
        AlreadyEnded = "end-engagement.already-ended",
        /// The last day lies before the first.
        BeforeStart = "end-engagement.before-start",
    }
}

/// Sets the last day of an engagement; when that day has passed, or is today, cards without another engagement stop now.
///
/// # Errors
/// When there is no such engagement, it has ended, or the actor may not.
pub async fn end_engagement(
    house: &House,
    call: &mut Call<'_>,
    engagement: &EngagementId,
    last_day: Date,
) -> Result<(), Stop<EndEngagementRefusal>> {
    let outcome = end(house, call, engagement, last_day).await;
    let outcome = audit::refused(
        house,
        call,
        "end-engagement",
        &format!("engagement:{engagement}"),
        outcome,
    )
    .await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn end(
    house: &House,
    call: &Call<'_>,
    id: &EngagementId,
    last_day: Date,
) -> Result<(), Stop<EndEngagementRefusal>> {
    let today = call.today();
    store::write!(house.database, |write| {
        let row = store::engagement::by_id(write, id)
            .await?
            .ok_or(EndEngagementRefusal::EngagementUnknown)?;
        may(
            &call.actor,
            Act::EndEngagement,
            &crate::facts::about(&row.person),
        )?;
        if row.has_ended(today) {
            return Err(EndEngagementRefusal::AlreadyEnded.into());
        }
        if last_day < row.from {
            return Err(EndEngagementRefusal::BeforeStart.into());
        }
        store::engagement::set_end(write, id, last_day).await?;
        audit::event(
            write,
            call,
            "engagement.ended",
            &format!("person:{}", row.person),
            json!({ "last_day": last_day.to_string() }),
        )
        .await?;
        if last_day <= today {
            stop_cards_of(write, call, &row.person, Some(id)).await?;
        }
        Ok::<_, Stop<EndEngagementRefusal>>(())
    })
}

/// Stops the cards of a person who has no engagement left, not counting `except`, which ends now.
pub(crate) async fn stop_cards_of(
    write: &mut Write,
    call: &Call<'_>,
    person: &PersonId,
    except: Option<&EngagementId>,
) -> Result<usize, Fault> {
    let today = call.today();
    let others = store::engagement::list_by_person(write, person).await?;
    if others
        .iter()
        .any(|other| Some(&other.id) != except && !other.has_ended(today))
    {
        return Ok(0);
    }
    let mut stopped = 0;
    for card in store::card::list_by_person(write, person).await? {
        if card.state.after(CardAct::Revoke).is_ok() {
            crate::revoke::revoke_in(write, call, &card.id, LossReason::NotInUse).await?;
            stopped += 1;
        } else if card.state.after(CardAct::Cancel).is_ok() {
            // On its way: it must not be activated any more.
            crate::card_step::take(write, call, &card.id, CardAct::Cancel).await?;
            stopped += 1;
        }
    }
    Ok(stopped)
}
