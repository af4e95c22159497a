//! Certificates of functions, from the intention to sign one on.

use model::Timestamp;
use model::credential::{RevocationReason, RevocationState};
use model::function::{FunctionCertificateState, FunctionState};
use model::id::FunctionId;

use crate::database::{Deferred, Row};
use crate::revocation::{self, Subject};
use crate::{Read, StoreError, Write};

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCertificateRow {
    /// Name of the authority that signs it.
    pub authority: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Whose it is.
    pub function: FunctionId,
    /// Where it stands.
    pub state: FunctionCertificateState,
    /// Its first second.
    pub not_before: Timestamp,
    /// Its last second.
    pub not_after: Timestamp,
    /// Which part of its authority's revocation list it would stand on; 0 when the list is whole.
    pub shard: i64,
    /// When the intention was written down.
    pub reserved_at: Timestamp,
    /// When the certificate was stored.
    pub issued_at: Option<Timestamp>,
    /// Since when it is revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<RevocationReason>,
    /// The name of its key in the vault, where the system holds it.
    pub key: Option<String>,
    /// TBSCertificate while it is reserved, then the certificate (RFC 5280 4.1), DER.
    pub der: Vec<u8>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT authority, serial, function, state, not_before, not_after, shard, reserved_at, issued_at, revoked_at, reason, \
             key, der FROM function_certificate ",
            $rest
        )
    };
}

fn certificate(row: &Row) -> Result<FunctionCertificateRow, StoreError> {
    Ok(FunctionCertificateRow {
        authority: row.text(0)?,
        serial: row.text(1)?,
        function: row.parsed(2, FunctionId::parse)?,
        state: row.parsed(3, FunctionCertificateState::parse)?,
        not_before: row.time(4)?,
        not_after: row.time(5)?,
        shard: row.integer(6)?,
        reserved_at: row.time(7)?,
        issued_at: row.time_maybe(8)?,
        revoked_at: row.time_maybe(9)?,
        reason: row.parsed_maybe(10, RevocationReason::parse)?,
        key: row.text_maybe(11)?,
        der: row.bytes(12)?,
    })
}

static RESERVE: Deferred = Deferred::new(
    "function_certificate",
    9,
    "INSERT INTO function_certificate (authority, serial, function, state, not_before, not_after, shard, reserved_at, key, der) \
     SELECT column1, column2, function.id, 'reserved', column4, column5, column6, column7, column8, column9 FROM (VALUES ",
    ") AS wanted JOIN function ON function.id = column3 AND function.state = 'approved'",
);

/// Writes an intention down, as long as its function is approved; says whether it was.
///
/// # Errors
/// `function_certificate_authority_serial` when the serial number was used before, or the database fails.
pub async fn reserve(
    write: &mut Write,
    intention: &FunctionCertificateRow,
) -> Result<bool, StoreError> {
    write
        .probably(
            &RESERVE,
            &[
                (&intention.authority).into(),
                (&intention.serial).into(),
                (&intention.function).into(),
                intention.not_before.into(),
                intention.not_after.into(),
                intention.shard.into(),
                intention.reserved_at.into(),
                (&intention.key).into(),
                (&intention.der).into(),
            ],
        )
        .await
}

static FINISH: Deferred = Deferred::new(
    "function_certificate",
    4,
    "UPDATE function_certificate SET state = 'issued', issued_at = column3, der = column4 FROM (VALUES ",
    ") AS signed WHERE authority = column1 AND serial = column2 AND state = 'reserved' \
     AND (SELECT function.state FROM function WHERE function.id = function_certificate.function) = 'approved'",
);

/// Stores the certificate that an intention was for. Tells where its function stands now, or nothing when the intention was not
/// open any more.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    write: &mut Write,
    authority: &str,
    serial: &str,
    der: &[u8],
    now: Timestamp,
) -> Result<Option<FunctionState>, StoreError> {
    let values = [authority.into(), serial.into(), now.into(), der.into()];
    // Nearly always its function is still approved.
    if write.probably(&FINISH, &values).await? {
        return Ok(Some(FunctionState::Approved));
    }
    let row = write
        .row_maybe(
            "UPDATE function_certificate SET state = 'issued', issued_at = $3, der = $4 \
             WHERE authority = $1 AND serial = $2 AND state = 'reserved' \
             RETURNING (SELECT function.state FROM function WHERE function.id = function_certificate.function)",
            &values,
        )
        .await?;
    row.map(|row| row.parsed(0, FunctionState::parse))
        .transpose()
}

/// Revokes a certificate that is issued; says whether it was.
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
            "UPDATE function_certificate SET state = 'revoked', revoked_at = $3, reason = $4 \
             WHERE authority = $1 AND serial = $2 AND state = 'issued' RETURNING shard, not_after",
            &[
                authority.into(),
                serial.into(),
                now.into(),
                reason.code().into(),
            ],
        )
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let subject = Subject {
        authority,
        serial,
        shard: row.integer(0)?,
        not_after: row.time(1)?,
    };
    revocation::record(write, &subject, RevocationState::Revoked, now, reason).await?;
    Ok(true)
}

/// The certificate of that authority and serial number.
///
/// # Errors
/// When the database fails.
pub async fn by_serial(
    read: &mut Read,
    authority: &str,
    serial: &str,
) -> Result<Option<FunctionCertificateRow>, StoreError> {
    read.row_maybe(
        select!("WHERE authority = $1 AND serial = $2"),
        &[authority.into(), serial.into()],
    )
    .await?
    .as_ref()
    .map(certificate)
    .transpose()
}

/// A function's certificates, the one that lasts longest first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_by_function(
    read: &mut Read,
    function: &FunctionId,
    limit: i64,
) -> Result<Vec<FunctionCertificateRow>, StoreError> {
    read.rows(
        select!("WHERE function = $1 ORDER BY not_after DESC, serial LIMIT $2"),
        &[function.into(), limit.into()],
    )
    .await?
    .iter()
    .map(certificate)
    .collect()
}

/// A function's issued certificates that have not ended.
///
/// # Errors
/// When the database fails.
pub async fn list_living(
    read: &mut Read,
    function: &FunctionId,
    now: Timestamp,
) -> Result<Vec<FunctionCertificateRow>, StoreError> {
    read.rows(
        select!(
            "WHERE function = $1 AND not_after >= $2 AND state = 'issued' ORDER BY not_after DESC, serial"
        ),
        &[function.into(), now.into()],
    )
    .await?
    .iter()
    .map(certificate)
    .collect()
}

/// Intentions whose certificate is not stored, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_unfinished(read: &mut Read) -> Result<Vec<FunctionCertificateRow>, StoreError> {
    read.rows(
        select!("WHERE state = 'reserved' ORDER BY reserved_at, serial"),
        &[],
    )
    .await?
    .iter()
    .map(certificate)
    .collect()
}
