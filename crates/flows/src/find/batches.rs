//! Production at the station: what is ready, and how the batches go.

use model::Timestamp;
use model::card::{Card, CardState};
use model::id::{BatchId, CardId};
use model::policy::{Act, Facts, may};
use store::Read;
use store::batch::BatchRow;

use super::queue::{QueueCard, shown};
use super::{FindRefusal, Looked, Names, looked, may_serve};
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

/// How many cards can be chosen at once, and how many batches are listed.
const READY: i64 = 200;
const BATCHES: i64 = 30;

/// A card ready for production.
#[derive(Clone, Debug)]
pub struct ReadyCard {
    /// The card and its holder.
    pub shown: QueueCard,
    /// The unit it was ordered for.
    pub unit: String,
}

/// A batch in a line.
#[derive(Clone, Debug)]
pub struct BatchLine {
    /// Its identifier.
    pub id: BatchId,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub made_by: Option<String>,
    /// Cards in all.
    pub total: usize,
    /// Cards made, or further.
    pub produced: usize,
    /// Cards sent, or further.
    pub sent: usize,
    /// Cards that could not be made.
    pub failed: usize,
}

/// What is ready, and the latest batches.
#[derive(Clone, Debug)]
pub struct Production {
    /// Cards to choose, the longest waiting first.
    pub ready: Vec<ReadyCard>,
    /// The newest first.
    pub batches: Vec<BatchLine>,
}

/// One batch and its cards.
#[derive(Clone, Debug)]
pub struct BatchFound {
    /// The batch in short.
    pub line: BatchLine,
    /// Its cards that the actor may see.
    pub cards: Vec<QueueCard>,
    /// The actor may report what the producer did.
    pub may_report: bool,
}

/// What is ready for production, and the latest batches.
///
/// # Errors
/// When the actor may not send cards to production.
pub async fn production(house: &House, call: &Call<'_>) -> Looked<Production> {
    let outcome = list(house, call).await;
    looked(house, call, "production", outcome).await
}

async fn list(house: &House, call: &Call<'_>) -> Looked<Production> {
    may(&call.actor, Act::Produce, &Facts::default())?;
    let mut read = house.database.read().await?;
    let mut ready = Vec::new();
    for card in store::card::list_by_state(&mut read, CardState::ReadyForProduction, READY).await? {
        let Some(shown) = shown(&mut read, call, card).await? else {
            continue;
        };
        let order = store::card_order::by_id(&mut read, &shown.card.order)
            .await?
            .ok_or(Fault::Impossible("a card without an order"))?;
        let unit = store::engagement::by_id(&mut read, &order.engagement)
            .await?
            .map(|engagement| engagement.unit_name.as_str().to_owned())
            .unwrap_or_default();
        ready.push(ReadyCard { shown, unit });
    }
    let mut names = Names::default();
    let mut batches = Vec::new();
    for row in store::batch::list_latest(&mut read, BATCHES).await? {
        let cards = store::card::list_by_batch(&mut read, &row.id).await?;
        batches.push(line(&mut read, &mut names, row, &cards).await?);
    }
    Ok(Production { ready, batches })
}

async fn line(
    read: &mut Read,
    names: &mut Names,
    row: BatchRow,
    cards: &[Card],
) -> Looked<BatchLine> {
    let made_by = match &row.made_by {
        Some(person) => names.of_person(read, person).await?,
        None => None,
    };
    let count =
        |reached: fn(CardState) -> bool| cards.iter().filter(|card| reached(card.state)).count();
    Ok(BatchLine {
        id: row.id,
        made_at: row.made_at,
        made_by,
        total: cards.len(),
        produced: count(is_made),
        sent: count(is_sent),
        failed: count(|state| state == CardState::ProductionFailed),
    })
}

/// Whether a card in this state has left the producer's machine. A cancelled card may have been stopped anywhere.
const fn is_made(state: CardState) -> bool {
    !matches!(
        state,
        CardState::Draft
            | CardState::Ordered
            | CardState::AwaitingPhoto
            | CardState::ReadyForProduction
            | CardState::InProduction
            | CardState::ProductionFailed
            | CardState::Cancelled
    )
}

const fn is_sent(state: CardState) -> bool {
    is_made(state) && !matches!(state, CardState::Produced)
}

/// One batch.
///
/// # Errors
/// When there is none with that identifier, or the actor may not work at the station.
pub async fn batch(house: &House, call: &Call<'_>, id: &BatchId) -> Looked<BatchFound> {
    let outcome = one(house, call, id).await;
    looked(house, call, &format!("batch:{id}"), outcome).await
}

async fn one(house: &House, call: &Call<'_>, id: &BatchId) -> Looked<BatchFound> {
    may_serve(&call.actor)?;
    let mut read = house.database.read().await?;
    let row = store::batch::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::BatchUnknown)?;
    let cards = store::card::list_by_batch(&mut read, id).await?;
    let line = line(&mut read, &mut Names::default(), row, &cards).await?;
    let mut visible = Vec::new();
    for card in cards {
        visible.extend(shown(&mut read, call, card).await?);
    }
    Ok(BatchFound {
        line,
        cards: visible,
        may_report: may(&call.actor, Act::ReportProduction, &Facts::default()).is_ok(),
    })
}

impl BatchFound {
    /// The card of this batch with that identifier.
    #[must_use]
    pub fn card(&self, id: &CardId) -> Option<&Card> {
        self.cards
            .iter()
            .map(|shown| &shown.card)
            .find(|card| card.id == *id)
    }
}
