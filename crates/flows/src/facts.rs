//! The facts policy judges by, gathered from the rows.

use model::card::Card;
use model::id::PersonId;
use model::person::Person;
use model::policy::Facts;
use model::product::CardProduct;
use store::{Read, StoreError};

/// An act about a person of whom no more is known, or needed.
pub(crate) fn about(person: &PersonId) -> Facts {
    Facts {
        holder: Some(person.clone()),
        ..Facts::default()
    }
}

/// An act about a person, protected or not.
pub(crate) fn about_person(person: &Person) -> Facts {
    Facts {
        protected: person.protected.is_some(),
        ..about(&person.id)
    }
}

/// Who the card is for, who ordered it, who took its photo, who checked the holder, and whether the identity is protected.
pub(crate) async fn of_card(read: &mut Read, card: &Card) -> Result<Facts, StoreError> {
    let mut facts = about(&card.person);
    facts.product = CardProduct::by_code(card.product);
    if let Some(order) = store::card_order::by_id(read, &card.order).await? {
        facts.ordered_by = Some(order.ordered_by);
    }
    if let Some(photo) = &card.photo
        && let Some(photo) = store::photo::by_id(read, photo).await?
    {
        facts.photographed_by = photo.taken_by;
    }
    if let Some(check) = store::identity_check::latest_by_card(read, &card.id).await? {
        facts.identity_checked_by = Some(check.officer);
    }
    if let Some(person) = store::person::by_id(read, &card.person).await? {
        facts.protected = person.protected.is_some();
    }
    Ok(facts)
}
