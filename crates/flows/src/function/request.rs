//! Asking for a function. Everything its certificates will say is told here and approved together.

use model::function::{Function, FunctionState, HostName, KeyHolder};
use model::hsa_id::HsaId;
use model::id::FunctionId;
use model::label::Label;
use model::person::Email;
use model::policy::{Act, Facts, may};
use model::role::Actor;
use pki::profile::{Class, Presence, Profile};
use serde_json::json;
use store::StoreError;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::once::{Known, Once};
use crate::refusal::{Fault, Stop, refusals};

/// More host names than any function has.
pub const MOST_HOST_NAMES: usize = 100;

refusals! {
    /// Why a function is not taken up.
    RequestFunctionRefusal {
        /// The name is empty, too long, or has control characters.
        NameUnfit = "request-function.name-unfit",
        /// A function in use has the name.
        NameTaken = "request-function.name-taken",
        /// No authority issues to functions under that profile.
        ProfileUnknown = "request-function.profile-unknown",
        /// Not the full name of a host.
        HostNameUnfit = "request-function.host-name-unfit",
        /// The profile needs the names of hosts.
        HostNameMissing = "request-function.host-name-missing",
        /// The profile takes no names of hosts.
        HostNameBarred = "request-function.host-name-barred",
        /// More names of hosts than a certificate holds.
        HostNamesTooMany = "request-function.host-names-too-many",
        /// Not an HSA-id.
        HsaIdUnfit = "request-function.hsa-id-unfit",
        /// Not an e-mail address.
        EmailUnfit = "request-function.email-unfit",
        /// No program of that name.
        ClientUnknown = "request-function.client-unknown",
        /// The key was used for something else.
        KeyReused = "request-function.key-reused",
    }
}

/// What is asked for, in words from outside.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Its name, at most 64 characters: the common name (RFC 5280 A.1).
    pub name: String,
    /// The profile.
    pub profile: String,
    /// The names of its hosts.
    pub host_names: Vec<String>,
    /// Its HSA-id.
    pub hsa_id: Option<String>,
    /// Whom to write to.
    pub email: String,
    /// Of the tree for trying.
    pub test: bool,
    /// Who holds its key.
    pub key_holder: KeyHolder,
    /// The name of the program it is put in the hands of. A program that asks gets it itself.
    pub client: Option<String>,
}

/// Takes a function up for approval.
///
/// # Errors
/// When something in the wish does not fit, or the actor may not ask.
pub async fn request(
    house: &House,
    call: &mut Call<'_>,
    wish: &Wish,
    once: Option<Once<'_>>,
) -> Result<Function, Stop<RequestFunctionRefusal>> {
    let id = FunctionId::new(call.now, call.random());
    let outcome = take_up(house, call, &id, wish, once).await;
    audit::refused(
        house,
        call,
        "request-function",
        &super::subject_of(&id),
        outcome,
    )
    .await
}

async fn take_up(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
    wish: &Wish,
    once: Option<Once<'_>>,
) -> Result<Function, Stop<RequestFunctionRefusal>> {
    may(&call.actor, Act::RequestFunction, &Facts::default())?;
    let mut function = read(house, call, id, wish)?;
    let stored = store::write!(house.database, |write| {
        if let Some(once) = &once {
            match once
                .settle(write, &call.actor, id.as_str(), call.now)
                .await?
            {
                Known::New => {}
                Known::Other => return Err(RequestFunctionRefusal::KeyReused.into()),
                Known::Made(made) => {
                    let made = FunctionId::parse(&made)
                        .map_err(Fault::doing("reading what was made before"))?;
                    return Ok(store::function::by_id(write, &made).await?);
                }
            }
        }
        if let (None, Some(name)) = (call.actor.client(), &wish.client) {
            let name = Label::parse(name).map_err(|_| RequestFunctionRefusal::ClientUnknown)?;
            let client = store::api_client::by_name(write, &name)
                .await?
                .ok_or(RequestFunctionRefusal::ClientUnknown)?;
            function.client = Some(client.id);
        }
        store::function::insert(write, &function)
            .await
            .map_err(taken)?;
        let detail = json!({
            "name": function.name.as_str(),
            "profile": function.profile,
            "host_names": function.host_names.iter().map(HostName::as_str).collect::<Vec<_>>(),
            "test": function.test,
            "key_holder": function.key_holder.code(),
        });
        audit::event(
            write,
            call,
            "function.requested",
            &super::subject_of(id),
            detail,
        )
        .await?;
        Ok::<_, Stop<RequestFunctionRefusal>>(Some(function.clone()))
    })?;
    Ok(stored.ok_or(Fault::Impossible("a function that was made and is gone"))?)
}

fn taken(error: StoreError) -> Stop<RequestFunctionRefusal> {
    if error.is_taken("function_tree_name") {
        RequestFunctionRefusal::NameTaken.into()
    } else {
        error.into()
    }
}

fn read(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
    wish: &Wish,
) -> Result<Function, RequestFunctionRefusal> {
    let name = Label::parse(&wish.name).map_err(|_| RequestFunctionRefusal::NameUnfit)?;
    let profile = profile(house, &wish.profile, wish.test)?;
    let mut host_names = wish
        .host_names
        .iter()
        .map(|name| HostName::parse(name))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| RequestFunctionRefusal::HostNameUnfit)?;
    host_names.sort();
    host_names.dedup();
    match profile.dns_names {
        Presence::Needed if host_names.is_empty() => {
            return Err(RequestFunctionRefusal::HostNameMissing);
        }
        Presence::Barred if !host_names.is_empty() => {
            return Err(RequestFunctionRefusal::HostNameBarred);
        }
        _ if host_names.len() > MOST_HOST_NAMES => {
            return Err(RequestFunctionRefusal::HostNamesTooMany);
        }
        _ => {}
    }
    let hsa_id = wish
        .hsa_id
        .as_deref()
        .map(HsaId::parse)
        .transpose()
        .map_err(|_| RequestFunctionRefusal::HsaIdUnfit)?;
    let email = Email::parse(&wish.email).map_err(|_| RequestFunctionRefusal::EmailUnfit)?;
    super::distinguished_name(
        &house.settings,
        name.as_str(),
        hsa_id.as_ref().map(HsaId::as_str),
    )
    .map_err(|_| RequestFunctionRefusal::NameUnfit)?;
    Ok(Function {
        id: id.clone(),
        name,
        profile: profile.name.clone(),
        host_names,
        hsa_id,
        email,
        test: wish.test,
        key_holder: wish.key_holder,
        state: FunctionState::Requested,
        client: call.actor.client().cloned(),
        requested_by: match &call.actor {
            Actor::Person { person, .. } => Some(person.clone()),
            _ => None,
        },
        requested_at: call.now,
        state_since: call.now,
    })
}

/// A profile that functions get certificates under, in that tree. One that needs what only people and cards have is none.
fn profile<'h>(
    house: &'h House,
    name: &str,
    test: bool,
) -> Result<&'h Profile, RequestFunctionRefusal> {
    house
        .authorities
        .issuing(name, None, test)
        .ok()
        .map(|(_, profile)| profile)
        .filter(|profile| {
            profile.class == Class::Function
                && [
                    profile.user_principal_name,
                    profile.card_number,
                    profile.security_identifier,
                ]
                .iter()
                .all(|presence| *presence != Presence::Needed)
        })
        .ok_or(RequestFunctionRefusal::ProfileUnknown)
}
