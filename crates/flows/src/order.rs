//! Ordering a card: the rule table picks the product and says why; the order and its card are born together.

use model::card::{Card, CardAct, CardState};
use model::engagement::Engagement;
use model::id::{CardId, OrderId, PersonId};
use model::order::{CardOrder, OrderState};
use model::person::Person;
use model::policy::{Act, Denied, may};
use model::product::{Chosen, RuleTable};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a card is not ordered.
    OrderRefusal {
        /// Nobody with that identifier.
        PersonUnknown = "order.person-unknown",
        /// No engagement is current, or starts later.
        NoEngagement = "order.no-engagement",
        /// No rule gives a card to this engagement.
        NoProduct = "order.no-product",
        /// Reserve cards and door-only cards are handed out at the card station, not ordered here.
        HandedOutAtStation = "order.handed-out-at-station",
        /// The person has a card, or one on its way: one active ordinary card a person.
        CardExists = "order.card-exists",
        /// No order with that identifier.
        OrderUnknown = "order.order-unknown",
        /// The card is too far on its way to be cancelled.
        TooLate = "order.too-late",
        /// The person has no registered address to send the card to.
        NoAddress = "order.no-address",
    }
}

/// What the rule table says for a person.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The person.
    pub person: Person,
    /// The engagement the product follows from.
    pub engagement: Engagement,
    /// The product, its credentials and the reasons.
    pub chosen: Chosen,
    /// Why it cannot be ordered here and now, if so.
    pub hindrance: Option<OrderRefusal>,
}

/// Says which product a person gets and why, without ordering anything.
///
/// # Errors
/// When the person is unknown, has no current engagement, or no rule fits.
pub async fn suggest(
    house: &House,
    call: &Call<'_>,
    person: &PersonId,
) -> Result<Suggestion, Stop<OrderRefusal>> {
    let mut read = house.database.read().await?;
    // A role first, so that nobody without one learns who exists.
    may(&call.actor, Act::Order, &crate::facts::about(person))?;
    let found = store::person::by_id(&mut read, person)
        .await?
        .ok_or(OrderRefusal::PersonUnknown)?;
    may(&call.actor, Act::Order, &crate::facts::about_person(&found))?;
    let today = call.today();
    let engagements = store::engagement::list_by_person(&mut read, person).await?;
    // The longest engagement decides: who is employed and also takes shifts by the hour gets the employee's card.
    let engagement = engagements
        .into_iter()
        .filter(|engagement| !engagement.has_ended(today))
        .max_by_key(|engagement| (engagement.to.is_none(), engagement.to))
        .ok_or(OrderRefusal::NoEngagement)?;
    // A protected identity has a registered address; the export just does not tell it.
    let has_address = found.protected.is_some()
        || store::person::has_registered_address(&mut read, person).await?;
    let chosen = RuleTable::standard()
        .choose_for(&engagement, &found.identity_number, has_address, today)
        .map_err(|_| OrderRefusal::NoProduct)?;
    let hindrance = if !chosen.product.kind.is_ordinary() {
        Some(OrderRefusal::HandedOutAtStation)
    } else if store::card::list_by_person(&mut read, person)
        .await?
        .iter()
        .any(|card| is_on_its_way_or_in_use(card.state))
    {
        Some(OrderRefusal::CardExists)
    } else if !has_address {
        Some(OrderRefusal::NoAddress)
    } else {
        None
    };
    Ok(Suggestion {
        person: found,
        engagement,
        chosen,
        hindrance,
    })
}

/// Whether a card in this state stands in the way of another ordinary card for the same person.
fn is_on_its_way_or_in_use(state: CardState) -> bool {
    match state {
        CardState::Draft
        | CardState::Ordered
        | CardState::AwaitingPhoto
        | CardState::ReadyForProduction
        | CardState::InProduction
        | CardState::Produced
        | CardState::Sent
        | CardState::PartlyActivated
        | CardState::Active => true,
        CardState::ProductionFailed
        | CardState::Returned
        | CardState::ExpiredUnactivated
        | CardState::Revoked
        | CardState::Expired
        | CardState::Replaced
        | CardState::Deregistered
        | CardState::Cancelled => false,
    }
}

/// What an order made.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// The order.
    pub order: OrderId,
    /// Its card, awaiting a photo.
    pub card: CardId,
}

/// Orders a card for a person.
///
/// # Errors
/// The refusals of [`suggest`]; nobody orders a card for themselves.
pub async fn order(
    house: &House,
    call: &mut Call<'_>,
    person: &PersonId,
) -> Result<Ordered, Stop<OrderRefusal>> {
    let outcome = place(house, call, person).await;
    audit::refused(house, call, "order", &format!("person:{person}"), outcome).await
}

async fn place(
    house: &House,
    call: &mut Call<'_>,
    person: &PersonId,
) -> Result<Ordered, Stop<OrderRefusal>> {
    let suggestion = suggest(house, call, person).await?;
    if let Some(hindrance) = suggestion.hindrance {
        return Err(hindrance.into());
    }
    let order = OrderId::new(call.now, call.random());
    let card = CardId::new(call.now, call.random());
    let orderer = call.actor.person().cloned().ok_or(Denied::NotForActor)?;
    let row = CardOrder {
        id: order.clone(),
        person: person.clone(),
        engagement: suggestion.engagement.id.clone(),
        product: suggestion.chosen.product.code,
        credentials: suggestion.chosen.credentials.clone(),
        ordered_by: orderer,
        ordered_at: call.now,
        state: OrderState::Open,
    };
    let new_card = Card {
        id: card.clone(),
        order: order.clone(),
        person: person.clone(),
        product: suggestion.chosen.product.code,
        number: None,
        state: CardState::Draft,
        state_since: call.now,
        photo: None,
        batch: None,
        expires_on: None,
        guid: None,
    };
    store::write!(house.database, |write| {
        // Read again inside the transaction: two orderers at once make one card, not two.
        let others = store::card::list_by_person(write, person).await?;
        if others
            .iter()
            .any(|other| is_on_its_way_or_in_use(other.state))
        {
            return Err(OrderRefusal::CardExists.into());
        }
        store::card_order::insert(write, &row).await?;
        store::card::insert(write, &new_card).await?;
        for act in [CardAct::Submit, CardAct::RequestPhoto] {
            crate::card_step::take(write, call, &card, act).await?;
        }
        let detail = json!({
            "card": card.as_str(),
            "product": row.product.to_string(),
            "why": suggestion.chosen.why.iter().map(|reason| reason.code()).collect::<Vec<_>>(),
        });
        audit::event(
            write,
            call,
            "order.placed",
            &format!("order:{order}"),
            detail,
        )
        .await?;
        Ok::<_, Stop<OrderRefusal>>(())
    })?;
    Ok(Ordered { order, card })
}

/// Cancels an order whose card is not yet activated.
///
/// # Errors
/// When there is no such order, or the card carries certificates already (then it is revoked instead).
pub async fn cancel(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
) -> Result<(), Stop<OrderRefusal>> {
    let outcome = cancel_card(house, call, card).await;
    audit::refused(house, call, "order", &format!("card:{card}"), outcome).await
}

async fn cancel_card(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
) -> Result<(), Stop<OrderRefusal>> {
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(OrderRefusal::OrderUnknown)?;
        may(
            &call.actor,
            Act::CancelOrder,
            &crate::facts::of_card(write, &row).await?,
        )?;
        if row.state.after(CardAct::Cancel).is_err() {
            return Err(OrderRefusal::TooLate.into());
        }
        crate::card_step::take(write, call, card, CardAct::Cancel).await?;
        store::card_order::set_state(write, &row.order, OrderState::Open, OrderState::Cancelled)
            .await?;
        Ok::<_, Stop<OrderRefusal>>(())
    })
}
