//! The card's own statement that a key was made on it.

use wire::{Answer, Bytes, Slot};

use super::on_card;
use crate::desk::Desk;
use crate::stopped::Stop;

pub(super) fn attest(desk: &mut Desk<'_>, slot: Slot) -> Result<Answer, Stop> {
    let certificate = desk.card.attest(on_card(slot)?)?;
    let attester = match certificate {
        None => None,
        Some(_) => desk.card.read_attestation_certificate()?,
    };
    Ok(Answer::Attestation {
        slot,
        certificate: certificate.map(Bytes::from),
        attester: attester.map(Bytes::from),
    })
}
