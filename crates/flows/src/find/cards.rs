//! One card at the station: the card, its story, and what can be done with it now and why not.

use model::Date;
use model::card::{CardAct, CardState};
use model::engagement::Engagement;
use model::id::{CardId, EngagementId, ReceiptId};
use model::order::CardOrder;
use model::person::Person;
use model::photo::{Photo, PhotoState};
use model::policy::{Act, Denied, Facts, may};
use store::Read;

use super::{
    CardSeen, Credential, FindRefusal, Happened, Looked, credentials_of, history, holder_of,
    kind_of, looked, may_see, may_serve, seen,
};
use crate::call::Call;
use crate::check_identity;
use crate::house::House;
use crate::refusal::{Fault, Refuse as _};

/// One card with all that belongs to it.
#[derive(Clone, Debug)]
pub struct CardFound {
    /// The card, its holder and its life.
    pub seen: CardSeen,
    /// The order it fulfils.
    pub order: CardOrder,
    /// The engagement it was ordered for.
    pub engagement: Engagement,
    /// Its certificates.
    pub credentials: Vec<Credential>,
    /// What has happened.
    pub history: Vec<Happened>,
    /// The receipt the holder signed.
    pub receipt: Option<ReceiptId>,
    /// What can be done with it in its state, the most likely first.
    pub possible: Vec<Possible>,
}

/// Something that can be done with a card in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible {
    /// What.
    pub act: PossibleAct,
    /// Why this actor may not do it now, by code.
    pub refused: Option<&'static str>,
}

/// What can be done with a card at the station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PossibleAct {
    /// Take the portrait.
    Photograph,
    /// Send to the producer.
    Produce,
    /// Check the holder's identity.
    CheckIdentity,
    /// Activate together with the holder.
    Activate,
    /// Let the holder choose a new code.
    Unlock,
    /// Revoke.
    Revoke,
    /// Take back and deregister.
    Return,
    /// End the engagement it was ordered for.
    EndEngagement,
}

/// One card.
///
/// # Errors
/// When there is none with that identifier, or the actor may not see it.
pub async fn card(house: &House, call: &Call<'_>, id: &CardId) -> Looked<CardFound> {
    let outcome = one(house, call, id).await;
    looked(house, call, &format!("card:{id}"), outcome).await
}

async fn one(house: &House, call: &Call<'_>, id: &CardId) -> Looked<CardFound> {
    let mut read = house.database.read().await?;
    let seen = head(&mut read, call, id).await?;
    let order = store::card_order::by_id(&mut read, &seen.card.order)
        .await?
        .ok_or(Fault::Impossible("a card without an order"))?;
    let engagement = store::engagement::by_id(&mut read, &order.engagement)
        .await?
        .ok_or(Fault::Impossible("an order without an engagement"))?;
    let credentials = credentials_of(&mut read, &seen.card).await?;
    let subjects = [format!("order:{}", order.id), format!("card:{id}")];
    let history = history(&mut read, &subjects).await?;
    let receipt = store::receipt::list_by_card(&mut read, id)
        .await?
        .pop()
        .map(|row| row.id);
    let possible = possible(&mut read, call, &seen, &engagement).await?;
    Ok(CardFound {
        seen,
        order,
        engagement,
        credentials,
        history,
        receipt,
        possible,
    })
}

/// What stands at the top of every page about a card.
///
/// # Errors
/// When there is none with that identifier, or the actor may not see it.
pub async fn card_head(house: &House, call: &Call<'_>, id: &CardId) -> Looked<CardSeen> {
    let mut read = house.database.read().await?;
    let outcome = head(&mut read, call, id).await;
    drop(read);
    looked(house, call, &format!("card:{id}"), outcome).await
}

async fn head(read: &mut Read, call: &Call<'_>, id: &CardId) -> Looked<CardSeen> {
    may_serve(&call.actor)?;
    let card = store::card::by_id(read, id)
        .await?
        .ok_or(FindRefusal::CardUnknown)?;
    let person = holder_of(read, &card).await?;
    may_see(&call.actor, &person)?;
    seen(read, card, person).await
}

/// What the card's state allows, each asked of policy. What takes a role the actor lacks is left out; what this case forbids,
/// such as the own card, is told with its reason.
async fn possible(
    read: &mut Read,
    call: &Call<'_>,
    seen: &CardSeen,
    engagement: &Engagement,
) -> Looked<Vec<Possible>> {
    let state = seen.card.state;
    let facts = crate::facts::of_card(read, &seen.card).await?;
    let mut possible = Vec::new();
    let mut add = |act: PossibleAct, asked: Act, facts: &Facts, otherwise: Option<&'static str>| {
        let refused = match may(&call.actor, asked, facts) {
            Err(Denied::RoleMissing | Denied::NotForActor) => return,
            Err(denied) => Some(denied.code()),
            Ok(()) => otherwise,
        };
        possible.push(Possible { act, refused });
    };
    match state {
        CardState::AwaitingPhoto => add(PossibleAct::Photograph, Act::Photograph, &facts, None),
        CardState::ReadyForProduction => add(PossibleAct::Produce, Act::Produce, &facts, None),
        CardState::Sent | CardState::PartlyActivated => {
            let checked = match call.actor.person() {
                Some(officer) => {
                    check_identity::is_checked(read, &seen.card.id, officer, call.now).await?
                }
                None => false,
            };
            let missing = crate::activate::ActivateRefusal::IdentityNotChecked.code();
            if checked {
                add(PossibleAct::Activate, Act::Activate, &facts, None);
                add(PossibleAct::CheckIdentity, Act::CheckIdentity, &facts, None);
            } else {
                add(PossibleAct::CheckIdentity, Act::CheckIdentity, &facts, None);
                add(PossibleAct::Activate, Act::Activate, &facts, Some(missing));
            }
        }
        _ => {}
    }
    if crate::unlock::is_in_use(state) {
        add(PossibleAct::Unlock, Act::Unlock, &facts, None);
    }
    if state.after(CardAct::Deregister).is_ok() {
        add(PossibleAct::Return, Act::ReturnCard, &facts, None);
    }
    if state.after(CardAct::Revoke).is_ok() {
        add(PossibleAct::Revoke, Act::Revoke, &facts, None);
        add(PossibleAct::Return, Act::ReturnCard, &facts, None);
    }
    if !engagement.has_ended(call.today()) && !state.is_final() {
        add(PossibleAct::EndEngagement, Act::EndEngagement, &facts, None);
    }
    Ok(possible)
}

impl PossibleAct {
    /// Stable code, as in the texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Photograph => "photograph",
            Self::Produce => "produce",
            Self::CheckIdentity => "check-identity",
            Self::Activate => "activate",
            Self::Unlock => "unlock",
            Self::Revoke => "revoke",
            Self::Return => "return",
            Self::EndEngagement => "end-engagement",
        }
    }
}

/// The portrait on a card, JPEG.
///
/// # Errors
/// When the card has none, or the actor may not see it.
pub async fn photo(house: &House, call: &Call<'_>, id: &CardId) -> Looked<Vec<u8>> {
    let outcome = picture(house, call, id).await;
    looked(house, call, &format!("card:{id}"), outcome).await
}

async fn picture(house: &House, call: &Call<'_>, id: &CardId) -> Looked<Vec<u8>> {
    may_serve(&call.actor)?;
    let mut read = house.database.read().await?;
    let card = store::card::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::CardUnknown)?;
    let person = holder_of(&mut read, &card).await?;
    may_see(&call.actor, &person)?;
    let photo = card.photo.ok_or(FindRefusal::PhotoUnknown)?;
    Ok(store::photo::picture(&mut read, &photo)
        .await?
        .ok_or(FindRefusal::PhotoUnknown)?)
}

/// A card that is photographed for, and the photo that waits for a decision.
#[derive(Clone, Debug)]
pub struct ToPhotograph {
    /// The card.
    pub seen: CardSeen,
    /// The photo that was taken and not yet approved.
    pub taken: Option<Photo>,
}

/// What the page where a holder is photographed shows.
///
/// # Errors
/// When there is no card with that identifier, or the actor may not see it.
pub async fn to_photograph(house: &House, call: &Call<'_>, id: &CardId) -> Looked<ToPhotograph> {
    let outcome = taken(house, call, id).await;
    looked(house, call, &format!("card:{id}"), outcome).await
}

async fn taken(house: &House, call: &Call<'_>, id: &CardId) -> Looked<ToPhotograph> {
    let mut read = house.database.read().await?;
    let seen = head(&mut read, call, id).await?;
    let taken = match &seen.card.photo {
        Some(photo) => store::photo::by_id(&mut read, photo).await?,
        None => None,
    };
    Ok(ToPhotograph {
        taken: taken.filter(|photo| photo.state == PhotoState::Taken),
        seen,
    })
}

/// An engagement that is about to end, and the cards that end with it.
#[derive(Clone, Debug)]
pub struct EngagementFound {
    /// Whose.
    pub person: Person,
    /// Which.
    pub engagement: Engagement,
    /// The cards that stop working; none when another engagement carries them on.
    pub cards: Vec<CardSeen>,
    /// Today's date in Sweden.
    pub today: Date,
}

/// An engagement and the cards that end with it.
///
/// # Errors
/// When there is none with that identifier, or the actor may not end it.
pub async fn engagement(
    house: &House,
    call: &Call<'_>,
    id: &EngagementId,
) -> Looked<EngagementFound> {
    let outcome = ending(house, call, id).await;
    looked(house, call, &format!("engagement:{id}"), outcome).await
}

async fn ending(house: &House, call: &Call<'_>, id: &EngagementId) -> Looked<EngagementFound> {
    may(&call.actor, Act::EndEngagement, &Facts::default())?;
    let today = call.today();
    let mut read = house.database.read().await?;
    let engagement = store::engagement::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::EngagementUnknown)?;
    let person = store::person::by_id(&mut read, &engagement.person)
        .await?
        .ok_or(Fault::Impossible("an engagement without a person"))?;
    may_see(&call.actor, &person)?;
    let others = store::engagement::list_by_person(&mut read, &person.id).await?;
    let goes_on = others
        .iter()
        .any(|other| other.id != *id && !other.has_ended(today));
    let mut cards = Vec::new();
    if !goes_on {
        for card in store::card::list_by_person(&mut read, &person.id).await? {
            let stops = card.state.after(CardAct::Revoke).is_ok() || card.state.can_be_cancelled();
            if stops {
                kind_of(&card)?;
                cards.push(seen(&mut read, card, person.clone()).await?);
            }
        }
    }
    Ok(EngagementFound {
        person,
        engagement,
        cards,
        today,
    })
}
