//! Who has which role now. Who had which before is in the log.

use model::Timestamp;
use model::id::PersonId;
use model::role::Role;

use crate::{Read, StoreError, Write};

/// Gives a role; `granted_by` is the actor as the log writes it.
///
/// # Errors
/// `role_grant_person_role` when the person has it already, or the database fails.
pub async fn insert(
    write: &mut Write,
    person: &PersonId,
    role: Role,
    granted_by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO role_grant (person, role, granted_by, granted_at) VALUES ($1, $2, $3, $4)",
            &[
                person.into(),
                role.code().into(),
                granted_by.into(),
                now.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Takes a role back; says whether the person had it.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    write: &mut Write,
    person: &PersonId,
    role: Role,
) -> Result<bool, StoreError> {
    write
        .changed(
            "DELETE FROM role_grant WHERE person = $1 AND role = $2",
            &[person.into(), role.code().into()],
        )
        .await
}

/// The roles of a person.
///
/// # Errors
/// When the database fails.
pub async fn roles_of(read: &mut Read, person: &PersonId) -> Result<Vec<Role>, StoreError> {
    let rows = read
        .rows(
            "SELECT role FROM role_grant WHERE person = $1 ORDER BY role",
            &[person.into()],
        )
        .await?;
    rows.iter().map(|row| row.parsed(0, Role::parse)).collect()
}

/// Everybody with a role, in the order it was given.
///
/// # Errors
/// When the database fails.
pub async fn list_by_role(read: &mut Read, role: Role) -> Result<Vec<PersonId>, StoreError> {
    let rows = read
        .rows(
            "SELECT person FROM role_grant WHERE role = $1 ORDER BY granted_at, person",
            &[role.code().into()],
        )
        .await?;
    rows.iter()
        .map(|row| row.parsed(0, PersonId::parse))
        .collect()
}
