//! What was ever stopped: revoked, held, released. One row a certificate, of whichever table the certificate stands in; the
//! revocation lists are made from it, and nodes read from it what has changed.
//!
//! [`record`] is the one way in. Whatever changes the status of a certificate calls it in the same transaction, so that a
//! certificate and what is told of it cannot disagree.

use model::Timestamp;
use model::credential::{RevocationReason, RevocationState};

use crate::database::Value;
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

/// The number of the last change of what one authority signed, or of one shard of it (0: all of it); 0 when there was none.
///
/// # Errors
/// When the database fails.
pub async fn latest_change_of(
    read: &mut Read,
    authority: &str,
    shard: i64,
) -> Result<i64, StoreError> {
    let row = if shard == 0 {
        let sql = "SELECT MAX(change) FROM revocation WHERE authority = $1";
        read.row(sql, &[authority.into()]).await?
    } else {
        let sql =
            "SELECT MAX(change) FROM revocation WHERE authority = $1 AND shard > 0 AND shard = $2";
        read.row(sql, &[authority.into(), shard.into()]).await?
    };
    Ok(row.integer_maybe(0)?.unwrap_or(0))
}

/// Which rows make a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// Name of the authority whose list it is.
    pub authority: &'a str,
    /// One part of its certificates; 0 for all of them.
    pub shard: i64,
    /// Only what has changed after that number: 0 for a full list, the change its base knows of for a delta list.
    pub after: i64,
    /// Only what has changed up to that number.
    pub until: i64,
    /// Only certificates whose last second is this or later.
    pub ends_from: Timestamp,
    /// Whether what was released is told too, as a delta list must.
    pub with_released: bool,
}

/// How many entries a list has, and what makes them long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many there are.
    pub entries: i64,
    /// How many hexadecimal digits their serial numbers have together.
    pub digits: i64,
    /// How many serial numbers begin with the digit 8 or higher.
    pub high: i64,
    /// How many give a reason.
    pub with_reason: i64,
    /// How many were revoked in 2050 or later, when times take a longer form (RFC 5280 5.1.2.6).
    pub late: i64,
}

/// The rows of a span. What begins each statement stands in front of it.
macro_rules! spans {
    ($select:literal) => {
        [
            concat!(
                $select,
                " FROM revocation WHERE authority = $1 AND change > $2 AND change <= $3 AND not_after >= $4 \
                 AND (state <> 'released' OR $5 = 1)"
            ),
            concat!(
                $select,
                " FROM revocation WHERE authority = $1 AND change > $2 AND change <= $3 AND not_after >= $4 \
                 AND (state <> 'released' OR $5 = 1) AND shard > 0 AND shard = $6"
            ),
        ]
    };
}

impl Span<'_> {
    /// The statement for this span, of the two for whole lists and for shards, and its values.
    fn asked(
        &self,
        [whole, shard]: [&'static str; 2],
        after: i64,
        until: i64,
    ) -> (&'static str, Vec<Value<'_>>) {
        let mut values = vec![
            self.authority.into(),
            after.into(),
            until.into(),
            self.ends_from.into(),
            i64::from(self.with_released).into(),
        ];
        if self.shard == 0 {
            return (whole, values);
        }
        values.push(self.shard.into());
        (shard, values)
    }
}

/// Counts what is needed to know the length of a list before its first octet.
///
/// # Errors
/// When the database fails.
pub async fn tally(read: &mut Read, span: &Span<'_>) -> Result<Tally, StoreError> {
    let (sql, values) = span.asked(
        spans!(
            "SELECT COUNT(serial), COALESCE(CAST(SUM(length(serial)) AS BIGINT), 0), \
             COUNT(CASE WHEN serial >= '8' THEN 1 END), \
             COUNT(CASE WHEN reason <> 'unspecified' THEN 1 END), \
             COUNT(CASE WHEN revoked_at >= 2524608000 THEN 1 END)"
        ),
        span.after,
        span.until,
    );
    let row = read.row(sql, &values).await?;
    Ok(Tally {
        entries: row.integer(0)?,
        digits: row.integer(1)?,
        high: row.integer(2)?,
        with_reason: row.integer(3)?,
        late: row.integer(4)?,
    })
}

/// One entry of a revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Since when it is stopped.
    pub revoked_at: Timestamp,
    /// Why; [`RevocationReason::RemoveFromCrl`] when it was released.
    pub reason: RevocationReason,
}

/// The entries of a span that changed after one number and up to another, both within the span: how a long list is read a page
/// at a time. In no order.
///
/// # Errors
/// When the database fails.
pub async fn page(
    read: &mut Read,
    span: &Span<'_>,
    after: i64,
    until: i64,
) -> Result<Vec<Entry>, StoreError> {
    let (sql, values) = span.asked(
        spans!(
            "SELECT serial, revoked_at, CASE state WHEN 'released' THEN 'remove-from-crl' ELSE reason END"
        ),
        after.max(span.after),
        until.min(span.until),
    );
    read.rows(sql, &values)
        .await?
        .iter()
        .map(|row| {
            Ok(Entry {
                serial: row.text(0)?,
                revoked_at: row.time(1)?,
                reason: row.parsed(2, RevocationReason::parse)?,
            })
        })
        .collect()
}
