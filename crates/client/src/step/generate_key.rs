//! A key pair made on the card.

use wire::{Algorithm, Answer, Bytes, Slot, StopReason};

use super::{key_kind, on_card};
use crate::desk::Desk;
use crate::stopped::Stop;

pub(super) fn generate_key(
    desk: &mut Desk<'_>,
    slot: Slot,
    algorithm: Algorithm,
) -> Result<Answer, Stop> {
    // 82 to 95 hold keys that were made before; making one there would destroy the only key to old mail.
    if slot.is_retired() {
        return Err(StopReason::NotAllowed.into());
    }
    let public_key = desk
        .card
        .generate_key(on_card(slot)?, key_kind(algorithm))?;
    Ok(Answer::Key {
        slot,
        public_key: Bytes::from(public_key),
    })
}
