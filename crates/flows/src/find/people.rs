//! Looking people up, to order for them.

use model::Date;
use model::card::Card;
use model::engagement::Engagement;
use model::id::PersonId;
use model::identity_number::could_stand_in;
use model::person::{Person, folded};
use model::product::CardKind;
use serde_json::json;
use store::{Read, StoreError};

use super::{FindRefusal, Looked, kind_of, looked, may_order, may_see};
use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::Stop;

/// How many are shown at once.
const SHOWN: usize = 25;

/// Somebody found, with what an orderer needs to tell namesakes apart.
#[derive(Clone, Debug)]
pub struct FoundPerson {
    /// The person.
    pub person: Person,
    /// The engagement that counts today: the longest that has not ended.
    pub engagement: Option<Engagement>,
    /// The card they have or wait for, and its kind.
    pub card: Option<(Card, CardKind)>,
}

/// The people found.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Those shown, by name.
    pub found: Vec<FoundPerson>,
    /// There are more than are shown.
    pub more: bool,
}

/// What a search looks for: folded, long enough, and no personal number, since searches stand in addresses and histories.
pub(super) fn search_text(text: &str) -> Result<String, FindRefusal> {
    let text = folded(text);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let numeric = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' '));
    if could_stand_in(&text) || (numeric && matches!(digits, 10 | 12)) {
        return Err(FindRefusal::NumberInSearch);
    }
    if text.chars().count() < 2 {
        return Err(FindRefusal::SearchTooShort);
    }
    Ok(text)
}

/// Looks people up by part of a name. The search is logged with whom it found.
///
/// # Errors
/// When the actor is no orderer, or the text is too short or a personal number.
pub async fn people(house: &House, call: &Call<'_>, text: &str) -> Looked<People> {
    let outcome = find(house, call, text).await;
    looked(house, call, "people", outcome).await
}

async fn find(house: &House, call: &Call<'_>, text: &str) -> Looked<People> {
    may_order(&call.actor)?;
    let text = search_text(text)?;
    let today = call.today();
    let mut people = People::default();
    {
        let mut read = house.database.read().await?;
        // One more than is shown tells whether there are more.
        let limit = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
        for person in store::person::search(&mut read, &text, limit).await? {
            // A protected identity is not even hinted at to those who may not handle it.
            if may_see(&call.actor, &person).is_err() {
                continue;
            }
            if people.found.len() == SHOWN {
                people.more = true;
                break;
            }
            let engagement = deciding_engagement(&mut read, &person.id, today).await?;
            let card = store::card::list_by_person(&mut read, &person.id)
                .await?
                .into_iter()
                .filter(|card| !card.state.is_final())
                .max_by_key(|card| card.state_since);
            let card = match card {
                Some(card) => {
                    let kind = kind_of(&card)?;
                    Some((card, kind))
                }
                None => None,
            };
            people.found.push(FoundPerson {
                person,
                engagement,
                card,
            });
        }
    }
    log_search(
        house,
        call,
        people
            .found
            .iter()
            .map(|found| found.person.id.clone())
            .collect(),
    )
    .await?;
    Ok(people)
}

/// Who looked, and whom the search showed; not the words, which may be anything.
pub(super) async fn log_search(house: &House, call: &Call<'_>, shown: Vec<PersonId>) -> Looked<()> {
    let shown: Vec<&str> = shown.iter().map(PersonId::as_str).collect();
    store::write!(house.database, |write| {
        audit::event(
            write,
            call,
            "people.searched",
            "people",
            json!({ "shown": shown }),
        )
        .await?;
        Ok::<_, Stop<FindRefusal>>(())
    })
}

/// Somebody to order for.
#[derive(Clone, Debug)]
pub struct PersonFound {
    /// The person.
    pub person: Person,
    /// The engagement that counts: the longest that has not ended.
    pub engagement: Option<Engagement>,
    /// The cards they have or wait for, the latest first.
    pub cards: Vec<(Card, CardKind)>,
}

/// Somebody to order for, for the page that orders.
///
/// # Errors
/// When there is nobody with that identifier, or the actor may not see them.
pub async fn person(house: &House, call: &Call<'_>, id: &PersonId) -> Looked<PersonFound> {
    let outcome = one(house, call, id).await;
    looked(house, call, &format!("person:{id}"), outcome).await
}

async fn one(house: &House, call: &Call<'_>, id: &PersonId) -> Looked<PersonFound> {
    may_order(&call.actor)?;
    let mut read = house.database.read().await?;
    let person = store::person::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::PersonUnknown)?;
    may_see(&call.actor, &person)?;
    let mut cards = Vec::new();
    for card in store::card::list_by_person(&mut read, id).await? {
        if !card.state.is_final() {
            let kind = kind_of(&card)?;
            cards.push((card, kind));
        }
    }
    let engagement = deciding_engagement(&mut read, id, call.today()).await?;
    Ok(PersonFound {
        person,
        engagement,
        cards,
    })
}

/// The longest engagement that has not ended: the one the rules judge by.
async fn deciding_engagement(
    read: &mut Read,
    person: &PersonId,
    today: Date,
) -> Result<Option<Engagement>, StoreError> {
    Ok(store::engagement::list_by_person(read, person)
        .await?
        .into_iter()
        .filter(|engagement| !engagement.has_ended(today))
        .max_by_key(|engagement| (engagement.to.is_none(), engagement.to)))
}

/// Whether the actor may work in the orderers' portal at all: what its first page asks before anybody is looked up.
///
/// # Errors
/// When the actor is no orderer.
pub async fn order_desk(house: &House, call: &Call<'_>) -> Looked<()> {
    let outcome = may_order(&call.actor).map_err(Stop::from);
    looked(house, call, "people", outcome).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_long_enough_and_no_personal_number() {
        assert_eq!(search_text("  Ek "), Ok("ek".to_owned()));
        assert_eq!(search_text("É"), Err(FindRefusal::SearchTooShort));
        assert_eq!(search_text(""), Err(FindRefusal::SearchTooShort));
        for number in [
            "196907148901",
            "19690714-8901",
            "690714-8901",
            "690714+8901",
        ] {
            assert_eq!(
                search_text(number),
                Err(FindRefusal::NumberInSearch),
                "{number}"
            );
        }
        // A card number is nobody's personal number.
        assert!(search_text("9752 1000 0000 0000 017").is_ok());
    }
}
