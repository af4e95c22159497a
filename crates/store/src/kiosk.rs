//! Photo kiosks that are open. The database knows a secret's hash, never the secret.

use model::Timestamp;
use model::id::{KioskId, PersonId};
use model::label::Label;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One kiosk. One that was closed has no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskRow {
    /// Our own identifier.
    pub id: KioskId,
    /// SHA-256 of the machine's secret, hexadecimal.
    pub secret_hash: String,
    /// Where it stands.
    pub place: Label,
    /// The officer who opened it.
    pub opened_by: PersonId,
    /// When.
    pub opened_at: Timestamp,
    /// When it closes by itself.
    pub expires_at: Timestamp,
    /// Wrong codes since somebody last kept a photo.
    pub wrong_codes: i64,
    /// Until when no more codes are taken.
    pub locked_until: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, secret_hash, place, opened_by, opened_at, expires_at, wrong_codes, locked_until FROM kiosk ",
            $rest
        )
    };
}

fn kiosk(row: &Row) -> Result<KioskRow, StoreError> {
    Ok(KioskRow {
        id: row.parsed(0, KioskId::parse)?,
        secret_hash: row.text(1)?,
        place: row.parsed(2, Label::parse)?,
        opened_by: row.parsed(3, PersonId::parse)?,
        opened_at: row.time(4)?,
        expires_at: row.time(5)?,
        wrong_codes: row.integer(6)?,
        locked_until: row.time(7)?,
    })
}

/// Adds a kiosk.
///
/// # Errors
/// `kiosk_secret_hash` is taken, [`StoreError::Dangling`] when there is no such person, or the database fails.
pub async fn insert(write: &mut Write, kiosk: &KioskRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO kiosk (id, secret_hash, place, opened_by, opened_at, expires_at, wrong_codes, locked_until) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                (&kiosk.id).into(),
                (&kiosk.secret_hash).into(),
                kiosk.place.as_str().into(),
                (&kiosk.opened_by).into(),
                kiosk.opened_at.into(),
                kiosk.expires_at.into(),
                kiosk.wrong_codes.into(),
                kiosk.locked_until.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The kiosk whose secret has that hash.
///
/// # Errors
/// When the database fails.
pub async fn by_secret_hash(
    read: &mut Read,
    secret_hash: &str,
) -> Result<Option<KioskRow>, StoreError> {
    read.row_maybe(select!("WHERE secret_hash = $1"), &[secret_hash.into()])
        .await?
        .as_ref()
        .map(kiosk)
        .transpose()
}

/// The kiosk with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &KioskId) -> Result<Option<KioskRow>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(kiosk)
        .transpose()
}

/// The kiosks that are open, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_open(read: &mut Read, now: Timestamp) -> Result<Vec<KioskRow>, StoreError> {
    read.rows(
        select!("WHERE expires_at > $1 ORDER BY opened_at DESC, id DESC"),
        &[now.into()],
    )
    .await?
    .iter()
    .map(kiosk)
    .collect()
}

/// Notes how many codes were wrong, and until when no more are taken.
///
/// # Errors
/// When the database fails.
pub async fn set_wrong_codes(
    write: &mut Write,
    id: &KioskId,
    wrong_codes: i64,
    locked_until: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE kiosk SET wrong_codes = $2, locked_until = $3 WHERE id = $1",
            &[id.into(), wrong_codes.into(), locked_until.into()],
        )
        .await
}

/// Closes a kiosk; says whether it was open.
///
/// # Errors
/// When the database fails.
pub async fn close(write: &mut Write, id: &KioskId) -> Result<bool, StoreError> {
    write
        .changed("DELETE FROM kiosk WHERE id = $1", &[id.into()])
        .await
}

/// Removes what closed by itself before `now`; says how many.
///
/// # Errors
/// When the database fails.
pub async fn remove_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    write
        .execute("DELETE FROM kiosk WHERE expires_at <= $1", &[now.into()])
        .await
}
