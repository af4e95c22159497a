//! How a transaction begins, ends and is tried again.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Trouble, Write};
use crate::StoreError;

/// How often an act is tried before a conflict is given up on.
const ATTEMPTS: u32 = 20;

/// Ends a transaction as its act ended: commits, rolls back, or asks for another attempt. For [`write!`](crate::write) alone.
#[doc(hidden)]
pub async fn settle<T, E>(
    write: Write,
    outcome: Result<T, E>,
    attempt: u32,
) -> ControlFlow<Result<T, E>>
where
    E: From<StoreError>,
{
    let trouble = write.read.trouble;
    let failed = match (outcome, trouble) {
        (Ok(value), Trouble::None) => match write.commit().await {
            Ok(()) => return ControlFlow::Break(Ok(value)),
            Err(error) if error.is_conflict() => Err(error.into()),
            Err(error) => return ControlFlow::Break(Err(error.into())),
        },
        // The act went on after a failed statement. PostgreSQL would answer COMMIT with a silent rollback.
        (Ok(_), Trouble::Failed) => {
            write.roll_back().await;
            return ControlFlow::Break(Err(StoreError::Void.into()));
        }
        (Ok(_), Trouble::Conflict) => {
            write.roll_back().await;
            Err(StoreError::Void.into())
        }
        (Err(error), Trouble::Conflict) => {
            write.roll_back().await;
            Err(error)
        }
        (Err(error), Trouble::None | Trouble::Failed) => {
            write.roll_back().await;
            return ControlFlow::Break(Err(error));
        }
    };
    if attempt >= ATTEMPTS {
        return ControlFlow::Break(failed);
    }
    stand_back(attempt).await;
    ControlFlow::Continue(())
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
/// `write` is a `&mut Write`. `Ok` commits, `Err` rolls back. When another process got in between, all of the body runs
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
            let mut opened = match $crate::Database::begin(database).await {
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
