//! The holder's codes: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (Part 2, 3.2.1 to 3.2.3).

use zeroize::Zeroizing;

use super::{CardError, Host, is_lack};
use crate::{
    Command, Instruction, PIN_REFERENCE, Pin, Response, StatusWord, UNLOCK_CODE_REFERENCE,
    UnlockCode, tlv,
};

/// The element of a code's metadata with its tries, all and left.
const RETRIES: u32 = 0x06;

/// Why a code was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinProblem {
    /// The code was wrong.
    #[error("the code is wrong, {tries_left} tries left")]
    Wrong {
        /// How many tries are left; 0 means that it is blocked from now on.
        tries_left: u8,
    },
    /// The code is blocked.
    #[error("the code is blocked")]
    Blocked,
    /// Something else went wrong.
    #[error("the card did not check the code")]
    Card(#[from] CardError),
}

impl Host<'_> {
    /// Presents the PIN.
    ///
    /// # Errors
    /// [`PinProblem`].
    pub fn verify_pin(&mut self, pin: &Pin) -> Result<(), PinProblem> {
        let outcome = self.present(Instruction::Verify, PIN_REFERENCE, pin.padded());
        self.with_tries(outcome)
    }

    /// Whether codes can be entered on the reader, past the computer.
    #[must_use]
    pub fn has_pad(&self) -> bool {
        self.transport.has_pad()
    }

    /// Lets the holder enter the PIN on the reader's key pad.
    ///
    /// # Errors
    /// [`PinProblem`]; the pad's own refusals come as [`CardError::Status`].
    pub fn verify_pin_on_pad(&mut self) -> Result<(), PinProblem> {
        self.present_from_pad(Instruction::Verify, &[0xFF; 8])
    }

    /// Lets the holder replace the PIN on the reader's key pad: the old one, then the new one twice.
    ///
    /// # Errors
    /// [`PinProblem`]; the pad's own refusals come as [`CardError::Status`].
    pub fn change_pin_on_pad(&mut self) -> Result<(), PinProblem> {
        self.present_from_pad(Instruction::ChangeReferenceData, &[0xFF; 16])
    }

    fn present_from_pad(
        &mut self,
        instruction: Instruction,
        places: &[u8],
    ) -> Result<(), PinProblem> {
        let mut command = Command::new(instruction, 0, PIN_REFERENCE, places);
        command.expected = None;
        let links = command.encode_chain();
        let bytes = links.first().ok_or(CardError::Malformed(instruction))?;
        let answer = self
            .transport
            .transmit_from_pad(bytes)
            .map_err(CardError::from)?;
        let response = Response::decode(&answer).ok_or(CardError::Malformed(instruction))?;
        judged(instruction, response.status)
    }

    /// How many PIN tries are left. `None` when the PIN has been presented already: the card then says only that
    /// (Part 2, 3.2.1, an empty VERIFY).
    ///
    /// # Errors
    /// [`CardError`].
    pub fn pin_tries_left(&mut self) -> Result<Option<u8>, CardError> {
        let mut command = Command::new(Instruction::Verify, 0, PIN_REFERENCE, &[]);
        // Without Le this is the four-byte form that the standard asks for.
        command.expected = None;
        match self.exchange(&command)?.status {
            StatusWord::Success => Ok(None),
            StatusWord::TriesLeft(tries) => Ok(Some(tries)),
            StatusWord::AuthenticationBlocked => Ok(Some(0)),
            status => Err(CardError::Status {
                instruction: Instruction::Verify,
                status,
            }),
        }
    }

    /// How many tries of the unlock code are left. `None` from a card that does not tell: the standard has no such question, only
    /// YubiKeys do.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn unlock_code_tries_left(&mut self) -> Result<Option<u8>, CardError> {
        let command = Command::new(Instruction::Metadata, 0, UNLOCK_CODE_REFERENCE, &[]);
        let response = self.exchange(&command)?;
        match response.status {
            // A card that answers and tells nothing.
            StatusWord::Success if response.data.is_empty() => Ok(None),
            StatusWord::Success => match tlv::find(&response.data, RETRIES) {
                Ok(Some(&[_, left])) => Ok(Some(left)),
                _ => Err(CardError::Malformed(Instruction::Metadata)),
            },
            status if is_lack(status) => Ok(None),
            status => Err(CardError::Status {
                instruction: Instruction::Metadata,
                status,
            }),
        }
    }

    /// Takes the PIN back: the card asks for it again (Part 2, 3.2.1, P1 = FF).
    ///
    /// # Errors
    /// [`CardError`].
    pub fn forget_pin(&mut self) -> Result<(), CardError> {
        let mut command = Command::new(Instruction::Verify, 0xFF, PIN_REFERENCE, &[]);
        command.expected = None;
        self.require(&command, Instruction::Verify).map(drop)
    }

    /// Replaces the PIN.
    ///
    /// # Errors
    /// [`PinProblem`]; `Wrong` and `Blocked` are about the old PIN.
    pub fn change_pin(&mut self, old: &Pin, new: &Pin) -> Result<(), PinProblem> {
        let data = both(old.padded(), new.padded());
        let outcome = self.present(Instruction::ChangeReferenceData, PIN_REFERENCE, &*data);
        self.with_tries(outcome)
    }

    /// Asks for the tries left after a card said no more than that the PIN was wrong.
    fn with_tries(&mut self, outcome: Result<(), PinProblem>) -> Result<(), PinProblem> {
        match &outcome {
            Err(PinProblem::Card(problem))
                if problem.status() == Some(StatusWord::VerificationFailed) => {}
            _ => return outcome,
        }
        let mut left = self.pin_tries_left()?;
        if left.is_none() {
            // The card still holds the PIN for presented, which after a wrong one it should not (Part 2, 3.2.2), and then tells no tries.
            self.forget_pin()?;
            left = self.pin_tries_left()?;
        }
        match left {
            Some(tries_left) => Err(PinProblem::Wrong { tries_left }),
            None => outcome,
        }
    }

    /// Replaces the unlock code.
    ///
    /// # Errors
    /// [`PinProblem`]; `Wrong` and `Blocked` are about the old unlock code.
    pub fn change_unlock_code(
        &mut self,
        old: &UnlockCode,
        new: &UnlockCode,
    ) -> Result<(), PinProblem> {
        let data = both(old.bytes(), new.bytes());
        self.present(
            Instruction::ChangeReferenceData,
            UNLOCK_CODE_REFERENCE,
            &*data,
        )
    }

    /// Sets a new PIN with the unlock code and gives it all its tries again.
    ///
    /// # Errors
    /// [`PinProblem`]; `Wrong` and `Blocked` are about the unlock code.
    pub fn reset_pin(&mut self, unlock_code: &UnlockCode, pin: &Pin) -> Result<(), PinProblem> {
        let data = both(unlock_code.bytes(), pin.padded());
        self.present(Instruction::ResetRetryCounter, PIN_REFERENCE, &*data)
    }

    fn present(
        &mut self,
        instruction: Instruction,
        reference: u8,
        data: &[u8],
    ) -> Result<(), PinProblem> {
        let mut command = Command::new(instruction, 0, reference, data);
        command.expected = None;
        let status = self.exchange(&command)?.status;
        judged(instruction, status)
    }
}

/// What a card's answer to a code means.
fn judged(instruction: Instruction, status: StatusWord) -> Result<(), PinProblem> {
    match status {
        StatusWord::Success => Ok(()),
        StatusWord::TriesLeft(tries_left) => Err(PinProblem::Wrong { tries_left }),
        StatusWord::AuthenticationBlocked => Err(PinProblem::Blocked),
        status => Err(PinProblem::Card(CardError::Status {
            instruction,
            status,
        })),
    }
}

fn both(first: &[u8; 8], second: &[u8; 8]) -> Zeroizing<[u8; 16]> {
    let mut data = Zeroizing::new([0; 16]);
    for (place, byte) in data.iter_mut().zip(first.iter().chain(second)) {
        *place = *byte;
    }
    data
}
