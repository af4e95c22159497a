//! The log. Rows are added and read; nothing here changes or removes one.

use model::Timestamp;

use crate::database::{Deferred, Row};
use crate::{Read, StoreError, Write};

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// 1, 2, 3 … without gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// What happened, past tense: `card.activated`.
    pub event: String,
    /// Who did it: `person:…`, `console:…`, `producer`, `system`, `nobody`.
    pub actor: String,
    /// To what: an identifier with its kind, `card:…`.
    pub subject: String,
    /// The request it happened in.
    pub request: String,
    /// Small facts, a JSON object.
    pub detail: String,
    /// The leaf hash of the row in the log's tree, 32 bytes (RFC 9162 2.1.1).
    pub leaf: Vec<u8>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT sequence, at, event, actor, subject, request, detail, leaf FROM audit ",
            $rest
        )
    };
}

fn event(row: &Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        sequence: row.integer(0)?,
        at: row.time(1)?,
        event: row.text(2)?,
        actor: row.text(3)?,
        subject: row.text(4)?,
        request: row.text(5)?,
        detail: row.text(6)?,
        leaf: row.bytes(7)?,
    })
}

/// The sequence of the next row: one more than the highest, which the strong transaction keeps true until it commits. The
/// leaf hash covers the sequence, so it is asked for first.
///
/// # Errors
/// When the database fails.
pub async fn next_sequence(write: &mut Write) -> Result<i64, StoreError> {
    let last = match write.told() {
        Some(Some(last)) => *last,
        _ => last_sequence(write).await?,
    };
    Ok(last.saturating_add(1))
}

static APPEND: Deferred = Deferred::new(
    "audit",
    8,
    "INSERT INTO audit (sequence, at, event, actor, subject, request, detail, leaf) VALUES ",
    "",
);

/// Adds a row with the sequence that [`next_sequence`] gave in the same transaction. It may wait for the rows of other acts.
///
/// # Errors
/// `audit_sequence` when it is another's (told when the act runs again), or the database fails.
pub async fn append(write: &mut Write, event: &AuditRow) -> Result<(), StoreError> {
    write
        .probably(
            &APPEND,
            &[
                event.sequence.into(),
                event.at.into(),
                (&event.event).into(),
                (&event.actor).into(),
                (&event.subject).into(),
                (&event.request).into(),
                (&event.detail).into(),
                (&event.leaf).into(),
            ],
        )
        .await?;
    if let Some(told) = write.told() {
        *told = Some(event.sequence);
    }
    Ok(())
}

/// The whole log in order. It grows without end: to page through it, use [`list_after`].
///
/// # Errors
/// When the database fails.
pub async fn list(read: &mut Read) -> Result<Vec<AuditRow>, StoreError> {
    read.rows(select!("ORDER BY sequence"), &[])
        .await?
        .iter()
        .map(event)
        .collect()
}

/// The rows after a sequence in order, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_after(
    read: &mut Read,
    sequence: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    read.rows(
        select!("WHERE sequence > $1 ORDER BY sequence LIMIT $2"),
        &[sequence.into(), limit.into()],
    )
    .await?
    .iter()
    .map(event)
    .collect()
}

/// The rows among the `window` after a sequence that tell of a certificate being issued, held, released or revoked, in order.
///
/// # Errors
/// When the database fails.
pub async fn list_certificate_changes(
    read: &mut Read,
    sequence: i64,
    window: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    read.rows(
        select!(
            "WHERE sequence > $1 AND sequence <= $2 AND event IN ('certificate.issued', 'certificate.held', \
             'certificate.released', 'certificate.revoked') ORDER BY sequence"
        ),
        &[sequence.into(), sequence.saturating_add(window).into()],
    )
    .await?
    .iter()
    .map(event)
    .collect()
}

/// The sequence of the last row; 0 when there is none.
///
/// # Errors
/// When the database fails.
pub async fn last_sequence(read: &mut Read) -> Result<i64, StoreError> {
    let row = read.row("SELECT MAX(sequence) FROM audit", &[]).await?;
    Ok(row.integer_maybe(0)?.unwrap_or(0))
}

/// The last rows about a subject, the latest first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_by_subject(
    read: &mut Read,
    subject: &str,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    read.rows(
        select!("WHERE subject = $1 ORDER BY sequence DESC LIMIT $2"),
        &[subject.into(), limit.into()],
    )
    .await?
    .iter()
    .map(event)
    .collect()
}
