//! Functions that certificates are issued to.

use model::Timestamp;
use model::function::{Function, FunctionState, HostName, KeyHolder};
use model::hsa_id::HsaId;
use model::id::{ApiClientId, FunctionId, PersonId};
use model::label::Label;
use model::person::Email;

use crate::database::Row;
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, profile, host_names, hsa_id, email, tree, key_holder, state, client, requested_by, requested_at, \
             state_since FROM function ",
            $rest
        )
    };
}

fn function(row: &Row) -> Result<Function, StoreError> {
    Ok(Function {
        id: row.parsed(0, FunctionId::parse)?,
        name: row.parsed(1, Label::parse)?,
        profile: row.text(2)?,
        host_names: row.codes(3, HostName::parse)?,
        hsa_id: row.parsed_maybe(4, HsaId::parse)?,
        email: row.parsed(5, Email::parse)?,
        test: row.text(6)? == "test",
        key_holder: row.parsed(7, KeyHolder::parse)?,
        state: row.parsed(8, FunctionState::parse)?,
        client: row.parsed_maybe(9, ApiClientId::parse)?,
        requested_by: row.parsed_maybe(10, PersonId::parse)?,
        requested_at: row.time(11)?,
        state_since: row.time(12)?,
    })
}

/// Adds a function.
///
/// # Errors
/// `function_tree_name` when another in use has its name, or the database fails.
pub async fn insert(write: &mut Write, function: &Function) -> Result<(), StoreError> {
    let host_names: Vec<&str> = function.host_names.iter().map(HostName::as_str).collect();
    write
        .execute(
            "INSERT INTO function (id, name, profile, host_names, hsa_id, email, tree, key_holder, state, client, requested_by, \
             requested_at, state_since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            &[
                (&function.id).into(),
                (&function.name).into(),
                (&function.profile).into(),
                host_names.join(",").into(),
                function.hsa_id.as_ref().into(),
                (&function.email).into(),
                if function.test { "test" } else { "real" }.into(),
                function.key_holder.code().into(),
                function.state.code().into(),
                function.client.as_ref().into(),
                function.requested_by.as_ref().into(),
                function.requested_at.into(),
                function.state_since.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The function with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &FunctionId) -> Result<Option<Function>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(function)
        .transpose()
}

/// Functions in a state, those longest in it first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_in_state(
    read: &mut Read,
    state: FunctionState,
    limit: i64,
) -> Result<Vec<Function>, StoreError> {
    read.rows(
        select!("WHERE state = $1 ORDER BY state_since, id LIMIT $2"),
        &[state.code().into(), limit.into()],
    )
    .await?
    .iter()
    .map(function)
    .collect()
}

/// Functions after an identifier, in the order they were asked for, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_after(
    read: &mut Read,
    id: &str,
    limit: i64,
) -> Result<Vec<Function>, StoreError> {
    read.rows(
        select!("WHERE id > $1 ORDER BY id LIMIT $2"),
        &[id.into(), limit.into()],
    )
    .await?
    .iter()
    .map(function)
    .collect()
}

/// Approved functions whose key the system holds.
///
/// # Errors
/// When the database fails.
pub async fn list_held_by_system(read: &mut Read) -> Result<Vec<Function>, StoreError> {
    read.rows(
        select!("WHERE state = 'approved' AND key_holder = 'system' ORDER BY state_since, id"),
        &[],
    )
    .await?
    .iter()
    .map(function)
    .collect()
}

/// Moves a function on from a state; says whether it was in that state.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    write: &mut Write,
    id: &FunctionId,
    from: FunctionState,
    to: FunctionState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE function SET state = $3, state_since = $4 WHERE id = $1 AND state = $2",
            &[id.into(), from.code().into(), to.code().into(), now.into()],
        )
        .await
}
