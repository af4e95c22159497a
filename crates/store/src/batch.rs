//! Batches for the producer, and where each of their cards goes.

use model::Timestamp;
use model::id::{BatchId, CardId, PersonId};
use model::person::RegisteredAddress;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// A batch of cards that were sent to the producer together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// Our own identifier.
    pub id: BatchId,
    /// Who made it; nobody when it made itself.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Timestamp,
    /// How many cards.
    pub cards: i64,
}

/// One card of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsignmentRow {
    /// The card.
    pub card: CardId,
    /// Where it goes, as it stood when the batch was made; nothing for a protected identity, or once forgotten.
    pub address: Option<RegisteredAddress>,
}

/// Adds a batch.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    write: &mut Write,
    id: &BatchId,
    made_by: Option<&PersonId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO batch (id, made_by, made_at) VALUES ($1, $2, $3)",
            &[id.into(), made_by.into(), now.into()],
        )
        .await?;
    Ok(())
}

/// Puts a card into a batch.
///
/// # Errors
/// `consignment_batch_card` when it is there already, [`StoreError::Dangling`] when there is no such batch or card, or the
/// database fails.
pub async fn insert_consignment(
    write: &mut Write,
    batch: &BatchId,
    card: &CardId,
    address: Option<&RegisteredAddress>,
) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO consignment (batch, card, street, postal_code, town) VALUES ($1, $2, $3, $4, $5)",
            &[
                batch.into(),
                card.into(),
                address.map(|address| address.street.as_str()).into(),
                address.map(|address| address.postal_code.as_str()).into(),
                address.map(|address| address.town.as_str()).into(),
            ],
        )
        .await?;
    Ok(())
}

fn consignment(row: &Row) -> Result<ConsignmentRow, StoreError> {
    let address = match row.text_maybe(1)? {
        Some(_) => Some(crate::person::address_at(row, 1)?),
        None => None,
    };
    Ok(ConsignmentRow {
        card: row.parsed(0, CardId::parse)?,
        address,
    })
}

/// The cards of a batch, by their identifiers.
///
/// # Errors
/// When the database fails.
pub async fn consignments(
    read: &mut Read,
    batch: &BatchId,
) -> Result<Vec<ConsignmentRow>, StoreError> {
    let rows = read
        .rows("SELECT card, street, postal_code, town FROM consignment WHERE batch = $1 ORDER BY card", &[batch.into()])
        .await?;
    rows.iter().map(consignment).collect()
}

/// Forgets where the cards of a batch went, once they are on their way; says how many addresses that were.
///
/// # Errors
/// When the database fails.
pub async fn forget_addresses(write: &mut Write, batch: &BatchId) -> Result<u64, StoreError> {
    write
        .execute(
            "UPDATE consignment SET street = NULL, postal_code = NULL, town = NULL WHERE batch = $1 AND street IS NOT NULL",
            &[batch.into()],
        )
        .await
}

/// The latest batches, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_latest(read: &mut Read, limit: i64) -> Result<Vec<BatchRow>, StoreError> {
    let rows = read
        .rows(
            "SELECT batch.id, batch.made_by, batch.made_at, COUNT(consignment.card) FROM batch \
             LEFT JOIN consignment ON consignment.batch = batch.id \
             GROUP BY batch.id, batch.made_by, batch.made_at ORDER BY batch.made_at DESC, batch.id DESC LIMIT $1",
            &[limit.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(BatchRow {
                id: row.parsed(0, BatchId::parse)?,
                made_by: row.parsed_maybe(1, PersonId::parse)?,
                made_at: row.time(2)?,
                cards: row.integer(3)?,
            })
        })
        .collect()
}

/// The batch with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &BatchId) -> Result<Option<BatchRow>, StoreError> {
    let row = read
        .row_maybe(
            "SELECT batch.made_by, batch.made_at, COUNT(consignment.card) FROM batch \
             LEFT JOIN consignment ON consignment.batch = batch.id WHERE batch.id = $1 \
             GROUP BY batch.id, batch.made_by, batch.made_at",
            &[id.into()],
        )
        .await?;
    row.map(|row| {
        Ok(BatchRow {
            id: id.clone(),
            made_by: row.parsed_maybe(0, PersonId::parse)?,
            made_at: row.time(1)?,
            cards: row.integer(2)?,
        })
    })
    .transpose()
}
