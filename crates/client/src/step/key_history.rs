//! The Key History object (SP 800-73-4 part 1, 3.3.3): without it OpenSC shows no earlier decryption key.

use piv::CardError;
use piv::object::KeyHistory;
use wire::{Answer, StopReason};

use crate::desk::Desk;
use crate::stopped::Stop;

pub(super) fn write(desk: &mut Desk<'_>, on_card: u8) -> Result<Answer, Stop> {
    let wanted = KeyHistory::on_card(on_card).map_err(|_| StopReason::NotAllowed)?;
    desk.card.write(&wanted)?;
    if desk.card.read::<KeyHistory>()?.as_ref() != Some(&wanted) {
        return Err(CardError::NotKept.into());
    }
    Ok(Answer::KeyHistoryWritten {})
}
