//! Photos that a kiosk took and that the person has not said yes to.

use model::Timestamp;
use model::id::{CardId, KioskId, PhotoId};

use crate::{Read, StoreError, Write};

/// Notes that a kiosk took a photo for a card.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such photo or card, or the database fails.
pub async fn insert(
    write: &mut Write,
    photo: &PhotoId,
    kiosk: &KioskId,
    card: &CardId,
    now: Timestamp,
) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO kiosk_photo (photo, kiosk, card, taken_at) VALUES ($1, $2, $3, $4)",
            &[photo.into(), kiosk.into(), card.into(), now.into()],
        )
        .await?;
    Ok(())
}

/// The card that a kiosk's photo was taken for, while the person has not said yes.
///
/// # Errors
/// When the database fails.
pub async fn card(
    read: &mut Read,
    photo: &PhotoId,
    kiosk: &KioskId,
) -> Result<Option<CardId>, StoreError> {
    read.row_maybe(
        "SELECT card FROM kiosk_photo WHERE photo = $1 AND kiosk = $2",
        &[photo.into(), kiosk.into()],
    )
    .await?
    .map(|row| row.parsed(0, CardId::parse))
    .transpose()
}

/// Takes a photo out of the kiosk's hands; says whether it was there.
///
/// # Errors
/// When the database fails.
pub async fn remove(write: &mut Write, photo: &PhotoId) -> Result<bool, StoreError> {
    write
        .changed("DELETE FROM kiosk_photo WHERE photo = $1", &[photo.into()])
        .await
}

/// Photos that were taken before `before` and are still a kiosk's.
///
/// # Errors
/// When the database fails.
pub async fn list_old(read: &mut Read, before: Timestamp) -> Result<Vec<PhotoId>, StoreError> {
    read.rows(
        "SELECT photo FROM kiosk_photo WHERE taken_at <= $1 ORDER BY taken_at",
        &[before.into()],
    )
    .await?
    .iter()
    .map(|row| row.parsed(0, PhotoId::parse))
    .collect()
}
