//! Programs that use the API. The database knows a secret's hash, never the secret.

use std::collections::BTreeSet;

use model::Timestamp;
use model::id::ApiClientId;
use model::label::Label;
use model::role::Scope;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiClientRow {
    /// Our own identifier.
    pub id: ApiClientId,
    /// Its name, which no other program has or had.
    pub name: Label,
    /// SHA-256 of its secret, hexadecimal.
    pub secret_hash: String,
    /// What it may.
    pub scopes: BTreeSet<Scope>,
    /// Who granted it, as the log writes actors.
    pub granted_by: String,
    /// When.
    pub granted_at: Timestamp,
    /// Since when it may no more.
    pub revoked_at: Option<Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, secret_hash, scopes, granted_by, granted_at, revoked_at FROM api_client ",
            $rest
        )
    };
}

fn client(row: &Row) -> Result<ApiClientRow, StoreError> {
    Ok(ApiClientRow {
        id: row.parsed(0, ApiClientId::parse)?,
        name: row.parsed(1, Label::parse)?,
        secret_hash: row.text(2)?,
        scopes: row.codes(3, Scope::parse)?,
        granted_by: row.text(4)?,
        granted_at: row.time(5)?,
        revoked_at: row.time_maybe(6)?,
    })
}

/// Adds a program.
///
/// # Errors
/// `api_client_name` is taken, or the database fails.
pub async fn insert(write: &mut Write, client: &ApiClientRow) -> Result<(), StoreError> {
    let scopes: Vec<&str> = client.scopes.iter().map(|scope| scope.code()).collect();
    write
        .execute(
            "INSERT INTO api_client (id, name, secret_hash, scopes, granted_by, granted_at, revoked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                (&client.id).into(),
                (&client.name).into(),
                (&client.secret_hash).into(),
                scopes.join(",").into(),
                (&client.granted_by).into(),
                client.granted_at.into(),
                client.revoked_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The program whose secret has that hash and that may still ask.
///
/// # Errors
/// When the database fails.
pub async fn by_secret_hash(
    read: &mut Read,
    secret_hash: &str,
) -> Result<Option<ApiClientRow>, StoreError> {
    read.row_maybe(
        select!("WHERE secret_hash = $1 AND revoked_at IS NULL"),
        &[secret_hash.into()],
    )
    .await?
    .as_ref()
    .map(client)
    .transpose()
}

/// The program of that name.
///
/// # Errors
/// When the database fails.
pub async fn by_name(read: &mut Read, name: &Label) -> Result<Option<ApiClientRow>, StoreError> {
    read.row_maybe(select!("WHERE name = $1"), &[name.into()])
        .await?
        .as_ref()
        .map(client)
        .transpose()
}

/// Every program, in the order they were granted.
///
/// # Errors
/// When the database fails.
pub async fn list(read: &mut Read) -> Result<Vec<ApiClientRow>, StoreError> {
    read.rows(select!("ORDER BY granted_at, id"), &[])
        .await?
        .iter()
        .map(client)
        .collect()
}

/// Lets a program ask no more; says whether it could.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    write: &mut Write,
    id: &ApiClientId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE api_client SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            &[id.into(), now.into()],
        )
        .await
}
