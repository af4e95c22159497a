//! A signature with a key of the card.

use wire::{Algorithm, Answer, Bytes, Slot, StopReason};

use super::enter_code::{ask, present};
use super::{key_kind, on_card};
use crate::desk::Desk;
use crate::shown::is_plain;
use crate::signable::{Signable, recognise};
use crate::stopped::Stop;

/// Signs `message`. With a `text` the holder sees it and enters the code for it. Without one the code of this act serves,
/// except that the signature key 9C signs nothing but proofs of possession silently: for a statement the holder sees what
/// the act is for and enters the code.
pub(super) fn sign(
    desk: &mut Desk<'_>,
    slot: Slot,
    algorithm: Algorithm,
    message: &[u8],
    text: Option<&str>,
) -> Result<Answer, Stop> {
    let shows = text.is_none_or(|text| is_plain(text) && !text.trim().is_empty());
    let meaning = recognise(message).ok_or(StopReason::NotAllowed)?;
    // 82 to 95 decrypt and no more (SP 800-73-4 part 1, table 4b).
    if slot.is_retired() || !shows {
        return Err(StopReason::NotAllowed.into());
    }
    match (text, slot, meaning) {
        (Some(text), _, _) => ask(desk, Some(text))?,
        (None, Slot::SIGNATURE, Signable::Statement) => {
            let purpose = desk.purpose.clone();
            ask(desk, Some(&purpose))?;
        }
        // The door key wants no code (SP 800-73-4 part 1, table 4b).
        (None, Slot::DOOR, _) => {}
        (None, slot, _) => present(desk, slot == Slot::SIGNATURE)?,
    }
    let signature = desk
        .card
        .sign(on_card(slot)?, key_kind(algorithm), message)?;
    Ok(Answer::Signature {
        signature: Bytes::from(signature),
    })
}
