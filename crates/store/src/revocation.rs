//! What was ever stopped: revoked, held, released. One row a certificate, of whichever table the certificate stands in; the
//! revocation lists are made from it, and nodes read from it what has changed.
//!
//! [`record`] is the one way in. Whatever changes the status of a certificate calls it in the same transaction, so that a
//! certificate and what is told of it cannot disagree.

use model::Timestamp;
use model::credential::{RevocationReason, RevocationState};

use crate::{Read, StoreError, Write};

/// A certificate, as far as its revocation is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Name of the authority that signed it.
    pub authority: &'a str,
    /// Its serial number, hexadecimal.
    pub serial: &'a str,
    /// Which part of the authority's list it stands on; 0 when the list is whole.
    pub shard: i64,
    /// Its last second.
    pub not_after: Timestamp,
}

/// One change of a certificate's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number: later changes, of whatever authority, have higher ones.
    pub number: i64,
    /// Name of the authority that signed the certificate.
    pub authority: String,
    /// The certificate's serial number, hexadecimal.
    pub serial: String,
}

/// Writes down how a certificate stands now, since when it is stopped and why; returns the number of the change. What was
/// released keeps the time and the reason of its hold.
///
/// # Errors
/// `revocation_hold` when the state does not go with the reason, or the database fails.
pub async fn record(
    write: &mut Write,
    subject: &Subject<'_>,
    state: RevocationState,
    revoked_at: Timestamp,
    reason: RevocationReason,
) -> Result<i64, StoreError> {
    let change = crate::counter::next(write, "revocation").await?;
    write
        .execute(
            "INSERT INTO revocation (authority, serial, shard, state, revoked_at, reason, not_after, change) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (authority, serial) DO UPDATE SET \
             state = excluded.state, revoked_at = excluded.revoked_at, reason = excluded.reason, change = excluded.change",
            &[
                subject.authority.into(),
                subject.serial.into(),
                subject.shard.into(),
                state.code().into(),
                revoked_at.into(),
                reason.code().into(),
                subject.not_after.into(),
                change.into(),
            ],
        )
        .await?;
    Ok(change)
}

/// The changes after that number, ascending, at most `limit` of them. A certificate that changed twice is told once, with
/// the number of its last change.
///
/// # Errors
/// When the database fails.
pub async fn changes_after(
    read: &mut Read,
    number: i64,
    limit: i64,
) -> Result<Vec<Change>, StoreError> {
    read.rows(
        "SELECT change, authority, serial FROM revocation WHERE change > $1 ORDER BY change LIMIT $2",
        &[number.into(), limit.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Change {
            number: row.integer(0)?,
            authority: row.text(1)?,
            serial: row.text(2)?,
        })
    })
    .collect()
}

/// The number of the last change of all; 0 when there was none.
///
/// # Errors
/// When the database fails.
pub async fn latest_change(read: &mut Read) -> Result<i64, StoreError> {
    let row = read.row("SELECT MAX(change) FROM revocation", &[]).await?;
    Ok(row.integer_maybe(0)?.unwrap_or(0))
}

/// The number of the last change of what one authority signed; 0 when there was none.
///
/// # Errors
/// When the database fails.
pub async fn latest_change_of(read: &mut Read, authority: &str) -> Result<i64, StoreError> {
    let row = read
        .row(
            "SELECT MAX(change) FROM revocation WHERE authority = $1",
            &[authority.into()],
        )
        .await?;
    Ok(row.integer_maybe(0)?.unwrap_or(0))
}

/// One entry of a revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Since when it is stopped.
    pub revoked_at: Timestamp,
    /// Why.
    pub reason: RevocationReason,
}

/// What an authority has stopped whose last second is `ends_from` or later, by serial number. An entry may leave the list
/// only after one list that was issued past the certificate's end has had it (RFC 5280 3.3), so `ends_from` is the time of
/// the list before the one being made.
///
/// # Errors
/// When the database fails.
pub async fn list(
    read: &mut Read,
    authority: &str,
    ends_from: Timestamp,
) -> Result<Vec<Entry>, StoreError> {
    let rows = read
        .rows(
            "SELECT serial, revoked_at, reason FROM revocation \
             WHERE authority = $1 AND not_after >= $2 AND state <> 'released' ORDER BY serial",
            &[authority.into(), ends_from.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                serial: row.text(0)?,
                revoked_at: row.time(1)?,
                reason: row.parsed(2, RevocationReason::parse)?,
            })
        })
        .collect()
}
