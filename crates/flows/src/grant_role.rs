//! Giving and taking roles. The console gives the first ones; later a responsible issuer does, never to themselves.

use model::hsa_id::HsaId;
use model::id::PersonId;
use model::policy::{Act, Facts, may};
use model::role::Role;
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a role is not given or taken.
    GrantRoleRefusal {
        /// Nobody with that identifier.
        PersonUnknown = "grant-role.person-unknown",
        /// The person has the role already.
        AlreadyGranted = "grant-role.already-granted",
        /// The person does not have the role.
        NotGranted = "grant-role.not-granted",
    }
}

/// Gives a person a role.
///
/// # Errors
/// When the person is unknown, has the role, or the actor may not give it.
pub async fn grant_role(
    house: &House,
    call: &mut Call<'_>,
    person: &PersonId,
    role: Role,
) -> Result<(), Stop<GrantRoleRefusal>> {
    let outcome = change(house, call, person, role, true).await;
    audit::refused(
        house,
        call,
        "grant-role",
        &format!("person:{person}"),
        outcome,
    )
    .await
}

/// Takes a role from a person.
///
/// # Errors
/// When the person is unknown, lacks the role, or the actor may not take it.
pub async fn withdraw_role(
    house: &House,
    call: &mut Call<'_>,
    person: &PersonId,
    role: Role,
) -> Result<(), Stop<GrantRoleRefusal>> {
    let outcome = change(house, call, person, role, false).await;
    audit::refused(
        house,
        call,
        "grant-role",
        &format!("person:{person}"),
        outcome,
    )
    .await
}

/// Who has that HSA-id, for whoever may give roles.
///
/// # Errors
/// When nobody has it, or the actor may not give roles.
pub async fn person_of_hsa_id(
    house: &House,
    call: &Call<'_>,
    hsa_id: &HsaId,
) -> Result<PersonId, Stop<GrantRoleRefusal>> {
    may(&call.actor, Act::GrantRole, &Facts::default())?;
    let mut read = house.database.read().await?;
    let person = store::person::by_hsa_id(&mut read, hsa_id)
        .await?
        .ok_or(GrantRoleRefusal::PersonUnknown)?;
    Ok(person.id)
}

async fn change(
    house: &House,
    call: &Call<'_>,
    person: &PersonId,
    role: Role,
    give: bool,
) -> Result<(), Stop<GrantRoleRefusal>> {
    may(&call.actor, Act::GrantRole, &crate::facts::about(person))?;
    store::write!(house.database, |write| {
        store::person::by_id(write, person)
            .await?
            .ok_or(GrantRoleRefusal::PersonUnknown)?;
        let has = store::role_grant::roles_of(write, person)
            .await?
            .contains(&role);
        let event = match (give, has) {
            (true, true) => return Err(GrantRoleRefusal::AlreadyGranted.into()),
            (false, false) => return Err(GrantRoleRefusal::NotGranted.into()),
            (true, false) => {
                store::role_grant::insert(
                    write,
                    person,
                    role,
                    &audit::actor_text(&call.actor),
                    call.now,
                )
                .await?;
                "role.granted"
            }
            (false, true) => {
                store::role_grant::withdraw(write, person, role).await?;
                "role.withdrawn"
            }
        };
        audit::event(
            write,
            call,
            event,
            &format!("person:{person}"),
            json!({ "role": role.code() }),
        )
        .await?;
        Ok::<_, Stop<GrantRoleRefusal>>(())
    })
}
