//! Certificates of slots, read and written.

use piv::CardError;
use wire::{Answer, Bytes, Slot, StopReason};

use super::on_card;
use crate::desk::Desk;
use crate::signable::sequence_content;
use crate::stopped::Stop;

/// Largest certificate in bytes. Part 1 table 7 recommends room for 1,856; cards in use have room for about 3,000.
const LARGEST: usize = 4_096;

pub(super) fn read(desk: &mut Desk<'_>, slot: Slot) -> Result<Answer, Stop> {
    let certificate = match desk.card.read_certificate(on_card(slot)?) {
        Ok(certificate) => certificate,
        // Left behind by something that broke off: there is no certificate, and the server may write one.
        Err(CardError::Object(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Answer::Certificate {
        slot,
        certificate: certificate.map(Bytes::from),
    })
}

pub(super) fn write(desk: &mut Desk<'_>, slot: Slot, certificate: Bytes) -> Result<Answer, Stop> {
    if certificate.as_slice().len() > LARGEST || sequence_content(certificate.as_slice()).is_none()
    {
        return Err(StopReason::NotAllowed.into());
    }
    let place = on_card(slot)?;
    desk.card.write_certificate(place, certificate.as_slice())?;
    // `write_certificate` has read it back and found the same, so this is what the card holds.
    Ok(Answer::CertificateWritten { slot, certificate })
}
