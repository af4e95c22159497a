//! Work that an act wants done after it: notices, lists, follow-ups. A job is a row written in the act's own transaction,
//! claimed by any node, repeated with back-off until it is done or given up.

use model::Timestamp;
use model::id::JobId;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// How often a job is tried before it is given up and waits for the operator.
pub const ATTEMPTS: i64 = 12;

/// Seconds until the second attempt; each further one waits twice as long, up to [`LONGEST_WAIT`].
const FIRST_WAIT: i64 = 30;

/// A day.
const LONGEST_WAIT: i64 = 86_400;

/// One job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Our own identifier.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// What makes a second order of the same thing recognisable, if anything does.
    pub once: Option<String>,
    /// What it is to be done with, JSON.
    pub payload: String,
    /// How often it was begun.
    pub attempts: i64,
    /// Waiting: not before. Running: presumed dead after.
    pub due_at: Timestamp,
    /// What went wrong last, for the operator.
    pub trouble: Option<String>,
    /// When it was ordered.
    pub created_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, kind, once, payload, attempts, due_at, trouble, created_at"
    };
}

fn job(row: &Row) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        id: row.parsed(0, JobId::parse)?,
        kind: row.text(1)?,
        once: row.text_maybe(2)?,
        payload: row.text(3)?,
        attempts: row.integer(4)?,
        due_at: row.time(5)?,
        trouble: row.text_maybe(6)?,
        created_at: row.time(7)?,
    })
}

/// What an act orders.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Our own identifier.
    pub id: &'a JobId,
    /// What is to be done.
    pub kind: &'a str,
    /// A key under which it is ordered only once, ever.
    pub once: Option<&'a str>,
    /// What it is to be done with, JSON.
    pub payload: &'a str,
    /// Not before.
    pub due_at: Timestamp,
}

/// Orders a job; says whether it is new, or was ordered before under the same key.
///
/// # Errors
/// When the database fails.
pub async fn order(
    write: &mut Write,
    order: &Order<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "INSERT INTO job (id, kind, once, payload, state, attempts, due_at, created_at) \
             VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6) ON CONFLICT (once) DO NOTHING",
            &[
                order.id.into(),
                order.kind.into(),
                order.once.into(),
                order.payload.into(),
                order.due_at.into(),
                now.into(),
            ],
        )
        .await
}

/// Claims the job of those kinds that has waited longest, or one whose node is presumed dead. It is the caller's until
/// `until`; who claims again after that must bear that the first may have done it.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    write: &mut Write,
    kind: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<JobRow>, StoreError> {
    let found = write
        .row_maybe(
            "SELECT id FROM job WHERE kind = $1 AND ended_at IS NULL AND due_at <= $2 ORDER BY due_at, id LIMIT 1",
            &[kind.into(), now.into()],
        )
        .await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let id = found.parsed(0, JobId::parse)?;
    write
        .row_maybe(
            concat!(
                "UPDATE job SET state = 'running', attempts = attempts + 1, due_at = $3 \
                 WHERE id = $1 AND ended_at IS NULL AND due_at <= $2 RETURNING ",
                columns!()
            ),
            &[(&id).into(), now.into(), until.into()],
        )
        .await?
        .as_ref()
        .map(job)
        .transpose()
}

/// Notes that a job is done; says whether the caller's claim still held.
///
/// # Errors
/// When the database fails.
pub async fn finish(write: &mut Write, job: &JobRow, now: Timestamp) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE job SET state = 'done', ended_at = $3, trouble = NULL WHERE id = $1 AND state = 'running' AND attempts = $2",
            &[(&job.id).into(), job.attempts.into(), now.into()],
        )
        .await
}

/// What becomes of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again then.
    Again(Timestamp),
    /// It has been tried often enough and waits for the operator.
    GivenUp,
    /// Another node has claimed it meanwhile.
    Lost,
}

/// Notes that a job failed and why, in words without personal data, and sets the time for the next attempt.
///
/// # Errors
/// When the database fails.
pub async fn fail(
    write: &mut Write,
    job: &JobRow,
    trouble: &str,
    now: Timestamp,
) -> Result<Failed, StoreError> {
    let (failed, state, due_at, ended_at) = if job.attempts >= ATTEMPTS {
        (Failed::GivenUp, "given-up", now, Some(now))
    } else {
        let due_at = Timestamp(now.seconds().saturating_add(wait(job.attempts)));
        (Failed::Again(due_at), "waiting", due_at, None)
    };
    let held = write
        .changed(
            "UPDATE job SET state = $3, due_at = $4, ended_at = $5, trouble = $6 \
             WHERE id = $1 AND state = 'running' AND attempts = $2",
            &[
                (&job.id).into(),
                job.attempts.into(),
                state.into(),
                due_at.into(),
                ended_at.into(),
                trouble.into(),
            ],
        )
        .await?;
    Ok(if held { failed } else { Failed::Lost })
}

fn wait(attempts: i64) -> i64 {
    let doublings = attempts.saturating_sub(1).clamp(0, 20);
    FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

/// Lets a job that was given up begin anew; says whether it was given up.
///
/// # Errors
/// When the database fails.
pub async fn revive(write: &mut Write, id: &JobId, now: Timestamp) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE job SET state = 'waiting', attempts = 0, due_at = $2, ended_at = NULL WHERE id = $1 AND state = 'given-up'",
            &[id.into(), now.into()],
        )
        .await
}

/// Jobs that were given up, the latest first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_given_up(read: &mut Read, limit: i64) -> Result<Vec<JobRow>, StoreError> {
    read.rows(
        concat!(
            "SELECT ",
            columns!(),
            " FROM job WHERE state = 'given-up' ORDER BY ended_at DESC, id DESC LIMIT $1"
        ),
        &[limit.into()],
    )
    .await?
    .iter()
    .map(job)
    .collect()
}

/// How many jobs wait or run.
///
/// # Errors
/// When the database fails.
pub async fn count_open(read: &mut Read) -> Result<i64, StoreError> {
    read.row("SELECT COUNT(id) FROM job WHERE ended_at IS NULL", &[])
        .await?
        .integer(0)
}

/// Removes jobs that were done before `before`; says how many. A key ordered once can then be ordered again.
///
/// # Errors
/// When the database fails.
pub async fn remove_done(write: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    write
        .execute(
            "DELETE FROM job WHERE state = 'done' AND ended_at < $1",
            &[before.into()],
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn the_wait_doubles_up_to_a_day() {
        assert_eq!(
            (1..=5).map(wait).collect::<Vec<_>>(),
            [30, 60, 120, 240, 480]
        );
        assert_eq!(wait(11), 30_720);
        assert_eq!(wait(i64::MAX), 86_400);
        assert_eq!(wait(0), 30);
    }
}
