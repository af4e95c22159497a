//! Programs that use the API: granted, recognised by their secret, revoked.

use std::collections::BTreeSet;

use model::id::ApiClientId;
use model::label::Label;
use model::policy::{Act, Denied, Facts, may};
use model::role::{Actor, Scope};
use serde_json::json;
use store::StoreError;
use store::api_client::ApiClientRow;
use zeroize::Zeroizing;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a program is not granted or revoked.
    ManageClientsRefusal {
        /// The name is empty, too long, or has control characters.
        NameUnfit = "manage-clients.name-unfit",
        /// A program has or had the name.
        NameTaken = "manage-clients.name-taken",
        /// Without a scope it may do nothing.
        ScopeMissing = "manage-clients.scope-missing",
        /// No program of that name.
        ClientUnknown = "manage-clients.client-unknown",
        /// The program is revoked already.
        AlreadyRevoked = "manage-clients.already-revoked",
    }
}

/// The hash that a secret is found by. It is 256 random bits, so nothing slower is needed.
fn hash(secret: &str) -> String {
    hex::encode(pki::digest::sha256(secret.as_bytes()))
}

/// Grants a program its use of the API. Returns its secret, which is told once: 64 hexadecimal digits.
///
/// # Errors
/// When the name is unfit or taken, no scope is given, or the actor may not.
pub async fn grant(
    house: &House,
    call: &mut Call<'_>,
    name: &str,
    scopes: &BTreeSet<Scope>,
) -> Result<Zeroizing<String>, Stop<ManageClientsRefusal>> {
    let id = ApiClientId::new(call.now, call.random());
    let bytes = Zeroizing::new(call.random::<32>());
    let secret = Zeroizing::new(hex::encode(*bytes));
    let outcome = granted(house, call, &id, name, scopes, hash(&secret)).await;
    let subject = format!("client:{id}");
    audit::refused(house, call, "manage-clients", &subject, outcome).await?;
    Ok(secret)
}

async fn granted(
    house: &House,
    call: &Call<'_>,
    id: &ApiClientId,
    name: &str,
    scopes: &BTreeSet<Scope>,
    secret_hash: String,
) -> Result<(), Stop<ManageClientsRefusal>> {
    may(&call.actor, Act::ManageClients, &Facts::default())?;
    let name = Label::parse(name).map_err(|_| ManageClientsRefusal::NameUnfit)?;
    if scopes.is_empty() {
        return Err(ManageClientsRefusal::ScopeMissing.into());
    }
    let row = ApiClientRow {
        id: id.clone(),
        name,
        secret_hash,
        scopes: scopes.clone(),
        granted_by: audit::actor_text(&call.actor),
        granted_at: call.now,
        revoked_at: None,
    };
    store::write!(house.database, |write| {
        store::api_client::insert(write, &row)
            .await
            .map_err(taken)?;
        let scopes: Vec<_> = scopes.iter().map(|scope| scope.code()).collect();
        let detail = json!({ "name": row.name.as_str(), "scopes": scopes });
        audit::event(
            write,
            call,
            "client.granted",
            &format!("client:{id}"),
            detail,
        )
        .await?;
        Ok::<_, Stop<ManageClientsRefusal>>(())
    })
}

fn taken(error: StoreError) -> Stop<ManageClientsRefusal> {
    if error.is_taken("api_client_name") {
        ManageClientsRefusal::NameTaken.into()
    } else {
        error.into()
    }
}

/// Every program, revoked ones included, in the order they were granted.
///
/// # Errors
/// When the actor may not.
pub async fn list(
    house: &House,
    call: &Call<'_>,
) -> Result<Vec<ApiClientRow>, Stop<ManageClientsRefusal>> {
    may(&call.actor, Act::ManageClients, &Facts::default())?;
    let mut read = house.database.read().await?;
    Ok(store::api_client::list(&mut read).await?)
}

/// Lets a program use the API no more, from its next request on.
///
/// # Errors
/// When there is none of that name, it is revoked already, or the actor may not.
pub async fn revoke(
    house: &House,
    call: &mut Call<'_>,
    name: &str,
) -> Result<(), Stop<ManageClientsRefusal>> {
    let outcome = revoked(house, call, name).await;
    audit::refused(house, call, "manage-clients", "clients", outcome).await
}

async fn revoked(
    house: &House,
    call: &Call<'_>,
    name: &str,
) -> Result<(), Stop<ManageClientsRefusal>> {
    may(&call.actor, Act::ManageClients, &Facts::default())?;
    let name = Label::parse(name).map_err(|_| ManageClientsRefusal::ClientUnknown)?;
    store::write!(house.database, |write| {
        let client = store::api_client::by_name(write, &name)
            .await?
            .ok_or(ManageClientsRefusal::ClientUnknown)?;
        if !store::api_client::revoke(write, &client.id, call.now).await? {
            return Err(ManageClientsRefusal::AlreadyRevoked.into());
        }
        audit::event(
            write,
            call,
            "client.revoked",
            &format!("client:{}", client.id),
            json!({}),
        )
        .await?;
        Ok::<_, Stop<ManageClientsRefusal>>(())
    })
}

/// The program that holds a secret. One that is not known is nobody.
///
/// # Errors
/// When no program holds it, or the database is away.
pub async fn recognise(house: &House, secret: &str) -> Result<Actor, Stop<ManageClientsRefusal>> {
    let mut read = house.database.read().await?;
    let client = store::api_client::by_secret_hash(&mut read, &hash(secret))
        .await?
        .ok_or(Denied::NotSignedIn)?;
    Ok(Actor::Client {
        client: client.id,
        scopes: client.scopes,
    })
}
