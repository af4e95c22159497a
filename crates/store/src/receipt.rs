//! Receipts that holders have signed with their cards.

use model::Timestamp;
use model::id::{CardId, PersonId, ReceiptId};

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One signed receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Our own identifier.
    pub id: ReceiptId,
    /// The card it was signed with.
    pub card: CardId,
    /// Who signed.
    pub person: PersonId,
    /// What was signed for, as the log names the event: `card.received`.
    pub kind: String,
    /// What the holder read.
    pub text: String,
    /// The signature over it, compact JWS (RFC 7515 7.1).
    pub jws: String,
    /// When.
    pub signed_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, card, person, kind, text, jws, signed_at FROM receipt ",
            $rest
        )
    };
}

fn receipt(row: &Row) -> Result<ReceiptRow, StoreError> {
    Ok(ReceiptRow {
        id: row.parsed(0, ReceiptId::parse)?,
        card: row.parsed(1, CardId::parse)?,
        person: row.parsed(2, PersonId::parse)?,
        kind: row.text(3)?,
        text: row.text(4)?,
        jws: row.text(5)?,
        signed_at: row.time(6)?,
    })
}

/// Keeps a receipt.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such card or person, or the database fails.
pub async fn insert(write: &mut Write, receipt: &ReceiptRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO receipt (id, card, person, kind, text, jws, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                (&receipt.id).into(),
                (&receipt.card).into(),
                (&receipt.person).into(),
                (&receipt.kind).into(),
                (&receipt.text).into(),
                (&receipt.jws).into(),
                receipt.signed_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The receipt with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &ReceiptId) -> Result<Option<ReceiptRow>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(receipt)
        .transpose()
}

/// All receipts signed with a card, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_card(read: &mut Read, card: &CardId) -> Result<Vec<ReceiptRow>, StoreError> {
    read.rows(
        select!("WHERE card = $1 ORDER BY signed_at, id"),
        &[card.into()],
    )
    .await?
    .iter()
    .map(receipt)
    .collect()
}

/// All receipts a person has signed, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_person(
    read: &mut Read,
    person: &PersonId,
) -> Result<Vec<ReceiptRow>, StoreError> {
    read.rows(
        select!("WHERE person = $1 ORDER BY signed_at, id"),
        &[person.into()],
    )
    .await?
    .iter()
    .map(receipt)
    .collect()
}
