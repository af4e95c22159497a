//! What the producer and the postal service report back: produced, failed, sent, returned undelivered.

use model::card::{CardAct, CardNumber, CardState};
use model::policy::{Act, Facts, may};

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a report is not taken.
    DeliverRefusal {
        /// No card has that number.
        CardUnknown = "deliver.card-unknown",
        /// The card is not where the report says it comes from.
        OutOfOrder = "deliver.out-of-order",
    }
}

/// What happened to a card outside the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// Made and checked.
    Produced,
    /// Could not be made.
    Failed,
    /// Handed to the postal service.
    Sent,
    /// Came back undelivered.
    Undelivered,
}

impl Report {
    fn leads_to(self) -> CardState {
        match self {
            Self::Produced => CardState::Produced,
            Self::Failed => CardState::ProductionFailed,
            Self::Sent => CardState::Sent,
            Self::Undelivered => CardState::Returned,
        }
    }

    fn act(self) -> CardAct {
        match self {
            Self::Produced => CardAct::ReportProduced,
            Self::Failed => CardAct::ReportFailed,
            Self::Sent => CardAct::ReportSent,
            Self::Undelivered => CardAct::ReportUndelivered,
        }
    }
}

/// Takes a report on one card. The same report twice changes nothing the second time: feeds are repeated.
///
/// # Errors
/// When no card has the number, the report is out of order, or the actor is no producer.
pub async fn report(
    house: &House,
    call: &mut Call<'_>,
    number: &CardNumber,
    report: Report,
) -> Result<(), Stop<DeliverRefusal>> {
    let outcome = take(house, call, number, report).await;
    audit::refused(house, call, "deliver", "card", outcome).await
}

async fn take(
    house: &House,
    call: &mut Call<'_>,
    number: &CardNumber,
    report: Report,
) -> Result<(), Stop<DeliverRefusal>> {
    may(&call.actor, Act::ReportProduction, &Facts::default())?;
    let act = report.act();
    store::write!(house.database, |write| {
        let card = store::card::by_number(write, number)
            .await?
            .ok_or(DeliverRefusal::CardUnknown)?;
        if report.leads_to() == card.state {
            return Ok(());
        }
        if card.state.after(act).is_err() {
            return Err(DeliverRefusal::OutOfOrder.into());
        }
        crate::card_step::take(write, call, &card.id, act).await?;
        Ok::<_, Stop<DeliverRefusal>>(())
    })
}
