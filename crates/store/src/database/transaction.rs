//! How a transaction begins, ends and is tried again.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use super::line::{Fate, Verdict};
use super::{Connection, PATIENCE, Trouble, Write};
use crate::StoreError;

/// How often an act is tried before a conflict is given up on.
const ATTEMPTS: u32 = 20;

/// Passes the transaction on as the act ended and waits for what came of it, or asks for another attempt. For
/// [`write!`](crate::write) alone.
#[doc(hidden)]
pub async fn settle<T, E>(
    write: Write,
    outcome: Result<T, E>,
    attempt: u32,
) -> ControlFlow<Result<T, E>>
where
    E: From<StoreError>,
{
    let Write { read, verdict, .. } = write;
    let mut conflict = false;
    let (outcome, fate) = match (outcome, read.trouble) {
        (Ok(value), Trouble::None) => (Ok(value), Fate::Done),
        (Err(error), Trouble::None | Trouble::Failed) => (Err(error), Fate::Undone),
        // The act went on after a failed statement. PostgreSQL would answer COMMIT with a silent rollback.
        (Ok(_), Trouble::Failed) => (Err(StoreError::Void.into()), Fate::Undone),
        (outcome, Trouble::Conflict(error)) => {
            conflict = true;
            let outcome = outcome.and_then(|_| Err(StoreError::Void.into()));
            (outcome, Fate::Conflict(error))
        }
    };
    if let Connection::Turn(mut turn) = read.connection {
        turn.fate = fate;
    }
    let verdict = match timeout(PATIENCE, verdict).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_)) => Verdict::Unknown(sqlx::Error::PoolClosed.into()),
        Err(_) => Verdict::Unknown(sqlx::Error::PoolTimedOut.into()),
    };
    match verdict {
        Verdict::Stands => ControlFlow::Break(outcome),
        // A refusal may rest on what another act wrote, so it is not known to be right either.
        Verdict::Unknown(error) => ControlFlow::Break(Err(error.into())),
        Verdict::Again(_) if attempt < ATTEMPTS => {
            // The first time, those who shared the transaction may be all that stood in the way.
            if attempt > 1 {
                stand_back(attempt).await;
            }
            ControlFlow::Continue(())
        }
        Verdict::Again(_) if conflict => ControlFlow::Break(outcome),
        Verdict::Again(error) => ControlFlow::Break(Err(error.into())),
    }
}

/// Waits a little, longer each time and never as long as the neighbour, so that two processes do not keep meeting.
#[expect(
    clippy::disallowed_methods,
    reason = "the other transaction is in another process and tells nobody when it is done"
)]
async fn stand_back(attempt: u32) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // Knuth's multiplicative hash of a counter, mixed with where this process keeps it: even, and no randomness needed.
    let seed = NEXT.fetch_add(1, Ordering::Relaxed) ^ u64::from(std::process::id());
    let spread = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let longest = u64::from(attempt.min(10)) * 8;
    tokio::time::sleep(Duration::from_millis(1 + spread % longest.max(1))).await;
}

/// Runs an act in the strong transaction of the database.
///
/// ```text
/// store::write!(house.database, |write| {
///     let card = store::card::by_id(write, id).await?;
///     …
///     Ok::<_, Stop<OrderRefusal>>(card)
/// })?
/// ```
///
/// `write` is a `&mut Write`. `Ok` commits, `Err` rolls back. Acts that stand in line share a transaction, each undone by
/// itself, and hear what came of them when it has been committed. When another process got in between, all of the body runs
/// again, up to twenty times: it must have no effect outside the transaction, and what it moves it cannot move twice.
/// The error type is anything made `From<StoreError>`. An act that swallows a failed statement ends in
/// [`StoreError::Void`]. [`StoreError::Unreachable`] from the commit itself leaves open whether it happened: the act must be
/// one that can be asked for again.
#[macro_export]
macro_rules! write {
    ($database:expr, |$write:ident| $body:block) => {{
        let database: &$crate::Database = &$database;
        let mut attempt: u32 = 0;
        loop {
            attempt += 1;
            let mut opened = match $crate::Database::begin(database, attempt).await {
                Ok(opened) => opened,
                Err(error) => break Err(From::from(error)),
            };
            let outcome = {
                let $write: &mut $crate::Write = &mut opened;
                async { $body }.await
            };
            match $crate::database::settle(opened, outcome, attempt).await {
                std::ops::ControlFlow::Break(outcome) => break outcome,
                std::ops::ControlFlow::Continue(()) => {}
            }
        }
    }};
}
