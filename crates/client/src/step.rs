//! The steps, one small file a subject; here they are told apart.

mod attest;
mod certificate;
pub(crate) mod choose_code;
pub(crate) mod enter_code;
mod generate_key;
mod identity;
mod key_history;
mod management;
mod read_card;
mod sign;

#[cfg(feature = "program")]
pub(crate) use enter_code::ask_holder;
use wire::{Answer, Step, StopReason};

use crate::desk::Desk;
use crate::stopped::Stop;

/// Carries out one step.
pub(crate) fn carry_out(desk: &mut Desk<'_>, step: Step) -> Result<Answer, Stop> {
    match step {
        Step::ReadCard {} => read_card::read_card(desk),
        Step::ReadCertificate { slot } => certificate::read(desk, slot),
        Step::AuthenticateManagement {} => management::challenge(desk),
        Step::AnswerManagement { response } => management::respond(desk, &response),
        Step::ReplaceManagementKey { sealed } => management::replace(desk, &sealed),
        Step::ChooseCode {
            unlock_codes,
            new_unlock_code,
            minimum,
            maximum,
        } => choose_code::choose_code(desk, &unlock_codes, &new_unlock_code, minimum, maximum),
        Step::EnterCode {} => enter_code::enter_code(desk),
        Step::GenerateKey { slot, algorithm } => generate_key::generate_key(desk, slot, algorithm),
        Step::Attest { slot } => attest::attest(desk, slot),
        Step::Sign {
            slot,
            algorithm,
            message,
            text,
        } => sign::sign(desk, slot, algorithm, message.as_slice(), text.as_deref()),
        Step::WriteCertificate { slot, certificate } => certificate::write(desk, slot, certificate),
        Step::WriteIdentity { guid, expires_on } => identity::write(desk, guid, expires_on),
        Step::WriteKeyHistory { on_card } => key_history::write(desk, on_card),
    }
}

/// The slot on the card. Both lists are the same; a test holds them together.
fn on_card(slot: wire::Slot) -> Result<piv::Slot, Stop> {
    piv::Slot::new(slot.reference()).map_err(|_| StopReason::NotAllowed.into())
}

fn key_kind(algorithm: wire::Algorithm) -> piv::Algorithm {
    match algorithm {
        wire::Algorithm::EccP256 => piv::Algorithm::EccP256,
        wire::Algorithm::EccP384 => piv::Algorithm::EccP384,
        wire::Algorithm::Rsa2048 => piv::Algorithm::Rsa2048,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn slots_of_messages_are_slots_of_cards() {
        let of_messages: Vec<u8> = wire::Slot::all().map(wire::Slot::reference).collect();
        let of_cards: Vec<u8> = piv::Slot::all().map(piv::Slot::reference).collect();
        assert_eq!(of_messages, of_cards);
    }
}
