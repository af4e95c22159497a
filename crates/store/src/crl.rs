//! Published revocation lists.

use model::Timestamp;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlRow {
    /// Name of the authority whose list it is.
    pub authority: String,
    /// CRL number (RFC 5280 5.2.3).
    pub number: i64,
    /// The list, DER.
    pub der: Vec<u8>,
    /// The last change of the authority's revocations that the list knows of.
    pub change: i64,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is there at the latest.
    pub next_update: Timestamp,
}

/// The next number for an authority's lists, from 1. A number whose list was never finished stays unused: numbers must rise,
/// not be without gaps (RFC 5280 5.2.3).
///
/// # Errors
/// When the database fails.
pub async fn next_number(write: &mut Write, authority: &str) -> Result<i64, StoreError> {
    crate::counter::next(write, &format!("crl:{authority}")).await
}

/// Stores a list.
///
/// # Errors
/// `crl_authority_number` when the number is used, or the database fails.
pub async fn insert(write: &mut Write, crl: &CrlRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO crl (authority, number, der, change, this_update, next_update) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                (&crl.authority).into(),
                crl.number.into(),
                (&crl.der).into(),
                crl.change.into(),
                crl.this_update.into(),
                crl.next_update.into(),
            ],
        )
        .await?;
    Ok(())
}

fn crl(row: &Row) -> Result<CrlRow, StoreError> {
    Ok(CrlRow {
        authority: row.text(0)?,
        number: row.integer(1)?,
        der: row.bytes(2)?,
        change: row.integer(3)?,
        this_update: row.time(4)?,
        next_update: row.time(5)?,
    })
}

/// The list of an authority with the highest number.
///
/// # Errors
/// When the database fails.
pub async fn latest(read: &mut Read, authority: &str) -> Result<Option<CrlRow>, StoreError> {
    read.row_maybe(
        "SELECT authority, number, der, change, this_update, next_update FROM crl WHERE authority = $1 \
         ORDER BY number DESC LIMIT 1",
        &[authority.into()],
    )
    .await?
    .as_ref()
    .map(crl)
    .transpose()
}
