//! The founding: how the first officers get their cards when nobody has one to log in with. Two officers check and activate
//! each other's cards under the console's eyes; the door closes for good when two identity officers have active cards.

use model::Loa;
use model::engagement::EngagementKind;
use model::id::PersonId;
use model::policy::{Act, Facts, may};
use model::role::{Actor, Authentication, Method, Role};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why nobody acts as a founder.
    FoundRefusal {
        /// Nobody with that identifier.
        PersonUnknown = "found.person-unknown",
        /// A founder orders cards or identifies people, by a role given before.
        NotOfficer = "found.not-officer",
        /// The house is founded: two identity officers have active cards.
        AlreadyFounded = "found.already-founded",
    }
}

/// Lets the console act as one of the founders: the orderer of the first cards or one of the two officers. K3.4 holds as ever: a founder cannot activate the own card.
///
/// # Errors
/// When the house is founded, the person is no officer, or the caller is not the console.
pub async fn founder(
    house: &House,
    call: &Call<'_>,
    person: &PersonId,
) -> Result<Actor, Stop<FoundRefusal>> {
    let outcome = act_as(house, call, person).await;
    audit::refused(house, call, "found", &format!("person:{person}"), outcome).await
}

async fn act_as(
    house: &House,
    call: &Call<'_>,
    person: &PersonId,
) -> Result<Actor, Stop<FoundRefusal>> {
    may(&call.actor, Act::Found, &Facts::default())?;
    let roles = {
        let mut read = house.database.read().await?;
        if store::card::count_active_of_role(&mut read, Role::IdentityOfficer).await? >= 2 {
            return Err(FoundRefusal::AlreadyFounded.into());
        }
        store::person::by_id(&mut read, person)
            .await?
            .ok_or(FoundRefusal::PersonUnknown)?;
        store::role_grant::roles_of(&mut read, person).await?
    };
    if !roles.contains(&Role::IdentityOfficer) && !roles.contains(&Role::Orderer) {
        return Err(FoundRefusal::NotOfficer.into());
    }
    store::write!(house.database, |write| {
        audit::event(
            write,
            call,
            "founder.acted",
            &format!("person:{person}"),
            json!({}),
        )
        .await?;
        Ok::<_, Stop<FoundRefusal>>(())
    })?;
    Ok(Actor::Person {
        person: person.clone(),
        roles: roles.into_iter().collect(),
        authentication: Authentication {
            method: Method::Founding,
            loa: Loa::Three,
        },
    })
}

/// People who could found the house: employees of today with a registered address, by HSA-id.
///
/// # Errors
/// When the database is away or the caller is not the console.
pub async fn candidates(
    house: &House,
    call: &Call<'_>,
) -> Result<Vec<PersonId>, Stop<FoundRefusal>> {
    may(&call.actor, Act::Found, &Facts::default())?;
    let mut read = house.database.read().await?;
    let mut found = Vec::new();
    for engagement in store::engagement::list_current(&mut read, call.today()).await? {
        if engagement.kind == EngagementKind::Employee
            && engagement.to.is_none()
            && store::person::has_registered_address(&mut read, &engagement.person).await?
            && let Some(person) = store::person::by_id(&mut read, &engagement.person).await?
            && person.protected.is_none()
        {
            found.push((person.hsa_id, person.id));
        }
    }
    found.sort();
    found.dedup();
    Ok(found.into_iter().map(|(_, person)| person).collect())
}
