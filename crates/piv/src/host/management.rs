//! The card management key (Part 2, 3.2.4 and A.1.1: authentication of the host by challenge and answer).

use super::{CardError, Host};
use crate::{Command, Instruction, MANAGEMENT_KEY_REFERENCE, ManagementKey, StatusWord, tlv};

/// Why the card did not accept the holder of the management key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManagementProblem {
    /// The answer was wrong: another key, or no challenge outstanding.
    #[error("the card does not know this management key")]
    Refused,
    /// Something else went wrong.
    #[error("the card did not check the management key")]
    Card(#[from] CardError),
}

impl Host<'_> {
    /// Asks the card for a challenge, which whoever holds the management key encrypts (AES-256, one block, ECB).
    ///
    /// # Errors
    /// [`CardError`]; status 6A80 or 6A86 means that the card's management key is of another algorithm.
    pub fn management_challenge(&mut self) -> Result<[u8; 16], CardError> {
        let data = tlv::element(0x7C, &tlv::element(0x81, &[]));
        let command = Command::new(
            Instruction::GeneralAuthenticate,
            ManagementKey::ALGORITHM.identifier(),
            MANAGEMENT_KEY_REFERENCE,
            &data,
        );
        let response = self.require(&command, Instruction::GeneralAuthenticate)?;
        let malformed = CardError::Malformed(Instruction::GeneralAuthenticate);
        let Ok(Some(template)) = tlv::find(&response.data, 0x7C) else {
            return Err(malformed);
        };
        match tlv::find(template, 0x81) {
            Ok(Some(challenge)) => challenge.try_into().map_err(|_| malformed),
            _ => Err(malformed),
        }
    }

    /// Gives the card the encrypted challenge. After success the card takes keys, objects and a new management key,
    /// until it loses power.
    ///
    /// # Errors
    /// [`ManagementProblem`].
    pub fn management_response(&mut self, answer: &[u8; 16]) -> Result<(), ManagementProblem> {
        let data = tlv::element(0x7C, &tlv::element(0x82, answer));
        let command = Command::new(
            Instruction::GeneralAuthenticate,
            ManagementKey::ALGORITHM.identifier(),
            MANAGEMENT_KEY_REFERENCE,
            &data,
        );
        match self.exchange(&command)?.status {
            StatusWord::Success => Ok(()),
            // The standard says 6982; cards in the field use the others as well.
            StatusWord::SecurityStatusNotSatisfied
            | StatusWord::AuthenticationBlocked
            | StatusWord::ConditionsNotSatisfied
            | StatusWord::TriesLeft(_)
            | StatusWord::WrongData => Err(ManagementProblem::Refused),
            status => Err(ManagementProblem::Card(CardError::Status {
                instruction: Instruction::GeneralAuthenticate,
                status,
            })),
        }
    }

    /// Replaces the management key (AES-256; a YubiKey extension). Wants [`Host::management_response`] before.
    ///
    /// # Errors
    /// [`CardError`]; 6982 when the management key was not proven.
    pub fn set_management_key(&mut self, key: &ManagementKey) -> Result<(), CardError> {
        let mut data = zeroize::Zeroizing::new(Vec::with_capacity(3 + key.bytes().len()));
        data.push(ManagementKey::ALGORITHM.identifier());
        tlv::write(&mut data, u32::from(MANAGEMENT_KEY_REFERENCE), key.bytes());
        let mut command = Command::new(Instruction::SetManagementKey, 0xFF, 0xFF, &data);
        command.expected = None;
        self.require(&command, Instruction::SetManagementKey)
            .map(drop)
    }
}
