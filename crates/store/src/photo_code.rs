//! Codes that let somebody be photographed for a card in a kiosk. The database knows a code's hash, never the code.

use model::Timestamp;
use model::id::CardId;

use crate::{Read, StoreError, Write};

/// Puts a code in the place of a card's earlier one; says no when another card has the same code.
///
/// # Errors
/// `photo_code_code_hash` is taken, [`StoreError::Dangling`] when there is no such card, or the database fails.
pub async fn put(
    write: &mut Write,
    card: &CardId,
    code_hash: &str,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    remove(write, card).await?;
    write
        .execute(
            "INSERT INTO photo_code (card, code_hash, expires_at) VALUES ($1, $2, $3)",
            &[card.into(), code_hash.into(), expires_at.into()],
        )
        .await?;
    Ok(())
}

/// The card whose living code has that hash.
///
/// # Errors
/// When the database fails.
pub async fn card(
    read: &mut Read,
    code_hash: &str,
    now: Timestamp,
) -> Result<Option<CardId>, StoreError> {
    read.row_maybe(
        "SELECT card FROM photo_code WHERE code_hash = $1 AND expires_at > $2",
        &[code_hash.into(), now.into()],
    )
    .await?
    .map(|row| row.parsed(0, CardId::parse))
    .transpose()
}

/// Uses up a card's code; says whether it had one.
///
/// # Errors
/// When the database fails.
pub async fn remove(write: &mut Write, card: &CardId) -> Result<bool, StoreError> {
    write
        .changed("DELETE FROM photo_code WHERE card = $1", &[card.into()])
        .await
}

/// Removes what ended by itself before `now`; says how many.
///
/// # Errors
/// When the database fails.
pub async fn remove_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    write
        .execute(
            "DELETE FROM photo_code WHERE expires_at <= $1",
            &[now.into()],
        )
        .await
}
