//! Numbers that are given out once each and never again, whatever happens to what they were for.

use crate::{StoreError, Write};

/// The next number of that name, from 1. It is taken when the transaction commits.
pub(crate) async fn next(write: &mut Write, name: &str) -> Result<i64, StoreError> {
    let counted = write
        .row_maybe(
            "UPDATE counter SET value = value + 1 WHERE name = $1 RETURNING value",
            &[name.into()],
        )
        .await?;
    if let Some(row) = counted {
        return row.integer(0);
    }
    write
        .execute(
            "INSERT INTO counter (name, value) VALUES ($1, $2)",
            &[name.into(), 1.into()],
        )
        .await?;
    Ok(1)
}
