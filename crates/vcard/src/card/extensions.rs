//! Commands YubiKeys have added: metadata, attestation, number of tries, reset.

use piv::{
    ATTESTATION_KEY_REFERENCE, Command, MANAGEMENT_KEY_REFERENCE, ObjectTag, PIN_REFERENCE, Slot,
    StatusWord, UNLOCK_CODE_REFERENCE, object::CertificateObject, slot::PinPolicy, tlv,
};

use super::{Answer, Card, Session};
use crate::{attestation, chip::Code, saved};

const ALGORITHM: u32 = 0x01;
const POLICY: u32 = 0x02;
const ORIGIN: u32 = 0x03;
const PUBLIC_KEY: u32 = 0x04;
const IS_DEFAULT: u32 = 0x05;
const RETRIES: u32 = 0x06;

/// The touch policy "never".
const NO_TOUCH: u8 = 1;

/// What is said of a code instead of an algorithm.
const CODE: u8 = 0xFF;

impl Card {
    pub(super) fn metadata(&mut self, command: &Command) -> Answer {
        if command.p1 != 0 {
            return Err(StatusWord::WrongParameters);
        }
        let mut out = Vec::new();
        match command.p2 {
            PIN_REFERENCE => write_code(&mut out, &self.chip.pin),
            UNLOCK_CODE_REFERENCE => write_code(&mut out, &self.chip.unlock_code),
            MANAGEMENT_KEY_REFERENCE => {
                let algorithm = self.chip.management.algorithm.identifier();
                tlv::write(&mut out, ALGORITHM, &[algorithm]);
                tlv::write(&mut out, POLICY, &[0, NO_TOUCH]);
                tlv::write(&mut out, IS_DEFAULT, &[0]);
            }
            ATTESTATION_KEY_REFERENCE => {
                let key = self.chip.attestation_key.as_ref();
                let key = key.ok_or(StatusWord::ReferenceNotFound)?;
                let public_key = key.public_key().map_err(|_| StatusWord::NoDiagnosis)?;
                tlv::write(&mut out, ALGORITHM, &[key.algorithm().identifier()]);
                tlv::write(
                    &mut out,
                    POLICY,
                    &[saved::policy_number(PinPolicy::Never), NO_TOUCH],
                );
                tlv::write(&mut out, ORIGIN, &[1]);
                tlv::write(&mut out, PUBLIC_KEY, &public_key.encode());
            }
            reference => {
                let slot = Slot::new(reference).map_err(|_| StatusWord::ReferenceNotFound)?;
                let stored = self
                    .chip
                    .keys
                    .get(&slot)
                    .ok_or(StatusWord::ReferenceNotFound)?;
                let public_key = stored
                    .key
                    .public_key()
                    .map_err(|_| StatusWord::NoDiagnosis)?;
                let origin = if stored.made_on_card { 1 } else { 2 };
                tlv::write(&mut out, ALGORITHM, &[stored.key.algorithm().identifier()]);
                tlv::write(
                    &mut out,
                    POLICY,
                    &[saved::policy_number(stored.pin_policy), NO_TOUCH],
                );
                tlv::write(&mut out, ORIGIN, &[origin]);
                tlv::write(&mut out, PUBLIC_KEY, &public_key.encode());
            }
        }
        Ok(out)
    }

    /// A certificate in which the card says that it made the key of slot P1 itself; 6A80 for an imported key.
    pub(super) fn attest(&mut self, command: &Command) -> Answer {
        let slot = Slot::new(command.p1).map_err(|_| StatusWord::WrongParameters)?;
        if command.p2 != 0 {
            return Err(StatusWord::WrongParameters);
        }
        let stored = self
            .chip
            .keys
            .get(&slot)
            .ok_or(StatusWord::ReferenceNotFound)?;
        if !stored.made_on_card {
            return Err(StatusWord::WrongData);
        }
        let object = self
            .chip
            .objects
            .get(&ObjectTag::ATTESTATION)
            .and_then(|content| CertificateObject::decode(content).ok())
            .ok_or(StatusWord::ReferenceNotFound)?;
        let public_key = stored
            .key
            .public_key()
            .map_err(|_| StatusWord::NoDiagnosis)?
            .to_spki();
        let statement = attestation::Statement {
            slot,
            public_key: &public_key,
            pin_policy: stored.pin_policy,
            version: self.chip.version,
            serial: self.chip.serial,
        };
        let attestation_key = self.chip.attestation_key.as_ref();
        attestation::attest(
            &statement,
            attestation_key.ok_or(StatusWord::ReferenceNotFound)?,
            &object.certificate,
            &mut *self.entropy,
        )
        .ok_or(StatusWord::NoDiagnosis)
    }

    /// Sets the number of tries (P1 PIN, P2 unlock code) and brings back the delivered codes. Developers' cards only.
    pub(super) fn set_retries(&mut self, command: &Command) -> Answer {
        let delivered = self
            .chip
            .delivered
            .clone()
            .ok_or(StatusWord::InstructionNotSupported)?;
        self.require_management()?;
        if !self.session.verified {
            return Err(StatusWord::SecurityStatusNotSatisfied);
        }
        let (pin_tries, unlock_tries) = (command.p1, command.p2);
        if !(1..=15).contains(&pin_tries) || !(1..=15).contains(&unlock_tries) {
            return Err(StatusWord::WrongParameters);
        }
        self.change(|chip| {
            chip.pin = Code::new(delivered.pin.value, pin_tries);
            chip.unlock_code = Code::new(delivered.unlock_code.value, unlock_tries);
        })?;
        self.session.verified = false;
        Ok(Vec::new())
    }

    /// Wipes keys and objects and brings back the card as delivered, once PIN and unlock code are both blocked.
    /// Developers' cards only: a holder's card whose unlock code is blocked stays blocked.
    pub(super) fn reset(&mut self) -> Answer {
        let delivered = self
            .chip
            .delivered
            .clone()
            .ok_or(StatusWord::InstructionNotSupported)?;
        if self.chip.pin.tries_left != 0 || self.chip.unlock_code.tries_left != 0 {
            return Err(StatusWord::ConditionsNotSatisfied);
        }
        self.change(|chip| {
            chip.pin = delivered.pin;
            chip.unlock_code = delivered.unlock_code;
            chip.management = delivered.management;
            chip.objects = delivered.objects;
            chip.keys.clear();
        })?;
        self.session = Session::default();
        Ok(Vec::new())
    }
}

/// The "is it the default" mark is always 0: a true answer would let anyone try one code without the counter.
fn write_code(out: &mut Vec<u8>, code: &Code) {
    tlv::write(out, ALGORITHM, &[CODE]);
    tlv::write(out, IS_DEFAULT, &[0]);
    tlv::write(out, RETRIES, &[code.tries, code.tries_left]);
}
