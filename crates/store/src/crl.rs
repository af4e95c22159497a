//! Published revocation lists. A list is told by its row; its octets stand in parts, so that a long one is never held whole.
//! Parts are written while the list is made and the row last, in one transaction with the last parts: a list is there when it
//! is complete, and not before.

use model::Timestamp;
use model::revocation::CrlKind;

use crate::database::{Row, Value};
use crate::{Read, StoreError, Write};

/// Which list of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlKey {
    /// Name of the authority whose list it is.
    pub authority: String,
    /// Which part of its certificates the list is about; 0 for all of them.
    pub shard: i64,
    /// Full or delta.
    pub kind: CrlKind,
    /// CRL number (RFC 5280 5.2.3).
    pub number: i64,
}

/// One list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlRow {
    /// Which one.
    pub key: CrlKey,
    /// The number of the full list that a delta list starts from.
    pub base: Option<i64>,
    /// The last change of the authority's revocations that the list knows of.
    pub change: i64,
    /// How many certificates it names.
    pub entries: i64,
    /// How many octets it has.
    pub octets: i64,
    /// How many parts those stand in, numbered from 0.
    pub parts: i64,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is there at the latest.
    pub next_update: Timestamp,
}

/// The next number for the lists of that scope, from 1; full and delta lists share the sequence. A number whose list was never
/// finished stays unused: numbers must rise, not be without gaps (RFC 5280 5.2.3).
///
/// # Errors
/// When the database fails.
pub async fn next_number(
    write: &mut Write,
    authority: &str,
    shard: i64,
) -> Result<i64, StoreError> {
    let name = if shard == 0 {
        format!("crl:{authority}")
    } else {
        format!("crl:{authority}:{shard}")
    };
    crate::counter::next(write, &name).await
}

/// Stores one part of a list.
///
/// # Errors
/// When that part is stored already, or the database fails.
pub async fn insert_part(
    write: &mut Write,
    key: &CrlKey,
    part: i64,
    octets: &[u8],
) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO crl_part (authority, shard, kind, number, part, octets) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                (&key.authority).into(),
                key.shard.into(),
                key.kind.code().into(),
                key.number.into(),
                part.into(),
                octets.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Stores a list whose parts are all there.
///
/// # Errors
/// When the number is used, or the database fails.
pub async fn insert(write: &mut Write, crl: &CrlRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO crl (authority, shard, kind, number, base, change, entries, octets, parts, this_update, next_update) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            &[
                (&crl.key.authority).into(),
                crl.key.shard.into(),
                crl.key.kind.code().into(),
                crl.key.number.into(),
                crl.base.into(),
                crl.change.into(),
                crl.entries.into(),
                crl.octets.into(),
                crl.parts.into(),
                crl.this_update.into(),
                crl.next_update.into(),
            ],
        )
        .await?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT authority, shard, kind, number, base, change, entries, octets, parts, this_update, next_update \
             FROM crl WHERE authority = $1 AND shard = $2 AND kind = $3 ",
            $rest
        )
    };
}

fn crl(row: &Row) -> Result<CrlRow, StoreError> {
    Ok(CrlRow {
        key: CrlKey {
            authority: row.text(0)?,
            shard: row.integer(1)?,
            kind: row.parsed(2, CrlKind::parse)?,
            number: row.integer(3)?,
        },
        base: row.integer_maybe(4)?,
        change: row.integer(5)?,
        entries: row.integer(6)?,
        octets: row.integer(7)?,
        parts: row.integer(8)?,
        this_update: row.time(9)?,
        next_update: row.time(10)?,
    })
}

/// The list of that scope and kind with the highest number.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    read: &mut Read,
    authority: &str,
    shard: i64,
    kind: CrlKind,
) -> Result<Option<CrlRow>, StoreError> {
    read.row_maybe(
        select!("ORDER BY number DESC LIMIT 1"),
        &[authority.into(), shard.into(), kind.code().into()],
    )
    .await?
    .as_ref()
    .map(crl)
    .transpose()
}

/// The oldest full list of that scope that was made at that time or later.
///
/// # Errors
/// When the database fails.
pub async fn oldest_full_since(
    read: &mut Read,
    authority: &str,
    shard: i64,
    made: Timestamp,
) -> Result<Option<CrlRow>, StoreError> {
    read.row_maybe(
        select!("AND this_update >= $4 ORDER BY number LIMIT 1"),
        &[
            authority.into(),
            shard.into(),
            CrlKind::Full.code().into(),
            made.into(),
        ],
    )
    .await?
    .as_ref()
    .map(crl)
    .transpose()
}

/// One part of a list; nothing when that list has made room for later ones.
///
/// # Errors
/// When the database fails.
pub async fn part(read: &mut Read, key: &CrlKey, part: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let row = read
        .row_maybe(
            "SELECT octets FROM crl_part \
             WHERE authority = $1 AND shard = $2 AND kind = $3 AND number = $4 AND part = $5",
            &[
                (&key.authority).into(),
                key.shard.into(),
                key.kind.code().into(),
                key.number.into(),
                part.into(),
            ],
        )
        .await?;
    row.map(|row| row.bytes(0)).transpose()
}

/// The highest shard that an authority has ever had a list for; 0 when its lists are whole.
///
/// # Errors
/// When the database fails.
pub async fn highest_shard(read: &mut Read, authority: &str) -> Result<i64, StoreError> {
    let row = read
        .row(
            "SELECT MAX(shard) FROM crl WHERE authority = $1",
            &[authority.into()],
        )
        .await?;
    Ok(row.integer_maybe(0)?.unwrap_or(0))
}

/// Makes room for `key`, which is the latest list of its scope and kind or about to be. The list before it keeps its parts, for
/// somebody may be in the middle of fetching it; parts of earlier ones go, and so do those of processes that died before their list was complete. What
/// is told of a list stays until `until`, for delta lists start from it.
///
/// # Errors
/// When the database fails.
pub async fn make_room(
    write: &mut Write,
    key: &CrlKey,
    until: Timestamp,
) -> Result<(), StoreError> {
    let scope: [Value<'_>; 3] = [
        (&key.authority).into(),
        key.shard.into(),
        key.kind.code().into(),
    ];
    let [authority, shard, kind] = &scope;
    let before = write
        .row(
            "SELECT MAX(number) FROM crl WHERE authority = $1 AND shard = $2 AND kind = $3 AND number < $4",
            &[authority.clone(), shard.clone(), kind.clone(), key.number.into()],
        )
        .await?
        .integer_maybe(0)?
        .unwrap_or(key.number);
    write
        .execute(
            "DELETE FROM crl_part WHERE authority = $1 AND shard = $2 AND kind = $3 AND number < $4",
            &[
                authority.clone(),
                shard.clone(),
                kind.clone(),
                before.into(),
            ],
        )
        .await?;
    write
        .execute(
            "DELETE FROM crl WHERE authority = $1 AND shard = $2 AND kind = $3 AND number < $4 AND this_update < $5",
            &[
                authority.clone(),
                shard.clone(),
                kind.clone(),
                before.into(),
                until.into(),
            ],
        )
        .await?;
    Ok(())
}
