//! The state of a card, asked by its printed number: no name, no person, only what whoever holds the card may know.

use model::card::{CardNumber, CardState};

use crate::house::House;
use crate::refusal::Fault;

/// The state of the card with that number, if it is ours.
///
/// # Errors
/// When the database is away.
pub async fn of_number(house: &House, number: &CardNumber) -> Result<Option<CardState>, Fault> {
    let mut read = house.database.read().await?;
    Ok(store::card::by_number(&mut read, number)
        .await?
        .map(|card| card.state))
}
