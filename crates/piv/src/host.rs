//! The driver: what a program says to a card to get something done, whatever carries the APDUs.
//!
//! Commands go out in the short form with chaining and answers come in by GET RESPONSE (Part 2, 2.4.5), which every
//! reader and every card can do.

mod abilities;
mod codes;
mod keys;
mod management;
mod objects;

pub use abilities::{Abilities, Lack};
pub use codes::PinProblem;
pub use keys::{ImportedKey, KeyMetadata};
pub use management::{ManagementProblem, MutualProblem};

use zeroize::Zeroizing;

use crate::{
    APPLICATION, BadObject, Command, Instruction, Response, StatusWord, Transport, TransportError,
};

/// More answer bytes than any object of a card (Part 1, table 7, has none above 13 KiB).
const LARGEST_ANSWER: usize = 64 * 1024;

/// Why the card did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// No answer came: the card or the reader is gone.
    #[error("no answer from the card")]
    Transport(#[from] TransportError),
    /// There is no PIV application on this card.
    #[error("this is not a PIV card")]
    NotPiv,
    /// The card said no.
    #[error("the card answered {status} to {instruction:?}")]
    Status {
        /// What was asked.
        instruction: Instruction,
        /// What it answered.
        status: StatusWord,
    },
    /// The answer is not what the standard says it is.
    #[error("the card's answer to {0:?} is malformed")]
    Malformed(Instruction),
    /// A data object on the card is malformed.
    #[error("a data object on the card is malformed")]
    Object(#[from] BadObject),
    /// What was written did not read back the same.
    #[error("the card did not keep what was written")]
    NotKept,
}

impl CardError {
    /// The status word, when the card gave one.
    #[must_use]
    pub fn status(&self) -> Option<StatusWord> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the card says that it has no such command: what was asked of it is beyond it, and nothing was wrong.
    #[must_use]
    pub fn is_lack(&self) -> bool {
        self.status().is_some_and(is_lack)
    }
}

/// What cards answer to commands they do not have (ISO/IEC 7816-4 5.6).
fn is_lack(status: StatusWord) -> bool {
    matches!(
        status,
        StatusWord::InstructionNotSupported
            | StatusWord::FunctionNotSupported
            | StatusWord::ClassNotSupported
    )
}

/// The version of the program on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: u8,
    /// Second number.
    pub minor: u8,
    /// Third number.
    pub patch: u8,
}

/// Drives one card. It keeps no state: after a card was torn out, start anew with [`Host::select`].
pub struct Host<'a> {
    transport: &'a mut dyn Transport,
}

impl<'a> Host<'a> {
    /// Drives the card behind `transport`. Nothing is sent yet.
    pub fn new(transport: &'a mut dyn Transport) -> Self {
        Self { transport }
    }

    /// Selects the PIV application (Part 2, 3.1.1). Always the first thing to do.
    ///
    /// # Errors
    /// [`CardError::NotPiv`] when the card has none, else [`CardError`].
    pub fn select(&mut self) -> Result<(), CardError> {
        self.select_application().map(drop)
    }

    /// Selects, and returns the application property template (Part 2, table 3).
    fn select_application(&mut self) -> Result<Response, CardError> {
        // The version is left out, as Windows does, so that cards of any version answer (Part 1, 2.2).
        let (application, _version) = APPLICATION.split_at(APPLICATION.len() - 2);
        let response =
            self.exchange(&Command::new(Instruction::Select, 0x04, 0x00, application))?;
        match response.status {
            StatusWord::Success => Ok(response),
            StatusWord::NotFound
            | StatusWord::ConditionsNotSatisfied
            | StatusWord::ClassNotSupported
            | StatusWord::InstructionNotSupported => Err(CardError::NotPiv),
            status => Err(CardError::Status {
                instruction: Instruction::Select,
                status,
            }),
        }
    }

    /// The version of the card's program, or `None` from a card that does not tell.
    ///
    /// # Errors
    /// [`CardError`] when the card is gone or answers nonsense.
    pub fn version(&mut self) -> Result<Option<Version>, CardError> {
        let response = self.ask_extension(Instruction::Version)?;
        match response.as_ref().map(|response| response.data.as_slice()) {
            None => Ok(None),
            Some(&[major, minor, patch]) => Ok(Some(Version {
                major,
                minor,
                patch,
            })),
            Some(_) => Err(CardError::Malformed(Instruction::Version)),
        }
    }

    /// The chip's serial number, or `None` from a card that does not tell. It is not the printed card number; see
    /// [`Host::card_number`].
    ///
    /// # Errors
    /// [`CardError`] when the card is gone or answers nonsense.
    pub fn serial(&mut self) -> Result<Option<u32>, CardError> {
        let response = self.ask_extension(Instruction::Serial)?;
        match response.as_ref().map(|response| response.data.as_slice()) {
            None => Ok(None),
            Some(&[a, b, c, d]) => Ok(Some(u32::from_be_bytes([a, b, c, d]))),
            Some(_) => Err(CardError::Malformed(Instruction::Serial)),
        }
    }

    fn ask_extension(&mut self, instruction: Instruction) -> Result<Option<Response>, CardError> {
        let response = self.exchange(&Command::new(instruction, 0, 0, &[]))?;
        match response.status {
            StatusWord::Success => Ok(Some(response)),
            status if is_lack(status) => Ok(None),
            status => Err(CardError::Status {
                instruction,
                status,
            }),
        }
    }

    /// Sends a command that must succeed and returns its data.
    fn require(
        &mut self,
        command: &Command,
        instruction: Instruction,
    ) -> Result<Response, CardError> {
        let response = self.exchange(command)?;
        match response.status {
            StatusWord::Success => Ok(response),
            status => Err(CardError::Status {
                instruction,
                status,
            }),
        }
    }

    /// Sends a command in links and gathers its whole answer.
    fn exchange(&mut self, command: &Command) -> Result<Response, CardError> {
        let links = command.encode_chain();
        let (last, first) = links
            .split_last()
            .ok_or(CardError::Malformed(Instruction::GetResponse))?;
        for link in first {
            let response = self.send(link)?;
            // A link that is refused ends the chain; its status is the command's.
            if response.status != StatusWord::Success {
                return Ok(response);
            }
        }
        let mut response = self.send(last)?;
        let mut data = Zeroizing::new(response.data.clone());
        while let StatusWord::MoreData(_) = response.status {
            response = self.send(&[0, Instruction::GetResponse.byte(), 0, 0, 0])?;
            data.extend_from_slice(&response.data);
            let stuck =
                response.data.is_empty() && matches!(response.status, StatusWord::MoreData(_));
            if stuck || data.len() > LARGEST_ANSWER {
                return Err(CardError::Malformed(Instruction::GetResponse));
            }
        }
        Ok(Response {
            data: data.to_vec(),
            status: response.status,
        })
    }

    fn send(&mut self, bytes: &[u8]) -> Result<Response, CardError> {
        let answer = Zeroizing::new(self.transport.transmit(bytes)?);
        Response::decode(&answer).ok_or(CardError::Malformed(Instruction::GetResponse))
    }
}
