//! Proving the management key (Part 2, A.1), and changing it (a YubiKey extension).

use piv::{Command, MANAGEMENT_KEY_REFERENCE, StatusWord, algorithm::ManagementAlgorithm, tlv};
use zeroize::Zeroizing;

use super::{Answer, Card, session::Challenge};
use crate::{chip::Management, cipher};

const TEMPLATE: u32 = 0x7C;
const WITNESS: u32 = 0x80;
const CHALLENGE: u32 = 0x81;
const RESPONSE: u32 = 0x82;

impl Card {
    pub(super) fn authenticate_management(&mut self, algorithm: u8, template: &[u8]) -> Answer {
        let algorithm =
            ManagementAlgorithm::parse(algorithm).map_err(|_| StatusWord::WrongParameters)?;
        if algorithm != self.chip.management.algorithm {
            return Err(StatusWord::WrongParameters);
        }
        // A challenge is good for one answer.
        let outstanding = self.session.challenge.take();
        let element = |tag| tlv::find(template, tag).map_err(|_| StatusWord::WrongData);
        match (element(WITNESS)?, element(CHALLENGE)?, element(RESPONSE)?) {
            (None, Some([]), None) => self.challenge(algorithm, false),
            (Some([]), None, None) => self.challenge(algorithm, true),
            (None, None, Some(answer)) if !answer.is_empty() => {
                self.check(outstanding, algorithm, false, answer)?;
                Ok(Vec::new())
            }
            (Some(witness), Some(challenge), _) if !witness.is_empty() => {
                let proof = cipher::encrypt(algorithm, &self.chip.management.key, challenge)
                    .ok_or(StatusWord::WrongData)?;
                self.check(outstanding, algorithm, true, witness)?;
                Ok(tlv::element(TEMPLATE, &tlv::element(RESPONSE, &proof)))
            }
            _ => Err(StatusWord::WrongData),
        }
    }

    fn challenge(&mut self, algorithm: ManagementAlgorithm, mutual: bool) -> Answer {
        // Asking anew ends an authentication that held (Part 2, 2.4.2: the status is that of the last attempt).
        self.session.managed = false;
        let mut plain = Zeroizing::new(vec![0; algorithm.challenge_length()]);
        (self.entropy)(&mut plain);
        let encrypted = cipher::encrypt(algorithm, &self.chip.management.key, &plain)
            .map(Zeroizing::new)
            .ok_or(StatusWord::MemoryFailure)?;
        let (tag, sent, wanted) = if mutual {
            (WITNESS, encrypted, plain)
        } else {
            (CHALLENGE, plain, encrypted)
        };
        self.session.challenge = Some(Challenge {
            algorithm,
            wanted,
            mutual,
        });
        Ok(tlv::element(TEMPLATE, &tlv::element(tag, &sent)))
    }

    fn check(
        &mut self,
        outstanding: Option<Challenge>,
        algorithm: ManagementAlgorithm,
        mutual: bool,
        given: &[u8],
    ) -> Result<(), StatusWord> {
        self.session.managed = false;
        let outstanding = outstanding
            .filter(|challenge| challenge.algorithm == algorithm && challenge.mutual == mutual)
            .ok_or(StatusWord::SecurityStatusNotSatisfied)?;
        let difference = outstanding
            .wanted
            .iter()
            .zip(given)
            .fold(0, |difference, (a, b)| difference | (a ^ b));
        if given.len() != outstanding.wanted.len() || std::hint::black_box(difference) != 0 {
            return Err(StatusWord::SecurityStatusNotSatisfied);
        }
        self.session.managed = true;
        Ok(())
    }

    pub(super) fn set_management_key(&mut self, command: &Command) -> Answer {
        self.require_management()?;
        // P2: FF no touch, FE touch; there is nothing to touch.
        if command.p1 != 0xFF || !matches!(command.p2, 0xFF | 0xFE) {
            return Err(StatusWord::WrongParameters);
        }
        let (&algorithm, rest) = command.data.split_first().ok_or(StatusWord::WrongData)?;
        let algorithm = ManagementAlgorithm::parse(algorithm).map_err(|_| StatusWord::WrongData)?;
        let key = tlv::find(rest, u32::from(MANAGEMENT_KEY_REFERENCE))
            .ok()
            .flatten()
            .filter(|key| key.len() == algorithm.key_length())
            .ok_or(StatusWord::WrongData)?;
        self.change(|chip| {
            chip.management = Management {
                algorithm,
                key: Zeroizing::new(key.to_vec()),
            };
        })?;
        Ok(Vec::new())
    }
}
