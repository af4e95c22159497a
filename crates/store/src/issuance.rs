//! Intentions to issue: what was about to be signed, written down before it was. A signature that the database does not know
//! of cannot come to be.

use model::Timestamp;
use model::credential::CredentialKind;
use model::id::{CardId, PersonId};

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One intention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuanceRow {
    /// Name of the authority that is to sign.
    pub authority: String,
    /// The certificate's serial number, hexadecimal.
    pub serial: String,
    /// What the certificate is for.
    pub kind: CredentialKind,
    /// The card it belongs on.
    pub card: CardId,
    /// Its holder.
    pub person: PersonId,
    /// TBSCertificate, DER (RFC 5280 4.1.2).
    pub to_be_signed: Vec<u8>,
    /// The certificate's last second.
    pub not_after: Timestamp,
    /// Which part of the authority's revocation list it would stand on; 0 when the list is whole.
    pub shard: i64,
    /// When it was written down.
    pub reserved_at: Timestamp,
    /// When the certificate was stored.
    pub finished_at: Option<Timestamp>,
}

/// Writes an intention down.
///
/// # Errors
/// `issuance_authority_serial` when the serial number was used before, [`StoreError::Dangling`] when there is no such card or
/// person, or the database fails.
pub async fn insert(write: &mut Write, issuance: &IssuanceRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO issuance (authority, serial, kind, card, person, to_be_signed, not_after, reserved_at, finished_at, \
             shard) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                (&issuance.authority).into(),
                (&issuance.serial).into(),
                issuance.kind.code().into(),
                (&issuance.card).into(),
                (&issuance.person).into(),
                (&issuance.to_be_signed).into(),
                issuance.not_after.into(),
                issuance.reserved_at.into(),
                issuance.finished_at.into(),
                issuance.shard.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Notes that the certificate is stored; says whether the intention was still open.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    write: &mut Write,
    authority: &str,
    serial: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE issuance SET finished_at = $3 WHERE authority = $1 AND serial = $2 AND finished_at IS NULL",
            &[authority.into(), serial.into(), now.into()],
        )
        .await
}

fn issuance(row: &Row) -> Result<IssuanceRow, StoreError> {
    Ok(IssuanceRow {
        authority: row.text(0)?,
        serial: row.text(1)?,
        kind: row.parsed(2, CredentialKind::parse)?,
        card: row.parsed(3, CardId::parse)?,
        person: row.parsed(4, PersonId::parse)?,
        to_be_signed: row.bytes(5)?,
        not_after: row.time(6)?,
        reserved_at: row.time(7)?,
        finished_at: row.time_maybe(8)?,
        shard: row.integer(9)?,
    })
}

/// Intentions whose certificate is not stored, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_unfinished(read: &mut Read) -> Result<Vec<IssuanceRow>, StoreError> {
    read.rows(
        "SELECT authority, serial, kind, card, person, to_be_signed, not_after, reserved_at, finished_at, shard FROM issuance \
         WHERE finished_at IS NULL ORDER BY reserved_at, serial",
        &[],
    )
    .await?
    .iter()
    .map(issuance)
    .collect()
}
