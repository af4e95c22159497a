//! What pages show: read models, each behind the same policy as the acts. Nothing here changes a card; a search and a refused
//! look are written to the log.

mod batches;
mod cards;
mod health;
mod orders;
mod own;
mod people;
mod queue;
mod receipts;
mod tickets;

pub use batches::{BatchFound, BatchLine, Production, ReadyCard, batch, production};
pub use cards::{
    CardFound, EngagementFound, Possible, PossibleAct, ToPhotograph, card, card_head, engagement,
    photo, to_photograph,
};
pub use health::{AuthorityHealth, Health, health};
pub use orders::{OrderFound, OrderLine, order, orders};
pub use own::{Me, MyCard, SignIn, me, my_card, my_cards, my_photo, my_sign_ins};
pub use people::{FoundPerson, People, PersonFound, order_desk, people, person};
pub use queue::{Lane, LaneCode, QueueCard, lanes, search_cards};
pub use receipts::{ReceiptFound, receipt};
pub use tickets::{why_act_stopped, why_sign_in_stopped};

use std::collections::BTreeMap;

use model::Timestamp;
use model::card::{Card, CardState};
use model::credential::{CredentialKind, CredentialState};
use model::id::PersonId;
use model::person::Person;
use model::policy::{Act, Denied, Facts, may};
use model::product::{CardKind, CardProduct};
use model::role::Actor;
use store::{Read, StoreError};

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why there is nothing to show.
    FindRefusal {
        /// Nobody with that identifier.
        PersonUnknown = "find.person-unknown",
        /// No card with that identifier.
        CardUnknown = "find.card-unknown",
        /// No order with that identifier.
        OrderUnknown = "find.order-unknown",
        /// No batch with that identifier.
        BatchUnknown = "find.batch-unknown",
        /// No engagement with that identifier.
        EngagementUnknown = "find.engagement-unknown",
        /// No receipt with that identifier.
        ReceiptUnknown = "find.receipt-unknown",
        /// The card has no photo.
        PhotoUnknown = "find.photo-unknown",
        /// One letter finds half the organisation.
        SearchTooShort = "find.search-too-short",
        /// A personal identity number was typed into a search whose words stand in addresses.
        NumberInSearch = "find.number-in-search",
    }
}

/// How many rows of the log a page reads about one thing; a card's whole life has a few dozen.
const HISTORY: i64 = 500;

pub(crate) type Looked<T> = Result<T, Stop<FindRefusal>>;

/// A card with what every page about it shows.
#[derive(Clone, Debug)]
pub struct CardSeen {
    /// The card.
    pub card: Card,
    /// What sort of card it is.
    pub kind: CardKind,
    /// Who holds it or will.
    pub person: Person,
    /// The states it has entered and when, the first first.
    pub reached: Vec<(CardState, Timestamp)>,
}

/// A certificate of a card.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What it is for.
    pub kind: CredentialKind,
    /// Where it stands.
    pub state: CredentialState,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The last second it is valid.
    pub not_after: Timestamp,
}

/// Something that has happened, from the log.
#[derive(Clone, Debug)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// The event's code, such as `card.activated`.
    pub event: String,
    /// Who did it: a name, or nothing for the system itself.
    pub by: Option<String>,
}

/// Whether the actor may work in the orderers' portal.
fn may_order(actor: &Actor) -> Result<(), Denied> {
    may(actor, Act::Order, &Facts::default())
}

/// Whether the actor may work at the card station.
fn may_serve(actor: &Actor) -> Result<(), Denied> {
    may(actor, Act::CheckIdentity, &Facts::default())
}

/// Whether the actor may look at functions.
fn may_see_functions(actor: &Actor) -> Result<(), Denied> {
    may(actor, Act::ReadFunctions, &Facts::default())
}

/// Whether the actor may see that person's particulars at all.
fn may_see(actor: &Actor, person: &Person) -> Result<(), Denied> {
    let facts = Facts {
        holder: Some(person.id.clone()),
        protected: person.protected.is_some(),
        ..Facts::default()
    };
    may(actor, Act::SearchPeople, &facts)
}

/// Whether it is the actor's own.
fn may_read_own(actor: &Actor, holder: &PersonId) -> Result<(), Denied> {
    let facts = Facts {
        holder: Some(holder.clone()),
        ..Facts::default()
    };
    may(actor, Act::ReadOwn, &facts)
}

/// Writes a refused look to the log; a thing that is not there is no news.
async fn looked<T>(house: &House, call: &Call<'_>, subject: &str, outcome: Looked<T>) -> Looked<T> {
    match outcome {
        Err(Stop::Denied(denied)) => {
            audit::refused(house, call, "find", subject, Err(Stop::Denied(denied))).await
        }
        other => other,
    }
}

fn kind_of(card: &Card) -> Result<CardKind, Fault> {
    CardProduct::by_code(card.product)
        .map(|product| product.kind)
        .ok_or(Fault::Impossible("a card of no product"))
}

async fn holder_of(read: &mut Read, card: &Card) -> Result<Person, Stop<FindRefusal>> {
    let person = store::person::by_id(read, &card.person).await?;
    Ok(person.ok_or(Fault::Impossible("a card without a person"))?)
}

/// The card with its holder and its life so far.
async fn seen(read: &mut Read, card: Card, person: Person) -> Looked<CardSeen> {
    let rows = store::audit::list_by_subject(read, &format!("card:{}", card.id), HISTORY).await?;
    // The log gives the latest first.
    let reached = rows
        .iter()
        .rev()
        .filter_map(|row| {
            let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
            let state = CardState::parse(detail.get("to")?.as_str()?).ok()?;
            Some((state, row.at))
        })
        .collect();
    let kind = kind_of(&card)?;
    Ok(CardSeen {
        card,
        kind,
        person,
        reached,
    })
}

async fn credentials_of(read: &mut Read, card: &Card) -> Looked<Vec<Credential>> {
    let rows = store::certificate::list_by_card(read, &card.id).await?;
    Ok(rows
        .into_iter()
        .map(|row| Credential {
            kind: row.kind,
            state: row.state,
            serial: row.serial,
            not_after: row.not_after,
        })
        .collect())
}

/// Names for the actors of the log; each person is read once.
#[derive(Default)]
struct Names(BTreeMap<String, Option<String>>);

impl Names {
    async fn of_person(
        &mut self,
        read: &mut Read,
        id: &PersonId,
    ) -> Result<Option<String>, StoreError> {
        self.of_actor(read, &format!("person:{id}")).await
    }

    /// `person:01J…` becomes a name, `console:anna` the account; the system, the producer and nobody have none.
    async fn of_actor(
        &mut self,
        read: &mut Read,
        actor: &str,
    ) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.0.get(actor) {
            return Ok(known.clone());
        }
        let name = match actor.split_once(':') {
            Some(("person", id)) => match PersonId::parse(id) {
                Ok(id) => store::person::by_id(read, &id)
                    .await?
                    .map(|person| person.full_name()),
                Err(_) => None,
            },
            Some(("console", operator)) => Some(operator.to_owned()),
            _ => None,
        };
        self.0.insert(actor.to_owned(), name.clone());
        Ok(name)
    }
}

/// What the log tells of these subjects, in order.
async fn history(read: &mut Read, subjects: &[String]) -> Looked<Vec<Happened>> {
    let mut rows = Vec::new();
    for subject in subjects {
        rows.extend(store::audit::list_by_subject(read, subject, HISTORY).await?);
    }
    rows.sort_by_key(|row| row.sequence);
    let mut names = Names::default();
    let mut happened = Vec::with_capacity(rows.len());
    for row in rows {
        // Refusals and looks are for the auditor, not for the card's story.
        if row.event.ends_with(".refused") || row.event.starts_with("find.") {
            continue;
        }
        let by = names.of_actor(read, &row.actor).await?;
        happened.push(Happened {
            at: row.at,
            event: row.event,
            by,
        });
    }
    Ok(happened)
}
