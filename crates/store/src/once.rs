//! What programs asked for under a key of their own: asked again, they are given what was made the first time.

use model::Timestamp;
use model::id::ApiClientId;

use crate::{Read, StoreError, Write};

/// What was asked under a key, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnceRow {
    /// Who asked.
    pub client: ApiClientId,
    /// The key.
    pub key: String,
    /// SHA-256 of all that was asked.
    pub digest: [u8; 32],
    /// The identifier of what was made.
    pub made: String,
}

/// Writes down what is made under a key; says whether the key is new.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, once: &OnceRow, now: Timestamp) -> Result<bool, StoreError> {
    write
        .changed(
            "INSERT INTO once (client, key, digest, made, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (client, key) DO NOTHING",
            &[
                (&once.client).into(),
                (&once.key).into(),
                (&once.digest).into(),
                (&once.made).into(),
                now.into(),
            ],
        )
        .await
}

/// What was made under a key.
///
/// # Errors
/// When the database fails.
pub async fn by_key(
    read: &mut Read,
    client: &ApiClientId,
    key: &str,
) -> Result<Option<OnceRow>, StoreError> {
    let row = read
        .row_maybe(
            "SELECT digest, made FROM once WHERE client = $1 AND key = $2",
            &[client.into(), key.into()],
        )
        .await?;
    row.map(|row| {
        Ok(OnceRow {
            client: client.clone(),
            key: key.to_owned(),
            digest: row.array_maybe(0)?.ok_or_else(|| row.damaged(0))?,
            made: row.text(1)?,
        })
    })
    .transpose()
}

/// Forgets keys from before `before`; says how many.
///
/// # Errors
/// When the database fails.
pub async fn remove_old(write: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    write
        .execute("DELETE FROM once WHERE at < $1", &[before.into()])
        .await
}
