//! GENERATE ASYMMETRIC KEY PAIR, and GENERAL AUTHENTICATE with a private key (Part 2, 3.3.2 and 3.2.4); IMPORT, a
//! YubiKey extension.

use piv::{Algorithm, Command, MANAGEMENT_KEY_REFERENCE, Slot, StatusWord, slot::PinPolicy, tlv};

use super::{Answer, Card};
use crate::{Profile, chip::StoredKey, key::PrivateKey, saved};

const TEMPLATE: u32 = 0x7C;
const CHALLENGE: u32 = 0x81;
const RESPONSE: u32 = 0x82;
const EXPONENTIATION: u32 = 0x85;

impl Card {
    pub(super) fn generate(&mut self, command: &Command) -> Answer {
        self.require_management()?;
        let slot = Slot::new(command.p2).map_err(|_| StatusWord::WrongParameters)?;
        if command.p1 != 0 {
            return Err(StatusWord::WrongParameters);
        }
        let template = tlv::find(&command.data, 0xAC)
            .ok()
            .flatten()
            .ok_or(StatusWord::WrongData)?;
        let algorithm = match tlv::find(template, 0x80) {
            Ok(Some(&[identifier])) => {
                let algorithm = Algorithm::parse(identifier).ok();
                algorithm
                    .filter(|algorithm| self.chip.has(*algorithm))
                    .ok_or(StatusWord::WrongData)?
            }
            _ => return Err(StatusWord::WrongData),
        };
        let pin_policy = match self.chip.profile {
            Profile::Plain => slot.pin_policy(),
            Profile::Yubikey => wanted_policy(template, slot)?,
        };
        let key =
            PrivateKey::generate(algorithm, &mut *self.entropy).ok_or(StatusWord::MemoryFailure)?;
        let public_key = key.public_key().map_err(|_| StatusWord::MemoryFailure)?;
        self.change(|chip| {
            let stored = StoredKey {
                key,
                made_on_card: true,
                pin_policy,
            };
            chip.keys.insert(slot, stored);
        })?;
        Ok(tlv::element(0x7F49, &public_key.encode()))
    }

    pub(super) fn import(&mut self, command: &Command) -> Answer {
        self.require_management()?;
        let slot = Slot::new(command.p2).map_err(|_| StatusWord::WrongParameters)?;
        let algorithm = Algorithm::parse(command.p1)
            .ok()
            .filter(|algorithm| self.chip.has(*algorithm))
            .ok_or(StatusWord::WrongParameters)?;
        let element = |tag| {
            tlv::find(&command.data, tag)
                .ok()
                .flatten()
                .ok_or(StatusWord::WrongData)
        };
        let key = match algorithm {
            Algorithm::EccP256 | Algorithm::EccP384 => {
                PrivateKey::from_scalar(algorithm, element(0x06)?)
            }
            // The other three parts follow from the primes, so that a wrong one cannot come in.
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                PrivateKey::from_primes(algorithm, element(0x01)?, element(0x02)?)
            }
        }
        .map_err(|_| StatusWord::WrongData)?;
        let pin_policy = wanted_policy(&command.data, slot)?;
        self.change(|chip| {
            let stored = StoredKey {
                key,
                made_on_card: false,
                pin_policy,
            };
            chip.keys.insert(slot, stored);
        })?;
        Ok(Vec::new())
    }

    /// GENERAL AUTHENTICATE: with the management key, or with the key of a slot.
    pub(super) fn authenticate(&mut self, command: &Command) -> Answer {
        let fresh = std::mem::take(&mut self.session.fresh);
        let template = tlv::find(&command.data, TEMPLATE)
            .ok()
            .flatten()
            .ok_or(StatusWord::WrongData)?;
        if command.p2 == MANAGEMENT_KEY_REFERENCE {
            return self.authenticate_management(command.p1, template);
        }
        let slot = Slot::new(command.p2).map_err(|_| StatusWord::WrongParameters)?;
        let stored = self
            .chip
            .keys
            .get(&slot)
            .ok_or(StatusWord::ReferenceNotFound)?;
        if stored.key.algorithm().identifier() != command.p1 {
            return Err(StatusWord::WrongParameters);
        }
        let allowed = match stored.pin_policy {
            PinPolicy::Never => true,
            PinPolicy::Once => self.session.verified,
            PinPolicy::Always => self.session.verified && fresh,
        };
        if !allowed {
            return Err(StatusWord::SecurityStatusNotSatisfied);
        }
        let element = |tag| tlv::find(template, tag).map_err(|_| StatusWord::WrongData);
        // Part 2, 3.2.4: an empty 82 asks for the result.
        if element(RESPONSE)? != Some(&[]) {
            return Err(StatusWord::WrongData);
        }
        let result = match (element(CHALLENGE)?, element(EXPONENTIATION)?) {
            (Some(input), None) => stored.key.sign(input, &mut *self.entropy),
            // Key agreement is for encryption keys, present and past (SP 800-78-4, table 3-1).
            (None, Some(peer)) if slot == Slot::ENCRYPTION || slot.is_retired() => {
                stored.key.agree(peer).map(|shared| shared.to_vec())
            }
            _ => return Err(StatusWord::WrongData),
        }
        .map_err(|_| StatusWord::WrongData)?;
        Ok(tlv::element(TEMPLATE, &tlv::element(RESPONSE, &result)))
    }
}

/// The PIN policy a host asks for (AA, a YubiKey extension), else the slot's own. The touch policy (AB) is taken and
/// ignored: there is nothing to touch.
fn wanted_policy(data: &[u8], slot: Slot) -> Result<PinPolicy, StatusWord> {
    match tlv::find(data, 0xAA).map_err(|_| StatusWord::WrongData)? {
        None | Some(&[0]) => Ok(slot.pin_policy()),
        Some(&[number]) => saved::policy(number).ok_or(StatusWord::WrongData),
        Some(_) => Err(StatusWord::WrongData),
    }
}
