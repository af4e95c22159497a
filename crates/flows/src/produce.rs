//! Sending cards to the producer: a batch, its card numbers, its secrets, and each address fetched at that moment.

use model::card::{CardAct, CardNumber, CardState};
use model::id::{BatchId, CardId};
use model::photo::PhotoState;
use model::policy::{Act, Facts, may};
use model::product::CardProduct;
use serde_json::json;
use zeroize::Zeroizing;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why a batch is not made or handed out.
    ProduceRefusal {
        /// The batch would be empty.
        NothingChosen = "produce.nothing-chosen",
        /// No card with that identifier.
        CardUnknown = "produce.card-unknown",
        /// A chosen card is not ready for production.
        NotReady = "produce.not-ready",
        /// Nobody approved the photo that would be printed.
        PhotoNotApproved = "produce.photo-not-approved",
        /// The holder has no registered address now.
        NoAddress = "produce.no-address",
        /// The holder's engagement has ended since the order.
        EngagementEnded = "produce.engagement-ended",
        /// No batch with that identifier.
        BatchUnknown = "produce.batch-unknown",
    }
}

/// Where a card is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The registered home address, as it stood when the batch was made.
    Home {
        /// Street and number.
        street: String,
        /// Postal code.
        postal_code: String,
        /// Town.
        town: String,
    },
    /// A protected identity: the Swedish Tax Agency forwards the letter, nobody else learns the address.
    Forwarded,
}

/// One card as its producer needs it. Holds the card's transport secrets, which are wiped with it.
pub struct Consignment {
    /// The card.
    pub card: CardId,
    /// The printed number.
    pub number: CardNumber,
    /// Product code on the back.
    pub product: String,
    /// Name on the front.
    pub given_name: String,
    /// Name on the front.
    pub family_name: String,
    /// Last day of validity, on the front.
    pub expires_on: model::Date,
    /// The portrait, JPEG.
    pub photo: Vec<u8>,
    /// Where it goes.
    pub destination: Destination,
    /// The chip's identifier until activation.
    pub guid: [u8; 16],
    /// The unlock code the chip leaves the producer with, eight digits.
    pub unlock_code: Zeroizing<Vec<u8>>,
    /// The management key the chip leaves the producer with, AES-256.
    pub management_key: Zeroizing<[u8; 32]>,
}

/// Makes a batch of the chosen cards.
///
/// # Errors
/// When any of them is not ready: then none is sent.
pub async fn make_batch(
    house: &House,
    call: &mut Call<'_>,
    cards: &[CardId],
) -> Result<BatchId, Stop<ProduceRefusal>> {
    let outcome = send(house, call, cards).await;
    audit::refused(house, call, "produce", "batch", outcome).await
}

async fn send(
    house: &House,
    call: &mut Call<'_>,
    cards: &[CardId],
) -> Result<BatchId, Stop<ProduceRefusal>> {
    may(&call.actor, Act::Produce, &Facts::default())?;
    if cards.is_empty() {
        return Err(ProduceRefusal::NothingChosen.into());
    }
    let batch = BatchId::new(call.now, call.random());
    let today = call.today();
    // Secrets are made before the transaction, which may run more than once.
    let mut secrets = Vec::with_capacity(cards.len());
    for card in cards {
        let code = crate::unlock_code::invent(call);
        let sealed =
            house
                .authorities
                .vault()
                .seal(call, &crate::unlock_code::label(card), &code)?;
        secrets.push((card.clone(), sealed, call.random::<16>()));
    }
    store::write!(house.database, |write| {
        store::batch::insert(write, &batch, call.actor.person(), call.now).await?;
        for (card, sealed, guid) in &secrets {
            let row = store::card::by_id(write, card)
                .await?
                .ok_or(ProduceRefusal::CardUnknown)?;
            may(&call.actor, Act::Produce, &crate::facts::about(&row.person))?;
            if row.state != CardState::ReadyForProduction {
                return Err(ProduceRefusal::NotReady.into());
            }
            if let Some(photo) = &row.photo {
                let photo = store::photo::by_id(write, photo).await?;
                if photo.is_none_or(|photo| photo.state != PhotoState::Approved) {
                    return Err(ProduceRefusal::PhotoNotApproved.into());
                }
            }
            let person = store::person::by_id(write, &row.person)
                .await?
                .ok_or(Fault::Impossible("a card without a person"))?;
            let order = store::card_order::by_id(write, &row.order)
                .await?
                .ok_or(Fault::Impossible("a card without an order"))?;
            let engagement = store::engagement::by_id(write, &order.engagement)
                .await?
                .ok_or(Fault::Impossible("an order without an engagement"))?;
            if engagement.has_ended(today) {
                return Err(ProduceRefusal::EngagementEnded.into());
            }
            // Fetched at this moment and kept with the batch alone (seed: delivered to the registered home address).
            let address = if person.protected.is_some() {
                None
            } else {
                Some(
                    store::person::registered_address(write, &row.person)
                        .await?
                        .ok_or(ProduceRefusal::NoAddress)?,
                )
            };
            let serial = store::card::next_serial(write).await?;
            let number = CardNumber::new(house.settings.issuer_number, serial)
                .map_err(Fault::doing("numbering a card"))?;
            let product = CardProduct::by_code(row.product)
                .ok_or(Fault::Impossible("a card of no product"))?;
            let expires_on = product.expires_on(today, engagement.to);
            store::card::set_production(
                write,
                card,
                &store::card::Production {
                    batch: batch.clone(),
                    number: number.clone(),
                    guid: *guid,
                    expires_on,
                    unlock_code: sealed.clone(),
                },
            )
            .await?;
            store::batch::insert_consignment(write, &batch, card, address.as_ref()).await?;
            crate::card_step::take(write, call, card, CardAct::SendToProduction).await?;
        }
        let detail = json!({ "cards": cards.iter().map(CardId::as_str).collect::<Vec<_>>() });
        audit::event(write, call, "batch.made", &format!("batch:{batch}"), detail).await?;
        Ok::<_, Stop<ProduceRefusal>>(())
    })?;
    Ok(batch)
}

/// Hands a batch to its producer: everything that is printed or put on the chips, transport secrets included. Cards that
/// have been made, or cancelled, are left out.
///
/// # Errors
/// When there is no such batch or the actor is neither producer nor allowed to produce.
pub async fn consignments(
    house: &House,
    call: &mut Call<'_>,
    batch: &BatchId,
) -> Result<Vec<Consignment>, Stop<ProduceRefusal>> {
    let outcome = hand_out(house, call, batch).await;
    audit::refused(house, call, "produce", &format!("batch:{batch}"), outcome).await
}

async fn hand_out(
    house: &House,
    call: &mut Call<'_>,
    batch: &BatchId,
) -> Result<Vec<Consignment>, Stop<ProduceRefusal>> {
    may(&call.actor, Act::ReportProduction, &Facts::default())?;
    let mut consignments = Vec::new();
    {
        let mut read = house.database.read().await?;
        let rows = store::batch::consignments(&mut read, batch).await?;
        if rows.is_empty() {
            return Err(ProduceRefusal::BatchUnknown.into());
        }
        for row in rows {
            let card = store::card::by_id(&mut read, &row.card)
                .await?
                .ok_or(Fault::Impossible("a consignment without a card"))?;
            // What is made is the producer's business no longer: the unlock code may be the holder's card's by now.
            if card.state != CardState::InProduction {
                continue;
            }
            let person = store::person::by_id(&mut read, &card.person)
                .await?
                .ok_or(Fault::Impossible("a card without a person"))?;
            let number = card
                .number
                .clone()
                .ok_or(Fault::Impossible("a produced card without a number"))?;
            let photo = match &card.photo {
                Some(photo) => store::photo::picture(&mut read, photo)
                    .await?
                    .unwrap_or_default(),
                None => Vec::new(),
            };
            let secrets = store::card::secrets(&mut read, &row.card)
                .await?
                .ok_or(Fault::Impossible("a card without secrets"))?;
            let sealed = secrets
                .unlock_code
                .ok_or(Fault::Impossible("a produced card without an unlock code"))?;
            consignments.push(Consignment {
                card: row.card.clone(),
                product: card.product.to_string(),
                given_name: person.given_name.as_str().to_owned(),
                family_name: person.family_name.as_str().to_owned(),
                expires_on: card
                    .expires_on
                    .ok_or(Fault::Impossible("a produced card without a last day"))?,
                photo,
                destination: row.address.map_or(Destination::Forwarded, |address| {
                    Destination::Home {
                        street: address.street.to_string(),
                        postal_code: address.postal_code.as_str().to_owned(),
                        town: address.town.to_string(),
                    }
                }),
                guid: card
                    .guid
                    .ok_or(Fault::Impossible("a produced card without a GUID"))?,
                unlock_code: house
                    .authorities
                    .vault()
                    .open(&crate::unlock_code::label(&row.card), &sealed)?,
                management_key: house.authorities.management_key(&number, 0),
                number,
            });
        }
    }
    store::write!(house.database, |write| {
        audit::event(
            write,
            call,
            "batch.handed-out",
            &format!("batch:{batch}"),
            json!({}),
        )
        .await?;
        Ok::<_, Fault>(())
    })?;
    Ok(consignments)
}

/// Batches that hold cards still to be made: what a producer asks for, round after round.
///
/// # Errors
/// When the actor is no producer.
pub async fn waiting(house: &House, call: &Call<'_>) -> Result<Vec<BatchId>, Stop<ProduceRefusal>> {
    may(&call.actor, Act::ReportProduction, &Facts::default())?;
    let mut read = house.database.read().await?;
    let mut batches: Vec<BatchId> =
        store::card::list_by_state(&mut read, CardState::InProduction, 1_000)
            .await?
            .into_iter()
            .filter_map(|card| card.batch)
            .collect();
    batches.sort();
    batches.dedup();
    Ok(batches)
}
