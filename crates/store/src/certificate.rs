//! Certificates of cards. Those of the authorities themselves are in [`authority`](crate::authority).

use model::Timestamp;
use model::credential::{CredentialKind, CredentialState, RevocationReason, RevocationState};
use model::id::{CardId, PersonId};

use crate::database::Row;
use crate::revocation::{self, Subject};
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
    /// Which part of its authority's revocation list it would stand on; 0 when the list is whole.
    pub shard: i64,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// When it was stored.
    pub issued_at: Timestamp,
    /// When it was read back from the card.
    pub installed_at: Option<Timestamp>,
    /// Since when it is revoked or held. What expired while it was held keeps the time and the reason.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<RevocationReason>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT authority, serial, kind, state, card, person, not_before, not_after, der, issued_at, installed_at, \
             revoked_at, reason, shard FROM certificate ",
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
        shard: row.integer(13)?,
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
             installed_at, revoked_at, reason, shard) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
                certificate.shard.into(),
            ],
        )
        .await?;
    if let (Some(revoked_at), Some(reason)) = (certificate.revoked_at, certificate.reason) {
        let state = match certificate.state {
            CredentialState::Revoked => RevocationState::Revoked,
            _ => RevocationState::Held,
        };
        let subject = Subject {
            authority: &certificate.authority,
            serial: &certificate.serial,
            shard: certificate.shard,
            not_after: certificate.not_after,
        };
        revocation::record(write, &subject, state, revoked_at, reason).await?;
    }
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
    /// Since when it is revoked or held: what says whether it may be relied on, also after its end.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<RevocationReason>,
}

/// The status of the certificate of that authority and serial number, a card's or a function's: one look into the index of
/// either. An intention that is not signed yet is no certificate.
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
            "SELECT state, not_after, revoked_at, reason FROM certificate WHERE authority = $1 AND serial = $2 \
             UNION ALL SELECT state, not_after, revoked_at, reason FROM function_certificate \
             WHERE authority = $1 AND serial = $2 AND state <> 'reserved'",
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
/// installed. To stop one or take that back, use [`revoke`], [`hold`] and [`release`].
///
/// # Errors
/// `certificate_revocation` when `from` or `to` is revoked or held, or the database fails.
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

/// Revokes a certificate that is issued, active or held; says whether it was one of these. What is revoked keeps its first
/// time and reason; what was held is stopped since it was held, for nobody vouches for what was done with it in between.
///
/// # Errors
/// `revocation_hold` when the reason is a hold, or the database fails.
pub async fn revoke(
    write: &mut Write,
    authority: &str,
    serial: &str,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = write
        .row_maybe(
            "UPDATE certificate SET state = 'revoked', revoked_at = COALESCE(revoked_at, $3), reason = $4 \
             WHERE authority = $1 AND serial = $2 AND state IN ('issued', 'active', 'held') \
             RETURNING shard, not_after, revoked_at",
            &[
                authority.into(),
                serial.into(),
                now.into(),
                reason.code().into(),
            ],
        )
        .await?;
    told(
        write,
        authority,
        serial,
        row,
        RevocationState::Revoked,
        reason,
    )
    .await
}

/// Holds a certificate that is active; says whether it was.
///
/// # Errors
/// When the database fails.
pub async fn hold(
    write: &mut Write,
    authority: &str,
    serial: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = write
        .row_maybe(
            "UPDATE certificate SET state = 'held', revoked_at = $3, reason = 'certificate-hold' \
             WHERE authority = $1 AND serial = $2 AND state = 'active' RETURNING shard, not_after, revoked_at",
            &[authority.into(), serial.into(), now.into()],
        )
        .await?;
    let reason = RevocationReason::CertificateHold;
    told(write, authority, serial, row, RevocationState::Held, reason).await
}

/// Takes a hold back; says whether the certificate was held. It is as good as if it had never been held.
///
/// # Errors
/// When the database fails.
pub async fn release(write: &mut Write, authority: &str, serial: &str) -> Result<bool, StoreError> {
    // An engine returns what a row is after the statement; the time of the hold is read before.
    let row = write
        .row_maybe(
            "SELECT shard, not_after, revoked_at FROM certificate \
             WHERE authority = $1 AND serial = $2 AND state = 'held'",
            &[authority.into(), serial.into()],
        )
        .await?;
    let released = write
        .changed(
            "UPDATE certificate SET state = 'active', revoked_at = NULL, reason = NULL \
             WHERE authority = $1 AND serial = $2 AND state = 'held'",
            &[authority.into(), serial.into()],
        )
        .await?;
    let row = if released { row } else { None };
    let reason = RevocationReason::CertificateHold;
    told(
        write,
        authority,
        serial,
        row,
        RevocationState::Released,
        reason,
    )
    .await
}

/// Records what has just been changed (shard, last second, time of the stop), if anything was; says whether.
async fn told(
    write: &mut Write,
    authority: &str,
    serial: &str,
    changed: Option<Row>,
    state: RevocationState,
    reason: RevocationReason,
) -> Result<bool, StoreError> {
    let Some(row) = changed else {
        return Ok(false);
    };
    let subject = Subject {
        authority,
        serial,
        shard: row.integer(0)?,
        not_after: row.time(1)?,
    };
    revocation::record(write, &subject, state, row.time(2)?, reason).await?;
    Ok(true)
}

/// Marks every issued, active or held certificate of a card as expired; says how many those were. Nothing is told of it: what
/// was held stays on the lists until they let it go, and its status says so ever after.
///
/// # Errors
/// When the database fails.
pub async fn expire_by_card(write: &mut Write, card: &CardId) -> Result<u64, StoreError> {
    write
        .execute("UPDATE certificate SET state = 'expired' WHERE card = $1 AND state IN ('issued', 'active', 'held')", &[card.into()])
        .await
}
