//! Which card it is, for every program that reads cards: the CHUID (SP 800-73-4 part 1, 3.1.2), and the capability
//! container (3.1.1) when it is missing, since macOS takes no card without it.

use piv::object::{Capabilities, Chuid};
use piv::{CardError, DataObject};
use wire::{Answer, Day, Octets, StopReason};

use crate::desk::Desk;
use crate::stopped::Stop;

pub(super) fn write(
    desk: &mut Desk<'_>,
    guid: Octets<16>,
    expires_on: Day,
) -> Result<Answer, Stop> {
    if guid.0 == [0; 16] {
        // Windows does not use a card without a GUID.
        return Err(StopReason::NotAllowed.into());
    }
    let last = piv::Day::new(expires_on.year(), expires_on.month(), expires_on.day())
        .map_err(|_| StopReason::NotAllowed)?;
    let mut wanted = Chuid::new(guid.0, last);
    if let Some(present) = present::<Chuid>(desk)? {
        wanted.fasc_n = present.fasc_n;
        wanted.cardholder = present.cardholder;
    }
    desk.card.write(&wanted)?;
    if desk.card.chuid()?.as_ref() != Some(&wanted) {
        return Err(CardError::NotKept.into());
    }
    if desk.card.read_object(Capabilities::TAG)?.is_none() {
        desk.card.write(&Capabilities { identifier: None })?;
    }
    Ok(Answer::IdentityWritten { guid })
}

/// The object as it is; a malformed one counts as none.
fn present<T: DataObject>(desk: &mut Desk<'_>) -> Result<Option<T>, Stop> {
    match desk.card.read() {
        Ok(object) => Ok(object),
        Err(CardError::Object(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
