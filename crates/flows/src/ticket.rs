//! Tickets: what lets a card client carry out one act. The secret is told once; the database keeps its hash. Between two
//! messages a ticket remembers what was asked, so any node can take the next answer.

use model::Loa;
use model::card::Card;
use model::id::{CardId, PersonId, TicketId};
use model::person::Person;
use model::policy::{Act, may};
use model::role::{Actor, Authentication, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::ticket::TicketRow;
use store::{Read, StoreError, Write};

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Refuse, Stop};

/// A ticket that nobody opens is dead after a quarter of an hour; an opened act has as long for its steps.
const SECONDS: i64 = 900;

/// A secret that lets the card client carry out one act.
pub struct Ticket {
    /// The secret, for the client alone; the database keeps its hash.
    pub secret: String,
    /// Names the act in pages and in the log.
    pub id: TicketId,
}

impl Ticket {
    pub(crate) fn new(call: &mut Call<'_>) -> Self {
        Self {
            secret: call.ticket_code(),
            id: TicketId::new(call.now, call.random()),
        }
    }
}

/// The SHA-256 of a secret, hexadecimal: secrets at rest are hashes.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(pki::digest::sha256(secret.as_bytes()))
}

pub(crate) fn remember<T: Serialize>(memory: &T) -> Result<String, Fault> {
    serde_json::to_string(memory).map_err(Fault::doing("writing down what an act remembers"))
}

pub(crate) fn recall<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(Fault::doing("reading what an act remembers"))
}

pub(crate) async fn insert(
    write: &mut Write,
    call: &Call<'_>,
    ticket: &Ticket,
    act: &str,
    card: Option<&CardId>,
    officer: Option<&PersonId>,
    memory: &str,
) -> Result<(), StoreError> {
    store::ticket::insert(
        write,
        &TicketRow {
            id: ticket.id.clone(),
            secret_hash: hash(&ticket.secret),
            act: act.to_owned(),
            state: "open".to_owned(),
            card: card.cloned(),
            officer: officer.cloned(),
            method: method(&call.actor),
            memory: memory.to_owned(),
            created_at: call.now,
            expires_at: model::Timestamp(call.now.seconds() + SECONDS),
        },
    )
    .await
}

fn method(actor: &Actor) -> Option<String> {
    match actor {
        Actor::Person { authentication, .. } => Some(authentication.method.code().to_owned()),
        _ => None,
    }
}

/// How the officer of a ticket had signed in when it was made.
fn authentication(row: &TicketRow) -> Result<Authentication, Fault> {
    let method = row
        .method
        .as_deref()
        .ok_or(Fault::Impossible("an officer's ticket without a method"))?;
    let method = Method::parse(method).map_err(Fault::doing("reading a ticket"))?;
    // Officers' acts are open at level three alone, so a ticket of theirs was made at it.
    Ok(Authentication {
        method,
        loa: Loa::Three,
    })
}

/// The living ticket of that secret and act, in that state.
pub(crate) async fn by_secret(
    read: &mut Read,
    call: &Call<'_>,
    secret: &str,
    act: &str,
    state: &str,
) -> Result<Option<TicketRow>, StoreError> {
    let row = store::ticket::by_secret_hash(read, &hash(secret)).await?;
    Ok(row.filter(|row| row.act == act && row.state == state && row.expires_at > call.now))
}

/// An officer's act at a card, taken up where the last message left it.
pub(crate) struct OfficersAct {
    /// The ticket as it stood.
    pub turn: Turn,
    /// What the act remembers.
    pub memory: String,
    /// The card it is about, as it is now.
    pub card: Card,
    /// Its holder.
    pub holder: Person,
    /// Whose act it is; the call is theirs from here on.
    pub officer: PersonId,
}

/// Takes up the officer's act of that secret; nothing when there is none living in that state. The client is nobody to us: the
/// officer whose act it is answers for it, with the rights the officer has now.
pub(crate) async fn officers_act<R: Refuse>(
    house: &House,
    call: &mut Call<'_>,
    secret: &str,
    (name, act): (&'static str, Act),
    state: &str,
) -> Result<Option<OfficersAct>, Stop<R>> {
    let mut read = house.database.read().await?;
    let Some(row) = by_secret(&mut read, call, secret, name, state).await? else {
        return Ok(None);
    };
    let (Some(card), Some(officer)) = (&row.card, row.officer.clone()) else {
        return Err(Fault::Impossible("an officer's act without card or officer").into());
    };
    let card = store::card::by_id(&mut read, card)
        .await?
        .ok_or(Fault::Impossible("an act at a card that is not there"))?;
    let holder = store::person::by_id(&mut read, &card.person)
        .await?
        .ok_or(Fault::Impossible("a card without a person"))?;
    call.actor = crate::sign_in::actor_now(&mut read, &officer, &authentication(&row)?).await?;
    let facts = crate::facts::of_card(&mut read, &card).await?;
    drop(read);
    let allowed = may(&call.actor, act, &facts).map_err(Stop::<R>::from);
    let subject = format!("ticket:{}", row.id);
    audit::refused(house, call, name, &subject, allowed).await?;
    Ok(Some(OfficersAct {
        turn: Turn::of(&row),
        memory: row.memory,
        card,
        holder,
        officer,
    }))
}

/// Which act a secret belongs to, so that the desk's one address serves them all.
///
/// # Errors
/// When the database is away.
pub async fn act_of(house: &House, secret: &str) -> Result<Option<String>, Fault> {
    let mut read = house.database.read().await?;
    Ok(store::ticket::by_secret_hash(&mut read, &hash(secret))
        .await?
        .map(|row| row.act))
}

/// A turn of an act: the ticket as it stood when the client's message came.
pub(crate) struct Turn {
    pub id: TicketId,
    state: String,
    before: String,
}

impl Turn {
    pub fn of(row: &TicketRow) -> Self {
        Self {
            id: row.id.clone(),
            state: row.state.clone(),
            before: row.memory.clone(),
        }
    }
}

/// Ends a turn: the act remembers, and stands in `state`. False when another message took the turn meanwhile; a ticket
/// therefore opens once, and an answer counts once.
pub(crate) async fn save(
    house: &House,
    call: &Call<'_>,
    turn: &Turn,
    state: &str,
    memory: &str,
) -> Result<bool, Fault> {
    let expires_at = model::Timestamp(call.now.seconds() + SECONDS);
    store::write!(house.database, |write| {
        let was = (turn.state.as_str(), turn.before.as_str());
        Ok::<_, Fault>(
            store::ticket::save(write, &turn.id, was, (state, memory), expires_at).await?,
        )
    })
}

pub(crate) async fn close(house: &House, ticket: &TicketId, state: &str) -> Result<(), Fault> {
    store::write!(house.database, |write| {
        store::ticket::set_state(write, ticket, "opened", state).await?;
        Ok::<_, Fault>(())
    })
}
