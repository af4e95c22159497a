//! Which card it is and what it holds, all readable without a code.

use aws_lc_rs::digest::{SHA256, digest};
use piv::object::KeyHistory;
use piv::{CardError, Slot};
use wire::{Answer, CardCertificate, Day, Octets, StopReason};

use crate::desk::Desk;
use crate::stopped::Stop;

pub(super) fn read_card(desk: &mut Desk<'_>) -> Result<Answer, Stop> {
    let card = &mut desk.card;
    let number = if_well_formed(card.card_number())?;
    let serial = card.serial()?;
    let chuid = if_well_formed(card.chuid())?;
    let tries_left = card.pin_tries_left()?;
    let earlier =
        if_well_formed(card.read::<KeyHistory>())?.map_or(0, |history| history.keys_on_card());
    let mut certificates = Vec::new();
    // Reading all 20 retired slots costs a second on a slow reader; the key history says how many are used.
    let retired = (1..=earlier).filter_map(|number| Slot::retired(number).ok());
    let current = [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION, Slot::DOOR];
    for slot in current.into_iter().chain(retired) {
        if let Some(certificate) = if_well_formed(card.read_certificate(slot))? {
            certificates.push(CardCertificate {
                slot: wire::Slot::new(slot.reference()).map_err(|_| StopReason::CardFault)?,
                sha256: Octets::try_from(digest(&SHA256, &certificate).as_ref())
                    .map_err(|_| StopReason::CardFault)?,
            });
        }
    }
    let expires_on = chuid.as_ref().and_then(|chuid| {
        let last = chuid.expires_on;
        Day::new(last.year(), last.month(), last.day()).ok()
    });
    Ok(Answer::Card {
        number,
        serial,
        guid: chuid.map(|chuid| Octets(chuid.guid)),
        expires_on,
        tries_left,
        certificates,
    })
}

/// A malformed object counts as none: what broke off before must not keep the card from being repaired.
fn if_well_formed<T>(read: Result<Option<T>, CardError>) -> Result<Option<T>, Stop> {
    match read {
        Ok(object) => Ok(object),
        Err(CardError::Object(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
