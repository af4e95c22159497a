//! How an act ends.

use piv::{CardError, TransportError};
use wire::{Refusal, StopReason};

use crate::ServerProblem;

/// The act is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// What the server tells the holder, safe to show.
    pub text: String,
}

/// The act ended before it was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// It ended at this desk: the holder, the card, or a step this client does not do. The server was told the reason.
    #[error("the act stopped at the card")]
    Here {
        /// Why.
        reason: StopReason,
        /// What the card did, when it was the card; for the log.
        #[source]
        cause: Option<CardError>,
        /// What the server said to that, safe to show.
        told: Option<String>,
    },
    /// The server said no, and what to do now.
    #[error("the server refused: {}", .0.code)]
    Refused(Refusal),
    /// The server had a fault; support finds it by the number.
    #[error("the server had a fault, incident {number}")]
    Incident {
        /// The incident number.
        number: String,
    },
    /// No answer came from the server. What the card did stays done; the next insertion goes on from there.
    #[error("no answer from the server")]
    Server(#[from] ServerProblem),
    /// No key for the act could be made on this machine.
    #[error("no key for the act could be made")]
    NoActKey,
}

/// Why a step was not carried out, with what the card did.
pub(crate) struct Stop {
    pub(crate) reason: StopReason,
    pub(crate) cause: Option<CardError>,
}

impl From<StopReason> for Stop {
    fn from(reason: StopReason) -> Self {
        Self {
            reason,
            cause: None,
        }
    }
}

impl From<CardError> for Stop {
    fn from(cause: CardError) -> Self {
        let reason = match &cause {
            CardError::Transport(TransportError::NoCard | TransportError::NoReader) => {
                StopReason::NoCard
            }
            CardError::Transport(TransportError::CardRemoved) => StopReason::CardRemoved,
            CardError::Transport(TransportError::Reader(_))
            | CardError::NotPiv
            | CardError::Status { .. }
            | CardError::Malformed(_)
            | CardError::Object(_)
            | CardError::NotKept => StopReason::CardFault,
        };
        Self {
            reason,
            cause: Some(cause),
        }
    }
}
