//! Certificates of cards. Those of the authorities themselves are in [`authority`](crate::authority).

use model::Timestamp;
use model::credential::{CredentialKind, CredentialState, RevocationReason};
use model::id::{CardId, PersonId};

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRow {
    /// Name of the authority that signed it.
    pub authority: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// What it is for.
    pub kind: CredentialKind,
    /// Where it stands.
    pub state: CredentialState,
    /// The card it belongs on.
    pub card: CardId,
    /// Its holder.
    pub person: PersonId,
    /// Its first second.
    pub not_before: Timestamp,
    /// Its last second.
    pub not_after: Timestamp,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// When it was stored.
    pub issued_at: Timestamp,
    /// When it was read back from the card.
    pub installed_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<RevocationReason>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT authority, serial, kind, state, card, person, not_before, not_after, der, issued_at, installed_at, \
             revoked_at, reason FROM certificate ",
            $rest
        )
    };
}

fn certificate(row: &Row) -> Result<CertificateRow, StoreError> {
    Ok(CertificateRow {
        authority: row.text(0)?,
        serial: row.text(1)?,
        kind: row.parsed(2, CredentialKind::parse)?,
        state: row.parsed(3, CredentialState::parse)?,
        card: row.parsed(4, CardId::parse)?,
        person: row.parsed(5, PersonId::parse)?,
        not_before: row.time(6)?,
        not_after: row.time(7)?,
        der: row.bytes(8)?,
        issued_at: row.time(9)?,
        installed_at: row.time_maybe(10)?,
        revoked_at: row.time_maybe(11)?,
        reason: row.parsed_maybe(12, RevocationReason::parse)?,
    })
}

/// Stores a certificate.
///
/// # Errors
/// `certificate_authority_serial` when it is stored already, [`StoreError::Dangling`] when there is no such card or person, or
/// the database fails.
pub async fn insert(write: &mut Write, certificate: &CertificateRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO certificate (authority, serial, kind, state, card, person, not_before, not_after, der, issued_at, \
             installed_at, revoked_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            &[
                (&certificate.authority).into(),
                (&certificate.serial).into(),
                certificate.kind.code().into(),
                certificate.state.code().into(),
                (&certificate.card).into(),
                (&certificate.person).into(),
                certificate.not_before.into(),
                certificate.not_after.into(),
                (&certificate.der).into(),
                certificate.issued_at.into(),
                certificate.installed_at.into(),
                certificate.revoked_at.into(),
                certificate.reason.map(RevocationReason::code).into(),
            ],
        )
        .await?;
    Ok(())
}

/// The certificate of that authority and serial number.
///
/// # Errors
/// When the database fails.
pub async fn by_serial(
    read: &mut Read,
    authority: &str,
    serial: &str,
) -> Result<Option<CertificateRow>, StoreError> {
    read.row_maybe(
        select!("WHERE authority = $1 AND serial = $2"),
        &[authority.into(), serial.into()],
    )
    .await?
    .as_ref()
    .map(certificate)
    .transpose()
}

/// All certificates of a card, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_card(
    read: &mut Read,
    card: &CardId,
) -> Result<Vec<CertificateRow>, StoreError> {
    read.rows(
        select!("WHERE card = $1 ORDER BY issued_at, serial"),
        &[card.into()],
    )
    .await?
    .iter()
    .map(certificate)
    .collect()
}

/// All certificates of a person, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_person(
    read: &mut Read,
    person: &PersonId,
) -> Result<Vec<CertificateRow>, StoreError> {
    read.rows(
        select!("WHERE person = $1 ORDER BY issued_at, serial"),
        &[person.into()],
    )
    .await?
    .iter()
    .map(certificate)
    .collect()
}

/// What a status answer needs to know of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateStatus {
    /// Where it stands.
    pub state: CredentialState,
    /// Its last second.
    pub not_after: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<RevocationReason>,
}

/// The status of the certificate of that authority and serial number: one look into one index.
///
/// # Errors
/// When the database fails.
pub async fn status(
    read: &mut Read,
    authority: &str,
    serial: &str,
) -> Result<Option<CertificateStatus>, StoreError> {
    let row = read
        .row_maybe(
            "SELECT state, not_after, revoked_at, reason FROM certificate WHERE authority = $1 AND serial = $2",
            &[authority.into(), serial.into()],
        )
        .await?;
    row.map(|row| {
        Ok(CertificateStatus {
            state: row.parsed(0, CredentialState::parse)?,
            not_after: row.time(1)?,
            revoked_at: row.time_maybe(2)?,
            reason: row.parsed_maybe(3, RevocationReason::parse)?,
        })
    })
    .transpose()
}

/// Moves a certificate on from a state; says whether it was in that state. The first time it becomes active it is noted as
/// installed. To revoke one, use [`revoke`].
///
/// # Errors
/// `certificate_revocation` when `to` is revoked, or the database fails.
pub async fn set_state(
    write: &mut Write,
    authority: &str,
    serial: &str,
    from: CredentialState,
    to: CredentialState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let installed_at = (to == CredentialState::Active).then_some(now);
    write
        .changed(
            "UPDATE certificate SET state = $4, installed_at = COALESCE(installed_at, $5) \
             WHERE authority = $1 AND serial = $2 AND state = $3",
            &[
                authority.into(),
                serial.into(),
                from.code().into(),
                to.code().into(),
                installed_at.into(),
            ],
        )
        .await
}

/// Revokes a certificate that is issued or active; says whether it was one of these. What is revoked keeps its first time
/// and reason.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    write: &mut Write,
    authority: &str,
    serial: &str,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE certificate SET state = 'revoked', revoked_at = $3, reason = $4 \
             WHERE authority = $1 AND serial = $2 AND state IN ('issued', 'active')",
            &[
                authority.into(),
                serial.into(),
                now.into(),
                reason.code().into(),
            ],
        )
        .await
}

/// Marks every issued or active certificate of a card as expired; says how many those were.
///
/// # Errors
/// When the database fails.
pub async fn expire_by_card(write: &mut Write, card: &CardId) -> Result<u64, StoreError> {
    write
        .execute("UPDATE certificate SET state = 'expired' WHERE card = $1 AND state IN ('issued', 'active')", &[card.into()])
        .await
}

/// One entry of a revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedRow {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// When it was revoked.
    pub revoked_at: Timestamp,
    /// Why.
    pub reason: RevocationReason,
}

/// What an authority has revoked whose last second is `ends_from` or later, by serial number. An entry may leave the list
/// only after one list that was issued past the certificate's end has had it (RFC 5280 3.3), so `ends_from` is the time of
/// the list before the one being made.
///
/// # Errors
/// When the database fails.
pub async fn list_revoked(
    read: &mut Read,
    authority: &str,
    ends_from: Timestamp,
) -> Result<Vec<RevokedRow>, StoreError> {
    let rows = read
        .rows(
            "SELECT serial, revoked_at, reason FROM certificate \
             WHERE authority = $1 AND not_after >= $2 AND revoked_at IS NOT NULL ORDER BY serial",
            &[authority.into(), ends_from.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RevokedRow {
                serial: row.text(0)?,
                revoked_at: row.time(1)?,
                reason: row.parsed(2, RevocationReason::parse)?,
            })
        })
        .collect()
}

/// How many certificates an authority has ever revoked.
///
/// # Errors
/// When the database fails.
pub async fn count_revoked(read: &mut Read, authority: &str) -> Result<i64, StoreError> {
    read.row(
        "SELECT COUNT(serial) FROM certificate WHERE authority = $1 AND revoked_at IS NOT NULL",
        &[authority.into()],
    )
    .await?
    .integer(0)
}

/// When an authority last revoked a certificate, if it ever did.
///
/// # Errors
/// When the database fails.
pub async fn last_revocation(
    read: &mut Read,
    authority: &str,
) -> Result<Option<Timestamp>, StoreError> {
    read.row(
        "SELECT MAX(revoked_at) FROM certificate WHERE authority = $1 AND revoked_at IS NOT NULL",
        &[authority.into()],
    )
    .await?
    .time_maybe(0)
}
