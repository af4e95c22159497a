//! What readers say of pages.

use model::Timestamp;
use model::feedback::{Feedback, Handled, Helped, PagePath, Words};
use model::id::{FeedbackId, PersonId};

use crate::database::Row;
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, page, language, helped, remark, given_at, handled_at, handled_by, outcome FROM feedback ",
            $rest
        )
    };
}

fn feedback(row: &Row) -> Result<Feedback, StoreError> {
    let handled = match (
        row.time_maybe(6)?,
        row.parsed_maybe(7, PersonId::parse)?,
        row.parsed_maybe(8, Words::parse)?,
    ) {
        (Some(at), Some(by), Some(outcome)) => Some(Handled { by, at, outcome }),
        (None, None, None) => None,
        _ => return Err(row.damaged(6)),
    };
    Ok(Feedback {
        id: row.parsed(0, FeedbackId::parse)?,
        page: row.parsed(1, PagePath::parse)?,
        language: row.text(2)?,
        helped: row.parsed(3, Helped::parse)?,
        remark: row.parsed_maybe(4, Words::parse)?,
        given_at: row.time(5)?,
        handled,
    })
}

/// Adds an answer that nobody has dealt with.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, feedback: &Feedback) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO feedback (id, page, language, helped, remark, given_at) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                (&feedback.id).into(),
                feedback.page.as_str().into(),
                feedback.language.as_str().into(),
                feedback.helped.code().into(),
                feedback.remark.as_ref().map(Words::as_str).into(),
                feedback.given_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Adds what the reader wrote to an answer given at that time or later that has no words yet; says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn add_remark(
    write: &mut Write,
    id: &FeedbackId,
    remark: &Words,
    given_from: Timestamp,
) -> Result<bool, StoreError> {
    let changed = write
        .execute(
            "UPDATE feedback SET remark = $2 WHERE id = $1 AND remark IS NULL AND given_at >= $3",
            &[id.into(), remark.as_str().into(), given_from.into()],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes what came of a remark that waits; says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn handle(
    write: &mut Write,
    id: &FeedbackId,
    handled: &Handled,
) -> Result<bool, StoreError> {
    let changed = write
        .execute(
            "UPDATE feedback SET handled_at = $2, handled_by = $3, outcome = $4 \
             WHERE id = $1 AND remark IS NOT NULL AND handled_at IS NULL",
            &[
                id.into(),
                handled.at.into(),
                (&handled.by).into(),
                handled.outcome.as_str().into(),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The answer of that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &FeedbackId) -> Result<Option<Feedback>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(feedback)
        .transpose()
}

/// Remarks that nobody has dealt with, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting(read: &mut Read, most: i64) -> Result<Vec<Feedback>, StoreError> {
    read.rows(
        select!("WHERE remark IS NOT NULL AND handled_at IS NULL ORDER BY given_at, id LIMIT $1"),
        &[most.into()],
    )
    .await?
    .iter()
    .map(feedback)
    .collect()
}

/// Everything given at that time or later, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn since(
    read: &mut Read,
    from: Timestamp,
    most: i64,
) -> Result<Vec<Feedback>, StoreError> {
    read.rows(
        select!("WHERE given_at >= $1 ORDER BY given_at, id LIMIT $2"),
        &[from.into(), most.into()],
    )
    .await?
    .iter()
    .map(feedback)
    .collect()
}

/// How many answers were given at that time or later.
///
/// # Errors
/// When the database fails.
pub async fn count_since(read: &mut Read, from: Timestamp) -> Result<i64, StoreError> {
    read.row(
        "SELECT COUNT(*) FROM feedback WHERE given_at >= $1",
        &[from.into()],
    )
    .await?
    .integer(0)
}

/// So many answers of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The page.
    pub page: PagePath,
    /// Whole spans of time since the beginning of counting.
    pub span: i64,
    /// Whether it helped.
    pub helped: Helped,
    /// How many.
    pub count: i64,
}

/// Answers given at that time or later, counted by page and by spans of so many seconds from then on.
///
/// # Errors
/// When the database fails.
pub async fn counts(
    read: &mut Read,
    from: Timestamp,
    span_seconds: i64,
) -> Result<Vec<Count>, StoreError> {
    read.rows(
        "SELECT page, (given_at - $1) / $2 AS span, helped, COUNT(*) FROM feedback WHERE given_at >= $1 \
         GROUP BY page, span, helped ORDER BY page, span, helped",
        &[from.into(), span_seconds.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Count {
            page: row.parsed(0, PagePath::parse)?,
            span: row.integer(1)?,
            helped: row.parsed(2, Helped::parse)?,
            count: row.integer(3)?,
        })
    })
    .collect()
}
