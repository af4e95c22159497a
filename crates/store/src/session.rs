//! Signed-in sessions. The database knows a secret's hash, never the secret.

use model::id::{CardId, PersonId, SessionId};
use model::{Loa, Timestamp};

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One session. One that has ended has no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Our own identifier.
    pub id: SessionId,
    /// SHA-256 of the browser's secret, hexadecimal.
    pub secret_hash: String,
    /// Who signed in.
    pub person: PersonId,
    /// With which card.
    pub card: CardId,
    /// The authority of the certificate they signed in with.
    pub authority: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// At which level.
    pub loa: Loa,
    /// When.
    pub created_at: Timestamp,
    /// When they were last seen.
    pub seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, secret_hash, person, card, authority, serial, loa, created_at, seen_at, expires_at FROM session ",
            $rest
        )
    };
}

fn session(row: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        id: row.parsed(0, SessionId::parse)?,
        secret_hash: row.text(1)?,
        person: row.parsed(2, PersonId::parse)?,
        card: row.parsed(3, CardId::parse)?,
        authority: row.text(4)?,
        serial: row.text(5)?,
        loa: row.parsed(6, Loa::parse)?,
        created_at: row.time(7)?,
        seen_at: row.time(8)?,
        expires_at: row.time(9)?,
    })
}

/// Adds a session.
///
/// # Errors
/// `session_secret_hash` is taken, [`StoreError::Dangling`] when there is no such person or card, or the database fails.
pub async fn insert(write: &mut Write, session: &SessionRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO session (id, secret_hash, person, card, authority, serial, loa, created_at, seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                (&session.id).into(),
                (&session.secret_hash).into(),
                (&session.person).into(),
                (&session.card).into(),
                (&session.authority).into(),
                (&session.serial).into(),
                session.loa.code().into(),
                session.created_at.into(),
                session.seen_at.into(),
                session.expires_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The session whose secret has that hash.
///
/// # Errors
/// When the database fails.
pub async fn by_secret_hash(
    read: &mut Read,
    secret_hash: &str,
) -> Result<Option<SessionRow>, StoreError> {
    read.row_maybe(select!("WHERE secret_hash = $1"), &[secret_hash.into()])
        .await?
        .as_ref()
        .map(session)
        .transpose()
}

/// Notes that somebody was seen, never earlier than before; says whether that was news.
///
/// # Errors
/// When the database fails.
pub async fn touch(write: &mut Write, id: &SessionId, now: Timestamp) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2",
            &[id.into(), now.into()],
        )
        .await
}

/// Ends the session whose secret has that hash; says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn end(write: &mut Write, secret_hash: &str) -> Result<bool, StoreError> {
    write
        .changed(
            "DELETE FROM session WHERE secret_hash = $1",
            &[secret_hash.into()],
        )
        .await
}

/// Ends every session of a card; says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn end_by_card(write: &mut Write, card: &CardId) -> Result<u64, StoreError> {
    write
        .execute("DELETE FROM session WHERE card = $1", &[card.into()])
        .await
}

/// Removes what ended by itself before `now`; says how many sessions that were.
///
/// # Errors
/// When the database fails.
pub async fn remove_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    write
        .execute("DELETE FROM session WHERE expires_at <= $1", &[now.into()])
        .await
}
