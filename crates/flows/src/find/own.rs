//! What people see of themselves: Mina sidor.

use model::Timestamp;
use model::card::{CardAct, CardState};
use model::id::{CardId, ReceiptId};
use model::person::Person;
use model::policy::{Act, Facts, may};
use model::role::Actor;

use super::{
    CardSeen, Credential, FindRefusal, HISTORY, Looked, credentials_of, looked, may_order,
    may_read_own, may_serve, seen,
};
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop};

/// How many sign-ins are listed.
const SHOWN: usize = 50;

/// Who is signed in, for the frame of every page.
#[derive(Clone, Debug)]
pub struct Me {
    /// The person.
    pub person: Person,
    /// May work in the orderers' portal.
    pub may_order: bool,
    /// May work at the card station.
    pub may_serve: bool,
    /// Whether they may look at functions.
    pub may_see_functions: bool,
    /// Whether they deal with what readers say of pages.
    pub may_edit: bool,
}

/// Who is signed in.
///
/// # Errors
/// When nobody is.
pub async fn me(house: &House, actor: &Actor) -> Looked<Me> {
    let id = actor.person().ok_or(FindRefusal::PersonUnknown)?;
    let mut read = house.database.read().await?;
    let person = store::person::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::PersonUnknown)?;
    Ok(Me {
        person,
        may_order: may_order(actor).is_ok(),
        may_serve: may_serve(actor).is_ok(),
        may_see_functions: super::may_see_functions(actor).is_ok(),
        may_edit: may(actor, Act::HandleFeedback, &Facts::default()).is_ok(),
    })
}

/// One of one's own cards.
#[derive(Clone, Debug)]
pub struct MyCard {
    /// The card and its life.
    pub seen: CardSeen,
    /// Its certificates.
    pub credentials: Vec<Credential>,
    /// When it began to work.
    pub active_since: Option<Timestamp>,
    /// It carries something that can be revoked.
    pub can_revoke: bool,
    /// The receipt.
    pub receipt: Option<ReceiptId>,
}

/// One's own cards, the working one first. Cards that were cancelled before they existed are left out.
///
/// # Errors
/// When nobody is signed in.
pub async fn my_cards(house: &House, call: &Call<'_>) -> Looked<Vec<MyCard>> {
    let person = call.actor.person().ok_or(FindRefusal::PersonUnknown)?;
    may_read_own(&call.actor, person)?;
    let ids: Vec<CardId> = {
        let mut read = house.database.read().await?;
        let cards = store::card::list_by_person(&mut read, person).await?;
        cards
            .into_iter()
            .filter(|card| card.state != CardState::Cancelled)
            .map(|card| card.id)
            .collect()
    };
    let mut cards = Vec::with_capacity(ids.len());
    for id in ids {
        cards.push(my_card(house, call, &id).await?);
    }
    cards.sort_by_key(|card| {
        let state = card.seen.card.state;
        let over = matches!(
            state,
            CardState::Revoked | CardState::Expired | CardState::Replaced | CardState::Deregistered
        );
        (state != CardState::Active, over)
    });
    Ok(cards)
}

/// One of one's own cards.
///
/// # Errors
/// When there is none with that identifier, or it is somebody else's.
pub async fn my_card(house: &House, call: &Call<'_>, id: &CardId) -> Looked<MyCard> {
    let outcome = own(house, call, id).await;
    looked(house, call, &format!("card:{id}"), outcome).await
}

async fn own(house: &House, call: &Call<'_>, id: &CardId) -> Looked<MyCard> {
    let mut read = house.database.read().await?;
    let card = store::card::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::CardUnknown)?;
    may_read_own(&call.actor, &card.person)?;
    let person = super::holder_of(&mut read, &card).await?;
    let credentials = credentials_of(&mut read, &card).await?;
    let receipt = store::receipt::list_by_card(&mut read, id)
        .await?
        .pop()
        .map(|row| row.id);
    let can_revoke = card.state.after(CardAct::Revoke).is_ok();
    let seen = seen(&mut read, card, person).await?;
    let active_since = seen
        .reached
        .iter()
        .find(|(state, _)| *state == CardState::Active)
        .map(|(_, at)| *at);
    Ok(MyCard {
        seen,
        credentials,
        active_since,
        can_revoke,
        receipt,
    })
}

/// The portrait on one's own card, JPEG.
///
/// # Errors
/// When the card has none, or is somebody else's.
pub async fn my_photo(house: &House, call: &Call<'_>, id: &CardId) -> Looked<Vec<u8>> {
    let outcome = picture(house, call, id).await;
    looked(house, call, &format!("card:{id}"), outcome).await
}

async fn picture(house: &House, call: &Call<'_>, id: &CardId) -> Looked<Vec<u8>> {
    let mut read = house.database.read().await?;
    let card = store::card::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::CardUnknown)?;
    may_read_own(&call.actor, &card.person)?;
    let photo = card.photo.ok_or(FindRefusal::PhotoUnknown)?;
    Ok(store::photo::picture(&mut read, &photo)
        .await?
        .ok_or(FindRefusal::PhotoUnknown)?)
}

/// One sign-in, from the log.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// When.
    pub at: Timestamp,
    /// Where to: the portal's code.
    pub portal: String,
    /// With which card.
    pub card: Option<CardId>,
    /// The number printed on that card.
    pub card_number: Option<String>,
    /// It opened the session that asks.
    pub here: bool,
}

/// One's own latest sign-ins, the newest first. `session` is the secret of the session that asks, to mark its own.
///
/// # Errors
/// When nobody is signed in.
pub async fn my_sign_ins(house: &House, call: &Call<'_>, session: &str) -> Looked<Vec<SignIn>> {
    let person = call.actor.person().ok_or(FindRefusal::PersonUnknown)?;
    may_read_own(&call.actor, person)?;
    let mut read = house.database.read().await?;
    let opened_at = store::session::by_secret_hash(&mut read, &crate::ticket::hash(session))
        .await?
        .map(|session| session.created_at);
    let rows =
        store::audit::list_by_subject(&mut read, &format!("person:{person}"), HISTORY).await?;
    let mut sign_ins = Vec::new();
    for row in rows
        .into_iter()
        .filter(|row| row.event == "person.signed-in")
        .take(SHOWN)
    {
        let detail: serde_json::Value = serde_json::from_str(&row.detail)
            .map_err(Fault::doing("reading the log"))
            .map_err(Stop::from)?;
        let text = |name: &str| detail.get(name).and_then(serde_json::Value::as_str);
        let card = text("card").and_then(|id| CardId::parse(id).ok());
        let card_number = match &card {
            Some(id) => store::card::by_id(&mut read, id)
                .await?
                .and_then(|card| card.number)
                .map(|number| number.to_string()),
            None => None,
        };
        sign_ins.push(SignIn {
            at: row.at,
            portal: text("portal").unwrap_or_default().to_owned(),
            card,
            card_number,
            here: opened_at == Some(row.at),
        });
    }
    Ok(sign_ins)
}
