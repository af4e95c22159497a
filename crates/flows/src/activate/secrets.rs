//! The card's management key and unlock code during an activation. Both are replaced: what the producer knew is worth
//! nothing afterwards. A card may be torn out between "the card has changed" and "we were told", so the later value is
//! written down before it is sent, and both are tried at the next insertion.

use model::card::{Card, CardAct, CardState};
use model::id::CardId;
use serde_json::json;

use super::{ActivateRefusal, Refused};
use crate::audit;
use crate::call::Call;
use crate::desk::Ask;
use crate::house::House;
use crate::refusal::Fault;
use crate::unlock_code;

/// Management key versions the card may hold, the likeliest first. Version 0 is the producer's transport key.
pub(super) async fn versions_to_try(house: &House, card: &CardId) -> Result<Vec<u32>, Refused> {
    let mut read = house.database.read().await?;
    let secrets = store::card::secrets(&mut read, card)
        .await?
        .ok_or(Fault::Impossible("a card without secrets"))?;
    Ok(
        match (secrets.management_version, secrets.management_next) {
            (current, Some(next)) if next != current => vec![next, current],
            (current, _) => vec![current],
        },
    )
}

/// Enciphers the card's challenge with the management key of that version (SP 800-73-4 part 2, 3.2.4).
pub(super) fn answer(
    house: &House,
    card: &Card,
    version: u32,
    challenge: &[u8; 16],
) -> Result<[u8; 16], Fault> {
    let number = card
        .number
        .as_ref()
        .ok_or(Fault::Impossible("a produced card without a number"))?;
    let key = house.authorities.management_key(number, version);
    pki::derive::answer_challenge(&key, challenge)
        .map_err(Fault::doing("answering a card's challenge"))
}

/// The card has shown which management key it holds.
pub(super) async fn settle_version(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    version: u32,
) -> Result<(), Refused> {
    store::write!(house.database, |write| {
        if store::card::set_management_version(write, card, version, None).await? {
            audit::event(
                write,
                call,
                "card.management-key-settled",
                &format!("card:{card}"),
                json!({ "version": version }),
            )
            .await?;
        }
        Ok::<_, Refused>(())
    })
}

/// Writes down that the key is being replaced, then seals it to the act.
pub(super) async fn replace_management_key(
    house: &House,
    card: &Card,
    act_key: &str,
) -> Result<Ask, Refused> {
    let number = card
        .number
        .as_ref()
        .ok_or(Fault::Impossible("a produced card without a number"))?;
    let key = house.authorities.management_key(number, 1);
    let sealed = seal_to_act(act_key, key.as_slice())?;
    store::write!(house.database, |write| {
        store::card::set_management_version(write, &card.id, 0, Some(1)).await?;
        Ok::<_, Refused>(())
    })?;
    house.seam("activate.management-key-sent")?;
    Ok(Ask::ReplaceManagementKey { sealed })
}

/// Lets the holder choose a code; the unlock code is replaced in the same step.
pub(super) async fn choose_code(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    act_key: &str,
) -> Result<Ask, Refused> {
    let key = hex::decode(act_key).map_err(|_| ActivateRefusal::TicketInvalid)?;
    // The key came from the client: one that is no curve point is the client's fault, not ours.
    let ask = unlock_code::ask_for_new_code(house, call, card, &key)
        .await?
        .ok_or(ActivateRefusal::AnswerUnexpected)?;
    house.seam("activate.unlock-code-sent")?;
    Ok(ask)
}

/// The card holds the new unlock code and the holder's code: it is partly activated.
pub(super) async fn settle_unlock_code(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
) -> Result<(), Refused> {
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(ActivateRefusal::CardUnknown)?;
        if row.state != CardState::Sent {
            return Err(ActivateRefusal::NotWaiting.into());
        }
        store::card::settle_unlock_code(write, card).await?;
        crate::card_step::take(write, call, card, CardAct::ChooseCode).await?;
        Ok::<_, Refused>(())
    })
}

/// The card's new identifier is written.
pub(super) async fn settle_identity(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    guid: &str,
) -> Result<(), Refused> {
    let bytes = hex::decode(guid)
        .ok()
        .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    let guid = bytes.ok_or(Fault::Impossible("an act remembers no identifier"))?;
    store::write!(house.database, |write| {
        store::card::set_identity_written(write, card, guid, call.now).await?;
        Ok::<_, Refused>(())
    })
}

fn seal_to_act(act_key: &str, plain: &[u8]) -> Result<Vec<u8>, Refused> {
    let key = hex::decode(act_key).map_err(|_| ActivateRefusal::TicketInvalid)?;
    // The key came from the client: one that is no curve point is the client's fault, not ours.
    pki::envelope::seal_to(&key, plain).map_err(|_| ActivateRefusal::AnswerUnexpected.into())
}
