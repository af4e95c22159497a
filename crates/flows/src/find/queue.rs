//! The station's queue: cards by what they wait for, and a search.

use std::collections::BTreeMap;

use model::card::{Card, CardNumber, CardState};
use model::hsa_id::HsaId;
use model::person::Person;
use model::product::CardKind;
use store::Read;

use super::people::{log_search, search_text};
use super::{Looked, holder_of, kind_of, looked, may_see, may_serve};
use crate::call::Call;
use crate::house::House;

/// How many cards of a lane are shown.
const SHOWN: usize = 8;
/// How many people a search looks at.
const SEARCHED: i64 = 50;

/// A card in the queue.
#[derive(Clone, Debug)]
pub struct QueueCard {
    /// The card.
    pub card: Card,
    /// What sort of card it is.
    pub kind: CardKind,
    /// The holder.
    pub person: Person,
}

/// What the cards of a lane wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneCode {
    /// A photo.
    Photo,
    /// An officer who looks at the photo that was taken.
    PhotoCheck,
    /// A batch.
    Production,
    /// The producer or the postal service.
    Delivery,
    /// The holder at the station.
    Activation,
    /// Somebody who looks what went wrong.
    Attention,
}

impl LaneCode {
    /// The lanes, in the order of a card's life.
    pub const ALL: &'static [Self] = &[
        Self::Photo,
        Self::PhotoCheck,
        Self::Production,
        Self::Delivery,
        Self::Activation,
        Self::Attention,
    ];

    /// Stable code, as in the texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::PhotoCheck => "photo-check",
            Self::Production => "production",
            Self::Delivery => "delivery",
            Self::Activation => "activation",
            Self::Attention => "attention",
        }
    }

    /// The states whose cards are in the lane. Cards that wait for a photo are in one lane of two.
    const fn states(self) -> &'static [CardState] {
        match self {
            Self::Photo | Self::PhotoCheck => &[CardState::AwaitingPhoto],
            Self::Production => &[CardState::ReadyForProduction],
            Self::Delivery => &[CardState::InProduction, CardState::Produced],
            Self::Activation => &[CardState::PartlyActivated, CardState::Sent],
            Self::Attention => &[
                CardState::ProductionFailed,
                CardState::Returned,
                CardState::ExpiredUnactivated,
            ],
        }
    }
}

/// Cards that wait for the same thing.
#[derive(Clone, Debug)]
pub struct Lane {
    /// For what.
    pub code: LaneCode,
    /// The first of them, the longest waiting first.
    pub cards: Vec<QueueCard>,
    /// How many in all.
    pub total: usize,
}

/// The lanes of the station.
///
/// # Errors
/// When the actor may not work at the station.
pub async fn lanes(house: &House, call: &Call<'_>) -> Looked<Vec<Lane>> {
    let outcome = list(house, call).await;
    looked(house, call, "station", outcome).await
}

async fn list(house: &House, call: &Call<'_>) -> Looked<Vec<Lane>> {
    may_serve(&call.actor)?;
    let mut read = house.database.read().await?;
    let counts: BTreeMap<CardState, i64> = store::card::count_by_state(&mut read)
        .await?
        .into_iter()
        .collect();
    let photographed = store::card::count_photographed(&mut read).await?;
    // Some may be hidden from this officer, so twice as many are read as are shown.
    let limit = i64::try_from(2 * SHOWN).unwrap_or(i64::MAX);
    let mut lanes = Vec::new();
    for code in LaneCode::ALL.iter().copied() {
        let mut cards = Vec::new();
        let mut total = 0;
        for state in code.states() {
            let count = counts.get(state).copied().unwrap_or(0);
            let (listed, count) = match code {
                LaneCode::Photo => (
                    store::card::list_unphotographed(&mut read, limit).await?,
                    count - photographed,
                ),
                LaneCode::PhotoCheck => (
                    store::card::list_photographed(&mut read, limit).await?,
                    photographed,
                ),
                _ => (
                    store::card::list_by_state(&mut read, *state, limit).await?,
                    count,
                ),
            };
            total += count;
            for card in listed {
                if let Some(shown) = shown(&mut read, call, card).await? {
                    cards.push(shown);
                }
            }
        }
        cards.sort_by_key(|shown| shown.card.state_since);
        cards.truncate(SHOWN);
        let total = usize::try_from(total).unwrap_or(0).max(cards.len());
        lanes.push(Lane { code, cards, total });
    }
    Ok(lanes)
}

/// The card as the queue shows it, unless its holder's identity is protected and the actor may not handle that.
pub(super) async fn shown(
    read: &mut Read,
    call: &Call<'_>,
    card: Card,
) -> Looked<Option<QueueCard>> {
    let person = holder_of(read, &card).await?;
    if may_see(&call.actor, &person).is_err() {
        return Ok(None);
    }
    let kind = kind_of(&card)?;
    Ok(Some(QueueCard { card, kind, person }))
}

/// Cards by number, HSA-id or part of the holder's name; what is over comes last. The search is logged.
///
/// # Errors
/// When the actor may not work at the station, or the text is too short or a personal number.
pub async fn search_cards(house: &House, call: &Call<'_>, text: &str) -> Looked<Vec<QueueCard>> {
    let outcome = search(house, call, text).await;
    looked(house, call, "station", outcome).await
}

async fn search(house: &House, call: &Call<'_>, text: &str) -> Looked<Vec<QueueCard>> {
    may_serve(&call.actor)?;
    let folded = search_text(text)?;
    let mut found = Vec::new();
    {
        let mut read = house.database.read().await?;
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if let Ok(number) = CardNumber::parse(&compact) {
            if let Some(card) = store::card::by_number(&mut read, &number).await? {
                found.extend(shown(&mut read, call, card).await?);
            }
        } else {
            let people = match HsaId::parse(text.trim()) {
                Ok(hsa_id) => store::person::by_hsa_id(&mut read, &hsa_id)
                    .await?
                    .into_iter()
                    .collect(),
                Err(_) => store::person::search(&mut read, &folded, SEARCHED).await?,
            };
            for person in people {
                for card in store::card::list_by_person(&mut read, &person.id).await? {
                    found.extend(shown(&mut read, call, card).await?);
                }
            }
        }
    }
    found.sort_by_key(|shown| shown.card.state.is_final());
    log_search(
        house,
        call,
        found.iter().map(|shown| shown.person.id.clone()).collect(),
    )
    .await?;
    Ok(found)
}
